"""KPIs by group: what groups are called, and which KPIs cannot be divided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from funnelsim.results.measures.groups.members import NOBODY

from ..words import has, items, say, small


def title(by: str) -> str:
    """The heading of what is divided by something."""
    return say("by.title", by=say(f"by.{by}"))


def called(group: str, by: str) -> str:
    """What people are shown for a group."""
    return say(f"by.none.{by}") if group == NOBODY else group


def meaning(by: str) -> str:
    """What the figures of groups have to do with those of the whole."""
    return say(f"by.meaning.{by}" if has(f"by.meaning.{by}") else "by.meaning")


def undivided(why_not: Mapping[str, str], labels: Mapping[str, str], by: str) -> Iterator[str]:
    """A sentence for each reason for which KPIs cannot be divided; of those that have a label."""
    there = sorted((why, name) for name, why in why_not.items() if name in labels)
    order = list(labels)
    for why, pairs in groupby(there, lambda pair: pair[0]):
        names = sorted((name for _, name in pairs), key=order.index)
        kpis = items([small(labels[name]) for name in names])
        yield say("by.not", by=say(f"by.{by}"), kpis=kpis, why=say(f"by.why.{why}"))
