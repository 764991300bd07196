"""What is decided, as pure functions of numbers; an engine only decides when.

Every function here runs as it stands in Python and compiles unchanged with Numba, and gives the same bits in
both: only + - * / and the project's own `exp` and `log`. Tables come as named tuples of lists or of arrays.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

from funnelsim.scenario.language.people import DUE_AFTER_DAYS

from ..numbers.arithmetic import exp, expit, log
from ..numbers.columns import NEVER
from ..records import LATER, READY
from ..tables.tables import (
    AT_RISK,
    BEST_SKILL,
    DUE,
    EXPECTED_VALUE,
    LEAST_LOADED,
    LIFO,
    SCORE,
    TERRITORY_FIRST,
    VALUE,
    VALUE_PER_HOUR,
)

LN2 = 0.6931471805599453
LOG_ODDS_LIMIT = 40.0
HOUR = 3_600_000_000
DUE_AFTER = DUE_AFTER_DAYS * 24 * HOUR
"""When work without a deadline of its own is due under the queue rule `due`, from its time ready."""


def pick(offset: Any, upto: Any, row: int, u: float) -> int:
    """Position of the entry that ``u`` falls on among the cumulative shares of a row."""
    at = offset[row]
    end = offset[row + 1] - 1
    while at < end and u >= upto[at]:
        at += 1
    return at


def pick_share(upto: Any, first: int, count: int, u: float) -> int:
    """Which of ``count`` cumulative shares, from ``first`` on, ``u`` falls on."""
    at = 0
    while at < count - 1 and u >= upto[first + at]:
        at += 1
    return at


def selects(
    X: Any,
    row: int,
    segment: int,
    territory: int,
    source: int,
    origin: int,
    stage: int,
    value: int,
    score: float,
) -> bool:
    """Whether a lead at a stage fits selector ``row``: any of its conditions holds in all its parts."""
    for at in range(X.offset[row], X.offset[row + 1]):
        if (
            X.segment[at * X.segments + segment] == 1
            and X.territory[at * X.territories + territory] == 1
            and X.source[at * X.sources + source] == 1
            and X.origin[at * 3 + origin] == 1
            and X.stage[at * X.stages + stage] == 1
            and X.value_from[at] <= value
            and value < X.value_below[at]
            and X.score_from[at] <= score
            and score < X.score_below[at]
        ):
            return True
    return False


def observed_score(quality: float, accuracy: float, noise: float) -> float:
    """Score s = rho q + sqrt(1 - rho^2) eps that teams see of a quality q."""
    return accuracy * quality + sqrt(1.0 - accuracy * accuracy) * noise


def estimated_quality(mean: float, accuracy: float, score: float) -> float:
    """E[q | s] = mu + rho (s - rho mu) for q ~ Normal(mu, 1)."""
    return mean + accuracy * (score - accuracy * mean)


def whole_number(drawn: float, u: float) -> int:
    """A whole number from a real one: the fraction is the probability of one more."""
    whole = int(drawn)
    if u < drawn - whole:
        whole += 1
    return max(whole, 0)


def touch_work(drawn: float, speed: float, rework: float, context: float, switching: float, over: int) -> float:
    """Effort of one touch in microseconds at full productivity: what was drawn, changed by who does it and how."""
    work = drawn * (1.0 / speed) * (1.0 + rework * (1.0 - context))
    if over > 0:
        work = work * (1.0 + switching * over)
    return work


def decay_factor(kind: int, floor: float, scale: int, power: float, wait: int) -> float:
    """What is left of the chance to advance after ``wait`` of seller-side waiting.

    Half-life: 2^(-w/h). Power law: floor + (1 - floor)(1 + w/scale)^(-power).
    """
    if kind == 0 or wait <= 0:
        return 1.0
    if kind == 1:
        return exp(-LN2 * (wait / scale))
    return floor + (1.0 - floor) * exp(-power * log(1.0 + wait / scale))


def time_that_decays(waiting: int, handing: int, waiting_counts: int, handing_counts: int) -> int:
    """The seller-side waiting by which the chance to advance decays: all of it, unless a part is switched off."""
    return waiting * waiting_counts + handing * handing_counts


def decay_slope(kind: int, floor: float, scale: int, power: float, wait: int) -> float:
    """What decay takes of the chance per hour of waiting: -dm/dw; 1 where there is no decay."""
    if kind == 0:
        return 1.0
    if kind == 1:
        return LN2 * (HOUR / scale) * exp(-LN2 * (wait / scale))
    return (1.0 - floor) * power * (HOUR / scale) * exp(-(power + 1.0) * log(1.0 + wait / scale))


def readiness_log_odds(readiness: int, later: float, never: float) -> float:
    """Log factor on the odds of a lead that is not ready."""
    if readiness == READY:
        return 0.0
    return later if readiness == LATER else never


def advance_chance(
    intercept: float,
    quality_weight: float,
    quality: float,
    skill: float,
    context_weight: float,
    context: float,
    factors: float,
    decay: float,
) -> float:
    """Probability that a lead advances.

    ``factors`` is the sum of the log factors on the odds: lifts collected, readiness, concessions.
    """
    odds = intercept + quality_weight * quality + skill + factors
    if context < 1.0 and context_weight > 0.0:
        odds += log(1.0 - context_weight * (1.0 - context))
    return expit(min(max(odds, -LOG_ODDS_LIMIT), LOG_ODDS_LIMIT)) * decay


def concession_chance(share: float, under_pressure: float, elapsed: float, attained: float) -> float:
    """Probability of a concession: share + (under_pressure - share) x^2 max(0, 1 - A).

    ``elapsed`` is the part x of the quota period gone by, ``attained`` the part A of the quota booked in it.
    """
    return share + (under_pressure - share) * (elapsed * elapsed * max(0.0, 1.0 - attained))


def pulled_forward(end: int, by: int, now: int, close: int) -> int:
    """When a buyer decides whom a concession makes decide before a quota period closes.

    Whoever would decide less than ``by`` after its close decides between now and then, in the same order.
    """
    if end < close or end >= close + by:
        return end
    return min(now + int((close - now) * ((end - now) / (close + by - now))), close - 1)


def net_value(value: int, discount: float) -> int:
    """Booked value in hundredths: value less discount, rounded half up."""
    return value if discount <= 0.0 else int(value * (1.0 - discount) + 0.5)


def believed_win(S: Any, stage: int, kinds: int, kind: int, quality: float) -> float:
    """Believed probability of winning: the product over the likely way from a stage to the booking."""
    believed = 1.0
    steps = 0
    while stage >= 0 and steps < len(S.books):
        cell = stage * kinds + kind
        odds = S.intercept[cell] + S.quality_weight[cell] * quality
        believed *= expit(min(max(odds, -LOG_ODDS_LIMIT), LOG_ODDS_LIMIT))
        if S.books[stage]:
            return believed
        stage = S.likely[cell]
        steps += 1
    return believed


def queue_key(
    rule: int,
    ready: int,
    score: float,
    value: float,
    believed: float,
    decay: float,
    slope: float,
    hours_left: float,
    due: int,
    health: float,
) -> float:
    """Sorting key of a waiting item under a queue rule; the smallest is served first, ties by time ready."""
    if rule == LIFO:
        return -float(ready)
    if rule == SCORE:
        return -score
    if rule == VALUE:
        return -value
    if rule == EXPECTED_VALUE:
        return -(value * believed * decay)
    if rule == VALUE_PER_HOUR:
        return -(value * believed * slope / hours_left)
    if rule == DUE:
        return float(due if due < NEVER else ready + DUE_AFTER)
    if rule == AT_RISK:
        return health
    return float(ready)


def changes_while_waiting(rule: int, decay: int) -> bool:
    """Whether a key goes stale while an item waits (it can only fall behind, so a stored key is a bound)."""
    return decay != 0 and (rule in (EXPECTED_VALUE, VALUE_PER_HOUR))


def ties_by_time(routing: int) -> bool:
    """Whether a routing compares reps, so that equals go by who has had nothing for longest; else it goes by seat.

    Equals are placed by when a rep was last given something or finished a touch, then by `draws.tie_of`, then by
    seat.
    """
    return routing in (LEAST_LOADED, BEST_SKILL, TERRITORY_FIRST)


def rank_of_rep(routing: int, skill: float, territory: int) -> float:
    """Where a routing places a rep by what the rep is; the smallest is next, then the least loaded."""
    if routing == BEST_SKILL:
        return -skill
    return 1.0 if routing == TERRITORY_FIRST and territory < 0 else 0.0


def load_that_counts(routing: int, load: int) -> int:
    """How many leads a rep owns, where the routing looks at that."""
    return load if routing in (LEAST_LOADED, TERRITORY_FIRST) else 0
