"""Expected load of each team, by flow balance: what `check` prints before anything is simulated.

Arrivals are averaged over the run. Idle reps make outbound leads, won leads make customers, and customers
make work and leads, so the balance is found by repeated substitution.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import product

from funnelsim.errors import Warned
from funnelsim.scenario.forms.quantities import HOUR, MICROSECONDS, Dist, posts
from funnelsim.scenario.language.people import Whole
from funnelsim.scenario.language.types import Source, Team

from ..model import Model
from ..numbers.distributions import mean
from ..rules.absence import present
from ..tables.pace import leads_per_hour
from .deals import stale
from .flow import EndlessFlowError, Group, Router, State, shares
from .inflow import kept
from .standing import unreached
from .team_load import Loads, TeamLoad
from .uncounted import caring, conditions

MONTH = MICROSECONDS["mo"] / HOUR
"""Hours in a month."""

ROUNDS = 100
"""Most substitutions; a handful settle whatever is stable."""

RUNAWAY = 1e12
"""Customers beyond any company's: their number has no balance."""

Pool = tuple[str, ...]
"""Teams that may do some work, in order of preference."""


def expected(model: Model) -> Loads | None:
    """The loads of a model.

    Parameters
    ----------
    model : Model
        A compiled scenario.

    Returns
    -------
    Loads or None
        None where leads can circle without end, so that there is no balance.
    """
    company = _Company(model)
    contacts: dict[str, float] = {}
    customers: dict[Group, float] = {}
    try:
        for _ in range(ROUNDS):
            balance = company.balance(contacts, customers)
            teams = company.teams(balance.work)
            before = [*contacts.values(), *customers.values()]
            contacts = company.contacts(teams)
            customers = company.customers(balance.won)
            if _settled(before, [*contacts.values(), *customers.values()]):
                break
            if math.fsum(customers.values()) > RUNAWAY:
                break  # a runaway of referrals has no balance
        brought = max(map(company.brought, customers), default=0.0)
    except EndlessFlowError:
        return None
    return Loads(
        {name: balance.visits.get(name, 0.0) * MONTH for name in model.spec.stages},
        {name: TeamLoad(t.needed * MONTH, t.open * MONTH) for name, t in teams.items()},
        brought,
        MONTH
        * math.fsum(company.arrivals[name] for name, each in model.spec.sources.items() if each.team is None),
        MONTH * balance.entering,
        MONTH * math.fsum(contacts.values()),
        math.fsum(customers.values()),
        max(map(company.growth, customers), default=0.0) if brought >= 1.0 else 0.0,
        conditions(model),
        caring(model),
    )


def doubts(model: Model) -> tuple[Warned, ...]:
    """Loads and open deals of a model that can hardly be meant, in words."""
    flow = expected(model)
    return (*unreached(model), *stale(model), *(() if flow is None else flow.doubts))


def _settled(before: list[float], after: list[float]) -> bool:
    return len(before) == len(after) and all(
        math.isclose(old, new, rel_tol=1e-9, abs_tol=1e-15) for old, new in zip(before, after, strict=True)
    )


@dataclass
class _Balance:
    """Flows and work of one round, per hour."""

    visits: dict[str, float] = field(default_factory=dict)
    work: dict[Pool, float] = field(default_factory=dict)  # open hours
    won: dict[Group, float] = field(default_factory=dict)
    entering: float = 0.0


