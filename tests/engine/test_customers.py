"""Customers: who becomes one, whose they are, what harms them, and what is written down."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from exact import on_both_engines

import funnelsim as fs
from funnelsim.engine import simpy_engine
from funnelsim.engine.simpy_engine.choice import Choice
from funnelsim.model import records as rec
from funnelsim.model.compile import compile_model
from funnelsim.model.model import Model
from funnelsim.model.records import Records
from funnelsim.model.time.calendars import open_between
from funnelsim.results.conservation import check
from funnelsim.scenario.forms.quantities import MICROSECONDS

DAY, MONTH = MICROSECONDS["d"], MICROSECONDS["mo"]
HORIZON = 731 * DAY  # two years from April 2026

COMPANY = """
funnelsim: 1
start: 2026-04-06
horizon: 2 y
opening: {customers: 60}
score_accuracy: 0.8
calendars: {office: {days: mon-fri, hours: 09:00-17:00}}
territories: {east: 1, west: 2}
segments:
  small: {share: 2, value: {dist: lognormal, median: 9_000, sigma: 0.6}}
  large: {share: 1, value: {dist: gamma, mean: 40_000, cv: 0.5}}
sources: {web: {rate: 3 / d}}
teams:
  field: {headcount: 3, queue: value}
  care:  {headcount: {2026-04-06: 3, 2027-04-06: 2}, queue: at_risk, attrition: 0.5, hiring: 20 d, wip_limit: 4}
stages:
  sell:
    team: field
    effort: {dist: lognormal, mean: 4 h, cv: 1}
    decision: {dist: gamma, mean: 9 d, cv: 0.5}
    convert: 0.2
    patience: 3 w
    books: true
  onboard: {team: care, touches: 3, effort: 2 h, gap: 3 bd, convert: 0.95, otherwise: gave_up}
  upsell: {aside: true, team: field, effort: 1 h, convert: 0.5, patience: 5 d, books: true}
customers:
  team: care
  churn: {small: 0.04 / mo, else: 0.02 / mo}
  early: {factor: 2, first: 90 d}
  health_weight: 3
  health:
    {start: 0.7, late_onboarding: 0.1, onboarding_due: 15 bd, care_on_time: 0.02, care_late: 0.1,
     complaint_well: 0.05, complaint_badly: 0.2, ignored_lead: 0.1}
  care: {every: 1 mo, effort: {dist: exponential, mean: 2 h}}
  renewal: {every: 1 y, effort: 2 h, churn: 0.1}
  complaint: {rate: 0.5 / y, effort: 90 min, sla: 2 bd}
  expansion: {rate: 0.6 / y, value: 0.3, to: upsell}
  referral: {rate: 0.3 / y, quality: 0.4}
  rep_change: {health: 0.1, revenue: 0.15}
  payment: {delay: 30 d, bad_debt: 0.02}
