"""How single values may be written, and what is said of those that may not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelsim.errors import ScenarioError
from funnelsim.scenario import Scenario
from funnelsim.scenario.forms.quantities import (
    HOUR,
    MICROSECONDS,
    ByKind,
    Condition,
    Dist,
    Duration,
    Rate,
    Steps,
    constant,
)

DAY = 24.0 * HOUR


def scenario(path: str, value: Any) -> Scenario:
    """A small scenario with one value set."""
    document: dict[str, Any] = {
        "horizon": "1 y",
        "segments": {"small": {}, "large": {}},
        "territories": {"east": 1, "west": 1},
        "calendars": {"office": {}},
        "sources": {"web": {"rate": "1 / d"}},
        "teams": {"sales": {"queue": {"rule": "fifo"}}, "desk": {"queue": "fifo"}},
        "stages": {"first": {"team": "desk", "effort": "1 h"}, "sell": {"team": "sales"}},
    }
    *parents, last = path.split(".")
    place = document
    for key in parents:
        place = place.setdefault(key, {})
    place[last] = value
    return Scenario.from_dict(document)


def read(path: str, value: Any) -> Any:
    """The typed value of what is written at a path."""
    found: Any = scenario(path, value).spec
    for key in path.split("."):
        found = (
            found[key]
            if isinstance(found, dict)
            else getattr(found, {"yield": "yield_", "with": "with_"}.get(key, key))
        )
    return found


def refusal(path: str, value: Any) -> str:
    """What is said of a value that is wrong."""
    with pytest.raises(ScenarioError) as caught:
        scenario(path, value)
    assert all(problem.path.startswith(path.split(".")[0]) for problem in caught.value.problems)
    return str(caught.value)


STAGE, TEAM, SOURCE = "stages.sell", "teams.sales", "sources.web"


@pytest.mark.parametrize(
    ("path", "written", "value"),
    [
        ("horizon", "2 y", Duration(2, "y")),
        ("horizon", "1_000 d", Duration(1000, "d")),
        ("gross_margin", "78 %", 0.78),
        ("start", "2026-04-01", dt.date(2026, 4, 1)),
        ("costs", {"crm": "50_000 / mo"}, (("crm", Rate(50_000, "mo")),)),
        (f"{SOURCE}.growth", "-5 %", -0.05),
        (f"{SOURCE}.rate", "2 / h", Rate(2, "h")),
        (f"{SOURCE}.rate", "2/h", Rate(2, "h")),
        (f"{SOURCE}.to", "sell", ByKind("sell")),
        (f"{SOURCE}.to", {"large": "sell"}, ByKind(None, (("large", "sell"),))),
        (f"{SOURCE}.mix", {"small": 2, "large": 1}, (("small", 2.0), ("large", 1.0))),
        (f"{TEAM}.headcount", 5, Steps(((None, 5),))),
        (
            f"{TEAM}.headcount",
            {"2026-10-01": 7, "2026-04-01": 5},
            Steps(((dt.date(2026, 4, 1), 5), (dt.date(2026, 10, 1), 7))),
        ),
        (f"{TEAM}.attrition", "0.25 / y", 0.25),
        (f"{TEAM}.attrition", "25 %", 0.25),
        (f"{TEAM}.queue.rule", "lifo", (("lifo", 1.0),)),
        (f"{TEAM}.serves", {"east": 1}, (("east", 1),)),
        (f"{STAGE}.team", ["sales", "desk"], ByKind(("sales", "desk"))),
        (f"{STAGE}.team", {"large": "sales", "else": None}, ByKind((), (("large", ("sales",)),))),
        (f"{STAGE}.effort", "12 min", ByKind(constant(HOUR / 5, "us"))),
        (f"{STAGE}.effort", "2 bd", ByKind(constant(2.0, "bd"))),
        (
            f"{STAGE}.effort",
            {"small": "1 h", "else": "2 h"},
            ByKind(constant(2.0 * HOUR, "us"), (("small", constant(1.0 * HOUR, "us")),)),
        ),
        (f"{STAGE}.gap", {"web": "1 d"}, ByKind(constant(0.0, "us"), (("web", constant(DAY, "us")),))),
        (f"{STAGE}.convert", {"expansion": 0.5, "else": 0.2}, ByKind(0.2, (("expansion", 0.5),))),
        (f"{STAGE}.convert", {"east": 0.5}, ByKind(1.0, (("east", 0.5),))),
        (f"{STAGE}.timeout", {"small": None, "else": "30 d"}, ByKind(Duration(30, "d"), (("small", None),))),
        (f"{STAGE}.next", "first", ByKind((("first", 1.0),))),
        (f"{STAGE}.next", {"first": 0.2, "end": 0.8}, ByKind((("first", 0.2), ("end", 0.8)))),
        (
            f"{STAGE}.next",
            {"large": "first", "else": {"end": 1}},
            ByKind((("end", 1.0),), (("large", (("first", 1.0),)),)),
        ),
        (f"{STAGE}.otherwise", {"small": {"price": 1}}, ByKind((("lost", 1.0),), (("small", (("price", 1.0),)),))),
        (f"{STAGE}.at_most", 3, ByKind(3)),
        (f"{STAGE}.accept", {"segment": "large"}, (Condition(segment=frozenset({"large"})),)),
        (
            f"{STAGE}.accept",
            [{"source": ["web"], "value_below": 9}, {"origin": "referral"}],
            (Condition(source=frozenset({"web"}), value_below=9.0), Condition(origin=frozenset({"referral"}))),
        ),
        ("opening.leads", {"sell": 30}, (("sell", 30),)),
        ("customers.churn", "0.01 / mo", ByKind(Rate(0.01, "mo"))),
        ("territories", {"north": 1}, (("north", 1.0),)),
        ("calendars.office.days", "sat-mon", (True, False, False, False, False, True, True)),
        ("calendars.office.days", ["mon", "wed"], (True, False, True, False, False, False, False)),
        ("calendars.office.hours", "9:00-12:30", ((540, 750),)),
        ("calendars.office.hours", ["13:00-18:00", "09:00-12:00", "12:00-13:00"], ((540, 1080),)),
        ("sources.web.pattern.month", {"dec": 0.5}, (1.0,) * 11 + (0.5,)),
        ("sources.web.pattern.weekday", {"sat-sun": 0}, (1.0,) * 5 + (0.0,) * 2),
        ("sources.web.pattern.hour", {"9-12": 3}, (1.0,) * 9 + (3.0,) * 3 + (1.0,) * 12),
    ],
)
def test_written_and_read(path: str, written: Any, value: Any) -> None:
    assert read(path, written) == value


def test_short_forms_of_mappings() -> None:
    assert read(f"{TEAM}.queue", "fifo").rule == (("fifo", 1.0),)
    assert read(f"{TEAM}.queue", {"fifo": 0.6, "lifo": 0.4}).rule == (("fifo", 0.6), ("lifo", 0.4))
    assert read(f"{TEAM}.skill", 0.3).mean == 0.3
    assert read(f"{TEAM}.skill", [0.1, -0.2]).seats == (0.1, -0.2)
    assert read(f"{TEAM}.quota", 500_000).amount == 500_000
    both = read(f"{STAGE}.decision", {"dist": "exponential", "mean": "5 d"}).other
    assert both.advanced == both.lost == Dist("exponential", (("mean", 5 * DAY),), "us")
    assert read(f"{STAGE}.decision", {"advanced": "3 d"}).other.lost == constant(0.0, "us")
    assert read(f"{STAGE}.with", "desk").other.team == "desk"
    assert read("customers.expansion", "0.25 / y").other.rate == Rate(0.25, "y")
    assert read("customers.expansion", {"large": "0.5 / y"}).other.rate.amount == 0
    assert read(f"{SOURCE}.readiness", {"later": 0.3, "never": 0.2}).ready == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("path", "written", "message"),
    [
        ("horizon", 24, "found the bare number 24; a length of time needs a unit, one of s, min, h, d, w, mo, y"),
        ("horizon", "5 bd", "business days (bd) have no meaning here"),
        ("horizon", "-2 y", "must be above 0"),
        ("horizon", "2 years", "unknown unit 'years'"),
        ("horizon", "soon", "expected a length of time such as"),
        ("horizon", "5000 y", "at most 1000 years"),
        ("start", "2026-02-30", "there is no such date"),
        ("start", 20260401, "expected a date such as 2026-04-01"),
        ("gross_margin", 1.2, "expected a number at least 0 and at most 1, found 1.2"),
        ("gross_margin", "a lot", "found 'a lot'"),
        ("gross_margin", True, "found true"),
        ("revenue", "reccuring", "did you mean 'recurring'?"),
        (f"{SOURCE}.rate", 5, "found the bare number 5; a rate needs a unit of time: write '5 / mo' for a month"),
        (f"{SOURCE}.rate", "5 / month", "unknown unit 'month'"),
        (f"{SOURCE}.dispersion", 0.5, "at least 1"),
        (f"{SOURCE}.calendar", "ofice", "unknown calendar 'ofice'; did you mean 'office'?"),
        (f"{SOURCE}.to", "sel", "unknown stage 'sel'; did you mean 'sell'?"),
        (f"{SOURCE}.mix", {"smal": 1}, "unknown segment 'smal'; did you mean 'small'?"),
        (f"{TEAM}.headcount", 2.4, "expected a whole number"),
        (f"{TEAM}.headcount", 10**9, "at most 100,000"),
        (f"{TEAM}.headcount", {"soon": 2}, "expected a date such as"),
        (f"{TEAM}.serves", {"east": 5}, "`sum of serves <= headcount` must hold, but got (serves=5, headcount=1)"),
        (f"{TEAM}.queue", "fifoo", "did you mean 'fifo'?"),
        (f"{TEAM}.queue", {"fifo": 0.5, "lifoo": 0.5}, "did you mean 'lifo'?"),
        (f"{TEAM}.queue", None, "required"),
        (f"{TEAM}.routing", "least_load", "did you mean 'least_loaded'?"),
        (f"{STAGE}.team", "saels", "unknown team 'saels'; did you mean 'sales'?"),
        (
            f"{STAGE}.team",
            {"larg": "sales"},
            "unknown kind of lead (segment, territory, source or origin) 'larg'; did you mean 'large'?",
        ),
        (f"{STAGE}.convert", {"smal": 0.5, "else": 1}, "did you mean 'small'?"),
        (f"{STAGE}.convert", {"dist": "uniform"}, "unknown kind of lead"),
        (
            f"{STAGE}.effort",
            15,
            "needs a unit, one of s, min, h, bd: write '15 min' or '15 h'",
        ),
        (f"{STAGE}.effort", "3 d", "working time is given in s, min, h, bd, found the unit 'd'; write '3 bd'"),
        (f"{STAGE}.effort", {"dist": "lognormal", "median": "3 h", "sigma": -1}, "sigma"),
        (f"{STAGE}.gap", {"dist": "uniform", "low": "1 bd", "high": "3 d"}, "cannot be mixed"),
        (f"{STAGE}.decay", {"floor": 0.2}, "decay needs either half_life, or scale"),
        (f"{STAGE}.decay", {"half_life": "2 d", "scale": "2 d"}, "decay needs either half_life, or scale"),
        (f"{STAGE}.decay", {"half_life": "0 d"}, "above 0"),
        (f"{STAGE}.otherwise", "won", "is what a lead reaches by advancing"),
        (f"{STAGE}.next", {"first": -1}, "at least 0"),
        (f"{STAGE}.next", {"first": 0}, "at least one weight must be above 0"),
        (f"{STAGE}.accept", {"segmnt": "large"}, "unknown key 'segmnt'; did you mean 'segment'?"),
        (f"{STAGE}.accept", {"segment": ["large", "smal"]}, "did you mean 'small'?"),
        (f"{STAGE}.effrt", "2 h", "unknown key 'effrt'; did you mean 'effort'?"),
        (f"{STAGE}.with", {"team": "sales"}, "cannot join its own stage"),
        (f"{STAGE}.handoff", {"keeps": 2}, "at most 1"),
        (f"{STAGE}.books", "yes", "expected true or false, found 'yes'"),
        ("calendars.office.hours", "18:00-09:00", "write a night shift as [18:00-24:00, 00:00-09:00]"),
        ("calendars.office.hours", "9-17", "expected hours such as 09:00-12:00"),
        ("calendars.office.days", "monday", "write 'mon'"),
        ("calendars.office.holidays", "XX", "unknown country code"),
        ("calendars.office.holidays", "US-XX", "unknown subdivision of US"),
        ("calendars.office", {"week": {"mon": "9:00-17:00"}, "days": "mon"}, "give one or the other"),
        ("calendars.office", {"days": "mon", "hours": []}, "never open"),
        ("sources.web.pattern.month", [1, 2], "expected 12 numbers"),
        ("sources.web.pattern.weekday", [0] * 7, "at least one multiplier must be above 0"),
        ("milestones", {"mql": "sel"}, "did you mean 'sell'?"),
        ("limits", [{"stages": ["sel"], "wip": 3}], "did you mean 'sell'?"),
        ("phases", [{"from": "2026-05-01", "to": "2026-04-01"}], "`from < to` must hold"),
        ("funnelsim", 2, "expected 1, found 2"),
        ("customers.team", "desc", "did you mean 'desk'?"),
        ("customers.care", {"every": "1 mo", "effort": "1 h"}, "care needs the team that works it"),
        ("opening.leads", {"sel": 3}, "did you mean 'sell'?"),
        ("stages", None, "required"),
        ("stages", [], "expected a mapping of names"),
        ("horizn", "1 y", "unknown key 'horizn'; did you mean 'horizon'?"),
    ],
)
def test_refused(path: str, written: Any, message: str) -> None:
    assert message in refusal(path, written)


def test_all_problems_come_at_once_with_their_places() -> None:
    text = """\
