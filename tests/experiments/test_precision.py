"""How many replications a precision needs."""

from __future__ import annotations

import math

import pytest

from funnelsim.experiments.statistics.precision import Widths, look_ahead, needed, widest


def falling(kpis: dict[str, float]) -> Widths:
    """Half-widths that fall with the square root of the number, from what they are at one replication."""
    return lambda count: {name: at_one / math.sqrt(count) for name, at_one in kpis.items()}


def test_the_least_precise_kpi_decides() -> None:
    found = widest({"won": 0.8, "bookings": 1.4})
    assert found is not None
    assert found.kpi == "bookings"
    assert widest({}) is None
    # won alone is narrow from 5 on; bookings needs 6 squared.
    assert needed(falling({"won": 2.0, "bookings": 6.0}), 10, 200) == 36


def test_it_stays_narrow_for_some_replications() -> None:
    widths = falling({"won": 3.0})  # narrow from 9 on
    assert needed(widths, 10, 200) == 14
    assert needed(widths, 14, 200) == 14
    # Narrow at 10 by luck, not at 11: all over again.
    luck = {10: 0.9, 11: 1.2, 12: 1.1, 13: 0.95, 14: 0.9, 15: 0.9, 16: 0.9, 17: 0.9, 18: 0.9}
    assert needed(lambda count: {"won": luck.get(count, 2.0)}, 14, 200) == 18
    assert needed(lambda count: {"won": luck.get(count, 2.0)}, 18, 200) == 18


def test_it_gives_up_at_the_most() -> None:
    assert needed(falling({"won": 100.0}), 10, 200) == 200
    assert needed(falling({"won": 100.0}), 200, 200) == 200
    assert needed(lambda count: {}, 10, 200) == 10  # nothing to be precise about


@pytest.mark.parametrize(("replications", "ahead"), [(10, 5), (100, 5), (120, 6), (200, 10)])
def test_looking_ahead_grows_from_a_hundred_on(replications: int, ahead: int) -> None:
    assert look_ahead(replications) == ahead
