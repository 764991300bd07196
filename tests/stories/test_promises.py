"""Story B: promises that nobody can keep: bookings first, churn of others later, and only where work is short."""

from __future__ import annotations

import pytest

from funnelsim.model.records import Records

from .paired import FAST, MONTH, Story, booked, customers, replications, revenue

PROMISES = {
    "stages.sell.concessions": {
        "promise": {"share": 0.1, "under_pressure": 0.9, "odds": 2.5, "onboarding": 3, "health": 0.05}
    }
}


def measure(records: Records) -> dict[str, float]:
    """Bookings and revenue over time; customers of the start, whom nobody promised anything, who have left."""
    table = customers(records)[0]
    old = table.number > 0
    return {
        "booked in 12 months": booked(records, 12),
        "revenue after 24 months": revenue(records, 24),
        "revenue after 30 months": revenue(records, 30),
        "old customers gone": (old & (table.ended >= 0)).sum(),
        "old customers gone in 6 months": (old & (table.ended >= 0) & (table.ended < 6 * MONTH)).sum(),
        "care late or missed": (table.care_late + table.care_missed).sum(),
    }


@pytest.fixture(scope="module")
def story() -> Story:
    return Story("story_promises", {"teams.customer_success.headcount": 2}, measure)


@replications()
def test_bookings_first_and_harm_later(story: Story, count: int) -> None:
    found = story.differences(PROMISES, slack=False, replications=count)
    assert found["booked in 12 months"].up
    assert found["revenue after 24 months"].down
    assert found["revenue after 30 months"].down
    assert found["revenue after 30 months"].mean < found["revenue after 24 months"].mean


@replications()
def test_customers_leave_whom_nobody_promised_anything(story: Story, count: int) -> None:
    """They leave because care comes late, which takes time to build up."""
    found = story.differences(PROMISES, slack=False, replications=count)
    assert found["care late or missed"].up
    assert found["old customers gone"].up
    assert found["old customers gone in 6 months"].mean < 0.1 * found["old customers gone"].mean


@replications()
def test_with_slack_others_stay_and_promises_pay(story: Story, count: int) -> None:
    found = story.differences(PROMISES, slack=True, replications=count)
    assert found["booked in 12 months"].up
    assert found["old customers gone"].within(0.02)
    assert found["revenue after 24 months"].up
    assert found["revenue after 30 months"].up


@pytest.mark.slow
def test_what_is_booked_does_not_depend_on_customer_success(story: Story) -> None:
    tight, slack = (story.figures(PROMISES, each, FAST)["booked in 12 months"] for each in (False, True))
    assert (tight == slack).all()
