"""Open deals that go on where they stand: what is known of one is that it has lasted until now.

A deal whose last touch ended some time b ago, and that is still open, advances with

    p' = p Sa(b) / (p Sa(b) + (1 - p) Sl(b)),

where p is its chance at the end of that touch, and Sa and Sl are the shares of the buyer's times of those who
advance and of those who do not that are longer than b. Its time is then one of those that are longer than b. By
Bayes' rule the same weight, p Sa(b) + (1 - p) Sl(b), is that of a lead to be the one that stands there. A timeout
needs no such rule, as that it has not struck says nothing that is not known.
"""

from __future__ import annotations

from typing import NamedTuple

from ..numbers.columns import Ints
from ..numbers.distributions import UNITS, draw, next_meeting
from ..numbers.draws import MEETING, TOUCHES, TOUCHES_FRACTION, uniform
from ..numbers.survival import largest, survival
from ..records import LATER, NEW, READY
from ..tables.tables import Tables
from ..time.calendars import open_between
from . import rules

ALL = -1
"""Stands for the touches of a deal all of which are done, however many they are."""

BUSINESS_DAYS = UNITS.index("bd")

MOST_ATTEMPTS = 1000
MOST_INDEX = 60_000


class Standing(NamedTuple):
    """How a lead of the start stands in its stage; moments are microseconds from the start, 0 or before."""

    goes_on: int  # 0 for one that starts its stage afresh
    created: int
    entered: int
    touches: int  # done, or `ALL`
    touched: int  # when the last of them ended
    waiting: int  # 1 if the next touch waits for a rep
    waited: int  # seller-side waiting of the visit so far


AFRESH = Standing(0, 0, 0, 0, 0, 0, 0)


# --- what time has gone by ---------------------------------------------------------------------------------


def elapsed(T: Tables, row: int, cell: int, since: int, until: int) -> float:
    """Time between two moments as a distribution counts it: in microseconds, or business days of a stage."""
    if until <= since:
        return 0.0
    if T.dists.unit[row] != BUSINESS_DAYS:
        return float(until - since)
    calendar = T.stages.calendar[cell]
    return open_between(T.calendars, calendar, since, until) / T.calendars.day_hours[calendar]


def lasting(T: Tables, row: int, cell: int, since: int, phase: float) -> float:
    """The share of delays begun at a moment that are not over at the start; ``row`` -1 is no delay at all.

    One that ends on meetings is over at the start if it was over by the meeting before, the ``phase`` of which
    is the lead's.
    """
    if since >= 0:
        return 1.0
    if row < 0:
        return 0.0
    until = 0
    interval = T.dists.meets[row]
    if interval > 0:
        until = next_meeting(1, interval, phase) - interval
    lasted = elapsed(T, row, cell, since, until)
    if lasted <= 0.0:
        return 1.0
    return survival(T.dists, row, lasted)


def phase_of(seed: int, rep: int, hi: int, lo: int) -> float:
    """When the meetings of a lead are, as a part of their interval."""
    return uniform(seed, rep, hi, lo, MEETING, 0, 0)


# --- outcome -----------------------------------------------------------------------------------------------


def chance_given_open(chance: float, advanced: float, lost: float) -> float:
    """The chance to advance of a deal still open, by the shares of both outcomes' delays that are longer.

    Where both are 0 the deal is decided now, with its chance as it was.
    """
    weight = chance * advanced
    total = weight + (1.0 - chance) * lost
    return weight / total if total > 0.0 else chance


# --- touches -----------------------------------------------------------------------------------------------


def touches_done(T: Tables, cell: int, touches: int) -> int:
    """How many touches of a deal are done, or `ALL`.

    Where nothing takes time after the last touch, a deal of which that is not known stands before its first one:
    with all touches done it would be decided.
    """
    S = T.stages
    if S.team_count[cell] == 0:
        return ALL
    stage = cell // T.kinds.kinds
    if touches == ALL and S.decision_advanced[cell] < 0 and S.decision_lost[cell] < 0 and S.notice[stage] < 0:
        return 0
    return touches


def touches_left(T: Tables, cell: int, done: int) -> bool:
    """Whether touches are to come after so many of a deal: the stage's law allows for more."""
    if done == ALL:
        return False
    return done < 1 or largest(T.dists, T.stages.touches[cell]) > done


