"""Reading YAML files: plain values with their places, and nothing that could do harm.

The values are composed here from the parser's events, so that duplicate keys, depth and the number of values
behind aliases are checked while reading, before anything is built from them. Tags are refused: a file holds
text, numbers, truth values, lists and mappings.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from funnelsim import disk
from funnelsim.errors import Problem, ScenarioError
from funnelsim.text import visible

from ..forms.base import found
from ..forms.signs import missing_colon, ordinary
from . import beside, misleading
from .document import Block, Items, Limits, Mark, PlusFloat, PlusInt
from .encodings import EncodingError, decoded

_FOLLOWS = 3
"""So many lines after a slip the parser may find out about it."""
_MOST_SLIPS = 20
_COLON = re.compile(" *:")
_ZEROS = re.compile(r"[+-]?0\d[\d_]*(\.\d*)?")
_PARTED = re.compile(r"\d{3}(\.\d+)?(?!\d)(\s*[^\d\s].*)?")
_ZEROS_ALONE = re.compile(r"0\d\d")
_DECIMALS = re.compile(r"\d+(\s*[^\d\s].*)?")
_ENDLESS = re.compile(r"[^\s,:{}\[\]]{1024}")
_GROUPS = re.compile(r"(,\d{3}(?!\d))*([^\d,{}\[\]\n#][^,{}\[\]\n#]*)?")
_MAPPING_BEGINS = re.compile(r"[：＝]\s*[{\[]")
_WIDE_INDENT = re.compile("[\u3000\u00a0]")
_INT = re.compile(r"[+-]?\d[\d_]{0,40}")
_FLOAT = re.compile(r"[+-]?(\d[\d_]{0,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?")
_CONSTANTS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}


MERGE_KEY = (
    "merge keys (<<) are not read; write what all teams or stages share under `defaults:`, and what another file "
    "has with `extends:`"
)
"""What to do where YAML of other tools merges mappings."""

KEYS = "name, horizon, stages"
"""Keys of a scenario, for messages."""

TABLES_ELSEWHERE = "put long lists of values, deals or points into a CSV file"
"""What to do with a YAML file that is too long."""


def read_file(path: Path, name: str | None = None, keys: str = KEYS) -> Block:
    """The document in a file; a command that needs it again gets the same one.

    Parameters
    ----------
    path : Path
        The file.
    name : str, optional
        What to call it in messages; default the path as given.
    keys : str
        Keys that such a file has, for the message that it has none.

    Raises
    ------
    ScenarioError
        If the file cannot be read, is too large, is no text, or is no YAML.
    """
    name = name or str(path)
    known = disk.made_of_inputs()
    if (path, name) in known:
        return known[path, name]
    try:
        content = disk.read(path, Limits.size)
    except disk.UnreadableError as error:
        close = beside.meant(path) if isinstance(error.__cause__, FileNotFoundError) else ""
        raise ScenarioError([Problem("", f"{error}{close}", name, code=error.code)]) from error
    known[path, name] = read_bytes(content, name, keys)
    return known[path, name]


def read_bytes(content: bytes, name: str, keys: str = KEYS) -> Block:
    """The document in the bytes of a file called ``name``; see `read_file`."""
    if len(content) > Limits.size:
        raise ScenarioError(
            [Problem("", f"a file may have at most {Limits.size:,} bytes", name, 1, 1, code="E-size-file")]
        )
    try:
        text = decoded(content)
    except EncodingError as error:
        raise ScenarioError([Problem("", str(error), name, error.line, error.column, code=error.code)]) from None
    return read_text(text, name, keys)


def read_text(text: str, name: str = "", keys: str = KEYS) -> Block:
    """The document in a text; see `read_file`."""
    if len(text) > Limits.text:
        message = (
            f"a YAML file may have at most {Limits.text:,} characters, found {len(text):,}; {TABLES_ELSEWHERE}"
        )
        raise ScenarioError([Problem("", message, name, 1, 1, code="E-size-file")])
    try:
        document = _Composer(name).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        message = f"not YAML: {' '.join(str(error.problem or error.context).split())}"
        if _ENDLESS.search(text):
            message += "; a key has at most 1,024 characters"
        raise ScenarioError(
            _alone(_explained(text, Problem("", message, name, line, column, code="E-yaml")))
        ) from None
    except ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        message = f"not text: the character {error.character!r} is not allowed"
        raise ScenarioError([Problem("", message, name, line, 1, code="E-yaml")]) from None
    except (YAMLError, ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError) as error:
        # The parser meets some broken files with errors of its own code.
        raise ScenarioError([Problem("", f"not YAML: {str(error)[:200]}", name, 1, 1, code="E-yaml")]) from error
    if not isinstance(document, Block):
        message = f"expected a mapping of keys such as {keys}; found {found(document)}"
        raise ScenarioError(_explained(text, Problem("", message, name, 1, 1, code="E-value-shape")))
    return document


def _explained(text: str, problem: Problem) -> list[Problem]:
    """What is wrong with a file that is no YAML: signs that look like others, and what else the parser says."""
    slips = [
        Problem("", said, problem.file, line, column, code="E-yaml")
        for line, column, said in misleading.lines(text)
    ]
    caused = any(problem.line - _FOLLOWS <= slip.line <= problem.line for slip in slips)
    caused |= any(misleading.INDENTED in slip.message and slip.line <= problem.line for slip in slips)
    return slips[:_MOST_SLIPS] if caused else [*slips[:_MOST_SLIPS], problem]


def _alone(problems: list[Problem]) -> list[Problem]:
    """Problems of a file that cannot be looked into any further, which the last of them says."""
    *others, last = problems
    if not last.file:
        return problems
    what = "these are" if others else "this is"
    said = f"{last.message}; what else may be wrong in the file shows when {what} mended"
    return [*others, replace(last, message=said)]


def parse_value(text: str) -> Any:
    """One value as it would be read from a file, for ``PATH=VALUE`` on a command line.

    Raises
    ------
    ScenarioError
        If it is none, or if there is something that would not act: a second line, or a comment.
    """
    if len(text.rstrip().splitlines()) > 1:
        raise ScenarioError(
            [
                Problem(
                    "",
                    f"a value stands on one line, found text after a line break: {found(text)}",
                    code="E-option-value",
                )
            ]
        )
    value = read_text(f"value: {text}")["value"]
    for sign in re.finditer(r"\s#", text):
        try:
            before = read_text(f"value: {text[: sign.start()]}")["value"]
        except ScenarioError:
            continue  # it stands in quotation marks
        if before == value:
            message = (
                f"what follows # is a comment, which has no place here: {found(text[sign.start() :].strip())}"
            )
            raise ScenarioError([Problem("", message, code="E-option-value")])
    return value


class _Composer:
    """Builds a document from the parser's events; collects the problems it can go on after."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.nodes = 0
        self.text = ""
        self.written = 0

    def compose(self, text: str) -> Any:
        documents: list[Any] = []
        stack: list[_Open] = []
        self.text = text
        for event in YAML(typ="safe", pure=True).parse(text):
            if isinstance(event, DocumentStartEvent) and documents:
                self._fail(
                    event, "a file holds one document, found a second one after ---", code="E-yaml-documents"
                )
            elif isinstance(event, MappingStartEvent | SequenceStartEvent):
                self._check_node(event, len(stack))
                stack.append(_Open(event, self.nodes))
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                closed = stack.pop()
                value = closed.close(self.file)
                self._anchor(closed.event, value, self.nodes - closed.before + 1)
                self._place(stack, documents, value, closed.event)
            elif isinstance(event, ScalarEvent):
                self._check_node(event, len(stack))
                value = _scalar(event)
                self._anchor(event, value, 1)
                self._place(stack, documents, value, event)
            elif isinstance(event, AliasEvent):
                self._place(stack, documents, self._alias(event), event)
        if self.problems:
            raise ScenarioError(_alone(self.problems))
        return documents[0] if documents else None

    def _check_node(self, event: Any, depth: int) -> None:
        self._count(event, 1)
        self.written += 1
        if self.written > Limits.written:
            self._fail(
                event,
                f"a YAML file may hold at most {Limits.written:,} values; {TABLES_ELSEWHERE}",
                code="E-size-file",
            )
        if depth >= Limits.depth:
            self._fail(event, f"values may be nested at most {Limits.depth} deep", code="E-size-file")
        tag = getattr(event, "tag", None)
        if tag is not None and str(tag) not in ("!",):
            self._note(event, f"tags are not allowed, found {str(tag)[:60]!r}", code="E-yaml-tag")

    def _count(self, event: Any, number: int) -> None:
        self.nodes += number
        if self.nodes > Limits.nodes:
            self._fail(
                event,
                f"a file may hold at most {Limits.nodes:,} values, those behind aliases included",
                code="E-size-file",
            )

    def _anchor(self, event: Any, value: Any, size: int) -> None:
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, size)

    def _alias(self, event: AliasEvent) -> Any:
        if event.anchor not in self.anchors:
            self._fail(event, f"the alias *{event.anchor} has no anchor before it", code="E-yaml-alias")
        value, size = self.anchors[event.anchor]
        self._count(event, size)
        return value

    def _place(self, stack: list[_Open], documents: list[Any], value: Any, event: Any) -> None:
        if not stack:
            documents.append(value)
            return
        message = stack[-1].take(value, event, self.text)
        if message:
            path = ".".join(str(part.key) for part in stack if part.key is not None)
            self._note(event, message, path, code="E-yaml-key")

    def _note(self, event: Any, message: str, path: str = "", *, code: str) -> None:
        mark = event.start_mark
        self.problems.append(Problem(path, message, self.file, mark.line + 1, mark.column + 1, code=code))

    def _fail(self, event: Any, message: str, *, code: str) -> None:
        self._note(event, message, code=code)
        raise ScenarioError(self.problems)


