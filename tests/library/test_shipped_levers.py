"""Levers of the library: each fits lines that are called otherwise, and keeps what is the user's."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.errors import ScenarioError
from funnelsim.experiments.statistics.paired import Verdict
from funnelsim.model.records import Records
from funnelsim.scenario.changing import levers as files
from funnelsim.scenario.language.lever import LANGUAGES, LEVER_GROUPS
from funnelsim.scenario.reading import library
from funnelsim.scenario.reading.document import plain
from random_scenarios.laws import digest
from scenario.test_levers_by_role import NINE

SHIPPED = [each.name for each in library.levers()]

FOUR: dict[str, Any] = {
    "funnelsim": 1,
    "horizon": "1 y",
    "warmup": "1 mo",
    "sources": {"web": {"rate": "60 / mo"}},
    "teams": {
        "sdr": {"headcount": 2, "queue": "fifo"},
        "ae": {"headcount": 3, "queue": "fifo"},
    },
    "stages": {
        "選別": {"team": "sdr", "effort": "20 min", "convert": 0.5},
        "訪問": {"team": "ae", "effort": "2 h", "convert": 0.5},
        "提案": {"team": "ae", "effort": "4 h", "decision": "10 d", "convert": 0.5},
        "受注": {"team": "ae", "effort": "1 h"},
    },
    "limits": [{"stages": ["提案"], "wip": 60}],
    "phases": [{"from": "2026-06-01", "change": {"teams.ae.headcount": 4}}],
}
"""A line of four stages without customers, with a limit and a phase of the user's own."""

LINES: dict[str, Any] = {"nine": NINE, "four": FOUR}

UNFIT = {
    "nine": {
        "answer_next_day": "`role: inbound`",
        "speed_to_lead": "`role: inbound`",
        "crm": "stages.訪問.handoff",
        "handoff_joint": "stages.訪問.handoff",
        "handoff_notes": "stages.訪問.handoff",
        "discount_limit": "stages.条件交渉.concessions.discount",
        "kpi_retention": "customers.care",
        "hire_field": "--lever hire_field:東FS",
        "hire_inside": "--lever hire_inside:東IS",
        "move_inside_to_field": "--lever move_inside_to_field:東IS",
    },
    "four": {
        "backward_success": "`role: customer_success`",
        "hire_success": "`role: customer_success`",
        "kpi_retention": "`role: customer_success`",
        "email_automation": "`role: contact`",
        "discount_limit": "`role: negotiate`",
        "crm": "stages.訪問.handoff",
        "handoff_joint": "stages.訪問.handoff",
        "handoff_notes": "stages.訪問.handoff",
    },
}
"""Levers that do not fit a line, and what their message says to do."""


@cache
def line(name: str) -> fs.Scenario:
    made = LINES.get(name)
    return fs.Scenario.from_dict(made) if made is not None else fs.load(library.template(name))


@pytest.mark.parametrize("name", SHIPPED)
def test_what_a_lever_file_says(name: str) -> None:
    lever = files.find(name, None).lever
    assert lever.lever == name
    assert set(lever.title) == set(lever.question) == set(LANGUAGES)
    assert lever.group in LEVER_GROUPS[:-1]
    assert lever.needs or name == "kpi_shared"


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("where", LINES)
def test_a_lever_fits_another_line_or_says_what_to_add(name: str, where: str) -> None:
    says = UNFIT[where].get(name)
    if says is None:
        assert line(where).with_levers(name).fingerprint != line(where).fingerprint
        return
    with pytest.raises(ScenarioError) as error:
        line(where).with_levers(name)
    assert says in str(error.value)


def run(scenario: fs.Scenario) -> Records:
    short = scenario.change({"horizon": "3 mo", "warmup": "1 w"})
    return fs.simulate(short, replications=1, seed=5).replicates[0]


@cache
def base() -> str:
    return digest(run(line("mid_market")))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_lever_moves_a_record(name: str) -> None:
    assert digest(run(line("mid_market").with_levers(name))) != base()


def test_no_two_change_the_same() -> None:
    changes = [repr(plain(files.find(name, None).document["change"])) for name in SHIPPED]
    assert len(set(changes)) == len(SHIPPED)


def own(document: Any) -> list[Any]:
    """What stands in the lists of a document that may be the user's own."""
    teams = document["teams"].values()
    return [
        *document.get("phases", []),
        *document.get("limits", []),
        *(burst for source in document["sources"].values() for burst in source.get("bursts", [])),
        *(one for team in teams for key in ("first", "last", "ignore") for one in team["queue"].get(key, [])),
    ]


def test_two_levers_keep_what_each_other_and_the_user_wrote() -> None:
    ground = line("mid_market").change(
        {
            "phases": [{"from": "2027-01-01", "change": {"teams.field_sales.headcount": {"add": 1}}}],
            "limits": [{"stages": ["demo"], "wip": 500}],
            "teams.inside_sales.queue.first": {"source": "outbound"},
        }
    )
    alone = {name: own(ground.with_levers(name).document) for name in SHIPPED}
    listing = [name for name in SHIPPED if len(alone[name]) > len(own(ground.document))]
    assert len(listing) >= 4
    for one in listing:
        for other in SHIPPED:
            if other == one:
                continue
            for order in ((one, other), (other, one)):
                both = own(ground.with_levers(*order).document)
                assert all(each in both for each in (*alone[one], *alone[other])), order


@pytest.mark.parametrize("name", [name for name in SHIPPED if files.find(name, None).lever.adds])
def test_an_entry_is_made_once(name: str) -> None:
    twice = line("mid_market").with_levers(name)
    with pytest.raises(ScenarioError, match="has one of that name"):
        twice.with_levers(name)


@pytest.mark.parametrize("dose", [1, 2, 7])
def test_a_hire_is_so_many_people(dose: int) -> None:
    before, after = line("reference"), line("reference").with_levers(f"hire_field@{dose}")
    assert (
        after.spec.teams["field_sales"].headcount.first - before.spec.teams["field_sales"].headcount.first == dose
    )
    assert len(run(after).reps.team) - len(run(before).reps.team) == dose


@pytest.mark.parametrize("name", [name for name in SHIPPED if files.find(name, None).lever.assumes])
def test_where_one_side_is_missing_it_is_said(name: str) -> None:
    """The reference company has its effects off, so that all but one lever show one side there."""
    lever = files.find(name, None).lever
    reference, mid = (line(each) for each in ("reference", "mid_market"))
    assert mid.with_levers(name).cautions == ()
    if name not in ("cpq", "kpi_bookings"):
        assert [said.partition(": ")[2] for said in reference.with_levers(name).cautions] == list(
            dict.fromkeys(each["en"] for each in lever.assumes.values())
        )


EXPECTED = [(name, index) for name in SHIPPED for index in range(len(files.find(name, None).lever.expect))]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "index"), EXPECTED)
def test_what_is_expected_comes_true(name: str, index: int) -> None:
    """On the mid-market company, by a paired interval of 95 %."""
    row = files.find(name, None).lever.expect[index]
    ground = line("mid_market").change(row.at) if row.at else line("mid_market")
    arms = {"base": ground, name: ground.with_levers(name)}
    found = fs.compare(arms, kpis=[row.kpi], replications=100, seed=11, indifference={row.kpi: "2 %"})
    (finding,) = found.findings
    wanted = {"up": Verdict.MORE, "down": Verdict.LESS, "same": Verdict.SAME}[row.expect]
    assert finding.verdict is wanted, found.sentences