def touches_given(T: Tables, seed: int, rep: int, hi: int, lo: int, stage: int, cell: int, done: int) -> int:
    """How many touches a deal takes that has had some and has more to come.

    Draws are made until one exceeds those done, the first of them as for any other lead.
    """
    row, word = T.stages.touches[cell], T.stages.word[stage]
    most = min(MOST_ATTEMPTS, MOST_INDEX // T.dists.times[row])
    for attempt in range(most):
        drawn = draw(T.dists, row, seed, rep, hi, lo, word | TOUCHES, 0, attempt)
        u = 1.0
        if drawn != int(drawn):
            u = uniform(seed, rep, hi, lo, word | TOUCHES_FRACTION, 0, attempt)
        touches = max(rules.whole_number(drawn, u), 1)
        if touches > done:
            return touches
    return done + 1


# --- who it is ---------------------------------------------------------------------------------------------


def most_lasting(
    T: Tables, stage: int, source: int, segment: int, territory: int, standing: Standing, phase: float
) -> float:
    """The largest share of either outcome's delays that are not over, of all kinds of leads it may be.

    ``source``, ``segment`` and ``territory`` are -1 where they are not known. In a nurturing stage it is 1, or 0
    where every lead it may be has moved on.
    """
    if T.stages.notice[stage] >= 0:
        stay = standing.entered + T.stages.notice[stage] > 0
        for other in range(len(T.sources.ready)):
            stay = stay or ((source < 0 or other == source) and T.sources.ready[other] < 1.0)
        return 1.0 if stay else 0.0
    S, K = T.stages, T.kinds
    most = 0.0
    advanced, lost, calendar = -2, -2, -2
    for one in range(len(K.segment)):
        if not may_be(K.segment, one, segment):
            continue
        for place in range(len(K.territory)):
            if not may_be(K.territory, place, territory):
                continue
            for sent in range(len(K.source)):
                if not may_be(K.source, sent, source):
                    continue
                cell = stage * K.kinds + K.segment[one] + K.territory[place] + K.source[sent] + K.origin[NEW]
                if (
                    S.decision_advanced[cell] == advanced
                    and S.decision_lost[cell] == lost
                    and S.calendar[cell] == calendar
                ):
                    continue
                advanced, lost, calendar = S.decision_advanced[cell], S.decision_lost[cell], S.calendar[cell]
                most = max(most, lasting(T, advanced, cell, standing.touched, phase))
                most = max(most, lasting(T, lost, cell, standing.touched, phase))
    return most


def may_be(parts: Ints, name: int, known: int) -> bool:
    """Whether a lead may have a name: the known one, or else the first of each that count as one kind."""
    if known >= 0:
        return name == known
    if parts[name] != 0:
        return True
    first = True
    for before in range(name):
        first = first and parts[before] != 0
    return first


def chance_open(
    T: Tables,
    stage: int,
    cell: int,
    standing: Standing,
    phase: float,
    quality: float,
    lifts: float,
    readiness: int,
    ready_after: int,
    most: float,
) -> float:
    """How likely a lead is the one that stands there, relative to ``most``, that of any lead.

    Its chance to advance is taken without a rep's skill and with full context, with the ``lifts`` of the stages
    before (log-odds), cooled by the waiting so far.
    """
    S = T.stages
    if standing.goes_on == 0 or most <= 0.0 or touches_left(T, cell, touches_done(T, cell, standing.touches)):
        return 1.0
    if S.notice[stage] >= 0:
        return 1.0 if stays(standing.entered, S.notice[stage], readiness, ready_after) else 0.0
    if standing.touched >= 0:
        return 1.0
    wait = rules.time_that_decays(standing.waited, 0, T.switches.waiting_counts, T.switches.handing_counts)
    chance = rules.advance_chance(
        S.intercept[cell], S.quality_weight[cell], quality, 0.0, 0.0, 1.0,
        lifts + rules.readiness_log_odds(readiness, S.odds_later[cell], S.odds_never[cell]),
        rules.decay_factor(S.decay[cell], S.decay_floor[cell], S.decay_scale[cell], S.decay_power[cell], wait),
    )  # fmt: skip
    advanced = lasting(T, S.decision_advanced[cell], cell, standing.touched, phase)
    lost = lasting(T, S.decision_lost[cell], cell, standing.touched, phase)
    return (chance * advanced + (1.0 - chance) * lost) / most


def stays(entered: int, notice: int, readiness: int, ready_after: int) -> bool:
    """Whether a lead that entered a nurturing stage some time ago has not moved on by itself."""
    if readiness == READY:
        return entered + notice > 0
    return readiness != LATER or entered + ready_after + notice > 0
