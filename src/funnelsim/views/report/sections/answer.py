"""The question, its answer in two sentences, and between which cases single outcomes lie."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from funnelsim.calibration.fitting.fit import Fit
from funnelsim.calibration.testing.backtest import Backtest
from funnelsim.experiments.statistics.paired import Verdict
from funnelsim.experiments.study.question import less_is_better

from ...sentences.choice import of_choice
from ...sentences.comparison import best_in
from ...sentences.figures import kpi_name
from ...sentences.reasons import causes
from ...sentences.tornado import opening
from ...words import capital, listed, numbers, running, say
from ..blocks import Block, Cell, Listing, Row, Table, Text
from . import money
from .section import Section, difference, first_sentences, kpis_of, label, share, small

if TYPE_CHECKING:
    from funnelsim.experiments.causes.result import Causes
    from funnelsim.experiments.comparison.judging import Finding
    from funnelsim.experiments.comparison.result import Comparison
    from funnelsim.results.estimates import Estimate
    from funnelsim.results.result import Result

    from ..given import Given

LIKELY = ((0.99, "sure"), (0.8, "likely"), (0.5, "rather"))
"""From which probability on what is said of it."""

CASES_OF = ("won", "bookings", "revenue", "cost", "contribution", "arr_end", "cycle_time", "response_time")
"""KPIs whose cases are told of a single line, as far as it has them."""


def _answer(given: Given) -> Iterator[Block]:
    yield Text(given.asks or question(given), "question")
    told = given.of(Fit) or given.of(Backtest)
    if told is not None:  # each sentence is about another figure or method
        yield Listing(told.sentences)
        return
    yield Text(running([*[each for each in _said(given) if each][:2], *_in_money(given)]), "lead")
    if given.comparison is not None:
        yield Text(_compared_with(given, given.comparison))
    if given.causes is not None:
        yield Listing(tuple(_why(given, given.causes)))


def _compared_with(given: Given, comparison: Comparison) -> str:
    """What the base is, which is only a name elsewhere."""
    base = comparison.question.base
    name = given.lines[base].model.spec.name
    if name == base:
        return say("report.answer.base_named", name=name)
    return say("report.answer.base", base=base, name=name)


def _why(given: Given, found: Causes) -> Iterator[str]:
    """What makes the difference of the best arm, and in a sentence that of the others."""
    best = _best(given.comparison) if given.comparison is not None else None
    for arm in sorted(found.arms, key=lambda arm: arm != best):
        yield from causes.summary(found, arm, found.kpis[0], arm == best or len(found.arms) == 1)


def question(given: Given) -> str:
    """What is asked, where no study says it."""
    name = given.name
    if given.comparison is not None:
        arms = [each for each in given.lines if each != given.comparison.question.base]
        if len(arms) == 1:
            return say("report.asks.two", base=given.comparison.question.base, arm=arms[0])
        return say("report.asks.many", base=given.comparison.question.base, number=len(arms))
    if given.diagnosis is not None:
        return say("report.asks.diagnosis", name=name)
    if given.choice is not None:
        return say("report.asks.choice", number=len(given.lines))
    if given.optimum is not None:
        return say("report.asks.optimum", name=name)
    if given.stored is not None:
        return say("report.asks.sweep", name=name)
    if given.tornado is not None or given.indices is not None:
        return say("report.asks.factors", name=name)
    if given.warmup is not None:
        return say("report.asks.warmup", name=name)
    if given.of(Fit) is not None:
        return say("report.asks.fit", files=listed(list(_files(given))))
    if given.of(Backtest) is not None:
        return say("report.asks.backtest", files=listed(list(_files(given))))
    return say("report.asks.run", name=name)


def _files(given: Given) -> tuple[str, ...]:
    found = given.of(Fit) or given.of(Backtest)
    return () if found is None else found.history.files


def _said(given: Given) -> Iterator[str]:
    """The sentences of the answer."""
    if given.comparison is not None:
        yield from of_comparison(given.comparison)
    elif given.diagnosis is not None:
        words = given.diagnosis.words
        yield first_sentences(words["identify"][0])
        helps = [words[step][0] for step in ("exploit", "elevate") if words.get(step)]
        yield first_sentences(helps[0]) if helps else ""
    elif given.choice is not None:
        yield from of_choice(given.choice)
    elif given.optimum is not None:
        yield from given.optimum.words
    elif given.stored is not None:
        yield from _of_points(given)
    elif given.tornado is not None:
        yield from _of_tornado(given)
    elif given.indices is not None:
        yield from _of_indices(given)
    elif given.run is not None:
        yield from of_run(given.run)
    else:
        yield str(getattr(given.subject, "verdict", ""))


def of_run(run: Result) -> Iterator[str]:
    """What a line brings, and what limits it."""
    kpis, model = run.summary.kpis, run.model
    won = numbers.estimate(kpis["won"].to_dict())
    period = numbers.period(model.horizon - model.warmup)
    booked = kpis.get("bookings")
    if booked is not None and booked.mean:
        yield say("report.answer.worth", period=period, won=won, worth=numbers.estimate(booked.to_dict()))
    else:
        yield say("report.answer.won", period=period, won=won)
    yield first_sentences(run.verdict)


def of_comparison(comparison: Comparison) -> Iterator[str]:
    """Who is best in the main KPI and how much that is; of two arms also what it does to the last KPI."""
    question = comparison.question
    main, last = question.kpis[0], question.kpis[-1]
    best, called = _best(comparison), small(_label(comparison, main))
    if len(comparison.arms) == 2 and best is not None:
        for kpi in dict.fromkeys((main, last)):
            yield _differs(comparison, _finding(comparison, kpi, best))
        return
    if main in comparison.untold:
        yield from best_in(comparison, main, _label(comparison, main))
        return
    if best is None:
        yield say("report.answer.nobody", kpi=called)
        return
    chance = comparison.chances[main][best] or 0.0
    yield say(f"report.answer.best.{_likely(chance)}", arm=best, kpi=called, chance=numbers.probability(chance))
    if best != question.base:
        yield _differs(comparison, _finding(comparison, main, best))
    else:
        yield say("report.answer.base_best", base=best)


def _best(comparison: Comparison) -> str | None:
    """The arm that is most likely the best in the main KPI, or the only one beside the base."""
    question = comparison.question
    others = [arm.name for arm in comparison.arms if arm.name != question.base]
    if len(others) == 1:
        return others[0]
    chances = {name: chance for name, chance in comparison.chances[question.kpis[0]].items() if chance is not None}
    return max(chances, key=lambda name: chances[name], default=None)


def _in_money(given: Given) -> Iterator[str]:
    """What that is in money, a year."""
    if given.comparison is not None:
        best = _best(given.comparison)
        if best is not None and best != given.comparison.question.base:
            yield from money.of_comparison(given.comparison, best)
    elif given.run is not None:
        yield from money.of_run(given.run)


def _likely(chance: float) -> str:
    """The word for a probability: the end of a text's key."""
    return next((word for least, word in LIKELY if chance >= least), "small")


