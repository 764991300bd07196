"""The event log as files that other tools read.

- `write_process_log`: CSV with the column names of process miners (case, activity, time, resource, lifecycle).
- `write_xes`: the same as XES, the miners' XML format (IEEE 1849).
- `write_animation_log`: CSV with the columns that animators of queues read.

A touch of a rep is an activity named after its stage, from ``start`` to ``complete``. A visit begins with
``schedule``. A visit without any touch ends with ``complete`` where the stage has a result (automated stages),
else with ``withdraw``; one that ends after a touch without a result ends with ``pi_abort``. A lead's creation and
its end are activities of their own.

In both kinds of CSV, text that a spreadsheet would take for a formula has a ``'`` before it (`text.cell`).
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TextIO
from xml.sax.saxutils import quoteattr

import numpy as np

from funnelsim import disk
from funnelsim.errors import FunnelsimError
from funnelsim.model.model import Model
from funnelsim.model.records import (
    BLOCKED,
    CHURNED_IN_LINE,
    COMPLETED,
    CREATED,
    DROPPED,
    ENTERED,
    EXPIRED,
    FINISHED,
    LEFT,
    ORIGINS,
    QUEUED,
    REJECTED,
    STARTED,
    Events,
    Records,
)
from funnelsim.scenario.forms.quantities import HOUR
from funnelsim.text import cell

from .labels import lead_labels, rep_labels
from .metadata import write_metadata

NO_RESULT = (REJECTED, BLOCKED, DROPPED, EXPIRED, CHURNED_IN_LINE)
"""Outcomes of visits that the stage did not decide."""

CASE = "case:concept:name"
CASE_ATTRIBUTES = (
    "case:replication",
    "case:source",
    "case:origin",
    "case:segment",
    "case:territory",
    "case:value",
)
COLUMNS = (CASE, "concept:name", "time:timestamp", "org:resource", "org:group", "lifecycle:transition")
ANIMATION = ("entity_id", "event_type", "event", "time", "run", "resource_id")


class Step(NamedTuple):
    """One line of the log of processes."""

    lead: int
    activity: str
    time: int  # microseconds from the start
    rep: int
    transition: str


def write_process_log(
    records: Sequence[Records], model: Model, path: str | Path, made: Mapping[str, Any] | None = None
) -> None:
    """Write the event log as CSV for process miners.

    Parameters
    ----------
    records : sequence of Records
        One per replication, with events; the case's name begins with the replication if there are several.
    model : Model
        What was run.
    path : path
        The file to write, in UTF-8. Timestamps are local times of the scenario in ISO 8601, without zone.
    made : mapping, optional
        Version, engine, seed and what was laid over (`Result.made`): written into a file beside it (`metadata`).

    Raises
    ------
    FunnelsimError
        If the events were not kept.
    """
    with disk.written(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*COLUMNS, *CASE_ATTRIBUTES))
        for each in records:
            cases = _Cases(each, model, len(records) > 1)
            for step in steps(each, model):
                rep, group = cases.resource(step.rep)
                writer.writerow(
                    cell(value)
                    for value in (
                        cases.names[step.lead],
                        step.activity,
                        _stamp(model.start, step.time),
                        rep,
                        group,
                        step.transition,
                        *cases.attributes(step.lead),
                    )
                )
    if made is not None:
        write_metadata(path, model.spec.name, [made])


def write_xes(
    records: Sequence[Records], model: Model, path: str | Path, made: Mapping[str, Any] | None = None
) -> None:
    """Write the event log as XES: one trace a lead. Parameters as for `write_process_log`.

    What made it stands in the log itself.
    """
    with disk.written(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_XES_HEAD)
        file.write(_xes("string", "concept:name", model.spec.name))
        if model.laid:
            file.write(_xes("string", "funnelsim:laid_over", ", ".join(model.laid)))
        for key, value in (made or {}).items():
            if key not in ("scenario", "laid_over"):  # which stand above
                file.write(_xes("string", f"funnelsim:{key}", str(value)))
        for each in records:
            _write_traces(each, model, _Cases(each, model, len(records) > 1), file)
        file.write("</log>\n")


def write_animation_log(
    records: Sequence[Records], model: Model, path: str | Path, made: Mapping[str, Any] | None = None
) -> None:
    """Write the event log as CSV for animators of queues.

    Columns are ``entity_id, event_type, event, time, run, resource_id``: the lead's name; one of
    ``arrival_departure``, ``queue``, ``resource_use`` and ``resource_use_end``; what happened; hours from the
    start; the replication; and the seat within the team, from 1. Parameters as for `write_process_log`.
    """
    with disk.written(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(ANIMATION)
        for each in records:
            events = _events(each)
            labels = lead_labels(each, model)
            seats = [*(each.reps.seat + 1).tolist(), ""]
            last = _last_rows(events)
            for row, (time, lead, stage, kind, rep, _) in enumerate(_rows(events)):
                shown = _animated(kind, stage, row == last[lead], model)
                if shown is not None:
                    seat = seats[rep] if kind in (STARTED, COMPLETED) else ""
                    writer.writerow(map(cell, (labels[lead], *shown, time / HOUR, each.replication, seat)))
    if made is not None:
        write_metadata(path, model.spec.name, [made])


def _last_rows(events: Events) -> dict[int, int]:
    """The last row of each lead, but for work that went on after it had left."""
    last: dict[int, int] = {}
    for row, (lead, kind) in enumerate(zip(events.lead.tolist(), events.kind.tolist(), strict=True)):
        if kind != COMPLETED or events.kind[last[lead]] not in (LEFT, FINISHED):
            last[lead] = row
    return last


def steps(records: Records, model: Model) -> Iterator[Step]:
    """The log of processes of one replication, in order of time."""
    touched: set[int] = set()  # leads that had a touch in the visit under way
    for time, lead, stage, kind, rep, outcome in _rows(_events(records)):
        if kind == CREATED:
            yield Step(lead, "created", time, rep, "complete")
        elif kind == ENTERED:
            touched.discard(lead)
            yield Step(lead, model.stage_names[stage], time, rep, "schedule")
        elif kind == STARTED:
            touched.add(lead)
            yield Step(lead, model.stage_names[stage], time, rep, "start")
        elif kind == COMPLETED:
            yield Step(lead, model.stage_names[stage], time, rep, "complete")
        elif kind == LEFT:
            transition = _leaving(outcome, lead in touched)
            if transition:
                yield Step(lead, model.stage_names[stage], time, rep, transition)
        elif kind == FINISHED:
            yield Step(lead, model.outcome_names[outcome], time, rep, "complete")


def _leaving(outcome: int, touched: bool) -> str:
    """The transition with which a visit ends; empty if its last touch completed it already."""
    if outcome in NO_RESULT:
        return "pi_abort" if touched else "withdraw"
    return "" if touched else "complete"


def _animated(kind: int, stage: int, is_last: bool, model: Model) -> tuple[str, str] | None:
    """Type and name of what animators show; a won lead departs only when its last stage is through."""
    if kind == CREATED:
        return "arrival_departure", "arrival"
    if kind in (LEFT, FINISHED) and is_last:
        return "arrival_departure", "depart"
    if kind == QUEUED:
        return "queue", f"{model.stage_names[stage]}_wait"
    if kind == STARTED:
        return "resource_use", f"{model.stage_names[stage]}_begins"
    if kind == COMPLETED:
        return "resource_use_end", f"{model.stage_names[stage]}_ends"
    return None


def _events(records: Records) -> Events:
    if records.events is None:
        raise FunnelsimError("the event log was not kept; run with events=True", code="E-records-events")
    return records.events


def _rows(events: Events) -> Iterator[tuple[int, int, int, int, int, int]]:
    return zip(*(column.tolist() for column in events), strict=True)


def _stamp(start: dt.date, time: int) -> str:
    moment = dt.datetime.combine(start, dt.time()) + dt.timedelta(microseconds=time)
    return moment.isoformat(timespec="milliseconds")


class _Cases:
    """Names and attributes of the leads and reps of one replication."""

    def __init__(self, records: Records, model: Model, several: bool) -> None:
        self._records = records
        self._model = model
        before = f"{records.replication}:" if several else ""
        self.names = [before + label for label in lead_labels(records, model)]
        self._reps = [*rep_labels(records.reps, model), ""]
        self._groups = [*(model.team_names[team] for team in records.reps.team), ""]

    def resource(self, rep: int) -> tuple[str, str]:
        """The rep's name and team; empty for none."""
        return self._reps[rep], self._groups[rep]

    def attributes(self, lead: int) -> tuple[int, str, str, str, str, float]:
        """What `CASE_ATTRIBUTES` names, for one lead."""
        leads, model = self._records.leads, self._model
        return (
            self._records.replication,
            (*model.source_names, "")[leads.source[lead]],
            ORIGINS[leads.origin[lead]],
            (*model.segment_names, "")[leads.segment[lead]],
            (*model.territory_names, "")[leads.territory[lead]],
            int(leads.value[lead]) / 100,
        )


