"""Courses, splits and sums over replications agree with the figures of the tables."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.text import Text

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.results.profiles import courses, hours, splits, sums
from funnelsim.results.profiles.spread import spread

COMPANY = """
name: everything
currency: EUR
start: 2026-04-01
horizon: 7 mo
warmup: 2 mo
sources: {web: {rate: 12 / d}}
segments: {all: {share: 1, value: 12_000}}
territories: {north: 0.6, south: 0.4}
teams:
  inside: {headcount: 2, queue: fifo}
  field: {headcount: 3, queue: fifo, quota: {amount: 900_000, period: month}}
stages:
  call: {team: inside, effort: 0.6 h, convert: 0.5, handoff: {delay: 4 h}}
  visit: {team: field, effort: 2.5 h, convert: 0.4, decision: {dist: exponential, mean: 6 d}}
"""


@pytest.fixture(scope="module")
def result() -> fs.Result:
    return fs.simulate(fs.Scenario.from_text(COMPANY), replications=3)


def test_the_causes_add_up_to_the_cycle_time(result: fs.Result) -> None:
    found = splits.causes(result.replicates, result.model)
    assert found.parts == splits.CAUSES
    assert found.spread.mean.sum() == pytest.approx(result.kpis.loc["cycle_time", "mean"], rel=1e-9)


def test_the_ages_are_those_of_all_open_leads(result: fs.Result) -> None:
    found = splits.ages(result.replicates, result.model)
    assert found.spread.mean.sum() == pytest.approx(result.kpis.loc["open_at_end", "mean"])


def test_the_ends_are_those_of_the_stage_table(result: fs.Result) -> None:
    found = splits.ends(result.replicates, result.model)
    months = (result.model.horizon - result.model.warmup) / (730.5 * 3_600_000_000)
    lost = [at for at, name in enumerate(found.parts) if name == "lost"]
    assert found.spread.mean[0, lost].sum() * months == pytest.approx(result.stages.loc[("call", "lost"), "mean"])
    assert found.spread.mean[:, -1].sum() == pytest.approx(result.kpis.loc["open_at_end", "mean"])


def test_the_weeks_average_to_the_tables(result: fs.Result) -> None:
    """The last days, which make no whole week, are left out, so that averages are near and not equal."""
    queues = courses.queues(result.replicates, result.model)
    assert queues.names == result.model.team_labels
    means = [result.teams.loc[(team, "queue"), "mean"] for team in result.model.team_names]
    assert queues.spread.mean.mean(axis=0) == pytest.approx(means, rel=0.1, abs=0.2)
    busy = courses.utilisation(result.replicates, result.model).spread
    assert ((busy.low <= busy.mean + 1e-12) & (busy.mean <= busy.high + 1e-12)).all()
    line = courses.in_line(result.replicates, result.model).spread.mean
    assert (line[:, 0] <= line[:, 1]).all()
    assert np.diff(queues.days) == pytest.approx(7.0, abs=3)


def test_bookings_end_at_the_kpi_and_quotas_are_counted_by_month(result: fs.Result) -> None:
    course, quota = courses.bookings(result.replicates, result.model)
    assert course.spread.mean[-1, 0] == pytest.approx(result.kpis.loc["bookings", "mean"])
    assert quota is not None
    assert quota[-1] == pytest.approx(5 * 900_000, rel=0.02)
    assert (np.diff(quota) > 0).all()


def test_the_bridge_ends_where_its_steps_lead(result: fs.Result) -> None:
    steps = sums.bridge(result.replicates, result.model).spread.mean[:, 0]
    assert steps[-1] == pytest.approx(steps[:-1].sum())
    assert steps[1] > 0


def test_reps_and_territories_add_up_to_the_line(result: fs.Result) -> None:
    reps = sums.reps(result.replicates, result.model)
    assert reps.names == ("inside 1", "inside 2", "field 1", "field 2", "field 3")
    assert reps.spread.mean[:, 1].sum() == pytest.approx(result.kpis.loc["won", "mean"])
    assert reps.spread.mean[:, 2].sum() == pytest.approx(result.kpis.loc["bookings", "mean"])
    found = sums.territories(result.replicates, result.model)
    assert found.names == ("north", "south")
    kpis = [result.kpis.loc[name, "mean"] for name in ("created", "won", "bookings")]
    assert found.spread.mean.sum(axis=0) == pytest.approx(kpis)


def test_the_hours_average_to_the_utilisation() -> None:
    """All hours of this company are open equally long."""
    result = fs.simulate(fs.Scenario.from_text(COMPANY), replications=2, events=True)
    found = hours.utilisation(result.replicates, result.model)
    means = [result.teams.loc[(team, "utilisation"), "mean"] for team in result.model.team_names]
    assert np.nanmean(found.spread.mean, axis=0) == pytest.approx(means, rel=1e-9)
    assert found.names == result.model.team_labels


CLOCKWORK = """
name: clockwork
start: 2026-04-01
horizon: 3 mo
warmup: 1 mo
calendars: {office: {hours: 9:00-17:00}, late: {hours: 11:00-19:30}}
sources: {web: {every: 1 d}}
teams:
  desk: {headcount: 1, queue: fifo, calendar: office}
  experts: {headcount: 2, queue: fifo, calendar: office}
  back: {headcount: 1, queue: fifo, calendar: late}
