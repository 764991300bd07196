"""The pictures of a warm-up: what MSER cuts off, and Welch's curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from funnelsim.arguments import checked

from ..words import counted, say, speaking
from . import style, ticks

if TYPE_CHECKING:
    from funnelsim.experiments.warmup import WarmUp

WIDTH, HEIGHT = 9.0, 4.6
LEFT, BOTTOM = 0.75, 0.6
ACROSS = WIDTH - LEFT - 0.3
"""Inches of a panel."""


class Plot:
    """The pictures of one suggestion."""

    def __init__(self, warmup: WarmUp) -> None:
        self._warmup = warmup

    def mser(self, *, lang: str | None = None) -> Figure:
        """The daily figures with what is cut off, and below it the score that decides."""
        with speaking(lang):
            return style.stamped(mser(self._warmup), self._warmup.stamp)

    @checked
    def welch(self, window: int | None = None, *, lang: str | None = None) -> Figure:
        """The average over replications, smoothed."""
        with speaking(lang):
            return style.stamped(welch(self._warmup, window), self._warmup.stamp)

    def html(self) -> str:
        """The main picture as an element of a page."""
        return style.element(self.mser(), say("picture.warmup.name"))


def mser(warmup: WarmUp) -> Figure:
    """Draw the daily figures and the score of each cut."""
    figure = _page(warmup, warmup.verdict)
    upper, lower = _axes(figure, 1.75, 1.75), _axes(figure, BOTTOM, 0.85)
    days = np.arange(warmup.days.shape[1])
    upper.plot(days, warmup.days.mean(axis=0), color=style.TEAMS[0], lw=1.0)
    upper.set_ylabel(say("warmup.series"), fontsize=8, color=style.MUTED)
    batch = warmup.cut.batch
    lower.plot(np.arange(len(warmup.cut.scores)) * batch, warmup.cut.scores, color=style.INK, lw=1.6)
    lower.set_ylabel(say("picture.warmup.score"), fontsize=8, color=style.MUTED)
    lower.set_xlabel(say("picture.warmup.cut", batch=batch), fontsize=8, color=style.MUTED)
    lower.set_yscale("log" if (warmup.cut.scores > 0).all() else "linear")
    lower.minorticks_off()
    lower.tick_params(axis="y", labelleft=False)
    for axes in (upper, lower):
        axes.set_xlim(0, len(days))
        ticks.quiet(axes, "x", "", ACROSS, inside=True)
        _mark(axes, warmup.suggestion)
    ticks.quiet(upper, "y", "", 1.75)
    upper.tick_params(labelbottom=False)
    return figure


def welch(warmup: WarmUp, window: int | None = None) -> Figure:
    """Draw Welch's curve over the average of replications."""
    side = warmup.window if window is None else window
    count = len(warmup.days)
    said = counted("picture.warmup.welch", count, days=2 * side + 1)
    figure = _page(warmup, said)
    axes = _axes(figure, BOTTOM, HEIGHT - BOTTOM - 1.15)
    mean = warmup.days.mean(axis=0)
    axes.plot(np.arange(len(mean)), mean, color=style.tint(style.TEAMS[0], 0.45), lw=0.9)
    curve = warmup.welch(side)
    axes.plot(np.arange(len(curve)), curve, color=style.TEAMS[0], lw=2.0)
    axes.set_xlim(0, len(mean))
    ticks.quiet(axes, "x", "", ACROSS, inside=True)
    ticks.quiet(axes, "y", "", HEIGHT - BOTTOM - 1.15)
    axes.set_ylabel(say("warmup.series"), fontsize=8, color=style.MUTED)
    axes.set_xlabel(say("picture.warmup.day"), fontsize=8, color=style.MUTED)
    _mark(axes, warmup.suggestion)
    return figure


def _page(warmup: WarmUp, said: str) -> Figure:
    figure, page = style.canvas(WIDTH, HEIGHT)
    style.write(page, 0.25, HEIGHT - 0.38, say("picture.warmup.head"), 14, bold=True)
    style.write(page, 0.25, HEIGHT - 0.64, style.fit(said, WIDTH - 0.5, 8.5, lines=2), 8.5, style.MUTED)
    return figure


def _axes(figure: Figure, bottom: float, height: float) -> Axes:
    axes = figure.add_axes((LEFT / WIDTH, bottom / HEIGHT, ACROSS / WIDTH, height / HEIGHT))
    axes.set_facecolor(style.PANEL)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, labelsize=7.5, labelcolor=style.MUTED)
    axes.grid(color=style.PAPER, lw=0.8)
    axes.set_axisbelow(True)
    return axes


def _mark(axes: Axes, cut: int | None) -> None:
    """What is cut off, shaded up to a line."""
    if cut is not None:
        axes.axvspan(0, cut, color=style.HAIRLINE, alpha=0.7, lw=0)
        axes.axvline(cut, color=style.LIMIT, lw=1.2)
