"""What became of the same leads, below a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from funnelsim.views.sentences.reasons.fates import balance, heads, others, row
from funnelsim.views.words import say

from ..frames import frame
from ..work import attempt

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from funnelsim.experiments.comparison.result import Comparison
    from funnelsim.experiments.fates.result import Fates

    from ..options import Shown, Spread

SHOWN = 12
"""Ways that leads went in the table on the terminal."""


def followed(comparison: Comparison, computing: Spread, shown: Shown) -> tuple[Fates | None, bool]:
    """What became of the same leads in the replications that were done, and whether that was all."""

    def follow(how: dict[str, object]) -> Fates:
        given = {name: how[name] for name in ("workers", "progress", "executor") if name in how}
        return comparison.fates(**given)  # type: ignore[arg-type]

    return attempt("following leads", computing, shown, follow)


def show(console: Console, fates: Fates) -> None:
    """Print them, an arm after the other."""
    for arm in fates.arms:
        console.print()
        console.print(Text(say("fates.table", arm=arm, base=fates.base), style="bold"))
        for text in fates.words[arm]:
            console.print(Padding(Text(text), (0, 0, 0, 2)))
        console.print(_table(fates, arm))


def _table(fates: Fates, arm: str) -> Table:
    table = frame("", heads(fates, arm), left=3)
    for way in fates.changes(arm)[:SHOWN]:
        table.add_row(*map(Text, row(fates, way)))
    rest = fates.changes(arm)[SHOWN:]
    if rest:
        table.add_row(*map(Text, others(fates, rest)))
    table.add_section()
    table.add_row(say("fates.sum"), "", "", "", *balance(fates, *fates.difference(arm)))
    return table
