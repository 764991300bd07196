"""Optimisation: known optima, how often the right point is selected, limits, flatness, and what is said."""

from __future__ import annotations

import json
import math
import os
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from stand_in import CONVERT, HEADCOUNT, RATE, Stand, desk, optimum

import funnelsim as fs
from funnelsim.errors import FunnelsimError, ScenarioError
from funnelsim.experiments.optimisation.procedure import Optimisation
from funnelsim.experiments.optimisation.search import Effort
from funnelsim.experiments.statistics.paired import Verdict
from funnelsim.experiments.study.designs import Point
from funnelsim.experiments.study.goals import Status, goal_of

EXPERIMENTS = int(os.environ.get("FUNNELSIM_EXPERIMENTS", "1000"))


def study(vary: dict[str, Any], **more: Any) -> fs.Study:
    return fs.Study.of(desk(), vary, **{"maximise": "won", "indifference": 1, **more})


GRID = study({HEADCOUNT: {"from": 1, "to": 5}, CONVERT: [0.1, 0.2, 0.3, 0.4]})


def hill(point: Point) -> dict[str, float]:
    """Highest at 4 people and .2."""
    return {"won": 50 - 3 * (point.at[HEADCOUNT] - 4) ** 2 - 3 * (10 * point.at[CONVERT] - 2) ** 2}


# --- finding what is known -----------------------------------------------------------------------------------


def test_a_small_space_is_tried_wholly() -> None:
    found = optimum(GRID, hill)
    assert found.best is not None
    assert found.best.point.at == {HEADCOUNT: 4, CONVERT: 0.2}
    assert (len(found.found.tried), found.found.size, found.found.complete) == (20, 20, True)
    assert found.confidence == 0.95
    assert not found.flat
    assert found.words[-1].startswith("All 20 points were tried")


def test_where_any_difference_matters() -> None:
    """No number of replications decides between equals then, and nothing warns or overflows on the way."""
    noisy = study({HEADCOUNT: [1, 2, 3]}, indifference=0)
    found = optimum(noisy, lambda point: {"won": 10.0 * (point.at[HEADCOUNT] > 1)})
    assert found.best is not None
    assert found.best.point.at[HEADCOUNT] > 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_large_space_is_searched(seed: int) -> None:
    """1,890 points with an optimum that is known; 64 are proposed, and what lies beside the best is tried."""
    large = study(
        {HEADCOUNT: {"from": 1, "to": 30}, CONVERT: {"from": 0.1, "to": 0.9, "steps": 21}},
        arms={"a": {RATE: "1 / h"}, "b": {RATE: "3 / h"}},
        design={"search": 64},
    )

    def truth(point: Point) -> dict[str, float]:
        people, share = (point.at[HEADCOUNT] - 17) / 29, (point.at[CONVERT] - 0.5) / 0.8
        return {"won": 100 - 60 * people**2 - 40 * share**2 + (10 if point.arm == "b" else 0)}

    found = optimum(large, truth, seed=seed, own=0.3)
    assert found.best is not None
    assert found.best.point.arm == "b"
    assert truth(found.best.point)["won"] > 110 - 1  # closer than what does not matter
    assert found.found.size == 1890
    assert not found.found.complete
    assert len(found.found.tried) < 130
    assert "1,890 points were tried" in found.words[-1]


@pytest.mark.parametrize("direction", ["maximise", "minimise"])
def test_less_is_best_where_it_is_asked_for(direction: str) -> None:
    vary = {HEADCOUNT: [1, 2, 3]}
    asked = fs.Study.of(desk(), vary, indifference=0.5, **{direction: "won"})
    found = optimum(asked, lambda point: {"won": 2.0 * point.at[HEADCOUNT]})
    assert found.best is not None
    assert found.best.point.at == {HEADCOUNT: 3 if direction == "maximise" else 1}


