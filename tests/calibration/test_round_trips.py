"""Round trips: firms whose truth is known, exported as a CRM would, calibrated, and forecast from the cut.

They take some minutes: ``python -m pytest tests/calibration/test_round_trips.py -m slow -s`` prints the figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from calibration.exporting import export
from calibration.truths import CUT, RECORDED, firm
from funnelsim.calibration.fitting.fit import Fit, calibrate
from funnelsim.calibration.testing.backtest import DRAWS, Backtest, backtest
from funnelsim.calibration.testing.scores import bounds, crps

ASSUMED: dict[str, Any] = {
    "effort": {"qualify": "75 min", "discover": "90 min", "propose": "150 min", "close": "120 min"},
    "selling_share": {"sdr": 0.6, "ae": 0.6},
    "calendar": {"days": "mon-fri", "hours": ["09:00-12:00", "13:00-18:00"]},
}
SETS = 24
TRUTH = {
    "sources.web.dispersion": 2.8,
    "segments.small.value": 9000.0,
    "segments.large.value": 40000.0,
    "stages.propose.convert": 0.5,
    "stages.close.convert": 0.75,
    "stages.qualify.decision.advanced": 4.0,
    "stages.qualify.decision.lost": 9.0,
    "stages.discover.decision.advanced": 8.0,
    "stages.propose.decision.advanced": 14.0,
    "stages.propose.decision.lost": 25.0,
    "stages.close.decision.advanced": 10.0,
    "stages.close.decision.lost": 18.0,
    "teams.sdr.skill": 0.35,
    "teams.ae.skill": 0.35,
}
"""Numbers that one interval is told of; the medians of lognormal laws and the means of gamma laws."""

FORECASTS = 16


def _hits(fit: Fit) -> Iterator[tuple[str, bool, float]]:
    """By number: whether its interval holds the truth, and how far the estimate is off as a share."""
    for number in fit.numbers:
        truth = TRUTH.get(number.dotted)
        if (
            truth is not None
            and number.low is not None
            and number.high is not None
            and number.estimate is not None
        ):
            yield number.dotted, number.low <= truth <= number.high, number.estimate / truth - 1


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    found: dict[str, list[tuple[bool, float]]] = {}
    for seed in range(1, SETS + 1):
        history = export(firm(), start=RECORDED, end=CUT, seed=seed, level=2)
        for name, hit, off in _hits(calibrate(history, ASSUMED)):
            found.setdefault(name, []).append((hit, off))
    hits = sum(hit for rows in found.values() for hit, _ in rows)
    total = sum(map(len, found.values()))
    for name, rows in found.items():
        bias = float(np.mean([off for _, off in rows]))
        print(f"{name}: {sum(hit for hit, _ in rows)} of {len(rows)}, bias {bias:+.1%}")
    print(f"together {hits} of {total}: {hits / total:.1%}")
    assert 0.92 <= hits / total <= 0.98
    assert all(sum(hit for hit, _ in rows) >= 0.75 * len(rows) for rows in found.values())
    for name, rows in found.items():
        most = 0.15 if name.endswith("skill") else 0.03
        assert abs(np.mean([off for _, off in rows])) <= most, name


@pytest.mark.slow
def test_forecasts_are_sharper_than_simple_methods_and_their_ranges_hold() -> None:
    scores: dict[tuple[str, str], list[float]] = {}
    held: dict[str, int] = {}
    for seed in range(1, FORECASTS + 1):
        end = CUT + 182.625
        history = export(firm(horizon="37 mo"), start=RECORDED, end=end, seed=100 + seed, level=2)
        found = backtest(history, ASSUMED, cuts=1, every="6 mo", kpis=("won",), draws=40, seed=seed)
        _collect(found, scores, held)
    for (horizon, method), each in scores.items():
        print(f"{horizon} {method}: CRPS {np.mean(each):.2f} over {len(each)}")
    print(f"95 % ranges held {held} of {FORECASTS}")
    assert all(count >= 13 for count in held.values())
    assert sum(held.values()) >= 41
    for horizon in held:
        mine = np.mean(scores[horizon, DRAWS])
        for method in ("smoothing", "last_period"):
            if (horizon, method) in scores:
                assert mine < np.mean(scores[horizon, method]), (horizon, method)


def _collect(found: Backtest, scores: dict[tuple[str, str], list[float]], held: dict[str, int]) -> None:
    for horizon in found.horizons:
        for method in (DRAWS, "smoothing", "last_period"):
            for case in found.of("won", horizon, method):
                scores.setdefault((horizon, method), []).append(crps(case.ensemble, case.outcome))
                if method == DRAWS:
                    low, high = bounds(case.ensemble, 0.95)
                    held[horizon] = held.get(horizon, 0) + (low <= case.outcome <= high)
