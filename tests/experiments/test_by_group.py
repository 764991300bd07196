"""Differences by segment, source, territory and rep: whose gain is whose loss, on the same leads."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.views.sentences.groups import not_compared
from funnelsim.views.words import speaking

CROWDED = """\
horizon: 40 d
warmup: 5 d
currency: USD
segments: {key: {share: 0.3, value: 90_000}, usual: {share: 0.7, value: 10_000}}
sources: {web: {rate: 5 / d}, fair: {rate: 5 / d}}
teams: {desk: {headcount: 2, queue: fifo}}
stages:
  sell: {team: desk, effort: {dist: exponential, mean: 6 h}, patience: {dist: exponential, mean: 1 d}, books: true}
"""
"""More leads than two can serve: who comes first takes it from the others."""


@pytest.fixture(scope="module")
def crowded() -> fs.Comparison:
    today = fs.Scenario.from_text(CROWDED)
    arms = {
        "today": today,
        "key first": today.change({"teams.desk.queue.first": [{"segment": "key"}]}),
        "three": today.change({"teams.desk.headcount": 3}),
    }
    return fs.compare(arms, kpis=["won", "bookings", "contribution"], replications=20, by=("segment", "rep"))


def test_differences_of_groups_add_up_to_that_of_all(crowded: fs.Comparison) -> None:
    table, whole = crowded.by("segment"), crowded.table
    for kpi in ("won", "bookings"):
        for arm in ("key first", "three"):
            parts = [table.loc[(group, kpi, arm), "mean"] for group in ("key", "usual")]
            assert sum(parts) == pytest.approx(whole.loc[(kpi, arm), "mean"])


def test_who_comes_first_takes_it_from_the_others(crowded: fs.Comparison) -> None:
    table = crowded.by("segment")["verdict"]
    assert table[("key", "won", "key first")] == "more"
    assert table[("usual", "won", "key first")] == "less"
    assert {table[(group, "won", "three")] for group in ("key", "usual")} == {"more"}


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "key first: won is more for key +"), ("ja", "key first:受注件数はkey(+")],
)
def test_opposite_differences_are_said(crowded: fs.Comparison, lang: str, said: str, tmp_path: Path) -> None:
    from funnelsim.views.sentences.groups import opposed

    with speaking(lang):
        sentences = list(opposed(crowded, crowded.groups["segment"]))
    assert len(sentences) == 2
    assert sentences[0].startswith(said)
    page = crowded.report(tmp_path / "page.html", lang=lang, only=["groups"]).read_text(encoding="utf-8")
    assert all(each in page for each in sentences)


def test_intervals_hold_together_over_all_groups(crowded: fs.Comparison) -> None:
    """Four differences of the whole and as many of each of two groups: each of these is known less exactly."""
    from funnelsim.experiments.statistics.paired import bonferroni

    (finding,) = [
        each for each in crowded.groups["segment"].groups["usual"] if (each.kpi, each.arm) == ("won", "three")
    ]
    assert finding.difference.interval(bonferroni(0.05, 4 * 2)) == (finding.low, finding.high)


def test_a_seat_that_the_base_has_not_is_left_out_and_one_that_an_arm_has_not_too(crowded: fs.Comparison) -> None:
    table = crowded.by("rep")
    assert set(table.index.get_level_values("rep")) == {"desk-1", "desk-2", "(none)", ""}
    assert table.loc[("", "contribution", ""), "note"].startswith("people and named costs")


def test_a_comparison_has_only_the_groups_it_was_asked_for(crowded: fs.Comparison) -> None:
    with pytest.raises(FunnelsimError, match=r"compare\(\.\.\., by='source'\)"):
        crowded.by("source")
    assert set(crowded.to_dict()["by"]) == {"segment", "rep"}


def test_segments_are_parted_at_the_value_from_which_some_arm_serves_first() -> None:
    today = fs.Scenario.from_text(CROWDED).change(
        {"segments": {"set": {"all": {"value": {"low": 10_000, "high": 90_000, "dist": "uniform"}}}}}
    )
    large = today.change({"teams.desk.queue.first": [{"value_at_least": "50_000 USD"}]})
    found = fs.compare({"today": today, "large first": large}, kpis=["won"], replications=10, by="segment")
    table = found.by("segment")
    assert list(found.groups["segment"].groups) == ["all <50,000", "all ≥50,000"]
    assert table.loc[("all ≥50,000", "won", "large first"), "verdict"] == "more"
    assert table["mean"].sum() == pytest.approx(found.table["mean"].sum())
    leads = fs.simulate(today, replications=1).records("leads")
    won = leads[(leads.outcome == "won") & (leads.ended >= 120)]
    assert (won.value >= 50_000).sum() == sum(
        found.arms[0].tallies[0].groups["segment"]["all ≥50,000"][found.base.indicators["won"][0]]
    )


def test_kpis_per_year_are_divided_as_those_of_the_whole_time() -> None:
    today = fs.Scenario.from_text(CROWDED)
    arms = {"today": today, "three": today.change({"teams.desk.headcount": 3})}
    kpis = ["won_per_year", "contribution_per_year", "stages.sell.wait"]
    found = fs.compare(arms, kpis=kpis, replications=3, by="segment")
    table = found.by("segment")
    parts = table["mean"].xs("won_per_year", level="kpi").sum()
    assert parts == pytest.approx(found.table.loc[("won_per_year", "three"), "mean"])
    assert set(found.groups["segment"].why_not) == {"contribution_per_year", "stages.sell.wait"}


def test_groups_that_one_side_lacks_are_told() -> None:
    """A new source is in no difference by source, so these do not add up, which is said."""
    base = fs.Scenario.from_dict(
        {
            "funnelsim": 1,
            "horizon": "2 mo",
            "warmup": "1 w",
            "sources": {"web": {"rate": "2 / d"}},
            "teams": {"desk": {"headcount": 3, "queue": "fifo"}},
            "stages": {"sell": {"team": "desk", "effort": "1 h", "convert": 0.5}},
        }
    )
    arms = {"base": base, "fair": base.change({"sources.fair": {"rate": "1 / d"}})}
    found = fs.compare(arms, kpis=["won"], replications=4, by="source").groups["source"]
    assert found.alone == {"fair": (("fair",), ())}
    assert found.to_dict()["not_compared"] == {"fair": {"only_here": ["fair"], "not_here": []}}
    (said,) = not_compared(found)
    assert said.startswith("Only fair has fair")
    back = fs.compare(dict(reversed(arms.items())), kpis=["won"], replications=4, by="source").groups["source"]
    assert back.alone == {"base": ((), ("fair",))}
