"""Expected flow and load by hand-made balances."""

from __future__ import annotations

import math
from typing import Any

import pytest

from funnelsim.model.balance.loads import expected
from funnelsim.model.balance.team_load import Loads
from funnelsim.model.compile import compile_model
from funnelsim.scenario import Scenario

DAY_SHIFT = {"days": "mon-sun", "hours": ["09:00-17:00"]}


def balance(**parts: Any) -> Loads:
    """The loads of a scenario made of these parts."""
    found = found_for(**parts)
    assert found is not None
    return found


def found_for(**parts: Any) -> Loads | None:
    document = {"funnelsim": 1, "horizon": "2 y", **parts}
    return expected(compile_model(Scenario.from_dict(document)))


def test_single_station() -> None:
    loads = balance(
        sources={"web": {"rate": "2 / h"}},
        teams={"desk": {"headcount": 3, "queue": "fifo"}},
        stages={"serve": {"team": "desk", "effort": {"dist": "exponential", "mean": "1 h"}}},
    )
    assert loads.teams["desk"].load == pytest.approx(2 / 3)
    assert loads.visits == {"serve": pytest.approx(2 * 730.5)}
    assert loads.warnings == ()


def test_rework_multiplies_visits() -> None:
    """A lead comes back with probability 0.2 after each visit: 1 / (1 - 0.2) visits."""
    loads = balance(
        sources={"web": {"rate": "1 / h"}},
        teams={"desk": {"headcount": 2, "queue": "fifo"}},
        stages={
            "draft": {"team": "desk", "effort": "30 min"},
            "review": {"team": "desk", "effort": "6 min", "convert": 0.8, "otherwise": "draft"},
        },
    )
    assert loads.visits["draft"] == pytest.approx(730.5 / 0.8)
    assert loads.teams["desk"].load == pytest.approx((0.5 + 0.1) / 0.8 / 2)


def test_touches_share_speed_and_opening_hours() -> None:
    loads = balance(
        calendars={"day": DAY_SHIFT},
        sources={"web": {"rate": "1 / h"}},
        teams={"desk": {"headcount": 10, "queue": "fifo", "selling_share": 0.5, "speed": {"mean": 2, "sd": 0}}},
        stages={"call": {"team": "desk", "touches": 6.4, "effort": "12 min"}},
    )
    team = loads.teams["desk"]
    assert team.needed == pytest.approx(730.5 * 6.4 * 0.2 / 0.5 / 2)
    assert team.open == pytest.approx(10 * 730.5 / 3, rel=2e-3)


def test_business_days_are_as_long_as_the_team_is_open() -> None:
    loads = balance(
        calendars={"day": DAY_SHIFT},
        sources={"web": {"rate": "1 / d"}},
        teams={"desk": {"headcount": 3, "queue": "fifo"}},
        stages={"write": {"team": "desk", "effort": "1 bd"}},
    )
    assert loads.teams["desk"].needed == pytest.approx(730.5 / 24 * 8)


def test_handoff_asks_both_teams() -> None:
    loads = balance(
        sources={"web": {"rate": "1 / h"}},
        teams={"first": {"headcount": 1, "queue": "fifo"}, "second": {"headcount": 1, "queue": "fifo"}},
        stages={
            "call": {"team": "first", "effort": "6 min", "convert": 0.5},
            "meet": {
                "team": "second",
                "effort": "30 min",
                "handoff": {"dropout": 0.2, "give": "12 min", "take": "6 min", "joint": "3 min"},
            },
        },
    )
    passed = 0.5 * 0.8
    assert loads.visits["meet"] == pytest.approx(730.5 * 0.5)
    assert loads.teams["first"].load == pytest.approx(0.1 + passed * (0.2 + 0.05))
    assert loads.teams["second"].load == pytest.approx(passed * (0.5 + 0.1 + 0.05))


def test_joint_touches_ask_the_other_team_too() -> None:
    loads = balance(
        sources={"web": {"rate": "1 / h"}},
        teams={"own": {"headcount": 1, "queue": "fifo"}, "guest": {"headcount": 1, "queue": "fifo"}},
        stages={
            "all": {"team": "own", "touches": 2, "effort": "6 min", "with": {"team": "guest"}},
            "one": {"team": "own", "touches": 2, "effort": "6 min", "with": {"team": "guest", "touches": "first"}},
        },
    )
    assert loads.teams["own"].load == pytest.approx(0.4)
    assert loads.teams["guest"].load == pytest.approx(0.2 + 0.1)


