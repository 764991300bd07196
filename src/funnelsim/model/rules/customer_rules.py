"""The life of customers, as pure functions of numbers.

As in `rules`, every function runs as it stands in Python, compiles unchanged with Numba and gives the same bits
in both. Times are whole microseconds, rates are per microsecond.
"""

from __future__ import annotations

from math import floor

from ..numbers.arithmetic import exp, log
from ..numbers.columns import NEVER
from ..numbers.distributions import round_us

MONTH = 2_629_800_000_000
"""730.5 hours."""
DAY = 86_400_000_000
"""24 hours."""
WEEK = 604_800_000_000
"""168 hours: how long after one deduction for a late onboarding the next one comes."""
MOST_BORN = 200_000
"""Leads that the customers of one replication may give rise to in any case."""
MOST_BORN_EACH = 20
"""Further such leads, for each customer of the start and each lead that no customer gave rise to."""
LOSS_STEPS = 12
"""Monthly steps in which a change of rep takes its share of a year's revenue."""


def health_after(health: float, change: float) -> float:
    """Health after a step, kept between 0 and 1."""
    return min(max(health + change, 0.0), 1.0)


def experience(
    new_face: float, faces: int, lost_context: float, context: float, day_waited: float, waited: int
) -> float:
    """What the way to the booking takes off health: people met beyond the first, lost context, days of waiting."""
    return new_face * max(faces - 1, 0) + lost_context * (1.0 - context) + day_waited * (waited / DAY)


def churn_rate(base: float, weight: float, health: float, start: float) -> float:
    """Churn hazard base * exp(-weight (health - start)), the early factor left out."""
    if weight == 0.0:
        return base
    return base * exp(-weight * (health - start))


def hazard_between(rate: float, early: float, early_until: int, begin: int, end: int) -> float:
    """Hazard accumulated from ``begin`` to ``end``; until ``early_until`` the rate is ``early`` times higher."""
    young = max(min(end, early_until) - begin, 0)
    return rate * (early * young + (end - begin - young))


def hazard_reaches(rate: float, early: float, early_until: int, now: int, left: float) -> int:
    """When the hazard accumulated from ``now`` on passes ``left``, if nothing changes; `NEVER` if never."""
    left = max(left, 0.0)
    if now < early_until:
        room = rate * early * (early_until - now)
        if left < room:
            return now + floor(left / (rate * early))
        left = left - room
        now = early_until
    if rate <= 0.0 or left / rate >= 4.0e18:
        return NEVER
    return now + floor(left / rate)


def exponential(u: float) -> float:
    """The exponential variate of mean 1 of a uniform number."""
    return -log(1.0 - u)


def stream_rate(base: float, weight: float, health: float, start: float) -> float:
    """Rate of a Poisson stream, base * exp(weight (health - start))."""
    if weight == 0.0:
        return base
    return base * exp(weight * (health - start))


def stream_left(left: float, rate: float, begin: int, now: int) -> float:
    """What is left of an exponential variate of mean 1 that a rate has worn away since ``begin``."""
    return max(left - rate * (now - begin), 0.0)


def stream_due(left: float, rate: float, now: int) -> int:
    """When a rate has worn away what is left from ``now`` on, if it stays; `NEVER` for a rate of 0."""
    if rate <= 0.0:
        return NEVER
    return now + round_us(left / rate)


def most_born(others: int) -> int:
    """Most leads that customers may give rise to, before it is taken for a runaway of referrals.

    ``others`` counts the customers of the start and the leads that no customer gave rise to: a large organisation
    may have many, but a runaway has more than any number for each of them.
    """
    return MOST_BORN + MOST_BORN_EACH * others


def runaway() -> str:
    """What a run is told that has more."""
    return (
        f"the customers of one replication give rise to more than {MOST_BORN:,} leads, and {MOST_BORN_EACH} for"
        " each customer of the start and each lead of a source: where each customer brings one more or"
        " above by referral, their number grows without bound"
    )


def loss_part(total: int, step: int) -> int:
    """What step 1, 2, ... of a loss takes, so that all steps add up to the total."""
    return total * step // LOSS_STEPS - total * (step - 1) // LOSS_STEPS
