"""What a scenario dates before its start or after its end, so that it never acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ..forms.quantities import Duration, Steps, Yearly
from ..language.types import Burst, Period, ScenarioSpec, Team


def outside(spec: ScenarioSpec) -> Iterator[str]:
    """Warnings of dated entries that lie wholly outside of the run."""
    begin, end = dt.datetime.combine(spec.start, dt.time()), _end(spec)
    if end is None:
        return
    run = f"the run, which goes from {spec.start} to {end.date()}"
    for number, phase in enumerate(spec.phases):
        if _at(phase.from_) >= end:
            yield f"phases.{number}: does nothing as it is: it begins on {phase.from_}, after {run}"
        elif phase.to is not None and _at(phase.to) <= begin:
            yield f"phases.{number}: does nothing as it is: it ends on {phase.to}, before {run}"
    for name, team in spec.teams.items():
        for date, why in _steps(team.headcount, begin, end):
            yield f"teams.{name}.headcount.{date}: does nothing as it is: {why} {run}"
        for days in team.absence.dates:
            if not isinstance(days, Yearly) and (_at(days[1]) < begin or _at(days[0]) >= end):
                shown = f"{days[0]}" if days[0] == days[1] else f"{days[0]}..{days[1]}"
                yield f"teams.{name}.absence.dates: {shown} does nothing as it is: it lies outside of {run}"
    for name, source in spec.sources.items():
        for burst in source.bursts:
            at = _begins(burst, begin)
            if at >= end or (at < begin and at + _length(burst.over) <= begin):
                when = burst.at if isinstance(burst.at, dt.date) else f"{burst.at.amount:g} {burst.at.unit}"
                yield (
                    f"sources.{name}.bursts: that of {when} does nothing as it is: it comes "
                    f"{'after' if at >= end else 'before'} {run}"
                )


def in_vain(periods: tuple[Period, ...]) -> Iterator[str]:
    """Warnings of phases that give a team people of another one, and no seats."""
    for name, team in periods[-1].spec.teams.items():
        every = [period.spec.teams.get(name) for period in periods]
        if any(one is not None and one.staffed_from is not None for one in every) and _never_opens(every):
            yield (
                f"teams.{name}.staffed_from: does nothing as it is: no seat opens, as headcount is "
                f"{team.headcount.first} throughout and `attrition` is 0; let the phase raise `headcount`"
            )


def everyone_has_a_number(team: Team, key: str) -> bool:
    """Whether each seat that a team ever has is given its own number of skill or speed, and keeps its person."""
    most = max(count for _, count in team.headcount.steps)
    return len(getattr(team, key).seats) >= most and team.attrition == 0.0 and team.staffed_from is None


def _never_opens(every: list[Team | None]) -> bool:
    first = every[0]
    return first is not None and all(
        one is not None
        and one.attrition == 0.0
        and len(one.headcount.steps) == 1
        and one.headcount == first.headcount
        for one in every
    )


def _steps(headcount: Steps[int], begin: dt.datetime, end: dt.datetime) -> Iterator[tuple[dt.date, str]]:
    """Steps that never hold, with why.

    A plan with several steps after the end is one that was made for a longer run; one alone is told.
    """
    following = [date for date, _ in headcount.steps[1:]]
    late = [date for date, _ in headcount.steps if date is not None and _at(date) >= end]
    for (date, _), after in zip(headcount.steps, (*following, None), strict=True):
        if late == [date]:
            yield late[0], "it begins after"
        elif date is not None and after is not None and _at(after) <= begin:
            yield date, f"the step of {after} takes its place before"


def _end(spec: ScenarioSpec) -> dt.datetime | None:
    """The end of a run; None where it hangs on a calendar or lies beyond all dates."""
    if spec.horizon.business:
        return None
    try:
        return dt.datetime.combine(spec.start, dt.time()) + _length(spec.horizon)
    except OverflowError:
        return None


def _at(date: dt.date) -> dt.datetime:
    return dt.datetime.combine(date, dt.time())


def _length(duration: Duration) -> dt.timedelta:
    return dt.timedelta(microseconds=duration.microseconds)


def _begins(burst: Burst, begin: dt.datetime) -> dt.datetime:
    return _at(burst.at) if isinstance(burst.at, dt.date) else begin + _length(burst.at)
