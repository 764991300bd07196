"""The pictures by name: from a result to a matplotlib figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .pictures import facts, style
from .pictures import funnel as funnel_picture
from .pictures import line as line_picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from funnelsim.results.result import Result


def line(result: Result) -> Figure:
    """The production line: stages as stations from left to right.

    Each station shows the leads in it on average, the part of them that waits for a rep, and the team; arrows
    show the leads that advance per month; gauges below show how busy each team is. The limit is marked.

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
