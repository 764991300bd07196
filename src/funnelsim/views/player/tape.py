"""One replication as a tape: what every lead did, in columns of small whole numbers, compressed.

Times are whole minutes from the start, rounded up, so that at any whole minute the tape says what the records say.
A lead is at each minute in one place (outside the line, or in a stage, where it waits for a rep, is in work, or is
with the buyer) and its fate is open, won or lost; `code_of` makes one number of both. What a lead did within one
minute is one change.

Each column is a row of numbers written in as few bytes as they need (seven bits a byte, the last byte below 128);
all columns, one after the other, are one piece of zlib in base64. The head of the tape says how long each is.
"""

from __future__ import annotations

import base64
import zlib
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from funnelsim.errors import FunnelsimError
from funnelsim.model.model import Model
from funnelsim.model.records import (
    COMPLETED,
    CREATED,
    ENTERED,
    FINISHED,
    LEFT,
    QUEUED,
    STARTED,
    WON,
    Events,
    Ints,
    Records,
)
from funnelsim.scenario.forms.quantities import MICROSECONDS

MINUTE, DAY = MICROSECONDS["min"], MICROSECONDS["d"]
MINUTES_OF_DAY = DAY // MINUTE

MOST = 100_000
"""Leads of a tape; of more a sample is taken."""

BUYER, WAITING, WORKING = range(3)
"""States of a lead in a stage."""

OPEN, SUCCESS, FAILURE = range(3)
"""Fates of a lead."""

NOWHERE = -1
"""The stage of a lead outside the line."""


@dataclass(frozen=True)
class Tape:
    """What a page needs of one replication.

    Parameters
    ----------
    columns : tuple of (str, int)
        Names of the columns, in order, and how many numbers each has.
    data : str
        All of them: base64 of zlib.
    leads, shown, step : int
        Leads of the replication; those that the tape has; and of how many leads it has one.
    """

    columns: tuple[tuple[str, int], ...]
    data: str
    leads: int
    shown: int
    step: int


def code_of(stage: int, state: int, fate: int) -> int:
    """One number for where a lead is and what has become of it."""
    place = 0 if stage == NOWHERE else 1 + stage * 3 + state
    return place * 3 + fate


