"""Quotas, reps and territories: who attains what, and how even that is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.targets.assignment import over_assigned

from ...sentences import carve, potential
from ...words import say
from ..blocks import Block, Cell, Head, Listing, Row, Table, Text
from .section import Section

if TYPE_CHECKING:
    from funnelsim.results.profiles.carve import Carve

    from ..given import Given


def _of(given: Given) -> Carve | None:
    """What the run of a line with quotas or territories says, if its records were kept."""
    run = given.run
    if run is None or given.carve is not None:
        return given.carve
    quotas = any((tables.teams.quota > 0).any() for _, tables in run.model.periods)
    if not quotas and not run.model.territory_names:
        return None
    try:
        return run.carve()
    except FunnelsimError:  # the records were not kept
        return None


def _carve(given: Given) -> Iterator[Block]:
    found, run = _of(given), given.run
    assert found is not None
    assert run is not None
    yield Listing(tuple(carve.sentences(found, over_assigned(run))))
    for what, shares in (("reps", found.reps), ("territories", found.territories)):
        if shares:
            rows: tuple[Row, ...] = tuple(
                (each.name, *(Cell.of(each.figures[name]) for name in carve.columns(shares))) for each in shares
            )
            yield Table(what, say(f"carve.title.{what}"), carve.heads(shares, what), rows)
    yield Text(say("carve.note"), "note")
    if found.potential is not None:
        yield from _accounts(found)


def _accounts(found: Carve) -> Iterator[Block]:
    yield Head(say("carve.accounts.title"))
    yield Listing(tuple(potential.sentences(found)))
    for laid in potential.tables(found):
        rows: tuple[Row, ...] = tuple((name, *(Cell(*each) for each in cells)) for name, cells in laid.rows)
        yield Table(f"accounts_{laid.name}", laid.title, laid.heads, rows)
    yield Text(say("carve.accounts.note"), "note")


CARVE = Section("carve", lambda given: _of(given) is not None, _carve)
