"""Figures along an axis: whole steps, as many decimals as a step has, and as many figures as there is room for."""

from __future__ import annotations

import datetime as dt
import math
from itertools import pairwise
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..words import numbers, say
from . import style

SIZE = 7.5
"""Letters of figures, in points."""

MOST = 6
"""Figures along an axis, at most."""

_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 600)
"""Distances of months along an axis."""

_STEPS = [1, 2, 2.5, 5, 10]
_APART = 0.14
"""Inches between two figures, at least."""

Tick = tuple[float, str]
"""Where a figure stands, and what is written there."""


def quiet(
    axes: Axes, which: Literal["x", "y"], unit: str, inches: float, signed: bool = False, inside: bool = False
) -> None:
    """Write figures along an axis whose limits are set, in small grey letters, with fine lines behind.

    Parameters
    ----------
    axes : Axes
        Where.
    which : {"x", "y"}
        Along which axis.
    unit : str
        Unit of the figures, as estimates have it.
    inches : float
        How long the axis is.
    signed : bool
        Whether they are differences: with signs, and points for shares.
    inside : bool
        Whether no figure may reach beyond the ends of the axis.
    """
    low, high = sorted(axes.get_xlim() if which == "x" else axes.get_ylim())
    found = ticks(low, high, unit, inches, signed, upright=which == "y", inside=inside)
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_ticks([place for place, _ in found], [text for _, text in found])
    axes.tick_params(axis=which, length=0, labelsize=SIZE, labelcolor=style.MUTED)
    axes.grid(axis=which, color=style.PAPER, lw=0.8)
    axes.set_axisbelow(True)


def ticks(
    low: float,
    high: float,
    unit: str,
    inches: float,
    signed: bool = False,
    upright: bool = False,
    inside: bool = False,
) -> list[Tick]:
    """Where figures stand between two ends, and what they are."""
    shown = numbers.unit_of(max(abs(low), abs(high)), unit, points=signed)

    def told(value: float, digits: int) -> str:
        if abs(value) < 1e-9 and (signed or shown.is_money):
            return "0"
        size = shown.text(shown.figure(abs(value) if signed else value, digits))
        return numbers.with_sign(value, size) if signed else size

    scale = inches / (high - low)
    found: list[Tick] = []
    for most in range(MOST, 0, -1):
        places = _whole(low / shown.divisor, high / shown.divisor, most)
        digits = _decimals(places)
        found = [(place * shown.divisor, style.drawable(told(place, digits))) for place in places]
        if inside and not upright:
            found = [each for each in found if _is_inside(each, low, high, scale)]
        if _have_room(found, scale, upright):
            return found
    return found[:1]


def dates(axes: Axes, start: dt.date, inches: float) -> None:
    """Write months along an axis of days since a date, whose limits are set, as many as there is room for."""
    low, high = axes.get_xlim()
    begin = np.datetime64(start, "D")
    first, last = (begin + np.timedelta64(int(days), "D") for days in (low, high))
    months = np.arange(first.astype("datetime64[M]"), last.astype("datetime64[M]") + 2)
    found: list[Tick] = []
    for every in _MONTHS:
        those = [month for month in months if int(month.astype(np.int64)) % every == 0]
        found = [
            (float((month.astype("datetime64[D]") - begin).astype(np.int64)), _month(month)) for month in those
        ]
        found = [each for each in found if _is_inside(each, low, high, inches / (high - low))]
        if _have_room(found, inches / (high - low), upright=False):
            break
    axes.set_xticks([place for place, _ in found], [text for _, text in found])
    axes.tick_params(axis="x", length=0, labelsize=SIZE, labelcolor=style.MUTED)


def hours(axes: Axes, inches: float) -> None:
    """Write hours of day along an axis whose limits are set, as many as there is room for."""
    low, high = axes.get_xlim()
    found: list[Tick] = []
    for every in (1, 2, 3, 6):
        found = [
            (float(hour), style.drawable(say("picture.hour", hour=hour)))
            for hour in range(math.ceil(low), math.floor(high) + 1)
            if hour % every == 0
        ]
        if _have_room(found, inches / (high - low), upright=False):
            break
    axes.set_xticks([place for place, _ in found], [text for _, text in found])
    axes.tick_params(axis="x", length=0, labelsize=SIZE, labelcolor=style.MUTED)


def _month(month: np.datetime64) -> str:
    day = month.astype(dt.date)
    return style.drawable(say("picture.month", year=f"{day.year:04}", month=f"{day.month:02}"))


def _whole(low: float, high: float, most: int) -> list[float]:
    """Whole steps between two ends."""
    room = 1e-9 * (high - low)
    places = [float(place) for place in MaxNLocator(most, steps=_STEPS).tick_values(low, high)]
    return [place for place in places if low - room <= place <= high + room]


def _decimals(places: list[float]) -> int:
    """Decimals in which places are written in full; below 0 for tens and more."""
    step = places[1] - places[0] if len(places) > 1 else abs(places[0]) if places else 1.0
    first = -math.floor(math.log10(step)) if step else 0
    return next(
        (n for n in range(first, first + 3) if math.isclose(round(step, n), step, rel_tol=1e-6)), first + 3
    )


def _half(tick: Tick) -> float:
    return style.widest([tick[1]], SIZE) / 2


def _is_inside(tick: Tick, low: float, high: float, scale: float) -> bool:
    return low + _half(tick) / scale <= tick[0] + 1e-9 and tick[0] <= high - _half(tick) / scale + 1e-9


def _have_room(found: list[Tick], scale: float, upright: bool) -> bool:
    def size(tick: Tick) -> float:
        return SIZE / 72 / 2 if upright else _half(tick)

    return all(
        (after[0] - before[0]) * scale >= size(before) + size(after) + _APART for before, after in pairwise(found)
    )
