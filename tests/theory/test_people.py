"""People who learn and leave, lists that are used up, buyers who take their time, and money that adds up."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.stats import gamma, lognorm

from funnelsim.model.records import WON, Records
from funnelsim.results.measures.window import Window
from funnelsim.scenario.forms.quantities import HOUR

from . import checking as c
from . import exact

YEAR, DAY = 8766.0, 24.0
CENTS = 100


# --- people ---------------------------------------------------------------------------------------------------


def test_work_done_while_learning() -> None:
    """Eight hours a day for 120 days, from 20 % with a time constant of 45 days: 692.011 hours of work."""
    truth = exact.ramped_work(8, 0.2, 45, 120)
    assert truth == pytest.approx(692.011, abs=5e-4)
    effort = 0.1
    records = c.run(
        """
funnelsim: 1
horizon: 120 d
sources: {list: {bursts: [{at: 0 d, leads: 8000}]}}
teams:
  desk:
    {headcount: 1, queue: fifo, selling_share: 0.3333333333333333, tenure: 0 d, ramp: {start: 0.2, time: 103.5 d}}
stages: {serve: {team: desk, continuity: any_rep, effort: 6 min}}
"""
    )
    done = int((records.leads.outcome == WON).sum())
    assert done == int(truth / effort)
    assert records.reps.busy.sum() / HOUR == pytest.approx(120 * DAY, rel=1e-9)


TRAINED = """
funnelsim: 1
start: 2026-01-01
horizon: 12 mo
sources: {web: {rate: 10 / d}}
teams: {reps: {headcount: 3, queue: fifo, skill: {mean: 0, sd: 0.6}}}
stages: {sell: {team: reps, continuity: any_rep, effort: 30 min, convert: 0.5}}
phases: [{from: 2026-05-01, to: 2026-09-01, change: {teams.reps.skill: {mean: 0.8, sd: 0.2}}}]
"""


def test_training_moves_the_share_who_advance() -> None:
    """Before, during and after four months of coaching: the mean of expit over the three people's own skills."""
    model, found = c.replicates(TRAINED)
    advanced = model.outcome_names.index("advanced")
    for start, end, mean, spread in ((0, 120, 0.0, 0.6), (120, 243, 0.8, 0.2), (243, 364, 0.0, 0.6)):
        above, below, exact_share = [], [], []
        for records in found:
            v = records.visits
            skills = records.reps.skill  # at the end, after the coaching
            odds = {seat: mean + spread / 0.6 * float(skills[seat]) for seat in range(3)}
            rows = np.flatnonzero((v.left >= start * DAY * HOUR) & (v.left < end * DAY * HOUR))
            above.append(float((v.outcome[rows] == advanced).sum()))
            below.append(float(len(rows)))
            exact_share.append(sum(1 / (1 + math.exp(-odds[int(rep)])) for rep in v.rep[rows]))
        expected = sum(exact_share) / sum(below)
        luck = np.array(above) - np.array(exact_share) + expected * np.array(below)  # that of people taken out
        c.check(f"share from day {start}", c.ratio(luck, np.array(below)), expected)


PEOPLE = """
funnelsim: 1
horizon: {years} y
sources: {{web: {{rate: 1 / y}}}}
teams: {{desk: {{headcount: {seats}, queue: fifo, attrition: {attrition}, hiring: {hiring}}}}}
stages: {{serve: {{team: desk, effort: 1 min}}}}
"""


def share_staffed(records: Records, seats: int, since: float, until: float) -> float:
    """Share of [since, until] hours in which a seat is staffed."""
    reps = records.reps
    start = reps.start / HOUR
    end = np.where(reps.end < 0, until, reps.end / HOUR)
    return float(np.maximum(np.minimum(end, until) - np.maximum(start, since), 0).sum() / (until - since) / seats)


def test_people_leave_and_seats_stay_empty() -> None:
    """Staffed and vacant times alternate; both exponential, the share is known at any time."""
    _, found = c.replicates(
        PEOPLE.format(years=2, seats=60, attrition=0.8, hiring="{dist: exponential, mean: 120 d}")
    )
    shares = np.array([share_staffed(each, 60, 0, 2 * YEAR) for each in found])
    c.check("share staffed", shares, exact.staffed(YEAR / 0.8, 120 * DAY, 2 * YEAR))
    gone = np.array([(each.reps.end >= 0).sum() for each in found])
    c.check("leavers", c.ratio(gone, shares), 60 * 0.8 * 2)


