"""Story C: leads that customer success finds lie behind new ones."""

from __future__ import annotations

import pytest

from funnelsim.model.records import EXPANDED, EXPIRED, WON, Records
from funnelsim.model.records import EXPANSION as WISH

from .paired import CENTS, Story, customers, replications, revenue

QUEUE = "teams.inside_sales.queue"
NEW_FIRST = {QUEUE: {"rule": "fifo", "last": {"origin": "expansion"}, "first": None}}
BY_ARRIVAL = {QUEUE: {"rule": "fifo", "first": None}}


def measure(records: Records) -> dict[str, float]:
    """Wins by kind, what wishes brought in, and how customers of the start have fared."""
    table, moves = customers(records)
    leads, old = records.leads, table.number > 0
    wish = leads.origin == WISH
    return {
        "new firms won": (~wish & (leads.outcome == WON)).sum(),
        "revenue from wishes": moves.amount[moves.kind == EXPANDED].sum() / CENTS,
        "wishes left lying": (wish & (leads.outcome == EXPIRED)).sum(),
        "health": table.health[old].mean(),
        "old customers gone": (old & (table.ended >= 0)).sum(),
        "revenue": revenue(records, 20),
    }


@pytest.fixture(scope="module")
def story() -> Story:
    return Story("story_customers_wishes", {"teams.inside_sales.headcount": 3}, measure)


@replications()
def test_new_firms_first(story: Story, count: int) -> None:
    found = story.differences(NEW_FIRST, slack=False, replications=count)
    assert found["new firms won"].up
    assert found["wishes left lying"].up
    assert found["revenue from wishes"].down
    assert found["health"].down
    assert found["old customers gone"].up
    assert found["revenue"].down


@replications()
def test_with_slack_the_order_makes_no_difference(story: Story, count: int) -> None:
    tight, slack = (story.differences(NEW_FIRST, each, count) for each in (False, True))
    for name in ("new firms won", "revenue from wishes", "old customers gone", "revenue"):
        assert slack[name].within(0.02), name
    for name in ("wishes left lying", "health"):
        assert abs(slack[name].mean) < 0.1 * abs(tight[name].mean), name


@pytest.mark.slow
@pytest.mark.parametrize("slack", [False, True])
def test_order_of_arrival_lies_between(story: Story, slack: bool) -> None:
    between, last = (story.differences(each, slack, 60) for each in (BY_ARRIVAL, NEW_FIRST))
    if slack:
        assert between["revenue from wishes"].within(0.01)
    else:
        assert last["revenue from wishes"].high < between["revenue from wishes"].mean
        assert between["revenue from wishes"].down
