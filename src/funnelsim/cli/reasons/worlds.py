"""Worlds, that is draws of inputs that are not known, as commands ask for them and print what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from funnelsim.errors import FunnelsimError
from funnelsim.views.sentences.reasons import worlds
from funnelsim.views.words import say

if TYPE_CHECKING:
    from rich.console import Console

    from funnelsim.experiments.comparison.result import Comparison
    from funnelsim.results.result import Result


@dataclass(frozen=True)
class Uncertain:
    """Which worlds are run."""

    inputs: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|none",
            help="Draws of uncertain inputs (.csv with paths as columns, or .jsonl), each run as a world; none: "
            "not those that the scenario names.",
        ),
    ] = None
    worlds: Annotated[
        int | None,
        typer.Option(
            min=2,
            metavar="N",
            help="Run so many draws of the inputs instead of replications. [default: all of --inputs]",
        ),
    ] = None
    pairs: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="N",
            help="Worlds run once more, to tell luck from not knowing. [default: a tenth, at least 10]",
        ),
    ] = None

    @property
    def wanted(self) -> bool:
        """Whether there are to be worlds."""
        return self.worlds is not None or self.inputs not in (None, "none")

    def to_dict(self) -> dict[str, Any]:
        """The same as keywords of the functions of Python."""
        return {"inputs": self.inputs, "worlds": self.worlds, "pairs": self.pairs}

    def alone(self, **others: Any) -> None:
        """Refuse options that need single replications of one scenario, by name; None or False where not given."""
        for name, given in others.items():
            if self.wanted and given:
                raise FunnelsimError(
                    f"--{name.replace('_', '-')} looks into replications of one scenario, and each world is "
                    "another; leave it out, or --worlds and --inputs",
                    code="E-option-conflict",
                )


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
