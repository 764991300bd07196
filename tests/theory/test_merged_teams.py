"""Six teams that become one: what pooling gives, and what it gives when the work gets slower by it."""

from __future__ import annotations

import numpy as np
import pytest

from . import checking as c
from . import formulas as f

TEAMS = 6
LOAD = 0.85
WARMUP = 200.0
MARGIN = 200.0


def company(hours: float, speed: float = 1.0, merged: bool = True, strange: float = 1.0) -> str:
    """Six desks with work of a mean of one hour, each with leads, a stage and a person of its own.

    ``strange`` is how fast people are at the work of the other five.
    """
    desks = range(TEAMS)

    def known(desk: int) -> str:
        others = ", ".join(f"stage_{at}: {strange}" for at in desks if at != desk)
        return f"{{mean: {speed}, at: {{{others}}}}}" if strange != 1.0 else f"{speed}"

    whole = f"  all: {{from: [{', '.join(f'desk_{at}' for at in desks)}]}}" if merged else ""
    return "\n".join(
        (
            f"funnelsim: 1\nhorizon: {hours:.0f} h\nwarmup: {WARMUP:.0f} h\nsources:",
            *(f"  source_{at}: {{rate: {LOAD} / h, to: stage_{at}}}" for at in desks),
            "defaults: {teams: {queue: fifo}}\nteams:",
            *(f"  desk_{at}: {{headcount: 1, speed: {known(at)}}}" for at in desks),
            whole,
            "stages:",
            *(
                f"  stage_{at}: {{team: desk_{at}, effort: {{dist: exponential, mean: 1 h}}, next: end}}"
                for at in desks
            ),
        )
    )


def in_system(load: float, servers: int) -> float:
    """The mean time in an M/M/c at a load, in service times."""
    return f.mmc_fifo(load * servers, 1.0, servers).first + 1.0


def test_the_figures_of_the_page() -> None:
    """The time in the system in units of the service time before any slowing."""
    assert in_system(LOAD, 1) == pytest.approx(6.67, abs=0.005)
    assert in_system(LOAD, TEAMS) == pytest.approx(1.69, abs=0.005)
    slower = {by: by * in_system(LOAD * by, TEAMS) for by in (1.05, 1.10, 1.15)}
    assert slower == pytest.approx({1.05: 2.23, 1.10: 3.43, 1.15: 9.14}, abs=0.005)


@c.cases(
    "slower, merged, hours, replications",
    fast=[(1.0, True, 1500.0, 40), (1.05, True, 1500.0, 40)],
    slow=[
        (1.0, False, 12_000.0, 40),
        (1.0, True, 8000.0, 40),
        (1.05, True, 12_000.0, 40),
        (1.1, True, 20_000.0, 40),
        (1.15, True, 40_000.0, 80),
    ],
)  # fmt: skip
def test_time_in_system(slower: float, merged: bool, hours: float, replications: int) -> None:
    result = c.simulate(company(hours, 1.0 / slower, merged), replications)
    seen = c.cohort(result, "visits", WARMUP, hours - MARGIN)
    assert set(seen["team"]) == ({"all"} if merged else {f"desk_{at}" for at in range(TEAMS)})
    known = c.inputs(seen, hours - MARGIN - WARMUP, TEAMS * LOAD, [slower, 2.0 * slower**2])
    servers = TEAMS if merged else 1
    found = c.controlled(c.mean_of(seen, seen["left"] - seen["entered"]), known)
    c.check("time in system", found, slower * in_system(LOAD * slower, servers))


# --- work that is slower where it is not one's own ------------------------------------------------------------


def simulated(slower: float, leads: int, replications: int = 400) -> c.Floats:
    """The mean time in the system of a line with six servers, five sixths of whose work is slower: M/G/6.

    Who is free first takes the next lead; that it is of one's own kind has chance one sixth, whoever it is. A
    simulation of the recursion of Kiefer and Wolfowitz that shares nothing with the engines, one value a run.
    """
    random = np.random.default_rng(20_260_105)
    rows = np.arange(replications)
    free = np.zeros((replications, TEAMS))  # from when each server is free, seen from the arrival
    total, first = np.zeros(replications), leads // 10
    for lead in range(leads):
        free -= random.exponential(1.0 / (TEAMS * LOAD), replications)[:, None]
        own = random.random(replications) < 1.0 / TEAMS
        service = random.exponential(1.0, replications) * np.where(own, 1.0, slower)
        server = free.argmin(axis=1)
        leaves = np.maximum(free[rows, server], 0.0) + service
        free[rows, server] = leaves
        if lead >= first:
            total += leaves
    return total / (leads - first)


@c.cases(
    "slower, about, hours, leads",
    fast=[(1.05, 2.1, 1500.0, 10_000)],
    slow=[(1.05, 2.1, 8000.0, 40_000), (1.10, 2.9, 20_000.0, 60_000), (1.15, 4.9, 40_000.0, 120_000)],
)
def test_five_sixths_of_the_work_slower(slower: float, about: float, hours: float, leads: int) -> None:
    result = c.simulate(company(hours, strange=1.0 / slower))
    seen = c.cohort(result, "visits", WARMUP, hours - MARGIN)
    moments = (1.0 + (TEAMS - 1) * slower) / TEAMS, 2.0 * (1.0 + (TEAMS - 1) * slower**2) / TEAMS
    known = c.inputs(seen, hours - MARGIN - WARMUP, TEAMS * LOAD, moments)
    found, other = c.controlled(c.mean_of(seen, seen["left"] - seen["entered"]), known), simulated(slower, leads)
    error = float(np.hypot(c.standard_error(found), c.standard_error(other)))
    print(f"slower {slower}: {found.mean():.3f}, own simulation {other.mean():.3f}, error {error:.3f}")
    assert error < 0.03 * about
    assert abs(found.mean() - other.mean()) < 4.0 * error
    assert other.mean() == pytest.approx(about, abs=0.1)
