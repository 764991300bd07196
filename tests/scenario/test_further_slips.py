"""What does nothing, or can hardly be meant, in teams made of others, days off, bursts and log-odds."""

from __future__ import annotations

from typing import Any

import pytest

import funnelsim as fs
from funnelsim.errors import ScenarioError

LINE: dict[str, Any] = {
    "funnelsim": 1,
    "start": "2026-01-05",
    "horizon": "6 mo",
    "calendars": {"office": {"days": "mon-fri", "hours": "09:00-17:00"}},
    "sources": {"web": {"rate": "1 / h"}},
    "teams": {name: {"headcount": 3, "queue": "fifo"} for name in ("inside", "field")},
    "stages": {"call": {"team": "inside", "effort": "1 h"}, "sell": {"team": "field", "effort": "1 h"}},
}
WHOLE = {"teams.all": {"from": ["inside", "field"], "queue": "fifo"}}


def told(change: dict[str, Any], before: dict[str, Any] | None = None) -> list[str]:
    line = fs.Scenario.from_dict(LINE)
    return [str(one) for one in (line.change(before) if before else line).change(change).warnings]


def phase(change: dict[str, Any]) -> dict[str, Any]:
    return {"phases": [{"from": "2026-03-01", "change": change}]}


def test_what_a_whole_has_of_its_own_is_told_where_it_is_changed_in_a_part() -> None:
    said = "the people of inside are in all, which has its own; write teams.all.queue"
    assert f"phases.0: teams.inside.queue: does nothing as it is: {said}" in told(
        phase({"teams.inside.queue": "lifo", "gross_margin": 0.5}), WHOLE
    )
    assert f"teams.inside.queue: does nothing as it is: {said}" in told({"teams.inside.queue": "lifo"}, WHOLE)


@pytest.mark.parametrize(
    ("change", "before"),
    [
        (phase({"teams.inside.queue": "lifo"}), {}),  # it is in no other team
        (phase({"teams.inside.headcount": 4}), WHOLE),  # people stay who they are
        (phase({"teams.*.queue": "lifo"}), WHOLE),  # the whole is meant, too
        (WHOLE, {"teams.inside.queue": "lifo"}),  # it held before there was a whole
        (phase({**WHOLE, "teams.all.queue": "lifo"}), {}),
        ({"teams.inside.wip_limit": 3, "teams.field.wip_limit": 3}, WHOLE),  # of which the whole says nothing
    ],
)
def test_what_acts_is_not_told(change: dict[str, Any], before: dict[str, Any]) -> None:
    assert not any("which has its own" in one for one in told(change, before))


def test_a_phase_that_ends_the_merger_may_change_its_parts() -> None:
    """While the whole is there it does nothing; the two alone are as the phase says."""
    alone = {"teams.all": None, "teams.inside.queue": "lifo"}
    assert not any("which has its own" in one for one in told(phase(alone), WHOLE))


def test_a_team_made_of_no_others_is_told() -> None:
    said = "teams.field.from: it names no team, so the people of this team are its own"
    assert said in told({"teams.field.from": []})
    assert said not in told({"teams.field.label": "Field"})
    assert not any("names no team" in one for one in told(WHOLE))


def test_days_that_take_most_of_the_year_are_told() -> None:
    closed = "calendars.office.closed"
    said = f"{closed}: 08-16..08-10 goes over the turn of the year and is 360 days long"
    assert any(one == f"{said}; the days between are 08-10..08-16" for one in told({closed: ["08-16..08-10"]}))
    assert not any("turn of the year" in one for one in told({closed: ["12-29..01-03", "08-10..08-16"]}))
    off = told({"teams.field.absence.dates": ["08-16..08-10"]})
    assert any(one.startswith("teams.field.absence.dates: 08-16..08-10 goes over") for one in off)


def test_days_off_outside_of_the_run_are_told_unless_others_are_within() -> None:
    closed = "calendars.office.closed"
    run = "all of it lies outside of the run, which goes from 2026-01-05 to 2026-07-05"
    assert f"{closed}: does nothing as it is: {run}" in told({closed: ["2028-01-01..2028-01-05", "2025-05-01"]})
    both = told({closed: ["08-10..08-16", "2028-01-01"]})
    assert f"{closed}: what is not of every year does nothing as it is: {run}" in both
    assert not any("outside of the run" in one for one in told({closed: ["2028-01-01", "2026-02-02"]}))


def test_a_burst_without_leads_is_told() -> None:
    bursts = [{"at": "2026-02-01", "leads": 0}]
    said = "sources.web.bursts: does nothing as it is: one of them has no leads"
    assert said in told({"sources.web.bursts": bursts})
    assert said not in told({"sources.web.bursts": [{"at": "2026-02-01", "leads": 1}]})


@pytest.mark.parametrize("path", ["skill.at.sell", "skill.mean", "skill"])
def test_log_odds_are_no_percentages(path: str) -> None:
    with pytest.raises(ScenarioError, match=r"at most 40, found .20 %.; write 0\.2"):
        fs.Scenario.from_dict(LINE).change({f"teams.field.{path}": "20 %"})
    assert fs.Scenario.from_dict(LINE).change({f"teams.field.{path}": 0.2}).spec.teams["field"].skill