WIDE = math.sqrt(math.log(1 + 1.5**2))
"""Sigma of a lognormal time whose coefficient of variation is 1.5."""


@c.cases(
    "hiring, mean, sigma",
    fast=[("90 d", 90, 0.0)],
    slow=[("{dist: lognormal, mean: 90 d, cv: 1.5}", 90, WIDE), ("41 d", 41, 0.0)],
)
def test_vacancies_after_a_year(hiring: str, mean: float, sigma: float) -> None:
    """In the long run the share staffed is mean life / (mean life + mean time to fill); after a year, nearly.

    Where some seats stay empty for more than a year the share is 1.9 % above its limit in the second year.
    """
    _, found = c.replicates(PEOPLE.format(years=2, seats=20, attrition=6, hiring=hiring))
    shares = np.array([share_staffed(each, 20, YEAR, 2 * YEAR) for each in found])
    life = YEAR / 6
    unfilled = lognorm(sigma, scale=mean * DAY * math.exp(-(sigma**2) / 2)).sf if sigma else _unfilled(mean * DAY)
    truth = exact.staffed_between(life, unfilled, YEAR, 2 * YEAR)
    assert truth == pytest.approx(life / (life + mean * DAY), rel=0.02 if sigma else 0.001)
    c.check("share staffed", shares, truth)


def _unfilled(hours: float) -> Callable[[c.Floats], c.Floats]:
    """The share of seats still empty after a time, when filling takes exactly so long."""
    return lambda after: (after < hours).astype(float)


def test_times_to_fill_and_lives() -> None:
    _, found = c.replicates(
        PEOPLE.format(years=3, seats=50, attrition=1, hiring="{dist: gamma, mean: 60 d, cv: 0.5}")
    )
    fills, lives = [], []
    for records in found:
        reps = records.reps
        for seat in range(50):
            rows = np.flatnonzero(reps.seat == seat)
            pairs = itertools.pairwise(rows[np.argsort(reps.occupant[rows])])
            fills += [
                reps.start[after] - reps.end[before]
                for before, after in pairs
                if reps.end[before] < 2 * YEAR * HOUR
            ]
            first = rows[reps.occupant[rows] == 0][0]
            lives.append(3 * YEAR if reps.end[first] < 0 else reps.end[first] / HOUR)
    c.check("days to fill", np.array(fills) / HOUR / DAY, 60)
    c.check("years in the seat, three at most", np.array(lives) / YEAR, -math.expm1(-3))


# --- lists ----------------------------------------------------------------------------------------------------

LIST = """
funnelsim: 1
horizon: {hours} h
sources: {{list: {{team: callers, effort: 1 h, yield: {gain}, market: {market}, cooling: {cooling}}}}}
teams: {{callers: {{headcount: 1, queue: fifo}}}}
stages: {{talk: {{convert: 1}}}}
"""


@pytest.mark.parametrize("contacts", [150, 600])
def test_a_list_is_used_up(contacts: int) -> None:
    """Who did not want to comes back after a rest; the fewer are left, the fewer contacts succeed."""
    market, gain = 400, 0.8
    _, found = c.replicates(LIST.format(hours=contacts + 0.5, gain=gain, market=market, cooling="1 h"))
    made = np.array([len(each.leads.created) for each in found])
    assert all(each.reps.filler.sum() / HOUR == contacts + 0.5 for each in found)
    c.check("leads", made, market - exact.prospects_left(market, gain, contacts))
    c.check("prospects left", market - made, exact.prospects_left(market, gain, contacts))


@pytest.mark.slow
def test_spread_of_what_a_list_gives() -> None:
    """E[left^2] after n contacts follows from E[left^2 | before] = left^2 - (2 left - 1) gain left / market."""
    market, gain, contacts = 40, 0.7, 30
    mean, square = float(market), float(market**2)
    for _ in range(contacts):
        mean, square = mean - gain * mean / market, square - 2 * gain * square / market + gain * mean / market
    _, found = c.replicates(LIST.format(hours=contacts + 0.5, gain=gain, market=market, cooling="1 h"), 6000)
    left = market - np.array([len(each.leads.created) for each in found])
    c.check("prospects left", left, mean)
    c.check("variance", np.square(left - mean), square - mean**2)


