"""Bars: how old open leads are, where the time of won leads goes, reps, territories, and the bridge of revenue."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from funnelsim.model.model import Model
from funnelsim.results.profiles.splits import AGES, Split
from funnelsim.results.profiles.sums import Sums

from ..words import numbers, say
from . import style, ticks
from .chart import Chart, Size, names

ROW = 0.3
"""Inches of a row."""

NAMES = 3.0
"""Inches for names, at most."""

MOST = 40
"""Rows of reps, at most."""

RISE, FALL = "#2F7D6B", style.LIMIT

CAUSES = ("#C8443C", "#E3A19C", "#2F5D8C", "#A9BED4", "#B98A2F", "#8A6BA6", "#66727F")
"""Colours of causes: waiting red, work blue, lighter where it lies over closed hours."""


def ageing(split: Split) -> Chart:
    """Open leads at the horizon by stage, in classes of age."""
    shades = np.linspace(0.25, 1.0, len(split.parts)).tolist()
    keys = [(_age(at), style.tint("#9A4F3C", shade)) for at, shade in enumerate(shades)]
    said = [numbers.amount(float(each)) for each in split.spread.mean.sum(axis=1)]
    return _stacked("ageing", split, keys, said, "leads")


def _age(at: int) -> str:
    low, high = (0, *AGES)[at], (*AGES, None)[at]
    if high is None:
        return say("picture.ageing.over", days=low)
    return say("picture.ageing.from", low=low, high=high) if low else say("picture.ageing.below", days=high)


def cycle(split: Split) -> Chart:
    """Days of a won lead in each stage by cause."""
    keys: list[tuple[str, style.Colour]] = [
        (say(f"picture.cycle.{name}"), colour) for name, colour in zip(split.parts, CAUSES, strict=True)
    ]
    said = [numbers.duration(float(each)) for each in split.spread.mean.sum(axis=1)]
    whole = numbers.duration(float(split.spread.mean.sum()))
    return _stacked("cycle", split, keys, said, "h", whole=whole)


def _stacked(
    name: str,
    split: Split,
    keys: Sequence[tuple[str, style.Colour]],
    said: Sequence[str],
    unit: str,
    whole: str = "",
) -> Chart:
    """Bars of parts, one a row that has any, with the sum of each behind it."""
    rows = [at for at, each in enumerate(split.spread.mean) if np.nansum(each) > 0]
    mean = split.spread.mean[rows]
    labels = [split.rows[at] for at in rows]
    ends = [said[at] for at in rows]
    left = style.column(labels, 8.5, NAMES) + 0.4
    right = style.widest(ends, 8) + 0.3
    used = [at for at in range(len(keys)) if mean[:, at].sum() > 0]

    def draw(axes: Axes, size: Size) -> None:
        start = np.zeros(len(rows))
        for at in used:
            axes.barh(range(len(rows)), mean[:, at], left=start, height=0.62, color=keys[at][1], lw=0)
            start += mean[:, at]
        names(axes, labels, left - 0.3)
        _horizontal(axes, size, float(start.max(initial=0.0)), unit)
        _behind(axes, start.tolist(), ends)

    title = say(f"picture.{name}.head", whole=whole)
    height = max(0.6, ROW * len(rows))
    return Chart(title, say(f"picture.{name}.said"), [keys[at] for at in used], draw, height, left, right)


def reps(sums: Sums, model: Model) -> Chart:
    """How busy each seat is, with the deals that it won."""
    mean, low, high = (each[:MOST, 0] for each in sums.spread)
    ends = [
        say("picture.reps.won", won=numbers.amount(float(won)), booked=_money(float(booked), model))
        if won > 0
        else ""
        for won, booked in sums.spread.mean[:MOST, 1:]
    ]
    colours = [style.team_colour(team) for team in sums.teams[:MOST]]
    said = say("picture.reps.said")
    if len(sums.names) > MOST:
        said = say("picture.reps.first", said=said, number=MOST, all=len(sums.names))
    return _ranged("reps", said, sums.names[:MOST], (mean, low, high), ends, "share", colours)


def territories(sums: Sums, model: Model) -> Chart:
    """What is booked in each territory, with its leads and deals."""
    ends = [
        say("picture.territories.of", won=numbers.amount(float(won)), created=numbers.amount(float(created)))
        for created, won, _ in sums.spread.mean
    ]
    figures = tuple(each[:, 2] for each in sums.spread)
    colours = [style.team_colour(0)] * len(sums.names)
    said = say("picture.territories.said")
    return _ranged("territories", said, sums.names, figures, ends, model.spec.currency, colours)


def _ranged(
    name: str,
    said: str,
    labels: Sequence[str],
    figures: tuple[np.ndarray, ...],
    ends: Sequence[str],
    unit: str,
    colours: Sequence[str],
) -> Chart:
    """Bars of means with a line over which single runs spread, and a text behind all of them."""
    mean, low, high = (np.nan_to_num(each) for each in figures)
    left = style.column(labels, 8.5, NAMES) + 0.4
    right = style.widest(ends, 8) + 0.4

    def draw(axes: Axes, size: Size) -> None:
        rows = range(len(labels))
        axes.barh(rows, mean, height=0.6, color=colours, lw=0)
        axes.hlines(rows, low, high, color=style.INK, lw=0.9)
        names(axes, labels, left - 0.3)
        _horizontal(axes, size, max(float(high.max(initial=0.0)), float(mean.max(initial=0.0))), unit)
        _behind(axes, [axes.get_xlim()[1]] * len(ends), ends)

    height = max(0.6, ROW * len(labels))
    return Chart(say(f"picture.{name}.head"), said, (), draw, height, left, right)


def bridge(sums: Sums, model: Model) -> Chart:
    """Recurring revenue before, what came and went, and after."""
    values = sums.spread.mean[:, 0]
    labels = [say(f"picture.arr_bridge.{name}") for name in sums.names]
    currency = model.spec.currency

    def draw(axes: Axes, size: Size) -> None:
        level, room = 0.0, size[0] / len(values)
        tops = []
        for at, value in enumerate(values.tolist()):
            whole = at in (0, len(values) - 1)
            bottom = 0.0 if whole else level
            colour = style.team_colour(0) if whole else RISE if value >= 0 else FALL
            axes.bar([at], [value], bottom=[bottom], width=0.6, color=colour, lw=0)
            level = value if whole else level + value
            tops.append(max(bottom, bottom + value))
        top = max(tops, default=0.0)
        axes.set_ylim(0, 1.12 * top or 1.0)
        axes.set_xlim(-0.5, len(values) - 0.5)
        ticks.quiet(axes, "y", currency, size[1])
        said = [style.drawable(style.fit(label, room - 0.1, 8, lines=2)) for label in labels]
        axes.set_xticks(range(len(values)), said)
        axes.tick_params(axis="x", length=0, labelsize=8, labelcolor=style.INK)
        for at, (value, y) in enumerate(zip(values.tolist(), tops, strict=True)):
            text = _money(value, model) if at in (0, len(values) - 1) else numbers.signed(value, currency)
            text = style.drawable(style.fit(text, room - 0.02, 7.5))
            axes.text(at, y + 0.02 * top, text, ha="center", va="bottom", fontsize=7.5, color=style.INK)

    return Chart(say("picture.arr_bridge.head"), say("picture.arr_bridge.said"), (), draw, left=1.25, below=0.55)


def _money(value: float, model: Model) -> str:
    return numbers.estimate({"mean": value, "low": None, "high": None, "unit": model.spec.currency})


def _horizontal(axes: Axes, size: Size, top: float, unit: str) -> None:
    axes.set_xlim(0, 1.02 * top or 1.0)
    ticks.quiet(axes, "x", unit, size[0], inside=False)


def _behind(axes: Axes, ends: Sequence[float], texts: Sequence[str]) -> None:
    """Texts behind the ends of bars."""
    for row, (x, text) in enumerate(zip(ends, texts, strict=True)):
        axes.annotate(
            style.drawable(text),
            (float(x), row),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=style.MUTED,
            annotation_clip=False,
        )
