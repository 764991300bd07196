"""What commands on own data are asked, as groups of options (see `cli.grouping`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from funnelsim.errors import FunnelsimError

from ..reasons.parted import LENGTHS, Target

if TYPE_CHECKING:
    from funnelsim.calibration.history import History
    from funnelsim.calibration.reading.looking import Look


@dataclass(frozen=True)
class Recorded:
    """The records, and how they are to be read."""

    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Exports of a CRM: CSV, TSV, XLSX or Parquet."),
    ]
    map: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Which column is what, as `crm look -o` writes it.", dir_okay=False),
    ] = None
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The day on which the data end. [default: the last moment in them]"),
    ] = None
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Look only at what began from this day on.")
    ] = None

    def history(self) -> History:
        """The history in the files.

        Raises
        ------
        FunnelsimError
            If they cannot be read, or read in two ways.
        """
        from funnelsim.calibration.reading import read_history

        return read_history(self.files, self.map, as_of=self.as_of, since=self.since)

    def look(self) -> Look:
        """What the files are taken for.

        Raises
        ------
        FunnelsimError
            If they cannot be read, or read in two ways.
        """
        from funnelsim.calibration.reading.looking import look

        return look(self.files, self.map, as_of=self.as_of, since=self.since)


@dataclass(frozen=True)
class Assuming:
    """What no CRM knows."""

    assume: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Efforts, selling shares and hours, with ± where unsure.", dir_okay=False
        ),
    ] = None


@dataclass(frozen=True)
class Written:
    """What is to be written."""

    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", metavar="FILE", help="The scenario; tables are written beside it.", dir_okay=False
        ),
    ]
    draws: Annotated[
        int, typer.Option(min=0, max=10_000, metavar="N", help="Plausible other inputs to be written.")
    ] = 100
    name: Annotated[str, typer.Option(metavar="TEXT", help="The name of the scenario.")] = ""
    guess: Annotated[
        bool,
        typer.Option(
            "--guess", help="Write only the mapping: which column is what, to be corrected by hand (`crm look`)."
        ),
    ] = False


@dataclass(frozen=True)
class Tested:
    """From which days, and how far ahead."""

    cuts: Annotated[int, typer.Option(min=1, max=200, metavar="N", help="From how many days to forecast.")] = 8
    every: Annotated[str, typer.Option(metavar="TIME", help="From one such day to the next.")] = "1 mo"
    horizon: Annotated[str, typer.Option(metavar="TIME,...", help="How far to look ahead.")] = "1 mo,3 mo,6 mo"
    kpi: Annotated[
        list[str] | None,
        typer.Option(metavar="KPI", help="won, bookings, created, open or cycle_time. May be repeated."),
    ] = None
    draws: Annotated[int, typer.Option(min=2, max=1000, metavar="N", help="Runs of each forecast.")] = 40
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write the page, as --report does.", dir_okay=False),
    ] = None


@dataclass(frozen=True)
class Ahead:
    """What is to be told of the time to come."""

    replications: Annotated[int, typer.Option(min=1, metavar="N", help="Runs; 95 % bands need at least 39.")] = 200
    length: Annotated[str, typer.Option(metavar="month|quarter|year", help="Tell wins and bookings by it.")] = (
        "month"
    )
    target: Target = None
    manager: Annotated[
        list[str] | None,
        typer.Option(metavar="KPI=VALUE", help="The number that was promised, such as bookings=1.2M: its chance."),
    ] = None
    by: Annotated[
        str | None, typer.Option(metavar="DATE", help="The last day that counts for both. [default: the horizon]")
    ] = None
    inputs: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Draws of inputs (.csv or .jsonl), one for each run, so that ranges hold not knowing them too.",
        ),
    ] = None

    def __post_init__(self) -> None:
        if self.length not in LENGTHS:
            raise FunnelsimError(f"--length {self.length}: choose month, quarter or year", code="E-value-choice")
        if self.by is not None and not (self.target or self.manager):
            said = f"--by {self.by} is the day by which a --target or the number of the --manager is to be reached"
            raise FunnelsimError(f"{said}; give one of them", code="E-option-useless")
        if self.inputs is not None and (self.target or self.manager):
            said = "chances of --target and --manager are of runs of one scenario; with --inputs each is another"
            raise FunnelsimError(f"{said}; leave one of them out", code="E-option-conflict")


MappingOut = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", metavar="FILE", help="Write the mapping, to be corrected by hand.", dir_okay=False
    ),
]


@dataclass(frozen=True)
class Aimed:
    """Which totals a line is to come to, and what may move."""

    to: Annotated[
        list[str],
        typer.Option(
            metavar="KPI=VALUE",
            help="A total, such as won=8/mo, win_rate=20% or cycle_time=90±10d. May be repeated.",
        ),
    ]
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH", help="Move only these. [default: all whose grade is neither A nor B]"),
    ] = None
    replications: Annotated[int, typer.Option(min=2, metavar="N", help="Of each point that is tried.")] = 10
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write the tuned scenario.", dir_okay=False),
    ] = None
