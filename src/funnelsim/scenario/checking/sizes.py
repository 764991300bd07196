"""How large a scenario may be: its length, its people, and combinations of its parts that take time to prepare.

What is within these limits is checked in seconds. How many leads and events a run may have depends on means and
flows, which the model knows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..forms.base import Fault
from ..forms.quantities import MICROSECONDS, Duration
from ..language.fields import MOST_REPS
from ..language.supply import rate_per_hour
from ..language.types import ScenarioSpec, Source

LONGEST_RUN = 100
"""Years of a horizon."""

MOST_GROUPS = 100_000
"""Segments times territories times sources: groups of leads that are looked at one by one."""

MOST_CALENDAR_YEARS = 1_000
"""Calendars times years of the horizon: each day's opening hours are worked out."""

MOST_SOURCE_YEARS = 5_000
"""Sources with a rate times years of the horizon: each day's rate is worked out."""

MOST_INTERVAL_YEARS = 100_000
"""Opening intervals of all calendars in a week times years of the horizon."""

MOST_PHASES = 200
MOST_PHASED = 3_000
"""Phases, and phases times stages, teams and sources: each phase is a scenario of its own to prepare."""


def size_faults(spec: ScenarioSpec) -> Iterator[Fault]:
    """What is larger than it may be."""
    years = length(spec.horizon) / MICROSECONDS["y"]
    if years > LONGEST_RUN:
        yield Fault(
            f"`horizon <= {LONGEST_RUN} y` must hold, but got {years:,.0f} y", ("horizon",), code="E-size-run"
        )
        return
    if length(spec.warmup) >= length(spec.horizon):
        shown = f"(warmup={_text(spec.warmup)}, horizon={_text(spec.horizon)})"
        yield Fault(f"`warmup < horizon` must hold, but got {shown}", ("warmup",), code="E-order")
    reps = sum(team.most_posts for team in spec.teams.values())
    if reps > MOST_REPS:
        yield Fault(
            f"`reps of all teams <= {MOST_REPS:,}` must hold, but got {reps:,}", ("teams",), code="E-size-run"
        )
    if len(spec.phases) > MOST_PHASES:
        yield Fault(
            f"at most {MOST_PHASES} phases are allowed, found {len(spec.phases):,}", ("phases",), code="E-size-run"
        )
    yield from _products(spec, years)


def _products(spec: ScenarioSpec, years: float) -> Iterator[Fault]:
    """Products of numbers that are each allowed, and together are not."""
    things = len(spec.stages) + len(spec.teams) + len(spec.sources)
    intervals = sum(len(day) for calendar in spec.calendars.values() for day in calendar.pattern)
    rated = sum(source.rate is not None for source in spec.sources.values())
    products = (
        (
            "sources",
            MOST_GROUPS,
            (
                ("segments", len(spec.segments)),
                ("territories", len(spec.territories)),
                ("sources", len(spec.sources)),
            ),
        ),
        ("calendars", MOST_CALENDAR_YEARS, (("calendars", len(spec.calendars)), ("years", math.ceil(years)))),
        (
            "calendars",
            MOST_INTERVAL_YEARS,
            (("opening intervals a week", intervals), ("years", math.ceil(years))),
        ),
        (
            "phases",
            MOST_PHASED,
            (("phases", len(spec.phases)), ("stages, teams and sources", things if spec.phases else 1)),
        ),
        ("sources", MOST_SOURCE_YEARS, (("sources", rated), ("years", math.ceil(years)))),
    )
    for group, most, factors in products:
        product = math.prod(max(1, number) for _, number in factors)
        if product > most:
            shown = " x ".join(f"{number:,} {name}" for name, number in factors if number)
            yield Fault(
                f"{shown} are {product:,} combinations, and at most {most:,} are allowed",
                (group,),
                code="E-size-run",
            )


def expected_leads(spec: ScenarioSpec, source: Source, years: float) -> float:
    """About how many leads a source creates in so many years, as far as parameters tell."""
    total = float(sum(burst.leads for burst in source.bursts))
    batch = source.batch.parameters.get("value", source.batch.parameters.get("mean", 1.0))
    growth = max(1.0, min(1e9, (1 + source.growth) ** min(years, 100)))
    if source.rate is not None:
        calendar = spec.calendars.get(source.calendar or "")
        total += rate_per_hour(source.rate, calendar) * 8766 * years * batch * growth
    if source.every is not None:
        every = source.every.parameters
        gap = max(every.values(), default=0.0) if source.every.name != "empirical" else max(source.every.values)
        total += years * MICROSECONDS["y"] / max(gap * source.every.scale, 1.0) * batch * growth
    return total


def length(duration: Duration) -> int:
    """Microseconds of a horizon or warm-up, for comparing; the exact length follows the calendar."""
    return duration.microseconds


def _text(duration: Duration) -> str:
    return f"{duration.amount:g} {duration.unit}"
