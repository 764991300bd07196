"""What a study predicts, against what is found."""

from __future__ import annotations

import json

import pytest

import funnelsim as fs
from funnelsim.experiments.comparison.verify import Foretold
from funnelsim.experiments.statistics.paired import Difference, verdict
from funnelsim.scenario.study.spec import Prediction


def study(*predicts: dict[str, object], **changes: object) -> fs.Study:
    base = fs.Scenario.from_dict(
        {
            "horizon": "40 d",
            "warmup": "4 d",
            "sources": {"web": {"rate": "8 / d"}},
            "teams": {"desk": {"headcount": 1, "queue": "lifo"}},
            "stages": {"serve": {"team": "desk", "effort": "4 h"}},
        }
    )
    arms = {"more": {"teams.desk.headcount": {"add": 1}}, "name": {"currency": "EUR"}}
    vary = {"sources.web.rate": [{"multiply": 0.25}, {"multiply": 1}]}
    return fs.Study.of(base, vary, arms=arms, name="desk", predicts=list(predicts), **changes)


def test_what_holds_and_what_does_not() -> None:
    low = {"sources.web.rate": {"multiply": 0.25}}
    found = fs.verify(
        study(
            {"arm": "more", "kpi": "won", "expect": "up"},
            {"arm": "more", "kpi": "won", "expect": "same"},
            {"arm": "more", "kpi": "won", "expect": "up", "at": low},
            {"arm": "name", "kpi": "won", "expect": "same"},
            {"arm": "base", "against": "more", "kpi": "won", "expect": "down"},
        ),
        replications=5,
    )
    assert [each.holds for each in found.predictions] == [True, False, None, True, True]
    assert not found.holds
    lines = found.verdict.splitlines()
    assert lines[0].startswith("more against base: won up holds (+")
    assert lines[2].startswith("more against base at sources.web.rate x 0.25: won up not known yet")
    assert found.table["holds"].tolist() == [True, False, None, True, True]
    assert json.loads(found.to_json())["predictions"][2]["at"] == "sources.web.rate x 0.25"


@pytest.mark.parametrize(
    ("expect", "interval", "holds", "remark"),
    [
        ("down", (-20.4, -17.4), True, ""),
        ("down", (-1.9, -0.1), True, "surely, though by less than matters"),
        ("up", (-1.9, -0.1), False, "less"),
        ("up", (-0.5, 0.5), False, "no difference that matters"),
        ("up", (-0.5, 9.0), None, ""),
        ("same", (-0.5, 0.5), True, ""),
        ("same", (0.5, 4.0), None, ""),  # surely more, but whether by more than matters is not known
        ("same", (2.5, 4.0), False, "more"),
    ],
)
def test_the_interval_decides_what_holds(
    expect: str, interval: tuple[float, float], holds: bool | None, remark: str
) -> None:
    """Against a figure of 100, of which 2 do not matter."""
    mean = sum(interval) / 2
    apart = Difference(mean, 1.0, 10, 100.0, "leads")
    asked = Prediction(arm="more", kpi="won", expect=expect)
    found = Foretold(asked, apart, *interval, 2.0, mean / 100, verdict(apart, interval, 2.0))
    assert (found.holds, found.remark) == (holds, remark)


def test_sure_but_small_is_no_failure() -> None:
    """A sign that is sure holds, whatever size is said not to matter."""
    asked = {"arm": "more", "kpi": "cycle_time", "expect": "down"}
    found = fs.verify(study(asked), replications=5, indifference=0.999).predictions[0]
    assert found.low is not None
    assert found.high is not None
    assert found.high < 0
    assert -found.low < found.zone
    assert found.holds
    assert "holds (−" in str(found) or "holds (-" in str(found)


def test_too_few_replications_leave_it_open() -> None:
    found = fs.verify(study({"arm": "more", "kpi": "created", "expect": "up"}, replications=2))
    assert found.replications == 2
    # Who creates leads is not the desk: no difference in either replication, which says little of others.
    assert found.predictions[0].holds is None
    assert str(found.predictions[0].found) == "the same in every replication"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"replications": 1}, "at least 2"),
        ({"indifference": 2.0}, "indifference"),
        ({"engine": "no"}, "no engine"),
    ],
)
def test_mistakes(options: dict[str, object], said: str) -> None:
    with pytest.raises(fs.FunnelsimError, match=said):
        fs.verify(study({"arm": "more", "kpi": "won", "expect": "up"}), **options)  # type: ignore[arg-type]


def test_nothing_predicted() -> None:
    with pytest.raises(fs.FunnelsimError, match="predicts nothing"):
        fs.verify(study())


def test_unknown_kpi() -> None:
    with pytest.raises(fs.FunnelsimError, match="won"):
        fs.verify(study({"arm": "more", "kpi": "wonn", "expect": "up"}))
