"""People and pay that arms have in common, or in which they differ."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from funnelsim.experiments.study.equal import SHARE, Means, figure, payable, share_apart

from ..words import numbers, running, say

if TYPE_CHECKING:
    from funnelsim.model.balance.planned import Plan


def in_words(means: Means) -> Iterator[str]:
    """What arms have in common, where that was asked for; else which of them have more or less than the base."""
    ground = means.plans.get(means.base)
    if ground is None:
        return
    if means.same is not None:
        by = payable(means.plans, means.same)
        said = say(f"plan.same.{by.replace(':', '_')}", plan=_told(ground, by))
        yield said if by == means.same else running([say("plan.unpaid"), said])
        yield from _hours(means)
        return
    for name, plan in means.plans.items():
        yield from _apart(name, plan, means.base, ground)


def _hours(means: Means) -> Iterator[str]:
    """Arms whose people have more or fewer hours for leads than those of the base, for the same pay."""
    ground = means.hours.get(means.base)
    for name, hours in means.hours.items() if ground else ():
        if ground and abs(hours - ground) > SHARE * ground:
            told = {
                "hours": f"{hours:,.4g}",
                "hours_of_base": f"{ground:,.4g}",
                "share": _share(hours / ground - 1),
            }
            yield say("plan.hours", arm=name, base=means.base, **told)


def _apart(name: str, plan: Plan, base: str, ground: Plan) -> Iterator[str]:
    """How a plan differs from that of the base."""
    people, pay = share_apart(ground, plan, "people"), share_apart(ground, plan, "budget")
    if plan.currency != ground.currency:
        pay = None
    if people is None and pay is None:
        return
    yield say(
        f"plan.apart.{'pay' if people is None else 'people' if pay is None else 'both'}",
        arm=name,
        base=base,
        people=f"{plan.heads:,.4g}",
        people_of_base=f"{ground.heads:,.4g}",
        share=_share(people),
        pay=_told(plan, "budget"),
        pay_of_base=_told(ground, "budget"),
        pay_share=_share(pay),
    )


def before_and_after(before: Plan, after: Plan, hours: tuple[float, float]) -> str:
    """What a lever makes of planned pay, or of people where none is paid, and of hours for leads."""
    by = payable({"before": before, "after": after}, "budget")
    told = {"pay": _told(before, by), "pay_after": _told(after, by)}
    return say("plan.lever", **told, hours=f"{hours[0]:,.4g}", hours_after=f"{hours[1]:,.4g}")


def _told(plan: Plan, by: str) -> str:
    if by == "budget":
        return numbers.size(plan.budget, f"{plan.currency}/y")
    return say("plan.people", people=f"{figure(plan, by):,.4g}")


def _share(apart: float | None) -> str:
    if apart is None:
        return ""
    if math.isinf(apart):
        return say("plan.none")
    return numbers.with_sign(apart, say("unit.percent", value=f"{abs(apart) * 100:.1f}"))
