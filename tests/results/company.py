"""Two years of a small company written down by hand: eight leads, six customers, two teams.

Days count from 1 January 2026; the warm-up ends on day 181 (1 July), the first phase begins on day 365. A customer
who pays 365.25 a year pays 1 a day. Every number the tests expect follows from these tables::

    lead   origin     created  ended  outcome  value     booked
    0      new        31       59     won       7305      7305    customer 2
    1      new        191      221    won       8000      7305    customer 3: 20 a day
    2      new        243      348    won      10957.50  10957.50 customer 4: 30 a day, over-promised
    3      expansion  396      406    won       3652.50   3652.50 of customer 2: 10 a day more
    4      expansion  485      504    expired   1000               of customer 0, never touched
    5      new        627             open      5000
    6      new        516      525    lost      2000
    7      new        304      353    won       1461      1461    customer 5: 4 a day, never live

    customers 0 and 1 are of the start and pay 10 a day; customer 1 churns on day 546, customer 4 on day 424;
    customer 3 pays 1000 a year less from day 638.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from funnelsim.model import records as rec
from funnelsim.model.model import Model
from funnelsim.scenario.forms.quantities import MICROSECONDS

from . import samples

DAY = MICROSECONDS["d"]
NEVER_PAID = -2
EDGES = (0, 90, 181, 273, 365, 455, 546, 638, 730)
SELL, ONBOARD, UPSELL = range(3)
SALES, CARE = range(2)

TEXT = """
funnelsim: 1
name: Company
start: 2026-01-01
horizon: 2 y
warmup: 6 mo
gross_margin: 0.8
costs: {crm: 30 / d}
opening: {customers: 2}
sources: {web: {rate: 1 / mo, cost: 100}}
teams:
  sales:
    {headcount: 2, queue: fifo, quota: 10_000,
     cost: {salary: 200 / d, commission: {rate: 0.1, above_quota: 0.2}}}
  care: {headcount: 1, queue: fifo, cost: {salary: 100 / d, commission: 0.05}}
stages:
  sell: {team: sales, effort: 1 h, sla: 1 d, books: true}
  onboard: {team: care, effort: 1 h}
  upsell: {aside: true, team: care, effort: 1 h, decay: {half_life: 10 d}, books: true}
customers: {team: care, care: {every: 30 d, effort: 1 h}}
phases:
  - {from: 2027-01-01, change: {teams.sales.cost.salary: 250 / d, sources.web.cost: 150, gross_margin: 0.9}}
