"""Options that several commands share, alone and in groups (see `grouping`)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from funnelsim.errors import FunnelsimError
from funnelsim.scenario.forms.signs import ordinary

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario


def as_share(text: str | float) -> float:
    """``5%`` or ``0.05``; the default comes as a number."""
    number = ordinary(str(text).strip())
    try:
        share = float(number[:-1]) / 100 if number.endswith("%") else float(number)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a share such as 5% or 0.05") from None
    if not 0 < share < 1:
        raise typer.BadParameter(f"{text!r} does not lie between 0% and 100%")
    return share


File = Annotated[str, typer.Argument(metavar="FILE", help="A scenario file, or the name of a shipped template.")]
Lever = Annotated[
    list[str] | None,
    typer.Option(
        "--lever", metavar="LEVER[@DOSE]", help="Lay a lever over the scenario, by name or file. May be repeated."
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change a value, as in teams.desk.headcount=4 or 'stages.*.effort={multiply: 0.8}'. May be repeated.",
    ),
]
Seed = Annotated[int, typer.Option(min=0, metavar="N", help="The same seed gives the same results.")]
Engine = Annotated[str, typer.Option(metavar="ENGINE", help="auto, simpy or compiled.")]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help="Threads or processes that run replications at the same time. [default: one a processor]",
    ),
]
Cluster = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Run on the workers of this Dask scheduler.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no warnings.")]
Report = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write the report of it too, as one HTML file.", dir_okay=False),
]
Pictures = Annotated[Path | None, typer.Option(metavar="DIR", help="Write the pictures there.", file_okay=False)]


@dataclass(frozen=True)
class Simulated:
    """A scenario, as it stands on the command line."""

    file: File
    lever: Lever = None
    set_: Set = None

    def scenario(self, quiet: bool) -> Scenario:
        """The scenario with its levers and changes; what these do is told unless quiet.

        Raises
        ------
        FunnelsimError
            If the file, a lever or a change is wrong.
        """
        from .inputs import scenario

        return scenario(self.file, self.lever, self.set_, quiet)


@dataclass(frozen=True)
class Computing:
    """How it is computed."""

    seed: Seed = 1
    engine: Engine = "auto"
    workers: Workers = None

    def to_dict(self) -> dict[str, Any]:
        """The same as keywords of the functions of Python."""
        return {"seed": self.seed, "engine": self.engine, "workers": self.workers or os.cpu_count() or 1}


@dataclass(frozen=True)
class Spread(Computing):
    """How it is computed, perhaps elsewhere."""

    cluster: Cluster = None

    def __post_init__(self) -> None:
        if self.cluster is not None and self.workers is not None:
            raise FunnelsimError(
                "--workers are those of this machine; with --cluster the scheduler has its own",
                code="E-option-conflict",
            )


@dataclass(frozen=True)
class Shown:
    """What is shown."""

    json: Json = False
    quiet: Quiet = False


@dataclass(frozen=True)
class Drawn(Shown):
    """What is shown and drawn."""

    pictures: Pictures = None
    report: Report = None
