"""Values that are allowed but can hardly be meant are told in words; others pass without one."""

# ruff: noqa: E501

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.scenario.checking.doubtful import BOUNDS, middle, times
from funnelsim.scenario.forms.slips import neighbour, slip
from funnelsim.scenario.reading import library

ROOT = Path(__file__).parents[2]

PLAIN: dict[str, Any] = {
    "horizon": "2 y",
    "currency": "JPY",
    "segments": {"法人": {"value": {"dist": "lognormal", "median": 3_600_000, "sigma": 0.8}}},
    "sources": {"web": {"rate": "200 / mo", "cost": 15_000}},
    "teams": {
        "desk": {"headcount": 8, "queue": "fifo", "attrition": 0.15, "cost": {"salary": "6_500_000 / y"}},
        "field": {"headcount": 6, "queue": "fifo", "skill": {"mean": 0.2, "sd": 0.4}, "cost": {"salary": "9_000_000 / y"}},
    },
    "stages": {
        "call": {"team": "desk", "effort": "10 min", "touches": 5, "gap": "1 d", "convert": 0.22, "otherwise": "断り"},
        "育成": {"aside": True, "decision": "30 d"},
        "propose": {"team": "field", "effort": "4 h", "decision": "21 d", "convert": 0.3, "quality_weight": 1.0},
    },
    "customers": {"team": "desk", "churn": "0.01 / mo", "expansion": {"rate": "0.2 / y"}, "care": {"every": "1 mo", "effort": "1 h"}},
}  # fmt: skip
OTHERWISE = ("stages.育成: nothing leads to this stage",)


def warned(changes: dict[str, Any]) -> list[str]:
    base = fs.Scenario.from_dict(PLAIN)
    known = set(base.warnings)
    return [text for text in base.change(changes).warnings if text not in known]


SLIPS = [
    ({"teams.desk.attrition": 15}, "teams.desk.attrition: 15 a year: each seat is left fifteen times; did you mean 15 %?"),
    ({"customers.churn": "12 / y"}, "customers.churn: 12 / y: a customer stays for a month on average; did you mean 12 % / y?"),
    ({"customers.churn": {"法人": "2 / mo"}}, "a customer stays for 15.2 days on average; did you mean 2 % / mo?"),
    ({"segments.法人.value": {"dist": "lognormal", "median": 3.6, "sigma": 0.8}},
     "segments.法人.value: a deal is worth 3.6, and a year of one person in desk costs 6,500,000, as much as 1,805,556 deals"),
    ({"teams.desk.cost.salary": "65 / y", "teams.field.cost.salary": "90 / y"}, "as much as 40,000 years"),
    ({"teams.field.cost.salary": "9_000_000 / mo"}, "costs 108,000,000 JPY a year; did you mean 9,000,000 / y?"),
    ({"currency": "USD", "exchange.JPY": 1}, "9,000,000 USD a year; is the currency right?"),
    ({"currency": "$", "exchange.JPY": 1}, "9,000,000 $ a year; is the currency right?"),
    ({"currency": "円", "teams.field.cost.salary": "9_000_000 / mo"}, "costs 108,000,000 円 a year; did you mean 9,000,000 / y?"),
    ({"teams.desk.ramp": [0, 0.5, 1]}, "teams.desk.ramp: 0 in the first month: a new rep takes leads all the same, and gets nothing done"),
    ({"teams.desk.ramp": [0, 0, 1]}, "teams.desk.ramp: 0 in the first 2 months"),
    ({"sources.web.cost": 4_000_000}, "sources.web.cost: each lead costs 4,000,000, more than a deal is worth (3,600,000)"),
    ({"sources.web.rate": "10 / y"}, "sources: about 10 leads a year come, for 14 people"),
    ({"stages.call.otherwise": "育て"}, "stages.call.otherwise: '育て' is taken for a reason of loss; did you mean '育成'?"),
    ({"stages.call.otherwise": "prpose"}, "did you mean 'propose'?"),
    ({"sources.web.growth": 20}, "sources.web.growth: 20: the leads become 21 times as many each year; did you mean 20 %?"),
    ({"teams.desk.selling_share": "0.45 %"}, "people sell in 0.45 %; did you mean 0.45?"),
    ({"gross_margin": "0.8 %"}, "gross_margin: 0.008: what is left of revenue is 0.8 %; did you mean 0.8?"),
    ({"stages.propose.effort": "200 h"}, "stages.propose.effort: 200 h of work for each touch"),
    ({"stages.propose.effort": {"dist": "exponential", "mean": "300 h"}}, "300 h of work for each touch"),
    ({"stages.call.touches": 150}, "150 touches of each lead"),
    ({"stages.propose.quality_weight": 12}, "12: a standard deviation of quality multiplies the odds of advancing by 162,755"),
    ({"teams.field.skill.mean": 20}, "20: such a skill multiplies the odds of advancing by 485,165,195"),
    ({"stages.call.lift": 20}, "20: the odds are multiplied by that; 20 % more is 1.2"),
    ({"stages.propose.decision": {"dist": "lognormal", "median": "21 d", "sigma": 7}}, "the mean is 43,"),
    ({"teams.desk.absence.days": 240}, "240 days off a year for each person"),
    ({"teams.desk.cost.commission.rate": 0.9}, "0.9 of each deal"),
    ({"customers.expansion.rate": "25 / y"}, "25 / y: each customer makes 25 expansion leads a year"),
    ({"warmup": "18 mo"}, "warmup: 18 mo of 2 y are not counted, which is more than half"),
    ({"horizon": "20 d"}, "horizon: a lead needs about 25 days to be won, and all ends after 20 d"),
    ({"phases": [{"from": "2026-07-01", "change": {"teams.desk.attrition": 15}}]}, "each seat is left fifteen times"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "said"), SLIPS, ids=[said[:40] for _, said in SLIPS])
