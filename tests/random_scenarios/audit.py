"""Questions to the engine's state and records that need no knowledge of the scenario."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from funnelsim.engine.codes import HELD
from funnelsim.engine.simpy_engine.run import Run
from funnelsim.model import records as rec
from funnelsim.model.records import Records
from funnelsim.model.time.calendars import is_open


def people(run: Run) -> None:
    """A rep's load is what the rep owns or was pushed; who is gone has nothing; who is free stands idle."""
    pushed = dict.fromkeys(run.ledger.reps, 0)
    for item in run.waiting:
        if item.assigned and item.rep is not None:
            pushed[item.rep] += 1
    for rep in run.ledger.reps:
        who = f"rep {run.model.team_names[rep.team]}-{rep.seat}-{rep.occupant}"
        expected = sum(lead.owned for lead in rep.leads) + pushed[rep]
        # A pushed touch where nobody owns the lead counts until it is done.
        assert rep.load - expected in ((0, 1) if rep.current is not None else (0,)), (
            f"{who}: load {rep.load}, not {expected}"
        )
        assert all(lead.owner is rep for lead in rep.leads), f"{who} has a lead of another rep"
        assert all(customer.rep is rep for customer in rep.customers), f"{who} has a customer of another rep"
        if rep.end >= 0:
            assert not any((rep.leads, rep.customers, rep.idle, rep.load)), f"{who} is gone and has something"
        elif rep.current is None and rep.away_until < 0:
            assert rep.idle, f"{who} is free but not idle"
    for visit in run.ledger.open_visits:
        owner = visit.lead.owner
        assert owner is None or owner.end < 0, "the owner of a lead is gone"
        assert owner is None or visit.lead in owner.leads, "the owner of a lead does not know it"


def seats(run: Run) -> None:
    """Who is in a seat that the team does not have now is about to go; an empty seat waits for somebody."""
    for row in run.staffing._seats:
        for seat in row:
            where = f"seat {seat.team}-{seat.row}"
            assert seat.wanted or seat.rep is None or seat.rep.leaving is not None, f"{where} is taken, but cut"
            assert not seat.wanted or seat.rep or seat.vacant or seat.reserved, f"{where} is empty for ever"


def places(run: Run) -> None:
    """Every place in a limited stretch is taken by a lead that is in it."""
    inside = [0] * len(run.limits._room)
    for visit in run.ledger.open_visits:
        for limit in visit.lead.inside:
            inside[limit] += 1
            assert visit.mode == HELD or limit in run.limits._of_stage[visit.stage], (
                "a lead holds a place elsewhere"
            )
    for limit, (room, wip) in enumerate(zip(run.limits._room, run.tables.limits.wip, strict=True)):
        assert room + inside[limit] == wip, f"limit {limit}: {inside[limit]} inside, room {room} of {wip}"
    held = {lead for line in run.limits._held for lead, _, _ in line}
    waiting = {visit.lead for visit in run.ledger.open_visits if visit.mode == HELD}
    assert held == waiting, "a lead is held before no limit, or stands before one and is not held"


def lines(run: Run) -> None:
    """Lines hold what waits, counts are right, and no idle rep leaves lying what the rep may take."""
    before = run.clock.now - 1
    just_opened = {team.index for team in run.teams if not is_open(run.calendars, team.calendar, before)}
    for team in run.teams:
        unowned = [item for item in run.waiting if any(x.team == team.index and x.rep is None for x in item.lines)]
        assert team.unowned == len(unowned), (
            f"team {team.index}: counts {team.unowned} unowned, has {len(unowned)}"
        )
        assert team.uncounted == sum(not item.counts for item in unowned), "customer work is miscounted"
        joint = [
            item for item in run.waiting if item.partner_team >= 0 for x in item.lines if x.team == team.index
        ]
        assert team.joint == len(joint), f"team {team.index}: counts {team.joint} joint, has {len(joint)}"
        if team.index in just_opened or not team.is_open():
            continue
        for rep in team.idle.all(lambda _: True):
            item = team.choice.next(rep)
            assert item is None or item.partner_team in just_opened, (
                f"rep {team.index}-{rep.seat} is idle, but could take {item.stage if item else ''}"
            )


def one_thing_at_a_time(records: Records) -> None:
    """No rep starts on a lead or a customer while at another."""
    spans: dict[int, list[tuple[int, int]]] = {}
    begun: dict[tuple[int, int], int] = {}
    events, tasks = records.events, records.tasks
    assert events is not None
    assert tasks is not None
    for time, lead, kind, rep in zip(events.time, events.lead, events.kind, events.rep, strict=True):
        if kind == rec.STARTED:
            assert (rep, lead) not in begun, "a lead is worked on twice at once"
            begun[rep, lead] = time
        elif kind == rec.COMPLETED:
            spans.setdefault(rep, []).append((begun.pop((rep, lead)), time))
    for rep, start, end in zip(tasks.rep, tasks.started, tasks.ended, strict=True):
        if end >= 0:
            spans.setdefault(rep, []).append((start, end))
    for rep, times in spans.items():
        times.sort()
        clash = [(a, b) for a, b in pairwise(times) if b[0] < a[1]]
        assert not clash, f"rep {rep} does two things at once: {clash[0]}"
    assert (np.diff(events.time) >= 0).all(), "the event log is not in order"


def revenue(records: Records) -> None:
    """Revenue at the end is what customers bring, and what moved adds up to it."""
    moves, customers = records.moves, records.customers
    assert moves is not None
    assert customers is not None
    gains = np.isin(moves.kind, (rec.OPENING, rec.NEW_ARR, rec.EXPANDED))
    total = int(moves.amount[gains].sum() - moves.amount[~gains].sum())
    living = int(customers.arr[customers.ended < 0].sum())
    assert total == living == int(records.series.arr_last[-1]), "the bridge of revenue does not close"
    assert int((customers.ended < 0).sum()) == int(records.series.customers_last[-1]), "customers are miscounted"
    assert (moves.amount > 0).all(), "a change of revenue is not above 0"
