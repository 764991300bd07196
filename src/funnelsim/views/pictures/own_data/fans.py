"""The picture of a back-test: each forecast with its range, and what came."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from funnelsim.arguments import checked
from funnelsim.calibration.testing.backtest import DRAWS
from funnelsim.calibration.testing.scores import bounds, quantile
from funnelsim.errors import FunnelsimError
from funnelsim.scenario.forms.base import unknown

from ...sentences.own_data import backtests as words
from ...words import say, speaking
from .. import style, ticks
from ..chart import Chart, Size, shown

if TYPE_CHECKING:
    from funnelsim.calibration.testing.backtest import Backtest, Case

SHADES = {0.95: 0.2, 0.8: 0.4}
"""How strongly each range has the colour of the forecast."""

CAME = style.LIMIT


class Plot:
    """The pictures of one back-test."""

    def __init__(self, found: Backtest) -> None:
        self._found = found

    @checked
    def fans(
        self,
        kpi: str | None = None,
        horizon: str | None = None,
        axes: Axes | None = None,
        *,
        lang: str | None = None,
    ) -> Figure | Axes:
        """Ranges of the forecasts from each day, and what came.

        Parameters
        ----------
        kpi, horizon : str, optional
            Of what, and how far ahead as it was written; by default the first ones.
        axes : matplotlib.axes.Axes, optional
            A panel of yours.
        lang : {"en", "ja"}, optional
            The language.

        Raises
        ------
        FunnelsimError
            If the back-test has no such KPI or horizon.
        """
        with speaking(lang):
            return shown(fans(self._found, kpi, horizon), self._found.stamp, axes)

    def html(self) -> str:
        """The forecasts of the first KPI and horizon as an element of a page."""
        figure = self.fans()
        assert isinstance(figure, Figure)
        return style.element(figure, say("picture.fans.name"))


def fans(found: Backtest, kpi: str | None = None, horizon: str | None = None) -> Chart:
    """The forecasts of one KPI and horizon."""
    kpi, horizon = kpi or found.kpis[0], horizon or next(iter(found.horizons))
    for what, name, known in (("KPI", kpi, found.kpis), ("horizon", horizon, tuple(found.horizons))):
        if name not in known:
            raise FunnelsimError(f"fans: {unknown(what, name, known)}", code="E-name-unknown")
    cases = found.of(kpi, horizon, DRAWS)
    if not cases:
        raise FunnelsimError(f"fans: no day has {horizon} after it", code="E-figures-few")
    unit = found.unit(kpi)
    start = found.history.date(cases[0].cut)
    step = min((b.cut - a.cut for a, b in pairwise(cases)), default=30.0)
    keys = [(say("picture.fans.forecast"), style.team_colour(0)), (say("picture.fans.came"), CAME)]

    def draw(axes: Axes, size: Size) -> None:
        for case in cases:
            _fan(axes, case, (case.cut - cases[0].cut) + _midnight(start, found, cases[0]), 0.3 * step)
        axes.set_ylim(bottom=0)
        axes.set_xlim(-0.6 * step, cases[-1].cut - cases[0].cut + 0.6 * step)
        ticks.quiet(axes, "y", unit, size[1])
        ticks.dates(axes, start, size[0])

    title = say("picture.fans.head", kpi=words.name(kpi), horizon=words.ahead(horizon))
    return Chart(title, say("picture.fans.said"), keys, draw, left=1.25 if kpi == "bookings" else 0.95)


def _midnight(start: dt.date, found: Backtest, first: Case) -> float:
    """Days by which the first cut lies behind the midnight of its day."""
    return first.cut - (start - found.history.origin).days


def _fan(axes: Axes, case: Case, place: float, half: float) -> None:
    colour = style.team_colour(0)
    for level, shade in SHADES.items():
        low, high = bounds(case.ensemble, level)
        axes.fill_between([place - half, place + half], [low] * 2, [high] * 2, color=colour, alpha=shade, lw=0)
    middle = quantile(case.ensemble, 0.5)
    axes.plot([place - half, place + half], [middle] * 2, color=colour, lw=2.0)
    axes.plot([place], [case.outcome], color=CAME, marker="o", ms=6, ls="")
