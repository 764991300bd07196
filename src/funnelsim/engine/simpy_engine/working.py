"""How long a piece of work takes a rep, and in which hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.model.numbers.distributions import round_us
from funnelsim.model.rules import people, ramp

from .world.state import Rep

if TYPE_CHECKING:
    from .run import Run


def hours_at_work(run: Run, rep: Rep) -> int:
    """The calendar by which work that a rep begins now goes on: the rep's, or one that never closes."""
    row: int = run.tables.teams.at_work[rep.team]
    return rep.calendar if row < 0 else row


def time_of_work(
    run: Run, rep: Rep, hours: tuple[int, int], effort: float, least: int = 0
) -> tuple[int, int, int]:
    """When work that a rep begins now is done, the open time it takes, and the rep's effort.

    ``effort`` is that of full productivity; ``least`` the least open time that it takes.
    """
    D, part, now = run.tables.parts, rep.part, run.clock.now
    share = people.share_for_leads(run.teams[rep.team].share, rep.quarters)
    if now - rep.tenure_from >= ramp.settled_from(D, part):
        work = round_us(effort / ramp.settled(D, part))
        busy = max(round_us(work / share), least)
        return run.hours.finish(hours, now, busy), busy, work
    whole = max(round_us(effort) / share, float(least))
    end = ramp.finish_ramped(run.calendars, *hours, now, whole, D, part, rep.tenure_from)
    busy = run.hours.open(hours, now, end)
    return end, busy, round_us(busy * share)


def skill_at_stage(run: Run, rep: Rep, stage: int) -> float:
    """The skill of a rep in a stage."""
    T, usual, hired_for = run.tables, run.reorganisation.first, run.tables.seats.part[rep.hired_for]
    return rep.skill + people.skill_at(T.parts, usual.parts, len(T.stages.word), hired_for, rep.part, stage)


def speed_at_stage(run: Run, rep: Rep, stage: int) -> float:
    """The speed of a rep in a stage."""
    T, usual, hired_for = run.tables, run.reorganisation.first, run.tables.seats.part[rep.hired_for]
    return rep.speed * people.speed_at(T.parts, usual.parts, len(T.stages.word), hired_for, rep.part, stage)
