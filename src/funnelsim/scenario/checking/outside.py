"""What a scenario dates before its start, in its warm-up or after its end, so that it acts unseen or never."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from funnelsim.errors import Warned

from ..forms.quantities import Duration, Steps, Yearly
from ..language.moments import moment
from ..language.people import people_of
from ..language.types import Burst, Period, ScenarioSpec, Team


@dataclass(frozen=True)
class _Dated:
    """Something that begins and ends at a time: where it stands, what it is, and how to speak of it.

    ``ends`` is None where it holds for good, and ``counted`` says whether its part in the warm-up is told: of days
    off it is not, as they fall where they fall. ``since`` says what becomes of it where it begins before the run.
    """

    path: str
    what: str
    begins: dt.datetime
    ends: dt.datetime | None
    counted: bool = True
    late: str = ""
    early: str = ""
    since: str = ""


def outside(spec: ScenarioSpec) -> Iterator[Warned]:
    """Warnings of dated entries that lie outside of the run, or at least in part in its warm-up."""
    begin = _at(spec.start)
    end, measured = after(spec, spec.horizon), after(spec, spec.warmup)
    if end is None:
        return
    run = f"the run, which goes from {spec.start} to {end.date()}"
    for each in _dated(spec, begin, end):
        ends = each.ends if each.ends is not None else end
        if each.begins >= end:
            yield Warned(f"{each.path}: {each.what}does nothing as it is: {each.late} {run}", "W-dated-outside")
        elif ends <= begin:
            yield Warned(f"{each.path}: {each.what}does nothing as it is: {each.early} {run}", "W-dated-outside")
        elif each.begins < begin and each.since:
            yield Warned(f"{each.path}: {each.since}, as it begins before {run}", "W-dated-before")
        elif each.counted and measured is not None and begin <= each.begins < measured:
            which = f"{each.what.strip()}: " if each.what else ""
            yield Warned(
                f"{each.path}: {which}{_uncounted(each.begins, min(ends, end), measured)}", "W-dated-warmup"
            )


def _uncounted(begins: dt.datetime, ends: dt.datetime, measured: dt.datetime) -> str:
    """How much of something that begins in the warm-up is counted."""
    where = f"the warm-up, which goes to {measured:%Y-%m-%d}"
    if ends <= measured:
        return f"nothing of it is counted, as all of it lies in {where}"
    days = [round((ends - since) / dt.timedelta(days=1)) for since in (measured, begins)]
    return (
        f"{days[0]} of its {days[1]} days are counted, as it begins on {begins:%Y-%m-%d} in {where}; what begins "
        f"with the counted time is dated `warmup`, or later `warmup + 1 mo`"
    )


def _dated(spec: ScenarioSpec, begin: dt.datetime, end: dt.datetime) -> Iterator[_Dated]:
    """All that has a date."""
    for number, phase in enumerate(spec.phases):
        to = _at(phase.to) if phase.to is not None else None
        late, early = f"it begins on {phase.from_}, after", f"it ends on {phase.to}, before"
        yield _Dated(f"phases.{number}", "", _at(phase.from_), to, True, late, early)
    for name, team in people_of(spec.teams).items():
        yield from _steps(f"teams.{name}.headcount", team.headcount, begin, end)
        for days in team.absence.dates:
            if not isinstance(days, Yearly):
                shown = f"{days[0]}" if days[0] == days[1] else f"{days[0]}..{days[1]}"
                last = _at(days[1]) + dt.timedelta(days=1)
                where = f"teams.{name}.absence.dates"
                yield _Dated(where, f"{shown} ", _at(days[0]), last, False, *["it lies outside of"] * 2)
    yield from _closed(spec, begin, end)
    for name, source in spec.sources.items():
        for burst in source.bursts:
            when = burst.at if isinstance(burst.at, dt.date) else f"{burst.at.amount:g} {burst.at.unit}"
            at = _begins(burst, begin)
            over = at + max(_length(burst.over), dt.timedelta(microseconds=1))
            yield _Dated(
                f"sources.{name}.bursts", f"that of {when} ", at, over, True, "it comes after", "it comes before"
            )


def _closed(spec: ScenarioSpec, begin: dt.datetime, end: dt.datetime) -> Iterator[_Dated]:
    """Days off of calendars, where all of them lie outside: a list of several years is made for longer runs."""
    for name, calendar in spec.calendars.items():
        once = [days for days in calendar.closed if not isinstance(days, Yearly)]
        spans = [(_at(first), _at(last) + dt.timedelta(days=1)) for first, last in once]
        if once and all(until <= begin or since >= end for since, until in spans):
            what = "" if len(once) == len(calendar.closed) else "what is not of every year "
            of_all = (spans[0][0], spans[0][1])
            yield _Dated(f"calendars.{name}.closed", what, *of_all, False, *["all of it lies outside of"] * 2)


def _steps(path: str, headcount: Steps[float], begin: dt.datetime, end: dt.datetime) -> Iterator[_Dated]:
    """Steps by date, each to the next.

    A plan with several steps after the end is one that was made for a longer run; one alone is told. Steps before
    the start are the past of a plan that goes on; where it does not go on, `start` may be what was meant.
    """
    steps = [date for date, _ in headcount.steps if date is not None]
    late = [date for date in steps if _at(date) >= end]
    counts = dict(headcount.steps)
    past = None in counts and all(_at(date) < begin for date in steps)
    for date, following in zip_longest(steps, steps[1:]):
        if date in late and len(late) > 1:
            continue
        to = _at(following) if following is not None else None
        yield _Dated(
            f"{path}.{date}",
            "",
            _at(date),
            to,
            _at(date) > begin,
            "it begins after",
            f"the step of {following} takes its place before",
            f"its {counts[date]} hold from the first day and `start` does nothing" if past else "",
        )


def in_vain(periods: tuple[Period, ...]) -> Iterator[Warned]:
    """Warnings of phases that give a team people of another one, and no seats."""
    for name, team in periods[-1].spec.teams.items():
        every = [period.spec.teams.get(name) for period in periods]
        if any(one is not None and one.staffed_from is not None for one in every) and _never_opens(every):
            yield Warned(
                f"teams.{name}.staffed_from: does nothing as it is: no seat opens, as headcount is "
                f"{team.headcount.first} throughout and `attrition` is 0; let the phase raise `headcount`",
                "W-key-idle",
            )


def everyone_has_a_number(team: Team, key: str) -> bool:
    """Whether each seat that a team ever has is given its own number of skill or speed, and keeps its person."""
    return len(getattr(team, key).seats) >= team.most_posts and team.attrition == 0.0 and team.staffed_from is None


def _never_opens(every: list[Team | None]) -> bool:
    first = every[0]
    return first is not None and all(
        one is not None
        and not any(part.team.attrition for part in one.people_as(""))
        and len(one.headcount.steps) == 1
        and one.headcount == first.headcount
        for one in every
    )


def after(spec: ScenarioSpec, duration: Duration) -> dt.datetime | None:
    """The end of a time from the start on; None where it hangs on a calendar or lies beyond all dates."""
    if duration.business:
        return None
    try:
        return _at(spec.start) + dt.timedelta(microseconds=moment(spec.start, duration))
    except (OverflowError, ValueError):
        return None


def _at(date: dt.date) -> dt.datetime:
    return dt.datetime.combine(date, dt.time())


def _length(duration: Duration) -> dt.timedelta:
    return dt.timedelta(microseconds=duration.microseconds)


def _begins(burst: Burst, begin: dt.datetime) -> dt.datetime:
    return _at(burst.at) if isinstance(burst.at, dt.date) else begin + _length(burst.at)
