"""Every shipped study is right, and what it predicts can be run."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.experiments.study import designs

FOLDER = Path(__file__).parents[2] / "studies"
SHIPPED = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_reads_and_every_point_is_a_scenario(path: Path) -> None:
    study = fs.load_study(path)
    assert study.name == path.stem
    assert study.spec.question
    assert study.spec.predicts
    points = list(designs.points(study))
    assert len(points) == designs.count(study)
    # Arms stay apart at every point: a factor must not undo the change of an arm.
    for at in {str(point.at): point.at for point in points}.values():
        prints = {study.scenario(arm, at).fingerprint for arm in study.arms}
        assert len(prints) == len(study.arms)


def test_one_more_rep_flips() -> None:
    """The prediction that one more in field sales pays, and its flip, with few replications."""
    study = fs.load_study(FOLDER / "one_more_rep.yaml")
    found = fs.verify(study, replications=3)
    held = {
        (str(each.prediction.arm), each.prediction.expect, str(each.prediction.at)): each
        for each in found.predictions
    }
    limit = held["one more FS", "up", "{'teams.field_sales.headcount': {'add': -1}}"]
    idle = held["one more FS", "same", "{'teams.field_sales.headcount': {'add': 1}}"]
    assert limit.holds
    assert limit.share is not None
    assert idle.share is not None
    assert limit.share > 0.1
    assert abs(idle.share) < 0.02
    assert not any(each.holds is False for each in found.predictions)


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_predictions_hold(path: Path) -> None:
    found = fs.verify(path)
    assert found.holds, found.verdict
