"""Stages and teams below a comparison: where they differ, and each team's own figure beside the whole's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from funnelsim.views.sentences import matrix, places
from funnelsim.views.words import counted, running, say

from ..frames import frame

if TYPE_CHECKING:
    from rich.console import Console

    from funnelsim.experiments.comparison.result import Comparison


def show(console: Console, comparison: Comparison) -> None:
    """Print each team's own figure beside the whole's, and the stages and teams that differ."""
    own = places.own_rows(comparison)
    if own:
        _table(console, say("own.title"), places.heads(comparison, "own.figure"), own)
        for text in places.opposed(comparison):
            console.print(Padding(Text(text), (0, 0, 0, 2)))
    passes = places.handoffs(comparison)
    if passes:
        _table(console, say("run.handoffs"), places.heads(comparison, "matrix.kpi"), passes)
    rows, left = places.differing(comparison)
    if rows:
        _table(console, say("place.title"), places.heads(comparison, "matrix.kpi"), rows)
        said = [matrix.legend(), *([counted("place.left", left)] if left else [])]
        console.print(Text(running(said), style="dim"))


def _table(console: Console, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = frame(title, heads)
    for row in rows:
        table.add_row(*map(Text, row))
    console.print()
    console.print(table)
