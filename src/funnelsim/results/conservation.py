"""Laws that every run must keep, checked on the records in exact integers.

Each law is a small function that yields a sentence with numbers for each breach. A breach is a bug of funnelsim,
never of the user.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from funnelsim.errors import InvariantError
from funnelsim.model.model import Model
from funnelsim.model.posts import has_parts
from funnelsim.model.records import (
    ADVANCED,
    CHURNED,
    CHURNED_IN_LINE,
    CONTRACTED,
    MOVED,
    WON,
    Ints,
    Records,
    Visits,
)

from .measures.chunks import parts, rows_of
from .measures.window import is_lost, sums

PARTS = ("wait", "busy", "paused", "buyer", "handoff", "held")
"""What the time in a stage is made of."""

_TIMES = (*PARTS, "work", "wait_open")
"""Times of visits that cannot be below 0."""


def check(records: Records, model: Model) -> None:
    """Check conservation of leads and of time, and Little's law path by path.

    Parameters
    ----------
    records : Records
        One replication.
    model : Model
        What was run.

    Raises
    ------
    InvariantError
        With one sentence for each law that is broken, and its numbers.
    """
    laws = (_leads, _flow, _chains, _time, _little, _waits, _reps, _bridge, _cut_short, _work)
    breaches = [breach for law in laws for breach in law(records, model)]
    if breaches:
        raise InvariantError(f"replication {records.replication}: " + "; ".join(breaches), code="E-bug")


def _leads(records: Records, model: Model) -> Iterator[str]:
    """created + opening = won + lost + rejected + blocked + expired + dropped + burned + open."""
    leads = records.leads
    known = len(model.outcome_names)
    valid = leads.outcome[(leads.outcome >= -1) & (leads.outcome < known)]
    number = np.bincount(valid + 1, minlength=known + 1)
    ways = {name: int(number[code + 1]) for code, name in enumerate(model.outcome_names) if code not in _PASSING}
    opening = int(leads.opening.sum())
    accounted = sum(ways.values()) + int(number[0])
    if accounted != len(leads.outcome):
        counts = " + ".join(f"{count} {name}" for name, count in ways.items() if count)
        created = len(leads.outcome) - opening
        yield f"{created} leads created + {opening} opening, but {counts or 0} + {int(number[0])} open"
    wrong = int(((leads.outcome < 0) != (leads.ended < 0)).sum())
    if wrong:
        yield f"{wrong} leads have an outcome but no end, or an end but no outcome"
    early = int(((leads.ended >= 0) & (leads.ended < leads.created)).sum())
    if early:
        yield f"{early} leads ended before they were created"
    unearned = int(leads.booked[leads.outcome != WON].sum())
    if unearned:
        yield f"{unearned / 100} booked on leads that were not won"


_PASSING = (ADVANCED, MOVED)
"""Outcomes of visits after which a lead goes on, so that no lead ends with them."""


def _flow(records: Records, model: Model) -> Iterator[str]:
    """Per stage: visits that entered = visits that left + leads that are there."""
    stages = len(model.stage_names)
    entered, left = np.zeros(stages, dtype=np.int64), np.zeros(stages, dtype=np.int64)
    for _, visits in parts(records.visits):
        entered += np.bincount(visits.stage, minlength=stages)
        left += np.bincount(visits.stage[visits.outcome >= 0], minlength=stages)
    for stage in np.flatnonzero(entered != left + records.series.wip_last[-1]):
        name, there = model.stage_names[stage], int(records.series.wip_last[-1][stage])
        yield f"stage {name}: {entered[stage]} entered, but {left[stage]} left + {there} are there"
    for stage in np.flatnonzero(records.series.queue_last[-1] > records.series.wip_last[-1]):
        yield f"stage {model.stage_names[stage]}: more leads wait than are there"


def _chains(records: Records, model: Model) -> Iterator[str]:
    """A lead's next visit begins when the one before ends; a lead that is open is in one stage."""
    ended = records.leads.outcome
    unsold, inside = ended < 0, np.zeros(len(ended), dtype=np.int32)
    gaps, out, before = 0, 0, (-1, -1)  # lead and end of the visit before
    for _, visits in parts(records.visits):
        lead, left = np.append(before[0], visits.lead), np.append(before[1], visits.left)
        before = lead[-1], left[-1]
        gaps += int(((lead[1:] == lead[:-1]) & (visits.entered != left[:-1])).sum())
        np.add.at(inside, visits.lead[visits.outcome < 0], 1)
        out += int((is_lost(visits.outcome) & unsold[visits.lead]).sum())
    if gaps:
        yield f"{gaps} visits do not begin when the lead's visit before ends"
    lost = unsold & (inside != 1)
    ghosts = ~unsold & (ended != WON) & (inside != 0)
    if lost.any() or ghosts.any():
        yield f"{lost.sum()} open leads are not in exactly one stage, {ghosts.sum()} ended leads still in one"
    if out:
        yield f"{out} visits ended in a loss, but their leads are open"