def test_nobody_on_a_list_is_called_twice_while_resting() -> None:
    """With a rest longer than the run the list is gone through once: as many contacts as prospects."""
    market, gain = 300, 0.6
    _, found = c.replicates(LIST.format(hours=2 * market, gain=gain, market=market, cooling="5 y"))
    assert all(each.reps.filler.sum() / HOUR == market for each in found)
    made = np.array([len(each.leads.created) for each in found])
    c.check("leads", made, market - exact.prospects_left(market, gain, market))


# --- buyers ---------------------------------------------------------------------------------------------------

BY_HOUR = [0.2] * 7 + [0.6, 1, 2, 2.2, 2, 1.2, 1.2, 1.8, 2, 1.8, 1.4, 1, 0.8, 0.6, 0.4, 0.4, 0.2]


@c.cases("days, spread", fast=[(60, False)], slow=[(400, True)])
def test_buyers_who_think(days: int, spread: bool) -> None:
    """M(t)/G/infinity: the number of leads with the buyer is Poisson, with a mean that follows the hour."""
    warmup, rate = 8, 6.0
    _, found = c.replicates(
        f"""
funnelsim: 1
horizon: {days} d
sources: {{web: {{rate: {rate} / d, pattern: {{hour: {BY_HOUR}}}}}}}
stages: {{think: {{decision: {{dist: gamma, mean: 9 h, cv: 0.6}}}}}}
"""
    )
    factors = np.array(BY_HOUR) / np.mean(BY_HOUR)
    shape = 1 / 0.6**2
    for hour in (5, 11, 18):
        truth = exact.present(
            lambda at: rate / DAY * factors[int(at) % 24], gamma(shape, scale=9 / shape).sf, hour, DAY * warmup
        )
        moments = (np.arange(warmup, days) * DAY + hour) * HOUR
        counts = np.array([_present(each, moments) for each in found])
        c.check(f"with the buyer at {hour}", counts.mean(axis=1), truth)
        if spread:
            c.check(f"variance at {hour}", np.square(counts - truth).mean(axis=1), truth)
            c.check(f"nobody at {hour}", (counts == 0).mean(axis=1), math.exp(-truth))


def _present(records: Records, moments: Any) -> Any:
    """Leads in the line at each of some moments."""
    left = np.where(records.leads.ended < 0, np.iinfo(np.int64).max, records.leads.ended)
    return np.searchsorted(records.leads.created, moments, "right") - np.searchsorted(
        np.sort(left), moments, "right"
    )


@c.cases("count", fast=[(13_500,)], slow=[(60_000,)])
def test_leads_that_come_back(count: int) -> None:
    """An absorbing chain with times: the share won, and the days it took those that were."""
    records = c.run(
        f"""
funnelsim: 1
horizon: 10 y
sources: {{web: {{bursts: [{{at: 0 d, leads: {count * c.TIMES}}}]}}}}
stages:
  qualify:
    decision: {{advanced: 3 d, lost: {{dist: exponential, mean: 8 d}}}}
    convert: 0.55
    otherwise: {{nurture: 0.7, lost: 0.3}}
  meet:
    decision: {{advanced: {{dist: gamma, mean: 12 d, cv: 0.5}}, lost: 20 d}}
    convert: 0.4
    otherwise: {{nurture: 0.35, qualify: 0.15, lost: 0.5}}
  nurture:
    aside: true
    decision: {{dist: exponential, mean: 45 d}}
    convert: 0.6
    next: {{qualify: 0.8, meet: 0.2}}
"""
    )
    long, short = 2 * 8.0**2, 12.0**2 * (1 + 0.5**2)
    chain = {
        "qualify": [
            exact.Way("meet", 0.55, 3, 9),
            exact.Way("nurture", 0.45 * 0.7, 8, long),
            exact.Way("lost", 0.45 * 0.3, 8, long),
        ],
        "meet": [
            exact.Way("won", 0.4, 12, short),
            exact.Way("nurture", 0.6 * 0.35, 20, 400),
            exact.Way("qualify", 0.6 * 0.15, 20, 400),
            exact.Way("lost", 0.6 * 0.5, 20, 400),
        ],
        "nurture": [
            exact.Way("qualify", 0.6 * 0.8, 45, 2 * 45.0**2),
            exact.Way("meet", 0.6 * 0.2, 45, 2 * 45.0**2),
            exact.Way("lost", 0.4, 45, 2 * 45.0**2),
        ],
    }
    leads = records.leads
    assert (leads.outcome >= 0).all()
    won = leads.outcome == WON
    days = (leads.ended - leads.created) / HOUR / DAY
    for end, which in (("won", won), ("lost", ~won)):
        truth = exact.passage(chain, "qualify", end)
        c.check(f"share {end}", which.astype(float), truth.chance)
        c.check(f"days until {end}", days[which], truth.mean)
        spread = np.square(days[which] - truth.mean)
        z = c.z_score(spread, truth.variance)
        assert abs(z) <= c.MOST_Z, f"variance until {end}: {spread.mean():.5g}, not {truth.variance:.5g}"


