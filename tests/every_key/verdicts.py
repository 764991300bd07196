"""What a change of one key in one place does: it acts, it is refused, it only names, or it does nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from unittest.mock import patch

import funnelsim as fs
from funnelsim.engine import compiled
from funnelsim.errors import ScenarioError
from funnelsim.model.compile import compile_model
from funnelsim.scenario import Scenario
from funnelsim.scenario.changing.extended import FILE
from funnelsim.scenario.forms.base import Names
from funnelsim.scenario.reading.document import plain
from funnelsim.scenario.reading.reader import read_file
from random_scenarios.laws import digest

from .samples import NAMES, PLACES, SAMPLES, Sample
from .walk import LISTED, NAMED, Key, keys

FOLDER = Path(__file__).parent
SEED = 3
FROM = "2026-01-12"
KIND = "small"
IN_PHASE, BY_KIND, DATED = "in a phase", "by kind", "dated"


@dataclass(frozen=True)
class Pair:
    """A key in a place where the language takes it."""

    key: Key
    place: str
    entry: str = ""
    way: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """The path of the key in the company."""
        return tuple(self.entry if part == NAMED else part for part in self.key.path)

    @property
    def sample(self) -> Sample:
        """The value that it is given."""
        found = SAMPLES[self.key.name]
        found = found if isinstance(found, Sample) else Sample(found)
        return found.instead.get(self.way) or found.instead.get(self.place, found)

    def __str__(self) -> str:
        return f"{self.key.name} [{self.place}{', ' + self.way if self.way else ''}]"


@dataclass(frozen=True)
class Verdict:
    """What was found: `acts`, `refused`, `names`, or `nothing`, and what was said."""

    word: str
    said: str = ""


def pairs() -> list[Pair]:
    """Every key in every place, written there, given by kind of lead, by dates, and from a phase on."""
    return [pair for key in keys() if key.name in SAMPLES for pair in _of(key)]


def _of(key: Key) -> Iterator[Pair]:
    for place, entry in PLACES.get(key.path[0], {key.path[0]: ""}).items():
        yield Pair(key, place, entry)
        if key.by_kind:
            yield Pair(key, place, entry, BY_KIND)
        if key.dated:
            yield Pair(key, place, entry, DATED)
        yield Pair(key, place, entry, IN_PHASE)


def verdict(pair: Pair) -> Verdict:
    """What changing the key there does."""
    before = _company(pair.path[:2], as_text(pair.sample.given))
    try:
        after = Scenario.from_dict(_changed(before, pair), FOLDER)
    except ScenarioError as refused:
        return _refusal(pair, refused)
    old = _Run.of(as_text(before))
    new = _Run(after)
    if old.digest != new.digest:
        return Verdict("acts")
    if old.figures != new.figures:
        return Verdict("acts", "a figure")
    if pair.key.name in NAMES and old.scenario.fingerprint == after.fingerprint:
        return Verdict("names")
    told = [warning for warning in after.warnings if warning not in old.scenario.warnings]
    return Verdict("nothing", "; ".join(told))


@dataclass(frozen=True)
class _Run:
    """One replication of a scenario."""

    scenario: Scenario

    @classmethod
    @cache
    def of(cls, text: str) -> _Run:
        """That of a document, once."""
        return cls(Scenario.from_dict(json.loads(text), FOLDER))

    @cached_property
    def digest(self) -> str:
        """A hash of its records."""
        with patch("funnelsim.model.compile.check_size"):  # the company is small, and to show that takes longest
            model = compile_model(self.scenario)
        return digest(compiled.run(model, SEED, 0))

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """All its figures, without the names of their units."""
        result = fs.simulate(self.scenario, replications=1, seed=SEED)
        tables = (result.kpis, result.stages, result.teams)
        return tuple(table.drop(columns="unit").to_csv() for table in tables)


@cache
def _company(entry: tuple[str, ...], given: str) -> dict[str, Any]:
    made = company()
    for path, value in json.loads(given).items():
        made = laid(made, tuple(path.replace("~", ".".join(entry)).split(".")), value)
    return made


@cache
def company() -> dict[str, Any]:
    """The company of the file, in long form."""
    document = read_file(FOLDER / "company.yaml")
    return dict(plain(FILE.expand(document, Names.of(document))))


def as_text(document: Mapping[str, Any]) -> str:
    """A document as a key of what is remembered."""
    return json.dumps(document)


def laid(document: Any, path: tuple[str, ...], value: Any) -> Any:
    """A copy of a document with one value set, or with none removed."""
    made = deepcopy(document)
    node = made
    for at, part in enumerate(path[:-1]):
        if isinstance(node, list):
            node = node[int(part)]
            continue
        if node.get(part) is None:
            node[part] = [{}] if path[at + 1].isdecimal() else {}
        node = node[part]
    if value is None:
        node.pop(path[-1], None)
    elif isinstance(node, list):
        node[int(path[-1])] = value
    else:
        node[path[-1]] = value
    return made


def at(document: Any, path: tuple[str, ...]) -> Any:
    """What stands at a path, if anything does."""
    for part in path:
        if document is None:
            return None
        document = document[int(part)] if isinstance(document, list) else document.get(part)
    return document


def _changed(before: dict[str, Any], pair: Pair) -> dict[str, Any]:
    value = pair.sample.value
    if pair.way == IN_PHASE:
        phase = {"from": FROM, "change": _change(before, pair)}
        return {**before, "phases": [*before.get("phases", []), phase]}
    if pair.way == DATED:
        return laid(before, pair.path, {"start": at(before, pair.path), FROM: value})
    after = laid(before, pair.path, value)
    if pair.way != BY_KIND:
        return after
    whole = pair.path[: pair.key.by_kind]
    old = at(before, whole)
    return laid(after, whole, {KIND: at(after, whole), **({} if old is None else {"else": old})})


def _change(before: dict[str, Any], pair: Pair) -> dict[str, Any]:
    """The change that sets the key; of a list the whole, as lists are replaced."""
    if LISTED not in pair.path:
        return {".".join(pair.path): pair.sample.value}
    whole = pair.path[: pair.path.index(LISTED)]
    return {".".join(whole): at(laid(before, pair.path, pair.sample.value), whole)}


def _bare(path: str, way: str) -> str:
    """A path without the phase and the kind of lead in which it is."""
    path = re.sub(r"^phases\.\d+\.change\.", "", path)
    return path.replace(f".{KIND}.", ".") if way == BY_KIND else path


def _refusal(pair: Pair, refused: ScenarioError) -> Verdict:
    own = ".".join(pair.path)
    for problem in refused.problems:
        path = _bare(problem.path, pair.way)
        near = path == own or own.startswith(path + ".") or path.startswith(own + ".")
        if problem.message.strip() and near:
            return Verdict("refused", f"{problem.path}: {problem.message}")
    return Verdict("refused elsewhere", str(refused))


def digest_of(document: Mapping[str, Any]) -> str:
    """A hash of the records of a document."""
    return _Run.of(as_text(document)).digest
