"""Comparing scenarios: the front door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import TYPE_CHECKING

import funnelsim.version
from funnelsim.arguments import checked
from funnelsim.errors import FunnelsimError
from funnelsim.model.balance import loads
from funnelsim.model.balance.planned import hours_of, plan_of
from funnelsim.scenario.changing.money import assumed_rates
from funnelsim.scenario.study.idle import alike
from funnelsim.text import number_of

from ..running.arms import Arm, Arms, side_by_side, warned
from ..running.laboratory import Sampling
from ..running.worlds import Inputs, outright
from ..running.worlds import asked as asked_of
from ..stopping import Stopped, as_kept
from ..study.amounts import exchange_of
from ..study.equal import Means, refuse_unequal
from ..study.pointless import beside_the_point
from ..study.question import Indifference, Question, Targets, main_kpis, question
from ..targets.looking import arms_until
from ..targets.until import day_of
from ..targets.until import until as cut
from .result import Comparison
from .stopping_rules import Fixed, Rule, rule

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario

    from ..running.laboratory import Progress


class ComparisonInterrupted(Stopped):
    """The user stopped a comparison; ``comparison`` holds what was done, or None before two full replications."""

    comparison: Comparison | None = as_kept()


@checked
def compare(
    scenarios: Mapping[str, Scenario],
    *,
    kpis: Sequence[str] | None = None,
    base: str | None = None,
    replications: int | None = None,
    precision: float | None = None,
    seed: int = 1,
    engine: str = "auto",
    workers: int = 1,
    executor: Executor | None = None,
    indifference: Indifference = None,
    targets: Targets = None,
    until: dt.date | str | None = None,
    same: str | None = None,
    by: str | Sequence[str] = (),
    progress: Progress | None = None,
    inputs: Inputs = None,
    worlds: int | None = None,
    pairs: int | None = None,
) -> Comparison:
    """Compare scenarios on the same leads, customers and luck.

    Without `replications` and `precision` it goes on until each difference is known to be more, less or none that
    matters, from 10 replications up to 200; looking several times is paid for, so that the probability of even one
    false "more" or "less" stays at most 5 %.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
        The arms, by the names they are to have.
    kpis : sequence of str, optional
        What is compared; by default ``won``, ``bookings`` and ``contribution``, as far as there are any. Each
        further KPI widens all intervals a little.
    base : str, optional
        The arm that the others are compared with; by default the first.
    replications : int, optional
        A fixed number of each arm.
    precision : float, optional
        Goes on until the half-width of each difference is at most this share of the base's figure.
    seed : int
        The same seed gives the same comparison.
    engine : {"auto", "simpy", "compiled"}
        What computes the runs; the results do not depend on it.
    workers : int
        Threads (up to four, of the compiled engine) or processes that compute replications at the same time; the
        results do not depend on it. With processes a script needs the usual ``if __name__ == "__main__":`` around
        what it runs.
    executor : Executor, optional
        What computes them instead: any `concurrent.futures.Executor`, such as that of a cluster.
    indifference : float or mapping, optional
        What does not matter: a share of the base's figure (default 0.01), or by KPI an amount in its unit or text
        such as ``"2%"``, ``"5_000_000 JPY"`` or ``"30 min"``.
    targets : mapping, optional
        By KPI what a single run is to reach: a number, or text such as ``">= 300"`` or ``"<= 3万円"``.
    until : date or str, optional
        The last day that counts for the targets, such as ``"2027-03-31"``; by default that of the scenarios. It
        takes as many runs up to that day.
    same : {"people", "people:own", "budget"}, optional
        What all are to have in common: planned people (`people:own` without outsourced teams), or what they are
        paid in a year, as averages over the time that counts. Others are refused, with a change that would make
        them equal.
    by : {"segment", "source", "territory", "rep"} or sequence of them
        What the KPIs are divided by as well (`Comparison.by`).
    progress : callable, optional
        Called with the replications done and planned, of all arms together. Where it returns False, the work
        stops as on Ctrl-C.
    inputs, worlds, pairs
        Draws of uncertain inputs, the same for all scenarios, and how many of them to run in place of
        replications, as in `simulate`; the draws are those that the scenarios name, unless they are given.

    Returns
    -------
    Comparison
        Words, tables and the picture of the differences.

    Raises
    ------
    FunnelsimError
        If an option makes no sense or a KPI does not exist.
    ComparisonInterrupted
        On Ctrl-C; carries the comparison of the replications that all arms have.

    Examples
    --------
    >>> import funnelsim as fs
    >>> today = fs.load("scenarios/one_desk.yaml")  # doctest: +SKIP
    >>> more = today.change({"teams.desk.headcount": {"add": 1}})  # doctest: +SKIP
    >>> fs.compare({"today": today, "one more": more}, kpis=["cycle_time"]).table  # doctest: +SKIP
    """
    drawn = asked_of(scenarios, inputs, worlds, pairs, {"replications": replications, "precision": precision})
    stop = rule(replications, precision) if drawn is None else Fixed(drawn.count)
    if same is not None:
        refuse_unequal(scenarios, base, same)
    divided = (by,) if isinstance(by, str) else tuple(by)
    running = side_by_side(scenarios, Sampling(seed, engine, workers, executor, progress), divided, drawn)
    asked = question(running.arms, kpis, base, indifference, targets, _day(until, targets, running))
    return compared(scenarios, running, asked, stop, same)


def compared(
    scenarios: Mapping[str, Scenario], running: Arms, asked: Question, stop: Rule, same: str | None = None
) -> Comparison:
    """Run arms until a rule has enough of them, and compare; see `compare`."""
    said: list[str] = [*warned(scenarios)]
    said += [text.after(f"{name}: ") for name, model in running.models.items() for text in loads.doubts(model)]
    if running.asked is not None:
        draws = running.asked.draws
        said += [text.after(f"{name}: ") for name, each in scenarios.items() for text in outright(each, draws)]
    said += [*alike(scenarios), *beside_the_point(asked.kpis, running.models)]
    hours = (
        {} if same is None else {name: hours_of(each, running.models[name]) for name, each in scenarios.items()}
    )
    means = Means({name: plan_of(each) for name, each in scenarios.items()}, asked.base, same, hours)
    said += assumed_rates(asked.currencies, exchange_of(running.models[asked.base]))
    try:
        with running:
            arms = _run(running, asked, stop)
        ends = arms if asked.by is None else arms_until(arms, asked.by, running.sampling)
    except KeyboardInterrupt:
        arms = running.paired
        done = arms[0].replications
        said.append(f"stopped by the user after {number_of(done, 'replication')} of each scenario")
        kept = _compared(running, arms, asked, stop, said, means, ()) if done > 1 else None
        raise ComparisonInterrupted(
            kept, f"stopped after {number_of(done, 'replication')} of each scenario", done
        ) from None
    return _compared(running, arms, asked, stop, said, means, ends)


def _day(until: dt.date | str | None, targets: Targets, running: Arms) -> dt.date | None:
    """The day by which targets are to be reached, if it counts in all arms."""
    if until is None:
        return None
    if not targets:
        raise FunnelsimError(
            "`until` is the day by which `targets` are to be reached; give both", code="E-option-useless"
        )
    if running.asked is not None:
        raise FunnelsimError(
            "a target by a day needs the runs once more up to it, and each of worlds is of another scenario; "
            "shorten the `horizon` of the scenarios instead",
            code="E-option-conflict",
        )
    day = day_of(until)
    for model in running.models.values():
        cut(model, day)
    return day


def _run(running: Arms, asked: Question, stop: Rule) -> tuple[Arm, ...]:
    if running.asked is not None:
        running.run_worlds()
        return running.arms
    wanted = stop.first
    while True:
        running.extend(wanted)
        arms = running.arms
        wanted = stop.next(arms, _completed(asked, arms))
        if wanted <= arms[0].replications:
            return arms


def _completed(asked: Question, arms: Sequence[Arm]) -> Question:
    """The question with the main KPIs where none was named: which of them there are shows only in a run."""
    return asked if asked.kpis else replace(asked, kpis=main_kpis(arms))


def _compared(
    running: Arms,
    arms: Sequence[Arm],
    asked: Question,
    stop: Rule,
    said: Sequence[str],
    means: Means,
    ends: Sequence[Arm],
) -> Comparison:
    whole, seed = _completed(asked, arms), running.sampling.seed
    return Comparison(arms, whole, stop, seed, running.engine, funnelsim.version.VERSION, said, means, ends)
