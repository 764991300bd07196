"""Queues whose rates repeat every day, solved numerically as Markov chains.

A day is a list of `Slot`; inside a slot all rates are constant, so that matrix exponentials are exact. The
periodic steady state is the distribution at midnight that a whole day maps onto itself. `tail` says how
likely the largest state is, which must be next to nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm

Floats = NDArray[np.float64]


class Slot(NamedTuple):
    """A part of the day with constant rates."""

    hours: float
    arrivals: float  # an hour
    open: bool = True


class Desk(NamedTuple):
    """A pool of exponential servers; ``size`` is the largest number of leads that is followed."""

    service: float
    servers: int
    size: int


class HourlyQueue(NamedTuple):
    """A periodic steady state, by slot of the day."""

    wait: Floats  # mean wait of the leads that arrive in each slot, hours
    delayed: Floats  # share of them that has to wait
    queue: Floats  # mean number waiting over each slot
    busy: Floats  # mean number in service over each slot, the paused included
    tail: float  # probability of the largest state, at worst


def open_around_the_clock(desk: Desk, day: list[Slot]) -> HourlyQueue:
    """M_t/M/c under FIFO: a lead that finds n >= c waits for n - c + 1 departures at rate ``c * mu``."""
    generators = [_generator(desk, slot) for slot in day]
    n = np.arange(desk.size)
    figures = np.column_stack(
        [
            np.maximum(n - desk.servers + 1, 0) / (desk.servers * desk.service),
            n >= desk.servers,
            np.maximum(n - desk.servers, 0),
            np.minimum(n, desk.servers),
        ]
    )
    means, tail = _averages(day, generators, figures)
    return HourlyQueue(*means.T, tail)


class NightQueue(NamedTuple):
    """Long-run means per lead of a desk that is closed for a part of the day, hours."""

    wait: float  # for a rep
    paused: float  # in a rep's hands while closed
    tail: float


def closed_at_night(desk: Desk, arrivals: float, opening: float) -> NightQueue:
    """Poisson arrivals around the clock to M/M/c open ``opening`` hours of 24, work pausing over night.

    While closed, who was in service stays with the rep and nobody starts, so the number in service is frozen
    at its value at closing; at the opening idle reps take whoever waits. Means per lead by Little's law.
    """
    size, hours = desk.size, (opening, 24 - opening)
    n = np.arange(size)
    day = [Slot(hours[0], arrivals), Slot(hours[1], arrivals, open=False)]
    maps, areas = zip(*(_flow(_generator(desk, slot), slot.hours) for slot in day), strict=True)
    start = _fixed_point(maps[0] @ maps[1])
    closing = start @ maps[0]
    in_service = np.minimum(n, desk.servers)
    frozen = float(closing @ in_service)
    open_wait = float(start @ areas[0] @ np.maximum(n - desk.servers, 0))
    closed_number = float(closing @ areas[1] @ n)
    created = 24 * arrivals
    waiting = open_wait + closed_number - hours[1] * frozen
    return NightQueue(waiting / created, hours[1] * frozen / created, float(start[-1]))


def _generator(desk: Desk, slot: Slot) -> Floats:
    n = np.arange(desk.size)
    up = np.full(desk.size - 1, slot.arrivals)
    down = desk.service * np.minimum(n[1:], desk.servers) * slot.open
    rates = np.diag(up, 1) + np.diag(down, -1)
    return rates - np.diag(rates.sum(axis=1))


def _flow(generator: Floats, hours: float) -> tuple[Floats, Floats]:
    """The transition matrix over a slot, and the integral of the transition matrices up to its end."""
    size = len(generator)
    block = np.zeros((2 * size, 2 * size))  # Van Loan (1978): one exponential gives both
    block[:size, :size] = generator
    block[:size, size:] = np.eye(size)
    both = expm(block * hours)
    return both[:size, :size], both[:size, size:]


def _fixed_point(day: Floats) -> Floats:
    system = np.vstack([day.T - np.eye(len(day)), np.ones(len(day))])
    target = np.concatenate([np.zeros(len(day)), [1.0]])
    return np.linalg.lstsq(system, target, rcond=None)[0]


def _averages(day: list[Slot], generators: list[Floats], figures: Floats) -> tuple[Floats, float]:
    """Means of the ``figures`` [state, figure] over each slot, and the probability of the largest state."""
    flows = [_flow(g, slot.hours) for g, slot in zip(generators, day, strict=True)]
    whole = np.eye(len(figures))
    for transition, _ in flows:
        whole = whole @ transition
    state = _fixed_point(whole)
    rows, tail = [], 0.0
    for (transition, area), slot in zip(flows, day, strict=True):
        rows.append(state @ area @ figures / slot.hours)
        state = state @ transition
        tail = max(tail, float(state[-1]))
    return np.array(rows), tail
