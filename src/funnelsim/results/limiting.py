"""What limits the line, and why: a verdict in plain words with its evidence.

A team limits the line if more work comes in than it can do. That shows as a queue that grows, or, where leads give
up waiting, as a load of 1 and more. That its reps are busy shows nothing: reps with filler work are always busy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from funnelsim.model.balance.uncounted import costs_of_waiting
from funnelsim.model.model import Model
from funnelsim.scenario.forms.quantities import HOUR

from .estimates import Estimate
from .measures.indicators import MONTH
from .measures.summary import Summary

MATERIAL = 0.25
"""Growth over the whole time, as a share of the average queue, from which a queue counts as growing."""

FEWEST = 1.0
"""Leads by which a queue must grow over the whole time to count as growing."""

OVERRUN = 0.01
"""Growth, as a share of what comes to a team, from which its queue counts as growing: one that grows by less is
that of a team with hours for 99 of 100 leads that come, and chance moves any queue by that much."""

ASK = "Whether one more rep there brings more, or demand is the limit, `funnelsim diagnose` tells."

FREE = "Waiting costs no leads here: no stage has decay, patience or a timeout."

AT_WORK = 0.9
"""Load from which a team may be the limit although its queue does not grow: one more rep shortens waits there."""

TIGHT = 0.95
"""Load from which hours, and not rules, explain why a queue grows."""

WORTH_TELLING = 0.05
"""Leads that wait on average from which it is worth a word for whom."""

MANY_OPEN = 0.2
"""Share of leads still open at the horizon that calls for a warning."""


@dataclass(frozen=True)
class Evidence:
    """What speaks for or against a team being the limit.

    Parameters
    ----------
    team, label : str
        The team's name in files, and the one shown.
    load : Estimate
        Work offered divided by capacity.
    queue_growth : Estimate
        Leads a month by which what waits for the team grows.
    queue : Estimate
        Leads that wait, on average.
    wait : Estimate
        Mean open hours of one wait.
    utilisation, filler : Estimate
        Shares of open hours.
    grows : bool
        Whether the queue grows, by more than chance and by an amount that matters.
    limits : bool
        Whether the team limits the line.
    """

    team: str
    label: str
    load: Estimate
    queue_growth: Estimate
    queue: Estimate
    wait: Estimate
    utilisation: Estimate
    filler: Estimate
    grows: bool
    limits: bool


def evidence(summary: Summary, model: Model, months: float) -> list[Evidence]:
    """Evidence for each team, the most loaded first; ``months`` is the time since the warm-up."""
    found = []
    for name, label in zip(model.team_names, model.team_labels, strict=True):
        team = summary.teams[name]
        grows = _grows(team, months)
        found.append(
            Evidence(
                team=name,
                label=label,
                load=team["load"],
                queue_growth=team["queue_growth"],
                queue=team["queue"],
                wait=team["wait_open"],
                utilisation=team["utilisation"],
                filler=team["filler"],
                grows=grows,
                limits=grows or _overloaded(team["load"]),
            )
        )
    return sorted(found, key=lambda each: -(each.load.mean or 0.0))


def verdict(found: Sequence[Evidence], summary: Summary, model: Model) -> str:
    """What limits the line, and whether waiting costs anything, in one or a few sentences."""
    said = " ".join([_limit(found, summary, model), *joined(summary, model)])
    return f"{said} {FREE}" if found and waits_for_nothing(model) else said


def joined(summary: Summary, model: Model) -> Iterator[str]:
    """What waits for two teams at once and is counted with one of them, a sentence for each stage."""
    labels = dict(zip(model.team_names, model.team_labels, strict=True))
    for name, label in zip(model.stage_names, model.stage_labels, strict=True):
        stage = model.spec.stages[name]
        partners = list(dict.fromkeys(each.team for each in stage.with_.values if each is not None))
        owners = list(dict.fromkeys(team for pool in stage.team.values for team in pool or ()))
        waiting = (summary.stages[name]["queue"].mean or 0.0) if partners and owners else 0.0
        if waiting >= WORTH_TELLING:
            own, other = (" or ".join(labels[each] for each in teams) for teams in (owners, partners))
            yield (
                f"At {label} {_number(waiting)} leads wait on average until {own} and {other} are free together; "
                f"they are counted with {own}, and wait for {other} as well."
            )


def waits_for_nothing(model: Model) -> bool:
    """Whether waiting for a rep costs no lead: no stage has decay, patience or a timeout."""
    return not costs_of_waiting(model)


def _limit(found: Sequence[Evidence], summary: Summary, model: Model) -> str:
    limits = [each for each in found if each.limits]
    if limits:
        return " ".join([_because(limits[0]), *(_too(each) for each in limits[1:])])
    if found and _undecided(found[0].load):
        return f"{found[0].label} is at its limit: {_reasons(found[0])}; but its queue does not grow for certain."
    held = _held_back(summary, model)
    calm = "nothing waits for a team"
    if found:
        creeps = any(each.queue_growth.low is not None and each.queue_growth.low > 0 for each in found)
        calm = "no team's queue grows" + (" by an amount that matters" if creeps else "")
    if held:
        return f"The limits on leads in progress limit the line: {held}, and {calm}.{_closest(found)}"
    if found and (found[0].load.mean or 0.0) >= AT_WORK:
        return f"{_capital(calm)}.{_closest(found)} {ASK}"
    return f"Demand limits the line: {calm}.{_closest(found)}"


def cautions(summary: Summary, found: Sequence[Evidence], slowest: float | None, model: Model) -> list[str]:
    """Warnings about what the figures cannot show; ``slowest`` is the 95 % cycle time in hours."""
    said = []
    kpis = summary.kpis
    if kpis["created"].low is None:
        said.append("a single replication has no intervals: chance cannot be told from what lasts")
    came = (kpis["created"].mean or 0.0) + (kpis["open_at_start"].mean or 0.0)
    still = kpis["open_at_end"].mean or 0.0
    if came and still / came > MANY_OPEN:
        said.append(
            f"{still / came:.0%} of the leads are still open at the horizon; what becomes of them is not known: "
            "a longer horizon shows more"
        )
    warmup = model.warmup / 3_600_000_000
    if slowest is not None and warmup < slowest:
        said.append(
            f"the warm-up ({_long(warmup)}) is shorter than the time in which 95 % of the wins are won "
            f"({_long(slowest)}), so the line was still filling when counting began"
        )
    said += [
        f"the queue of {each.label} grows by {_number(each.queue_growth.mean)} leads a month, so its waits depend "
        "on how long the run is"
        for each in found
        if each.grows
    ]
    return said


def _grows(team: Mapping[str, Estimate], months: float) -> bool:
    growth, queue = team["queue_growth"], team["queue"]
    if growth.mean is None or not queue.mean:
        return False
    # A single replication has no interval. Steady growth from nothing adds twice the average queue.
    sure = growth.low > 0 if growth.low is not None else growth.mean * months > 1.5 * queue.mean
    matters = growth.mean * months > max(MATERIAL * queue.mean, FEWEST)
    return sure and matters and growth.mean > OVERRUN * _coming(team)


def _coming(team: Mapping[str, Estimate]) -> float:
    """Waits for a team that begin in a month: what waits, divided by how long one wait is (Little 1961)."""
    queue, wait = team["queue"].mean or 0.0, team["wait"].mean
    return queue / wait * MONTH / HOUR if wait else 0.0


def _overloaded(load: Estimate) -> bool:
    if load.mean is None:
        return False
    return (load.mean if load.low is None else load.low) >= 1.0


def _undecided(load: Estimate) -> bool:
    """Whether a load may as well be above 1 as below."""
    return load.mean is not None and load.high is not None and load.mean >= TIGHT and load.high >= 1.0


def _reasons(each: Evidence) -> str:
    reasons = []
    if each.grows:
        reasons.append(f"its queue grows by {_with_interval(each.queue_growth)} leads a month")
    if each.load.mean is not None:
        reasons.append(f"its load (work offered / capacity) is {_with_interval(each.load)}")
    if each.wait.mean is not None:
        reasons.append(f"a lead waits {_number(each.wait.mean)} open hours for it")
    return _listed(reasons)


def _because(each: Evidence) -> str:
    said = f"{each.label} limits the line: {_reasons(each)}."
    load = each.load.mean if each.load.high is None else each.load.high
    if load is not None and load < TIGHT:
        said += (
            " Its reps have hours left, so it is not their number: look at what keeps them from taking leads "
            "(WIP limit, ignored classes, reps kept for one territory)."
        )
    return said


def _too(each: Evidence) -> str:
    if each.grows:
        return f"The queue of {each.label} grows as well, by {_with_interval(each.queue_growth)} leads a month."
    return (
        f"The load of {each.label} is {_with_interval(each.load)} as well; leads give up before they are served."
    )


def _closest(found: Sequence[Evidence]) -> str:
    """Who would be the limit next."""
    loaded = [each for each in found if each.load.mean is not None]
    if not loaded:
        return ""
    first = loaded[0]
    said = f" Closest to its limit is {first.label}: load {_with_interval(first.load)}"
    if first.wait.mean is not None:
        said += f", a lead waits {_number(first.wait.mean)} open hours for it"
    return said + "."


def _held_back(summary: Summary, model: Model) -> str:
    """What limits on work in progress do, if anything."""
    stages = {name for limit in model.spec.limits for name in limit.stages}
    blocked = [summary.stages[name]["blocked"].mean or 0.0 for name in stages]
    held = [summary.stages[name]["held"].mean or 0.0 for name in stages]
    if blocked and max(blocked) > 0:
        return f"they turn away {_number(max(blocked))} leads"
    if held and max(held) > 0:
        return f"leads are held for {_number(max(held))} hours on average before them"
    return ""


def _with_interval(estimate: Estimate) -> str:
    said = _number(estimate.mean)
    if estimate.low is None or estimate.high is None:
        return said
    return f"{said} (95 % interval {_number(estimate.low)} to {_number(estimate.high)})"


def _number(value: float | None) -> str:
    """Three digits that matter, without an exponent."""
    if value is None:
        return "an unknown number of"
    return f"{value:z,.0f}" if abs(value) >= 100 else f"{value:z.3g}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])}, and {parts[-1]}"


def _long(hours: float) -> str:
    return f"{_number(hours / 24)} days" if hours >= 48 else f"{_number(hours)} hours"
