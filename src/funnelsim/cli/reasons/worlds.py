"""Worlds, that is draws of inputs that are not known: what commands print of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from funnelsim.views.sentences.reasons import worlds
from funnelsim.views.words import say

if TYPE_CHECKING:
    from rich.console import Console

    from funnelsim.experiments.comparison.result import Comparison
    from funnelsim.results.result import Result


def show_differences(console: Console, comparison: Comparison) -> None:
    """Print what worlds say of the differences of a comparison, if it is over worlds."""
    if comparison.base.over is None:
        return
    console.print(Text(f"\n{say('worlds.title')}", style="bold"))
    for text in worlds.of_differences(comparison):
        console.print(Text(text))
    console.print(Text(f"\n{worlds.how(comparison.base.over.how)}", style="dim"))


def show(console: Console, result: Result, kpis: Sequence[str]) -> None:
    """Print what worlds say of a result, if it is over worlds."""
    if result.worlds is None:
        return
    console.print(Text(f"\n{say('worlds.title')}", style="bold"))
    for text in worlds.sentences(result, kpis):
        console.print(Text(text))
    console.print(Text(f"\n{worlds.how(result.worlds.how)}", style="dim"))
