"""The picture of a forecast: bands of single runs by period, or cumulated from the start."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from ...words import say
from .. import style, ticks
from ..chart import Chart, Size

if TYPE_CHECKING:
    from funnelsim.results.profiles.fiscal import Period
    from funnelsim.results.profiles.forecast import Band, Forecast

WHOLE = 0.9
"""Share of a period that must count for it to be drawn; a month of two days would look like a slump."""

SHADES = {0.95: 0.16, 0.8: 0.28, 0.5: 0.5}
"""How strongly each band has the colour of the median."""


def forecast(found: Forecast, flow: str, cumulated: bool) -> Chart:
    """The bands of one flow."""
    kept = [at for at, period in enumerate(found.periods) if cumulated or period.counts >= WHOLE * period.days]
    bands = tuple((found.cumulated if cumulated else found.by_period)[flow][at] for at in kept)
    start = found.periods[0].first
    unit = found.unit if flow == "bookings" else "leads"
    colour = style.team_colour(0)
    keys = [(say("picture.forecast.median"), colour)]
    places = np.array([_middle(found.periods[at], start, cumulated) for at in kept])

    def draw(axes: Axes, size: Size) -> None:
        for level, shade in SHADES.items():
            _shade(axes, places, bands, level, shade)
        axes.plot(places, [each.median for each in bands], color=colour, lw=1.8, marker="o", ms=4)
        axes.set_ylim(bottom=0)
        axes.set_xlim(places[0] - 15, places[-1] + 15)
        ticks.quiet(axes, "y", unit, size[1])
        ticks.dates(axes, start, size[0])

    head = "cumulated" if cumulated else "by_period"
    levels = [level for level in SHADES if all(each.ranges[level] is not None for each in bands)]
    shares = say("list.comma").join(f"{level * 100:.0f}" for level in sorted(levels))
    key = "picture.forecast.said" if levels else "picture.forecast.few"
    said = say(key, runs=found.runs, **({"shares": shares} if levels else {}))
    return Chart(say(f"picture.forecast.{head}", kpi=say(f"kpi.{flow}.label")), said, keys, draw, left=1.25)


def _middle(period: Period, start: dt.date, cumulated: bool) -> float:
    """Where a period stands, in days: its middle, or its end where it is cumulated until then."""
    first, last = (period.first - start).days, (period.last - start).days + 1
    return float(last) if cumulated else (first + last) / 2


def _shade(axes: Axes, places: np.ndarray, bands: tuple[Band, ...], level: float, shade: float) -> None:
    ends = [each.ranges[level] for each in bands]
    known = [end for end in ends if end is not None]
    if len(known) < len(ends):
        return
    low, high = zip(*known, strict=True)
    axes.fill_between(places, low, high, color=style.team_colour(0), alpha=shade, lw=0)