class _Open:
    """A mapping or list that is being read."""

    def __init__(self, event: Any, before: int) -> None:
        self.event = event
        self.before = before
        self.mapping = isinstance(event, MappingStartEvent)
        self.content: list[tuple[Any, Any, Any, Any]] = []  # key, its place, value, its place
        self.key: str | None = None
        self.key_mark: Any = None
        self.key_end = 0
        self.expects_value = False
        self.colon = True
        self.parted_until = 0
        self.seen: dict[str, int] = {}

    def take(self, value: Any, event: Any, text: str) -> str | None:
        """Take the next key or value; returns what is wrong with it, if anything."""
        if not self.mapping:
            before = self.content[-1][2] if self.content else None
            self.content.append((len(self.content), event.start_mark, value, event.start_mark))
            at = event.start_mark.index
            parted = isinstance(value, str) and _ZEROS_ALONE.fullmatch(value) and text[at - 1 : at] == ","
            if parted and isinstance(before, int):
                return f"a comma parts the items of a list, numbers too; write {before}_{value}"
            return None
        if self.expects_value:
            self.expects_value = False
            self.content.append((self.key, self.key_mark, value, event.start_mark))
            lacks = value is None and not self.colon and self.key_mark.index >= self.parted_until
            return self._without_colon(text) if lacks else None
        self.expects_value, self.key_mark, self.key_end = True, event.start_mark, event.end_mark.index
        self.colon = _COLON.match(text, event.end_mark.index) is not None
        if not isinstance(event, ScalarEvent):
            self.key = None
            return "a key must be text"
        self.key = visible(unicodedata.normalize("NFC", event.value))
        if self.key == "<<":
            return MERGE_KEY
        if _MAPPING_BEGINS.search(self.key):
            return missing_colon(self.key)
        if _WIDE_INDENT.match(event.value) and event.style is None:
            return misleading.WIDE_INDENT
        if self.key in self.seen and not self._parts():
            return f"the key {self.key!r} stands twice, first in line {self.seen[self.key]}"
        self.seen[self.key] = event.start_mark.line + 1
        return None

    def _parts(self) -> bool:
        """Whether the key is a piece of a number that commas part."""
        before = self.content[-1] if self.content else (None, None, None, None)
        behind = re.search(r"\d$", str(before[2])) or (before[2] is None and _PARTED.fullmatch(str(before[0])))
        return bool(behind) and _PARTED.fullmatch(self.key or "") is not None

    def _without_colon(self, text: str) -> str | None:
        """What is wrong with a key that has neither a colon nor a value behind it, if that can be told."""
        before = self.content[-2][2] if len(self.content) > 1 else None
        if _PARTED.fullmatch(self.key or "") and re.search(r"\d$", str(before)):
            rest = _GROUPS.match(text, self.key_end)[0].rstrip()  # type: ignore[index]
            self.parted_until = self.key_end + len(rest)
            number = f"{before}_{self.key}{rest.replace(',', '_')}"
            return f"a comma parts what stands in braces, numbers too; write {number}"
        if _DECIMALS.fullmatch(self.key or "") and re.fullmatch(r"-?\d+", str(before)):
            return f"a comma parts what stands in braces, numbers too; write {before}.{self.key}"
        return missing_colon(self.key or "")

    def close(self, file: str) -> Any:
        """The finished mapping or list."""
        marks = {
            key: Mark(file, at.line + 1, at.column + 1, value_at.line + 1, value_at.column + 1)
            for key, at, _, value_at in self.content
        }
        if self.mapping:
            return Block({key: value for key, _, value, _ in self.content}, marks)
        return Items([value for _, _, value, _ in self.content], marks)


def _scalar(event: ScalarEvent) -> Any:
    """The value of a scalar by the core schema of YAML 1.2; dates, durations and the rest stay text."""
    # What would be obeyed by a terminal is written out here, so that it is nowhere else to be thought of.
    text = visible(unicodedata.normalize("NFC", event.value), breaks=event.style in ("|", ">"))
    plain = ordinary(text)
    if event.style in ("'", '"', "|", ">"):
        return text
    lowered = text.lower() if len(text) <= 5 else text
    if lowered in _CONSTANTS and text in (lowered, lowered.upper(), lowered.capitalize()):
        return _CONSTANTS[lowered]
    if _ZEROS.fullmatch(plain):
        return text  # a number with zeros in front is one elsewhere, to the base 8, or a text of digits
    if _INT.fullmatch(plain):
        return (PlusInt if plain.startswith("+") else int)(plain.replace("_", ""))
    if _FLOAT.fullmatch(plain):
        number = (PlusFloat if plain.startswith("+") else float)(plain.replace("_", ""))
        return number if math.isfinite(number) else text
    return text
