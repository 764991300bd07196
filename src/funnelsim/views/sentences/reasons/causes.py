"""Why an arm differs from the base, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from funnelsim.experiments.causes.account import HALF
from funnelsim.experiments.causes.behind import BUSINESS_DAYS

from ...words import capital, clauses, items, say, separated, small
from ...words.numbers import DASH, amount, duration, percent, signed

if TYPE_CHECKING:
    from funnelsim.experiments.causes.account import Account, Carry, Told
    from funnelsim.experiments.causes.behind import Number
    from funnelsim.experiments.causes.result import Causes

SHOWN = 6
"""Numbers of a line that a sentence names."""


def sentences(causes: Causes, arm: str) -> Iterator[str]:
    """What makes the difference of an arm to the base."""
    names = {"arm": arm, "base": causes.base}
    for kpi, each in causes.accounts[arm].items():
        label = causes.label(kpi)
        if each.told.difference.mean is None:
            continue
        yield from _split(each, label, names)
        yield from _together(each, label)
        yield from _carrying(causes, arm, each, label)
    left_out = [name(cause) for cause in causes.left_out(arm)]
    if left_out:
        yield say("causes.left_out", **names, causes=separated(left_out))
    yield say("causes.method")


def summary(causes: Causes, arm: str, kpi: str, whole: bool) -> Iterator[str]:
    """The causes that are seen in one figure; of the whole also what its difference hangs on."""
    each, label = causes.accounts[arm][kpi], causes.label(kpi)
    if each.told.difference.mean is not None:
        seen = any(part.seen for part in each.parts)
        if not seen and not whole:
            gaps = {"arm": arm, "base": causes.base, "difference": figure(each, each.told)}
            yield say("causes.none_seen_of", kpi=label, **gaps)
            return
        yield next(iter(_split(each, label, {"arm": arm, "base": causes.base})))
        if not seen:
            yield say("causes.none_seen", kpi=label)
        elif whole:
            yield from _carrying(causes, arm, each, label)


def name(cause: str) -> str:
    """A cause in words."""
    return say(f"cause.{cause}")


def _split(each: Account, kpi: str, names: dict[str, str]) -> Iterator[str]:
    seen = sorted((part for part in each.parts if part.seen), key=lambda part: -abs(part.difference.mean or 0.0))
    told = [say("causes.part", cause=name(part.cause), value=figure(each, part.told)) for part in seen]
    left = figure(each, each.rest)
    told.append(say("causes.rest", value=left) if each.rest.difference.mean else say("causes.rest_none"))
    said = clauses([capital(told[0]), *told[1:]])
    yield say("causes.split", **names, kpi=kpi, difference=figure(each, each.told), parts=said)
    unseen = [name(part.cause) for part in each.parts if not part.seen and part.difference.mean]
    if unseen:
        yield say("causes.unseen", kpi=kpi, causes=separated(unseen))


def _together(each: Account, kpi: str) -> Iterator[str]:
    for part in each.parts:
        if not part.overlaps:
            continue
        gaps = {
            "kpi": kpi,
            "cause": name(part.cause),
            "alone": figure(each, part.alone),
            "part": figure(each, part.told),
        }
        if part.partners:
            yield say("causes.together", **gaps, partners=separated([name(one) for one in part.partners]))
        else:
            yield say("causes.together_others", **gaps)


def _carrying(causes: Causes, arm: str, each: Account, kpi: str) -> Iterator[str]:
    for carry in each.carrying:
        yield _carry(each, carry, kpi)
        lines = causes.numbers(arm, carry.part.cause)
        if lines:
            told = [say("causes.numbers_of", line=line, numbers=_numbers(found)) for line, found in lines.items()]
            yield say("causes.numbers", cause=name(carry.part.cause), lines=items(told))


def _carry(each: Account, carry: Carry, kpi: str) -> str:
    part, cause = carry.part, name(carry.part.cause)
    if carry.because == HALF:
        share = (part.difference.mean or 0.0) / (each.told.difference.mean or 1.0)
        gaps = {"kpi": kpi, "cause": cause, "remains": figure(each, part.remains)}
        return (
            say("causes.carry_all", **gaps)
            if share > 1
            else say("causes.carry_half", **gaps, share=percent(share))
        )
    return say(f"causes.carry_{carry.because}", kpi=kpi, cause=cause, remains=figure(each, part.remains))


def _numbers(found: tuple[Number, ...]) -> str:
    told = [_number(each) for each in found[:SHOWN]]
    if len(found) > SHOWN:
        told.append(say("causes.more", number=len(found) - SHOWN))
    return separated(told)


def _number(each: Number) -> str:
    low, high = _amount(each.low, each.unit), _amount(each.high, each.unit)
    if low == high:
        return say("causes.number", path=each.path, value=low)
    return say("causes.number_span", path=each.path, low=low, high=high)


def _amount(value: float, unit: str) -> str:
    if unit == "h":
        return duration(value)
    if unit == "share":
        return percent(value)
    return say("causes.bd", value=amount(value)) if unit == BUSINESS_DAYS else amount(value)


def figure(each: Account, told: Told, interval: bool = True) -> str:
    """A figure of an account with half the width of its interval on request, all to the same digits."""
    if told.difference.mean is None:
        return DASH
    sums = (each.told, each.rest, *(part.told for part in each.parts))
    largest = max(abs(one.difference.mean or 0.0) for one in sums)
    fine = min((half for one in sums if (half := one.half)), default=0.0)
    half = told.half if interval else None
    return signed(told.difference.mean, told.difference.unit, half, largest, fine)


def heads() -> tuple[str, ...]:
    """Heads of a table of causes."""
    return tuple(say(f"causes.col.{each}") for each in ("cause", "part", "alone", "left", "partners"))


def rows(each: Account, interval: bool = True) -> Iterator[tuple[str, ...]]:
    """Its rows: causes, what is left without any, and the difference."""
    for part in each.parts:
        figures = (figure(each, told, interval) for told in (part.told, part.alone, part.remains))
        yield name(part.cause), *figures, separated([name(one) for one in part.partners])
    yield say("cause.none"), figure(each, each.rest, interval), "", "", ""
    yield say("cause.difference"), figure(each, each.told, interval), "", "", ""


def title(causes: Causes, arm: str, kpi: str) -> str:
    """What such a table is called."""
    return say("causes.table", kpi=small(causes.label(kpi)), arm=arm, base=causes.base)
