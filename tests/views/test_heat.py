"""The heat map of a sweep: which estimate stands in which cell, and what is outlined."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.patches import Rectangle

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.views.pictures.heat import grid
from funnelsim.views.words import speaking

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> fs.SweepResult:
    desk = fs.load(ROOT / "scenarios" / "one_desk.yaml").change({"horizon": "2 mo", "warmup": "1 mo"})
    vary = {
        "teams.desk.headcount": [10, 2, 4],
        f"sources.{next(iter(desk.document['sources']))}.rate": ["12 / d", "8 / d"],
        "teams.desk.speed.mean": [1.0, 1.2],
    }
    return fs.sweep(fs.Study.of(desk, vary), out=tmp_path_factory.mktemp("s") / "s.db", replications=3)


def test_each_cell_is_the_estimate_of_its_point(swept: fs.SweepResult) -> None:
    found = grid(swept.readings, "won", None, None, None)
    assert (found.across, found.columns) == ("teams.desk.headcount", ("2", "4", "10"))
    assert found.rows == ("8 / d", "12 / d")
    assert found.held == "teams.desk.speed.mean 1.0"
    for each in swept.readings:
        people, rate, speed = each.point.factors.values()
        if speed == 1:
            assert found.cells[str(people), rate] is each.estimates["won"]
    assert len(found.cells) == 6


def test_what_is_not_told_apart_from_the_best_is_outlined(swept: fs.SweepResult) -> None:
    found = grid(swept.readings, "won", None, None, None)
    best = max(found.cells.values(), key=lambda each: each.mean or 0.0)
    overlap = [each for each in found.cells.values() if each.high >= best.low]  # type: ignore[operator]
    with speaking("en"):
        figure = swept.plot.heat("won")
    edges = [each.get_linewidth() for axes in figure.axes for each in axes.patches if isinstance(each, Rectangle)]
    assert edges.count(1.6) == len(overlap) < 6
    said = " ".join(each.get_text() for each in figure.axes[0].texts)
    assert "Shown for teams.desk.speed.mean 1.0." in said


def test_a_report_of_a_sweep_shows_it(swept: fs.SweepResult, tmp_path: Path) -> None:
    page = swept.report(tmp_path / "a.html").read_text("utf-8")
    assert "by two factors · One desk" in page
    one = fs.sweep(
        fs.Study.of(swept.study.base, {"teams.desk.headcount": [2, 3]}), out=tmp_path / "o.db", replications=2
    )
    assert "by two factors" not in one.report(tmp_path / "b.html").read_text("utf-8")


def test_what_cannot_be_a_heat_map_is_refused(swept: fs.SweepResult) -> None:
    with pytest.raises(FunnelsimError, match="two factors that vary, and here these do: teams"):
        swept.plot.heat(across="teams.desk.queue")
    with pytest.raises(FunnelsimError, match="no arm 'b'"):
        swept.plot.heat(arm="b")
    with pytest.raises(FunnelsimError, match="no point of this sweep has the KPI 'nothing'"):
        swept.plot.heat("nothing")
