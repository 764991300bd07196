"""Leads that change hands because their rep goes: a leaver, or one who is away for long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .world.state import Lead, Rep

if TYPE_CHECKING:
    from .run import Run
    from .world.items import Item


class Handover:
    """Takes what is a rep's from that rep."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def hand_over_all(self, rep: Rep) -> None:
        """All leads of a rep are unowned at once: with what their stage's handoff keeps, no delay, no dropout."""
        for lead in sorted(rep.leads, key=lambda lead: lead.serial):
            self.disown(lead)
            if lead.visit is not None:
                lead.context *= self._run.tables.stages.keeps[lead.visit.cell]
        team = self._run.teams[rep.team]
        for item in sorted(rep.line.items(), key=lambda item: (item.serial, item.number)):
            team.dismiss(item, rep.line)
            self.unassign(item)
            item.rep = None
            team.accept(item)

    def move_leads(self, rep: Rep, moved: Rep) -> None:
        """A person has changed team: leads whose stage the new team works on stay theirs, others are unowned."""
        run = self._run
        team = run.teams[rep.team]
        for lead in sorted(rep.leads, key=lambda lead: lead.serial):
            visit = lead.visit
            if visit is None or moved.team not in run.teams_of(visit.cell):
                continue
            owned, item = lead.owned, visit.waits_as
            self.disown(lead)
            self.own(lead, moved)
            if not owned:
                self.suspend(lead)
            if item is not None and rep.line in item.lines:
                team.dismiss(item, rep.line)
                run.pass_on(item, (moved.team,))
                item.rep = moved
                run.teams[moved.team].accept(item)
            visit.team = moved.team if visit.rep < 0 else visit.team
            lead.last_team = moved.team if lead.last_team == rep.team else lead.last_team
        self.hand_over_all(rep)

    def disown(self, lead: Lead) -> None:
        """Nobody owns the lead any more."""
        self.suspend(lead)
        if lead.owner is not None:
            del lead.owner.leads[lead]
            lead.owner = None

    def suspend(self, lead: Lead) -> None:
        """The owner is remembered, but the lead counts no longer among the owner's."""
        if lead.owned and lead.owner is not None:
            lead.owned = False
            self._run.teams[lead.owner.team].shift_load(lead.owner, -1)

    def resume(self, lead: Lead) -> None:
        """The lead counts among its owner's again."""
        if not lead.owned and lead.owner is not None:
            lead.owned = True
            self._run.teams[lead.owner.team].shift_load(lead.owner, 1)

    def unassign(self, item: Item) -> None:
        """A rep to whom an item was pushed need not think of it any more."""
        if item.assigned and item.rep is not None:
            item.assigned = False
            self._run.teams[item.rep.team].shift_load(item.rep, -1)

    def own(self, lead: Lead, rep: Rep, counted: bool = False) -> None:
        """A rep owns the lead from now on; ``counted`` if it counts among the rep's already."""
        lead.owner, lead.owned = rep, True
        rep.leads[lead] = None
        if not counted:
            self._run.teams[rep.team].give(rep, 1)
