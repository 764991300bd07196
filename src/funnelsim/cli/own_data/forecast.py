"""``funnelsim forecast``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.text import Text

from funnelsim.results.profiles.forecast import refuse_warmup
from funnelsim.views.sentences.own_data import forecast as words
from funnelsim.views.words import say

from .. import streams
from ..frames import frame
from ..reasons import targets
from ..work import attempt, hand_over

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from funnelsim.experiments.targets.outlook import Outlook
    from funnelsim.results.profiles.forecast import Forecast
    from funnelsim.scenario.scenario import Scenario

    from ..options import Drawn, Spread
    from .asked import Ahead


def forecast(scenario: Scenario, ahead: Ahead, computing: Spread, shown: Drawn) -> bool:
    """Simulate a line from where it stands, and print what its runs bring; False if the user stopped it."""
    from funnelsim.experiments.running.replications import simulate

    wanted = [*(ahead.target or ()), *(ahead.manager or ())]
    targets.check(wanted, ahead.by, scenario)
    refuse_warmup(scenario.spec)
    result, finished = attempt(
        "simulating", computing, shown, lambda how: simulate(scenario, replications=ahead.replications, **how)
    )
    if result is None:
        return False
    found = result.forecast(ahead.length)
    looked: tuple[Outlook, ...] = ()
    if finished and wanted:
        looked, finished = targets.looked(result, wanted, ahead.by, computing, shown)
    pictures = {f"forecast_{flow}": (lambda f=flow: result.plot.forecast(f)) for flow in words.flows(found)}
    hand_over(shown, result, pictures)
    if shown.json:
        more: dict[str, Any] = {"targets": [each.to_dict() for each in looked]} if looked else {}
        streams.document({**result.made, "forecast": found.to_dict(), **more})
    else:
        show(streams.results(), found, looked, len(ahead.manager or ()))
    streams.warn(result.warnings, shown.quiet)
    return finished


def show(console: Console, found: Forecast, looked: Sequence[Outlook], managers: int) -> None:
    """Print the sentences, a table for each flow, and the targets; the last ones are the manager's."""
    for text in words.sentences(found):
        console.print(Text(text))
    for flow in words.flows(found):
        console.print()
        console.print(_table(found, flow))
    console.print(Text(f"\n{say('forecast.note', runs=found.runs)}", style="dim"))
    if managers:
        console.print(Text(f"\n{say('forecast.manager')}"))
    targets.show(console, looked)


def _table(found: Forecast, flow: str) -> Table:
    heads = [say(f"fiscal.head.{found.length}"), *(say(f"forecast.col.{each}") for each in words.HEADS)]
    table = frame(say("forecast.table", kpi=say(f"kpi.{flow}.label")), heads)
    for row in words.rows(found, flow):
        table.add_row(*map(Text, row))
    return table
