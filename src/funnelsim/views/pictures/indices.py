"""The picture of sensitivity indices: how much each factor matters, by itself and with others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from funnelsim.text import printed

from ..sentences.figures import kpi_name
from ..words import numbers, say, speaking
from . import style

if TYPE_CHECKING:
    from funnelsim.experiments.sensitivity.indices import Sensitivity
    from funnelsim.experiments.statistics.effects import Index

WIDTH = 9.0
ROW, TOP = 0.52, 1.35
NAMES = 3.2
"""Inches for the names of factors, at most."""

KEYS = {"sobol": ("alone", "joint"), "morris": ("mean", "scatter")}


class Plot:
    """The pictures of one sensitivity analysis."""

    def __init__(self, found: Sensitivity) -> None:
        self._found = found

    def indices(self, *, lang: str | None = None) -> Figure:
        """Two bars a factor, the strongest on top."""
        with speaking(lang):
            return style.stamped(indices(self._found), self._found.stamp)

    def html(self) -> str:
        """The same as an element of a page."""
        return style.element(self.indices(), say("picture.indices.name"))


def indices(found: Sensitivity) -> Figure:
    """Draw the indices of all factors."""
    factors = sorted(found.indices, key=lambda index: -max(index.main, index.other))
    height = TOP + ROW * len(factors) + 0.1
    figure, page = style.canvas(WIDTH, height)
    head = say("picture.indices.head", kpi=kpi_name(found.kpi))
    style.write(page, 0.25, height - 0.38, head, 14, bold=True)
    runs = f"{found.runs:,}"
    if found.method == "sobol":
        said = say("picture.indices.sobol", runs=runs)
    else:
        said = say("picture.indices.morris", unit=found.unit, runs=runs)
    style.write(page, 0.25, height - 0.64, said, 8.5, style.MUTED)
    _key(page, height - 0.98, KEYS[found.method])
    names = style.column([each.factor for each in factors], 9.5, NAMES, least=0.5)
    left = 0.25 + names + 0.25
    reach = max(max(_ends(each)) for each in factors) or 1.0
    scale = (WIDTH - left - 0.9) / reach
    for number, each in enumerate(factors):
        y = height - TOP - ROW * (number + 0.5)
        style.write(page, 0.25, y - 0.04, style.fit(each.factor, names + 0.1, 9.5), 9.5)
        _bar(page, (left, y + 0.1), scale, (each.main, each.low, each.high), style.TEAMS[0], found)
        other = (each.other, each.other_low, each.other_high)
        _bar(page, (left, y - 0.1), scale, other, style.tint(style.TEAMS[0], 0.45), found)
    page.plot([left, left], [0.1, height - TOP], color=style.INK, lw=0.8)
    return figure


def _key(page: Axes, y: float, words: tuple[str, str]) -> None:
    x = 0.25
    texts = [say(f"picture.indices.{word}") for word in words]
    for text, colour in zip(texts, (style.TEAMS[0], style.tint(style.TEAMS[0], 0.45)), strict=True):
        page.add_patch(Rectangle((x, y - 0.02), 0.18, 0.12, color=colour, lw=0))
        style.write(page, x + 0.26, y, text, 8.5, style.MUTED)
        x += 0.26 + style.widest([text], 8.5) + 0.4


def _ends(each: Index) -> list[float]:
    return [each.main, each.high, each.other, each.other if each.other_high is None else each.other_high]


def _bar(
    page: Axes,
    where: tuple[float, float],
    scale: float,
    figures: tuple[float, float | None, float | None],
    colour: object,
    found: Sensitivity,
) -> None:
    left, y = where
    value, low, high = figures
    page.add_patch(Rectangle((left, y - 0.08), max(value, 0.0) * scale, 0.16, color=colour, lw=0))
    far = left + max(value, 0.0) * scale
    if low is not None and high is not None:
        ends = [left + max(end, 0.0) * scale for end in (low, high)]
        page.plot(ends, [y, y], color=style.INK, lw=0.8)
        far = max(far, *ends)
    size = (
        numbers.percent(abs(value)) if found.method == "sobol" else f"{printed(abs(value), ',.3g')} {found.unit}"
    )
    text = numbers.with_sign(value, size) if value < 0 else size
    style.write(page, far + 0.08, y - 0.04, text, 8, style.MUTED)
