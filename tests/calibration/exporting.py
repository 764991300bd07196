"""What a CRM would have recorded of a simulated firm: a history whose truth is known."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

import funnelsim as fs
from funnelsim.calibration.history import CLOSED, LOST, OPEN, WON, Deals, History, Visits
from funnelsim.model import records as r

DAY = 86_400e6


def export(scenario: fs.Scenario, *, start: float, end: float, seed: int = 1, level: int = 1) -> History:
    """The history of one replication between two days from its start; what is open at the end is open."""
    result = fs.simulate(scenario, replications=1, seed=seed)
    return history_of(result, start=start, end=end, level=level)


def history_of(result: Any, *, start: float, end: float, level: int = 1) -> History:
    """The same of the first replication of a result."""
    records, model = result.replicates[0], result.model
    leads, visits = records.leads, records.visits
    new = (leads.origin == r.NEW) & (leads.created < end * DAY)
    kept = new[visits.lead] & (visits.entered < end * DAY)
    number = np.cumsum(new) - 1
    rows = np.flatnonzero(kept)
    lead, left = visits.lead[rows], _days(visits.left[rows])
    gone = (left >= 0) & (left < end)
    onward = np.append(lead[1:] == lead[:-1], False)
    following = np.where(onward, np.append(visits.stage[rows][1:], 0), CLOSED)
    code = visits.outcome[rows]
    won = (code == r.ADVANCED) | (code == r.WON)
    names = [*model.outcome_names]
    reasons = tuple(dict.fromkeys(names[each] for each in np.unique(code[code >= 0]).tolist()))
    reason_of = np.array(
        [reasons.index(names[each]) if names[each] in reasons else -1 for each in range(len(names))]
    )
    touched, several = _days(visits.first_touch[rows]), level >= 2
    nothing = np.full(len(rows), np.nan)
    last = np.where(gone, left - visits.buyer[rows] / DAY, nothing)
    owner = visits.rep[rows]
    made = Visits(
        deal=number[lead],
        stage=visits.stage[rows],
        owner=owner,
        entered=_days(visits.entered[rows]),
        left=np.where(gone, left, np.nan),
        outcome=np.where(gone, np.where(won, 1, LOST), OPEN),
        destination=np.where(gone, following, CLOSED),
        reason=np.where(gone & ~won & (following == CLOSED), reason_of[np.maximum(code, 0)], -1),
        first_touch=np.where(touched < end, touched, np.nan) if several else nothing,
        last_touch=_last(model, visits, rows, touched, last, gone, end) if several else nothing,
        touches=np.where(several & gone, 1, -1),
        minutes=nothing,
    )
    ended = _days(leads.ended[new])
    over = (leads.ended[new] >= 0) & (ended < end)
    deals = Deals(
        created=_days(leads.created[new]),
        closed=np.where(over, ended, np.nan),
        outcome=np.where(over, np.where(leads.outcome[new] == r.WON, WON, LOST), OPEN),
        source=leads.source[new],
        segment=leads.segment[new] if len(model.segment_names) > 1 else np.full(int(new.sum()), -1),
        territory=leads.territory[new],
        owner=np.full(int(new.sum()), -1),
        amount=leads.value[new] / 100,
        reason=np.full(int(new.sum()), -1),
        account=np.full(int(new.sum()), -1),
        recorded=np.full(int(new.sum()), np.nan),
    )
    stage_names = tuple(model.stage_names)
    spec = model.spec
    teams = tuple(spec.teams)
    stage_team = tuple(
        teams.index(spec.stages[name].team.other[0]) if spec.stages[name].team.other else -1
        for name in stage_names
    )
    return History(
        visits=made,
        deals=deals,
        stages=stage_names,
        origin=model.start if isinstance(model.start, dt.date) else model.start.date(),
        start=start,
        as_of=end,
        level=level,
        teams=teams,
        stage_team=stage_team,
        owners=tuple(f"rep-{k:02d}" for k in range(len(records.reps.team))),
        owner_team=tuple(records.reps.team.tolist()),
        sources=tuple(model.source_names),
        segments=tuple(model.segment_names) if len(model.segment_names) > 1 else (),
        territories=tuple(name for name, _ in spec.territories),
        reasons=reasons,
        files=("simulated",),
    )


def _days(microseconds: Any) -> Any:
    return microseconds / DAY


def _last(model: Any, visits: Any, rows: Any, touched: Any, last: Any, gone: Any, end: float) -> Any:
    """The last touch: where the buyer's time began; of open visits the first one, where there was one."""
    return np.where(gone & ~np.isnan(last), last, np.where(touched < end, touched, np.nan))
