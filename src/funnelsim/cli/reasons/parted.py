"""What commands are asked of targets, groups and periods, as groups of options (see `grouping`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from funnelsim.errors import FunnelsimError

LENGTHS = ("month", "quarter", "year")
"""Of fiscal periods."""

Target = Annotated[
    list[str] | None,
    typer.Option(
        "--target", metavar="KPI=VALUE", help="The chance of reaching it, such as 'won>=300'. May be repeated."
    ),
]


def day_and_groups(by: list[str] | None, target: list[str] | None) -> tuple[str | None, tuple[str, ...]]:
    """What ``--by`` says: the day by which targets are to be reached, and what KPIs are divided by."""
    days = [each for each in by or () if each.strip()[:1].isdigit()]
    if len(days) > 1:
        raise FunnelsimError(
            f"--by {days[0]} and --by {days[1]}: targets have one day by which they are reached",
            code="E-option-twice",
        )
    if days and not target:
        raise FunnelsimError(
            f"--by {days[0]} is the day by which --target KPI=VALUE is to be reached; give both, or divide KPIs "
            "--by segment, source, territory or rep",
            code="E-option-useless",
        )
    return days[0] if days else None, tuple(each for each in by or () if each not in days)


@dataclass(frozen=True)
class Parted:
    """What single runs are to reach, by when, and what KPIs are divided by as well."""

    target: Target = None
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DATE|segment|source|territory|rep",
            help="DATE: the last day that counts for --target, up to which the runs are made again [default: the "
            "horizon]. Else: give KPIs of each segment, source, territory or rep as well. May be repeated.",
        ),
    ] = None
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the figures by group there.", dir_okay=False)
    ] = None

    def __post_init__(self) -> None:
        _, groups = day_and_groups(self.by, self.target)
        if self.csv is None:
            return
        if not groups:
            raise FunnelsimError("--csv writes the figures that --by divides; give both", code="E-option-useless")
        if self.csv.suffix.lower() != ".csv":
            raise FunnelsimError(
                f"--csv {self.csv}: the file is written as CSV; give a name that ends in .csv",
                code="E-output-ending",
            )

    @property
    def day(self) -> str | None:
        """The day by which targets are to be reached, as it was written."""
        return day_and_groups(self.by, self.target)[0]

    @property
    def groups(self) -> tuple[str, ...]:
        """What KPIs are divided by."""
        return day_and_groups(self.by, self.target)[1]


@dataclass(frozen=True)
class Timed:
    """What of a run is told by fiscal period, and by rep and territory."""

    periods: Annotated[
        str | None,
        typer.Option(
            metavar="month|quarter|year",
            help="Tell what came, was won and booked in each fiscal month, quarter or year after the warm-up.",
        ),
    ] = None
    carve: Annotated[
        str | None,
        typer.Option(
            "--carve",
            metavar="[ACCOUNTS.csv]",
            help="Tell how quotas, leads, load and wins fall on reps and territories, how evenly, and the chance "
            "of targets that the reps' quotas over-assign; with a CSV of accounts also how their potential does.",
        ),
    ] = None

    def __post_init__(self) -> None:
        if self.periods is not None and self.periods not in LENGTHS:
            raise FunnelsimError(f"--periods {self.periods}: choose month, quarter or year", code="E-value-choice")

    @property
    def carves(self) -> bool:
        """Whether it is to be told how reps and territories fare."""
        return self.carve is not None

    @property
    def accounts(self) -> Path | None:
        """The file of accounts, where one is given."""
        return Path(self.carve) if self.carve else None
