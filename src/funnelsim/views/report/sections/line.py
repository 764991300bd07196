"""The line: its picture, its stages and teams, where leads are lost, and month by month."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from funnelsim.errors import FunnelsimError
from funnelsim.results.measures.indicators import MONTH
from funnelsim.results.places import named_places

from ... import plots
from ...pictures import facts, style
from ...pictures import line as line_picture
from ...pictures.chart import in_figure
from ...sentences.limiting import free_in, without_cost
from ...sentences.places import HANDOFF_COLUMNS, handoff_columns, handoffs_mean
from ...sentences.waits import reconciled
from ...words import numbers, say
from ..blocks import Block, Cell, Group, Picture, Row, Table, Text
from .months import by_month, waits_by_month
from .section import Section, columns, kpis_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from funnelsim.results.result import Result

    from ..given import Given

DRAWN = 2
"""Lines whose picture is drawn; of more, that of today."""

STAGES = ("conversion", "wait", "work", "time_in_stage", "wip", "queue")
TEAMS = ("headcount", "load", "utilisation", "filler", "queue", "wait", "queue_growth")
LOSSES_AT = ("rejected", "blocked", "dropped", "expired", "burned", "lost")
"""Ways out of a stage that are no advance."""


def _drawn(given: Given) -> list[tuple[str, Result]]:
    lines = list(given.lines.items())
    return lines if len(lines) <= DRAWN else lines[:1]


def _line(given: Given) -> Iterator[Block]:
    if given.about:
        yield Text(given.about)
    for number, (name, result) in enumerate(_drawn(given), start=1):
        said = say("report.line.description", name=name, verdict=without_cost(result))
        called = "line" if number == 1 else f"line_{number}"
        yield Picture(called, say("report.line.title", name=name), said, partial(_draw, name, result))
    today = given.today
    if today is not None and given.comparison is None:
        yield Text(without_cost(today))
    if not (given.comparison or given.diagnosis or given.choice):  # which say it themselves
        yield from map(Text, free_in(result.model for result in given.lines.values()))


def _draw(name: str, result: Result) -> Figure:
    """The line under the name that it has among others."""
    line = replace(facts.line(result), name=name, verdict=facts.plain(without_cost(result)))
    return style.stamped(line_picture.draw(line), result.stamp)


# --- stages and teams -----------------------------------------------------------------------------------------


def _places(given: Given) -> Iterator[Block]:
    lines = _drawn(given)
    several = len(given.lines) > 1
    yield _table("stages", given, _stage_rows, several)
    yield _table("teams", given, _team_rows, several)
    if any(result.summary.handoffs for _, result in lines):
        yield _table("handoffs", given, _handoff_rows, several)
        yield Text(handoffs_mean(handoff_columns(result.summary for _, result in lines)), "note")
    for result in (each for _, each in lines):
        yield from (Text(said, "note") for said in reconciled(result.summary, result.model))
    if len(lines) < len(given.lines):
        yield Text(say("report.places.note"), "note")


Rows = tuple[tuple[str, ...], list[Row]]
"""Heads of a table and its rows."""


def _table(name: str, given: Given, rows: Callable[[Result], Rows], several: bool) -> Table:
    made: list[Row | Group] = []
    heads: tuple[str, ...] = ()
    for line, result in _drawn(given):
        heads, own = rows(result)
        made += [Group(line)] if several else []
        made += own
    return Table(name, say(f"report.{name}.caption"), heads, tuple(made))


def _stage_rows(result: Result) -> Rows:
    model = result.model
    monthly = MONTH / (model.horizon - model.warmup)
    rows: list[Row] = []
    for name, label in zip(model.stage_names, model.stage_labels, strict=True):
        stage = result.summary.stages[name]
        called = say("report.aside", stage=label) if model.spec.stages[name].aside else label
        rows.append((called, Cell.of(stage["entered"], monthly), *(Cell.of(stage[key]) for key in STAGES)))
    heads = ("stage", "entered", *("wait_served" if key == "wait" else key for key in STAGES))
    return columns(*heads), rows


def _team_rows(result: Result) -> Rows:
    model = result.model
    filler = any(team["filler"].mean for team in result.summary.teams.values())
    keys = [key for key in TEAMS if key != "filler" or filler]
    rows: list[Row] = [
        (label, *(Cell.of(result.summary.teams[name][key]) for key in keys))
        for name, label in zip(model.team_names, model.team_labels, strict=True)
    ]
    return columns("team", *keys), list(rows)


def _handoff_rows(result: Result) -> Rows:
    model, found = result.model, result.summary.handoffs
    monthly = MONTH / (model.horizon - model.warmup)
    rows: list[Row] = []
    for name, label in named_places(model, "handoffs"):
        giver, _, taker = name.partition(".")
        own = found.get((giver, taker))
        if own is not None:
            cells = (Cell.of(own[key], monthly if key == "passed" else 1.0) for key in HANDOFF_COLUMNS)
            rows.append((label, *cells))
    return (say("run.handoff"), *(say(f"run.handoff.{key}") for key in HANDOFF_COLUMNS)), rows


# --- losses ---------------------------------------------------------------------------------------------------


def _reasons(result: Result) -> Iterator[tuple[str, Cell, Cell]]:
    """Why leads were lost, the most frequent first, with shares of all that were."""
    known = kpis_of(result.model)
    parts = [name for name in known if name.startswith("lost_")] or ["lost"]
    found = {name: result.summary.kpis[name] for name in (*parts, *LOSSES_AT[:-1]) if name in known}
    gone = {name: each for name, each in found.items() if each.mean}
    total = sum(each.mean or 0.0 for each in gone.values())
    for name in sorted(gone, key=lambda name: -(gone[name].mean or 0.0)):
        part = (gone[name].mean or 0.0) / total
        yield known[name].label, Cell.of(gone[name]), Cell(numbers.percent(part), part, "share")


def _loses(given: Given) -> bool:
    return given.today is not None and any(True for _ in _reasons(given.today))


def _losses(given: Given) -> Iterator[Block]:
    today = given.today
    assert today is not None
    where, part = _most(today)
    yield Text(say("report.losses.said", stage=where, share=numbers.percent(part)))
    said = say("report.funnel.description")
    yield Picture("funnel", say("report.funnel.title"), said, partial(plots.funnel, today))
    heads = columns("reason", "leads", "share_lost")
    yield Table("losses", say("report.losses.caption"), heads, tuple(_reasons(today)))
    yield _losses_by_stage(today)
    if len(given.lines) > 1:
        yield Text(say("report.of_today"), "note")


def _most(result: Result) -> tuple[str, float]:
    """The stage at which most of the leads that are lost leave, and their share."""
    gone = {
        label: sum(result.summary.stages[name][way].mean or 0.0 for way in LOSSES_AT)
        for name, label in zip(result.model.stage_names, result.model.stage_labels, strict=True)
    }
    most = max(gone, key=lambda label: gone[label])
    return most, gone[most] / (sum(gone.values()) or 1.0)


def _losses_by_stage(result: Result) -> Table:
    """Leads that left at each stage in some other way than onwards."""
    model, stages = result.model, result.summary.stages
    ways = [way for way in LOSSES_AT if any(stage[way].mean for stage in stages.values())]
    rows: tuple[Row, ...] = tuple(
        (label, *(Cell.of(stages[name][way]) for way in ways))
        for name, label in zip(model.stage_names, model.stage_labels, strict=True)
        if any(stages[name][way].mean for way in ways)
    )
    heads = (say("report.col.stage"), *(say(f"report.col.{way}") for way in ways))
    return Table("losses_by_stage", say("report.losses.by_stage"), heads, rows)


# --- months ---------------------------------------------------------------------------------------------------


def _months(given: Given) -> Iterator[Block]:
    run = given.run
    assert run is not None
    months = by_month(run)
    heads = columns("month", *months.columns)
    rows: tuple[Row, ...] = tuple((month, *cells) for month, cells in months.rows())
    yield Picture("months", say("report.months.title"), say("report.months.description"), months.draw)
    yield Table("months", say("report.months.caption"), heads, rows)
    if "booked" in months.columns:
        yield _over_time("bookings", run)
    yield from map(_over_time, ("queues", "work_in_progress"), (run, run))
    waiting = waits_by_month(run)
    heads = (*columns("month"), say("report.col.in_line"), *run.model.team_labels)
    rows = tuple((month, *cells) for month, cells in waiting.rows())
    yield Table("queues", say("report.months.queues"), heads, rows)
    yield Text(say("report.months.note", number=run.replications), "note")


def _over_time(name: str, run: Result) -> Picture:
    """A picture of what changes over time, with what it says in words."""
    drawn = plots.CHARTS[name](run)
    return Picture(
        name, drawn.title, say("report.over_time", said=drawn.said), lambda: in_figure(drawn, run.stamp)
    )


def _has_records(given: Given) -> bool:
    try:
        return given.run is not None and len(by_month(given.run).days) > 1
    except FunnelsimError:  # they were not kept
        return False


LINE = Section("line", lambda given: given.today is not None, _line)
PLACES = Section("places", lambda given: given.today is not None, _places)
LOSSES = Section("losses", _loses, _losses)
MONTHS = Section("months", _has_records, _months)
