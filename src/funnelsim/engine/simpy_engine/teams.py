"""Teams at work: who waits for them, and who takes what next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelsim.engine.codes import CALENDAR, CONTACT_SERIALS, WORK_ENDS
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.draws import tie_of
from funnelsim.model.tables.tables import RANDOM
from funnelsim.model.time.calendars import closes_at, is_open, next_open

from .choice import Choice
from .outbound import Outbound
from .own.hooked import OWN_ROUTING, OwnOrder
from .turns import Turns
from .world.items import Item
from .world.lines import Line, Order, place_of
from .world.state import Lead, Rep

if TYPE_CHECKING:
    from collections.abc import Generator

    from .customer import Customer
    from .run import Run


class Team:
    """A pool of reps, the line of unowned items before it, and its choices so far.

    Unowned items stand in one line for each territory that some rep serves alone, and one for all others, so
    that a rep only looks at lines whose items the rep may take.
    """

    def __init__(self, run: Run, index: int) -> None:
        self.run = run
        self.index = index
        self.own_queue = run.hooks.queue_rule(index)
        self.own_routing = run.hooks.routing_rule(index)
        self._read()
        self.choice = Choice(self)
        self.turns = Turns(self)
        self.idle = self._order()
        self.called = self._order()  # idle reps with items of their own waiting
        self.staff = self._order()  # all reps, kept where leads are assigned on arrival
        self.lines: dict[int, Line] = {-1: self._line()}
        self.unowned = 0
        self.uncounted = 0  # of the unowned, those that no WIP limit concerns
        self.joint = 0  # waiting items that need a partner
        self.wanted_by: set[int] = set()  # teams whose joint items want a partner from here
        self.touched = False

    def _read(self) -> None:
        """Read the settings that hold now."""
        run, T, index = self.run, self.run.tables.teams, self.index
        self.calendar = T.calendar[index]
        self._open, self._known_until = False, -1  # whether open, and until when that is known
        self.share = T.share[index]
        self.limit = T.wip_limit[index]
        self.routing = T.routing[index] if self.own_routing is None else OWN_ROUTING
        self.on_arrival = bool(T.on_arrival[index])
        self.rules = T.rule[T.rule_offset[index] : T.rule_offset[index + 1]]
        self.upto = T.rule_upto[T.rule_offset[index] : T.rule_offset[index + 1]]
        if self.own_queue is not None:
            self.rules, self.upto = [RANDOM], [1.0]  # keeps all who wait, in no order of its own
        self.joint_first = bool(T.joint_first[index])
        self._classes = (T.first[index], T.last[index], T.ignore[index], T.joint_first[index])
        first, last = T.seat_offset[index], T.seat_offset[index + 1]
        self.first_seat = first
        self._territories = run.tables.seats.territory[first:last]
        self._entity = T.entity[index]
        worked = [source for source, team in enumerate(run.tables.outbound.team) if team == index]
        self.outbound = Outbound(run, self, worked) if worked else None

    def _settings(self) -> tuple[Any, ...]:
        return (
            self.calendar, self.limit, self.routing, self.on_arrival, self.rules, self.upto, self._classes,
            self._territories,
        )  # fmt: skip

    def settle_team(self) -> None:
        """Work by the settings of another period: those who wait line up anew, reps are placed anew."""
        before, calendar = self._settings(), self.calendar
        self._read()
        if self.calendar != calendar:
            self.run.ledger.keep_hours(self.run.clock.now, self.index, self.calendar)
            self.run.clock.process(self.openings())
        here = [rep for rep in self.run.ledger.reps if rep.team == self.index and rep.end < 0]
        if self._settings() == before:
            for line in (*self.lines.values(), *(rep.line for rep in here)):
                line.renew()
            return
        waiting = [
            item
            for item in self.run.waiting
            if self.index in item.teams and (item.rep is None or item.rep.team == self.index)
        ]
        for item in waiting:
            for line in [line for line in item.lines if line.team == self.index]:
                self.dismiss(item, line)
            if item.assigned:
                self.run.handover.unassign(item)
                item.rep = None
        self.idle, self.called, self.staff = self._order(), self._order(), self._order()
        self.lines = {-1: self._line()}
        for rep in here:
            idle, rep.idle, rep.called, rep.staffed = rep.idle, False, False, False
            rep.line = self._line(rep)
            rep.territory = self._territories[rep.seat]
            if rep.territory >= 0:
                self.lines.setdefault(rep.territory, self._line())
            rep.place = place_of(rep, self.routing)
            away = rep.away_until > self.run.clock.now
            if self.on_arrival and (not away or self.run.tables.teams.absence_routed[self.index]):
                rep.staffed = True
                self.staff.add(rep)
            if idle:
                rep.idle = True
                self.idle.add(rep)
        for item in waiting:
            self.accept(item)
        self.touch()

    def _line(self, rep: Rep | None = None) -> Line:
        return Line(self.run, self.index, self.rules, rep)

    def _order(self) -> Order:
        return Order() if self.own_routing is None else OwnOrder(self.own_routing)

    # --- people ---

    def join(self, rep: Rep) -> None:
        """A rep takes a seat."""
        rep.lot = tie_of(*self.run.key, rep.high, rep.low, rep.given)
        rep.line = self._line(rep)
        if rep.territory >= 0 and rep.territory not in self.lines:
            self.lines[rep.territory] = self._line()
            for item in self.lines[-1].items():
                if item.lead.territory == rep.territory:
                    self._move(item)
        rep.place = place_of(rep, self.routing)
        self.return_to_team(rep)

    def _move(self, item: Item) -> None:
        """Let an unowned item wait in the line of its territory."""
        order = self.run.desk.order(self.index, item)
        self.lines[-1].leave(item)
        if order is not None:
            self._line_of(item).add(item, order)

    def part(self, rep: Rep) -> None:
        """A rep leaves the seat."""
        self.away(rep)
        if rep.staffed:
            rep.staffed = False
            self.staff.remove(rep)

    def away(self, rep: Rep) -> None:
        """A rep takes nothing for a while."""
        if rep.idle:
            self.occupy(rep)
        if rep.staffed and not self.run.tables.teams.absence_routed[self.index]:
            rep.staffed = False
            self.staff.remove(rep)

    def return_to_team(self, rep: Rep) -> None:
        """A rep is there again."""
        rep.away_until, rep.released = -1, False
        if self.on_arrival and not rep.staffed:
            rep.staffed = True
            self.staff.add(rep)
        if rep.current is None and not rep.idle:
            self.free_rep(rep)

    def shift_load(self, rep: Rep, load: int) -> None:
        """Change a rep's load, and so the place among others."""
        rep.load += load
        place = place_of(rep, self.routing)
        if place != rep.place:
            stands = ((self.idle, rep.idle), (self.called, rep.called), (self.staff, rep.staffed))
            orders = [order for order, there in stands if there]
            for order in orders:
                order.remove(rep)
            rep.place = place
            for order in orders:
                order.add(rep)
        if load < 0 and rep.idle:
            self.touch()

    def give(self, rep: Rep, load: int) -> None:
        """Something is a rep's from now on, and counts for so much."""
        rep.given += 1
        rep.since = self.run.clock.now
        rep.lot = tie_of(*self.run.key, rep.high, rep.low, rep.given)
        self.shift_load(rep, load)

    def take_up(self, rep: Rep, hours: tuple[int, int]) -> None:
        """A rep begins a piece of work, and does nothing else meanwhile unless people are as many as needed."""
        if not self.run.tables.switches.boundless:
            self.occupy(rep)
            rep.current = (self.run.clock.now, hours)

    def charge(self, rep: Rep, hours: tuple[int, int], busy: int) -> None:
        """Where people are as many as needed, time for contacts is what the work would leave one after another."""
        run, now = self.run, self.run.clock.now
        if self.outbound is not None and rep.spare_from < run.model.horizon:
            rep.spare_from = run.hours.finish(hours, max(rep.spare_from, now), busy)
            serial = CONTACT_SERIALS + (rep.team << 20) + rep.seat
            run.clock.call(rep.spare_from, WORK_ENDS, serial, lambda _: self.touch())

    def done_with(self, rep: Rep) -> None:
        """A rep is done with a piece of work."""
        if self.run.tables.switches.boundless:
            rep.since = self.run.clock.now
            self.shift_load(rep, 0)
            self.touch()
        else:
            self.finish(rep)

    def finish(self, rep: Rep) -> None:
        """A rep has no work in hand any more."""
        rep.current = None
        rep.since = self.run.clock.now
        self.shift_load(rep, 0)
        self.free_rep(rep)

    def occupy(self, rep: Rep) -> None:
        """A rep starts to work, or goes away."""
        self.idle.remove(rep)
        if rep.called:
            self.called.remove(rep)
        rep.idle = rep.called = False

    def free_rep(self, rep: Rep) -> None:
        """A rep is free again, or goes now if that was to be."""
        self.run.staffing.keep_hours(rep)
        if rep.leaving is not None:
            rep.leaving()
            return
        if rep.away_until > self.run.clock.now:
            return
        if rep.idle:  # all the time, where people are as many as needed
            self.touch()
            return
        rep.idle = True
        self.idle.add(rep)
        if rep.line.count > 0:
            rep.called = True
            self.called.add(rep)
        self.touch()

    # --- waiting ---

    def accept(self, item: Item) -> None:
        """An item begins to wait for this team."""
        order = self.run.desk.order(self.index, item)
        if order is None:
            return  # its class is left lying
        if item.rep is None and self.on_arrival and item.teams[0] == self.index:
            self._assign(item)
        if item.rep is None:
            self._line_of(item).add(item, order)
            self.unowned += 1
            self.uncounted += not item.counts
        else:
            item.rep.line.add(item, order)
            if item.rep.idle and not item.rep.called:
                item.rep.called = True
                self.called.add(item.rep)
        if item.partner_team >= 0:
            self.joint += 1
            self.run.teams[item.partner_team].wanted_by.add(self.index)
        self.touch()

    def _assign(self, item: Item) -> None:
        """Let an item wait for one rep from now on; only the team named first does so, or no other could."""
        item.rep = self._routed(item)
        if item.rep is None:
            return
        for line in list(item.lines):
            self.run.teams[line.team].dismiss(item, line)
        item.assigned = item.counts
        self.give(item.rep, int(item.counts))

    def _line_of(self, item: Item) -> Line:
        return self.lines.get(item.lead.territory, self.lines[-1])

    def dismiss(self, item: Item, line: Line) -> None:
        """An item stops waiting in one of this team's lines."""
        line.leave(item)
        if item.partner_team >= 0:
            self.joint -= 1
        rep = line.rep
        if rep is None:
            self.unowned -= 1
            self.uncounted -= not item.counts
        elif rep.called and line.count == 0:
            rep.called = False
            self.called.remove(rep)

    def _routed(self, item: Item) -> Rep | None:
        """The rep an item is pushed to on arrival, idle or not, among those with room who serve it."""

        def may(rep: Rep) -> bool:
            return not rep.released and self.serves(rep, item)

        if self.own_routing is not None:
            return self.own_routing.first(self.staff.all(may), item)
        rep = self.turns.next(self.staff, may)
        if rep is not None:
            self.turns.take_turn(rep, self.staff, may)
        return rep

    def serves(self, rep: Rep, item: Item) -> bool:
        """Whether a rep has room for an unowned item, and serves its territory."""
        return (not item.counts or rep.load < self.limit) and rep.territory in (-1, item.lead.territory)

    # --- choosing ---

    def touch(self) -> None:
        """Something has changed that a dispatch may act on; it runs once this instant."""
        if not self.touched or self.wanted_by:
            self.run.desk.touch(self)

    def has_something_to_do(self) -> bool:
        """Whether a dispatch could find anything."""
        return self.unowned > 0 or len(self.called) > 0 or self.outbound is not None

    def is_open(self) -> bool:
        """Whether the team works now."""
        now = self.run.clock.now
        if now >= self._known_until:
            self._open = is_open(self.run.calendars, self.calendar, now)
            turn = closes_at if self._open else next_open
            self._known_until = turn(self.run.calendars, self.calendar, now)
        return self._open

    def next_rep(self, tried: set[Rep]) -> Rep | None:
        """The next rep to choose at a dispatch."""
        among = self.idle if self.unowned > 0 else self.called
        return self.turns.next(among, lambda rep: rep not in tried) if len(among) > 0 else None

    def lines_for(self, rep: Rep) -> list[Line]:
        """The lines a rep may take from: the rep's own, and with room those of the team the rep serves."""
        lines = [rep.line] if rep.line.count > 0 else []
        if (self.unowned if rep.load < self.limit else self.uncounted) > 0:
            for territory, line in self.lines.items():
                if line.count > 0 and rep.territory in (-1, territory):
                    lines.append(line)
        return lines

    def could_join(self, lead: Lead | Customer) -> bool:
        """Whether some rep is free to join another team's rep on a lead."""
        if not self.is_open():
            return False
        return self._joined_before(lead) is not None or self.idle.first(lambda rep: _joins(rep, lead)) is not None

    def next_partner(self, lead: Lead | Customer) -> Rep | None:
        """The idle rep who joins another team's rep on a lead: the one who did before, if free."""
        return self._joined_before(lead) or self.turns.next(self.idle, lambda rep: _joins(rep, lead))

    def _joined_before(self, lead: Lead | Customer) -> Rep | None:
        before = lead.joined
        return before if before is not None and before.team == self.index and before.idle else None

    def could_take(self, item: Item) -> bool:
        """Whether an idle rep of this team may take an unowned item now."""
        return self.is_open() and self.idle.first(lambda rep: self.serves(rep, item)) is not None

    def uniform(self, purpose: int, number: int) -> float:
        """A draw for this team's choice of that number; only these depend on the course of the run."""
        return self.run.luck.uniform(self._entity, number, purpose)

    # --- calendar ---

    def openings(self) -> Generator[Any, Any, None]:
        """Process: at each opening the team chooses among all that then waits."""
        clock, calendar = self.run.clock, self.calendar
        while True:
            opening = self._next_opening(clock.now)
            yield clock.sleep(opening, CALENDAR, 1 + self.index)
            if self.calendar != calendar:
                return  # another period has other hours
            self.touch()

    def _next_opening(self, now: int) -> int:
        """The first opening after now; NEVER for a calendar that does not close again."""
        closing = closes_at(self.run.calendars, self.calendar, now) if self.is_open() else now
        return NEVER if closing >= NEVER else next_open(self.run.calendars, self.calendar, closing)


def _joins(rep: Rep, lead: Lead | Customer) -> bool:
    """Whether a rep serves the territory of a lead."""
    return rep.territory in (-1, lead.territory)
