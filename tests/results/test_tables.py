"""KPI, stage and team tables of the sample: every number follows from the table in `samples`."""

from __future__ import annotations

import numpy as np
import pytest

from funnelsim.model.model import Model
from funnelsim.model.records import EXPIRED, Series
from funnelsim.results.measures.summary import Summary, summarise, tally

from . import samples

SHORT = samples.TEXT.replace("teams:", "calendars: {short: {hours: 02:00-06:00}}\nteams:")
"""The sample's scenario with teams that are open for four of the eight hours after the warm-up."""


def _summary(model: Model, runs: int = 1) -> Summary:
    return summarise([tally(samples.records(number), model) for number in range(runs)], model)


def _kpis(model: Model) -> dict[str, float | None]:
    return {name: estimate.mean for name, estimate in _summary(model).kpis.items()}


# --- KPIs -----------------------------------------------------------------------------------------------------


def test_counts_are_of_events_after_the_warmup() -> None:
    kpis = _kpis(samples.model())
    counts = ("created", "won", "lost", "lost_no_budget", "rejected", "open_at_start", "open_at_end")
    assert [kpis[name] for name in counts] == [5, 2, 2, 2, 1, 2, 2]
    assert [kpis[name] for name in ("blocked", "dropped", "expired", "burned")] == [0, 0, 0, 0]


def test_flow_balances_in_the_window() -> None:
    kpis = _kpis(samples.model())
    exits = ("won", "lost", "rejected", "blocked", "dropped", "expired", "burned")
    assert kpis["open_at_start"] + kpis["created"] == sum(kpis[name] for name in exits) + kpis["open_at_end"]


def test_wins_per_month() -> None:
    assert _kpis(samples.model())["won_per_month"] == pytest.approx(2 / 8 * 730.5)


def test_rates_and_times_follow_the_cohort() -> None:
    """Created after two hours: won after 3 h, lost after 2 h, rejected at once, open for 2 h and for 1/2 h."""
    kpis = _kpis(samples.model())
    assert kpis["conversion"] == pytest.approx(8 / 15)
    assert kpis["win_rate"] == pytest.approx(2 / 3)
    assert kpis["cycle_time"] == pytest.approx(3)
    assert kpis["cycle_time_lost"] == pytest.approx(2)


def test_response() -> None:
    kpis = _kpis(samples.model())
    assert (kpis["response_time"], kpis["response_time_p90"], kpis["response_time_open"]) == (0, 1, 0)
    # One of five left untouched; the one censored at half an hour counts as the one touched later.
    assert kpis["never_touched"] == pytest.approx(1 / 5)


def test_milestones_count_and_move_the_start_of_the_win_rate() -> None:
    kpis = _kpis(samples.model(spec_milestones={"sql": "call", "opportunity": "sell"}))
    assert (kpis["sql_created"], kpis["opportunity_created"]) == (4, 2)
    # Two opportunities after the warm-up: won after 2 h, and censored at 1 h.
    assert kpis["opportunity_conversion"] == pytest.approx(1)
    assert kpis["opportunity_cycle_time"] == pytest.approx(2)
    assert kpis["win_rate"] == pytest.approx(1)
    assert kpis["conversion"] == pytest.approx(8 / 15)


def test_money_is_in_whole_units() -> None:
    summary = _summary(samples.model(spec_currency="JPY"))
    assert summary.kpis["bookings"].mean == 4000
    assert summary.kpis["average_deal_value"].mean == 2000
    assert {summary.kpis[name].unit for name in ("bookings", "average_deal_value")} == {"JPY"}


def test_pipeline_velocity() -> None:
    summary = _summary(samples.model())
    # Open leads: 10.5 lead-hours in 8 hours; mean value 760; win rate 2/3; cycle 3 h.
    assert summary.kpis["pipeline_velocity"].mean == pytest.approx(10.5 / 8 * 760 * (2 / 3) / (3 / 24))
    assert summary.kpis["pipeline_velocity"].unit == "USD/d"


def test_pipeline_velocity_of_opportunities() -> None:
    kpis = _kpis(samples.model(spec_milestones={"opportunity": "sell"}))
    # Open opportunities: 3 + 2 + 1 lead-hours; values 3000 and 500; win rate 1; cycle 2 h.
    assert kpis["pipeline_velocity"] == pytest.approx(6 / 8 * 1750 / (2 / 24))


