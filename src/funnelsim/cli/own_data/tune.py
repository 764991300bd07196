"""``funnelsim tune``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from funnelsim.errors import FunnelsimError
from funnelsim.views.sentences.own_data import tuning as words
from funnelsim.views.words import say

from .. import streams
from ..frames import frame
from ..work import attempt
from .outputs import in_yaml

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from funnelsim.experiments.tuning.result import Tuned
    from funnelsim.scenario.scenario import Scenario

    from ..options import Shown, Spread
    from .asked import Aimed


def tune(scenario: Scenario, aimed: Aimed, computing: Spread, shown: Shown) -> bool:
    """Move what is least known until the line comes to its totals, and print what moved; False if stopped."""
    from funnelsim.experiments.tuning import tune as tuning

    if aimed.out is not None:
        in_yaml(aimed.out, "scenario")
    totals = _totals(aimed.to)
    found, finished = attempt(
        "tuning",
        computing,
        shown,
        lambda how: tuning.tune(scenario, totals, vary=aimed.vary, replications=aimed.replications, **how),
    )
    if found is None:
        return False
    if aimed.out is not None:
        found.save(aimed.out)
    if shown.json:
        streams.document({**found.to_dict(), "written": [] if aimed.out is None else [aimed.out.name]})
    else:
        show(streams.results(), found, aimed)
    streams.warn(found.warnings, shown.quiet)
    return finished


def _totals(written: list[str]) -> dict[str, str]:
    """The totals by KPI.

    Raises
    ------
    FunnelsimError
        If one is none, or stands twice.
    """
    found: dict[str, str] = {}
    for each in written:
        kpi, equals, value = (part.strip() for part in each.partition("="))
        if not equals or not kpi or not value:
            said = f"--to {each}: expected KPI=VALUE, such as won=8/mo, won=8±1/mo, win_rate=20% or cycle_time=90d"
            raise FunnelsimError(said, code="E-option-form")
        if kpi in found:
            raise FunnelsimError(f"--to {each}: {kpi} is given twice", code="E-option-twice")
        found[kpi] = value
    return found


def show(console: Console, found: Tuned, aimed: Aimed) -> None:
    """Print the totals, what was moved, and what contradicts."""
    console.print(Text(found.start.name, style="bold"))
    how = say("tune.how", replications=found.replications, runs=found.runs, how=found.stamp.how)
    console.print(Text(how, style="dim"))
    streams.laid(console, found.stamp)
    for text in words.sentences(found):
        console.print(Text(text))
    console.print()
    console.print(_table("totals", words.TOTALS, [words.total_row(each) for each in found.totals], 2))
    if found.moved:
        console.print()
        console.print(_table("inputs", words.INPUTS, [words.input_row(each) for each in found.moved], 2))
    console.print(Text(f"\n{say('tune.note')}", style="dim"))
    if aimed.out is not None:
        console.print(Text(say("calibrate.wrote", files=aimed.out.name)))


def _table(name: str, heads: tuple[str, ...], rows: list[tuple[str, ...]], left: int) -> Table:
    made = frame(say(f"tune.table.{name}"), [say(f"tune.col.{each}") for each in heads], left=left)
    made.columns[0].no_wrap = True
    for row in rows:
        made.add_row(*map(Text, row))
    return made
