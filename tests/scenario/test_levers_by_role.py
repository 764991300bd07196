"""A lever of the library says what it is about by roles, and fits lines that call their stages otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.errors import ScenarioError
from funnelsim.scenario.reading import library

NINE: dict[str, Any] = {
    "funnelsim": 1,
    "horizon": "1 y",
    "warmup": "1 mo",
    "sources": {"展示会": {"rate": "90 / mo"}, "紹介": {"rate": "10 / mo", "to": "訪問"}},
    "segments": {"大口": {"share": 1, "value": 4_000_000}, "小口": {"share": 3, "value": 900_000}},
    "defaults": {"teams": {"queue": "due", "cost": {"salary": "6_000_000 / y"}}},
    "teams": {
        "東IS": {"headcount": 2, "role": "inside_sales"},
        "西IS": {"headcount": 3, "role": "inside_sales"},
        "東FS": {"headcount": 4, "role": "field_sales"},
        "西FS": {"headcount": 5, "role": "field_sales"},
        "CSM": {"headcount": 2},
    },
    "stages": {
        "選別": {"team": {"大口": "東IS", "else": "西IS"}, "effort": "10 min", "convert": 0.7},
        "架電": {
            "team": {"大口": "東IS", "else": "西IS"},
            "effort": "20 min",
            "touches": 3,
            "gap": "2 bd",
            "convert": 0.4,
        },
        "訪問": {"team": {"大口": "東FS", "else": "西FS"}, "role": "meet", "effort": "2 h", "convert": 0.6},
        "ヒアリング": {"team": {"大口": "東FS", "else": "西FS"}, "effort": "2 h", "convert": 0.8},
        "提案": {"team": {"大口": "東FS", "else": "西FS"}, "effort": "6 h", "decision": "10 d", "convert": 0.5},
        "提案承認": {"team": {"大口": "東FS", "else": "西FS"}, "effort": "1 h", "convert": 0.9},
        "条件交渉": {"team": {"大口": "東FS", "else": "西FS"}, "effort": "3 h", "convert": 0.8},
        "受注": {"team": {"大口": "東FS", "else": "西FS"}, "effort": "1 h", "convert": 0.9, "books": True},
        "導入": {"team": "CSM", "effort": "8 h"},
    },
}
"""A Japanese line of nine stages, with two teams of inside sales and two of field sales, by segment."""

Put = Any


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Writes levers of a library of their own."""
    (tmp_path / "levers").mkdir()
    monkeypatch.setattr(library, "folder", lambda: tmp_path)

    def put(name: str, text: str) -> str:
        (tmp_path / "levers" / f"{name}.yaml").write_text(f"lever: {name}\n{text}", encoding="utf-8")
        return name

    return put


def line(**changes: Any) -> fs.Scenario:
    return fs.Scenario.from_dict({**NINE, **changes})


def effort(scenario: fs.Scenario, stage: str) -> Any:
    """The effort of a stage as it is written."""
    return scenario.document["stages"][stage]["effort"]


def refused(reference: str, scenario: fs.Scenario | None = None) -> str:
    with pytest.raises(ScenarioError) as error:
        (scenario or line()).with_levers(reference)
    return str(error.value)


def test_each_entry_of_a_role_is_changed(put: Put) -> None:
    put("quick", "change: {stages.propose.effort: {multiply: 0.5}, teams.inside_sales.speed: 1.2}\n")
    made = line().with_levers("quick")
    assert (effort(made, "提案"), effort(made, "提案承認")) == ("3 h", "1 h")
    assert [made.spec.teams[name].speed.mean for name in ("東IS", "西IS", "東FS")] == [1.2, 1.2, 1]


def test_a_line_without_roles_and_one_with_them_become_the_same(put: Put) -> None:
    put("all", "change: {teams.field_sales.skill: 0.2, stages.close.sla: 5 d}\n")
    guessed = line().with_levers("all")
    written = line(stages={**NINE["stages"], "受注": {**NINE["stages"]["受注"], "role": "close"}}).with_levers(
        "all"
    )
    assert guessed.fingerprint == written.fingerprint != line().fingerprint


def test_people_are_added_once(put: Put) -> None:
    put(
        "hire",
        "dose: {is: people, least: 1, most: 5, default: 1}\nchange: {teams.field_sales.headcount: {add: 1}}\n",
    )
    said = refused("hire")
    assert "would be added 2 times, to 東FS, 西FS" in said
    assert said.endswith("as in --lever hire:東FS")
    made = line().with_levers("hire:東FS@2")
    assert [made.spec.teams[name].headcount.first for name in ("東FS", "西FS")] == [6, 5]
    assert made.laid == ("lever hire:東FS@2",)
    assert "there is no '北FS' to narrow it to" in refused("hire:北FS")


