"""The table of handoffs: a row for each pair of teams of which one hands leads over to the other."""

from __future__ import annotations

from collections.abc import Callable

from funnelsim.model.model import Model
from funnelsim.model.records import Floats, Ints

from ..indicators import COUNT, HOURS, SHARE, Indicator, of_each, ratio
from ..window import Window
from .passes import Passes, passes

Arrays = tuple[Ints | Floats, ...]


def _of(take: Callable[[Passes], Arrays]) -> Callable[[Window], Arrays]:
    return lambda window: take(passes(window))


_INDICATORS = (
    Indicator("passed", "leads", _of(lambda found: (found.passed,)), COUNT),
    Indicator("wait", "h", _of(lambda found: (found.wait, found.touched)), HOURS),
    Indicator("delay", "h", _of(lambda found: (found.delay, found.touched)), HOURS),
    Indicator("dropped", "share", _of(lambda found: (found.dropped, found.known)), SHARE),
    Indicator("context", "share", _of(lambda found: (found.context, found.taken)), ratio()),
    Indicator("rework", "h", _of(lambda found: (found.rework, found.taken)), HOURS),
    Indicator("cooled", "share", _of(lambda found: (found.cooled, found.taken)), ratio()),
    Indicator("odds_lost", "share", _of(lambda found: (found.odds, found.weighed)), ratio()),
)

HANDOFF_INDICATORS: tuple[Indicator, ...] = of_each("handoff", _INDICATORS)
"""The columns of the table of handoffs, in order."""


def pairs_of(model: Model) -> tuple[tuple[str, str], ...]:
    """All pairs of teams in the order of `Passes`, of a team with itself too, which hands nothing over."""
    return tuple((giver, taker) for giver in model.team_names for taker in model.team_names)
