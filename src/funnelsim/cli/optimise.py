"""``funnelsim optimise``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from funnelsim.views.sentences.figures import column_name, over_time
from funnelsim.views.sentences.optimum import costs_anything, known
from funnelsim.views.sentences.optimum_names import Names
from funnelsim.views.words import numbers, say, spoken

from . import streams
from .frames import RUNS, first_fitting, frame
from .sweep import points_told, study_of, watched
from .work import announce, hand_over, means, writable

if TYPE_CHECKING:
    from funnelsim.experiments.optimisation.result import Optimum
    from funnelsim.experiments.optimisation.search import Tried
    from funnelsim.results.estimates import Estimate

    from .options import Drawn, Spread
    from .questions import Sought

COST = "cost / y"

SHOWN = 15
"""Points in the table on the terminal."""


def optimise(sought: Sought, computing: Spread, shown: Drawn) -> bool:
    """Run an optimisation and print its answer; False if the user stopped it."""
    from funnelsim.experiments.optimisation.optimise import OptimisationInterrupted
    from funnelsim.experiments.optimisation.optimise import optimise as run

    study = study_of(sought.study, sought.on, shown.quiet)
    writable(shown)
    streams.warn(study.warnings, shown.quiet)  # before what may take long
    with means(computing.cluster) as executor, watched(shown.quiet, "optimising") as progress:
        if executor is None:
            announce(computing.engine)
        try:
            optimum = run(
                study,
                out=sought.out,
                trials=sought.trials,
                confidence=sought.confidence,
                executor=executor,
                progress=progress,
                **computing.to_dict(),
            )
        except OptimisationInterrupted as stop:
            kept = f"{stop}; the same command goes on from there; {sought.out} keeps what was done"
            streams.complain([kept], "stopped")
            if shown.json:
                streams.document({"study": study.name, "store": str(sought.out), "finished": False})
            return False
    streams.warn((text for text in optimum.warnings if text not in study.warnings), shown.quiet)
    hand_over(shown, optimum, {"frontier": optimum.plot.frontier, "points": optimum.plot.points})
    if shown.json:
        streams.document({**optimum.to_dict(), "finished": True})
    else:
        _show(optimum)
    return True


def _show(optimum: Optimum) -> None:
    console = streams.results()
    console.print(Text(optimum.study.name, style="bold"))
    if question := spoken(optimum.study.spec.question):
        console.print(Text(question, style="dim"))
    console.print(points_told(len(optimum.found.tried), optimum.replications, optimum), style="dim")
    streams.laid(console, optimum.stamp)
    for number, text in enumerate(optimum.words):
        console.print(Text(text, style="bold" if number == 0 else ""))
    console.print()
    forms = ((True, True), (True, False), (False, False))
    console.print(first_fitting(console, *(partial(_points, optimum, *form) for form in forms)))
    factors = [factor.name for factor in optimum.study.factors]
    for text in over_time([name for name in optimum.goal.kpis if name != COST], optimum.study.base.spec, factors):
        console.print(Text(text, style="dim"))
    more = len(optimum.ranked) - SHOWN
    if more > 0:
        console.print(say("points.more", number=f"{more:,}", store=optimum.store))
    if len(optimum.front) > 1:
        console.print()
        console.print(_frontier(optimum))


def _points(optimum: Optimum, interval: bool, ranges: bool) -> Table:
    """A row a point: KPIs with their intervals, and where single runs lie, on request."""
    names, goal = Names(optimum), optimum.goal
    costs = [COST] if costs_anything(optimum) else []
    others = [name for name in goal.kpis if name not in (goal.kpi, "cost")]
    objective = [] if goal.kpi == "cost" and costs else [goal.kpi]
    title = say("points.head" if interval else "points.head_alone")
    headings = [
        text for name in (*objective, *costs, *others) for text in [_heading(name), say(RUNS)][: 1 + ranges]
    ]
    columns = map(say, ("optimum.col.point", "optimum.col.known", "optimum.col.runs"))
    table = frame(title, (*columns, *headings), left=2)
    for one in optimum.ranked[:SHOWN]:
        leaves = [_leaf(optimum, one, name) for name in (*objective, *costs, *others)]
        cells = [cell for leaf in leaves for cell in numbers.estimates(leaf, ranges, interval)]
        runs = one.replications if one.measured is None else optimum.found.measured
        table.add_row(Text(names.point(one)), known(optimum, one), str(runs), *cells)
    return table


def _heading(name: str) -> str:
    return say("optimum.col.cost") if name == COST else column_name(name)


def _leaf(optimum: Optimum, one: Tried, name: str) -> numbers.Leaf:
    """A figure of a point, or its cost a year."""
    if one.latest is None:
        return None
    return _money(optimum.yearly(one.latest["cost"])) if name == COST else one.latest[name].to_dict()


def _money(cost: Estimate) -> numbers.Leaf:
    """A cost a year in a column that says so."""
    return {**(cost.to_dict() or {}), "unit": cost.unit.removesuffix("/y")}


def _frontier(optimum: Optimum) -> Table:
    names, outcome = Names(optimum), column_name(str(optimum.goal.outcome))
    columns = (say("optimum.col.point"), "", _heading(COST), outcome, say("optimum.col.gain"))
    table = frame(say("optimum.frontier"), columns, left=2)
    for each in optimum.front:
        best = "" if each.affordable else say("optimum.frontier.over")
        best = say("optimum.known.best") if each.tried is optimum.best else best
        gain = numbers.DASH
        if each.gain is not None and each.gain.mean is not None:
            leaf = {"mean": each.gain.mean, "low": None, "high": None, "unit": each.gain.unit}
            gain = numbers.estimate(leaf)
            gain = gain if each.apart else say("optimum.frontier.not_apart", figure=gain)
        cost, figure = numbers.estimate(_money(each.cost)), numbers.estimate(each.outcome.to_dict())
        table.add_row(Text(names.point(each.tried)), best, cost, figure, gain)
    return table
