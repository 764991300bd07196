"""A diagnosis in plain words, step by step."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from funnelsim.experiments.diagnosis.candidates import LEADS
from funnelsim.experiments.diagnosis.limit import Certainty
from funnelsim.experiments.diagnosis.throughput import PER
from funnelsim.experiments.statistics.paired import Verdict, unseen

from ..words import capital, clauses, items, listed, numbers, running, say, separated
from .changes import change_name
from .figures import kpi_name
from .limiting import free_in, joined
from .one_story import by_gain, today
from .tornado import factor

if TYPE_CHECKING:
    from funnelsim.experiments.diagnosis.result import Diagnosis, Focus, Place
    from funnelsim.experiments.diagnosis.three_questions import Staffing, Step
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
            untold = diagnosis.place.limit.certainty is Certainty.UNTOLD
            yield "subordinate", (say(f"diagnosis.{'no_limit_known' if untold else 'no_pace'}"),)
        match focus.name:
            case "identify":
                yield (
                    focus.name,
                    (
                        *_identify(diagnosis.place, focus, names),
                        *today(diagnosis),
                        *joined(diagnosis.base.summary, diagnosis.base.model),
                        *free_in([diagnosis.base.model]),
                    ),
                )
            case "next" if diagnosis.after is not None:
                yield focus.name, tuple(_next(diagnosis, focus, names))
            case _:
                yield focus.name, (_best(focus, names),)
    yield "conversion", tuple(_conversions(diagnosis))
    yield "people", tuple(_people(diagnosis, names))
    if diagnosis.equation is not None:
        yield "equation", (_equation(diagnosis.equation),)


class Names:
    """What teams and money are called."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        model = diagnosis.base.model
        self.teams = dict(zip(model.team_names, model.team_labels, strict=True))
        self.currency = model.spec.currency

    def of(self, name: str) -> str:
        """A team as it is shown, or demand."""
        return say("diagnosis.demand") if name == LEADS else self.teams[name].replace("_", " ")

    def all(self, names: tuple[str, ...]) -> str:
        """Several of them."""
        return listed([self.of(each) for each in names])


def _identify(place: Place, focus: Focus, names: Names) -> Iterator[str]:
    limit = place.limit
    number = "many" if len(limit.names) > 1 else "one"
    match limit.certainty:
        case Certainty.CLEAR:
            yield say(f"diagnosis.limit.{number}", who=capital(names.all(limit.names)))
        case Certainty.BARELY:
            who, most = capital(names.all(limit.names)), _most(focus.trials)
            yield say(f"diagnosis.barely.{number}", who=who, most=most)
        case Certainty.UNTOLD:
            yield _untold("limit", focus.trials)
            yield from _loaded(place, names)
            if limit.first == LEADS:
                yield say("diagnosis.as_demand")
        case Certainty.NONE:
            yield say(f"diagnosis.none.{_nothing(focus.trials)}", most=_most(focus.trials))
    for each in focus.trials:
        if each.gains:
            yield say("diagnosis.sentence", said=_gain(each, names))
    for verdict, key in ((Verdict.SAME, "no_difference"), (Verdict.STEADY, "steady")):
        those = [each for each in focus.trials if each.through.verdict is verdict]
        if those:
            fewest = min(each.replications for each in those)
            changes = separated([change_name(each.name) for each in those])
            yield say(f"diagnosis.{key}", changes=changes, share=numbers.percent(unseen(fewest)))
    harm = [each for each in focus.trials if each.through.verdict is Verdict.LESS]
    if harm:
        told = [say("diagnosis.harm.change", change=change_name(each.name), share=_share(each)) for each in harm]
        yield say("diagnosis.harm", changes=separated(told))
    yield from _queues(place, names)
    yield _weeks(place, names)
    yield from _filler(place, names)


def _small(trials: Sequence[Trial]) -> bool:
    """Whether all changes surely bring less than matters, as their intervals show."""
    return all(each.through.verdict in (Verdict.SAME, Verdict.LESS) for each in trials)


def _nothing(trials: Sequence[Trial]) -> str:
    """Why no team is found to be the limit: the end of a text's key, by the intervals of what was tried."""
    if any(each.gains for each in trials):
        return "little"
    return "small" if _small(trials) else "unsure"


def _most(trials: Sequence[Trial]) -> str:
    """What the changes may bring at most, as a share of what comes through the line."""
    most = max([0.0, *(each.most for each in trials)])
    return numbers.percent(most) if math.isfinite(most) else numbers.DASH


