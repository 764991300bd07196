"""From the conversion rates a CRM shows to the log-odds of a single lead.

`convert` of a stage is the share that advances of the leads that get there: on the main line, ready,
unhurried, with full context, met by reps of skill 0. Later stages see better leads, for the worse ones have
dropped out. So the intercept of each stage is solved in line order, with the distribution of the leads that
the stages before have let through. Without a quality weight the intercept is the log-odds of the rate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from funnelsim.lasting import while_it_lives
from funnelsim.scenario.forms.quantities import ByKind, Weights
from funnelsim.scenario.language.types import ScenarioSpec, Stage

from ..numbers.arithmetic import log
from ..tables.kinds import Kinds
from ..tables.stages import following
from .crowd import Crowd, crowd_of
from .flow import shares

CERTAIN = 1e6
"""Intercept of a rate of 1, and its negative that of 0: nothing added to it changes the outcome."""
LOG_ODDS_LIMIT = 40.0

Intercepts = dict[str, tuple[float, ...]]
"""By stage: one intercept for each case of `convert` by kind, the last for all other leads."""


class StageRates(NamedTuple):
    """Conversion of a stage: of a lead of average quality, and of the leads that get there."""

    average: float
    arriving: float


@dataclass
class Leads:
    """Leads at a stage: how many in each cell, and their collected lifts as log-odds."""

    weight: np.ndarray
    lift: np.ndarray

    def add(self, weight: np.ndarray, lift: np.ndarray) -> None:
        """Let more leads come; those in one cell share their mean lift."""
        total = self.weight + weight
        moved = weight * (lift - self.lift)
        self.lift = self.lift + np.divide(moved, total, out=np.zeros_like(total), where=total > 0.0)
        self.weight = total


Choice = Callable[[str, Leads], np.ndarray]
"""Gives the intercept of each group at a stage, from the leads that its gate lets in."""


def solve_intercepts(spec: ScenarioSpec) -> Intercepts:
    """The intercepts with which those who reach a stage advance at the entered rates.

    Parameters
    ----------
    spec : ScenarioSpec
        The scenario before any lever, phase or change.

    Returns
    -------
    dict of str to tuple of float
        Log-odds for quality 0, rounded to 9 decimals where they are not simply those of the rate.
        Stages that no lead reaches are solved for leads as the sources send them.
    """
    crowd = crowd_of(spec)
    solved: Intercepts = {}

    def choose(name: str, leads: Leads) -> np.ndarray:
        stage = spec.stages[name]
        entries = [*(rate for _, rate in stage.convert.cases), stage.convert.other]
        own = _entries(crowd, stage.convert)
        solved[name] = tuple(
            _intercept(rate, crowd, stage, leads, own == number) for number, rate in enumerate(entries)
        )
        return np.array(solved[name])[own]

    Carrier(spec, crowd, choose).carry()
    return solved


@while_it_lives
def _of_base(base: ScenarioSpec) -> Intercepts:
    """What is solved for the scenario with which all changes begin; kept while there is any of them."""
    return solve_intercepts(base)


def stage_intercepts(base: ScenarioSpec, spec: ScenarioSpec, kinds: Kinds) -> list[float]:
    """The intercept of each stage and kind of a scenario, laid flat.

    They are solved for ``base``, the scenario before levers and changes; where ``spec`` has another rate, the
    intercept moves by the change in log-odds. Stages that the base lacks, or has at a rate of 0 or 1, are
    solved in ``spec``.
    """
    solved = _of_base(base)
    cells = [(name, members) for name in spec.stages for members in kinds.members]
    moved = [_moved(base, spec, solved, name, members) for name, members in cells]
    if None not in moved:
        return [x for x in moved if x is not None]
    own = solve_intercepts(spec)
    fresh = [own[name][_entry(spec.stages[name].convert, members)] for name, members in cells]
    return [other if x is None else x for x, other in zip(moved, fresh, strict=True)]


def rates(spec: ScenarioSpec, kinds: Kinds, intercepts: Any) -> dict[str, StageRates]:
    """Both conversion rates of each stage, with the intercepts given for each stage and kind, laid flat.

    Parameters
    ----------
    spec : ScenarioSpec
        The scenario.
    kinds : Kinds
        Its kinds of leads.
    intercepts : array-like [stages * kinds]
        As `stage_intercepts` gives them.
    """
    crowd = crowd_of(spec)
    table = np.asarray(intercepts, dtype=np.float64).reshape(len(spec.stages), kinds.count)
    told = frozenset().union(*kinds.members)
    kind = [kinds.members.index(frozenset(_names(crowd, g)) & told) for g in range(len(crowd.members))]
    rows = {name: table[number, kind] for number, name in enumerate(spec.stages)}
    carrier = Carrier(spec, crowd, lambda name, leads: rows[name])
    return {name: _stage_rates(crowd, spec.stages[name], leads, rows[name]) for name, leads in carrier.carry()}


@dataclass
class Carrier:
    """Carries the distribution of leads down the line, and then to the stages aside."""

    spec: ScenarioSpec
    crowd: Crowd
    choose: Choice
    expected: dict[str, Leads] = field(default_factory=dict)
    """Leads that come by the line's own way, or to a stage aside."""
    astray: dict[str, Leads] = field(default_factory=dict)
    """Leads that come to a stage in another way; they count only where no others come."""
    done: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._following = following(self.spec)

    def carry(self) -> list[tuple[str, Leads]]:
        """Visit all stages; the leads that the gate of each lets in."""
        for name in {member.entry for member in self.crowd.members}:
            mine = np.array([member.entry == name for member in self.crowd.members])
            weight = self.crowd.weight * mine[:, None, None, None]
            self._at(self.expected, name).add(weight, np.zeros_like(weight))
        return [(name, self._visit(name)) for name in self._order()]

    def _order(self) -> Iterator[str]:
        """The line, then the stages aside, each time the one that most leads have come to."""
        yield from (name for name, stage in self.spec.stages.items() if not stage.aside)
        while left := [name for name in self.spec.stages if name not in self.done]:
            yield max(left, key=lambda name: float(self._at(self.expected, name).weight.sum()))

    def _visit(self, name: str) -> Leads:
        self.done.add(name)
        stage = self.spec.stages[name]
        came = self._at(self.expected, name)
        if not came.weight.any():
            came = self._at(self.astray, name)
        inside = Leads(came.weight * self.crowd.gate(name, stage.accept), came.lift)
        chance = advance(self.crowd, stage, inside.lift, self.choose(name, inside))
        advanced = inside.weight * chance
        lifted = inside.lift + np.log(self.crowd.pick(stage.lift))
        written = [member.group.pick(stage.next) for member in self.crowd.members]
        usual = self._following[name]
        self._send(advanced, lifted, [usual if way is None else way for way in written], in_line=True)
        ways = [member.group.pick(stage.otherwise) for member in self.crowd.members]
        self._send(inside.weight - advanced, inside.lift, ways)
        if stage.on.rejected is not None:
            rejected = came.weight - inside.weight
            self._send(rejected, inside.lift, [stage.on.rejected] * len(self.crowd.members))
        for way in (stage.on.expired, stage.on.blocked, stage.on.dropped):  # how many is not known
            for target, _ in shares(way or ()):
                if target in self.spec.stages and target not in self.done:
                    self._at(self.astray, target).add(inside.weight, inside.lift)
        return inside

    def _send(self, weight: np.ndarray, lift: np.ndarray, ways: list[Weights], in_line: bool = False) -> None:
        """Send the leads of each group its way; those sent back to a stage that is done are left out."""
        parts: dict[str, np.ndarray] = {}
        for group, way in enumerate(ways):
            for target, share in shares(way):
                if target in self.spec.stages and target not in self.done:
                    parts.setdefault(target, np.zeros(len(ways)))[group] += share
        for target, part in parts.items():
            expected = in_line or self.spec.stages[target].aside
            leads = self._at(self.expected if expected else self.astray, target)
            leads.add(weight * part[:, None, None, None], lift)

    def _at(self, where: dict[str, Leads], name: str) -> Leads:
        zero = np.zeros_like(self.crowd.weight)
        return where.setdefault(name, Leads(zero, zero))


