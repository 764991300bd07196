"""A calibration: what was estimated, how near the scenario comes, what was noticed; and a back-test."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from funnelsim.calibration.fitting.fit import Fit
from funnelsim.calibration.testing.backtest import Backtest

from ...sentences.own_data import backtests, calibration
from ...words import say
from ..blocks import Block, Cell, Head, Listing, Picture, Row, Table, Text
from .section import Section

if TYPE_CHECKING:
    from funnelsim.calibration.findings import Finding
    from funnelsim.calibration.testing.scores import Score

    from ..given import Given

# --- a calibration --------------------------------------------------------------------------------------------


def _estimates(given: Given) -> Iterator[Block]:
    fit = given.of(Fit)
    assert fit is not None
    heads = tuple(say(f"calibrate.col.{each}") for each in calibration.COLUMNS)
    rows = tuple(calibration.row(number) for number in fit.numbers if calibration.told(number))
    yield Table("estimates", say("calibrate.table"), heads, rows)


def _beside(given: Given) -> Iterator[Block]:
    fit = given.of(Fit)
    assert fit is not None
    if fit.distance:
        heads = tuple(say(f"calibrate.check.col.{each}") for each in ("what", "observed", "simulated", "off"))
        yield Table("beside", say("calibrate.check.table"), heads, tuple(map(calibration.check_row, fit.distance)))
    drawn = ["stages", "conversion"] if fit.beside.curves else []
    for name in [*drawn, *(["arrivals"] if fit.beside.months else [])]:
        title, said = (say(f"picture.fit.{name}.{each}", **_gaps(fit, name, each)) for each in ("head", "said"))
        yield Picture(f"fit_{name}", title, said, getattr(fit.plot, name))


def _gaps(fit: Fit, name: str, text: str) -> dict[str, int]:
    return {"runs": len(fit.beside.simulated)} if (name, text) == ("arrivals", "said") else {}


# --- a back-test ----------------------------------------------------------------------------------------------


def _backtest(given: Given) -> Iterator[Block]:
    found = given.of(Backtest)
    assert found is not None
    for kpi in found.kpis:
        for horizon in found.horizons:
            if (kpi, horizon, "with_draws") in found.scored:
                named = {"kpi": backtests.name(kpi), "horizon": backtests.ahead(horizon)}
                yield Head(say("picture.fans.head", **named))
                yield Picture(
                    "fans",
                    say("picture.fans.head", **named),
                    say("picture.fans.said"),
                    partial(found.plot.fans, kpi, horizon),
                )
                heads = tuple(say(f"backtest.col.{each}") for each in backtests.HEADS)
                yield Table("scores", say("backtest.table", **named), heads, tuple(_scores(found, kpi, horizon)))
    yield Text(say("backtest.note"), "note")


def _scores(found: Backtest, kpi: str, horizon: str) -> Iterator[Row]:
    scores = {method: score for (k, h, method), score in found.scored.items() if (k, h) == (kpi, horizon)}
    for method in sorted(scores, key=lambda each: scores[each].crps):
        yield _score(method, scores[method])


def _score(method: str, score: Score) -> Row:
    name, crps, *texts = backtests.row(method, score)
    return name, Cell(crps, score.crps), *texts


# --- both -----------------------------------------------------------------------------------------------------


def _findings(given: Given) -> Iterator[Block]:
    yield Listing(tuple(map(_finding, _noticed(given))))


def _noticed(given: Given) -> tuple[Finding, ...]:
    found = given.of(Fit) or given.of(Backtest)
    return () if found is None else found.findings


def _finding(each: Finding) -> str:
    return say("report.finding", code=each.code, words=each.words, remedy=each.remedy).strip()


ESTIMATES = Section("estimates", lambda given: given.of(Fit) is not None, _estimates)
BESIDE = Section("beside", lambda given: given.of(Fit) is not None, _beside)
BACKTEST = Section("backtest", lambda given: given.of(Backtest) is not None, _backtest)
FINDINGS = Section("findings", lambda given: bool(_noticed(given)), _findings)
