"""Levers of the library: each fits lines that are called otherwise, and keeps what is the user's."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.cli.levers import levers
from funnelsim.errors import ScenarioError
from funnelsim.experiments.comparison.judging import judge
from funnelsim.experiments.comparison.result import Comparison
from funnelsim.experiments.statistics.paired import Verdict
from funnelsim.model.records import Records
from funnelsim.scenario.changing import levers as files
from funnelsim.scenario.language.lever import LEVER_GROUPS
from funnelsim.scenario.language.texts import LANGUAGES
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

REGIONS: dict[str, Any] = {
    "territories": {"east": 0.7, "west": 0.3},
    "teams.field_sales.serves": {"east": 2, "west": 2},
}
"""Territories of the mid-market company, for the levers that need some."""

SMALL: dict[str, Any] = {"segments": {"small": {"share": 1, "value": 5_000}}}
"""Small customers of the mid-market company, for the levers that need some."""

READY: dict[str, Any] = {
    "sources.web.readiness": {"later": 0.5, "never": 0.2, "time": "3 mo"},
    "stages.contact.unready": {"later": 0.3, "never": 0.1},
}
"""Leads of the mid-market company that are not ready, for a lever that keeps them warm."""

EXTRAS = {"territories": REGIONS, "segments.small": SMALL, "sources.inbound.readiness": READY}
"""What is added to the mid-market company by what a lever needs or assumes."""

LATE = {
    **dict.fromkeys(("disruption", "keep_people", "onboarding_programme", "selective_hiring"), "6 mo"),
    **dict.fromkeys(("faster_hiring", "new_segment", "yearly_quota"), "8 mo"),
    **dict.fromkeys(("accelerator", "quota_up"), "3 y"),
}
"""How long a run must be to see what levers do that act later than most."""

UNFIT = {
    "nine": {
        "answer_next_day": "`role: inbound`",
        "speed_to_lead": "`role: inbound`",
        "crm": "stages.訪問.handoff",
        "handoff_joint": "stages.訪問.handoff",
        "handoff_notes": "stages.訪問.handoff",
        "discount_limit": "stages.条件交渉.concessions.discount",
        "kpi_retention": "write it, such as complaint: {rate: 0.5 / y,",
        "even_territories": "this line has no territories; write it, such as territories: {east: 0.6",
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
        "even_territories": "this line has no territories; write it, such as territories: {east: 0.6",
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
    assert lever.needs


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("where", LINES)
def test_a_lever_fits_another_line_or_says_what_to_add(name: str, where: str) -> None:
    refused = refusal(name, where)
    assert UNFIT[where].get(name, "") in refused
    if refused:
        helps = (f"lever {name} needs ", f"--lever {name}:", "(nothing of this lever applies here: ")
        assert all(any(help_ in each for help_ in helps) for each in refused.splitlines())
    else:
        assert name not in UNFIT[where]
        assert line(where).with_levers(name).fingerprint != line(where).fingerprint


def refusal(name: str, where: str) -> str:
    """Why a lever is refused on a line; empty if it fits."""
    try:
        line(where).with_levers(name)
    except ScenarioError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("where", "least"), [("nine", 50), ("four", 55)])
def test_most_levers_fit(where: str, least: int) -> None:
    """Other lines lack a source or care for customers; what they have is found."""
    assert sum(not refusal(name, where) for name in SHIPPED) >= least


def run(scenario: fs.Scenario, horizon: str) -> Records:
    short = scenario.change({"horizon": horizon, "warmup": "1 w"})
    return fs.simulate(short, replications=1, seed=5).replicates[0]


def needed(name: str) -> str:
    """What a lever needs that the mid-market company does not have."""
    lever = files.find(name, None).lever
    return next((what for what in EXTRAS if what in lever.needs or what in lever.assumes), "")


def ground(what: str) -> fs.Scenario:
    """The company on which levers are tried, with what some need besides."""
    return line("mid_market").change(EXTRAS[what]) if what else line("mid_market")


@cache
def base(what: str, horizon: str) -> str:
    return digest(run(ground(what), horizon))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_lever_moves_a_record(name: str) -> None:
    horizon = LATE.get(name, "3 mo")
    assert digest(run(ground(needed(name)).with_levers(name), horizon)) != base(needed(name), horizon)


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


def listing() -> tuple[fs.Scenario, dict[str, list[Any]], list[str]]:
    """A company with lists of its own, what stands in them under each lever, and the levers that add to them."""
    ground = line("mid_market").change(
        {
            **REGIONS,
            **SMALL,
            "phases": [{"from": "2027-01-01", "change": {"teams.field_sales.headcount": {"add": 1}}}],
            "limits": [{"stages": ["demo"], "wip": 500}],
            "teams.inside_sales.queue.first": {"source": "web"},
        }
    )
    alone = {name: own(ground.with_levers(name).document) for name in SHIPPED}
    return ground, alone, [name for name in SHIPPED if len(alone[name]) > len(own(ground.document))]


@pytest.mark.parametrize("partners", [2, pytest.param(len(SHIPPED), marks=pytest.mark.slow)])
def test_two_levers_keep_what_each_other_and_the_user_wrote(partners: int) -> None:
    """Those that add to lists, each with the next ones in the order of the library; the slow test with all."""
    ground, alone, adding = listing()
    assert len(adding) >= 20
    for one in adding:
        start = SHIPPED.index(one) + 1
        for other in [SHIPPED[(start + step) % len(SHIPPED)] for step in range(min(partners, len(SHIPPED) - 1))]:
            design = any(name.startswith("design_") for name in (one, other))
            for order in ((one, other), (other, one)):
                try:
                    both = own(ground.with_levers(*order).document)
                except (
                    ScenarioError
                ):  # some exclude each other, and under a design some lack the teams they speak of
                    assert design or set(files.find(one, None).lever.one_of) & set(
                        files.find(other, None).lever.one_of
                    )
                    continue
                if design:  # under it a role means another team, so that entries name others
                    assert len(both) >= len(alone[one]) + len(alone[other]) - len(own(ground.document)), order
                    continue
                assert all(each in both for each in (*alone[one], *alone[other])), order


def test_two_of_one_kind_are_refused() -> None:
    """Each two levers with a word of `one_of` in common; and no word stands alone, which would be a slip."""
    kinds: dict[str, list[str]] = {}
    for name in SHIPPED:
        for word in files.find(name, None).lever.one_of:
            kinds.setdefault(word, []).append(name)
    assert len(kinds) >= 10
    for word, names in kinds.items():
        assert len(names) > 1, word
        for one in names:
            for other in names:
                if one != other:
                    with pytest.raises(
                        ScenarioError, match=f"lever {other} excludes {one}, .* one {word} at a time"
                    ):
                        ground(needed(one) + needed(other)).with_levers(one, other)


@pytest.mark.parametrize("name", [name for name in SHIPPED if files.find(name, None).lever.adds])
def test_an_entry_is_made_once(name: str) -> None:
    twice = ground(needed(name)).with_levers(name)
    with pytest.raises(ScenarioError, match="has one of that name"):
        twice.with_levers(name)


@pytest.mark.parametrize("dose", [1, 2, 7])
def test_a_hire_is_so_many_people(dose: int) -> None:
    before, after = line("reference"), line("reference").with_levers(f"hire_field@{dose}")
    assert (
        after.spec.teams["field_sales"].headcount.first - before.spec.teams["field_sales"].headcount.first == dose
    )
    assert len(run(after, "3 mo").reps.team) - len(run(before, "3 mo").reps.team) == dose


ASSUMED = [
    (name, sentence)
    for name in SHIPPED
    for sentence in dict.fromkeys(each["en"] for each in files.find(name, None).lever.assumes.values())
]
"""What levers say where a property that they assume is not used on a line."""


IDLE_WITHOUT = (
    "cpq",
    "mobile_app",
    "order_automation",
    "task_tool",
    "workflow_field",
    "workflow_inside",
    "workflow_success",
)
"""Levers that can do nothing at all without what they assume."""


def paths_of(name: str, sentence: str) -> list[str]:
    return [path for path, each in files.find(name, None).lever.assumes.items() if each["en"] == sentence]


def without(paths: list[str], ground: fs.Scenario, folder: Path) -> fs.Scenario:
    """A company without some properties, which are named as levers name them."""
    lever = {"lever": "stripped", "change": dict.fromkeys(paths)}
    (folder / "stripped.yaml").write_text(json.dumps(lever), encoding="utf-8")
    stripped = ground.with_levers(str(folder / "stripped.yaml"))
    return stripped.change({"horizon": "3 mo", "warmup": "1 w"})


@pytest.mark.parametrize(("name", "sentence"), ASSUMED)
def test_where_one_side_is_missing_it_is_said(
    name: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = paths_of(name, sentence)
    full = ground(needed(name))
    stripped = without(paths, full, tmp_path)
    if name in IDLE_WITHOUT:
        with pytest.raises(ScenarioError, match=sentence):
            stripped.with_levers(name)
        return
    made = stripped.with_levers(name)
    said = f"lever {name}: {sentence}"
    assert said in made.cautions
    assert full.with_levers(name).cautions == ()
    for each in paths if len(paths) > 1 else ():
        assert said not in without([each], full, tmp_path).with_levers(name).cautions, each
    assert f"One side only: {said}." in fs.simulate(made, replications=1).verdict
    compared = fs.compare({"as it is": stripped, name: made}, kpis=["created"], replications=2)
    assert f"{name} shows one side only: {said}." in compared.sentences
    (tmp_path / "line.json").write_text(json.dumps(stripped.document), encoding="utf-8")
    levers(name, str(tmp_path / "line.json"), None, json=False)
    assert f"It fits, but one side is missing: {sentence}" in " ".join(capsys.readouterr().out.split())


def test_the_list_says_where_one_side_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    """The reference company has its effects off, so that levers which touch these show one side there."""
    levers(None, "reference", None, json=True)
    listed = json.loads(capsys.readouterr().out)["levers"]
    sides = {each["name"]: each["one_sided"] for each in listed if each["fits"]}
    effects = ("quality", "context", "lost in a handoff", "cool", "many open deals", "care does", "differ")
    for name, sentence in ASSUMED:
        if name in sides and any(effect in sentence for effect in effects):
            assert sentence in sides[name], name
    levers(None, "mid_market", None, json=True)
    told = {each["name"] for each in json.loads(capsys.readouterr().out)["levers"] if each["one_sided"]}
    assert told == {"nurture_automation"}  # its leads are all ready


EXPECTED = [(name, index) for name in SHIPPED for index in range(len(files.find(name, None).lever.expect))]

REPLICATIONS = 60
"""With so many of each, what is expected lies several standard errors from what is not."""


def row_of(name: str, index: int) -> Any:
    return files.find(name, None).lever.expect[index]


def condition(at: Any) -> str:
    return json.dumps(plain(at), sort_keys=True)


@cache
def compared(at: str) -> Comparison:
    """All levers of which something is expected under a condition, on the same replications."""
    under = line("mid_market").change(json.loads(at)) if at != "{}" else line("mid_market")
    rows = [(name, row_of(name, index)) for name, index in EXPECTED]
    asked = [(name, row.kpi) for name, row in rows if condition(row.at) == at]
    arms = {"base": under, **{name: under.with_levers(name) for name, _ in asked}}
    kpis = list(dict.fromkeys(kpi for _, kpi in asked))
    return fs.compare(arms, kpis=kpis, replications=REPLICATIONS, seed=11, indifference=0.02)


@pytest.mark.parametrize(
    "name", [name for name in SHIPPED if not name.startswith("design_")]
)  # studies/designs.yaml
def test_what_is_expected_has_a_flip(name: str) -> None:
    """Under another condition the effect is reversed or gone."""
    rows = files.find(name, None).lever.expect
    ways: dict[str, set[str]] = {}
    for row in rows:
        assert set(row.because) == set(LANGUAGES)
        ways.setdefault(row.kpi, set()).add(row.expect)
    assert any(len(each) > 1 for each in ways.values())


@pytest.mark.slow
@pytest.mark.parametrize(("name", "index"), EXPECTED)
def test_what_is_expected_comes_true(name: str, index: int) -> None:
    """On the mid-market company, by a paired interval of 95 % for each row."""
    row = row_of(name, index)
    found = compared(condition(row.at))
    pair = [arm for arm in found.arms if arm.name in ("base", name)]
    (finding,) = judge(pair, replace(found.question, kpis=(row.kpi,)))
    if row.expect == "same" and finding.verdict is Verdict.STEADY:  # it differs in no replication
        assert finding.difference.mean == 0
        return
    wanted = {"up": Verdict.MORE, "down": Verdict.LESS, "same": Verdict.SAME}[row.expect]
    assert finding.verdict is wanted, (finding.share, finding.low, finding.high, finding.base.mean)
