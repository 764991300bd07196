"""Signs that look like those of the language and are not: full-width ones, dashes, curly quotes."""

from __future__ import annotations

import re

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), "-")
_SPACES = dict.fromkeys((0x3000, 0x00A0, 0x2007, 0x2009, 0x202F), " ")
_WAVES = {0x301C: "~", 0x3001: ",", 0xFFE5: "¥", 0xFFE0: "¢", 0xFFE1: "£"}
_ORDINARY: dict[int, str | int] = {**_FULL_WIDTH, **_DASHES, **_SPACES, **_WAVES}

QUOTES = "“”„«»「」『』‘’＂＇"

_NAME = r"[^\s:：=＝,，、{}\[\]]+"
_NO_COLON = re.compile(rf"({_NAME})\s*(?:：|＝|=)\s*(\S.*)?")
_NO_SPACE = re.compile(rf"(?!\d)({_NAME}):([^\s/].*)")
_WIDE_SPACE = re.compile(rf"({_NAME}):[\u00a0\u2007\u2009\u202f\u3000]\s*(\S.*)")
_NO_VALUE = re.compile(rf"(?!\d)({_NAME}):")


def ordinary(text: str) -> str:
    """Text with its full-width signs, its dashes and its spaces as those of ASCII."""
    return text if text.isascii() else text.translate(_ORDINARY)


def missing_colon(text: str) -> str | None:
    """What to type for ``horizon：2 y``, ``horizon＝2 y`` or ``horizon:2 y``; None for anything else."""
    for pattern, wrong in (
        (_NO_COLON, ""),
        (_NO_SPACE, "a colon needs a space behind it"),
        (_WIDE_SPACE, "the space behind the colon is not an ordinary one"),
    ):
        match = pattern.fullmatch(text.strip())
        if match is not None:
            key, value = match[1], (match[2] or "").strip()
            value = "..." if re.search(r"[：＝]|^[{\[]", value) else value
            sign = text.strip()[len(key) :].strip()[0]
            named = wrong or f"{sign!r} is no colon" + ("" if sign == "=" else " but a full-width sign")
            return f"{named}; write `{key}: {value}`".replace(": `", ":`")
    return None


def without_value(text: str) -> str | None:
    """What to type for ``horizon:,``, whose colon belongs to the key; None for anything else."""
    alone = _NO_VALUE.fullmatch(text.strip())
    return None if alone is None else f"the value is missing; write `{alone[1]}: ...`"


def unquoted(text: str) -> str:
    """Text without quotation marks around it, of whatever kind."""
    return text.strip().strip(QUOTES + "\"'").strip()
