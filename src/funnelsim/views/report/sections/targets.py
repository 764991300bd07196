"""How often single runs reach the targets, and what is lacking in the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...sentences import outlooks
from ...words import running, say
from ..blocks import Block, Cell, Listing, Picture, Row, Table, Text
from .section import Section

if TYPE_CHECKING:
    from funnelsim.experiments.targets.outlook import Outlook

    from ..given import Given


def _targets(given: Given) -> Iterator[Block]:
    found = given.targets
    several = len({each.arm.name for each in found}) > 1
    if not several:
        yield from told(found)
    cut = 0 if several else 1
    rows = tuple(_row(each)[cut:] for each in found)
    yield Table("targets", say("report.targets.caption"), outlooks.heads()[cut:], rows)
    yield Text(say("outlook.note"), "note")


def told(found: Sequence[Outlook]) -> Iterator[Block]:
    """What is said of the targets of one line, and how its runs lie about them."""
    yield Listing(tuple(running(list(each.words)) for each in found))
    for each in found:
        head = say("picture.outcomes.head", kpi=outlooks.label(each))
        yield Picture("outcomes", head, running(list(each.words)), each.plot.outcomes)


def _row(each: Outlook) -> Row:
    """The texts of a row, with the numbers behind them for a spreadsheet."""
    line, kpi, goal, chance, interval, misses, *cases = outlooks.row(each)
    found = each.reach
    amounts = (found.shortfall, found.worst, found.base, found.best)
    return (
        line,
        kpi,
        Cell(goal, each.target.value, each.unit),
        Cell(chance, found.probability, "share", found.low, found.high),
        interval,
        Cell(misses, found.misses),
        *(Cell(text, value, each.unit) for text, value in zip(cases, amounts, strict=True)),
    )


TARGETS = Section("targets", lambda given: bool(given.targets), _targets)
