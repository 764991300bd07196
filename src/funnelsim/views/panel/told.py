"""An answer in words and bars, as the panel shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from funnelsim.experiments.asking.answers import STEPS
from funnelsim.experiments.statistics.paired import Verdict
from funnelsim.experiments.study.question import less_is_better

from ..words import counted, numbers, say

if TYPE_CHECKING:
    from funnelsim.experiments.asking.answers import Answer
    from funnelsim.experiments.comparison.judging import Finding

TONES = {Verdict.MORE: "more", Verdict.LESS: "less"}
"""How an answer is coloured; all others are plain."""


def answer(each: Answer) -> dict[str, Any]:
    """An answer as data for the panel: texts, bars, and the figures themselves."""
    return {
        "kind": "answer",
        "replications": each.replications,
        "most": STEPS[-1],
        "status": _status(each),
        "lines": [{"text": line(each, found), "tone": _tone(each, found)} for found in each.main],
        "figures": [_figure(each, found) for found in (*each.main, *each.beside)],
        "impression": each.is_impression,
        "decided": each.decided and not each.is_same,
        "last": each.last,
    }


def _status(each: Answer) -> str:
    model = each.asked.model
    given = {"period": numbers.period(model.horizon - model.warmup), "most": f"{STEPS[-1]}"}
    if each.is_same:
        return counted("panel.status.today", each.replications, **given)
    if each.is_impression:
        return counted("panel.status.first", each.replications, **given)
    key = "decided" if each.decided else "ended" if each.last else "open"
    return say(f"panel.status.{key}", number=f"{each.replications}", **given)


def line(each: Answer, found: Finding) -> str:
    """What is known of one KPI, in a sentence."""
    kpi = label(each, found)
    mean, unit = found.difference.mean, found.base.unit
    if mean is None:
        return say("panel.answer.none", kpi=kpi)
    if each.is_same:
        return say(
            "panel.answer.today", kpi=kpi, value=numbers.estimate(found.figure.to_dict(), not each.is_impression)
        )
    if each.is_impression:
        return say("panel.answer.first", kpi=kpi, difference=numbers.signed(mean, unit))
    match found.verdict:
        case Verdict.SAME:
            return say("panel.answer.same", kpi=kpi)
        case Verdict.STEADY:
            return say("panel.answer.steady", kpi=kpi, number=f"{each.replications}")
        case Verdict.MORE | Verdict.LESS:
            size = numbers.size(mean, unit)
            key = f"panel.answer.{TONES[found.verdict]}"
            if found.share is None:
                return say(key, kpi=kpi, size=size)
            return say(f"{key}_share", kpi=kpi, size=size, share=numbers.percent(abs(found.share)))
    return say("panel.answer.open", kpi=kpi)


def label(each: Answer, found: Finding) -> str:
    """What a KPI is called."""
    return each.today.indicators[found.kpi][1].label


def _tone(each: Answer, found: Finding) -> str:
    """Whether a difference is good or bad; plain while that is not known."""
    if each.is_same or found.verdict not in TONES:
        return "plain"
    return "bad" if (found.verdict is Verdict.MORE) == less_is_better(found.kpi) else "good"


def _figure(each: Answer, found: Finding) -> dict[str, Any]:
    mean, unit = found.difference.mean, found.base.unit
    beside = max((abs(one) for one in (found.low, found.high, mean) if one is not None), default=0.0)
    moved = not each.is_same and mean is not None
    return {
        "kpi": found.kpi,
        "label": label(each, found),
        "about": each.today.indicators[found.kpi][1].definition,
        "today": numbers.estimate(found.base.to_dict(), interval=False),
        "asked": numbers.estimate(found.figure.to_dict(), interval=False),
        "difference": numbers.signed(mean, unit, beside=beside) if moved and mean is not None else numbers.DASH,
        "interval": _interval(each, found, beside) if moved else numbers.DASH,
        "tone": _tone(each, found),
        "bars": dict(_bars(found)),
        "values": {
            "today": found.base.mean,
            "asked": found.figure.mean,
            "difference": mean,
            "low": found.low,
            "high": found.high,
        },
    }


def _interval(each: Answer, found: Finding, beside: float) -> str:
    if each.is_impression or found.low is None or found.high is None:
        return say("panel.fixed") if found.difference.fixed else say("panel.no_interval")
    ends = (numbers.signed(end, found.base.unit, beside=beside) for end in (found.low, found.high))
    return say("panel.between", **dict(zip(("low", "high"), ends, strict=True)))


def _bars(found: Finding) -> Iterator[tuple[str, float]]:
    """Where bars begin and end, as shares of the width."""
    today, asked = found.base.mean, found.figure.mean
    ends = {"zero": 0.0}
    if today is not None:
        ends["today"] = today
    if asked is not None:
        ends["asked"] = asked
    if today is not None and found.low is not None and found.high is not None:
        ends |= {"low": today + found.low, "high": today + found.high}
    least, most = min(ends.values()), max(ends.values())
    for name, end in ends.items():
        yield name, (end - least) / (most - least) if most > least else 0.0
