"""The picture of what became of the same leads: wins of one arm alone, and how those leads end in the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from ...sentences.reasons.fates import name
from ...words import say, speaking
from ...words.numbers import amount, signed
from .. import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from funnelsim.experiments.fates.result import End, Fates

WIDTH = 9.0
MARGIN = 0.3
NAMES = 3.1
"""Inches of the names of ends."""
SHOWN = 5
"""Ends with a band of their own; the others share one."""
ROW, GAP, HEAD = 0.42, 0.5, 1.0
"""Inches of an end at least, between the two halves, and above both."""
TALLEST = 1.9
"""Inches of the wins of the half that has more."""
BAR = 0.16
LEAST = 0.02
"""Inches of the thinnest band."""
GAINED, LOST = "#2F7D6B", style.LIMIT
STEPS = 24


class Plot:
    """The pictures of fates."""

    def __init__(self, fates: Fates) -> None:
        self._fates = fates

    def flows(self, arm: str | None = None, *, lang: str | None = None) -> Figure:
        """Wins of one arm alone, and how those leads end in the other; by default of the first arm."""
        chosen = self._fates.arms[0] if arm is None else arm
        with speaking(lang):
            return style.stamped(draw(self._fates, chosen), self._fates.stamp)

    def html(self) -> str:
        """The same as an element of a page."""
        return "".join(style.element(self.flows(arm), say("picture.fates.name")) for arm in self._fates.arms)


class Half(NamedTuple):
    """Leads that one of both arms wins alone."""

    won: str
    other: str
    colour: str
    names: tuple[str, ...]
    leads: tuple[float, ...]


def draw(fates: Fates, arm: str) -> Figure:
    """Draw both halves, leads won above those that are not won any more."""
    gained, lost = fates.ends(arm)
    halves = [
        _half(fates, arm, fates.base, GAINED, gained),
        _half(fates, fates.base, arm, LOST, lost),
    ]
    most = max((sum(half.leads) for half in halves), default=0.0) or 1.0
    heights = [[max(ROW, TALLEST * leads / most + 0.08) for leads in half.leads] or [ROW] for half in halves]
    height = HEAD + sum(sum(rows) + GAP for rows in heights) - 0.2
    figure, axes = style.canvas(WIDTH, height)
    head = say("picture.fates.head", arm=arm, base=fates.base)
    room = WIDTH - 2 * MARGIN
    style.write(axes, MARGIN, height - 0.4, style.fit(head, room, 14, bold=True), 14, bold=True)
    wins = signed(fates.difference(arm)[0], "leads")
    said = say("picture.fates.net", wins=wins, number=f"{fates.replications:,}")
    style.write(axes, MARGIN, height - 0.68, style.fit(said, room, 9.5), 9.5, style.MUTED)
    top = height - HEAD
    for half, rows in zip(halves, heights, strict=True):
        _draw_half(axes, half, top, rows, TALLEST / most)
        top -= sum(rows) + GAP
    return figure


def _half(fates: Fates, won: str, other: str, colour: str, ends: Sequence[End]) -> Half:
    names = [_name(fates, end) for end in ends[:SHOWN]]
    leads = [end.leads for end in ends[:SHOWN]]
    rest = sum(end.leads for end in ends[SHOWN:])
    if rest:
        names.append(say("fate.other"))
        leads.append(rest)
    return Half(won, other, colour, tuple(names), tuple(leads))


def _name(fates: Fates, end: End) -> str:
    if end.fate is None:
        return say("picture.fates.absent", group=say(f"fates.group.{end.group}"))
    return name(fates, end.fate)


def _draw_half(axes: Axes, half: Half, top: float, rows: Sequence[float], scale: float) -> None:
    """A bar of wins on the left, a band for each end to its row on the right."""
    arm = style.fit(half.won, 2.3, 9.5, bold=True)
    said = style.fit(say("picture.fates.won", arm=arm), 2.3, 9.5, bold=True, lines=2)
    middle = top - sum(rows) / 2
    style.write(axes, MARGIN, middle + 0.12, said, 9.5, half.colour, bold=True)
    below = middle + 0.12 - 0.2 * (said.count("\n") + 1)
    style.write(axes, MARGIN, below, amount(sum(half.leads)), 11, half.colour, bold=True)
    if not half.leads:
        return
    left, right = MARGIN + 2.45, WIDTH - MARGIN - NAMES - 0.75
    as_ = style.fit(say("picture.fates.as", base=half.other), NAMES, 8.5)
    style.write(axes, right + BAR + 0.12, top + 0.04, as_, 8.5, style.MUTED)
    sizes = [max(LEAST, each * scale) for each in half.leads]
    start = middle + sum(sizes) / 2
    axes.add_patch(Rectangle((left, start - sum(sizes)), BAR, sum(sizes), color=half.colour, lw=0))
    for text, leads, size, row in zip(half.names, half.leads, sizes, rows, strict=True):
        centre = top - row / 2 - 0.05
        top -= row
        _band(axes, (left + BAR, start), (right, centre + size / 2), size, half.colour)
        axes.add_patch(Rectangle((right, centre - size / 2), BAR, size, color=style.MUTED, lw=0))
        fitted = style.fit(text, NAMES, 9, lines=2)
        style.write(axes, right + BAR + 0.12, centre - 0.04 + 0.08 * fitted.count("\n"), fitted, 9)
        style.write(axes, WIDTH - MARGIN, centre - 0.04, amount(leads), 9, align="right")
        start -= size


def _band(axes: Axes, begin: tuple[float, float], end: tuple[float, float], size: float, colour: str) -> None:
    along = np.linspace(0, 1, STEPS)
    bend = along * along * (3 - 2 * along)
    x = begin[0] + (end[0] - begin[0]) * along
    upper = begin[1] + (end[1] - begin[1]) * bend
    points = np.concatenate([np.stack([x, upper], axis=1), np.stack([x, upper - size], axis=1)[::-1]])
    axes.add_patch(Polygon(points, closed=True, facecolor=style.tint(colour, 0.35), edgecolor="none"))