def test_the_rows_of_a_table_are_those_tried(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text(f"arm,{HEADCOUNT},{CONVERT}\nbase,2,0.5\nmore,4,0.1\nmore,1,0.3\n")
    (tmp_path / "desk.yaml").write_text(json.dumps(desk().document))
    (tmp_path / "study.yaml").write_text(
        f"study: rows\nbase: desk.yaml\narms: {{more: {{{RATE}: 3 / h}}}}\ndesign: {{table: points.csv}}\n"
        "maximise: won\nindifference: 1\n"
    )
    found = optimum(fs.load_study(tmp_path / "study.yaml"), lambda point: {"won": 10.0 * point.at[HEADCOUNT]})
    assert found.best is not None
    assert (found.best.arm, found.best.at) == ("more", {HEADCOUNT: 4, CONVERT: 0.1})
    assert (len(found.found.tried), found.found.complete) == (3, True)
    assert found.spans == ()


def test_the_points_of_a_sample_are_those_tried() -> None:
    made = fs.Study.of(desk(), {HEADCOUNT: {"from": 1, "to": 9}}, design={"lhs": 6}, maximise="won")
    found = optimum(made, lambda point: {"won": float(point.at[HEADCOUNT])})
    assert found.best is not None
    assert found.best.point.at[HEADCOUNT] == max(one.point.at[HEADCOUNT] for one in found.found.tried)
    assert found.found.complete


# --- selecting right -----------------------------------------------------------------------------------------


def shares_of_right_selection(experiments: int) -> float:
    """Ten points of which the best leads by just what matters: the hardest case that the promise covers."""
    ten = study({HEADCOUNT: {"from": 1, "to": 10}})
    right = 0
    for seed in range(experiments):
        found = optimum(ten, lambda point: {"won": 50.0 + (point.at[HEADCOUNT] == 7)}, seed=seed)
        assert found.best is not None
        right += found.best.point.at[HEADCOUNT] == 7
    return right / experiments


def test_the_right_point_is_selected_as_often_as_promised() -> None:
    """With 60 experiments .95 shows as at least .85 but in one of 2,000 cases."""
    assert shares_of_right_selection(60) >= 0.85


@pytest.mark.slow
def test_the_share_of_right_selections() -> None:
    share = shares_of_right_selection(EXPERIMENTS)
    print(f"right in {share:.4f} of {EXPERIMENTS} experiments, .95 promised")
    assert share >= 0.95 - 3 * math.sqrt(0.05 * 0.95 / EXPERIMENTS)


def test_the_winner_is_not_flattered_by_its_luck() -> None:
    """Points that are all equal: the first replications of the best are lucky, those of the answer are not."""
    equal = study({HEADCOUNT: {"from": 1, "to": 10}})
    early, measured = [], []
    for seed in range(50):
        found = optimum(equal, lambda point: {"won": 50.0}, Effort(first=3), seed=seed, shared=0.0, own=2.0)
        best = max((one.early for one in found.found.tried if one.early), key=lambda each: each["won"].mean or 0)
        assert found.best is not None
        assert found.best.measured is not None
        early.append((best["won"].mean or 0.0) - 50)
        measured.append((found.best.measured["won"].mean or 0.0) - 50)
    assert np.mean(early) > 1.5  # the most of ten means of three: 1.54 deviations, 2 / sqrt(3) each, is 1.78
    assert abs(np.mean(measured)) < 3 * np.std(measured) / math.sqrt(len(measured)) + 1e-9


def test_replications_that_find_select_and_measure_are_others() -> None:
    goal = goal_of(GRID)
    stand = Stand(lambda point: {"won": 50.0 + 0.1 * point.at[HEADCOUNT]}, goal.kpis)
    Optimisation(GRID, goal, stand, Effort(first=4), 1).run()
    used = {
        doing: {number for each, numbers in stand.asked if each == doing for number in numbers}
        for doing, _ in stand.asked
    }
    search = used["trying points"] | used["narrowing down"]
    assert search == set(range(16))
    assert not search & used["selecting the best"]
    assert not (search | used["selecting the best"]) & used["measuring the answer"]


def test_noise_that_nothing_can_overcome_is_told() -> None:
    """Ten points that differ by less than chance shows in any number of replications that would be made."""
    ten = study({HEADCOUNT: {"from": 1, "to": 10}}, indifference=0.05)
    found = optimum(ten, lambda point: {"won": 50.0}, own=5.0)
    assert found.confidence is None
    assert any("nothing is promised" in text for text in found.words)
    assert any("cannot be told apart" in text for text in found.words)
    assert found.probability is not None
    assert found.probability < 0.9


# --- flatness ------------------------------------------------------------------------------------------------


def test_a_flat_optimum_is_called_flat() -> None:
    """From 3 people on nothing changes, and how many convert matters."""

    def truth(point: Point) -> dict[str, float]:
        people = point.at[HEADCOUNT]
        return {"won": 10.0 * min(people, 3) + 100 * point.at[CONVERT], "cost": 100.0 * people}

    found = optimum(GRID, truth, own=0.1)
    assert found.best is not None
    assert found.flat
    assert {rival.tried.point.at[HEADCOUNT] for rival in found.as_good} | {found.best.point.at[HEADCOUNT]} == {
        3,
        4,
        5,
    }
    (span,) = found.spans
    assert (span.name, span.values, span.every) == (HEADCOUNT, (3, 4, 5), False)
    assert any("The optimum is flat: 2 other points are as good" in text for text in found.words)
    assert any("makes no difference over 3, 4 and 5" in text for text in found.words)
    if found.best.point.at[HEADCOUNT] != 3:
        assert any("The cheapest of them is desk 3, serve convert 0.4" in text for text in found.words)


def test_what_never_matters_is_said_to() -> None:
    found = optimum(GRID, lambda point: {"won": 10.0 * point.at[HEADCOUNT]}, own=0.1)
    (span,) = found.spans
    assert (span.name, span.every) == (CONVERT, True)
    assert any("serve convert makes no difference (whether 0.1, 0.2, 0.3 or 0.4)" in text for text in found.words)


def test_a_sharp_optimum_is_not_called_flat() -> None:
    found = optimum(GRID, hill)
    assert not found.as_good
    assert any("No other point is as good: the next best" in text for text in found.words)
    assert all(rival.verdict is Verdict.LESS for rival in found.rivals)


# --- limits --------------------------------------------------------------------------------------------------


def costly(point: Point) -> dict[str, float]:
    people = point.at[HEADCOUNT]
    return {"won": 10.0 * people, "cost": 100.0 * people}


PEOPLE = {HEADCOUNT: {"from": 1, "to": 8}}


def test_the_budget_is_kept_to() -> None:
    found = optimum(study(PEOPLE, budget=550), costly)
    assert found.best is not None
    assert found.best.point.at == {HEADCOUNT: 5}
    assert found.status is Status.FEASIBLE
    assert any("It keeps to the budget of 550" in text for text in found.words)
    assert any("A larger budget" in text and "desk 6" in text for text in found.words)
    over = {one.point.at[HEADCOUNT] for one in found.found.tried if found.known(one) == "breaks the budget"}
    assert over == {6, 7, 8}


def test_a_budget_per_year_is_one_of_the_time_that_counts() -> None:
    limit = study(PEOPLE, budget="80_355 / y")  # 220 a day, for the 3 days that count
    assert goal_of(limit).limits[0].value == pytest.approx(660)
    found = optimum(limit, costly)
    assert found.best is not None
    assert found.best.point.at == {HEADCOUNT: 6}


def test_a_limit_at_the_very_edge_is_not_known_yet() -> None:
    """The fifth point lies on its limit: the fourth is recommended, and the fifth said to be open."""
    edge = study(PEOPLE, constraints={"cost": {"at_most": 500}})
    found = [optimum(edge, costly, seed=seed) for seed in range(60)]  # of which 1.5 decide by chance
    chosen = [each.best.point.at[HEADCOUNT] if each.best else None for each in found]
    assert all(each.status is Status.FEASIBLE for each in found)
    assert chosen.count(4) >= 52
    for each in found:
        if each.confidence is None:
            assert [rival.tried.point.at[HEADCOUNT] for rival in each.pending] == [5]
            assert any("Not decided: desk 5" in text and "cost at most 500" in text for text in each.words)


@pytest.mark.parametrize("seed", range(8))
def test_no_point_is_recommended_that_is_shown_to_break_a_limit(seed: int) -> None:
    """Eight points around a limit with much noise: whatever wins keeps to it as far as its own figures tell."""

    def truth(point: Point) -> dict[str, float]:
        return {"won": 10.0 * point.at[HEADCOUNT], "lost": 1.0 * point.at[HEADCOUNT]}

    found = optimum(
        study(PEOPLE, constraints={"lost": {"at_most": 4.3}}), truth, Effort(first=3), seed=seed, own=2.0
    )
    if found.best is not None:
        assert found.best.measured is not None
        assert found.goal.keeps(found.best.measured)
        assert found.status in (Status.FEASIBLE, Status.OPEN)


def test_where_nothing_keeps_to_the_limits_that_is_the_answer() -> None:
    found = optimum(study(PEOPLE, budget=50, constraints={"won": {"at_least": 200}}), costly)
    assert found.best is None
    assert found.scenario is None
    assert found.probability is None
    assert found.rivals == ()
    assert found.words[0] == "No point that was tried keeps to all limits."
    assert "8 of 8 break the budget." in found.words
    assert found.nearest is not None
    assert found.nearest.point.at == {HEADCOUNT: 1}
    assert found.to_dict()["best"] is None
    assert "No point" in found._repr_html_()


def test_points_without_a_result_are_left_out() -> None:
    found = optimum(study(PEOPLE), lambda point: None if point.at[HEADCOUNT] > 5 else costly(point))
    assert found.best is not None
    assert found.best.point.at == {HEADCOUNT: 5}
    assert sorted(found.table["known"]).count("failed") == 3


@pytest.mark.parametrize("number", [3, 12, 25, 250])
def test_a_point_that_fails_later_is_not_the_answer(number: int) -> None:
    """Eight people would be best, but a replication of the search, the selection or the measuring fails."""

    def fails(point: Point, at: int) -> bool:
        return point.at.get(HEADCOUNT) == 8 and at == number

    near = study(PEOPLE, indifference=0.2)
    found = optimum(near, lambda point: {"won": 50 + 0.2 * point.at[HEADCOUNT]}, fails=fails, own=0.5)
    assert found.best is not None
    assert found.best.measured is not None
    if number < 220 + found.found.measured:  # it was run
        assert found.best.point.at[HEADCOUNT] in (6, 7)


# --- the frontier --------------------------------------------------------------------------------------------


def test_the_frontier_has_all_that_is_not_beaten() -> None:
    """Two arms, of which the dear one never wins more: its points are beaten, save that it goes further."""
    arms = {"dear": {RATE: "3 / h"}}

    def truth(point: Point) -> dict[str, float]:
        dear = point.arm == "dear"
        return {"won": 10.0 * point.at[HEADCOUNT], "cost": 100.0 * point.at[HEADCOUNT] + (150 if dear else 0)}

    found = optimum(study({HEADCOUNT: [1, 2, 3, 4]}, arms=arms), truth, own=0.05)
    on = [(each.tried.point.arm, each.tried.point.at[HEADCOUNT]) for each in found.front]
    assert on == [("base", 1), ("base", 2), ("base", 3), ("base", 4)]
    assert all(each.apart for each in found.front)
    assert found.frontier["best"].tolist() == [False, False, False, True]
    assert found.frontier["gain"].tolist()[1:] == pytest.approx([10, 10, 10], abs=0.3)


def test_points_of_the_frontier_that_cannot_be_told_apart_are_marked() -> None:
    def truth(point: Point) -> dict[str, float]:
        people = point.at[HEADCOUNT]
        return {"won": 50.0 + 0.001 * people, "cost": 100.0 * people}

    found = optimum(study(PEOPLE), truth)
    assert not any(each.apart for each in found.front[1:])


def test_large_figures_do_not_overlap_in_the_picture() -> None:
    """Amounts of nine digits are usual in yen."""

    def truth(point: Point) -> dict[str, float]:
        people = point.at[HEADCOUNT]
        return {"contribution": 302_000_000.0 + 1e7 * people, "cost": 95_320_806.0 * people}

    priced = desk(segments={"all": {"value": 1}})
    asked = fs.Study.of(priced, PEOPLE, maximise="contribution", indifference=1e5)
    figure = optimum(asked, truth, own=4e6).plot.frontier()
    places = [(text.get_text(), text.get_window_extent().padded(-1.5)) for text in figure.axes[0].texts]
    assert sum("302" in text or "±" in text for text, _ in places) > 1
    assert [(a, b) for (a, first), (b, second) in combinations(places, 2) if first.overlaps(second)] == []


def test_cost_itself_is_set_against_the_first_limit() -> None:
    asked = fs.Study.of(desk(), PEOPLE, minimise="cost", constraints={"won": {"at_least": 35}}, indifference=10)
    found = optimum(asked, costly)
    assert found.goal.outcome == "won"
    assert found.best is not None
    assert found.best.point.at == {HEADCOUNT: 4}


# --- results -------------------------------------------------------------------------------------------------


def test_a_result_shows_itself() -> None:
    found = optimum(study({HEADCOUNT: [1, 2, 3]}, budget=250), costly)
    page = found._repr_html_()
    assert "Cost against outcome" in page
    assert "data:image/png" in page
    assert len(found.table) == 3
    assert found.table["known"].tolist()[0] == "best"
    assert "desk" in repr(found)
    assert found.plot.points() is not None
    assert found.to_json()
    assert found.scenario is not None
    assert found.scenario.spec.teams["desk"].headcount.first == 2


@pytest.mark.parametrize("effort", [{"trials": 1}, {"first": 2}, {"confidence": 1.0}, {"confidence": 0.3}])
def test_efforts_that_make_no_sense(effort: dict[str, Any]) -> None:
    with pytest.raises(FunnelsimError):
        Effort(**effort)


# --- what a study may say ------------------------------------------------------------------------------------

MISTAKES = [
    ({}, "add `maximise: contribution`"),
    ({"maximise": "wno"}, "maximise: unknown KPI 'wno'; did you mean 'won'?"),
    ({"minimise": "wno"}, "minimise: unknown KPI 'wno'"),
    ({"maximise": "won", "kpis": ["bookigs"]}, "kpis.0: unknown KPI 'bookigs'; did you mean 'bookings'?"),
    ({"maximise": "won", "constraints": {"wn": {"at_most": 1}}}, "constraints.wn: unknown KPI 'wn'"),
    ({"maximise": "won", "constraints": {"won": {"at_most": "4 h"}}}, "won is counted in leads; found '4 h'"),
    (
        {"maximise": "won", "constraints": {"response_time": {"at_most": 4}}},
        "write the amount with a unit, such as 4 h",
    ),
    (
        {"maximise": "won", "constraints": {"win_rate": {"at_least": "3 / y"}}},
        "win_rate is a share; found '3 / y'; write a share, such as 20 % or 0.2",
    ),
    (
        {"maximise": "won", "constraints": {"win_rate": {"at_least": 20}}},
        "win_rate is a share; found 20; write 20 %, or 0.2",
    ),
    (
        {"maximise": "won", "constraints": {"cost": {"at_most": "20 %"}}},
        "write an amount over the time that counts, such as 100_000, or a rate such as 100_000 / y",
    ),
    (
        {"maximise": "won", "constraints": {"cycle_time": {"at_most": "20 %"}}},
        "cycle_time is counted in h; found '20 %'; write a time, such as 4 h",
    ),
    ({"maximise": "won", "indifference": "2 h"}, "indifference: won is counted in leads"),
    ({"maximise": "won", "vary": {"horizon": ["4 d", "5 d"]}}, "sums over the same time; give one value"),
    ({"maximise": "won", "arms": {"long": {"horizon": "9 d"}}}, "all arms must have the same horizon"),
]


@pytest.mark.parametrize(("says", "message"), MISTAKES, ids=lambda part: part if isinstance(part, str) else "")
def test_mistakes_are_found_before_anything_is_run(says: dict[str, Any], message: str) -> None:
    asked = {"vary": {HEADCOUNT: [1, 2]}, **says}
    made = fs.Study.of(desk(), asked.pop("vary"), **asked)
    with pytest.raises(ScenarioError) as wrong:
        goal_of(made)
    assert message in str(wrong.value)


@pytest.mark.parametrize(
    ("kpi", "amount", "value"),
    [
        ("won", "8 / d", 24.0),
        ("won", 30, 30.0),
        ("win_rate", "20 %", 0.2),
        ("win_rate", 0.2, 0.2),
        ("response_time", "2 d", 48.0),
        ("won_per_month", "12 / y", 1.0),
        ("churn_rate", "1 / mo", 12.0),
        ("payback", "1 y", 12.0),
        ("cost", "10 / d", 30.0),
    ],
)
def test_amounts_are_read_in_the_unit_of_the_kpi(kpi: str, amount: Any, value: float) -> None:
    made = study({HEADCOUNT: [1, 2]}, constraints={kpi: {"at_most": amount}})
    assert goal_of(made).limits[0].value == pytest.approx(value)
