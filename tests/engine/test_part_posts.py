"""Posts that are parts of whole ones: the same in both engines, at dates, in phases, in teams made of others."""

from __future__ import annotations

from typing import Any

import pytest

import funnelsim as fs
from funnelsim.engine import compiled
from funnelsim.model.compile import compile_model
from funnelsim.model.records import Records
from funnelsim.results import conservation
from funnelsim.scenario.forms.quantities import HOUR
from twins.same import assert_twins

LINE: dict[str, Any] = {
    "funnelsim": 1,
    "start": "2026-01-05",
    "horizon": "30 d",
    "sources": {"web": {"every": "10 h"}},
    "teams": {"desk": {"headcount": 1, "queue": "fifo"}},
    "stages": {"serve": {"team": "desk", "continuity": "any_rep", "effort": "2 h"}},
}


def ran(change: dict[str, Any]) -> Records:
    model = compile_model(fs.Scenario.from_dict(LINE).change(change))
    assert_twins(model)
    records = compiled.run(model, 1, 0)
    conservation.check(records, model)
    return records


@pytest.mark.parametrize(("people", "hours"), [(1, 2), (0.5, 4), (0.25, 8), (0.75, 8 / 3)])
def test_a_touch_takes_as_much_longer_as_the_post_is_smaller(people: float, hours: float) -> None:
    """And the hours that are charged are those of a whole post."""
    records = ran({"teams.desk.headcount": people})
    done = records.visits.outcome >= 0
    assert records.visits.busy[done] == pytest.approx(hours * HOUR, abs=1)
    assert records.visits.work[done] == pytest.approx(2 * HOUR, abs=1)
    assert records.series.team_open.sum() == pytest.approx(people * 30 * 24 * HOUR)
    assert records.reps.busy.sum() == pytest.approx(2 * HOUR * done.sum(), rel=0.02)
    assert records.series.team_headcount.sum() == 30 * 24 * HOUR  # one seat, whatever it is


def test_it_is_as_a_smaller_share_of_hours_for_leads() -> None:
    """One person with half a post works as one with half the selling share, with the hours counted otherwise."""
    half, share = ran({"teams.desk.headcount": 0.5}), ran({"teams.desk.selling_share": 0.5})
    for name, column in half.visits._asdict().items():
        assert (column == getattr(share.visits, name)).all(), name
    assert 2 * half.series.team_busy.sum() == pytest.approx(share.series.team_busy.sum(), abs=100)


def test_both_together() -> None:
    records = ran({"teams.desk.headcount": 0.5, "teams.desk.selling_share": 0.5})
    assert records.visits.busy[records.visits.outcome >= 0] == pytest.approx(8 * HOUR, abs=1)


def test_the_part_grows_at_a_date_after_the_touch_in_hand() -> None:
    """Work begun at half a post ends at that pace; nobody is hired, and who was there goes on."""
    change = {
        "teams.desk.headcount": {"start": 0.5, "2026-01-15": 1},
        "sources.web": {"set": {"every": "7 h"}},
        "stages.serve.effort": "3 h",
    }
    records = ran(change)
    moment = 10 * 24 * HOUR
    visits = records.visits
    early, late = visits.first_touch < moment, (visits.first_touch >= moment) & (visits.outcome >= 0)
    assert visits.busy[early] == pytest.approx(6 * HOUR, abs=1)
    assert visits.busy[late] == pytest.approx(3 * HOUR, abs=1)
    across = early & (visits.left > moment)
    assert across.sum() == 1  # one was in hand
    assert len(records.reps.team) == 1


def test_a_phase_makes_it_smaller_and_whole_again() -> None:
    phase = {"from": "2026-01-12", "to": "2026-01-20", "change": {"teams.desk.headcount": {"multiply": 0.5}}}
    records = ran({"phases": [phase]})
    took = set((records.visits.busy[records.visits.outcome >= 0] + HOUR // 2) // HOUR)
    assert took == {2, 4}
    assert len(records.reps.team) == 1


def test_the_last_of_several_has_the_part() -> None:
    records = ran({"teams.desk.headcount": 2.5, "sources.web.every": "50 min", "teams.desk.routing": "random"})
    done = records.visits.outcome >= 0
    by = {seat: records.visits.busy[done & (records.visits.rep == seat)] for seat in range(3)}
    assert all(by[seat] == pytest.approx(2 * HOUR, abs=1) for seat in (0, 1))
    assert by[2] == pytest.approx(4 * HOUR, abs=1)


def test_each_part_of_a_team_made_of_others_keeps_its_own() -> None:
    """Two teams of 1.5 are four seats together, of which two are halves."""
    teams = {name: {"headcount": 1.5, "queue": "fifo"} for name in ("inside", "field")}
    both = {"from": ["inside", "field"], "queue": "fifo", "routing": "random"}
    change = {
        "teams": {"set": {**teams, "all": both}},
        "stages.serve.team": "inside",
        "sources.web.every": "50 min",
    }
    records = ran(change)
    done = records.visits.outcome >= 0
    hours = {
        seat: set((records.visits.busy[done & (records.visits.rep == seat)] + HOUR // 2) // HOUR)
        for seat in range(4)
    }
    assert hours == {0: {2}, 1: {4}, 2: {2}, 3: {4}}
    assert records.series.team_open.sum() == pytest.approx(3 * 30 * 24 * HOUR)


def test_who_moves_has_the_post_of_the_new_seat() -> None:
    """A person with a whole post goes to half a one in a phase, and takes up work at its pace."""
    phase = {
        "from": "2026-01-15",
        "change": {
            "teams.new": {"headcount": 0.5, "queue": "fifo", "staffed_from": "desk"},
            "teams.desk.headcount": 0,
            "stages.serve.team": "new",
        },
    }
    records = ran({"phases": [phase]})
    done = records.visits.outcome >= 0
    assert {*(records.visits.busy[done & (records.visits.team == 1)] + HOUR // 2) // HOUR} == {4}
    assert records.reps.occupant.tolist() == [0, 0]
