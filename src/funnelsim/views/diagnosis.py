"""Words and pictures of a diagnosis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .pictures import diagnosis as diagnosis_picture
from .pictures import style
from .sentences.diagnosis import words
from .words import say, speaking

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from funnelsim.experiments.diagnosis.result import Diagnosis
    from funnelsim.experiments.sensitivity.tornado import Tornado

__all__ = ["Plot", "TornadoPlot", "words"]


class Plot:
    """The pictures of one diagnosis."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        self._diagnosis = diagnosis

    def steps(self, *, lang: str | None = None) -> Figure:
        """What each change brings through the line, step by step, and who was the limit when."""
        with speaking(lang):
            return style.stamped(diagnosis_picture.steps(self._diagnosis), self._diagnosis.stamp)

    def tornado(self, *, lang: str | None = None) -> Figure | None:
        """The terms of the revenue equation; None if they were left out."""
        equation = self._diagnosis.equation
        return None if equation is None else TornadoPlot(equation).tornado(lang=lang)

    def html(self) -> str:
        """The main picture as an element of a page."""
        return style.element(self.steps(), say("picture.diagnosis.name"))


class TornadoPlot:
    """The picture of one tornado."""

    def __init__(self, equation: Tornado) -> None:
        self._equation = equation

    def tornado(self, *, lang: str | None = None) -> Figure:
        """What a tenth less and a tenth more of each term changes."""
        with speaking(lang):
            return style.stamped(diagnosis_picture.tornado(self._equation), self._equation.stamp)
