"""What a study predicts, against what is found."""

from __future__ import annotations

import json

import pytest

import funnelsim as fs


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
    assert [each.holds for each in found.predictions] == [True, False, False, True, True]
    assert not found.holds
    lines = found.verdict.splitlines()
    assert lines[0].startswith("more against base: won up holds (+")
    assert lines[2].startswith("more against base at sources.web.rate x 0.25: won up does not hold")
    assert found.table["holds"].tolist() == [True, False, False, True, True]
    assert json.loads(found.to_json())["predictions"][2]["at"] == "sources.web.rate x 0.25"


def test_too_few_replications_leave_it_open() -> None:
    found = fs.verify(study({"arm": "more", "kpi": "created", "expect": "up"}, replications=2))
    assert found.replications == 2
    # Who creates leads is not the desk: no difference, in every replication.
    assert found.predictions[0].holds is False


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
