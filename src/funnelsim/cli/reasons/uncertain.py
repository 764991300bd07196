"""Which draws of inputs a command is to run: apart from what prints them, so that a command starts quickly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from funnelsim.errors import FunnelsimError


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
