"""Replications: how many are made, what they depend on, and what an interruption leaves."""

from __future__ import annotations

import math
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.engine import engines
from funnelsim.experiments.running import replications
from funnelsim.experiments.running.replications import FEWEST, relative_half_width
from funnelsim.experiments.statistics.precision import LOOK_AHEAD
from funnelsim.results.measures.summary import summarise, tally


def desk(horizon: str = "40 d", **changes: Any) -> fs.Scenario:
    """A desk with three reps and two leads an hour."""
    document = {
        "funnelsim": 1,
        "name": "desk",
        "horizon": horizon,
        "warmup": "5 d",
        "sources": {"web": {"rate": "2 / h"}},
        "teams": {"desk": {"headcount": 3, "queue": "fifo"}},
        "stages": {"serve": {"team": "desk", "effort": {"dist": "exponential", "mean": "1 h"}, "convert": 0.5}},
        **changes,
    }
    return fs.Scenario.from_dict(document)


def test_a_fixed_number_is_made() -> None:
    result = fs.simulate(desk(), replications=3)
    assert result.replications == 3
    assert [each.replication for each in result.replicates] == [0, 1, 2]
    assert result.version == fs.__version__
    assert result.engine == "compiled"


def test_at_least_ten_are_made_by_default() -> None:
    result = fs.simulate(desk(), precision=0.5)
    assert result.replications == FEWEST


def test_replications_go_on_until_the_precision_is_reached() -> None:
    """240 wins in 10 days are known to a cv of about 1 / sqrt(240) in each replication."""
    result = fs.simulate(desk("15 d"), precision=0.02)
    width = relative_half_width(result)
    assert width is not None
    assert width[0] == "won"
    assert width[1] <= 0.02
    assert FEWEST < result.replications <= replications.MOST
    assert not any("replications" in warning for warning in result.warnings)


def test_another_kpi_can_drive_the_number() -> None:
    by_wins = fs.simulate(desk("15 d"), precision=0.05)
    by_cycle = fs.simulate(desk("15 d"), precision=0.05, kpi="cycle_time")
    assert by_cycle.replications > by_wins.replications
    both = fs.simulate(desk("15 d"), precision=0.05, kpi=["won", "cycle_time"])
    assert both.replications == by_cycle.replications
    assert relative_half_width(both, ["won", "cycle_time"]) == relative_half_width(both, "cycle_time")


def test_intervals_stay_narrow_for_some_replications() -> None:
    """Narrow at ten by luck is not enough: so they are after each of the last replications."""
    result = fs.simulate(desk("15 d"), precision=0.03)
    model, tallies = result.model, [tally(each, result.model) for each in result.replicates]
    for count in range(result.replications - LOOK_AHEAD, result.replications + 1):
        won = summarise(tallies[:count], model).kpis["won"]
        assert won.mean
        assert won.high is not None
        assert won.high - won.mean <= 0.03 * won.mean


def test_a_precision_out_of_reach_is_given_up_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replications, "MOST", 12)
    result = fs.simulate(desk("6 d"), precision=0.0001)
    assert result.replications == 12
    assert any("won" in warning and "± 0.0%" in warning for warning in result.warnings)


def test_nothing_won_falls_back_on_what_is_lost() -> None:
    lost = desk(stages={"serve": {"team": "desk", "effort": "1 h", "convert": 0}})
    width = relative_half_width(fs.simulate(lost, replications=3))
    assert width is not None
    assert width[0] == "lost"


def test_no_leads_at_all_stop_at_ten() -> None:
    result = fs.simulate(desk(sources={"web": {"rate": "0 / h"}}))
    assert result.replications == FEWEST
    assert relative_half_width(result) is None


def test_results_do_not_depend_on_the_number_of_workers() -> None:
    """The same figures, though the precision decides how many replications are made."""
    alone = fs.simulate(desk("15 d"), precision=0.04, workers=1)
    together = fs.simulate(desk("15 d"), precision=0.04, workers=2)
    assert together.to_dict() == alone.to_dict()
    assert alone.replications > FEWEST


