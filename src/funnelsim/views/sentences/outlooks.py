"""What single runs say of a target, in plain words and as the row of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from funnelsim.text import printed

from ..words import counted, money, numbers, say, small
from ..words.language import language

if TYPE_CHECKING:
    from funnelsim.experiments.targets.outlook import Outlook


_WITHOUT_CURRENCY = re.compile(r"[-\d.,_\s]*[kKM千万億兆]?\s*(/\s*\w+)?")
"""An amount that names no currency."""

AT_THE_END = ("arr_end", "customers_end", "open_at_end")
"""Figures of the last day."""


def sentences(each: Outlook) -> Iterator[str]:
    """How often it is reached, what the others lack, and the base, best and worst case."""
    found = each.reach
    if found.probability is None:
        yield say("outlook.none", kpi=label(each))
        return
    yield say(f"outlook.{_side(each)}", **_chance(each), chance=numbers.percent(found.probability))
    if found.shortfall is not None:
        lack = amount(found.shortfall, each)
        yield counted(f"outlook.shortfall.{_side(each)}", found.misses, shortfall=lack)
    elif found.misses:
        yield counted("outlook.few", found.misses)
    yield _cases(each)
    yield from _concentrated(each)


def in_arm(each: Outlook) -> str:
    """How often an arm of a comparison reaches it."""
    if each.probability is None:
        return say("comparison.target.none", arm=each.arm.name, kpi=label(each))
    return say(f"comparison.target.{_side(each)}", arm=each.arm.name, **_chance(each))


def _side(each: Outlook) -> str:
    return "at_least" if each.target.at_least else "at_most"


def _chance(each: Outlook) -> dict[str, str | int]:
    found = each.reach
    ends = {"low": numbers.percent(found.low), "high": numbers.percent(found.high)}
    return {"target": goal(each), "kpi": label(each), "hits": found.hits, "runs": found.runs, **ends}


def _cases(each: Outlook) -> str:
    found = each.reach
    if found.base is None or found.best is None or found.worst is None:
        return say("outlook.cases.few")
    cases = {"base": found.base, "best": found.best, "worst": found.worst}
    more = found.best >= found.worst
    told = {name: amount(value, each) for name, value in cases.items()}
    return say("outlook.cases.exceeded" if more else "outlook.cases.below", **told)


def _concentrated(each: Outlook) -> Iterator[str]:
    """Whether one deal or customer makes the difference, and how much hangs on the largest."""
    near, top = each.near, each.top
    if near is not None and near.misses:
        ends = {"low": numbers.percent(near.low), "high": numbers.percent(near.high)}
        what = say(f"outlook.near.{near.of}")
        chance = numbers.percent(near.number / near.misses)
        yield say("outlook.near", number=near.number, misses=near.misses, share=chance, what=what, **ends)
    if top is not None:
        one, five, ten = (numbers.percent(each) for each in top.shares)
        yield say(f"outlook.top.{top.of}", one=one, five=five, ten=ten)


def label(each: Outlook) -> str:
    """What is to reach it, inside a sentence; with a day, and where money adds up, the time that counts."""
    indicator = each.arm.indicators[each.target.kpi][1]
    if each.by is None:
        model = each.arm.model
        period = numbers.period(model.horizon - model.warmup)
        said = small(indicator.label)
        return say("comparison.over", kpi=said, period=period) if indicator.adds_up else said
    if each.target.kpi in AT_THE_END:
        return say("outlook.on", kpi=small(indicator.label), last=numbers.date(each.last))
    days = {"first": numbers.date(each.first), "last": numbers.date(each.last)}
    return say("outlook.over", kpi=small(indicator.label), **days)


def goal(each: Outlook) -> str:
    """The target in its unit; money in full, with what was written beside it if that was another currency."""
    currency, text = each.arm.model.spec.currency, each.target.text
    if not (each.unit.startswith(currency) and text):
        return amount(each.target.value, each)
    value = each.target.value
    full = printed(value, ",.0f" if value == round(value) else ",.2f")
    own = money.pattern(each.unit, language()).format(value=full)
    is_own = currency in text or _WITHOUT_CURRENCY.fullmatch(text)
    return own if is_own else say("outlook.goal.written", own=own, written=text)


def amount(value: float, each: Outlook) -> str:
    """An amount in the unit of the target."""
    return numbers.estimate({"mean": value, "low": None, "high": None, "unit": each.unit})


def heads() -> tuple[str, ...]:
    """Of a table of targets, the first for the line."""
    keys = ("line", "kpi", "target", "chance", "interval", "misses", "shortfall", "worst", "base", "best")
    return tuple(say(f"outlook.col.{key}") for key in keys)


def row(each: Outlook) -> tuple[str, ...]:
    """A row of it."""
    found = each.reach
    chance = numbers.DASH if found.probability is None else numbers.percent(found.probability)
    span = say("number.span", low=numbers.percent(found.low), high=numbers.percent(found.high))
    cases = (found.shortfall, found.worst, found.base, found.best)
    told = (numbers.DASH if value is None else amount(value, each) for value in cases)
    goals = say(f"outlook.goal.{_side(each)}", target=goal(each))
    called = each.arm.indicators[each.target.kpi][1].label
    return each.arm.name, called, goals, chance, span, f"{found.misses}", *told
