"""What a post costs besides the salary: paid for each that is planned, whether somebody holds it or not."""

from __future__ import annotations

from typing import Any

import pytest

import funnelsim as fs
from funnelsim.engine import compiled
from funnelsim.model.balance.planned import plan_of
from funnelsim.model.compile import compile_model
from funnelsim.results.measures.costs import staffed_by_team
from funnelsim.results.measures.window import Window
from funnelsim.scenario.forms.quantities import HOUR

LINE: dict[str, Any] = {
    "funnelsim": 1,
    "start": "2026-01-05",
    "horizon": "200 d",
    "sources": {"web": {"rate": "5 / mo"}},
    "teams": {
        "inside": {"headcount": {"start": 2, "2026-03-06": 4}, "queue": "fifo", "attrition": 3, "hiring": "40 d"},
        "field": {"headcount": 1, "queue": "fifo", "hiring": "40 d"},
    },
    "stages": {"screen": {"team": "inside", "effort": "1 h"}, "sell": {"team": "field", "effort": "1 h"}},
}
SEATS = {"teams.inside.cost.seat": "8_766 / y", "teams.field.cost.seat": "17_532 / y"}
"""One and two an hour."""


def costs(change: dict[str, Any]) -> tuple[Any, Window]:
    model = compile_model(fs.Scenario.from_dict(LINE).change(change))
    window = Window(compiled.run(model, 5, 0), model)
    return window.costs, window


def test_planned_posts_are_paid_by_time() -> None:
    """Two posts for 60 days and four for 140, one of the other team throughout; vacancies are paid for too."""
    paid, window = costs(SEATS)
    assert window.records.series.team_headcount[:, 0].sum() < (2 * 60 + 4 * 140) * 24 * HOUR  # some were vacant
    assert paid.people.sum(axis=0) / 100 == pytest.approx([(2 * 60 + 4 * 140) * 24, 200 * 24 * 2])


def test_a_phase_plans_anew() -> None:
    phase = {"from": "2026-05-05", "change": {"teams.field.headcount": 3, "teams.field.cost.seat": "8_766 / y"}}
    paid, _ = costs({**SEATS, "phases": [phase]})
    assert paid.people[:, 1].sum() / 100 == pytest.approx(120 * 24 * 2 + 80 * 24 * 3)


def test_in_a_merged_team_each_post_costs_what_it_did() -> None:
    paid, _ = costs({**SEATS, "teams.all": {"from": ["inside", "field"], "queue": "fifo"}})
    assert paid.people.sum() / 100 == pytest.approx((2 * 60 + 4 * 140) * 24 + 200 * 24 * 2)
    assert plan_of(fs.Scenario.from_dict(LINE).change(SEATS)).budget == pytest.approx(
        (2 * 60 + 4 * 140) / 200 * 8_766 + 17_532
    )


def test_part_of_a_post_costs_that_part() -> None:
    """Salaries as staffed and posts as planned, of a headcount that changes by quarters; and what is planned."""
    change = {
        **SEATS,
        "teams.inside.headcount": {"start": 1.5, "2026-03-06": 2.25},
        "teams.inside.attrition": 0,
        "teams.inside.cost.salary": "87_660 / y",
        "teams.field.headcount": 0.75,
    }
    paid, window = costs(change)
    posts = 1.5 * 60 + 2.25 * 140
    assert paid.people.sum(axis=0) / 100 == pytest.approx([posts * 24 * 11, 200 * 24 * 2 * 0.75])
    assert staffed_by_team(window).sum(axis=0) == pytest.approx([posts * 24 * HOUR, 0.75 * 200 * 24 * HOUR])
    plan = plan_of(fs.Scenario.from_dict(LINE).change(change))
    assert plan.people == pytest.approx({"inside": posts / 200, "field": 0.75})
    assert plan.budget == pytest.approx(posts / 200 * 8_766 * 11 + 0.75 * 17_532)


def test_part_of_a_post_in_a_phase_and_in_a_merged_team() -> None:
    phase = {"from": "2026-05-05", "change": {"teams.field.headcount": 2.5}}
    paid, _ = costs({**SEATS, "phases": [phase]})
    assert paid.people[:, 1].sum() / 100 == pytest.approx(120 * 24 * 2 + 80 * 24 * 2 * 2.5)
    whole = {"teams.all": {"from": ["inside", "field"], "queue": "fifo"}, "teams.field.headcount": 0.5}
    merged, window = costs({**SEATS, **whole})
    assert merged.people.sum() / 100 == pytest.approx((2 * 60 + 4 * 140) * 24 + 200 * 24 * 2 * 0.5)
    assert staffed_by_team(window).shape[1] == len(window.model.team_names)


def test_without_a_price_nothing_is_other() -> None:
    scenario = fs.Scenario.from_dict(LINE)
    assert scenario.change({"teams.field.cost.seat": "0 / y"}).fingerprint == scenario.fingerprint
    assert costs({})[0].people.tobytes() == costs({"teams.field.cost.seat": "0 / mo"})[0].people.tobytes()


def test_who_has_a_seat_that_costs_is_not_free() -> None:
    said = fs.Scenario.from_dict(LINE).change({"teams.inside.cost.salary": "60_000 / y"}).warnings
    assert any("field costs nothing" in one for one in said)
    said = fs.Scenario.from_dict(LINE).change({"teams.inside.cost.salary": "60_000 / y", **SEATS}).warnings
    assert not any("field costs nothing" in one for one in said)
