"""What ``comparison.plot`` and ``comparison.sentences`` give."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

from . import comparison_picture
from .comparison_words import sentences

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from funnelsim.experiments.comparison import Comparison

__all__ = ["Plot", "sentences"]


class Plot:
    """The pictures of one comparison."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison

    def differences(self) -> Figure:
        """Each KPI of each arm less the base's, with intervals that hold together."""
        return comparison_picture.draw(self._comparison)

    def html(self) -> str:
        """The main picture as an element of a page."""
        buffer = io.BytesIO()
        self.differences().savefig(buffer, format="png", dpi=110)
        data = base64.b64encode(buffer.getvalue()).decode("ascii")
        return f'<img alt="Differences" style="max-width:100%" src="data:image/png;base64,{data}">'
