"""Every shipped scenario does what its comments say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.cli.check import examine
from funnelsim.results import conservation
from funnelsim.scenario.reading import library

SHIPPED = {each.name: each.path for each in library.templates()}
COMMENT = re.compile(r"\s#\s*\S")


@pytest.mark.parametrize("name", SHIPPED)
def test_checks_without_a_problem(name: str) -> None:
    report = examine(str(SHIPPED[name]))
    assert not report.problems
    assert not report.warnings or name.startswith("story_")  # stories of overload are warned about


@pytest.mark.parametrize("name", SHIPPED)
def test_runs(name: str) -> None:
    """A quarter in one replication; every run checks its flow of leads and Little's law by itself."""
    short = fs.load(SHIPPED[name]).change({"horizon": "3 mo", "warmup": "1 mo"})
    result = fs.simulate(short, replications=1)
    assert result.summary.kpis["created"].mean > 0
    assert result.verdict
    conservation.check(result.replicates[0], result.model)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_line_is_explained(name: str) -> None:
    for number, line in enumerate(_lines(SHIPPED[name]), start=1):
        said = not line.strip() or line.lstrip().startswith("#") or COMMENT.search(line)
        if line.startswith("  ") and "{grade:" in line:  # a record, which is itself an explanation
            continue
        assert said, f"{SHIPPED[name].name}:{number}: {line.strip()!r} has no comment"


@pytest.mark.parametrize("name", SHIPPED)
def test_every_source_is_listed(name: str) -> None:
    """Codes in square brackets stand in docs/sources.md."""
    listed = (library.folder().parent / "docs" / "sources.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^\| ([A-Z0-9]+) \|", listed, flags=re.MULTILINE)) | {"D", "M"}
    comments = (line.partition("#")[2] for line in _lines(SHIPPED[name]))
    for codes in re.findall(r"\[([A-Z][A-Z0-9, ;]*)(?::[^\]]*)?\]", "\n".join(comments)):
        assert set(re.split(r"[,;]\s*", codes)) <= known, codes


def test_templates_say_what_they_are() -> None:
    assert set(SHIPPED) >= {
        "one_desk",
        "reference",
        "mid_market",
        "marketplace_2018",
        "canonical",
        "five_step",
        "esales7",
        "salesforce8",
    }
    for each in library.templates():
        assert each.titles == fs.load(each.path).spec.description


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()
