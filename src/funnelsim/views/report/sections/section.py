"""What a section is, and what several of them share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funnelsim.experiments.statistics.paired import Verdict
from funnelsim.results.measures.kpis import kpi_groups

from ...words import numbers, say
from ..blocks import Cell

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.judging import Finding
    from funnelsim.model.model import Model
    from funnelsim.results.measures.indicators import Indicator

    from ..blocks import Block
    from ..given import Given

_END = re.compile(r"(?<=[.!?])\s+(?=\S)|(?<=[。！？])")


@dataclass(frozen=True)
class Section:
    """A part of a report.

    Parameters
    ----------
    name : str
        In the address of the page, and behind ``--only``.
    applies : callable
        Whether it has something to say.
    blocks : callable
        What it consists of.
    appendix : bool
        Whether it stands behind the answer, for those who take over.
    """

    name: str
    applies: Callable[[Given], bool]
    blocks: Callable[[Given], Iterable[Block]]
    appendix: bool = False

    @property
    def head(self) -> str:
        """Its heading."""
        return say(f"report.head.{self.name}")


def first_sentences(text: str, number: int = 1) -> str:
    """The first sentences of a text."""
    ends = [found.end() for found in _END.finditer(text)]
    return text[: ends[number - 1]].strip() if len(ends) >= number else text.strip()


def kpis_of(model: Model) -> dict[str, Indicator]:
    """The KPIs of a model that tables for people show, by name."""
    return {kpi.name: kpi for group in kpi_groups(model) if group.shown for kpi in group.kpis}


def label(indicator: Indicator, model: Model) -> str:
    """What a figure is called; an amount of money that adds up says over which time."""
    called = indicator.label
    if not indicator.adds_up:
        return called
    return say("report.over", what=called, period=numbers.period(model.horizon - model.warmup))


def verdict(found: Verdict) -> str:
    """What is known of a difference, in a few words."""
    return say(f"report.verdict.{found.name.lower()}")


def difference(each: Finding, interval: bool = True) -> str:
    """A difference with its sign, and the ends of its interval."""
    if each.difference.mean is None:
        return numbers.DASH
    said = numbers.signed(each.difference.mean, each.base.unit)
    return f"{said}{in_brackets(each)}" if interval else said


def in_brackets(each: Finding) -> str:
    """The ends of an interval behind a difference; empty where there is none."""
    if each.low is None or each.high is None or each.low == each.high:
        return ""
    most = max(each.low, each.high, key=abs)
    low, high = (numbers.signed(end, each.base.unit, beside=most) for end in (each.low, each.high))
    return say("report.interval", low=low, high=high)


def share(each: Finding) -> str:
    """A difference as a share of the base's figure."""
    if each.share is None:
        return numbers.DASH
    return numbers.with_sign(each.share, numbers.percent(abs(each.share)))


def apart(each: Finding) -> Cell:
    """A difference as a cell of a table."""
    return Cell(difference(each), each.difference.mean, each.base.unit, each.low, each.high)


def columns(*keys: str) -> tuple[str, ...]:
    """Heads of columns."""
    return tuple(say(f"report.col.{key}") for key in keys)


def small(text: str) -> str:
    """A label inside a sentence; abbreviations stay as they are."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def sentences(texts: Iterable[str]) -> Iterator[str]:
    """Texts as sentences: with a capital at the beginning."""
    for text in texts:
        yield text[:1].upper() + text[1:]
