"""How many replications may be asked for at most."""

from __future__ import annotations

from funnelsim.errors import FunnelsimError

MOST_REPLICATIONS = 1_000_000
"""Of one scenario."""

MOST_IN_ALL = 100_000_000
"""Points of a study times replications of each."""


def check_number(replications: int, points: int = 1) -> None:
    """Refuse numbers of replications that no machine makes.

    Raises
    ------
    FunnelsimError
        With the limit.
    """
    if replications > MOST_REPLICATIONS:
        raise FunnelsimError(f"at most {MOST_REPLICATIONS:,} replications are allowed, but got {replications:,}")
    if replications * points > MOST_IN_ALL:
        raise FunnelsimError(
            f"{points:,} points x {replications:,} replications = {replications * points:,}; at most "
            f"{MOST_IN_ALL:,} are allowed"
        )