def step_of(leads: int) -> int:
    """Of how many leads a tape has one, so that it has at most `MOST`."""
    return max(1, -(-leads // MOST))


def tape(records: Records, model: Model, team: int, step: int | None = None) -> Tape:
    """The tape of one replication.

    Parameters
    ----------
    records : Records
        With events.
    model : Model
        What was run.
    team : int
        The team whose queue is shown day by day.
    step : int, optional
        Of so many leads in order of creation the first is on the tape; by default of as many as `MOST` asks for.

    Raises
    ------
    FunnelsimError
        If the events were not kept.
    """
    events = records.events
    if events is None:
        raise FunnelsimError("the event log was not kept; run with events=True", code="E-records-events")
    leads = len(records.leads.created)
    step = step_of(leads) if step is None else step
    story = _Story(records, step)
    story.read(events, -(-model.horizon // MINUTE))
    columns: dict[str, Ints] = {**story.columns(), **_people(records), **_hours(model)}
    columns |= days(records, model, team)
    written = b"".join(_varints(values) for values in columns.values())
    sizes = tuple((name, len(values)) for name, values in columns.items())
    data = base64.b64encode(zlib.compress(written, 9)).decode("ascii")
    return Tape(sizes, data, leads, len(story.changes), step)


def minutes(times: Ints) -> Ints:
    """Microseconds as whole minutes, rounded up."""
    return -(-times // MINUTE)


def _varints(values: Ints) -> bytes:
    """Numbers from 0 on, seven bits a byte, the lowest first; a byte of 128 and more is followed by another."""
    rest = values.astype(np.uint64)
    rows = np.empty((len(rest), 10), dtype=np.uint8)
    there = np.zeros((len(rest), 10), dtype=bool)
    for place in range(10):
        there[:, place] = rest > 0 if place else True
        rows[:, place] = rest & np.uint64(127)
        rest = rest >> np.uint64(7)
    more = np.zeros_like(there)
    more[:, :-1] = there[:, 1:]
    rows |= more.astype(np.uint8) << np.uint8(7)
    return rows[there].tobytes()


def _gaps(values: Ints) -> Ints:
    """Each number less the one before."""
    return np.diff(values, prepend=0)


# --- leads ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Change:
    """Where a lead is from a minute on, and who has it in hand."""

    minute: int
    stage: int
    state: int
    fate: int
    rep: int


@dataclass
class _Story:
    """Reads the event log: the changes of the leads on the tape, and work of reps on anything else."""

    records: Records
    step: int
    changes: dict[int, list[_Change]] = field(default_factory=dict)
    also: list[tuple[int, int, int]] = field(default_factory=list)  # begin, end and rep of other work
    _begun: dict[tuple[int, int], int] = field(
        default_factory=dict
    )  # work that outlasts the visit, by lead and rep

    def read(self, events: Events, end: int) -> None:
        """Read the whole log; ``end`` is the last minute."""
        before = self._won_before(events)
        kept = events.lead % self.step == 0
        columns = (minutes(events.time), events.lead, events.stage, events.kind, events.rep, events.outcome)
        for minute, lead, stage, kind, rep, outcome in zip(
            *(each[kept].tolist() for each in columns), strict=True
        ):
            if kind == CREATED:
                fate = SUCCESS if lead in before else OPEN
                self.changes[lead] = [_Change(minute, NOWHERE, BUYER, fate, -1)]
            else:
                self._change(minute, lead, stage, kind, rep, outcome)
        self.also += [(begun, end, rep) for (_, rep), begun in self._begun.items()]
        if self.step == 1:
            self._tasks(end)

    def _won_before(self, events: Events) -> set[int]:
        """Leads of the start that had been won by then."""
        finished = events.lead[events.kind == FINISHED]
        return set(np.setdiff1d(np.flatnonzero(self.records.leads.outcome == WON), finished).tolist())

    def _change(self, minute: int, lead: int, stage: int, kind: int, rep: int, outcome: int) -> None:
        last = self.changes[lead][-1]
        working = last.state == WORKING and last.stage == stage
        if kind == ENTERED:
            self._put(lead, _Change(minute, stage, BUYER, last.fate, -1))
        elif kind == QUEUED:
            self._put(lead, _Change(minute, stage, WAITING, last.fate, -1))
        elif kind == STARTED:
            self._put(lead, _Change(minute, stage, WORKING, last.fate, rep))
        elif kind == COMPLETED and (lead, rep) in self._begun:
            self.also.append((self._begun.pop((lead, rep)), minute, rep))
        elif kind == COMPLETED:
            self._put(lead, _Change(minute, stage, BUYER, last.fate, -1))
        elif kind == LEFT:
            if working:  # who has it in hand finishes, without effect on the lead
                self._begun[lead, last.rep] = minute
            self._put(lead, _Change(minute, NOWHERE, BUYER, last.fate, -1))
        elif kind == FINISHED:
            fate = SUCCESS if outcome == WON else FAILURE
            self._put(lead, _Change(minute, last.stage, last.state, fate, last.rep))

    def _put(self, lead: int, change: _Change) -> None:
        """Add a change, or put it in the place of one of the same minute."""
        changes = self.changes[lead]
        if changes[-1].minute == change.minute:
            changes[-1] = change
        else:
            changes.append(change)

    def _tasks(self, end: int) -> None:
        """Work for customers, whose times are in a table of their own."""
        tasks = self.records.tasks
        if tasks is None:
            return
        done = tasks.started >= 0
        begun = minutes(tasks.started[done])
        ended = np.where(tasks.ended[done] >= 0, minutes(tasks.ended[done]), end)
        self.also += zip(begun.tolist(), ended.tolist(), tasks.rep[done].tolist(), strict=True)

    def columns(self) -> dict[str, Ints]:
        """The changes of all leads, and other work of reps."""
        made: dict[str, list[int]] = defaultdict(list)
        first = 0
        for changes in self.changes.values():
            made["changes"].append(len(changes))
            before = first
            first = changes[0].minute
            for each in changes:
                made["gap"].append(each.minute - before)
                made["code"].append(code_of(each.stage, each.state, each.fate))
                if each.state == WORKING:
                    made["rep"].append(each.rep)
                before = each.minute
        also = np.array(sorted(each for each in self.also if each[0] < each[1] and each[2] >= 0), np.int64)
        begun, ended, rep = also.reshape(-1, 3).T
        found = {name: np.array(made[name], np.int64) for name in ("changes", "gap", "code", "rep")}
        return found | {"also_gap": _gaps(begun), "also_length": ended - begun, "also_rep": rep}


# --- people, opening hours, days --------------------------------------------------------------------------------


def _people(records: Records) -> dict[str, Ints]:
    """Who is there from when to when; 0 is for those who stay."""
    reps = records.reps
    ends = np.where(reps.end >= 0, minutes(reps.end) + 1, 0)
    return {"rep_team": reps.team, "rep_start": minutes(np.maximum(reps.start, 0)), "rep_end": ends}


def _hours(model: Model) -> dict[str, Ints]:
    """The opening hours of each team, in pairs: minutes since the last closing, and minutes open."""
    made: dict[str, Ints] = {}
    ends = [*(start for start, _ in model.periods[1:]), model.horizon]
    for team in range(len(model.team_names)):
        spans: list[tuple[int, int]] = []
        for (start, tables), end in zip(model.periods, ends, strict=True):
            row, calendars = int(tables.teams.calendar[team]), tables.calendars
            rows = slice(int(calendars.offset[row]), int(calendars.offset[row + 1]))
            opens = minutes(np.maximum(calendars.opens[rows], start))
            closes = minutes(np.minimum(calendars.closes[rows], end))
            for begin, stop in zip(opens.tolist(), closes.tolist(), strict=True):
                if begin >= stop:
                    continue
                if spans and spans[-1][1] == begin:
                    begin = spans.pop()[0]
                spans.append((begin, stop))
        made[f"open_{team}"] = _gaps(np.array(spans, np.int64).reshape(-1))
    return made


def midnights(model: Model) -> Ints:
    """The ends of days in microseconds, the last at the horizon."""
    return np.minimum(np.arange(1, -(-model.horizon // DAY) + 1) * DAY, model.horizon)


def sums_by(records: Records, model: Model, ends: Ints) -> dict[str, NDArray[np.int64]]:
    """Leads up to each of some moments: created, won and lost in all, and won where the time counts."""
    leads = records.leads
    won = leads.outcome == WON
    if records.events is not None:
        finished = records.events.kind == FINISHED
        won &= np.isin(np.arange(len(won)), records.events.lead[finished])
    lost = (leads.outcome >= 0) & (leads.outcome != WON)

    def upto(times: Ints) -> NDArray[np.int64]:
        return np.searchsorted(np.sort(times), ends, side="right").astype(np.int64)

    before = int(((leads.outcome == WON) & ~won).sum())
    created = upto(np.maximum(leads.created, 0))
    counted = won & (leads.ended >= model.warmup)
    found = {"created": created - before, "won": upto(leads.ended[won]), "lost": upto(leads.ended[lost])}
    return found | {"counted": upto(leads.ended[counted]), "open": created - before - found["won"] - found["lost"]}


def waiting_by(records: Records, model: Model, ends: Ints) -> Ints:
    """Leads that wait for a rep at each of some moments that bins of the series end at."""
    bins: Ints = records.series.queue_last.sum(axis=1)[_bins(model, ends)]
    return bins


def _bins(model: Model, ends: Ints) -> Ints:
    return np.minimum(np.searchsorted(model.edges[1:], ends), len(model.edges) - 2)


def days(records: Records, model: Model, team: int) -> dict[str, Ints]:
    """Day by day what the whole replication says: leads, the queue of a team, and how busy all teams were."""
    ends = midnights(model)
    series, bins = records.series, _bins(model, ends)
    by_day = sums_by(records, model, ends)
    found: dict[str, Ints] = {f"day_{name}": _gaps(by_day[name]) for name in ("created", "won", "lost", "counted")}
    found["day_waiting"] = waiting_by(records, model, ends)
    found["day_queue"] = series.team_queue_last[bins, team] if team >= 0 else np.zeros(len(ends), np.int64)
    first = np.concatenate([[0], bins[:-1] + 1])
    for each in range(len(model.team_names)):
        busy = np.add.reduceat(series.team_busy[:, each], first)
        hours = np.add.reduceat(series.team_open[:, each], first)
        found[f"busy_{each}"] = np.where(hours > 0, 1 + (100 * busy) // np.maximum(hours, 1), 0)
    return found
