"""The life of one lead: its spans are the sums of its visits, whatever the scenario."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.running.replications import replicate
from funnelsim.model.compile import compile_model
from funnelsim.results.labels import lead_labels
from funnelsim.results.lives import BUYER, ON_THE_WAY, WAITING, WORK, life
from funnelsim.results.stamp import Stamp
from funnelsim.scenario.forms.quantities import HOUR
from funnelsim.views.words import LANGUAGES, speaking
from random_scenarios.documents import document
from random_scenarios.laws import scenario_of
from random_scenarios.luck import seeded

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "scenarios").glob("*.yaml"))
MADE = Stamp({}, 1, "compiled", fs.__version__)
ONE_REP = """
horizon: 12 h
warmup: 0 h
sources: {web: {every: 3 h}}
teams: {desk: {headcount: 1, queue: fifo}}
stages: {meet: {team: desk, effort: 2 h, decision: 90 min}, sign: {team: desk, effort: 1 h}}
"""


def agree(scenario: fs.Scenario, most: int) -> None:
    """The lives of some leads follow one another without a gap in a stage, and add up to the records."""
    model = compile_model(scenario)
    records = replicate(model, 1, 0, "compiled", True)
    visits, labels = records.visits, lead_labels(records, model)
    for row in np.unique(visits.lead)[:most].tolist():
        found = life(records, model, labels[row], "line", MADE)
        own = visits.lead == row
        spent = {
            state: sum(span.end - span.start for span in found.spans if span.state == state)
            for state in (WAITING, WORK)
        }
        rest = sum(span.end - span.start for span in found.spans if span.state in (ON_THE_WAY, BUYER))
        assert spent[WAITING] == visits.wait[own].sum()
        assert spent[WORK] == (visits.busy + visits.paused)[own].sum()
        assert rest == (visits.buyer + visits.handoff + visits.held)[own].sum()
        assert all(one.end <= other.start for one, other in pairwise(found.spans))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_spans_are_the_sums_of_visits(path: Path) -> None:
    agree(fs.load(path), 60)


def test_spans_are_the_sums_of_visits_on_random_scenarios() -> None:
    found = [scenario_of(document(seeded(seed))) for seed in range(40)]
    for scenario in found:
        if scenario is not None:
            agree(scenario, 25)
    assert sum(each is not None for each in found) > 20


def test_a_life_worked_out_by_hand() -> None:
    """In work from 3 to 5 h, with the buyer until 6.5 h; the rep has the second lead until 8 h."""
    found = fs.simulate(fs.Scenario.from_text(ONE_REP), replications=1).lead("web-1")
    told = [(span.stage, span.state, span.start / HOUR, span.end / HOUR) for span in found.spans]
    assert told == [
        ("meet", "work", 3, 5),
        ("meet", "buyer", 5, 6.5),
        ("sign", "waiting", 6.5, 8),
        ("sign", "work", 8, 9),
    ]
    assert found.outcome == "won"
    assert found.words[0] == "web-1 comes on 2026-01-01 03:00 and is won after 6.0 h."
    assert found.words[2] == "Its longest wait for a rep is 1.5 h at sign."
    json.dumps(found.to_dict(), allow_nan=False)
    for lang in LANGUAGES:
        with speaking(lang):
            assert len(found.words) == 3


def test_a_lead_that_is_not_there() -> None:
    result = fs.simulate(fs.Scenario.from_text(ONE_REP), replications=1)
    with pytest.raises(FunnelsimError, match="did you mean 'web-1'"):
        result.lead("web1")
    with pytest.raises(FunnelsimError, match="leads have names such as 'web-1'"):
        result.lead("x")
    with pytest.raises(FunnelsimError, match="there is no replication 2"):
        result.lead("web-1", replication=2)