@pytest.mark.parametrize("what", ["headcount: {add: 1}", "cost.salary: {add: 9 / mo}"])
def test_what_is_counted_is_added_once(put: Put, what: str) -> None:
    put("more", f"change: {{teams.inside_sales.{what}}}\n")
    assert "added 2 times" in refused("more")


@pytest.mark.parametrize("what", ["effort: {multiply: 2}", "convert: {add: 0.05}", "quality_weight: {add: 1}"])
def test_what_is_a_property_is_changed_in_each(put: Put, what: str) -> None:
    put("more", f"change:\n  stages[team=field_sales].{what}\n")
    before, after = line().spec.stages, line().with_levers("more").spec.stages
    assert [name for name in after if before[name] != after[name]] == [
        "訪問",
        "ヒアリング",
        "提案",
        "提案承認",
        "条件交渉",
        "受注",
    ]


@pytest.mark.parametrize(
    ("where", "stages"),
    [
        ("stages.demo|discover|meet", ["ヒアリング"]),
        ("stages[books]", ["受注"]),
        ("stages[first, team=field_sales]", ["訪問"]),
        ("stages[last, team=inside_sales]", ["架電"]),
        ("stages[team=customer_success]", ["導入"]),
    ],
)
def test_ways_to_choose_a_stage(put: Put, where: str, stages: list[str]) -> None:
    put("there", f'change: {{"{where}.effort": {{multiply: 2}}}}\n')
    before, after = line().spec.stages, line().with_levers("there").spec.stages
    assert [name for name in after if before[name] != after[name]] == stages


def test_the_team_that_takes_over_is_meant(put: Put) -> None:
    put("backward", "change: {stages.contact.with: {team: field_sales, touches: last}}\n")
    made = line().with_levers("backward")
    joint = made.document["stages"]["架電"]["with"]
    assert {kind: each["team"] for kind, each in joint.items()} == {"大口": "東FS", "else": "西FS"}
    narrowed = line().with_levers("backward:西FS").document["stages"]["架電"]["with"]
    assert narrowed == {"team": "西FS", "touches": "last"}


def test_a_team_is_never_picked_by_its_place(put: Put) -> None:
    put(
        "calls",
        "adds: [sources.outbound]\nchange: {sources.outbound: {team: inside_sales, effort: 5 min, yield: 0.01}}\n",
    )
    said = refused("calls")
    assert "inside_sales is 2 teams here, 東IS, 西IS, and which is meant is not clear" in said
    assert line().with_levers("calls:西IS").spec.sources["outbound"].team == "西IS"


def test_a_stage_is_the_first_in_line(put: Put) -> None:
    put("there", "change: {sources.referral.to: propose}\n")
    both = line(stages={**NINE["stages"], "提案承認": {**NINE["stages"]["提案承認"], "role": "propose"}})
    made = both.with_levers("there")
    assert made.spec.sources["紹介"].to.other == "提案"
    assert any("the first in line is taken, 提案" in said for said in made.warnings)


def test_names_in_values(put: Put) -> None:
    put(
        "rules",
        "change:\n"
        "  teams.field_sales.queue.first: {append: {segment: key, stage: [meet, propose], source: referral}}\n"
        "  stages.discover.otherwise: {contact: 1, no_need: 2}\n"
        "  stages.negotiate.convert: {key: {odds: 2}}\n"
        "  limits: {append: {stages: [meet, discover], wip: 40}}\n"
        "  phases: {append: {from: 2026-06-01, change: {teams.customer_success.headcount: 3}}}\n",
    )
    document = line().with_levers("rules").document
    expected = [{"segment": "大口", "stage": ["訪問", "提案"], "source": "紹介"}]
    assert document["teams"]["東FS"]["queue"]["first"] == expected
    assert document["stages"]["ヒアリング"]["otherwise"] == {"架電": 1, "no_need": 2}
    assert document["stages"]["条件交渉"]["convert"] == {"大口": pytest.approx(8 / 9), "else": 0.8}
    assert document["limits"] == [{"stages": ["訪問", "ヒアリング"], "wip": 40}]
    assert document["phases"][0]["change"] == {"teams.CSM.headcount": 3}


def test_what_is_needed_is_asked_for(put: Put) -> None:
    put(
        "demo", "needs: [stages.demo, sources.chat, customers.churn]\nchange: {stages.*.effort: {multiply: 0.9}}\n"
    )
    said = refused("demo")
    assert (
        "lever demo needs stages.demo: no stage here has the role demo; write `role: demo` in one of 選別, 架電"
        in said
    )
    assert "write `role: chat` in one of 展示会, 紹介" in said
    assert "lever demo needs customers.churn: this line has no customers.churn" in said


