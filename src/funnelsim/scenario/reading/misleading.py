"""Lines of a file that are no YAML because of signs that look like others, and what to type there.

They are looked for where a file cannot be read, since the parser finds out some lines later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..forms.signs import missing_colon

_INDENT = re.compile(r"[ \t\u00a0\u3000]*")
_SPACED = re.compile(r"[^\s:\"']+:[\u00a0\u3000]")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_FLOW = {"｛": "{", "｝": "}", "［": "[", "］": "]", "，": ",", "、": ",", "：": ":"}
_PERCENT_BEHIND = re.compile(r"\]\s*[%％]")
_BEGINS_WITH_BRACKET = re.compile(r"^[^\s:{\[]+:\s+(\[[^\[\],]*\][^\s,\]}#:].*|\{[^{},:]*\}[^\s,\]}#:].*)$")
_TEXT_BEGINS = re.compile(r"[:-]\s*[|>][-+\d]*\s*(#.*)?$")


INDENTED = "the line is indented with"
WIDE_INDENT = f"{INDENTED} a full-width space; type ordinary spaces"


def lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Line, column and message of each slip, in order; text blocks and comments are left out."""
    block: int | None = None
    goes_on = _Mappings()
    for number, line in enumerate(text.splitlines(), start=1):
        indent = len(_INDENT.match(line)[0])  # type: ignore[index]
        if not line.strip():
            continue
        spaces = len(line) - len(line.lstrip(" "))
        if block is not None and spaces > block:
            continue
        block = spaces if _TEXT_BEGINS.search(line) else None
        dash = goes_on.dash(spaces, line.strip())
        found = _indentation(line[:indent]) or _content(line[indent:]) or dash
        if found is not None:
            column, message = found
            yield number, column + (indent if column else 1), message


class _Mappings:
    """The mappings that are open above a line."""

    def __init__(self) -> None:
        self._keys: dict[int, bool] = {}  # by indentation whether the last key there has its value already

    def dash(self, indent: int, content: str) -> tuple[int, str] | None:
        """The slip of a line that is an item of a list where a mapping goes on."""
        if content.startswith("#"):
            return None
        deeper = [at for at in self._keys if at > indent]
        for at in deeper:
            del self._keys[at]
        if content.startswith("- "):
            done = self._keys.get(indent, False) or bool(deeper and indent in self._keys)
            better = content.removeprefix("- ")
            return (1, f"a dash stands where a mapping goes on; write `{better}` without it") if done else None
        self._keys[indent] = not content.endswith(":")
        return None


def _indentation(indent: str) -> tuple[int, str] | None:
    for sign, name in (("\u3000", "a full-width space"), ("\t", "a tab"), ("\u00a0", "a no-break space")):
        if sign in indent:
            return 0, f"{INDENTED} {name}; type ordinary spaces"
    return None


def _content(content: str) -> tuple[int, str] | None:
    """The slip in a line without its indentation, and its column there."""
    if content.startswith("＃"):
        return 1, "'＃' begins no comment; type #"
    bare = _QUOTED.sub(lambda quoted: "'" * len(quoted[0]), content).partition(" #")[0].rstrip()
    if bare.startswith("#"):
        return None
    if _PERCENT_BEHIND.search(bare):
        return bare.index("]") + 1, "% stands behind each number of a list; write [25 %, 50 %], or [0.25, 0.5]"
    bracket = _BEGINS_WITH_BRACKET.search(bare)
    if bracket is not None:
        return bracket.start(1) + 1, f'text that begins with a bracket needs quotation marks: "{bracket[1]}"'
    item = re.match(r"(?:- +)*", bare)[0]  # type: ignore[index]
    spaced = _SPACED.match(bare, len(item))
    if spaced is not None:
        return spaced.end(), "the space behind the colon is not an ordinary one; type a space"
    better = missing_colon(bare[len(item) :]) if not re.search(r":\s|[{\[]", bare) else None
    if better is not None:
        return len(item) + 1, better
    for sign, ours in _FLOW.items() if re.search(r"[{\[｛［]", bare) else ():
        if sign in bare:
            return bare.index(sign) + 1, f"{sign!r} is a full-width sign; type {ours}"
    return None
