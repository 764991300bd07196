"""For those who take over: all figures, how they are counted, all inputs, the STRESS sheet, and what made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from funnelsim.experiments.sweep.provenance import dependencies
from funnelsim.results.measures.kpis import kpi_groups
from funnelsim.scenario.study.factors import told

from ...words import numbers, say
from ..blocks import Block, Cell, Group, Row, Table, Text
from .section import Section, columns, label
from .stress import sheet

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario

    from ..given import Given

# --- all figures ----------------------------------------------------------------------------------------------


def _figures(given: Given) -> Iterator[Block]:
    for number, (name, result) in enumerate(given.lines.items(), start=1):
        model, rows = result.model, list[Row | Group]()
        for group in kpi_groups(model):
            leaves = [(kpi, result.summary.kpis[kpi.name]) for kpi in group.kpis]
            there = [(kpi, each) for kpi, each in leaves if each.mean is not None]
            if group.shown and there:
                rows.append(Group(group.label))
                rows += [
                    (label(kpi, model), Cell.of(each), Cell(numbers.span(each.to_dict())), kpi.name)
                    for kpi, each in there
                ]
        heads = columns("figure", "estimate", "runs", "name")
        caption = say("report.figures.caption", name=name)
        yield Table("kpis" if number == 1 else f"kpis_{number}", caption, heads, tuple(rows))


# --- definitions ----------------------------------------------------------------------------------------------


def _definitions(given: Given) -> Iterator[Block]:
    today = given.today
    assert today is not None
    rows: list[Row | Group] = []
    for group in kpi_groups(today.model):
        if group.shown:
            rows.append(Group(group.label))
            rows += [(kpi.label, kpi.definition, kpi.name) for kpi in group.kpis]
    heads = columns("figure", "definition", "name")
    yield Table("definitions", say("report.definitions.caption"), heads, tuple(rows))


# --- inputs ---------------------------------------------------------------------------------------------------


def _inputs(given: Given) -> Iterator[Block]:
    base = next(iter(given.scenarios.values()))
    values = dict(_leaves(_bare(base)))
    rows: list[Row] = [(path, _value(value), *_known(base, path)) for path, value in values.items()]
    heads = columns("path", "value", "grade", "source")
    yield Table("inputs", say("report.inputs.caption", name=base.name), heads, tuple(rows))
    for number, (name, other) in enumerate(list(given.scenarios.items())[1:], start=2):
        own = dict(_leaves(_bare(other)))
        changed: list[Row] = [
            (path, _value(values.get(path)), _value(own.get(path)))
            for path in dict.fromkeys((*values, *own))
            if values.get(path) != own.get(path) and path != "name"
        ]
        if changed:
            heads = columns("path", "before", "after")
            yield Table(f"changes_{number}", say("report.inputs.changes", name=name), heads, tuple(changed))


def _bare(line: Scenario) -> dict[str, Any]:
    """The document without the records of how its numbers are known, and without draws of them."""
    return {key: value for key, value in line.document.items() if key not in ("evidence", "uncertain")}


def _known(line: Scenario, path: str) -> tuple[str, str]:
    """Grade and sources of a value, by its own record or by that of what it stands in."""
    parts = path.split(".")
    records = (line.evidence.get(".".join(parts[:length])) for length in range(len(parts), 0, -1))
    record = next(filter(None, records), None)
    return (record.grade, ", ".join(record.source)) if record is not None else ("", "")


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a document by its path; lists and what has no further names stay whole."""
    if isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from _leaves(each, f"{path}.{key}" if path else str(key))
    else:
        yield path, value


def _value(value: Any) -> str | Cell:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(told(value), float(value))
    return "" if value is None else told(value)


# --- the STRESS sheet -----------------------------------------------------------------------------------------


def _stress(given: Given) -> Iterator[Block]:
    yield Text(say("report.stress.said"))
    rows: list[Row | Group] = []
    for head, items in sheet(given).items():
        rows.append(Group(say(f"report.stress.head.{head}")))
        rows += [(say(f"report.stress.item.{key}"), text) for key, text in items]
    heads = columns("item", "said")
    yield Table("stress", say("report.stress.caption"), heads, tuple(rows))


# --- provenance -----------------------------------------------------------------------------------------------


def _provenance(given: Given) -> Iterator[Block]:
    rows: list[Row] = []
    stamp = given.stamp
    if stamp is not None:
        rows += [
            (say("report.made.version"), stamp.version),
            (say("report.made.engine"), stamp.engine),
            (say("report.made.seed"), Cell(str(stamp.seed), stamp.seed)),
        ]
        rows += [(say("report.made.laid"), line) for line in stamp.laid]
    rows += [
        (say("report.made.fingerprint", name=name), each.model.fingerprint) for name, each in given.lines.items()
    ]
    if given.command:
        rows.append((say("report.made.command"), given.command))
    rows.append((say("report.made.day"), numbers.date(given.day)))
    versions = dependencies() if given.stored is None else given.stored.made["dependencies"]
    rows += [(name, str(version)) for name, version in versions.items()]
    heads = columns("what", "value")
    yield Table("provenance", say("report.made.caption"), heads, tuple(rows))


FIGURES = Section("figures", lambda given: bool(given.lines), _figures, appendix=True)
DEFINITIONS = Section("definitions", lambda given: given.today is not None, _definitions, appendix=True)
INPUTS = Section("inputs", lambda given: bool(given.scenarios), _inputs, appendix=True)
STRESS = Section("stress", lambda given: given.today is not None, _stress, appendix=True)
PROVENANCE = Section("provenance", lambda given: True, _provenance, appendix=True)
