"""A customer that churns in onboarding: its lead leaves the line, wherever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.model import records as rec

from ..machine.jit import jitted
from ..world.ledger import count_work_so_far, turn
from ..world.world import HANDOFF, HELD, WAIT, WORK
from . import limits
from .desk import free_item, stop_waiting
from .journey import travel
from .teams import unassign

if TYPE_CHECKING:
    from ..world.world import World


@jitted
def part(w: World, lead: int) -> None:
    """The visit ends now; who has the lead in hand finishes, without effect on it."""
    leads = w.leads
    mode = leads.mode[lead]
    if mode == HELD:
        limits.withdraw(w, lead)
    elif mode == WAIT:
        item = leads.item[lead]
        stop_waiting(w, item)
        unassign(w, item)
        free_item(w, item)
    elif mode == WORK:
        count_work_so_far(w, lead, w.now)
        turn(w, lead, HANDOFF)
    travel(w, lead, rec.CHURNED_IN_LINE)
    leads.serial[lead] = -1  # what was to wake it, and the touch in hand, find nobody
