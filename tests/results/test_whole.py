"""KPIs of the whole against its parts, and who takes how much of the cycle, by the tables in `company`."""

from __future__ import annotations

import numpy as np
import pytest

from funnelsim.results.measures.summary import Summary, summarise, tally

from . import company, samples


def _summary() -> Summary:
    model = company.model()
    return summarise([tally(company.records(), model)], model)


def test_needs_age_by_the_decay_of_their_stages() -> None:
    kpis = _summary().kpis
    lost = 3652.5 * (1 - 2**-0.5) + 1000  # five days at a half-life of ten, and one that expired
    assert kpis["aged_need_loss"].mean == pytest.approx(lost)
    ended = 8000 + 10957.5 + 3652.5 + 1000 + 2000 + 1461
    still_open = 5000
    assert kpis["aged_need_share"].mean == pytest.approx(lost / (ended + still_open))


def test_leads_of_customers_left_lying() -> None:
    assert (
        _summary().kpis["cs_lead_leakage"].mean == 1 / 2
    )  # one expired; the other was touched within a half-life


def test_a_lead_touched_after_its_half_life_has_leaked() -> None:
    records, model = company.records(), company.model()
    touch = records.leads.first_touch.copy()
    touch[3] = company.us(406.5)
    late = records._replace(leads=records.leads._replace(first_touch=touch))
    assert summarise([tally(late, model)], model).kpis["cs_lead_leakage"].mean == 1


def test_served_in_time_means_the_first_touch() -> None:
    summary = _summary()
    # Half a day, two days, untouched, at once, and at the deadline itself; that of the warm-up does not count.
    assert summary.stages["sell"]["sla_attainment"].mean == summary.kpis["sla_attainment"].mean == 3 / 5
    assert summary.stages["onboard"]["sla_attainment"].mean is None


def test_deadlines_in_business_days() -> None:
    # Lead 7 comes on Sunday, 1 November, and has its first touch on Monday afternoon, within a business day.
    records = company.records()
    touch = records.visits.first_touch.copy()
    touch[9] = company.us(305.6)
    records = records._replace(visits=records.visits._replace(first_touch=touch))
    business = company.TEXT.replace("sla: 1 d", "sla: 1 bd").replace(
        "sources:", "calendars: {office: {days: mon-fri, hours: 09:00-17:00}}\nsources:"
    )
    for text, share in ((company.TEXT, 2 / 5), (business, 3 / 5)):
        model = company.model(text)
        assert summarise([tally(records, model)], model).stages["sell"]["sla_attainment"].mean == share


def test_context_is_that_at_the_end_of_visits() -> None:
    assert _summary().stages["onboard"]["context"].mean == 3 / 4


def test_what_a_team_does_for_a_handoff_is_its_own() -> None:
    records, model = samples.records(), samples.model(warmup=0)
    visits = records.visits
    give_wait, give_busy = np.zeros_like(visits.wait), np.zeros_like(visits.wait)
    give_wait[1], give_busy[1] = samples.us(0.5), samples.us(0.25)  # of web-1's wait of 1 h and work of 2 h
    giver = np.where(give_wait > 0, 0, -1)
    handed = records._replace(visits=visits._replace(giver=giver, give_wait=give_wait, give_busy=give_busy))
    teams = summarise([tally(handed, model)], model).teams
    # The cycles of web-1 and web-3 are 8 hours together; their calls took an hour each.
    assert teams["inside"]["cycle_share"].mean == pytest.approx(0.5 / 8)
    assert teams["field"]["cycle_share"].mean == pytest.approx(0.5 / 8)
    assert teams["inside"]["cycle_share_work"].mean == pytest.approx(2.25 / 8)
    assert teams["field"]["cycle_share_work"].mean == pytest.approx(3.75 / 8)