# --- XES --------------------------------------------------------------------------------------------------------

_XES_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/><date key="time:timestamp" \
value="1970-01-01T00:00:00.000+00:00"/><string key="lifecycle:transition" value="complete"/></global>
<classifier name="Activity" keys="concept:name"/>
"""


def _write_traces(records: Records, model: Model, cases: _Cases, file: TextIO) -> None:
    log = list(steps(records, model))
    order = np.argsort([step.lead for step in log], kind="stable").tolist()
    current = -1
    for at in order:
        step = log[at]
        if step.lead != current:
            file.write("</trace>\n" if current >= 0 else "")
            file.write("<trace>" + _trace_attributes(cases, step.lead) + "\n")
            current = step.lead
        rep, group = cases.resource(step.rep)
        file.write(
            "<event>"
            + _xes("string", "concept:name", step.activity)
            + _xes("date", "time:timestamp", _stamp(model.start, step.time) + "+00:00")
            + (_xes("string", "org:resource", rep) + _xes("string", "org:group", group) if rep else "")
            + _xes("string", "lifecycle:transition", step.transition)
            + "</event>\n"
        )
    file.write("</trace>\n" if current >= 0 else "")


def _trace_attributes(cases: _Cases, lead: int) -> str:
    kinds = {int: "int", float: "float", str: "string"}
    said = _xes("string", "concept:name", cases.names[lead])
    for key, value in zip(CASE_ATTRIBUTES, cases.attributes(lead), strict=True):
        said += _xes(kinds[type(value)], key.removeprefix("case:"), str(value)) if value != "" else ""
    return said


def _xes(kind: str, key: str, value: str) -> str:
    return f'<{kind} key="{key}" value={quoteattr(_FORBIDDEN.sub("", value))}/>'


_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold, not even escaped."""
