"""One number of the scenario: its value, how far it is known, and from what."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ..findings import Finding

Known = Literal["data", "matched", "assumed", "default"]
"""Estimated; brought to what was observed by simulation; told by the user; taken from the library, so a guess."""

Path = tuple[str, ...]
Draw = Callable[[np.random.Generator], Mapping[str, Any]]
"""Another plausible value of one or several paths, drawn together."""


@dataclass(frozen=True)
class Number:
    """One value that is written into the scenario.

    Parameters
    ----------
    path : tuple of str
        Where it stands.
    written : object
        The value as the file holds it.
    estimate, low, high : float or None
        The number behind it and its 95 % interval, in `unit`; None where there is none.
    unit : str
        Such as ``d`` or ``/ mo``; empty for shares.
    n : int
        From how many cases it comes.
    method : str
        How it was found, in a few words.
    known : {'data', 'matched', 'assumed', 'default'}
        What it rests on.
    note : str
        What else is said beside it in the file.
    """

    path: Path
    written: Any
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    n: int = 0
    method: str = ""
    known: Known = "data"
    note: str = ""

    @property
    def dotted(self) -> str:
        """The path as it is written in changes."""
        return ".".join(self.path)

    @property
    def comment(self) -> str:
        """What stands behind the value in the file."""
        interval = ""
        if self.low is not None and self.high is not None:
            interval = f"{shown(self.low, self.low, self.high)} to {shown(self.high, self.low, self.high)}"
        cases = f"n = {self.n:,}" if self.n else ""
        guess = {"default": "GUESS", "assumed": "assumed"}.get(self.known, "")
        return "; ".join(part for part in (guess, interval, cases, self.note) if part)

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "path": self.dotted,
            "estimate": self.estimate,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "n": self.n,
            "method": self.method,
            "evidence": self.known,
        }


@dataclass(frozen=True)
class Part:
    """Numbers that were found together, how to draw them, and what was noticed."""

    numbers: tuple[Number, ...] = ()
    draws: Mapping[str, Draw] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def together(parts: Iterable[Part]) -> Part:
    """Several parts as one."""
    every = tuple(parts)
    return Part(
        tuple(number for part in every for number in part.numbers),
        {name: draw for part in every for name, draw in part.draws.items()},
        tuple(finding for part in every for finding in part.findings),
    )


def drawn(part: Part, seed: int, world: int) -> dict[str, Any]:
    """One change fragment: every path of the part in one plausible world.

    Each block of paths has random numbers of its own, keyed by its name, so that a further block moves no other.
    """
    fragment: dict[str, Any] = {}
    for name, draw in part.draws.items():
        fragment.update(draw(np.random.default_rng([seed, world, zlib.crc32(name.encode())])))
    return fragment


def digits(value: float, low: float | None, high: float | None) -> float:
    """A number rounded to what its interval supports: by at most a twentieth of the half-width."""
    if value == 0 or not math.isfinite(value):
        return value
    half = (high - low) / 2 if low is not None and high is not None else 0.0
    if not half > 0 or not math.isfinite(half):
        return significant(value, 3)
    places = 1 - math.floor(math.log10(half))
    return _tidy(round(value, min(places, 12)))


def significant(value: float, count: int) -> float:
    """A number to so many digits."""
    if value == 0 or not math.isfinite(value):
        return value
    return _tidy(round(value, count - 1 - math.floor(math.log10(abs(value)))))


def _tidy(value: float) -> float:
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def shown(value: float, low: float, high: float) -> str:
    """One end of an interval, for a comment."""
    return f"{digits(value, low, high):,}"


def amount(value: float, unit: str) -> str:
    """An amount with its unit, as files have it: ``7.2 d``."""
    return f"{_tidy(value)} {unit}"
