"""The heat map of a sweep: a KPI as colours and numbers, by the values of two factors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.study.question import less_is_better
from funnelsim.scenario.study.factors import told

from ..sentences.figures import kpi_name
from ..words import numbers, say
from . import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from funnelsim.experiments.store.estimates import PointEstimates
    from funnelsim.results.estimates import Estimate

WIDTH = 9.0
NAMES = 1.7
"""Inches of the values on the left, at most."""

ROW, TOP, FOOT = 0.46, 1.62, 0.15
"""Inches of a row, above all rows and below them."""

EDGE = 0.25
MOST = 12
"""Values of a factor that have room."""

INSET, OUTLINE = 0.035, 1.6
"""Inches around a cell, and points of the line around one that may be as good as the best."""

FAINT, STRONG = 0.06, 0.62
"""How strong the colours of the least and the largest figure are; numbers are read on each of them."""


@dataclass(frozen=True)
class Grid:
    """Estimates by the values of two factors.

    Parameters
    ----------
    across, down : str
        The factors.
    columns, rows : tuple of str
        Their values, in order.
    cells : dict
        By column and row.
    held : str
        The arm, and what other factors are held at; empty if there is nothing to say.
    """

    across: str
    down: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: dict[tuple[str, str], Estimate]
    held: str


def grid(
    readings: Sequence[PointEstimates], kpi: str, across: str | None, down: str | None, arm: str | None
) -> Grid:
    """The estimates of a KPI by two factors, by default the first two; others are held at their first values.

    Raises
    ------
    FunnelsimError
        If there are no two factors, no such arm or no such KPI, or more values than there is room for.
    """
    shown = [each for each in readings if kpi in each.estimates and each.estimates[kpi].mean is not None]
    if not shown:
        raise FunnelsimError(f"no point of this sweep has the KPI {kpi!r}", code="E-kpi-unknown")
    values: dict[str, list[Any]] = {}
    for each in shown:
        for name, value in each.point.factors.items():
            if value not in values.setdefault(name, []):
                values[name].append(value)
    varied = [name for name in values if len(values[name]) > 1]
    chosen = [name for name in (across, down) if name is not None]
    chosen += [name for name in varied if name not in chosen][: 2 - len(chosen)]
    if len(set(chosen)) < 2 or not set(chosen) <= set(varied):
        raise FunnelsimError(
            f"a heat map shows two factors that vary, and here these do: {', '.join(varied) or 'none'}",
            code="E-picture-factors",
        )
    arms = list(dict.fromkeys(each.point.arm for each in shown))
    if arm is not None and arm not in arms:
        raise FunnelsimError(
            f"there is no arm {arm!r} in this sweep; there are: {', '.join(arms)}", code="E-name-unknown"
        )
    held = {name: values[name][0] for name in varied if name not in chosen}
    texts = [tuple(told(value) for value in _sorted(values[name])) for name in chosen]
    if max(map(len, texts)) > MOST:
        raise FunnelsimError(
            f"a heat map has room for {MOST} values of a factor, and here are {max(map(len, texts))}",
            code="E-size-picture",
        )
    cells = {}
    for each in shown:
        at = each.point.factors
        if each.point.arm == (arm or arms[0]) and all(at.get(name) == value for name, value in held.items()):
            cells[told(at.get(chosen[0])), told(at.get(chosen[1]))] = each.estimates[kpi]
    said = [
        *([arm or arms[0]] if len(arms) > 1 else []),
        *(f"{name} {told(value)}" for name, value in held.items()),
    ]
    return Grid(chosen[0], chosen[1], texts[0], texts[1], cells, ", ".join(said))


def _sorted(values: Sequence[Any]) -> list[Any]:
    """Plain numbers by their size; others as they came."""
    plain = all(isinstance(each, int | float) and not isinstance(each, bool) for each in values)
    return sorted(values) if plain else sorted(values, key=lambda each: _size(each))


def _size(value: Any) -> tuple[float, str]:
    """The number with which a value begins, such as that of ``20 min``; what has none stands last."""
    text = told(value) if not isinstance(value, str) else value
    head = text.removeprefix("x ").split(" ")[0].replace(",", "").replace("_", "").rstrip("%")
    try:
        return float(head), json.dumps(text)
    except ValueError:
        return float("inf"), json.dumps(text)


def draw(name: str, found: Grid, kpi: str) -> Figure:
    """Draw a grid: the larger the figure, the stronger its colour; outlined is what may be as good as the best."""
    height = TOP + ROW * len(found.rows) + FOOT
    figure, page = style.canvas(WIDTH, height)
    title = say("picture.heat.head", kpi=kpi_name(kpi), name=name)
    style.write(page, EDGE, height - 0.38, style.fit(title, WIDTH - 2 * EDGE, 13, bold=True), 13, bold=True)
    best = _best(found, kpi)
    alike = {at for at, each in found.cells.items() if best is not None and _overlap(each, best)}
    said = say("picture.heat.outlined" if len(alike) > 1 else "picture.heat.best")
    said = say("picture.heat.held", said=said, held=found.held) if found.held else said
    style.write(page, EDGE, height - 0.62, style.fit(said, WIDTH - 2 * EDGE, 8.5, lines=2), 8.5, style.MUTED)
    left = EDGE + min(NAMES, max(style.widest(list(found.rows), 8.5), 0.6)) + 0.15
    across = (WIDTH - EDGE - left) / len(found.columns)
    _heads(page, found, left, across, height)
    means = [each.mean or 0.0 for each in found.cells.values()]
    for at, each in found.cells.items():
        x = left + across * found.columns.index(at[0])
        y = height - TOP - ROW * (found.rows.index(at[1]) + 1)
        share = ((each.mean or 0.0) - min(means)) / ((max(means) - min(means)) or 1.0)
        colour = style.tint(style.TEAMS[0], FAINT + (STRONG - FAINT) * share)
        edge, line = (style.INK, OUTLINE) if at in alike else (style.PAPER, 1.0)
        corner, size = (x + INSET, y + INSET), (across - 2 * INSET, ROW - 2 * INSET)
        page.add_patch(Rectangle(corner, *size, facecolor=colour, edgecolor=edge, linewidth=line))
        text = style.fit(numbers.estimate(each.to_dict(), interval=False), across - 0.16, 8.5)
        style.write(page, x + across / 2, y + ROW / 2 - 0.04, text, 8.5, align="center")
    return figure


def _heads(page: Axes, found: Grid, left: float, across: float, height: float) -> None:
    """The values of both factors, and what these are called."""
    down = style.fit(f"{found.down} \u2193", WIDTH / 2 - EDGE - 0.2, 8.5)
    style.write(page, EDGE, height - 1.16, down, 8.5, style.MUTED)
    right = style.fit(f"{found.across} \u2192", WIDTH / 2 - EDGE - 0.2, 8.5)
    style.write(page, WIDTH - EDGE, height - 1.16, right, 8.5, style.MUTED, align="right")
    for number, text in enumerate(found.columns):
        kept = style.fit(text, across - 0.12, 8.5)
        style.write(page, left + across * (number + 0.5), height - TOP + 0.1, kept, 8.5, align="center")
    for number, text in enumerate(found.rows):
        y = height - TOP - ROW * (number + 0.5) - 0.04
        style.write(page, left - 0.12, y, style.fit(text, left - EDGE - 0.12, 8.5), 8.5, align="right")


def _best(found: Grid, kpi: str) -> Estimate | None:
    def mean(each: Estimate) -> float:
        return each.mean or 0.0

    return (min if less_is_better(kpi) else max)(found.cells.values(), key=mean, default=None)


def _overlap(one: Estimate, other: Estimate) -> bool:
    """Whether two intervals share a number; an estimate without one overlaps with itself alone."""
    if one is other:
        return True
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    return one.low <= other.high and other.low <= one.high
