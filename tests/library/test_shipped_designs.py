"""Designs: the same people and the same demand in all of them, on three lines; who works on what changes."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.model.balance.planned import plan_of
from funnelsim.scenario.changing import levers as files
from funnelsim.scenario.reading import library
from library.test_shipped_levers import FOUR
from scenario.test_levers_by_role import NINE

DESIGNS = [each.name for each in library.levers() if each.name.startswith("design_")]
LINES: dict[str, Any] = {"nine": NINE, "four": FOUR}


@cache
def line(name: str) -> fs.Scenario:
    return fs.Scenario.from_dict(LINES[name]) if name in LINES else fs.load(library.template(name))


@cache
def run(where: str, design: str) -> tuple[fs.Scenario, Any]:
    """A line under a design, and three months of it."""
    made = line(where).change({"horizon": "3 mo", "warmup": "1 w"})
    made = made.with_levers(design) if design else made
    return made, fs.simulate(made, replications=1, seed=5)


def demand(where: str, design: str) -> Any:
    """What comes from outside: leads that no team makes, with all that is theirs."""
    scenario, result = run(where, design)
    outside = [name for name, source in scenario.spec.sources.items() if source.team is None]
    leads = result.records("leads")
    leads = leads[leads["source"].isin(outside) & (leads["origin"] == "new")]
    return leads[["created", "source", "segment", "value"]].reset_index(drop=True)


def test_five_designs_are_shipped() -> None:
    assert len(DESIGNS) == 5
    assert all(files.find(name, None).lever.group == "design" for name in DESIGNS)


@pytest.mark.parametrize("where", ["reference", "mid_market", "nine", "four"])
@pytest.mark.parametrize("design", DESIGNS)
def test_all_plan_the_same_people_and_pay(where: str, design: str) -> None:
    today, made = plan_of(line(where)), plan_of(line(where).with_levers(design))
    assert made.heads == today.heads
    assert made.budget == today.budget
    assert made.people == today.people


@pytest.mark.parametrize("where", ["reference", "nine", "four"])
@pytest.mark.parametrize("design", DESIGNS)
def test_all_have_the_same_people_and_the_same_demand(where: str, design: str) -> None:
    today, made = (demand(where, each) for each in ("", design))
    assert len(today) > 50
    assert made.equals(today)
    reps = [run(where, each)[1].records("reps") for each in ("", design)]
    assert len(reps[0]) == len(reps[1])
    assert run(where, design)[0].fingerprint != run(where, "")[0].fingerprint


@pytest.mark.parametrize("where", ["reference", "nine", "four"])
def test_the_study_runs_on_each_line(where: str) -> None:
    study = fs.study("designs", on=line(where))
    assert len(study.arms) == 7
    short = {name: arm.change({"horizon": "2 mo", "warmup": "1 w"}) for name, arm in study.arms.items()}
    found = fs.compare(short, kpis=["won"], replications=2, same=study.spec.same)
    paid = "No salary is given, so people are compared" if where == "four" else "All have the same pay for people"
    assert any(paid in said for said in found.sentences)


def test_hours_for_leads_stay_the_same_where_shares_differ() -> None:
    """One team has one share: that of all its people together."""
    teams = line("reference").spec.teams
    whole = line("reference").with_levers("design_generalist").spec.teams["generalists"]
    hours = math.fsum(team.headcount.first * team.selling_share for team in teams.values())
    assert whole.headcount.first * whole.selling_share == pytest.approx(hours)


def test_one_error_lists_all_that_differs_unless_it_is_averaged() -> None:
    made = {"from": ["inside_sales", "field_sales"], "queue": "fifo"}
    with pytest.raises(fs.ScenarioError, match="differ in selling_share, and one team has one of each"):
        line("reference").change({"teams.all": made})
    with pytest.raises(fs.ScenarioError, match="about the teams in `from`, and there are none"):
        line("reference").change({"teams.inside_sales.unlike": "averaged"})
    averaged = line("reference").change({"teams.all": {**made, "unlike": "averaged"}})
    share = (6 * 0.45 + 5 * 0.35) / 11
    assert averaged.spec.teams["all"].selling_share == pytest.approx(share)
    what = "the teams it is made of differ, so it has, averaged over people and time"
    said = f"teams.all: {what}: selling_share {share:.3g} (0.45 of inside_sales, 0.35 of field_sales)"
    assert said in averaged.warnings
    hired = line("mid_market").with_levers("design_generalist").spec.teams["generalists"]
    assert hired.hiring == line("mid_market").spec.teams["inside_sales"].hiring  # that of the most people


def test_what_the_line_has_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "levers").mkdir()
    lever = "lever: cells\nchange: {teams.desk.queue: lifo}\nif_absent: {territories: {a: 1, b: 1}, warmup: 1 w}\n"
    (tmp_path / "levers" / "cells.yaml").write_text(lever, encoding="utf-8")
    desk = {
        "horizon": "1 mo",
        "sources": {"web": {"rate": "30 / mo"}},
        "teams": {"desk": {"headcount": 2, "queue": "fifo"}},
        "stages": {"serve": {"team": "desk", "effort": "1 h"}},
    }
    empty = fs.Scenario.from_dict(desk, folder=tmp_path).with_levers("cells")
    assert dict(empty.spec.territories) == {"a": 1, "b": 1}
    own = {**desk, "territories": {"east": 1}, "warmup": "3 d"}
    kept = fs.Scenario.from_dict(own, folder=tmp_path).with_levers("cells")
    assert dict(kept.spec.territories) == {"east": 1}
    assert (kept.document["warmup"], empty.document["warmup"]) == ("3 d", "1 w")


def test_pods_take_the_territories_of_the_line() -> None:
    own = line("nine").change({"territories": {"東": 2, "西": 1}})
    assert own.with_levers("design_pods").spec.territories == own.spec.territories
    assert [name for name, _ in line("nine").with_levers("design_pods").spec.territories] == ["cell_1", "cell_2"]


def test_key_accounts_are_those_the_line_says_or_the_large_ones() -> None:
    (nine,) = line("nine").with_levers("design_key_accounts").spec.teams["account_managers"].queue.first
    assert nine.segment == {"大口"}
    (large,) = line("reference").with_levers("design_key_accounts").spec.teams["account_managers"].queue.first
    assert large.value_at_least == 60_000
