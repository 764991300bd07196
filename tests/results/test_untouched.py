"""A team that might have had work and never got any is told of, alone and beside other arms."""

from __future__ import annotations

from typing import Any

import pytest

import funnelsim as fs

LINE: dict[str, Any] = {
    "horizon": "2 mo",
    "warmup": "1 w",
    "sources": {"web": {"rate": "60 / mo"}},
    "teams": {
        "sdr": {"headcount": 1, "queue": "fifo"},
        "ae": {"headcount": 3, "queue": "fifo"},
        "外部": {"headcount": 1, "queue": "fifo"},
    },
    "stages": {
        "sift": {"team": "sdr", "effort": "20 min", "convert": 0.5},
        "meet": {"team": "ae", "effort": "2 h", "convert": 0.5},
        "sell": {"team": ["ae", "外部"], "effort": "1 h"},
    },
}
NONE = "外部 did no work in the time that counts, in any replication: "


def line(**change: Any) -> fs.Scenario:
    return fs.Scenario.from_dict(LINE).change({key.replace("__", "."): value for key, value in change.items()})


def told(scenario: fs.Scenario) -> list[str]:
    result = fs.simulate(scenario, replications=2)
    return [text for text in result.warnings if "did no work" in text]


def test_a_team_behind_another_that_keeps_its_leads() -> None:
    assert told(line()) == [
        f"{NONE}it is named behind another team, and a lead stays with whoever had it before; with "
        "`continuity: any_rep` at that stage it may take such leads"
    ]
    busy = line(stages__sell__continuity="any_rep", stages__meet__effort="60 h")
    assert told(busy) == []


def test_a_team_of_a_kind_that_never_comes() -> None:
    kinds = {"small": {"share": 1, "value": 1000}, "big": {"share": 0, "value": 1000}}
    assert told(line(segments=kinds, stages__sell__team={"set": {"big": "外部", "else": "ae"}})) == [
        f"{NONE}no lead came to it"
    ]


@pytest.mark.parametrize("change", [{"teams.外部.headcount": 0}, {"stages.sell.effort": "0 h"}])
def test_nobody_is_missed_where_nobody_is_or_work_takes_no_time(change: dict[str, Any]) -> None:
    assert told(line().change(change)) == []


def test_a_team_that_nothing_names_is_told_once_and_before_the_run() -> None:
    scenario = line(stages__sell__team="ae")
    assert "teams.外部: the team has no work" in scenario.warnings
    assert told(scenario) == []


def test_arms_in_which_it_is_so_are_named_together() -> None:
    busy = line(stages__sell__continuity="any_rep", stages__meet__effort="60 h")
    arms = {"today": line(), "more": line(teams__ae__headcount=4), "busy": busy}
    found = fs.compare(arms, kpis=["won"], replications=2).warnings
    assert [text.split(" did")[0] for text in found if "did no work" in text] == ["today, more: 外部"]
