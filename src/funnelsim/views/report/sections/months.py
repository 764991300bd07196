"""A run month by month: leads that come, are won and lost, what is booked, and what is open."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from funnelsim.model.records import WON
from funnelsim.results.estimates import Estimate, mean_of
from funnelsim.results.measures.indicators import CENTS, DAY
from funnelsim.results.measures.window import is_lost

from ...pictures import style
from ...words import capital, say
from ..blocks import Cell

if TYPE_CHECKING:
    from funnelsim.model.records import Leads, Series
    from funnelsim.results.result import Result

WIDTH, HEIGHT = 9.0, 2.9
NAMES, APART = 3.6, 0.2
"""Inches in which months are named below a panel, and between two of them at least."""

SMALL = 7.5
"""Letters of figures and months, in points."""

Sums = NDArray[np.int64]


@dataclass(frozen=True)
class Months:
    """Whole months after the warm-up.

    Parameters
    ----------
    days : sequence of date
        The first day of each.
    columns : dict
        Estimates by month, by name of what they are of.
    """

    days: Sequence[dt.date]
    columns: dict[str, list[Estimate]]

    def rows(self) -> Iterator[tuple[str, tuple[Cell, ...]]]:
        """A row a month."""
        for at, day in enumerate(self.days):
            yield _month(day), tuple(Cell.of(column[at]) for column in self.columns.values())

    def draw(self) -> Figure:
        """Leads won and open, with the band in which 8 of 10 single runs lie."""
        figure = style.Picture(figsize=(WIDTH, HEIGHT), facecolor=style.PAPER, dpi=144)
        FigureCanvasAgg(figure)
        shown = [name for name in ("won", "open") if name in self.columns]
        for axes, name, colour in zip(figure.subplots(1, len(shown)), shown, style.TEAMS, strict=False):
            _panel(axes, self.columns[name], [_month(day) for day in self.days], colour)
            title = style.drawable(capital(say(f"report.col.{name}")))
            axes.set_title(title, loc="left", fontsize=9.5, fontweight="bold", color=style.INK)
        figure.tight_layout()
        return figure


def _panel(axes: Axes, column: Sequence[Estimate], months: Sequence[str], colour: str) -> None:
    places = np.arange(len(column))
    ends = [each.range for each in column]
    if all(ends):
        low, high = zip(*(each for each in ends if each is not None), strict=True)
        axes.fill_between(places, low, high, color=style.tint(colour, 0.25), linewidth=0)
    axes.plot(places, [each.mean or 0.0 for each in column], color=colour, linewidth=1.8)
    axes.set_ylim(bottom=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(style.HAIRLINE)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.tick_params(length=0, labelsize=SMALL, labelcolor=style.MUTED)
    axes.grid(axis="y", color=style.HAIRLINE, linewidth=0.6)
    axes.set_axisbelow(True)
    every = max(1, math.ceil(len(months) * (style.widest(months, SMALL) + APART) / NAMES))
    axes.set_xticks(places[::every], list(months[::every]))


def by_month(run: Result) -> Months:
    """Count what happened in each whole month after the warm-up."""
    model = run.model
    edges = list(_edges(model.start, model.warmup, model.horizon))
    times = np.array([at for _, at in edges], dtype=np.int64)
    counts = [_counts(each.leads, times) for each in run.replicates]
    units = {"created": "leads", "won": "leads", "lost": "leads", "booked": model.spec.currency, "open": "leads"}
    columns = {}
    for name, unit in units.items():
        values = np.array([each[name] for each in counts])
        if values.any():
            scale = CENTS if name == "booked" else 1
            columns[name] = [mean_of(column.tolist(), unit, scale) for column in values.T]
    return Months([day for day, _ in edges[:-1]], columns)


def waits_by_month(run: Result) -> Months:
    """Leads in the line, and what waits for each team, averaged over each whole month after the warm-up."""
    model = run.model
    days, times = zip(*_edges(model.start, model.warmup, model.horizon), strict=True)
    bins = np.searchsorted(model.edges, times)
    widths = np.diff(times)[:, None]
    names = ("", *model.team_names)
    found = np.array([_areas(each.series, bins) / widths for each in run.replicates])
    columns = {
        name: [mean_of(month.tolist(), "leads") for month in found[:, :, at].T] for at, name in enumerate(names)
    }
    return Months(days[:-1], columns)


def _areas(series: Series, bins: Sums) -> Sums:
    """Areas of leads in the line, and of what waits for each team, from one edge to the next."""
    by_day = np.column_stack([series.wip.sum(axis=1), series.team_queue])
    before = np.concatenate([np.zeros((1, by_day.shape[1]), np.int64), np.cumsum(by_day, axis=0)])
    areas: Sums = np.diff(before[bins], axis=0)
    return areas


def _edges(start: dt.date, warmup: int, horizon: int) -> Iterator[tuple[dt.date, int]]:
    """First days of months from the warm-up to the horizon, with their times."""
    day = start.replace(day=1)
    while (at := (day - start).days * DAY) <= horizon:
        if at >= warmup:
            yield day, at
        day = (day + dt.timedelta(days=32)).replace(day=1)


def _counts(leads: Leads, edges: Sums) -> dict[str, Sums]:
    """What happened between one edge and the next in a replication; open ones are counted at the end."""
    ended = np.where(leads.outcome >= 0, leads.ended, np.iinfo(np.int64).max)
    won = leads.outcome == WON

    def between(times: Sums, weights: Sums | None = None) -> Sums:
        found = np.histogram(times, edges, weights=weights)[0]
        return np.rint(found).astype(np.int64)

    came = np.searchsorted(np.sort(leads.created), edges[1:], side="left")
    gone = np.searchsorted(np.sort(ended), edges[1:], side="left")
    return {
        "created": between(leads.created[leads.opening == 0]),
        "won": between(ended[won]),
        "lost": between(ended[is_lost(leads.outcome)]),
        "booked": between(ended[won], leads.booked[won]),
        "open": (came - gone).astype(np.int64),
    }


def _month(day: dt.date) -> str:
    return say("report.month", year=f"{day.year:04}", month=f"{day.month:02}")