def _stay(visits: Visits, model: Model) -> Ints:
    """Time of each visit in its stage, within the run."""
    until = np.where(visits.outcome >= 0, visits.left, model.horizon)
    return until - np.maximum(visits.entered, 0)


def _time(records: Records, model: Model) -> Iterator[str]:
    """wait + busy + paused + buyer + handoff + held = time in stage, for every visit."""
    wrong, first, longer = 0, "", False
    negative: set[str] = set()
    for _, visits in parts(records.visits):
        times = {name: getattr(visits, name) for name in _TIMES}
        stay = _stay(visits, model)
        rows = np.flatnonzero(sum(times[name] for name in PARTS) != stay)
        if len(rows) and not wrong:
            pieces = ", ".join(f"{name} {times[name][rows[0]]}" for name in PARTS)
            first = f"{model.stage_names[visits.stage[rows[0]]]}: {pieces}, not {stay[rows[0]]}"
        wrong += len(rows)
        negative |= {name for name, time in times.items() if (time < 0).any()}
        longer |= bool((times["wait_open"] > times["wait"]).any())
    if wrong:
        yield f"{wrong} visits whose parts are not their time, first in {first}"
    if negative:
        yield f"negative times of visits: {', '.join(name for name in _TIMES if name in negative)}"
    if longer:
        yield "visits waited longer in open hours than in all hours"


def _little(records: Records, model: Model) -> Iterator[str]:
    """The area of leads in a stage is the sum of their times there, that of the queue the sum of their waits."""
    series, stages = records.series, len(model.stage_names)
    stays, waits = np.zeros(stages, dtype=np.int64), np.zeros(stages, dtype=np.int64)
    for _, visits in parts(records.visits):
        stage = visits.stage
        np.add.at(stays, stage, _stay(visits, model))
        np.add.at(waits, stage, visits.wait)
    for what, area, lived in (("in stage", series.wip, stays), ("waiting", series.queue, waits)):
        counted = area.sum(axis=0)
        for at in np.flatnonzero(counted != lived):
            name = model.stage_names[at]
            yield f"stage {name}: area of leads {what} {counted[at]}, but their times add up to {lived[at]}"


def _waits(records: Records, model: Model) -> Iterator[str]:
    """The area of each team's queue is the sum of the waits for it."""
    waits, series = records.waits, records.series
    for what, area, times in (
        ("elapsed", series.team_queue, waits.total),
        ("open", series.team_queue_open, waits.total_open),
    ):
        counted, lived = area.sum(axis=0), times.sum(axis=0)
        for team in np.flatnonzero(counted != lived):
            name = model.team_names[team]
            yield f"team {name}: area of its queue ({what}) {counted[team]}, but waits add up to {lived[team]}"


