"""Worlds on the command line: what is printed, its JSON, its report, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import Typed, written

DRAWS = "stages.serve.effort,sources.web.rate\n" + "".join(
    f"{40 + number % 7 * 5} min,{1 + number % 4 / 4} / h\n" for number in range(40)
)


@pytest.fixture
def draws(tmp_path: Path) -> str:
    return written(tmp_path / "desk.draws.csv", DRAWS)


def test_what_a_run_over_worlds_says(typed: Typed, desk: str, draws: str) -> None:
    said = typed("run", desk, "--inputs", draws)
    assert said.returncode == 0, said.stderr
    told = " ".join(said.stdout.split("What is not known\n")[1].split())
    assert "Won per year:" in told
    assert "a single outcome in one of them lies in the range" in told
    assert "Luck is" in told
    assert "40 worlds of 40 in" in told
    assert "10 of them were run once more" in told
    found = json.loads(typed("run", desk, "--inputs", draws, "--json").stdout)["worlds"]
    assert (found["worlds"], found["rows"], found["pairs"]) == (40, 40, 10)
    assert found["paths"] == ["stages.serve.effort", "sources.web.rate"]
    won = found["kpis"]["won"]
    assert won["range_low"] < won["low"] < won["mean"] < won["high"] < won["range_high"]
    assert won["split"]["luck"] + won["split"]["inputs"] == 1


def test_worlds_of_a_scenario_that_names_its_draws(typed: Typed, desk: str, draws: str) -> None:
    with Path(desk).open("a", encoding="utf-8") as file:
        file.write(f"uncertain: {{table: {Path(draws).name}}}\n")
    assert typed("check", desk).returncode == 0
    plain = typed("run", desk, "--replications", "2")
    assert "the file names 40 draws" in plain.stderr
    assert "What is not known" not in plain.stdout
    assert typed("run", desk, "--replications", "2", "--inputs", "none").stderr == ""
    over = json.loads(typed("run", desk, "--worlds", "3", "--json").stdout)
    assert (over["replications"], over["worlds"]["rows"], over["worlds"]["pairs"]) == (3, 40, 3)


def test_worlds_in_japanese_and_in_a_report(typed: Typed, desk: str, draws: str, tmp_path: Path) -> None:
    said = typed("run", desk, "--inputs", draws, "--worlds", "12", "--lang", "ja", "--report", "told.html")
    assert said.returncode == 0, said.stderr
    assert "ありうる世界の平均" in said.stdout
    page = (tmp_path / "told.html").read_text(encoding="utf-8")
    assert 'id="worlds"' in page
    assert "入力の不確かさ" in page


ARM = ("--arm", "one more: teams.desk.headcount={add: 1}", "--kpi", "won", "--kpi", "cycle_time")


def test_a_comparison_over_worlds(typed: Typed, desk: str, draws: str, tmp_path: Path) -> None:
    said = typed("compare", desk, *ARM, "--inputs", draws, "--report", "told.html")
    assert said.returncode == 0, said.stderr
    told = " ".join(said.stdout.split("What is not known\n")[1].split())
    assert "one more, Cycle time:" in told
    assert "40 worlds of each on the same draws and random numbers (10 of them once more)" in said.stdout
    assert 'id="worlds"' in (tmp_path / "told.html").read_text(encoding="utf-8")
    found = json.loads(typed("compare", desk, *ARM, "--inputs", draws, "--worlds", "5", "--json").stdout)
    assert found["worlds"]["worlds"] == found["replications"] == 5
    time = found["worlds"]["differences"]["one more"]["cycle_time"]
    assert time["mean"] == found["differences"]["one more"]["cycle_time"]["mean"] < 0
    refused = typed("compare", desk, *ARM, "--inputs", draws, "--fates")
    assert refused.returncode == 2
    assert "--fates looks into replications of one scenario" in refused.stderr


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--worlds", "5"), "has none; name a file of draws by --inputs FILE"),
        (
            ("--inputs", "desk.draws.csv", "--replications", "3"),
            "--replications (`replications`) does not go with",
        ),
        (("--inputs", "desk.draws.csv", "--precision", "5%"), "--precision (`precision`) does not go with worlds"),
        (("--inputs", "desk.draws.csv", "--carve"), "--carve looks into replications of one scenario"),
        (
            ("--inputs", "desk.draws.csv", "--periods", "month"),
            "--periods looks into replications of one scenario",
        ),
        (("--inputs", "desk.draws.csv", "--events", "e.csv"), "--events looks into replications of one scenario"),
        (("--pairs", "3"), "give --worlds too"),
        (("--inputs", "desk.drows.csv"), "did you mean 'desk.draws.csv'?"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    typed: Typed, desk: str, draws: str, asked: tuple[str, ...], said: str
) -> None:
    refused = typed("run", desk, *asked)
    assert refused.returncode == 2
    assert said in refused.stderr
