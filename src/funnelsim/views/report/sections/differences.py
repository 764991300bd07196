"""What arms have more or less than the base, and what a study had predicted of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...sentences import matrix, places, predictions
from ...words import counted, numbers, say
from ..blocks import Block, Cell, Listing, Picture, Row, Table, Text
from .section import Section, apart, columns, label, share, verdict

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.result import Comparison

    from ..given import Given


def _differences(given: Given) -> Iterator[Block]:
    comparison = given.comparison
    assert comparison is not None
    said = say("report.differences.description", base=comparison.question.base)
    title = say("report.differences.title", base=comparison.question.base)
    if matrix.is_worth_it(comparison):
        head = say("matrix.title", base=comparison.question.base)
        yield Table("matrix", head, matrix.heads(comparison), tuple(matrix.rows(comparison)))
        yield Text(matrix.legend(), "note")
    yield Picture("differences", title, said, comparison.plot.differences)
    for kpi in comparison.question.kpis:
        yield _table(comparison, kpi)
    yield Text(comparison.method, "note")
    yield from stages_and_teams(comparison)
    if comparison.sentences:
        yield Listing(comparison.sentences)


def stages_and_teams(comparison: Comparison) -> Iterator[Block]:
    """Each team's own figure beside the whole's, the handoffs, and where stages and teams differ."""
    own = places.own_rows(comparison)
    if own:
        yield Table("own", say("own.title"), places.heads(comparison, "own.figure"), tuple(own))
        yield Listing(tuple(places.opposed(comparison)) or (say("own.none"),))
    passes = places.handoffs(comparison)
    if passes:
        yield Table("handoffs", say("run.handoffs"), places.heads(comparison, "matrix.kpi"), tuple(passes))
    rows, left = places.differing(comparison)
    if rows:
        yield Table("stages_and_teams", say("place.title"), places.heads(comparison, "matrix.kpi"), tuple(rows))
        yield Text(matrix.legend(), "note")
    if left:
        yield Text(counted("place.left", left), "note")


def _table(comparison: Comparison, kpi: str) -> Table:
    """One KPI: the base, and each arm's difference."""
    found = {each.arm: each for each in comparison.findings if each.kpi == kpi}
    rows: list[Row] = []
    for arm in comparison.arms:
        chance, each = comparison.chances[kpi][arm.name], found.get(arm.name)
        best = Cell(numbers.DASH) if chance is None else Cell(numbers.probability(chance), chance, "share")
        figure = Cell.of(arm.estimate(kpi))
        if each is None:
            rows.append((arm.name, figure, Cell(say("report.is_base")), Cell(""), best, ""))
            continue
        rows.append((arm.name, figure, apart(each), Cell(share(each), each.share), best, verdict(each.verdict)))
    called = label(comparison.base.indicators[kpi][1], comparison.base.model)
    heads = columns("line", "estimate", "difference", "share", "is_best", "known")
    return Table(f"difference_{kpi}", called, heads, tuple(rows))


def _predictions(given: Given) -> Iterator[Block]:
    found = given.verification
    assert found is not None
    yield Text(found.words)
    rows: list[Row] = []
    for each in found.predictions:
        asked = each.prediction
        apart = (
            numbers.DASH if each.share is None else numbers.with_sign(each.share, numbers.percent(abs(each.share)))
        )
        expected = predictions.asked(asked)
        rows.append(
            (asked.arm, asked.against, expected, Cell(apart, each.share, "share"), predictions.concluded(each))
        )
    heads = columns("line", "against", "expected", "difference", "outcome")
    yield Table("predictions", say("report.predictions.caption"), heads, tuple(rows))


DIFFERENCES = Section("differences", lambda given: given.comparison is not None, _differences)
PREDICTIONS = Section("predictions", lambda given: given.verification is not None, _predictions)
