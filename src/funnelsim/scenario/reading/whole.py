"""A shipped scenario as one whole text: what it extends is written in, with the comments of both.

It works on lines, as comments belong to lines. The shipped files keep to one way of writing that makes this
enough: each key on a line of its own, and what lies under it deeper to the right. A test holds that every
template, made whole, means what it meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from . import library
from .encodings import decoded

_KEY = re.compile(r"(?P<indent> *)(?P<key>[^\s#:\-][^:]*):(?:\s+(?P<value>[^#\s].*))?(?:\s*#.*)?$")
_EXTENDS = "extends"
_EVIDENCE = "evidence"

_STAR = "*"  # in a path: each of several names


@dataclass
class _Part:
    """A key with all its lines: those before it (blank ones, comments), its own, and the parts under it."""

    key: str
    before: list[str]
    line: str
    value: str | None
    parts: list[_Part] = field(default_factory=list)

    def lines(self) -> list[str]:
        return [*self.before, self.line, *(line for part in self.parts for line in part.lines())]

    @property
    def simple(self) -> bool:
        """Whether the value stands on the line itself."""
        return self.value is not None

    @property
    def nothing(self) -> bool:
        """Whether it takes away what it stands over."""
        return self.value is not None and self.value.split("#")[0].strip() in ("null", "~")

    def has(self, path: Sequence[str]) -> bool:
        """Whether something may stand at a path below; what is in a value on one line is not looked at."""
        if not path or self.simple:
            return True
        return any(part.has(path[1:]) for part in self.parts if path[0] in (_STAR, part.key))

    def laid_over(self, below: _Part) -> _Part:
        """This part where `below` stood: merged key by key, unless one of the two is a plain value."""
        if self.simple or below.simple:
            return _Part(self.key, self.before or below.before, self.line, self.value, self.parts)
        return _Part(self.key, below.before, below.line, None, merged(below.parts, self.parts))


def merged(below: list[_Part], above: list[_Part]) -> list[_Part]:
    """Two lists of parts as one, in the order of the lower one; new ones stand behind the one they came after."""
    parts, place = list(below), len(below)
    for one in above:
        found = next((at for at, part in enumerate(parts) if part.key == one.key), None)
        if found is None:
            if not one.nothing:
                parts.insert(place, one)
                place += 1
        elif one.nothing:
            del parts[found]
            place = found
        else:
            parts[found] = one.laid_over(parts[found])
            place = found + 1 if found + 1 < len(parts) else len(parts)
    return parts


def whole(path: Path) -> str:
    """The text of a shipped scenario; if it extends another, both as one, without the comment at its head."""
    text = decoded(path.read_bytes())
    parts = _parts(text.splitlines())
    base = next((part for part in parts if part.key == _EXTENDS), None)
    if base is None:
        return text
    below = library.template((base.value or "").split("#")[0].strip())
    parts = merged(_parts(whole(below).splitlines()), [part for part in parts if part is not base])
    parts[0].before = []
    _without_stale_records(parts)
    _spaced(parts)
    return "\n".join(line for part in parts for line in part.lines()) + "\n"


def _without_stale_records(parts: list[_Part]) -> None:
    """Takes away how a number is known that the upper file has taken away."""
    root = _Part("", [], "", None, parts)
    for part in parts:
        if part.key == _EVIDENCE:
            part.parts = [record for record in part.parts if root.has(record.key.split("."))]


def _spaced(parts: list[_Part]) -> None:
    """Puts a blank line between a section and its neighbours."""
    for previous, part in pairwise(parts):
        if (previous.parts or part.parts) and part.before[:1] != [""]:
            part.before = ["", *part.before]


def _parts(lines: list[str]) -> list[_Part]:
    """The parts of a text. What is no key (an item of a list, a second line of a value) is a part of no name."""
    root = _Part("", [], "", None)
    open_parts: list[tuple[int, _Part]] = [(-1, root)]
    before: list[str] = []
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            before.append(line)
            continue
        match = _KEY.match(line)
        indent = len(line) - len(line.lstrip(" "))
        while open_parts[-1][0] >= indent:
            open_parts.pop()
        part = _Part(match["key"] if match else line, before, line, match["value"] if match else line)
        open_parts[-1][1].parts.append(part)
        open_parts.append((indent, part))
        before = []
    return root.parts
