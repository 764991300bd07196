"""Why each line differs from the base."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from ...sentences.causes import heads, rows
from ...words import say, small
from ..blocks import Block, Head, Listing, Picture, Table
from .section import Section

if TYPE_CHECKING:
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
    yield Table("causes", caption, heads(), tuple(rows(causes.accounts[arm][kpi])))


CAUSES = Section("causes", lambda given: given.causes is not None, _causes)
