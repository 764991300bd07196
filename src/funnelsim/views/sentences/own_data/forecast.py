"""A forecast in words: the total, the bands of each period, and what a CRM's own arithmetic is worth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...words import counted, numbers, say
from .. import fiscal

if TYPE_CHECKING:
    from funnelsim.results.profiles.forecast import Band, Forecast

HEADS = ("median", "range50", "range80", "range95")
_SHOWN = (0.5, 0.8, 0.95)


def flows(found: Forecast) -> list[str]:
    """The flows that are anything at all."""
    return [flow for flow, bands in found.by_period.items() if any(band.mean for band in bands)]


def sentences(found: Forecast) -> Iterator[str]:
    """The total until the horizon, the pipeline beside it, and how good such a pipeline is."""
    last = numbers.date(found.periods[-1].last)
    for flow in flows(found):
        total = found.cumulated[flow][-1]
        ends = total.ranges[0.8]
        kpi, median = say(f"kpi.{flow}.label"), figure(found, flow, total.median)
        if ends is None:
            yield say("forecast.total.few", kpi=kpi, last=last, median=median, runs=found.runs)
        else:
            low, high = (figure(found, flow, end) for end in ends)
            yield say("forecast.total", kpi=kpi, last=last, median=median, low=low, high=high)
    if found.pipeline.deals:
        yield _pipeline(found)
    else:
        yield say("forecast.no_deals")
    accuracy = found.accuracy
    if accuracy.wape is not None and accuracy.bias is not None:
        said = say(
            "forecast.accuracy",
            days=accuracy.days,
            wape=numbers.percent(accuracy.wape),
            bias=numbers.with_sign(accuracy.bias, numbers.percent(abs(accuracy.bias))),
        )
        if accuracy.slippage is not None:
            said += say("list.sentence") + say("forecast.slippage", share=numbers.percent(accuracy.slippage))
        yield said


def _pipeline(found: Forecast) -> str:
    pipeline = found.pipeline
    won = numbers.amount(round(pipeline.won, 1))
    open_ = counted("forecast.open", round(pipeline.deals))
    if not pipeline.value:
        return say("forecast.pipeline.won", open=open_, won=won)
    value, weighted = (figure(found, "bookings", x) for x in (pipeline.value, pipeline.bookings))
    return say("forecast.pipeline", open=open_, value=value, won=won, weighted=weighted)


def figure(found: Forecast, flow: str, value: float) -> str:
    """A number of wins or an amount of money."""
    unit = found.unit if flow == "bookings" else "leads"
    value = value if flow == "bookings" else round(value)
    return numbers.estimate({"mean": value, "low": None, "high": None, "unit": unit}, False)


def rows(found: Forecast, flow: str) -> Iterator[tuple[str, ...]]:
    """A row a period, and one of all together."""
    for period, band in zip(found.periods, found.by_period[flow], strict=True):
        yield fiscal.name(period, found.length), *_cells(found, flow, band)
    if len(found.periods) > 1:
        yield say("forecast.all"), *_cells(found, flow, found.cumulated[flow][-1])


def _cells(found: Forecast, flow: str, band: Band) -> Iterator[str]:
    yield figure(found, flow, band.median)
    for level in _SHOWN:
        ends = band.ranges[level]
        if ends is None:
            yield numbers.DASH
        else:
            low, high = (figure(found, flow, end) for end in ends)
            yield say("number.span", low=low, high=high)
