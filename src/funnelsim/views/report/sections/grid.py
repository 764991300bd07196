"""The picture of questions answered beforehand: the main figure at each computed point, nothing in between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from funnelsim.scenario.study.factors import told

from ...panel.names import of_path
from ...pictures import style
from ...words import numbers

if TYPE_CHECKING:
    from funnelsim.experiments.asking.beforehand import Beforehand

WIDTH, HEIGHT = 9.0, 3.3
SMALL = 7.5
"""Points of small letters."""

LEGEND = 2.6
"""Inches of the texts of the legend at most."""

MOST_ROWS = 8
"""Combinations of further controls that are told apart in the picture."""

SIGNS = "osD^vPX*"
"""They differ where colours do not."""


def draw(asked: Beforehand, called: str) -> Figure:
    """Each point with its 95 % interval, by the values of the first control; others side by side."""
    figure = style.Picture(figsize=(WIDTH, HEIGHT), facecolor=style.PAPER, dpi=144)
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    first, *further = asked.values
    values = [told(value) for value in asked.values[first]]
    rows = list(dict.fromkeys(_rest(asked, each.at, first) for each in asked.points))[:MOST_ROWS]
    unit = asked.base.estimate(asked.kpis[0]).unit
    for number, row in enumerate(rows):
        beside = (number - (len(rows) - 1) / 2) * 0.7 / max(1, len(rows))
        for each in asked.points:
            if _rest(asked, each.at, first) != row:
                continue
            found = each.arm.estimate(asked.kpis[0])
            if found.mean is None:
                continue
            x = values.index(told(each.at[first])) + beside
            if found.low is not None and found.high is not None:
                axes.plot([x, x], [found.low, found.high], color=style.team_colour(number), linewidth=1.6)
            fill = style.PAPER if each.today else style.team_colour(number)
            axes.plot(
                [x],
                [found.mean],
                SIGNS[number],
                color=style.team_colour(number),
                markersize=6,
                markerfacecolor=fill,
            )
        axes.plot([], [], SIGNS[number], color=style.team_colour(number), label=row)
    axes.set_xticks(range(len(values)), [style.drawable(each) for each in values])
    axes.set_xlabel(style.drawable(of_path(asked.line, first)), fontsize=8, color=style.MUTED)
    axes.set_title(style.drawable(called), loc="left", fontsize=9.5, fontweight="bold", color=style.INK)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda y, _: numbers.estimate({"mean": y, "low": None, "high": None, "unit": unit}))
    )
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(style.HAIRLINE)
    axes.tick_params(length=0, labelsize=7.5, labelcolor=style.MUTED)
    axes.grid(axis="y", color=style.HAIRLINE, linewidth=0.6)
    if further:
        axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=SMALL)
    figure.tight_layout()
    return figure


def _rest(asked: Beforehand, at: Mapping[str, Any], first: str) -> str:
    """The values of the other controls, each on a line of its own."""
    rest = {of_path(asked.line, name): told(at[name]) for name in at if name != first}
    texts = (
        f"{style.fit(name, LEGEND - style.widest([value], SMALL), SMALL)} {value}" for name, value in rest.items()
    )
    return "\n".join(style.drawable(text) for text in texts)
