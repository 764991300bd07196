"""The picture of causes: bars that add up from what is left without any to the whole difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from funnelsim.experiments.study.question import less_is_better

from ...sentences.reasons.causes import figure, name
from ...words import say, speaking
from .. import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from funnelsim.experiments.causes.account import Account, Told
    from funnelsim.experiments.causes.result import Causes

WIDTH = 9.0
MARGIN = 0.3
NAMES, FIGURES = 2.3, 1.75
"""Inches of the names of causes on the left, and of figures on the right."""
ROW, BAR, HEAD = 0.38, 0.22, 0.95
"""Inches of a row, of the bar in it, and above all rows."""
BETTER, WORSE, WHOLE = "#2F7D6B", style.LIMIT, "#3E6C9E"


class Plot:
    """The pictures of causes."""

    def __init__(self, causes: Causes) -> None:
        self._causes = causes

    def waterfall(self, arm: str | None = None, kpi: str | None = None, *, lang: str | None = None) -> Figure:
        """How the parts add up to a difference; by default that of the first arm in the first KPI."""
        causes = self._causes
        of = causes.arms[0] if arm is None else arm
        what = causes.kpis[0] if kpi is None else kpi
        with speaking(lang):
            return style.stamped(draw(causes, of, what), causes.stamp)

    def html(self) -> str:
        """The same of all arms and KPIs as elements of a page."""
        told = say("picture.causes.name")
        return "".join(style.element(self.waterfall(*pair), told) for pair in self._causes.told)


class Step(NamedTuple):
    """A bar from one sum to the next, and what is told of it."""

    text: str
    begin: float
    told: Told
    said: str
    total: bool = False


def draw(causes: Causes, arm: str, kpi: str) -> Figure:
    """Draw one difference."""
    steps = _steps(causes.accounts[arm][kpi])
    height = HEAD + ROW * len(steps) + 0.15
    picture, axes = style.canvas(WIDTH, height)
    room = WIDTH - 2 * MARGIN
    head = say("picture.causes.head", kpi=causes.label(kpi), arm=arm, base=causes.base)
    style.write(axes, MARGIN, height - 0.4, style.fit(head, room, 13, bold=True), 13, bold=True)
    how = say("picture.causes.how", number=f"{causes.replications:,}")
    style.write(axes, MARGIN, height - 0.66, style.fit(how, room, 9), 9, style.MUTED)
    scale = _Scale(steps, MARGIN + NAMES + 0.15, WIDTH - MARGIN - FIGURES - 0.15)
    zero = scale(0.0)
    axes.plot([zero, zero], [0.12, height - HEAD + 0.08], color=style.HAIRLINE, lw=1, zorder=0)
    more, less = (WORSE, BETTER) if less_is_better(kpi) else (BETTER, WORSE)
    for at, step in enumerate(steps):
        colour = WHOLE if step.total else more if (step.told.difference.mean or 0.0) > 0 else less
        _bar(axes, step, height - HEAD - ROW * (at + 0.5), scale, colour)
    _links(axes, steps, height - HEAD, scale)
    return picture


def _steps(account: Account) -> list[Step]:
    rest = account.rest.difference.mean or 0.0
    steps = [Step(say("cause.none"), 0.0, account.rest, figure(account, account.rest), True)]
    for part in account.parts:
        steps.append(Step(name(part.cause), rest, part.told, figure(account, part.told)))
        rest += part.difference.mean or 0.0
    return [*steps, Step(say("cause.difference"), 0.0, account.told, figure(account, account.told), True)]


class _Scale:
    """From a figure to inches."""

    def __init__(self, steps: list[Step], left: float, right: float) -> None:
        ends = [0.0]
        for step in steps:
            mean = step.told.difference.mean or 0.0
            low, high = step.told.low, step.told.high
            ends += [step.begin, step.begin + mean]
            ends += [step.begin + low, step.begin + high] if low is not None and high is not None else []
        self._low, self._left = min(ends), left
        self._by = (right - left) / ((max(ends) - self._low) or 1.0)

    def __call__(self, value: float) -> float:
        return self._left + (value - self._low) * self._by


def _bar(axes: Axes, step: Step, middle: float, scale: _Scale, colour: str) -> None:
    mean = step.told.difference.mean or 0.0
    first, last = sorted((scale(step.begin), scale(step.begin + mean)))
    weight = "bold" if step.text == say("cause.difference") else "normal"
    written = style.fit(step.text, NAMES, 9.5, bold=weight == "bold")
    style.write(axes, MARGIN, middle - 0.05, written, 9.5, bold=weight == "bold")
    axes.add_patch(Rectangle((first, middle - BAR / 2), max(last - first, 0.012), BAR, color=colour, lw=0))
    if step.told.low is not None and step.told.high is not None:
        ends = [scale(step.begin + step.told.low), scale(step.begin + step.told.high)]
        axes.plot(ends, [middle, middle], color=style.INK, lw=1, solid_capstyle="butt", zorder=3)
    said = style.fit(step.said, FIGURES, 9.5)
    style.write(axes, WIDTH - MARGIN, middle - 0.05, said, 9.5, bold=weight == "bold", align="right")


def _links(axes: Axes, steps: list[Step], top: float, scale: _Scale) -> None:
    """Thin lines from where a bar ends to where the next begins."""
    for at, step in enumerate(steps[:-1]):
        x = scale(step.begin + (step.told.difference.mean or 0.0))
        y = top - ROW * (at + 0.5) - BAR / 2
        axes.plot([x, x], [y, y - (ROW - BAR)], color=style.MUTED, lw=0.7, zorder=1)
