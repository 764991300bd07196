"""Text from files and users on its way to a terminal or a spreadsheet: shown there, never obeyed."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

_NOT_ASCII = re.compile(r"[^ -~]")

_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode categories of what a terminal obeys (escapes, reversed writing) or shows nothing of."""

_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs by category, but nothing to see."""

_JOINERS = "\u200c\u200d"
"""Invisible, but some scripts and pictures are not written without them."""


def visible(text: str, breaks: bool = False) -> str:
    r"""Text with all that cannot be seen written out, such as ``\x1b``; ``breaks`` keeps line breaks."""
    if text.isascii() and text.isprintable():
        return text
    return _NOT_ASCII.sub(lambda found: "\n" if breaks and found[0] == "\n" else _shown(found[0]), text)


@cache
def _shown(character: str) -> str:
    hidden = unicodedata.category(character) in _INVISIBLE and character not in _JOINERS
    return ascii(character)[1:-1] if hidden or character in _BLANK else character


MINUS = "\u2212"
"""The minus sign of print, as wide as a plus; files and JSON have the hyphen that programs read."""


def printed(value: float, form: str) -> str:
    """A number that people read, in a format of Python's, with the minus sign of print."""
    return format(value, form).replace("-", MINUS)


def number_of(count: int, noun: str) -> str:
    """So many of what an English noun names, in messages: ``1 replication``, ``2,000 points``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def in_table(value: float, digits: int = 4) -> str:
    """A number in a table of a notebook: so many digits, and whole numbers from a thousand on."""
    return printed(value, f"z,.{digits}g" if abs(value) < 1000 else "z,.0f")


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet begins a formula, wherever a text comes from."""


def cell(value: Any) -> Any:
    """A value as a cell of a CSV: text that a spreadsheet would run gets a ``'`` before it."""
    if not isinstance(value, str) or not value.startswith(_FORMULA):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value
