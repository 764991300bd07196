"""What a lead is from its creation: segment, territory, value, quality, score, readiness.

Plain functions of tables and keys, like those of `rules`.
"""

from __future__ import annotations

from typing import NamedTuple

from ..numbers.arithmetic import normal_quantile
from ..numbers.distributions import draw_from, round_us
from ..numbers.draws import (
    NEXT,
    OPENING,
    OUTCOME,
    QUALITY,
    READINESS,
    READY_TIME,
    SCORE,
    SEGMENT,
    TERRITORY,
    VALUE,
    uniform,
)
from ..records import LATER, NEVER_READY, NEW, READY
from ..tables.tables import Tables
from . import rules
from .standing import Standing, chance_open, most_lasting, phase_of

HUNDREDTHS = 100.0
MOST_ATTEMPTS = 2000
MOST_ATTEMPTS_OPEN = 30_000
"""Where some come as far, but few of them are still open."""
NO_WAY = -1
"""Stands for the attempt where the way of a lead to its stage is not known."""
STILL_OPEN = 1
"""Index of the draw by which a lead is one that is still open where it stands."""


class Endowment(NamedTuple):
    """What is drawn for a lead at its creation."""

    segment: int
    territory: int
    kind: int
    value: int
    quality: float
    score: float
    seen_as: float  # E[q | s], the quality that teams believe in
    readiness: int
    ready_after: int


class LeadLuck(NamedTuple):
    """The uniform numbers behind an endowment, the first of each purpose."""

    segment: float
    territory: float
    value: float
    quality: float
    score: float
    readiness: float
    ready_time: float


def lead_luck(T: Tables, seed: int, rep: int, hi: int, lo: int, source: int, attempt: int) -> LeadLuck:
    """Draw what the endowment of a lead of a source hangs on; 0.5 stands for what it does not.

    ``attempt`` is 0 for all but those in the line at the start. Also takes an array of leads' numbers as ``lo``;
    each part is then an array or the number 0.5.
    """
    none = 0.5
    changes = T.sources.ready[source] < 1.0
    return LeadLuck(
        uniform(seed, rep, hi, lo, SEGMENT, attempt, 0) if len(T.segment_value) > 1 else none,
        uniform(seed, rep, hi, lo, TERRITORY, attempt, 0) if len(T.territory_upto) > 0 else none,
        uniform(seed, rep, hi, lo, VALUE, attempt, 0) if has_values(T) else none,
        uniform(seed, rep, hi, lo, QUALITY, attempt, 0),
        uniform(seed, rep, hi, lo, SCORE, attempt, 0) if T.score_accuracy < 1.0 else none,
        uniform(seed, rep, hi, lo, READINESS, attempt, 0) if changes else none,
        uniform(seed, rep, hi, lo, READY_TIME, attempt, 0) if changes else none,
    )


def has_territories(T: Tables) -> bool:
    """Whether leads of this period have territories."""
    territories = len(T.territory_upto)
    return bool(territories > 0 and T.territory_upto[territories - 1] > 0.0)


def named_anew(
    T: Tables, seed: int, rep: int, hi: int, lo: int, source: int, segment: int, territory: int
) -> tuple[int, int]:
    """Segment and territory of a lead or customer from now on; ``source`` -1 is a customer of the start.

    Whoever has none, or one that is not of this period, is given one by the draw that would have given it one at
    its creation. What it is worth stays as it is.
    """
    segments = len(T.segment_value)
    if T.segment_known[segment] == 0:
        u = uniform(seed, rep, hi, lo, SEGMENT, 0, 0)
        if source >= 0:
            segment = rules.pick_share(T.sources.mix, source * segments, segments, u)
        else:
            segment = rules.pick_share(T.customers.segment_upto, 0, segments, u)
    if has_territories(T) and (territory < 0 or T.territory_known[territory] == 0):
        u = uniform(seed, rep, hi, lo, TERRITORY, 0, 0)
        territory = rules.pick_share(T.territory_upto, 0, len(T.territory_upto), u)
    return segment, territory


def has_values(T: Tables) -> bool:
    """Whether leads of some segment are worth anything."""
    valued = 0
    for segment in range(len(T.segment_value)):
        valued += T.segment_value[segment] >= 0
    return valued > 0


def endow(
    T: Tables, luck: LeadLuck, seed: int, rep: int, hi: int, lo: int, source: int, origin: int, attempt: int
) -> Endowment:
    """What a lead of a source is, by its luck; the key is for what takes more than one uniform number."""
    segment, territory = placed(T, luck, source)
    return endow_as(T, luck, seed, rep, hi, lo, source, origin, attempt, segment, territory)


