"""What single runs say of one target: the result, its table and its document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from funnelsim.results.shown import Pictured, listed, paragraphs
from funnelsim.results.stamp import Stamp
from funnelsim.text import number_of
from funnelsim.unchanging import OF_RESULTS, unchanging

from ..running.arms import Arm
from ..statistics.outcomes import Reach, reach
from ..study.question import Target
from .concentration import Near, Top, near, top
from .until import first_day, last_day

if TYPE_CHECKING:
    import pandas as pd


@unchanging(OF_RESULTS)
class Outlook(Pictured):
    """How often single runs of a line reach a target, and by how much they miss it; it never changes.

    Parameters
    ----------
    arm : Arm
        The line and its replications, which end on the day by which the target is to be reached.
    target : Target
        What is to be reached.
    stamp : Stamp
        What made the replications.
    by : date, optional
        The last day that counts, if it is not that of the scenario.
    warnings : sequence of str
        What was assumed to read the target.
    """

    def __init__(
        self, arm: Arm, target: Target, stamp: Stamp, by: dt.date | None = None, warnings: Sequence[str] = ()
    ) -> None:
        self.arm = arm
        self.target = target
        self.by = by
        self._stamp = stamp
        self.warnings = tuple(warnings)

    @property
    def stamp(self) -> Stamp:
        """What made it."""
        return self._stamp

    @cached_property
    def reach(self) -> Reach:
        """What the outcomes of single runs say, in the unit of the KPI."""
        kpi = self.target.kpi
        at_least = self.target.at_least  # what a user wants at most is better where it is less
        return reach(self.arm.figures(kpi), self.target.value, at_least, not at_least)

    # --- what there is in it, by name ---------------------------------------------------------------------------

    @property
    def unit(self) -> str:
        """The unit of the target, the shortfall and the cases."""
        return self.arm.indicators[self.target.kpi][1].unit.replace("{currency}", self.arm.model.spec.currency)

    @property
    def first(self) -> dt.date:
        """The first day that counts."""
        return first_day(self.arm.model)

    @property
    def last(self) -> dt.date:
        """The last day that counts."""
        return last_day(self.arm.model)

    @property
    def runs(self) -> int:
        """Runs in which the figure exists."""
        return self.reach.runs

    @property
    def hits(self) -> int:
        """Runs that reach the target."""
        return self.reach.hits

    @property
    def probability(self) -> float | None:
        """The share of the runs that reach it."""
        return self.reach.probability

    @property
    def low(self) -> float:
        """The lower end of Wilson's 95 % interval of the probability."""
        return self.reach.low

    @property
    def high(self) -> float:
        """The upper end of it."""
        return self.reach.high

    @property
    def shortfall(self) -> float | None:
        """Mean of what is lacking in the runs that miss it; None where fewer than 5 do."""
        return self.reach.shortfall

    @cached_property
    def near(self) -> Near | None:
        """How many of the runs that miss it lack less than one deal or customer; None where that says nothing."""
        return near(self.arm, self.target)

    @cached_property
    def top(self) -> Top | None:
        """How much of what the target is about hangs on the largest deals or customers; None of anything else."""
        return top(self.arm, self.target)

    @property
    def words(self) -> tuple[str, ...]:
        """The same in plain words."""
        return tuple(self._view("words")(self))

    @property
    def table(self) -> pd.DataFrame:
        """One row: the probability with its interval, the shortfall, and three cases."""
        import pandas as pd

        return pd.DataFrame([self.to_dict()])

    def to_dict(self) -> dict[str, Any]:
        """Its entry in a JSON document."""
        target, found = self.target, self.reach
        return {
            "arm": self.arm.name,
            "kpi": target.kpi,
            "at_least" if target.at_least else "at_most": target.value,
            "unit": self.unit,
            "from": self.first.isoformat(),
            "by": self.last.isoformat(),
            "runs": found.runs,
            "reached": found.hits,
            "probability": found.probability,
            "low": found.low,
            "high": found.high,
            "missed": found.misses,
            "shortfall": found.shortfall,
            "base": found.base,
            "best": found.best,
            "worst": found.worst,
            "near": None if self.near is None else self.near.to_dict(),
            "largest": None if self.top is None else self.top.to_dict(),
        }

    def __repr__(self) -> str:
        runs = number_of(self.runs, "run")
        return f"<Outlook of {self.arm.name!r}: {self.target}, reached in {self.hits} of {runs}>"

    def _said(self) -> str:
        return paragraphs(*self.words, str(self.stamp)) + listed(self.warnings)


_COLUMNS = ("probability", "low", "high", "runs", "misses", "shortfall", "base", "best", "worst")


def table_of(found: Sequence[Outlook]) -> pd.DataFrame:
    """A row for each target and arm; NaN for what does not exist."""
    import pandas as pd

    keys = [(str(each.target), each.arm.name) for each in found]
    rows = [[getattr(each.reach, name) for name in _COLUMNS] for each in found]
    index = pd.MultiIndex.from_tuples(keys, names=["target", "arm"])
    return pd.DataFrame(rows, columns=list(_COLUMNS), index=index).astype(
        {name: int if name in ("runs", "misses") else float for name in _COLUMNS}
    )
