"""Courses over time: queues, work in progress, utilisation by week and by hour, and bookings against quotas."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from funnelsim.model.model import Model
from funnelsim.results.profiles.courses import Course
from funnelsim.results.profiles.hours import Hours
from funnelsim.results.profiles.spread import ENOUGH, Row, Spread

from ..words import say
from . import style, ticks
from .chart import Chart, Size

BAND = 0.3
"""How strongly a band has the colour of its line."""


def queues(course: Course, model: Model, replications: int) -> Chart:
    """Lines of the queue of each team with bands."""
    return _lines("queues", course, course.names, "leads", model, replications)


def work_in_progress(course: Course, model: Model, replications: int) -> Chart:
    """Lines of all leads in the line, and of those that wait, with bands."""
    labels = tuple(say(f"picture.work_in_progress.{name}") for name in course.names)
    return _lines("work_in_progress", course, labels, "leads", model, replications)


def utilisation(course: Course, model: Model, replications: int) -> Chart:
    """Lines of how busy each team is, by week."""
    return _lines("utilisation", course, course.names, "share", model, replications)


def hours(found: Hours, replications: int, shown: int) -> Chart:
    """Lines of how busy each team is, by hour of day; ``shown`` of the replications are in it."""
    keys = [(label, style.team_colour(at)) for at, label in enumerate(found.names)]
    band = say("picture.hours.first") if shown < replications else _band(replications)

    def draw(axes: Axes, size: Size) -> None:
        there = np.flatnonzero(~np.isnan(found.spread.mean).all(axis=1))
        first, last = (int(there[0]), int(there[-1]) + 1) if len(there) else (0, 24)
        _draw_lines(axes, np.arange(24, dtype=np.float64) + 0.5, found.spread, marker="o")
        axes.set_xlim(first - 0.5, last + 0.5)  # room for the figures of both ends
        ticks.quiet(axes, "y", "share", size[1])
        ticks.hours(axes, size[0])

    return Chart(say("picture.hours.head"), say("picture.hours.said", band=band), keys, draw)


def bookings(course: Course, quota: Row | None, model: Model, replications: int) -> Chart:
    """What is booked since the warm-up, with its band, against the quotas."""
    keys = [(say("picture.bookings.booked"), style.team_colour(0))]
    if quota is not None:
        keys.append((say("picture.bookings.quota"), style.LIMIT))

    def draw(axes: Axes, size: Size) -> None:
        _draw(axes, size, course, model.spec.currency, model)
        if quota is not None:
            axes.plot(course.days, quota, color=style.LIMIT, lw=1.3, ls="--")
            axes.set_ylim(0, 1.05 * max(float(quota.max()), float(np.nanmax(course.spread.high))))
            ticks.quiet(axes, "y", model.spec.currency, size[1])

    return Chart(say("picture.bookings.head"), _said("bookings", replications), keys, draw, left=1.25)


def _lines(
    name: str, course: Course, labels: tuple[str, ...], unit: str, model: Model, replications: int
) -> Chart:
    keys = [(label, style.team_colour(at)) for at, label in enumerate(labels)]

    def draw(axes: Axes, size: Size) -> None:
        _draw(axes, size, course, unit, model)

    return Chart(say(f"picture.{name}.head"), _said(name, replications), keys, draw)


def _said(name: str, replications: int) -> str:
    return say(f"picture.{name}.said", band=_band(replications))


def _band(replications: int) -> str:
    band = "most" if replications >= ENOUGH else "all" if replications > 1 else "alone"
    return say(f"picture.band.{band}", number=replications)


def _draw(axes: Axes, size: Size, course: Course, unit: str, model: Model) -> None:
    _draw_lines(axes, course.days, course.spread)
    axes.set_xlim(float(course.days[0]), max(float(course.days[-1]), float(course.days[0]) + 1.0))
    ticks.quiet(axes, "y", unit, size[1])
    ticks.dates(axes, model.start, size[0])


def _draw_lines(axes: Axes, places: Row, spread: Spread, marker: str = "") -> None:
    """A line and its band for each column; what is nan is left out."""
    for at in range(spread.mean.shape[1]):
        colour = style.team_colour(at)
        if not np.array_equal(spread.low, spread.high, equal_nan=True):
            shade = style.tint(colour, BAND)
            axes.fill_between(places, spread.low[:, at], spread.high[:, at], color=shade, lw=0, alpha=0.6)
        axes.plot(places, spread.mean[:, at], color=colour, lw=1.6, marker=marker, ms=4)
    top = float(np.nanmax(spread.high, initial=0.0))
    axes.set_ylim(min(0.0, float(np.nanmin(spread.low, initial=0.0))), 1.05 * top or 1.0)
