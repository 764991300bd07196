"""What became of the same leads, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from funnelsim.experiments.fates.fate import BETWEEN, STILL_OPEN, WON_EARLIER, Fate

from ...words import has, items, say
from ...words.numbers import amount, duration, signed

if TYPE_CHECKING:
    from funnelsim.experiments.fates.result import Changed, End, Fates

SHOWN = 4
"""Ends of leads that a sentence names; the others stand together."""

NO_REASON = "lost"
"""What the model calls a loss for which the scenario names no reason."""


def sentences(fates: Fates, arm: str) -> Iterator[str]:
    """What made the difference of an arm to the base."""
    wins, bookings = fates.difference(arm)
    gained, lost = fates.ends(arm)
    names = {"arm": arm, "base": fates.base}
    money = {"bookings": signed(bookings, fates.currency)} if fates.sells else {}
    yield say(
        "fates.net" if fates.sells else "fates.net_alone",
        **names,
        **money,
        wins=signed(wins, "leads"),
        gained=amount(sum(end.leads for end in gained)),
        lost=amount(sum(end.leads for end in lost)),
    )
    if gained:
        yield say("fates.gained", **names, parts=_parts(fates, gained, fates.base))
    if lost:
        yield say("fates.lost", **names, parts=_parts(fates, lost, arm))
    both = sum(row.bookings for row in fates.changes(arm) if not row.wins)
    if both:
        yield say("fates.both", bookings=signed(both, fates.currency))
    yield from _cycle(fates, arm)
    yield say("fates.account")


def _parts(fates: Fates, ends: Sequence[End], absent: str) -> str:
    """How leads ended, the most frequent ends first."""
    told = [_part(fates, end, absent) for end in ends[:SHOWN]]
    rest = sum(end.leads for end in ends[SHOWN:])
    if rest:
        told.append(say("fates.rest", number=amount(rest)))
    return items(told)


def _part(fates: Fates, end: End, absent: str) -> str:
    number = amount(end.leads)
    if end.fate is None:
        return say("fates.absent", group=say(f"fates.group.{end.group}"), arm=absent, number=number)
    told = name(fates, end.fate)
    if end.waited < 1 or end.fate.kind == WON_EARLIER:  # less than an hour explains nothing
        return say("fates.part", fate=told, number=number)
    return say("fates.part_waited", fate=told, number=number, wait=duration(end.waited))


def name(fates: Fates, fate: Fate | None) -> str:
    """A fate in words."""
    if fate is None:
        return say("fate.none")
    stage = fates.labels.get(fate.stage, say("fate.nowhere"))
    if fate.kind == NO_REASON:
        return say("fate.lost", stage=stage)
    if fate.kind == STILL_OPEN or has(f"fate.{fate.kind}"):
        return say(f"fate.{fate.kind}", stage=stage)
    return say("fate.reason", stage=stage, reason=fate.kind)


def heads(fates: Fates, arm: str) -> tuple[str, ...]:
    """Heads of a table of ways that leads went."""
    others = (say(f"fates.col.{each}") for each in ("group", "number", "wins", *["bookings"] * fates.sells))
    return say("fates.col.before", base=fates.base), say("fates.col.after", arm=arm), *others


def row(fates: Fates, way: Changed) -> tuple[str, ...]:
    """A row of such a table."""
    named = name(fates, way.before), name(fates, way.after), say(f"fates.group.{way.group}")
    return *named, amount(way.leads), *balance(fates, way.wins, way.bookings)


def balance(fates: Fates, wins: float, bookings: float) -> tuple[str, ...]:
    """What is added to wins, and to bookings where anything has a value."""
    return signed(wins, "leads"), *([signed(bookings, fates.currency)] if fates.sells else [])


def others(fates: Fates, ways: Sequence[Changed]) -> tuple[str, ...]:
    """One row for several ways together."""
    leads, wins, bookings = (sum(getattr(way, each) for way in ways) for each in ("leads", "wins", "bookings"))
    return say("fates.others"), "", "", amount(leads), *balance(fates, wins, bookings)


def _cycle(fates: Fates, arm: str) -> Iterator[str]:
    cycles = fates.cycles(arm)
    if cycles.change is None or cycles.composition is None or cycles.before is None or cycles.after is None:
        return
    yield say(
        "fates.cycle",
        total=signed(cycles.after - cycles.before, "h"),
        before=duration(cycles.before),
        change=signed(cycles.change, "h"),
        composition=signed(cycles.composition, "h"),
    )
    along = {key: hours for key, hours in cycles.parts.items() if hours * cycles.change > 0}
    if not along:
        return
    stage, part = max(along, key=lambda key: abs(along[key]))
    change = signed(along[stage, part], "h")
    if part == BETWEEN:
        yield say("fates.cycle_between", change=change)
    else:
        named = say(f"fates.part_of.{part}")
        yield say("fates.cycle_part", stage=fates.labels[stage], part=named, change=change)