stages:
  call: {team: desk, effort: 1.5 h, with: {team: experts, touches: all}}
  visit: {team: back, effort: 1 h}
"""


def test_work_lies_in_the_hours_in_which_it_is_done() -> None:
    """A lead a day waits at 9:00 and is worked on until 10:30, then from 11:00 to 12:00 elsewhere."""
    desk = fs.Scenario.from_text(CLOCKWORK)
    result = fs.simulate(desk, replications=2, events=True)
    found = hours.utilisation(result.replicates, result.model).spread
    expected = np.full((24, 3), np.nan)
    expected[9:17, :2] = 0.0
    expected[11:20, 2] = 0.0
    expected[9], expected[10] = [1.0, 0.5, np.nan], [0.5, 0.25, np.nan]
    expected[11, 2] = 1.0
    assert found.mean == pytest.approx(expected, nan_ok=True)
    assert found.low == pytest.approx(found.high, nan_ok=True)


def test_hours_of_a_run_without_event_logs_are_those_of_its_first_replication() -> None:
    desk = fs.Scenario.from_text(COMPANY)
    bare = fs.simulate(desk, replications=2)
    logged = fs.simulate(desk, replications=1, events=True)
    assert "hours" not in bare.plot.all()
    assert "hours" in logged.plot.all()
    lines = [
        np.array([line.get_ydata() for line in figure.axes[-1].lines])
        for figure in (bare.plot.hours(lang="en"), logged.plot.hours(lang="en"))
    ]
    assert len(lines[0]) == 2
    assert lines[0] == pytest.approx(lines[1], nan_ok=True)
    assert any("replication 1 alone" in text.get_text() for text in bare.plot.hours(lang="en").findobj(Text))


def test_what_a_scenario_lacks_is_told() -> None:
    text = "".join(line for line in COMPANY.splitlines(keepends=True) if not line.startswith("territories"))
    desk = fs.Scenario.from_text(text).change({"revenue": "one_off"})
    result = fs.simulate(desk, replications=1)
    with pytest.raises(FunnelsimError, match="no `territories`"):
        result.plot.territories()
    with pytest.raises(FunnelsimError, match="no recurring revenue"):
        result.plot.arr_bridge()
    bare = fs.simulate(desk, replications=1, records=False)
    with pytest.raises(FunnelsimError, match="records=True"):
        bare.plot.queues()
    assert list(bare.plot.all()) == ["line", "funnel"]
    assert "territories" not in result.plot.all()


def test_the_spread_holds_eight_of_ten_where_there_are_enough() -> None:
    found = spread([np.array([float(at), np.nan]) for at in range(9)])
    assert (found.mean[0], found.low[0], found.high[0]) == pytest.approx((4.0, 0.0, 8.0))
    many = spread([np.array([float(at)]) for at in range(19)])
    assert (many.low[0], many.high[0]) == pytest.approx((1.0, 17.0))
    assert np.isnan([each[1] for each in found]).all()
