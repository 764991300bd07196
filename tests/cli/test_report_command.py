"""``funnelsim report``: what it writes, and what it refuses before anything is run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import Typed

from funnelsim.views.report.sections import SECTIONS

openpyxl = pytest.importorskip("openpyxl")

SHORT = ("--set", "horizon=4 w", "--set", "warmup=0 d", "--replications", "2")


def test_one_line_and_its_tables(typed: Typed, desk: str, tmp_path: Path) -> None:
    said = typed("report", desk, "-o", "report.html", "--title", "Our desk", "--xlsx", "--lang", "ja", *SHORT)
    assert (said.returncode, said.stdout) == (0, "report.html\nreport.xlsx\n")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert '<html lang="ja">' in text
    assert "Our desk" in text
    assert "funnelsim report" in text  # what was typed
    sheets = openpyxl.load_workbook(tmp_path / "report.xlsx")
    written = [str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value]
    assert "件" in written  # units are told in the language too
    assert not {"leads", "reps", "share"} & set(written)


def test_a_comparison_with_what_if(typed: Typed, desk: str, tmp_path: Path) -> None:
    arm, grid = "more: teams.desk.headcount=4", "teams.desk.headcount=[2, 3]"
    said = typed("report", desk, "--arm", arm, "--what-if", grid, "-o", "report.html", "--json", *SHORT)
    assert said.returncode == 0
    assert json.loads(said.stdout) == {"written": ["report.html"], "figures": None}
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert 'id="differences"' in text
    assert 'id="viewer"' in text


@pytest.mark.parametrize("foretold", [True, False])
def test_predictions_of_a_study(typed: Typed, desk: str, tmp_path: Path, foretold: bool) -> None:
    study = "study: hires\nbase: desk.yaml\narms: {four: {teams.desk.headcount: 4}}\n"
    study += "predicts: [{arm: four, kpi: cost, expect: same}]\n" * foretold
    (tmp_path / "hires.yaml").write_text(study, encoding="utf-8")
    assert typed("report", "hires.yaml", "-o", "report.html", "--replications", "2").returncode == 0
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert ('id="predictions"' in text) == ("Predictions of the study" in text) == foretold


def test_a_run_store(typed: Typed, desk: str, tmp_path: Path) -> None:
    study = "study: hires\nbase: desk.yaml\nvary: {teams.desk.headcount: [2, 3]}\n"
    (tmp_path / "hires.yaml").write_text(study, encoding="utf-8")
    assert typed("sweep", "hires.yaml", "--out", "runs.db", "--replications", "2").returncode == 0
    assert typed("report", "runs.db", "-o", "report.html").returncode == 0
    assert "hires" in (tmp_path / "report.html").read_text(encoding="utf-8")
    refused = typed("report", "runs.db", "-o", "report.html", "--replications", "3")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "of a run store nothing is run, so --replications would have no effect" in refused.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("-o", "report.pdf"), "give a name that ends in .html"),
        (("-o", "report.html", "--only", "answer,lines"), "did you mean 'line'"),
        (("-o", "none/report.html"), "there is no folder"),
        (("-o", "report.html", "--title", " "), "an empty title says nothing"),
        (("-o", "report.html", "--at", "a=1"), "--at and --on go with a study"),
        (("-o", "report.html", "--kpi", "won"), "--kpi says what is compared or asked about"),
        (("-o", "report.html", "--what-if", "teams.desk.headcounts=[1, 2]"), "headcount"),
    ],
)
def test_what_cannot_be_is_refused_at_once(typed: Typed, desk: str, given: tuple[str, ...], said: str) -> None:
    refused = typed("report", desk, *given)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in refused.stderr


def test_without_a_browser_nothing_is_run(typed: Typed, desk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUNNELSIM_CHROMIUM", "no-such-browser")
    refused = typed("report", desk, "-o", "report.html", "--pdf")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "FUNNELSIM_CHROMIUM=no-such-browser: there is no such program" in refused.stderr


def test_sections_that_are_asked_for_and_not_there_are_told(typed: Typed, desk: str, tmp_path: Path) -> None:
    """Each of all sections is in the page or told of."""
    every = [section.name for section in SECTIONS]
    said = typed("report", desk, "--replications", "2", "-o", "told.html", "--only", ",".join(every))
    assert said.returncode == 0, said.stderr
    page = (tmp_path / "told.html").read_text(encoding="utf-8")
    told = {name for name in every if f"warning[W-report-section]: --only {name}: this report has" in said.stderr}
    assert {"carve", "fates", "causes", "targets"} <= told
    assert {name for name in every if f'id="{name}"' in page} == set(every) - told
    assert "`funnelsim compare --fates --report FILE` has it" in said.stderr
