"""Sensitivity: functions with known indices, and a desk whose answer is known."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from numpy.typing import NDArray

import funnelsim as fs
from funnelsim.experiments.statistics.effects import morris, sobol

DESK = """
funnelsim: 1
name: Desk
horizon: 30 d
sources: {web: {every: 6 h}}
teams: {desk: {headcount: 2, queue: fifo, cost: {salary: 10 / h}}}
stages: {serve: {team: desk, effort: 1 h}}
"""


def ishigami(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ishigami and Homma (1990) with a = 7, b = 0.1, on the unit cube."""
    angle = (2 * x - 1) * math.pi
    return np.sin(angle[:, 0]) + 7 * np.sin(angle[:, 1]) ** 2 + 0.1 * angle[:, 2] ** 4 * np.sin(angle[:, 0])


def test_sobol_indices_of_ishigami() -> None:
    found = sobol(ishigami, 3, 4096)
    assert [each.main for each in found] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert [each.other for each in found] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)
    for each, first, total in zip(found, (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437), strict=True):
        assert each.low - 0.01 <= first <= each.high + 0.01
        assert each.other_low is not None
        assert each.other_high is not None
        assert each.other_low - 0.01 <= total <= each.other_high + 0.01


def test_morris_effects_of_a_plane() -> None:
    pytest.importorskip("SALib")
    found = morris(lambda x: 3 * x[:, 0] - 2 * x[:, 1], 3, 8)
    assert [each.main for each in found] == pytest.approx([3, 2, 0], abs=1e-9)
    assert [each.other for each in found] == pytest.approx([0, 0, 0], abs=1e-9)


def test_morris_sees_interactions() -> None:
    pytest.importorskip("SALib")
    found = morris(ishigami, 3, 64)
    assert found[2].other > 1.0
    assert all(each.main > 1.0 for each in found)


@pytest.fixture(scope="module")
def desk() -> fs.Scenario:
    return fs.Scenario.from_text(DESK)


def test_cost_of_a_desk(desk: fs.Scenario) -> None:
    """Cost is headcount x salary: variances of a product of independent factors give the indices."""
    vary = {
        "teams.desk.cost.salary": {"from": "10 / h", "to": "20 / h"},
        "stages.serve.effort": {"from": "30 min", "to": "60 min"},
    }
    found = fs.sensitivity(desk, vary, kpi="cost", points=16, replications=1)
    assert list(found.table.index) == list(vary)
    assert found.table["total"].tolist() == pytest.approx([1.0, 0.0], abs=0.1)
    assert found.runs == 16 * 4
    assert found.unit == "USD"
    assert json.loads(found.to_json())["factors"]["stages.serve.effort"]["total"] == pytest.approx(0.0, abs=0.1)


def test_screening_a_desk(desk: fs.Scenario) -> None:
    pytest.importorskip("SALib")
    vary = {
        "teams.desk.headcount": {"from": 1, "to": 4},
        "stages.serve.effort": {"from": "30 min", "to": "60 min"},
    }
    found = fs.sensitivity(desk, vary, kpi="cycle_time", method="morris", points=4, replications=1)
    # Nobody ever waits, so the time is the effort and one range of it is half an hour.
    assert found.table["mu_star"].tolist() == pytest.approx([0.0, 0.5], abs=1e-6)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"points": 12}, "power of two"),
        ({"method": "guess"}, "method"),
        ({"kpi": "wonn"}, "won"),
        ({"replications": 0}, "replications"),
    ],
)
def test_mistakes(desk: fs.Scenario, options: dict[str, object], said: str) -> None:
    with pytest.raises(fs.FunnelsimError, match=said):
        fs.sensitivity(desk, {"stages.serve.effort": {"from": "1 h", "to": "2 h"}}, **options)  # type: ignore[arg-type]


def test_nothing_to_vary(desk: fs.Scenario) -> None:
    with pytest.raises(fs.FunnelsimError, match="nothing to vary"):
        fs.sensitivity(desk, {})
