"""Choosing among scenarios: a selection with a guarantee, or with a budget."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from funnelsim.arguments import checked, shown
from funnelsim.errors import ArgumentError, FunnelsimError
from funnelsim.results.shown import Pictured, paragraphs
from funnelsim.results.stamp import Stamp
from funnelsim.text import number_of
from funnelsim.unchanging import OF_RESULTS, unchanging

from ..running.arms import Arm, Arms, side_by_side, stamp
from ..running.laboratory import Sampling
from ..running.replications import FEWEST
from ..statistics import ocba, selection
from ..statistics.chances import doubtful
from ..statistics.ocba import Budget
from ..statistics.paired import Difference, difference
from ..statistics.posterior import EstimateOf, Posterior, likeliest, posterior
from ..statistics.selection import Floats, Guarantee, Selected
from ..stopping import Stopped
from ..study.pointless import refuse_without_money
from ..study.question import check_kpis, less_is_better, targets_of
from ..targets.outlook import Outlook

if TYPE_CHECKING:
    import pandas as pd

    from funnelsim.scenario.scenario import Scenario

    from ..running.laboratory import Progress


Rule = Guarantee | Budget | Callable[[float], Guarantee]
"""How it is chosen; a function makes the guarantee out of the first scenario's figure over some replications."""


@unchanging(OF_RESULTS)
@dataclass(frozen=True)
class Choice(Pictured):
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
    rule : Guarantee, Budget or None
        How it was chosen; None where the user stopped it.
    seed : int
        Of the random numbers.
    engine : str
        What computed them.
    zone : float or None
        The lead that matters; None where none was given.
    """

    name: str
    kpi: str
    arms: tuple[Arm, ...]
    selected: Selected
    rule: Guarantee | Budget | None
    seed: int
    engine: str
    zone: float | None = None

    @property
    def promise(self) -> str:
        """What may be believed, as a sentence."""
        return str(self._view("promise")(self))

    @checked
    def target(self, kpi: str, value: float | str) -> tuple[Outlook, ...]:
        """How often single runs of each arm reach a target, from the replications that each took.

        Parameters
        ----------
        kpi : str
            The KPI that is to reach it.
        value : float or str
            A number in its unit, or text such as ``">= 300"`` or ``"30M JPY"``.

        Raises
        ------
        FunnelsimError
            If an arm has no such KPI, or the amount cannot be read.
        """
        found = []
        for arm in self.arms:
            (target,), warnings = targets_of(arm, [(kpi, value)])
            found.append(Outlook(arm, target, self.stamp, None, warnings))
        return tuple(found)

    @property
    def stamp(self) -> Stamp:
        """What made it: seed, engine, version, and what was laid over each file."""
        return stamp(self.arms, self.seed, self.engine)

    @property
    def probability(self) -> float | None:
        """Probability that it is the best of all, given the replications of each."""
        return self.chances[self.name]

    @property
    def least(self) -> bool:
        """Whether the smallest figure is the best."""
        return less_is_better(self.kpi)

    @property
    def good(self) -> float | None:
        """Probability that none is better by more than the lead that matters; None where none was given."""
        if self.zone is None or self._posterior is None or self.probability is None:
            return None
        return self._posterior.within(self.selected.best, self.zone, self.least)

    @cached_property
    def chances(self) -> dict[str, float | None]:
        """By arm the probability that it is the best; None where it has no figure, or none is known."""
        shares = {} if self.untold else self._shares
        return {arm.name: shares.get(at) for at, arm in enumerate(self.arms)}

    @cached_property
    def untold(self) -> tuple[str, ...]:
        """Two arms that differ in too few replications to tell which is the best; empty where there are none."""
        return tuple(self.arms[at].name for at in doubtful(self._shares, self._apart) or ())

    @cached_property
    def _shares(self) -> dict[int, float]:
        """By place the probability of being the best, whatever it rests on."""
        return {} if self._posterior is None else self._posterior.best(self.least)

    def _apart(self, one: int, other: int) -> Difference:
        both = min(self.arms[one].replications, self.arms[other].replications)
        return difference(self.arms[one].estimate(self.kpi, both), self.arms[other].estimate(self.kpi, both))

    @property
    def alike(self) -> tuple[str, ...]:
        """Names of the arms that never differ from the one that was chosen, in any replication that both have."""
        found = self._posterior
        if found is None or self.selected.best not in found.known:
            return ()
        classes = dict(zip(found.known, found.same, strict=True))
        mine = classes[self.selected.best]
        return tuple(self.arms[at].name for at in found.known if classes[at] == mine and at != self.selected.best)

    @cached_property
    def _posterior(self) -> Posterior | None:
        counts = [arm.replications for arm in self.arms]
        found = self.selected
        beside = found.best if found.beside is None else found.beside
        return posterior(_estimates(self.arms, self.kpi), counts, beside)

    @property
    def words(self) -> tuple[str, ...]:
        """What came out, in plain sentences: what is promised, and how sure it is."""
        return tuple(self._view("words")(self))

    @property
    def table(self) -> pd.DataFrame:
        """By arm, the one chosen first: estimate with its own interval, replications, chance of being the best."""
        import pandas as pd

        estimates = [arm.estimate(self.kpi) for arm in self.arms]
        rows = [(each.mean, each.low, each.high, each.unit) for each in estimates]
        table = pd.DataFrame(rows, columns=["mean", "low", "high", "unit"], index=[arm.name for arm in self.arms])
        table["replications"] = [arm.replications for arm in self.arms]
        table["probability"] = [self.chances[arm.name] for arm in self.arms]
        table = table.rename_axis("arm").sort_values("mean", ascending=self.least, kind="stable")
        return table.loc[[self.name, *(name for name in table.index if name != self.name)]]

    def to_dict(self) -> dict[str, Any]:
        """The JSON document."""
        arms = {}
        for arm in sorted(self.arms, key=lambda arm: arm.name != self.name):
            leaf = arm.estimate(self.kpi).to_dict() or {}
            arms[arm.name] = {**leaf, "replications": arm.replications, "probability": self.chances[arm.name]}
        return {
            "kpi": self.kpi,
            "best": self.name,
            "promise": self.promise,
            "probability": self.probability,
            "zone": self.zone,
            "within_zone": self.good,
            "alike": list(self.alike),
            **self.stamp.to_dict(),
            "arms": arms,
        }

    def __repr__(self) -> str:
        return f"<Choice of {self.name!r} among {len(self.arms)} by {self.kpi}; {self.stamp}>"

    def _said(self) -> str:
        return paragraphs(*self.words, str(self.stamp))


@checked
def choose(
    scenarios: Mapping[str, Scenario],
    kpi: str,
    rule: Rule,
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
    rule : Guarantee, Budget or callable
        A probability of choosing right (Kim and Nelson), or a number of replications (OCBA). A function is given
        the figure of the first scenario over ten replications and returns the guarantee, so that a lead that
        matters can be a share of it.
    seed, engine, workers, executor, progress
        As for `compare`.

    Raises
    ------
    FunnelsimError
        If an option makes no sense, the KPI does not exist, or no replication has a figure for it.
    Stopped
        On Ctrl-C; carries the choice by what was done, which promises nothing.
    """
    running = side_by_side(scenarios, Sampling(seed, engine, workers, executor, progress))
    check_kpis([kpi], running.arms)
    refuse_without_money(kpi, running.models)
    least = less_is_better(kpi)
    figures = _Figures(running, kpi)
    names = list(scenarios)
    with running:
        try:
            if not isinstance(rule, Guarantee | Budget):
                rule = _made_by(rule, float(figures({0: FEWEST})[0].mean()))
            if isinstance(rule, Guarantee):
                found = selection.select(figures, len(names), rule, least)
            else:
                found = ocba.spend(figures, len(names), rule, least)
        except KeyboardInterrupt:
            raise _stopped(running, kpi, least) from None
    if isinstance(rule, Budget):
        found = likeliest(_estimates(running.arms, kpi), found, least)
    name = names[found.best]
    zone = rule.zone if isinstance(rule, Guarantee) else None
    return Choice(name, kpi, running.arms, found, rule, seed, running.engine, zone)


