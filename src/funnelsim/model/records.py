"""What a run leaves behind: columns of integers and floats, filled by an engine and read by `results`.

Times are whole microseconds since the scenario's start, ``-1`` where there is none; indices point into the
name lists of the `Model` and into the rows of the other records, ``-1`` where there is none; money is in whole
hundredths of the currency unit. Integers make every sum independent of its order.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

Ints = Annotated[NDArray[np.int64], "int64"]
Floats = Annotated[NDArray[np.float64], "float64"]

(
    ADVANCED, REJECTED, BLOCKED, DROPPED, EXPIRED, BURNED, MOVED, WON, EXHAUSTED, ENDED, CHURNED_IN_LINE,
) = range(11)  # fmt: skip
FIXED_OUTCOMES = (
    "advanced", "rejected", "blocked", "dropped", "expired", "burned", "moved", "won", "exhausted", "ended",
    "churned",
)  # fmt: skip
"""Outcomes every model knows, by code; a model's loss reasons follow behind (`Model.outcome_names`)."""

NEW, EXPANSION, REFERRAL = range(3)
ORIGINS = ("new", "expansion", "referral")

READY, LATER, NEVER_READY = range(3)


class Visits(NamedTuple):
    """One row a visit of a lead to a stage, sorted by (lead, entered, order of entering).

    For a visit still open at the horizon the times run to the horizon, so that
    ``wait + busy + paused + buyer + handoff + held`` is ``left - entered`` (or horizon - entered) exactly.
    """

    lead: Ints  # row in `Leads`
    stage: Ints
    visit: Ints  # 1, 2, ...: this lead's count of visits to this stage
    team: Ints  # of the last touch; before the first touch the team it waits for; -1 in automated stages
    rep: Ints  # row in `Reps` of the rep who did the last touch, or -1
    entered: Ints
    first_touch: Ints
    left: Ints
    outcome: Ints  # code into `Model.outcome_names`; -1 while open
    wait: Ints  # waiting for a rep, all touches
    wait_open: Ints  # the part of it within the team's open hours
    busy: Ints  # open time that reps spent on it
    work: Ints  # effort: busy times the team's selling share
    paused: Ints  # time a touch in hand lay over closed hours
    buyer: Ints  # gaps and decision
    handoff: Ints
    held: Ints  # before a limit
    giver: Ints  # the team before, if it had work in handing the lead over, or -1
    give_wait: Ints  # the part of wait for that team
    give_busy: Ints  # the part of busy that is that team's
    context: Floats  # the lead's context when it left, or now


class Leads(NamedTuple):
    """One row a lead, in order of creation (opening leads first)."""

    source: Ints
    number: Ints  # 1, 2, ... within the source, or among the parent's children
    burst: Ints  # 1 if it came in a burst (numbered apart), else 0
    origin: Ints
    parent: Ints  # row of the parent lead or -1
    opening: Ints  # 1 for a lead in the line at the start
    segment: Ints
    territory: Ints  # -1 where a scenario has no territories
    created: Ints  # may be negative for opening leads
    ended: Ints  # when it was won or lost; -1 while open
    outcome: Ints  # WON, another way out, or -1
    value: Ints  # hundredths of the currency unit a year, or one-off
    booked: Ints  # value less discount if won, else 0
    first_touch: Ints  # first touch by any rep, -1 if never
    response_open: Ints  # open hours of the touching team between creation and first touch, -1 if never
    faces: Ints  # distinct reps who touched it on its whole way, also behind the booking
    readiness: Ints
    quality: Floats
    score: Floats
    customer: Ints  # row in `Customers` of the customer it came from, or -1


class Reps(NamedTuple):
    """One row a person who held a seat."""

    team: Ints
    seat: Ints  # from 0
    occupant: Ints  # from 0: how many held the seat before
    start: Ints
    end: Ints  # -1 while staffed
    open: Ints  # open time of the staffed seat
    busy: Ints  # on leads and customers
    filler: Ints  # outbound contacts
    skill: Floats
    speed: Floats


