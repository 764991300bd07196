"""What sentences are made of, case by case: findings and figures, without a simulation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

from funnelsim.experiments.comparison.judging import Finding
from funnelsim.experiments.comparison.stopping_rules import Reason
from funnelsim.experiments.diagnosis.three_questions import Staffing, Step
from funnelsim.experiments.diagnosis.throughput import Trial
from funnelsim.experiments.fates.fate import Fate
from funnelsim.experiments.fates.result import Cycles, End
from funnelsim.experiments.sensitivity.tornado import Bar
from funnelsim.experiments.statistics.ocba import Budget
from funnelsim.experiments.statistics.paired import Difference, Verdict
from funnelsim.experiments.statistics.selection import Guarantee
from funnelsim.experiments.study.question import Target
from funnelsim.experiments.targets.concentration import BOOKINGS, DEAL, Near, Top
from funnelsim.results.estimates import Estimate
from funnelsim.results.limiting import Evidence, Kind, Limit
from funnelsim.scenario.forms.quantities import MICROSECONDS
from funnelsim.views.report.sections import answer, money
from funnelsim.views.sentences import choice, comparison, diagnosis, limiting, optimum, outlooks, warmup
from funnelsim.views.sentences.reasons import fates
from funnelsim.views.words import running, say

Said = str | Iterator[str] | list[str]
CASES: dict[str, Callable[[], Said]] = {}
"""By name what gives the sentences, in the language in force."""

NONE = Estimate(None, None, None, "")
TWO_YEARS = int(2 * MICROSECONDS["y"])


def figure(mean: float | None, half: float = 0.0, unit: str = "", runs: int = 20) -> Estimate:
    """A figure with its interval."""
    if mean is None:
        return Estimate(None, None, None, unit)
    return Estimate(mean, mean - half, mean + half, unit, tuple([half / 2, -half / 2] * (runs // 2)))


def case(name: str, made: Callable[[], Said]) -> None:
    """Note a case under a name of its own."""
    assert name not in CASES, name
    CASES[name] = made


# --- what limits a line ---------------------------------------------------------------------------------------


def team(label: str, load: float, half: float, wait: float | None, growth: float = 0.0, **more: Any) -> Evidence:
    """Evidence of a team: its load, the open hours that a lead waits for it, how much its queue grows a month."""
    return Evidence(
        label,
        label,
        figure(load, half, "share"),
        figure(growth, 0.4 if growth else 0.0, "leads"),
        figure(3.0),
        NONE if wait is None else figure(wait, 1.0, "h"),
        figure(0.9),
        figure(0.0),
        grows=more.get("grows", growth > 0),
        limits=more.get("limits", False),
        may_grow=more.get("may_grow", False),
    )


def limited(kind: Kind, *teams: Evidence, turned_away: float = 0.0, held: float = 0.0) -> Callable[[], str]:
    """What limits a line with these teams."""
    return lambda: running(list(limiting._limit(Limit(kind, teams, turned_away, held))))


CALM = team("Inside sales", 0.54, 0.02, 1.5)
case("limit of one team", limited(Kind.TEAMS, team("Field sales", 1.24, 0.05, 52.0, 6.2, limits=True), CALM))
case(
    "limit of two teams",
    limited(
        Kind.TEAMS,
        team("Field sales", 1.24, 0.05, 52.0, 6.2, limits=True),
        team("Success", 1.08, 0.03, 30.0, 2.1, limits=True),
    ),
)
case("limit with hours left", limited(Kind.TEAMS, team("Field sales", 0.71, 0.02, 52.0, 6.2, limits=True)))
case("limit undecided", limited(Kind.UNDECIDED, team("Field sales", 0.98, 0.04, 20.0)))
case("limit untold by few replications", limited(Kind.UNTOLD, team("Field sales", 0.93, 0.2, 20.0)))
case("limit of rules, turned away", limited(Kind.RULES, CALM, turned_away=12.0))
case("limit of rules, held", limited(Kind.RULES, CALM, held=5.5))
case("limit near", limited(Kind.NEAR, team("Field sales", 0.94, 0.02, 20.0)))
case("limit of demand", limited(Kind.DEMAND, CALM))
case("limit of demand, unsure", limited(Kind.DEMAND, team("Inside sales", 0.54, 0.02, 1.5, may_grow=True)))
case("limit of demand, no team", limited(Kind.DEMAND))


# --- comparisons ----------------------------------------------------------------------------------------------


def found(
    mean: float | None,
    ends: tuple[float, float] | None,
    verdict: Verdict,
    *,
    base: float = 300.0,
    unit: str = "leads",
    kpi: str = "won",
    **more: Any,
) -> Finding:
    """A difference to a base, with the ends of its interval."""
    low, high = ends or (None, None)
    error = more.pop("error", 2.0)
    apart = Difference(mean, error, more.pop("runs", 20), 300.0, unit, **more)
    before, after = figure(base, unit=unit), figure(base + (mean or 0.0), unit=unit)
    return Finding("one more", kpi, before, after, apart, low, high, 6.0, verdict)


def told(each: Finding, label: str = "kpi.won.label") -> Callable[[], str]:
    """A finding in words."""
    return lambda: say("comparison.arm", arm="one more", findings=comparison.finding(each, say(label)))


case("compare more", told(found(31.2, (20.1, 42.3), Verdict.MORE)))
case("compare less", told(found(-31.2, (-42.3, -20.1), Verdict.LESS)))
case("compare more of nothing", told(found(31.2, (20.1, 42.3), Verdict.MORE, base=0.0)))
case("compare shorter", told(found(-52.8, (-72.0, -33.6), Verdict.LESS, unit="h"), "kpi.cycle_time.label"))
case("compare tie", told(found(0.4, (-2.1, 2.9), Verdict.SAME)))
case("compare open", told(found(4.4, (-2.1, 10.9), Verdict.OPEN)))
case("compare exactly the same", told(found(0.0, (0.0, 0.0), Verdict.SAME, error=0.0, exact=True)))
case("compare equal in all", told(found(0.0, None, Verdict.STEADY, error=0.0, apart=0)))
case("compare the same difference in all", told(found(2.0, None, Verdict.STEADY, error=0.0, apart=0)))
case("compare a single replication", told(found(4.4, None, Verdict.OPEN, error=None, runs=1)))
case("compare few that differ", told(found(0.1, None, Verdict.OPEN, apart=2)))
case("compare without a figure", told(found(None, None, Verdict.NONE)))
case("compare fixed", told(found(80.0, (80.0, 80.0), Verdict.MORE, error=0.0, fixed=True)))


def arm(name: str, mean: float, luck: tuple[float, ...]) -> Any:
    """An arm with a figure whose replications have this luck."""
    known = Estimate(mean, mean - 5, mean + 5, "leads", luck, tuple(mean + each for each in luck))
    return SimpleNamespace(name=name, estimate=lambda kpi, count=None: known)


LUCK = (3.0, -3.0, 2.0, -2.0, 1.0, -1.0)
OTHER = (-2.0, 3.0, -3.0, 1.0, 2.0, -1.0)


def best(
    arms: list[Any],
    chances: dict[str, float],
    verdicts: tuple[Verdict, ...],
    untold: dict[str, tuple[str, str]] | None = None,
) -> Callable[[], Iterator[str]]:
    """Who is the best of several."""
    findings = [SimpleNamespace(kpi="won", verdict=each) for each in verdicts]
    made: Any = SimpleNamespace(
        arms=arms, chances={"won": chances}, findings=findings, replications=20, untold=untold or {}
    )
    return lambda: comparison.best_in(made, "won", say("kpi.won.label"))


APART = [arm("today", 300.0, LUCK), arm("one more", 331.0, OTHER), arm("two more", 331.5, LUCK[::-1])]
case(
    "best is known",
    best(APART, {"today": 0.0, "one more": 0.03, "two more": 0.97}, (Verdict.MORE, Verdict.MORE)),
)
case("best is untold", best(APART, {}, (Verdict.OPEN, Verdict.OPEN), {"won": ("one more", "two more")}))
case(
    "best is one of two",
    best(APART, {"today": 0.01, "one more": 0.49, "two more": 0.5 - 1e-9}, (Verdict.MORE, Verdict.MORE)),
)
case(
    "nobody is best", best(APART, {"today": 0.3, "one more": 0.34, "two more": 0.36}, (Verdict.SAME, Verdict.SAME))
)
case(
    "all are the same",
    best([arm("today", 300.0, LUCK), arm("one more", 300.0, LUCK)], {"today": 0.5, "one more": 0.5}, ()),
)
REASONS = (
    Reason("imprecise", 20, "won", 0.061, 0.05),
    Reason("precise", 20, "won", 0.049),
    Reason("open", 20, pairs=(("won", "one more"), ("cycle_time", "one more"))),
    Reason("decided", 20, pairs=(("won", "one more"),)),
)
for one in REASONS:
    case(f"replications {one.kind}", partial(comparison.reason, one))


# --- the answer of a report, in money too ---------------------------------------------------------------------


def answered(each: Finding) -> Callable[[], str]:
    """The sentence of a report on a difference."""

    def said() -> str:
        known = SimpleNamespace(label=say(f"kpi.{each.kpi}.label"), adds_up=False)
        base = SimpleNamespace(indicators={each.kpi: (0, known)}, model=None)
        made: Any = SimpleNamespace(question=SimpleNamespace(base="today"), base=base)
        return answer._differs(made, each)

    return said


case("answer more", answered(found(31.2, (20.1, 42.3), Verdict.MORE)))
case("answer open", answered(found(4.4, (-2.1, 10.9), Verdict.OPEN)))
case("answer tie", answered(found(0.4, (-2.1, 2.9), Verdict.SAME)))
case("answer the same in all", answered(found(0.0, None, Verdict.STEADY, error=0.0, apart=0)))
case("answer without a figure", answered(found(None, None, Verdict.NONE)))


def in_money(*each: Finding) -> Callable[[], str]:
    """What differences are in money, a year, where two years count."""
    model: Any = SimpleNamespace(horizon=TWO_YEARS, warmup=0)

    def said() -> str:
        parts = [money._part(one, say(f"kpi.{one.kpi}.label"), model) for one in each]
        return say("report.answer.money", arm="one more", base="today", parts=say("list.comma").join(parts))

    return said


def amount(kpi: str, mean: float, ends: tuple[float, float], verdict: Verdict) -> Finding:
    return found(mean, ends, verdict, base=9e8, unit="JPY", kpi=kpi)


case(
    "money a year",
    in_money(
        amount("bookings", 48e6, (30e6, 66e6), Verdict.MORE),
        amount("contribution", -9.1e6, (-21e6, 2.4e6), Verdict.OPEN),
    ),
)
case("money a year, no difference", in_money(amount("contribution", 0.1e6, (-1e6, 1.2e6), Verdict.SAME)))
case("money a year, none", in_money(found(None, None, Verdict.NONE, kpi="contribution", unit="JPY")))


# --- targets --------------------------------------------------------------------------------------------------


def aimed(
    hits: int,
    target: Target,
    unit: str = "leads",
    shortfall: float | None = None,
    cases: bool = True,
    near: Near | None = None,
    top: Top | None = None,
) -> Callable[[], Iterator[str]]:
    """What twenty runs say of a target, and how much of it hangs on single deals."""
    ends = (300.0, 340.0, 270.0) if target.at_least else (300.0, 270.0, 340.0)
    base, best_, worst = ends if cases else (None, None, None)
    reach = SimpleNamespace(
        probability=hits / 20, hits=hits, runs=20, low=max(hits / 20 - 0.2, 0.0), high=min(hits / 20 + 0.2, 1.0),
        shortfall=shortfall, misses=20 - hits, base=base, best=best_, worst=worst,
    )  # fmt: skip

    def said() -> Iterator[str]:
        label = say(f"kpi.{target.kpi}.label")
        known = SimpleNamespace(label=label, adds_up=False)
        model = SimpleNamespace(horizon=TWO_YEARS, warmup=0, spec=SimpleNamespace(currency="JPY"))
        line = SimpleNamespace(name="one more", indicators={target.kpi: (0, known)}, model=model)
        each: Any = SimpleNamespace(
            reach=reach,
            target=target,
            by=None,
            unit=unit,
            arm=line,
            probability=reach.probability,
            near=near,
            top=top,
        )  # fmt: skip
        yield from outlooks.sentences(each)
        yield outlooks.in_arm(each)

    return said


case("target reached by most", aimed(13, Target("won", True, 290), shortfall=12.0))
case("target kept by most", aimed(13, Target("cycle_time", False, 1500.0), "h", 60.0))
case("target missed by few", aimed(17, Target("won", True, 270)))
case(
    "target that hangs on one deal",
    aimed(
        13,
        Target("bookings", True, 290.0),
        shortfall=12.0,
        near=Near(DEAL, 5, 7, 0.36, 0.92),
        top=Top(BOOKINGS, (0.06, 0.21, 0.34)),
    ),
)
case("target with few runs", aimed(19, Target("cycle_time", False, 1500.0), "h", cases=False))


# --- a choice among many --------------------------------------------------------------------------------------


def chosen(
    rule: Any,
    decided: bool = True,
    chance: float | None = 0.97,
    alike: tuple[str, ...] = (),
    untold: tuple[str, ...] = (),
) -> Callable[[], Iterator[str]]:
    """A choice in words."""
    names = ("today", "one more", "two more")
    chances = {"today": 0.01, "one more": chance or 0.0, "two more": 0.99 - (chance or 0.0)}

    def said() -> Iterator[str]:
        made: Any = SimpleNamespace(
            name="one more", kpi="won", rule=rule, probability=chance, alike=alike, good=0.99 if decided else None,
            zone=3.0 if decided else None, arms=APART, chances=chances, least=False, untold=untold,
            selected=SimpleNamespace(replications=(20, 40, 40), decided=decided, left=names[1:], best=1),
        )  # fmt: skip
        return choice.of_choice(made)

    return said


case("choice promised", chosen(Guarantee(3.0, 0.95)))
case("choice close", chosen(Guarantee(3.0, 0.95), decided=False, chance=0.44))
case("choice by a budget", chosen(Budget(100), chance=0.8))
case("choice stopped", chosen(None, chance=None))
case("choice that is untold", chosen(Budget(100), False, None, ("two more",), ("one more", "today")))
case("choice of alike", chosen(Guarantee(3.0, 0.95), alike=("two more",)))


# --- a diagnosis ----------------------------------------------------------------------------------------------


def trial(name: str, mean: float, half: float, verdict: Verdict, cost: float = 0.0) -> Trial:
    """A change that brings so much of 10 leads a month."""
    base = figure(10.0, 0.5, "leads/month")
    apart = Difference(mean, half / 2.1, 20, 10.0, "leads/month")
    through = Finding(name, "through", base, base, apart, mean - half, mean + half, 0.1, verdict)
    return Trial(name, {}, through, None, cost)


NAMES: Any = SimpleNamespace(currency="JPY", period="", of=str, all=lambda each: each[0])


def tried(*trials: Trial, best_: Trial | None = None) -> Callable[[], str]:
    """What changes at a limit bring."""
    focus: Any = SimpleNamespace(best=best_, trials=trials)
    return lambda: diagnosis._best(focus, NAMES)


GOOD = trial("hired", 2.2, 0.9, Verdict.MORE)
case("diagnose the best of several", tried(GOOD, trial("gate", 0.0, 0.2, Verdict.SAME), best_=GOOD))
case("diagnose nothing that matters", tried(*[trial("gate", 0.0, 0.05, Verdict.SAME)] * 2))
case("diagnose nothing for certain", tried(*[trial("gate", 0.1, 0.3, Verdict.OPEN)] * 2))
case("diagnose too few replications", tried(*[trial("gate", 0.4, 3.0, Verdict.OPEN)] * 2))
case("diagnose one change", tried(trial("gate", 0.0, 0.05, Verdict.SAME)))
case(
    "diagnose a step that converts too little",
    lambda: diagnosis._below(Step("demo", "Demo", figure(0.31, 0.02), 0.4, True, figure(0.33, 0.02), 0.0)),
)
case(
    "diagnose a step where leads wait",
    lambda: diagnosis._below(Step("demo", "Demo", figure(0.31, 0.02), 0.4, True, figure(0.42, 0.02), 0.0)),
)


def staffed(heads: float, load: float, half: float, *more: Trial) -> Callable[[], list[str]]:
    """Whether a team has the people that it needs, and what one more of them brings if that was tried."""
    each = Staffing("Field sales", "Field sales", heads, load, 0.0, load - half, load + half)
    hired = [replace(one, change={"teams.Field sales.headcount": {"add": 1}}) for one in more]
    made: Any = SimpleNamespace(staffing=(each,), focus=(SimpleNamespace(name="identify", trials=hired),))
    return lambda: list(diagnosis._people(made, NAMES))


case("diagnose people short", staffed(4.0, 1.2, 0.01))
case("diagnose people short, but nothing gained", staffed(4.0, 1.2, 0.01, trial("hired", 0.0, 0.2, Verdict.SAME)))
case("diagnose people to spare", staffed(6.0, 0.4, 0.01))
case("diagnose people to spare, but one more gains", staffed(6.0, 0.4, 0.01, GOOD))
case("diagnose people right", staffed(5.0, 0.8, 0.01))
case("diagnose people untold", staffed(5.0, 0.9, 0.25))


# --- an optimum -----------------------------------------------------------------------------------------------


def sought(**given: Any) -> Any:
    """An optimum with what a sentence asks of it."""
    goal = SimpleNamespace(kpi="won", limits=(), units={"won": "leads"})
    chosen_ = SimpleNamespace(decided=False, replications=(40,), left=(1, 2, 3))
    search = SimpleNamespace(
        tried=[SimpleNamespace(latest=1)] * 9, size=9, complete=True, finalists=(1, 2), measured=20,
        selected=chosen_,
    )  # fmt: skip
    known = {"goal": goal, "found": search, "zone": 3.0, "confidence": 0.95, "probability": 0.98, "contested": ()}
    return SimpleNamespace(**{**known, "replications": 420, **given})


case("optimum promised", lambda: optimum._promise(sought()))
case("optimum not promised", lambda: optimum._promise(sought(confidence=None)))
case("optimum sure", lambda: optimum._sure(sought()))
case("optimum all tried", lambda: optimum._tried(sought()))


# --- warm-up, factors, fates ----------------------------------------------------------------------------------


def filled(days: int | None, given: float, runs: int = 10) -> Callable[[], str]:
    """A suggestion of a warm-up."""
    made: Any = SimpleNamespace(days=[0.0] * runs, suggestion=days, given=given, cut=SimpleNamespace(batch=5))
    return lambda: warmup.verdict(made)


case("warm-up long enough", filled(120, 183.0))
case("warm-up too short", filled(240, 183.0))
case("warm-up of a line that moves", filled(None, 183.0))
case("warm-up by one replication", filled(120, 183.0, runs=1))
case("warm-up by few replications", filled(120, 183.0, runs=2))


def factors() -> Iterator[str]:
    """The two terms that matter most."""
    bars = (
        Bar("win rate", None, found(31.2, (20.1, 42.3), Verdict.MORE)),
        Bar("cycle", found(-8.0, (-14.0, -2.0), Verdict.LESS), None),
    )
    given: Any = SimpleNamespace(tornado=SimpleNamespace(bars=bars, kpi="won"))
    return answer._of_tornado(given)


def indices(method: str) -> Callable[[], Iterator[str]]:
    """The two factors with the largest indices."""
    shares = [
        SimpleNamespace(factor="teams.desk.headcount", main=0.62),
        SimpleNamespace(factor="volume", main=0.21),
    ]
    given: Any = SimpleNamespace(indices=SimpleNamespace(indices=shares, method=method, kpi="won"))
    return lambda: answer._of_indices(given)


case("factors of a tornado", factors)
case("factors by Sobol", indices("sobol"))
case("factors by Morris", indices("morris"))


def fate(gained: tuple[End, ...], lost: tuple[End, ...], wins: float, bookings: float) -> Callable[[], Any]:
    """What became of the same leads."""
    cycles = Cycles(1488.0, 1368.0, -96.0, -24.0, {("meet", "wait"): -80.0, ("demo", "buyer"): -16.0})
    made: Any = SimpleNamespace(
        difference=lambda name: (wins, bookings), ends=lambda name: (gained, lost), base="today", sells=True,
        currency="JPY", changes=lambda name: (), cycles=lambda name: cycles,
        labels={"meet": "Meeting", "demo": "Demo"},
    )  # fmt: skip
    return lambda: fates.sentences(made, "one more")


case(
    "fates",
    fate(
        (End(Fate("expired", "meet"), "", 18.0, 52.0), End(Fate("lost", "demo"), "", 4.0, 0.0)),
        (End(Fate("open", "demo"), "", 3.0, 0.0), End(None, "referral", 1.2, 0.0)),
        17.8,
        24e6,
    ),
)
