"""What commands that make pages are asked, as groups of options (see `cli.grouping`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ..options import Engine, Pictures, Seed
from ..questions import Arms


def as_title(text: str) -> str:
    """A title with something in it."""
    if not text.strip():
        raise typer.BadParameter("an empty title says nothing; leave the option out for the name in the file")
    return text


@dataclass(frozen=True)
class Reported(Arms):
    """What a report is about."""

    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="A scenario; several to compare; a study; or a run store: files, or names of templates.",
        ),
    ]


@dataclass(frozen=True)
class Wanted:
    """What is to be written, and what it rests on."""

    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", help="The report; its name ends in .html.", dir_okay=False),
    ]
    title: Annotated[
        str | None,
        typer.Option(
            parser=as_title, metavar="TEXT", help="What stands at its top. [default: the name in the file]"
        ),
    ] = None
    only: Annotated[
        str | None,
        typer.Option(metavar="SECTION,...", help="Only these sections, such as answer,line,differences."),
    ] = None
    pdf: Annotated[bool, typer.Option("--pdf", help="Print it to a PDF beside it too; needs Chromium.")] = False
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="Write its tables as an Excel workbook beside it as well.")
    ] = False
    figures: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write each picture there as SVG and PNG.", file_okay=False)
    ] = None
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=VALUES",
            help="Answer what-if questions beforehand, as in 'teams.desk.headcount=[3, 4, 5]': at most three of "
            "these, 400 points together. May be repeated.",
        ),
    ] = None
    kpi: Annotated[
        list[str] | None,
        typer.Option(metavar="KPI", help="What is compared. May be repeated. [default: the main ones]"),
    ] = None
    replications: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="How many of each. [default: what the study says; else until it is precise]"
        ),
    ] = None


@dataclass(frozen=True)
class Filmed:
    """Which replication is shown, and beside what."""

    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", help="The page; its name ends in .html.", dir_okay=False),
    ]
    against: Annotated[
        str | None,
        typer.Option(
            metavar="LEVER[@DOSE]",
            help="Show the same replication under this lever beside it; join levers with + to use them together.",
        ),
    ] = None
    replication: Annotated[int, typer.Option(min=1, metavar="N", help="Which replication; 1 is the first.")] = 1
    title: Annotated[
        str | None,
        typer.Option(
            parser=as_title, metavar="TEXT", help="What stands at its top. [default: the name in the file]"
        ),
    ] = None
    seed: Seed = 1
    engine: Engine = "auto"


@dataclass(frozen=True)
class Traced:
    """Which lead is followed, and beside what."""

    lead: Annotated[
        str, typer.Option(metavar="LEAD", help="What it is called in tables and logs, such as web-412.")
    ]
    against: Annotated[
        str | None,
        typer.Option(
            metavar="LEVER[@DOSE]",
            help="Follow the same lead under this lever too; join levers with + to use them together.",
        ),
    ] = None
    replication: Annotated[int, typer.Option(min=1, metavar="N", help="Which replication; 1 is the first.")] = 1
    seed: Seed = 1
    engine: Engine = "auto"
    pictures: Pictures = None


@dataclass(frozen=True)
class Doubted:
    """What hangs on the numbers of a scenario."""

    kpi: Annotated[
        str | None,
        typer.Option(metavar="KPI", help="What may move. [default: contribution, or won where there is no money]"),
    ] = None
    replications: Annotated[
        int, typer.Option(min=2, metavar="N", help="Of the numbers that move it most; all others get two.")
    ] = 10
    all: Annotated[bool, typer.Option("--all", help="List all numbers.")] = False
