"""``funnelsim trace``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from funnelsim.errors import FunnelsimError
from funnelsim.views.sentences.lives import row
from funnelsim.views.words import say

from .. import options, streams
from ..faces.replay import taken
from ..frames import frame
from ..work import hand_over

if TYPE_CHECKING:
    from funnelsim.results.lives import Life

    from ..faces.asked import Traced
    from ..options import Shown, Simulated


def trace(what: Simulated, traced: Traced, shown: Shown) -> bool:
    """Print the life of one lead, and its other life under a lever; False if the user stopped it."""
    from funnelsim.results.lives import life

    how = options.Drawn(shown.json, shown.quiet, traced.pictures)
    computing = options.Computing(traced.seed, traced.engine, 1)
    found, finished = taken(what, traced.against, traced.replication, computing, how)
    if found is None:
        return False
    takes, stamp = found
    lives: list[Life] = []
    for take in takes:
        try:
            lives.append(life(take.records, take.model, traced.lead, take.name, stamp))
        except FunnelsimError as error:
            if not lives:
                raise
            streams.complain([f"{take.name}: {error}"], "note")
    first, *others = lives
    hand_over(how, first, {"life": partial(first.plot, *others)})
    if shown.json:
        streams.document({"lives": [each.to_dict() for each in lives]})
    else:
        _show(first)
        for each in others:
            if each.moments == first.moments:
                streams.results().print(Text(say("life.same", line=each.line)))
            else:
                _show(each)
    return finished


def _show(found: Life) -> None:
    console = streams.results()
    head = say("life.head", lead=found.lead, replication=found.replication, line=found.line)
    console.print(Text(head, style="bold"))
    for text in found.words:
        console.print(Padding(Text(text), (0, 0, 0, 2)))
    table = frame("", [say(f"life.col.{each}") for each in ("time", "event", "stage", "rep", "outcome")], left=5)
    for moment in found.moments:
        table.add_row(*map(Text, row(found, moment)))
    console.print(table)
    console.print()
