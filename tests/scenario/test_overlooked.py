"""What makes no difference because of what stands around it is told, and what does make one is not."""

from __future__ import annotations

from typing import Any

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.scenario.scenario import Scenario

BASE = Scenario.from_dict(
    {
        "horizon": "4 mo",
        "warmup": "1 w",
        "segments": {"small": {"share": 1, "value": 100}, "large": {"share": 1, "value": 900}},
        "sources": {"web": {"rate": "2 / h"}, "mail": {"rate": "1 / h"}},
        "teams": {"inside": {"headcount": 9, "queue": "fifo"}, "field": {"headcount": 9, "queue": "fifo"}},
        "stages": {
            "call": {"team": "inside", "effort": "30 min", "convert": 0.5, "otherwise": "later"},
            "meet": {"team": "field", "effort": "30 min", "convert": 0.5},
            "sign": {"team": "field", "effort": "30 min"},
            "later": {"aside": True, "nurtures": {"notice": "1 d"}},
        },
    }
)
QUEUE = "teams.field.queue"
ALL, NONE = "all that the team works is of this class", "the team does not work call"
YEAR, CODE = "teams.field.quota: no whole year", "currency: XYZ is the code of no currency"
AGAIN = "stages.sign.books: does nothing as it is: every deal that gets there was booked in meet"
LATER = "stages.later.timeout: does nothing as it is"
TURN = "is done in the order in which it is written"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({f"{QUEUE}.first": {"stage": ["meet", "sign"]}}, ALL),
        ({f"{QUEUE}.last": {"source": ["web", "mail"]}}, ALL),
        ({f"{QUEUE}.first": {"segment": ["small", "large"], "value_at_least": 0}}, ALL),
        ({f"{QUEUE}.last": {"origin": ["new", "expansion", "referral"]}}, ALL),
        ({f"{QUEUE}.first": {"stage": "meet"}}, ""),
        ({f"{QUEUE}.first": {"segment": "large"}}, ""),
        ({f"{QUEUE}.first": {"segment": ["small", "large"], "score_at_least": 0}}, ""),
        ({f"{QUEUE}.last": {"source": "web"}}, ""),
        ({f"{QUEUE}.first": {"stage": "call"}}, NONE),
        ({f"{QUEUE}.ignore": {"stage": "call"}}, NONE),
        ({f"{QUEUE}.first": [{"stage": "call"}, {"stage": "meet"}]}, ""),
        ({"teams.field.quota": {"amount": 1000, "period": "year"}}, YEAR),
        ({"teams.field.quota": {"amount": 1000, "period": "year"}, "warmup": "0 d", "horizon": "1 y"}, ""),
        ({"teams.field.quota": {"amount": 1000, "period": "year"}, "warmup": "1 d", "horizon": "1 y"}, YEAR),
        ({"teams.field.quota": {"amount": 1000, "period": "quarter"}, "horizon": "5 mo"}, "no whole quarter"),
        ({"teams.field.quota": {"amount": 1000, "period": "quarter"}, "horizon": "6 mo"}, ""),
        ({"stages.meet.books": True, "stages.sign.books": True}, AGAIN),
        ({"stages.sign.books": True}, ""),
        ({"stages.meet.books": True, "stages.sign.books": True, "stages.call.next": {"meet": 1, "sign": 1}}, ""),
        ({"stages.later.timeout": "30 d"}, LATER),
        ({"stages.later.timeout": "30 d", "sources.web.readiness": {"later": 0.5, "time": "10 d"}}, ""),
        ({"stages.later.timeout": "12 h"}, ""),
        ({"currency": "XYZ", "exchange": {"USD": 1}}, CODE),
        ({"currency": "JPY", "exchange": {"USD": 1}}, ""),
        ({"currency": "ポイント", "exchange": {"USD": 1}}, ""),
        ({"teams.field.headcount": {"add": 1, "multiply": 2}}, f"{{add: 1, multiply: 2}} {TURN}, add first"),
        ({"teams.field.headcount": {"multiply": 2, "add": 1}}, f"{{multiply: 2, add: 1}} {TURN}, multiply first"),
        ({"teams.field.headcount": {"add": 1}}, ""),
    ],
)
def test_what_makes_no_difference_is_told(change: dict[str, Any], told: str) -> None:
    said = [text for text in BASE.change(change).warnings if text not in BASE.warnings]
    said = [text for text in said if "ignored leads" not in text]
    assert len(said) == bool(told), said
    assert all(told in text for text in said), said


def test_operations_are_done_in_the_order_in_which_they_stand() -> None:
    for order, people in (({"add": 1, "multiply": 2}, 20), ({"multiply": 2, "add": 1}, 19)):
        assert BASE.change({"teams.field.headcount": order}).spec.teams["field"].headcount.first == people


@pytest.mark.parametrize("hours", [["9:00-12:00", "11:00-13:00"], ["10:00-11:00", "9:00-13:00"]])
def test_opening_hours_that_overlap_are_refused(hours: list[str]) -> None:
    with pytest.raises(ScenarioError, match="overlap; write 09:00-13:00"):
        BASE.change({"calendars": {"office": {"hours": hours}}})


def test_opening_hours_that_touch_are_one() -> None:
    made = BASE.change({"calendars": {"office": {"hours": ["9:00-12:00", "12:00-13:00"]}}})
    assert made.spec.calendars["office"].hours == ((540, 780),)
