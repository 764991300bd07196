"""Broken files: never a traceback, always a place.

Copies of a scenario that uses every key are broken at random: typos, wrong types, missing units, negative
numbers, cut and binary files. Each either loads or says what is wrong; where it is still YAML, every problem names
its line and the path of the key.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from funnelsim.errors import Problem, ScenarioError
from funnelsim.scenario import load
from funnelsim.scenario.changing.compose import with_change
from funnelsim.scenario.changing.typed import read_spec
from funnelsim.scenario.reading.document import block, plain
from funnelsim.scenario.reading.reader import read_bytes
from mutations.texts import BREAKING, spoilt

RICH = Path(__file__).parent / "rich.yaml"
FAST, ALL = 200, 2000


def mutated(number: int) -> bytes:
    """The broken file of that number."""
    draw = random.Random(number)
    text = RICH.read_text(encoding="utf-8")
    for _ in range(draw.choice((1, 1, 2, 4))):
        text = draw.choice(BREAKING)(text, draw)
    content = text.encode()
    return spoilt(content, draw) if draw.random() < 0.05 else content


def is_yaml(content: bytes) -> bool:
    """Whether a file can still be parsed."""
    try:
        read_bytes(content, "")
    except ScenarioError:
        return False
    return True


def problems_of(file: Path) -> tuple[Problem, ...]:
    """What is wrong with a file."""
    try:
        load(file)
    except ScenarioError as error:
        assert error.problems  # noqa: PT017
        return error.problems
    return ()


def check(numbers: range, folder: Path) -> int:
    """Load the broken files of these numbers; returns how many were refused."""
    file, refused = folder / "broken.yaml", 0
    for number in numbers:
        content = mutated(number)
        file.write_bytes(content)
        problems = problems_of(file)
        refused += bool(problems)
        for problem in problems:
            assert problem.message, number
            assert problem.line > 0, (number, problem)
            assert problem.file == str(file), (number, problem)
            assert problem.path or not is_yaml(content), (number, problem)
    return refused


def test_broken_files(tmp_path: Path) -> None:
    assert check(range(FAST), tmp_path) > FAST / 2


@pytest.mark.slow
def test_many_broken_files(tmp_path: Path) -> None:
    assert check(range(FAST, ALL), tmp_path) > (ALL - FAST) / 2


# --- changes


BASE = load(RICH)
NUMBERS: tuple[Any, ...] = (True, -3, 0.5, 1e300, "x", "1 h", "2 / d", None, {}, [])
ADJUSTED: tuple[Any, ...] = (
    {"add": 1},
    {"add": "1 bd"},
    {"multiply": 2},
    {"multiply": 0.5, "add": "1 h"},
    {"multiply": 1e308},
    {"large": {"multiply": 2}},
    {"set": {"a": 1}},
    {"set": None},
    {"else": None},
)
VALUES = NUMBERS + ADJUSTED


def places(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every path in a document, with what stands there."""
    if path:
        yield path, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in pairs:
        yield from places(part, (*path, str(key)))


PLACES = list(places(BASE.document))


def random_change(draw: random.Random) -> dict[str, Any]:
    """A change somewhere in the scenario, sensible or not."""
    path = list(draw.choice(PLACES)[0])
    if draw.random() < 0.3:
        path[draw.randrange(len(path))] = "*"
    if draw.random() < 0.2:
        path.append(draw.choice(("large", "web", "else", "median", "x", "0")))
    value = draw.choice(PLACES)[1] if draw.random() < 0.4 else draw.choice(VALUES)
    if draw.random() < 0.6:
        return {".".join(path): value}
    for key in reversed(path):
        value = {key: value}
    return dict(value)


def check_changes(numbers: range) -> int:
    """Lay random changes over the scenario; what is taken must read back as it is. Returns how many were taken."""
    taken, whole = 0, plain(BASE.composed.document)
    for number in numbers:
        draw = random.Random(number)
        change, dose = block(random_change(draw)), draw.choice((1.0, 1.0, 0.5, 0.0))
        try:
            composed = with_change(BASE.composed, change, dose)
            spec = read_spec(composed.document)
        except ScenarioError:
            continue
        assert read_spec(block(plain(composed.document))) == spec, (number, change, dose)
        assert read_spec(composed.document, before=(BASE.composed.document, BASE.spec)) == spec, (number, change)
        assert plain(BASE.composed.document) == whole, (number, change)
        taken += 1
    return taken


def test_random_changes() -> None:
    assert check_changes(range(200)) > 5


@pytest.mark.slow
def test_many_random_changes() -> None:
    assert check_changes(range(200, 5000)) > 150