def test_an_entry_is_made_only_if_it_is_listed(put: Put) -> None:
    put("help", "change: {teams.outsourced: {headcount: 4, queue: fifo}}\n")
    assert "write `adds: [teams.outsourced]`" in refused("help")
    put("help", "change:\n  teams:\n    outsourced: {headcount: 4, queue: fifo}\n")
    assert "lever help: teams.outsourced: there is no team 'outsourced' here" in refused("help")
    put(
        "help",
        "adds: [teams.outsourced]\nwhole: [stages.contact.team]\n"
        "change: {teams.outsourced: {headcount: 4}, stages.contact.team: {append: outsourced}}\n",
    )
    made = line().with_levers("help")
    team = made.spec.teams["outsourced"]
    assert team.headcount.first == 4
    assert team.cost.salary == line().spec.teams["CSM"].cost.salary  # the line's own defaults lie under it
    assert made.document["stages"]["架電"]["team"] == {
        "大口": ["東IS", "outsourced"],
        "else": ["西IS", "outsourced"],
    }
    assert line().with_levers("help@0.5").spec.teams["outsourced"].headcount.first == 2
    assert "this line has one of that name" in refused("help", made)


def test_what_may_be_there(put: Put) -> None:
    put(
        "rework",
        "change: {stages.propose.effort: {multiply: 0.5}}\n"
        "if_present: {stages.demo.effort: {multiply: 0.5}, stages.negotiate.effort: {multiply: 0.5}}\n",
    )
    made = line().with_levers("rework@0.5")
    assert effort(made, "条件交渉") == "2.25 h"
    assert [said for said in made.warnings if "left out" in said] == [
        "lever rework: left out, since no stage here has the role demo: stages.demo.effort"
    ]


def test_doses(put: Put) -> None:
    put(
        "tool",
        "dose: {is: adoption x depth, default: 0.6}\n"
        "change: {stages.propose.effort: {multiply: 0.5}}\ncosts: {tool: 10_000 / mo}\n",
    )
    made = line().with_levers("tool")
    assert effort(made, "提案") == "4.2 h"
    assert made.laid == ("lever tool@0.6",)
    assert dict(made.spec.costs)["tool"].amount == 10_000
    assert line().with_levers("tool＠０．６").laid == made.laid
    assert "`0 <= dose <= 1` must hold, but got (tool@1.2); 1 is the whole of it" in refused("tool@1.2")
    assert "found 'tool@-1'; a dose is no less than 0" in refused("tool@-1")
    put(
        "hire",
        "dose: {is: people, least: 1, most: 3}\n"
        "change: {teams.customer_success.headcount: {add: 1}}\ncosts: {seat: 5 / mo}\n",
    )
    assert line().with_levers("hire@3").spec.teams["CSM"].headcount.first == 5
    assert dict(line().with_levers("hire@3").spec.costs)["seat"].amount == 15
    assert "`1 <= dose <= 3` must hold, but got (hire@4); it is how many people" in refused("hire@4")
    assert "the dose comes last: write hire:CSM@2" in refused("hire@2:CSM")
    assert line().with_levers("hire@1.5").spec.teams["CSM"].headcount.first == 3.5
    assert "in whole or half people, found hire@1.3" in refused("hire@1.3")
    put("rule", "whole: [teams.*.queue]\nchange: {teams.*.queue: fifo, stages.propose.effort: {multiply: 0.5}}\n")
    assert (
        line().with_levers("rule@0.5").spec.teams["CSM"].queue
        == line().change({"teams.*.queue": "fifo"}).spec.teams["CSM"].queue
    )


def test_costs_at_a_path(put: Put) -> None:
    put(
        "seat",
        "change: {stages.propose.effort: {multiply: 0.5}}\n"
        "costs: {teams.customer_success.cost.salary: {add: 600 / y}}\n",
    )
    before, after = (each.spec.teams["CSM"].cost.salary for each in (line(), line().with_levers("seat@0.2")))
    assert (before.amount, after.amount) == (6_000_000, 6_000_600)


def test_what_has_no_effect_is_told_and_nothing_at_all_is_refused(put: Put) -> None:
    put("rule", "change: {teams.customer_success.queue: due, stages.propose.convert: 0.5}\n")
    said = refused("rule")
    assert "lever rule changes nothing on this line" in said
    assert "stages.提案.convert: no effect on this line, where it is 0.5 already" in said
    put("rule", "change: {teams.customer_success.headcount: 3, stages.propose.convert: 0.5}\n")
    assert any("where it is 0.5 already" in told for told in line().with_levers("rule").warnings)


@pytest.mark.parametrize(
    "body",
    [
        "change: {}\n",
        "change: {stages.*.patience: null}\n",
        "change: {}\nif_present: {stages.demo.effort: {multiply: 2}}\n",
    ],
)
def test_a_lever_that_does_nothing_is_refused_in_words(put: Put, body: str) -> None:
    put("empty", body)
    assert "lever empty changes nothing on this line" in refused("empty")


