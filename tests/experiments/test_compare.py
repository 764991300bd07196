"""Comparing scenarios: what is found, when it stops, and what is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

import funnelsim as fs
from funnelsim.experiments.comparison.judging import judge
from funnelsim.experiments.comparison.result import Comparison
from funnelsim.experiments.comparison.stopping_rules import Decided, Fixed, Precise
from funnelsim.experiments.running.arms import Arm, Arms, side_by_side
from funnelsim.experiments.running.laboratory import Sampling
from funnelsim.experiments.statistics.paired import Verdict
from funnelsim.experiments.study.question import LESS_IS_BETTER, less_is_better, question
from funnelsim.model.compile import compile_model
from funnelsim.results.measures.kpis import kpi_indicators
from funnelsim.scenario.reading import library
from funnelsim.views.sentences import matrix
from funnelsim.views.sentences.comparison import label, labels, reason

DESK = """
funnelsim: 1
name: Sales desk
horizon: 60 d
warmup: 10 d
segments: {mid: {value: 1_000}}
gross_margin: 0.8
sources: {web: {rate: 8 / d}}
teams: {desk: {headcount: 2, queue: fifo, cost: {salary: 36_525 / y}}}
stages:
  serve: {team: desk, effort: {dist: exponential, mean: 5 h}, convert: 0.5, books: true}