class _Company:
    """A model seen as rates per hour."""

    def __init__(self, model: Model) -> None:
        self.spec = model.spec
        self.warmup = model.warmup / HOUR
        self.span = model.horizon / HOUR
        # Teams that a phase founds stand behind those of the start.
        calendars, rows = model.tables.calendars, model.tables.teams.calendar
        self.day = {name: calendars.day_hours[row] for name, row in zip(self.spec.teams, rows, strict=False)}
        self.open = {
            name: math.fsum(
                self._headcount(part.team) * present(calendars, row, part.team.absence.days, model.horizon)
                for part in team.people_as(name)
            )
            / model.horizon
            for (name, team), row in zip(self.spec.teams.items(), rows, strict=False)
        }
        self.mixes = {name: self._mix(name, source) for name, source in self.spec.sources.items()}
        self.arrivals = {name: self._arrivals(model, source) for name, source in self.spec.sources.items()}
        self.routers: dict[Group, Router] = {}

    # --- entries

    def balance(self, contacts: dict[str, float], customers: dict[Group, float]) -> _Balance:
        """Flows and work that follow from these outbound contacts an hour and these numbers of customers."""
        balance = _Balance()
        for group, entries in self._entries(contacts, customers).items():
            router = self.routers.setdefault(group, Router(self.spec, group))
            flow = router.flow(entries)
            balance.won[group] = flow.won
            balance.entering += math.fsum(entries.values())
            for state, rate in flow.visits.items():
                balance.visits[state[0]] = balance.visits.get(state[0], 0.0) + rate
                self._add_visit(balance.work, router, state, rate)
        for group, count in customers.items():
            self._add_care(balance.work, group, count)
        return balance

    def _entries(
        self, contacts: dict[str, float], customers: dict[Group, float]
    ) -> dict[Group, dict[State, float]]:
        first = self.spec.entry
        entries: dict[Group, dict[State, float]] = {}

        def enter(group: Group, to: str | None, last: str, rate: float) -> None:
            states = entries.setdefault(group, {})
            state = (to or first, last)
            states[state] = states.get(state, 0.0) + rate

        for name, source in self.spec.sources.items():
            rate = self._outbound(source, contacts.get(name, 0.0)) if source.team else self.arrivals[name]
            for group, share in self.mixes[name].items():
                enter(group, group.pick(source.to), source.team or "", rate * share)
        for group, count in customers.items():
            for origin in ("expansion", "referral"):
                stream = group.pick(getattr(self.spec.customers, origin))
                child = Group(group.segment, group.territory, group.source, origin)
                if stream.rate.amount:
                    enter(child, stream.to, "", count * stream.rate.per_hour)
        return entries

    def _mix(self, name: str, source: Source) -> dict[Group, float]:
        """The groups of a source's leads, with their shares."""
        segments = tuple((key, segment.share) for key, segment in self.spec.segments.items())
        mix = list(shares(source.mix or segments or (("all", 1.0),)))
        territories = list(shares(self.spec.territories)) or [("", 1.0)]
        pairs = product(mix, territories)
        return {Group(s, t, name, "new"): p * q for (s, p), (t, q) in pairs if p * q > 0.0}

    def _arrivals(self, model: Model, source: Source) -> float:
        """Leads an hour that a source sends by itself, averaged over the run, less those of days off."""
        rate = leads_per_hour(self.spec, source) * _growth(source.growth, self.span)
        rate *= kept(self.spec, source, model.horizon)
        return rate + sum(burst.leads for burst in source.bursts) / self.span

    def _outbound(self, source: Source, contacts: float) -> float:
        most = math.inf if source.market is None else source.market / self.span
        return min(contacts * (source.yield_ or 0.0), most)

    # --- work

    def _add_visit(self, work: dict[Pool, float], router: Router, state: State, rate: float) -> None:
        """What reps do for leads that come to a stage at this rate."""
        stage, pool = self.spec.stages[state[0]], router.teams(state)
        if not pool:
            return
        pick = router.group.pick
        worked = rate * router.worked(state)
        touches = max(1.0, mean(pick(stage.touches)))
        self._add(work, pool, worked * touches, pick(stage.effort), state[0])
        joint = pick(stage.with_)
        if joint is not None:
            shared = touches if joint.touches == "all" else 1.0
            self._add(work, (joint.team,), worked * shared, pick(stage.effort), state[0])
        if router.hands_over(state):
            handoff = pick(stage.handoff)
            self._add(work, (state[1],), worked, handoff.give, state[0])
            self._add(work, pool, worked, handoff.take, state[0])
            for meeting in ((state[1],), pool):
                self._add(work, meeting, worked, handoff.joint, state[0])

    def _add_care(self, work: dict[Pool, float], group: Group, count: float) -> None:
        """What reps do for so many customers."""
        customers = self.spec.customers
        pool = group.pick(customers.team)
        if not pool:
            return
        care, renewal = group.pick(customers.care), group.pick(customers.renewal)
        complaint = group.pick(customers.complaint)
        if care is not None:
            self._add(work, pool, count / (care.every.microseconds / HOUR), care.effort)
        if renewal is not None:
            self._add(work, pool, count / (renewal.every.microseconds / HOUR), renewal.effort)
        self._add(work, pool, count * complaint.rate.per_hour, complaint.effort)

    def _add(self, work: dict[Pool, float], pool: Pool, rate: float, effort: Dist | None, stage: str = "") -> None:
        if effort is not None and rate > 0.0:
            work[pool] = work.get(pool, 0.0) + rate * self._hours(pool[0], effort, stage)

    def _hours(self, team: str, effort: Dist, stage: str = "") -> float:
        """Open hours that one touch takes a rep of a team."""
        unit = self.day[team] if effort.unit == "bd" else 1.0
        entry = self.spec.teams[team]
        return mean(effort) * unit / HOUR / entry.selling_share / _speed(entry, stage)

    def teams(self, work: dict[Pool, float]) -> dict[str, TeamLoad]:
        """The load of each team; what teams share goes to the earlier named as far as it has room."""
        needed = {name: work.get((name,), 0.0) for name in self.spec.teams}
        for pool in sorted((pool for pool in work if len(pool) > 1), key=len):
            rest = work[pool]
            for name in pool[:-1]:
                part = min(rest, max(0.0, self.open[name] - needed[name]))
                needed[name] += part
                rest -= part
            needed[pool[-1]] += rest
        return {name: TeamLoad(needed[name], self.open[name]) for name in self.spec.teams}

    # --- what follows from the round before

    def contacts(self, teams: dict[str, TeamLoad]) -> dict[str, float]:
        """Outbound contacts an hour of each source, made in the time that leads leave free."""
        worked_by = [source.team for source in self.spec.sources.values()]
        contacts = {}
        for name, source in self.spec.sources.items():
            if source.team is not None and source.effort is not None:
                idle = max(0.0, teams[source.team].open - teams[source.team].needed)
                share = idle / worked_by.count(source.team)
                contacts[name] = share / self._hours(source.team, source.effort)
        return contacts

    def customers(self, won: dict[Group, float]) -> dict[Group, float]:
        """Customers of each group, averaged over the time after warm-up."""
        new = {group: rate for group, rate in won.items() if group.origin != "expansion"}
        total = math.fsum(new.values())
        count = self.spec.opening.customers
        return {
            group: self._standing(group, count * (rate / total if total > 0.0 else 1.0 / len(new)), rate)
            for group, rate in new.items()
        }

    def brought(self, group: Group) -> float:
        """Customers that one of a group brings by referral, if it is there from the start of the run."""
        churn = self._churn(group)
        lasts = -math.expm1(-churn * self.span) / churn if churn > 0.0 else self.span
        return self._brings(group) * lasts

    def growth(self, group: Group) -> float:
        """The log of what one customer of a group becomes by referral until the end of the run."""
        return max(0.0, (self._brings(group) - self._churn(group)) * self.span)

    def _brings(self, group: Group) -> float:
        """Customers an hour that one of a group brings by referral."""
        stream = group.pick(self.spec.customers.referral)
        if not stream.rate.amount:
            return 0.0
        child = Group(group.segment, group.territory, group.source, "referral")
        state = (stream.to or self.spec.entry, "")
        won = self.routers.setdefault(child, Router(self.spec, child)).flow({state: 1.0}).won
        return stream.rate.per_hour * won

    def _churn(self, group: Group) -> float:
        """Hazard per hour, that of contracts not renewed included."""
        renewal = group.pick(self.spec.customers.renewal)
        churn = group.pick(self.spec.customers.churn).per_hour
        if renewal is not None:
            churn += renewal.churn / (renewal.every.microseconds / HOUR)
        return churn

    def _standing(self, group: Group, opening: float, won: float) -> float:
        """The mean over the window of N(t), where N' = won - churn N."""
        churn = self._churn(group)
        start, end = self.warmup, self.span
        if churn * end < 1e-9:
            return opening + won * (start + end) / 2.0
        faded = (math.exp(-churn * start) - math.exp(-churn * end)) / (churn * (end - start))
        return won / churn + (opening - won / churn) * faded

    def _headcount(self, team: Team) -> float:
        """Seats, averaged over the run."""
        days = self.span / 24.0
        start, steps = self.spec.start, team.headcount.steps
        begins = [0.0 if at is None else max(0.0, float((at - start).days)) for at, _ in steps]
        ends = [min(days, end) for end in (*begins[1:], days)]
        spans = [max(0.0, end - begin) for begin, end in zip(begins, ends, strict=True)]
        return math.fsum(span * count for span, (_, count) in zip(spans, steps, strict=True)) / days


def _speed(team: Team, stage: str) -> float:
    """Mean speed of the people at a stage, of whom the last may have part of a post."""
    if isinstance(team, Whole):
        parts = [(part.team.headcount.first, _speed(part.team, stage)) for part in team.parts]
        seats = sum(count for count, _ in parts)
        return math.fsum(count * speed for count, speed in parts) / seats if seats else parts[0][1]
    people, factor = team.headcount.first, dict(team.speed.at).get(stage, 1.0)
    known = [speed * min(1.0, people - seat) for seat, speed in enumerate(team.speed.seats[: posts(people)])]
    if not people:
        return team.speed.mean * factor
    return (math.fsum(known) + max(0.0, people - len(known)) * team.speed.mean) / people * factor


def _growth(growth: float, hours: float) -> float:
    """The mean of (1 + growth)^years over the run."""
    if growth == 0.0 or growth <= -1.0:
        return 1.0
    exponent = math.log1p(growth) * hours * HOUR / MICROSECONDS["y"]
    return math.expm1(exponent) / exponent
