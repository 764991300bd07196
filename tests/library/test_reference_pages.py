"""The pages of docs/reference are those that the program makes, and every key of the language is told of."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from funnelsim.scenario.changing.extended import ScenarioFile
from funnelsim.scenario.forms.entry import Entry
from funnelsim.scenario.forms.entry_schema import comments
from funnelsim.scenario.study.spec import StudySpec

ROOT = Path(__file__).parents[2]


def pages() -> ModuleType:
    """What makes the pages."""
    spec = importlib.util.spec_from_file_location("reference_pages", ROOT / "docs" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", name="reference")
def fixture_reference() -> ModuleType:
    return pages()


@pytest.mark.parametrize("page", ["language", "figures", "levers", "commands"])
def test_pages_are_fresh(reference: ModuleType, page: str) -> None:
    """If not: ``python docs/reference.py``."""
    assert set(reference.MADE) == {"language", "figures", "levers", "commands"}
    text = (ROOT / "docs" / "reference" / f"{page}.md").read_text(encoding="utf-8")
    assert text == reference.HEAD + reference.MADE[page]()


def kinds(kind: type[Entry] = Entry) -> list[type[Entry]]:
    """All types of mappings that the program has."""
    return [
        each
        for one in kind.__subclasses__()
        if one.__module__.startswith("funnelsim")
        for each in (one, *kinds(one))
    ]


def test_every_key_of_the_language_says_what_it_means() -> None:
    assert {ScenarioFile, StudySpec} <= set(kinds())
    silent = [
        f"{kind.__name__}.{key}"
        for kind in kinds()
        for key, name in kind.keys().items()
        if name not in comments(kind)
    ]
    assert silent == []


def test_every_key_is_on_the_page(reference: ModuleType) -> None:
    """Each row begins with its key, and each has a meaning and a way to write it."""
    rows = [line.split(" | ") for line in reference.language().splitlines() if line.startswith("| `")]
    assert len(rows) > 250
    for key, *cells in rows:
        if len(cells) == 4:
            assert all(cells[:2]), key
