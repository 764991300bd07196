"""Work that a second team must join has its place in the queue rules of both teams, to the microsecond."""

from __future__ import annotations

import math
from typing import Any

import pytest
from exact import HOUR, Played, play

import funnelsim as fs
from funnelsim.engine import compiled

TALK: dict[str, Any] = {"team": "seller", "effort": "1 h", "with": {"team": "lawyer"}}
REVIEW: dict[str, Any] = {"aside": True, "team": "lawyer", "effort": "4 h"}
SURVEY: dict[str, Any] = {"aside": True, "team": "seller", "effort": "2 h"}


def meet(*arrivals: tuple[str, float], seller: Any = "fifo", lawyer: Any = "fifo", **more: Any) -> Played:
    """Leads come to the closings, or to the lawyer's or the seller's own work, at these hours."""
    return play({"talk": TALK, "review": REVIEW, "survey": SURVEY}, **_world(arrivals, seller, lawyer), **more)


def _world(arrivals: tuple[tuple[str, float], ...], seller: Any, lawyer: Any) -> dict[str, Any]:
    sources = {
        f"s{k}": {"bursts": [{"at": f"{at} h", "leads": 1}], "to": to} for k, (to, at) in enumerate(arrivals)
    }
    teams = {
        name: queue if isinstance(queue, dict) and "headcount" in queue else {"headcount": 1, "queue": queue}
        for name, queue in {"seller": seller, "lawyer": lawyer}.items()
    }
    return {"sources": sources, "teams": teams}


LATE = (("review", 0), ("review", 1), ("talk", 2), ("review", 3))
"""Two reviews before a closing, one behind it."""


def test_a_joint_item_waits_for_its_place_in_the_partners_line() -> None:
    """The lawyer's second review came before the closing, the third behind it."""
    played = meet(*LATE)
    assert (played.starts("review"), played.starts("talk")) == ([0, 4, 9], [8])
    (row,) = played.stage("talk")
    assert (row.wait, row.busy, row.left) == (6, 1, 9)


def test_joint_first_goes_before_what_the_partner_has_waiting() -> None:
    played = meet(*LATE, lawyer={"rule": "fifo", "joint": "first"})
    assert (played.starts("review"), played.starts("talk")) == ([0, 5, 9], [4])


def test_the_partners_own_rule_and_classes_say_where_it_stands() -> None:
    """Newest first, the third review goes before it; a class can put it first, or last of all."""
    newest = meet(*LATE, lawyer="lifo")
    assert (newest.starts("review"), newest.starts("talk")) == ([0, 9, 4], [8])
    assert meet(*LATE, lawyer={"rule": "fifo", "last": {"stage": "talk"}}).starts("talk") == [12]
    assert meet(*LATE, lawyer={"rule": "fifo", "first": {"stage": "talk"}}).starts("talk") == [4]


def test_what_a_team_leaves_lying_is_its_own_work() -> None:
    """A lawyer who ignores closings has none of their own to ignore, and joins in the usual place."""
    assert meet(*LATE, lawyer={"rule": "fifo", "ignore": {"stage": "talk"}}).starts("talk") == [8]


def test_neither_waits_idle_for_the_other() -> None:
    """The lawyer is at a review until 4 h, so the seller makes surveys until 5 h.

    So at 4 h the lawyer begins the next review, though the closing is older: both are free at 8 h only.
    """
    played = meet(("review", 0), ("talk", 0.5), ("survey", 1), ("survey", 3), ("review", 3.5))
    assert (played.starts("survey"), played.starts("review")) == ([1, 3], [0, 4])
    assert played.starts("talk") == [8]


def test_a_joint_item_has_no_more_than_its_place_in_its_own_line() -> None:
    """The seller comes free at 2 h and the lawyer is idle: the survey of 1 h is before the closing of 1.5 h."""
    arrivals = (("survey", 0), ("survey", 1), ("talk", 1.5))
    assert meet(*arrivals).starts("talk") == [4]
    assert meet(*arrivals, seller={"rule": "fifo", "joint": "first"}).starts("talk") == [2]


DAY: dict[str, Any] = {"calendars": {"day": {"hours": "00:00-10:00"}}}


@pytest.mark.parametrize(
    ("lawyers", "talk", "survey", "second"), [(1, 24 + 4, 24, 24 + 5), (2, 24, 25, 25), (3, 24, 25, 24)]
)
def test_all_come_free_at_the_opening(lawyers: int, talk: float, survey: float, second: float) -> None:
    """One review is older than the closing: the closing starts at the opening if two lawyers are there.

    The seller would do the closing first of all; as that cannot be, one lawyer alone being at the first review
    until 28 h, a survey is next for the seller, who is free again at 26 h.
    """
    seller, lawyer = ({"headcount": n, "queue": "fifo", "calendar": "day"} for n in (1, lawyers))
    arrivals = (("review", 11), ("talk", 12), ("survey", 13), ("review", 14))
    played = meet(*arrivals, seller=seller, lawyer=lawyer, **DAY)
    assert (played.starts("talk"), played.starts("survey")) == ([talk], [survey])
    assert played.starts("review") == [24, second]


@pytest.mark.parametrize("rules", [("fifo", "lifo"), ("lifo", "fifo"), ("fifo", "fifo"), ("lifo", "lifo")])
def test_wishes_that_go_round_in_a_circle_are_granted(rules: tuple[str, str]) -> None:
    """Two teams need each other for what each would rather do second: nobody waits for ever."""
    stages = {
        "one": {"team": "a", "effort": "1 h", "with": {"team": "b"}},
        "two": {"aside": True, "team": "b", "effort": "1 h", "with": {"team": "a"}},
    }
    sources = {
        "x": {"bursts": [{"at": "11 h", "leads": 1}]},
        "y": {"bursts": [{"at": "12 h", "leads": 1}], "to": "two"},
    }
    teams = {
        name: {"headcount": 1, "queue": rule, "calendar": "day"} for name, rule in zip("ab", rules, strict=True)
    }
    played = play(stages, sources=sources, teams=teams, **DAY)
    assert sorted(played.starts("one") + played.starts("two")) == [24, 25]


def test_random_order_draws_a_joint_item_as_often_as_any_other() -> None:
    """At 4 h the lawyer has two reviews and a closing to choose from: each is next in a third of all runs."""
    model, runs, first = meet(*LATE, lawyer="random").model, 900, 0
    for replication in range(runs):
        visits = compiled.run(model, 1, replication).visits
        (began,) = visits.first_touch[visits.stage == model.stage_names.index("talk")]
        first += began == 4 * HOUR
    assert abs(first - runs / 3) < 3 * math.sqrt(runs * 2 / 9)


def test_a_rule_of_ones_own_places_joint_work_as_well() -> None:
    """A lawyer by a rule in Python: closings stand behind all reviews."""

    class ReviewsFirst(fs.QueueRule):
        teams = ("lawyer",)

        def key(self, work: Any, rep: Any, now: float) -> float:
            return float(work.stage == "talk")

    talk = {**TALK, "books": True}
    made = {
        "funnelsim": 1, "start": "2026-01-05", "horizon": "10 d", "warmup": "0 d",
        "stages": {"talk": talk, "review": REVIEW, "survey": SURVEY}, **_world(LATE, "fifo", "fifo"),
    }  # fmt: skip
    result = fs.simulate(fs.Scenario.from_dict(made), replications=1, hooks=[ReviewsFirst()], engine="simpy")
    assert result.stages.loc[("talk", "wait"), "mean"] == 10
