"""Levers that are laid twice, at dose 0, in phases, and where they do not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.errors import ScenarioError

from .test_levers_by_role import Put, line, put, refused

__all__ = ["put"]


TOOL = (
    "dose: {is: adoption, default: 0.5}\n"
    "costs: {tool: 100 / mo}\n"
    "change: {stages.propose.effort: {multiply: 0.5}}\n"
)
HIRE = "dose: {is: people, least: 1, most: 5, default: 1}\nchange: {teams.customer_success.headcount: {add: 1}}\n"


def test_a_lever_that_is_laid_twice_is_told(put: Put) -> None:
    put("tool", TOOL)
    put("hire", HIRE)
    for made, by in (
        (line(levers=["tool"]).with_levers("tool"), " (by levers.0)"),
        (line().with_levers("tool").with_levers("tool@1"), ""),
    ):
        assert f"lever tool is laid over this line already{by}, and acts and is paid twice" in made.warnings
    twice = line().with_levers("hire", "hire")
    assert (twice.spec.teams["CSM"].headcount.first, twice.warnings) == (4, line().warnings)


def test_a_lever_stands_once_in_a_list(put: Put) -> None:
    put("tool", TOOL)
    for levers in (["tool", "tool"], ["tool", "tool@1"]):
        with pytest.raises(
            ScenarioError, match=r"levers\.1: lever tool stands twice, and would act and be paid twice"
        ):
            line(levers=levers)
    put("faster", "change: {teams.field_sales.speed: {multiply: 2}}\n")
    apart = line().with_levers("faster:東FS", "faster:西FS")
    assert not any("already" in said for said in apart.warnings)
    both = line().with_levers("faster", "faster:西FS")
    assert "lever faster is laid over this line already, and acts twice" in both.warnings


def test_phases_that_lay_a_lever_over_itself(put: Put) -> None:
    put("tool", TOOL)
    first = {"from": "3 mo", "to": "6 mo", "levers": ["tool"]}
    said = (
        "phases.1.levers.0: lever tool is laid over this line already (by phases.0.levers.0), "
        "and acts and is paid twice"
    )
    made = line(phases=[first, {"from": "4 mo", "levers": ["tool"]}])
    assert made.warnings.count(said) == 1
    apart = line(phases=[first, {"from": "6 mo", "levers": ["tool"]}])
    assert not any("already" in text for text in apart.warnings)
    assert any("(by levers.0)" in text for text in line(phases=[first], levers=["tool"]).warnings)


def test_at_dose_0_nothing_is_laid_and_nothing_is_paid(put: Put) -> None:
    put("tool", TOOL)
    made = line().with_levers("tool@0")
    assert made.fingerprint == line().fingerprint
    assert made.laid == ()
    assert "lever tool at dose 0: left out, and so are its costs" in made.warnings


def test_a_lever_of_a_phase_that_does_not_fit_is_told_where_it_is_asked_for(put: Put, tmp_path: Path) -> None:
    put("hire", "change: {teams.field_sales.headcount: {add: 1}}\n")
    file = tmp_path / "own.yaml"
    file.write_text(
        "funnelsim: 1\nname: own\nhorizon: 1 y\nsources: {web: {rate: 1 / d}}\n"
        "teams:\n  a: {headcount: 1, queue: fifo, role: field_sales}\n"
        "  b: {headcount: 1, queue: fifo, role: field_sales}\n"
        "stages:\n  x: {team: a, effort: 1 h, convert: 2}\n  y: {team: b, effort: 1 h}\n"
        "phases:\n  - {from: 3 mo, levers: [hire]}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as error:
        fs.load(file)
    assert [(Path(one.file).name, one.line, one.path) for one in error.value.problems] == [
        ("own.yaml", 9, "stages.x.convert"),
        ("own.yaml", 12, "phases.0.levers.0"),
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("東IS", "東IS, which is inside_sales; it speaks of field_sales: 東FS, 西FS"),
        ("展示会", "展示会, which is event; it speaks of field_sales: 東FS, 西FS"),
        ("大口", "大口, which is key; it speaks of field_sales: 東FS, 西FS"),
    ],
)
def test_a_lever_is_narrowed_only_to_what_it_speaks_of(put: Put, name: str, said: str) -> None:
    put("train", "needs: [teams.inside_sales]\nchange: {teams.field_sales.skill: 0.2}\n")
    assert refused(f"train:{name}").endswith(f"lever train cannot be narrowed to {said}")
    assert line().with_levers("train:東FS").spec.teams["西FS"] == line().spec.teams["西FS"]


def test_a_lever_of_two_roles_is_narrowed_by_two_names(put: Put) -> None:
    put("both", "change: {teams.field_sales.headcount: {add: 1}, teams.inside_sales.headcount: {add: -1}}\n")
    assert "--lever both:東FS,東IS" in refused("both")
    assert "--lever both:西IS,東FS, in quotation marks" in refused("both:西IS")
    made = line(levers=["both:西IS,東FS"])
    assert [made.spec.teams[name].headcount.first for name in ("西IS", "東FS")] == [2, 5]
    with pytest.raises(ScenarioError, match=r'in a list: \["both:西IS,東FS@1"\]'):
        line(levers=["both:西IS", "東FS@1"])


def test_levers_of_phases_are_named_with_their_dates(put: Put) -> None:
    put("tool", TOOL)
    put("hire", HIRE)
    file = line(
        start="2026-01-01",
        phases=[
            {"from": "2026-03-01", "levers": ["tool"]},
            {"from": "2026-04-01", "to": "2026-06-01", "levers": ["hire@2"]},
            {"from": "2026-05-01", "change": {"stages.提案.convert": 0.6}},
        ],
    )
    named = ("from 2026-03-01: lever tool@0.5", "from 2026-04-01 to 2026-06-01: lever hire@2")
    assert file.laid == named
    assert file.with_levers("hire").laid == (*named, "lever hire")
    assert file.with_levers("hire").change({"horizon": "2 y"}).laid[:2] == named


STYLE = "one_of: [style, {also}]\nchange: {{teams.field_sales.speed: {{multiply: {times}}}}}\n"


def test_levers_that_exclude_each_other(put: Put) -> None:
    put("strict", STYLE.format(also="pay", times=2))
    put("loose", STYLE.format(also="hours", times=3))
    put("other", "one_of: pay of others\nchange: {teams.field_sales.speed: {multiply: 4}}\n")
    said = r"lever loose excludes strict, which is laid over this line already{by}: there is one style at a time"
    with pytest.raises(
        ScenarioError, match=r"^[^\n]*levers\.1: " + said.format(by=r" \(by levers\.0\)")
    ) as caught:
        line(levers=["strict", "loose"])
    assert [each.code for each in caught.value.problems] == ["E-lever-rivals"]
    with pytest.raises(ScenarioError, match=said.format(by="")):
        line().with_levers("strict").with_levers("loose@0.5")
    line().with_levers("strict", "other")
    line().with_levers("strict:東FS", "loose:西FS")
    with pytest.raises(ScenarioError, match="excludes strict"):
        line().with_levers("strict:東FS", "loose")
    first = {"from": "3 mo", "to": "6 mo", "levers": ["strict"]}
    line(phases=[first, {"from": "6 mo", "levers": ["loose"]}])
    with pytest.raises(ScenarioError, match="excludes strict"):
        line(phases=[first, {"from": "5 mo", "levers": ["loose"]}])


def test_of_two_levers_that_put_a_value_at_one_place_the_last_one_counts(put: Put) -> None:
    put("newest", "change: {teams.CSM.queue: lifo}\n")
    put("oldest", "change: {teams.CSM.queue.rule: fifo}\n")
    put("more", "change: {teams.CSM.headcount: {add: 1}}\n")
    put("five", "change: {teams.CSM.headcount: 5}\n")
    made = line().with_levers("newest", "oldest", "five")
    (told,) = [each for each in made.warnings if "last one counts" in each]
    assert told == (
        "lever oldest: teams.CSM.queue.rule is lifo by lever newest and becomes fifo: "
        "of two values at one place the last one counts"
    )
    assert not [each for each in line().with_levers("five", "more").warnings if "last one" in each]
    assert not [each for each in line().with_levers("newest", "five").warnings if "last one" in each]
