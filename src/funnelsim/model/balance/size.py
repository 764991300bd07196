"""How large a run will be: visits, events and rows, by flow balance; what would take days is refused beforehand.

The numbers are bounds rather than forecasts. Of what a loop would give for ever, a visit cannot be shorter than
its work and the buyer's time, and a team cannot do more than its open hours hold.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funnelsim.errors import ScenarioError, Warned
from funnelsim.scenario.forms.quantities import HOUR, MICROSECONDS, Dist
from funnelsim.scenario.language.types import ScenarioSpec, Source, Stage

from ..model import Model
from ..numbers.distributions import mean
from .lead_count import count_text, time_text
from .loads import expected
from .team_load import Loads

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario

MOST_EVENTS = 10_000_000_000
"""Events of one replication: on the compiled engine more than an hour."""

MANY_EVENTS = 300_000_000
"""Events of one replication from which on `check` says how long it takes."""

EVENTS_A_SECOND = 2_000_000
"""About what the compiled engine does on one processor."""


@dataclass(frozen=True)
class Part:
    """Something that makes events, how many, and where it stands."""

    path: tuple[str, ...]
    events: float
    sum: str


@dataclass(frozen=True)
class Size:
    """What one replication is expected to hold at most.

    Parameters
    ----------
    leads, visits, tasks : float
        Rows of leads, of their visits to stages, and of work for customers.
    parts : tuple of Part
        What makes events.
    """

    leads: float
    visits: float
    tasks: float
    parts: tuple[Part, ...]

    @property
    def events(self) -> float:
        """All events."""
        return math.fsum(part.events for part in self.parts)

    @property
    def largest(self) -> Part:
        """What makes most of them."""
        return max(self.parts, key=lambda part: part.events)

    @property
    def warnings(self) -> tuple[Warned, ...]:
        """What is said of a replication that takes minutes."""
        if self.events < MANY_EVENTS:
            return ()
        takes = time_text(self.events / EVENTS_A_SECOND * MICROSECONDS["min"] / 60)
        most = self.largest
        path = ".".join(most.path)
        said = (
            f"{path}: a replication may have {count_text(self.events)} events, most of them from {most.sum}; at "
            f"{EVENTS_A_SECOND:,} a second that takes {takes}"
        )
        return (Warned(said, "W-size-run"),)


def check_size(scenario: Scenario, model: Model) -> None:
    """Refuse a scenario of which a replication would have more events than are allowed.

    Raises
    ------
    ScenarioError
        With the arithmetic, at what makes most events.
    """
    if plainly_small(model, MANY_EVENTS):
        return
    size = size_of(model, expected(model))
    if size.events > MOST_EVENTS:
        most = size.largest
        message = f"{most.sum} = {count_text(most.events)} events in {time_text(model.horizon)}"
        limit = f"at most {MOST_EVENTS:,} are allowed in a replication"
        raise ScenarioError([scenario.problem(most.path, f"{message}; {limit}", code="E-size-run")])


def size_warnings(model: Model, loads: Loads | None) -> tuple[Warned, ...]:
    """What is said of a scenario that is allowed, and of which a replication takes minutes.

    Where flow balance has no end, as customers bring others and more, the run may be small by its length.
    """
    return () if plainly_small(model, MANY_EVENTS) else size_of(model, loads).warnings


def plainly_small(model: Model, most: float) -> bool:
    """Whether there are fewer events than this by bounds that need no flow balance, which takes far longer."""
    return most_events(model) < most


def most_events(model: Model) -> float:
    """An upper bound of the events of one replication.

    Every lead becomes a customer and every customer stays to the end of the run; teams work day and night.
    """
    spec = model.spec
    tasks, births = _customer_events(spec, model.horizon)
    if births > _MOST_BIRTHS:
        return math.inf
    contacts = {name: _most_contacts(model, source) for name, source in spec.sources.items() if source.team}
    prospected = math.fsum(count * (spec.sources[name].yield_ or 0.0) for name, count in contacts.items())
    customers = (model.leads + prospected + spec.opening.customers) * math.exp(births)
    visits = _visits_by_time(model, customers)
    events = math.fsum(count * _events_of(spec.stages[name]) for name, count in visits.items())
    return events + math.fsum(contacts.values()) + customers * (tasks + births)


_MOST_BIRTHS = 10.0
"""Leads that a customer brings in a run, above which the bound says nothing."""


def _most_contacts(model: Model, source: Source) -> float:
    """Outbound contacts for which a source's team has time, were it to do nothing else."""
    effort = 0.0 if source.effort is None else _time(source.effort)
    return _time_of_teams(model, {source.team or ""}) / effort if effort > 0.0 else math.inf


def _time_of_teams(model: Model, teams: Collection[str]) -> float:
    """Most microseconds of work that teams do in a run: their largest headcounts, at the speed of the fastest."""
    entries = [part.team for name in teams for part in model.spec.teams[name].people_as(name)]
    return (
        math.fsum(
            max(count for _, count in entry.headcount.steps)
            * max(1.0, *entry.speed.seats, entry.speed.mean + 6.0 * entry.speed.sd)
            * max((1.0, *(factor for _, factor in entry.speed.at)))
            for entry in entries
        )
        * model.horizon
    )


