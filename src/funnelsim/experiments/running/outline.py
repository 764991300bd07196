"""What a store must know of a scenario to turn the sums of its replications into estimates again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from funnelsim.results.estimates import Estimate, Terms
from funnelsim.results.measures.indicators import Indicator
from funnelsim.results.measures.kpis import kpi_indicators
from funnelsim.results.measures.periods.per_period import base_name, by_name

if TYPE_CHECKING:
    from funnelsim.model.model import Model


@dataclass(frozen=True)
class Outline:
    """The names that the KPIs of a scenario depend on.

    Parameters
    ----------
    kpis : tuple of str
        The KPIs, in the order of their terms.
    currency : str
        Unit of money.
    milestones : tuple of (str, str)
        Names and stages.
    stages, outcomes, costs : tuple of str
        Names.
    span : int
        The time that counts, in microseconds; 0 in what an earlier version stored, which has no KPIs per period.
    """

    kpis: tuple[str, ...]
    currency: str
    milestones: tuple[tuple[str, str], ...]
    stages: tuple[str, ...]
    outcomes: tuple[str, ...]
    costs: tuple[str, ...]
    span: int = 0

    @classmethod
    def of(cls, model: Model) -> Outline:
        """The outline of a model."""
        return cls(
            tuple(kpi.name for kpi in kpi_indicators(model)),
            model.spec.currency,
            tuple(model.spec.milestones.items()),
            model.stage_names,
            model.outcome_names,
            tuple(dict.fromkeys(name for prices in model.prices for name, _ in prices.named)),
            model.horizon - model.warmup,
        )

    @classmethod
    def from_text(cls, text: str) -> Outline:
        """The outline that `text` gave."""
        content = json.loads(text)
        milestones = tuple((name, stage) for name, stage in content.pop("milestones"))
        currency, span = content.pop("currency"), content.pop("span", 0)
        names = {key: tuple(part) for key, part in content.items()}
        return cls(currency=currency, milestones=milestones, span=span, **names)

    @property
    def text(self) -> str:
        """The outline as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """The KPIs by name, those that this version has, and then those per year, quarter and month."""
        known = {kpi.name: kpi for kpi in kpi_indicators(self._stand_in())}
        there = {name: known[name] for name in self.kpis if name in known}
        if not self.span:
            return there
        return {name: kpi for name, (_, kpi) in by_name(tuple(there.values()), self.span).items()}

    @cached_property
    def places(self) -> dict[str, int]:
        """By KPI where its terms are; those per period have the terms of the KPI that they divide."""
        at = {name: place for place, name in enumerate(self.kpis)}
        return {name: at[name if name in at else base_name(name)] for name in self.indicators}

    def _stand_in(self) -> Model:
        """As much of a model as names its KPIs."""
        spec = SimpleNamespace(
            milestones=dict(self.milestones), customers=None, opening=SimpleNamespace(customers=0)
        )
        prices = (SimpleNamespace(named=tuple((name, 0.0) for name in self.costs)),)
        made = SimpleNamespace(spec=spec, stage_names=self.stages, outcome_names=self.outcomes, prices=prices)
        return cast("Model", made)

    def estimates(self, terms: Sequence[Sequence[Any]], names: Sequence[str] | None = None) -> dict[str, Estimate]:
        """The KPIs over replications.

        Parameters
        ----------
        terms : sequence
            For each replication the terms of all KPIs.
        names : sequence of str, optional
            The KPIs wanted; default all but those per period.
        """
        places = self.places
        wanted = (
            [name for name in self.kpis if name in places]
            if names is None
            else [name for name in names if name in self.indicators]
        )
        found: dict[str, Estimate] = {}
        for name in wanted:
            if name not in places:
                continue
            rows: list[Terms] = [tuple(each[places[name]]) for each in terms]
            found[name] = self.indicators[name].estimate(rows, self.currency)
        return found
