"""How many people a scenario plans and what they are paid, over the time that counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from funnelsim.scenario.forms.quantities import HOUR, MICROSECONDS
from funnelsim.scenario.language.moments import DAY, moment

from ..rules.absence import present
from ..tables.people import headcount_steps
from ..time.calendars import open_between

if TYPE_CHECKING:
    from funnelsim.scenario.language.types import Team
    from funnelsim.scenario.scenario import Scenario

    from ..model import Model

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
    """A number of people of a team for some time of a period, in microseconds."""

    name: str
    team: Team
    number: float
    since: int
    until: int
    period: int
    within: str  # the team they work in

    @property
    def time(self) -> int:
        """How long it is."""
        return self.until - self.since


def plan_of(scenario: Scenario) -> Plan:
    """What a scenario plans."""
    spec = scenario.spec
    counted = moment(spec.start, spec.horizon) - moment(spec.start, spec.warmup)
    people: dict[str, float] = {}
    pay: dict[str, float] = {}
    for each in _spans(scenario):
        name, team, seats = each.name, each.team, each.number * each.time / counted
        people[name] = people.get(name, 0.0) + seats
        pay[name] = pay.get(name, 0.0) + seats * (team.cost.salary.per_hour + team.cost.seat.per_hour) * YEAR
    outsourced = (role.entry for role in scenario.roles if role.group == "teams" and OUTSOURCED in role.roles)
    return Plan(people, pay, frozenset(outsourced), spec.currency)


def hours_of(scenario: Scenario, model: Model) -> float:
    """Open hours a month that all who are planned have for leads, on average over the time that counts.

    By the calendars of their teams and the shares for leads (`selling_share`), less days off.
    """
    total, counted = 0.0, model.horizon - model.warmup
    for each in _spans(scenario):
        tables = model.periods[each.period][1]
        row = int(tables.teams.calendar[model.team_names.index(each.within)])
        opened = open_between(tables.calendars, row, each.since, each.until)
        every = open_between(tables.calendars, row, 0, model.horizon)
        there = present(tables.calendars, row, each.team.absence.days, model.horizon) / every if every else 0.0
        whole = scenario.periods[each.period].spec.teams[each.within]
        total += each.number * opened * there * whole.selling_share
    return total / counted * MICROSECONDS["mo"] / HOUR


def _spans(scenario: Scenario) -> Iterator[_Span]:
    """How many people each team has for how long within the time that counts."""
    start = scenario.spec.start
    begin, end = moment(start, scenario.spec.warmup), moment(start, scenario.spec.horizon)
    starts = [0 if each.start is None else (each.start - start).days * DAY for each in scenario.periods]
    for index, (period, since, until) in enumerate(zip(scenario.periods, starts, [*starts[1:], end], strict=True)):
        people = ((part, within) for within, team in period.spec.teams.items() for part in team.people_as(within))
        for (name, team), within in (((part.name, part.team), within) for part, within in people):
            steps = headcount_steps(team.headcount, start)
            for (time, number), (following, _) in pairwise([*steps, (end, 0)]):
                first, last = max(time, since, begin), min(following, until, end)
                yield _Span(name, team, number, first, max(first, last), index, within)
