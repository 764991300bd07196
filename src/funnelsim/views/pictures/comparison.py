"""The picture of a comparison: differences with their intervals, one panel a KPI.

The interval of each arm stands left or right of the line at zero, or across it; the band around zero is what does
not matter. Intervals hold together, so whatever stands clear of zero may be believed at the same time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from funnelsim.experiments.statistics.paired import Verdict
from funnelsim.experiments.study.question import less_is_better

from ..sentences.comparison import verdict
from ..words import numbers, say
from . import style

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.judging import Finding
    from funnelsim.experiments.comparison.result import Comparison

WIDTH = 9.0
NAMES = 2.5
"""Inches for the names of arms."""
WORDS = 2.35
"""Inches for what is known, on the right."""
ROW, HEAD, FOOT, TOP = 0.36, 0.46, 0.36, 0.95
"""Inches of a row, above and below the rows of a panel, and above all panels."""

BETTER, WORSE = "#2F7D6B", style.LIMIT


def draw(comparison: Comparison) -> Figure:
    """Draw the differences of a comparison."""
    kpis = comparison.question.kpis
    arms = [arm.name for arm in comparison.arms if arm.name != comparison.question.base]
    panel = HEAD + ROW * len(arms) + FOOT
    height = TOP + panel * len(kpis) + 0.1
    figure, page = style.canvas(WIDTH, height)
    head = say("picture.differences.head", base=comparison.question.base)
    style.write(page, 0.25, height - 0.38, style.fit(head, WIDTH - 0.5, 14, bold=True), 14, bold=True)
    said = say(
        "picture.differences.said",
        replications=comparison.replications,
        sure=numbers.percent(1 - comparison.question.alpha),
    )
    style.write(page, 0.25, height - 0.66, said, 8.5, style.MUTED)
    for number, kpi in enumerate(kpis):
        findings = [each for each in comparison.findings if each.kpi == kpi]
        top = height - TOP - panel * number
        bottom = top - panel + FOOT
        label = comparison.base.indicators[kpi][1].label
        value = numbers.estimate(findings[0].base.to_dict(), interval=False)
        base = say("picture.differences.base", base=comparison.question.base, value=value)
        style.write(page, 0.25, top - 0.22, label, 10.5, bold=True)
        style.write(page, NAMES, top - 0.22, base, 8.5, style.MUTED)
        box = (NAMES / WIDTH, bottom / height, (WIDTH - NAMES - WORDS) / WIDTH, ROW * len(arms) / height)
        axes = figure.add_axes(box)
        _panel(axes, findings)
        for row, each in enumerate(findings):
            y = bottom + ROW * (len(arms) - row - 0.5) - 0.05
            name = style.fit(each.arm, NAMES - 0.4, 9, lines=2)
            style.write(page, 0.25, y + 0.08 * name.count("\n"), name, 9)
            style.write(page, WIDTH - WORDS + 0.15, y, _words(each), 8.5, _colour(each))
    return figure


def _panel(axes: Axes, findings: list[Finding]) -> None:
    axes.set_facecolor(style.PANEL)
    for side in ("top", "left", "right", "bottom"):
        axes.spines[side].set_visible(False)
    per = _per(findings)
    axes.axvspan(-findings[0].zone / per, findings[0].zone / per, color=style.HAIRLINE, lw=0)
    axes.axvline(0, color=style.INK, lw=0.9)
    for row, each in enumerate(findings):
        if each.difference.mean is None:
            continue
        colour = _colour(each)
        if each.low is not None and each.high is not None:
            axes.plot([each.low / per, each.high / per], [row, row], color=colour, lw=2.2, solid_capstyle="butt")
        axes.plot([each.difference.mean / per], [row], "o", color=colour, ms=5.5)
    axes.set_ylim(len(findings) - 0.5, -0.5)
    axes.set_yticks([])
    low, high = (end / per for end in _span(findings))
    axes.set_xlim(low, high)
    unit = findings[0].base.unit

    def said(x: float) -> str:
        return "0" if abs(x) < 1e-12 else numbers.signed(x * per, unit)

    axes.set_xticks(_ticks(low, high, said))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: said(x)))
    style.quiet_ticks(axes)


def _ticks(low: float, high: float, said: Callable[[float], str]) -> list[float]:
    """Where figures stand below a panel: none reaches out of it, and none into the next."""
    panel = WIDTH - NAMES - WORDS
    widest = style.widest([said(low), said(high)], 8)
    ticks = MaxNLocator(max(1, min(5, int(panel / (widest + 0.2))))).tick_values(low, high)
    places = {float(tick): (tick - low) / (high - low) * panel for tick in ticks}
    halves = {tick: style.widest([said(tick)], 8) / 2 for tick in places}
    return [tick for tick, x in places.items() if halves[tick] <= x <= panel - halves[tick]]


def _per(findings: list[Finding]) -> float:
    """Hours in the unit that ticks are to be whole in; 1 for all that is no time."""
    if findings[0].base.unit != "h":
        return 1.0
    reach = max(abs(end) for end in _span(findings))
    return 24.0 if reach >= 48 else 1.0 if reach >= 1 else 1 / 60


def _span(findings: list[Finding]) -> tuple[float, float]:
    """From left to right all that is drawn, zero included, and some room."""
    zone = findings[0].zone
    ends = [-zone, zone]
    for each in findings:
        ends += [x for x in (each.low, each.high, each.difference.mean) if x is not None]
    low, high = min(ends), max(ends)
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room


def _colour(each: Finding) -> str:
    if each.verdict not in (Verdict.MORE, Verdict.LESS):
        return style.MUTED
    return BETTER if (each.verdict is Verdict.LESS) == less_is_better(each.kpi) else WORSE


def _words(each: Finding) -> str:
    mean = each.difference.mean
    if mean is None or each.verdict is Verdict.NONE:
        return numbers.DASH
    if each.difference.exact or each.verdict is Verdict.STEADY:
        if each.difference.identical:
            return say("picture.differences.same")
        return say("picture.differences.in_each", value=numbers.signed(mean, each.base.unit))
    if each.verdict in (Verdict.MORE, Verdict.LESS):
        value = numbers.signed(mean, each.base.unit)
        return say("picture.differences.known", value=value, verdict=verdict(each.verdict))
    return verdict(each.verdict)