def test_whole_and_parts() -> None:
    kpis = _kpis(samples.model())
    assert kpis["faces_per_deal"] == 2
    assert kpis["wasted_effort"] == pytest.approx(1 / 8)  # web-4's hour of the eight spent on ended leads
    assert kpis["aged_share"] == 0


def test_aged_share_compares_with_won_deals() -> None:
    records = samples.records()
    entered = records.visits.entered.copy()
    entered[7] = samples.us(5.5)  # web-5 in `sell` for 4.5 h; won deals took 4 h and 2 h, the lower median is 2 h
    records = records._replace(visits=records.visits._replace(entered=entered))
    summary = summarise([tally(records, samples.model())], samples.model())
    assert summary.kpis["aged_share"].mean == pytest.approx(500 / 600)


def test_shares_of_the_cycle_add_up() -> None:
    kpis = _kpis(samples.model(warmup=0, edges=samples.model().edges))
    # Without a warm-up web-1 counts: 3 of 5 h worked, 1 h waiting, 1 h deciding; web-3 is worked on for all 3 h.
    # Nobody is censored before either ends but web-7 (1/2 h) and web-5 (2 h).
    shares = [kpis[f"cycle_share_{part}"] for part in ("wait", "buyer", "paused", "handoff", "held")]
    assert kpis["flow_efficiency"] + sum(shares) == pytest.approx(1)
    assert shares[0] == pytest.approx(shares[1])
    assert kpis["flow_efficiency"] == pytest.approx(6 / 8)


def test_handoff_wait_is_of_visits_to_another_team() -> None:
    kpis = _kpis(samples.model(warmup=0))
    assert kpis["handoff_wait"] == pytest.approx(1 / 3)  # web-1 waits an hour, web-3 and web-5 do not


# --- stages ---------------------------------------------------------------------------------------------------


def test_stage_flows() -> None:
    call = _summary(samples.model()).stages["call"]
    flows = (
        "entered", "advanced", "rejected", "blocked", "dropped", "expired", "burned", "churned", "lost", "moved",
    )  # fmt: skip
    assert [call[name].mean for name in flows] == [5, 2, 1, 0, 0, 0, 0, 0, 2, 0]


def test_stage_conversion_by_cohort_and_by_period() -> None:
    call = _summary(samples.model()).stages["call"]
    # Let in after the warm-up: advanced after 1 h, twice; lost after 2 h; open at half an hour.
    assert call["conversion"].mean == pytest.approx(2 / 3)
    assert call["conversion_period"].mean == pytest.approx(2 / 4)  # web-2, from before, is lost after it


def test_stage_times_are_over_visits_that_ended() -> None:
    stages = _summary(samples.model()).stages
    call = {name: stages["call"][name].mean for name in ("wait", "work", "busy", "buyer", "time_in_stage")}
    assert call == {"wait": 1 / 3, "work": 1, "busy": 1, "buyer": 0, "time_in_stage": 4 / 3}
    assert stages["sell"]["time_in_stage"].mean == 2


def test_stage_averages_are_over_time() -> None:
    stages = _summary(samples.model()).stages
    assert (stages["call"]["wip"].mean, stages["sell"]["wip"].mean) == (4.5 / 8, 6 / 8)
    assert (stages["call"]["queue"].mean, stages["sell"]["queue"].mean) == (1.5 / 8, 0)


def test_stage_queue_in_open_hours() -> None:
    stages = _summary(samples.compiled(SHORT)).stages
    assert stages["call"]["queue_open"].mean == pytest.approx(1.5 / 4)  # open for 4 of the 8 hours
    assert stages["call"]["wait_open"].mean == pytest.approx(1 / 3)


# --- teams ----------------------------------------------------------------------------------------------------


def test_team_hours() -> None:
    teams = _summary(samples.model()).teams
    assert (teams["inside"]["headcount"].mean, teams["field"]["headcount"].mean) == (1, 1)
    assert (teams["inside"]["utilisation"].mean, teams["field"]["utilisation"].mean) == (3 / 8, 5 / 8)
    assert teams["inside"]["filler"].mean == 0


def test_team_waits_count_those_not_over() -> None:
    inside = _summary(samples.model()).teams["inside"]
    assert inside["wait"].mean == inside["wait_open"].mean == 1.5 / 4
    assert inside["queue"].mean == 1.5 / 8


def test_team_queue_in_open_hours() -> None:
    assert _summary(samples.compiled(SHORT)).teams["inside"]["queue_open"].mean == 1.5 / 4


