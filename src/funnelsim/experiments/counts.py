"""What may be asked for at most: replications, points, workers."""

from __future__ import annotations

from funnelsim.errors import FunnelsimError
from funnelsim.text import number_of

MOST_REPLICATIONS = 1_000_000
"""Of one scenario."""

MOST_IN_ALL = 100_000_000
"""Points of a study times replications of each."""

MOST_WORKERS = 1_000
"""Threads or processes of this machine; each takes memory and time to start before it does anything."""


def check_sampling(seed: int, workers: int) -> None:
    """Refuse a seed or a number of workers that cannot be meant.

    Raises
    ------
    FunnelsimError
        With the limits.
    """
    if not 0 <= seed < 2**32:
        raise FunnelsimError(f"the seed must lie between 0 and 4294967295, but got {seed}", code="E-seed-range")
    if workers < 1:
        raise FunnelsimError(f"workers must be at least 1, but got {workers}", code="E-workers-range")
    if workers > MOST_WORKERS:
        raise FunnelsimError(
            f"at most {MOST_WORKERS:,} workers are allowed, but got {workers}; more than the processors of this "
            "machine help little, and a cluster takes more (--cluster)",
            code="E-workers-range",
        )


def check_number(replications: int, points: int = 1) -> None:
    """Refuse numbers of replications that no machine makes.

    Raises
    ------
    FunnelsimError
        With the limit.
    """
    if replications > MOST_REPLICATIONS:
        raise FunnelsimError(
            f"at most {MOST_REPLICATIONS:,} replications are allowed, but got {replications:,}",
            code="E-replications-range",
        )
    if replications * points > MOST_IN_ALL:
        raise FunnelsimError(
            f"{number_of(points, 'point')} x {number_of(replications, 'replication')} = "
            f"{replications * points:,}; at most {MOST_IN_ALL:,} are allowed",
            code="E-replications-range",
        )
