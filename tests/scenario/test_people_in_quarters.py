"""People in quarters of a post: how they are written, changed, scaled, varied, and refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.errors import FunnelsimError, ScenarioError
from funnelsim.model.balance.loads import expected
from funnelsim.model.balance.planned import plan_of
from funnelsim.model.compile import compile_model

DESK: dict[str, Any] = {
    "funnelsim": 1,
    "start": "2026-01-05",
    "horizon": "6 mo",
    "sources": {"web": {"rate": "2 / h"}},
    "territories": {"east": 0.5, "west": 0.5},
    "teams": {"desk": {"headcount": 6, "queue": "fifo"}},
    "stages": {"serve": {"team": "desk", "effort": "1 h"}},
}
AT = "teams.desk.headcount"


def desk(change: dict[str, Any] | None = None) -> fs.Scenario:
    return fs.Scenario.from_dict(DESK).change(change or {})


def heads(scenario: fs.Scenario) -> list[float]:
    return [number for _, number in scenario.spec.teams["desk"].headcount.steps]


@pytest.mark.parametrize(
    ("written", "read"),
    [(2.5, [2.5]), (0.25, [0.25]), (3.0, [3]), ({"start": 2.75, "2026-03-01": 3}, [2.75, 3])],
)
def test_halves_and_quarters_are_read(written: Any, read: list[float]) -> None:
    found = heads(desk({AT: {"set": written} if isinstance(written, dict) else written}))
    assert found == read
    assert all(isinstance(number, int) for number in found if number == int(number))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (2.3, "the nearest is 2.25"),
        (2.13, "the nearest is 2.25"),
        ("50 %", "or quarters of a post such as 2.5"),
        (-0.5, "at least 0"),
        (True, "found true"),
        ({"add": 0.3}, "posts are planned in quarters, and the nearest is 6.25"),
        ({"start": 1, "2026-03-01": 2.1}, "the nearest is 2"),
    ],
)
def test_what_cannot_be_had_is_refused_with_what_can(written: Any, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        desk({AT: written})


@pytest.mark.parametrize(("times", "made"), [(0.8, 4.75), (0.5, 3), (0.75, 4.5), (1.1, 6.5), (0.01, 0)])
def test_multiplying_rounds_to_the_nearest_quarter_and_says_so(times: float, made: float) -> None:
    changed = desk({AT: {"multiply": times}})
    assert heads(changed) == [made]
    told = [one for one in changed.warnings if "posts are planned in quarters" in one]
    said = f"{AT}: {6 * times:g} people are taken as {made:g}, as posts are planned in quarters"
    assert told == ([] if 6 * times == made else [said])


def test_doses_of_levers(tmp_path: Path) -> None:
    (tmp_path / "levers").mkdir()
    lever = "lever: {}\n{}change: {{teams.desk.headcount: {{add: 1}}}}\n"
    for name, dose in (("adopted", ""), ("hired", "dose: {is: people, least: 0, most: 5}\n")):
        (tmp_path / "levers" / f"{name}.yaml").write_text(lever.format(name, dose), encoding="utf-8")
    line = fs.Scenario.from_dict(DESK, tmp_path)
    assert heads(line.with_levers("hired@1.5")) == [7.5]
    with pytest.raises(ScenarioError, match=r"a dose of hired is in whole or half people, found hired@0.25"):
        line.with_levers("hired@0.25")
    partly = line.with_levers("adopted@0.3")
    assert heads(partly) == [6.25]
    assert any("6.3 people are taken as 6.25" in one for one in partly.warnings)


def test_a_company_one_and_a_half_times_as_large() -> None:
    five = desk({AT: 5})
    made = five.change({"scale": 1.5})
    assert heads(made) == [7.5]
    assert not any("quarters" in one for one in made.warnings)
    assert any("taken as" in one for one in five.change({"scale": 1.33}).warnings)


@pytest.mark.parametrize(
    ("levels", "values"),
    [
        ([2, 2.5, 3], (2, 2.5, 3)),
        ({"from": 2, "to": 4}, (2, 3, 4)),
        ({"from": 4, "to": 2}, (4, 3, 2)),
        ({"from": 2.5, "to": 3.25}, (2.5, 2.75, 3, 3.25)),
        ({"from": 3, "to": 2.5}, (3, 2.75, 2.5)),
        ({"from": 2.5, "to": 3.5, "steps": 3}, (2.5, 3, 3.5)),
        ({"from": 2, "to": 5, "steps": 3}, (2, 4, 5)),
        ({"from": {"add": 0}, "to": {"add": 0.5}, "steps": 3}, ({"add": 0}, {"add": 0.25}, {"add": 0.5})),
    ],
)
def test_a_range_goes_by_quarters_if_an_end_does(levels: Any, values: tuple[Any, ...]) -> None:
    (factor,) = fs.Study.of(desk(), {AT: levels}).factors
    assert factor.grid() == values
    if not factor.levels.values:
        assert {str(factor.at(share / 500)) for share in range(500)} >= {str(factor.grid()[0])}


def test_whole_people_are_as_they_were() -> None:
    """Written as a whole number with a point, or multiplied by 1: the same fingerprint."""
    plain = desk()
    for same in ({AT: 6.0}, {AT: {"multiply": 1}}, {AT: {"add": 0}}):
        assert desk(same).fingerprint == plain.fingerprint
    assert desk({AT: 5.75}).fingerprint != plain.fingerprint


def test_load_plan_and_territories_count_parts() -> None:
    part = desk({AT: 2.5})
    loads = expected(compile_model(part))
    assert loads is not None
    assert loads.teams["desk"].open == pytest.approx(2.5 * 730.5)
    assert plan_of(part).heads == 2.5
    assert desk({AT: 2.5, "teams.desk.serves": {"east": 2, "west": 1}}).spec.teams["desk"].most_posts == 3
    with pytest.raises(ScenarioError, match="serves=4, headcount=3"):
        desk({AT: 2.5, "teams.desk.serves": {"east": 2, "west": 2}})


def test_the_same_people_are_offered_in_quarters() -> None:
    more = desk({AT: 6.75})
    with pytest.raises(FunnelsimError, match=r"more would be equal with teams.desk.headcount: \{add: -0.75\}"):
        fs.compare({"base": desk(), "more": more}, same="people", replications=2)


def test_speeds_of_known_people_count_by_their_posts() -> None:
    """Two hours of one who is twice as fast, and half of one hour of the second."""
    quick = desk({AT: 1.5, "teams.desk.speed": [2, 1]})
    loads, plain = (expected(compile_model(one)) for one in (quick, desk({AT: 1.5})))
    assert loads is not None
    assert plain is not None
    assert loads.teams["desk"].needed == pytest.approx(plain.teams["desk"].needed / (2.5 / 1.5))


def test_nobody_joins_where_a_post_grows() -> None:
    """A half post that becomes whole is no hire, so a ramp for new people does nothing."""
    ramp = {"teams.desk.ramp": {"start": 0.3, "time": "3 mo"}}
    for later, nobody in ((3, True), (3.5, False)):
        made = desk({AT: {"set": {"start": 2.5, "2026-03-01": later}}, **ramp})
        assert any("nobody joins" in one for one in made.warnings) == nobody
