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
from funnelsim.scenario.forms.quantities import MICROSECONDS
from funnelsim.views.words import numbers

from . import streams
from .frames import RUNS, fitting, frame

if TYPE_CHECKING:
    from funnelsim.results.result import Result

FEWEST = 9
"""Replications from which on it is told where single runs lie (see `Estimate.range`)."""

KEPT_AT_ZERO = ("created", "won", "open_at_end", "response_time", "response_time_mean", "never_touched")
"""KPIs that are of interest at 0; others at 0 speak of what the scenario does not have."""

STAGE_COLUMNS = {
    "conversion": "advance",
    "wait": "wait",
    "work": "work",
    "time_in_stage": "stay",
    "wip": "in stage",
    "queue": "waiting",
}
TEAM_COLUMNS = {
    "headcount": "reps",
    "load": "load",
    "utilisation": "busy",
    "filler": "outbound",
    "queue": "waiting",
    "wait": "one wait",
    "queue_growth": "growth / mo",
}


def show(result: Result, precise: Sequence[str] = ()) -> None:
    """Print all of a result to standard output; ``precise`` are the KPIs that a precision was asked of."""
    console = streams.results()
    _heading(console, result, precise)
    console.print(kpis(result))
    console.print(Text(_meaning(result), style="dim"))
    for build in (stages, teams):
        console.print()
        console.print(fitting(console, partial(build, result)))
    console.print(Text("\nWhat limits the line", style="bold"))
    console.print(Text(result.verdict))


def _heading(console: Console, result: Result, precise: Sequence[str]) -> None:
    from funnelsim.experiments.running.replications import relative_half_width

    spec = result.model.spec
    console.print(Text(spec.name, style="bold"))
    times = f"{spec.horizon.amount:g} {spec.horizon.unit} from {spec.start}"
    if spec.warmup.amount:
        times += f", counted after a warm-up of {spec.warmup.amount:g} {spec.warmup.unit}"
    runs = f"{result.replications} replication{'s' if result.replications != 1 else ''}"
    width = relative_half_width(result, precise)
    if width is not None:
        runs += f" ({width[0]} is known to ± {numbers.percent(width[1])})"
    console.print(f"{times}\n{runs}, {result.stamp.how}", style="dim")
    streams.laid(console, result.stamp)


def kpis(result: Result) -> Table:
    """KPIs that exist, with the intervals of their means, and where single runs lie."""
    ranges = result.replications >= FEWEST
    table = frame("Results, with 95 % intervals of the mean", ("KPI", "mean", *([RUNS] * ranges)))
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
        if group.shown and told:
            over = f", over {numbers.period(result.model.horizon - result.model.warmup)}" * (group.name == "money")
            table.add_row(Text(f"{group.label}{over}", style="bold"))
            for row in told:
                table.add_row(*row)
    return table


def _meaning(result: Result) -> str:
    """What the table of KPIs says of the mean, and what of a single run."""
    if result.replications < FEWEST:
        return f"\nWhere single runs lie needs {FEWEST} replications or more (--replications 10)."
    return (
        "\n± says how well the mean over many runs is known. A single run, as a company lives one, lies in the "
        "range beside it in 8 of 10 cases."
    )


def stages(result: Result, interval: bool) -> Table:
    """Flow and time of each stage."""
    model = result.model
    monthly = MICROSECONDS["mo"] / (model.horizon - model.warmup)
    # Effort is what the scenario says it is, so it is what a narrow terminal can do without.
    columns = {key: heading for key, heading in STAGE_COLUMNS.items() if interval or key != "work"}
    table = frame("Stages", ("stage", "entered / mo", *columns.values()))
    for name, label in zip(model.stage_names, model.stage_labels, strict=True):
        leaves = {key: value.to_dict() for key, value in result.summary.stages[name].items()}
        aside = " (aside)" if model.spec.stages[name].aside else ""
        table.add_row(
            Text(label + aside),
            numbers.estimate(leaves["entered"], interval, monthly),
            *(numbers.estimate(leaves[key], interval) for key in columns),
        )
    return table


def teams(result: Result, interval: bool) -> Table:
    """How busy each team is, and what waits for it."""
    model = result.model
    filler = any(team["filler"].mean for team in result.summary.teams.values())
    columns = {key: heading for key, heading in TEAM_COLUMNS.items() if key != "filler" or filler}
    table = frame("Teams", ("team", *columns.values()))
    for name, label in zip(model.team_names, model.team_labels, strict=True):
        leaves = {key: value.to_dict() for key, value in result.summary.teams[name].items()}
        table.add_row(Text(label), *(numbers.estimate(leaves[key], interval) for key in columns))
    return table
