"""A small run written down by hand: two stages, two teams of one rep, seven leads, ten hours.

The warm-up is two hours. Every number the tests expect can be read off this table (hours)::

    lead   created  call                         sell
    web-1  0        0-1, advanced                1-5: waits 1, worked on 2-4, decides 1; won
    web-2  1        1-2, lost: no_budget
    web-3  3        3-4, advanced                4-6: worked on 4-6; won
    web-4  3        3-5: waits 1; no_budget      (never ready to buy)
    web-5  8        8-9, advanced                9-: worked on, open
    web-6  9        9, rejected
    web-7  9.5      9.5-: waits, open
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

import funnelsim as fs
from funnelsim.model import records as rec
from funnelsim.model.compile import compile_model
from funnelsim.model.model import Model
from funnelsim.scenario.forms.quantities import HOUR

NO_BUDGET = len(rec.FIXED_OUTCOMES)
OPEN = -1


def us(hours: float) -> int:
    """Microseconds; -1 stays -1."""
    return -1 if hours == -1 else round(hours * HOUR)


TEXT = """
funnelsim: 1
name: 見本 & sample
start: 2026-04-01
horizon: 10 h
warmup: 2 h
sources: {web: {rate: 1 / h}}
teams:
  inside: {queue: fifo, label: Inside}
  field: {queue: fifo, label: Field}
stages:
  call: {team: inside, effort: 1 h, convert: 0.5, otherwise: no_budget, label: 電話}
  sell: {team: field, effort: 2 h, otherwise: no_budget, label: Selling}
