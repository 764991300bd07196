"""Whether a study can be run: what `compare`, `sweep` and `optimise` refuse, all at once and before anything runs.

What can be told from the file alone was told when it was read (`scenario.study.check`); here are the questions
that need compiled scenarios: which KPIs there are, in which units, and what costs money.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from funnelsim.errors import FunnelsimError, Problem, ScenarioError, Warned
from funnelsim.model.model import Model
from funnelsim.model.tables.people import Layout
from funnelsim.model.tables.prices import Prices, prices_of
from funnelsim.results.measures.catalogue import unknown_kpi
from funnelsim.results.measures.periods.per_period import every_kpi
from funnelsim.scenario.forms.quantities import MICROSECONDS
from funnelsim.scenario.study.spec import BASE
from funnelsim.scenario.study.study import Study, read_study

from ..counts import check_number
from ..running.arms import Arm
from .columns import clashes
from .equal import refuse_unequal
from .goals import COST, goal_of
from .pointless import beside_the_point, made_by, models_of
from .question import check_kpis

GOALS = ("budget", "constraints", "indifference")
"""Keys that say something about what is looked for."""

NOTHING_COSTS = "nothing in this study costs anything"
SALARY = "give teams `cost: {salary: 60_000 / y}`, or the scenario `costs`"


def check_study(study: Study) -> None:
    """Refuse a study that some command could not run as it is written.

    Raises
    ------
    ScenarioError
        With everything that is wrong, and where it stands.
    """
    wrong = tuple(dict.fromkeys(_Questions(study).problems()))
    if wrong:
        raise ScenarioError(wrong)


def load_checked(path: Path | str) -> Study:
    """The study in a file, refused with everything that is wrong with it, whichever room finds it.

    Raises
    ------
    ScenarioError
        With every problem of the file, and all that `check_study` refuses.
    """
    return read_study(path, lambda study, whole: _Questions(study, whole).problems())


def doubts(study: Study) -> tuple[Warned, ...]:
    """What is allowed, but looks like a slip or will be refused by one of the commands."""
    return tuple(_Questions(study).doubts())


def costs_anything(study: Study) -> bool:
    """Whether anything that a study may choose costs money, as its arms and the ends of its factors tell."""
    specs = [period.spec for each in made_by(study) for period in each.periods]
    return any(_costs(prices_of(spec, Layout.over([spec]))) for spec in specs)


def _costs(prices: Prices) -> bool:
    named = (each for _, each in prices.named)
    return any((*prices.salary, *prices.seat, *prices.commission, *prices.above_quota, *prices.lead, *named))


class _Questions:
    """What is asked of a study, and the models that answer."""

    def __init__(self, study: Study, whole: bool = True) -> None:
        self.study = study
        self.whole = whole  # else arms or factors that are wrong were taken out
        self.spec = study.spec

    @cached_property
    def models(self) -> Mapping[str, Model]:
        """Each arm, compiled."""
        from funnelsim.model.compile import compile_model

        return {name: compile_model(arm) for name, arm in self.study.arms.items()}

    @cached_property
    def known(self) -> Mapping[str, frozenset[str]]:
        """The KPIs of each arm."""
        return {name: frozenset(every_kpi(model)) for name, model in self.models.items()}

    def problems(self) -> Iterator[Problem]:
        yield from self._kpis()
        yield from self._replications()
        yield from self._predictions()
        yield from self._goals()
        yield from self._same()
        yield from clashes(self.study, frozenset[str]().union(*self.known.values()))

    def _kpis(self) -> Iterator[Problem]:
        """KPIs that no arm has."""
        every = frozenset[str]().union(*self.known.values())
        for at, name in enumerate(self.spec.kpis):
            if name not in every:
                yield self.study.problem(("kpis", at), unknown_kpi(name, every), code="E-kpi-unknown")

    def _replications(self) -> Iterator[Problem]:
        """More of them than can be made of one arm; how many the points of a sweep have is known there."""
        try:
            check_number(self.spec.replications or 1)
        except FunnelsimError as error:
            yield self.study.problem(("replications",), str(error), code=error.code)

    def _predictions(self) -> Iterator[Problem]:
        """KPIs that an arm of a prediction does not have, and places where an arm cannot be."""
        for at, each in enumerate(self.spec.predicts):
            for arm in dict.fromkeys((each.arm, each.against)):
                if each.kpi not in self.known[arm]:
                    said = unknown_kpi(each.kpi, self.known[arm])
                    several = len(self.study.arms) > 1
                    yield self.study.problem(
                        ("predicts", at, "kpi"), f"{arm}: {said}" if several else said, code="E-kpi-unknown"
                    )
                    break
                try:
                    self.study.scenario(arm, each.at)
                except ScenarioError as error:
                    told = "; ".join(one.message for one in error.problems)
                    yield self.study.problem(
                        ("predicts", at, "at"), f"{arm} cannot be there: {told}", code=error.code
                    )

    def _goals(self) -> Iterator[Problem]:
        """What `optimise` would refuse; and amounts that nothing is looked for with."""
        if self.spec.maximise is None and self.spec.minimise is None:
            for key in GOALS:
                if getattr(self.spec, key):
                    said = "this belongs to a search: say what is best, such as `maximise: contribution`"
                    yield self.study.problem((key,), said, code="E-goal-missing")
            if self.spec.design.kind == "search":
                said = "a search needs to know what is best: add `maximise: contribution`, or `minimise: cost`"
                yield self.study.problem(("design", "search"), said, code="E-goal-missing")
            return
        try:
            goal_of(self.study)
        except ScenarioError as error:
            yield from error.problems
        if not self.whole:
            return
        if self.spec.budget is not None and not costs_anything(self.study):
            yield self.study.problem(
                ("budget",), f"{NOTHING_COSTS}, so a budget limits nothing: {SALARY}", code="E-budget-nothing"
            )
        if len(self.study.arms) == 1 and not self.study.varied:
            said = "there is nothing to decide: give `vary` more than one value of something, or `arms`"
            yield self.study.problem(
                ("maximise" if self.spec.maximise else "minimise",), said, code="E-study-factors"
            )

    def _same(self) -> Iterator[Problem]:
        """Arms that do not have what the study says they have in common."""
        if self.spec.same is None or not self.whole:
            return
        try:
            refuse_unequal(self.study.arms, BASE, self.spec.same)
        except FunnelsimError as error:
            yield self.study.problem(("same",), str(error), code=error.code)

    def _without_period(self) -> Iterator[Warned]:
        """A budget that does not say for how long it is."""
        budget, model = self.spec.budget, next(iter(self.models.values()))
        if budget is not None and budget.kind == "number":
            months = (model.horizon - model.warmup) / MICROSECONDS["mo"]
            yield Warned(
                f"budget: {budget.text} has no period, and is taken for all the time that counts, {months:.3g} "
                f"months; for so much a year write {budget.text} / y",
                "W-budget-period",
            )

    def doubts(self) -> Iterator[Warned]:
        yield from self._without_period()
        if len(self.study.arms) == 1 and not self.study.varied and not self.study.rows:
            yield Warned(
                "there is one scenario only: nothing to compare (`arms`) and nothing to vary (`vary`)",
                "W-study-nothing",
            )
        arms = [Arm(name, model, ()) for name, model in self.models.items()]
        for name in self.spec.kpis if len(arms) > 1 else ():
            try:
                check_kpis([name], arms)
            except FunnelsimError as error:
                yield Warned(f"kpis: `funnelsim compare` will refuse {name}: {error}", "W-kpi-units")
        spec = self.spec
        goals = [each for each in (spec.maximise, spec.minimise, *spec.constraints) if each is not None]
        asked = (*spec.kpis, *(each.kpi for each in spec.predicts), *goals)
        said = [*beside_the_point(asked, self.models)]
        yield from beside_the_point(asked, models_of(self.study)) if said and self.whole else said
        if self.spec.minimise == COST and not costs_anything(self.study):
            yield Warned(f"minimise: {NOTHING_COSTS}, so `cost` is 0 everywhere: {SALARY}", "W-cost-nothing")
