"""Over-assignment: how often a company's target is reached whose reps carry more than it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from funnelsim.results.measures.indicators import CENTS
from funnelsim.results.measures.periods.per_period import every_kpi

from ..statistics.outcomes import Reach, reach

if TYPE_CHECKING:
    from funnelsim.results.result import Result

ASSIGNED = (1.0, 1.1, 1.2)
"""The reps' quotas together, as shares of the company's target."""


@dataclass(frozen=True)
class Assigned:
    """A company's target of which the reps' quotas are a given share.

    Parameters
    ----------
    share : float
        Street quota as a share of the target: 1.1 is an over-assignment of 10 %.
    target : float
        What is to be booked in the quota periods, in the currency.
    reach : Reach
        How often it is.
    """

    share: float
    target: float
    reach: Reach

    def to_dict(self) -> dict[str, Any]:
        """Its entry in a JSON document."""
        found = self.reach
        return {
            "assigned": self.share,
            "target": self.target,
            "runs": found.runs,
            "reached": found.hits,
            "probability": found.probability,
            "low": found.low,
            "high": found.high,
            "shortfall": found.shortfall,
        }


def over_assigned(result: Result) -> tuple[Assigned, ...]:
    """The chance of each target that the street quota over-assigns by 0, 10 and 20 %; none without quotas.

    Quotas are those of the scenario, and so is what reps do under their pressure: the target is what differs.
    """
    at, _ = every_kpi(result.model)["quota_attainment"]
    sums = [tally.kpis[at] for tally in result.tallies]
    street = max((quota for _, quota in sums), default=0)
    if not street:
        return ()
    booked = [each / CENTS for each, _ in sums]
    targets = [(share, street / CENTS / share) for share in ASSIGNED]
    return tuple(Assigned(share, goal, reach(booked, goal, at_least=True, less=False)) for share, goal in targets)
