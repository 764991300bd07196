"""KPIs of which a line says nothing, and targets that no run can miss or reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from funnelsim.errors import FunnelsimError, ScenarioError, Warned
from funnelsim.results.measures.kpis import kpi_indicators, unspoken
from funnelsim.results.measures.periods.per_period import base_name
from funnelsim.results.possible import ends

if TYPE_CHECKING:
    from funnelsim.model.model import Model
    from funnelsim.scenario.scenario import Scenario
    from funnelsim.scenario.study.study import Study

    from .question import Target

_PAID = ("cost", "cac")
"""How the names of KPIs begin that are about what is paid."""

_BOTH = frozenset({"contribution", "gross_profit", "ltv_cac", "magic_number", "payback", "cac_ratio"})
"""KPIs of what comes in and of what is paid."""

_WRITE = {
    "comes in": "nothing has a price here; write it, such as segments: {all: {value: 10_000}}",
    "is paid": "nothing costs anything here; write it, such as teams.NAME.cost.salary or sources.NAME.cost",
    "either": "nothing has a price or costs anything here; write it, such as segments: {all: {value: 10_000}}",
}


def beside_the_point(kpis: Iterable[str], models: Mapping[str, Model]) -> Iterator[Warned]:
    """KPIs that are asked for, and about which no scenario says anything."""
    silent = frozenset.intersection(*map(unspoken, models.values()))
    for kpi in dict.fromkeys(kpis):
        if base_name(kpi) in silent:
            yield Warned(
                f"{kpi} is a figure of customers, of whom nothing is said: without `customers` in the scenario "
                "they bring what was booked, never leave and never grow",
                "W-kpi-customers",
            )
        missing = [without_money(kpi, model) for model in models.values()]
        if all(missing):
            yield Warned(f"{kpi} is 0 in every run: {missing[0]}", "W-kpi-money")


def refuse_without_money(kpi: str, models: Mapping[str, Model]) -> None:
    """Raise `FunnelsimError` where scenarios are ranked, or numbers weighed, by money that none speaks of."""
    missing = [without_money(kpi, model) for model in models.values()]
    if missing and all(missing):
        raise FunnelsimError(f"{kpi} is 0 in every run, whatever is changed: {missing[0]}", code="E-kpi-money")


def refuse_study_without_money(kpi: str, study: Study) -> None:
    """The same for a study, whose arms and factors may bring prices and costs."""
    refuse_without_money(kpi, models_of(study))


def models_of(study: Study) -> dict[str, Model]:
    """The arms of a study, and its factors at either end, as far as each can be had alone."""
    from funnelsim.model.compile import compile_model

    return {f"{at}": compile_model(each) for at, each in enumerate(made_by(study))}


def made_by(study: Study) -> Iterator[Scenario]:
    """The scenarios of its arms and of the ends of its factors, as far as each can be had alone."""
    yield from study.arms.values()
    for factor in study.varied:
        for end in factor.ends:
            try:
                yield study.scenario(at={factor.name: end})
            except ScenarioError:  # it needs another factor beside it
                continue


def without_money(kpi: str, model: Model) -> str:
    """What a line does not say without which a KPI of money is 0 in every run; empty for all others."""
    name = base_name(kpi)
    units = {each.name: each.unit for each in kpi_indicators(model)}
    if name not in _BOTH and "{currency}" not in units.get(name, ""):
        return ""
    spec = model.spec
    priced = bool(spec.segments or spec.opening.customers) or any(deal.value for deal in spec.opening.deals)
    paid = any(
        any((*prices.salary, *prices.seat, *prices.commission, *prices.lead, *(cost for _, cost in prices.named)))
        for prices in model.prices
    )
    of = "either" if name in _BOTH else "is paid" if name.startswith(_PAID) else "comes in"
    there = {"either": priced or paid, "is paid": paid, "comes in": priced}
    return "" if there[of] else _WRITE[of]


def refuse_pointless(target: Target, written: str, unit: str, model: Model) -> None:
    """Raise `FunnelsimError` for a target that every run reaches or none, whatever happens on the line."""
    missing = without_money(target.kpi, model)
    if missing:
        raise FunnelsimError(
            f"{target.kpi}: a target has no meaning on this line: {missing}", code="E-target-money"
        )
    least, most = ends(target.kpi, unit)
    if not least <= target.value <= most:
        if unit == "share":
            bounds = f"between {100 * least:g} and {100 * most:g} %" if most < 2 else "not below 0 %"
        else:
            bounds = "not below 0"
        said = f"{target.kpi}: a target of {written.lstrip('<>= ')} is beyond what it can be: it is {bounds}"
        raise FunnelsimError(said, code="E-target-range")
