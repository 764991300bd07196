"""How good forecasts were, in words: which method was better, and whether ranges held what came."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from funnelsim.calibration.testing.backtest import duration_of

from ...words import numbers, say

if TYPE_CHECKING:
    from funnelsim.calibration.testing.backtest import Backtest
    from funnelsim.calibration.testing.scores import Score

ENOUGH = 12
"""Windows without overlap from which methods can be told apart."""

HEADS = ("method", "crps", "bias", "coverage80", "coverage95", "cuts", "windows")


def read(found: Backtest) -> str:
    """From which days was forecast."""
    date = found.history.date
    cuts = sorted({case.cut for case in found.cases})
    first, last = (numbers.date(date(day)) for day in (cuts[0], cuts[-1]))
    return say("backtest.read", count=len(cuts), first=first, last=last, draws=found.draws)


def sentences(found: Backtest) -> Iterator[str]:
    """From what was forecast; for each KPI and horizon which method was better, and whether ranges were right."""
    yield read(found)
    for kpi in found.kpis:
        for horizon in found.horizons:
            if (kpi, horizon, "with_draws") in found.scored:
                yield say("list.sentence").join([_better(found, kpi, horizon), *_ranges(found, kpi, horizon)])


def _better(found: Backtest, kpi: str, horizon: str) -> str:
    named = {"kpi": name(kpi), "horizon": ahead(horizon)}
    other = found.best_naive(kpi, horizon)
    if other is None:
        return say("backtest.alone", **named)
    mine, theirs = (found.scored[kpi, horizon, method].crps for method in ("with_draws", other))
    better, count = found.better(kpi, horizon, other)
    key = "backtest.better" if mine < theirs else "backtest.worse"
    share = (
        numbers.percent(1 - min(mine, theirs) / max(mine, theirs)) if max(mine, theirs) > 0 else numbers.percent(0)
    )
    return say(key, method=method(other), better=better, count=count, share=share, **named)


def _ranges(found: Backtest, kpi: str, horizon: str) -> Iterator[str]:
    score, wider = found.scored[kpi, horizon, "with_draws"], found.widening(kpi, horizon)
    assert wider is not None
    held = round(score.coverage95 * score.n)
    if not wider.enough:
        yield say("backtest.ranges.hopeless", held=held, count=score.n)
    elif wider.factor > 1:
        level = numbers.percent(wider.level)
        yield say("backtest.ranges.narrow", held=held, count=score.n, factor=f"{wider.factor:.2f}", level=level)
    else:
        yield say("backtest.ranges.right", held=held, count=score.n)
    if score.windows < ENOUGH:
        yield say("backtest.few", windows=score.windows)


def ahead(horizon: str) -> str:
    """How far ahead, in words."""
    length = duration_of(horizon)
    return say(f"span.{length.unit}", value=f"{length.amount:g}")


def name(kpi: str) -> str:
    """What a KPI of a back-test is called."""
    return say(f"backtest.kpi.{kpi}")


def method(of: str) -> str:
    """What a method is called."""
    return say(f"backtest.method.{of}")


def row(of: str, score: Score) -> tuple[str, ...]:
    """A method as a row of the table."""
    bias = "" if math.isnan(score.bias) else numbers.with_sign(score.bias, numbers.percent(abs(score.bias)))
    shares = (numbers.percent(share) for share in (score.coverage80, score.coverage95))
    return method(of), numbers.amount(score.crps), bias, *shares, str(score.n), str(score.windows)
