"""The picture of a target: which share of the runs reaches each value, and where the target lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from funnelsim.arguments import checked

from ..sentences import outlooks
from ..words import say, speaking
from . import style, ticks
from .chart import Chart, Size, shown

if TYPE_CHECKING:
    from funnelsim.experiments.targets.outlook import Outlook

ROOM = 0.06
"""Beyond the outermost value on each side, as a share of the axis."""


class Plot:
    """The picture of one outlook."""

    def __init__(self, outlook: Outlook) -> None:
        self._outlook = outlook

    @checked
    def outcomes(self, axes: Axes | None = None, *, lang: str | None = None) -> Figure | Axes:
        """Which share of the runs reaches each value."""
        with speaking(lang):
            return shown(chart(self._outlook), self._outlook.stamp, axes)

    def html(self) -> str:
        """The same as an element of a page."""
        figure = self.outcomes()
        assert isinstance(figure, Figure)
        return style.element(figure, say("picture.outcomes.head", kpi=outlooks.label(self._outlook)))


def chart(outlook: Outlook) -> Chart:
    """The shares of the runs as steps, and the target as an upright line."""
    known = sorted(each for each in outlook.arm.figures(outlook.target.kpi) if each is not None)
    reached = say("picture.outcomes.reached")
    keys = [
        (reached, style.team_colour(0)),
        (say("picture.outcomes.target", goal=outlooks.goal(outlook)), style.LIMIT),
    ]

    def draw(axes: Axes, size: Size) -> None:
        values = [*known, outlook.target.value]
        room = ROOM * (max(values) - min(values)) or abs(values[0]) * ROOM or 1.0
        low, high = min(values) - room, max(values) + room
        if known:
            places, shares = _steps(known, low, high, outlook.target.at_least)
            axes.plot(places, shares, color=style.team_colour(0), lw=2.0)
        axes.axvline(outlook.target.value, color=style.LIMIT, lw=1.3, ls="--")
        axes.set_xlim(low, high)
        axes.set_ylim(0, 1.02)
        ticks.quiet(axes, "x", outlook.unit, size[0], inside=True)
        ticks.quiet(axes, "y", "share", size[1])

    side = "at_least" if outlook.target.at_least else "at_most"
    head = say("picture.outcomes.head", kpi=outlooks.label(outlook))
    return Chart(head, say(f"picture.outcomes.{side}", runs=len(known)), keys, draw)


def _steps(known: list[float], low: float, high: float, at_least: bool) -> tuple[list[float], list[float]]:
    """The corners of the share of values that lie at or above each place, or at or below it."""
    places, shares = [low], [1.0 if at_least else 0.0]
    for number, value in enumerate(known, 1):
        after = 1 - number / len(known) if at_least else number / len(known)
        places += [value, value]
        shares += [shares[-1], after]
    return [*places, high], [*shares, shares[-1]]
