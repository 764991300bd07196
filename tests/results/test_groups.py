"""KPIs by segment, source, territory and rep: parts add up to the whole, and each is what a hand count gives."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.running.replications import replicate
from funnelsim.model.compile import compile_model
from funnelsim.results.divided import Divided
from funnelsim.results.measures.groups.meaning import why_not
from funnelsim.results.measures.groups.members import BY, Grouping
from funnelsim.results.measures.kpis import kpi_indicators
from funnelsim.results.measures.summary import Tally, tally
from funnelsim.results.result import Result

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))

COMPANY = SHIPPED[0].with_stem("mid_market")

QUANTILES = ("response_time", "response_time_p90", "response_time_open", "time_to_value")
"""KPIs with one number a replication that is no sum."""

LARGEST = ("largest_deal_lost", "largest_customer_lost")
"""KPIs of the largest of all, which may be in any group."""

SEGMENTS = {
    "territories": {"east": 2, "west": 1},
    "segments": {"mid": {"share": 0.6}, "large": {"share": 0.4, "value": 60_000}},
    "horizon": "18 mo",
}


@pytest.fixture(scope="module")
def company() -> Result:
    scenario = fs.load(COMPANY).change(SEGMENTS)
    return fs.simulate(scenario, replications=1, by=("segment", "rep"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_counts_and_sums_of_groups_add_up_to_the_whole(path: Path) -> None:
    model = compile_model(fs.load(path))
    found = tally(replicate(model, 1, 0, "compiled", False, keep=True), model, by=[Grouping(by) for by in BY])
    for by in BY:
        added = list(_added(found, by, [each.name for each in kpi_indicators(model)]))
        assert len(added) > 20
        for name, parts, whole in added:
            # Sums of floats are each rounded once, so that their last digit may differ.
            exact = isinstance(whole, int)
            assert sum(parts) == (whole if exact else pytest.approx(whole, rel=1e-13)), (by, name)


def _added(found: Tally, by: str, names: list[str]):  # type: ignore[no-untyped-def]
    for at, name in enumerate(names):
        if why_not(name, by) is None and name not in (*QUANTILES, *LARGEST) and len(found.kpis[at]) == 1:
            yield name, [each[at][0] for each in found.groups[by].values()], found.kpis[at][0]


def test_one_group_that_has_all_has_the_figures_of_the_whole() -> None:
    result = fs.simulate(fs.load(COMPANY).change({"horizon": "18 mo"}), replications=2, by="segment")
    groups = result.groupings["segment"].groups
    assert list(groups) == ["mid"]
    assert groups["mid"] == {name: result.summary.kpis[name] for name in groups["mid"]}


def test_groups_are_what_a_count_by_hand_gives(company: Result) -> None:
    leads, start = company.records("leads"), company.model.warmup / 3.6e9
    table = company.by("segment")
    for segment, own in leads[leads.ended >= start].groupby("segment"):
        won = own[own.outcome == "won"]
        assert table.loc[(segment, "won"), "mean"] == len(won)
        assert table.loc[(segment, "bookings"), "mean"] == pytest.approx(won.booked.sum())
    customers, moves = company.records("customers"), company.records("moves")
    segment_of = customers.set_index("customer").segment
    churn = moves[(moves.kind == "churn") & (moves.time >= start)]
    lost = churn.groupby(churn.customer.map(segment_of)).amount.sum()
    assert table["mean"].xs("arr_churn", level="kpi").to_dict() == pytest.approx(lost.to_dict())
    ended = customers[customers.ended >= start].groupby("segment").size()
    assert table["mean"].xs("customers_lost", level="kpi").to_dict() == ended.to_dict()


def test_a_deal_belongs_to_the_seat_that_won_it(company: Result) -> None:
    visits, leads = company.records("visits"), company.records("leads")
    won = leads[(leads.outcome == "won") & (leads.ended >= company.model.warmup / 3.6e9)].set_index("lead")
    closing = visits[visits.stage.isin(["close", "upsell"]) & (visits.outcome == "advanced")]
    closing = closing[closing.lead.isin(won.index)].drop_duplicates("lead")
    seats = closing.rep.str.split(".").str[0]
    expected = closing.lead.map(won.booked).groupby(seats).sum()
    found = company.by("rep")["mean"].xs("bookings", level="kpi")
    assert found[found > 0].to_dict() == pytest.approx(expected.to_dict())


def test_what_has_no_meaning_for_a_group_says_why(company: Result) -> None:
    table = company.by("rep")
    assert "paid for all" in table.loc[("", "contribution"), "note"]
    assert "one after the other" in table.loc[("", "response_time"), "note"]
    divided = company.divided("rep")
    named = {*divided.why_not, *divided.groups["field_sales-1"]}
    assert named == {each.name for each in kpi_indicators(company.model)}


def test_records_that_are_kept_can_be_divided_afterwards(company: Result) -> None:
    later = company.by("territory")
    assert set(later.index.get_level_values(0)) == {"east", "west", ""}
    assert Divided.of(company.tallies, company.model, "segment") == company.divided("segment")


def test_groups_need_records_or_to_be_asked_for_before() -> None:
    desk = fs.load(COMPANY.with_stem("one_desk")).change({"horizon": "3 mo", "warmup": "0 d"})
    figures = fs.simulate(desk, replications=2, records=False, by="source")
    assert figures.by("source").loc[("web", "created"), "mean"] == figures.kpis.loc["created", "mean"]
    with pytest.raises(FunnelsimError, match="no records"):
        figures.by("segment")
    with pytest.raises(FunnelsimError, match="unknown grouping 'segmnt'; did you mean 'segment'"):
        fs.simulate(desk, replications=2, by="segmnt")
    with pytest.raises(FunnelsimError, match="this scenario has no territories"):
        fs.simulate(desk, replications=2, by="territory")


def test_the_catalogue_says_what_cannot_be_divided() -> None:
    told = fs.kpis(by="rep")["not_divided"]
    assert told["bookings"] == told["won_per_month"] == ""
    assert "paid for all" in told["contribution"]
    assert why_not("contribution_per_year", "segment") == why_not("contribution", "segment")
    assert "not_divided" not in fs.kpis().columns
    with pytest.raises(FunnelsimError, match="unknown grouping 'reps'; did you mean 'rep'"):
        fs.kpis(by="reps")