def placed(T: Tables, luck: LeadLuck, source: int) -> tuple[int, int]:
    """The segment and the territory of a lead of a source; -1 where there are no territories."""
    segments = len(T.segment_value)
    segment = 0
    if segments > 1:
        segment = rules.pick_share(T.sources.mix, source * segments, segments, luck.segment)
    territory = -1
    if has_territories(T):
        territory = rules.pick_share(T.territory_upto, 0, len(T.territory_upto), luck.territory)
    return segment, territory


def endow_as(
    T: Tables,
    luck: LeadLuck,
    seed: int,
    rep: int,
    hi: int,
    lo: int,
    source: int,
    origin: int,
    attempt: int,
    segment: int,
    territory: int,
) -> Endowment:
    """What else a lead of a source, a segment and a territory is."""
    value = 0
    row = T.segment_value[segment]
    if row >= 0:
        drawn = draw_from(T.dists, row, luck.value, seed, rep, hi, lo, VALUE, attempt, 0)
        value = round_us(drawn * HUNDREDTHS)
    mean = T.sources.quality[source]
    accuracy = T.score_accuracy
    quality = mean + normal_quantile(luck.quality)
    noise = 0.0
    if accuracy < 1.0:
        noise = normal_quantile(luck.score)
    score = rules.observed_score(quality, accuracy, noise)
    readiness = READY
    ready_after = 0
    if T.sources.ready[source] < 1.0:
        if luck.readiness >= T.sources.ready[source]:
            readiness = LATER if luck.readiness < T.sources.later[source] else NEVER_READY
        row = T.sources.ready_time[source]
        drawn = draw_from(T.dists, row, luck.ready_time, seed, rep, hi, lo, READY_TIME, attempt, 0)
        ready_after = round_us(drawn)
    kind = kind_of(T, segment, territory, source, origin)
    seen_as = rules.estimated_quality(mean, accuracy, score)
    return Endowment(segment, territory, kind, value, quality, score, seen_as, readiness, ready_after)


def kind_of(T: Tables, segment: int, territory: int, source: int, origin: int) -> int:
    """The kind of a lead with these names; ``territory`` and ``source`` are -1 where there are none."""
    K = T.kinds
    place = territory if territory >= 0 else len(T.territory_upto)
    kind: int = K.segment[segment] + K.territory[place] + K.origin[origin]
    return kind + K.source[source] if source >= 0 else kind


class Known(NamedTuple):
    """What is known of a lead that stands in the line at the start: hundredths and numbers, -1 where drawn."""

    value: int
    source: int
    segment: int
    territory: int


def source_of(T: Tables, segment: int, u: float) -> int:
    """The source of a lead of which at most the segment is known: by rate, times its share of that segment."""
    sources, segments = len(T.sources.upto), len(T.segment_value)
    total = 0.0
    if segment >= 0 and segments > 1:
        for source in range(sources):
            total += weight_of(T, source, segment)
    if total <= 0.0:
        return rules.pick_share(T.sources.upto, 0, sources, u)
    left = u * total
    chosen = 0
    for source in range(sources):
        weight = weight_of(T, source, segment)
        if weight > 0.0:
            chosen = source
            if left < weight:
                break
            left -= weight
    return chosen


def weight_of(T: Tables, source: int, segment: int) -> float:
    """The part of all leads that is of a source and of a segment."""
    at = source * len(T.segment_value) + segment
    rate = T.sources.upto[source] - (T.sources.upto[source - 1] if source > 0 else 0.0)
    share = T.sources.mix[at] - (T.sources.mix[at - 1] if segment > 0 else 0.0)
    return rate * share


def endow_at(
    T: Tables,
    seed: int,
    rep: int,
    hi: int,
    lo: int,
    stage: int,
    known: Known,
    on_the_way: bool,
    standing: Standing,
) -> tuple[int, Endowment, int]:
    """The source of a lead that stands at a stage at the start, what the lead is, and the attempt that made it.

    Leads are drawn, of sources in proportion to their rates, until one passes the stages before, ready and
    unhurried, and is still open as it stands (see `standing`): so its quality is that of those who are there.
    What is ``known`` of it replaces what is drawn. Where a stage is not ``on_the_way`` of any source (see
    `reachable`) the first lead counts that is open. Where attempts run out it is the last who came as far, or
    else the last at all.
    """
    phase = phase_of(seed, rep, hi, lo)
    most = 0.0
    if standing.goes_on == 1:
        most = most_lasting(T, stage, known.source, known.segment, known.territory, standing, phase)
    attempt, came_as_far = 0, NO_WAY
    source, lead = lead_at(T, seed, rep, hi, lo, known, attempt)
    there = source, lead
    while True:
        if attempt >= (MOST_ATTEMPTS if came_as_far == NO_WAY else MOST_ATTEMPTS_OPEN):
            break
        passed, lifts = True, 0.0
        if on_the_way:
            passed, lifts = passes(T, seed, rep, hi, lo, source, stage, lead, attempt)
        if passed:
            there, came_as_far = (source, lead), attempt
            open_now = chance_open(
                T, stage, stage * T.kinds.kinds + lead.kind, standing, phase, lead.quality, lifts, lead.readiness,
                lead.ready_after, most,
            )  # fmt: skip
            if open_now >= 1.0 or uniform(seed, rep, hi, lo, OPENING, attempt, STILL_OPEN) < open_now:
                break
        attempt += 1
        source, lead = lead_at(T, seed, rep, hi, lo, known, attempt)
    if came_as_far == NO_WAY:
        return source, lead, NO_WAY
    return there[0], there[1], came_as_far if on_the_way else NO_WAY


