"""Whether a target hangs on a few: misses by less than one deal, and what the largest of all make."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from funnelsim.results.measures.deals.concentration import LARGEST
from funnelsim.results.measures.periods.per_period import PERIODS, base_name

from ..running.arms import Arm
from ..statistics.chances import wilson
from ..statistics.outcomes import missed_by
from ..study.question import Target

OF_DEALS = ("bookings", "bookings_new", "bookings_expansion", "arr_new")
"""Figures to which a lost deal would have added its value; a customer who left takes nothing from them."""

OF_BOTH = ("arr_end", "revenue", "gross_profit", "contribution")
"""Figures to which both would have added: the more the earlier, and at most their value of a year."""

DEAL, DEAL_OR_CUSTOMER = "deal", "deal_or_customer"
BOOKINGS, ARR = "bookings", "arr"


@dataclass(frozen=True)
class Near:
    """Runs that miss a target by less than a single deal or customer.

    Parameters
    ----------
    of : str
        What a miss is set against: `DEAL`, the most valuable deal that the run lost after the warm-up, or
        `DEAL_OR_CUSTOMER`, the larger of that and the customer who paid most of those that left.
    number : int
        Runs whose shortfall is smaller.
    misses : int
        Runs that miss the target.
    low, high : float
        Wilson's 95 % interval of the share.
    """

    of: str
    number: int
    misses: int
    low: float
    high: float

    def to_dict(self) -> dict[str, Any]:
        """Its entry in a JSON document."""
        return {**asdict(self), "share": self.number / self.misses if self.misses else None}


@dataclass(frozen=True)
class Top:
    """The parts of the whole that the largest one, five and ten make, pooled over all runs.

    Parameters
    ----------
    of : str
        `BOOKINGS`, by deal, or `ARR` at the end, by customer.
    shares : tuple of float
        Of the largest one, five and ten.
    """

    of: str
    shares: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """Its entry in a JSON document."""
        shares = zip(LARGEST, self.shares, strict=True)
        return {"of": self.of, **{f"top_{number}": share for number, share in shares}}


def near(arm: Arm, target: Target) -> Near | None:
    """The misses of a target that are smaller than the largest deal lost, or customer churned, of the same run.

    None for figures to which no deal adds its value, and for targets that are to be kept below.
    """
    base = base_name(target.kpi)
    if not target.at_least or base not in (*OF_DEALS, *OF_BOTH):
        return None
    lost = [arm.figures("largest_deal_lost")]
    if base in OF_BOTH:
        lost.append(arm.figures("largest_customer_lost"))
    largest = [max((each or 0.0 for each in row), default=0.0) for row in zip(*lost, strict=True)]
    scale = _scale(arm, target.kpi)
    missed = [
        (missed_by(outcome, target.value, at_least=True) * scale, most)
        for outcome, most in zip(arm.figures(target.kpi), largest, strict=True)
        if outcome is not None
    ]
    short = [(lack, most) for lack, most in missed if lack > 0]
    number = sum(lack < most for lack, most in short)
    return Near(DEAL_OR_CUSTOMER if base in OF_BOTH else DEAL, number, len(short), *wilson(number, len(short)))


def _scale(arm: Arm, kpi: str) -> float:
    """How many of the period of a KPI per year, quarter or month the time that counts has; 1 for others."""
    period = kpi.removeprefix(base_name(kpi)).removeprefix("_per_")
    span = arm.model.horizon - arm.model.warmup
    return span / PERIODS[period] if period in PERIODS else 1.0


def top(arm: Arm, target: Target) -> Top | None:
    """How much of the bookings, or of recurring revenue, hangs on the largest; None where there is none of it."""
    base = base_name(target.kpi)
    if base not in (*OF_DEALS, *OF_BOTH):
        return None
    of = BOOKINGS if base in OF_DEALS else ARR
    found = [arm.estimate(f"{of}_top_{number}").mean for number in LARGEST]
    shares = tuple(each for each in found if each is not None)
    return Top(of, shares) if len(shares) == len(LARGEST) else None
