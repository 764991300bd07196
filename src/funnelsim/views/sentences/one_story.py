"""What a diagnosis says that a run of the same line says too: what comes through it, and growth beside gain."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from funnelsim.experiments.diagnosis.throughput import BOOKINGS, MONEY, THROUGH, LineArm
from funnelsim.results.limiting import evidence, limit
from funnelsim.results.measures.revenue import YEAR

from ..words import numbers, say
from .limiting import by_growth

if TYPE_CHECKING:
    from funnelsim.experiments.diagnosis.result import Diagnosis
    from funnelsim.experiments.diagnosis.three_questions import Staffing


def today(diagnosis: Diagnosis) -> Iterator[str]:
    """What comes through the line as it is, and what limits it by growth, as a run says it."""
    base, model = diagnosis.base, diagnosis.base.model
    years = (model.horizon - model.warmup) / YEAR
    through = LineArm.of(base).estimate(THROUGH)
    won, expansions = (base.summary.kpis[name].mean or 0.0 for name in ("won", "won_expansion"))
    values = {
        "leads": numbers.amount(through.mean or 0.0),
        "won": numbers.amount(won / years / 12),
        "expansions": numbers.amount(expansions / years / 12),
    }
    money = [base.summary.kpis[name] for name in (BOOKINGS, MONEY)]
    kind = "_expansions" if expansions else ""
    if any(each.mean for each in money):
        told = [numbers.estimate(each.to_dict(), interval=False, factor=1 / years) for each in money]
        kind += "_money"
        values |= {"bookings": told[0], "contribution": told[1]}
    yield say(f"diagnosis.today{kind}", **values)
    found = limit(evidence(base.summary, model, years * 12), base.summary, model)
    yield say("diagnosis.by_growth", said=by_growth(found))


def by_gain(diagnosis: Diagnosis, each: Staffing) -> Iterator[str]:
    """What one more person brings, where that says something else than the load does."""
    first = next((focus for focus in diagnosis.focus if focus.name == "identify"), None)
    trial = (
        next((one for one in first.trials if set(one.change) == {f"teams.{each.team}.headcount"}), None)
        if first
        else None
    )
    if trial is None or trial.gains == (each.missing > 0):
        return
    if trial.gains:
        yield say(
            "diagnosis.people.but_gains", share=numbers.with_sign(trial.share, numbers.percent(abs(trial.share)))
        )
    elif each.missing > 0:
        most = numbers.percent(max(trial.most, 0.0)) if math.isfinite(trial.most) else numbers.DASH
        yield say("diagnosis.people.but_nothing", most=most)
