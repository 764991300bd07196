"""What has one name has one number: in the picture of the funnel, in the tables and in the report."""

from __future__ import annotations

import functools
import re
from textwrap import dedent

import pytest

import funnelsim as fs
from funnelsim.cli import tables
from funnelsim.results.result import Result
from funnelsim.views import plots
from funnelsim.views.pictures import facts
from funnelsim.views.report.sections.line import _stage_rows
from funnelsim.views.sentences.waits import reconciled
from funnelsim.views.words import numbers, say, speaking


@functools.cache
def result(name: str) -> Result:
    """A short run, in which leads lie about and customers buy more."""
    return fs.simulate(
        fs.load(f"scenarios/{name}.yaml").change({"horizon": "9 mo", "warmup": "2 mo"}), replications=2
    )


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("name", ["reference", "story_promises", "japan"])
def test_the_share_that_advances_is_one_number(name: str, lang: str) -> None:
    found = result(name)
    with speaking(lang):
        figure = plots.funnel(found)
        texts = [each.get_text() for each in figure.axes[0].texts]
        table = tables.stages(found, interval=False)
        heads, rows = _stage_rows(found)
        at = [str(each.header) for each in table.columns].index(say("run.stage.conversion"))
        shown = list(table.columns[at].cells)
        place = heads.index(say("report.col.conversion"))
        aside = [found.model.spec.stages[each].aside for each in found.model.stage_names]
        rates = [
            numbers.percent(each.conversion) for each in facts.line(found).stations if each.conversion is not None
        ]
    drawn = [text for text in texts if re.fullmatch(r"[\d.]+ ?%", text)]
    assert rates == drawn[: len(rates)]
    for number, (stage, row) in enumerate(zip(found.model.stage_names, rows, strict=True)):
        mean = found.summary.stages[stage]["conversion"].mean
        if mean is None:
            continue
        assert row[place].value == mean  # type: ignore[union-attr]
        assert float(re.findall(r"[\d.]+", str(shown[number]))[0]) == pytest.approx(mean * 100, rel=0.01)
        if not aside[number]:
            assert numbers.percent(mean).split(" ")[0] in " ".join(drawn)


def test_deals_with_customers_are_no_leads_of_the_funnel() -> None:
    found = result("reference")
    months = 7.0
    line = facts.line(found)
    kpis = found.summary.kpis
    assert line.won == pytest.approx((kpis["won_new"].mean or 0.0) / months, rel=0.01)
    assert line.expansions == pytest.approx((kpis["won_expansion"].mean or 0.0) / months, rel=0.01)
    heading = next(
        each.get_text() for each in plots.funnel(found).axes[0].texts if "first stage" in each.get_text()
    )
    assert f"{numbers.amount(line.won)} are won, beside {numbers.amount(line.expansions)} expansions" in heading


OVER = """
name: over
horizon: 6 mo
sources: {web: {rate: 40 / w}}
teams: {desk: {headcount: 2, queue: %s}}
stages: {call: {team: desk, effort: {dist: exponential, mean: %s}}}
"""


@pytest.mark.parametrize(
    ("queue", "mean", "told"), [("lifo", "10 h", True), ("lifo", "5 h", False), ("fifo", "5 h", False)]
)
def test_waits_that_contradict_each_other_are_reconciled(queue: str, mean: str, told: bool) -> None:
    """Who comes last is served first: those who are served waited little, and all others wait to the end."""
    found = fs.simulate(fs.Scenario.from_text(OVER % (queue, mean)), replications=2, engine="simpy")
    said = list(reconciled(found.summary, found.model))
    assert bool(said) == told
    if told:
        every, served = found.summary.teams["desk"]["wait"].mean, found.summary.stages["call"]["wait"].mean
        assert f"waited {numbers.duration(served or 0.0)} on average" in said[0]
        assert f"{numbers.duration(every or 0.0)} so far" in said[0]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_heads_of_waits_say_which_leads_they_count(lang: str) -> None:
    with speaking(lang):
        assert say("run.stage.wait") != say("run.team.wait")
        assert say("report.col.wait_served") != say("report.col.wait")


def test_a_load_that_is_not_the_expected_one_is_explained() -> None:
    """Leads that cool on their way make less work than flow balance knows; where none cools there is no word."""
    text = """\
    horizon: 60 d
    warmup: 10 d
    sources: {web: {every: 1 h}}
    teams: {callers: {headcount: 3, queue: fifo}, sellers: {headcount: 4, queue: fifo}}
    stages:
      call: {team: callers, effort: 1 h}
      meet: {team: sellers, effort: 2 h, handoff: {delay: 12 h}, decay: {half_life: 12 h}}
      close: {team: sellers, effort: 1 h}
    """
    cooled = fs.simulate(fs.Scenario.from_text(dedent(text)), replications=2)
    said = list(reconciled(cooled.summary, cooled.model))
    assert said[0].startswith("`check` expects a load of 75 % for sellers, and 6")
    assert "leads a month come to close where 730 are expected" in said[0]
    assert said[1] == "What waiting takes off (decay) is in none of these expectations."
    warm = fs.simulate(
        fs.Scenario.from_text(dedent(text).replace(", decay: {half_life: 12 h}", "")), replications=2
    )
    assert list(reconciled(warm.summary, warm.model)) == []
