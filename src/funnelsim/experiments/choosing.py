"""Choosing among scenarios: a selection with a guarantee, or with a budget."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from funnelsim.errors import FunnelsimError

from . import ocba, selection
from .arms import Arm, Bench, Sampling, bench
from .chances import best
from .ocba import Budget
from .question import check_kpis, less_is_better
from .selection import Floats, Guarantee, Selected

if TYPE_CHECKING:
    import pandas as pd

    from funnelsim.scenario.scenario import Scenario

    from .replications import Progress


@dataclass(frozen=True)
class Choice:
    """The scenario that was chosen among several.

    Parameters
    ----------
    name : str
        What it is called.
    kpi : str
        By what it is the best.
    arms : tuple of Arm
        All of them, each with the replications it took.
    selected : Selected
        Figures and replications by place.
    promise : str
        What may be believed, as a sentence.
    """

    name: str
    kpi: str
    arms: tuple[Arm, ...]
    selected: Selected
    promise: str

    @property
    def probability(self) -> float | None:
        """Probability that it is the best of those that were kept to the end, by their common replications."""
        return self._chances[self.selected.best]

    @property
    def _chances(self) -> list[float | None]:
        last = self.arms[self.selected.best].replications
        kept = [arm.estimate(self.kpi) if arm.replications == last else None for arm in self.arms]
        return best(kept, less_is_better(self.kpi))

    @property
    def table(self) -> pd.DataFrame:
        """By arm, the best first: estimate, replications, and the interval of the estimate by itself."""
        import pandas as pd

        estimates = [arm.estimate(self.kpi) for arm in self.arms]
        rows = [(each.mean, each.low, each.high, each.unit) for each in estimates]
        table = pd.DataFrame(rows, columns=["mean", "low", "high", "unit"], index=[arm.name for arm in self.arms])
        table["replications"] = [arm.replications for arm in self.arms]
        return table.rename_axis("arm").sort_values("mean", ascending=less_is_better(self.kpi), kind="stable")

    def __repr__(self) -> str:
        return f"<Choice of {self.name!r} among {len(self.arms)} by {self.kpi}>"

    def _repr_html_(self) -> str:
        return f"<p>{self.promise}</p>{self.table.to_html()}"


def choose(
    scenarios: Mapping[str, Scenario],
    kpi: str,
    rule: Guarantee | Budget,
    *,
    seed: int = 1,
    engine: str = "auto",
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Choice:
    """Choose the scenario with the best KPI, on common random numbers.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
        The alternatives by name.
    kpi : str
        Of which the most is best, or the least where less is better (costs, times, losses).
    rule : Guarantee or Budget
        A probability of choosing right (Kim and Nelson), or a number of replications (OCBA).
    seed, engine, workers, executor, progress
        As for `compare`.

    Raises
    ------
    FunnelsimError
        If an option makes no sense, the KPI does not exist, or no replication has a figure for it.
    """
    running = bench(scenarios, Sampling(seed, engine, workers, executor, progress))
    check_kpis([kpi], running.arms)
    least = less_is_better(kpi)
    figures = _Figures(running, kpi)
    names = list(scenarios)
    with running:
        if isinstance(rule, Guarantee):
            found = selection.select(figures, len(names), rule, least)
        else:
            found = ocba.spend(figures, len(names), rule, least)
    best_name = names[found.best]
    return Choice(
        best_name, kpi, running.arms, found, f"{best_name} is the best in {kpi}: {_promise(rule, found)}"
    )


def _promise(rule: Guarantee | Budget, found: Selected) -> str:
    """What may be believed of a selection."""
    if isinstance(rule, Guarantee):
        return (
            f"this way of selecting is right in at least {rule.confidence * 100:g} % of cases in which the best "
            f"leads by {rule.zone:,.6g} or more (Kim and Nelson)."
        )
    return f"it has the best mean after {sum(found.replications)} replications of all together (OCBA)."


@dataclass(frozen=True)
class _Figures:
    """Figures by replication whose mean is the pooled estimate, so that ratios are not biased."""

    running: Bench
    kpi: str

    def __call__(self, counts: Mapping[int, int]) -> dict[int, Floats]:
        names = list(self.running.models)
        self.running.extend({names[at]: count for at, count in counts.items()})
        arms = self.running.arms
        return {at: self._of(arms[at], count) for at, count in counts.items()}

    def _of(self, arm: Arm, count: int) -> Floats:
        estimate = arm.estimate(self.kpi, count)
        if estimate.mean is None or not estimate.residuals:
            raise FunnelsimError(f"{arm.name!r} has too few figures for {self.kpi}")
        return estimate.mean + np.array(estimate.residuals)
