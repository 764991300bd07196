"""What stands in a tornado: its factors and the two ends of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..words import capital, has, say

if TYPE_CHECKING:
    from funnelsim.experiments.sensitivity.tornado import Bar


def factor(bar: Bar) -> str:
    """A term of the revenue equation in words, or a factor of a study by its name."""
    return _known(_key(bar), bar.factor)


def opening(bar: Bar) -> str:
    """The same at the beginning of a sentence; a name that a user gave stays as it is."""
    return capital(factor(bar)) if has(_key(bar)) else bar.factor


def end(side: str) -> str:
    """``less`` and ``more`` of a term, or a value of a factor as it was written."""
    return _known(f"tornado.end.{side}", side)


def _key(bar: Bar) -> str:
    return f"tornado.factor.{bar.factor.replace(' ', '_')}"


def _known(key: str, name: str) -> str:
    return say(key) if has(key) else name