"""
"""A company with a bit of everything."""

BARE = """
funnelsim: 1
horizon: 1 y
opening: {customers: 4}
segments: {firm: {value: 1000}}
teams: {care: {headcount: 2, queue: fifo}}
stages: {sell: {}}
customers:
"""


def scenario(text: str = COMPANY) -> Any:
    return fs.Scenario.from_text(text)


def run(scene: Any, replication: int = 0) -> Records:
    return on_both_engines(compile_model(scene), replication)


def customers_of(records: Records) -> rec.Customers:
    assert records.customers is not None
    return records.customers


def moves_of(records: Records) -> rec.Moves:
    assert records.moves is not None
    return records.moves


def tasks_of(records: Records) -> rec.Tasks:
    assert records.tasks is not None
    return records.tasks


@pytest.fixture(scope="module")
def company() -> Records:
    return run(scenario())


# --- conservation ---


def test_the_bridge_closes_to_the_cent(company: Records) -> None:
    moves, customers = moves_of(company), customers_of(company)
    model = compile_model(scenario())
    assert {rec.MOVE_KINDS[kind] for kind in moves.kind} == set(rec.MOVE_KINDS)
    assert (moves.amount > 0).all()
    assert (np.diff(moves.time) >= 0).all()
    signed = np.where(np.isin(moves.kind, (rec.CONTRACTED, rec.CHURNED)), -moves.amount, moves.amount)
    for edge, arr in zip(model.edges[1:], company.series.arr_last, strict=True):
        assert signed[moves.time < edge].sum() == arr
    living = customers.ended < 0
    assert customers.arr[living].sum() == company.series.arr_last[-1]
    by_customer = np.zeros(len(living), dtype=np.int64)
    np.add.at(by_customer, moves.customer, signed)
    assert (by_customer[living] == customers.arr[living]).all()
    assert (by_customer[~living] == 0).all()
    lost = moves.kind == rec.CHURNED
    assert (customers.arr[moves.customer[lost]] == moves.amount[lost]).all()
    assert (customers.ended[moves.customer[lost]] == moves.time[lost]).all()


def test_customers_are_conserved(company: Records) -> None:
    customers, leads = customers_of(company), company.leads
    made = customers.lead >= 0
    assert (~made).sum() == 60
    won = np.flatnonzero(leads.outcome == rec.WON)
    grown = np.setdiff1d(won, customers.lead[made])
    assert (leads.origin[grown] == rec.EXPANSION).all()
    assert np.isin(customers.lead[made], won).all()
    assert len(np.unique(customers.lead[made])) == made.sum()
    assert len(customers.ended) - (customers.ended >= 0).sum() == company.series.customers_last[-1]
    assert (customers.since[made] == leads.ended[customers.lead[made]]).all()
    expanded = moves_of(company).amount[moves_of(company).kind == rec.EXPANDED].sum()
    assert expanded == leads.booked[grown].sum()


def test_every_care_touch_is_accounted_for(company: Records) -> None:
    customers, tasks = customers_of(company), tasks_of(company)
    care = tasks.kind == 0
    begun = np.bincount(tasks.customer[care & (tasks.started >= 0)], minlength=len(customers.lead))
    assert (begun == customers.care_on_time + customers.care_late).all()
    late = care & (tasks.started >= tasks.due)
    assert (np.bincount(tasks.customer[late], minlength=len(begun)) == customers.care_late).all()
    opened = np.bincount(tasks.customer[care], minlength=len(begun))
    until = np.where(customers.ended >= 0, customers.ended, HORIZON - 1)  # churn comes after what falls due
    falls = (until - customers.live) // MONTH
    new = (customers.lead >= 0) & (customers.live >= 0)
    assert (opened + customers.care_missed)[new].tolist() == falls[new].tolist()
    assert customers.care_missed.sum() > 0
    waiting = care & (tasks.started < 0)
    assert np.bincount(tasks.customer[waiting], minlength=len(begun)).max() == 1


def test_work_for_customers_is_work_of_reps() -> None:
    model, after_churn = compile_model(scenario()), 0
    for replication in range(4):
        records = simpy_engine.run(model, 1, replication, events=True)
        tasks, visits, reps = tasks_of(records), records.visits, records.reps
        spent = np.zeros(len(reps.busy), dtype=np.int64)
        np.add.at(spent, tasks.rep[tasks.rep >= 0], tasks.busy[tasks.rep >= 0])
        care = reps.team == 1
        assert (spent[~care] == 0).all()
        in_stage = visits.busy[visits.team == 1].sum()
        late = _after_churn(model, records)
        assert spent.sum() + in_stage + late == reps.busy[care].sum()
        assert records.series.team_queue.sum(axis=0).tolist() == records.waits.total.sum(axis=0).tolist()
        after_churn += late
    assert after_churn > 0


def _after_churn(model: Model, records: Records) -> int:
    """Open time of touches in hand after their customers had churned in onboarding, by the log."""
    events = records.events
    assert events is not None
    total, left = 0, {}
    for time, lead, kind, rep in zip(events.time, events.lead, events.kind, events.rep, strict=True):
        if kind == rec.LEFT:
            left[lead] = (time, rep)
        elif kind == rec.ENTERED:
            left.pop(lead, None)
        elif kind == rec.COMPLETED and lead in left:
            assert left[lead][1] == rep
            total += open_between(model.tables.calendars, model.tables.teams.calendar[1], left[lead][0], time)
    return total


def test_complaints_are_well_or_badly_handled(company: Records) -> None:
    customers, tasks = customers_of(company), tasks_of(company)
    ours = tasks.kind == 2
    ended = np.where(customers.ended[tasks.customer] >= 0, customers.ended[tasks.customer], HORIZON)
    passed = ours & (tasks.due < ended) & ((tasks.ended < 0) | (tasks.ended > tasks.due))
    well = ours & (tasks.ended >= 0) & (tasks.ended <= tasks.due) & (tasks.ended <= ended)
    assert np.bincount(tasks.customer[passed], minlength=len(ended)).sum() == customers.complaints_badly.sum() > 0
    assert well.sum() == customers.complaints_well.sum() > 0


# --- whose they are ---


def test_opening_customers_are_dealt_out_evenly() -> None:
    records = run(scenario(BARE.replace("customers: 4", "customers: 7") + "  team: care"))
    assert np.bincount(customers_of(records).rep).tolist() == [4, 3]


def test_reps_of_a_territory_get_its_customers() -> None:
    text = COMPANY.replace("queue: at_risk,", "queue: at_risk, serves: {east: 1},").replace("attrition: 0.5, ", "")
    records = run(scenario(text).change({"horizon": "1 d"}))
    customers = customers_of(records)
    of_east = customers.territory[:60] == 0
    assert (customers.rep[:60][~of_east] != 3).all()
    assert 0 < (customers.rep[:60] == 3).sum() <= of_east.sum()


def test_the_onboarding_rep_keeps_the_customer() -> None:
    scene = scenario(COMPANY.replace("attrition: 0.5, ", "").replace("{2026-04-06: 3, 2027-04-06: 2}", "3"))
    records = run(scene)
    customers, visits = customers_of(records), records.visits
    onboarded = visits.rep[(visits.stage == 1) & (visits.outcome == rec.ADVANCED)]
    lead = visits.lead[(visits.stage == 1) & (visits.outcome == rec.ADVANCED)]
    rep = dict(zip(lead.tolist(), onboarded.tolist(), strict=True))
    live = (customers.live >= 0) & np.isin(customers.lead, lead)  # those won back have no onboarding
    assert [rep[of] for of in customers.lead[live].tolist()] == customers.rep[live].tolist()
    assert (customers.rep_changes == 0).all()


def test_who_takes_up_work_for_a_customer_without_a_rep_keeps_it() -> None:
    text = """
