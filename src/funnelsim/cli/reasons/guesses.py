"""``funnelsim guesses``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from funnelsim.views.sentences import guesses as words
from funnelsim.views.sentences.figures import kpi_name
from funnelsim.views.words import numbers, say

from .. import streams
from ..frames import difference, fitting, frame
from ..work import attempt, hand_over

if TYPE_CHECKING:
    from funnelsim.experiments.sensitivity.guesses import Guess, Guesses
    from funnelsim.scenario.scenario import Scenario

    from ..faces.asked import Doubted
    from ..options import Drawn, Spread

LONGEST = 34
"""Signs of a value that are shown."""


def guesses(scenario: Scenario, doubted: Doubted, computing: Spread, shown: Drawn) -> bool:
    """Look at every number, and print what hangs on it; False if the user stopped it."""
    from funnelsim.experiments.sensitivity import guesses as finding

    found, finished = attempt(
        "looking at numbers",
        computing,
        shown,
        lambda how: finding.guesses(scenario, doubted.kpi, replications=doubted.replications, **how),
    )
    if found is None:
        return False
    hand_over(shown, found.tornado, {"guesses": found.tornado.plot.tornado})
    if shown.json:
        streams.document(found.to_dict())
    else:
        _show(found, scenario.name, doubted.all)
    return finished


def _show(found: Guesses, name: str, every: bool) -> None:
    console = streams.results()
    console.print(Text(name, style="bold"))
    how = say("guesses.how", replications=found.replications, how=found.stamp.how)
    console.print(Text(how, style="dim"))
    streams.laid(console, found.stamp)
    console.print(Text(f"\n{words.known_how(found)}\n{words.first(found)}\n"))
    close = [each for each in found.numbers if each.less is not None or each.more is not None]
    console.print(fitting(console, lambda interval: _table(found, close, interval)))
    rest = [each for each in found.numbers if each not in close]
    if every and rest:
        console.print()
        console.print(_others(found, rest))
    elif rest:
        console.print(Text(f"\n{say('guesses.more', count=len(rest))}", style="dim"))
    console.print(Text(f"\n{say('guesses.note')}", style="dim"))


def _table(found: Guesses, close: list[Guess], interval: bool) -> Table:
    heads = ("number", "value", "range", "known", "low", "high")
    table = frame(
        say("guesses.head", kpi=kpi_name(found.kpi)), [say(f"guesses.col.{each}") for each in heads], left=4
    )
    for each in close:
        sides = [difference(one, interval) or numbers.DASH for one in (each.less, each.more)]
        table.add_row(*_row(each), *sides)
    return table


def _others(found: Guesses, rest: list[Guess]) -> Table:
    heads = ("number", "value", "range", "known", "moves")
    table = frame(say("guesses.others"), [say(f"guesses.col.{each}") for each in heads], left=4)
    unit = next((one.base.unit for each in found.numbers for one in (each.less, each.more) if one is not None), "")
    for each in rest:
        moves = numbers.DASH if each.moves is None else numbers.size(each.moves, unit)
        table.add_row(*_row(each), moves)
    return table


def _row(each: Guess) -> tuple[Text, Text, Text, Text]:
    value = each.value if len(each.value) <= LONGEST else f"{each.value[: LONGEST - 3]}..."
    ends = say("guesses.between", low=each.ends[0], high=each.ends[1])
    between = say("guesses.assumed", ends=ends) if each.assumed else ends
    return Text(each.path), Text(value), Text(between), Text(words.source(each))
