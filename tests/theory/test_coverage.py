"""How often 95 % intervals hold where figures are skewed: the first 25 leads of a busy queue.

Law (Simulation Modeling and Analysis, 5th edition, section 9.4.1): the mean wait of the first 25 leads in an M/M/1
queue at a load of .9 that begins empty is 2.12; intervals from few replications cover it less often than they say.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from funnelsim.results.estimates import mean_of

LEADS, LOAD, EXACT = 25, 0.9, 2.12449
COVERAGE = ((5, 0.889), (10, 0.907), (20, 0.924), (40, 0.936))


def waits(rng: np.random.Generator, runs: int) -> NDArray[np.float64]:
    """The mean wait of the first leads in each run, by Lindley's recursion; leads arrive one an hour."""
    wait, total = np.zeros(runs), np.zeros(runs)
    for _ in range(LEADS - 1):
        wait = np.maximum(0.0, wait + rng.exponential(LOAD, runs) - rng.exponential(1.0, runs))
        total += wait
    return total / LEADS


@pytest.mark.parametrize(
    ("experiments", "within"), [(4000, 0.02), pytest.param(20_000, 0.01, marks=pytest.mark.slow)]
)
def test_intervals_of_the_first_leads_cover_less_than_they_say(experiments: int, within: float) -> None:
    rng = np.random.default_rng(1)
    for replications, expected in COVERAGE:
        rows = waits(rng, experiments * replications).reshape(experiments, replications)
        found = [mean_of(row, "h") for row in rows.tolist()]
        covered = np.mean([each.low <= EXACT <= each.high for each in found if each.low is not None and each.high])
        print(f"{replications} replications: {covered:.4f}, expected {expected}")
        assert covered == pytest.approx(expected, abs=within)


def test_the_exact_mean() -> None:
    means = waits(np.random.default_rng(2), 400_000)
    assert means.mean() == pytest.approx(EXACT, abs=4 * means.std() / np.sqrt(len(means)))
