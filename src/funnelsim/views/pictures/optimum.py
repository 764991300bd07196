"""Pictures of an optimum: cost against outcome with the frontier, and the best point's rivals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from funnelsim.experiments.statistics.paired import Verdict
from funnelsim.experiments.study.goals import COST

from ..sentences.optimum import costs_anything
from ..sentences.optimum_names import Names
from ..words import numbers, say
from . import style, ticks

if TYPE_CHECKING:
    from funnelsim.experiments.optimisation.fronts import FrontPoint
    from funnelsim.experiments.optimisation.result import Optimum, Rival
    from funnelsim.experiments.optimisation.search import Tried

WIDTH = 9.6
CHART = 3.7
"""Inches of the height of the chart of cost and outcome."""
LEFT = 1.25
"""Inches of the figures left of the chart, with what they are."""
ROW, TOP, FOOT = 0.3, 1.05, 0.75
"""Inches of a row, above the chart, and of its axis with its label."""
NAMES = 4.2
"""Inches for the names of rivals, at most; they may take two lines."""
MOST_RIVALS = 20
"""Rivals that are drawn at most."""

NUMBERED, AROUND = 11, 16
"""Points of the width of a numbered point, and of a mark around one, which leaves its number to be read."""

BEST, CUT = "#2F7D6B", style.LIMIT


def frontier(optimum: Optimum) -> Figure:
    """Draw what points cost a year and bring; the rivals where nothing is set against cost."""
    if optimum.goal.outcome is None or not costs_anything(optimum) or not optimum.front:
        return points(optimum)
    front = optimum.front
    height = TOP + CHART + FOOT + ROW * len(front) + 0.25
    figure, page = style.canvas(WIDTH, height)
    names = Names(optimum)
    _head(page, height, optimum, names)
    label = optimum.goal.labels[optimum.goal.outcome]
    box = (LEFT / WIDTH, (height - TOP - CHART) / height, (WIDTH - LEFT - 0.35) / WIDTH, CHART / height)
    axes = figure.add_axes(box)
    _chart(axes, optimum)
    _axis(axes, f"{label}", front[0].outcome.unit, front[0].cost.unit)
    y = height - TOP - CHART - FOOT - 0.05
    _list(page, y, optimum, names)
    return figure


def _head(page: Axes, height: float, optimum: Optimum, names: Names) -> None:
    head = _title(optimum, names)
    style.write(page, 0.25, height - 0.38, style.fit(head, WIDTH - 0.5, 13, bold=True), 13, bold=True)
    said = say("picture.optimum.said", number=len(optimum.found.tried))
    style.write(page, 0.25, height - 0.66, said, 8.5, style.MUTED)


def _title(optimum: Optimum, names: Names) -> str:
    best = optimum.best
    return say("picture.optimum.none") if best is None else say("picture.optimum.best", point=names.point(best))


def _chart(axes: Axes, optimum: Optimum) -> None:
    goal, front = optimum.goal, optimum.front
    others = [one for one in optimum.found.tried if one.latest is not None]
    kept = [one for one in others if not goal.broken(one.latest or {}, but_budget=True)]
    broken = [one for one in others if goal.broken(one.latest or {}, but_budget=True)]
    axes.plot(*_places(optimum, broken), "x", color=style.AUTOMATED, ms=4, mew=0.8, alpha=0.7)
    axes.plot(*_places(optimum, kept), "o", color=style.AUTOMATED, ms=4, mew=0, alpha=0.7)
    equal = [rival.tried for rival in optimum.as_good]
    axes.plot(*_places(optimum, equal), "o", mfc="none", mec=BEST, ms=AROUND, mew=1.2)
    x, y = [each.cost.mean or 0.0 for each in front], [each.outcome.mean or 0.0 for each in front]
    axes.plot(x, y, "-", color=style.TEAMS[0], lw=1.2, zorder=2)
    for number, each in enumerate(front, start=1):
        best = each.tried is optimum.best
        _front_point(axes, each, number, BEST if best else style.TEAMS[0])
    if optimum.best is not None and all(each.tried is not optimum.best for each in front):
        axes.plot(*_places(optimum, [optimum.best]), "D", color=BEST, ms=7, zorder=4)
    today = optimum.found.today
    size = AROUND if any(each.tried is today for each in front) else 7
    axes.plot(*_places(optimum, [today]), "s", mfc="none", mec=style.INK, ms=size, mew=1.2, zorder=4)
    for limit in goal.limits:
        if limit.kpi == COST and limit.at_most:
            axes.axvline(limit.value / goal.years, color=CUT, lw=1.2, ls="--", zorder=1)
    _legend(axes, optimum, bool(broken))


def _front_point(axes: Axes, each: FrontPoint, number: int, colour: str) -> None:
    x, y = each.cost.mean or 0.0, each.outcome.mean or 0.0
    if each.outcome.low is not None and each.outcome.high is not None:
        axes.plot([x, x], [each.outcome.low, each.outcome.high], color=colour, lw=1.0, alpha=0.6, zorder=2)
    axes.plot([x], [y], "o", color=colour, ms=NUMBERED, zorder=3)
    axes.annotate(str(number), (x, y), color=style.PAPER, fontsize=7, ha="center", va="center", zorder=5)


def _places(optimum: Optimum, ones: Iterable[Tried]) -> tuple[list[float], list[float]]:
    """Cost a year and outcome of points that have both."""
    x, y = [], []
    for one in ones:
        cost, outcome = _mean(optimum, one, COST), _mean(optimum, one, str(optimum.goal.outcome))
        if cost is not None and outcome is not None:
            x.append(cost / optimum.goal.years)
            y.append(outcome)
    return x, y


def _mean(optimum: Optimum, one: Tried, kpi: str) -> float | None:
    """A figure of a point; one that was not measured lies as far from the best as in the replications of both.

    Those had luck of their own, which all points share.
    """
    if one.measured is not None:
        return one.measured[kpi].mean
    own = None if one.early is None else one.early[kpi].mean
    best = optimum.best
    if best is None or best.early is None or best.measured is None or own is None:
        return own
    before, after = best.early[kpi].mean, best.measured[kpi].mean
    return own if before is None or after is None else after + own - before


def _legend(axes: Axes, optimum: Optimum, broken: bool) -> None:
    shown = [("o", style.AUTOMATED, style.AUTOMATED, say("picture.optimum.tried"))]
    if broken:
        shown.append(("x", style.AUTOMATED, style.AUTOMATED, say("picture.optimum.breaks")))
    shown.append(("s", "none", style.INK, say("picture.optimum.today")))
    if optimum.best is not None:
        shown.append(("o", BEST, BEST, say("optimum.known.best")))
    if optimum.as_good:
        shown.append(("o", "none", BEST, say("optimum.known.as_good")))
    handles = [
        axes.plot([], [], marker, mfc=inner, mec=edge, ms=6, ls="", label=label)[0]
        for marker, inner, edge, label in shown
    ]
    if any(limit.kpi == COST and limit.at_most for limit in optimum.goal.limits):
        handles += axes.plot([], [], "--", color=CUT, lw=1.2, label=say("picture.optimum.budget"))
    axes.legend(handles=handles, frameon=False, fontsize=7.5, labelcolor=style.MUTED)


def _axis(axes: Axes, label: str, unit: str, money: str) -> None:
    axes.set_facecolor(style.PANEL)
    axes.spines[["top", "right", "left", "bottom"]].set_visible(False)
    axes.margins(0.07)
    ticks.quiet(axes, "x", money.removesuffix("/y"), WIDTH - LEFT - 0.35)
    ticks.quiet(axes, "y", unit, CHART)
    axes.set_xlabel(say("picture.optimum.cost"), color=style.MUTED, fontsize=8.5)
    axes.set_ylabel(style.drawable(label), color=style.MUTED, fontsize=8.5, parse_math=False)


def _list(page: Axes, y: float, optimum: Optimum, names: Names) -> None:
    """The points of the frontier by name, with cost, outcome and a remark, from ``y`` downwards."""
    front = optimum.front
    costs = [numbers.estimate(each.cost.to_dict(), interval=False) for each in front]
    outcomes = [numbers.estimate(each.outcome.to_dict()) for each in front]
    outcome_ends = 7.2
    cost_ends = min(5.85, outcome_ends - style.widest(outcomes, 8.5) - 0.25)
    room = min(3.9, cost_ends - style.widest(costs, 8.5) - 0.2 - 0.62)
    for at, each in enumerate(front):
        line = y - ROW * (at + 0.5)
        best = each.tried is optimum.best
        colour = BEST if best else style.INK
        style.write(page, 0.5, line, f"{at + 1}", 8.5, colour, bold=True, align="right")
        name = style.fit(names.point(each.tried), room, 8.5, bold=best)
        style.write(page, 0.62, line, name, 8.5, colour, bold=best)
        style.write(page, cost_ends, line, costs[at], 8.5, colour, align="right")
        style.write(page, outcome_ends, line, outcomes[at], 8.5, colour, align="right")
        said = style.fit(_remark(each, best), WIDTH - outcome_ends - 0.25, 7.5)
        style.write(page, outcome_ends + 0.15, line, said, 7.5, style.MUTED)


def _remark(each: FrontPoint, best: bool) -> str:
    if best:
        return say("optimum.known.best" if each.apart else "picture.optimum.best_no_more")
    if not each.affordable:
        return say("picture.optimum.over_budget" if each.apart else "picture.optimum.over_no_more")
    return "" if each.apart else say("picture.optimum.no_more")


def points(optimum: Optimum) -> Figure:
    """Draw how far each rival is from the best."""
    rivals = optimum.rivals[:MOST_RIVALS]
    height = TOP + ROW * max(1, len(rivals)) + 0.55
    figure, page = style.canvas(WIDTH, height)
    names = Names(optimum)
    head = _title(optimum, names)
    style.write(page, 0.25, height - 0.38, style.fit(head, WIDTH - 0.5, 13, bold=True), 13, bold=True)
    label = optimum.goal.labels[optimum.goal.kpi]
    said = say("picture.optimum.rivals", kpi=label, replications=optimum.found.measured)
    style.write(page, 0.25, height - 0.66, style.fit(said, WIDTH - 0.5, 8.5), 8.5, style.MUTED)
    if not rivals:
        return figure
    bottom = height - TOP - ROW * len(rivals)
    called = [names.point(rival.tried) for rival in rivals]
    left = style.column(called, 8.5, NAMES) + 0.45
    right = WIDTH - style.widest([_known(rival) for rival in rivals], 8) - 0.4
    box = (left / WIDTH, bottom / height, (right - left) / WIDTH, ROW * len(rivals) / height)
    axes = figure.add_axes(box)
    _differences(axes, rivals, optimum.zone, right - left)
    for row, rival in enumerate(rivals):
        y = height - TOP - ROW * (row + 0.5) - 0.04
        name = style.fit(called[row], left - 0.4, 8.5)
        if name != called[row]:
            name = style.fit(called[row], left - 0.4, 7, lines=2)
        style.write(page, 0.25, y + 0.065 * name.count("\n"), name, 7 if "\n" in name else 8.5)
        style.write(page, right + 0.12, y, _known(rival), 8, _colour(rival))
    return figure


def _differences(axes: Axes, rivals: Sequence[Rival], zone: float, inches: float) -> None:
    axes.set_facecolor(style.PANEL)
    axes.spines[["top", "right", "left", "bottom"]].set_visible(False)
    axes.axvspan(-zone, zone, color=style.HAIRLINE, lw=0)
    axes.axvline(0, color=style.INK, lw=0.9)
    for row, rival in enumerate(rivals):
        colour = _colour(rival)
        if rival.low is not None and rival.high is not None:
            axes.plot([rival.low, rival.high], [row, row], color=colour, lw=2.0, solid_capstyle="butt")
        axes.plot([rival.difference.mean or 0.0], [row], "o", color=colour, ms=5)
    axes.set_ylim(len(rivals) - 0.5, -0.5)
    axes.set_yticks([])
    axes.margins(x=0.06)
    ticks.quiet(axes, "x", rivals[0].difference.unit, inches, signed=True, inside=True)


def _colour(rival: Rival) -> str:
    if rival.verdict is Verdict.SAME:
        return BEST
    return style.MUTED if rival.verdict in (Verdict.OPEN, Verdict.STEADY) else CUT


def _known(rival: Rival) -> str:
    if rival.verdict is Verdict.SAME:
        return say("optimum.known.as_good")
    if rival.verdict in (Verdict.OPEN, Verdict.STEADY):
        return say("optimum.known.not_told_apart")
    return numbers.signed(rival.difference.mean or 0.0, rival.difference.unit)
