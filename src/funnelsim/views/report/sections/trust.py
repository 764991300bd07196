"""How sure the figures are, on what evidence they rest, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from funnelsim.calibration.fitting.fit import Fit
from funnelsim.calibration.testing.backtest import Backtest
from funnelsim.errors import FunnelsimError, told_together
from funnelsim.scenario.changing import levers
from funnelsim.scenario.language.evidence import GRADES

from ...words import listed, numbers, say
from ...words.language import language
from ..blocks import Block, Cell, Head, Listing, Row, Table, Text
from .section import Section, columns, sentences

if TYPE_CHECKING:
    from funnelsim.scenario.changing.levers import Dosed

    from ..given import Given

MAIN = ("won", "bookings", "contribution", "cycle_time")
"""KPIs whose precision is told."""

# --- how sure -------------------------------------------------------------------------------------------------


def _sure(given: Given) -> Iterator[Block]:
    replications = _replications(given)
    if replications is not None:
        yield Text(say("report.sure.runs", number=f"{replications:,}"))
    if given.comparison is not None:
        yield Text(say("report.sure.paired"))
        if given.comparison.drove:
            yield Text(given.comparison.drove)
    rows: list[Row] = []
    for name in MAIN if given.run is not None else ():
        estimate = given.run.summary.kpis.get(name) if given.run is not None else None
        if estimate is not None and estimate.mean and estimate.half is not None:
            width = estimate.half / abs(estimate.mean)
            rows.append(
                (_label(given, name), Cell.of(estimate), Cell(f"± {numbers.percent(width)}", width, "share"))
            )
    if rows:
        heads = columns("figure", "estimate", "precision")
        yield Table("precision", say("report.sure.caption"), heads, tuple(rows))
    yield Text(say("report.sure.note"), "note")


def _has_own(given: Given) -> bool:
    """Whether it says itself how sure it is: a calibration by intervals, a back-test by what came."""
    return given.of(Fit) is not None or given.of(Backtest) is not None


def _replications(given: Given) -> int | None:
    """Of each line, where all have as many."""
    number = getattr(given.subject, "replications", None)
    return number if isinstance(number, int) and given.optimum is None else None


def _label(given: Given, name: str) -> str:
    from .section import kpis_of, label

    today = given.today
    assert today is not None
    return label(kpis_of(today.model)[name], today.model)


# --- evidence -------------------------------------------------------------------------------------------------


def laid(given: Given) -> Iterator[Dosed]:
    """Levers that were laid over the lines and can be found, each once."""
    folders = {each.folder for each in given.scenarios.values()} or {None}
    seen = set()
    for line in _laid_lines(given):
        if not line.startswith("lever ") or line in seen:
            continue
        seen.add(line)
        reference = line.removeprefix("lever ").partition(": ")[0]
        for folder in folders:
            try:
                yield levers.find(reference, folder)
                break
            except FunnelsimError:
                continue  # it lies in a folder of which nothing is known here


def _laid_lines(given: Given) -> Iterator[str]:
    for each in given.stamp.over.values() if given.stamp is not None else ():
        yield from each


def _evidence(given: Given) -> Iterator[Block]:
    line = next(iter(given.scenarios.values()), None)
    if line is not None and line.evidence:
        grades = [record.grade for record in line.evidence.values()]
        known = [each for each in GRADES if each in grades]
        counts = [say("report.evidence.count", grade=each, count=grades.count(each)) for each in known]
        yield Text(say("report.evidence.line", name=line.name, count=len(grades), counts=listed(counts)))
    rows: list[Row] = []
    for lever in laid(given):
        for path, record in lever.lever.evidence.items():
            low, high = map(str, record.range or ("", ""))
            ends = say("report.evidence.range", low=low, high=high) if record.range is not None else ""
            rows.append((title(lever), path, record.grade, ", ".join(record.source), ends, record.note))
    if rows:
        heads = columns("lever", "what", "grade", "source", "range", "note")
        yield Table("evidence", say("report.evidence.caption"), heads, tuple(rows))
    yield Text(say("report.evidence.grades"), "note")


def _has_evidence(given: Given) -> bool:
    lines = given.scenarios.values()
    return any(each.evidence for each in lines) or any(each.lever.evidence for each in laid(given))


def title(lever: Dosed) -> str:
    """What a lever is, in the language in force."""
    titles = lever.lever.title
    return titles.get(language()) or next(iter(titles.values()), lever.name)


# --- assumptions ----------------------------------------------------------------------------------------------


def _assumptions(given: Given) -> Iterator[Block]:
    changes = list(given.stamp.laid) if given.stamp is not None else []
    if changes:
        yield Head(say("report.assumptions.changed"))
        yield Listing(tuple(changes))
    cautions = list(dict.fromkeys(text for each in given.lines.values() for text in each.model.cautions))
    if cautions:
        yield Head(say("report.assumptions.one_sided"))
        yield Listing(tuple(sentences(cautions)))
    if given.warnings:
        yield Head(say("report.assumptions.said"))
        yield Listing(tuple(sentences(told_together(given.warnings))))
    yield Head(say("report.assumptions.always"))
    yield Listing(tuple(say(f"report.assumptions.{key}") for key in ("same_luck", "inputs", "not_people")))


SURE = Section("sure", lambda given: given.stamp is not None and not _has_own(given), _sure)
EVIDENCE = Section("evidence", _has_evidence, _evidence)
ASSUMPTIONS = Section("assumptions", lambda given: True, _assumptions)
