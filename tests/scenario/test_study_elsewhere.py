"""A study of the library on a line of one's own: resolved by role, with what was guessed or chosen said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.errors import ScenarioError
from funnelsim.scenario.reading import library
from funnelsim.scenario.study.shipped import file_of, study_on
from library.test_shipped_levers import FOUR
from scenario.test_levers_by_role import NINE


def heads(scenario: fs.Scenario) -> dict[str, int]:
    return {name: team.headcount.first for name, team in scenario.spec.teams.items()}


@pytest.fixture
def nine() -> fs.Scenario:
    return fs.Scenario.from_dict(NINE)


@pytest.fixture
def put(tmp_path: Path) -> Any:
    """Writes a study of the user's own, beside nothing."""

    def put(text: str) -> Path:
        path = tmp_path / "own.yaml"
        path.write_text(f"study: own\nbase: reference\n{text}", encoding="utf-8")
        return path

    return put


def on(path: Path | str, line: fs.Scenario) -> fs.Study:
    return fs.study(path, on=line)


def refused(path: Path | str, line: fs.Scenario) -> str:
    with pytest.raises(ScenarioError) as error:
        on(path, line)
    return str(error.value)


def test_a_shipped_study_is_found_by_its_name() -> None:
    assert fs.study("one_more_rep").name == "one_more_rep"
    with pytest.raises(ScenarioError, match="did you mean 'one_more_rep'"):
        fs.study("one_more_repp")
    with pytest.raises(ScenarioError, match="give that with `on`"):
        fs.study("one_more_rep:東FS")


def test_each_person_is_added_once_in_an_arm_of_its_own(put: Any, nine: fs.Scenario) -> None:
    """On a line with two teams of a role there is an arm for each, which is said."""
    study = on(
        put("arms: {one more FS: {teams.field_sales.headcount: {add: 1}}, more: {sources.*.rate: {multiply: 2}}}"),
        nine,
    )
    before = heads(nine)
    assert list(study.arms) == ["base", "one more FS (東FS)", "one more FS (西FS)", "more"]
    for team in ("東FS", "西FS"):
        assert heads(study.arms[f"one more FS ({team})"]) == {**before, team: before[team] + 1}
    assert any("2 arms, one for 東FS or 西FS" in said for said in study.said)
    assert not any("guessed" in said for said in study.said)  # the roles are written


def test_an_arm_that_moves_people_has_each_pair(put: Any, nine: fs.Scenario) -> None:
    move = "{teams.inside_sales.headcount: {add: -1}, teams.field_sales.headcount: {add: 1}}"
    study = on(put(f"arms: {{move: {move}}}"), nine)
    assert list(study.arms)[1:] == [
        f"move ({one}, {other})" for one in ("東IS", "西IS") for other in ("東FS", "西FS")
    ]
    assert {sum(heads(arm).values()) for arm in study.arms.values()} == {16}


def test_a_lever_in_an_arm_is_narrowed_too(put: Any, nine: fs.Scenario) -> None:
    study = on(put("arms: {two more: hire_field@2}"), nine)
    assert heads(study.arms["two more (西FS)"])["西FS"] == heads(nine)["西FS"] + 2
    assert study.arms["two more (西FS)"].laid == ("lever hire_field:西FS@2: One more in field sales",)


def test_names_behind_the_study_narrow_it(nine: fs.Scenario) -> None:
    more = nine.change({"teams.東IS.headcount": 6})
    study = fs.study("one_more_rep:東IS,西FS", on=more)
    assert list(study.arms) == ["base", "one more IS", "one more FS", "one more CS", "more leads"]
    assert [factor.name for factor in study.factors] == [
        "teams.東IS.headcount",
        "teams.西FS.headcount",
        "teams.CSM.headcount",
        "sources.*.rate",
    ]
    assert "there is no '北FS' to narrow it to" in refused("one_more_rep:北FS", nine)


def test_what_it_varies_is_left_out_where_it_does_not_fit(nine: fs.Scenario) -> None:
    """One of the six companies has three people less than the reference company: here there are but two."""
    for name, why in (("one_more_rep", "as in one_more_rep:東FS"), ("one_more_rep:東IS,西FS", "found -1")):
        study = fs.study(name, on=nine)
        assert study.factors == ()
        assert why in study.said[-1]
        with pytest.raises(ScenarioError, match=why):
            study_on(*file_of(name)[:1], nine, file_of(name)[1], whole=True)


def test_what_was_guessed_is_said(nine: fs.Scenario) -> None:
    study = fs.study("one_more_rep:東IS,西FS", on=nine)
    assert study.said[:1] == (
        "customer_success is taken to be CSM, guessed by its name; `role:` says it for good",
    )
    assert study.said[0] in study.warnings


def test_what_the_line_lacks_is_told_with_what_to_add() -> None:
    said = refused("one_more_rep", fs.Scenario.from_dict(FOUR))
    assert "no team here has the role customer_success; write `role: customer_success` in one of sdr, ae" in said
    assert said.startswith("teams: ")
    assert said.endswith("(for the arm one more CS of one_more_rep)")


def test_its_predictions_are_about_the_line_it_was_written_for(nine: fs.Scenario) -> None:
    study = fs.study("one_more_rep:東IS,西FS", on=nine)
    assert study.elsewhere is not None
    assert study.elsewhere.line == "reference"
    assert study.elsewhere.predictions == fs.study("one_more_rep").spec.predicts
    assert study.spec.predicts == ()
    with pytest.raises(fs.FunnelsimError, match="about reference, not about this line"):
        fs.verify(study)