# --- money ----------------------------------------------------------------------------------------------------

SALES = """
funnelsim: 1
start: 2026-01-01
horizon: {years} y
segments: {{firm: {{value: {value}}}}}
sources: {{web: {{rate: {rate} / d}}}}
teams: {{field: {{headcount: 1, queue: fifo{terms}}}}}
stages: {{sell: {{team: field, convert: {convert}}}}}
"""


@c.cases("replications, second", fast=[(40, False)], slow=[(160, True)])
def test_bookings_are_a_compound_sum(replications: int, second: bool) -> None:
    """A Poisson number of deals of random value: mean lambda E[V], variance lambda E[V^2]."""
    span, spans, rate, convert = 30.0, 48, 0.25, 0.4
    model, found = c.replicates(
        SALES.format(years=4, value="{dist: gamma, mean: 900, cv: 0.6}", rate=rate, terms="", convert=convert),
        replications,
    )
    assert model.horizon / HOUR >= span * spans * DAY
    bookings = []
    for records in found:
        won = records.leads.outcome == WON
        place = (records.leads.ended[won] // round(span * DAY * HOUR)).astype(int)
        bookings.append(np.bincount(place, records.leads.booked[won] / CENTS, spans)[:spans])
    number = rate * convert * span
    values = np.array(bookings)
    c.check("bookings of 30 days", values.mean(axis=1), number * 900)
    if second:
        c.check("variance", np.square(values - number * 900).mean(axis=1), number * 900**2 * (1 + 0.6**2))


VALUES = {1: 0.5, 2: 0.3, 5: 0.2}
"""Deals of 10,000, 20,000 and 50,000."""
UNIT = 10_000


@c.cases("replications", fast=[(40,)], slow=[(160,)])
def test_commission_above_a_quota(replications: int) -> None:
    """What a month books has Panjer's distribution; 5 % commission on it, and 12 % on what is above quota."""
    years, rate, quota = 3, 0.2, 15
    values = [10_000] * 5 + [20_000] * 3 + [50_000] * 2
    pays = "{commission: {rate: 0.05, above_quota: 0.12}}"
    terms = f", quota: {{amount: {quota * UNIT}, period: month}}, cost: {pays}"
    model, found = c.replicates(
        SALES.format(
            years=years, value=f"{{dist: empirical, values: {values}}}", rate=rate, terms=terms, convert=1
        ),
        replications,
    )
    edges = np.arange("2026-01", f"{2026 + years}-02", dtype="datetime64[M]").astype("datetime64[D]")
    days = (edges - edges[0]).astype(int)
    commission, missed, short = [], [], []
    for records in found:
        sales = Window(records, model).sales
        month = np.searchsorted(days, sales.time / HOUR / DAY, "right") - 1
        booked = np.bincount(month, sales.booked / CENTS, len(days))[: len(days) - 1]
        commission.append(np.bincount(month, sales.commission / CENTS, len(days))[: len(days) - 1].mean())
        missed.append((booked < quota * UNIT).mean())
        short.append(np.maximum(quota * UNIT - booked, 0).mean())
    sizes = [VALUES.get(k, 0.0) for k in range(max(VALUES) + 1)]
    pay, below, missing = [], [], []
    for length in np.diff(days):
        chance = exact.panjer(rate * length, sizes, 200)
        assert chance.sum() == pytest.approx(1, abs=1e-12)
        units = np.arange(200)
        pay.append(chance @ (0.05 * units + 0.07 * np.maximum(units - quota, 0)) * UNIT)
        below.append(chance[:quota].sum())
        missing.append(chance @ np.maximum(quota - units, 0) * UNIT)
    c.check("commission of a month", np.array(commission), np.mean(pay))
    c.check("share of quotas missed", np.array(missed), np.mean(below))
    if replications > c.REPLICATIONS:
        c.check("money short of the quota", np.array(short), np.mean(missing))
