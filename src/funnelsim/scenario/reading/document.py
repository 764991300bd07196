"""Documents: the plain values of a file, which remember where they stand in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from funnelsim.errors import Problem, ScenarioError
from funnelsim.text import visible

from ..forms.base import Fault, Path


@dataclass(frozen=True)
class Mark:
    """A place in a file, counted from 1: where a key stands, and where its value does."""

    file: str
    line: int
    column: int
    value_line: int
    value_column: int


class Block(dict[str, Any]):
    """A mapping of a document, with the place of each key."""

    def __init__(self, content: Mapping[str, Any] | None = None, marks: Mapping[str, Mark] | None = None) -> None:
        super().__init__(content or {})
        self.marks: dict[str, Mark] = dict(marks or {})

    def like(self, content: Mapping[str, Any]) -> Block:
        """Another mapping whose keys stand where they stand here."""
        return Block(content, self.marks)


class Items(list[Any]):
    """A list of a document, with the place of each item."""

    def __init__(self, content: Iterable[Any] = (), marks: Mapping[int, Mark] | None = None) -> None:
        super().__init__(content)
        self.marks: dict[int, Mark] = dict(marks or {})

    def like(self, content: Iterable[Any]) -> Items:
        """Another list whose items stand where they stand here."""
        return Items(content, self.marks)


class PlusInt(int):
    """A whole number that was written with a plus sign."""


class PlusFloat(float):
    """A number that was written with a plus sign."""


class Limits:
    """What a document may hold, so that no file exhausts memory."""

    size = 5_000_000
    """Bytes in a file."""
    depth = 40
    """Mappings and lists inside one another."""
    nodes = 300_000
    """Values, those behind aliases counted every time."""
    text = 500_000
    """Characters of a YAML file: reading a million takes some seconds."""
    written = 25_000
    """Values that are written out in a YAML file; reading one takes about a tenth of a millisecond."""


def plain(document: Any) -> Any:
    """The document as ordinary dicts and lists."""
    if isinstance(document, Mapping):
        return {key: plain(value) for key, value in document.items()}
    if isinstance(document, list | tuple):
        return [plain(value) for value in document]
    return document


def is_study(document: Mapping[str, Any]) -> bool:
    """Whether a document is a study rather than a scenario."""
    return "study" in document or ("base" in document and "stages" not in document)


class _Budget:
    """Counts values while a document is copied."""

    def __init__(self) -> None:
        self.left = Limits.nodes

    def spend(self, depth: int) -> None:
        self.left -= 1
        if self.left < 0:
            raise ScenarioError(
                [Problem("", f"a scenario may hold at most {Limits.nodes:,} values", code="E-size-file")]
            )
        if depth > Limits.depth:
            raise ScenarioError(
                [Problem("", f"values may be nested at most {Limits.depth} deep", code="E-size-file")]
            )


def block(document: Any) -> Any:
    """A document made in Python as a `Block`: keys and dates as text, everything copied."""
    return _block(document, 0, _Budget())


def _block(value: Any, depth: int, budget: _Budget) -> Any:
    budget.spend(depth)
    if isinstance(value, Mapping):
        marks = value.marks if isinstance(value, Block) else None
        return Block({_text(str(key)): _block(item, depth + 1, budget) for key, item in value.items()}, marks)
    if isinstance(value, list | tuple):
        marks_of_items = value.marks if isinstance(value, Items) else None
        return Items((_block(item, depth + 1, budget) for item in value), marks_of_items)
    if isinstance(value, str):
        return _text(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "item"):  # a NumPy scalar
        return value.item()
    return value


def _text(text: str) -> str:
    """Text in the one form in which equal-looking names are equal, and nothing in it is hidden."""
    return visible(unicodedata.normalize("NFC", text), breaks=True)


def mark_of(document: Any, path: Path) -> tuple[Mark | None, bool]:
    """The place of the deepest part of ``path`` that is known, and whether the fault lies in its value.

    It does where the whole path is known, and where the rest of the path is inside a short form.
    """
    best, in_value = None, False
    for index, key in enumerate(path):
        marks = getattr(document, "marks", None)
        mark = marks.get(key) if marks is not None else None
        try:
            document = document[key]
        except (KeyError, IndexError, TypeError):
            document = None
        if mark is not None:
            best, in_value = mark, index == len(path) - 1 or not getattr(document, "marks", None)
    return best, in_value


def problem(document: Any, fault: Fault, file: str = "") -> Problem:
    """A fault as a problem with its place in the file."""
    path = ".".join(str(part) for part in fault.path)
    mark, in_value = mark_of(document, fault.path)
    if mark is None:
        return Problem(
            path, fault.message, file, 1 if file else 0, 1 if file else 0, bool(fault.missing), code=fault.code
        )
    if in_value and not fault.key:
        return Problem(
            path,
            fault.message,
            mark.file,
            mark.value_line,
            mark.value_column,
            bool(fault.missing),
            code=fault.code,
        )
    return Problem(path, fault.message, mark.file, mark.line, mark.column, bool(fault.missing), code=fault.code)


MOST_ALIKE = 3
_IN_A_LIST = re.compile(r"\.\d+(?=\.|$)")


def folded(problems: Sequence[Problem]) -> list[Problem]:
    """Problems of which those in many items of one list, such as the rows of a file, are told by the first."""
    groups: dict[tuple[str, str], list[Problem]] = {}
    for one in problems:
        groups.setdefault((one.file, _IN_A_LIST.sub(".*", one.path)), []).append(one)
    kept = []
    for (_, path), alike in groups.items():
        if len(alike) <= MOST_ALIKE or "*" not in path:
            kept += alike
        else:
            kept.append(replace(alike[0], message=f"{alike[0].message} (and {len(alike) - 1:,} more like it)"))
    return kept


def flow(content: Any) -> str:
    """A value as it may be typed after ``--set PATH=``: ``4``, ``{add: 1}``, ``[fifo, lifo]``."""
    if isinstance(content, Mapping):
        return "{" + ", ".join(f"{key}: {flow(value)}" for key, value in content.items()) + "}"
    if isinstance(content, list | tuple):
        return "[" + ", ".join(map(flow, content)) + "]"
    if content is None or isinstance(content, bool):
        return {None: "null", True: "true", False: "false"}[content]
    return str(content)


def copied(content: Any) -> Any:
    """A copy of a document down to its leaves, places included."""
    if isinstance(content, Mapping):
        made = {key: copied(value) for key, value in content.items()}
        return content.like(made) if isinstance(content, Block) else Block(made)
    if isinstance(content, list):
        items = [copied(value) for value in content]
        return content.like(items) if isinstance(content, Items) else Items(items)
    return content


MOST_PLACES = 5


def once(faults: list[Fault]) -> list[Fault]:
    """What is missing is told once, where it is first spoken of, and where else that is."""
    kept: dict[object, list[Fault]] = {}
    for number, fault in enumerate(faults):
        in_row = fault.path[:1] == ("opening",)  # of which `folded` tells the first
        kept.setdefault(number if in_row else fault.missing or number, []).append(fault)
    return [_with_places(*same) for same in kept.values()]


def _with_places(first: Fault, *others: Fault) -> Fault:
    if not others:
        return first
    places = list(dict.fromkeys(".".join(map(str, one.path)) for one in others))
    more = f" and {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else ""
    return replace(first, message=f"{first.message} (also in {', '.join(places[:MOST_PLACES])}{more})")
