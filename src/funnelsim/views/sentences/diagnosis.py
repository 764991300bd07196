"""A diagnosis in plain words, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from funnelsim.experiments.diagnosis.candidates import LEADS
from funnelsim.experiments.diagnosis.limit import Certainty
from funnelsim.experiments.diagnosis.throughput import PER
from funnelsim.experiments.statistics.paired import Verdict
from funnelsim.results.limiting import FREE, joined, waits_for_nothing

from ..words import listed, numbers, say

if TYPE_CHECKING:
    from funnelsim.experiments.diagnosis.result import Diagnosis, Focus, Place
    from funnelsim.experiments.diagnosis.three_questions import Step
    from funnelsim.experiments.diagnosis.throughput import Trial
    from funnelsim.experiments.sensitivity.tornado import Bar, Tornado

CHEAPER = 0.01
"""A change saves money if it costs so much less, as a share of what the best one costs."""

IDLE = 0.9
"""Load below which outbound filler is worth a word: the team only looks busy."""


def head(part: str) -> str:
    """The heading of a part: one of the five steps or of the three questions."""
    return say(f"diagnosis.head.{part}")


def counted(diagnosis: Diagnosis) -> str:
    """How many replications there are of everything."""
    fewest, most = diagnosis.fewest, diagnosis.replications
    if fewest == most:
        return say("diagnosis.counted", number=most)
    return say("diagnosis.counted_span", fewest=fewest, most=most)


def words(diagnosis: Diagnosis) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The parts of a diagnosis that were done, with what is to be said of each."""
    names = Names(diagnosis)
    for focus in diagnosis.focus:
        if focus.name == "elevate" and diagnosis.limit[0] == LEADS:
            yield "subordinate", ("No team is the limit, so there is none whose pace the others should keep.",)
        match focus.name:
            case "identify":
                free = (FREE,) if waits_for_nothing(diagnosis.base.model) else ()
                yield (
                    focus.name,
                    (
                        *_identify(diagnosis.place, focus, names),
                        *joined(diagnosis.base.summary, diagnosis.base.model),
                        *free,
                    ),
                )
            case "next" if diagnosis.after is not None:
                yield focus.name, tuple(_next(diagnosis, focus, names))
            case _:
                yield focus.name, (_best(focus, names),)
    yield "conversion", tuple(_conversions(diagnosis, names))
    yield "people", tuple(_people(diagnosis, names))
    if diagnosis.equation is not None:
        yield "equation", (_equation(diagnosis.equation),)


