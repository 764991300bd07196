"""What a rate in a calendar amounts to, on a day and in an hour on which leads come."""

from __future__ import annotations

from typing import Any

import pytest

import funnelsim as fs
from funnelsim.model.balance.inflow import Inflow, inflows
from funnelsim.model.balance.loads import expected
from funnelsim.model.compile import compile_model


def inflow(source: dict[str, Any], hours: str = "08:00-18:00", days: str = "mon-sun") -> Inflow:
    made = {
        "start": "2026-01-05",
        "horizon": "364 d",
        "calendars": {"open": {"days": days, "hours": hours}},
        "sources": {"boxes": source},
        "teams": {"desk": {"headcount": 9, "queue": "fifo"}},
        "stages": {"work": {"team": "desk", "effort": "1 min"}},
    }
    return inflows(compile_model(fs.Scenario.from_dict(made)))["boxes"]


def test_a_rate_an_hour_comes_within_the_open_hours() -> None:
    """Five an hour around the clock are 120 a day, and so twelve in each of ten open hours."""
    found = inflow({"rate": "5 / h", "calendar": "open"})
    assert (found.per_day, found.per_hour) == (pytest.approx(120), pytest.approx(12))
    assert found.per_month == pytest.approx(120 * 365.25 / 12)


def test_what_week_ends_leave_out_comes_on_working_days() -> None:
    found = inflow({"rate": "5 / h", "calendar": "open", "batch": 2}, days="mon-fri")
    assert (found.per_day, found.per_hour) == (pytest.approx(336), pytest.approx(33.6))


def test_without_a_calendar_each_hour_is_one() -> None:
    found = inflow({"rate": "5 / h"})
    assert (found.per_day, found.per_hour, found.scaled) == (pytest.approx(120), pytest.approx(5), {})


def test_what_factors_are_divided_by() -> None:
    found = inflow({"rate": "5 / h", "pattern": {"hour": {"9-17": 3}, "weekday": [1, 1, 1, 1, 1, 0, 0]}})
    assert found.scaled == {"hour": pytest.approx(40 / 24), "weekday": pytest.approx(5 / 7)}
    assert inflow({"rate": "5 / h", "pattern": {"weekday": [1.4, 1.4, 1.4, 1.4, 1.4, 0, 0]}}).scaled == {}


@pytest.mark.parametrize(
    ("source", "calendar"),
    [
        ({"rate": "300 / mo"}, {"holidays": "JP", "closed": ["12-29..01-03"]}),
        ({"rate": "15 / bd"}, {"holidays": "JP"}),
        ({"rate": "300 / mo", "batch": 2}, {"closed": ["2026-08-01..2026-08-31"]}),
        ({"every": {"dist": "exponential", "mean": "40 min"}}, {"holidays": "JP"}),
        ({"rate": "300 / mo"}, {}),
    ],
)
def test_the_expected_flow_is_of_the_leads_that_come(source: dict[str, Any], calendar: dict[str, Any]) -> None:
    """Within four standard errors of the number of those that were made, and as the table of sources says."""
    made = {
        "start": "2026-01-05",
        "horizon": "364 d",
        "calendars": {"office": {"days": "mon-fri", "hours": "09:00-18:00", **calendar}},
        "sources": {"web": {**source, "calendar": "office"}},
        "teams": {"desk": {"headcount": 9, "queue": "fifo"}},
        "stages": {"work": {"team": "desk", "effort": "1 min"}},
    }
    scenario = fs.Scenario.from_dict(made)
    model = compile_model(scenario)
    loads = expected(model)
    assert loads is not None
    assert loads.arriving == pytest.approx(loads.visits["work"])
    shown = inflows(model)
    if shown:
        assert shown["web"].per_month == pytest.approx(loads.arriving, rel=1e-6)
        assert (shown["web"].lost > 0.02) == (bool(calendar) and "bd" not in source["rate"])
    created = fs.simulate(scenario, replications=4, engine="simpy").kpis.loc["created", "mean"]
    whole = loads.arriving * 364 / (365.25 / 12)
    assert abs(created - whole) < 4 * (whole * source.get("batch", 1) / 4) ** 0.5
