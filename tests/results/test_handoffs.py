"""The table of handoffs against what each of them takes by arithmetic."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.results.measures import chunks
from funnelsim.results.measures.handoffs.passes import passes
from funnelsim.results.measures.window import Window
from funnelsim.results.result import Result

LINE = """\
horizon: 40 d
warmup: 2 d
sources:
  web: {every: 6 h}
teams:
  callers: {headcount: 3, queue: fifo, selling_share: 0.5}
  sellers: {headcount: 9, queue: fifo, selling_share: 0.25}
stages:
  call: {team: callers, effort: 20 min}
  meet:
    team: sellers
    handoff: {delay: 10 h, give: 30 min, keeps: 0.5}
    effort: 1 h
    rework: 0.6
    decay: {half_life: 1 d}
  close: {team: sellers, effort: 2 h, convert: 0.5, rework: 0.6, context_weight: 0.4, books: true}
"""
"""Nobody waits for a rep. A lead has 40 min in its first stage, 1 h of giving and 10 h on the way."""


def of(text: str = LINE, replications: int = 1) -> Result:
    return fs.simulate(fs.Scenario.from_text(text), replications=replications)


def test_each_figure_is_what_arithmetic_gives() -> None:
    result = of()
    assert set(result.handoffs.index.get_level_values(0)) == {"callers.sellers"}
    mean = result.handoffs["mean"]["callers.sellers"]
    assert mean["wait"] == pytest.approx(11.0)
    assert mean["delay"] == pytest.approx(10.0)
    assert mean["dropped"] == 0.0
    assert mean["context"] == pytest.approx(0.5)
    assert mean["odds_lost"] == pytest.approx(0.4 * 0.5)
    left = 0.5 ** (10.0 / 24)  # of the chance, after ten hours on the way
    assert mean["cooled"] == pytest.approx(1 - left)
    # An hour of effort, and two for those who advance, with 30 % of it again; by chance some more advance.
    assert mean["rework"] == pytest.approx(0.6 * 0.5 * (1.0 + left * 2.0), rel=0.1)


def test_passes_and_waits_are_those_of_the_visits() -> None:
    result = of()
    visits = result.records("visits")
    meets = visits[(visits.stage == "meet") & (visits.entered >= 48)]
    assert result.handoffs.loc[("callers.sellers", "passed"), "mean"] == len(meets)
    assert result.kpis.loc["handoff_wait", "mean"] == pytest.approx(
        result.handoffs["mean"]["callers.sellers"]["wait"]
    )


def test_rework_is_the_work_that_is_gone_without_it() -> None:
    def hours(text: str) -> float:
        visits = of(text).records("visits")
        return float(visits[(visits.entered >= 48) & visits.stage.isin(["meet", "close"])].work.sum())

    own = of()
    taken = len(own.records("visits").query("stage == 'meet' and entered >= 48 and first_touch == first_touch"))
    again = own.handoffs["mean"]["callers.sellers"]["rework"] * taken
    gone = hours(LINE) - hours(LINE.replace("rework: 0.6", "rework: 0"))
    assert again == pytest.approx(gone, rel=0.02)


def test_leads_that_drop_out_on_the_way_are_counted_where_they_went() -> None:
    mean = of(LINE.replace("keeps: 0.5", "keeps: 0.5, dropout: 0.3"), 20).handoffs.loc["callers.sellers"]
    assert mean.loc["dropped", "low"] < 0.3 < mean.loc["dropped", "high"]
    assert mean.loc["context", "mean"] == pytest.approx(0.5)


def test_what_a_team_made_by_its_calls_is_handed_over_too() -> None:
    outbound = "  dial: {team: callers, effort: 10 min, yield: 0.1, to: meet}"
    result = of(LINE.replace("teams:\n", f"{outbound}\nteams:\n", 1))
    leads = result.records("leads")
    called = ((leads.source == "dial") & (leads.created >= 48)).sum()
    passed = result.handoffs.loc[("callers.sellers", "passed"), "mean"]
    assert called > 50
    assert passed == pytest.approx(called + 38 * 4, abs=3)


def test_one_team_hands_nothing_over() -> None:
    alone = LINE.replace("team: sellers", "team: callers")
    result = of(alone)
    assert result.handoffs.empty
    assert result.to_dict()["handoffs"] == {}


def test_handoffs_are_compared_by_their_names() -> None:
    today = fs.Scenario.from_text(LINE)
    arms = {"today": today, "told all": today.change({"stages.meet.handoff.keeps": 1})}
    kpi = "handoffs.callers.sellers.rework"
    found = fs.compare(arms, kpis=[kpi], replications=2)
    assert found.table.loc[(kpi, "told all"), "arm_mean"] == 0.0
    told = found.to_dict()["handoffs"]["told all"]
    assert told["handoffs.callers.sellers.context"]["mean"] == pytest.approx(0.5)
    assert f"{kpi.rpartition('.')[0]}.dropped" not in told  # nothing is dropped in either


def test_parts_of_the_visits_give_the_same_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = fs.load(Path(__file__).parents[2] / "scenarios" / "mid_market.yaml").change({"horizon": "9 mo"})
    result = fs.simulate(scenario, replications=1)
    whole = passes(Window(result.replicates[0], result.model))
    monkeypatch.setattr(chunks, "AT_ONCE", 7)
    for one, other in zip(whole, passes(Window(result.replicates[0], result.model)), strict=True):
        assert one.tolist() == pytest.approx(other.tolist(), rel=1e-12)