def _estimates(arms: Sequence[Arm], kpi: str) -> EstimateOf:
    return lambda at, count: arms[at].estimate(kpi, count)


def _made_by(rule: Callable[[float], Guarantee], figure: float) -> Guarantee | Budget:
    made: object = rule(figure)
    if not isinstance(made, Guarantee | Budget):
        raise ArgumentError(
            f"choose: `rule` must return an fs.Guarantee(...), but gave {shown(made)}", code="E-argument-value"
        )
    return made


def _stopped(running: Arms, kpi: str, least: bool) -> Stopped:
    """The choice by what was done, once each scenario has two replications."""
    counts = tuple(arm.replications for arm in running.arms)
    said = f"stopped after {number_of(sum(counts), 'replication')} of all together"
    if min(counts) < 2:
        return Stopped(None, said, sum(counts))
    means = tuple(arm.estimate(kpi).mean for arm in running.arms)
    known = {at: -mean if least else mean for at, mean in enumerate(means) if mean is not None}
    if not known:
        return Stopped(None, said, sum(counts))
    best_at = max(known, key=known.__getitem__)
    found = Selected(best_at, counts, tuple(math.nan if mean is None else mean for mean in means), decided=False)
    found = likeliest(_estimates(running.arms, kpi), found, least)
    name = running.arms[found.best].name
    choice = Choice(name, kpi, running.arms, found, None, running.sampling.seed, running.engine)
    return Stopped(choice, said, sum(counts))


@dataclass(frozen=True)
class _Figures:
    """Figures by replication whose mean is the pooled estimate, so that ratios are not biased."""

    running: Arms
    kpi: str

    def __call__(self, counts: Mapping[int, int]) -> dict[int, Floats]:
        names = list(self.running.models)
        self.running.extend({names[at]: count for at, count in counts.items()})
        arms = self.running.arms
        return {at: self._of(arms[at], count) for at, count in counts.items()}

    def _of(self, arm: Arm, count: int) -> Floats:
        estimate = arm.estimate(self.kpi, count)
        if estimate.mean is None or not estimate.residuals:
            raise FunnelsimError(f"{arm.name!r} has too few figures for {self.kpi}", code="E-figures-few")
        return estimate.mean + np.array(estimate.residuals)
