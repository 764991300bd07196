"""Guesses: which numbers are known how, at which ends they are tried, and what is to be measured first."""

from __future__ import annotations

import json
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.experiments.sensitivity.guesses import Guesses, guesses
from funnelsim.experiments.sensitivity.numbers import CHOSEN, numbers_of
from funnelsim.scenario.reading import library
from funnelsim.views.sentences.guesses import first, known_how

DESK: dict[str, Any] = {
    "funnelsim": 1,
    "horizon": "3 mo",
    "warmup": "1 w",
    "sources": {"web": {"rate": "2 / d"}},
    "teams": {"desk": {"headcount": 3, "queue": "fifo", "skill": {"sd": 0.3}}},
    "stages": {
        "meet": {"team": "desk", "effort": {"dist": "gamma", "mean": "1 h", "cv": 0.5}, "convert": 0.5},
        "sell": {"team": "desk", "effort": "2 h", "convert": 0.2, "timeout": "90 d"},
    },
    "evidence": {
        "stages.meet.effort": {"grade": "C", "range": ["30 min", "3 h"]},
        "stages.sell.convert": {"grade": "B", "range": [0.1, 0.3]},
        "teams.desk.skill": {"grade": "M"},
    },
}


@pytest.fixture(scope="module")
def found() -> Guesses:
    return guesses(fs.Scenario.from_dict(DESK), "won", replications=8)


def test_every_number_that_could_be_known_better_is_there(found: Guesses) -> None:
    assert {each.path: (each.grade, each.assumed) for each in found.numbers} == {
        "sources.web.rate": ("none", True),
        "teams.desk.skill.sd": ("M", True),  # of the record above it, without a range of its own
        "stages.meet.effort": ("C", False),
        "stages.meet.convert": ("none", True),
        "stages.sell.effort": ("none", True),
        "stages.sell.convert": ("B", False),
    }
    assert found.grades == {"A": 0, "B": 1, "C": 1, "D": 0, "M": 1, "none": 3}
    assert not any(each.path.split(".")[-1] in CHOSEN for each in found.numbers)


def test_numbers_go_to_the_ends_of_their_range_else_to_half_and_double(found: Guesses) -> None:
    ends = {each.path: each.ends for each in found.numbers}
    assert ends["sources.web.rate"] == ("1 / d", "4 / d")
    assert ends["stages.meet.convert"] == ("0.333", "0.667")  # odds of 1 to 2 and 2 to 1
    assert ends["stages.sell.convert"] == ("0.1", "0.3")


def test_what_an_end_changes_is_what_compare_finds(found: Guesses) -> None:
    base = fs.Scenario.from_dict(DESK)
    changes: dict[str, dict[str, Any]] = {
        "stages.sell.convert": {"stages.sell.convert": 0.3},
        "stages.meet.effort": {"stages.meet.effort": {"multiply": 3.0}},  # its mean becomes 3 h
    }
    for path, change in changes.items():
        (each,) = [one for one in found.numbers if one.path == path]
        assert each.more is not None
        compared = fs.compare({"today": base, "more": base.change(change)}, kpis=["won"], replications=8)
        assert each.more.difference.mean == compared.findings[0].difference.mean


def test_the_first_are_those_that_move_most_and_are_not_well_known(found: Guesses) -> None:
    assert [each.path for each in found.first] == ["sources.web.rate", "stages.meet.convert"]
    assert all(each.grade not in ("A", "B") for each in found.first)
    sizes = [
        max(abs(one.difference.mean or 0) for one in (each.less, each.more) if one) for each in found.numbers[:4]
    ]
    assert sizes == sorted(sizes, reverse=True)


def test_what_was_set_is_no_longer_listed_as_graded() -> None:
    own = fs.Scenario.from_dict(DESK).change({"stages.meet.effort": "45 min"})
    (each,) = [one for one in guesses(own, "won", replications=2).numbers if one.path == "stages.meet.effort"]
    assert (each.grade, each.assumed, each.ends) == ("none", True, ("22.5 min", "90 min"))


def test_as_a_document_and_in_words(found: Guesses) -> None:
    document = json.loads(json.dumps(found.to_dict()))
    assert document["measure_first"] == [each.path for each in found.first]
    assert len(document["numbers"]) == len(found.table) == 6
    assert known_how(found) == "6 numbers could be known better: 1 B, 1 C, 1 M and 3 none."
    assert first(found).startswith(
        "Measure these before you decide, since won hangs on them most: sources.web.rate"
    )


def test_one_replication_shows_nothing() -> None:
    with pytest.raises(fs.FunnelsimError, match="at least 2 replications"):
        guesses(fs.Scenario.from_dict(DESK), replications=1)


@pytest.mark.slow
@pytest.mark.parametrize("name", [each.name for each in library.templates()])
def test_of_each_shipped_company_no_number_is_without_a_grade(name: str) -> None:
    found = guesses(fs.load(library.template(name)), replications=2, workers=2)
    assert found.grades["none"] == 0
    assert found.numbers


def _mixed(shares: dict[str, Any], evidence: dict[str, Any]) -> dict[str, Any]:
    """The desk with segments of these weights."""
    segments = {name: {"share": share, "value": 1000} for name, share in shares.items()}
    return {**DESK, "segments": segments, "evidence": evidence}


@pytest.mark.parametrize(
    ("shares", "evidence", "ends"),
    [
        ({"smb": 1}, {}, {}),
        ({"smb": 0.7, "big": 0.3}, {}, {"smb": ("0.538", "0.824")}),
        ({"smb": "70 %", "big": "30 %"}, {"big": [0.2, 0.5]}, {"big": ("0.2", "0.5")}),
        ({"smb": 0.5, "mid": 0.3, "big": 0.2}, {"smb": [0.4, 0.6]}, {"smb": ("0.4", "0.6"), "mid": (), "big": ()}),
        ({"smb": 3, "big": 1}, {}, {"smb": ("1.5", "6")}),  # weights, which nobody called shares
    ],
)
def test_a_share_of_a_segment_moves_with_the_rest(
    shares: dict[str, Any], evidence: dict[str, Any], ends: dict[str, tuple[str, ...]]
) -> None:
    """Of two segments one number tells both; at the end of a range the share is what stands there."""
    records = {f"segments.{name}.share": {"grade": "C", "range": each} for name, each in evidence.items()}
    found = [
        each
        for each in numbers_of(fs.Scenario.from_dict(_mixed(shares, records)))
        if each.path.startswith("segments.") and each.path.endswith(".share")
    ]
    assert [each.path.split(".")[1] for each in found] == [*ends]
    for each in found:
        name = each.path.split(".")[1]
        assert not ends[name] or each.ends == ends[name]
        for said, line in zip(each.ends, each.scenarios, strict=True):
            assert line is not None
            weights = {one: float(line.spec.segments[one].share) for one in shares}
            if sum(map(float, (str(each).rstrip(" %") for each in shares.values()))) in (1, 100):
                assert weights[name] / sum(weights.values()) == pytest.approx(float(said), abs=5e-4)
            else:
                assert weights[name] == pytest.approx(float(said))


def test_a_share_of_a_segment_is_not_above_one() -> None:
    records = {"segments.smb.share": {"grade": "C", "range": ["20 %", "150 %"]}}
    with pytest.raises(fs.ScenarioError, match=r"segments\.smb\.share is a share"):
        fs.Scenario.from_dict(_mixed({"smb": 0.7, "big": 0.3}, records))
    fs.Scenario.from_dict(_mixed({"smb": 1, "big": 1}, records))  # weights may be any