def test_slips_are_told(changes: dict[str, Any], said: str) -> None:
    texts = warned(changes)
    assert any(said in text for text in texts), texts
    assert len(texts) <= 2


def test_every_bound_is_tried() -> None:
    """Each path of the table has a value above, so that none is told in words that nobody read."""
    tried = {
        re.sub(r"\.(desk|field|web|call|propose|法人)\.", ".*.", path)
        for change, _ in SLIPS
        for path in change  # type: ignore[attr-defined]
    }
    rare = {"sources.*.effort", "stages.*.gap", "stages.*.decision.advanced", "stages.*.decision.lost", "customers.care.effort",
            "customers.referral.rate", "customers.complaint.rate", "teams.*.ramp.time", "teams.*.speed.mean", "teams.*.skill.sd"}  # fmt: skip
    assert {bound.path for bound in BOUNDS} <= tried | rare
    for path, value in {
        "customers.care.effort": "300 h", "customers.referral.rate": "9 / y", "customers.complaint.rate": "2 / w",
        "teams.desk.speed.mean": 40, "teams.desk.skill.sd": 9,
        "stages.call.gap": {"dist": "lognormal", "median": "1 d", "sigma": 4},
    }.items():  # fmt: skip
        assert any(text.startswith(f"{path}: ") for text in warned({path: value})), path
    assert (
        "6 y until new people work at full speed" in warned({"teams.desk.ramp": {"start": 0.3, "time": "6 y"}})[0]
    )


SOUND = [
    {"teams.desk.attrition": 1.2},
    {"customers.churn": "15 % / mo"},
    {"segments.法人.value": 3_600, "sources.web.cost": 100},
    {"teams.field.cost.salary": "900_000 / mo"},
    {"stages.call.otherwise": "失注"},
    {"stages.call.otherwise": "no_decision"},
    {"stages.call.otherwise": {"断り": 1, "連絡なし": 2}},
    {"warmup": "1 y"},
    {"stages.propose.effort": "100 h"},
    {"opening": {"leads": {"propose": 4}}, "sources.web.rate": "0 / d"},
    {"sources.web.rate": "2 / mo"},
    {"horizon": "2 mo"},
]


@pytest.mark.parametrize("changes", SOUND, ids=str)
def test_what_a_company_may_have_passes(changes: dict[str, Any]) -> None:
    assert warned(changes) == []


def test_the_plain_company_has_no_other_warning() -> None:
    assert all(text.startswith(OTHERWISE) for text in fs.Scenario.from_dict(PLAIN).warnings)


@pytest.mark.parametrize("template", [each.name for each in library.templates()])
def test_what_is_shipped_passes(template: str) -> None:
    assert fs.load(library.template(template)).warnings == ()


