"""Whether arms have the same people, or the same money for people: what is compared at equal means."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from funnelsim.errors import FunnelsimError, ScenarioError
from funnelsim.model.balance.planned import Plan, plan_of
from funnelsim.scenario.forms.base import unknown
from funnelsim.scenario.forms.quantities import QUARTERS
from funnelsim.scenario.reading.document import flow
from funnelsim.text import printed

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario

Same = Literal["people", "people:own", "budget"]
"""What arms are to have in common."""

SHARE = 0.01
"""Share of the base's figure by which arms may differ."""

HALF_A_HEAD = 0.5
"""People by fewer than which arms may differ, too."""

NEARLY = 1e-6
"""People or money by which two plans differ by rounding alone."""

WORDS = {
    "people": "the same number of people",
    "people:own": "the same number of people of their own",
    "budget": "the same pay for people",
}


@dataclass(frozen=True)
class Means:
    """People and pay of arms that are compared.

    Parameters
    ----------
    plans : mapping
        What each arm plans.
    base : str
        The arm that the others are compared with.
    same : str or None
        What all were asked to have in common.
    hours : mapping
        Open hours a month that the people of each arm have for leads.
    """

    plans: Mapping[str, Plan]
    base: str
    same: str | None
    hours: Mapping[str, float] = field(default_factory=dict)


def refuse_unequal(scenarios: Mapping[str, Scenario], base: str | None, same: str) -> None:
    """Refuse arms that do not have the same people, or the same money for them.

    Parameters
    ----------
    scenarios : mapping
        The arms by name.
    base : str or None
        The arm to which others are held; the first where nothing is said.
    same : str
        ``people``, ``people:own`` or ``budget``.

    Raises
    ------
    FunnelsimError
        With a table, and for each arm a change that would make it equal.
    """
    kinds = get_args(Same)
    if same not in kinds:
        raise FunnelsimError(f"same: {unknown('measure', same, kinds)}", code="E-name-unknown")
    plans = {name: plan_of(each) for name, each in scenarios.items()}
    same = payable(plans, same)
    to = base if base is not None and base in scenarios else next(iter(scenarios))
    others = {plan.currency for plan in plans.values()} - {plans[to].currency}
    if same == "budget" and others:
        codes = " and ".join(sorted({*others, plans[to].currency}))
        raise FunnelsimError(
            f"pay in {codes} cannot be compared; give all arms one currency", code="E-same-currency"
        )
    wrong = [name for name in plans if not alike(plans[to], plans[name], same)]
    if not wrong:
        return
    width = max(map(len, plans))
    rows = (f"{name:<{width}}  {told(plan, same)}{_apart(plans[to], plan, same)}" for name, plan in plans.items())
    ways = (remedy(name, scenarios[name], plans[to], same) for name in wrong)
    limit = "1 %" if same == "budget" else "1 % or half a head"
    said = f"the arms do not have {WORDS[same]} within {limit}, planned on average over the time that counts:"
    raise FunnelsimError("\n".join((said, *rows, *ways)), code="E-same-people")


def payable(plans: Mapping[str, Plan], same: str) -> str:
    """What is compared: people, where nobody is paid."""
    return "people" if same == "budget" and not any(plan.budget for plan in plans.values()) else same


def alike(base: Plan, plan: Plan, same: str) -> bool:
    """Whether a plan is as large as that of the base."""
    there, here = figure(base, same), figure(plan, same)
    near = same != "budget" and abs(here - there) < HALF_A_HEAD
    return near or abs(here - there) <= SHARE * there * (1 + 1e-9)


def figure(plan: Plan, same: str) -> float:
    """How large a plan is, in people or in money a year."""
    return {"people": plan.heads, "people:own": plan.own, "budget": plan.budget}[same]


def told(plan: Plan, same: str) -> str:
    """The same in words."""
    if same == "budget":
        return f"{plan.budget:,.0f} {plan.currency} a year"
    return f"{figure(plan, same):,.4g} people"


def _apart(base: Plan, plan: Plan, same: str) -> str:
    difference = figure(plan, same) - figure(base, same)
    if not difference:
        return ""
    return f" ({printed(difference, '+,.0f' if same == 'budget' else '+,.4g')})"


def remedy(name: str, scenario: Scenario, base: Plan, same: str) -> str:
    """The change that would make an arm equal to the base, which was tried."""
    plan = plan_of(scenario)
    for team, path, value in _changes(plan, base, same):
        try:
            made = plan_of(scenario.change({path: value}))
        except ScenarioError:
            continue
        if alike(base, made, same):
            alone = "" if _differs(team, plan, base, same) else f"; {team} itself is as in the base"
            return f"{name} would be equal with {path}: {flow(value)} laid over it ({told(made, same)}{alone})"
    return f"{name}: change the headcount of its teams until it is equal"


def _differs(team: str, plan: Plan, base: Plan, same: str) -> bool:
    """Whether a team has other people than in the base, or other pay where that is compared."""
    people = abs(plan.people[team] - base.people.get(team, 0.0)) > NEARLY
    return people or (same == "budget" and abs(plan.pay[team] - base.pay.get(team, 0.0)) > NEARLY)


def _changes(plan: Plan, base: Plan, same: str) -> Iterator[tuple[str, str, dict[str, float]]]:
    """Changes that may make a plan equal, with the team of each: of those that differ, the farthest first.

    People come before their pay, unless a team has as many as in the base. The pay of a team in which nothing
    differs is nobody's question.
    """
    measure = "pay" if same == "budget" else "people"
    here, there = getattr(plan, measure), getattr(base, measure)
    teams = sorted(plan.people, key=lambda team: (-abs(here[team] - there.get(team, 0.0)), -here[team]))
    teams = [team for team in teams if same != "people:own" or team not in plan.outsourced]
    for differ in (True, False):
        for team in teams:
            if _differs(team, plan, base, same) == differ:
                as_many = differ and abs(plan.people[team] - base.people.get(team, 0.0)) <= NEARLY
                heads = [(team, *each) for each in _heads(team, plan, base, same)]
                pay = [(team, *each) for each in _pay(team, plan, base, same) if differ]
                yield from (*pay, *heads) if as_many else (*heads, *pay)


def _heads(team: str, plan: Plan, base: Plan, same: str) -> Iterator[tuple[str, dict[str, float]]]:
    """More or fewer people in a team, whole ones or quarters of posts."""
    if not plan.people[team]:
        return
    missing = figure(base, same) - figure(plan, same)
    each = plan.pay[team] / plan.people[team] if same == "budget" else 1.0
    heads = missing / each if each else 0.0
    near = (round(heads), round(heads * QUARTERS) / QUARTERS)
    for number in dict.fromkeys(near if same == "budget" else reversed(near)):
        if number:
            yield f"teams.{team}.headcount", {"add": int(number) if number == int(number) else number}


def _pay(team: str, plan: Plan, base: Plan, same: str) -> Iterator[tuple[str, dict[str, float]]]:
    """Other salaries of a team."""
    missing = figure(base, same) - figure(plan, same)
    if same == "budget" and plan.pay[team] and plan.pay[team] + missing > 0:
        yield f"teams.{team}.cost.salary", {"multiply": float(f"{1 + missing / plan.pay[team]:.4g}")}


def share_apart(base: Plan, plan: Plan, kind: str) -> float | None:
    """By which share of the base a plan differs; infinite where the base has nothing, None where it is little."""
    there, here = figure(base, kind), figure(plan, kind)
    if abs(here - there) <= SHARE * there * (1 + 1e-9):
        return None
    return (here - there) / there if there else math.inf
