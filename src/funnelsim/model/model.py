"""A compiled scenario: what engines read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from funnelsim.scenario.language.types import Burst, ScenarioSpec

from .records import Ints, Reps
from .tables.prices import Prices
from .tables.tables import Tables
from .time.arrivals import RatePlan


@dataclass(frozen=True, eq=False)  # one model is another only if it is the same object
class Model:
    """A scenario compiled to arrays, with the names that its indices stand for.

    Names are the keys in the file (for records and JSON); labels are what people are shown.
    """

    spec: ScenarioSpec
    tables: Tables  # of the first period
    periods: tuple[tuple[int, Tables], ...]  # from when (microseconds) which tables hold
    prices: tuple[Prices, ...]  # of each period
    plans: tuple[RatePlan | None, ...]  # by source; None where leads come at no rate, or at even gaps
    bursts: tuple[tuple[Burst, ...], ...]  # by source
    fingerprint: str
    start: dt.date
    horizon: int  # microseconds
    warmup: int  # microseconds
    edges: Ints  # bins of the series: 0, midnights, the end of warm-up, horizon
    stage_names: tuple[str, ...]
    team_names: tuple[str, ...]
    part_names: tuple[str, ...]  # of teams that are made of others the names of these; any other team is one part
    source_names: tuple[str, ...]
    segment_names: tuple[str, ...]
    territory_names: tuple[str, ...]
    outcome_names: tuple[str, ...]  # records.FIXED_OUTCOMES and then the loss reasons
    stage_labels: tuple[str, ...]
    team_labels: tuple[str, ...]
    leads: float  # that sources and the opening are expected to bring, those that teams work for left out
    laid: tuple[str, ...] = ()  # levers and changes that were laid over the file, in words
    cautions: tuple[str, ...] = ()  # what levers show one side of only


def has_rate(model: Model, source: int) -> bool:
    """Whether leads of a source come at a rate, at some time of the run."""
    return model.plans[source] is not None and bool(model.tables.sources.every[source] < 0)


def part_of_reps(reps: Reps, model: Model) -> Ints:
    """The part of a team that each rep belongs to."""
    tables = model.tables
    part: Ints = tables.seats.part[tables.teams.seat_offset[reps.team] + reps.seat]
    return part
