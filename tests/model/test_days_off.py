"""Days off of calendars and teams, once and every year, in the opening hours of several years."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.model.compile import compile_model
from funnelsim.model.time.calendars import DAY, next_open, open_between
from funnelsim.scenario import Scenario
from funnelsim.scenario.forms.quantities import Yearly

HOUR = DAY // 24
START = dt.date(2026, 12, 1)


def company(closed: list[Any] | None = None, dates: list[Any] | None = None, days: str = "mon-sun") -> Scenario:
    return Scenario.from_dict(
        {
            "start": START.isoformat(),
            "horizon": "5 y",
            "calendars": {"office": {"days": days, "hours": "09:00-17:00", "closed": closed or []}},
            "sources": {"web": {"rate": "1 / d"}},
            "teams": {"desk": {"queue": "fifo", "absence": {"dates": dates or []}}},
            "stages": {"serve": {"team": "desk", "effort": "1 h"}},
        }
    )


def closed_days(scenario: Scenario) -> set[dt.date]:
    """The days of five years on which nobody of the team works."""
    model = compile_model(scenario)
    row = int(model.tables.teams.calendar[0])
    table = model.tables.calendars
    days = range(int(5 * 365.25))
    shut = [day for day in days if not open_between(table, row, day * DAY, (day + 1) * DAY)]
    for day in set(days) - set(shut):
        assert open_between(table, row, day * DAY, (day + 1) * DAY) == 8 * HOUR
    return {START + dt.timedelta(day) for day in shut}


def days_of(*spans: tuple[str, str]) -> set[dt.date]:
    """All days of some spans within the five years."""
    every = set()
    for first, last in spans:
        day = dt.date.fromisoformat(first)
        while day <= dt.date.fromisoformat(last):
            every.add(day)
            day += dt.timedelta(1)
    last_day = START + dt.timedelta(int(5 * 365.25) - 1)
    return {day for day in every if START <= day <= last_day}


CASES = [
    (["2027-08-10"], [("2027-08-10", "2027-08-10")]),
    (["2027-08-10..2027-08-14"], [("2027-08-10", "2027-08-14")]),
    ([{"from": "2027-08-10", "to": "2027-08-14"}], [("2027-08-10", "2027-08-14")]),
    (["2027-12-29..2028-01-03"], [("2027-12-29", "2028-01-03")]),
    (["01-01"], [(f"{year}-01-01", f"{year}-01-01") for year in range(2026, 2032)]),
    (["08-10..08-14"], [(f"{year}-08-10", f"{year}-08-14") for year in range(2026, 2032)]),
    (["12-29..01-03"], [(f"{year}-12-29", f"{year + 1}-01-03") for year in range(2025, 2032)]),
    ([{"from": "12-29", "to": "01-03"}], [(f"{year}-12-29", f"{year + 1}-01-03") for year in range(2025, 2032)]),
    (["02-29"], [("2028-02-29", "2028-02-29")]),
    (
        ["02-27..02-29"],
        [(f"{year}-02-27", "2028-02-29" if year == 2028 else f"{year}-02-28") for year in range(2027, 2032)],
    ),
    (
        ["02-29..03-02"],
        [("2028-02-29" if year == 2028 else f"{year}-03-01", f"{year}-03-02") for year in range(2027, 2032)],
    ),
    (
        ["12-29..01-03", "2027-01-02..2027-01-06", "2027-08-10"],
        [
            *((f"{year}-12-29", f"{year + 1}-01-03") for year in range(2025, 2032)),
            ("2027-01-02", "2027-01-06"),
            ("2027-08-10", "2027-08-10"),
        ],
    ),
]


@pytest.mark.parametrize(("written", "spans"), CASES, ids=str)
def test_closed_days_of_a_calendar(written: list[Any], spans: list[tuple[str, str]]) -> None:
    assert closed_days(company(closed=written)) == days_of(*spans)


@pytest.mark.parametrize(("written", "spans"), CASES, ids=str)
def test_days_off_of_a_team(written: list[Any], spans: list[tuple[str, str]]) -> None:
    scenario = company(dates=written)
    model = compile_model(scenario)
    table, shut = model.tables.calendars, days_of(*spans)
    rows = [row for row in range(len(table.offset) - 1) if table.offset[row + 1] - table.offset[row] > 1]
    off = [
        {
            START + dt.timedelta(day)
            for day in range(int(5 * 365.25))
            if not open_between(table, row, day * DAY, (day + 1) * DAY)
        }
        for row in rows
    ]
    assert shut in off, "no row of calendars is closed on just these days"
    assert set() in off, "the calendar itself has no days off"


def test_a_calendar_that_opens_late_is_no_endless_one() -> None:
    """What is left of a calendar around the clock can be a single interval, and closes all the same."""
    document = company().document
    document["calendars"] = {"office": {"closed": ["2000-01-01..2026-12-31"]}}
    model = compile_model(Scenario.from_dict(document))
    row = int(model.tables.teams.calendar[0])
    assert next_open(model.tables.calendars, row, 0) == 31 * DAY


def test_the_same_days_are_the_same_scenario() -> None:
    once = company(closed=["2027-08-10"])
    assert once.fingerprint == company(closed=["2027-08-10..2027-08-10"]).fingerprint
    assert once.fingerprint != company(closed=["08-10"]).fingerprint


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("2027-08-14..2027-08-10", "`from <= to` must hold"),
        ("12-29..2027-01-03", "the year is missing on one side"),
        ("02-30", "there is no such day in any year as '02-30'"),
        ("29-12..03-01", "there is no such day in any year as '29-12'; the month stands first"),
        ("2027-02-29", "there is no such date"),
        ("12/29〜1/3", "write 12-29..01-03"),
        ("12/29-1/3", "write 12-29..01-03"),
        ("12月29日〜1月3日", "write 12-29..01-03"),
        ("1月1日", "write 01-01"),
        ("1/1", "write 01-01"),
        ("12-29 to 01-03", "write 12-29..01-03"),
        ("2027-08-10 - 2027-08-14", "write 2027-08-10..2027-08-14"),
        ("2027/8/10〜2027/8/14", "write 2027-08-10..2027-08-14"),
        ("2027年8月10日から2027年8月14日まで", "write 2027-08-10..2027-08-14"),
        ("summer", "expected a date such as 2026-04-01"),
    ],
)
def test_days_off_refused(written: str, message: str) -> None:
    for fields in ({"closed": [written]}, {"dates": [written]}):
        with pytest.raises(ScenarioError) as caught:
            company(**fields)  # type: ignore[arg-type]
        assert message in str(caught.value)


def test_one_value_in_place_of_a_list() -> None:
    with pytest.raises(ScenarioError, match=r"expected a list, found '12-29\.\.01-03'; write \[12-29\.\.01-03\]"):
        company(closed="12-29..01-03")  # type: ignore[arg-type]


def test_a_calendar_closed_all_the_year_is_refused() -> None:
    with pytest.raises(ScenarioError, match="closed on every day of the year"):
        company(closed=["01-01..06-30", "07-01..12-31"])
    company(closed=["01-01..06-30", "07-02..12-31"])


def test_a_leap_day_alone() -> None:
    day = Yearly((2, 29), (2, 29))
    assert [year for year in range(1996, 2030) if day.of(year)] == [
        1996,
        2000,
        2004,
        2008,
        2012,
        2016,
        2020,
        2024,
        2028,
    ]
    assert Yearly((2, 29), (2, 29)).of(1900) is None
