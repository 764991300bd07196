"""The catalogue of figures: each that a run gives is listed, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import funnelsim as fs
from funnelsim.model.compile import compile_model
from funnelsim.results.measures.catalogue import COST, MILESTONE, REASON, listed, unknown_kpi
from funnelsim.results.measures.kpis import kpi_indicators
from funnelsim.scenario.reading import library

COMPANY = """\
funnelsim: 1
name: Small company
start: 2026-01-01
horizon: 14 mo
warmup: 1 mo
costs: {crm: 10 / mo}
segments: {all: {value: 1_000}}
sources: {web: {rate: 2 / d, cost: 3}}
teams: {desk: {headcount: 2, queue: fifo, cost: {salary: 60_000 / y}, quota: {amount: 5_000, period: month}}}
milestones: {mql: call, opportunity: sell}
stages:
  call: {team: desk, effort: 1 h, convert: 0.5, sla: 1 d}
  sell: {team: desk, effort: 1 h, convert: 0.5, otherwise: {price: 0.5, silence: 0.5}}
"""


PERIODS = ("year", "quarter", "month")


@pytest.fixture(scope="module")
def company() -> fs.Scenario:
    return fs.Scenario.from_text(COMPANY)


def test_a_run_gives_what_is_listed_and_nothing_else(company: fs.Scenario) -> None:
    result = fs.simulate(company, replications=2, engine="simpy")
    listed = fs.kpis(scenario=company)
    more = [fs.kpis(f"per_{each}", company) for each in PERIODS]
    told = pd.concat([listed, *(each[~each.index.isin(listed.index)] for each in more)])
    kinds = {of: set(told.index[told["of"] == of]) for of in ("line", "stage", "team")}
    assert set(result.kpis.index) == kinds["line"]
    assert set(result.stages.index.get_level_values("measure")) == kinds["stage"]
    assert set(result.teams.index.get_level_values("measure")) == kinds["team"]
    units = told[told["of"] == "line"]["unit"]
    assert (result.kpis["unit"] == units.reindex(result.kpis.index)).all()


@pytest.mark.parametrize(
    ("otherwise", "more"),
    [
        ("{price: 0.5, silence: 0.5}", ""),  # the stage `call` names no reason
        ("{price: 0.5, lost: 0.5}", ""),
        ("{price: 0.5, call: 0.5}", ", at_most: 2"),  # leads end by too many visits
        ("{price: 0.5, silence: 0.5}", ", next: end, books: false"),  # leads end and were never booked
        ("null", ""),
    ],
)
def test_reasons_of_loss_add_up(otherwise: str, more: str) -> None:
    text = COMPANY.replace("otherwise: {price: 0.5, silence: 0.5}", f"otherwise: {otherwise}{more}")
    kpis = fs.simulate(fs.Scenario.from_text(text), replications=1, engine="simpy").kpis["mean"]
    parts = kpis[kpis.index.str.startswith("lost_") & ~kpis.index.str.contains("_per_")]
    assert kpis["lost"] > 0
    if otherwise == "null":
        assert parts.empty  # all are lost for no reason, as `lost` says already
    else:
        assert parts.sum() == kpis["lost"]
        assert parts["lost_lost"] > 0


def patterns() -> dict[str, re.Pattern[str]]:
    """The general list, with anything in place of the names that a scenario gives."""
    names = [each.name for each in listed() if each.of == "line"]
    assert len(names) == len(set(names))
    anything = dict.fromkeys((MILESTONE, REASON, COST), ".+")
    found = {}
    for name in names:
        text = name
        for one, many in anything.items():
            text = text.replace(one, many)
        found[name] = re.compile(text)
    return found


def scenarios() -> list[fs.Scenario]:
    shipped = [fs.load(each.path) for each in library.templates()]
    tests = Path(__file__).parents[1] / "scenario"
    return [
        fs.Scenario.from_text(COMPANY),
        *shipped,
        fs.load(tests / "rich.yaml"),
        fs.load(tests / "reference.yaml"),
    ]


def test_the_general_list_has_every_kpi_of_any_scenario_and_no_other() -> None:
    given = {kpi.name for each in scenarios() for kpi in kpi_indicators(compile_model(each))}
    known = patterns()
    assert not [name for name in given if not any(one.fullmatch(name) for one in known.values())]
    assert not [name for name, one in known.items() if not any(one.fullmatch(each) for each in given)]


def test_each_figure_is_told_in_a_sentence_of_its_own() -> None:
    for each in listed():
        assert each.unit
        assert each.definition[0].isupper()
        assert each.definition.endswith(".")
        assert not re.match(r"(The same|These|Median of the same|Share of these|Share that)", each.definition), (
            each
        )


def test_words_find_figures() -> None:
    assert "logo_churn" in fs.kpis("CHURN").index
    assert fs.kpis("kein Wort davon").empty


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("wins", "unknown KPI 'wins'; write 'won'; `funnelsim kpis` lists them all"),
        ("wno", "unknown KPI 'wno'; did you mean 'won'? `funnelsim kpis` lists them all"),
        ("velocity of everything", "unknown KPI 'velocity of everything'; `funnelsim kpis` lists them all"),
        ("opportunity_conversion", "it needs `milestones: {opportunity: ...}`"),
        ("utilisation", "'utilisation' is a figure of each team"),
        ("conversion_period", "'conversion_period' is a figure of each stage"),
    ],
)
def test_an_unknown_kpi_points_to_the_list(name: str, said: str) -> None:
    assert said in unknown_kpi(name, ["won", "lost"])