def _untold(what: str, trials: Sequence[Trial], **values: object) -> str:
    """That there are too few replications to tell something, and about how many would."""
    untold = [each for each in trials if each.untold]
    needed = [each.needed for each in untold]
    known = [each for each in needed if each is not None]
    done = max((each.replications for each in untold), default=0)
    if not known or len(known) < len(needed):
        return say(f"diagnosis.untold.{what}.more", replications=done, **values)
    about = numbers.rounded_up(max(known))
    return say(f"diagnosis.untold.{what}", replications=done, needed=about, **values)


def _loaded(place: Place, names: Names) -> Iterator[str]:
    """Who has the most load, where no more is known."""
    first = next((each for each in place.evidence if each.load.mean is not None), None)
    if first is not None:
        yield say("diagnosis.loaded", team=names.of(first.team), load=numbers.percent(first.load.mean or 0.0))


def _gain(each: Trial, names: Names) -> str:
    """``One more in field sales: 1.43 leads a month more through the line (+22 %, ...)``."""
    through = each.through
    interval = say("diagnosis.every")
    if through.low is not None and through.high is not None:
        low, high = numbers.amount(through.low), numbers.amount(through.high)
        interval = say("diagnosis.between", low=low, high=high)
    spent = each.per_money is not None
    money = each.money if each.money is not None and each.money.verdict in (Verdict.MORE, Verdict.LESS) else None
    kind = "_both" if spent and money else "_spent" if spent else "_money" if money else ""
    return say(
        f"diagnosis.gain{kind}",
        change=capital(change_name(each.name)),
        leads=numbers.amount(through.difference.mean or 0.0),
        share=_share(each),
        interval=interval,
        each=numbers.amount(each.per_money or 0.0),
        per=f"{PER:,}",
        currency=names.currency,
        money=""
        if money is None
        else numbers.signed((money.difference.mean or 0.0) / each.years, money.base.unit),
    )


def _share(each: Trial) -> str:
    return numbers.with_sign(each.share, numbers.percent(abs(each.share)))


def _queues(place: Place, names: Names) -> Iterator[str]:
    for each in place.evidence:
        if each.grows:
            growth = numbers.amount(each.queue_growth.mean or 0.0)
            key = "diagnosis.grows_without" if each.team in place.limit.queues else "diagnosis.grows"
            yield say(key, team=names.of(each.team), growth=growth)


def _weeks(place: Place, names: Names) -> str:
    time, leads = place.time, place.limit.first == LEADS
    demand = leads and place.limit.certainty is not Certainty.UNTOLD
    told = sorted(((share, names.of(team)) for team, share in time.teams.items() if share > 0), reverse=True)
    busy = f"diagnosis.week.{'no_hours' if leads else 'limit'}"
    parts = [say(busy, team=who, share=numbers.percent(share)) for share, who in told]
    if time.nobody > 0:
        nobody = "nobody_else" if told else "nobody"
        parts.append(say(f"diagnosis.week.{nobody}", share=numbers.percent(time.nobody)))
    whole = "diagnosis.weeks_of_demand" if demand and told else "diagnosis.weeks"
    return say(whole, parts=separated(parts))


def _filler(place: Place, names: Names) -> Iterator[str]:
    for each in place.evidence:
        filler, load = each.filler.mean or 0.0, each.load.mean or 0.0
        surely = load if each.load.high is None else each.load.high
        if filler > 0 and surely < IDLE and each.team not in place.limit.names:
            yield say(
                "diagnosis.filler",
                team=capital(names.of(each.team)),
                filler=numbers.percent(filler),
                load=numbers.percent(load),
            )


def _best(focus: Focus, names: Names) -> str:
    best = focus.best
    if best is None:
        few, most = "small" if _small(focus.trials) else "unsure", _most(focus.trials)
        untold, number = any(each.untold for each in focus.trials), len(focus.trials)
        if number == 1:
            change = change_name(focus.trials[0].name)
            if untold:
                return _untold("alone", focus.trials, change=change)
            return say(f"diagnosis.tried_one.{few}", change=change, most=most)
        if untold:
            return _untold("tried", focus.trials, number=number)
        return say(f"diagnosis.tried.{few}", number=number, most=most)
    said = say("diagnosis.sentence", said=_gain(best, names))
    if len(focus.trials) == 1:
        return said
    beside = [say("diagnosis.most", number=len(focus.trials)), *_beside(focus, best, names)]
    return running([said, say("diagnosis.sentence", said=clauses(beside))])


