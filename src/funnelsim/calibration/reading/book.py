"""Deals and their stages while they are read, and what names of stages and outcomes mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd

from ..findings import Finding
from ..history import LOST, OPEN, WON
from .columns import normal
from .mapping import Mapping
from .roles import LOST_WORDS, OPEN_WORDS, WON_WORDS

UNKNOWN = -9
"""The outcome of a text that is none that is known."""

TEXTS = ("stage", "outcome", "owner", "team", "source", "segment", "territory", "account", "reason")
"""Columns of deals that hold texts."""

_WON, _LOST, _OPEN = (frozenset(map(normal, each)) for each in (WON_WORDS, LOST_WORDS, OPEN_WORDS))
_WON_BEGINS, _LOST_BEGINS = (re.compile(rf"(closed )?{each}\b") for each in ("won", "lost"))


@dataclass(eq=False)
class Book:
    """Deals and their stages, before they are cleaned.

    Parameters
    ----------
    deals : pandas.DataFrame
        By id: ``created``, ``closed``, ``outcome``, ``stage`` (the present one), ``owner``, and texts.
    entries : pandas.DataFrame
        Stages entered, sorted by deal and moment: ``id``, ``stage``, ``at``, and touches. Only stages of the line.
    won, lost : dict
        Names that mean the end of a deal, with how many rows have them.
    """

    deals: pd.DataFrame
    entries: pd.DataFrame
    won: dict[str, int]
    lost: dict[str, int]
    findings: list[Finding] = field(default_factory=list)
    level: int = 0

    def note(self, code: str, rows: float, words: str, remedy: str = "", severity: str = "note") -> None:
        """Add a finding where there are rows that it is about."""
        if rows:
            self.findings.append(Finding(code, severity, int(rows), words, remedy))  # type: ignore[arg-type]


def closing(name: str, mapping: Mapping) -> int:
    """What a stage or outcome means: `WON`, `LOST`, `OPEN` where it is said to be open, or `UNKNOWN`."""
    if name in mapping.closed.won:
        return WON
    if name in mapping.closed.lost:
        return LOST
    if any(name == key or name in each.names for key, each in mapping.stages.items()):
        return UNKNOWN
    text = normal(name)
    if not mapping.closed.won and (text in _WON or _WON_BEGINS.match(text)):
        return WON
    if not mapping.closed.lost and (text in _LOST or _LOST_BEGINS.match(text)):
        return LOST
    return OPEN if text in _OPEN else UNKNOWN
