"""What an optimisation looks for: a KPI, the limits that others must keep to, and what does not matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from funnelsim.errors import FunnelsimError, Problem, ScenarioError
from funnelsim.results.estimates import Estimate
from funnelsim.results.measures.catalogue import unknown_kpi
from funnelsim.results.measures.indicators import Indicator, Texts
from funnelsim.scenario.forms.base import FormError
from funnelsim.scenario.forms.currencies import Exchange
from funnelsim.scenario.forms.quantities import MICROSECONDS
from funnelsim.scenario.study.goals import Amount
from funnelsim.scenario.study.study import Study

from .amounts import exchange_of, in_unit
from .pointless import refuse_study_without_money
from .question import INDIFFERENCE, less_is_better

if TYPE_CHECKING:
    from funnelsim.model.model import Model

COST = "cost"
"""The KPI that a budget limits, and that a frontier sets against the outcome."""

Place = tuple[str | int, ...]


class Status(StrEnum):
    """What is known about a point and the limits it must keep to."""

    FEASIBLE = "feasible"
    OPEN = "not known yet"
    BROKEN = "broken"
    NONE = "no figure"


@dataclass(frozen=True)
class GoalLimit:
    """What a KPI must keep to.

    Parameters
    ----------
    kpi : str
        Its name.
    at_most : bool
        Whether ``value`` is the most it may be, or the least.
    value : float
        In the unit of the KPI, over the time that counts.
    text : str
        The value as the user wrote it.
    budget : bool
        Whether it was given as the budget.
    """

    kpi: str
    at_most: bool
    value: float
    text: str
    budget: bool = False

    def excess(self, figure: float) -> float:
        """How far a figure is beyond the limit; below 0 it keeps to it."""
        return figure - self.value if self.at_most else self.value - figure

    def status(self, estimate: Estimate | None, error: float = 0.025) -> Status:
        """What an estimate tells, where ``error`` is the probability of calling it broken though it is not."""
        if estimate is None or estimate.mean is None:
            return Status.NONE
        low, high = bounds(estimate, error)
        if (high if self.at_most else -low) <= (self.value if self.at_most else -self.value):
            return Status.FEASIBLE
        if (low if self.at_most else -high) > (self.value if self.at_most else -self.value):
            return Status.BROKEN
        return Status.OPEN

    def __str__(self) -> str:
        return f"{self.kpi} {'at most' if self.at_most else 'at least'} {self.text}"


def bounds(estimate: Estimate, error: float) -> tuple[float, float]:
    """Ends of the interval of an estimate, each erring with that probability; endless where nothing is known."""
    assert estimate.mean is not None
    count = len(estimate.residuals)
    if count < 2:
        return (-float("inf"), float("inf"))
    from scipy.special import stdtrit

    variance = sum(each * each for each in estimate.residuals) / (count - 1) / count
    half = float(stdtrit(count - 1, 1 - error)) * variance**0.5
    return estimate.mean - half, estimate.mean + half


@dataclass(frozen=True)
class Goal:
    """What an optimisation looks for.

    Parameters
    ----------
    kpi : str
        Of which the most is best, or the least.
    least : bool
        Whether the least is.
    limits : tuple of GoalLimit
        What others must keep to, the budget first.
    zone : Amount or None
        The difference in the KPI that does not matter; None is 1 % of the best.
    outcome : str or None
        What a frontier sets against the cost; None where there is nothing to set against it.
    years : float
        The time that counts.
    shown : tuple of str
        KPIs that the study names besides.
    texts, units : mapping
        Of these KPIs.
    """

    kpi: str
    least: bool
    limits: tuple[GoalLimit, ...]
    zone: Amount | None
    outcome: str | None
    years: float
    shown: tuple[str, ...]
    texts: Mapping[str, Texts]
    units: Mapping[str, str]

    @property
    def labels(self) -> dict[str, str]:
        """What the KPIs are called, in the language in force."""
        return {name: text.label for name, text in self.texts.items()}

    @property
    def kpis(self) -> tuple[str, ...]:
        """All KPIs that are looked at."""
        named = (self.kpi, COST, *(limit.kpi for limit in self.limits), *self.shown)
        return tuple(dict.fromkeys((*named, *([self.outcome] if self.outcome else []))))

    @property
    def sign(self) -> float:
        """What turns the figure into one of which more is better."""
        return -1.0 if self.least else 1.0

    @property
    def outcome_sign(self) -> float:
        """The same for the outcome of the frontier."""
        if self.outcome is None or self.outcome == self.kpi:
            return self.sign
        return -1.0 if less_is_better(self.outcome) else 1.0

    def indifference(self, best: float) -> float:
        """The difference that does not matter where the best figure is ``best``, in the unit of the KPI."""
        if self.zone is None:
            return INDIFFERENCE * abs(best)
        return self.zone.value * (abs(best) if self.zone.kind == "share" else 1.0)

    def status(self, estimates: Mapping[str, Estimate], error: float = 0.025) -> Status:
        """What is known about all limits together: the worst of them."""
        found = {limit.status(estimates.get(limit.kpi), error) for limit in self.limits}
        if estimates[self.kpi].mean is None:
            found.add(Status.NONE)
        for worst in (Status.NONE, Status.BROKEN, Status.OPEN):
            if worst in found:
                return worst
        return Status.FEASIBLE

    def keeps(self, estimates: Mapping[str, Estimate]) -> bool:
        """Whether all limits are kept as far as the means tell."""
        figures = [(limit, estimates[limit.kpi].mean) for limit in self.limits]
        return all(mean is not None and limit.excess(mean) <= 0 for limit, mean in figures)

    def excesses(self, estimates: Mapping[str, Estimate]) -> tuple[float, ...]:
        """How far the means are beyond each limit, as shares of the limits, so that they may be added up."""
        figures = [(limit, estimates[limit.kpi].mean) for limit in self.limits]
        return tuple(
            float("inf") if mean is None else limit.excess(mean) / (abs(limit.value) or 1.0)
            for limit, mean in figures
        )

    def miss(self, estimates: Mapping[str, Estimate]) -> float:
        """How far the means are beyond all limits together; 0 where they keep to them."""
        return sum(max(0.0, each) for each in self.excesses(estimates))

    def broken(
        self, estimates: Mapping[str, Estimate], but_budget: bool = False, error: float = 0.025
    ) -> tuple[GoalLimit, ...]:
        """The limits that are shown to be broken, perhaps without the budget."""
        limits = [limit for limit in self.limits if not (but_budget and limit.kpi == COST)]
        return tuple(limit for limit in limits if limit.status(estimates.get(limit.kpi), error) is Status.BROKEN)


def goal_of(study: Study) -> Goal:
    """The goal of a study.

    Raises
    ------
    ScenarioError
        With everything that is wrong: no KPI to look for, names that no arm has, amounts of another unit.
    """
    from funnelsim.model.compile import compile_model
    from funnelsim.results.measures.periods.per_period import every_kpi

    spec = study.spec
    objective = spec.maximise or spec.minimise
    if objective is None:
        said = "an optimisation needs to know what is best: add `maximise: contribution`, or `minimise: cost`"
        raise ScenarioError([study.problem(("study",), said, code="E-goal-missing")])
    models = [compile_model(arm) for arm in study.arms.values()]
    known = {name: kpi for name, (_, kpi) in every_kpi(models[0]).items()}
    for model in models[1:]:
        names = every_kpi(model).keys()
        known = {name: kpi for name, kpi in known.items() if name in names}
    _check_times(study, models)
    years = (models[0].horizon - models[0].warmup) / MICROSECONDS["y"]
    own = models[0].spec
    reading = _Amounts(study, known, years, exchange_of(models[0]))
    limits = tuple(reading.limits())
    reading.check(("maximise" if spec.maximise else "minimise",), objective)
    for at, name in enumerate(spec.kpis):
        reading.check(("kpis", at), name)
    zone = spec.indifference
    if zone is not None and zone.kind != "share":
        reading.value(("indifference",), objective, zone)
        zone = reading.own(("indifference",), zone)
    reading.together(limits)
    reading.worth(objective)
    if reading.wrong:
        raise ScenarioError(reading.wrong)
    least = spec.maximise is None
    outcome = objective
    if objective == COST:
        others = [limit.kpi for limit in limits if limit.kpi != COST]
        outcome = others[0] if others else ""
    return Goal(
        objective,
        least,
        limits,
        zone,
        outcome or None,
        years,
        spec.kpis,
        {name: kpi.texts for name, kpi in known.items()},
        {name: kpi.unit.replace("{currency}", own.currency) for name, kpi in known.items()},
    )


def _check_times(study: Study, models: Sequence[Model]) -> None:
    """Refuse points that count over different times, whose sums could not be compared."""
    said = "an optimisation compares sums over the same time; give one value"
    varied = [factor.name for factor in study.factors if factor.name in ("horizon", "warmup", "start")]
    wrong = [study.problem(("vary", name), said, code="E-goal-times") for name in varied if name not in study.held]
    times = {(model.horizon, model.warmup) for model in models}
    if wrong or len(times) > 1:
        raise ScenarioError(
            wrong
            or [study.problem(("arms",), "all arms must have the same horizon and warmup", code="E-goal-times")]
        )


class _Amounts:
    """Reads the amounts of a study in the units of their KPIs, and collects what is wrong."""

    def __init__(self, study: Study, known: Mapping[str, Indicator], years: float, exchange: Exchange) -> None:
        self.study = study
        self.known = known
        self.years = years
        self.exchange = exchange
        self.wrong: list[Problem] = []

    def note(self, place: Place, message: str, code: str) -> None:
        self.wrong.append(self.study.problem(place, message, code=code))

    def check(self, place: Place, name: str) -> bool:
        if name not in self.known:
            self.note(place, unknown_kpi(name, self.known), "E-kpi-unknown")
        return name in self.known

    def worth(self, objective: str) -> None:
        """Complain about an objective of money without prices; that nothing has a cost is a warning."""
        if objective in self.known and objective != COST:
            try:
                refuse_study_without_money(objective, self.study)
            except FunnelsimError as error:
                self.note(("maximise" if self.study.spec.maximise else "minimise",), str(error), error.code)

    def limits(self) -> Iterator[GoalLimit]:
        spec = self.study.spec
        if spec.budget is not None:
            value = self.value(("budget",), COST, spec.budget)
            yield GoalLimit(COST, True, value, spec.budget.text, budget=True)
        for name, each in spec.constraints.items():
            if not self.check(("constraints", name), name):
                continue
            for key, amount in (("at_most", each.at_most), ("at_least", each.at_least)):
                if amount is not None:
                    value = self.value(("constraints", name, key), name, amount)
                    yield GoalLimit(name, key == "at_most", value, amount.text)

    def together(self, limits: Iterable[GoalLimit]) -> None:
        """Complain about limits that nothing can keep: those of one KPI that exclude each other."""
        limits = tuple(limits)
        for least in limits:
            if least.at_most:
                continue
            for most in limits:
                if most.at_most and most.kpi == least.kpi and least.value > most.value:
                    said = f"at least {least.text} and at most {most.text} exclude each other"
                    self.note(("constraints", least.kpi, "at_least"), said, "E-order")

    def own(self, place: Place, amount: Amount) -> Amount:
        """An amount in the currency of the scenario."""
        try:
            return amount.own(self.exchange) if amount.money else amount
        except FormError as wrong:
            self.note(place, str(wrong), wrong.code)
            return amount

    def value(self, place: Place, name: str, amount: Amount) -> float:
        """An amount in the unit of a KPI, over the time that counts."""
        if name not in self.known:
            return amount.value  # that name is complained about
        amount = self.own(place, amount)
        try:
            return in_unit(self.known[name], amount, self.years, self.known)
        except FunnelsimError as error:
            self.note(place, str(error), error.code)
            return amount.value


def better(goal: Goal, figures: Sequence[float | None]) -> list[int]:
    """The places of figures, the best first; those without a figure last."""
    worst = float("-inf")
    return sorted(
        range(len(figures)), key=lambda at: worst if (f := figures[at]) is None else f * goal.sign, reverse=True
    )