class Names:
    """What teams and money are called."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        model = diagnosis.base.model
        self.teams = dict(zip(model.team_names, model.team_labels, strict=True))
        self.currency = model.spec.currency
        self.period = numbers.period(model.horizon - model.warmup)

    def of(self, name: str) -> str:
        """A team as it is shown, or demand."""
        return say("diagnosis.demand") if name == LEADS else self.teams[name].replace("_", " ")

    def all(self, names: tuple[str, ...]) -> str:
        """Several of them."""
        return listed([self.of(each) for each in names])


def _identify(place: Place, focus: Focus, names: Names) -> Iterator[str]:
    limit = place.limit
    who = _capital(names.all(limit.names))
    several = len(limit.names) > 1
    match limit.certainty:
        case Certainty.CLEAR:
            yield f"{who} limit{'' if several else 's'} the line."
        case Certainty.BARELY:
            yield f"{who} {'are' if several else 'is'} at the limit, but only just: nothing tried brings much."
        case Certainty.NONE:
            yield (
                f"{_nothing(focus.trials)} through the line: demand limits it, or the time that buyers take"
                f"{'' if _surely(focus.trials) else '; more replications may show more'}."
            )
    gaining = [each for each in focus.trials if each.gains]
    for each in gaining:
        yield f"{_gain(each, names)}."
    nothing = [each.name for each in focus.trials if each.through.verdict is Verdict.SAME]
    if nothing:
        yield f"No difference that matters: {', '.join(nothing)}."
    steady = [each.name for each in focus.trials if each.through.verdict is Verdict.STEADY]
    if steady:
        yield f"The same difference in every replication, mostly none: {', '.join(steady)}."
    harm = [each for each in focus.trials if each.through.verdict is Verdict.LESS]
    if harm:
        yield f"Less comes through with {', '.join(f'{each.name} ({_share(each)})' for each in harm)}."
    yield from _queues(place, names)
    yield _weeks(place, names)
    yield from _filler(place, names)


def _surely(trials: Sequence[Trial]) -> bool:
    """Whether some change brings more beyond chance, as its interval shows."""
    return any(each.through.low is not None and each.through.low > 0 for each in trials)


def _nothing(trials: Sequence[Trial]) -> str:
    """That no team is found to be the limit, in words that fit the intervals of what was tried."""
    if any(each.gains for each in trials):
        return "No team is the limit, as all have hours left; what was tried brings only a little more"
    if _surely(trials):
        return "Nothing that was tried brings more by an amount that matters"
    return "Nothing that was tried surely brings more"


def _gain(each: Trial, names: Names) -> str:
    """``One more in field sales brings 1.43 leads a month more through the line (+22 %, ...)``."""
    through = each.through
    mean = through.difference.mean or 0.0
    between = "in every replication"
    if through.low is not None and through.high is not None:
        between = f"between {numbers.amount(through.low)} and {numbers.amount(through.high)}"
    said = (
        f"{_capital(each.name)}: {numbers.amount(mean)} leads a month more through the line ({_share(each)}, "
        f"{between})"
    )
    if each.per_money is not None:
        said += f", {numbers.amount(each.per_money)} for each {PER:,} {names.currency} spent"
    if each.money is not None and each.money.verdict in (Verdict.MORE, Verdict.LESS):
        money = each.money.difference.mean or 0.0
        said += f", and {numbers.signed(money, each.money.base.unit)} of contribution over {names.period}"
    return said


def _share(each: Trial) -> str:
    return numbers.with_sign(each.share, numbers.percent(abs(each.share)))


def _queues(place: Place, names: Names) -> Iterator[str]:
    for each in place.evidence:
        if each.grows:
            growth = numbers.amount(each.queue_growth.mean or 0.0)
            said = f"What waits for {names.of(each.team)} grows by {growth} a month"
            if each.team in place.limit.queues:
                said += ", although one more person there brings nothing more to the end of the line"
            yield f"{said}."


def _weeks(place: Place, names: Names) -> str:
    time, demand = place.time, place.limit.first == LEADS
    busy = "had no hours left" if demand else "was the limit"
    told = sorted(((share, names.of(team)) for team, share in time.teams.items() if share > 0), reverse=True)
    parts = [f"{who} {busy} in {numbers.percent(share)} of weeks" for share, who in told]
    if time.nobody > 0:
        parts.append(f"no team was {'' if told else 'the limit '}in {numbers.percent(time.nobody)}")
        if not told:
            parts[-1] += " of weeks"
    both = (
        "; leads wait there then and are served later, so that it is demand that limits the line" if demand else ""
    )
    return f"Week by week, {', '.join(parts)}{both if told else ''}."


def _filler(place: Place, names: Names) -> Iterator[str]:
    for each in place.evidence:
        filler, load = each.filler.mean or 0.0, each.load.mean or 0.0
        if filler > 0 and load < IDLE and each.team not in place.limit.names:
            yield (
                f"{_capital(names.of(each.team))} looks busy, but fills {numbers.percent(filler)} of its time "
                f"with outbound contacts; leads take {numbers.percent(load)}, so its people are not the limit."
            )


def _best(focus: Focus, names: Names) -> str:
    best = focus.best
    if best is None:
        if len(focus.trials) == 1:
            few = "brings more, but not much" if _surely(focus.trials) else "does not surely bring more"
            return f"One change was tried ({focus.trials[0].name}), and it {few}."
        few = "brings more by an amount that matters" if _surely(focus.trials) else "surely brings more"
        return f"Of {len(focus.trials)} changes tried none {few} through the line."
    said = _gain(best, names)
    if len(focus.trials) > 1:
        said += f". That is the most of {len(focus.trials)} changes tried"
    dear = [each for each in focus.trials if each.gains and each is not best and each.per_money is not None]
    better = max(dear, key=lambda each: each.per_money or 0.0, default=None)
    if better is not None and best.per_money is not None and (better.per_money or 0.0) > best.per_money:
        said += (
            f"; most for the money: {better.name} ({_share(better)}, {numbers.amount(better.per_money or 0.0)} "
            f"leads for each {PER:,} {names.currency})"
        )
    saving = next((each for each in focus.trials if each.gains and each.cost < -CHEAPER * abs(best.cost)), None)
    if saving is not None and saving is not best:
        cost = numbers.signed(saving.cost, names.currency)
        said += f"; {saving.name} brings {_share(saving)} and costs {cost} a month"
    return f"{said}."


def _next(diagnosis: Diagnosis, focus: Focus, names: Names) -> Iterator[str]:
    after = diagnosis.after
    if after is None:
        return
    who = names.all(after.limit.names)
    if after.limit.certainty is Certainty.NONE:
        said = _nothing(focus.trials)
        yield f"With {after.change}, {said[:1].lower()}{said[1:]}: demand or the buyers' time is the limit."
    elif after.limit.first == diagnosis.limit[0]:
        yield f"With {after.change}, the limit is still {who}."
    else:
        barely = ", but only just" if after.limit.certainty is Certainty.BARELY else ""
        yield f"With {after.change}, the limit moves to {who}{barely}."
    yield from (f"{_gain(each, names)}." for each in focus.trials if each.gains)
    yield _weeks(after, names)


def _conversions(diagnosis: Diagnosis, names: Names) -> Iterator[str]:
    below = [each for each in diagnosis.conversions if each.below]
    for each in below:
        yield _below(each)
    if not below:
        yield "No step converts less than it should."
    for each in diagnosis.conversions:
        if each.given_up > 0.01:
            yield f"{_capital(each.label)}: {numbers.percent(each.given_up)} give up before they are served."


def _below(each: Step) -> str:
    said = (
        f"{_capital(each.label)}: {numbers.percent(each.conversion.mean or 0.0)} go on, and at least "
        f"{numbers.percent(each.least or 0.0)} should"
    )
    if each.ended.mean is not None and each.least is not None and each.ended.mean >= each.least:
        ended = numbers.percent(each.ended.mean)
        said += f"; of those that are dealt with it is {ended}, so it is waiting and not ability"
    return f"{said}."


def _people(diagnosis: Diagnosis, names: Names) -> Iterator[str]:
    for each in diagnosis.staffing:
        who, load = _capital(names.of(each.team)), numbers.percent(each.load)
        if each.missing > 0:
            yield f"{who}: {each.missing} short (load {load}; with {each.needed} it would be at most 85 %)."
        elif each.missing < 0:
            calls = ", outbound contacts apart" if each.filler > 0 else ""
            yield f"{who}: {-each.missing} to spare (load {load}; {each.needed} would be enough{calls})."
        else:
            yield f"{who}: right (load {load})."


def _equation(equation: Tornado) -> str:
    parts = [_bar(each) for each in equation.bars if each.more or each.less]
    what = "the number of deals won" if equation.kpi == "won" else equation.kpi.replace("_", " ")
    return f"A tenth more of each term changes {what} as follows: {'; '.join(parts)}."


def _bar(bar: Bar) -> str:
    each, way = (bar.more, "") if bar.more is not None else (bar.less, " (a tenth less)")
    if each is None or each.share is None:
        return f"{bar.factor} not known"
    if each.verdict is Verdict.SAME:
        return f"{bar.factor}{way} nothing that matters"
    if each.difference.identical:
        return f"{bar.factor}{way} nothing in any replication"
    size = numbers.with_sign(each.share, numbers.percent(abs(each.share)))
    open_ = " (not known yet)" if each.verdict is Verdict.OPEN else ""
    return f"{bar.factor}{way} {size}{open_}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
