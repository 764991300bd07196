"""The picture of a comparison: differences with their intervals, one panel a KPI.

The interval of each arm stands left or right of the line at zero, or across it; the band around zero is what does
not matter. Intervals hold together, so whatever stands clear of zero may be believed at the same time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from funnelsim.experiments.statistics.paired import Verdict
from funnelsim.experiments.study.question import less_is_better

from ..sentences.comparison import label as called
from ..sentences.comparison import verdict
from ..words import numbers, say
from . import style, ticks

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.judging import Finding
    from funnelsim.experiments.comparison.result import Comparison

WIDTH = 9.0
NAMES = 3.4
"""Inches for the names of arms, at most; they may take two lines."""
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
    style.write(page, 0.25, height - 0.66, style.fit(said, WIDTH - 0.5, 8.5), 8.5, style.MUTED)
    words = style.column([_words(each) for each in comparison.findings], 8.5, 2.6) + 0.4
    labels = [called(comparison.base, kpi) for kpi in kpis]
    names = max(style.column(arms, 9, NAMES), style.column(labels, 10.5, NAMES, bold=True))
    columns = names + 0.45, WIDTH - words
    for number, (kpi, label) in enumerate(zip(kpis, labels, strict=True)):
        findings = [each for each in comparison.findings if each.kpi == kpi]
        top = height - TOP - panel * number
        value = numbers.estimate(findings[0].base.to_dict(), interval=False)
        base = say("picture.differences.base", base=comparison.question.base, value=value)
        label = style.fit(label, columns[0] - 0.35, 10.5, bold=True)
        style.write(page, 0.25, top - 0.22, label, 10.5, bold=True)
        base = style.fit(base, WIDTH - columns[0] - 0.25, 8.5)
        style.write(page, columns[0], top - 0.22, base, 8.5, style.MUTED)
        _kpi(figure, page, findings, columns, top - panel + FOOT)
    return figure


def _kpi(figure: Figure, page: Axes, findings: list[Finding], columns: tuple[float, float], bottom: float) -> None:
    """The panel of a KPI with the names on its left and what is known on its right."""
    (left, right), height = columns, page.get_ylim()[1]
    rows = ROW * len(findings)
    axes = figure.add_axes((left / WIDTH, bottom / height, (right - left) / WIDTH, rows / height))
    _panel(axes, findings, right - left)
    for row, each in enumerate(findings):
        y = bottom + rows - ROW * (row + 0.5) - 0.05
        name = style.fit(each.arm, left - 0.4, 9, lines=2)
        style.write(page, 0.25, y + 0.08 * name.count("\n"), name, 9)
        style.write(page, right + 0.15, y, style.fit(_words(each), WIDTH - right - 0.2, 8.5), 8.5, _colour(each))


def _panel(axes: Axes, findings: list[Finding], inches: float) -> None:
    axes.set_facecolor(style.PANEL)
    for side in ("top", "left", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.axvspan(-findings[0].zone, findings[0].zone, color=style.HAIRLINE, lw=0)
    axes.axvline(0, color=style.INK, lw=0.9)
    for row, each in enumerate(findings):
        if each.difference.mean is None:
            continue
        colour = _colour(each)
        if each.low is not None and each.high is not None:
            axes.plot([each.low, each.high], [row, row], color=colour, lw=2.2, solid_capstyle="butt")
        axes.plot([each.difference.mean], [row], "o", color=colour, ms=5.5)
    axes.set_ylim(len(findings) - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xlim(*_span(findings))
    ticks.quiet(axes, "x", findings[0].base.unit, inches, signed=True, inside=True)


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
