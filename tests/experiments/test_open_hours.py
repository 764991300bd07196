"""Hours for leads that people have: the same in all designs, or told beside their equal pay."""

from __future__ import annotations

from typing import Any

import pytest

import funnelsim as fs
from funnelsim.cli.levers import levers
from funnelsim.model.balance.planned import hours_of, plan_of
from funnelsim.model.compile import compile_model
from funnelsim.scenario.language.texts import LANGUAGES
from funnelsim.views.words import speaking

LINE: dict[str, Any] = {
    "start": "2026-01-05",
    "horizon": "8 w",
    "warmup": "4 w",
    "sources": {"web": {"rate": "60 / mo"}},
    "calendars": {
        "full": {"days": "mon-fri", "hours": "09:00-17:00"},
        "half": {"days": "mon-fri", "hours": "09:00-13:00"},
    },
    "teams": {
        "sdr": {"headcount": 2, "queue": "fifo", "calendar": "full", "cost": {"salary": "60_000 USD / y"}},
        "ae": {"headcount": 3, "queue": "fifo", "calendar": "half", "cost": {"salary": "90_000 USD / y"}},
        "csm": {"headcount": 2, "queue": "fifo", "calendar": "full"},
    },
    "stages": {
        "screen": {"team": "sdr", "effort": "20 min", "convert": 0.5},
        "propose": {"team": "ae", "effort": "2 h", "convert": 0.5},
        "onboard": {"team": "csm", "effort": "1 h"},
    },
}
MONTH = 365.25 / 12 / 28  # of what falls into four weeks


def line(**change: Any) -> fs.Scenario:
    return fs.Scenario.from_dict(LINE).change({key.replace("__", "."): value for key, value in change.items()})


def hours(scenario: fs.Scenario) -> float:
    return hours_of(scenario, compile_model(scenario))


def test_hours_by_hand() -> None:
    """Four people of 160 hours in four weeks and three of 80."""
    assert hours(line()) == pytest.approx((4 * 160 + 3 * 80) * MONTH, rel=1e-3)
    assert hours(line(teams__ae__selling_share=0.5)) == pytest.approx((4 * 160 + 3 * 40) * MONTH, rel=1e-3)
    more = [{"from": "2026-02-16", "change": {"teams.sdr.headcount": 4}}]  # for the last two of the four weeks
    assert hours(line(phases=more)) == pytest.approx((5 * 160 + 3 * 80) * MONTH, rel=1e-3)


def test_the_calendar_is_that_of_the_most_people_and_not_of_the_largest_team() -> None:
    whole = line().with_levers("design_generalist")
    assert whole.spec.teams["generalists"].calendar == "full"  # four people have it, though three are one team
    assert hours(whole) == pytest.approx(7 * 160 * MONTH, rel=1e-3)
    said = "calendar full, that of the most people, in place of half of ae"
    assert any(said in text for text in whole.warnings)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hours_that_differ_are_told_beside_equal_pay(lang: str) -> None:
    arms = {"today": line(), "one": line().with_levers("design_generalist")}
    with speaking(lang):
        found = fs.compare(arms, kpis=["won"], replications=2, same="budget").sentences
    told = [text for text in found if "open hours" in text or "営業時間" in text]
    assert len(told) == 1
    assert all(figure in told[0] for figure in ("956.6", "1,218", "+27.3"))
    alike = {"today": line(teams__ae__calendar="full"), "one": line(teams__ae__calendar="full")}
    alike["one"] = alike["one"].with_levers("design_generalist")
    said = fs.compare(alike, kpis=["won"], replications=2, same="budget").sentences
    assert not any("open hours" in text for text in said)


def test_a_lever_says_what_becomes_of_pay_and_hours(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    file = tmp_path / "own.yaml"
    file.write_text(json.dumps({**LINE, "currency": "USD"}), encoding="utf-8")
    levers("design_generalist", str(file), None, False)
    said = capsys.readouterr()
    assert "planned pay USD 390,000 per year before, USD 390,000 per year after" in said.out
    assert "956.6 open hours a month for leads before, 1,218 after" in said.out
    assert plan_of(fs.load(file)).budget == pytest.approx(390_000)


def test_what_a_phase_makes_unlike_is_told_too() -> None:
    phase = [{"from": "2026-02-16", "change": {"teams.ae.selling_share": 0.5}}]
    made = line(phases=phase, teams__ae__calendar="full").with_levers("design_generalist")
    assert any("selling_share 0.786 (1 of sdr, 0.5 of ae, 1 of csm)" in text for text in made.warnings)


def test_how_people_are_divided_who_cannot_be_divided_evenly() -> None:
    said = [text for text in line().with_levers("design_pods").warnings if ".serves: " in text]
    assert said == [
        "teams.cells_field.serves: 3 people cannot be divided as 1 : 1, so there are 2 for cell_1, 1 for cell_2"
    ]
    own = line(territories={"east": 3, "west": 1}, teams__ae__headcount=4)
    told = [text for text in own.with_levers("design_pods").warnings if "cannot be divided as" in text]
    assert [text.split(":")[0] for text in told] == ["teams.cells_inside.serves", "teams.cells_success.serves"]
