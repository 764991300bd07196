"""Health from the way to the booking and from the skill of the customer's rep, moment by moment."""

from __future__ import annotations

from typing import Any

import pytest
from exact import play

SELLERS: dict[str, Any] = {name: {"headcount": 1, "queue": "fifo"} for name in ("a", "b", "c")}


def health(stages: dict[str, Any], *arrivals: float, weights: dict[str, Any], **more: Any) -> list[float]:
    """The health of each customer at the end, by booking."""
    customers = {"health": {"start": 0.9, **weights}, **more.pop("customers", {})}
    played = play(stages, *arrivals, customers=customers, **{"teams": SELLERS, **more})
    assert played.records.customers is not None
    return [round(float(one), 12) for one in played.records.customers.health]


def test_people_count_once_and_up_to_the_booking() -> None:
    """The rep of `a`, the partner of `b`, the rep of `b` (the same) and again that of `a`; `c` comes after."""
    stages = {
        "meet": {"team": "a", "effort": "1 h", "with": {"team": "b"}},
        "offer": {"team": "b", "effort": "1 h"},
        "close": {"team": "a", "effort": "1 h", "books": True},
        "onboard": {"team": "c", "effort": "1 h"},
    }
    assert health(stages, 0, weights={"new_face": 0.1}) == [0.8]
    assert health({"sign": {"books": True}}, 0, weights={"new_face": 0.1}) == [0.9]


def test_all_waiting_for_the_seller_counts() -> None:
    """The handoff takes 3 h; the buyer's 5 h do not count.

    The first lead is at the offer from 10 h to 13 h, and the second, which had waited 2 h for `a` and is ready at
    12 h, goes before its closing: the first waits until 16 h, the second from then until 17 h. With a limit the
    second is held from 9 h to 14 h, and neither is in the way of the other.
    """
    stages = {
        "meet": {"team": "a", "effort": "2 h", "decision": "5 h"},
        "offer": {"team": "b", "effort": "3 h", "handoff": {"delay": "3 h"}},
        "close": {"team": "b", "effort": "1 h", "books": True},
        "onboard": {"team": "c", "effort": "9 h"},
    }
    limits = [{"stages": ["offer", "close"], "wip": 1, "full": "hold"}]
    assert health(stages, 0, 0, weights={"day_waited": 0.24}) == [after(3 + 3), after(2 + 3 + 1 + 1)]
    held = health(stages, 0, 0, weights={"day_waited": 0.24}, limits=limits)
    assert held == [after(3), after(2 + 5 + 3)]


def after(hours: float) -> float:
    """Health after so many hours, each of which takes off a hundredth."""
    return round(0.9 - 0.01 * hours, 12)


def test_context_that_was_lost_counts_by_its_share() -> None:
    stages = {
        "meet": {"team": "a", "effort": "1 h"},
        "offer": {"team": "b", "effort": "1 h", "handoff": {"keeps": 0.8}},
        "close": {"team": "c", "effort": "1 h", "handoff": {"keeps": 0.5}, "books": True},
        "onboard": {"team": "a", "effort": "1 h", "handoff": {"keeps": 0}},
    }
    assert health(stages, 0, weights={"lost_context": 0.5}) == [0.6]


@pytest.mark.parametrize(("days", "expected"), [(2, 0.9 + 0.05), (4, 0.9), (5, 0.9 - 0.05)])
def test_skill_comes_and_goes_with_the_rep(days: int, expected: float) -> None:
    """The able rep wins the deal and leaves on the fourth day; the other takes up care on the fifth."""
    teams = {
        "care": {
            "headcount": {"start": 2, "2026-01-08": 1},
            "queue": "fifo",
            "routing": "best_skill",
            "skill": [-0.5, 0.5],
        }
    }
    customers = {"team": "care", "care": {"every": "100 h", "effort": "1 h"}}
    stages = {"sell": {"team": "care", "effort": "1 h"}}
    given = {"teams": teams, "customers": customers, "horizon": f"{days} d"}
    assert health(stages, 0, weights={"rep_skill": 0.1}, **given) == [round(expected, 12)]


def test_health_above_one_is_not_lost_when_the_rep_goes() -> None:
    """Health that cannot rise above 1 falls back to what it was, not below."""
    teams = {"care": {"headcount": {"start": 1, "2026-01-08": 0}, "queue": "fifo", "skill": [3]}}
    stages = {"sell": {"team": "care", "effort": "1 h"}}
    for days, expected in ((2, 1), (5, 0.9)):
        customers = {"team": "care"}
        given = {"teams": teams, "customers": customers, "horizon": f"{days} d"}
        assert health(stages, 0, weights={"rep_skill": 0.1}, **given) == [expected]
