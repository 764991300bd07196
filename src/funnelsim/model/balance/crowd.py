"""The leads that sources send, as a distribution: groups of names x value cells x score cells x quality.

Groups tell apart only the names that decide where a lead goes or whether it advances. Values and scores are
cut into cells at the thresholds that gates mention, so that a gate lets in a whole cell or none of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from funnelsim.errors import Problem, ScenarioError
from funnelsim.scenario.forms.quantities import ByKind, Dist, Selector, constant
from funnelsim.scenario.language.types import ScenarioSpec, Source

from ..numbers.distributions import compile_dists, draw, lists_of, variate
from ..records import ORIGINS
from ..tables.builder import cents
from ..tables.pace import leads_per_hour
from .flow import Group, shares

STEADY, SELDOM, CHILDREN = range(3)
"""Tiers of leads: those at a known rate; those of bursts and of sources worked by a team, whose rate is not
known before a run; expansions and referrals. A later tier counts only where no earlier one comes."""

REACH = 8.0
"""Standard deviations of quality covered to either side."""
COARSE = 64
FINE = 256
"""Cells of quality without and with thresholds of the score. A sum over even cells of a smooth function that
dies out at both ends is exact to many digits; thresholds make it less smooth."""
PER_CELL = 16
SAMPLES = 4096
MOST_CELLS = 20_000_000
"""Cells of leads times stages."""


@dataclass(frozen=True)
class Member:
    """A group of leads with one mean quality, entering at one stage."""

    group: Group
    tier: int
    quality: float
    entry: str
    value: Dist | None


@dataclass(frozen=True)
class Crowd:
    """All leads at their creation.

    Parameters
    ----------
    members : tuple of Member
        The groups, along the first axis.
    weight : array [groups, value cells, score cells, quality cells]
        Leads per time.
    quality : array [groups, 1, 1, quality cells]
        The true quality in the middle of each cell.
    values, scores : tuple of float
        Lower ends of the cells, the first minus infinity; values in hundredths of the currency unit.
    """

    members: tuple[Member, ...]
    weight: np.ndarray
    quality: np.ndarray
    values: tuple[float, ...]
    scores: tuple[float, ...]

    def gate(self, stage: str, selector: Selector | None) -> np.ndarray:
        """1 for groups and cells that the gate of a stage lets in, else 0; shape [groups, values, scores, 1]."""
        if selector is None:
            return np.ones((len(self.members), 1, 1, 1))
        shape = (len(self.members), len(self.values), len(self.scores), 1)
        inside = np.zeros(shape, dtype=bool)
        values, scores = np.array(self.values), np.array(self.scores)
        for condition in selector:
            if condition.stage and stage not in condition.stage:
                continue
            named = np.array([member.group.fits(condition) for member in self.members], dtype=bool)
            low, high = _in_cents(condition.value_at_least), _in_cents(condition.value_below)
            valued = _within(values, low, high)
            scored = _within(scores, condition.score_at_least, condition.score_below)
            inside |= named[:, None, None, None] & valued[:, None, None] & scored[:, None]
        return inside.astype(np.float64)

    def first_tier(self, weight: np.ndarray, groups: np.ndarray) -> np.ndarray:
        """The weights of the groups marked, of the first tier alone that has any; other cells are 0."""
        tiers = np.array([member.tier for member in self.members])
        mine = weight * groups[:, None, None, None]
        for tier in np.unique(tiers):
            of_tier = mine * (tiers == tier)[:, None, None, None]
            if of_tier.any():
                return np.asarray(of_tier)
        return mine

    def pick(self, value: ByKind[float]) -> np.ndarray:
        """A number by kind, for each group; shape [groups, 1, 1, 1]."""
        return np.array([m.group.pick(value) for m in self.members], dtype=np.float64)[:, None, None, None]


def crowd_of(spec: ScenarioSpec) -> Crowd:
    """The crowd that the sources and customers of a scenario send."""
    conditions = [condition for stage in spec.stages.values() for condition in stage.accept or ()]
    values = _cells(_in_cents(bound) for c in conditions for bound in (c.value_at_least, c.value_below))
    scores = _cells(bound for c in conditions for bound in (c.score_at_least, c.score_below))
    weights = _weights(spec, by_value=len(values) > 1)
    members = tuple(weights)
    _check_cells(len(members) * len(values) * len(scores) * (FINE if len(scores) > 1 else COARSE), spec)
    middles, parts = _quality_cells(FINE if len(scores) > 1 else COARSE)
    value_share = {value: _value_shares(value, values) for value in {member.value for member in members}}
    density = {m.quality: _score_shares(m.quality, spec.score_accuracy, scores, parts) for m in members}
    weight = [weights[m] * value_share[m.value][:, None, None] * density[m.quality][None, :, :] for m in members]
    quality = np.array([member.quality for member in members])[:, None] + middles[None, :]
    return Crowd(members, np.array(weight), quality[:, None, None, :], values, scores)


def _check_cells(cells: int, spec: ScenarioSpec) -> None:
    if cells * len(spec.stages) > MOST_CELLS:
        message = (
            f"{cells:,} cells of leads (kinds x bounds of values and scores in `accept` x quality) x "
            f"{len(spec.stages):,} stages are too many to solve `convert` for, at most {MOST_CELLS:,} are allowed"
        )
        raise ScenarioError([Problem("stages", message, code="E-size-run")])


def _weights(spec: ScenarioSpec, by_value: bool) -> dict[Member, float]:
    """Leads per hour of each group, members that nothing tells apart made one."""
    mentioned = _mentioned(spec)
    segments = tuple((name, segment.share) for name, segment in spec.segments.items()) or (("all", 1.0),)
    territories = spec.territories or (("", 1.0),)
    weights: dict[Member, float] = {}
    living = {name: source for name, source in spec.sources.items() if _lives(spec, source)}
    for source_name, source in (living or spec.sources).items():
        for segment, share in shares(segments if source.mix is None else source.mix):
            for territory, part in shares(territories):
                for tier, rate, origin, quality, entry, value in _streams(
                    spec, source, Group(segment, territory, source_name, ORIGINS[0])
                ):
                    names = (segment, territory, source_name, origin)
                    group = Group(*(name if name in mentioned else "" for name in names))
                    member = Member(group, tier, quality, entry, value if by_value else None)
                    weights[member] = weights.get(member, 0.0) + rate * share * part
    nobody = Member(Group("", "", "", ORIGINS[0]), SELDOM, 0.0, spec.entry, None)
    return {member: weight for member, weight in weights.items() if weight > 0.0} or {nobody: 1.0}


Stream = tuple[int, float, str, float, str, Dist | None]
"""Tier, leads per hour, origin, mean quality, stage of entry, value."""


def _streams(spec: ScenarioSpec, source: Source, group: Group) -> Iterator[Stream]:
    """Leads of one group: its own, and the expansions and referrals of its customers."""
    segment = spec.segments.get(group.segment)
    value = None if segment is None else segment.value
    first = spec.entry
    steady = leads_per_hour(spec, source)
    rate = steady or _seldom(source)
    entry = group.pick(source.to) or first
    yield (STEADY if steady else SELDOM), rate, ORIGINS[0], source.quality, entry, value
    grown, sent = group.pick(spec.customers.expansion), group.pick(spec.customers.referral)
    if grown.rate.amount:
        yield CHILDREN, rate * grown.rate.per_hour, ORIGINS[1], grown.quality, grown.to or first, value
    if sent.rate.amount:
        yield CHILDREN, rate * sent.rate.per_hour, ORIGINS[2], sent.quality, sent.to or first, sent.value or value


def _lives(spec: ScenarioSpec, source: Source) -> bool:
    """Whether a source sends leads; one that does not tells something about leads only where none does."""
    return bool(source.bursts) or source.team is not None or leads_per_hour(spec, source) > 0.0


def _seldom(source: Source) -> float:
    return float(sum(burst.leads for burst in source.bursts) or 1)


def _mentioned(spec: ScenarioSpec) -> set[str]:
    """Names that decide where a lead goes or whether it advances."""
    stages = spec.stages.values()
    by_kind: list[ByKind[Any]] = [
        v for s in stages for v in (s.convert, s.quality_weight, s.lift, s.next, s.otherwise)
    ]
    by_kind += [source.to for source in spec.sources.values()]
    names = {name for value in by_kind for name, _ in value.cases}
    for condition in (condition for stage in stages for condition in stage.accept or ()):
        names |= condition.segment | condition.territory | condition.source | condition.origin
    return names


def _in_cents(bound: float | None) -> float | None:
    return None if bound is None else float(cents(bound))


def _cells(bounds: Iterator[float | None]) -> tuple[float, ...]:
    return (-math.inf, *sorted({bound for bound in bounds if bound is not None}))


def _within(lows: np.ndarray, at_least: float | None, below: float | None) -> np.ndarray:
    inside = np.ones(len(lows), dtype=bool)
    if at_least is not None:
        inside &= lows >= at_least
    if below is not None:
        inside &= lows < below
    return inside


def _value_shares(value: Dist | None, cells: tuple[float, ...]) -> np.ndarray:
    """The probability of each value cell."""
    if len(cells) == 1:
        return np.ones(1)
    table = lists_of(compile_dists([constant(0.0) if value is None else value]))
    if value is not None and value.times > 1:
        drawn = [cents(draw(table, 0, 0, 0, 0, number, 0, 0, 0)) for number in range(SAMPLES)]
        below = [float(np.mean(np.array(drawn) < bound)) for bound in cells]
    else:
        below = [_probability_below(lambda u: variate(table, 0, u), bound) for bound in cells]
    return np.diff([*below, 1.0])


def _probability_below(quantile: Callable[[float], float], bound: float) -> float:
    low, high = 0.0, 1.0
    if bound == -math.inf:
        return 0.0
    for _ in range(52):
        middle = (low + high) / 2.0
        if cents(quantile(middle)) < bound:
            low = middle
        else:
            high = middle
    return low


def _quality_cells(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Middles of the cells of quality less its mean, and points [cells, PER_CELL] within them."""
    width = 2.0 * REACH / count
    middles = -REACH + width * (np.arange(count) + 0.5)
    inner = width * ((np.arange(PER_CELL) + 0.5) / PER_CELL - 0.5)
    return middles, middles[:, None] + inner


def _score_shares(mean: float, accuracy: float, cells: tuple[float, ...], points: np.ndarray) -> np.ndarray:
    """The joint probability [score cells, quality cells] for leads of one mean quality."""
    if len(cells) == 1:
        density = np.exp(-0.5 * points.mean(axis=1) ** 2)
        return (density / density.sum())[None, :]
    density = np.exp(-0.5 * points**2)
    noise = math.sqrt(1.0 - accuracy * accuracy)
    centre = accuracy * (mean + points)
    below = [np.zeros_like(points)]
    for bound in cells[1:]:
        below.append(_normal_cdf(bound - centre, noise))
    joint = np.diff([*below, np.ones_like(points)], axis=0) * density
    return joint.sum(axis=2) / density.sum()


def _normal_cdf(x: np.ndarray, sd: float) -> np.ndarray:
    if sd == 0.0:
        return (x > 0.0).astype(np.float64)
    flat = [0.5 * math.erfc(-v / sd * math.sqrt(0.5)) for v in x.ravel().tolist()]
    return np.array(flat).reshape(x.shape)
