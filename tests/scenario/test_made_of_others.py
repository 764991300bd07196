"""A team that is made of the people of others: what it has, who names it, and what is refused."""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.errors import ScenarioError
from funnelsim.experiments.diagnosis.candidates import identify
from funnelsim.model.balance.planned import plan_of
from funnelsim.scenario.language.people import Whole

from .test_levers_by_role import NINE, Put, put  # noqa: F401  # a fixture

LINE: dict[str, Any] = {
    "funnelsim": 1,
    "start": "2026-01-05",
    "horizon": "6 mo",
    "calendars": {"office": {"days": "mon-fri", "hours": "09:00-17:00"}},
    "sources": {"web": {"rate": "40 / mo"}, "dial": {"team": "inside", "effort": "10 min", "yield": 0.05}},
    "teams": {
        "inside": {"headcount": 2, "queue": "fifo", "attrition": 0.3, "hiring": "10 d"},
        "field": {"headcount": {"2026-02-01": 3, "2026-04-01": 5}, "queue": "lifo", "hiring": "10 d"},
        "care": {"headcount": 1, "queue": "fifo", "hiring": "10 d"},
    },
    "stages": {
        "screen": {"team": "inside", "effort": "1 h", "convert": 0.5},
        "sell": {"team": ["field", "inside"], "with": "care", "effort": "2 h", "convert": 0.5, "books": True},
    },
    "customers": {"team": "care", "care": {"every": "1 mo", "effort": "1 h"}},
}


def line(**sales: Any) -> dict[str, Any]:
    made = deepcopy(LINE)
    made["teams"]["sales"] = {"from": ["inside", "field"], "queue": "fifo", **sales}
    return made


def refusals(made: dict[str, Any]) -> list[str]:
    with pytest.raises(ScenarioError) as refused:
        fs.Scenario.from_dict(made)
    return [str(one) for one in refused.value.problems]


def test_whoever_names_a_part_names_the_whole() -> None:
    spec = fs.Scenario.from_dict(line()).spec
    assert list(spec.teams) == ["care", "sales"]
    assert spec.stages["screen"].team.other == spec.stages["sell"].team.other == ("sales",)
    assert spec.sources["dial"].team == "sales"
    joint = spec.stages["sell"].with_.other
    assert joint is not None
    assert joint.team == "care"
    assert spec.customers.team.other == ("care",)


def test_people_by_date_are_added_up() -> None:
    sales = fs.Scenario.from_dict(line()).spec.teams["sales"]
    assert isinstance(sales, Whole)
    assert sales.headcount.steps == ((None, 2), (dt.date(2026, 2, 1), 5), (dt.date(2026, 4, 1), 7))
    assert [part.name for part in sales.parts] == ["inside", "field"]


def test_quotas_of_one_period_are_added_up() -> None:
    made = line()
    made["teams"]["inside"]["quota"] = {"amount": 10_000, "period": "month"}
    made["teams"]["field"]["quota"] = {"amount": 50_000, "period": "month"}
    quota = fs.Scenario.from_dict(made).spec.teams["sales"].quota
    assert quota is not None
    assert (quota.amount, quota.period) == (60_000, "month")
    made["teams"]["field"]["quota"]["period"] = "quarter"
    assert "differ in quota" in refusals(made)[0]


def test_one_error_lists_all_in_which_parts_differ() -> None:
    made = line()
    made["teams"]["field"] |= {"calendar": "always", "wip_limit": 5, "absence": {"days": 20, "release": "1 w"}}
    made["teams"]["inside"]["absence"] = {"days": 10, "release": "2 w"}
    (wrong,) = refusals(made)
    assert "inside, field differ in calendar, wip_limit and absence.release, and one team has one of each" in wrong
    assert "write them in teams.sales" in wrong
    made["teams"]["sales"] |= {"calendar": "office", "wip_limit": 3, "absence": {"release": "1 w"}}
    for team in ("inside", "field"):
        del made["teams"][team]["absence"]["release"]
    del made["teams"]["field"]["calendar"], made["teams"]["field"]["wip_limit"]
    sales = fs.Scenario.from_dict(made).spec.teams["sales"]
    assert (sales.calendar, sales.wip_limit, sales.hiring.time_to_fill.parameters["value"] > 0) == (
        "office",
        3,
        True,
    )


def test_what_people_keep_is_not_written_in_the_whole() -> None:
    wrong = refusals(line(headcount=4, cost={"salary": "1 / y"}, skill=0.2, absence={"days": 3}))
    assert [one.split(":")[0] for one in wrong] == [
        "teams.sales.headcount", "teams.sales.skill", "teams.sales.cost", "teams.sales.absence.days",
    ]  # fmt: skip
    assert "remain those of the teams in `from`; write `headcount` there, and leave it out here" in wrong[0]


