"""All that changes in a run of the compiled engine, as structures of columns; `population` has leads, people."""

from __future__ import annotations

from typing import Annotated

from funnelsim.model.numbers.columns import Floats, Ints
from funnelsim.model.tables.tables import Tables
from funnelsim.model.time.arrivals import RateClock
from funnelsim.model.time.calendars import CalendarTable

from ..machine.structs import Struct, Structs
from .population import Customers, Items, Leads, Lines, Nodes, Reps, Seats, Tasks, Teams
from .rows import Out

EVENT_WORDS = 4
"""Words of an event in the list: when, class and serial, number, row of what happens."""

WHAT_WORDS = 4
"""Words of what happens: kind, three more."""

HOP_WORDS = 3


class Heap(Struct):
    """Events to come, a binary heap.

    What happens lies in rows of its own, which stay where they are while events change places. Entries beyond
    ``size`` name the rows that are free.
    """

    entries: Ints
    what: Ints
    size: int
    number: int  # events so far: breaks ties


class Hops(Struct):
    """What happens at once, in order of asking; what begins goes before what goes on."""

    first: Ints
    first_head: int
    first_tail: int
    then: Ints
    then_head: int
    then_tail: int


class Limits(Struct):
    """Limited stretches: places left, and who waits."""

    most: int
    count: int
    turn_away: Ints
    room: Ints
    head: Ints
    tail: Ints


class Sources(Struct):
    """Where leads come from."""

    count: int
    clocks: Annotated[Structs, RateClock]
    arrivals: Ints  # so far
    leads: Ints  # so far
    when: Ints
    target: Floats
    has_rate: Ints
    has_interval: Ints
    has_clock: Ints  # whether the clock of a source says how its time runs; else it is elapsed time
    burst_offset: Ints
    burst_at: Ints
    burst_time: Ints
    burst_high: Ints
    burst_low: Ints
    # lists of prospects
    known: Ints
    market: Ints
    left: Ints
    contacts: Ints
    fruits: Ints
    fresh: Ints
    rested: Ints  # node
    rested_last: Ints


class Quotas(Struct):
    """What each team has booked in its quota period; the periods of each length in months."""

    offset: Ints
    edges: Ints
    months: Ints
    number: Ints
    begin: Ints
    end: Ints
    booked: Ints


class Deals(Struct):
    """What is in the line at the start."""

    count: int
    stage: Ints
    high: Ints
    low: Ints
    number: Ints
    goes_on: Ints  # 0 for those that start their stage afresh
    created: Ints
    entered: Ints
    touches: Ints  # done, -1: all
    touched: Ints  # when the last of them ended
    waiting: Ints
    waited: Ints
    value: Ints  # -1: as drawn
    owner: Ints  # number of a name, or -1
    source: Ints  # -1: as drawn
    segment: Ints  # -1: as drawn
    territory: Ints  # -1: as drawn
    reachable: Ints  # whether leads of some source come to the stage
    won_before: Ints
    owners: int  # names
    seat: Ints  # [T, names]
    seated: Ints  # [T]


class Books(Struct):
    """Areas under counts, and sums by bin."""

    edges: Ints
    bin: int
    now: Ints  # [areas]: stages, queues, queues of teams, headcounts
    since: Ints
    area: Ints
    areas: Ints  # [bins, areas]
    lasts: Ints
    team_open: Ints  # [bins, teams]
    busy: Ints
    filler: Ints
    queue_open: Ints
    waits: Ints  # [bins, teams, 3]
    calendars: Ints  # [periods, teams]
    arr: int
    customers: int
    arr_last: Ints
    customers_last: Ints


class World(Struct):
    """One replication."""

    replaced = ("tables", "before")

    now: int
    horizon: int
    status: int
    opened: int  # customers and deals of the start so far
    pause: int  # steps until control goes back
    tightest: int  # where room runs out first
    budget: int  # steps before room must be looked at
    seed: int
    replication: int
    period: int
    period_count: int
    period_start: Ints
    stages: int
    kinds: int
    most_teams: int  # M, a power of two: dividing takes longer than all else that is done with a node
    team_bits: int  # which one
    created: int  # leads so far
    batch_source: int
    batch_left: int
    joint_touched: int
    dispatch_pending: int
    dispatches: int  # so far
    born: int  # leads that customers gave rise to
    waiting_first: int  # items, in order of beginning to wait
    waiting_last: int
    tables: Tables
    before: Tables
    periods: Annotated[Structs, Tables]
    calendars: CalendarTable
    last_interval: Ints  # by calendar, of the last question about the present
    heap: Heap
    hops: Hops
    leads: Leads
    items: Items
    reps: Reps
    lines: Lines
    teams: Teams
    seats: Seats
    limits: Limits
    sources: Sources
    quotas: Quotas
    customers: Customers
    tasks: Tasks
    nodes: Nodes
    deals: Deals
    out: Out
    books: Books
    scratch: Ints
    scratch2: Ints