def advance(crowd: Crowd, stage: Stage, lift: np.ndarray, intercept: np.ndarray) -> np.ndarray:
    """The chance of each cell to advance."""
    return _expit(intercept[:, None, None, None] + _moving(crowd, stage, lift))


def _moving(crowd: Crowd, stage: Stage, lift: np.ndarray) -> np.ndarray:
    """What quality and lifts add to the log-odds."""
    return crowd.pick(stage.quality_weight) * crowd.quality + lift


def _expit(x: np.ndarray) -> np.ndarray:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -LOG_ODDS_LIMIT, LOG_ODDS_LIMIT))))


def _intercept(rate: float, crowd: Crowd, stage: Stage, leads: Leads, mine: np.ndarray) -> float:
    """The intercept for the groups marked, at a rate."""
    if rate <= 0.0 or rate >= 1.0:
        return CERTAIN if rate >= 1.0 else -CERTAIN
    everyone = np.ones_like(mine)
    fresh = Leads(crowd.weight, np.zeros_like(crowd.weight))
    for some, groups in ((leads, mine), (fresh, mine), (fresh, everyone)):
        weight = crowd.first_tier(some.weight, groups)
        if weight.any():
            break
    here = weight > 0.0
    return solve(rate, weight[here], _moving(crowd, stage, some.lift)[here])


