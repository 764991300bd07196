"""How well the numbers of a scenario are known, and what to measure first, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..words import listed, say
from .figures import kpi_name

if TYPE_CHECKING:
    from funnelsim.experiments.sensitivity.guesses import Guess, Guesses


def known_how(found: Guesses) -> str:
    """How many numbers are known how."""
    counts = [
        say("guesses.count", grade=grade(each), count=count) for each, count in found.grades.items() if count
    ]
    return say("guesses.known", count=len(found.numbers), counts=listed(counts))


def first(found: Guesses) -> str:
    """What to measure before a decision; or that nothing doubtful moves the KPI."""
    paths = [each.path for each in found.first]
    if not paths:
        return say("guesses.nothing", kpi=kpi_name(found.kpi))
    return say("guesses.first", kpi=kpi_name(found.kpi), paths=listed(paths))


def grade(name: str) -> str:
    """A grade as it is shown."""
    return say("guesses.none") if name == "none" else name


def source(each: Guess) -> str:
    """Grade and sources of a number."""
    sources = "" if each.record is None else ", ".join(each.record.source)
    return f"{grade(each.grade)} ({sources})" if sources else grade(each.grade)
