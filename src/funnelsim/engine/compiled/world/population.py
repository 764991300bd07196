"""Whom and what there is in a run of the compiled engine, as structures of columns.

Leads, items, tasks and customers have slots that are used again; ``-1`` stands for "none" wherever a number points
to another slot. A lead's slot also holds its present visit, for it is on one at a time.
"""

from __future__ import annotations

from funnelsim.model.numbers.columns import Floats, Ints

from ..machine.structs import Struct


class Slots(Struct):
    """Slots of one kind: how many are in use, and which are free."""

    link: Ints  # the next free slot, or -1; -2 in use
    free: int  # first of those used before, or -1
    reached: int  # slots ever used
    used: int


class Leads(Struct):
    """Leads in the line, and the visit that each is on."""

    in_rows = True
    wide = ("lifted", "visits", "inside", "been", "held_next", "held_before", "times")

    slots: Slots
    serial: Ints
    high: Ints
    low: Ints
    source: Ints
    number: Ints
    created: Ints
    burst: Ints
    origin: Ints
    parent: Ints  # serial
    came_from: Ints  # customer
    opening: Ints
    segment: Ints
    territory: Ints
    kind: Ints
    value: Ints
    quality: Floats
    score: Floats
    seen_as: Floats
    readiness: Ints
    ready_after: Ints
    context: Floats
    factors: Floats
    lifted: Ints  # [S]
    visits: Ints  # [S]
    inside: Ints  # [L]
    been: Ints  # [L]
    held_next: Ints  # [L]
    held_before: Ints  # [L]
    marked: Ints  # while limits are read anew
    moved: Ints  # whether the present period has given it other names
    former: Ints  # its cell in the period before
    owner: Ints
    owned: Ints
    owner_next: Ints
    owner_before: Ints
    joined: Ints
    joined_keeps: Floats
    last_team: Ints
    last_rep: Ints
    face: Ints  # node
    faces: Ints
    waited: Ints  # for the seller, in the visits before this one
    first_touch: Ints
    response_open: Ints
    ended: Ints
    outcome: Ints
    booked: Ints
    discount: Floats
    discounted: Ints
    promised: Ints
    onboarding: Floats
    health_loss: Floats
    sooner: Ints  # by how much, at most, a concession makes the buyer decide sooner
    customer: Ints
    step: Ints  # where its journey goes on
    cause: Ints  # what it hears then
    # the visit
    visiting: Ints
    stage: Ints
    cell: Ints
    visit: Ints
    entered: Ints
    since: Ints
    mode: Ints
    times: Ints  # [5]
    already: Ints  # seller-side waiting before the start
    busy: Ints
    paused: Ints
    work: Ints
    wait_open: Ints
    giver: Ints
    give_wait: Ints
    give_busy: Ints
    touched: Ints
    team: Ints
    rep: Ints
    touch: Ints
    touches: Ints
    item: Ints  # what waits
    in_hand: Ints  # what a rep last took up
    take: Ints
    reassign: Ints
    free_from: Ints
    until: Ints
    move_on: Ints
    due: Ints
    old_team: Ints  # before the handoff
    gave: Ints  # the rep who gave


class Items(Struct):
    """What waits for reps or is worked on: touches of leads and tasks for customers."""

    in_rows = True
    wide = ("teams", "lines", "classes", "keys", "child", "sibling", "back")

    slots: Slots
    of: Ints  # lead or task
    task: Ints  # 1 for a task
    serial: Ints
    number: Ints
    stage: Ints
    ready: Ints
    since: Ints  # the wait for the present first team
    open_before: Ints  # open time waited for other teams
    rep: Ints
    assigned: Ints
    partner: Ints  # team
    teams: Ints  # [M]
    team_count: Ints
    lines: Ints  # [M] line or -1, at the place of the team
    classes: Ints  # [M]
    waiting: Ints
    times: Ints  # how often the slot was used: tells a stale alarm
    piece: Ints
    before: Ints  # in the order of beginning to wait
    next: Ints
    hours_a: Ints  # once it is in hand, the calendars that must both be open
    hours_b: Ints
    post_a: Ints  # how much of a post rep and partner have, in quarters
    post_b: Ints
    done_rep: Ints
    done_partner: Ints
    done_busy: Ints
    done_work: Ints
    keys: Floats  # [M * R] by place and rule
    child: Ints  # [M * R] nodes of pairing heaps, or of lists
    sibling: Ints
    back: Ints


