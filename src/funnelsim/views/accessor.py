"""What ``result.plot`` gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from funnelsim.results.result import Result


class Plot:
    """The pictures of one result.

    Each is a `matplotlib.figure.Figure` of its own, which notebooks show and ``savefig`` writes.
    """

    def __init__(self, result: Result) -> None:
        self._result = result

    def line(self) -> Figure:
        """The production line: stages as stations, with queues, work in progress and how busy teams are."""
        from . import plots  # imports matplotlib, which takes longer than a short run

        return plots.line(self._result)

    def funnel(self) -> Figure:
        """Leads that enter each stage, and the share that goes on."""
        from . import plots

        return plots.funnel(self._result)
