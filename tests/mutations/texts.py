"""Ways to break a text at random."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Mutation = Callable[[str, random.Random], str]

_WORD = re.compile(r"[A-Za-z_]{3,}")
_UNIT = re.compile(r"(?<=\d) (min|h|d|w|mo|y|bd)\b")
_NUMBER = re.compile(r"(?<![\w.:-])\d[\d_.]*(?![\w.:])")
_VALUE = re.compile(r"(?<=: )[^\s{\[,}\]][^,}\]\n]*")
_PAIR = re.compile(r"(?<=[{ ])[a-z_]+: [^\s{\[,}\]][^,}\]\n]*(, )?")
_WRONG = (
    "true", "[1, 2]", "{a: 1}", "null", "nonsense", "-1", "1e99", "''", "2026-02-30", "{dist: normal}", "*x",
    "!!int 3", "1,5", "12 %", "¥3,600,000", "360万円", "３", "5 m", "inf", ".nan", "1e-300", "0x10", "1 / open h",
    "warmup + 3 mo", "warmup", "100 USD / mo", "3M EUR", "¥500", "5 XXX", "10_000 USD", "月額3万円",
)  # fmt: skip
_JUNK = (
    "\x00", "\x07", "{", "}", "[", "]", ":", ": ", "\t", '"', "&a ", "*a", "!t ", "%", "#", "- ", "\n", "?", "|",
    ">", "é", "：", "\u3000", "\u202e", "\x1b[31m", "，",
)  # fmt: skip


def typo(text: str, draw: random.Random) -> str:
    """One letter of a word dropped, doubled or exchanged."""
    words = list(_WORD.finditer(text))
    if not words:
        return text
    word = draw.choice(words)
    at = draw.randrange(word.start(), word.end())
    return text[:at] + draw.choice(("", text[at] * 2, draw.choice("aeioxyz"))) + text[at + 1 :]


def one_of(pattern: re.Pattern[str], new: Callable[[str, random.Random], str]) -> Mutation:
    """A mutation of one occurrence of a pattern."""

    def mutate(text: str, draw: random.Random) -> str:
        matches = list(pattern.finditer(text))
        if not matches:
            return text
        match = draw.choice(matches)
        return text[: match.start()] + new(match[0], draw) + text[match.end() :]

    return mutate


def line_gone(text: str, draw: random.Random) -> str:
    """A line dropped, doubled, or indented."""
    lines = text.split("\n")
    at = draw.randrange(len(lines))
    return "\n".join(lines[:at] + draw.choice(([], [lines[at]] * 2, ["  " + lines[at]])) + lines[at + 1 :])


def cut(text: str, draw: random.Random) -> str:
    """The rest of the file missing."""
    return text[: draw.randrange(len(text) + 1)]


def junk(text: str, draw: random.Random) -> str:
    """A stray character."""
    at = draw.randrange(len(text) + 1)
    return text[:at] + draw.choice(_JUNK) + text[at:]


def another(text: str, draw: random.Random) -> str:
    """A value in the place of another."""
    values = list(_VALUE.finditer(text))
    if len(values) < 2:
        return text
    here, there = draw.sample(values, 2)
    return text[: here.start()] + there[0] + text[here.end() :]


def scaled(number: str, draw: random.Random) -> str:
    """A number a bit or a lot larger or smaller."""
    try:
        value = float(number.replace("_", ""))
    except ValueError:
        return number
    return f"{value * draw.choice((0.5, 2, 3, 10, 0.01)):g}"


BREAKING: tuple[Mutation, ...] = (
    typo,
    one_of(_UNIT, lambda unit, draw: draw.choice(("", " days", " hh", " / h"))),
    one_of(_NUMBER, lambda number, draw: draw.choice((f"-{number}", f"{number}e30", f"'{number}'", "0"))),
    one_of(_VALUE, lambda value, draw: draw.choice(_WRONG)),
    line_gone,
    cut,
    junk,
)
"""Mutations of which most are refused."""

CHANGING: tuple[Mutation, ...] = (
    one_of(_NUMBER, scaled),
    one_of(_UNIT, lambda unit, draw: draw.choice((" min", " h", " d", " w", " bd"))),
    one_of(_PAIR, lambda pair, draw: ""),
    another,
)
"""Mutations of which many are taken, and should then act."""


def mutated(text: str, draw: random.Random) -> str:
    """The text with one to four mutations."""
    kinds, new = (BREAKING if draw.random() < 0.5 else CHANGING), text
    for _ in range(draw.choice((1, 1, 2, 4) if kinds is BREAKING else (1, 1, 1, 2))):
        new = draw.choice(kinds)(new, draw)
    return new if new != text else mutated(text, draw)


def spoilt(content: bytes, draw: random.Random) -> bytes:
    """Some bytes put in anywhere."""
    at = draw.randrange(len(content) + 1)
    return content[:at] + draw.randbytes(draw.randrange(1, 30)) + content[at:]
