"""A customer, and what falls due for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from funnelsim.engine.codes import ARRIVAL, CONTRACTS, CUSTOMER_SERIALS, EXPIRY
from funnelsim.model.numbers.columns import NEVER

if TYPE_CHECKING:
    from .tasks import Task
    from .world.state import Lead, Rep


def class_of_due(what: int) -> int:
    """The class of a due event at its instant."""
    return ARRIVAL if what <= CONTRACTS else EXPIRY


class Customer:
    """A won lead, or a customer of the start.

    Lines and selectors see a customer as they see a lead: it has the same names, a value and a score.
    """

    __slots__ = (
        "armed", "base", "care", "care_late", "care_missed", "care_on_time", "complaints", "complaints_badly",
        "complaints_well", "counts", "discounted", "dues", "early", "early_until", "ended", "exposure",
        "faces", "first_arr", "former", "health", "high", "ignored_leads", "kind", "last_rep", "lead", "left",
        "live", "losses", "low", "number", "origin", "overdue", "paced_from", "paces", "paid", "promise_gap",
        "promised", "rate", "rated_from", "rep", "rep_changes", "row", "score", "segment", "serial", "since",
        "source", "spent", "tasks", "territory", "value",
    )  # fmt: skip
    context: ClassVar[float] = 1.0
    joined: ClassVar[None] = None

    def __init__(self, row: int, high: int, low: int, since: int) -> None:
        self.row = row
        self.serial = CUSTOMER_SERIALS + 4 * row
        self.high = high
        self.low = low
        self.since = since
        self.lead: Lead | None = None
        self.number = 0
        self.segment = 0
        self.territory = -1
        self.source = -1
        self.origin = 0
        self.kind = self.former = 0  # former: in the period before
        self.value = 0  # annual recurring revenue, or what was paid once
        self.first_arr = 0
        self.score = 0.0
        self.live = -1
        self.ended = -1
        self.rep: Rep | None = None
        self.last_rep = -1
        self.faces: set[int] = set()
        self.promised = 0
        self.discounted = 0
        self.paid = -1
        self.health = 1.0
        self.base = 1.0  # health without what the rep's skill adds
        self.promise_gap = 0.0  # what was promised up to the booking takes off it
        self.overdue = False  # not live at the deadline of its onboarding
        self.exposure = -1.0  # the accumulated hazard at which it churns; not drawn while there is no hazard
        self.spent = 0.0  # hazard accumulated until rated_from
        self.rate = 0.0  # hazard since then, the early factor left out
        self.early = 1.0  # factor on it until early_until
        self.rated_from = 0
        self.early_until = 0
        self.dues = [NEVER] * 10
        self.left = [-1.0] * 3  # to the next complaint, expansion, referral: hazard; -1: not drawn
        self.paces = [0.0] * 3  # their rates
        self.paced_from = [0] * 3  # since when these are the rates, and what is left was left
        self.counts = [0] * 5  # care touches, renewals, complaints, expansions, referrals so far
        self.armed = (NEVER, 0)  # the earliest event of this customer in the event list
        self.losses: list[tuple[int, int, int]] = []  # when, of what total, which step
        self.care: Task | None = None  # the care touch that waits
        self.complaints: dict[Task, int] = {}  # those not done, with the deadlines of those that are not late
        self.tasks: dict[Task, None] = {}  # all that wait
        self.care_on_time = 0
        self.care_late = 0
        self.care_missed = 0
        self.complaints_well = 0
        self.complaints_badly = 0
        self.rep_changes = 0
        self.ignored_leads = 0

    @property
    def lead_in_line(self) -> Lead | None:
        """The lead that made it, while that is still in the line: the customer is in onboarding."""
        return self.lead if self.lead is not None and self.lead.visit is not None else None

    def next_due(self) -> tuple[int, int]:
        """What falls due first, and when."""
        when = min(self.dues)
        return when, self.dues.index(when)
