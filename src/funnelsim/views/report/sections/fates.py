"""What became of the same leads in each line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from ...sentences.reasons.fates import heads, row
from ...words import say
from ..blocks import Block, Cell, Head, Listing, Picture, Row, Table
from .section import Section

if TYPE_CHECKING:
    from funnelsim.experiments.fates.result import Fates

    from ..given import Given

SHOWN = 40
"""Ways that leads went in a table; the JSON document has all of them."""


def _fates(given: Given) -> Iterator[Block]:
    fates = given.fates
    assert fates is not None
    for arm in fates.arms:
        if len(fates.arms) > 1:
            yield Head(arm)
        yield Listing(fates.words[arm])
        title = say("picture.fates.head", arm=arm, base=fates.base)
        yield Picture("fates", title, say("report.fates.description"), partial(fates.plot.flows, arm))
        yield _table(fates, arm)


def _table(fates: Fates, arm: str) -> Table:
    rows: list[Row] = []
    for way in fates.changes(arm)[:SHOWN]:
        before, after, group, *figures = row(fates, way)
        units = (way.leads, "leads"), (way.wins, "leads"), (way.bookings, fates.currency)
        cells = (Cell(text, *unit) for text, unit in zip(figures, units, strict=False))  # no money where none is
        rows.append((before, after, group, *cells))
    return Table("fates", say("report.fates.caption", arm=arm, base=fates.base), heads(fates, arm), tuple(rows))


FATES = Section("fates", lambda given: given.fates is not None, _fates)
