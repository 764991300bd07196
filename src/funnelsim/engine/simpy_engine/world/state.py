"""Who and what there is in a run: reps, leads, visits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelsim.engine.codes import HANDOFF, HELD, WAIT
from funnelsim.model.numbers.columns import NEVER, WHOLE
from funnelsim.model.records import READY
from funnelsim.model.rules import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from simpy import Process

    from funnelsim.model.tables.tables import SwitchTable

    from ..customer import Customer
    from .items import Touch
    from .lines import Line


class Rep:
    """A person in a seat."""

    __slots__ = (
        "away_until", "busy", "calendar", "called", "current", "customers", "end", "filler", "given", "high",
        "hired_for", "idle", "leads", "leaving", "line", "load", "lot", "low", "new_calendar",
        "new_quarters", "occupant", "on_contact", "open", "part", "place", "present_from", "quarters", "released",
        "resigns_at", "row", "seat", "since", "skill", "spare_from", "speed", "staffed", "start", "team",
        "tenure_from", "territory",
    )  # fmt: skip

    def __init__(self, row: int, team: int, seat: int, occupant: int, entity: tuple[int, int], start: int) -> None:
        self.row = row
        self.team = team
        self.part = -1  # of the team
        self.seat = seat
        self.occupant = occupant
        self.high, self.low = entity
        self.start = start
        self.end = -1
        self.tenure_from = start
        self.hired_for = -1  # the first seat, in the table of seats
        self.territory = -1
        self.skill = 0.0
        self.speed = 1.0
        self.calendar = 0
        self.new_calendar = -1  # that of another period, kept once the touch in hand is done
        self.quarters = WHOLE  # of a post
        self.new_quarters = -1  # from when the touch in hand is done
        self.open = 0  # open time in the seat up to present_from, as that of a whole post
        self.present_from = start
        self.idle = False
        self.called = False  # idle, with items of their own waiting
        self.on_contact = False  # what the rep is at is an outbound contact
        self.staffed = False  # may be pushed leads on arrival
        self.away_until = -1
        self.released = False  # away for so long that others have the leads
        self.resigns_at = -1
        self.leaving: Callable[[], None] | None = None  # what is to happen after the touch in hand
        self.leads: dict[Lead, None] = {}  # owned, also where not counted
        self.customers: dict[Customer, None] = {}
        self.given = 0  # how often something was given to the rep
        self.since = start  # when something last was, or a touch ended
        self.lot = 0.0  # by which the rep stands among equals
        self.load = 0  # leads owned or assigned, waiting for the buyer included
        self.busy = 0
        self.filler = 0
        self.place: tuple[Any, ...] = ()
        self.current: tuple[int, tuple[int, int]] | None = None  # since when at work, and in whose hours
        self.spare_from = 0  # when all that was taken up would be done one after another, if people are as needed
        self.line: Line


class Lead:
    """The item that flows."""

    __slots__ = (
        "been", "booked", "burst", "came_from", "context", "created", "customer", "discount", "discounted",
        "ended", "faces", "factors", "first_touch", "health_loss", "high", "inside", "joined", "joined_keeps",
        "journey", "kind", "last_rep", "last_team", "lifted", "low", "number", "onboarding", "opening", "origin",
        "outcome", "owned", "owner", "parent", "promised", "quality", "readiness", "ready_after",
        "response_open", "score", "seen_as", "segment", "serial", "source", "territory", "value", "visit",
        "visits", "waited",
    )  # fmt: skip

    def __init__(self, serial: int, high: int, low: int, source: int, number: int, created: int) -> None:
        self.serial = serial
        self.high = high
        self.low = low
        self.source = source
        self.number = number
        self.created = created
        self.burst = 0
        self.origin = 0
        self.parent = -1
        self.opening = 0
        self.segment = 0
        self.territory = -1
        self.kind = 0
        self.value = 0
        self.quality = 0.0
        self.score = 0.0
        self.seen_as = 0.0  # E[q | s], the quality that teams believe in
        self.readiness = READY
        self.ready_after = 0  # time in nurturing stages still needed
        self.context = 1.0
        self.factors = 0.0  # log of the lifts collected
        self.lifted: set[int] = set()
        self.visits: dict[int, int] = {}
        self.visit: Visit | None = None  # the one it is on
        self.journey: Process | None = None  # its process, until it leaves the line
        self.owner: Rep | None = None
        self.owned = False  # whether the owner's load counts it now
        self.joined: Rep | None = None  # the partner of the last joint touch
        self.joined_keeps = -1.0  # context kept if that partner takes over; -1: as the handoff says
        self.last_team = -1
        self.last_rep: Rep | None = None
        self.inside: set[int] = set()  # limits whose stretch it is in
        self.been: set[int] = set()  # limits whose stretch it was ever in
        self.faces: set[int] = set()
        self.waited = 0  # for the seller, in the visits before this one
        self.first_touch = -1
        self.response_open = -1
        self.ended = -1
        self.outcome = -1
        self.booked = 0
        self.discount = 0.0  # share of the value
        self.discounted = False
        self.promised = False  # more than can be delivered
        self.onboarding = 1.0  # factor on effort after booking
        self.health_loss = 0.0
        self.customer: Customer | None = None  # what the deal made, or grew
        self.came_from: Customer | None = None  # who gave rise to it


class Visit:
    """A lead's visit to a stage, and how its time is spent."""

    __slots__ = (
        "already", "busy", "cell", "due", "entered", "first_touch", "free_from", "give_busy", "give_wait", "giver",
        "in_hand", "lead", "mode", "move_on", "number", "paused", "reassign", "rep", "since", "sooner", "stage",
        "take", "team", "times", "touch", "touches", "until", "wait_open", "waits_as", "work",
    )  # fmt: skip

    def __init__(self, lead: Lead, stage: int, cell: int, number: int, now: int) -> None:
        self.lead = lead
        self.stage = stage
        self.cell = cell
        self.number = number
        self.entered = now
        self.since = now
        self.mode = HANDOFF
        self.times = [0, 0, 0, 0, 0]
        self.already = 0  # seller-side waiting before the start
        self.busy = 0
        self.paused = 0
        self.work = 0
        self.wait_open = 0
        self.giver = -1  # the team before, if it has work in the handoff
        self.give_wait = 0
        self.give_busy = 0
        self.first_touch = -1
        self.team = -1
        self.rep = -1
        self.touch = 0
        self.touches = 0
        self.waits_as: Touch | None = None
        self.in_hand: Touch | None = None  # what a rep last took up
        self.take = False  # the first touch includes taking over
        self.reassign = 0  # index of the handoff that a phase makes after the touch in hand
        self.free_from = 0  # when the team of a new phase may take it
        self.until = NEVER  # when its timeout strikes
        self.move_on = NEVER  # when it leaves a nurturing stage
        self.due = NEVER  # by when it is to be served
        self.sooner = 0  # by how much, at most, a concession makes the buyer decide sooner

    def turn(self, mode: int, now: int) -> None:
        """Spend time on something else from now on."""
        self.times[self.mode] += now - self.since
        self.mode = mode
        self.since = now

    def waited(self, now: int) -> int:
        """All seller-side waiting so far: held, handoff, and for reps."""
        current = now - self.since if self.mode in (WAIT, HANDOFF, HELD) else 0
        return self.already + self.times[WAIT] + self.times[HANDOFF] + self.times[HELD] + current

    def cooled(self, now: int, switches: SwitchTable) -> int:
        """The seller-side waiting of a visit by which the chance to advance decays."""
        handed = self.times[HANDOFF] + (now - self.since if self.mode == HANDOFF else 0)
        waiting = self.waited(now) - handed
        return rules.time_that_decays(waiting, handed, switches.waiting_counts, switches.handing_counts)
