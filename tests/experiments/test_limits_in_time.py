"""The momentary bottleneck: by hand, and in lines whose limit is known."""

from __future__ import annotations

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.experiments.diagnosis.limits_in_time import Weeks, active, momentary, shares, weeks


def flags(*rows: str) -> np.ndarray:
    """Teams as rows of days: ``#`` active, ``.`` not."""
    return np.array([[day == "#" for day in row] for row in rows]).T


def test_the_longest_active_period_is_the_limit() -> None:
    limit, shifting = momentary(flags("####....", "..###..."))
    assert limit.tolist() == [0, 0, 0, 0, 1, -1, -1, -1]
    # Both were active on the third and fourth day, while the limit passed from one to the other.
    assert np.flatnonzero(shifting).tolist() == [2, 3]


def test_without_overlap_nothing_shifts() -> None:
    limit, shifting = momentary(flags("##....", "...###"))
    assert limit.tolist() == [0, 0, -1, 1, 1, 1]
    assert not shifting.any()


def test_of_equals_the_first_named() -> None:
    assert momentary(flags("##", "##"))[0].tolist() == [0, 0]


def test_a_closed_day_is_like_the_day_before() -> None:
    busy = np.array([[8], [0], [4], [0]])
    open_ = np.array([[8], [0], [8], [0]])
    assert active(busy, open_)[:, 0].tolist() == [True, True, False, False]


def line(leads: int) -> fs.Scenario:
    """A line in which the second team can do 6 leads a day; the first fills its time with outbound contacts."""
    return fs.Scenario.from_dict(
        {
            "horizon": "60 d",
            "warmup": "4 d",
            "sources": {
                "web": {"every": f"{24 / leads} h"},
                "dials": {"team": "callers", "effort": "10 min", "yield": 0.001},
            },
            "teams": {
                "callers": {"headcount": 1, "queue": "fifo"},
                "closers": {"headcount": 1, "queue": "fifo"},
            },
            "stages": {
                "call": {"team": "callers", "effort": "1 h"},
                "close": {"team": "closers", "effort": "4 h"},
            },
        }
    )


@pytest.mark.parametrize(("leads", "share"), [(8, 1.0), (4, 0.0)])
def test_who_is_busy_with_filler_is_no_limit(leads: int, share: float) -> None:
    result = fs.simulate(line(leads), replications=1)
    found = shares([weeks(result.replicates[0], result.model)], result.model)
    assert found.teams["closers"] == share
    assert found.teams["callers"] == 0.0
    assert found.nobody == 1.0 - share
    assert len(found.timeline) == 8
    callers = result.summary.teams["callers"]
    assert callers["filler"].mean + callers["utilisation"].mean > 0.95


def test_shares_over_replications() -> None:
    model = fs.simulate(line(4), replications=1).model
    found = shares([Weeks((0, 0, -1, 1), 7, 28), Weeks((1, 1, 1, 1), 0, 28)], model)
    assert found.teams == {"callers": 0.25, "closers": 0.625}
    assert found.nobody == 0.125
    assert found.shifting == 0.125
    assert found.timeline == ("callers", "callers", None, "closers")
