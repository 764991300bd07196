"""What came in each fiscal period: names of periods, rows of a table, and what may be compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..words import counted, numbers, say, small

if TYPE_CHECKING:
    from funnelsim.results.profiles.fiscal import Fiscal, Period


def name(period: Period, length: str) -> str:
    """What a period is called; of one that counts in part, how much of it."""
    begin, end = (_month(day) for day in (period.begins, period.ends))
    said = say(f"fiscal.{length}", number=period.number, begin=begin, end=end)
    return said if period.whole else say("fiscal.part", period=said, counts=period.counts, days=period.days)


def _month(day: dt.date) -> str:
    return say("report.month", year=f"{day.year:04}", month=f"{day.month:02}")


def flows(found: Fiscal) -> list[str]:
    """The flows that are anything at all."""
    return [flow for flow, each in found.flows.items() if any(one.mean for one in each)]


def heads(found: Fiscal) -> tuple[str, ...]:
    """Of a table."""
    return say(f"fiscal.head.{found.length}"), *(say(f"kpi.{flow}.label") for flow in flows(found))


def sentences(found: Fiscal) -> Iterator[str]:
    """Which periods are there in part, and which of the whole ones is best and worst."""
    partly = len(found.periods) - len(found.whole)
    if partly:
        yield counted(f"fiscal.partly.{found.length}", partly)
    flow = next((each for each in ("bookings", "won") if each in flows(found)), None)
    if flow is None or len(found.whole) < 2:
        return
    means = {at: found.flows[flow][at].mean or 0.0 for at in found.whole}
    most, least = max(means, key=lambda at: means[at]), min(means, key=lambda at: means[at])
    told = {part: name(found.periods[at], found.length) for part, at in (("best", most), ("worst", least))} | {
        part: numbers.estimate(found.flows[flow][at].to_dict()) for part, at in (("most", most), ("least", least))
    }
    yield say("fiscal.compared", number=len(found.whole), kpi=small(say(f"kpi.{flow}.label")), **told)
