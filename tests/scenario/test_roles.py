"""Roles: written, or known by whole names and labels; they move no record and no fingerprint."""

from __future__ import annotations

from typing import Any

import pytest

import funnelsim as fs
from funnelsim.errors import ScenarioError
from funnelsim.scenario.forms.roles import GROUPS, evened, role_of, roles, words
from random_scenarios.laws import digest

TWO_MEANINGS = ("訪問", "商談", "契約更新", "営業", "SE", "CS", "call", "deal", "opportunity", "renewal", "sales")


def line(**stages: Any) -> fs.Scenario:
    """A line of some stages, worked by one team."""
    below = {"team": "東インサイド", "effort": "30 min"}
    return fs.Scenario.from_dict(
        {
            "horizon": "2 mo",
            "sources": {"展示会": {"rate": "5 / d"}},
            "segments": {"大口": {"share": 1, "value": 10}, "残り": {"share": 2, "value": 5}},
            "teams": {"東インサイド": {"headcount": 3, "queue": "fifo", "role": "inside_sales"}},
            "stages": {name: below | (each or {}) for name, each in stages.items()},
        }
    )


def known(scenario: fs.Scenario) -> dict[str, tuple[tuple[str, ...], str]]:
    return {each.entry: (each.roles, each.known_by) for each in scenario.roles}


def test_roles_and_how_they_are_known() -> None:
    made = line(
        選別={},
        訪問={},
        提案={},
        提案承認={},
        s5={"label": "受注"},
        demo={"role": ["propose", "negotiate"]},
        meet={},
    )
    assert known(made) == {
        "選別": (("screen",), "word"),
        "提案": (("propose",), "word"),  # and the approval of a proposal is none
        "s5": (("close",), "label"),
        "demo": (("propose", "negotiate"), "role"),
        "meet": (("meet",), "name"),
        "東インサイド": (("inside_sales",), "role"),
        "展示会": (("event",), "word"),
        "大口": (("key",), "word"),
    }


@pytest.mark.parametrize(
    "written", ["ＳＤＲ", "sdr", " Sdr ", "Inside Sales", "inside-sales", "インサイドセールス", "ｲﾝｻｲﾄﾞｾｰﾙｽ"]
)
def test_ways_of_writing_a_word(written: str) -> None:
    assert role_of("teams", written) == "inside_sales"


@pytest.mark.parametrize(
    "text", ["提案承認", "再提案", "SDRs and AEs", "proposal review", "", "営業", *TWO_MEANINGS]
)
def test_a_part_of_a_word_or_two_meanings_is_no_role(text: str) -> None:
    assert all(role_of(group, text) is None for group in GROUPS)


def test_each_word_has_one_meaning() -> None:
    for group in GROUPS:
        every = [evened(word) for role, meant in words()[group].items() for word in (role, *meant)]
        assert len(set(every)) == len(every), group


def test_roles_of_the_contract() -> None:
    assert roles("stages") == (
        *("screen", "contact", "nurture", "qualify", "meet", "discover", "demo", "decide", "propose"),
        *("negotiate", "close", "onboard", "expand", "handle"),
    )
    assert roles("segments") == ("key", "small")


def test_roles_move_no_record() -> None:
    without = line(meet={}, 提案={})
    with_roles = line(meet={"role": "qualify"}, 提案={"role": ["close", "propose"]})
    assert without.fingerprint == with_roles.fingerprint
    made = [fs.simulate(each, replications=1, engine="simpy").replicates[0] for each in (without, with_roles)]
    assert digest(made[0]) == digest(made[1])


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("提案", "found '提案'; write propose"),
        ("proposing", "write propose"),
        ("qualfy", "did you mean 'qualify'?"),
        ("field_sales", "expected a role of a stage (screen, contact, "),
        (["meet", "meet"], "a role stands twice in this list"),
        (3, "found 3"),
    ],
)
def test_a_role_that_is_none(role: Any, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        line(meet={"role": role})
    assert said in str(error.value)


def test_a_phase_cannot_change_a_role() -> None:
    made = line(meet={}).document
    phase = {"from": "2026-02-01", "change": {"stages.meet.role": "close"}}
    with pytest.raises(ScenarioError, match="not what they are"):
        fs.Scenario.from_dict({**made, "phases": [phase]})
