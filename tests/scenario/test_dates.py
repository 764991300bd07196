"""Days that are counted from the start or from the warm-up: what they come to, and when that is worked out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from funnelsim import Scenario, ScenarioError
from funnelsim.scenario.forms.base import Names
from funnelsim.scenario.forms.dates import read_day

BASE: dict[str, Any] = {
    "funnelsim": 1,
    "name": "One desk",
    "start": "2026-01-31",
    "horizon": "12 mo",
    "warmup": "3 mo",
    "sources": {"web": {"rate": "20 / mo"}},
    "teams": {"desk": {"headcount": 2, "queue": "fifo"}},
    "stages": {"sell": {"team": "desk", "effort": "1 h"}},
}
FASTER = {"teams.desk.speed": 2}


def scenario(**more: Any) -> Scenario:
    """The desk with more."""
    return Scenario.from_dict({**BASE, **more})


def steps(one: Scenario) -> dict[dt.date | None, int]:
    """The headcount by date."""
    return dict(one.spec.teams["desk"].headcount.steps)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-04-01", "2026-04-01"),
        ("0 d", "2026-01-31"),
        ("1 mo", "2026-02-28"),  # months of the calendar, as those of the horizon
        ("2 w", "2026-02-14"),
        ("36 h", "2026-02-02"),  # the first day that begins then or later
        ("1.5 mo", "2026-03-18"),
        ("warmup", "2026-04-30"),
        ("warmup + 3 mo", "2026-07-30"),
        ("warmup+3 d", "2026-05-03"),
        ("ｗａｒｍｕｐ　＋　３ｍｏ", "2026-07-30"),
        (" warmup +  1 y ", "2027-04-30"),
    ],
)
def test_a_day_is_counted_from_the_start_or_the_warm_up(written: str, day: str) -> None:
    assert read_day(written, Names.of(BASE)).isoformat() == day


def test_parts_of_days_add_up_before_they_are_rounded() -> None:
    """A warm-up of a day and a half and half a day more are two days, and not three."""
    assert read_day("warmup + 12 h", Names.of({**BASE, "warmup": "36 h"})) == dt.date(2026, 2, 2)


def test_every_dated_place_takes_them() -> None:
    plain = scenario(
        phases=[{"from": "2026-05-30", "to": "2026-07-30", "change": FASTER}],
        teams={"desk": {"headcount": {"start": 2, "2026-02-28": 3, "2026-06-30": 4}, "queue": "fifo"}},
        sources={"web": {"rate": "20 / mo", "bursts": [{"at": "2026-07-30", "leads": 9}]}},
    )
    counted = scenario(
        phases=[{"from": "warmup + 1 mo", "to": "warmup + 3 mo", "change": FASTER}],
        teams={"desk": {"headcount": {"warmup + 2 mo": 4, "start": 2, "1 mo": 3}, "queue": "fifo"}},
        sources={"web": {"rate": "20 / mo", "bursts": [{"at": "warmup + 3 mo", "leads": 9}]}},
    )
    assert [period.start for period in counted.periods] == [period.start for period in plain.periods]
    assert counted.spec == plain.spec
    assert counted.fingerprint == plain.fingerprint


def test_they_stay_relative_until_the_whole_is_read() -> None:
    """Whatever is laid over the warm-up or the start, earlier or later, moves the day."""
    laid = scenario().change(
        {"teams.desk.headcount": {"warmup + 3 mo": 5}, "phases": [{"from": "warmup", "change": FASTER}]}
    )
    assert set(steps(laid)) == {None, dt.date(2026, 7, 30)}
    later = laid.change({"warmup": "6 mo"})
    assert set(steps(later)) == {None, dt.date(2026, 10, 31)}
    assert later.periods[1].start == dt.date(2026, 7, 31)
    first = scenario().change({"warmup": "6 mo"}).change({"teams.desk.headcount": {"warmup + 3 mo": 5}})
    assert steps(first) == steps(later)
    assert set(steps(later.change({"start": "2026-03-01"}))) == {None, dt.date(2026, 12, 1)}
    assert Scenario.from_dict(later.document).spec == later.spec
    assert later.document["teams"]["desk"]["headcount"] == {"start": 2, "warmup + 3 mo": 5}


def test_a_phase_changes_steps_by_days_of_its_own() -> None:
    made = scenario(phases=[{"from": "warmup", "change": {"teams.desk.headcount": {"warmup + 1 mo": 7}}}])
    assert dict(made.periods[1].spec.teams["desk"].headcount.steps) == {None: 2, dt.date(2026, 5, 30): 7}


def test_half_a_dose_finds_the_step_that_holds_by_then(tmp_path: Any) -> None:
    (tmp_path / "more.yaml").write_text(
        "lever: more\nchange: {teams.desk.headcount: {set: {start: 2, 1 mo: 4, warmup + 1 mo: 6}}}\n",
        encoding="utf-8",
    )
    made = scenario(teams={"desk": {"headcount": {"start": 2, "2026-04-15": 8}, "queue": "fifo"}})
    half = made.with_levers(f"{tmp_path / 'more.yaml'}@0.5")
    assert steps(half) == {None: 2, dt.date(2026, 2, 28): 3, dt.date(2026, 4, 15): 6, dt.date(2026, 5, 30): 7}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("start + 3 mo", "; write 3 mo"),
        ("warm-up + 3 months", "; write warmup + 3 mo"),
        ("Warmup", "; write warmup"),
        ("ウォームアップ後3か月", "; write warmup + 3 mo"),
        ("3 months", "write '3 mo'"),
        ("warmup + 3", "found the bare number 3"),
        ("warmup + 5 bd", "business days"),
        ("warmup - 1 mo", "or warmup + 3 mo, found 'warmup - 1 mo'"),
        ("900 y", "expected a day until 2200-12-31"),
        ("999_999_999 y", "at most 1000 years"),
        ("2026/4/1", "write 2026-04-01"),
        (7, "found 7"),
    ],
)
def test_what_is_no_day_is_refused_with_what_to_write(written: Any, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        scenario(phases=[{"from": written, "change": FASTER}])
    (problem,) = error.value.problems
    assert problem.path == "phases.0.from"
    assert said in problem.message


def test_two_steps_of_one_day_are_refused() -> None:
    teams = {"desk": {"headcount": {"start": 2, "1 mo": 3, "2026-02-28": 4}, "queue": "fifo"}}
    with pytest.raises(ScenarioError, match="1 mo and 2026-02-28 are the same day"):
        scenario(teams=teams)


def test_other_dates_are_those_of_the_calendar() -> None:
    for change in ({"start": "1 mo"}, {"teams.desk.absence.dates": ["warmup"]}):
        with pytest.raises(ScenarioError, match="expected"):
            scenario().change(change)


IN_WARM_UP = "the warm-up, which goes to 2026-04-30"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"phases": [{"from": "1 mo", "change": FASTER}]},
            f"phases.0: 276 of its 337 days are counted, as it begins on 2026-02-28 in {IN_WARM_UP}",
        ),
        (
            {"phases": [{"from": "1 mo", "to": "warmup", "change": FASTER}]},
            f"phases.0: nothing of it is counted, as all of it lies in {IN_WARM_UP}",
        ),
        (
            {"teams.desk.headcount": {"2026-04-20": 3}},
            "teams.desk.headcount.2026-04-20: 276 of its 286 days are counted",
        ),
        (
            {"sources.web.bursts": [{"at": "2 w", "leads": 9, "over": "3 d"}]},
            "sources.web.bursts: that of 2 w: nothing of it is counted",
        ),
        ({"phases": [{"from": "13 mo", "change": FASTER}]}, "phases.0: does nothing as it is: it begins on"),
        (
            {"teams.desk.headcount": {"warmup + 10 mo": 3}},
            "teams.desk.headcount.2027-02-28: does nothing as it is: it begins after the run",
        ),
    ],
)  # fmt: skip
def test_how_much_is_counted_is_told(change: dict[str, Any], said: str) -> None:
    found = [text for text in scenario().change(change).warnings if text.startswith(said)]
    assert len(found) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"phases": [{"from": "warmup", "change": FASTER}]},
        {"teams.desk.headcount": {"warmup": 3, "warmup + 8 mo": 4}},
        {"teams.desk.headcount": {"set": {"2026-01-31": 3}}},
        {"teams.desk.absence.dates": ["2026-03-02"]},
        {"sources.web.bursts": [{"at": "warmup + 1 d", "leads": 9}]},
        {"warmup": None, "phases": [{"from": "1 mo", "change": FASTER}]},
    ],
)
def test_nothing_is_said_of_what_is_counted_whole(change: dict[str, Any]) -> None:
    assert scenario().change(change).warnings == ()


def test_a_step_before_the_start_that_takes_the_place_of_start_is_told() -> None:
    """A year that was mistyped would otherwise be three people from the first day."""
    wrong = scenario(teams={"desk": {"headcount": {"start": 2, "2025-10-01": 3}, "queue": "fifo"}})
    (said,) = [text for text in wrong.warnings if "2025-10-01" in text]
    assert said == (
        "teams.desk.headcount.2025-10-01: its 3 hold from the first day and `start` does nothing, as it begins "
        "before the run, which goes from 2026-01-31 to 2027-01-31"
    )
    plan = scenario(teams={"desk": {"headcount": {"2025-10-01": 3, "2026-10-01": 4}, "queue": "fifo"}})
    assert not any("2025-10-01" in text for text in plan.warnings)
    over = scenario().change({"teams.desk.headcount": {"2025-10-01": 3, "2026-10-01": 4}})
    assert not any("2025-10-01" in text for text in over.warnings)


@pytest.mark.parametrize(
    ("written", "meant"), [("10月", "2026-10-01"), ("1月から", "2026-01-01"), ("０３月", "2026-03-01")]
)
def test_a_month_of_the_calendar_is_no_number_of_months(written: str, meant: str) -> None:
    with pytest.raises(ScenarioError, match=f"expected a date such as {meant}"):
        scenario(teams={"desk": {"headcount": {"start": 2, written: 3}, "queue": "fifo"}})
