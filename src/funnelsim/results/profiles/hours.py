"""How busy teams are by hour of day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from funnelsim.errors import FunnelsimError
from funnelsim.model.model import Model
from funnelsim.model.records import COMPLETED, STARTED, Events, Ints, Records
from funnelsim.model.tables.tables import Tables
from funnelsim.scenario.forms.quantities import HOUR

from .spread import Row, Spread, spread

HOURS = 24


class Hours(NamedTuple):
    """Figures by hour of day.

    Parameters
    ----------
    names : tuple of str
        Labels of teams.
    spread : Spread
        Shape (24, teams); nan where a team is never open in an hour.
    """

    names: tuple[str, ...]
    spread: Spread


class _Work(NamedTuple):
    """Pieces of work of one replication: for which team, and from when to when."""

    team: Ints
    start: Ints
    end: Ints


def utilisation(records: Sequence[Records], model: Model) -> Hours:
    """The share of their open time that teams were busy with leads and customers, by hour of day.

    The busy and the open time of each day are those of the series. Over the hours of the day busy time is laid as
    the work in the event log and the tasks for customers lie (work in a stage with a second team is work of both),
    and open time as the hours of the team lie.

    Raises
    ------
    FunnelsimError
        If the event logs were not kept.
    """
    return Hours(model.team_labels, spread([_by_hour(each, model) for each in records]))


def _by_hour(records: Records, model: Model) -> Row:
    work, series = _work(records, model), records.series
    counted = model.edges[:-1] >= model.warmup
    busy, there = np.zeros((2, HOURS, len(model.team_names)))
    for team in range(len(model.team_names)):
        own = work.team == team
        worked, opened = _cells(model, team, _Work(*(column[own] for column in work)))
        shape = np.where(worked.any(axis=1, keepdims=True), worked, opened)
        busy[:, team] = (_parts(shape) * series.team_busy[:, team, None])[counted].sum(axis=0)
        there[:, team] = (_parts(opened) * series.team_open[:, team, None])[counted].sum(axis=0)
    found: Row = np.divide(busy, there, out=np.full(busy.shape, np.nan), where=there > 0)
    return found


def _parts(shape: Ints) -> Row:
    """Each row as parts of its sum."""
    whole = shape.sum(axis=1, keepdims=True)
    parts: Row = np.divide(shape, whole, out=np.zeros(shape.shape), where=whole > 0)
    return parts


# --- work -------------------------------------------------------------------------------------------------------


def _work(records: Records, model: Model) -> _Work:
    """Touches of leads and tasks for customers; those of two teams once for each."""
    if records.events is None:
        raise FunnelsimError("the event log was not kept; run with events=True", code="E-records-events")
    parts = list(_touches(records.events, records, model))
    tasks = records.tasks
    if tasks is not None:
        done = tasks.started >= 0
        end = np.where(tasks.ended[done] >= 0, tasks.ended[done], model.horizon)
        parts.append(_Work(records.reps.team[tasks.rep[done]], tasks.started[done], end))
    return _Work(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _touches(events: Events, records: Records, model: Model) -> Iterator[_Work]:
    """Each touch begins with a row of the log and ends with the next one of the same lead and rep."""
    rows = np.flatnonzero(((events.kind == STARTED) | (events.kind == COMPLETED)) & (events.rep >= 0))
    rows = rows[np.lexsort((rows, events.rep[rows], events.lead[rows]))]
    begins = np.flatnonzero(events.kind[rows] == STARTED)
    after = np.append(rows[1:], rows[-1:])[begins]
    start = rows[begins]
    same = (events.kind[after] == COMPLETED) & (events.lead[after] == events.lead[start])
    same &= events.rep[after] == events.rep[start]
    end = np.where(same, events.time[after], model.horizon)
    yield _Work(records.reps.team[events.rep[start]], events.time[start], end)
    for stage, teams in enumerate(_joined(model)):
        here = events.stage[start] == stage
        for team in sorted(teams):
            yield _Work(np.full(int(here.sum()), team, np.int64), events.time[start][here], end[here])


def _joined(model: Model) -> list[set[int]]:
    """The second teams of each stage, at any time and for any kind of lead."""
    stages = len(model.stage_names)
    columns = [tables.stages.joint_team.reshape(stages, -1) for _, tables in model.periods]
    return [{int(team) for column in columns for team in column[stage] if team >= 0} for stage in range(stages)]


# --- hours ------------------------------------------------------------------------------------------------------


def _cells(model: Model, team: int, work: _Work) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of some work and of a team's hours, how much lies in each bin of the series and hour of day."""
    opens, closes = _open(model, team, at_work=False)
    begins, ends = _open(model, team, at_work=True)
    hours = np.arange(0, model.horizon, HOUR, dtype=np.int64)
    grid = np.unique(np.concatenate([hours, model.edges, opens, closes, begins, ends]))
    width = np.diff(grid)
    busy = np.diff(_before(grid, work.start) - _before(grid, work.end)) * _within(grid, begins, ends)
    there = width * _within(grid, opens, closes)
    at = np.searchsorted(model.edges, grid[:-1], side="right") - 1, grid[:-1] // HOUR % HOURS
    found = np.zeros((2, len(model.edges) - 1, HOURS), dtype=np.int64)
    np.add.at(found[0], at, busy)
    np.add.at(found[1], at, there)
    return found[0], found[1]


def _before(grid: Ints, times: Ints) -> Ints:
    """At each moment of a grid the time since each of some earlier moments, summed."""
    times = np.sort(times)
    count = np.searchsorted(times, grid)
    sums: Ints = count * grid - np.concatenate([[0], np.cumsum(times)])[count]
    return sums


def _within(grid: Ints, opens: Ints, closes: Ints) -> Ints:
    """1 where a part of the grid lies in one of some spans, else 0; the grid has all their ends."""
    found: Ints = np.searchsorted(opens, grid[:-1], side="right") - np.searchsorted(
        closes, grid[:-1], side="right"
    )
    return found


def _open(model: Model, team: int, at_work: bool) -> tuple[Ints, Ints]:
    """When the hours of a team begin and end, or those in which work that has begun goes on."""
    stops = [*(start for start, _ in model.periods[1:]), model.horizon]
    spans = [_of_period(tables, team, at_work) for _, tables in model.periods]
    limits = [(start, until) for (start, _), until in zip(model.periods, stops, strict=True)]
    opens = [np.clip(begin, *limit) for (begin, _), limit in zip(spans, limits, strict=True)]
    closes = [np.clip(end, *limit) for (_, end), limit in zip(spans, limits, strict=True)]
    begin, end = np.concatenate(opens), np.concatenate(closes)
    return begin[begin < end], end[begin < end]


def _of_period(tables: Tables, team: int, at_work: bool) -> tuple[Ints, Ints]:
    row = int(tables.teams.at_work[team]) if at_work else -1
    row = int(tables.teams.calendar[team]) if row < 0 else row
    rows = slice(int(tables.calendars.offset[row]), int(tables.calendars.offset[row + 1]))
    return tables.calendars.opens[rows], tables.calendars.closes[rows]