horizon: 12
sources: {web: {rat: 2 / h}}
teams:
  desk: {headcont: 3, queue: fifoo}
stages:
  serve: {team: dsk, effort: {dist: gamma, mean: 1 h, cv: -1}, convert: 1.5}
"""
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_text(text)
    places = {problem.path: (problem.line, problem.column) for problem in caught.value.problems}
    assert places == {
        "horizon": (1, 10),
        "sources.web.rat": (2, 17),
        "teams.desk.headcont": (4, 10),
        "teams.desk.queue.rule": (4, 30),
        "stages.serve.team": (6, 17),
        "stages.serve.effort.cv": (6, 59),
        "stages.serve.convert": (6, 73),
    }


@given(st.floats(0, 1e6), st.sampled_from(sorted(MICROSECONDS)))
def test_durations_read_back(amount: float, unit: str) -> None:
    from funnelsim.scenario.forms.amounts import LONGEST, DurationForm
    from funnelsim.scenario.forms.base import NOBODY

    if amount * MICROSECONDS[unit] <= LONGEST:
        form = DurationForm()
        duration = form.read(form.write(amount, unit), NOBODY)
        assert duration == Duration(amount, unit)


def test_durations_count_microseconds() -> None:
    assert Duration(1.5, "h").microseconds == 5_400_000_000
    assert Duration(12, "mo").microseconds == Duration(1, "y").microseconds == 8766 * HOUR
    assert Duration(2, "bd").business
    with pytest.raises(ValueError, match="without a calendar"):
        _ = Duration(2, "bd").microseconds