def _visits_by_time(model: Model, leads: float) -> dict[str, float]:
    """Visits to each stage for which there is time; where a visit takes none, those of the stages before it."""
    ways = {name: set(_ways(stage)) for name, stage in model.spec.stages.items()}
    place = {name: number for number, name in enumerate(ways)}
    if all(place.get(to, math.inf) > place[name] for name, targets in ways.items() for to in targets):
        return dict.fromkeys(ways, leads)
    visits = {name: _most_visits(model, name, leads, None) for name in ways}
    for _ in visits:
        for name in visits:
            before = math.fsum(visits[each] for each, targets in ways.items() if name in targets)
            visits[name] = min(visits[name], leads + before)
    return visits


def _ways(stage: Stage) -> Iterator[str]:
    """Where leads of a stage go."""
    for way in (*stage.next.values, *stage.otherwise.values, *stage.on.ways):
        yield from (to for to, weight in way or () if weight > 0)


def size_of(model: Model, loads: Loads | None) -> Size:
    """The size of one replication.

    Parameters
    ----------
    model : Model
        A compiled scenario.
    loads : Loads or None
        Its flow balance (`loads.expected`); None where leads can circle without end.
    """
    months = model.horizon / MICROSECONDS["mo"]
    leads, more = _leads(model, loads, months)
    flows = {name: math.inf if loads is None else loads.visits[name] * months * more for name in model.stage_names}
    visits = {name: min(flow, _most_visits(model, name, leads, loads)) for name, flow in flows.items()}
    parts = [_stage_part(model.spec, name, count) for name, count in visits.items()]
    customers = leads if loads is None else min(leads, loads.customers * more)
    customers = max(customers, float(model.spec.opening.customers))
    tasks, births = _customer_events(model.spec, model.horizon)
    words = f"{count_text(customers)} customers x {tasks + births:,.4g} pieces of work and leads of each"
    parts.append(Part(("customers",), customers * (tasks + births), words))
    contacts = 0.0 if loads is None else loads.contacts * months
    parts.append(Part(("sources",), contacts, f"{count_text(contacts)} outbound contacts"))
    return Size(leads, math.fsum(visits.values()), customers * tasks, tuple(parts))


def _stage_part(spec: ScenarioSpec, name: str, visits: float) -> Part:
    each = _events_of(spec.stages[name])
    return Part(("stages", name), visits * each, f"{count_text(visits)} visits x {each:.3g} events of each")


def _leads(model: Model, loads: Loads | None, months: float) -> tuple[float, float]:
    """All leads of a run, those of customers among them, and how many times those of the balance that is.

    The balance knows the first period alone, and has no end where customers bring more and more others.
    """
    if loads is None:
        return model.leads, 1.0
    if loads.growth > 0.0:
        leads = (model.leads + loads.contacts * months) * math.exp(min(loads.growth, 700.0))
        return leads, leads / max(loads.entering * months, 1.0)
    more = max(1.0, model.leads / (loads.arriving * months)) if loads.arriving else 1.0
    return max(model.leads, loads.entering * months * more), more


def _most_visits(model: Model, name: str, leads: float, loads: Loads | None) -> float:
    """Visits to a stage for which there is time, were leads to come again and again."""
    stage = model.spec.stages[name]
    most = max((math.inf if number is None else float(number) for number in stage.at_most.values), default=1.0)
    least = shortest(stage)
    rounds = min(most, model.horizon / least if least > 0.0 else math.inf)
    return min(leads * (1.0 + rounds), leads + _capacity(model, stage, loads))


def _capacity(model: Model, stage: Stage, loads: Loads | None) -> float:
    """Visits that the teams of a stage have time for."""
    teams = {team for names in stage.team.values for team in names}
    effort = min((_time(each) for each in stage.effort.values), default=0.0)
    if not all(stage.team.values) or effort <= 0.0:
        return math.inf
    if loads is None:
        hours = _time_of_teams(model, teams) / HOUR
    else:
        hours = math.fsum(loads.teams[team].open for team in teams) * model.horizon / MICROSECONDS["mo"]
    return hours * HOUR / (effort * min(max(1.0, mean(each)) for each in stage.touches.values))


def shortest(stage: Stage) -> float:
    """The mean microseconds that a visit takes at least, were nobody to wait; business days count as one hour."""
    effort = min((_time(each) for each in stage.effort.values), default=0.0)
    touches = min(max(1.0, mean(each)) for each in stage.touches.values)
    gap = min((_time(each) for each in stage.gap.values), default=0.0)
    decision = min(min(_time(each.advanced), _time(each.lost)) for each in stage.decision.values)
    return touches * effort + (touches - 1.0) * gap + decision


def _time(dist: Dist) -> float:
    return max(0.0, mean(dist) * (HOUR if dist.unit == "bd" else 1.0))


def _events_of(stage: Stage) -> float:
    """Events of one visit: it begins and ends, and each touch becomes ready and ends."""
    return 2.0 + 2.0 * max(max(1.0, mean(each)) for each in stage.touches.values)


def _customer_events(spec: ScenarioSpec, horizon: int) -> tuple[float, float]:
    """Pieces of work, and leads, that one customer gives rise to in a run."""
    customers = spec.customers
    every = [one.every for by in (customers.care, customers.renewal) for one in by.values if one is not None]
    tasks = math.fsum(horizon / max(gap.microseconds, 1) for gap in every)
    complaints = max(one.rate.per_hour for one in customers.complaint.values)
    births = math.fsum(
        max(one.rate.per_hour for one in by.values) for by in (customers.expansion, customers.referral)
    )
    return tasks + complaints * horizon / HOUR, births * horizon / HOUR