class Reps(Struct):
    """All who ever held a seat."""

    in_rows = True

    count: int
    team: Ints
    part: Ints  # of the team
    seat: Ints
    occupant: Ints
    place: Ints  # number of the seat in its pool of people
    high: Ints
    low: Ints
    start: Ints
    end: Ints
    tenure_from: Ints
    hired_for: Ints  # the first seat
    territory: Ints
    skill: Floats
    speed: Floats
    calendar: Ints
    new_calendar: Ints
    quarters: Ints  # of a post
    new_quarters: Ints  # from when the touch in hand is done
    open: Ints  # open time in the seat up to present_from, as that of a whole post
    present_from: Ints
    idle: Ints
    called: Ints
    on_contact: Ints
    staffed: Ints
    away_until: Ints
    released: Ints
    resigns_at: Ints
    leaving: Ints
    seat_row: Ints
    lead: Ints  # first of those owned
    customer: Ints  # first of the rep's
    customers: Ints
    given: Ints  # how often something was given to the rep
    since: Ints  # when something last was, or a touch ended
    load: Ints
    busy: Ints
    filler: Ints
    place_a: Floats
    place_b: Ints
    place_c: Ints  # since
    place_d: Ints  # given, by which equals are drawn for; -1 where they go by seat
    current: Ints  # since when at work, or -1
    spare_from: Ints  # when all that was taken up would be done one after another, if people are as many as needed
    hours_a: Ints
    hours_b: Ints
    source: Ints  # of the contact in hand
    prospect: Ints
    contacted: Ints
    tried: Ints  # the last dispatch in which nothing was found


class Lines(Struct):
    """Waiting lines: those of teams by territory, then those of reps."""

    count: Ints
    there: Ints
    root: Ints  # [R] node, by rule
    last: Ints  # [R] last node, of lists


class Teams(Struct):
    """Teams as they stand, with the settings that hold."""

    count: int
    territories: int
    rules_most: int  # R, a power of two
    rule_bits: int  # which one
    calendar: Ints
    share: Floats
    limit: Ints
    routing: Ints
    on_arrival: Ints
    first: Ints
    last: Ints
    ignore: Ints
    joint_first: Ints
    rule_count: Ints
    rule: Ints  # [R]
    upto: Floats  # [R]
    open: Ints
    known_until: Ints
    choices: Ints
    routed: Ints
    last_seat: Ints
    unowned: Ints
    uncounted: Ints
    joint: Ints
    wanted_any: Ints
    touched: Ints
    outbound: Ints
    followers: Ints  # [T]
    follower_count: Ints
    # reps in order: idle, called, staff
    orders: Ints  # [3] rows of seats, laid out at seat_offset
    order_count: Ints  # [3]


class Seats(Struct):
    """Seats and who sits in them."""

    count: int
    team: Ints
    calendar: Ints
    rep: Ints
    reserved: Ints
    bound_for: Ints
    vacant: Ints
    wanted: Ints
    turns: Ints  # of a round robin with weights
    occupants: Ints  # by place
    place_seat: Ints  # by place
    places: Ints  # [periods, seats]
    calendars: Ints  # [periods, seats]
    span_offset: Ints  # [periods, seats + 1]
    span_start: Ints
    span_end: Ints


class Customers(Struct):
    """Customers, and what is due for them."""

    in_rows = True
    wide = ("dues", "left", "paces", "paced_from", "counts")

    slots: Slots
    rows: int
    row: Ints
    serial: Ints
    high: Ints
    low: Ints
    since: Ints
    lead: Ints  # serial
    in_line: Ints  # the slot of that lead while it is in the line, or -1
    number: Ints
    segment: Ints
    territory: Ints
    source: Ints
    origin: Ints
    kind: Ints
    value: Ints
    first_arr: Ints
    score: Floats
    live: Ints
    ended: Ints
    rep: Ints
    last_rep: Ints
    face: Ints
    faces: Ints
    promised: Ints
    discounted: Ints
    paid: Ints
    health: Floats
    base: Floats  # health without what the rep's skill adds
    promise_gap: Floats
    overdue: Ints
    exposure: Floats
    spent: Floats
    rate: Floats
    early: Floats
    rated_from: Ints
    early_until: Ints
    dues: Ints  # [10]
    left: Floats  # [3]
    paces: Floats  # [3]
    paced_from: Ints  # [3]
    counts: Ints  # [5]
    armed: Ints
    armed_class: Ints
    losses: Ints  # node
    losses_last: Ints
    care: Ints  # task that waits
    task: Ints  # first of all not done
    task_last: Ints
    care_on_time: Ints
    care_late: Ints
    care_missed: Ints
    complaints_well: Ints
    complaints_badly: Ints
    rep_changes: Ints
    ignored_leads: Ints
    rep_next: Ints
    rep_before: Ints
    moved: Ints  # whether the present period has given it other names
    former: Ints  # its kind in the period before
    tied: Ints  # leads and tasks that may still change it


class Tasks(Struct):
    """Work for customers that is not done."""

    in_rows = True

    slots: Slots
    rows: int
    row: Ints
    customer: Ints
    kind: Ints
    fell_due: Ints
    due: Ints
    started: Ints
    rep: Ints
    item: Ints
    deadline: Ints  # of a complaint that is not late, or -1
    before: Ints
    next: Ints


class Nodes(Struct):
    """Links of small lists: who has touched a lead, steps of losses, prospects who rest."""

    in_rows = True

    slots: Slots
    a: Ints
    b: Ints
    c: Ints
    next: Ints
