"""What limits the line, and why: findings with their evidence, which `views/sentences/limiting` tells in words.

A team limits the line if more work comes in than it can do. That shows as a queue that grows, or, where leads give
up waiting, as a load of 1 and more. That its reps are busy shows nothing: reps with filler work are always busy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from funnelsim.model.balance.uncounted import costs_of_waiting
from funnelsim.model.model import Model
from funnelsim.scenario.checking.routes import has_work
from funnelsim.scenario.forms.quantities import HOUR, Dist

from .estimates import Estimate, enough
from .measures.indicators import MONTH
from .measures.summary import Summary

MATERIAL = 0.25
"""Growth over the whole time, as a share of the average queue, from which a queue counts as growing."""

FEWEST = 1.0
"""Leads by which a queue must grow over the whole time to count as growing."""

OVERRUN = 0.01
"""Growth, as a share of what comes to a team, from which its queue counts as growing: one that grows by less is
that of a team with hours for 99 of 100 leads that come, and chance moves any queue by that much."""

AT_WORK = 0.9
"""Load from which a team may be the limit although its queue does not grow: one more rep shortens waits there."""

TIGHT = 0.95
"""Load from which hours, and not rules, explain why a queue grows."""

WORTH_TELLING = 0.05
"""Leads that wait on average from which it is worth a word for whom."""

MANY_OPEN = 0.2
"""Share of leads still open at the horizon that calls for a warning."""


@dataclass(frozen=True)
class Evidence:
    """What speaks for or against a team being the limit.

    Parameters
    ----------
    team, label : str
        The team's name in files, and the one shown.
    load : Estimate
        Work offered divided by capacity.
    queue_growth : Estimate
        Leads a month by which what waits for the team grows.
    queue : Estimate
        Leads that wait, on average.
    wait : Estimate
        Mean open hours of one wait.
    utilisation, filler : Estimate
        Shares of open hours.
    grows : bool
        Whether the queue grows, by more than chance and by an amount that matters.
    limits : bool
        Whether the team limits the line.
    may_grow : bool
        Whether the queue may grow by an amount that matters, as far as its interval says.
    """

    team: str
    label: str
    load: Estimate
    queue_growth: Estimate
    queue: Estimate
    wait: Estimate
    utilisation: Estimate
    filler: Estimate
    grows: bool
    limits: bool
    may_grow: bool = False


class Kind(StrEnum):
    """What limits a line."""

    TEAMS = "teams"  # one or several, surely
    UNDECIDED = "undecided"  # a team that may as well be above its limit as below
    UNTOLD = "untold"  # a team with hours to spare by its mean, of which the interval says nothing
    RULES = "rules"  # limits on leads in progress
    NEAR = "near"  # a team of which only a trial can tell, or demand
    DEMAND = "demand"


@dataclass(frozen=True)
class Limit:
    """What limits a line.

    Parameters
    ----------
    kind : Kind
        What it is.
    evidence : tuple of Evidence
        Of each team, the most loaded first.
    turned_away, held : float
        Leads that limits on work in progress turn away, and hours that leads are held before them, at most.
    """

    kind: Kind
    evidence: tuple[Evidence, ...]
    turned_away: float
    held: float

    @property
    def teams(self) -> tuple[Evidence, ...]:
        """The teams that limit the line."""
        return tuple(each for each in self.evidence if each.limits)

    @property
    def untold(self) -> Evidence | None:
        """The first team that may be at its limit although it has hours to spare by its mean."""
        return next((each for each in self.evidence if _may_be_overloaded(each.load)), None)

    @property
    def creeps(self) -> bool:
        """Whether a queue grows beyond chance, though by no amount that matters."""
        return any(each.queue_growth.low is not None and each.queue_growth.low > 0 for each in self.evidence)


class Joint(NamedTuple):
    """What waits at a stage for two teams at once, by the labels of the stage and the teams."""

    stage: str
    waiting: float
    own: tuple[str, ...]
    other: tuple[str, ...]


@dataclass(frozen=True)
class SingleRun:
    """A single replication has no intervals."""


@dataclass(frozen=True)
class StillOpen:
    """A large share of the leads is open at the horizon."""

    share: float


@dataclass(frozen=True)
class Filling:
    """The warm-up is shorter than the time in which 95 % of the wins are won; both in hours."""

    warmup: float
    slowest: float


@dataclass(frozen=True)
class Growing:
    """The queue of a team, by its label, grows by so many leads a month: waits depend on how long the run is."""

    team: str
    growth: float


@dataclass(frozen=True)
class Untouched:
    """A team, by its label, whose people did nothing in the time that counts, in any replication.

    ``kept`` says whether a stage names it behind another team, which keeps the leads that it had before.
    """

    team: str
    kept: bool


Caution = SingleRun | StillOpen | Filling | Growing | Untouched
"""What the figures of a run cannot show."""


def evidence(summary: Summary, model: Model, months: float) -> list[Evidence]:
    """Evidence for each team, the most loaded first; ``months`` is the time since the warm-up."""
    found = []
    for name, label in zip(model.team_names, model.team_labels, strict=True):
        team = summary.teams[name]
        grows = _grows(team, months)
        found.append(
            Evidence(
                team=name,
                label=label,
                load=team["load"],
                queue_growth=team["queue_growth"],
                queue=team["queue"],
                wait=team["wait_open"],
                utilisation=team["utilisation"],
                filler=team["filler"],
                grows=grows,
                limits=grows or _overloaded(team["load"]),
                may_grow=_may_grow(team, months),
            )
        )
    return sorted(found, key=lambda each: -(each.load.mean or 0.0))


def limit(found: Sequence[Evidence], summary: Summary, model: Model) -> Limit:
    """What limits the line, by the evidence for each team."""
    turned_away, held = _held_back(summary, model)
    first = found[0] if found else None
    if any(each.limits for each in found):
        kind = Kind.TEAMS
    elif first is not None and _undecided(first.load):
        kind = Kind.UNDECIDED
    elif any(_may_be_overloaded(each.load) for each in found):
        kind = Kind.UNTOLD
    elif turned_away > 0 or held > 0:
        kind = Kind.RULES
    elif first is not None and (first.load.mean or 0.0) >= AT_WORK:
        kind = Kind.NEAR
    else:
        kind = Kind.DEMAND
    return Limit(kind, tuple(found), turned_away, held)


def joints(summary: Summary, model: Model) -> Iterator[Joint]:
    """What waits for two teams at once and is counted with one of them, by stage."""
    labels = dict(zip(model.team_names, model.team_labels, strict=True))
    for name, label in zip(model.stage_names, model.stage_labels, strict=True):
        stage = model.spec.stages[name]
        partners = dict.fromkeys(each.team for each in stage.with_.values if each is not None)
        owners = dict.fromkeys(team for pool in stage.team.values for team in pool or ())
        waiting = (summary.stages[name]["queue"].mean or 0.0) if partners and owners else 0.0
        if waiting >= WORTH_TELLING:
            own, other = (tuple(labels[each] for each in teams) for teams in (owners, partners))
            yield Joint(label, waiting, own, other)


def waits_for_nothing(model: Model) -> bool:
    """Whether waiting for a rep costs no lead: no stage has decay, patience or a timeout."""
    return not costs_of_waiting(model)


def cautions(summary: Summary, found: Sequence[Evidence], slowest: float | None, model: Model) -> list[Caution]:
    """What the figures cannot show; ``slowest`` is the 95 % cycle time in hours."""
    said: list[Caution] = []
    kpis = summary.kpis
    if kpis["created"].low is None:
        said.append(SingleRun())
    came = (kpis["created"].mean or 0.0) + (kpis["open_at_start"].mean or 0.0)
    still = kpis["open_at_end"].mean or 0.0
    if came and still / came > MANY_OPEN:
        said.append(StillOpen(still / came))
    warmup = model.warmup / HOUR
    as_it_stands = model.warmup == 0 and bool(model.spec.opening.deals)  # begins with the deals of today
    if slowest is not None and warmup < slowest and not as_it_stands:
        said.append(Filling(warmup, slowest))
    said += [Growing(each.label, each.queue_growth.mean or 0.0) for each in found if each.grows]
    return said


def untouched(summary: Summary, model: Model) -> Iterator[Untouched]:
    """Teams that have work and never got any; of those that have none, `check` warns."""
    spec = model.spec
    for name, label in zip(model.team_names, model.team_labels, strict=True):
        stages = [each for each in spec.stages.values() if any(name in pool for pool in each.team.values)]
        idle = summary.teams[name]["utilisation"].mean == 0.0 and has_work(spec, name)
        if idle and any(_takes_time(effort) for stage in stages for effort in stage.effort.values):
            beside = (each for each in stages if any(name in pool[1:] for pool in each.team.values))
            yield Untouched(label, kept=any(each.continuity == "same_rep" for each in beside))


def _takes_time(effort: Dist) -> bool:
    """Whether work takes time, without which being busy shows nothing."""
    return effort.name != "constant" or effort.parameters["value"] + effort.shift > 0


def _grows(team: Mapping[str, Estimate], months: float) -> bool:
    growth, queue = team["queue_growth"], team["queue"]
    if growth.mean is None or not queue.mean:
        return False
    # A single replication has no interval. Steady growth from nothing adds twice the average queue.
    sure = growth.low > 0 if growth.low is not None else growth.mean * months > 1.5 * queue.mean
    return sure and growth.mean > _material(team, months)


def _material(team: Mapping[str, Estimate], months: float) -> float:
    """Growth a month from which on it matters."""
    return max(MATERIAL * (team["queue"].mean or 0.0) / months, FEWEST / months, OVERRUN * _coming(team))


def _may_grow(team: Mapping[str, Estimate], months: float) -> bool:
    """Whether growth that matters lies within the interval."""
    growth = team["queue_growth"]
    if growth.mean is None or not team["queue"].mean:
        return False
    return growth.high is None or growth.high > _material(team, months)


def _coming(team: Mapping[str, Estimate]) -> float:
    """Waits for a team that begin in a month: what waits, divided by how long one wait is (Little 1961)."""
    queue, wait = team["queue"].mean or 0.0, team["wait"].mean
    return queue / wait * MONTH / HOUR if wait else 0.0


def _overloaded(load: Estimate) -> bool:
    if load.mean is None:
        return False
    return (load.mean if load.low is None else load.low) >= 1.0


def _undecided(load: Estimate) -> bool:
    """Whether a load may as well be above 1 as below."""
    return load.mean is not None and load.high is not None and load.mean >= TIGHT and load.high >= 1.0


def _may_be_overloaded(load: Estimate) -> bool:
    """Whether a load that leaves hours by its mean may as well be above 1."""
    return load.mean is not None and load.high is not None and load.mean < TIGHT and load.high >= 1.0


def needed(load: Estimate) -> int | None:
    """About how many replications tell whether a load is above 1."""
    if load.mean is None or load.error is None:
        return None
    return enough(load.error, len(load.residuals), abs(1.0 - load.mean))


def _held_back(summary: Summary, model: Model) -> tuple[float, float]:
    """What limits on work in progress do at most in a stage: leads turned away, and hours that leads are held."""
    stages = {name for limit in model.spec.limits for name in limit.stages}
    blocked = [summary.stages[name]["blocked"].mean or 0.0 for name in stages]
    held = [summary.stages[name]["held"].mean or 0.0 for name in stages]
    return max(blocked, default=0.0), max(held, default=0.0)