def test_values_of_factors_take_the_names_of_the_line(put: Any, nine: fs.Scenario) -> None:
    study = on(
        put(
            "vary: {stages.propose.team: [customer_success], teams.inside_sales.queue: [fifo, lifo],"
            "stages.qualify|contact.team: {levels: {far: customer_success}}}"
        ),
        nine,
    )
    assert {factor.name: factor.levels.values for factor in study.factors} == {
        "stages.提案.team": ("CSM",),
        "teams.東IS.queue": ({"rule": "fifo"}, {"rule": "lifo"}),
        "teams.西IS.queue": ({"rule": "fifo"}, {"rule": "lifo"}),
        "stages.架電.team": ("far",),
    }


def test_in_a_study_of_ones_own_a_name_comes_first(put: Any) -> None:
    """As in levers of one's own: a team that is called as a role is meant, whatever its role is."""
    line = fs.Scenario.from_dict(
        {
            **FOUR,
            "teams": {
                "sdr": {"headcount": 2, "queue": "fifo"},
                "ae": {"headcount": 3, "queue": "fifo", "role": "partner"},
            },
        }
    )
    study = on(put("arms: {more: {teams.ae.headcount: {add: 1}}, less: {teams.inside_sales.headcount: 1}}"), line)
    assert heads(study.arms["more"]) == {"sdr": 2, "ae": 4}
    assert heads(study.arms["less"]) == {"sdr": 1, "ae": 3}


def test_levers_lie_beside_the_study_and_those_of_phases_beside_the_line(tmp_path: Path) -> None:
    for folder, name in (("study", "less"), ("line", "more")):
        (tmp_path / folder / "levers").mkdir(parents=True)
        number = 1 if name == "less" else 7
        lever = f"lever: {name}\nchange: {{teams.sdr.headcount: {number}}}\n"
        (tmp_path / folder / "levers" / f"{name}.yaml").write_text(lever, encoding="utf-8")
    study = tmp_path / "study" / "own.yaml"
    study.write_text("study: own\nbase: reference\narms: {fewer: less}\nvary: {less: [0, 1]}\n", encoding="utf-8")
    phased = fs.Scenario.from_dict(
        {**FOUR, "phases": [{"from": "2026-06-01", "levers": ["more"]}]}, folder=tmp_path / "line"
    )
    made = on(study, phased)
    assert [period.spec.teams["sdr"].headcount.first for period in made.arms["fewer"].periods] == [1, 7]
    assert heads(made.scenario("base", {"less": 1}))["sdr"] == 1


def test_installed_the_studies_lie_in_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "studies").mkdir()
    monkeypatch.setattr(library, "folder", lambda: tmp_path)
    assert library.studies_folder() == tmp_path / "studies"
    wheel = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    assert '"studies" = "funnelsim/library/studies"' in wheel


MONEY = """\
set: {costs.rent: 1_000 / mo}
arms:
  bare: {costs.assistant: 60_000 / y}
  named: {costs.assistant: 60_000 USD / y}
  steps: [{teams.field_sales.cost.salary: {add: 1_000 / y}}]
vary:
  sources.web.cost: [100, 200]
  teams.inside_sales.cost.salary: {levels: {low: 80_000 / y, high: 90_000 / y}}
maximise: won
budget: 3_200_000 / y
constraints: {contribution: {at_least: 1_000_000}}
"""


def test_money_of_a_study_is_in_the_currency_of_the_line_it_was_written_for(put: Any) -> None:
    """On a line in yen each amount without a currency is one in dollars; what may be money is said."""
    own = fs.load(library.template("reference")).change({"currency": "JPY", "exchange": {"USD": 100}})
    study = on(put(MONEY), own)
    rent = dict(study.base.spec.costs)["rent"].amount
    assert rent == 100_000
    assistant = {name: dict(study.arms[name].spec.costs)["assistant"].amount for name in ("bare", "named")}
    assert assistant == {"bare": 6_000_000, "named": 6_000_000}
    salary = study.arms["steps"].spec.teams["field_sales"].cost.salary.amount
    assert salary == own.spec.teams["field_sales"].cost.salary.amount + 100_000
    at = study.scenario("base", {"sources.web.cost": study.factors[0].levels.values[1]}).spec
    assert at.sources["web"].cost == 20_000
    low = study.scenario("base", {"teams.inside_sales.cost.salary": "low"}).spec
    assert low.teams["inside_sales"].cost.salary.amount == 8_000_000
    assert study.spec.budget is not None
    assert study.spec.budget.currency == "USD"
    assert "constraints.contribution: 1000000, if that is money, is in JPY on this line" in study.said


def test_in_one_currency_the_money_of_a_study_stays_as_it_is_written(put: Any) -> None:
    study = on(put(MONEY), fs.load(library.template("reference")))
    assert study.spec.budget is not None
    assert study.spec.budget.text == "3_200_000 / y"
    assert not any("money" in text for text in study.said)


def test_a_lever_that_changes_phases_alone_is_laid_over_another_line(put: Any, nine: fs.Scenario) -> None:
    """Its path, ``phases``, has no name behind it."""
    study = on(put("arms: {later: hire_ahead:東FS}"), nine)
    assert len(study.arms["later"].spec.phases) == len(nine.spec.phases) + 1
