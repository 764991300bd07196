"""Teams that cost nothing beside teams that cost money: whatever moves work to them looks cheaper than it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from funnelsim.errors import Warned

from ..language.people import Team, people_of
from ..language.types import ScenarioSpec


def unpaid(specs: Iterable[ScenarioSpec]) -> Iterator[Warned]:
    """Warnings of teams without a salary beside others that have one, in any of a scenario's periods."""
    said = set()
    for spec in specs:
        teams = people_of(spec.teams)
        paid = [name for name, team in teams.items() if _costs(team)]
        for name, team in teams.items():
            if paid and _is_free(team) and name not in said:
                said.add(name)
                yield Warned(
                    f"teams.{name}.cost: {name} costs nothing, while {_listed(paid)}: work looks free there, so "
                    f"contribution, CAC and cost per win favour whatever moves work to {name}; give it "
                    "`cost: {salary: ...}`, unless one of `costs` stands for it",
                    "W-team-unpaid",
                )


def unpaid_beside(arms: Mapping[str, Iterable[ScenarioSpec]]) -> Iterator[Warned]:
    """Warnings of arms in which nobody costs anything, while people of other arms do."""
    teams = {
        name: [team for spec in specs for team in people_of(spec.teams).values()] for name, specs in arms.items()
    }
    paid = [name for name, every in teams.items() if any(map(_costs, every))]
    for name, every in teams.items():
        if paid and name not in paid and any(map(_is_free, every)):
            yield Warned(
                f"{name}: no team has a salary, while teams of {', '.join(paid)} have: contribution, CAC and cost "
                f"per win favour {name}; give its teams `cost: {{salary: ...}}`",
                "W-team-unpaid",
            )


def _costs(team: Team) -> bool:
    return team.cost.salary.amount + team.cost.seat.amount > 0 and _has_people(team)


def _is_free(team: Team) -> bool:
    cost, commission = team.cost, team.cost.commission
    paid = cost.salary.amount or cost.seat.amount or commission.rate or commission.above_quota
    return _has_people(team) and not paid


def _has_people(team: Team) -> bool:
    return any(number > 0 for _, number in team.headcount.steps)


def _listed(names: list[str]) -> str:
    return f"{names[0]} has a salary" if len(names) == 1 else f"{', '.join(names)} have salaries"