def test_levers_of_the_library_say_nothing_where_all_they_speak_of_is_there() -> None:
    """Designs say what they average, and which handoffs there are no longer."""
    scenario = fs.load(library.template("mid_market"))
    divided = {"territories": {"east": 0.6, "west": 0.4}, "teams.field_sales.serves": {"east": 2, "west": 1}}
    small = {"segments": {"small": {"share": 1, "value": 5_000}}}
    later = {"sources.web.readiness": {"later": 0.5, "time": "3 mo"}, "stages.contact.unready": {"later": 0.3}}
    lines = {
        "even_territories": scenario.change(divided),
        "self_serve": scenario.change(small),
        "nurture_automation": scenario.change(later),
    }
    unused = {
        "expansion_to_inside": ("stages.upsell: nothing leads to this stage beside the line",),
        "skip_nurture": ("stages.nurture: nothing leads to this stage beside the line",),
    }
    names = [lever.name for lever in library.levers() if not lever.name.startswith("design_")]
    said = {name: lines.get(name, scenario).with_levers(name).warnings for name in names}
    assert said == dict.fromkeys(names, ()) | unused


EXPECTED_OF_FLIPS = {
    "W-dated-outside",
    "W-dated-warmup",
    "W-key-idle",
    "W-lever-idle",
    "W-lever-left-out",
    "W-lever-one-sided",
    "W-number-rounded",
    "W-quota-missing",
    "W-quota-period",
    "W-serves-divided",
    "W-stage-unreached",
    "W-team-averaged",
}


def test_studies_and_examples_of_the_documentation_pass() -> None:
    for path in sorted((ROOT / "studies").glob("*.yaml")):
        study = fs.load_study(path)
        codes = {said.code for arm in study.arms.values() for said in arm.warnings}
        flips = any(each.flip for each in study.spec.predicts)  # which take away what a lever acts on
        assert path.stem == "designs" or codes <= (EXPECTED_OF_FLIPS if flips else set()), path
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for text in re.findall(r"^```yaml\n(.*?)^```$", page.read_text(encoding="utf-8"), flags=re.M | re.S):
            try:
                scenario = fs.Scenario.from_text(text, ROOT / "scenarios")
            except fs.ScenarioError:  # a part of a scenario, or a study
                continue
            assert not scenario.warnings, page


def test_numbers_in_words() -> None:
    assert [times(number) for number in (1, 2, 3, 15, 21, 2.5)] == [
        "once", "twice", "three times", "fifteen times", "21 times", "2.5 times"
    ]  # fmt: skip


def test_the_middle_of_a_distribution_is_near_its_mean() -> None:
    """Bounds are wide, so about is enough; what is known only from a table has none."""
    from funnelsim.model.numbers.distributions import mean
    from funnelsim.scenario.language.fields import NumberDist

    form = NumberDist.__metadata__[0]  # type: ignore[attr-defined]
    for raw in (
        5, {"dist": "exponential", "mean": 5}, {"dist": "lognormal", "mean": 5, "cv": 1}, {"dist": "uniform", "low": 2, "high": 9},
        {"dist": "triangular", "low": 1, "mode": 3, "high": 9}, {"dist": "erlang", "mean": 4, "k": 3, "times": 3},
        {"dist": "empirical", "values": [1, 2, 9]}, {"dist": "gamma", "mean": 3, "cv": 2, "multiply": 2},
    ):  # fmt: skip
        dist = form.read(raw, None)
        assert middle(dist) == pytest.approx(mean(dist), rel=0.05)
    assert middle(form.read({"dist": "pareto", "b": 3}, None)) is None


@pytest.mark.parametrize(
    ("name", "known", "close"),
    [
        ("prpose", "propose", True), ("proposee", "propose", True), ("porpose", "propose", True), ("propesa", "propose", False),
        ("team_a", "team_b", False), ("web2", "web", False), ("is", "fs", False), ("Propose", "propose", True),
        ("east 1", "east 2", False), ("no_decision", "decision", False),
    ],
)  # fmt: skip
def test_slips(name: str, known: str, close: bool) -> None:
    assert (slip(name, [known]) is not None) is close
    assert (neighbour(name, [known]) is not None) is close


@pytest.mark.parametrize(
    ("name", "known", "close"),
    [
        ("育て", "育成", True),
        ("失注", "受注", False),
        ("第一部", "第二部", False),
        ("商談中", "商談", True),
        ("断り", "育成", False),
    ],
)
def test_neighbours_in_other_scripts(name: str, known: str, close: bool) -> None:
    assert (neighbour(name, [known]) is not None) is close