def test_defaults_say_nothing_of_the_people_of_a_whole() -> None:
    made = {**line(), "defaults": {"teams": {"attrition": 0.1, "wip_limit": 9}}}
    sales = fs.Scenario.from_dict(made).spec.teams["sales"]
    assert sales.wip_limit == 9
    assert [part.team.attrition for part in sales.people_as("sales")] == [0.3, 0.1]


@pytest.mark.parametrize(
    ("teams", "said"),
    [
        ({"all": {"from": ["all", "care"], "queue": "fifo"}}, "a team cannot be made of itself"),
        ({"all": {"from": ["carr"], "queue": "fifo"}}, "unknown team 'carr'; did you mean 'care'?"),
        ({"all": {"from": ["care", "field"], "queue": "fifo"}}, "'field' is already in teams.sales.from"),
        ({"all": {"from": ["care", "sales"], "queue": "fifo"}}, "name its teams instead: inside, field"),
        ({"all": {"from": ["care", "care"], "queue": "fifo"}}, "a name stands twice in this list"),
    ],
)
def test_who_cannot_be_a_part(teams: dict[str, Any], said: str) -> None:
    made = line()
    made["teams"] |= teams
    assert any(said in one and one.startswith("teams.all.from") for one in refusals(made))


def test_a_stage_that_a_part_joins_is_worked_alone() -> None:
    made = line()
    made["stages"]["sell"]["with"] = "inside"
    made["stages"]["sell"]["team"] = "field"
    scenario = fs.Scenario.from_dict(made)
    assert scenario.spec.stages["sell"].with_.other is None
    assert any("stages.sell.with: those who join" in said for said in scenario.warnings)


def test_what_a_part_says_of_itself_as_a_team_is_refused_where_the_whole_says_it() -> None:
    scenario = fs.Scenario.from_dict(line(wip_limit=4))
    with pytest.raises(ScenarioError, match="its people are in 'sales', which has one of its own"):
        scenario.change({"teams.field.wip_limit": 9})


def test_it_can_be_read_again() -> None:
    scenario = fs.Scenario.from_dict(line(wip_limit=4))
    again = fs.Scenario.from_dict(scenario.document)
    assert again.fingerprint == scenario.fingerprint != fs.Scenario.from_dict(LINE).fingerprint


def test_no_part_is_no_whole() -> None:
    """The neutral setting changes no fingerprint."""
    made = deepcopy(LINE)
    made["teams"]["care"]["from"] = []
    assert fs.Scenario.from_dict(made).fingerprint == fs.Scenario.from_dict(LINE).fingerprint


GENERALIST = """
adds: [teams.sales]
change:
  teams.sales: {from: [inside_sales, field_sales, customer_success], queue: value_per_hour}
"""


def test_a_lever_finds_parts_by_role(put: Put) -> None:  # noqa: F811
    """A design of the library fits a Japanese line with two teams of inside sales and two of field sales."""
    merged = fs.Scenario.from_dict(NINE).with_levers(put("generalist", GENERALIST))
    sales = merged.spec.teams["sales"]
    assert [part.name for part in sales.people_as("sales")] == ["東IS", "西IS", "東FS", "西FS", "CSM"]
    assert sales.headcount.first == 16
    assert {names for stage in merged.spec.stages.values() for names in stage.team.values} == {("sales",)}
    (role,) = [role for role in merged.roles if role.entry == "sales"]
    assert role.roles == ("inside_sales", "field_sales", "customer_success")
    assert role.known_by == "parts"


def test_a_lever_over_it_reaches_people_in_their_part_and_the_rest_in_the_whole(put: Put) -> None:  # noqa: F811
    merged = fs.Scenario.from_dict(NINE).with_levers(put("generalist", GENERALIST))
    text = "change: {teams.customer_success: {headcount: {add: 1}, queue: lifo}, teams.field_sales.wip_limit: 7}"
    after = merged.with_levers(put("more", text)).spec.teams["sales"]
    assert (after.headcount.first, after.queue.rule, after.wip_limit) == (17, (("lifo", 1.0),), 7)
    assert [part.team.headcount.first for part in after.people_as("sales")] == [2, 3, 4, 5, 3]


