"""`check` of a study: what `compare`, `sweep` and `optimise` refuse is refused there, in the same words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import DESK, Typed, written

PAID = DESK.replace("queue: fifo}", "queue: fifo, cost: {salary: 20 / h}}")
HEAD = "study: bad\nbase: desk.yaml\n"
VARY = "vary: {teams.desk.headcount: [3, 4]}\n"
ARMS = "arms: {more: {teams.desk.headcount: {add: 1}}}\n"

# What the study says, what is wrong, and the command that would have refused it later.
WRONG = [
    (f"{VARY}kpis: [wonn]", "kpis.0: unknown KPI 'wonn'; did you mean 'won'? `funnelsim kpis` lists", "sweep"),
    (f"{VARY}maximise: wonn", "maximise: unknown KPI 'wonn'", "optimise"),
    (f"{VARY}maximise: won\nminimise: cost", "give either `maximise` or `minimise`", "optimise"),
    (f"{VARY}maximise: won\nbudget: 100 apples", "expected an amount of money", "optimise"),
    (
        f"{VARY}minimise: cost\nconstraints: {{sla: {{at_least: 80 %}}}}",
        "constraints.sla: unknown KPI",
        "optimise",
    ),
    (
        f"{VARY}minimise: cost\nconstraints: {{expired: {{at_most: 2 %}}}}",
        "expired is counted in leads; found '2 %'; write a number of leads over the time that counts, such as "
        "20, or a rate such as 8 / mo; as a share take conversion (Share of created leads that is won",
        "optimise",
    ),
    (f"{VARY}maximise: won\nindifference: 5 h", "won is counted in leads; found '5 h'", "optimise"),
    (
        f"{VARY}maximise: won\nconstraints: {{cost: {{at_least: 900, at_most: 10 / d}}}}",
        "at least 900 and at most 10 / d exclude each other",
        "optimise",
    ),
    (f"{VARY}budget: 100 / d", "budget: this belongs to a search: say what is best", "sweep"),
    (f"{VARY}constraints: {{won: {{at_least: 3}}}}", "constraints: this belongs to a search", "sweep"),
    (f"{VARY}design: {{search: 9}}", "design.search: a search needs to know what is best", "sweep"),
    ("maximise: won", "maximise: there is nothing to decide", "optimise"),
    ("maximise: won\nvary: {teams.desk.headcount: [3]}", "maximise: there is nothing to decide", "optimise"),
    ("vary: {teams.desk.headcount: []}", "expected 1 to 10,000 values", "sweep"),
    ("design: {lhs: 9}", "there is nothing to vary", "sweep"),
    (f"{ARMS}predicts: [{{arm: more, kpi: wonn, expect: up}}]", "predicts.0.kpi: more: unknown KPI", "compare"),
    (f"{ARMS}predicts: [{{arm: base, kpi: won, expect: up}}]", "an arm is compared with itself", "compare"),
    (
        f"{ARMS}vary: {{horizon: [30 d, 20 d], warmup: {{from: 1 d, to: 25 d}}}}\ndesign: {{lhs: 2}}\n"
        "predicts: [{arm: more, kpi: won, expect: up, at: {warmup: 24 d}}]",
        "predicts.0.at: more cannot be there: `warmup < horizon` must hold",
        "compare",
    ),
    ("design: {table: points.csv}", "line 1: unknown key of desk 'headcont'", "sweep"),
    ("kpis: [utilisation]", "'utilisation' is a figure of each team, and not of the whole line", "sweep"),
    ("kpis: [opportunity_conversion]", "it needs `milestones: {opportunity: ...}`", "sweep"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written(tmp_path / "desk.yaml", PAID)
    written(tmp_path / "points.csv", "teams.desk.headcont\n3\n")
    return tmp_path


@pytest.mark.parametrize(("says", "message", "command"), WRONG)
def test_check_refuses_what_a_command_refuses(
    says: str, message: str, command: str, folder: Path, typed: Typed
) -> None:
    written(folder / "bad.yaml", HEAD + says + "\n")
    found = typed("check", "bad.yaml")
    assert found.returncode == 2
    if not says.startswith("design: {table"):
        assert message in found.stderr
    assert "Traceback" not in found.stderr
    later = typed(command, "bad.yaml", *(["--out", "runs.db"] if command != "compare" else []))
    assert later.returncode == 2
    # The same problems, whoever says them.
    assert set(later.stderr.splitlines()) & set(found.stderr.splitlines())
    assert not (folder / "runs.db").exists()


def test_a_budget_needs_costs(folder: Path, typed: Typed) -> None:
    written(folder / "desk.yaml", DESK)
    written(folder / "bad.yaml", f"{HEAD}{VARY}maximise: won\nbudget: 100 / d\n")
    found = typed("check", "bad.yaml")
    assert found.returncode == 2
    assert "budget: nothing in this study costs anything, so a budget limits nothing: give teams" in found.stderr
    written(folder / "free.yaml", f"{HEAD}{VARY}minimise: cost\n")
    found = typed("check", "free.yaml")
    assert found.returncode == 0
    assert "nothing in this study costs anything, so `cost` is 0 everywhere" in found.stderr


def test_what_one_command_takes_and_another_refuses_is_a_warning(folder: Path, typed: Typed) -> None:
    written(folder / "s.yaml", f"{HEAD}arms: {{tool: {{costs: {{crm: 5 / h}}}}}}\nkpis: [cost_of_crm]\n")
    found = typed("check", "s.yaml")
    assert found.returncode == 0
    assert "`funnelsim compare` will refuse cost_of_crm: base: unknown KPI 'cost_of_crm'" in found.stderr


def test_changes_are_laid_over_a_study_as_well(folder: Path, typed: Typed) -> None:
    written(folder / "s.yaml", HEAD + ARMS)
    plain = json.loads(typed("check", "s.yaml", "--json").stdout)["files"][0]
    changed = json.loads(typed("check", "s.yaml", "--set", "teams.desk.headcount=7", "--json").stdout)["files"][0]
    assert plain["arms"]["base"] != changed["arms"]["base"]
    assert typed("check", "s.yaml", "--lever", "cpq").returncode == 2


def test_several_files_end_with_a_summary(folder: Path, typed: Typed) -> None:
    written(folder / "bad.yaml", HEAD + "kpis: [wonn]\n")
    found = typed("check", "desk.yaml", "bad.yaml")
    assert found.returncode == 2
    assert found.stderr.splitlines()[-1] == "2 files: 1 right, 1 wrong: bad.yaml"
    assert json.loads(typed("check", "desk.yaml", "bad.yaml", "--json").stdout)["ok"] is False
    found = typed("check", "desk.yaml", "desk.yaml")
    assert found.returncode == 0
    assert found.stderr.splitlines()[-1] == "2 files: 2 right"


# --- where the arms of a study stand -------------------------------------------------------------------------

STUDY = HEAD + ARMS + "set: {horizon: 8 d}\nvary: {teams.desk.headcount: [3, 4], warmup: [1 d]}\nreplications: 2\n"


def test_compare_says_where_the_arms_stand(folder: Path, typed: Typed) -> None:
    written(folder / "s.yaml", STUDY)
    found = typed("compare", "s.yaml", "--engine", "simpy", "--workers", "1")
    assert "At teams.desk.headcount as in the base (of what the study varies; --at" in found.stdout
    there = typed("compare", "s.yaml", "--at", "teams.desk.headcount=4", "--engine", "simpy", "--workers", "1")
    assert "At teams.desk.headcount 4\n" in there.stdout
    told = [json.loads(typed("compare", "s.yaml", *at, "--json", "--engine", "simpy", "--workers", "1").stdout)
            for at in ((), ("--at", "teams.desk.headcount=4"))]  # fmt: skip
    assert [each["at"] for each in told] == [{"teams.desk.headcount": None}, {"teams.desk.headcount": 4}]
    assert told[0]["arms"]["more"]["fingerprint"] == told[1]["arms"]["base"]["fingerprint"]


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("teams.desk.headcount=9", "--at teams.desk.headcount=9: expected one of 3, 4, found 9"),
        ("teams.desk.headcont=3", "unknown factor 'teams.desk.headcont'; did you mean"),
    ],
)
def test_a_place_that_the_study_does_not_name_is_refused(
    at: str, message: str, folder: Path, typed: Typed
) -> None:
    written(folder / "s.yaml", STUDY)
    found = typed("compare", "s.yaml", "--at", at)
    assert found.returncode == 2
    assert message in found.stderr
    assert "--at names a value of what a study varies" in typed("compare", "desk.yaml", "--at", at).stderr
