"""What ``comparison.plot`` and ``comparison.sentences`` give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .pictures import comparison as comparison_picture
from .pictures import style
from .sentences.comparison import sentences
from .words import say, speaking

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from funnelsim.experiments.comparison.result import Comparison

__all__ = ["Plot", "sentences"]


class Plot:
    """The pictures of one comparison."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison

    def differences(self, *, lang: str | None = None) -> Figure:
        """Each KPI of each arm less the base's, with intervals that hold together."""
        with speaking(lang):
            return style.stamped(comparison_picture.draw(self._comparison), self._comparison.stamp)

    def html(self) -> str:
        """The main picture as an element of a page."""
        return style.element(self.differences(), say("picture.differences.name"))
