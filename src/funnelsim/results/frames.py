"""Records as pandas tables: names for indices, hours for microseconds, money for hundredths.

Times are hours from the scenario's start, or dates on request; what does not exist is empty. All replications
stand in one table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from funnelsim.errors import FunnelsimError
from funnelsim.model import posts
from funnelsim.model.model import Model, part_of_reps
from funnelsim.model.records import EVENT_KINDS, MOVE_KINDS, ORIGINS, Customers, Ints, Moves, Records, Tasks, table
from funnelsim.model.tables.builder import WORK_ITEMS
from funnelsim.scenario.forms.quantities import HOUR

from .labels import customer_labels, lead_labels, rep_labels

if TYPE_CHECKING:
    import pandas as pd

Columns = dict[str, Any]


def frame(name: str, records: Sequence[Records], model: Model, dates: bool = False) -> pd.DataFrame:
    """The table ``name`` of all replications.

    Parameters
    ----------
    name : str
        ``visits``, ``leads``, ``reps``, ``customers``, ``moves``, ``tasks``, ``series``, ``waits`` or ``events``.
    records : sequence of Records
        One per replication.
    model : Model
        What was run.
    dates : bool
        Points in time as dates (local, without zone) instead of hours from the start.

    Raises
    ------
    FunnelsimError
        For another name, or for events that were not kept.
    """
    import pandas as pd

    tables: dict[str, Callable[[Records, Model, _Clock], Columns]] = {
        "visits": _visits,
        "leads": _leads,
        "reps": _reps,
        "customers": _customers,
        "moves": _moves,
        "tasks": _tasks,
        "series": _series,
        "waits": _waits,
        "events": _events,
    }
    if name not in tables:
        raise FunnelsimError(
            f"there are no records {name!r}; there are {', '.join(tables)}", code="E-name-unknown"
        )
    clock = _Clock(model.start if dates else None)
    parts = []
    for each in records:
        part = pd.DataFrame(tables[name](each, model, clock))
        part.insert(0, "replication", each.replication)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


class _Clock:
    """Points in time as hours, or as dates from ``start`` on."""

    def __init__(self, start: dt.date | None) -> None:
        self.start = None if start is None else np.datetime64(start, "us")

    def points(self, times: Ints, exists: NDArray[np.bool_] | None = None) -> NDArray[Any]:
        """Points in time; those that do not exist (below 0 by default) are empty."""
        there = times >= 0 if exists is None else exists
        if self.start is None:
            return np.where(there, times / HOUR, np.nan)
        return np.where(there, self.start + times.astype("timedelta64[us]"), np.datetime64("NaT"))


def _names(codes: Ints, names: Sequence[str]) -> NDArray[Any]:
    """Names by code; None for -1."""
    lookup = np.array([*names, None], dtype=object)
    return lookup[codes]


def _money(hundredths: Ints) -> NDArray[np.float64]:
    return hundredths / 100


def _hours(columns: Any, names: Iterable[str]) -> Columns:
    return {name: getattr(columns, name) / HOUR for name in names}


def _visits(records: Records, model: Model, clock: _Clock) -> Columns:
    visits = records.visits
    return {
        "lead": _names(visits.lead, lead_labels(records, model)),
        "stage": _names(visits.stage, model.stage_names),
        "visit": visits.visit,
        "team": _names(visits.team, model.team_names),
        "rep": _names(visits.rep, rep_labels(records.reps, model)),
        # Leads in the line at the start entered before time 0.
        "entered": clock.points(visits.entered, np.ones_like(visits.entered, dtype=bool)),
        "first_touch": clock.points(visits.first_touch),
        "left": clock.points(visits.left, visits.outcome >= 0),
        **_hours(visits, ("wait", "busy", "work", "paused", "buyer", "handoff", "held")),
        "outcome": _names(visits.outcome, model.outcome_names),
        "giver": _names(visits.giver, model.team_names),
        **_hours(visits, ("give_wait", "give_busy")),
        "context": visits.context,
    }


def _leads(records: Records, model: Model, clock: _Clock) -> Columns:
    leads = records.leads
    labels = lead_labels(records, model)
    return {
        "lead": np.array(labels, dtype=object),
        "source": _names(leads.source, model.source_names),
        "origin": _names(leads.origin, ORIGINS),
        "parent": _names(leads.parent, labels),
        "segment": _names(leads.segment, model.segment_names),
        "territory": _names(leads.territory, model.territory_names),
        "created": clock.points(leads.created, np.ones_like(leads.created, dtype=bool)),
        "ended": clock.points(leads.ended),
        "outcome": _names(leads.outcome, model.outcome_names),
        "value": _money(leads.value),
        "booked": _money(leads.booked),
        "quality": leads.quality,
        "score": leads.score,
        "first_touch": clock.points(leads.first_touch),
        "faces": leads.faces,
        "customer": _names(leads.customer, customer_labels(records, model)),
    }


def _reps(records: Records, model: Model, clock: _Clock) -> Columns:
    reps = records.reps
    return {
        "team": _names(reps.team, model.team_names),
        "seat": reps.seat + 1,
        "occupant": reps.occupant + 1,
        "start": clock.points(reps.start),
        "end": clock.points(reps.end),
        **_hours(reps, ("open", "busy", "filler")),
        "skill": reps.skill,
        "speed": reps.speed,
        "rep": np.array(rep_labels(reps, model), dtype=object),
        "part": _names(part_of_reps(reps, model), model.part_names),
    }


def _customers(records: Records, model: Model, clock: _Clock) -> Columns:
    customers = records.customers or table(Customers, [])
    return {
        "customer": np.array(customer_labels(records, model), dtype=object),
        "lead": _names(customers.lead, lead_labels(records, model)),
        "segment": _names(customers.segment, model.segment_names),
        "territory": _names(customers.territory, model.territory_names),
        "since": clock.points(customers.since),
        "live": clock.points(customers.live),
        "ended": clock.points(customers.ended),
        "first_arr": _money(customers.first_arr),
        "arr": _money(customers.arr),
        "health": customers.health,
        "promised": customers.promised == 1,
        "discounted": customers.discounted == 1,
        "rep": _names(customers.rep, rep_labels(records.reps, model)),
        **{name: getattr(customers, name) for name in _COUNTS},
        "paid": clock.points(customers.paid),
    }


_COUNTS = (
    "faces", "care_on_time", "care_late", "care_missed", "complaints_well", "complaints_badly", "rep_changes",
    "ignored_leads",
)  # fmt: skip


def _moves(records: Records, model: Model, clock: _Clock) -> Columns:
    moves = records.moves or table(Moves, [])
    return {
        "time": clock.points(moves.time),
        "customer": _names(moves.customer, customer_labels(records, model)),
        "kind": _names(moves.kind, MOVE_KINDS),
        "amount": _money(moves.amount),
    }


def _tasks(records: Records, model: Model, clock: _Clock) -> Columns:
    tasks = records.tasks or table(Tasks, [])
    return {
        "customer": _names(tasks.customer, customer_labels(records, model)),
        "kind": _names(tasks.kind, WORK_ITEMS),
        "team": _names(tasks.team, model.team_names),
        "rep": _names(tasks.rep, rep_labels(records.reps, model)),
        **{name: clock.points(getattr(tasks, name)) for name in ("ready", "due", "started", "ended")},
        **_hours(tasks, ("work", "busy")),
    }


def _bins(model: Model, clock: _Clock, names: Sequence[str], kind: str) -> Columns:
    """One row for each bin and name."""
    bins = len(model.edges) - 1
    return {
        "start": clock.points(np.repeat(model.edges[:-1], len(names))),
        "end": clock.points(np.repeat(model.edges[1:], len(names))),
        kind: np.tile(np.array(names, dtype=object), bins),
    }


def _series(records: Records, model: Model, clock: _Clock) -> Columns:
    """Stages first, then teams, then the whole: averages and last values in each bin, and hours of teams."""
    series = records.series
    width = np.diff(model.edges)[:, None]
    stages = _bins(model, clock, model.stage_names, "stage")
    stages |= {name: (getattr(series, name) / width).ravel() for name in ("wip", "queue")}
    stages |= {name: getattr(series, name).ravel() for name in ("wip_last", "queue_last")}
    teams = _bins(model, clock, model.team_names, "team")
    teams["queue"] = (series.team_queue / width).ravel()
    teams["queue_last"] = series.team_queue_last.ravel()
    teams |= {name: (getattr(series, f"team_{name}") / HOUR).ravel() for name in ("busy", "filler", "open")}
    teams["headcount"] = (posts.staffed_by_team(records, model) / width).ravel()
    whole = {
        "start": clock.points(model.edges[:-1]),
        "end": clock.points(model.edges[1:]),
        "arr": _money(series.arr_last),
        "customers": series.customers_last,
    }
    return _stacked(_stacked(stages, teams), whole)


def _stacked(upper: Columns, lower: Columns) -> Columns:
    """Two tables one above the other; columns that one of them lacks are empty there."""

    def column(table: Columns, name: str, rows: int) -> NDArray[Any]:
        blank = np.full(rows, None) if name in ("stage", "team") else np.full(rows, np.nan)
        return table.get(name, blank)

    above, below = len(upper["start"]), len(lower["start"])
    names = ["start", "end", "stage", "team", *(name for name in (*upper, *lower) if name not in _KEYS)]
    return {
        name: np.concatenate([column(upper, name, above), column(lower, name, below)])
        for name in dict.fromkeys(names)
    }


_KEYS = ("start", "end", "stage", "team")


def _waits(records: Records, model: Model, clock: _Clock) -> Columns:
    waits = records.waits
    return {
        **_bins(model, clock, model.team_names, "team"),
        "waits": waits.number.ravel(),
        "wait": (waits.total / HOUR).ravel(),
        "wait_open": (waits.total_open / HOUR).ravel(),
    }


def _events(records: Records, model: Model, clock: _Clock) -> Columns:
    events = records.events
    if events is None:
        raise FunnelsimError("the event log was not kept; run with events=True", code="E-records-events")
    return {
        "time": clock.points(events.time),
        "lead": _names(events.lead, lead_labels(records, model)),
        "stage": _names(events.stage, model.stage_names),
        "event": _names(events.kind, EVENT_KINDS),
        "rep": _names(events.rep, rep_labels(records.reps, model)),
        "outcome": _names(events.outcome, model.outcome_names),
    }