funnelsim: 1
horizon: 1 y
sources: {web: {bursts: [{at: 0 d, leads: 20}]}}
teams: {sales: {headcount: 1, queue: fifo}, care: {headcount: 4, queue: fifo}}
stages: {sell: {team: sales}}
customers: {team: care, care: {every: 1 mo, effort: 1 h}}
"""
    tasks = tasks_of(run(scenario(text)))
    for customer in range(20):
        reps = tasks.rep[(tasks.customer == customer) & (tasks.started >= 0)]
        assert len(reps) == 12 or len(reps) == 11
        assert len(set(reps.tolist())) == 1
    assert len(set(tasks.rep.tolist())) == 4


def test_wip_limits_do_not_concern_customers() -> None:
    """Reps who hold as many leads as they may still take up customers without a rep."""
    text = """
funnelsim: 1
horizon: 100 d
sources: {old: {bursts: [{at: 0 d, leads: 30}], to: closed}, web: {rate: 1 / d}}
teams: {care: {headcount: 2, queue: fifo, wip_limit: 1}}
stages:
  sell: {team: care, effort: 10 min, touches: 2, gap: 300 d}
  closed: {aside: true, books: true}
customers: {team: care, care: {every: 30 d, effort: 1 h}}
"""
    records = run(scenario(text))
    assert (records.visits.first_touch >= 0).sum() == 2
    assert (customers_of(records).care_on_time == 3).all()


def test_reps_who_leave_cost_health_and_revenue() -> None:
    text = BARE + "  team: care\n  health: {start: 0.9}\n  rep_change: {health: 0.25, revenue: 0.1}"
    text = text.replace("headcount: 2", "headcount: {2026-01-01: 2, 2026-03-02: 1}")
    records = run(scenario(text).change({"horizon": "2 y"}))
    customers, moves = customers_of(records), moves_of(records)
    assert customers.rep_changes.tolist() == [0, 1, 0, 1]
    assert customers.health.tolist() == [0.9, 0.65, 0.9, 0.65]
    for customer in (1, 3):
        own = (moves.customer == customer) & (moves.kind == rec.CONTRACTED)
        steps = moves.amount[own]
        assert steps.sum() == 10_000
        assert len(steps) == 12
        assert steps.max() - steps.min() <= 1
        assert (moves.time[own] == 60 * DAY + MONTH * np.arange(1, 13)).all()
        assert customers.arr[customer] == 90_000
    assert customers.arr[0] == 100_000


# --- health ---


def test_health_follows_from_what_is_done() -> None:
    text = """
  team: care
  care: {every: 1 mo, effort: 1 h}
  health: {start: 0.5, care_on_time: 0.03}