def test_overflow_takes_what_the_first_team_cannot() -> None:
    loads = balance(
        sources={"web": {"rate": "3 / h"}},
        teams={"own": {"headcount": 2, "queue": "fifo"}, "bpo": {"headcount": 5, "queue": "fifo"}},
        stages={"call": {"team": ["own", "bpo"], "effort": "1 h"}},
    )
    assert loads.teams["own"].load == pytest.approx(1.0)
    assert loads.teams["bpo"].load == pytest.approx(1 / 5)


def test_gate_lets_in_the_share_above_a_value() -> None:
    """Values are lognormal with median 100 and sigma 1: P(value >= 100 e) = P(Z >= 1) = 0.1587."""
    loads = balance(
        segments={"all_sizes": {"value": {"dist": "lognormal", "median": 100, "sigma": 1}}},
        sources={"web": {"rate": "1 / h"}},
        teams={"desk": {"headcount": 1, "queue": "fifo"}},
        stages={"call": {"team": "desk", "effort": "1 h", "accept": {"value_at_least": 100 * math.e}}},
    )
    assert loads.teams["desk"].load == pytest.approx(0.1587, abs=0.01)


def test_values_by_kind_and_mix() -> None:
    loads = balance(
        segments={"small": {"share": 3}, "large": {"share": 1}},
        sources={"web": {"rate": "1 / h"}},
        teams={"desk": {"headcount": 1, "queue": "fifo"}, "kam": {"headcount": 1, "queue": "fifo"}},
        stages={
            "call": {"team": {"large": "kam", "else": "desk"}, "effort": {"small": "30 min", "else": "48 min"}},
        },
    )
    assert loads.teams["desk"].load == pytest.approx(0.75 * 0.5)
    assert loads.teams["kam"].load == pytest.approx(0.25 * 0.8)


def test_outbound_contacts_fill_idle_time() -> None:
    """Half of the team is free; each contact takes 6 min and 1 in 100 becomes a lead of 1 h for another team."""
    loads = balance(
        sources={
            "web": {"rate": "1 / h", "to": "call"},
            "list": {"team": "own", "effort": "6 min", "yield": 0.01, "to": "meet"},
        },
        teams={"own": {"headcount": 1, "queue": "fifo"}, "other": {"headcount": 1, "queue": "fifo"}},
        stages={
            "call": {"team": "own", "effort": "30 min", "next": "end"},
            "meet": {"team": "other", "effort": "1 h", "handoff": {"take": "1 h"}},
        },
    )
    assert loads.teams["own"].load == pytest.approx(0.5)
    assert loads.visits["meet"] == pytest.approx(730.5 * 0.5 / 0.1 * 0.01)
    assert loads.teams["other"].load == pytest.approx(0.5 / 0.1 * 0.01 * 2)


def test_customers_ask_for_care() -> None:
    """240 customers whose number holds, for no one comes and no one goes."""
    loads = balance(
        opening={"customers": 240},
        sources={"web": {"rate": "0 / h"}},
        teams={"cs": {"headcount": 1, "queue": "fifo"}},
        stages={"close": {"books": True}},
        customers={
            "team": "cs",
            "care": {"every": "1 mo", "effort": "1 h"},
            "complaint": {"rate": "1 / y", "effort": "2 h"},
        },
    )
    assert loads.teams["cs"].needed == pytest.approx(240 * (1 + 2 / 12))


def test_customers_settle_where_churn_balances_wins() -> None:
    """2 wins a month and 10 % churn a month: 20 customers, from 20 on."""
    loads = balance(
        opening={"customers": 20},
        sources={"web": {"rate": "2 / mo"}},
        teams={"cs": {"headcount": 1, "queue": "fifo"}},
        stages={"close": {"books": True}},
        customers={"team": "cs", "churn": "0.1 / mo", "care": {"every": "1 mo", "effort": "3 h"}},
    )
    assert loads.teams["cs"].needed == pytest.approx(60)


def test_growth_bursts_and_steps_of_headcount() -> None:
    loads = balance(
        start="2026-01-01",
        horizon="1 y",
        sources={
            "web": {"rate": "1 / h", "growth": 0.5, "bursts": [{"at": "2026-03-01", "leads": 876, "over": "1 d"}]}
        },
        teams={"desk": {"headcount": {"2026-01-01": 2, "2026-07-02": 4}, "queue": "fifo"}},
        stages={"call": {"team": "desk", "effort": "1 h"}},
    )
    grown = 0.5 / math.log(1.5)
    assert loads.teams["desk"].needed / 730.5 == pytest.approx(grown + 876 / 8760, rel=2e-3)
    assert loads.teams["desk"].open / 730.5 == pytest.approx(2 + 2 * 183 / 365, rel=1e-3)