def test_a_team_is_open_while_its_reps_are_away() -> None:
    model, records = samples.model(), samples.records()
    away = records._replace(series=records.series._replace(team_open=records.series.team_open // 2))
    assert summarise([tally(away, model)], model).teams["inside"]["queue_open"].mean == 1.5 / 8


def test_load_counts_work_that_waits() -> None:
    teams = _summary(samples.model()).teams
    assert teams["inside"]["load"].mean == pytest.approx(3 / 8 * 4 / 3)  # four waits began, three were served
    assert teams["field"]["load"].mean == pytest.approx(5 / 8 * 2 / 3)  # two began, three were served


def test_load_counts_work_that_gave_up() -> None:
    records, model = samples.records(), samples.model()
    outcome, left, last = (
        records.visits.outcome.copy(),
        records.visits.left.copy(),
        records.series.team_queue_last.copy(),
    )
    outcome[9], left[9], last[1, 0] = EXPIRED, samples.us(10) - 1, 0
    changed = records._replace(
        visits=records.visits._replace(outcome=outcome, left=left),
        series=records.series._replace(team_queue_last=last),
    )
    assert summarise([tally(changed, model)], model).teams["inside"]["load"].mean == pytest.approx(0.5)


def test_queue_growth_is_the_slope_per_month() -> None:
    # Three bins of an hour after the warm-up with 1, 3 and 5 waiting for the first team, 2, 2 and 2 for the other.
    edges = np.array([0, samples.us(2), samples.us(3), samples.us(4), samples.us(5)])
    level = np.array([[9, 9], [1, 2], [3, 2], [5, 2]]) * samples.us(1)
    still = np.zeros((4, 2), dtype=np.int64)
    series = Series(*[still for _ in Series._fields])._replace(team_queue=level)
    waits = samples.records().waits._make([still] * 3)
    records = samples.empty()._replace(series=series, waits=waits)
    model = samples.model(edges=edges, horizon=samples.us(5))
    teams = summarise([tally(records, model)], model).teams
    assert teams["inside"]["queue_growth"].mean == pytest.approx(2 * 730.5)
    assert teams["field"]["queue_growth"].mean == pytest.approx(0)


def test_queue_growth_needs_two_bins() -> None:
    assert _summary(samples.model()).teams["inside"]["queue_growth"].mean is None


def test_cycle_share_of_teams() -> None:
    teams = _summary(samples.model(warmup=0)).teams
    assert teams["field"]["cycle_share"].mean == pytest.approx(1 / 8)
    assert teams["inside"]["cycle_share"].mean == 0


# --- replications ---------------------------------------------------------------------------------------------


def test_replications_are_pooled() -> None:
    model = samples.model()
    rows = [tally(samples.records(), model), tally(samples.empty(1), model)]
    summary = summarise(rows, model)
    assert summary.kpis["won"].mean == 1
    assert summary.kpis["won"].half == pytest.approx(12.7062, abs=1e-4)
    assert summary.kpis["won"].low == 0.0  # where the interval is cut
    assert summary.kpis["cycle_time"].mean == pytest.approx(3)  # the empty run has no wins, so it has no say
    assert summary.kpis["response_time"].mean == 0
    assert summary.teams["inside"]["utilisation"].mean == 3 / 16


def test_empty_runs_have_counts_of_zero_and_no_means() -> None:
    model = samples.model()
    summary = summarise([tally(samples.empty(), model)] * 2, model)
    won = summary.kpis["won"]
    assert (won.mean, won.low, won.high, won.range, won.unit) == (0, 0, 0, None, "leads")
    undefined = ("conversion", "win_rate", "cycle_time", "response_time", "never_touched", "pipeline_velocity")
    assert [summary.kpis[name].to_dict() for name in undefined] == [None] * 6
    assert summary.stages["call"]["wait"].mean is None
    assert summary.stages["call"]["wip"].mean == 0
    assert summary.teams["inside"]["utilisation"].mean == 0
    assert summary.teams["inside"]["load"].mean is None


def test_tallies_hold_plain_numbers() -> None:
    def plain(value: object) -> bool:
        if isinstance(value, dict):
            return all(map(plain, value.values()))
        return all(map(plain, value)) if isinstance(value, list | tuple) else type(value) in (int, float)

    assert plain(tally(samples.records(), samples.model()))