def _reps(records: Records, model: Model) -> Iterator[str]:
    """The hours of a team are those of its reps, and nobody who pauses at closing is busy for longer than open."""
    reps, series = records.reps, records.series
    for part in ("busy", "filler", "open"):
        counted = getattr(series, f"team_{part}").sum(axis=0)
        lived = sums(reps.team, getattr(reps, part), len(model.team_names))
        for team in np.flatnonzero(counted != lived):
            name = model.team_names[team]
            yield f"team {name}: {part} {counted[team]} in the series, but {lived[team]} over its reps"
    if model.tables.switches.boundless:
        return  # each stands for as many as needed
    pauses = np.all([tables.teams.at_work < 0 for _, tables in model.periods], axis=0)
    over = np.flatnonzero(pauses[reps.team] & (reps.busy + reps.filler > reps.open))
    if len(over):
        yield f"{len(over)} reps worked longer than they were open"


def _bridge(records: Records, model: Model) -> Iterator[str]:
    """opening + new + expansion - contraction - churn = closing, to the cent, for all and for each customer."""
    customers, moves = records.customers, records.moves
    if customers is None or moves is None:
        return
    falls = (moves.kind == CONTRACTED) | (moves.kind == CHURNED)
    signed = np.where(falls, -moves.amount, moves.amount)
    closing, total = int(records.series.arr_last[-1]), int(signed.sum())
    if total != closing:
        yield f"changes of recurring revenue add up to {total / 100}, but it closes at {closing / 100}"
    owed = sums(moves.customer, signed, len(customers.arr)) - np.where(customers.ended < 0, customers.arr, 0)
    if owed.any():
        yield f"recurring revenue of {int((owed != 0).sum())} customers is not the sum of its changes"
    until = np.searchsorted(moves.time, model.edges[1:])
    wrong = np.flatnonzero(np.concatenate([[0], np.cumsum(signed)])[until] != records.series.arr_last)
    if len(wrong):
        yield f"recurring revenue at the end of bin {wrong[0]} is not what its changes give"
    living, counted = int((customers.ended < 0).sum()), int(records.series.customers_last[-1])
    if living != counted:
        yield f"{living} customers have not churned, but {counted} are counted"
    made = customers.lead[customers.lead >= 0]
    if (records.leads.outcome[made] != WON).any() or len(np.unique(made)) != len(made):
        yield "not every customer was made by a won lead of its own"


def _cut_short(records: Records, model: Model) -> Iterator[str]:
    """A visit is cut short by churn at the instant at which its lead's customer churns, and only then."""
    customers = records.customers
    if customers is None:
        return
    made = customers.lead >= 0
    ended, live = (np.full(len(records.leads.created), -1, dtype=np.int64) for _ in range(2))
    ended[customers.lead[made]] = customers.ended[made]
    live[customers.lead[made]] = customers.live[made]
    stray, staying = 0, 0
    for _, visits in parts(records.visits):
        gone = ended[visits.lead]
        cut = visits.outcome == CHURNED_IN_LINE
        stray += int((cut & ((visits.left != gone) | (live[visits.lead] >= 0))).sum())
        staying += int(((visits.outcome < 0) & (gone >= 0)).sum())
    if stray:
        yield f"{stray} visits were cut short, but not by the churn of a customer who was not live"
    if staying:
        yield f"{staying} customers have churned, but their leads are in the line"


def _work(records: Records, model: Model) -> Iterator[str]:
    """What reps are busy with is touches of leads and work for customers, partners of joint touches apart."""
    tasks = records.tasks
    if tasks is None:
        return
    # Reps' hours are those of whole posts, so where some are parts of one, effort is compared, rounded as it is.
    partly = has_parts(model)
    part = "work" if partly else "busy"
    spent = sum(int(getattr(visits, part).sum()) for _, visits in parts(records.visits))
    spent += int(getattr(tasks, part).sum())
    rounding = ROUNDING * (rows_of(records.visits) + len(tasks.busy)) if partly else 0
    charged = int(records.reps.busy.sum())
    if spent > charged + rounding:
        yield f"leads and customers were worked on for {spent}, but reps were busy for {charged}"


ROUNDING = 1000
"""Microseconds by which the effort of a visit may be rounded: one for each touch and each day of it."""