"""


@pytest.fixture(scope="module")
def desk() -> fs.Scenario:
    return fs.Scenario.from_text(DESK)


@pytest.fixture(scope="module")
def arms(desk: fs.Scenario) -> dict[str, fs.Scenario]:
    return {
        "today": desk,
        "more": desk.change({"teams.desk.headcount": {"add": 1}}),
        "same": desk,
        "dear": desk.change({"teams.desk.cost.salary": {"multiply": 1.5}}),
    }


@pytest.fixture(scope="module")
def compared(arms: dict[str, fs.Scenario]) -> Comparison:
    return fs.compare(arms, kpis=["won", "cost", "cycle_time"], replications=12, targets={"won": 180})


def verdicts(comparison: Comparison) -> dict[tuple[str, str], Verdict]:
    return {(each.arm, each.kpi): each.verdict for each in comparison.findings}


def test_a_matrix_says_what_the_single_tables_say() -> None:
    desk = fs.load(library.template("one_desk")).change({"horizon": "2 mo", "warmup": "1 mo"})
    more, less = (desk.change({"teams.desk.headcount": number}) for number in (4, 2))
    found = fs.compare({"desk": desk, "4": more, "2": less}, kpis=["won", "cycle_time"], replications=4)
    assert list(found.matrix.index) == ["won", "cycle_time"]
    assert list(found.matrix.columns) == ["4", "2"]
    assert found.matrix.loc["cycle_time", "4"] == "less"
    for each, (_, *cells) in zip(found.question.kpis, matrix.rows(found), strict=True):
        for arm, cell in zip(("4", "2"), cells, strict=True):
            (finding,) = (one for one in found.findings if (one.kpi, one.arm) == (each, arm))
            assert cell.split()[0] == matrix.SIGNS[finding.verdict]


def test_verdicts(compared: Comparison) -> None:
    found = verdicts(compared)
    assert found["more", "cycle_time"] is Verdict.LESS
    assert found["more", "cost"] is Verdict.MORE
    assert {found["same", kpi] for kpi in compared.question.kpis} == {Verdict.SAME}
    assert found["dear", "cost"] is Verdict.MORE
    assert found["dear", "won"] is Verdict.STEADY


def test_equals_differ_by_exactly_nothing(compared: Comparison) -> None:
    assert all(each.difference.identical for each in compared.findings if each.arm == "same")
    assert "same: the same in every replication." in compared.sentences


def test_what_no_replication_shows_is_not_ruled_out(compared: Comparison) -> None:
    said = next(text for text in compared.sentences if text.startswith("dear: "))
    assert said.startswith("dear: equal won in all 12 replications; more cost")
    assert any("in up to 22 % of them may not have been seen" in text for text in compared.sentences)
    leaf = compared.to_dict()["differences"]["dear"]["won"]
    assert (leaf["mean"], leaf["low"], leaf["high"]) == (0.0, None, None)
    assert leaf["verdict"] == "the same in every replication"


def test_figures_without_chance_need_no_interval(compared: Comparison) -> None:
    """A third rep costs 36,525 a year, or 5,000 in 50 days, in every replication."""
    row = compared.table.loc["cost", "more"]
    assert row["mean"] == pytest.approx(5000)
    assert row[["low", "high"]].isna().all()
    assert row["verdict"] == "more"
    assert any(
        "more cost over 50 days, +USD 5,000 (+50 %), by as much in every" in text for text in compared.sentences
    )
    assert row["unit"] == "USD"
    assert row["base"] == pytest.approx(10_000)
    assert row["share"] == pytest.approx(0.5)


def test_arms_are_those_of_simulate(arms: dict[str, fs.Scenario], compared: Comparison) -> None:
    alone = fs.simulate(arms["more"], replications=12).to_dict()["kpis"]["cycle_time"]
    assert compared.to_dict()["arms"]["more"]["kpis"]["cycle_time"] == alone


def test_the_best(compared: Comparison) -> None:
    best = compared.best
    assert list(best.index) == ["today", "more", "same", "dear"]
    assert best.loc["more", "cycle_time"] > 0.99
    assert best.loc["more", "cost"] == 0
    assert best.loc[["today", "same"], "cost"].tolist() == [0.5, 0.5]
    assert best.sum().tolist() == pytest.approx([1, 1, 1])


def test_targets(compared: Comparison) -> None:
    table = compared.targets
    figures = compared.base.figures("won")
    hits = sum(figure is not None and figure >= 180 for figure in figures)
    assert table.loc[("won >= 180", "today"), "probability"] == hits / 12
    assert (table["low"] <= table["probability"]).all()
    assert any(
        text.startswith(f"today reaches at least 180 (won) in {hits} of 12 runs") for text in compared.sentences
    )


def test_money_that_adds_up_says_over_which_time(compared: Comparison) -> None:
    """A difference in money means nothing without its period; one of leads, of hours or at a moment has none."""
    called = labels(compared)
    assert called["cost"].startswith("Cost over ")
    assert called["cost"].split()[-1] in ("days", "months")
    assert any("cost over " in text for text in compared.sentences)
    assert (called["won"], called["cycle_time"]) == ("Won", "Cycle time")
    assert label(compared.base, "weighted_pipeline") == "Weighted pipeline"


def test_the_document_is_json_and_complete(compared: Comparison) -> None:
    document = json.loads(compared.to_json())
    assert document["replications"] == 12
    assert set(document["differences"]) == {"more", "same", "dear"}
    leaf = document["differences"]["more"]["cycle_time"]
    assert set(leaf) == {"mean", "low", "high", "unit", "share", "does_not_matter", "verdict"}
    assert leaf["low"] < leaf["mean"] < leaf["high"] < 0
    assert document["best"]["cost"]["is"] == "least"
    assert document["targets"][0]["at_least"] == 180
    assert document["verdict"] == list(compared.sentences)


def test_it_shows_itself(compared: Comparison) -> None:
    compared.plot.differences().canvas.draw()
    page = compared._repr_html_()
    assert page.index("less cycle time") < page.index("<img") < page.index("<table")
    assert "more cost over 50 days, +USD 5,000 (+50 %), by as much in every replication" in compared.verdict
    assert "less cycle time" in compared.verdict
    assert repr(compared).startswith("<Comparison of 4 scenarios: 12 replications, seed 1, engine ")


def test_it_stops_once_all_is_decided(arms: dict[str, fs.Scenario]) -> None:
    found = fs.compare({name: arms[name] for name in ("today", "more")}, kpis=["cycle_time"])
    assert verdicts(found) == {("more", "cycle_time"): Verdict.LESS}
    assert found.replications in Decided().looks
    assert "Lan and DeMets" in found.method


def test_looking_several_times_costs_some_width(compared: Comparison) -> None:
    arms = compared.arms
    once = judge(arms, compared.question, Fixed(12).level(12))
    often = judge(arms, compared.question, Decided().level(12))
    for one, other in zip(once, often, strict=True):
        assert (one.low is None) == (other.low is None)
        if one.low is not None and other.low is not None:
            assert other.low < one.low or one.difference.exact


def test_what_decided_is_named(arms: dict[str, fs.Scenario]) -> None:
    """Last in, first out leaves the mean time as it is, which no four replications can tell."""
    running = side_by_side(
        {"today": arms["today"], "lifo": arms["today"].change({"teams.desk.queue": "lifo"})}, Sampling()
    )
    running.extend(4)
    rule = Decided(first=2, most=4)
    sharp = question(running.arms, ["cost", "cycle_time"], None, 0.0, None)
    still = rule.drove(running.arms, sharp)
    assert still is not None
    assert reason(still) == "Still open after 4 replications: cycle_time of 'lifo'."
    # What matters is more than the four can have missed, and less than three could.
    found = judge(running.arms, sharp, rule.level(4))[1]
    assert found.low is not None
    assert found.high is not None
    zone = 1.001 * max(-found.low, found.high)
    blunt = question(running.arms, ["cost", "cycle_time"], None, {"cycle_time": zone}, None)
    assert rule.next(running.arms, blunt) == 4
    last = rule.drove(running.arms, blunt)
    assert last is not None
    assert reason(last) == "The number of replications was decided by cycle_time of 'lifo'."


def test_precision_is_on_all_kpis(arms: dict[str, fs.Scenario]) -> None:
    pair = {name: arms[name] for name in ("today", "more")}
    found = fs.compare(pair, kpis=["won", "cycle_time"], precision=0.15)
    assert found.replications >= 10
    for each in found.findings:
        assert each.low is not None
        assert each.high is not None
        assert (each.high - each.low) / 2 <= 0.15 * (each.base.mean or 0)
    assert found.drove.startswith("The number of replications was decided by the least precise KPI: cycle_time")
    hard = Precise(0.0001, most=12)
    assert hard.next(found.arms[:2], found.question) == found.replications or found.replications < 12
    missed = hard.drove(found.arms, found.question)
    assert missed is not None
    assert "0.01 % was asked for" in reason(missed)


def test_indifference_by_kpi(compared: Comparison) -> None:
    wide = question(compared.arms, ["won", "cost"], None, {"won": 500, "cost": "60%"}, None)
    found = {(each.arm, each.kpi): each for each in judge(compared.arms, wide)}
    assert found["more", "won"].zone == 500
    assert found["more", "cost"].zone == pytest.approx(6000)
    assert found["more", "cost"].verdict is Verdict.SAME
    none = question(compared.arms, ["won"], None, 0.0, None)
    assert judge(compared.arms, none)[0].zone == 0


def test_another_base(arms: dict[str, fs.Scenario]) -> None:
    found = fs.compare(arms, kpis=["cost"], base="more", replications=2)
    assert found.table.loc[("cost", "today"), "mean"] == pytest.approx(-5000)
    assert [each.arm for each in found.findings] == ["today", "same", "dear"]


def test_main_kpis_are_those_there_are(desk: fs.Scenario) -> None:
    found = fs.compare({"a": desk, "b": desk}, replications=2)
    assert found.question.kpis == ("won", "bookings", "contribution")
    poor = desk.change({"segments": None, "teams.desk.cost": None})
    assert fs.compare({"a": poor, "b": poor}, replications=2).question.kpis == ("won",)


def test_workers_change_nothing(arms: dict[str, fs.Scenario]) -> None:
    pair = {name: arms[name] for name in ("today", "more")}
    one, two = (fs.compare(pair, replications=4, workers=workers) for workers in (1, 2))
    assert one.to_dict() == two.to_dict()
    with ThreadPoolExecutor(2) as executor:
        assert fs.compare(pair, replications=4, executor=executor).to_dict() == one.to_dict()


def test_a_single_replication_has_no_intervals(arms: dict[str, fs.Scenario]) -> None:
    found = fs.compare(arms, kpis=["won"], replications=1)
    assert {each.low for each in found.findings} == {None}
    assert "a single replication has no interval" in found.verdict
    found.plot.differences().canvas.draw()
    json.loads(found.to_json())


def test_progress_counts_all_arms(arms: dict[str, fs.Scenario]) -> None:
    seen: list[tuple[float, int]] = []
    fs.compare(arms, replications=2, progress=lambda done, planned: seen.append((done, planned)))
    assert seen[-1] == (8, 8)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_an_interruption_keeps_the_replications_that_all_arms_have(arms: dict[str, fs.Scenario]) -> None:
    def stop_at(number: int) -> fs.ComparisonInterrupted:
        def progress(done: float, planned: int) -> None:
            if done >= number:
                raise KeyboardInterrupt

        with pytest.raises(fs.ComparisonInterrupted) as stopped:
            fs.compare(arms, kpis=["won", "cost"], progress=progress)
        return stopped.value

    stopped = stop_at(14)  # four arms: three replications of each, and two more
    assert stopped.done == 3
    assert stopped.comparison is not None
    assert stopped.comparison.replications == 3
    assert "stopped by the user after 3 replications of each scenario" in stopped.comparison.warnings
    assert stop_at(5).comparison is None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"kpis": ["wonn"]}, "unknown KPI 'wonn'; did you mean 'won'?"),
        ({"base": "twodays"}, "unknown scenario 'twodays'"),
        ({"replications": 0}, "replications must be at least 1"),
        ({"precision": 2.0}, "precision must lie between 0 and 1"),
        ({"precision": 0.1, "replications": 5}, "either replications or a precision"),
        ({"indifference": 1.5}, "indifference must be a share"),
        ({"indifference": {"won": "5"}}, "8 / mo or 100 USD, found '5'; write 5"),
        ({"indifference": {"won": -1}}, "is not below 0"),
        ({"targets": {"won": "=> 300"}}, "'=> 300' is not a target"),
        ({"targets": {"cost": "cheap"}}, "'cheap' is not a target"),
        ({"targets": {"profit": 3}}, "unknown KPI 'profit'"),
        ({"workers": 0}, "workers must be at least 1"),
        ({"workers": 10**20}, "at most 1,000 workers are allowed"),
        ({"engine": "turbo"}, "there is no engine 'turbo'"),
    ],
)
def test_mistakes_are_told_before_anything_runs(
    arms: dict[str, fs.Scenario], options: dict[str, object], said: str
) -> None:
    def progress(done: float, planned: int) -> None:
        raise AssertionError("something ran")

    with pytest.raises(fs.FunnelsimError, match=".*".join(map(_escaped, said.split("...")))):
        fs.compare(arms, progress=progress, **options)  # type: ignore[arg-type]


def _escaped(text: str) -> str:
    import re

    return re.escape(text)


def test_one_scenario_is_no_comparison(desk: fs.Scenario) -> None:
    with pytest.raises(fs.FunnelsimError, match="at least two scenarios, but got 1"):
        fs.compare({"today": desk})


def test_other_currencies_cannot_be_compared(desk: fs.Scenario) -> None:
    arms = {"here": desk, "there": desk.change({"currency": "JPY"})}
    with pytest.raises(
        fs.FunnelsimError, match="bookings cannot be compared: it is in USD in 'here' and JPY in 'there'"
    ):
        fs.compare(arms, kpis=["bookings"], replications=2)


def test_other_lengths_are_warned_of(desk: fs.Scenario) -> None:
    arms = {"long": desk, "short": desk.change({"horizon": "30 d"})}
    assert any("count over different times" in text for text in fs.compare(arms, replications=2).warnings)


def test_few_replications_of_skewed_figures_are_warned_of(compared: Comparison) -> None:
    few = tuple(replace(arm, tallies=arm.tallies[:3]) for arm in compared.arms)
    asked = question(few, ["won"], None, None, None)
    by_hand = Comparison(few, asked, Fixed(3), 1, "simpy", "0", ())
    skewed = [each for each in by_hand.warnings if "are skewed" in each]
    assert bool(skewed) == any(
        _third_moment(each.figure.residuals, each.base.residuals) > 0.35 * 3**0.5 for each in by_hand.findings
    )


def _third_moment(arm: tuple[float, ...], base: tuple[float, ...]) -> float:
    from scipy.stats import skew

    apart = [up - down for up, down in zip(arm, base, strict=True)]
    return 0.0 if len(set(apart)) == 1 else abs(float(skew(apart)))


def test_which_kpis_are_better_low_are_kpis() -> None:
    model = compile_model(fs.load(library.template("mid_market")))
    names = {each.name for each in kpi_indicators(model)}
    assert names >= LESS_IS_BETTER
    assert less_is_better("cost_per_win")
    assert less_is_better("lost_no_show")
    assert not less_is_better("won")


# --- equals in law ------------------------------------------------------------------------------------------


def alike(desk: fs.Scenario, number: int) -> fs.Scenario:
    """The same desk with other random numbers: its stage has another key."""
    return desk.change({"horizon": "20 d", "warmup": "0 d", "stages.serve.key": f"serve {number}"})


@pytest.mark.parametrize("experiments", [6, pytest.param(150, marks=pytest.mark.slow)])
def test_equals_in_law_are_rarely_found_different(desk: fs.Scenario, experiments: int) -> None:
    """Among 150 comparisons of equals a false "more" or "less" in at most 5 %, and what chance adds to that."""
    alarms = 0
    for number in range(experiments):
        pair = {"one": alike(desk, 2 * number), "other": alike(desk, 2 * number + 1)}
        running = Arms({name: compile_model(each) for name, each in pair.items()}, Sampling(engine="simpy"))
        alarms += _decided_wrongly(running, Decided(first=5, most=20))
    print(f"{alarms} false alarms in {experiments}")
    assert alarms <= 0.05 * experiments + 3 * (0.05 * 0.95 * experiments) ** 0.5


def _decided_wrongly(running: Arms, rule: Decided) -> bool:
    wanted = rule.first
    while True:
        running.extend(wanted)
        arms: tuple[Arm, ...] = running.arms
        asked = question(arms, ["won", "cycle_time"], None, 0.0, None)
        wanted = rule.next(arms, asked)
        if wanted <= arms[0].replications:
            found: Mapping[str, Verdict] = {
                each.kpi: each.verdict for each in judge(arms, asked, rule.level(arms[0].replications))
            }
            return bool({Verdict.MORE, Verdict.LESS} & set(found.values()))
