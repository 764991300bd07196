"""How many posts are planned and staffed over a run, where one may be part of a whole one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .model import Model, part_of_reps
from .numbers.columns import WHOLE
from .records import Ints, Records

Areas = NDArray[Any]
"""Whole microseconds times posts; where posts are parts of whole ones, fractions of them."""


def has_parts(model: Model) -> bool:
    """Whether some post is, at some time, part of a whole one."""
    return any((tables.parts.step_last != WHOLE).any() for _, tables in model.periods)


def planned(model: Model) -> Areas:
    """Areas of posts that are planned over elapsed time in each bin, by part of a team."""
    edges = model.edges
    areas = np.zeros((len(edges) - 1, len(model.tables.parts.team)), dtype=np.int64)
    for part, begin, until, count, last in plan_of_posts(model):
        low, high = np.maximum(edges[:-1], begin), np.minimum(edges[1:], until)
        areas[:, part] += (count * WHOLE - (WHOLE - last if count else 0)) * np.maximum(high - low, 0)
    return areas / WHOLE


def plan_of_posts(model: Model) -> Iterator[tuple[int, int, int, int, int]]:
    """What is planned: a part, from when, until when, how many posts, and the quarters of the last of them."""
    starts = [start for start, _ in model.periods]
    for (start, tables), end in zip(model.periods, [*starts[1:], model.horizon], strict=True):
        plan = tables.parts
        for part, (first, last) in enumerate(pairwise(plan.step_offset.tolist())):
            times = [*plan.step_time[first:last].tolist(), end]
            for step, (begin, until) in enumerate(pairwise(times), start=first):
                span = max(begin, start), min(until, end)
                if span[0] < span[1]:
                    yield (part, *span, int(plan.step_count[step]), int(plan.step_last[step]))


def staffed(records: Records, model: Model) -> Areas:
    """Areas of staffed posts over elapsed time in each bin, by part of a team."""
    parts, partly = len(model.tables.parts.team), has_parts(model)
    if parts == len(model.team_names) and not partly:
        return records.series.team_headcount  # each team is one part
    edges = model.edges
    last = len(edges) - 2
    areas = np.zeros((last + 2, parts), dtype=np.int64)
    times, part, by = _in_quarters(records, model) if partly else _in_seats(records, model)
    at = np.minimum(np.searchsorted(edges, times, side="right") - 1, last)
    # From then on there is so much more, or less: in this bin for its rest, and in each later one wholly.
    np.add.at(areas, (at, part), by * (edges[at + 1] - times))
    changes = np.zeros_like(areas)
    np.add.at(changes, (at + 1, part), by)
    areas[:-1] += np.cumsum(changes, axis=0)[:-1] * np.diff(edges)[:, None]
    return areas[:-1] / WHOLE if partly else areas[:-1]


def staffed_by_team(records: Records, model: Model) -> Areas:
    """The same by team."""
    return by_team(staffed(records, model), model) if has_parts(model) else records.series.team_headcount


def _in_seats(records: Records, model: Model) -> tuple[Ints, Ints, Ints]:
    """When seats are taken and given up: times, parts of teams, and how many more there are from then on."""
    reps, part = records.reps, part_of_reps(records.reps, model)
    until = np.where(reps.end < 0, model.horizon, reps.end)
    signs = np.ones(len(part), dtype=np.int64)
    return np.concatenate([reps.start, until]), np.concatenate([part, part]), np.concatenate([signs, -signs])


def _in_quarters(records: Records, model: Model) -> tuple[Ints, Ints, Ints]:
    """The same in quarters of a post, which change also while somebody has it."""
    reps, part = records.reps, part_of_reps(records.reps, model)
    seats = (model.tables.teams.seat_offset[reps.team] + reps.seat).tolist()
    turns = _turns(model)
    rows: list[tuple[int, int, int]] = []
    for rep, seat in enumerate(seats):
        start, until = int(reps.start[rep]), int(reps.end[rep])
        until = model.horizon if until < 0 else until
        there = 0
        for time, quarters in [(start, _at(turns[seat], start)), *turns[seat]]:
            if start <= time < until and quarters != there:
                rows.append((time, int(part[rep]), quarters - there))
                there = quarters
        rows.append((until, int(part[rep]), -there))
    found = np.array(rows, dtype=np.int64).reshape(len(rows), 3)
    return found[:, 0], found[:, 1], found[:, 2]


def _turns(model: Model) -> list[list[tuple[int, int]]]:
    """By seat, from when it is how many quarters of a post; one that is cut stays what it was."""
    offset = model.tables.parts.seat_offset
    turns: list[list[tuple[int, int]]] = [[] for _ in range(int(offset[-1]))]
    for part, begin, _, count, last in plan_of_posts(model):
        for number in range(count):
            turns[offset[part] + number].append((begin, last if number == count - 1 else WHOLE))
    return turns


def _at(turns: list[tuple[int, int]], time: int) -> int:
    """The quarters that a seat is at a time."""
    begun = [quarters for since, quarters in turns if since <= time]
    return begun[-1] if begun else WHOLE


def by_team(values: Areas, model: Model) -> Areas:
    """Sums by team of what is known [bins, parts]."""
    teams = len(model.team_names)
    if values.shape[1] == teams:
        return values
    sums = np.zeros((len(values), teams), dtype=values.dtype)
    np.add.at(sums.T, model.tables.parts.team, values.T)
    return sums
