"""Runs over worlds: plain replications where inputs are certain; luck and not knowing where these are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import nbinom

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.running.replications import Interrupted

LINE: dict[str, Any] = {
    "name": "A desk",
    "horizon": "8 mo",
    "warmup": "1 mo",
    "start": "2026-01-05",
    "currency": "EUR",
    "calendars": {"office": {"days": "mon-fri", "hours": ["09:00-17:00"]}},
    "segments": {"all": {"value": {"dist": "lognormal", "median": 1000, "sigma": 0.5}}},
    "sources": {"web": {"rate": "40 / mo"}},
    "teams": {"desk": {"headcount": 2, "calendar": "office", "queue": "fifo", "cost": {"salary": "60_000 / y"}}},
    "stages": {
        "talk": {"team": "desk", "effort": {"dist": "exponential", "mean": "3 h"}, "convert": 0.4},
        "close": {"team": "desk", "effort": "1 h", "convert": 0.5},
    },
}
ROWS = [{"stages.talk.effort": {"dist": "exponential", "mean": f"{hours} h"}} for hours in (2, 3, 4, 5, 6, 7)]
CERTAIN: list[dict[str, Any]] = [{}, {"stages.talk.convert": 0.4}, {"sources.web.rate": {"multiply": 1}}]


def line() -> fs.Scenario:
    return fs.Scenario.from_dict(LINE)


def test_worlds_with_certain_inputs_are_the_plain_replications() -> None:
    plain = fs.simulate(line(), replications=9, by="source")
    found = fs.simulate(line(), inputs=[*CERTAIN, *CERTAIN, *CERTAIN], by="source")
    assert repr(found.tallies) == repr(plain.tallies)
    told, both = found.to_dict(), plain.to_dict()
    assert {key: told[key] for key in both} == both
    assert all(each.split is None or each.split.luck > 0 for each in found.doubts.values())
    assert not any(each.differs for each in found.doubts.values())


def test_neither_workers_nor_the_engine_move_a_figure() -> None:
    first = fs.simulate(line(), inputs=ROWS, worlds=4, pairs=2)
    for how in ({"workers": 2}, {"engine": "simpy"}):
        again = fs.simulate(line(), inputs=ROWS, worlds=4, pairs=2, **how)
        assert again.to_dict()["worlds"] == first.to_dict()["worlds"]


def test_world_w_is_draw_w_with_the_luck_of_replication_w() -> None:
    found = fs.simulate(line(), inputs=ROWS, pairs=0)
    assert found.worlds is not None
    for world, row in enumerate(ROWS):
        there = fs.simulate(fs.Scenario.from_dict(LINE).change(row), replications=world + 1)
        assert found.tallies[world].kpis == there.tallies[world].kpis
    assert found.worlds.guess == fs.simulate(line(), replications=6).tallies


def test_more_worlds_than_draws_go_round_with_new_luck() -> None:
    found = fs.simulate(line(), inputs=ROWS[:3], worlds=8, pairs=2)
    assert found.worlds is not None
    assert (found.replications, len(found.worlds.again)) == (8, 2)
    won = [tally.kpis[found_at(found)][0] for tally in found.tallies]
    means = [np.mean(won[row::3]) for row in range(3)]
    estimate = found.summary.kpis["won"]
    assert estimate.mean == pytest.approx(np.mean(means))
    half = 4.302652729911275 * np.std(means, ddof=1) / 3**0.5  # t with 2 degrees of freedom
    assert estimate.half == pytest.approx(half)
    assert list(estimate.outcomes) == won
    # World 8 would be row 2 with luck 8; the pairs are rows 0 and 1 with luck 8 and 9.
    again = fs.simulate(line().change(ROWS[0]), replications=9)
    assert found.worlds.again[0].kpis == again.tallies[8].kpis


def found_at(found: fs.Result) -> int:
    from funnelsim.results.measures.periods.per_period import every_kpi

    return every_kpi(found.model)["won"][0]


def test_luck_and_not_knowing_of_arrivals_whose_rate_is_gamma() -> None:
    """Leads of a Poisson process whose rate is drawn: the variance is the mean (luck) and that of the means."""
    worlds, days, shape, scale = 200, 60, 25, 0.2
    rates = np.random.default_rng(11).gamma(shape, scale, size=worlds)  # a day
    scenario = fs.Scenario.from_dict(
        {"horizon": f"{days} d", "sources": {"web": {"rate": "5 / d"}}, "stages": {"in": {"convert": 1}}}
    )
    rows = [{"sources.web.rate": f"{rate:.9g} / d"} for rate in rates]
    doubt = fs.simulate(scenario, inputs=rows, pairs=worlds).doubts["created"]
    means = days * rates
    luck, inputs = float(means.mean()), float(means.var(ddof=1))
    assert doubt.estimate.mean is not None
    assert abs(doubt.estimate.mean - means.mean()) / (luck / worlds) ** 0.5 < 3.5
    assert doubt.split is not None
    share = luck / (luck + inputs)
    # The share is a quotient of variances with as many degrees of freedom as worlds, which share the first runs.
    assert abs(doubt.split.luck - share) / (share * (2 / worlds) ** 0.5) < 3.5
    assert doubt.split.low < share < doubt.split.high
    # A Poisson count whose mean is gamma is negative binomial.
    law = nbinom(shape, 1 / (1 + scale * days))
    assert doubt.range == pytest.approx((law.ppf(0.025), law.ppf(0.975)), rel=0.08)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"worlds": 5}, "has none; name a file of draws"),
        ({"worlds": 5, "inputs": "none"}, "has none; name a file of draws"),
        ({"pairs": 5}, "give --worlds too"),
        ({"inputs": ROWS, "replications": 5}, "does not go with worlds"),
        ({"inputs": ROWS, "precision": 0.1}, "does not go with worlds"),
        ({"inputs": ROWS, "events": True}, "does not go with worlds"),
        ({"inputs": ROWS[:1]}, "at least 2, but got 1"),
        ({"inputs": ROWS, "pairs": 7}, "between 0 and the 6 worlds"),
        ({"inputs": []}, "there are no draws"),
        ({"inputs": ROWS, "worlds": 9, "by": "source"}, "at most as many worlds as draws"),
        ({"inputs": [{"stages.tlak.effort": "1 h"}] * 2}, "did you mean stages.talk.effort"),
        ({"inputs": "draws.yaml"}, "ends in .csv"),
    ],
)
def test_what_cannot_be_meant_is_refused(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(FunnelsimError, match=said):
        fs.simulate(line(), **asked)


def test_a_draw_that_does_not_go_with_what_is_laid_over_the_file() -> None:
    arm = line().change({"stages.talk.convert": {"add": 0.3}})
    with pytest.raises(FunnelsimError, match=r"world 1, row 2 of the inputs: .*stages\.talk\.convert"):
        fs.simulate(arm, inputs=[{}, {"stages.talk.convert": 0.9}])


def test_what_looks_into_single_runs_is_refused() -> None:
    found = fs.simulate(line(), inputs=ROWS, worlds=3)
    for ask in (lambda: found.records("leads"), lambda: found.lead("web-1"), lambda: found.plot.hours()):
        with pytest.raises(FunnelsimError, match="without worlds"):
            ask()
    with pytest.raises(FunnelsimError, match="each of worlds is of another scenario"):
        found.target("won", 3, by="2026-06-01")
    assert found.target("won", 3).reach.runs == 3
    assert set(found.plot.all()) == {"line", "funnel"}


def test_a_run_that_is_stopped_has_the_worlds_that_were_done() -> None:
    with pytest.raises(Interrupted) as stopped:
        fs.simulate(line(), inputs=ROWS, progress=lambda done, planned: done < 7)
    kept = stopped.value.result
    assert kept is not None
    assert kept.worlds is not None
    assert kept.replications == kept.worlds.how.worlds == len(kept.worlds.guess) > 2


def test_a_plain_run_of_a_file_with_draws_says_that_it_does_not_use_them(tmp_path: Path) -> None:
    (tmp_path / "d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    file = tmp_path / "line.yaml"
    file.write_text(json.dumps({**LINE, "uncertain": {"table": "d.jsonl"}}), encoding="utf-8")
    found = fs.simulate(fs.load(file), replications=2)
    assert repr(found.tallies) == repr(fs.simulate(line(), replications=2).tallies)
    assert any("the file names 6 draws" in text for text in found.warnings)
    assert not any("draws" in text for text in fs.simulate(fs.load(file), replications=2, inputs="none").warnings)
    over = fs.simulate(fs.load(file), worlds=3)
    assert over.to_dict()["worlds"]["paths"] == ["stages.talk.effort"]
    assert not any("draws" in text for text in over.warnings)


def arms() -> dict[str, fs.Scenario]:
    return {"today": line(), "one more": line().change({"teams.desk.headcount": {"add": 1}})}


def test_a_comparison_over_worlds_is_paired_by_draw_and_luck() -> None:
    found = fs.compare(arms(), kpis=["won", "cycle_time"], inputs=ROWS, pairs=4)
    for name, arm in zip(arms(), found.arms, strict=True):
        alone = fs.simulate(arms()[name], inputs=ROWS, pairs=4)
        assert arm.tallies == alone.tallies
        assert arm.over is not None
        assert alone.worlds is not None
        assert (arm.over.again, arm.over.guess) == (alone.worlds.again, alone.worlds.guess)
    (won, _) = found.findings
    own = [[each.kpis[found_at(alone)][0] for each in arm.tallies] for arm in found.arms]
    apart = np.subtract(own[1], own[0])
    assert won.difference.mean == pytest.approx(apart.mean())
    assert won.difference.error == pytest.approx(apart.std(ddof=1) / 6**0.5)
    told = found.to_dict()["worlds"]["differences"]["one more"]["won"]
    plain = fs.compare(arms(), kpis=["won", "cycle_time"], replications=6)
    assert told["best_guess"]["mean"] == plain.findings[0].difference.mean
    again = [[each.kpis[found_at(alone)][0] for each in arm.over.again] for arm in found.arms if arm.over]
    luck = np.mean(np.square(apart[:4] - np.subtract(again[1], again[0]))) / 2 / apart.var(ddof=1)
    assert told["split"]["luck"] == pytest.approx(min(1.0, luck))


def test_a_comparison_with_certain_inputs_is_the_plain_one() -> None:
    plain = fs.compare(arms(), replications=5, by="source").to_dict()
    found = fs.compare(arms(), inputs=[*CERTAIN, *CERTAIN], worlds=5, by="source").to_dict()
    assert {key: found[key] for key in plain} == plain


def test_a_comparison_that_goes_round_has_intervals_over_draws() -> None:
    found = fs.compare(arms(), kpis=["won"], inputs=ROWS[:3], worlds=9, pairs=3)
    assert found.findings[0].difference.replications == 3
    assert found.replications == 9
    own = [
        [each.kpis[found_at(fs.simulate(line(), replications=1))][0] for each in arm.tallies] for arm in found.arms
    ]
    apart = np.subtract(own[1], own[0]).reshape(3, 3).mean(axis=0)
    assert found.findings[0].difference.error == pytest.approx(apart.std(ddof=1) / 3**0.5)


def test_what_an_arm_sets_outright_is_said() -> None:
    fixed = line().change({"stages.talk.effort": "3 h"})
    scaled = line().change({"stages.talk.effort": {"multiply": 2}})
    found = fs.compare({"today": line(), "fixed": fixed, "scaled": scaled}, kpis=["won"], inputs=ROWS, worlds=3)
    said = [text for text in found.warnings if "outright" in text]
    assert len(said) == 1
    assert said[0].startswith("fixed: stages.talk.effort: what is laid over the file sets it outright")
    assert [text for text in fs.simulate(fixed, inputs=ROWS, worlds=2).warnings if "outright" in text]


def test_what_a_comparison_over_worlds_does_not_tell() -> None:
    found = fs.compare(arms(), kpis=["won"], inputs=ROWS, worlds=3)
    for ask in (found.fates, found.causes, lambda: found.replay("film.html")):
        with pytest.raises(FunnelsimError, match="of a comparison over worlds are not told"):
            ask()
    with pytest.raises(FunnelsimError, match="each of worlds is of another scenario"):
        fs.compare(arms(), kpis=["won"], inputs=ROWS, targets={"won": 3}, until="2026-06-01")
    one, other = ({**LINE, "uncertain": {"table": rows}} for rows in (ROWS, ROWS[:2]))
    files = {"one": fs.Scenario.from_dict(one), "other": fs.Scenario.from_dict(other)}
    with pytest.raises(FunnelsimError, match="one and other name different draws"):
        fs.compare(files, worlds=3)
    assert fs.compare(files, worlds=3, inputs=ROWS).replications == 3