"""
    records = run(scenario(BARE + text))
    customers = customers_of(records)
    done = np.bincount(tasks_of(records).customer[tasks_of(records).ended >= 0], minlength=4)
    assert (customers.care_on_time == done).all()
    assert customers.health == pytest.approx(0.5 + 0.03 * done)


def test_health_stays_between_0_and_1() -> None:
    text = """
  team: care
  care: {every: 1 w, effort: 1 h}
  complaint: {rate: 1 / w, effort: 1 h, sla: 1 min}
  health: {start: 0.5, care_on_time: 0.4, complaint_badly: 0.7}
"""
    customers = customers_of(run(scenario(BARE + text)))
    assert customers.complaints_badly.sum() > 100
    assert ((customers.health >= 0) & (customers.health <= 1)).all()


def test_late_onboarding_harms(company: Records) -> None:
    text = """
funnelsim: 1
horizon: 30 d
sources: {web: {bursts: [{at: 0 d, leads: 5}]}}
teams: {care: {headcount: 1, queue: fifo}}
stages: {sell: {books: true}, onboard: {team: care, effort: 24 h}}
customers: {team: care, health: {start: 0.9, late_onboarding: 0.4, onboarding_due: 3 d}}
"""
    customers = customers_of(run(scenario(text)))
    assert (customers.live // DAY).tolist() == [1, 2, 3, 4, 5]
    assert customers.since.tolist() == [0] * 5
    assert customers.health == pytest.approx([0.9, 0.9, 0.9, 0.5, 0.5])


def test_expansion_leads_left_lying_harm() -> None:
    text = BARE.replace(
        "stages: {sell: {}}", "stages: {sell: {}, upsell: {aside: true, team: care, patience: 2 d}}"
    )
    text = (
        text.replace("headcount: 2", "headcount: 0")
        + """
  expansion: {rate: 1 / mo, to: upsell}
  health: {start: 1, ignored_lead: 0.01}
"""
    )
    records = run(scenario(text))
    customers, leads = customers_of(records), records.leads
    ignored = leads.customer[leads.outcome == rec.EXPIRED]
    assert len(ignored) > 20
    assert (leads.origin == rec.EXPANSION).all()
    assert np.bincount(ignored, minlength=4).tolist() == customers.ignored_leads.tolist()
    assert customers.health == pytest.approx(1 - 0.01 * customers.ignored_leads)
    automated = scenario(text.replace("team: care, patience: 2 d", "convert: 0"))
    assert customers_of(run(automated)).ignored_leads.sum() == 0


FADING = (
    BARE.replace("headcount: 2", "headcount: 0").replace("sell: {}", "sell: {convert: 0}")
    + """
  team: care
  care: {every: 1 mo, effort: 1 h}
  health: {start: 0.9, care_late: 0.06}
  expansion: {rate: 1 / w}
  referral: {rate: 2 / w}