def test_seeds_differ() -> None:
    one, two = (fs.simulate(desk(), replications=2, seed=seed).to_dict()["kpis"] for seed in (1, 2))
    assert one["created"] != two["created"]


def test_progress_grows_to_the_number_planned() -> None:
    said: list[tuple[float, int]] = []
    fs.simulate(
        desk(), replications=2, engine="simpy", progress=lambda done, planned: said.append((done, planned))
    )
    done = [each for each, _ in said]
    assert done == sorted(done)
    assert said[-1] == (2, 2)
    assert any(not float(each).is_integer() for each in done)


@pytest.mark.parametrize("after", [1, 3])
def test_an_interruption_keeps_what_is_done(after: int) -> None:
    def stop(done: float, planned: int) -> None:
        if done >= after + 0.5:
            raise KeyboardInterrupt

    with pytest.raises(fs.Interrupted) as caught:
        fs.simulate(desk(), replications=9, progress=stop)
    kept = caught.value.result
    assert kept is not None
    assert kept.replications == caught.value.done == after
    whole = fs.simulate(desk(), replications=after)
    stopped, full = kept.to_dict(), whole.to_dict()
    stopped.pop("warnings"), full.pop("warnings")
    assert stopped == full
    assert any(f"stopped by the user after {after} of 9" in warning for warning in kept.warnings)


def test_an_interruption_before_the_first_replication_ends_keeps_nothing() -> None:
    def stop(done: float, planned: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(fs.Interrupted) as caught:
        fs.simulate(desk(), replications=2, progress=stop)
    assert caught.value.result is None


def test_an_interruption_ends_the_workers() -> None:
    import multiprocessing

    def stop(done: float, planned: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(fs.Interrupted):
        fs.simulate(desk(), replications=4, workers=2, progress=stop)
    for child in multiprocessing.active_children():
        child.join(timeout=20)
    assert multiprocessing.active_children() == []


def test_events_are_kept_on_request() -> None:
    with_events = fs.simulate(desk(), replications=1, events=True)
    without = fs.simulate(desk(), replications=1)
    assert len(with_events.records("events")) > 0
    with pytest.raises(fs.FunnelsimError, match="events"):
        without.records("events")
    assert with_events.to_dict() == without.to_dict()


def test_the_first_engine_is_the_default() -> None:
    assert engines.choose("auto") == engines.ENGINES[0][0]
    assert set(engines.NAMES) == {"auto", "simpy", "compiled"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"replications": 0}, "replications must be at least 1, but got 0"),
        ({"replications": -3}, "at least 1"),
        ({"precision": 0.0}, "precision must lie between 0 and 1"),
        ({"precision": math.nan}, "`precision` must be a number, found nan"),
        ({"seed": -1}, "seed must lie between 0"),
        ({"seed": 2**32}, "seed must lie between 0"),
        ({"workers": 0}, "workers must be at least 1"),
        ({"workers": 10**20}, "at most 1,000 workers are allowed"),
        ({"engine": "steam"}, "there is no engine 'steam'"),
        ({"kpi": "winnings"}, "unknown KPI 'winnings'"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(fs.FunnelsimError, match=message):
        fs.simulate(desk("6 d"), **options)


@pytest.mark.parametrize("workers", [1, 2])
def test_figures_do_not_depend_on_keeping_records(workers: int) -> None:
    kept = fs.simulate(desk(), replications=4)
    dropped = fs.simulate(desk(), replications=4, records=False, workers=workers)
    assert dropped.to_json() == kept.to_json()
    assert (dropped.verdict, dropped.warnings) == (kept.verdict, kept.warnings)


def test_records_that_were_not_kept_are_missed_with_a_word() -> None:
    result = fs.simulate(desk("10 d"), replications=1, records=False)
    with pytest.raises(fs.FunnelsimError, match="records=True"):
        result.records("visits")
    assert len(fs.simulate(desk("10 d"), replications=1, records=False, events=True).replicates) == 1
