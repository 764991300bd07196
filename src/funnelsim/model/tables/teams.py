"""The tables of teams and of the seats in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from funnelsim.scenario.forms.names import EVEN
from funnelsim.scenario.forms.quantities import MICROSECONDS, Steps
from funnelsim.scenario.language.types import ScenarioSpec, Team

from ..numbers.arithmetic import exp, log
from ..numbers.columns import NO_LIMIT
from ..numbers.draws import name_hash32
from .builder import Dists, Selectors, cents, ints, shares
from .evenly import ties
from .tables import BY_WEIGHT, ROUTINGS, RULES, SeatTable, TeamTable

DAY = MICROSECONDS["d"]
PERIOD_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def headcount_steps(headcount: Steps[int], start: dt.date) -> list[tuple[int, int]]:
    """From when (microseconds) how many people are at the desk; the first step holds from the start."""
    steps = [(0 if date is None else (date - start).days * DAY, count) for date, count in headcount.steps]
    begun = [count for time, count in steps if time <= 0] or [0]
    return [(0, begun[-1]), *((time, count) for time, count in steps if time > 0)]


def most_seats(team: Team) -> int:
    """The most people a team ever has."""
    return max(count for _, count in team.headcount.steps)


def seat_weights(team: Team, seats: int) -> list[int]:
    """The turns of each seat in a round robin; a seat without a weight has one."""
    return [*team.routing.weights, *[1] * seats][:seats]


def team_table(
    spec: ScenarioSpec,
    dists: Dists,
    selectors: Selectors,
    calendar: list[int],
    always: int,
    most: dict[str, int],
) -> TeamTable:
    """All teams; ``calendar`` is the row of each, ``always`` one that never closes, ``most`` the seats of each."""
    teams = list(spec.teams.values())
    names = list(spec.teams)
    steps = [headcount_steps(team.headcount, spec.start) for team in teams]
    floats = {
        "share": [team.selling_share for team in teams],
        "rule_upto": [upto for team in teams for upto in shares(team.queue.rule)],
        "switching": [team.switching for team in teams],
        "ramp_start": [team.ramp.start for team in teams],
        "ramp_level": [level for team in teams for level in team.ramp.months],
        "attrition": [team.attrition / MICROSECONDS["y"] for team in teams],
        "absence_days": [team.absence.days for team in teams],
    }
    whole = {
        "entity": [name_hash32(team.key or name) for name, team in spec.teams.items()],
        "calendar": calendar,
        "wip_limit": [team.wip_limit or NO_LIMIT for team in teams],
        "rule_offset": np.cumsum([0, *(len(team.queue.rule) for team in teams)]),
        "rule": [RULES.index(rule) for team in teams for rule, _ in team.queue.rule],
        "first": [selectors.row(team.queue.first) for team in teams],
        "last": [selectors.row(team.queue.last) for team in teams],
        "ignore": [selectors.row(team.queue.ignore) for team in teams],
        "joint_first": [team.queue.joint == "first" for team in teams],
        "routing": [
            BY_WEIGHT if len(set(seat_weights(team, most[name]))) > 1 else ROUTINGS.index(team.routing.rule)
            for name, team in spec.teams.items()
        ],
        "on_arrival": [team.assign == "on_arrival" for team in teams],
        "switching_from": [team.switching_from for team in teams],
        "ramp_time": [team.ramp.time.microseconds for team in teams],
        "ramp_offset": np.cumsum([0, *(len(team.ramp.months) for team in teams)]),
        "at_work": [always if team.at_closing == "finish" else -1 for team in teams],
        "tenure": [-1 if team.tenure is None else team.tenure.microseconds for team in teams],
        "fill": [dists.delay(team.hiring.time_to_fill) for team in teams],
        "staffed_from": [-1 if t.staffed_from is None else names.index(t.staffed_from) for t in teams],
        "absence_routed": [team.absence.routed for team in teams],
        "absence_release": [dists.duration(team.absence.release) for team in teams],
        "quota": [0 if team.quota is None else cents(team.quota.amount) for team in teams],
        "quota_months": [0 if t.quota is None else PERIOD_MONTHS[t.quota.period] for t in teams],
        "step_offset": np.cumsum([0, *map(len, steps)]),
        "step_time": [time for row in steps for time, _ in row],
        "step_count": [count for row in steps for _, count in row],
        "seat_offset": np.cumsum([0, *(most[name] for name in names)]),
    }
    return TeamTable(
        **{name: np.array(column, dtype=np.float64) for name, column in floats.items()},
        **{name: ints(column) for name, column in whole.items()},
    )


def _tied(spec: ScenarioSpec, team: Team, seats: int, territories: Sequence[str]) -> list[int]:
    """The territories of the first seats, which take no other leads; -1 for those that take all."""
    if team.serves == EVEN:
        heads = [[number] for _, number in headcount_steps(team.headcount, spec.start)]
        (each,) = ties(heads, [seats], spec.territories)
        return [-1 if name is None else territories.index(name) for name in each]
    return [territories.index(name) for name, count in team.serves for _ in range(count)]


def seat_table(spec: ScenarioSpec, most: dict[str, int], territories: Sequence[str]) -> SeatTable:
    """All seats that teams ever have; ``territories`` are those of all periods.

    Those of teams that share a pool of people are numbered through, in file order, as many as a team has in
    this period. So a team split in two keeps its people.
    """
    rows = []
    used: dict[str, int] = {}
    for name, team in spec.teams.items():
        pool = team.people or team.key or name
        serves = _tied(spec, team, most[name], territories)
        variation = team.speed.sd / team.speed.mean
        spread = log(1.0 + variation * variation)
        weights = seat_weights(team, most[name])
        for seat in range(most[name]):
            known_skill = seat < len(team.skill.seats)
            known_speed = seat < len(team.speed.seats)
            rows.append((
                name_hash32(pool),
                used.get(pool, 0) + seat,
                serves[seat] if seat < len(serves) else -1,
                weights[seat],
                team.skill.seats[seat] if known_skill else team.skill.mean,
                0.0 if known_skill else team.skill.sd,
                -np.inf if team.skill.floor is None else team.skill.floor,
                team.speed.seats[seat] if known_speed else team.speed.mean * exp(-spread / 2.0),
                0.0 if known_speed else float(np.sqrt(spread)),
            ))  # fmt: skip
        used[pool] = used.get(pool, 0) + most_seats(team)
    columns = list(zip(*rows, strict=True)) or [()] * 9
    return SeatTable(*(ints(column) for column in columns[:4]), *(np.array(c, dtype=float) for c in columns[4:]))
