"""Why each line differs from the base."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from ...sentences.reasons.causes import heads, rows
from ...words import say, small
from ..blocks import Block, Cell, Head, Listing, Picture, Row, Table
from .section import Section

if TYPE_CHECKING:
    from funnelsim.experiments.causes.account import Account
    from funnelsim.experiments.causes.result import Causes

    from ..given import Given


def _causes(given: Given) -> Iterator[Block]:
    causes = given.causes
    assert causes is not None
    for arm in causes.arms:
        if len(causes.arms) > 1:
            yield Head(arm)
        yield Listing(causes.words[arm])
        for of, kpi in causes.told:
            if of == arm:
                yield from _kpi(causes, arm, kpi)


def _kpi(causes: Causes, arm: str, kpi: str) -> Iterator[Block]:
    names = {"arm": arm, "base": causes.base}
    title = say("picture.causes.head", kpi=causes.label(kpi), **names)
    description = say("report.causes.description", **names)
    yield Picture("causes", title, description, partial(causes.plot.waterfall, arm, kpi))
    caption = say("report.causes.caption", kpi=small(causes.label(kpi)), **names)
    yield Table("causes", caption, heads(), tuple(_rows(causes.accounts[arm][kpi])))


def _rows(each: Account) -> Iterator[Row]:
    """The rows of an account, with the figures behind the texts."""
    behind = [(part.told, part.alone, part.remains) for part in each.parts]
    for (cause, *texts, partners), told in zip(rows(each), [*behind, (each.rest,), (each.told,)], strict=True):
        pairs = zip(texts, told, strict=False)  # what is left has no figure but its own
        cells = [Cell(text, one.difference.mean, one.difference.unit, one.low, one.high) for text, one in pairs]
        yield cause, *cells, *texts[len(cells) :], partners


CAUSES = Section("causes", lambda given: given.causes is not None, _causes)