def test_overload_is_named() -> None:
    loads = balance(
        sources={"web": {"rate": "3 / h"}},
        teams={"desk": {"headcount": 2, "queue": "fifo"}},
        stages={"call": {"team": "desk", "effort": "1 h"}},
    )
    assert loads.warnings == ("teams.desk: the expected load is 1.50, so its queues grow as long as it lasts",)


@pytest.mark.parametrize(("days", "there"), [(0, 1.0), (120, 1 - 120 / 365), (36.5, 0.9)])
def test_days_off_are_hours_that_nobody_is_there(days: float, there: float) -> None:
    loads = balance(
        sources={"web": {"rate": "1 / h"}},
        teams={"desk": {"headcount": 2, "queue": "fifo", "absence": {"days": days}}},
        stages={"call": {"team": "desk", "effort": "1 h"}},
    )
    assert loads.teams["desk"].load == pytest.approx(0.5 / there)


OVERLOADED: dict[str, Any] = {
    "sources": {"web": {"rate": "3 / h"}},
    "teams": {"desk": {"headcount": 2, "queue": "fifo"}, "back": {"headcount": 2, "queue": "fifo"}},
    "stages": {"call": {"team": "desk", "effort": "1 h"}, "sign": {"team": "back", "effort": "6 min"}},
}
AFTER = {"team": "desk", "care": {"every": "1 mo", "effort": "1 h"}}


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({}, "is 1.50, so its queues grow as long as it lasts"),
        (
            {
                "stages": {
                    "call": {"team": "desk", "effort": "1 h", "decay": {"half_life": "1 d"}, "timeout": "9 d"}
                }
            },
            "is 1.50 if waiting cost no leads (decay, timeout); what becomes of it only a run tells",
        ),
        (
            {"limits": [{"stages": ["call", "sign"], "wip": 40, "full": "turn_away"}]},
            "is 1.50 if limits held no leads back; what becomes of it only a run tells",
        ),
        (
            {"stages": {"call": {"team": "desk", "effort": "1 h"}, "sign": {"team": "back", "effort": "1 h"}}},
            "is 1.50 if back kept up; what becomes of it only a run tells",
        ),
        (
            {"customers": {**AFTER, "churn": "50 / mo"}},
            "if no care were missed; what becomes of it only a run tells",
        ),
    ],
)
def test_what_an_overload_comes_to_is_concluded_only_where_it_is_sure(parts: dict[str, Any], said: str) -> None:
    loads = balance(**{**OVERLOADED, **parts})
    assert loads.warnings[0].startswith("teams.desk: the expected load is ")
    assert loads.warnings[0].endswith(said)


def test_work_for_nobody_is_named() -> None:
    loads = balance(
        sources={"web": {"rate": "3 / h"}},
        teams={"desk": {"headcount": 0, "queue": "fifo"}},
        stages={"call": {"team": "desk", "effort": "1 h"}},
    )
    assert loads.teams["desk"].load is None
    assert loads.warnings == ("teams.desk: work comes, but nobody is ever there to do it",)


def test_leads_that_circle_for_ever_have_no_balance() -> None:
    assert (
        found_for(
            sources={"web": {"rate": "1 / h"}},
            teams={"desk": {"headcount": 2, "queue": "fifo"}},
            stages={"call": {"team": "desk", "effort": "1 h", "next": "call"}},
        )
        is None
    )


@pytest.mark.parametrize(("rate", "churn"), [("1 / y", "0 / mo"), ("6 / y", "0.2 / mo"), ("1 / mo", "0 / mo")])
def test_customers_who_bring_more_than_one_are_named(rate: str, churn: str) -> None:
    """Half of the referred are won; a customer lasts two years, or five months of a hazard of 0.2 a month."""
    loads = balance(
        sources={"web": {"rate": "1 / mo"}},
        stages={"sell": {"convert": 0.6}, "sign": {"convert": 0.5 / 0.6}},
        customers={"referral": rate, "churn": churn},
    )
    years = 2 * 365 / 365.25
    lasts = years if churn.startswith("0 ") else (1 - math.exp(-2.4 * years)) / 2.4
    number, unit = rate.split(" / ")
    assert loads.brought == pytest.approx(0.5 * lasts * float(number) * {"y": 1, "mo": 12}[unit], rel=1e-9)
    said = [f"customers.referral: each brings {loads.brought:.2f} new customers during the run"]
    named = [warning[: len(said[0])] for warning in loads.warnings]
    assert named == (said if loads.brought >= 1 else [])
