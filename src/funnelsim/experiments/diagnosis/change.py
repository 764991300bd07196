"""A change that is worth trying, as a name that knows what it says, so that it can be said in other languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Self

from funnelsim.results.words import in_english, say

Value = str | int | dt.date


class Change(str):
    """What a change is called in documents and tables, which is English, with what that is made of.

    Parameters
    ----------
    kind : str
        What is done: the end of a text's key.
    of : mapping
        Whom and how much it concerns: teams as people are shown them, numbers, dates.
    """

    kind: str
    of: Mapping[str, Value]

    def __new__(cls, kind: str, of: Mapping[str, Value]) -> Self:
        with in_english():
            name = super().__new__(cls, say(f"change.{kind}", **of))
        name.kind, name.of = kind, of
        return name

    def __getnewargs__(self) -> tuple[str, Mapping[str, Value]]:  # type: ignore[override]
        return self.kind, self.of