class Series(NamedTuple):
    """Areas and last values in each bin of `Model.edges` (midnights and the end of warm-up).

    Shapes are (bins, stages) or (bins, teams) unless said. An area is an integral over elapsed microseconds.
    """

    wip: Ints  # area of leads in each stage
    queue: Ints  # area of leads waiting for a rep in each stage
    wip_last: Ints
    queue_last: Ints
    team_queue: Ints  # area of leads and customer work waiting for each team
    team_queue_open: Ints  # the same over the team's open time only
    team_queue_last: Ints
    team_busy: Ints
    team_filler: Ints
    team_open: Ints  # open time of staffed seats
    team_headcount: Ints  # area of staffed seats over elapsed time
    arr_last: Ints  # [bins] annual recurring revenue, hundredths of the currency unit
    customers_last: Ints  # [bins]


class Waits(NamedTuple):
    """Waits for a rep by team, summed for waits that began in each bin; shapes (bins, teams)."""

    number: Ints
    total: Ints
    total_open: Ints


class Customers(NamedTuple):
    """One row a customer: those of the start first, then by the moment of booking."""

    lead: Ints  # row in `Leads`; -1 for a customer of the start
    number: Ints  # 1, 2, ... among the customers of the start; 0 for others
    segment: Ints
    territory: Ints
    since: Ints  # booked; 0 for a customer of the start
    live: Ints  # through the line; -1 if not yet
    ended: Ints  # churned; -1 while a customer
    first_arr: Ints  # hundredths of the currency unit a year
    arr: Ints  # at the end, or what was lost by churn
    promised: Ints  # 1 if over-promised
    discounted: Ints  # 1 if given a discount
    rep: Ints  # row in `Reps` of the last rep, or -1
    faces: Ints  # reps of the customers' team who worked for it
    care_on_time: Ints
    care_late: Ints
    care_missed: Ints
    complaints_well: Ints
    complaints_badly: Ints
    rep_changes: Ints
    ignored_leads: Ints
    paid: Ints  # when the first invoice was paid; -1 if not, -2 if never
    health: Floats


class Moves(NamedTuple):
    """Changes of annual recurring revenue, in order of time."""

    time: Ints
    customer: Ints
    kind: Ints  # code into MOVE_KINDS
    amount: Ints  # hundredths of the currency unit, positive


OPENING, NEW_ARR, EXPANDED, CONTRACTED, CHURNED = range(5)
MOVE_KINDS = ("opening", "new", "expansion", "contraction", "churn")


class Tasks(NamedTuple):
    """One row a piece of work for customers, in order of falling due."""

    customer: Ints
    kind: Ints  # code into builder.WORK_ITEMS: care, renewal, complaint
    team: Ints
    rep: Ints
    ready: Ints  # when it began to wait
    due: Ints
    started: Ints
    ended: Ints
    work: Ints
    busy: Ints


class Events(NamedTuple):
    """The event log, in order of time; rows of one instant in the order they happened."""

    time: Ints
    lead: Ints
    stage: Ints  # -1 for creation and end
    kind: Ints  # code into EVENT_KINDS
    rep: Ints
    outcome: Ints


CREATED, ENTERED, QUEUED, STARTED, COMPLETED, LEFT, FINISHED = range(7)
EVENT_KINDS = ("created", "entered", "queued", "started", "completed", "left", "ended")


class Records(NamedTuple):
    """Everything one replication leaves."""

    replication: int
    visits: Visits
    leads: Leads
    reps: Reps
    series: Series
    waits: Waits
    events: Events | None = None
    customers: Customers | None = None
    moves: Moves | None = None
    tasks: Tasks | None = None


@cache
def types_of(kind: Any) -> dict[str, np.dtype[Any]]:
    """What the columns of ``kind`` (one of the classes above) are made of, by field."""
    return {name: np.dtype(get_args(hint)[-1]) for name, hint in get_type_hints(kind, include_extras=True).items()}


def row(kind: Any) -> Any:
    """The class of rows of ``kind`` for `table`, whose fields are numbers; those of a kind are columns.

    A field that is missing, or that it does not have, is an error.
    """
    return kind


def table(kind: Any, rows: list[tuple[Any, ...]]) -> Any:
    """Columns of ``kind`` from rows in field order; empty rows give empty columns."""
    columns = zip(*rows, strict=True) if rows else ([] for _ in kind._fields)
    pairs = zip(types_of(kind).items(), columns, strict=True)
    return kind(**{name: np.array(column, dtype=dtype) for (name, dtype), column in pairs})
