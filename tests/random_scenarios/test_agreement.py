"""Commands agree about shipped scenarios, and about random ones."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.cli.check import examine
from funnelsim.scenario.reading import library

from . import agreement, exits
from .documents import FOLDER, as_yaml, document
from .laws import scenario_of
from .luck import seeded

SHIPPED = {each.name: each.path for each in library.templates()}
RANDOM = 300
CHUNK = 25


def _random(seed: int, folder: Path, diagnose: bool) -> bool:
    """One random scenario; False if the language refuses it."""
    made = document(seeded(seed))
    scenario = scenario_of(made)
    if scenario is None:
        return False
    shutil.copytree(FOLDER / "levers", folder / "levers", dirs_exist_ok=True)
    file = folder / f"{seed}.yaml"
    file.write_text(as_yaml(made), encoding="utf-8")
    try:
        agreement.of_all(examine(str(file)), scenario, replications=3, diagnose=diagnose)
    except Exception as error:
        error.add_note(f"seed {seed}:\n{as_yaml(made)}")
        raise
    return True


def test_some_random_scenarios(tmp_path: Path) -> None:
    assert sum(_random(seed, tmp_path, False) for seed in range(30_000, 30_004)) >= 2


@pytest.mark.slow
@pytest.mark.parametrize("first", range(31_000, 31_000 + RANDOM, CHUNK))
def test_many_random_scenarios(first: int, tmp_path: Path) -> None:
    assert sum(_random(seed, tmp_path, seed % 5 == 0) for seed in range(first, first + CHUNK)) >= CHUNK / 2


def _ended(seed: int, folder: Path, but: Sequence[str] = ()) -> bool:
    """The commands of one random scenario; False if the language refuses it, and so do they."""
    made = document(seeded(seed))
    scenario = scenario_of(made)
    shutil.copytree(FOLDER / "levers", folder / "levers", dirs_exist_ok=True)
    file = folder / f"{seed}.yaml"
    file.write_text(as_yaml(made), encoding="utf-8")
    try:
        if scenario is None:
            exits.of_refused(file)
        else:
            exits.of_good(file, scenario, but)
    except Exception as error:
        error.add_note(f"seed {seed}:\n{as_yaml(made)}")
        raise
    return scenario is not None


def test_some_commands_end_as_the_library_does(tmp_path: Path) -> None:
    first = next(seed for seed in range(70_000, 71_000) if scenario_of(document(seeded(seed))) is None)
    assert not _ended(first, tmp_path)
    file = tmp_path / "desk.yaml"
    shutil.copy(SHIPPED["one_desk"], file)
    short = fs.load(file).change({"horizon": "2 d", "warmup": "1 d"})
    file.write_text(as_yaml(dict(short.document)), encoding="utf-8")
    exits.of_good(file, fs.load(file))


@pytest.mark.slow
@pytest.mark.parametrize("first", range(70_000, 70_040, 5))
def test_commands_end_as_the_library_does(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + 5):
        _ended(seed, tmp_path, () if seed % 5 == 0 else exits.SLOW)


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios(name: str) -> None:
    agreement.of_all(examine(str(SHIPPED[name])), fs.load(SHIPPED[name]), replications=5, diagnose=True)
