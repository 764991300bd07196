"""What ``result.plot`` gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .words import speaking

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from funnelsim.results.result import Result


class Plot:
    """The pictures of one result.

    Each is a `matplotlib.figure.Figure` of its own, which notebooks show and ``savefig`` writes. Those with an
    argument ``axes`` draw into a panel of yours where one is given, and return it.

    All but `line` and `funnel` are drawn from records, which `simulate` keeps unless it is told ``records=False``.
    Each is told in the language in force, or in ``lang``: ``en`` or ``ja``.
    """

    def __init__(self, result: Result) -> None:
        self._result = result

    def line(self, *, lang: str | None = None) -> Figure:
        """The production line: stages with queues and handoffs, how busy teams are, which levers are on."""
        from . import plots  # imports matplotlib, which takes longer than a short run

        with speaking(lang):
            return plots.line(self._result)

    def funnel(self, *, lang: str | None = None) -> Figure:
        """Leads that enter each stage, and the share that goes on."""
        from . import plots

        with speaking(lang):
            return plots.funnel(self._result)

    def queues(self, axes: Axes | None = None, *, lang: str | None = None) -> Figure | Axes:
        """What waits for each team over time, with bands over replications."""
        return self._chart("queues", axes, lang)

    def work_in_progress(self, axes: Axes | None = None, *, lang: str | None = None) -> Figure | Axes:
        """Leads in the line over time, and those that wait for a rep, with bands over replications."""
        return self._chart("work_in_progress", axes, lang)

    def utilisation(self, axes: Axes | None = None, *, lang: str | None = None) -> Figure | Axes:
        """How busy each team is by week, with bands over replications."""
        return self._chart("utilisation", axes, lang)

    def hours(self, axes: Axes | None = None, *, lang: str | None = None) -> Figure | Axes:
        """How busy each team is by hour of day, with bands over replications.

        It needs event logs: without them (``simulate(..., events=True)`` keeps them) it is of replication 1, which
        is run again with its log.
        """
        return self._chart("hours", axes, lang)

    def bookings(self, axes: Axes | None = None, *, lang: str | None = None) -> Figure | Axes:
        """What is booked since the warm-up, with its band, against the quotas of all teams if there are any."""
        return self._chart("bookings", axes, lang)

    def forecast(
        self, flow: str = "bookings", axes: Axes | None = None, *, cumulated: bool = False, lang: str | None = None
    ) -> Figure | Axes:
        """Bands of single runs by month, or cumulated, of ``bookings`` or ``won``.

        Raises
        ------
        FunnelsimError
            If the scenario has a warm-up, or for another flow.
        """
        from . import plots

        with speaking(lang):
            return plots.forecast(self._result, flow, cumulated, axes)

    def ageing(self, axes: Axes | None = None, *, lang: str | None = None) -> Figure | Axes:
        """How long the leads open at the horizon have been in their stage."""
        return self._chart("ageing", axes, lang)

    def cycle(self, axes: Axes | None = None, *, lang: str | None = None) -> Figure | Axes:
        """The cycle time of won leads by stage and cause: waiting, work, the buyer's time, handoffs, limits."""
        return self._chart("cycle", axes, lang)

    def arr_bridge(self, axes: Axes | None = None, *, lang: str | None = None) -> Figure | Axes:
        """Annual recurring revenue before, what came and went, and after.

        Raises
        ------
        FunnelsimError
            If nothing recurs in this scenario.
        """
        return self._chart("arr_bridge", axes, lang)

    def reps(self, axes: Axes | None = None, *, lang: str | None = None) -> Figure | Axes:
        """How busy each rep is, and the deals that each won."""
        return self._chart("reps", axes, lang)

    def territories(self, axes: Axes | None = None, *, lang: str | None = None) -> Figure | Axes:
        """Bookings of each territory, with its leads and deals.

        Raises
        ------
        FunnelsimError
            If the scenario has no territories.
        """
        return self._chart("territories", axes, lang)

    def all(self, *, lang: str | None = None) -> dict[str, Callable[[], Figure]]:
        """The pictures that can be drawn of this result, by name: those of its records only where it has some."""
        from . import plots

        return plots.drawable(self, lang)

    def _chart(self, name: str, axes: Axes | None, lang: str | None) -> Figure | Axes:
        from . import plots

        with speaking(lang):
            return plots.chart(name, self._result, axes)
