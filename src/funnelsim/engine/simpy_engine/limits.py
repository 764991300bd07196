"""Limits on the leads in a stretch of stages, and nurturing."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Literal

import simpy

from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.records import LATER, READY

from .world.state import Lead, Visit

if TYPE_CHECKING:
    from .run import Run


Held = tuple[Lead, tuple[int, ...], simpy.Event]
"""A lead before a limit, the stretches it needs a place in, and the event of its admission."""


def _asked(held: Held) -> int:
    """Since when a lead is held."""
    visit = held[0].visit
    return 0 if visit is None else visit.since


class Limits:
    """Who is in which stretch, and who waits before it in order of asking."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._read_limits()

    def _read_limits(self) -> None:
        """Read the limits that hold now; nobody is inside yet."""
        L, S = self._run.tables.limits, self._run.tables.stages
        self._of_stage = [
            tuple(S.limit_list[S.limit_offset[stage] : S.limit_offset[stage + 1]]) for stage in range(len(S.word))
        ]
        self._room = list(L.wip)
        self._wip = (list(L.wip), list(L.turn_away), self._of_stage)
        self._turns_away = L.turn_away
        self._held: list[deque[Held]] = [deque() for _ in L.wip]

    def settle_limits(self) -> None:
        """Work by the limits of another period: who is in a stretch is inside, who was held asks again."""
        before, room, lines = self._wip, self._room, self._held
        self._read_limits()
        if self._wip == before:
            self._room, self._held = room, lines
            return
        waiting = sorted(dict.fromkeys(one for line in lines for one in line), key=_asked)
        held = {lead for lead, _, _ in waiting}
        for visit in self._run.ledger.open_visits:
            visit.lead.inside.clear()
            visit.lead.been.clear()
            if visit.lead not in held:
                self._admit(visit.lead, self._of_stage[visit.stage])
        for lead, _, admission in waiting:
            stage = lead.visit.stage if lead.visit is not None else -1
            needed = self._of_stage[stage]
            if all(self._room[limit] > 0 for limit in needed):
                self._admit(lead, needed)
                admission.succeed()
            else:
                for limit in needed:
                    self._held[limit].append((lead, needed, admission))

    def ask(self, lead: Lead, stage: int) -> Literal[True] | simpy.Event | None:
        """Ask for a place in every stretch that holds the stage.

        True if the lead enters now, None if it is turned away, else the event of its admission. A lead that
        comes back into a stretch enters even above the limit, or loops would lock.
        """
        if not self._of_stage[stage]:
            return True
        needed = tuple(limit for limit in self._of_stage[stage] if limit not in lead.inside)
        new = tuple(limit for limit in needed if limit not in lead.been)
        full = [limit for limit in new if self._room[limit] <= 0]
        if not full:
            self._admit(lead, needed)
            return True
        if any(self._turns_away[limit] for limit in full):
            return None
        admission = self._run.clock.event()
        for limit in new:
            self._held[limit].append((lead, needed, admission))
        return admission

    def withdraw(self, lead: Lead) -> None:
        """A held lead leaves the line, and waits for no place any more."""
        for held in self._held:
            for one in [one for one in held if one[0] is lead]:
                held.remove(one)

    def let_in(self, lead: Lead, stage: int) -> None:
        """A lead that is in the line at the start takes its places, also above the limit."""
        self._admit(lead, tuple(limit for limit in self._of_stage[stage] if limit not in lead.inside))

    def _admit(self, lead: Lead, limits: tuple[int, ...]) -> None:
        for limit in limits:
            self._room[limit] -= 1
            lead.inside.add(limit)
            lead.been.add(limit)

    def leave(self, lead: Lead, stage: int) -> None:
        """Free the places of the stretches that a lead leaves by entering ``stage`` (-1: by leaving)."""
        if not lead.inside:
            return
        stays = self._of_stage[stage] if stage >= 0 else ()
        for limit in sorted(lead.inside.difference(stays)):
            lead.inside.discard(limit)
            self._room[limit] += 1
            self._fill(limit)

    def _fill(self, limit: int) -> None:
        """Admit the first held leads that fit all their limits."""
        held = self._held[limit]
        at = 0
        while self._room[limit] > 0 and at < len(held):
            held_lead = held[at]
            lead, needed, admission = held_lead
            if any(self._room[other] <= 0 and other not in lead.been for other in needed):
                at += 1
                continue
            for other in needed:
                if other == limit:
                    del held[at]
                elif other not in lead.been:
                    self._held[other].remove(held_lead)
            self._admit(lead, needed)
            admission.succeed()


class Nursery:
    """Readiness clocks: they run while a lead that will be ready later is in a nurturing stage."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def enter(self, visit: Visit) -> int:
        """When the lead moves on from the stage by itself; NEVER if it does not."""
        notice = self._run.tables.stages.notice[visit.stage]
        lead = visit.lead
        if notice < 0 or lead.readiness not in (READY, LATER):
            return NEVER
        return visit.entered + (lead.ready_after if lead.readiness == LATER else 0) + notice

    def leave(self, visit: Visit) -> None:
        """Count the time in the stage towards readiness."""
        lead = visit.lead
        if self._run.tables.stages.notice[visit.stage] < 0 or lead.readiness != LATER:
            return
        lead.ready_after -= self._run.clock.now - visit.entered
        if lead.ready_after <= 0:
            lead.readiness = READY
