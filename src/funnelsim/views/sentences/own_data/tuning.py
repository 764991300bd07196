"""What tuning moved, how well each input is known now, and which totals contradict one another, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...words import counted, listed, numbers, say
from ..figures import kpi_name

if TYPE_CHECKING:
    from funnelsim.experiments.tuning.identities import Broken, Needed
    from funnelsim.experiments.tuning.result import Met, Moved, Tuned

TOTALS = ("total", "known", "before", "after", "met")
INPUTS = ("number", "grade", "before", "after", "range_before", "range_after", "told")


def sentences(found: Tuned) -> Iterator[str]:
    """Whether the totals are met, what was moved, and what contradicts."""
    met = sum(each.is_met for each in found.totals)
    yield say("tune.met.all" if met == len(found.totals) else "tune.met.some", met=met, of=len(found.totals))
    missed = [total(each) for each in found.totals if each.is_off]
    if missed:
        yield say("tune.off", totals=say("list.semicolon").join(missed))
    yield from (broken(each) for each in found.broken)
    yield from (needed(each) for each in found.needed)
    far = [each.path for each in found.inputs if each.is_far]
    if far:
        yield say("tune.far", paths=listed(far))
    if found.contradicts and not (missed or found.broken or far):
        yield say("tune.together", probability=numbers.probability(found.probability))
    yield counted("tune.moved", len(found.moved)) if found.moved else say("tune.moved.none")
    vague = [each.path for each in found.moved if not each.is_determined]
    if vague:
        yield counted("tune.vague", len(vague), paths=listed(vague))


def total(each: Met) -> str:
    """A total and what the tuned line comes to."""
    made = numbers.estimate(each.after.to_dict())
    return say("tune.total", kpi=kpi_name(each.total.kpi), written=each.total.text, made=made)


def broken(each: Broken) -> str:
    """An identity that totals break."""
    names = [kpi_name(kpi) for kpi in each.kpis]
    gaps = {"given": numbers.amount(each.given), "follows": numbers.amount(each.follows)}
    return say(f"tune.broken.{each.kind}", first=names[0], others=listed(names[1:] or names), **gaps)


def needed(each: Needed) -> str:
    """What two totals need of a third figure."""
    first, second = (kpi_name(kpi) for kpi in each.kpis)
    want, made = (numbers.amount(value) for value in (each.needed, each.made))
    return say("tune.needed", first=first, second=second, third=kpi_name(each.third), needed=want, made=made)


def total_row(each: Met) -> tuple[str, ...]:
    """A total as a row of the table."""
    before, after = (numbers.estimate(one.to_dict()) for one in (each.before, each.after))
    value, wide = each.total.value, each.total.tolerance
    known = numbers.estimate({"mean": value, "low": value - wide, "high": value + wide, "unit": each.total.unit})
    met = say("tune.yes" if each.is_met else "tune.no")
    return say("tune.name", kpi=kpi_name(each.total.kpi), written=each.total.text), known, before, after, met


def input_row(each: Moved) -> tuple[str, ...]:
    """An input as a row of the table."""
    before, after = (say("number.span", low=low, high=high) for low, high in (each.range_before, each.range_after))
    key = "outside" if each.is_outside else "determined" if each.is_determined else "vague"
    grade = say("guesses.none") if each.input.grade == "none" else each.input.grade
    return each.path, grade, each.before, each.after, before, after, say(f"tune.told.{key}")
