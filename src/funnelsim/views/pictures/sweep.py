"""The main picture of a sweep: a KPI against each factor, one colour an arm."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from funnelsim.arguments import checked
from funnelsim.errors import FunnelsimError
from funnelsim.text import printed

from ..sentences.figures import kpi_name
from ..words import say, speaking
from . import heat, style, ticks

if TYPE_CHECKING:
    from funnelsim.experiments.store.estimates import PointEstimates
    from funnelsim.experiments.store.points import SweepResult
    from funnelsim.results.estimates import Estimate

PANELS = 6
"""Factors that are drawn at most, the first ones."""

WITH_INTERVALS = 60
"""Points up to which their intervals are drawn."""

JOINED = 20
"""Levels up to which a line joins their means."""

TICKS = 8
"""Values up to which each has its own tick."""

BESIDE = 0.015
"""How far arms stand beside one another, as a share of the axis, so that none hides another."""

WIDTH, HEIGHT = 4.2, 3.0
"""Inches of a panel with what stands beside it."""

NARROWEST = 6.4
"""Inches of the whole, at least."""

TOP, KEY = 0.72, 0.24
"""Inches above the panels, and of a row of what the colours mean."""

LEFT, RIGHT, FOOT, OVER = 0.95, 0.25, 0.62, 0.15
"""Inches left of a panel, right of it, below it and above it."""


class SweepPlot:
    """The pictures of a sweep."""

    def __init__(self, result: SweepResult) -> None:
        self._result = result

    @checked
    def effects(self, kpi: str | None = None, *, lang: str | None = None) -> Figure:
        """A KPI of each point against each factor, with 95 % intervals where there is room.

        Parameters
        ----------
        kpi : str, optional
            By default the first of the study, or ``won``.
        lang : {"en", "ja"}, optional
            By default the language in force.

        Raises
        ------
        FunnelsimError
            If no point has it.
        """
        with speaking(lang):
            return self._effects(kpi)

    @checked
    def heat(
        self,
        kpi: str | None = None,
        *,
        across: str | None = None,
        down: str | None = None,
        arm: str | None = None,
        lang: str | None = None,
    ) -> Figure:
        """A KPI by the values of two factors, as colours with numbers.

        Cells whose 95 % intervals overlap with that of the best are outlined. Further factors are held at their
        first values, which the picture says.

        Parameters
        ----------
        kpi : str, optional
            By default the first of the study, or ``won``.
        across, down : str, optional
            The factors; by default the first two that vary.
        arm : str, optional
            Of a study with several; by default the first.
        lang : {"en", "ja"}, optional
            By default the language in force.

        Raises
        ------
        FunnelsimError
            If no two factors vary, or a factor has more values than there is room for.
        """
        chosen = self._kpi(kpi)
        found = heat.grid(self._result.readings, chosen, across, down, arm)
        with speaking(lang):
            return style.stamped(heat.draw(self._result.study.name, found, chosen), self._result.stamp)

    def _kpi(self, kpi: str | None) -> str:
        return kpi or next(iter(self._result.study.spec.kpis), "won")

    def _effects(self, kpi: str | None) -> Figure:
        readings = [reading for reading in self._result.readings if reading.estimates]
        chosen = self._kpi(kpi)
        if not any(chosen in reading.estimates for reading in readings):
            raise FunnelsimError(f"no point of this sweep has the KPI {chosen!r}", code="E-kpi-unknown")
        readings = [r for r in readings if chosen in r.estimates and r.estimates[chosen].mean is not None]
        factors = [factor.name for factor in self._result.study.factors][:PANELS]
        panels: list[str | None] = [*factors] or [None]
        across = min(3, len(panels))
        width = max(NARROWEST, WIDTH * across)
        arms = list(dict.fromkeys(reading.point.arm for reading in readings))
        keys = _keys(arms, width)
        down = -(-len(panels) // across)
        height = TOP + KEY * len(keys) + HEIGHT * down
        figure, page = style.canvas(width, height)
        title = style.fit(self._result.study.name, width - 0.5, 13, bold=True)
        style.write(page, 0.25, height - 0.38, title, 13, bold=True)
        _legend(page, height - TOP, keys)
        for place, factor in enumerate(panels):
            row, column = divmod(place, across)
            top = height - TOP - KEY * len(keys) - HEIGHT * row - OVER
            size = width / across - LEFT - RIGHT, HEIGHT - FOOT - OVER
            corner = width / across * column + LEFT, top - size[1]
            axes = figure.add_axes((corner[0] / width, corner[1] / height, size[0] / width, size[1] / height))
            _panel(axes, readings, factor, chosen, size)
        return style.stamped(figure, self._result.stamp)

    def html(self) -> str:
        """The picture as an element of a page; empty where no point has a result."""
        try:
            figure = self.effects()
        except FunnelsimError as nothing:
            return f"<p>{html.escape(str(nothing))}</p>"
        return style.element(figure, say("picture.sweep.name"), figure.dpi)


def _panel(
    axes: Axes, readings: Sequence[PointEstimates], factor: str | None, kpi: str, size: tuple[float, float]
) -> None:
    """The points against one factor, or side by side where nothing is varied; lines join the means of levels."""
    values = [reading.point.arm if factor is None else reading.point.factors.get(factor) for reading in readings]
    scale = _Scale.of(values)
    arms = list(dict.fromkeys(reading.point.arm for reading in readings))
    apart = (max(scale.places) - min(scale.places) or 1.0) * BESIDE if scale.places and factor else 0.0
    for number, arm in enumerate(arms):
        mine = [at for at, reading in enumerate(readings) if reading.point.arm == arm]
        estimates = [readings[at].estimates[kpi] for at in mine]
        shift = apart * (number - (len(arms) - 1) / 2)
        _points(axes, [scale.places[at] + shift for at in mine], estimates, number, len(readings))
    unit = next((reading.estimates[kpi].unit for reading in readings), "")
    axes.set_facecolor(style.PANEL)
    axes.spines[["top", "right", "bottom", "left"]].set_visible(False)
    axes.margins(0.06)
    ticks.quiet(axes, "y", unit, size[1])
    if scale.ticks:
        room = size[0] / max(1, len(scale.ticks)) - 0.08
        said = [style.fit(tick, room, ticks.SIZE, lines=2) for tick in scale.ticks]
        axes.set_xticks(scale.at, [style.drawable(each) for each in said])
        axes.tick_params(axis="x", length=0, labelsize=ticks.SIZE, labelcolor=style.MUTED)
    else:
        ticks.quiet(axes, "x", "", size[0])
    below = f"{factor} ({scale.unit})" if scale.unit else factor or ""
    beside = kpi_name(kpi)
    for text, room, put in ((below, size[0] + 0.5, axes.set_xlabel), (beside, size[1] + 0.4, axes.set_ylabel)):
        put(style.drawable(style.fit(text, room, 8.5)), color=style.MUTED, fontsize=8.5, parse_math=False)


def _points(axes: Axes, x: list[float], estimates: list[Estimate], arm: int, count: int) -> None:
    colour = style.team_colour(arm)
    means = [estimate.mean or 0.0 for estimate in estimates]
    if count > WITH_INTERVALS:
        axes.plot(x, means, "o", color=colour, markersize=3, alpha=0.4, linewidth=0)
    else:
        ends = [(each.low, each.mean or 0.0, each.high) for each in estimates]
        below = [0.0 if low is None else mean - low for low, mean, _ in ends]
        above = [0.0 if high is None else high - mean for _, mean, high in ends]
        axes.errorbar(
            x, means, yerr=(below, above), fmt="o", color=colour, markersize=4, capsize=2, linewidth=0.8, alpha=0.7
        )
    levels = sorted(set(x))
    if 1 < len(levels) <= JOINED:
        of_level = [[mean for place, mean in zip(x, means, strict=True) if place == level] for level in levels]
        axes.plot(levels, [sum(each) / len(each) for each in of_level], color=colour, linewidth=1.6)


def _keys(arms: Sequence[str], width: float) -> list[list[tuple[str, float]]]:
    """The arms in rows, each with where it begins; nothing where there is one arm alone."""
    rows: list[list[tuple[str, float]]] = []
    x = width
    for arm in arms if len(arms) > 1 else ():
        text = style.fit(arm, width - 0.8, 8.5)
        if x + 0.2 + style.widest([text], 8.5) > width - 0.25:
            rows.append([])
            x = 0.25
        rows[-1].append((text, x))
        x += 0.2 + style.widest([text], 8.5) + 0.3
    return rows


def _legend(page: Axes, top: float, keys: Sequence[Sequence[tuple[str, float]]]) -> None:
    """What the colours mean, above all panels, where no point can lie."""
    number = 0
    for row, those in enumerate(keys):
        y = top - KEY * row
        for text, x in those:
            page.plot([x + 0.06], [y + 0.045], "o", color=style.team_colour(number), ms=5)
            style.write(page, x + 0.2, y, text, 8.5)
            number += 1


@dataclass(frozen=True)
class _Scale:
    """Where values stand on an axis: at their number, or side by side with their text below."""

    places: list[float]
    at: list[float]
    ticks: list[str]
    unit: str = ""

    @classmethod
    def of(cls, values: Sequence[Any]) -> _Scale:
        numbers = [_number(value) for value in values]
        places = [number for number, _ in numbers if number is not None]
        units = {unit for _, unit in numbers}
        if len(places) == len(values) and len(units) == 1:
            levels = sorted(set(places))
            few = levels if len(levels) <= TICKS else []
            return cls(places, few, [printed(level, "z.4g") for level in few], units.pop())
        texts = [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in values]
        order = list(dict.fromkeys(texts))
        return cls([float(order.index(text)) for text in texts], [float(n) for n in range(len(order))], order)


def _number(value: Any) -> tuple[float | None, str]:
    """The number and unit of ``12``, ``12 min`` or ``{multiply: 1.2}``."""
    if isinstance(value, dict) and len(value) == 1:
        ((name, inner),) = value.items()
        number, unit = _number(inner)
        return number, f"{name} {unit}".strip()
    if isinstance(value, bool) or value is None:
        return None, ""
    if isinstance(value, int | float):
        return float(value), ""
    head, _, unit = str(value).partition(" ")
    try:
        return float(head.replace("_", "").rstrip("%")), unit + ("%" if head.endswith("%") else "")
    except ValueError:
        return None, ""
