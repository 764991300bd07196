"""Keyed draws of a visit, and durations on the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.engine.codes import BUSINESS_DAYS
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.distributions import draw, next_meeting, round_us
from funnelsim.model.numbers.draws import LARGEST_COUNT, MEETING, uniform
from funnelsim.model.time.calendars import finish

from ..machine.jit import jitted
from .hours import open_time

if TYPE_CHECKING:
    from .world import World

(
    SETTING_UP,
    OPENING_CUSTOMERS,
    OPENING_DEALS,
    RUNNING,
    CLOSING,
    ARRANGING,
    FINISHED,
    TOO_MANY_VISITS,
    TOO_MANY_DUES,
    TOO_MANY_BORN,
) = range(10)
"""How far a run is, or what ended it early."""


@jitted
def visit_uniform(w: World, lead: int, purpose: int, index: int) -> float:
    """The uniform number of a visit for a purpose."""
    leads = w.leads
    word = w.tables.stages.word[leads.stage[lead]] | purpose
    return uniform(w.seed, w.replication, leads.high[lead], leads.low[lead], word, leads.visit[lead] - 1, index)


@jitted
def variate_of_visit(w: World, row: int, lead: int, purpose: int, index: int) -> float:
    """The keyed variate of a visit for a purpose, in the distribution's unit."""
    leads = w.leads
    word = w.tables.stages.word[leads.stage[lead]] | purpose
    return draw(
        w.tables.dists, row, w.seed, w.replication, leads.high[lead], leads.low[lead], word,
        leads.visit[lead] - 1, index,
    )  # fmt: skip


@jitted
def in_calendar(w: World, row: int, amount: float, calendar: int, start: int) -> int:
    """``amount`` in the unit of a row of distributions after ``start``, business days counted in a calendar."""
    if w.tables.dists.unit[row] != BUSINESS_DAYS:
        return int(start + round_us(amount))
    return finish(w.calendars, calendar, start, round_us(amount * w.calendars.day_hours[calendar]))


@jitted
def delay(w: World, row: int, lead: int, purpose: int, index: int) -> int:
    """When a drawn delay that begins now is over; ``row`` -1 is none."""
    if row < 0:
        return int(w.now)
    return ends(w, row, variate_of_visit(w, row, lead, purpose, index), lead, w.now)


@jitted
def ends(w: World, row: int, amount: float, lead: int, start: int) -> int:
    """When a delay is over, some time after it began: then, or at the next meeting."""
    leads, D = w.leads, w.tables.dists
    calendar = w.tables.stages.calendar[leads.cell[lead]]
    end = in_calendar(w, row, amount, calendar, start)
    if D.meets[row] > 0:
        phase = uniform(w.seed, w.replication, leads.high[lead], leads.low[lead], MEETING, 0, 0)
        end = next_meeting(end, D.meets[row], phase)
    return end


@jitted
def after(w: World, row: int, cell: int, start: int) -> int:
    """When a fixed duration from ``start`` is over; never for none."""
    if row < 0:
        return NEVER
    return in_calendar(w, row, w.tables.dists.a[row], w.tables.stages.calendar[cell], start)


@jitted
def effort(w: World, row: int, lead: int, purpose: int, index: int, team: int) -> float:
    """Drawn effort in microseconds, before anything that depends on the rep; 0 where a phase has taken it away."""
    if row < 0:
        return 0.0
    drawn = variate_of_visit(w, row, lead, purpose, index)
    if w.tables.dists.unit[row] == BUSINESS_DAYS:
        drawn = drawn * w.calendars.day_hours[w.teams.calendar[team]]
    return max(drawn, 0.0)


@jitted
def response_time(w: World, lead: int, team: int) -> int:
    """Open time of a team from a lead's creation until now."""
    return team_hours(w, team, w.leads.created[lead], w.now)


@jitted
def team_hours(w: World, team: int, start: int, end: int) -> int:
    """A team's open time between two moments, by the calendars that held."""
    total = 0
    for period in range(w.period + 1):
        since, until = part_of_period(w, period, start, end)
        row = w.books.calendars[period * w.teams.count + team]
        total += open_time(w, row, row, since, until)
    return total


@jitted
def part_of_period(w: World, period: int, start: int, end: int) -> tuple[int, int]:
    """The part of a span of time that lies in a period up to the present one; what was before is in the first."""
    since, until = start, end
    if period > 0:
        since = max(start, w.period_start[period])
    if period < w.period:
        until = min(end, w.period_start[period + 1])
    return since, until


@jitted
def check_counter(w: World, count: int) -> None:
    """Refuse counts beyond which draws would repeat."""
    if count > LARGEST_COUNT:
        w.status = TOO_MANY_VISITS
