"""What pictures show, taken out of a result: numbers and names, ready to draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from funnelsim.scenario.quantities import MICROSECONDS

if TYPE_CHECKING:
    from funnelsim.results.result import Result


@dataclass(frozen=True)
class Station:
    """A stage as it is drawn. Leads are averages over time, flows are per month; None is unknown."""

    label: str
    team: int  # index into `Line.crews`, -1 if automated
    crew: str  # names of the teams that work here
    entered: float
    advanced: float
    conversion: float | None
    wip: float
    queue: float
    wait: float | None  # hours


@dataclass(frozen=True)
class Crew:
    """A team as it is drawn."""

    label: str
    headcount: float
    utilisation: float | None
    filler: float
    limit: bool


@dataclass(frozen=True)
class Line:
    """A production line as it is drawn."""

    name: str
    stations: tuple[Station, ...]
    aside: tuple[Station, ...]
    crews: tuple[Crew, ...]
    won: float  # per month
    verdict: str