"""
)
"""Nobody does the care, so that health falls by 0.06 a month, from the second month on."""


@pytest.mark.parametrize("weight", [2.5, -1.5])
def test_expansions_and_referrals_follow_health(weight: float) -> None:
    """Each comes when the rate, accumulated over all changes of health, reaches what it is at a constant rate."""
    records = run(scenario(FADING))
    change = {"customers.expansion.health_weight": weight, "customers.referral.health_weight": weight}
    plain, felt = records.leads, run(scenario(FADING).change(change)).leads
    tasks = tasks_of(records)
    steps = np.arange(14)

    def worn(when: np.ndarray, first: int) -> np.ndarray:
        """Time up to a moment, weighed by the factor on the rate; care is missed from a month after the first."""
        falls = np.r_[0, first + MONTH * np.arange(1, 14), HORIZON]
        spent = np.clip(when[:, None] - falls[:-1], 0, np.diff(falls))
        return (spent * np.exp(-0.06 * weight * steps)).sum(axis=1)

    for origin in (rec.EXPANSION, rec.REFERRAL):
        for customer in range(4):
            before, after = (x.created[(x.origin == origin) & (x.customer == customer)] for x in (plain, felt))
            both = min(len(before), len(after))
            assert both > 15
            first = int(tasks.ready[tasks.customer == customer].min())
            assert worn(after[:both], first) == pytest.approx(before[:both], abs=30)  # microseconds
    assert (len(felt.created) < len(plain.created)) == (weight > 0)


# --- leads and customers ---


def test_what_falls_through_after_booking_is_lost_at_once(company: Records) -> None:
    customers, visits = customers_of(company), company.visits
    gave_up = np.unique(visits.lead[(visits.stage == 1) & (visits.outcome >= rec.ENDED + 1)])
    assert len(gave_up) > 0
    rows = np.flatnonzero(np.isin(customers.lead, gave_up))
    assert len(rows) == len(gave_up)
    assert (customers.live[rows] == -1).all()
    assert (customers.ended[rows] >= customers.since[rows]).all()
    assert (customers.arr[rows] == customers.first_arr[rows]).all()


def test_children_are_of_their_customers_kind(company: Records) -> None:
    customers, leads = customers_of(company), company.leads
    children = np.flatnonzero(leads.customer >= 0)
    parents = leads.customer[children]
    assert {rec.EXPANSION, rec.REFERRAL} == set(leads.origin[children].tolist())
    assert (leads.origin[leads.customer < 0] == rec.NEW).all()
    assert (leads.segment[children] == customers.segment[parents]).all()
    assert (leads.territory[children] == customers.territory[parents]).all()
    assert (leads.parent[children] == customers.lead[parents]).all()
    assert (leads.created[children] >= customers.live[parents]).all()
    gone = customers.ended[parents] >= 0
    assert (leads.created[children][gone] <= customers.ended[parents][gone]).all()
    expansions = children[leads.origin[children] == rec.EXPANSION]
    first = company.visits.stage[np.searchsorted(company.visits.lead, expansions)]
    assert (first == 2).all()


def test_deals_of_customers_who_have_gone_make_new_customers(company: Records) -> None:
    customers, leads = customers_of(company), company.leads
    own = customers.lead[customers.lead >= 0]
    back = own[leads.origin[own] == rec.EXPANSION]
    assert (customers.ended[leads.customer[back]] >= 0).all()
    assert (customers.ended[leads.customer[back]] < leads.ended[back]).all()


def test_one_off_revenue_recurs_never() -> None:
    records = run(scenario().change({"revenue": "one_off", "horizon": "1 y"}))
    customers = customers_of(records)
    assert len(moves_of(records).amount) == 0
    assert not records.series.arr_last.any()
    assert not customers.arr.any()
    assert (customers.ended >= 0).any()
    assert (records.leads.value[records.leads.origin == rec.EXPANSION] > 0).all()


# --- queues ---


@pytest.mark.parametrize("rule", ["at_risk", "value", "expected_value"])
def test_what_is_taken_is_first_as_of_now(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Health and revenue change while work waits, up and down; the choice goes by the present."""
    text = COMPANY.replace("queue: at_risk", f"queue: {rule}").replace("wip_limit: 4", "wip_limit: 1000")
    choose = Choice.next
    seen = []

    def choose_and_look(choice: Choice, rep: Any, joint_only: bool = False) -> Any:
        item, team = choose(choice, rep, joint_only), choice.team
        if item is not None and team.index == 1:
            at = team.rules[0]
            items = [other for line in team.lines_for(rep) for other in line.items()]
            keys = [other.key(team.run, at) for other in items]
            assert item.key(team.run, at) == min(keys)
            seen.append(len(set(keys)))
        return item

    monkeypatch.setattr(Choice, "next", choose_and_look)
    scene = scenario(text).change({"opening.customers": 300, "horizon": "9 mo"})
    records = run(scene)
    assert len(seen) > 500
    assert max(seen) > 10
    assert customers_of(records).complaints_badly.sum() > 0


