"""Designs: which points a study has."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.experiments.study import designs


def desk() -> fs.Scenario:
    return fs.Scenario.from_dict(
        {
            "funnelsim": 1,
            "name": "desk",
            "horizon": "2 d",
            "sources": {"web": {"rate": "2 / h"}},
            "teams": {"desk": {"headcount": 3, "queue": "fifo"}},
            "stages": {"serve": {"team": "desk", "effort": "20 min", "convert": 0.5}},
        }
    )


def study(vary: dict[str, Any], **more: Any) -> fs.Study:
    return fs.Study.of(desk(), vary, **more)


def test_a_grid_has_every_combination_with_every_arm_arms_last() -> None:
    made = study(
        {"teams.desk.headcount": [2, 3], "stages.serve.convert": [0.1, 0.2, 0.3]},
        arms={"slow": {"stages.serve.effort": "1 h"}},
    )
    points = list(designs.points(made))
    assert designs.count(made) == len(points) == 12
    expected = itertools.product([2, 3], [0.1, 0.2, 0.3], ["base", "slow"])
    assert [(*point.at.values(), point.arm) for point in points] == list(expected)


def test_a_latin_hypercube_has_one_point_in_each_slice_of_each_factor() -> None:
    made = study(
        {"stages.serve.convert": {"from": 0, "to": 1}, "stages.serve.effort": {"from": "0 min", "to": "100 min"}},
        design={"lhs": 50},
    )
    points = list(designs.points(made, seed=3))
    assert designs.count(made) == len(points) == 50
    shares = sorted(point.at["stages.serve.convert"] for point in points)
    assert [int(share * 50) for share in shares] == list(range(50))
    efforts = sorted(float(point.at["stages.serve.effort"].split()[0]) for point in points)
    assert [int(effort / 2) for effort in efforts] == list(range(50))


@pytest.mark.parametrize("kind", ["lhs", "sobol"])
def test_samples_depend_on_the_seed_only(kind: str) -> None:
    made = study({"stages.serve.convert": {"from": 0, "to": 1}}, design={kind: 16})
    one, same, other = (list(designs.points(made, seed)) for seed in (1, 1, 2))
    assert one == same
    assert one != other


@pytest.mark.parametrize("size", [8, 256])
def test_sobol_points_are_balanced(size: int) -> None:
    """A shifted Sobol sequence has one point in each slice of each factor, and a fourth in each quarter."""
    cube = np.array(list(designs.sobol(size, 3, seed=5)))
    assert cube.shape == (size, 3)
    for column in cube.T:
        assert sorted((column * size).astype(int)) == list(range(size))
    quarters = (cube[:, 0] * 2).astype(int) * 2 + (cube[:, 1] * 2).astype(int)
    assert np.bincount(quarters).tolist() == [size // 4] * 4


def test_sobol_points_of_many_blocks_are_those_of_one() -> None:
    whole = list(designs.sobol(2 * designs.BLOCK, 2, seed=1))
    assert whole[: designs.BLOCK] == list(designs.sobol(designs.BLOCK, 2, seed=1))
    assert len(set(whole)) == 2 * designs.BLOCK


def test_a_table_gives_its_rows_to_the_arm_named_or_to_all(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("arm,teams.desk.headcount\nslow,2\n,3\n")
    base = desk()
    made = fs.Study.of(
        fs.Scenario.from_dict(base.document, tmp_path),
        arms={"slow": {"stages.serve.effort": "1 h"}},
        design={"table": "points.csv"},
    )
    points = [(point.arm, point.at) for point in designs.points(made)]
    key = "teams.desk.headcount"
    assert points == [("slow", {key: 2}), ("base", {key: 3}), ("slow", {key: 3})]
    assert designs.count(made) == 3
