"""Reorganising inside a run: from a date on other tables hold, and leads and people change their places."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from funnelsim.engine.codes import CALENDAR, DELAY_OF_PHASE, HANDOFF, HELD, MEETING, TOUCH, WAIT, WORK
from funnelsim.model import records as rec
from funnelsim.model.numbers.distributions import lists_of
from funnelsim.model.numbers.draws import DELAY
from funnelsim.model.rules.absence import with_days_off
from funnelsim.model.rules.endowment import kind_of, named_anew
from funnelsim.model.tables.tables import Tables

from .world.items import Touch
from .world.state import Lead, Visit

if TYPE_CHECKING:
    from .customer import Customer
    from .run import Run


class Reorganisation:
    """The periods of a run, and what changes from one to the next.

    A period whose tables are those of the one before changes nothing, not even the order of events.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._number = 0
        self._tables: list[Tables] = []
        self._starts: list[int] = []
        self.seats: list[tuple[list[int], list[list[tuple[int, int]]]]] = []
        calendars = run.model.tables.calendars
        last = None
        for start, tables in run.model.periods:
            if tables is last:
                continue
            last = tables
            calendars, rows, spans = with_days_off(
                tables._replace(calendars=calendars), run.key, run.model.horizon
            )
            self._starts.append(start)
            self._tables.append(lists_of(tables))
            self.seats.append((rows, spans))
        self.calendars = lists_of(calendars)

    @property
    def first(self) -> Tables:
        """The tables of the first period."""
        return self._tables[0]

    def until(self, number: int) -> int:
        """When a period ends."""
        return self._starts[number + 1] if number + 1 < len(self._starts) else self._run.model.horizon

    def hazards(self, number: int) -> list[float]:
        """The attrition of each part of a team in the period before."""
        return list(self._tables[number - 1].parts.attrition)

    def start(self) -> None:
        """Plan the changes."""
        for number, when in enumerate(self._starts):
            if number > 0:
                self._run.clock.call(when, CALENDAR, 0, partial(self._switch_period, number))

    def _switch_period(self, number: int, _: object) -> None:
        """From now on the tables of another period hold."""
        run = self._run
        customers = run.tables.customers
        visits = sorted(run.ledger.open_visits, key=lambda visit: visit.lead.serial)
        before = [run.teams_of(visit.cell) for visit in visits]
        run.settle(self._tables[number])
        moved = self._rename(visits)
        for team in run.teams:
            team.settle_team()
        for prospects in run.prospects.values():
            prospects.settle()
        self._line_up_anew(moved)
        run.limits.settle_limits()
        run.staffing.reorganise_seats(number)
        for visit, teams in zip(visits, before, strict=True):
            if run.teams_of(visit.cell) != teams:
                self.reassign(visit, DELAY_OF_PHASE + number)
        run.customers.reorganise_customers(customers)

    def _rename(self, visits: list[Visit]) -> set[Lead | Customer]:
        """Give customers and leads in the line the names of the present period; returns who has others now."""
        run = self._run
        moved: set[Lead | Customer] = set()
        for customer in run.ledger.customers:
            customer.former = customer.kind
            if customer.ended < 0 and self._named(customer, self._names(customer)):
                moved.add(customer)
        for visit in visits:
            lead, parent = visit.lead, visit.lead.came_from
            if parent is not None and lead.origin == rec.EXPANSION and parent.ended < 0:
                names = (parent.segment, parent.territory)
            else:
                names = self._names(lead)
            if self._named(lead, names):
                moved.add(lead)
                visit.cell = visit.stage * run.kinds + lead.kind
        return moved

    def _names(self, of: Lead | Customer) -> tuple[int, int]:
        """The segment and territory that a lead or customer has by its own draws."""
        return named_anew(self._run.tables, *self._run.key, of.high, of.low, of.source, of.segment, of.territory)

    def _named(self, of: Lead | Customer, names: tuple[int, int]) -> bool:
        """Give a lead or customer a segment and territory; whether they are others than before."""
        if names == (of.segment, of.territory):
            return False
        of.segment, of.territory = names
        of.kind = kind_of(self._run.tables, *names, of.source, of.origin)
        return True

    def _line_up_anew(self, moved: set[Lead | Customer]) -> None:
        """Let those stand anew in their lines who need another partner, or whose names are others."""
        run = self._run
        for item in list(run.waiting):
            partner = item.partner_team
            if isinstance(item, Touch) and item.piece == TOUCH:
                partner = run.partner_of(item.visit)
            if item.lead in moved or partner != item.partner_team:
                run.stand_anew(item, partner, item.lead in moved)

    def reassign(self, visit: Visit, index: int) -> None:
        """A lead whose stage belongs to another team now changes hands, after the touch in hand.

        With what the stage's handoff keeps, and after its delay; give, take and dropout are those of the line.
        """
        run, lead = self._run, visit.lead
        teams = run.teams_of(visit.cell)
        if lead.owner is not None and lead.owner.team in teams:
            return  # the rep has changed team with the lead
        if visit.mode == WORK:
            visit.reassign = index
            return
        visit.reassign = 0
        item = visit.waits_as
        handing_over = visit.mode in (HANDOFF, HELD) or (item is not None and item.piece != TOUCH)
        if visit.first_touch < 0 and handing_over:
            if item is not None and item.piece == MEETING:
                self._meet_anew(item, teams)
            return  # on its way to a team anyway
        run.handover.disown(lead)
        S, cell = run.tables.stages, visit.cell
        if visit.first_touch >= 0 or lead.last_team >= 0:
            lead.context *= S.keeps[cell]
            visit.free_from = run.delay(S.delay[cell], visit, DELAY, index)
        if teams and visit.first_touch < 0:
            visit.team, visit.rep = teams[0], -1
        if visit.mode == WAIT and item is not None and item.waiting:
            self._call_off(item)

    def _meet_anew(self, item: Touch, teams: tuple[int, ...]) -> None:
        """A handoff meeting that waits is with the team that has the stage now, if with any."""
        if teams and teams[0] not in item.teams:
            self._run.stand_anew(item, teams[0])
        else:
            self._call_off(item)

    def _call_off(self, item: Touch) -> None:
        self._run.stop_waiting(item)
        self._run.handover.unassign(item)
        item.bell.succeed(CHANGED)


CHANGED = "changed hands"
"""What a waiting lead hears whose stage belongs to another team from now on."""