def test_selectors_know_work_for_customers() -> None:
    text = BARE.replace("customers: 4", "customers: 200").replace(
        "queue: fifo", "queue: {rule: fifo, first: {stage: complaint}}"
    )
    text = (
        text.replace("headcount: 2", "headcount: 1")
        + """
  team: care
  care: {every: 100 h, effort: 1 h}
  complaint: {rate: 1 / y, effort: 1 h}
"""
    )
    tasks = tasks_of(run(scenario(text)))
    waits = (tasks.started - tasks.ready) / MICROSECONDS["h"]
    done = tasks.started >= 0
    assert waits[done & (tasks.kind == 2)].max() < 5
    assert waits[done & (tasks.kind == 0)].max() > 50


# --- neutral ---


def same(one: Records, other: Records) -> None:
    for part in ("visits", "leads", "reps", "waits"):
        for name, column, twin in zip(
            getattr(one, part)._fields, getattr(one, part), getattr(other, part), strict=True
        ):
            np.testing.assert_array_equal(column, twin, err_msg=f"{part}.{name}")


LEADS_ONLY = COMPANY[: COMPANY.index("customers:\n")].replace("opening: {customers: 60}\n", "")

NEUTRAL = {
    "a life without events": "{}",
    "health without weight": (
        "{health_weight: 0, health: {start: 0.5, ignored_lead: 0.5, late_onboarding: 0.5, onboarding_due: 3 d}}"
    ),
    "streams of rate 0 that follow health": (
        "{expansion: {rate: 0 / y, health_weight: 4}, referral: {rate: 0 / y, health_weight: -4}}"
    ),
    "rates of 0": "{churn: 0 / mo, expansion: 0 / y, referral: 0 / y, complaint: 0 / y, early: {factor: 3}}",
    "care without effort": "{team: care, care: {every: 1 d, effort: 0 h}, complaint: 3 / y}",
    "a change of rep without effect": "{team: care, rep_change: {health: 0, revenue: 0}}",
}


@pytest.mark.parametrize("name", NEUTRAL)
def test_neutral_customers_change_nothing(name: str) -> None:
    short = {"horizon": "200 d"}
    same(
        run(scenario(LEADS_ONLY).change(short)),
        run(scenario(LEADS_ONLY + f"customers: {NEUTRAL[name]}").change(short)),
    )


def test_churn_is_felt_by_leads_in_onboarding_only() -> None:
    """Before the booking nothing is felt: the same leads, and the same visits to the stage that books."""
    short = {"horizon": "200 d"}
    one = run(scenario(LEADS_ONLY).change(short))
    other = run(scenario(LEADS_ONLY + "customers: {churn: 0.1 / mo, renewal: {churn: 0.5}}").change(short))
    for column, twin in zip(one.leads._replace(faces=0), other.leads._replace(faces=0), strict=True):
        np.testing.assert_array_equal(column, twin)  # faces are those of onboarding as well
    for column, twin in zip(one.visits, other.visits, strict=True):
        np.testing.assert_array_equal(column[one.visits.stage == 0], twin[other.visits.stage == 0])
    assert (other.visits.outcome[other.visits.stage == 1] == rec.CHURNED_IN_LINE).any()
    assert (other.visits.outcome[other.visits.stage != 1] != rec.CHURNED_IN_LINE).all()


def test_no_weight_of_health_changes_nothing(company: Records) -> None:
    neutral = {"customers.expansion.health_weight": 0, "customers.referral.health_weight": 0}
    same(company, run(scenario().change(neutral)))
    with pytest.raises(AssertionError):
        same(company, run(scenario().change({"customers.expansion.health_weight": 1})))


