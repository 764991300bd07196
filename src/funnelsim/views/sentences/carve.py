"""How evenly reps and territories fare, in plain words and as rows of tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..words import numbers, say

if TYPE_CHECKING:
    from funnelsim.experiments.targets.assignment import Assigned
    from funnelsim.results.estimates import Estimate
    from funnelsim.results.profiles.carve import Carve, Share


def sentences(found: Carve, assigned: Sequence[Assigned]) -> Iterator[str]:
    """The street quota and the chance of targets below it; how far reps are apart; how even territories are."""
    if found.days is None:
        yield say("carve.no_quota")
    else:
        first, last = map(numbers.date, found.days)
        street = _money(found.street, found.booked.unit)
        yield say("carve.street", street=street, first=first, last=last, booked=_told(found.booked))
        for each in assigned:
            yield _chance(each, found.booked.unit)
        even = found.evenness
        spread = _points(even.spread)
        ends = {"lowest": _told(even.lowest), "highest": _told(even.highest), "reached": _told(even.reached)}
        yield say("carve.spread", spread=spread, **ends)
    if found.evenness.gini.mean is not None:
        yield say("carve.gini.reps", gini=_told(found.evenness.gini))
    leads, bookings = found.gini["leads"], found.gini["bookings"]
    if leads.mean is not None and bookings.mean is not None:
        yield say("carve.gini.territories", leads=_told(leads), bookings=_told(bookings))


def _chance(each: Assigned, unit: str) -> str:
    found = each.reach
    chance = numbers.DASH if found.probability is None else numbers.percent(found.probability)
    ends = {"low": numbers.percent(found.low), "high": numbers.percent(found.high)}
    target = _money(each.target, unit)
    over = numbers.percent(each.share - 1)
    key = "carve.assigned" if each.share > 1 else "carve.assigned.whole"
    return say(key, over=over, target=target, chance=chance, hits=found.hits, runs=found.runs, **ends)


def _money(amount: float, unit: str) -> str:
    return numbers.estimate({"mean": amount, "low": None, "high": None, "unit": unit})


def _told(each: Estimate) -> str:
    return numbers.estimate(each.to_dict(), interval=False)


def _points(each: Estimate) -> str:
    return numbers.estimate(each.to_dict(), interval=False, points=True)


def columns(shares: Sequence[Share]) -> list[str]:
    """The figures that any of them has."""
    names = list(shares[0].figures) if shares else []
    return [name for name in names if any(each.figures[name].mean for each in shares)]


def heads(shares: Sequence[Share], of: str) -> tuple[str, ...]:
    """Of a table of ``reps`` or ``territories``."""
    return say(f"carve.head.{of}"), *(say(f"carve.col.{name}") for name in columns(shares))