def lead_at(T: Tables, seed: int, rep: int, hi: int, lo: int, known: Known, attempt: int) -> tuple[int, Endowment]:
    """The source of a lead of the start that is drawn anew in each attempt, and what it is."""
    source = known.source
    if source < 0:
        source = source_of(T, known.segment, uniform(seed, rep, hi, lo, OPENING, attempt, 0))
    luck = lead_luck(T, seed, rep, hi, lo, source, attempt)
    segment, territory = placed(T, luck, source)
    segment = known.segment if known.segment >= 0 else segment
    territory = known.territory if known.territory >= 0 else territory
    lead = endow_as(T, luck, seed, rep, hi, lo, source, NEW, attempt, segment, territory)
    if known.value >= 0:
        lead = Endowment(
            lead.segment, lead.territory, lead.kind, known.value, lead.quality, lead.score, lead.seen_as,
            lead.readiness, lead.ready_after,
        )  # fmt: skip
    return source, lead


def reachable(T: Tables, stage: int, only: int = -1) -> bool:
    """Whether leads of some source, or of the only one that is meant, can come to a stage by advancing."""
    R, kinds = T.routes, T.kinds.kinds
    seen = [False] * len(T.stages.books)
    upto = T.sources.upto
    ahead = []
    for source in range(len(upto)):
        sends = upto[source] > (upto[source - 1] if source > 0 else 0.0)
        if source == only or (only < 0 and sends):
            ahead.extend(T.sources.to[source * kinds : (source + 1) * kinds])
    while len(ahead) > 0:
        at = ahead.pop()
        if at < 0 or seen[at]:
            continue
        seen[at] = True
        for kind in range(kinds):
            row = T.stages.next[at * kinds + kind]
            for entry in range(R.offset[row], R.offset[row + 1]):
                ahead.append(R.code[entry])
    return seen[stage]


def passes(
    T: Tables, seed: int, rep: int, hi: int, lo: int, source: int, stage: int, lead: Endowment, attempt: int
) -> tuple[bool, float]:
    """Whether a lead that enters with its source gets to a stage by advancing all the way; and its lifts."""
    S = T.stages
    at = T.sources.to[source * T.kinds.kinds + lead.kind]
    factors = 0.0
    steps = 0
    while at != stage:
        cell = at * T.kinds.kinds + lead.kind
        accept = S.accept[at]
        if steps >= 2 * len(S.books) or (accept >= 0 and not fits(T, accept, lead, source, NEW, at)):
            return False, 0.0
        chance = rules.advance_chance(
            S.intercept[cell], S.quality_weight[cell], lead.quality, 0.0, 0.0, 1.0, factors, 1.0
        )
        if uniform(seed, rep, hi, lo, S.word[at] | OUTCOME, attempt, steps) >= chance:
            return False, 0.0
        factors += S.lift[cell]
        at = next_on_way(T, seed, rep, hi, lo, at, lead.kind, attempt, steps)
        steps += 1
        if at < 0:
            return False, 0.0
    return True, factors


def next_on_way(
    T: Tables, seed: int, rep: int, hi: int, lo: int, at: int, kind: int, attempt: int, steps: int
) -> int:
    """The stage to which a lead of the start went on from another, by the attempt that brought it there."""
    R = T.routes
    u = uniform(seed, rep, hi, lo, T.stages.word[at] | NEXT, attempt, steps)
    return int(R.code[rules.pick(R.offset, R.upto, T.stages.next[at * T.kinds.kinds + kind], u)])


def fits(T: Tables, selector: int, lead: Endowment, source: int, origin: int, stage: int) -> bool:
    """Whether a lead at a stage fits a selector."""
    X = T.selectors
    territory = lead.territory if lead.territory >= 0 else X.territories - 1
    return rules.selects(X, selector, lead.segment, territory, source, origin, stage, lead.value, lead.score)