def solve(rate: float, weight: np.ndarray, moving: np.ndarray) -> float:
    """The x at which the weighted mean of expit(x + moving) is ``rate``, by Newton steps kept in bounds."""
    exact = logit(rate)
    if not moving.any():
        return exact
    weight = weight / weight.sum()
    low, high = exact - float(moving.max()), exact - float(moving.min())
    x = exact - float(weight @ moving)
    for _ in range(100):
        chance = _expit(x + moving)
        miss = float(weight @ chance) - rate
        low, high = (low, x) if miss > 0.0 else (x, high)
        slope = float(weight @ (chance * (1.0 - chance)))
        step = miss / slope if slope > 0.0 else np.inf
        better = x - step if low <= x - step <= high else (low + high) / 2.0
        if abs(better - x) < 1e-13 * (1.0 + abs(x)):
            break
        x = better
    return round(x, 9) + 0.0  # decimals, not digits: near 0 the last digits are noise


def logit(rate: float) -> float:
    """The log-odds of a rate between 0 and 1, both excluded."""
    return log(rate) - log(1.0 - rate)


def _moved(
    base: ScenarioSpec, spec: ScenarioSpec, solved: Intercepts, name: str, members: frozenset[str]
) -> float | None:
    """The intercept of ``base`` moved by the change in log-odds; None where there is nothing to move."""
    if name not in base.stages:
        return None
    then = _entry(base.stages[name].convert, members)
    before = _rates_of(base.stages[name])[then]
    rate = _rates_of(spec.stages[name])[_entry(spec.stages[name].convert, members)]
    if rate == before:
        return solved[name][then]
    if rate <= 0.0 or rate >= 1.0:
        return CERTAIN if rate >= 1.0 else -CERTAIN
    if before <= 0.0 or before >= 1.0:
        return None
    return solved[name][then] + (logit(rate) - logit(before))


def _rates_of(stage: Stage) -> list[float]:
    return [*(rate for _, rate in stage.convert.cases), stage.convert.other]


def _entry(value: ByKind[float], members: frozenset[str]) -> int:
    """Number of the case that leads with these names get, that of the others after the last."""
    return next((number for number, (name, _) in enumerate(value.cases) if name in members), len(value.cases))


def _names(crowd: Crowd, group: int) -> tuple[str, ...]:
    names = crowd.members[group].group
    return names.segment, names.territory, names.source, names.origin


def _entries(crowd: Crowd, value: ByKind[float]) -> np.ndarray:
    return np.array([_entry(value, frozenset(_names(crowd, group))) for group in range(len(crowd.members))])


def _stage_rates(crowd: Crowd, stage: Stage, leads: Leads, intercept: np.ndarray) -> StageRates:
    """Both rates of one stage; for a stage that no lead reaches, of leads as the sources send them."""
    everyone = np.ones(len(crowd.members), dtype=bool)
    if not leads.weight.any():
        leads = Leads(crowd.weight, np.zeros_like(crowd.weight))
    weight = crowd.first_tier(leads.weight, everyone)
    weight = weight / weight.sum()
    chance = advance(crowd, stage, leads.lift, intercept)
    mean = np.array([member.quality for member in crowd.members])[:, None, None, None]
    moving = crowd.pick(stage.quality_weight) * mean + leads.lift
    ordinary = _expit(intercept[:, None, None, None] + moving)
    return StageRates(float((weight * ordinary).sum()), float((weight * chance).sum()))