def test_opening_customers_without_work_change_nothing_for_leads() -> None:
    short = {"horizon": "200 d"}
    churning = LEADS_ONLY + "customers: {churn: 0.05 / mo}\n"
    other = scenario(churning + "opening: {customers: 500}").change(short)
    same(run(scenario(churning).change(short)), run(other))


def test_customers_keep_their_luck_in_another_organisation() -> None:
    """With no weight on health, when a customer churns does not depend on who works for it."""
    weightless = scenario().change({"customers.health_weight": 0, "horizon": "1 y"})
    staffed = weightless.change(
        {"teams.care.headcount": 9, "teams.care.queue": "fifo", "customers.referral.rate": "1 / y"}
    )
    one, other = customers_of(run(weightless)), customers_of(run(staffed))
    assert one.ended[:60].tolist() == other.ended[:60].tolist()
    assert one.first_arr[:60].tolist() == other.first_arr[:60].tolist()


def test_runs_repeat(company: Records) -> None:
    again = run(scenario())
    for part in ("customers", "moves", "tasks", "visits", "leads"):
        for column, twin in zip(getattr(company, part), getattr(again, part), strict=True):
            np.testing.assert_array_equal(column, twin)


# --- phases ---


def test_a_phase_that_changes_nothing_changes_nothing(company: Records) -> None:
    phased = run(scenario(COMPANY + "phases: [{from: 2026-09-01, change: {customers.care.every: 1 mo}}]"))
    for part in ("customers", "moves", "tasks"):
        for column, twin in zip(getattr(company, part), getattr(phased, part), strict=True):
            np.testing.assert_array_equal(column, twin)


def test_rates_and_intervals_follow_a_phase() -> None:
    text = (
        BARE.replace("customers: 4", "customers: 400").replace("horizon: 1 y", "start: 2026-01-01\nhorizon: 2 y")
        + """
  team: care
  churn: 0 / mo
  complaint: {rate: 1 / y, effort: 1 min}
  care: {every: 1 mo, effort: 1 min}
phases:
  - from: 2027-01-01
    change: {customers.complaint.rate: 4 / y, customers.care.every: 2 mo, customers.churn: 0.1 / mo}
"""
    )
    records = run(scenario(text))
    tasks, customers = tasks_of(records), customers_of(records)
    late = tasks.ready >= 365 * DAY
    complaints = tasks.kind == 2
    assert (complaints & ~late).sum() == pytest.approx(400, abs=80)
    lived = np.where(customers.ended >= 0, customers.ended, 730 * DAY) / (365.25 * DAY) - 365 / 365.25
    assert (lived > 0).all()
    expected = 4 * lived.sum()
    assert (complaints & late).sum() == pytest.approx(expected, abs=4 * expected**0.5)
    alive = customers.ended < 0
    assert alive.mean() == pytest.approx(np.exp(-0.1 * 365 / 30.4375), abs=0.1)
    for customer in np.flatnonzero(alive)[:20]:
        gaps = np.diff(tasks.ready[(tasks.customer == customer) & (tasks.kind == 0) & late])
        assert (gaps == 2 * MONTH).all()


def test_customers_whose_team_changes_change_hands() -> None:
    text = BARE.replace(
        "teams: {care: {headcount: 2, queue: fifo}}",
        "teams: {care: {headcount: 2, queue: fifo}, key: {headcount: 2, queue: fifo}}",
    )
    text = (
        text.replace("horizon: 1 y", "start: 2026-01-01\nhorizon: 1 y")
        + """
  team: care
  health: {start: 0.8}
  care: {every: 1 mo, effort: 1 h}
  rep_change: {health: 0.3}
phases: [{from: 2026-06-01, change: {customers.team: key}}]
"""
    )
    records = run(scenario(text))
    customers, tasks = customers_of(records), tasks_of(records)
    assert customers.rep_changes.tolist() == [1] * 4
    assert customers.health == pytest.approx([0.5] * 4)
    after = tasks.started >= 151 * DAY
    assert (tasks.team == after).all()
    assert (customers.care_missed == 0).all()


def test_the_laws_hold(company: Records) -> None:
    check(company, compile_model(scenario()))
