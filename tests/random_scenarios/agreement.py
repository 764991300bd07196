"""Words, tables and exits of `check`, `run`, `compare` and `diagnose` must not contradict one another."""

from __future__ import annotations

import json

import funnelsim as fs
from funnelsim.cli.check import Report
from funnelsim.experiments.comparison.judging import Finding
from funnelsim.experiments.comparison.result import Comparison
from funnelsim.experiments.diagnosis.limit import Certainty
from funnelsim.experiments.diagnosis.result import Diagnosis
from funnelsim.experiments.statistics.paired import Verdict
from funnelsim.results.limiting import AT_WORK
from funnelsim.results.result import Result

SURE = (Verdict.MORE, Verdict.LESS)
DEMAND = "Demand limits the line"


def of_check(report: Report) -> None:
    """What is concluded from a load stands beside a load above 1, and a load above 1 is never silent."""
    assert not report.problems
    if report.loads is None:
        return
    told = report.to_dict()["teams"]
    for name, team in report.loads.teams.items():
        said = [each for each in report.warnings if each.startswith(f"teams.{name}: the expected load is ")]
        over = team.load is not None and team.load > 1.0
        assert bool(said) == over, (name, team.load, report.warnings)
        assert told[name]["load"] == team.load
        if any("its queues grow" in each for each in said):
            assert not report.loads.conditions


def of_run(result: Result) -> None:
    """The verdict follows the table of teams, and ranges and intervals are where they can be."""
    verdict, calm = result.verdict, not any(each.grows for each in result.limit)
    named = [each for each in result.limit if f"{each.label} limits the line" in verdict]
    assert [each for each in named if not each.limits] == []
    assert bool(named) == any(each.limits for each in result.limit)
    if "o team's queue grows" in verdict:
        assert calm
    assert any("the queue of" in each for each in result.warnings) != calm
    if verdict.startswith(DEMAND):
        assert all((each.load.mean or 0.0) < AT_WORK and not each.limits for each in result.limit)
    for each in result.limit:
        low = result.teams.loc[(each.team, "queue_growth"), "low"]
        if each.grows and result.replications > 1:
            assert low > 0
    _figures(result)


def _figures(result: Result) -> None:
    document = json.loads(result.to_json())["kpis"]
    for name, row in result.kpis.iterrows():
        leaf = document[name]
        assert (leaf is None) == (row["mean"] != row["mean"])
        if leaf is None:
            continue
        assert leaf["mean"] == row["mean"]
        if leaf["low"] is not None:
            assert leaf["low"] <= leaf["mean"] <= leaf["high"]
        assert (leaf["range_low"] is None) or leaf["range_low"] <= leaf["range_high"]
        assert 0 <= leaf["undefined"] <= result.replications


def of_comparison(comparison: Comparison) -> None:
    """Whatever is called more or less has an interval without 0, in words, table and document alike."""
    document = json.loads(comparison.to_json())
    for each in comparison.findings:
        _finding(each)
        assert comparison.table.loc[(each.kpi, each.arm), "verdict"] == str(each.verdict)
        leaf = document["differences"][each.arm][each.kpi]
        assert (leaf is None) == (each.difference.mean is None)
        said = (each.low, each.high, str(each.verdict))
        assert leaf is None or (leaf["low"], leaf["high"], leaf["verdict"]) == said
    for kpi, shares in comparison.chances.items():
        known = [share for share in shares.values() if share is not None]
        assert not known or abs(sum(known) - 1.0) < 1e-6, kpi


def _finding(each: Finding) -> None:
    if each.verdict is Verdict.STEADY or each.difference.fixed:
        assert each.low is each.high is None
    elif each.verdict in SURE:
        assert each.low is not None
        assert each.high is not None
        assert (each.low > 0) if each.verdict is Verdict.MORE else (each.high < 0)
    if each.verdict is Verdict.SAME and each.low is not None and each.high is not None:
        assert each.difference.exact or max(-each.low, each.high) < each.zone


def of_diagnosis(diagnosis: Diagnosis, run: Result) -> None:
    """The limit that is named is the one whose change brings more, and `run` does not clear the team."""
    for focus in diagnosis.focus:
        # Two changes may have one name, such as two limits on few leads that come to the same whole number.
        told = diagnosis.steps.loc[focus.name, "verdict"].tolist() if focus.trials else []
        assert told == [str(trial.through.verdict) for trial in focus.trials]
        for trial in focus.trials:
            _finding(trial.through)
            assert trial.gains == (trial.through.verdict is Verdict.MORE)
        said = " ".join(diagnosis.words.get(focus.name, ()))
        if "surely bring" in said and focus.name not in ("identify", "next"):
            assert not any(trial.gains for trial in focus.trials)
    limit = diagnosis.place.limit
    teams = [each for each in limit.names if each in diagnosis.base.model.team_names]
    if limit.certainty is Certainty.CLEAR and teams:
        gaining = {trial.name for trial in diagnosis.focus[0].trials if trial.gains}
        assert gaining
        assert not run.verdict.startswith(DEMAND), (limit, run.verdict)


def of_all(report: Report, scenario: fs.Scenario, *, replications: int, diagnose: bool) -> None:
    """All four, of one scenario."""
    of_check(report)
    result = fs.simulate(scenario, replications=replications, records=False)
    of_run(result)
    more = scenario.change({"horizon": {"multiply": 1}})
    changed = _busier(scenario)
    arms = {"base": scenario, "again": more, **({} if changed is None else {"busier": changed})}
    kpis = ["won", "cycle_time", "conversion", "contribution", "created"]
    of_comparison(fs.compare(arms, kpis=kpis, replications=replications))
    if diagnose and replications > 1 and scenario.spec.teams:
        of_diagnosis(fs.diagnose(scenario, replications=replications, equation=False), result)


def _busier(scenario: fs.Scenario) -> fs.Scenario | None:
    """The same with more leads, where a source has a rate."""
    for name, source in scenario.spec.sources.items():
        if source.rate is not None:
            return scenario.change({f"sources.{name}.rate": {"multiply": 1.3}})
    return None
