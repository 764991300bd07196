"""Quotas, reps and territories: what is divided adds up, and is what the records say."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.targets.assignment import over_assigned
from funnelsim.model.compile import compile_model
from funnelsim.results.profiles.carve import _quotas
from funnelsim.results.profiles.potential import gini

LINE = """
name: Two territories
start: 2026-01-01
horizon: 14 mo
warmup: 1 mo
currency: EUR
segments: {all: {value: {dist: lognormal, median: 1_000, sigma: 0.8}}}
territories: {east: 0.7, west: 0.3}
sources: {web: {rate: 60 / mo}}
teams:
  first: {headcount: 1, queue: fifo}
  field:
    headcount: 3
    queue: fifo
    attrition: 0.5
    quota: {amount: 30_000, period: quarter}
    serves: {east: 2, west: 1}
stages:
  call: {team: first, effort: 1 h, convert: 0.8}
  sell: {team: field, effort: 5 h, convert: 0.5, decision: 10 d, books: true}
"""
RUNS = 6
FIRST, LAST = dt.date(2026, 4, 1), dt.date(2026, 12, 31)  # three quarters after the warm-up are whole


@pytest.fixture(scope="module")
def result() -> fs.Result:
    return fs.simulate(fs.Scenario.from_text(LINE), replications=RUNS, seed=2)


def test_ginis_coefficient() -> None:
    assert gini(np.array([5.0, 5.0, 5.0])) == 0
    assert gini(np.array([0.0, 0.0, 0.0, 8.0])) == pytest.approx(3 / 4)  # one has all: (n - 1) / n
    values = np.random.default_rng(1).exponential(size=400)
    pairs = np.abs(values[:, None] - values).mean() / 2 / values.mean()
    assert gini(values) == pytest.approx(pairs)
    assert pairs == pytest.approx(0.5, abs=0.05)  # of an exponential law
    assert gini(np.zeros(3)) is None
    assert gini(np.array([4.0])) is None


@pytest.mark.parametrize(
    ("headcount", "shares"),
    [
        ("3", (1, 1, 1)),
        ("2.5", (1, 1, 0.5)),
        (
            "{2026-01-01: 1, 2026-07-01: 2}",
            (1, 92 / 183, 0),
        ),  # the second seat is there in the last 92 of 183 days
    ],
)
def test_a_quota_is_divided_by_the_time_of_posts(headcount: str, shares: tuple[float, ...]) -> None:
    line = LINE.replace("headcount: 3", f"headcount: {headcount}").replace("    serves: {east: 2, west: 1}\n", "")
    model = compile_model(fs.Scenario.from_text(line))
    day = 86_400_000_000
    begin, end = (90 * day, (90 + 183) * day) if "2026" in headcount else (90 * day, 181 * day)
    found = _quotas(model, 1, begin, end, 3_000)
    expected = np.array(shares) / sum(shares) * 3_000
    seats = found[model.tables.teams.seat_offset[1] :]
    assert seats == pytest.approx(expected[: len(seats)], rel=1e-9)
    assert found.sum() == pytest.approx(3_000)


def test_reps_have_what_the_records_say(result: fs.Result) -> None:
    carve = result.carve()
    assert [each.name for each in carve.reps] == ["first-1", "field-1", "field-2", "field-3"]
    assert carve.days == (FIRST, LAST)
    assert carve.street == pytest.approx(90_000)
    leads, reps = result.records("leads", dates=True), result.records("reps")
    visits = result.records("visits")
    won = leads[leads.outcome == "won"].merge(
        visits[(visits.stage == "sell") & (visits.outcome == "advanced")], on=["replication", "lead"]
    )
    counts = won[(won.ended >= str(FIRST)) & (won.ended < str(LAST + dt.timedelta(1)))]
    sums = counts.groupby("rep").booked.sum()
    for number, each in enumerate(carve.reps[1:]):
        booked = sum(sums.get(rep, 0.0) for rep in sums.index if str(rep).startswith(f"field-{number + 1}"))
        found = each.figures
        assert found["quota"].mean == pytest.approx(30_000)
        assert found["attainment"].mean == pytest.approx(booked / RUNS / 30_000)
        seat = reps[(reps.team == "field") & (reps.seat == number + 1)]
        assert found["load"].mean == pytest.approx(seat.busy.sum() / seat.open.sum())
    assert carve.reps[0].figures["attainment"].mean is None


def test_parts_add_up_to_the_kpis(result: fs.Result) -> None:
    carve, kpis = result.carve(), result.summary.kpis
    for shares, names in ((carve.reps, ("won", "bookings")), (carve.territories, ("won", "bookings"))):
        for name in names:
            assert sum(each.figures[name].mean or 0 for each in shares) == pytest.approx(kpis[name].mean)
    assert sum(each.figures["leads"].mean or 0 for each in carve.territories) == pytest.approx(
        kpis["created"].mean
    )
    attained = sum((each.figures["attainment"].mean or 0) * 30_000 for each in carve.reps)
    assert attained == pytest.approx(carve.booked.mean)
    assert attained / 90_000 == pytest.approx(kpis["quota_attainment"].mean)
    east = next(each for each in carve.territories if each.name == "east")
    assert east.figures["quota"].mean == pytest.approx(60_000)


def test_how_even_reps_are(result: fs.Result) -> None:
    alone = [fs.simulate(fs.Scenario.from_text(LINE), replications=1, seed=2).carve()]
    shares = [each.figures["attainment"].mean or 0.0 for each in alone[0].reps[1:]]
    even = alone[0].evenness
    assert even.spread.mean == pytest.approx(np.std(shares))
    assert (even.lowest.mean, even.highest.mean) == pytest.approx((min(shares), max(shares)))
    assert even.reached.mean == pytest.approx(np.mean([each >= 1 for each in shares]))
    assert even.gini.mean == pytest.approx(gini(np.array(shares)))
    assert result.carve().gini["leads"].mean == pytest.approx(0.2, abs=0.05)  # .7 and .3


def test_chances_of_targets_below_the_street_quota(result: fs.Result) -> None:
    outcomes = [each for each in result.summary.kpis["quota_attainment"].outcomes if each is not None]
    found = over_assigned(result)
    assert [each.target for each in found] == pytest.approx([90_000, 90_000 / 1.1, 90_000 / 1.2])
    assert [each.reach.hits for each in found] == [
        sum(one >= 1 / each.share for one in outcomes) for each in found
    ]
    without = fs.simulate(fs.Scenario.from_text(LINE).change({"teams.field.quota": None}), replications=2)
    assert over_assigned(without) == ()
    assert without.carve().days is None
    assert without.carve().evenness.gini.mean is not None


def test_records_are_needed() -> None:
    with pytest.raises(FunnelsimError, match="has no records"):
        fs.simulate(fs.Scenario.from_text(LINE), replications=1, records=False).carve()
