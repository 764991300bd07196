"""The laws hold for the sample, and each broken record is found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from funnelsim.errors import InvariantError
from funnelsim.model import records as rec
from funnelsim.results.conservation import check

from . import samples


def test_sound_records_pass() -> None:
    check(samples.records(), samples.model())
    check(samples.empty(), samples.model())


def _with(part: str, column: str, row: Any, value: int) -> rec.Records:
    """The sample with one number changed."""
    records = samples.records()
    table = getattr(records, part)
    changed = getattr(table, column).copy()
    changed[row] = value
    return records._replace(**{part: table._replace(**{column: changed})})


@pytest.mark.parametrize(
    ("part", "column", "row", "value", "said"),
    [
        ("leads", "outcome", 3, rec.ADVANCED, "0 opening, but 1 rejected \\+ 2 won \\+ 1 no_budget"),
        ("leads", "outcome", 3, 99, "7 leads created \\+ 0 opening"),
        ("leads", "outcome", 6, rec.WON, "an outcome but no end"),
        ("leads", "ended", 2, samples.us(2), "ended before they were created"),
        ("leads", "booked", 3, 100, "1.0 booked on leads that were not won"),
        ("visits", "outcome", 9, samples.NO_BUDGET, "stage call: 7 entered, but 7 left \\+ 1 are there"),
        ("visits", "entered", 1, samples.us(1.5), "do not begin when"),
        ("visits", "outcome", 8, -1, "1 ended leads still in one"),
        ("visits", "busy", 4, 0, "1 visits whose parts are not their time, first in sell: wait 0, busy 0"),
        ("visits", "wait_open", 4, 1, "longer in open hours"),
        ("series", "wip", (1, 0), 1, "in stage 7200000001, but their times add up to 23400000000"),
        ("series", "queue", (1, 0), 0, "stage call: area of leads waiting 0"),
        ("waits", "total", (1, 0), 0, "inside: area of its queue \\(elapsed\\) 5400000000, but waits add up to 0"),
        ("waits", "total_open", (0, 1), 5, "team field: area of its queue \\(open\\)"),
        ("series", "team_busy", (1, 1), 1, "team field: busy 1 in the series, but 18000000000 over its reps"),
        ("reps", "open", 0, 5, "1 reps worked longer"),
    ],
)  # fmt: skip
def test_each_breach_is_found(part: str, column: str, row: Any, value: int, said: str) -> None:
    with pytest.raises(InvariantError, match=said):
        check(_with(part, column, row, value), samples.model())


def test_all_breaches_are_told_at_once() -> None:
    records = _with("series", "wip", (1, 0), 1)
    records = records._replace(waits=records.waits._replace(total=np.zeros((2, 2), dtype=np.int64)))
    with pytest.raises(InvariantError, match=r"replication 0: stage call.*; team inside.*; team field"):
        check(records, samples.model())


def test_a_lead_from_before_the_start_is_counted_from_the_start() -> None:
    records = _with("leads", "created", 0, -samples.us(5))
    opening = records.leads.opening.copy()
    opening[0] = 1
    entered = records.visits.entered.copy()
    entered[0] = -samples.us(5)
    check(
        records._replace(
            leads=records.leads._replace(opening=opening), visits=records.visits._replace(entered=entered)
        ),
        samples.model(),
    )


def _with_customers() -> rec.Records:
    """The sample with the customers that its two won leads made; the second churned at 9 h."""
    records = samples.records()
    fields = {name: np.zeros(2, dtype=np.int64) for name in rec.Customers._fields}
    customers = rec.Customers(**fields)._replace(
        lead=np.array([0, 2]), ended=np.array([-1, samples.us(9)]), arr=np.array([100_000, 300_000])
    )
    moves = rec.table(
        rec.Moves,
        [
            (samples.us(5), 0, rec.NEW_ARR, 100_000),
            (samples.us(6), 1, rec.NEW_ARR, 300_000),
            (samples.us(9), 1, rec.CHURNED, 300_000),
        ],
    )
    series = records.series._replace(arr_last=np.array([0, 100_000]), customers_last=np.array([0, 1]))
    return records._replace(customers=customers, moves=moves, tasks=rec.table(rec.Tasks, []), series=series)


def test_sound_customers_pass() -> None:
    check(_with_customers(), samples.model())


@pytest.mark.parametrize(
    ("part", "column", "row", "value", "said"),
    [
        ("moves", "amount", 2, 299_999, "add up to 1000.01, but it closes at 1000.0; recurring revenue of 1 cust"),
        ("moves", "customer", 1, 0, "recurring revenue of 2 customers is not the sum"),
        ("series", "arr_last", 0, 5, "recurring revenue at the end of bin 0 is not"),
        ("moves", "time", 0, samples.us(1), "recurring revenue at the end of bin 0 is not"),
        ("customers", "arr", 0, 1, "recurring revenue of 1 customers"),
        ("customers", "ended", 0, 5, "0 customers have not churned, but 1 are counted"),
        ("customers", "lead", 1, 0, "not every customer was made"),
        ("customers", "lead", 1, 1, "not every customer was made"),
        ("visits", "outcome", 5, rec.CHURNED_IN_LINE, "1 visits were cut short, but not by the churn"),
        ("visits", "outcome", 4, -1, "1 customers have churned, but their leads are in the line"),
    ],
)
def test_each_breach_of_customers_is_found(part: str, column: str, row: int, value: int, said: str) -> None:
    records = _with_customers()
    table = getattr(records, part)
    changed = getattr(table, column).copy()
    changed[row] = value
    with pytest.raises(InvariantError, match=said):
        check(records._replace(**{part: table._replace(**{column: changed})}), samples.model())


def test_work_without_workers_is_found() -> None:
    records = _with_customers()
    task = rec.table(rec.Tasks, [(0, 0, 1, 1, 0, -1, 0, samples.us(3), samples.us(3), samples.us(3))])
    with pytest.raises(InvariantError, match="were worked on for 46800000000, but reps were busy for 36000000000"):
        check(records._replace(tasks=task), samples.model())