def _beside(focus: Focus, best: Trial, names: Names) -> Iterator[str]:
    """What brings more for the money than the best, and what brings less but saves money."""
    dear = [each for each in focus.trials if each.gains and each is not best and each.per_money is not None]
    better = max(dear, key=lambda each: each.per_money or 0.0, default=None)
    if better is not None and best.per_money is not None and (better.per_money or 0.0) > best.per_money:
        yield say(
            "diagnosis.for_money",
            change=change_name(better.name),
            share=_share(better),
            each=numbers.amount(better.per_money or 0.0),
            per=f"{PER:,}",
            currency=names.currency,
        )
    saving = next((each for each in focus.trials if each.gains and each.cost < -CHEAPER * abs(best.cost)), None)
    if saving is not None and saving is not best:
        cost = numbers.signed(saving.cost, names.currency)
        yield say("diagnosis.saving", change=change_name(saving.name), share=_share(saving), cost=cost)


def _next(diagnosis: Diagnosis, focus: Focus, names: Names) -> Iterator[str]:
    after = diagnosis.after
    if after is None:
        return
    if after.limit.certainty is Certainty.UNTOLD:
        yield _untold("next", focus.trials, change=change_name(after.change))
        yield _weeks(after, names)
        return
    if after.limit.certainty is Certainty.NONE:
        where = _nothing(focus.trials)
    elif after.limit.first == diagnosis.limit[0]:
        where = "still"
    else:
        where = "barely" if after.limit.certainty is Certainty.BARELY else "moves"
    yield say(
        f"diagnosis.next.{where}",
        change=change_name(after.change),
        who=names.all(after.limit.names),
        most=_most(focus.trials),
    )
    yield from (say("diagnosis.sentence", said=_gain(each, names)) for each in focus.trials if each.gains)
    yield _weeks(after, names)


def _conversions(diagnosis: Diagnosis) -> Iterator[str]:
    below = [each for each in diagnosis.conversions if each.below]
    untold = [each.label for each in diagnosis.conversions if each.untold]
    for each in below:
        yield _below(each)
    if untold:
        yield say("diagnosis.converts_untold", stages=listed(untold), replications=diagnosis.replications)
    elif not below:
        yield say("diagnosis.converts")
    for each in diagnosis.conversions:
        if each.given_up > 0.01:
            yield say("diagnosis.given_up", stage=capital(each.label), share=numbers.percent(each.given_up))


def _below(each: Step) -> str:
    waiting = each.ended.mean is not None and each.least is not None and each.ended.mean >= each.least
    return say(
        "diagnosis.below_waiting" if waiting else "diagnosis.below",
        stage=capital(each.label),
        share=numbers.percent(each.conversion.mean or 0.0),
        least=numbers.percent(each.least or 0.0),
        ended=numbers.percent(each.ended.mean or 0.0),
    )


def _people(diagnosis: Diagnosis, names: Names) -> Iterator[str]:
    for each in diagnosis.staffing:
        if each.untold:
            yield _untold_people(each, names)
            continue
        spare = "spare_apart" if each.filler > 0 else "spare"
        told = say(
            f"diagnosis.people.{'short' if each.missing > 0 else spare if each.missing < 0 else 'right'}",
            team=capital(names.of(each.team)),
            number=abs(each.missing),
            load=numbers.percent(each.load),
            needed=each.needed,
        )
        yield running([told, *by_gain(diagnosis, each)])


def _untold_people(each: Staffing, names: Names) -> str:
    """Between how many people a team needs, where that is more or less than it has."""
    least, most = each.between
    return say(
        "diagnosis.people.untold",
        team=capital(names.of(each.team)),
        seats=each.seats,
        load=numbers.percent(each.load),
        low=numbers.percent(each.low),
        high=numbers.percent(each.high),
        least=least,
        most=most,
    )


def _equation(equation: Tornado) -> str:
    parts = [_term(each) for each in equation.bars if each.more or each.less]
    kpi = say("diagnosis.equation.won") if equation.kpi == "won" else kpi_name(equation.kpi)
    return say("diagnosis.equation", kpi=kpi, parts=items(parts))


def _term(bar: Bar) -> str:
    each, name = bar.less if bar.more is None else bar.more, factor(bar)
    if each is None or each.share is None:
        return say("diagnosis.term.unknown", factor=name)
    if bar.more is None:
        name = say("diagnosis.term.less", factor=name)
    if each.verdict is Verdict.SAME:
        return say("diagnosis.term.same", factor=name)
    if each.difference.identical:
        return say("diagnosis.term.equal", factor=name)
    share = numbers.with_sign(each.share, numbers.percent(abs(each.share)))
    return say(f"diagnosis.term.{'open' if each.verdict is Verdict.OPEN else 'share'}", factor=name, share=share)
