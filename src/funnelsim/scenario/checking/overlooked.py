"""What of an entry makes no difference because of what stands around it, and is easily overlooked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from funnelsim.errors import Warned

from ..forms.base import ORIGINS
from ..forms.currencies import CURRENCIES
from ..forms.quantities import Condition, Duration, Selector
from ..language.line import Stage
from ..language.moments import moment
from ..language.types import ScenarioSpec, Source, Team
from .routes import booking, won_before

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_CODE = re.compile("[A-Z]{3}")


def overlooked(spec: ScenarioSpec) -> Iterator[Warned]:
    """Warnings, one sentence each."""
    if _CODE.fullmatch(spec.currency) and spec.currency not in CURRENCIES:
        yield Warned(
            f"currency: {spec.currency} is the code of no currency in use; it is shown with amounts as it stands",
            "W-currency-unknown",
        )
    if spec.sources and all(_silent(source) for source in spec.sources.values()) and not _others(spec):
        yield Warned("sources: no lead ever comes, as each `rate` is 0", "W-leads-none")
    for name, team in spec.teams.items():
        yield from _queue(spec, name, team)
        yield from _quota(spec, name, team)
    yield from _booked_before(spec)
    for name, stage in spec.stages.items():
        yield from _never_out(spec, name, stage)


def _silent(source: Source) -> bool:
    return source.rate is not None and source.rate.amount == 0.0 and not source.bursts


def _others(spec: ScenarioSpec) -> bool:
    """Whether leads come from elsewhere: those of the start, or of customers."""
    opening = spec.opening
    return bool(opening.leads or opening.deals or opening.customers or spec.phases)


# --- queues ------------------------------------------------------------------------------------------------


def _queue(spec: ScenarioSpec, name: str, team: Team) -> Iterator[Warned]:
    """Classes of leads that hold all that the team works, or none of it."""
    work = _work(spec, name)
    for key in ("first", "last", "ignore"):
        selector: Selector = getattr(team.queue, key)
        at = f"teams.{name}.queue.{key}: does nothing as it is"
        if not selector or not work:
            continue
        if key != "ignore" and any(_holds_all(spec, one, work) for one in selector):
            yield Warned(
                f"{at}: all that the team works is of this class, so none of it goes before the rest",
                "W-queue-class",
            )
        elif all(one.stage and not one.stage & work for one in selector):
            stages = ", ".join(sorted(set().union(*(one.stage for one in selector))))
            yield Warned(
                f"{at}: the team does not work {stages}; its work is {', '.join(sorted(work))}", "W-queue-class"
            )


def _work(spec: ScenarioSpec, team: str) -> set[str]:
    """What a team works: its stages, those that it joins, and what customers need of it."""
    own = {name for name, stage in spec.stages.items() if any(team in names for names in stage.team.values)}
    own |= {
        name
        for name, stage in spec.stages.items()
        if any(joint is not None and joint.team == team for joint in stage.with_.values)
    }
    if any(team in names for names in spec.customers.team.values):
        own |= {"care", "renewal", "complaint"}
    return own


def _holds_all(spec: ScenarioSpec, one: Condition, work: set[str]) -> bool:
    """Whether a condition holds for every lead that can wait in the stages of a team."""
    bounded = one.value_below is not None or one.score_at_least is not None or one.score_below is not None
    if bounded or (one.value_at_least is not None and one.value_at_least > 0):
        return False
    streams = (spec.customers.expansion, spec.customers.referral)
    born = any(each.rate.amount > 0 for stream in streams for each in stream.values)
    parts = (
        (one.stage, work),
        (one.segment, set(spec.segments)),
        (one.territory, {territory for territory, share in spec.territories if share > 0}),
        (one.origin, set(ORIGINS)),
    )
    if one.source and (born or not set(spec.sources) <= one.source):
        return False
    return all(not asked or (every and every <= asked) for asked, every in parts)


# --- quotas, bookings, nurturing ---------------------------------------------------------------------------


def _quota(spec: ScenarioSpec, name: str, team: Team) -> Iterator[Warned]:
    """A quota of which no whole period is measured."""
    if team.quota is None:
        return
    if spec.warmup.business or spec.horizon.business:
        return  # how long they are hangs on a calendar
    months = MONTHS[team.quota.period]
    measured, end = moment(spec.start, spec.warmup), moment(spec.start, spec.horizon)
    begins = (moment(spec.start, Duration(float(months * number), "mo")) for number in count())
    first = next(number for number, begin in enumerate(begins) if begin >= measured)
    if moment(spec.start, Duration(float(months * (first + 1)), "mo")) > end:
        period = team.quota.period.replace("_", " ")
        yield Warned(
            f"teams.{name}.quota: no whole {period} of it lies within the run after the warm-up, so "
            f"`quota_attainment` and `quotas_met` have no figure of this team; periods count from {spec.start}",
            "W-quota-period",
        )


def _booked_before(spec: ScenarioSpec) -> Iterator[Warned]:
    """Stages that are to book what was booked before."""
    before = won_before(spec)
    for name, stage in spec.stages.items():
        if stage.books and before.get(name):
            others = " or ".join(win for win in booking(spec) if win != name)
            yield Warned(
                f"stages.{name}.books: does nothing as it is: every deal that gets there was booked in {others}, "
                "and a deal is booked once",
                "W-key-idle",
            )


def _never_out(spec: ScenarioSpec, name: str, stage: Stage) -> Iterator[Warned]:
    """A time limit on nurturing, where nobody is unready."""
    unready = any(source.readiness.later > 0 or source.readiness.never > 0 for source in spec.sources.values())
    if stage.nurtures is None or unready:
        return
    notice = stage.nurtures.notice.microseconds
    limits = [one for one in stage.timeout.values if one is not None]
    if limits and all(not one.business and one.microseconds > notice for one in limits):
        yield Warned(
            f"stages.{name}.timeout: does nothing as it is: no source has leads that are ready `later` or "
            "`never`, so each moves on after `notice`; see `readiness`",
            "W-key-idle",
        )
