"""Every key in `defaults` and in the change of a lever says there what it says in the entry, or it is refused."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.scenario import Scenario
from funnelsim.scenario.changing.extended import DEFAULTED

from .verdicts import FOLDER, Pair, _change, _changed, _company, as_text, laid, pairs

WRITTEN = [pair for pair in pairs() if not pair.way]


def _made(document: dict[str, Any]) -> Scenario | str:
    """The scenario of a document, or what is said against it."""
    try:
        return Scenario.from_dict(document, FOLDER)
    except ScenarioError as refused:
        return str(refused)


def _by_default(pair: Pair) -> str:
    """What a key of an entry does that stands under `defaults`: `acts`, `refused` or `idle there`."""
    group, name = pair.path[:2]
    before = _company(pair.path[:2], as_text(pair.sample.given))
    bare = laid(before, pair.path[:3], None)
    part = _changed(before, pair)[group][name][pair.path[2]]
    asked = _made(laid(bare, pair.path[:3], part))
    found = _made({**bare, "defaults": {group: {pair.path[2]: part}}})
    if isinstance(found, str):
        assert group in found, f"{pair}: {found}"
        return "refused"
    entry = getattr(found.spec, group)[name]
    if isinstance(asked, str):
        assert "does nothing here" in asked, f"{pair}: refused in the entry, and not as a default: {asked}"
        return "idle there"
    assert entry == getattr(asked.spec, group)[name], str(pair)
    return "acts"


def _by_lever(pair: Pair, file: Path) -> str:
    """What a key does that a lever sets: `acts` or `refused`."""
    before = _company(pair.path[:2], as_text(pair.sample.given))
    asked = _made(_changed(before, pair))
    change = {path: {"set": value} for path, value in _change(before, pair).items()}  # else mappings merge
    file.write_text(json.dumps({"lever": "one", "change": change}))
    try:
        found = Scenario.from_dict(before, FOLDER).with_levers(str(file))
    except ScenarioError as refused:
        named = any(part in str(refused) for part in pair.path[2:] or pair.path)
        assert named, f"{pair}: {refused}"  # noqa: PT017
        return "refused" if isinstance(asked, str) else f"refused in a lever only: {refused}"
    assert isinstance(asked, Scenario), f"{pair}: refused in a file, and not in a lever: {asked}"
    assert found.spec == asked.spec, str(pair)
    return "acts"


def _defaults(several: list[Pair]) -> Counter[str]:
    counted = Counter(_by_default(pair) for pair in several if pair.key.path[0] in DEFAULTED)
    print("defaults:", dict(counted))
    return counted


def _levers(several: list[Pair], file: Path) -> set[str]:
    found = Counter(_by_lever(pair, file) for pair in several)
    print("levers:", dict(found))
    return set(found)


def test_some_keys_as_defaults_and_in_levers(tmp_path: Path) -> None:
    """Each eighteenth, so that it takes seconds; all of them below."""
    assert _defaults(WRITTEN[::18])["acts"] > 10
    assert _levers(WRITTEN[::18], tmp_path / "one.yaml") == {"acts", "refused"}


@pytest.mark.slow
def test_each_key_as_a_default() -> None:
    counted = _defaults(WRITTEN)
    assert counted.total() == 405
    assert counted["acts"] > 100


@pytest.mark.slow
def test_each_key_in_a_lever(tmp_path: Path) -> None:
    assert _levers(WRITTEN, tmp_path / "one.yaml") == {"acts", "refused"}
