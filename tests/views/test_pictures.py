"""Pictures are drawn without a warning, and nothing in them overlaps or is cut off."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from lines import ALL, company, one_desk
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

import funnelsim as fs
from funnelsim.views.pictures import funnel as funnel_picture
from funnelsim.views.pictures import line as line_picture
from funnelsim.views.pictures import style
from funnelsim.views.pictures.facts import WAYS, Line

PICTURES = (line_picture.draw, funnel_picture.draw)


def texts(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_text().strip()]


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """The places of all texts, in pixels, less a margin for what fonts leave blank."""
    return [(text.get_text(), text.get_window_extent().padded(-1.5)) for text in texts(figure)]


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
@pytest.mark.parametrize("draw", PICTURES, ids=["line", "funnel"])
def test_texts_neither_overlap_nor_leave_the_picture(
    make: Callable[[], Line], draw: Callable[[Line], Figure]
) -> None:
    figure = draw(make())
    places = boxes(figure)
    overlapping = [(a, b) for (a, first), (b, second) in combinations(places, 2) if first.overlaps(second)]
    assert overlapping == []
    outside = [text for text, box in places if not figure.bbox.contains(box.x0, box.y0)]
    outside += [text for text, box in places if not figure.bbox.contains(box.x1, box.y1)]
    assert outside == []


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
@pytest.mark.parametrize("draw", PICTURES, ids=["line", "funnel"])
def test_pictures_can_be_saved_without_a_warning(make: Callable[[], Line], draw: Callable[[Line], Figure]) -> None:
    picture = io.BytesIO()
    draw(make()).savefig(picture, format="png")
    assert picture.getvalue().startswith(b"\x89PNG")


def test_station_texts_stay_inside_their_station() -> None:
    figure = line_picture.draw(ALL[3]())
    names = [text for text in texts(figure) if text.get_text().startswith("Stage ")]
    assert len(names) == 20
    for text in names:
        box = text.axes.transData.inverted().transform(text.get_window_extent())
        assert box[1, 0] - box[0, 0] <= line_picture.WIDTH - 0.2


def test_notebooks_show_pictures_without_pyplot() -> None:
    figure = line_picture.draw(one_desk())
    assert figure._repr_png_().startswith(b"\x89PNG")  # type: ignore[attr-defined]


def test_characters_without_a_font_are_replaced() -> None:
    assert style.drawable("a\U000f0000b\nc") == f"a{style.MISSING}b\nc"


def test_dollar_signs_are_dollar_signs() -> None:
    line = one_desk()
    named = Line("$5 and $6 deals", line.stations, line.aside, line.crews, line.won, line.verdict)
    assert "$5 and $6 deals" in [text.get_text() for text in texts(line_picture.draw(named))]


def test_the_limit_is_marked_on_its_team_and_its_stations_alone() -> None:
    figure = line_picture.draw(company())
    red = [text.get_text() for text in texts(figure) if text.get_color() == style.LIMIT]
    assert "96 %: the limit" in red
    assert all(text == "96 %: the limit" or text.endswith("waiting") for text in red)
    assert len(red) == 1 + sum(station.team == 1 and station.queue >= 0.05 for station in company().stations)


def test_the_bars_of_the_funnel_agree_with_its_percentages() -> None:
    figure = funnel_picture.draw(company())
    bars = [each for each in figure.axes[0].patches if each.get_height() == funnel_picture.BAR]  # type: ignore[attr-defined]
    first = [each.get_width() for each in bars[: len(WAYS)]]  # type: ignore[attr-defined]
    assert first[0] == pytest.approx(0.6 * sum(first))
    assert "60 %" in [text.get_text() for text in texts(figure)]


@pytest.mark.parametrize(
    ("text", "width", "lines", "expected"),
    [
        ("propose", 5.0, 1, "propose"),
        ("one two three", 0.9, 2, "one two\nthree"),
        ("one two three four five", 0.9, 2, "one two\nthree four…"),
        ("契約書", 0.3, 3, "契約\n書"),
        ("", 1.0, 2, ""),
    ],
)
def test_fit_breaks_and_cuts(text: str, width: float, lines: int, expected: str) -> None:
    assert style.fit(text, width, 10, lines) == expected


@pytest.mark.parametrize(("count", "rows"), [(0, [0]), (1, [1]), (7, [4, 3]), (10, [5, 5]), (20, [5] * 4)])
def test_balanced_rows(count: int, rows: list[int]) -> None:
    assert style.balanced(count, 6) == rows


def test_japanese_is_drawable_on_a_machine_without_fonts() -> None:
    """Pip installs a font with the package, so that no machine needs one of its own."""
    code = (
        "from matplotlib import font_manager as f; "
        "f.fontManager.ttflist = [font for font in f.fontManager.ttflist if 'DejaVu' in font.name]; "
        "from funnelsim.views.pictures import style; "
        "from matplotlib.figure import Figure; "
        "figure = Figure(); "
        "figure.text(0, 0, '受注', weight='bold', fontfamily=list(style.font_family())); "
        "figure.savefig(__import__('io').BytesIO()); "
        "print(style.drawable('受注を先に・フィールドセールス ￥'))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert (said.stdout.strip(), said.stderr) == ("受注を先に・フィールドセールス ￥", "")


LONG = """
name: 長い名前の会社
currency: JPY
horizon: 4 mo
warmup: 1 mo
sources: {ウェブ問い合わせと資料請求: {rate: 36 / d}}
segments: {大企業のお客様: {share: 1, value: 2_000_000}}
teams:
  インサイドセールス第一グループ: {headcount: 1, queue: fifo, cost: {salary: 5_000_000 / y}}
  フィールドセールス関東エリア担当: {headcount: 2, queue: fifo, cost: {salary: 7_000_000 / y}}
  フィールドセールス関西エリア担当: {headcount: 1, queue: fifo, cost: {salary: 7_000_000 / y}}
  法務コンプライアンス審査チーム: {headcount: 1, queue: fifo, cost: {salary: 8_000_000 / y}}
