"""docs/optimising.md and the shipped study on staffing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.experiments.study.goals import Status, goal_of
from funnelsim.scenario.study.study import study_from_text

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "studies" / "staffing_under_budget.yaml"
PAGE = (ROOT / "docs" / "optimising.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (text,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
    return str(text)


def test_the_study_of_the_page_is_right() -> None:
    goal = goal_of(study_from_text(block("yaml")))
    assert [str(limit) for limit in goal.limits] == ["cost at most 3_200_000 / y", "response_time at most 16 h"]


def test_the_python_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(block("python"), names)
    found = names["found"]
    assert isinstance(found, fs.Optimum)
    assert found.best is not None
    assert (tmp_path / "runs.db").exists()


def test_links_of_the_page_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", PAGE):
        assert (ROOT / "docs" / target).exists(), target


def test_the_shipped_study_is_optimised() -> None:
    """A part of it, over half a year: an assistant or another rep."""
    text = STUDY.read_text(encoding="utf-8")
    for whole, part in (
        ("{from: 4, to: 6}   # 6", "[5]   # 6"),
        ("{from: 4, to: 6}    # 5", "[4, 5]    # 5"),
        ("[18 mo]", "[8 mo]"),
        ("[6 mo]", "[2 mo]"),
        ("replications: 5", "replications: 3"),
        (", horizon: 18 mo, warmup: 6 mo", ""),
    ):
        assert whole in text
        text = text.replace(whole, part)
    found = fs.optimise(study_from_text(text))
    assert found.best is not None
    assert found.best.measured is not None
    assert found.best.measured["cost"].mean < 3_200_000 / 2
    assert found.status in (Status.FEASIBLE, Status.OPEN)
    assert {one.point.at["teams.field_sales.headcount"] for one in found.found.tried} == {4, 5}


@pytest.mark.slow
def test_the_shipped_study_gives_the_answer_of_the_page() -> None:
    found = fs.optimise(fs.load_study(STUDY))
    assert found.best is not None
    assert found.best.point.arm == "assistant"
    for sentence in re.findall(r"^```text\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)[0].splitlines():
        assert sentence in found.words
