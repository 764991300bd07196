"""A real run of the reference company, shortened: what must agree between figures from different records does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.results.measures.summary import summarise, tally
from funnelsim.results.measures.teams import _missed
from funnelsim.results.measures.window import Window
from funnelsim.results.result import Result

REFERENCE = Path(__file__).parents[2] / "scenarios" / "reference.yaml"
CHANGES = {
    "horizon": "17 mo",
    "warmup": "4 mo",
    "sources.web.rate": {"multiply": 0.3},
    "teams.*.headcount": 2,
    "teams.field_sales.quota": {"amount": 150_000, "period": "quarter"},
    "teams.field_sales.cost.commission": {"rate": 0.1, "above_quota": 0.15},
    "customers.payment": {"delay": "45 d", "bad_debt": 0.05},
    "opening.customers": 110,
    "costs": {"crm": "4_000 / mo"},
    "phases": [{"from": "2027-01-01", "change": {"teams.*.headcount": 1}}],
}


@pytest.fixture(scope="module")
def result() -> Result:
    return fs.simulate(fs.load(REFERENCE).change(CHANGES), replications=2, seed=3)


@pytest.fixture(scope="module")
def kpis(result: Result) -> dict[str, float]:
    return {name: estimate.mean for name, estimate in result.summary.kpis.items()}


def test_the_bridge_closes(kpis: dict[str, float]) -> None:
    bridge = [kpis[f"arr_{part}"] for part in ("start", "new", "expansion", "contraction", "churn", "end")]
    assert min(bridge[:3] + bridge[4:]) > 0
    start, new, expansion, contraction, churn, end = (round(part * 200) for part in bridge)  # two runs, in cents
    assert start + new + expansion - contraction - churn == end
    assert kpis["customers_start"] + kpis["customers_new"] - kpis["customers_lost"] == kpis["customers_end"]


def test_bookings_are_new_and_expansion_revenue(kpis: dict[str, float]) -> None:
    assert kpis["bookings"] == pytest.approx(kpis["arr_new"] + kpis["arr_expansion"])


def test_levels_of_the_series_are_those_of_the_bridge(result: Result, kpis: dict[str, float]) -> None:
    for name in ("arr", "customers"):
        series = result.records("series").dropna(subset=name)
        warm = series[series["end"] <= result.model.warmup / 3.6e9].groupby("replication")[name].last()
        assert warm.mean() == pytest.approx(kpis[f"{name}_start"])
        assert series.groupby("replication")[name].last().mean() == pytest.approx(kpis[f"{name}_end"])


def test_salaries_follow_the_time_that_each_person_was_there(result: Result, kpis: dict[str, float]) -> None:
    salaries = {"inside_sales": 106_250, "field_sales": 218_750, "customer_success": 118_750}
    warmup, horizon = result.model.warmup / 3.6e9, result.model.horizon / 3.6e9
    reps = result.records("reps")
    stay = (reps["end"].fillna(horizon) - reps["start"].clip(lower=warmup)).clip(lower=0)
    assert (reps["end"].notna()).any()
    assert kpis["cost_people"] == pytest.approx((stay * reps["team"].map(salaries)).sum() / 8766 / 2)


def test_costs_add_up(result: Result, kpis: dict[str, float]) -> None:
    parts = ("people", "commission", "leads", "named", "bad_debt")
    assert kpis["cost"] == pytest.approx(sum(kpis[f"cost_{part}"] for part in parts))
    assert all(kpis[f"cost_{part}"] > 0 for part in parts)
    teams = sum(team["cost"].mean for team in result.summary.teams.values())
    assert teams == pytest.approx(kpis["cost_people"] + kpis["cost_commission"])
    assert kpis["cost_selling"] < kpis["cost"]
    assert kpis["contribution"] == pytest.approx(kpis["gross_profit"] - kpis["cost"])


def test_every_deal_was_won_by_a_team(result: Result) -> None:
    for each in result.replicates:
        window = Window(each, result.model)
        assert (window.sales.team >= 0).all()
        won = {result.model.team_names[team] for team in window.sales.team.tolist()}
        assert won == {"field_sales", "customer_success"}


def test_causes_of_delay_add_up_to_the_cycle(result: Result, kpis: dict[str, float]) -> None:
    teams = result.summary.teams.values()
    waits, works = (sum(team[name].mean for team in teams) for name in ("cycle_share", "cycle_share_work"))
    assert waits == pytest.approx(kpis["cycle_share_wait"])
    assert works == pytest.approx(kpis["flow_efficiency"])
    rest = sum(kpis[f"cycle_share_{part}"] for part in ("buyer", "paused", "handoff", "held"))
    assert waits + works + rest == pytest.approx(1)


def test_inside_sales_is_charged_with_its_handoffs(result: Result) -> None:
    visits = result.records("visits")
    meetings = visits[(visits["stage"] == "meet") & visits["first_touch"].notna()]
    handed = meetings[~meetings["lead"].str.startswith("opening")]
    assert len(handed) > 50
    assert (handed["give_busy"] > 0).all()
    assert set(handed["giver"]) == {"inside_sales"}
    assert handed["lead"].str.startswith("outbound").any()  # which no visit brought to inside sales
    assert (visits["give_wait"] <= visits["wait"] + 1e-9).all()
    assert (visits[visits["stage"] == "demo"]["give_busy"] == 0).all()


def test_care_agrees_with_what_customers_noted(result: Result) -> None:
    """Without a warm-up, shares from the work are those of the customers' own counts."""
    model = replace(result.model, warmup=0)
    shares = summarise([tally(each, model) for each in result.replicates], model).kpis
    customers = result.records("customers")
    counts = {part: customers[f"care_{part}"].sum() for part in ("on_time", "late", "missed")}
    assert counts["late"] > 0
    for part, count in counts.items():
        assert shares[f"care_{part}"].mean == pytest.approx(count / sum(counts.values()))


