"""Story A: inside sales passes leads that are not ripe, field sales picks the sure ones, needs age."""

from __future__ import annotations

import numpy as np
import pytest

from funnelsim.model.records import EXPIRED, FIXED_OUTCOMES, WON, Records
from funnelsim.scenario.forms.quantities import MICROSECONDS

from .paired import FAST, SLOW, Story, replications

WARMUP = 3 * MICROSECONDS["mo"]
VOLUME = {"stages.qualify.next": "first_call"}
PICKING = {"teams.field_sales.queue.rule": "score"}


def measure(records: Records) -> dict[str, float]:
    """Deals won, the win rate that field sales reports, and leads that went elsewhere, after the warm-up."""
    leads = records.leads
    ended = leads.ended >= WARMUP
    won, lost = (ended & (leads.outcome == WON)).sum(), (ended & (leads.outcome >= len(FIXED_OUTCOMES))).sum()
    passed = records.visits.stage == 2
    return {
        "won": won,
        "win rate": won / (won + lost),
        "gone elsewhere": (ended & (leads.outcome == EXPIRED)).sum(),
        "first calls asked for": passed.sum(),
        "unready at the first call": np.isin(leads.readiness[records.visits.lead[passed]], (1,)).sum(),
    }


@pytest.fixture(scope="module")
def story() -> Story:
    return Story("story_unripe_leads", {"teams.field_sales.headcount": 5}, measure)


@replications()
def test_each_team_does_better_and_the_whole_worse(story: Story, count: int) -> None:
    found = story.differences(VOLUME | PICKING, slack=False, replications=count)
    assert found["first calls asked for"].up
    assert found["win rate"].up
    assert found["gone elsewhere"].up
    assert found["won"].down


@replications()
def test_with_slack_nothing_is_lost(story: Story, count: int) -> None:
    tight, slack = (story.differences(VOLUME | PICKING, each, count) for each in (False, True))
    assert slack["won"].within(0.05 if count == FAST else 0.03)
    assert slack["won"].low > tight["won"].high
    assert not slack["win rate"].up or slack["win rate"].high < tight["win rate"].low


@pytest.mark.slow
def test_unripe_leads_do_the_harm_and_picking_the_better_figure(story: Story) -> None:
    """Taken one by one: passing early costs deals; picking is triage, and shows in the win rate alone."""
    volume, picking = (story.differences(each, False, SLOW) for each in (VOLUME, PICKING))
    assert volume["won"].down
    assert not volume["win rate"].up
    assert picking["win rate"].up
    assert not picking["won"].down


@pytest.mark.slow
def test_who_sees_all_picks_without_harm_to_the_figure(story: Story) -> None:
    """More people, less harm: the loss shrinks step by step."""
    losses = []
    for heads in (2, 3, 5):
        change = {"teams.field_sales.headcount": heads}
        before, after = (
            story.figures(change | each, False, SLOW)["won"].mean() for each in ({}, VOLUME | PICKING)
        )
        losses.append(1 - after / before)
    print("share of deals lost with 2, 3, 5 people:", losses)
    assert losses[0] > 0.05
    assert losses[0] > losses[1]
    assert abs(losses[2]) < 0.02
