"""The main picture of a sweep: a KPI against each factor, one colour an arm."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from funnelsim.arguments import checked
from funnelsim.errors import FunnelsimError

from ..words import say
from . import style

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

WIDTH, HEIGHT = 4.2, 3.6


class SweepPlot:
    """The pictures of a sweep."""

    def __init__(self, result: SweepResult) -> None:
        self._result = result

    @checked
    def effects(self, kpi: str | None = None) -> Figure:
        """A KPI of each point against each factor, with 95 % intervals where there is room.

        Parameters
        ----------
        kpi : str, optional
            By default the first of the study, or ``won``.

        Raises
        ------
        FunnelsimError
            If no point has it.
        """
        readings = [reading for reading in self._result.readings if reading.estimates]
        chosen = kpi or next(iter(self._result.study.spec.kpis), "won")
        if not any(chosen in reading.estimates for reading in readings):
            raise FunnelsimError(f"no point of this sweep has the KPI {chosen!r}")
        readings = [r for r in readings if chosen in r.estimates and r.estimates[chosen].mean is not None]
        factors = [factor.name for factor in self._result.study.factors][:PANELS]
        panels: list[str | None] = [*factors] or [None]
        across = min(3, len(panels))
        down = -(-len(panels) // across)
        figure = style.Picture(figsize=(WIDTH * across, HEIGHT * down + 0.4), facecolor=style.PAPER, dpi=110)
        FigureCanvasAgg(figure)
        grid = figure.subplots(down, across, squeeze=False)
        for place, axes in enumerate(grid.flat):
            if place < len(panels):
                _panel(axes, readings, panels[place], chosen)
            else:
                axes.axis("off")
        _legend(figure, readings)
        figure.suptitle(style.drawable(self._result.study.name), color=style.INK, family=list(style.font_family()))
        figure.tight_layout()
        return style.stamped(figure, self._result.stamp)

    def html(self) -> str:
        """The picture as an element of a page; empty where no point has a result."""
        try:
            figure = self.effects()
        except FunnelsimError as nothing:
            return f"<p>{html.escape(str(nothing))}</p>"
        return style.element(figure, say("picture.sweep.name"), figure.dpi)


def _panel(axes: Axes, readings: Sequence[PointEstimates], factor: str | None, kpi: str) -> None:
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
    if scale.ticks:
        axes.set_xticks(scale.at, [style.drawable(tick) for tick in scale.ticks])
    unit = next((reading.estimates[kpi].unit for reading in readings), "")
    below = f"{factor} ({scale.unit})" if scale.unit else factor or ""
    axes.set_xlabel(style.drawable(below), color=style.MUTED, parse_math=False)
    axes.set_ylabel(style.drawable(f"{kpi} ({unit})"), color=style.MUTED, parse_math=False)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["bottom", "left"]].set_color(style.HAIRLINE)
    axes.tick_params(colors=style.MUTED)


def _points(axes: Axes, x: list[float], estimates: list[Estimate], arm: int, count: int) -> None:
    colour = style.team_colour(arm)
    means = [estimate.mean or 0.0 for estimate in estimates]
    if count > WITH_INTERVALS:
        axes.plot(x, means, "o", color=colour, markersize=3, alpha=0.4, linewidth=0)
    else:
        half = [0.0 if each.low is None or each.high is None else (each.high - each.low) / 2 for each in estimates]
        axes.errorbar(
            x, means, yerr=half, fmt="o", color=colour, markersize=4, capsize=2, linewidth=0.8, alpha=0.7
        )
    levels = sorted(set(x))
    if 1 < len(levels) <= JOINED:
        of_level = [[mean for place, mean in zip(x, means, strict=True) if place == level] for level in levels]
        axes.plot(levels, [sum(each) / len(each) for each in of_level], color=colour, linewidth=1.6)


def _legend(figure: Figure, readings: Sequence[PointEstimates]) -> None:
    arms = list(dict.fromkeys(reading.point.arm for reading in readings))
    if len(arms) < 2:
        return
    handles = [
        figure.axes[0].plot([], [], "o", color=style.team_colour(number), label=style.drawable(arm))[0]
        for number, arm in enumerate(arms)
    ]
    figure.axes[0].legend(handles=handles, frameon=False, fontsize=8)


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
            return cls(places, few, [f"{level:z.4g}" for level in few], units.pop())
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