def test_deals_won_before_the_start_are_no_deals_of_the_run(result: Result) -> None:
    model = replace(result.model, warmup=0)
    kpis = {
        name: each.mean
        for name, each in summarise([tally(each, model) for each in result.replicates], model).kpis.items()
    }
    leads = result.records("leads")
    before = leads["lead"].str.fullmatch(r"opening-onboard-\d+")
    assert before.sum() == 2 * 8
    assert kpis["won"] == ((leads["outcome"] == "won") & ~before).sum() / 2
    assert kpis["customers_start"] == 118
    assert kpis["bookings"] == pytest.approx(kpis["arr_new"] + kpis["arr_expansion"])
    exits = ("won", "lost", "rejected", "blocked", "dropped", "expired", "burned")
    assert kpis["open_at_start"] + kpis["created"] == sum(kpis[name] for name in exits) + kpis["open_at_end"]


def test_records_of_customers_have_names(result: Result) -> None:
    customers, moves, tasks = (result.records(name) for name in ("customers", "moves", "tasks"))
    assert list(customers.columns[:9]) == [
        "replication", "customer", "lead", "segment", "territory", "since", "live", "ended", "first_arr",
    ]  # fmt: skip
    assert customers["customer"].iloc[0] == "opening-customer-1"
    assert (customers["lead"].dropna() == customers["customer"][customers["lead"].notna()]).all()
    closing = customers[customers["ended"].isna()].groupby("replication")["arr"].sum()
    sign = moves["kind"].map({"opening": 1, "new": 1, "expansion": 1, "contraction": -1, "churn": -1})
    assert (sign * moves["amount"]).groupby(moves["replication"]).sum().tolist() == pytest.approx(closing.tolist())
    assert set(tasks["kind"]) == {"care", "renewal", "complaint"}
    assert set(tasks["team"]) == {"customer_success"}
    found = result.records("leads").dropna(subset="customer")
    assert set(found["origin"]) == {"expansion"}
    assert set(found["customer"]) <= set(customers["customer"])


def test_every_kpi_has_a_definition_and_a_unit(result: Result) -> None:
    kpis = result.to_dict()["kpis"]
    assert list(kpis) == list(result.definitions)
    assert all(text.endswith(".") for text in result.definitions.values())
    for name in ("arr_end", "nrr", "grr", "logo_churn", "cac", "payback", "ltv", "cost", "contribution"):
        assert kpis[name] is not None
        assert kpis[name]["unit"]


def test_a_run_without_customers_gives_empty_tables() -> None:
    run = fs.simulate(fs.Scenario.from_text("funnelsim: 1\nhorizon: 1 d\nstages: {a: {}}\n"), replications=1)
    assert [len(run.records(name)) for name in ("customers", "moves", "tasks")] == [0, 0, 0]
    arr = run.to_dict()["kpis"]["arr_end"]
    assert (arr["mean"], arr["low"], arr["high"], arr["unit"]) == (0, None, None, "USD/y")


def test_missed_care_counts_as_work_offered(result: Result) -> None:
    """What the engine counted as missed is found in the waits; after a warm-up only what fell due since."""
    for each in result.replicates:
        assert each.customers is not None
        whole, later = (
            Window(each, replace(result.model, warmup=warmup)) for warmup in (0, result.model.horizon * 27 // 34)
        )
        assert _missed(whole).tolist() == [0, 0, each.customers.care_missed.sum()]
        assert 0 < _missed(later)[2] < _missed(whole)[2]


def test_queues_in_open_hours_follow_the_calendar_in_force() -> None:
    """A lead that nobody serves is always one lead waiting, whatever the hours."""
    text = """
funnelsim: 1
start: 2026-01-05
horizon: 20 d
calendars: {office: {days: mon-fri, hours: "09:00-17:00"}, late: {days: mon-sun, hours: "12:00-22:00"}}
sources: {web: {bursts: [{at: 0 d, leads: 1}]}}
teams: {desk: {headcount: 0, queue: fifo, calendar: office}}
stages: {serve: {team: desk, effort: 1 h}}
phases: [{from: 2026-01-14, change: {teams.desk.calendar: late}}]
"""
    for warmup in ("0 d", "4 d", "15 d"):
        found = fs.simulate(fs.Scenario.from_text(text).change({"warmup": warmup}), replications=2, seed=1)
        assert found.summary.teams["desk"]["queue_open"].mean == pytest.approx(1)
