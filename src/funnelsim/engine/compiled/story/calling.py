"""When a team chooses: once in each instant in which something changed that it may act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.model.calendars import closes_at, is_open, next_open

from ..machine.jit import jitted
from ..world.orders import CALLED, IDLE, order_count

if TYPE_CHECKING:
    from ..world.world import World


@jitted
def team_open(w: World, team: int) -> bool:
    """Whether a team works now."""
    teams = w.teams
    if w.now >= teams.known_until[team]:
        row = teams.calendar[team]
        if is_open(w.calendars, row, w.now):
            teams.open[team] = 1
            teams.known_until[team] = closes_at(w.calendars, row, w.now)
        else:
            teams.open[team] = 0
            teams.known_until[team] = next_open(w.calendars, row, w.now)
    return bool(teams.open[team] == 1)


@jitted
def touch(w: World, team: int) -> None:
    """Something has changed that a dispatch may act on; it runs once this instant, after all that happens now."""
    teams = w.teams
    if teams.wanted_any[team] == 1 and w.joint_touched == 0:
        w.joint_touched = 1
        w.dispatch_pending += 1
    if teams.touched[team] == 1:
        return
    something = teams.unowned[team] > 0 or order_count(w, team, CALLED) > 0 or teams.outbound[team] == 1
    if something and team_open(w, team):
        if order_count(w, team, IDLE) > 0 or teams.follower_count[team] > 0:
            teams.touched[team] = 1
            w.dispatch_pending += 1