stages:
  初回架電: {team: インサイドセールス第一グループ, effort: 0.6 h, convert: 0.5}
  提案書作成: {team: フィールドセールス関東エリア担当, effort: 2.5 h, convert: 0.5}
  見積書作成: {team: フィールドセールス関西エリア担当, effort: 2.5 h}
  契約: {team: 法務コンプライアンス審査チーム, effort: 2.5 h, convert: 0.8}
"""


def test_long_names_are_whole_in_the_legend_of_a_diagnosis() -> None:
    diagnosis = fs.diagnose(fs.Scenario.from_text(LONG), replications=4)
    figure = diagnosis.plot.steps()
    limits = [name for name, share in diagnosis.place.time.teams.items() if share > 0]
    assert len(limits) > 2
    said = [text for text in texts(figure) if text.get_text().endswith(" %")]
    for name in limits:
        assert any(text.get_text().startswith(name) for text in said)
    assert all(text.get_window_extent().x1 <= figure.bbox.x1 for text in texts(figure))


def test_figures_below_a_panel_stay_inside_it() -> None:
    today = fs.Scenario.from_text(LONG)
    more = today.change({"teams.フィールドセールス関東エリア担当.headcount": {"add": 1}})
    kpis = ["bookings", "cycle_time", "won", "contribution"]
    figure = fs.compare({"today": today, "一人増やす": more}, kpis=kpis, replications=3).plot.differences()
    figure.draw_without_rendering()
    _, *panels = figure.axes
    assert len(panels) == len(kpis)
    for axes in panels:
        labels = [label for label in axes.get_xticklabels() if label.get_text()]
        assert labels
        places = [label.get_window_extent() for label in labels]
        assert all(axes.bbox.x0 - 4 <= place.x0 and place.x1 <= axes.bbox.x1 + 4 for place in places)
        assert not any(a.overlaps(b) for a, b in combinations(places, 2))


def test_names_of_factors_and_levels_are_drawn_in_any_script(tmp_path: Path) -> None:
    """A character without a font is a warning, which is an error here; dollars are no formulas."""
    today = fs.Scenario.from_text(LONG)
    vary = {
        "teams.フィールドセールス関東エリア担当.headcount": {"levels": {"$2人": 2, "$3人": 3}},
        "sources.ウェブ問い合わせと資料請求.rate": ["30 / d", "36 / d"],
    }
    study = fs.Study.of(today, vary, arms={"一人増やす": {"teams.*.headcount": {"add": 1}}})
    swept = fs.sweep(study, out=tmp_path / "s.db", replications=2)
    figure = swept.plot.effects()
    figure.savefig(io.BytesIO(), format="png")
    assert {"$2人", "$3人"} <= {text.get_text() for text in texts(figure)}