def _finding(comparison: Comparison, kpi: str, arm: str) -> Finding:
    return next(each for each in comparison.findings if (each.kpi, each.arm) == (kpi, arm))


def _label(comparison: Comparison, kpi: str) -> str:
    return label(comparison.base.indicators[kpi][1], comparison.base.model)


def _differs(comparison: Comparison, each: Finding) -> str:
    gaps = {
        "arm": each.arm,
        "base": comparison.question.base,
        "kpi": small(_label(comparison, each.kpi)),
        "difference": difference(each),
        "share": share(each),
    }
    if each.difference.exact or each.difference.identical:
        return capital(say("report.answer.steady", **gaps))
    kind = Verdict.OPEN if each.verdict is Verdict.STEADY else each.verdict
    return capital(say(f"report.answer.{kind.name.lower()}", **gaps))


def _of_points(given: Given) -> Iterator[str]:
    from .points import called, figure

    stored = given.stored
    assert stored is not None
    main = stored.kpis[0] if stored.kpis else ""
    known = [each for each in stored.readings if figure(each, main) is not None]
    if not known:
        yield say("report.answer.no_points")
        return
    sign = -1 if less_is_better(main) else 1
    best = max(known, key=lambda each: sign * (figure(each, main) or 0.0))
    told = numbers.estimate(best.estimates[main].to_dict())
    key = "report.answer.least" if less_is_better(main) else "report.answer.most"
    yield say(key, number=len(known), point=called(best.point), kpi=kpi_name(main), figure=told)
    yield say("report.answer.by_figures")


def _of_tornado(given: Given) -> Iterator[str]:
    found = given.tornado
    assert found is not None
    for key, bar in zip(("report.answer.factor", "report.answer.next_factor"), found.bars, strict=False):
        unit = next((each.base.unit for each in (bar.less, bar.more) if each is not None), "")
        yield say(key, factor=opening(bar), kpi=kpi_name(found.kpi), swing=numbers.size(bar.swing, unit))


def _of_indices(given: Given) -> Iterator[str]:
    found = given.indices
    assert found is not None
    ranked = sorted(found.indices, key=lambda each: -(each.main or 0.0))
    for key, each in zip(("report.answer.index", "report.answer.next_index"), ranked, strict=False):
        told = numbers.percent(each.main) if found.method == "sobol" else numbers.amount(each.main)
        yield say(f"{key}.{found.method}", factor=each.factor, kpi=kpi_name(found.kpi), figure=told)


# --- cases ----------------------------------------------------------------------------------------------------


def _rows(given: Given) -> Iterator[tuple[str, str, str, Estimate]]:
    """What is told of which line: name, KPI, its label and the estimate."""
    chosen = CASES_OF if given.comparison is None else given.comparison.question.kpis
    for kpi in chosen:
        for name, result in given.lines.items():
            known = kpis_of(result.model)
            estimate = result.summary.kpis.get(kpi)
            if kpi in known and estimate is not None and estimate.range is not None and estimate.mean:
                yield name, kpi, label(known[kpi], result.model), estimate


def _cases(given: Given) -> Iterator[Block]:
    several = len(given.lines) > 1
    rows: list[Row] = []
    for name, kpi, called, estimate in _rows(given):
        ends = [Cell(_one(end, estimate), end, estimate.unit) for end in estimate.range or ()]
        worst, best = reversed(ends) if less_is_better(kpi) else ends
        rows.append((called, *([name] if several else []), worst, Cell.of(estimate, interval=False), best))
    line = [say("report.col.line")] if several else []
    heads = (
        say("report.col.figure"),
        *line,
        say("report.col.worst"),
        say("report.col.base"),
        say("report.col.best"),
    )
    yield Table("cases", say("report.cases.caption"), heads, tuple(rows))
    yield Text(say("report.cases.note"), "note")


def _one(value: float, estimate: Estimate) -> str:
    leaf = {"mean": value, "low": None, "high": None, "unit": estimate.unit}
    return numbers.estimate(leaf, beside=estimate.mean or 0.0)


ANSWER = Section("answer", lambda given: True, _answer)
CASES = Section("cases", lambda given: any(True for _ in _rows(given)), _cases)
