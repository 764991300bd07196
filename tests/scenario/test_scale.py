"""``scale``: the whole company so many times as large."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.errors import ScenarioError

TEXT = """\
funnelsim: 1
horizon: 1 y
warmup: 1 mo
start: 2026-01-01
costs: {家賃: 1_000 / mo}
territories: {東: 1, 西: 2}
opening: {customers: 10, leads: {訪問: 3}}
sources:
  web: {rate: 20 / mo, bursts: [{at: 2026-03-01, leads: 5}], cost: 10}
  clock: {every: 12 h}
  calls: {team: 東営業, effort: 5 min, yield: 0.01, market: 300}
teams:
  東営業:
    headcount: {start: 3, 2026-06-01: 4}
    queue: fifo
    serves: {東: 1, 西: 2}
    quota: {amount: 500, period: quarter}
    wip_limit: 4
    cost: {salary: 100 / mo}
stages:
  訪問: {team: 東営業, effort: 1 h, at_most: 3}
  契約: {team: 東営業, effort: 2 h, convert: 0.5}
limits: [{stages: [契約], wip: 7}]
customers: {churn: 0.01 / mo}
"""

THREE_TIMES = {
    "costs: {家賃: 1_000": "costs: {家賃: 3_000",
    "customers: 10, leads: {訪問: 3}": "customers: 30, leads: {訪問: 9}",
    "rate: 20": "rate: 60",
    "leads: 5}": "leads: 15}",
    "every: 12 h": "every: 4 h",
    "market: 300": "market: 900",
    "start: 3, 2026-06-01: 4": "start: 9, 2026-06-01: 12",
    "serves: {東: 1, 西: 2}": "serves: {東: 3, 西: 6}",
    "amount: 500": "amount: 1_500",
    "wip: 7": "wip: 21",
}


def three_times() -> fs.Scenario:
    text = TEXT
    for old, new in THREE_TIMES.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return fs.Scenario.from_text(text)


def results(scenario: fs.Scenario) -> Any:
    return fs.simulate(scenario, replications=2, seed=3).kpis


def test_all_that_grows_with_a_company_grows() -> None:
    """The same as by hand, whether it stands in the file or is laid over it."""
    by_hand = three_times()
    for made in (
        fs.Scenario.from_text(TEXT + "scale: 3\n"),
        fs.Scenario.from_text(TEXT).change({"scale": 3}),
        fs.Scenario.from_text(TEXT).change({"scale": {"multiply": 3}}),
    ):
        assert made.spec.scale == 1
        assert results(made).equals(results(by_hand))
        first = (made.spec.teams, made.spec.opening, made.spec.limits, made.spec.costs, made.spec.sources["web"])
        other = by_hand.spec
        assert first == (other.teams, other.opening, other.limits, other.costs, other.sources["web"])


def test_once_as_large_changes_nothing() -> None:
    plain = fs.Scenario.from_text(TEXT)
    for made in (plain.change({"scale": 1}), fs.Scenario.from_text(TEXT + "scale: 1\n")):
        assert made.fingerprint == plain.fingerprint


def test_what_is_laid_over_comes_after() -> None:
    """One more person is one, also in a company that is three times as large."""
    study = fs.Study.of(
        fs.Scenario.from_text(TEXT), {"scale": [1, 3]}, arms={"one more": {"teams.東営業.headcount": {"add": 1}}}
    )
    more = study.scenario("one more", {"scale": 3}).spec.teams["東営業"].headcount
    assert [number for _, number in more.steps] == [10, 13]
    together = fs.Scenario.from_text(TEXT).change({"scale": 3, "teams.東営業.headcount": {"add": 1}})
    assert together.spec.teams["東営業"].headcount == more


def test_open_deals_are_there_so_many_times(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("stage,value,owner\n訪問,100,田中\n契約,200,佐藤\n", encoding="utf-8")
    text = TEXT.replace("leads: {訪問: 3}", "leads: deals.csv")
    assert len(fs.Scenario.from_text(text + "scale: 2\n", folder=tmp_path).spec.opening.deals) == 4
    with pytest.raises(ScenarioError, match=r"not 1\.5 times"):
        fs.Scenario.from_text(text + "scale: 1.5\n", folder=tmp_path)


def test_what_is_rounded_and_what_stays_is_said() -> None:
    made = fs.Scenario.from_text(TEXT).change({"scale": 2, "phases": None})
    assert not any("scale" in one for one in made.warnings)
    phased = fs.Scenario.from_text(TEXT + "phases: [{from: 3 mo, change: {gross_margin: 0.5}}]\n")
    assert "scale: phases: what they add or set stays as it is written" in phased.change({"scale": 2}).warnings
    halves = fs.Scenario.from_text(TEXT.replace("start: 3, 2026-06-01: 4", "start: 4, 2026-06-01: 4"))
    said = halves.change({"scale": 0.5, "teams.東営業.serves": None}).warnings
    assert "scale: opening.leads.訪問: 1.5 is 2, rounded" in said


@pytest.mark.parametrize("scale", [0, -1, "three", [3], 5_000])
def test_what_is_no_scale_is_refused(scale: Any) -> None:
    with pytest.raises(ScenarioError, match=r"expected a number at least 0\.001 and at most 1,000"):
        fs.Scenario.from_text(TEXT).change({"scale": scale})
