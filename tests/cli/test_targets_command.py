"""Targets of `funnelsim run` and `funnelsim compare`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import Typed

PAID = ("--set", "teams.desk.cost.salary=100 / y")
ASKED = ("--replications", "12", *PAID, "--target", "won>=40", "--target", "won>=45", "--target", "cost<=1k")


def test_what_runs_say_of_targets(typed: Typed, desk: str) -> None:
    said = typed("run", desk, *ASKED)
    assert said.returncode == 0, said.stderr
    told = said.stdout.split("\nTargets\n")[1]
    assert "of 12 runs reach at least 40, a chance of" in told
    assert "cost over 18 days: 12 of 12 runs stay at or below USD 1,000, a chance of 100 % (76 % to" in told
    assert "worst case" in told
    found = json.loads(typed("run", desk, *ASKED, "--by", "2026-01-15", "--json").stdout)["targets"]
    assert [(each["kpi"], each["from"], each["by"]) for each in found[:2]] == [
        ("won", "2026-01-03", "2026-01-15")
    ] * 2
    assert found[0]["reached"] >= found[1]["reached"]
    assert found[0]["reached"] + found[0]["missed"] == found[0]["runs"] == 12
    assert found[0]["worst"] <= found[0]["base"] <= found[0]["best"]
    assert "at_most" in found[2]


def test_targets_in_japanese_and_in_a_report(typed: Typed, desk: str, tmp_path: Path) -> None:
    said = typed("run", desk, *ASKED, "--lang", "ja", "--report", "told.html", "--by", "2026-01-15")
    assert said.returncode == 0, said.stderr
    assert "12回中" in said.stdout
    assert "最悪ケース" in said.stdout
    page = (tmp_path / "told.html").read_text(encoding="utf-8")
    assert 'id="targets"' in page
    assert "2026年1月3日～2026年1月15日" in page


def test_a_comparison_shows_its_targets(typed: Typed, desk: str, tmp_path: Path) -> None:
    asked = ("compare", desk, "--arm", "teams.desk.headcount=4", "--kpi", "won", "--replications", "10")
    said = typed(*asked, "--target", "won=40", "--by", "2026-01-15", "--report", "told.html")
    assert said.returncode == 0, said.stderr
    assert "reaches at least 40 (won from 2026-01-03 to 2026-01-15)" in " ".join(said.stdout.split())
    assert "worst case" in said.stdout
    assert 'id="targets"' in (tmp_path / "told.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            ("--by", "2026-01-15"),
            "--by 2026-01-15 is the day by which --target KPI=VALUE is to be reached; give both",
        ),
        (("--target", "won"), "--target won: write it as won=300"),
        (("--target", "cost<=3"), "cost: a target has no meaning on this line: nothing costs anything here"),
        (("--target", "wonn=3"), "unknown KPI 'wonn'; did you mean 'won'?"),
        (("--target", "won=3", "--by", "2026-01-02"), "this lies in the warm-up"),
        (("--target", "won=3", "--by", "2027-01-02"), "the run ends on 2026-01-20"),
        (("--target", "won=3", "--by", "2026-1-5"), "--by 2026-1-5: found no date; write it as 2027-03-31"),
    ],
)
def test_mistakes(typed: Typed, desk: str, given: tuple[str, ...], said: str) -> None:
    done = typed("run", desk, *given)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.split())


def test_a_comparison_has_one_target_for_each_kpi(typed: Typed, desk: str) -> None:
    done = typed("compare", desk, "--arm", "teams.desk.headcount=4", "--target", "won=3", "--target", "won=5")
    assert done.returncode == 2
    assert "--target won is given more than once" in done.stderr


QUARTERS = """
start: 2026-01-15
horizon: 400 d
warmup: 40 d
fiscal_year: 4
sources: {web: {rate: 2 / d}}
teams: {desk: {headcount: 2, queue: fifo}}
stages: {serve: {team: desk, effort: {dist: exponential, mean: 10 h}}}
"""


def test_run_tells_what_came_in_each_quarter(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "line.yaml").write_text(QUARTERS, encoding="utf-8")
    asked = ("run", "line.yaml", "--replications", "3", "--periods", "quarter")
    said = typed(*asked, "--report", "told.html").stdout
    assert "Q1, 2026-04 to 2026-06 " in said
    assert "2 quarters count in part only" in said
    assert 'id="quarters"' in (tmp_path / "told.html").read_text(encoding="utf-8")
    told = json.loads(typed(*asked, "--json").stdout)["periods"]["periods"]
    assert [each["whole"] for each in told] == [False, True, True, True, False]
    wrong = typed("run", "line.yaml", "--periods", "week")
    assert (wrong.returncode, "--periods week: choose month, quarter or year" in wrong.stderr) == (2, True)


CARVED = """
horizon: 8 mo
warmup: 1 mo
currency: EUR
segments: {all: {value: {dist: lognormal, median: 1_000, sigma: 0.8}}}
territories: {east: 0.7, west: 0.3}
sources: {web: {rate: 60 / mo}}
teams: {field: {headcount: 3, queue: fifo, quota: {amount: 9_000, period: month}, serves: {east: 2, west: 1}}}
stages: {sell: {team: field, effort: 5 h, convert: 0.5, books: true}}
"""


def test_run_tells_of_reps_and_territories(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "line.yaml").write_text(CARVED, encoding="utf-8")
    asked = ("run", "line.yaml", "--replications", "3", "--carve")
    said = typed(*asked, "--report", "told.html").stdout
    assert "The reps' quotas add up to EUR 63,000 from 2026-0" in said
    assert "which the quotas over-assign by 10 %, is reached in " in said
    assert "field-3" in said
    assert "west" in said
    assert 'id="carve"' in (tmp_path / "told.html").read_text(encoding="utf-8")
    told = json.loads(typed(*asked, "--json").stdout)["carve"]
    assert told["street_quota"] == 63_000
    assert [each["assigned"] for each in told["over_assignment"]] == [1.0, 1.1, 1.2]
    assert set(told["reps"]) == {"field-1", "field-2", "field-3"}
    assert "達成率" in typed(*asked, "--lang", "ja").stdout


def test_a_carve_with_accounts(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "line.yaml").write_text(CARVED, encoding="utf-8")
    rows = "account,territory,potential\nA,east,2000\nB,west,6500\nC,west,1000\nD,east,500\n"
    (tmp_path / "accounts.csv").write_text(rows, encoding="utf-8")
    asked = ("run", "line.yaml", "--replications", "2", "--carve", "accounts.csv")
    said = " ".join(typed(*asked, "--report", "told.html").stdout.split())
    assert "4 accounts with a potential of EUR 10,000 together." in said
    assert "The scenario sends 70 % of the leads to east, which has 25 % of the potential." in said
    assert 'territories={east: 0.25, west: 0.75}"' in said
    page = (tmp_path / "told.html").read_text(encoding="utf-8")
    assert "4 accounts with a potential of EUR 10,000 together." in page
    told = json.loads(typed(*asked, "--json").stdout)["carve"]["accounts"]
    assert told["territories"]["west"] == {"accounts": 2, "potential": 7_500, "share": 0.75, "share_of_leads": 0.3}
    assert told["gini"] == pytest.approx({"territories": 0.25, "field": 2 * (7_500 - 1_250) / 30_000})
    assert {name: each["potential"] for name, each in told["reps"].items()} == {
        "field-1": 1_250, "field-2": 1_250, "field-3": 7_500
    }  # fmt: skip
    assert "ポテンシャル" in typed(*asked, "--lang", "ja").stdout


@pytest.mark.parametrize(
    "asked",
    [
        ("--carve", "line.yaml"),  # what is no table is the scenario
        ("line.yaml", "--carve"),
        ("line.yaml", "--carve", "--quiet"),
        ("line.yaml", "--carve="),
    ],
)
def test_carve_stands_alone_too(typed: Typed, tmp_path: Path, asked: tuple[str, ...]) -> None:
    (tmp_path / "line.yaml").write_text(CARVED, encoding="utf-8")
    said = typed("run", *asked, "--replications", "1")
    assert said.returncode == 0, said.stderr
    assert "Each territory" in said.stdout
    assert "Accounts" not in said.stdout


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--carve", "accounts.xlsx"), "accounts.xlsx: accounts are a CSV; give a name that ends in .csv"),
        (("--carve", "accounts1.csv"), "there is no file 'accounts1.csv'; did you mean 'accounts.csv'?"),
        (
            ("--carve", "accounts.csv"),
            "accounts.csv line 2, territory: unknown territory 'easst'; did you mean 'east'?",
        ),
        (("--carve", "a.csv", "--carve", "b.csv"), "--carve is given more than once"),
    ],
)
def test_wrong_accounts_are_refused_before_the_run(
    typed: Typed, tmp_path: Path, given: tuple[str, ...], said: str
) -> None:
    (tmp_path / "line.yaml").write_text(CARVED, encoding="utf-8")
    (tmp_path / "accounts.csv").write_text("account,territory,potential\nA,easst,1\n", encoding="utf-8")
    refused = typed("run", "line.yaml", *given)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in refused.stderr


def test_choose_tells_the_chance_of_each(typed: Typed, desk: str) -> None:
    asked = (
        "choose",
        desk,
        "--arm",
        "teams.desk.headcount=4",
        "--budget",
        "20",
        "--kpi",
        "won",
        "--target",
        "won=40",
    )
    said = typed(*asked)
    assert said.returncode == 0, said.stderr
    assert "worst case" in said.stdout
    told = json.loads(typed(*asked, "--json").stdout)
    assert {each["arm"] for each in told["targets"]} == set(told["arms"])
    runs = {each["arm"]: each["runs"] for each in told["targets"]}
    assert sum(runs.values()) == 20
    wrong = typed(*asked[:-1], "won=many")
    assert (wrong.returncode, wrong.stdout) == (2, "")
