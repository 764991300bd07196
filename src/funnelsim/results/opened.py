"""What a result opens: films and lives of its replications, and targets, for which they are run again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funnelsim.arguments import checked

from .shown import Pictured

if TYPE_CHECKING:
    from .lives import Life


class Opened(Pictured):
    """What all that is asked of single replications goes through."""

    @checked
    def replay(
        self, out: Path | str, *, replication: int = 1, title: str | None = None, lang: str | None = None
    ) -> Path:
        """Write one replication as a film: one HTML file that needs no network.

        It is run again with its event log, unless that was kept (``simulate(..., events=True)``).

        Parameters
        ----------
        out : path
            The file, which ends in ``.html``.
        replication : int
            Which one; 1 is the first, which records call 0.
        title : str, optional
            What stands at its top; by default the name of the scenario.
        lang : {"en", "ja"}, optional
            Its language; by default the one in force.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        FunnelsimError
            If there is no such replication, it cannot be run again, or the file cannot be written.
        """
        made: Path = self._view("replay")(self, out, replication=replication, title=title, lang=lang)
        return made

    @checked
    def lead(self, name: str, *, replication: int = 1) -> Life:
        """The life of one lead: when it waited, was worked on and was with the buyer.

        The replication is run again with its event log, unless that was kept (``simulate(..., events=True)``).

        Parameters
        ----------
        name : str
            What the lead is called in tables, such as ``web-412``.
        replication : int
            Which one; 1 is the first, which records call 0.

        Returns
        -------
        Life
            Its words, table and picture; ``life.plot(other)`` draws another life below it.

        Raises
        ------
        FunnelsimError
            If there is no such lead or replication, or it cannot be run again.
        """
        found: Life = self._view("lead")(self, name, replication)
        return found

    @checked
    def target(self, kpi: str, value: float | str, *, by: dt.date | str | None = None) -> Any:
        """How often single runs reach a target, and by how much the others miss it.

        Parameters
        ----------
        kpi : str
            The KPI that is to reach it.
        value : float or str
            A number in the unit of the KPI, which is reached from its better side, or text such as ``">= 300"``,
            ``"<= 40"`` or ``"30M JPY"``.
        by : date or str, optional
            The last day that counts, such as ``"2027-03-31"``; by default the horizon. The KPI is counted from the
            end of the warm-up to then, and the replications are run once more up to that day.

        Returns
        -------
        Outlook
            The probability with Wilson's 95 % interval, the mean shortfall, and the base, best and worst case.

        Raises
        ------
        FunnelsimError
            If there is no such KPI, the amount cannot be read, or the day lies in the warm-up or after the end.
        """
        (found,) = self._view("outlooks")(self, [(kpi, value)], by)
        return found
