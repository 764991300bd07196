"""Every shipped study is right, and what it predicts can be run."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import funnelsim as fs
from funnelsim.experiments.study import designs
from funnelsim.scenario.language.texts import LANGUAGES

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


LIBRARY = [path for path in SHIPPED if path.stem[1:3].isdigit()]
"""The studies of the fourteen questions."""


@cache
def page_of_studies() -> ModuleType:
    spec = importlib.util.spec_from_file_location("page_of_studies", FOLDER.parent / "docs" / "studies.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_there_are_fourteen() -> None:
    assert [int(path.stem[1:3]) for path in LIBRARY] == list(range(1, 15))


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_a_question_has_a_flip_and_every_arm_runs(path: Path) -> None:
    study = fs.load_study(path)
    flips = [each for each in study.spec.predicts if each.flip]
    assert flips
    if path.stem < "s08":  # a flip turns a row: the same figure of the same change, without the condition
        assert all(page_of_studies().turned_by(study, each) is not None for each in flips)
    assert len(flips) < len(study.spec.predicts)
    for each in study.spec.predicts:
        assert set(each.because) == set(LANGUAGES)
    for texts in (study.spec.question, study.spec.description):
        assert not texts or set(texts) == set(LANGUAGES)
    for arm in study.arms:
        made = fs.simulate(study.scenario(arm, {}).change({"warmup": "1 mo", "horizon": "8 mo"}), replications=1)
        assert made.kpis.loc["created", "mean"] > 0


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_a_question_can_be_asked_of_another_line(path: Path) -> None:
    """One whose stages and teams are called otherwise, in another currency; or what it lacks is said."""
    lacks = {"s13_nurture": "there is no 'web' in sources"}
    other = fs.load(FOLDER.parent / "scenarios" / "japan.yaml")
    if path.stem in lacks:
        with pytest.raises(fs.ScenarioError, match=lacks[path.stem]):
            fs.study(path.stem, on=other)
    else:
        study = fs.study(path.stem, on=other)
        assert len(study.arms) >= len(fs.load_study(path).arms)


def test_the_page_of_studies_is_up_to_date() -> None:
    """If not: ``python docs/studies.py``."""
    made = page_of_studies()
    assert made.PAGE.read_text(encoding="utf-8") == made.page(made.figures())


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_figures_are_of_the_study_as_it_is(path: Path) -> None:
    """If not: ``python docs/studies.py NAME``."""
    made = page_of_studies()
    assert made.figures()[path.stem]["digest"] == made.prints(path)


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
    """But for those of which the study says why they do not, in its description."""
    found = fs.verify(path)
    failed = [each for each in found.predictions if not each.holds]
    told = str(fs.load_study(path).spec.description.get("en", ""))
    unexplained = [str(each) for each in failed if f"{each.prediction.arm}:" not in told]
    assert not unexplained, found.verdict
