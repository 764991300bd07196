"""The page on levers and phases: each example runs, laid over the first one, and does what is said of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import funnelsim as fs
from funnelsim.errors import ScenarioError
from funnelsim.scenario.reading.document import plain
from funnelsim.scenario.reading.reader import read_text

PAGE = Path(__file__).parents[2] / "docs" / "levers.md"
WHOLE, LEVER, *PARTS = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), flags=re.M | re.S)
ROLES, PHASES, KINDS, TERRITORIES, MERGED, BURSTS, READINESS = (plain(read_text(part)) for part in PARTS)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> fs.Scenario:
    folder = tmp_path_factory.mktemp("page")
    (folder / "levers").mkdir()
    (folder / "levers" / "dialler.yaml").write_text(LEVER, encoding="utf-8")
    (folder / "line.yaml").write_text(WHOLE, encoding="utf-8")
    return fs.load(folder / "line.yaml")


def having(line: fs.Scenario, part: dict[str, Any]) -> fs.Scenario:
    """The line with a part of the page in it, as a file holds it."""
    document = plain(read_text(WHOLE))
    for key, value in part.items():
        document[key] = {**document[key], **value} if isinstance(document.get(key), dict) else value
    made = fs.Scenario.from_dict(document, line.folder)
    assert made.warnings == ()
    return made


def visits(scenario: fs.Scenario, team: str = "field") -> pd.DataFrame:
    """Visits to a team, with the territory of each lead."""
    result = fs.simulate(scenario, replications=1, engine="simpy")
    made = result.records("visits")
    made = made[(made.team == team) & made.rep.notna()]
    return made.merge(result.records("leads")[["lead", "territory", "source"]], on="lead")


def test_the_lever(line: fs.Scenario) -> None:
    assert line.warnings == ()
    half = line.with_levers("dialler@0.5")
    assert half.document["stages"]["qualify"]["effort"] == "25.05 min"
    assert half.document["costs"] == line.with_levers("dialler").document["costs"]
    other = line.change({"sources.web.to": "sell"}).change({"stages.qualify": None})
    with pytest.raises(fs.ScenarioError, match="nothing of this lever applies here"):
        other.with_levers("dialler")


def test_which_team_takes_which_leads(line: fs.Scenario) -> None:
    """Each kind of lead goes to its team."""
    document = plain(read_text(WHOLE))
    for group in ("teams", "stages"):
        for name, entry in KINDS[group].items():
            document[group][name] = {**document[group].get(name, {}), **entry}
    made = fs.Scenario.from_dict({**document, **{key: KINDS[key] for key in ("segments", "territories")}})
    result = fs.simulate(made, replications=1, engine="simpy")
    seen = result.records("visits").merge(result.records("leads")[["lead", "segment", "territory"]], on="lead")
    seen = seen[seen.rep.notna()]
    by = {"qualify": "territory", "sell": "segment"}
    took = {(kind, team) for stage, what in by.items() for kind, team in _pairs(seen[seen.stage == stage], what)}
    assert took == {("east", "inside"), ("west", "inside_west"), ("enterprise", "key_accounts"), ("smb", "field")}


def _pairs(seen: pd.DataFrame, kind: str) -> set[tuple[str, str]]:
    return set(zip(seen[kind], seen.team, strict=True))


def test_phases(line: fs.Scenario) -> None:
    made = having(line, PHASES)
    assert [period.spec.teams["field"].headcount.first for period in made.periods] == [4, 4, 5, 4]
    efforts = [period.spec.stages["qualify"].effort for period in made.periods]
    assert efforts[0] != efforts[1] == efforts[2] == efforts[3]
    reps = visits(made).groupby("rep").entered.agg(["min", "max"])
    assert len(reps) == 5


def test_a_rep_of_the_start_is_past_the_ramp_and_one_of_a_phase_is_not(line: fs.Scenario) -> None:
    ramp = {"teams.field.ramp": {"start": 0.2, "time": "6 mo"}}
    for more, learns in (({"add": 1}, False), ({"start": 4, "2026-02-01": 5}, True)):
        plainly = line.change({"teams.field.headcount": more})
        assert visits(plainly).equals(visits(plainly.change(ramp))) is not learns


def test_who_serves_no_territory_takes_leads_of_each(line: fs.Scenario) -> None:
    taken = visits(having(line, TERRITORIES)).groupby("rep").territory.agg(set)
    assert taken.to_dict() == {
        "field-1": {"east"}, "field-2": {"west"}, "field-3": {"west"}, "field-4": {"east", "west"}
    }  # fmt: skip


def test_bursts(line: fs.Scenario) -> None:
    more = fs.simulate(having(line, BURSTS), replications=1, engine="simpy").records("leads")
    there = more[(more.created >= 60 * 24) & (more.created < 63 * 24)]  # from 2 March on, three days, in hours
    assert 150 + 5 < len(there) < 150 + 45  # about 20 come at the rate


def test_readiness(line: fs.Scenario) -> None:
    result = fs.simulate(having(line, READINESS), replications=1, engine="simpy")
    kept = result.records("visits").query("stage == 'ripen' and outcome == 'advanced'")
    assert len(kept) > 100
    assert (kept.left - kept.entered).min() == pytest.approx(7 * 24)  # the ready ones
    assert (kept.left - kept.entered).max() > 30 * 24


def test_a_role_makes_levers_fit(line: fs.Scenario) -> None:
    assert "propose" not in {role for each in line.roles for role in each.roles}
    stages = {name: {**stage, **ROLES["stages"].get(name, {})} for name, stage in line.document["stages"].items()}
    faster = having(line, {"stages": stages}).with_levers("cpq")
    assert float(faster.document["stages"]["sell"]["effort"].removesuffix(" h")) == pytest.approx(1.92)
    with pytest.raises(ScenarioError, match="no stage here has the role propose"):
        line.with_levers("cpq")


def test_people_of_two_teams_become_one(line: fs.Scenario) -> None:
    scenario = fs.Scenario.from_text(WHOLE, line.folder).change(MERGED)
    sales = scenario.spec.teams["all"]
    assert (sales.headcount.first, list(scenario.spec.teams)) == (6, ["all"])
    reps = fs.simulate(scenario, replications=1).records("reps")
    assert reps["part"].value_counts().to_dict() == {"field": 4, "inside": 2}
