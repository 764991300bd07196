"""Extreme numbers at every numeric place of a scenario that uses every key: they work, or are refused in words.

Each is loaded, checked as `funnelsim check` does, and run over a few days where it is taken. Nothing may end in an
error of Python, and NumPy may not warn.
"""

from __future__ import annotations

import copy
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.experiments.running.replications import replicate
from funnelsim.model.balance import loads
from funnelsim.model.balance.size import size_of
from funnelsim.model.compile import compile_model
from funnelsim.scenario import Scenario
from funnelsim.scenario.reading.document import plain
from funnelsim.scenario.reading.reader import read_file

RICH = Path(__file__).parent.parent / "scenario" / "rich.yaml"
DOCUMENT = {**plain(read_file(RICH)), "horizon": "3 d", "warmup": "1 d"}
EXTREMES = ("0", "1e-9", "1e-300", "5e-324", "1e9", "1e12", "1e300", "9223372036854775808")
FAST = 61
"""Of so many cases one is tried in the quick suite; a prime, so that all places and numbers have their turn."""

_AMOUNT = re.compile(r"[+-]?\d[\d_]*(?:\.\d+)?(\s*/\s*\w+|\s*\w+|\s*%)?")

Place = tuple[tuple[Any, ...], str]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[Place]:
    """Every numeric place of a document, with the unit that stands there."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(part, (*path, key))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, ""
    elif isinstance(value, str) and (match := _AMOUNT.fullmatch(value)):
        yield path, match[1] or ""


def put(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The document with another value in one place."""
    changed = copy.deepcopy(DOCUMENT)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return changed


CASES = [
    (path, f"{number}{unit}" if unit else int(number) if number.isdigit() else float(number))
    for path, unit in places(DOCUMENT)
    for number in EXTREMES
]


def attempt(path: tuple[Any, ...], value: Any) -> bool:
    """Load, check and run one case; whether it was taken."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            model = compile_model(Scenario.from_dict(put(path, value)))
            size = size_of(model, loads.expected(model))
        except ScenarioError as error:
            assert error.problems  # noqa: PT017
            return False
        if size.events < 1e6:  # what would take minutes is for the clock alone
            replicate(model, 1, 0, "simpy", False)
    return True


@pytest.mark.parametrize(("path", "value"), CASES[::FAST], ids=str)
def test_some_extremes(path: tuple[Any, ...], value: Any) -> None:
    attempt(path, value)


@pytest.mark.slow
def test_all_extremes() -> None:
    taken = sum(attempt(path, value) for path, value in CASES)
    assert 0 < taken < len(CASES)
