"""Two looks at the changes of a step: how often they err, and which changes go on."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import stdtr

from funnelsim.experiments.comparison.judging import Finding
from funnelsim.experiments.diagnosis.racing import Looks, may_win
from funnelsim.experiments.diagnosis.throughput import Trial
from funnelsim.experiments.statistics.paired import Difference, Verdict
from funnelsim.results.estimates import Estimate


@pytest.mark.parametrize(("most", "counts"), [(2, (2,)), (5, (5,)), (6, (5, 6)), (10, (5, 10)), (41, (21, 41))])
def test_looks(most: int, counts: tuple[int, ...]) -> None:
    assert Looks(most).counts == counts


def test_one_look_has_all_of_the_error() -> None:
    assert Looks(3).level(0.05) == 0.05
    assert Looks(10).level(0.05) == 0.025


@pytest.mark.parametrize("shape", ["normal", "skewed"])
def test_false_alarms_of_both_looks_together(shape: str) -> None:
    """Differences between equals are found more or less at either look in at most 5 % of experiments."""
    random, looks, number = np.random.default_rng(1), Looks(10), 20_000
    pairs = random.standard_normal((2, number, 10))
    apart = np.subtract(*(pairs if shape == "normal" else np.exp(pairs)))
    alarm = np.zeros(number, dtype=bool)
    for count in looks.counts:
        seen = apart[:, :count]
        error = seen.std(axis=1, ddof=1) / np.sqrt(count)
        p_values = 2 * stdtr(count - 1, -np.abs(seen.mean(axis=1) / error))
        alarm |= p_values <= looks.level(0.05)
    assert alarm.mean() <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / number)


def trial(name: str, mean: float, half: float, verdict: Verdict) -> Trial:
    base = Estimate(10.0, 9.0, 11.0, "leads/month")
    found = Finding(
        name, "through", base, base, Difference(mean, 1.0, 4, 10.0, ""), mean - half, mean + half, 0.1, verdict
    )
    return Trial(name, {}, found, None, 0.0)


def test_what_goes_on() -> None:
    best = trial("best", 2.0, 1.0, Verdict.MORE)
    assert may_win([best, trial("may be more", 0.9, 0.3, Verdict.OPEN)]) == ["may be more"]
    assert may_win([best, trial("surely less than the best", 0.5, 0.4, Verdict.OPEN)]) == []
    assert may_win([trial("no gain that matters", 0.05, 3.0, Verdict.OPEN)]) == []
    assert may_win([trial("known", 0.5, 3.0, Verdict.SAME), trial("less", -2.0, 3.0, Verdict.LESS)]) == []
    assert may_win([trial("promising", 0.2, 3.0, Verdict.OPEN)]) == ["promising"]
