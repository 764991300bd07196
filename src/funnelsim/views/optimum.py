"""What ``optimum.plot`` and ``optimum.words`` give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .pictures import optimum as optimum_picture
from .pictures import style
from .sentences.optimum import sentences
from .words import say, speaking

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from funnelsim.experiments.optimisation.result import Optimum

__all__ = ["Plot", "sentences"]


class Plot:
    """The pictures of one optimum."""

    def __init__(self, optimum: Optimum) -> None:
        self._optimum = optimum

    def frontier(self, *, lang: str | None = None) -> Figure:
        """What each point costs a year and brings; the frontier, the budget and the best."""
        with speaking(lang):
            return style.stamped(optimum_picture.frontier(self._optimum), self._optimum.stamp)

    def points(self, *, lang: str | None = None) -> Figure:
        """The best point and its rivals: how far each is behind, with intervals that hold together."""
        with speaking(lang):
            return style.stamped(optimum_picture.points(self._optimum), self._optimum.stamp)

    def html(self) -> str:
        """The main picture as an element of a page."""
        return style.element(self.frontier(), say("picture.optimum.name"))
