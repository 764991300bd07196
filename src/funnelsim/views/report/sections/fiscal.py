"""A run by fiscal quarter: what came, was won, booked, earned and spent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from funnelsim.errors import FunnelsimError

from ...sentences import fiscal
from ...words import running, say
from ..blocks import Block, Cell, Row, Table, Text
from .section import Section

if TYPE_CHECKING:
    from ..given import Given


def _quarters(given: Given) -> Iterator[Block]:
    run = given.run
    assert run is not None
    found = run.fiscal("quarter")
    rows: tuple[Row, ...] = tuple(
        (
            fiscal.name(period, found.length),
            *(Cell.of(found.flows[flow][at]) for flow in fiscal.flows(found)),
        )
        for at, period in enumerate(found.periods)
    )
    yield Table("quarters", say("fiscal.title.quarter"), fiscal.heads(found), rows)
    said = list(fiscal.sentences(found))
    if said:
        yield Text(running(said))
    yield Text(say("fiscal.note", number=run.replications), "note")


def _applies(given: Given) -> bool:
    """Whether there are records, and at least one quarter that counts wholly."""
    if given.run is None:
        return False
    try:
        return bool(given.run.fiscal("quarter").whole)
    except FunnelsimError:  # the records were not kept
        return False


QUARTERS = Section("quarters", _applies, _quarters)
