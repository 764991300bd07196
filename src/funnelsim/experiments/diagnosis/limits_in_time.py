"""Which team was the limit when: the momentary bottleneck, from active periods.

Roser, Nakano and Tanaka (Proceedings of the Winter Simulation Conference 2002, 1079-1086) call a machine active
whenever it does not wait for others; at any moment the one that has been active longest without a break is the
bottleneck, and while the active periods of two bottlenecks overlap, the bottleneck shifts. Here a machine is a
team, and a team is active on a day on which leads and customers kept its reps busy nearly all the open time.
Contacts of outbound filler do not count: they are made when nothing waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnelsim.model.model import Model
from funnelsim.model.records import Records
from funnelsim.results.measures.indicators import DAY

ACTIVE = 0.95
"""Share of a day's open time that leads and customers must take for a team to be active; the rest is the gap
between the end of one piece of work and opening time."""

WEEK = 7
NOBODY = -1

Flags = NDArray[np.bool_]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Weeks:
    """The limit of each week of one replication.

    Parameters
    ----------
    limit : tuple of int
        By week the place of the team that was the momentary bottleneck on most of its days; -1 where none was.
    shifting : int
        Days on which the active periods of two successive bottlenecks overlapped.
    days : int
        All days counted.
    """

    limit: tuple[int, ...]
    shifting: int
    days: int


@dataclass(frozen=True)
class LimitShares:
    """Shares of weeks over all replications.

    Parameters
    ----------
    teams : dict
        By team the share of weeks in which it was the limit.
    nobody : float
        The share of weeks in which no team was: demand, or a rule, limited the line.
    shifting : float
        The share of days on which the limit was passing from one team to another.
    timeline : tuple
        The limit of each week of the first replication, for the picture; None where there was none.
    """

    teams: dict[str, float]
    nobody: float
    shifting: float
    timeline: tuple[str | None, ...]


def weeks(records: Records, model: Model) -> Weeks:
    """The momentary bottleneck week by week after the warm-up."""
    first = int(np.searchsorted(model.edges, model.warmup))
    series = records.series
    open_, busy = series.team_open[first:], series.team_busy[first:]
    width = np.diff(model.edges[first:])
    whole = width == DAY  # the last bin may be a part of a day
    limit, shifting = momentary(active(busy[whole], open_[whole]))
    return Weeks(tuple(_by_week(limit)), int(shifting.sum()), len(limit))


def active(busy: NDArray[np.int64], open_: NDArray[np.int64]) -> Flags:
    """Whether each team (columns) was active on each day (rows); a closed day is like the day before."""
    days, teams = open_.shape
    found = np.zeros((days, teams), dtype=bool)
    before = np.zeros(teams, dtype=bool)
    for day in range(days):
        there = open_[day] > 0
        before = np.where(there, busy[day] >= ACTIVE * open_[day], before)
        found[day] = before
    return found


def momentary(found: Flags) -> tuple[Places, Flags]:
    """The team with the longest active period on each day, and whether the limit was shifting then.

    Parameters
    ----------
    found : array of bool
        Days by teams.

    Returns
    -------
    tuple of array
        The place of the team, -1 where none was active, of equals the first named; and by day whether the
        periods of two successive bottlenecks overlapped.
    """
    lengths, begins, ends = _periods(found)
    limit = np.where(found.any(axis=1), lengths.argmax(axis=1), NOBODY)
    shifting = np.zeros(len(limit), dtype=bool)
    for day in range(1, len(limit)):
        before, now = limit[day - 1], limit[day]
        if before not in (NOBODY, now) and now != NOBODY:
            shifting[begins[day, now] : ends[day - 1, before]] = True
    return limit, shifting


def _periods(found: Flags) -> tuple[Places, Places, Places]:
    """By day and team the length, beginning and end of the active period it lies in; zeros outside of periods."""
    lengths, begins, ends = (np.zeros(found.shape, dtype=np.int64) for _ in range(3))
    for team in range(found.shape[1]):
        steps = np.diff(np.concatenate(([0], found[:, team].astype(np.int64), [0])))
        for begin, end in zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True):
            lengths[begin:end, team] = end - begin
            begins[begin:end, team], ends[begin:end, team] = begin, end
    return lengths, begins, ends


def _by_week(limit: Places) -> list[int]:
    """The limit on most days of each whole week; of equals the first named team."""
    count = len(limit) // WEEK
    found = []
    for week in limit[: count * WEEK].reshape(count, WEEK):
        places, days = np.unique(week, return_counts=True)
        most = places[days == days.max()]
        teams = most[most != NOBODY]
        found.append(int(teams[0]) if len(teams) else NOBODY)
    return found


def shares(found: Sequence[Weeks], model: Model) -> LimitShares:
    """Shares over replications."""
    every = [place for each in found for place in each.limit]
    days = sum(each.days for each in found)
    counted = max(1, len(every))
    names = model.team_names
    return LimitShares(
        {name: every.count(place) / counted for place, name in enumerate(names)},
        every.count(NOBODY) / counted if every else 1.0,
        sum(each.shifting for each in found) / days if days else 0.0,
        tuple(None if place == NOBODY else names[place] for place in (found[0].limit if found else ())),
    )