def test_a_lever_that_lacks_a_part_says_what_to_write(put: Put) -> None:  # noqa: F811
    less = {**NINE, "teams": {name: team for name, team in NINE["teams"].items() if name != "CSM"}}
    less = {**less, "stages": {name: stage for name, stage in NINE["stages"].items() if name != "導入"}}
    with pytest.raises(ScenarioError, match="no team here has the role customer_success"):
        fs.Scenario.from_dict(less).with_levers(put("generalist", GENERALIST))


def test_in_a_phase() -> None:
    made = deepcopy(LINE)
    made["phases"] = [
        {"from": "2026-03-01", "to": "2026-05-01",
         "change": {"teams.sales": {"from": ["inside", "field"], "queue": "fifo"}}},
    ]  # fmt: skip
    before, merged, after = fs.Scenario.from_dict(made).periods
    assert list(before.spec.teams) == list(after.spec.teams) == ["inside", "field", "care"]
    assert list(merged.spec.teams) == ["care", "sales"]


def test_a_plan_counts_people_where_they_are_paid() -> None:
    one, two = plan_of(fs.Scenario.from_dict(LINE)), plan_of(fs.Scenario.from_dict(line()))
    assert one == two


# --- skill and speed by stage ----------------------------------------------------------------------------------


def test_by_stage_is_of_stages_that_there_are() -> None:
    scenario = fs.Scenario.from_dict(LINE)
    with pytest.raises(ScenarioError, match="unknown stage 'sel'; did you mean 'sell'"):
        scenario.change({"teams.field.skill.at": {"sel": 0.1}})
    with pytest.raises(ScenarioError, match=r"teams\.field\.speed\.at\.sell: expected a number at least 1e-06"):
        scenario.change({"teams.field.speed.at": {"sell": 0}})
    said = scenario.change({"teams.field.skill": {"mean": 0.1, "at": {"screen": 0.1, "sell": 0.2}}}).warnings
    at = [one for one in said if ".at." in one]
    assert at == ["teams.field.skill.at.screen: does nothing as it is: field does not work there"]


def test_neutral_by_stage_is_no_other_scenario() -> None:
    scenario = fs.Scenario.from_dict(LINE)
    for change in ({"skill.at": {}}, {"speed.at": {}}, {"skill.at.sell": 0}, {"speed.at.sell": 1}):
        assert scenario.change({f"teams.field.{key}": at for key, at in change.items()}).fingerprint == (
            scenario.fingerprint
        )


def test_a_lever_names_stages_by_role(put: Put) -> None:  # noqa: F811
    text = "change: {teams.inside_sales.skill.at.propose: 0.2, teams.field_sales.speed: {at: {contact: 0.5}}}"
    teams = fs.Scenario.from_dict(NINE).with_levers(put("learned", text)).spec.teams
    assert teams["東IS"].skill.at == teams["西IS"].skill.at == (("提案", 0.2),)
    assert teams["東FS"].speed.at == (("架電", 0.5),)
    half = fs.Scenario.from_dict(NINE).with_levers(put("learned", text) + "@0.5").spec.teams
    assert (half["東IS"].skill.at, half["東FS"].speed.at) == ((("提案", 0.1),), (("架電", 0.75),))


def test_what_is_tried_for_a_merged_team_is_tried_with_its_people() -> None:
    """Who is hired into a team that is made of others comes to the one of these that has most people."""
    tried = {each.name: each.change for each in identify(fs.Scenario.from_dict(line()))}
    assert tried["one more in sales"] == {"teams.field.headcount": {"add": 1}}


def test_averages_keep_the_hours_of_all_together_over_the_time_that_counts() -> None:
    """Also where one of the parts grows by date; the share of the whole is that of all hours."""
    made = line(unlike="averaged")
    made |= {"start": "2026-01-01", "horizon": "12 mo", "warmup": "3 mo"}
    made["teams"]["inside"] |= {"headcount": {"start": 2, "2026-10-01": 6}, "selling_share": 0.3}
    made["teams"]["field"] |= {"headcount": 4, "selling_share": 0.6}
    whole = fs.Scenario.from_dict(made).spec.teams["sales"]
    counted = {"2026-04-01": 183, "2026-10-01": 92}  # days from April to the end of the year
    inside = (2 * counted["2026-04-01"] + 6 * counted["2026-10-01"]) / sum(counted.values())
    assert whole.selling_share == pytest.approx((0.3 * inside + 0.6 * 4) / (inside + 4))


def test_territories_of_the_whole_are_those_of_its_people() -> None:
    made = line(serves={"east": 4, "west": 5}) | {"territories": {"east": 1, "west": 1}}
    (said,) = refusals(made)
    assert "`sum of serves <= headcount` must hold, but got (serves=9, headcount of its parts=7)" in said
