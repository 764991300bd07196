"""``funnelsim forecast``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.text import Text

from funnelsim.errors import FunnelsimError
from funnelsim.results.profiles.forecast import refuse_warmup
from funnelsim.views.sentences.own_data import forecast as words
from funnelsim.views.words import say

from .. import streams
from ..frames import frame
from ..reasons import targets
from ..work import attempt, draw, hand_over

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
    if ahead.inputs is not None:
        return _over_draws(scenario, ahead.inputs, ahead, computing, shown)
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


def _over_draws(scenario: Scenario, inputs: str, ahead: Ahead, computing: Spread, shown: Drawn) -> bool:
    """The same with inputs of its own in each run."""
    from funnelsim.experiments.running.laboratory import Sampling
    from funnelsim.experiments.running.recorded_worlds import records_over
    from funnelsim.results.profiles.forecast import forecast as of_records
    from funnelsim.results.stamp import Stamp
    from funnelsim.version import VERSION
    from funnelsim.views.pictures.chart import in_figure
    from funnelsim.views.pictures.own_data.forecast import forecast as picture

    if shown.report is not None:
        raise FunnelsimError(
            "a report is of runs of one scenario, and with --inputs each is another; leave one of them out",
            code="E-option-conflict",
        )
    made, finished = attempt(
        "simulating",
        computing,
        shown,
        lambda how: records_over(scenario, inputs, ahead.replications, Sampling(**how)),
    )
    if made is None:
        return False
    model, records = made
    found = of_records(records, model, ahead.length, drawn=True)
    stamp = Stamp({}, computing.seed, computing.engine, VERSION)
    if shown.pictures is not None:
        drawn = {
            f"forecast_{flow}": (lambda f=flow: in_figure(picture(found, f, False), stamp))
            for flow in words.flows(found)
        }
        draw(shown.pictures, drawn)
    if shown.json:
        streams.document({**stamp.to_dict(), "forecast": found.to_dict()})
    else:
        show(streams.results(), found, (), 0)
    streams.warn(scenario.warnings, shown.quiet)
    return finished


def show(console: Console, found: Forecast, looked: Sequence[Outlook], managers: int) -> None:
    """Print the sentences, a table for each flow, and the targets; the last ones are the manager's."""
    for text in words.sentences(found):
        console.print(Text(text))
    for flow in words.flows(found):
        console.print()
        console.print(_table(found, flow))
    note = say("forecast.note.drawn" if found.drawn else "forecast.note", runs=found.runs)
    console.print(Text(f"\n{note}", style="dim"))
    if managers:
        console.print(Text(f"\n{say('forecast.manager')}"))
    targets.show(console, looked)


def _table(found: Forecast, flow: str) -> Table:
    heads = [say(f"fiscal.head.{found.length}"), *(say(f"forecast.col.{each}") for each in words.HEADS)]
    table = frame(say("forecast.table", kpi=say(f"kpi.{flow}.label")), heads)
    for row in words.rows(found, flow):
        table.add_row(*map(Text, row))
    return table
