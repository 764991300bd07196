"""How many people a scenario plans and what they are paid, over the time that counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from funnelsim.scenario.forms.quantities import HOUR, MICROSECONDS
from funnelsim.scenario.language.moments import DAY, moment
from funnelsim.scenario.language.people import people_of

from ..tables.people import headcount_steps

if TYPE_CHECKING:
    from funnelsim.scenario.language.types import Team
    from funnelsim.scenario.scenario import Scenario

OUTSOURCED = "outsourced"
"""The role of teams of other companies."""

YEAR = MICROSECONDS["y"] / HOUR
"""Hours in a year."""


@dataclass(frozen=True)
class Plan:
    """People and money that are planned, as averages over the time that counts.

    Seats count from the day on which they are planned, whether somebody is found for them or not. Commission is
    not among the money, as it depends on what is sold.

    Parameters
    ----------
    people : mapping
        By team how many; those of a team that is made of others are in these.
    pay : mapping
        By team what they cost in a year, in the scenario's currency.
    outsourced : frozenset of str
        Those of the teams that are of other companies.
    currency : str
        The currency.
    """

    people: dict[str, float] = field(default_factory=dict)
    pay: dict[str, float] = field(default_factory=dict)
    outsourced: frozenset[str] = frozenset()
    currency: str = ""

    @property
    def heads(self) -> float:
        """All people."""
        return sum(self.people.values())

    @property
    def own(self) -> float:
        """People of the company's own."""
        return sum(number for team, number in self.people.items() if team not in self.outsourced)

    @property
    def budget(self) -> float:
        """What all of them cost in a year."""
        return sum(self.pay.values())


class _Span(NamedTuple):
    """A number of people of a team for some time, in microseconds."""

    name: str
    team: Team
    number: float
    time: int


def plan_of(scenario: Scenario) -> Plan:
    """What a scenario plans."""
    spec = scenario.spec
    counted = moment(spec.start, spec.horizon) - moment(spec.start, spec.warmup)
    people: dict[str, float] = {}
    pay: dict[str, float] = {}
    for name, team, number, time in _spans(scenario):
        seats = number * time / counted
        people[name] = people.get(name, 0.0) + seats
        pay[name] = pay.get(name, 0.0) + seats * (team.cost.salary.per_hour + team.cost.seat.per_hour) * YEAR
    outsourced = (each.entry for each in scenario.roles if each.group == "teams" and OUTSOURCED in each.roles)
    return Plan(people, pay, frozenset(outsourced), spec.currency)


def _spans(scenario: Scenario) -> Iterator[_Span]:
    """How many people each team has for how long within the time that counts."""
    start = scenario.spec.start
    begin, end = moment(start, scenario.spec.warmup), moment(start, scenario.spec.horizon)
    starts = [0 if each.start is None else (each.start - start).days * DAY for each in scenario.periods]
    for period, since, until in zip(scenario.periods, starts, [*starts[1:], end], strict=True):
        for name, team in people_of(period.spec.teams).items():
            steps = headcount_steps(team.headcount, start)
            for (time, number), (following, _) in pairwise([*steps, (end, 0)]):
                lasts = min(following, until, end) - max(time, since, begin)
                yield _Span(name, team, number, max(0, lasts))