"""


@cache
def compiled(text: str = TEXT) -> Model:
    """The model of a scenario."""
    return compile_model(fs.Scenario.from_text(text))


def model(**changes: Any) -> Model:
    """The model of the sample; ``changes`` replace its fields, those of its scenario by ``spec_`` names."""
    whole = compiled()
    written = {name: changes.pop(name) for name in [*changes] if name.startswith("spec_")}
    spec = whole.spec.model_copy(update={name.removeprefix("spec_"): value for name, value in written.items()})
    return replace(whole, **({"spec": spec, "fingerprint": "abc"} | changes))


def _leads() -> rec.Leads:
    rows = [  # created, ended, outcome, value, booked, first touch, faces, readiness
        (0, 5, rec.WON, 1000, 1000, 0, 2, rec.READY),
        (1, 2, NO_BUDGET, 50, 0, 1, 1, rec.READY),
        (3, 6, rec.WON, 3000, 3000, 3, 2, rec.READY),
        (3, 5, NO_BUDGET, 200, 0, 4, 1, rec.NEVER_READY),
        (8, -1, OPEN, 500, 0, 8, 2, rec.READY),
        (9, 9, rec.REJECTED, 0, 0, -1, 0, rec.READY),
        (9.5, -1, OPEN, 100, 0, -1, 0, rec.READY),
    ]
    return rec.table(
        rec.Leads,
        [
            (
                0, number, 0, rec.NEW, -1, 0, 0, -1, us(created), us(ended), outcome, value * 100, booked * 100,
                us(touch), us(touch - created) if touch >= 0 else -1, faces, readiness, 0.5, 0.25, -1,
            )
            for number, (created, ended, outcome, value, booked, touch, faces, readiness) in enumerate(rows, 1)
        ],
    )  # fmt: skip


def _visits() -> rec.Visits:
    rows = [  # lead, stage, entered, first touch, left, outcome, wait, busy, buyer
        (0, 0, 0, 0, 1, rec.ADVANCED, 0, 1, 0),
        (0, 1, 1, 2, 5, rec.ADVANCED, 1, 2, 1),
        (1, 0, 1, 1, 2, NO_BUDGET, 0, 1, 0),
        (2, 0, 3, 3, 4, rec.ADVANCED, 0, 1, 0),
        (2, 1, 4, 4, 6, rec.ADVANCED, 0, 2, 0),
        (3, 0, 3, 4, 5, NO_BUDGET, 1, 1, 0),
        (4, 0, 8, 8, 9, rec.ADVANCED, 0, 1, 0),
        (4, 1, 9, 9, -1, OPEN, 0, 1, 0),
        (5, 0, 9, -1, 9, rec.REJECTED, 0, 0, 0),
        (6, 0, 9.5, -1, -1, OPEN, 0.5, 0, 0),
    ]
    return rec.table(
        rec.Visits,
        [
            (
                lead, stage, 1, stage, stage if touch >= 0 else -1, us(entered), us(touch), us(left), outcome,
                us(wait), us(wait), us(busy), us(busy), 0, us(buyer), 0, 0, -1, 0, 0, 1.0,
            )
            for lead, stage, entered, touch, left, outcome, wait, busy, buyer in rows
        ],
    )  # fmt: skip


def _hours(*rows: tuple[float, ...]) -> rec.Ints:
    return np.array([[us(value) for value in row] for row in rows], dtype=np.int64)


def records(replication: int = 0) -> rec.Records:
    """The records of the sample, with its event log."""
    queue = _hours((0, 1), (1.5, 0))
    last = np.array([[0, 1], [1, 0]])
    return rec.Records(
        replication=replication,
        visits=_visits(),
        leads=_leads(),
        reps=rec.table(
            rec.Reps,
            [
                (0, 0, 0, 0, -1, us(10), us(5), 0, 0.0, 1.0),
                (1, 0, 0, 0, -1, us(10), us(5), 0, 0.0, 1.0),
            ],
        ),
        series=rec.Series(
            wip=_hours((2, 1), (4.5, 6)),
            queue=queue,
            wip_last=np.array([[1, 1], [1, 1]]),
            queue_last=last,
            team_queue=queue,
            team_queue_open=queue,
            team_queue_last=last,
            team_busy=_hours((2, 0), (3, 5)),
            team_filler=_hours((0, 0), (0, 0)),
            team_open=_hours((2, 2), (8, 8)),
            team_headcount=_hours((2, 2), (8, 8)),
            arr_last=np.zeros(2, dtype=np.int64),
            customers_last=np.zeros(2, dtype=np.int64),
        ),
        waits=rec.Waits(number=np.array([[2, 1], [4, 2]]), total=queue, total_open=queue),
        events=_events(),
    )


def _events() -> rec.Events:
    rows = [  # time, lead, stage, kind, rep, outcome
        (0, 0, -1, rec.CREATED, -1, -1),
        (0, 0, 0, rec.ENTERED, -1, -1),
        (0, 0, 0, rec.QUEUED, -1, -1),
        (0, 0, 0, rec.STARTED, 0, -1),
        (1, 0, 0, rec.COMPLETED, 0, -1),
        (1, 0, 0, rec.LEFT, 0, rec.ADVANCED),
        (1, 0, 1, rec.ENTERED, -1, -1),
        (1, 0, 1, rec.QUEUED, -1, -1),
        (2, 0, 1, rec.STARTED, 1, -1),
        (4, 0, 1, rec.COMPLETED, 1, -1),
        (5, 0, -1, rec.FINISHED, -1, rec.WON),
        (5, 0, 1, rec.LEFT, 1, rec.ADVANCED),
        (9, 5, -1, rec.CREATED, -1, -1),
        (9, 5, 0, rec.ENTERED, -1, -1),
        (9, 5, 0, rec.LEFT, -1, rec.REJECTED),
        (9, 5, -1, rec.FINISHED, -1, rec.REJECTED),
    ]
    return rec.table(rec.Events, [(us(time), *rest) for time, *rest in rows])


def empty(replication: int = 0) -> rec.Records:
    """A run of the same model in which nothing came."""
    still = np.zeros((2, 2), dtype=np.int64)
    busy = records(replication)
    idle = busy.reps._replace(busy=np.zeros(2, dtype=np.int64))
    series = rec.Series(*[still for _ in rec.Series._fields])
    return rec.Records(
        replication=replication,
        visits=rec.table(rec.Visits, []),
        leads=rec.table(rec.Leads, []),
        reps=idle,
        series=series._replace(
            team_open=busy.series.team_open,
            team_headcount=busy.series.team_headcount,
            arr_last=busy.series.arr_last,
            customers_last=busy.series.customers_last,
        ),
        waits=rec.Waits(still, still, still),
        events=rec.table(rec.Events, []),
    )
