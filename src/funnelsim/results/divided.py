"""KPIs of the groups that leads and customers are divided into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from funnelsim.model.model import Model

from .estimates import Estimate
from .measures.groups.meaning import why_not
from .measures.kpis import kpi_indicators
from .measures.summary import Tally, divided
from .words import in_english, say

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("mean", "low", "high", "unit", "range_low", "range_high", "undefined", "note")


@dataclass(frozen=True)
class Divided:
    """KPIs by group, over all replications.

    Counts and sums of the groups add up to the whole; rates, times and other ratios are each group's own.

    Parameters
    ----------
    by : str
        ``segment``, ``source``, ``territory`` or ``rep``.
    groups : dict
        By group and KPI the estimates, in the order of the scenario.
    why_not : dict
        By KPI that cannot be divided the code of the reason (`measures.groups.meaning`).
    """

    by: str
    groups: dict[str, dict[str, Estimate]]
    why_not: dict[str, str]

    @classmethod
    def of(cls, tallies: Sequence[Tally], model: Model, by: str) -> Divided:
        """The groups of replications whose tallies were divided so."""
        reasons = {kpi.name: why_not(kpi.name, by) for kpi in kpi_indicators(model)}
        return cls(by, divided(tallies, model, by), {name: why for name, why in reasons.items() if why})

    @property
    def reasons(self) -> dict[str, str]:
        """By KPI that cannot be divided why, in English as all that programs read."""
        with in_english():
            return {name: say(f"by.why.{why}") for name, why in self.why_not.items()}

    @property
    def table(self) -> pd.DataFrame:
        """A row for each group and KPI; for a KPI that cannot be divided one row, whose ``note`` says why."""
        import pandas as pd

        every = list(self.rows())
        index = pd.MultiIndex.from_tuples([(group, kpi) for group, kpi, _ in every], names=[self.by, "kpi"])
        return pd.DataFrame([row for *_, row in every], columns=list(_COLUMNS), index=index)

    def rows(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """The rows of the table: group (empty for what cannot be divided), KPI, and the columns by name."""
        for group, found in self.groups.items():
            for kpi, each in found.items():
                low, high = each.range or (None, None)
                figures = (each.mean, each.low, each.high, each.unit, low, high, each.undefined, "")
                yield group, kpi, dict(zip(_COLUMNS, figures, strict=True))
        for kpi, why in self.reasons.items():
            yield "", kpi, dict.fromkeys(_COLUMNS) | {"unit": "", "note": why}

    def to_dict(self) -> dict[str, Any]:
        """As it stands in the JSON documents of commands."""
        return {
            "groups": {
                group: {kpi: each.to_dict() for kpi, each in found.items()} for group, found in self.groups.items()
            },
            "not_divided": self.reasons,
        }