def test_a_lever_may_only_cost(put: Put) -> None:
    put("fee", "change: {}\ncosts: {fee: 5 / mo}\n")
    assert dict(line().with_levers("fee").spec.costs)["fee"].amount == 5


def test_one_side_only(put: Put) -> None:
    put(
        "kpi",
        "assumes: {stages.close.quality_weight: {en: closing does not look at quality here, ja: 品質を見ない}}\n"
        "change: {stages.qualify|contact.convert: {odds: 3}}\n",
    )
    made = line().with_levers("kpi")
    sentence = "lever kpi: closing does not look at quality here"
    assert made.cautions == (sentence,)
    assert sentence in made.warnings
    looks = line().change({"stages.受注.quality_weight": 0.5})
    assert looks.with_levers("kpi").cautions == ()
    one, other = (fs.simulate(each, replications=2, engine="simpy") for each in (made, looks.with_levers("kpi")))
    assert f"One side only: {sentence}." in one.verdict
    assert "One side only" not in other.verdict
    compared = fs.compare({"as it is": line(), "kpi": made}, replications=2, engine="simpy")
    assert any(sentence in said for said in compared.sentences)


def test_one_side_only_of_a_lever_in_a_phase(put: Put) -> None:
    put("kpi", "assumes: {stages.close.quality_weight: looks}\nchange: {stages.close.sla: 5 d}\n")
    phases = [
        {"from": "2026-07-01", "to": "2026-09-01", "levers": ["kpi"]},
        {"from": "2026-10-01", "levers": ["kpi"]},
    ]
    made = line(phases=phases)
    assert made.cautions == ("lever kpi: looks",)
    assert "One side only: lever kpi: looks." in fs.simulate(made, replications=1, engine="simpy").verdict
    looks = {**NINE["stages"], "受注": {**NINE["stages"]["受注"], "quality_weight": 0.5}}
    assert line(phases=phases, stages=looks).cautions == ()
    assert made.change({"phases": None}).cautions == ()


def test_each_sentence_stands_for_its_own_properties(put: Put) -> None:
    put(
        "kpi",
        "assumes: {stages.close.quality_weight: looks, stages.close.patience: leaves,"
        " stages.close.timeout: leaves}\n"
        "change: {stages.close.sla: 5 d}\n",
    )
    closing = dict(NINE["stages"]["受注"])
    for more, said in (
        ({}, ["looks", "leaves"]),
        ({"quality_weight": 0.5}, ["leaves"]),
        ({"patience": "9 d"}, ["looks"]),
        ({"timeout": "9 d", "quality_weight": 0.5}, []),
    ):
        stages = {**NINE["stages"], "受注": {**closing, **more}}
        assert line(stages=stages).with_levers("kpi").cautions == tuple(f"lever kpi: {each}" for each in said)


def test_the_title_is_told(put: Put) -> None:
    put(
        "tool",
        "title: {en: A tool for quotes, ja: 見積の道具}\nchange: {stages.propose.effort: {multiply: 0.5}}\n",
    )
    assert line().with_levers("tool").laid == ("lever tool: A tool for quotes",)


def test_in_a_file_of_one_s_own_a_name_comes_first(tmp_path: Path) -> None:
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "own.yaml").write_text(
        "lever: own\nchange: {stages.meet.effort: 1 h, stages.close.sla: 1 d}\n"
    )
    stages = {**NINE["stages"], "meet": {"team": "CSM", "effort": "3 h"}}
    made = fs.Scenario.from_dict({**NINE, "stages": stages}, folder=tmp_path).with_levers("own")
    assert (effort(made, "meet"), effort(made, "訪問")) == ("1 h", "2 h")
    assert made.spec.stages["受注"].sla.other is not None  # no stage is called close, and this one is it


@pytest.mark.parametrize(
    "what", ["title: {fr: Un outil}", "adds: [outsourced]", "dose: {least: 2}", "dose: {most: 3}"]
)
def test_lever_files_that_are_wrong(put: Put, what: str) -> None:
    put("wrong", f"{what}\nchange: {{stages.propose.effort: 1 h}}\n")
    assert "wrong.yaml:2" in refused("wrong")


def test_two_words_for_one_stage_are_told(put: Put) -> None:
    put("both", "change: {stages.propose.effort: {multiply: 0.5}, stages.negotiate.effort: {multiply: 0.5}}\n")
    made = line().change({"stages.提案.role": ["propose", "negotiate"]}).with_levers("both")
    said = (
        "stages.propose.effort and stages.negotiate.effort are both stages.提案.effort here, and only the latter"
    )
    assert any(said in text for text in made.warnings)
