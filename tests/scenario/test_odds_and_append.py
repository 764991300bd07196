"""``{odds: x}`` multiplies the odds of a probability, ``{append: x}`` puts x behind what is there."""

from __future__ import annotations

from typing import Any

import pytest

import funnelsim as fs
from funnelsim.errors import ScenarioError

LINE: dict[str, Any] = {
    "horizon": "6 mo",
    "segments": {"key": {"share": 1, "value": 10}, "small": {"share": 3, "value": 2}},
    "sources": {"web": {"rate": "5 / d", "bursts": [{"at": "2026-02-02", "leads": 20}]}},
    "teams": {
        "inside": {"headcount": 3, "queue": {"rule": "fifo", "first": {"source": "web"}}},
        "field": {"headcount": 2, "queue": "fifo"},
        "other": {"headcount": 1, "queue": "fifo"},
    },
    "stages": {
        "meet": {
            "team": {"key": "field", "else": "inside"},
            "effort": "1 h",
            "convert": {"key": 0.5, "else": 0.2},
        },
        "close": {
            "team": "field",
            "effort": "2 h",
            "convert": 0.8,
            "concessions": {"discount": {"share": 0.3, "discount": 0.1, "odds": 1.5}},
        },
        "sign": {"team": "field", "effort": "5 min"},
    },
    "phases": [{"from": "2026-03-01", "change": {"teams.inside.headcount": 4}}],
}


def changed(change: dict[str, Any]) -> dict[str, Any]:
    return fs.Scenario.from_dict(LINE).change(change).document


@pytest.mark.parametrize(
    ("share", "factor", "expected"), [(0.8, 3, 12 / 13), (0.8, 0.5, 2 / 3), (0.8, 1, 0.8), (0.8, 0, 0)]
)
def test_odds(share: float, factor: float, expected: float) -> None:
    assert changed({"stages.close.convert": {"odds": factor}})["stages"]["close"]["convert"] == pytest.approx(
        expected
    )


def test_odds_by_kind_and_of_certain_things() -> None:
    assert changed({"stages.meet.convert": {"odds": 2}})["stages"]["meet"]["convert"] == {
        "key": pytest.approx(2 / 3),
        "else": pytest.approx(1 / 3),
    }
    certain = changed({"stages.close.convert": 1, "stages.meet.convert": {"set": 0}})
    again = fs.Scenario.from_dict(certain).change({"stages.*.convert": {"odds": 9}}).document["stages"]
    assert (again["close"]["convert"], again["meet"]["convert"]) == (1, 0)


def test_odds_and_add_are_done_in_order() -> None:
    assert changed({"stages.close.convert": {"add": -0.3, "odds": 3}})["stages"]["close"][
        "convert"
    ] == pytest.approx(0.75)


def test_a_dose_of_odds_goes_part_of_the_way() -> None:
    from funnelsim.scenario.changing.compose import with_change
    from funnelsim.scenario.reading.document import block

    base = fs.Scenario.from_dict(LINE).composed
    half = with_change(base, block({"stages.close.convert": {"odds": 3}}), 0.5).document
    assert half["stages"]["close"]["convert"] == pytest.approx((0.8 + 12 / 13) / 2)


def test_the_odds_of_a_concession_are_a_key() -> None:
    for change in (
        {"stages.close.concessions.discount.odds": 2},
        {"stages.close.concessions.discount": {"odds": 2}},
        {"stages": {"close": {"concessions": {"discount": {"odds": 2}}}}},
    ):
        found = changed(change)["stages"]["close"]["concessions"]["discount"]
        assert (found["odds"], found["share"]) == (2, 0.3)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"stages.close.effort": {"odds": 3}}, "odds are those of a probability, and this is none"),
        ({"teams.field.headcount": {"odds": 3}}, "odds are those of a probability, and this is none"),
        ({"stages.close.convert": {"odds": -3}}, "odds are multiplied by 0 or more, found -3"),
        ({"stages.close.convert": {"odds": "x"}}, "expected a number to multiply the odds by, found 'x'"),
        ({"stages.close.convert": {"append": 1}}, "nothing can be appended to 0.8, which is no list"),
        ({"phases": {"add": [1]}}, "write {append: ...}"),
        ({"limits": {"append": {"stages": "meet"}}}, "limits.0.wip"),
    ],
)
def test_what_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        changed(change)
    assert said in str(error.value)


PHASE = {"from": "2026-04-01", "change": {"teams.field.headcount": 3}}
LISTS: dict[str, tuple[Any, Any]] = {
    "phases": (PHASE, [LINE["phases"][0], PHASE]),
    "limits": ({"stages": ["meet"], "wip": 9}, [{"stages": ["meet"], "wip": 9}]),
    "sources.web.bursts": (
        {"at": "2026-05-01", "leads": 5},
        [*LINE["sources"]["web"]["bursts"], {"at": "2026-05-01", "leads": 5}],
    ),
    "teams.inside.queue.first": ({"segment": "key"}, [{"source": "web"}, {"segment": "key"}]),
    "teams.inside.queue.last": ({"segment": "key"}, [{"segment": "key"}]),
    "teams.field.queue.ignore": ({"stage": "meet", "segment": "small"}, [{"stage": "meet", "segment": "small"}]),
    "stages.close.team": ("other", ["field", "other"]),
    "stages.meet.team": ("other", {"key": ["field", "other"], "else": ["inside", "other"]}),
}
"""Where a list may be the user's own: what is appended, and what stands there then."""


def at(document: Any, path: str) -> Any:
    for part in path.split("."):
        document = document[part]
    return document


@pytest.mark.parametrize("path", LISTS)
def test_append(path: str) -> None:
    item, expected = LISTS[path]
    once = fs.Scenario.from_dict(LINE).change({path: {"append": item}})
    assert at(once.document, path) == expected
    as_list = fs.Scenario.from_dict(LINE).change({path: {"append": [item, item]}})
    assert at(as_list.document, path) == expected
    twice = once.change({path: {"append": item}})
    assert at(twice.document, path) == expected
    assert any("in this list already" in said for said in twice.warnings)


def test_two_levers_keep_each_other_s_phases() -> None:
    one, other = ({"from": f"2026-0{month}-01", "change": {"teams.field.headcount": month}} for month in (4, 5))
    first = changed({"phases": {"append": one}})
    both = fs.Scenario.from_dict(first).change({"phases": {"append": other}}).document["phases"]
    assert [phase["from"] for phase in both] == ["2026-03-01", "2026-04-01", "2026-05-01"]


def test_what_is_wrong_in_what_is_appended_has_its_place() -> None:
    text = "funnelsim: 1\nextends: one_desk\nlimits:\n  append: {stages: [serve], wip: 3, wipp: 3}\n"
    with pytest.raises(ScenarioError) as error:
        fs.Scenario.from_text(text)
    assert [(one.path, one.line) for one in error.value.problems] == [("limits.0.wipp", 4)]