"""


def us(days: float) -> int:
    """Microseconds; negative numbers, which say that there is none, stay."""
    return round(days * DAY) if days >= 0 else int(days)


def model(text: str = TEXT, edges: tuple[int, ...] = EDGES) -> Model:
    """The model, with quarters for bins."""
    return replace(samples.compiled(text), edges=np.array([us(day) for day in edges]))


def _leads() -> rec.Leads:
    rows = [  # origin, created, ended, outcome, value, booked, first touch, customer
        (rec.NEW, 31, 59, rec.WON, 7305, 7305, 31, -1),
        (rec.NEW, 191, 221, rec.WON, 8000, 7305, 191.5, -1),
        (rec.NEW, 243, 348, rec.WON, 10957.5, 10957.5, 245, -1),
        (rec.EXPANSION, 396, 406, rec.WON, 3652.5, 3652.5, 401, 2),
        (rec.EXPANSION, 485, 504, rec.EXPIRED, 1000, 0, -1, 0),
        (rec.NEW, 627, -1, -1, 5000, 0, -1, -1),
        (rec.NEW, 516, 525, len(rec.FIXED_OUTCOMES), 2000, 0, 516, -1),
        (rec.NEW, 304, 353, rec.WON, 1461, 1461, 305, -1),
    ]
    return rec.table(
        rec.Leads,
        [
            (
                0, number, 0, origin, -1, 0, 0, -1, us(created), us(ended), outcome, round(value * 100),
                round(booked * 100), us(touch), 0, 1, rec.READY, 0.0, 0.0, customer,
            )
            for number, (origin, created, ended, outcome, value, booked, touch, customer) in enumerate(rows, 1)
        ],
    )  # fmt: skip


def _visits() -> rec.Visits:
    lost, won = len(rec.FIXED_OUTCOMES), rec.ADVANCED
    rows = [  # lead, stage, entered, first touch, left, outcome, wait; hours busy, hours given; context
        (0, SELL, 31, 31, 59, won, 0, 9, 0, 1.0),
        (1, SELL, 191, 191.5, 221, won, 0.5, 10, 0, 1.0),
        (1, ONBOARD, 221, 222, 231, won, 1, 6, 2, 0.5),
        (2, SELL, 243, 245, 348, won, 2, 10, 0, 1.0),
        (2, ONBOARD, 348, 349, 368, won, 1, 4, 0, 1.0),
        (3, UPSELL, 396, 401, 406, won, 5, 4, 0, 1.0),
        (4, UPSELL, 485, -1, 504, rec.EXPIRED, 19, 0, 0, 1.0),
        (5, SELL, 627, -1, -1, -1, 103, 0, 0, 1.0),
        (6, SELL, 516, 516, 525, lost, 0, 5, 0, 1.0),
        (7, SELL, 304, 305, 353, won, 1, 5, 0, 1.0),
        (7, ONBOARD, 353, -1, -1, -1, 377, 0, 0, 1.0),
    ]
    hour = MICROSECONDS["h"]
    return rec.table(
        rec.Visits,
        [
            (
                lead, stage, 1, SALES if stage == SELL else CARE, stage if touch >= 0 else -1, us(entered),
                us(touch), us(left), outcome, us(wait), us(wait), busy * hour, busy * hour, 0, 0, 0, 0,
                SALES if given else -1, 0, given * hour, context,
            )
            for lead, stage, entered, touch, left, outcome, wait, busy, given, context in rows
        ],
    )  # fmt: skip


def _customers() -> rec.Customers:
    rows = [  # lead, number, since, live, ended, first arr, arr, promised, paid, health
        (-1, 1, 0, 0, -1, 3652.5, 3652.5, 0, 0, 0.5),
        (-1, 2, 0, 0, 546, 3652.5, 3652.5, 0, 0, 0.1),
        (0, 0, 59, 70, -1, 7305, 10957.5, 0, 200, 0.7),
        (1, 0, 221, 231, -1, 7305, 6305, 0, 251, 0.9),
        (2, 0, 348, 368, 424, 10957.5, 10957.5, 1, NEVER_PAID, 0.2),
        (7, 0, 353, -1, -1, 1461, 1461, 0, -1, 1.0),
    ]
    return rec.table(
        rec.Customers,
        [
            (
                lead, number, 0, -1, us(since), us(live), us(ended), round(first * 100), round(arr * 100),
                promised, 0, -1, 1, 0, 0, 0, 0, 0, 0, 0, us(paid), health,
            )
            for lead, number, since, live, ended, first, arr, promised, paid, health in rows
        ],
    )  # fmt: skip


def _moves() -> rec.Moves:
    rows = [
        (0, 0, rec.OPENING, 3652.5),
        (0, 1, rec.OPENING, 3652.5),
        (59, 2, rec.NEW_ARR, 7305),
        (221, 3, rec.NEW_ARR, 7305),
        (348, 4, rec.NEW_ARR, 10957.5),
        (353, 5, rec.NEW_ARR, 1461),
        (406, 2, rec.EXPANDED, 3652.5),
        (424, 4, rec.CHURNED, 10957.5),
        (546, 1, rec.CHURNED, 3652.5),
        (638, 3, rec.CONTRACTED, 1000),
    ]
    return rec.table(
        rec.Moves, [(us(day), customer, kind, round(amount * 100)) for day, customer, kind, amount in rows]
    )


def _tasks() -> rec.Tasks:
    care, complaint = 0, 2
    rows = [  # customer, kind, ready, due, started, ended, busy in hours
        (0, care, 171, 201, 263, 264, 4),  # missed on days 201, 231 and 261
        (2, care, 300, 330, 310, 310, 0),
        (2, care, 330, 360, 365, 365, 0),  # missed on day 360
        (2, complaint, 400, 401, 400, 400.5, 0),
        (2, complaint, 410, 411, 411, 412, 0),
        (1, care, 530, 560, -1, -1, 0),  # withdrawn: the customer churns on day 546
        (1, complaint, 545.5, 546.5, -1, -1, 0),
        (0, care, 700, 730, -1, -1, 0),
        (0, complaint, 729.5, 730.5, -1, -1, 0),
    ]
    hour = MICROSECONDS["h"]
    return rec.table(
        rec.Tasks,
        [
            (
                customer, kind, CARE, 2 if started >= 0 else -1, us(ready), us(due), us(started), us(ended),
                busy * hour, busy * hour,
            )
            for customer, kind, ready, due, started, ended, busy in rows
        ],
    )  # fmt: skip


def records(edges: tuple[int, ...] = EDGES) -> rec.Records:
    """The two years."""
    bins = len(edges) - 1
    stages, teams = np.zeros((bins, 3), dtype=np.int64), np.zeros((bins, 2), dtype=np.int64)
    widths = np.diff([us(day) for day in edges])
    by_stage = dict.fromkeys(("wip", "queue", "wip_last", "queue_last"), stages)
    rest = {name: teams for name in rec.Series._fields if name not in by_stage}
    series = rec.Series(**by_stage, **rest)._replace(
        team_headcount=np.outer(widths, [2, 1]),
        team_open=np.outer(widths, [2, 1]),
        arr_last=np.zeros(bins, dtype=np.int64),
        customers_last=np.zeros(bins, dtype=np.int64),
    )
    return rec.Records(
        replication=0,
        visits=_visits(),
        leads=_leads(),
        reps=rec.table(
            rec.Reps, [(team, seat, 0, 0, -1, us(730), 0, 0, 0.0, 1.0) for team, seat in ((0, 0), (0, 1), (1, 0))]
        ),
        series=series,
        waits=rec.Waits(teams, teams, teams),
        customers=_customers(),
        moves=_moves(),
        tasks=_tasks(),
    )
