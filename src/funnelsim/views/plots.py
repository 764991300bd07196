"""The pictures by name: from a result to a matplotlib figure."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from funnelsim.errors import FunnelsimError
from funnelsim.results.profiles import courses, hours, splits, sums
from funnelsim.results.profiles.forecast import FLOWS
from funnelsim.scenario.forms.base import unknown

from .pictures import bars, facts, style
from .pictures import courses as course_pictures
from .pictures import funnel as funnel_picture
from .pictures import line as line_picture
from .pictures.chart import Chart, in_figure, shown
from .pictures.own_data import forecast as forecast_picture
from .player.making import taken
from .words import speaking

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from funnelsim.results.result import Result

    from .accessor import Plot


def _hours(result: Result) -> Chart:
    """Of all replications that kept their event log, or of the first, which is run again with its own."""
    records = result.replicates if _have_events(result) else (taken(result, 1).records,)
    return course_pictures.hours(hours.utilisation(records, result.model), result.replications, len(records))


def _have_events(result: Result) -> bool:
    try:
        return all(each.events is not None for each in result.replicates)
    except FunnelsimError:  # no records at all
        return False


CHARTS: dict[str, Callable[[Result], Chart]] = {
    "queues": lambda r: course_pictures.queues(courses.queues(r.replicates, r.model), r.model, r.replications),
    "work_in_progress": lambda r: course_pictures.work_in_progress(
        courses.in_line(r.replicates, r.model), r.model, r.replications
    ),
    "utilisation": lambda r: course_pictures.utilisation(
        courses.utilisation(r.replicates, r.model), r.model, r.replications
    ),
    "hours": _hours,
    "bookings": lambda r: course_pictures.bookings(
        *courses.bookings(r.replicates, r.model), r.model, r.replications
    ),
    "ageing": lambda r: bars.ageing(splits.ages(r.replicates, r.model)),
    "cycle": lambda r: bars.cycle(splits.causes(r.replicates, r.model)),
    "arr_bridge": lambda r: bars.bridge(sums.bridge(r.replicates, r.model), r.model),
    "reps": lambda r: bars.reps(sums.reps(r.replicates, r.model), r.model),
    "territories": lambda r: bars.territories(sums.territories(r.replicates, r.model), r.model),
}
"""Pictures that are drawn from records: what each shows."""


def chart(name: str, result: Result, axes: Axes | None = None) -> Figure | Axes:
    """A picture that is drawn from records, or the panel that was given, with it."""
    return shown(CHARTS[name](result), result.stamp, axes)


def forecast(result: Result, flow: str, cumulated: bool, axes: Axes | None = None) -> Figure | Axes:
    """The bands of a forecast by month."""
    if flow not in FLOWS:
        raise FunnelsimError(f"forecast: {unknown('flow', flow, FLOWS)}", code="E-name-unknown")
    return shown(forecast_picture.forecast(result.forecast(), flow, cumulated), result.stamp, axes)


def drawable(plot: Plot, lang: str | None = None) -> dict[str, Callable[[], Figure]]:
    """Pictures by name, those that there are of this result and for which nothing has to be run again."""
    result = plot._result
    found: dict[str, Callable[[], Figure]] = {
        "line": partial(plot.line, lang=lang),
        "funnel": partial(plot.funnel, lang=lang),
    }
    for name in CHARTS:
        try:
            if name == "hours" and not _have_events(result):
                continue
            with speaking(lang):
                made = CHARTS[name](result)
        except FunnelsimError:  # what the scenario does not have, or no records
            continue
        found[name] = partial(_figure, made, result, lang)
    return found


def _figure(made: Chart, result: Result, lang: str | None) -> Figure:
    with speaking(lang):
        return in_figure(made, result.stamp)


def line(result: Result) -> Figure:
    """The production line: stages as stations from left to right.

    Each station shows the leads in it on average, the part of them that waits for a rep, and the team; arrows
    show the leads that advance per month; gauges below show how busy each team is. The limit is marked.

    A diamond on an arrow is a handoff to another team; the station tells its delay (the mean over visits) and the
    share of leads that are lost on the way. A strip of two colours is a stage where another team joins touches.
    Levers that are on have numbers, which stand on the stages, teams and sources that they change.

    Parameters
    ----------
    result : Result
        Any result.

    Returns
    -------
    matplotlib.figure.Figure
        Independent of pyplot and its state.
    """
    return style.stamped(line_picture.draw(facts.line(result)), result.stamp)


def funnel(result: Result) -> Figure:
    """Leads that enter each stage of the line per month, and the share of them that advances.

    Parameters
    ----------
    result : Result
        Any result.

    Returns
    -------
    matplotlib.figure.Figure
        Independent of pyplot and its state.
    """
    return style.stamped(funnel_picture.draw(facts.line(result)), result.stamp)
