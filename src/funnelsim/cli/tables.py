"""Results as tables and sentences for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from funnelsim.results.measures.kpis import kpi_groups
from funnelsim.results.measures.origins import PART_OF
from funnelsim.results.measures.periods.per_period import every_kpi
from funnelsim.results.places import named_places
from funnelsim.scenario.forms.quantities import MICROSECONDS
from funnelsim.views.sentences.places import handoff_columns, handoffs_mean
from funnelsim.views.sentences.waits import reconciled
from funnelsim.views.words import counted, numbers, running, say

from . import streams
from .frames import RUNS, fitting, frame

if TYPE_CHECKING:
    from funnelsim.results.measures.kpis import Group
    from funnelsim.results.result import Result
    from funnelsim.scenario.forms.quantities import Duration

FEWEST = 9
"""Replications from which on it is told where single runs lie (see `Estimate.range`)."""

KEPT_AT_ZERO = ("created", "won", "open_at_end", "response_time", "response_time_mean", "never_touched")
"""KPIs that are of interest at 0; others at 0 speak of what the scenario does not have."""

APART = ("concentration",)
"""Groups of KPIs that are told with the targets, and in documents."""

STAGE_COLUMNS = ("conversion", "wait", "work", "time_in_stage", "wip", "queue")
TEAM_COLUMNS = ("headcount", "load", "utilisation", "filler", "queue", "wait", "queue_growth")


def show(result: Result, precise: Sequence[str] = ()) -> None:
    """Print all of a result to standard output; ``precise`` are the KPIs that a precision was asked of."""
    console = streams.results()
    _heading(console, result, precise)
    console.print(kpis(result))
    console.print(Text(_meaning(result), style="dim"))
    for build in (stages, teams):
        console.print()
        console.print(fitting(console, partial(build, result)))
    if result.summary.handoffs:
        console.print()
        console.print(fitting(console, partial(handoffs, result)))
        console.print(Text(handoffs_mean(handoff_columns([result.summary])), style="dim"))
    waits = running(list(reconciled(result.summary, result.model)))
    if waits:
        console.print(Text(f"\n{waits}", style="dim"))
    console.print(Text(f"\n{say('run.limit')}", style="bold"))
    console.print(Text(result.verdict))


def _heading(console: Console, result: Result, precise: Sequence[str]) -> None:
    from funnelsim.experiments.running.replications import relative_half_width

    spec = result.model.spec
    console.print(Text(spec.name, style="bold"))
    times = {"horizon": _long(spec.horizon), "start": numbers.date(spec.start)}
    if spec.warmup.amount:
        said = say("run.time.counted", **times, warmup=_long(spec.warmup))
    else:
        said = say("run.time.whole", **times)
    if result.worlds is not None:
        made = say("run.worlds", worlds=result.replications, pairs=result.worlds.how.pairs, how=result.stamp.how)
        console.print(f"{said}\n{made}", style="dim")
        streams.laid(console, result.stamp)
        return
    width, runs, how = relative_half_width(result, precise), result.replications, result.stamp.how
    if width is None:
        made = counted("run.how", runs, how=how)
    else:
        kpi = say("run.called", name=width[0], label=_label(result, width[0]))
        made = counted("run.precise", runs, how=how, kpi=kpi, share=numbers.percent(width[1]))
    console.print(f"{said}\n{made}", style="dim")
    streams.laid(console, result.stamp)


def _label(result: Result, name: str) -> str:
    return every_kpi(result.model)[name][1].label


def _long(time: Duration) -> str:
    """A length of time as it was written."""
    return say(f"span.{time.unit}", value=f"{time.amount:g}")


def kpis(result: Result) -> Table:
    """KPIs that exist, with the intervals of their means, and where single runs lie."""
    ranges = result.replications >= FEWEST
    columns = ("run.kpi", "run.mean", *([RUNS] * ranges))
    table = frame(say("run.kpis"), tuple(map(say, columns)))
    apart = result.summary.kpis["won_expansion"].mean or None  # without expansions all business is new
    for group in kpi_groups(result.model):
        leaves = [(kpi, result.summary.kpis[kpi.name].to_dict()) for kpi in group.kpis]
        told: list[tuple[Text | str, ...]] = [
            (Text(f"  {kpi.label}"), numbers.estimate(leaf), *([numbers.span(leaf)] * ranges))
            for kpi, leaf in leaves
            if leaf is not None
            and (not numbers.is_zero(leaf) or kpi.name in KEPT_AT_ZERO)
            and not (kpi.name in PART_OF and apart is None)
        ]
        if group.shown and told and group.name not in APART:
            table.add_row(Text(over(result, group), style="bold"))
            for row in told:
                table.add_row(*row)
    return table


def over(result: Result, group: Group) -> str:
    """The heading of a group of KPIs; those of money add up over a time."""
    if group.name != "money":
        return group.label
    period = numbers.period(result.model.horizon - result.model.warmup)
    return say("run.over", group=say("kpis.money"), period=period)


def _meaning(result: Result) -> str:
    """What the table of KPIs says of the mean, and what of a single run."""
    few = result.replications < FEWEST
    over = "run.meaning" if result.worlds is None else "worlds.meaning"
    said = say("run.fewest", number=FEWEST) if few else say(over)
    summary = result.summary
    tables = (summary.kpis, *summary.stages.values(), *summary.teams.values())
    cut = any(numbers.is_cut(each.to_dict()) for table in tables for each in table.values())
    return "\n" + running([said, *([say("run.cut")] * cut)])


def stages(result: Result, interval: bool) -> Table:
    """Flow and time of each stage."""
    model = result.model
    monthly = MICROSECONDS["mo"] / (model.horizon - model.warmup)
    # Effort is what the scenario says it is, so it is what a narrow terminal can do without.
    columns = [key for key in STAGE_COLUMNS if interval or key != "work"]
    heads = ("run.stage", *(f"run.stage.{key}" for key in ("entered", *columns)))
    table = frame(say("run.stages"), tuple(map(say, heads)))
    for name, label in zip(model.stage_names, model.stage_labels, strict=True):
        leaves = {key: value.to_dict() for key, value in result.summary.stages[name].items()}
        table.add_row(
            Text(say("run.stage.aside", stage=label) if model.spec.stages[name].aside else label),
            numbers.estimate(leaves["entered"], interval, monthly),
            *(numbers.estimate(leaves[key], interval) for key in columns),
        )
    return table


def teams(result: Result, interval: bool) -> Table:
    """How busy each team is, and what waits for it."""
    model = result.model
    filler = any(team["filler"].mean for team in result.summary.teams.values())
    columns = [key for key in TEAM_COLUMNS if key != "filler" or filler]
    table = frame(say("run.teams"), tuple(map(say, ("run.team", *(f"run.team.{key}" for key in columns)))))
    for name, label in zip(model.team_names, model.team_labels, strict=True):
        leaves = {key: value.to_dict() for key, value in result.summary.teams[name].items()}
        table.add_row(Text(label), *(numbers.estimate(leaves[key], interval) for key in columns))
    return table


def handoffs(result: Result, interval: bool) -> Table:
    """What each handoff takes; without a column that nothing stands in."""
    model = result.model
    monthly = MICROSECONDS["mo"] / (model.horizon - model.warmup)
    found = result.summary.handoffs
    columns = handoff_columns([result.summary])
    table = frame(
        say("run.handoffs"), tuple(map(say, ("run.handoff", *(f"run.handoff.{key}" for key in columns))))
    )
    for name, label in named_places(model, "handoffs"):
        giver, _, taker = name.partition(".")
        own = found.get((giver, taker))
        if own is not None:
            factors = {"passed": monthly}
            cells = (numbers.estimate(own[key].to_dict(), interval, factors.get(key, 1.0)) for key in columns)
            table.add_row(Text(label), *cells)
    return table
