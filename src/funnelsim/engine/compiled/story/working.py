"""How long a piece of work takes a rep, and in which hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.model.numbers.distributions import round_us
from funnelsim.model.rules import people, ramp

from ..machine.jit import jitted
from ..world.hours import done_at, open_time

if TYPE_CHECKING:
    from ..world.world import World


@jitted
def hours_at_work(w: World, rep: int) -> int:
    """The calendar by which work that a rep begins now goes on: the rep's, or one that never closes."""
    row = w.tables.teams.at_work[w.reps.team[rep]]
    return int(w.reps.calendar[rep] if row < 0 else row)


@jitted
def begin_work(w: World, rep: int, a: int, b: int) -> None:
    """A rep is at work from now on, in the common hours of two calendars."""
    w.reps.current[rep] = w.now
    w.reps.hours_a[rep] = a
    w.reps.hours_b[rep] = b


@jitted
def time_of_work(w: World, rep: int, a: int, b: int, effort: float, least: int) -> tuple[int, int, int]:
    """When work that a rep begins now is done, the open time it takes, and the rep's effort.

    It goes on in the common hours of calendars ``a`` and ``b``. ``effort`` is that of full productivity; ``least``
    the least open time that it takes.
    """
    D, reps, part = w.tables.parts, w.reps, w.reps.part[rep]
    share = people.share_for_leads(w.teams.share[reps.team[rep]], reps.quarters[rep])
    if w.now - reps.tenure_from[rep] >= ramp.settled_from(D, part):
        work = round_us(effort / ramp.settled(D, part))
        busy = max(round_us(work / share), least)
        return done_at(w, a, b, w.now, busy), busy, work
    whole = max(round_us(effort) / share, float(least))
    end = ramp.finish_ramped(w.calendars, a, b, w.now, whole, D, part, reps.tenure_from[rep])
    busy = open_time(w, a, b, w.now, end)
    return end, busy, round_us(busy * share)


@jitted
def skill_at_stage(w: World, rep: int, stage: int) -> float:
    """The skill of a rep in a stage."""
    D, usual, reps = w.tables.parts, w.periods[0].parts, w.reps
    hired_for = w.tables.seats.part[reps.hired_for[rep]]
    return reps.skill[rep] + people.skill_at(D, usual, w.stages, hired_for, reps.part[rep], stage)


@jitted
def speed_at_stage(w: World, rep: int, stage: int) -> float:
    """The speed of a rep in a stage."""
    D, usual, reps = w.tables.parts, w.periods[0].parts, w.reps
    hired_for = w.tables.seats.part[reps.hired_for[rep]]
    return reps.speed[rep] * people.speed_at(D, usual, w.stages, hired_for, reps.part[rep], stage)
