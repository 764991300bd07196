"""Leads that go from team to team, and the work of the new team with what it was told, summed by pair of teams.

A pass is a visit to a team whose lead was with another team in the visit before, or was made by the calls of
another team. It counts where it began after the warm-up and was not turned away. What was lost in context up to it
is felt in all visits until the next: things are asked again (rework), and odds are lower where a stage weighs it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from funnelsim.model.records import DROPPED, NEW, Floats, Ints, Visits, types_of

from ..ageing import cells, kept
from ..chunks import parts
from ..shared import shared
from ..window import Mask, Window, sums


class Passes(NamedTuple):
    """Sums by pair of teams, of which the first gives: place ``giver * teams + taker``."""

    passed: Ints  # that began after the warm-up
    known: Ints  # of these: touched, or ended without a touch
    dropped: Ints
    touched: Ints
    wait: Ints  # of the touched: from the pass to the first touch
    delay: Ints  # of the touched: handoff time
    taken: Ints  # known and not dropped
    context: Floats  # of the taken: summed
    cooled: Floats  # of the taken: the share of the chance that was lost while they waited, summed
    rework: Floats  # microseconds of work that the new team did again
    weighed: Ints  # visits of the new team in stages that weigh context
    odds: Floats  # of these: the share of the odds that was lost, summed


class _Stretches(NamedTuple):
    """Visits to teams."""

    rows: Ints
    lead: Ints
    team: Ints
    pair: Ints  # of the last pass up to each; -1 for none
    passing: Mask  # whether it is one itself


NONE = np.full(1, -1)
NOBODY = _Stretches(NONE, NONE, NONE, NONE, np.zeros(1, dtype=bool))


@shared
def passes(window: Window) -> Passes:
    """The sums of a replication."""
    pairs = window.teams**2
    found = Passes(**{name: np.zeros(pairs, dtype) for name, dtype in types_of(Passes).items()})
    makers, before = _makers(window), NOBODY
    for rows, visits in parts(window.visits):  # visits lie in the order of their leads
        here = _stretches(window, visits, makers, before)
        if len(here.rows):
            began = window.began[rows][here.rows]
            _add_passes(found, window, visits, here, here.passing & began)
            _add_work(found, window, visits, here, (here.pair >= 0) & began)
            before = here
    return found


_KINDS = tuple(
    np.float64 if name in ("context", "cooled", "rework", "odds") else np.int64 for name in Passes._fields
)


def _stretches(window: Window, visits: Visits, makers: Ints, before: _Stretches) -> _Stretches:
    """The visits to teams among some; of the last lead of the part ``before`` there may be more here."""
    rows = np.flatnonzero(visits.team >= 0)
    if not len(rows):
        return _Stretches(rows, rows, rows, rows, np.zeros(0, dtype=bool))
    lead, team = visits.lead[rows], _takers(window, visits, rows)
    same = lead == np.append(before.lead[-1], lead[:-1])
    giver = np.where(same, np.append(before.team[-1], team[:-1]), makers[lead])
    passing = (giver >= 0) & (giver != team)
    last = np.maximum.accumulate(np.where(passing, np.arange(len(rows)), -1))
    there = (last >= 0) & (lead[last] == lead)
    earlier = np.where(lead == before.lead[-1], before.pair[-1], -1)
    pair = np.where(there, giver[last] * window.teams + team[last], earlier)
    return _Stretches(rows, lead, team, pair, passing)


def _takers(window: Window, visits: Visits, rows: Ints) -> Ints:
    """The team of visits; on the way to another team it is still the old one that has the lead."""
    team = visits.team[rows]
    where, periods = cells(window, visits, rows), window.period_at(visits.entered[rows])
    taker = team.copy()
    for number in np.unique(periods).tolist():
        stages = window.model.periods[number][1].stages
        offset, count, listed = (np.asarray(x) for x in (stages.team_offset, stages.team_count, stages.team_list))
        for cell in np.unique(where[periods == number]).tolist():
            own = listed[offset[cell] : offset[cell] + count[cell]]
            if len(own):
                taker[(periods == number) & (where == cell) & ~np.isin(team, own)] = own[0]
    return taker


def _makers(window: Window) -> Ints:
    """The team that made each lead by its calls, or -1."""
    leads, found = window.leads, np.full(len(window.leads.created), -1)
    if all((np.asarray(tables.outbound.team) < 0).all() for _, tables in window.model.periods):
        return found
    periods, made = window.period_at(leads.created), (leads.origin == NEW) & (leads.opening == 0)
    for number, (_, tables) in enumerate(window.model.periods):
        here = made & (periods == number)
        found[here] = np.asarray(tables.outbound.team)[leads.source[here]]
    return found


def _add_passes(found: Passes, window: Window, visits: Visits, here: _Stretches, counted: Mask) -> None:
    """Add what passes take until the new team has the lead in hand."""
    rows, pair, count = here.rows[counted], here.pair[counted], window.teams**2
    touch, outcome = visits.first_touch[rows], visits.outcome[rows]
    touched, dropped = touch >= 0, outcome == DROPPED
    known = touched | (outcome >= 0)
    taken = known & ~dropped
    found.passed[:] += np.bincount(pair, minlength=count)
    for number, which in ((found.known, known), (found.dropped, dropped), (found.touched, touched)):
        number[:] += np.bincount(pair[which], minlength=count)
    found.wait[:] += sums(pair[touched], (touch - visits.entered[rows])[touched], count)
    found.delay[:] += sums(pair[touched], visits.handoff[rows][touched], count)
    found.taken[:] += np.bincount(pair[taken], minlength=count)
    found.context[:] += np.bincount(pair[taken], visits.context[rows][taken], count)
    waited = (visits.wait + visits.handoff + visits.held)[rows]
    cooled = 1.0 - kept(window, visits, rows, waited)
    found.cooled[:] += np.bincount(pair[taken], cooled[taken], count)


def _add_work(found: Passes, window: Window, visits: Visits, here: _Stretches, counted: Mask) -> None:
    """Add the work and the odds of visits of the new team."""
    rows, pair, count = here.rows[counted], here.pair[counted], window.teams**2
    rework, weight, share = _weights(window, visits, rows)
    lost, giver = 1.0 - visits.context[rows], visits.giver[rows]
    given = np.where(giver >= 0, share * visits.give_busy[rows], 0.0)
    own = np.maximum(visits.work[rows] - given, 0.0)
    again = own * (rework * lost / (1.0 + rework * lost))
    found.rework[:] += np.bincount(pair, again, count)
    over = (visits.outcome[rows] >= 0) & (weight > 0)
    found.weighed[:] += np.bincount(pair[over], minlength=count)
    found.odds[:] += np.bincount(pair[over], (weight * lost)[over], count)


def _weights(window: Window, visits: Visits, rows: Ints) -> tuple[Floats, Floats, Floats]:
    """Of visits: rework and weight of context of their stages, and the selling share of the team that gave."""
    rework, weight, share = (np.zeros(len(rows)) for _ in range(3))
    where, periods = cells(window, visits, rows), window.period_at(visits.entered[rows])
    giver = np.maximum(visits.giver[rows], 0)
    for number in np.unique(periods).tolist():
        tables, now = window.model.periods[number][1], periods == number
        rework[now] = np.asarray(tables.stages.rework)[where[now]]
        weight[now] = np.asarray(tables.stages.context_weight)[where[now]]
        share[now] = np.asarray(tables.teams.share)[giver[now]]
    return rework, weight, share
