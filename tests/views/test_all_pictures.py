"""No text of any picture overlaps another or is cut, in English and Japanese, at 600 and 1,200 pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import funnelsim as fs
from funnelsim.views.words import LANGUAGES, speaking

EVERYTHING = """
name: 関東関西統合営業本部 法人向けクラウド事業の受注ライン（長い名前の会社）
currency: JPY
start: 2026-04-01
horizon: 5 mo
warmup: 1 mo
sources: {ウェブ問い合わせと資料請求: {rate: 12 / d}}
segments: {大企業のお客様: {share: 1, value: 2_000_000}}
territories: {東日本エリアおよび北海道: 0.6, 西日本エリアと九州・沖縄: 0.4}
customers: {team: カスタマーサクセス部門全体, churn: 10 % / y}
teams:
  インサイドセールス第一グループ: {headcount: 1, queue: fifo, cost: {salary: 5_000_000 / y}}
  フィールドセールス関東エリア担当:
    headcount: 2
    queue: fifo
    cost: {salary: 7_000_000 / y}
    quota: {amount: 90_000_000, period: month}
  カスタマーサクセス部門全体: {headcount: 1, queue: fifo, cost: {salary: 6_000_000 / y}}
stages:
  初回架電とヒアリングの日程調整: {team: インサイドセールス第一グループ, effort: 0.6 h, convert: 0.5, handoff: {delay: 4 h}}
  提案書と見積書の作成および社内審査: {team: フィールドセールス関東エリア担当, effort: 2.5 h, convert: 0.5}
  契約条件の交渉と法務部門の確認: {team: フィールドセールス関東エリア担当, effort: 1 h, convert: 0.8, books: true, decision: {advanced: 6 d, lost: 9 d}}
  導入支援: {team: カスタマーサクセス部門全体, effort: 3 h}
"""  # noqa: E501

EXPORT = Path(__file__).parents[2] / "examples" / "crm"

ADDED = "teams.フィールドセールス関東エリア担当.headcount"


@cache
def today() -> fs.Scenario:
    return fs.Scenario.from_text(EVERYTHING)


@cache
def arms() -> dict[str, fs.Scenario]:
    return {
        "いまのまま": today(),
        "フィールドセールス関東エリア担当を一人増員": today().change({ADDED: {"add": 1}}),
        "all work a tenth faster by a weekly training of everybody": today().change(
            {"stages.*.effort": {"multiply": 0.9}}
        ),
    }


@cache
def run() -> fs.Result:
    return fs.simulate(today(), replications=3)


MARKED = {
    "stages.提案書と見積書の作成および社内審査.handoff": {"delay": "2 d", "dropout": 0.1, "joint": "30 min"},
    "stages.契約条件の交渉と法務部門の確認.with": {"team": "カスタマーサクセス部門全体", "touches": "last"},
}
LEVER = """
lever: {name}
title:
  en: A change whose title is longer than any line of the picture has room for and goes on and on to its very end
  ja: 図のどの行にも入りきらないほど長い題名をもつ変更で、横幅をどれだけ広くとっても最後まで表示できないもの、というつもりのレバーの題名
question: What does it give?
change: {change}
"""  # noqa: E501
LEVERS = {
    "quicker": "{'stages.*.effort': {multiply: 0.9}}",
    "more_leads": "{'sources.*.rate': {multiply: 1.1}}",
    "one_more": "{'teams.*.headcount': {add: 1}}",
}


@cache
def marked() -> fs.Result:
    folder = Path(mkdtemp())
    for name, change in LEVERS.items():
        (folder / f"{name}.yaml").write_text(LEVER.format(name=name, change=change), encoding="utf-8")
    levers = [str(folder / f"{name}.yaml") for name in LEVERS]
    return fs.simulate(today().change(MARKED).with_levers(*levers), replications=2)


@cache
def compared() -> fs.Comparison:
    return fs.compare(arms(), kpis=["won", "bookings", "cycle_time", "win_rate"], replications=3)


@cache
def chosen() -> fs.Choice:
    return fs.choose(arms(), "bookings", fs.Budget(18))


@cache
def diagnosed() -> fs.Diagnosis:
    return fs.diagnose(today(), replications=2)


@cache
def swept() -> fs.SweepResult:
    vary = {ADDED: [1, 2, 3], "sources.ウェブ問い合わせと資料請求.rate": ["10 / d", "14 / d"]}
    study = fs.Study.of(
        today(), vary, arms={"一人増やす": {"teams.インサイドセールス第一グループ.headcount": {"add": 1}}}
    )
    return fs.sweep(study, out=Path(mkdtemp()) / "s.db", replications=1)


@cache
def best() -> fs.Optimum:
    """Of points with long names."""
    found = {ADDED: [1, 2], "teams.インサイドセールス第一グループ.headcount": [1, 2]}
    budget, out = "30_000_000 / y", Path(mkdtemp()) / "o.db"
    return fs.optimise(today(), found, maximise="won", budget=budget, indifference="20 %", out=out, workers=1)


@cache
def sensitive() -> fs.Sensitivity:
    vary = {ADDED: [1, 2, 3], "sources.ウェブ問い合わせと資料請求.rate": {"from": "10 / d", "to": "14 / d"}}
    return fs.sensitivity(today(), vary, points=2, replications=1)


@cache
def warm() -> Any:
    return fs.suggest_warmup(run())


@cache
def calibrated() -> fs.Fit:
    """With long names of stages."""
    history = fs.read_history([EXPORT / "deal_stages.csv", EXPORT / "deals.csv"])
    names = (
        "初回架電とヒアリングの日程調整",
        "提案書と見積書の作成および社内審査",
        "契約条件の交渉と法務部門の確認",
    )
    return fs.calibrate(replace(history, stages=names))


@cache
def backtest() -> fs.Backtest:
    return fs.backtest(calibrated().history, cuts=2, horizons=("1 mo",), draws=2)


@cache
def ahead() -> fs.Result:
    return fs.simulate(calibrated().scenario.change({"horizon": "6 mo", "currency": "JPY"}), replications=3)


PICTURES: dict[str, Callable[..., Figure]] = {
    "line": lambda **lang: run().plot.line(**lang),
    "line_with_marks": lambda **lang: marked().plot.line(**lang),
    "funnel": lambda **lang: run().plot.funnel(**lang),
    "queues": lambda **lang: run().plot.queues(**lang),
    "work_in_progress": lambda **lang: run().plot.work_in_progress(**lang),
    "utilisation": lambda **lang: run().plot.utilisation(**lang),
    "hours": lambda **lang: run().plot.hours(**lang),
    "bookings": lambda **lang: run().plot.bookings(**lang),
    "ageing": lambda **lang: run().plot.ageing(**lang),
    "cycle": lambda **lang: run().plot.cycle(**lang),
    "arr_bridge": lambda **lang: run().plot.arr_bridge(**lang),
    "reps": lambda **lang: run().plot.reps(**lang),
    "territories": lambda **lang: run().plot.territories(**lang),
    "differences": lambda **lang: compared().plot.differences(**lang),
    "fates": lambda **lang: compared().fates().plot.flows("フィールドセールス関東エリア担当を一人増員", **lang),
    "outcomes": lambda **lang: run().target("bookings", "50M JPY", by="2026-07-31").plot.outcomes(**lang),
    "outcomes_at_most": lambda **lang: run().target("cycle_time", "<= 3 d").plot.outcomes(**lang),
    "causes": lambda **lang: compared().causes().plot.waterfall(kpi="bookings", **lang),
    "forecast": lambda **lang: ahead().plot.forecast(**lang),
    "forecast_cumulated": lambda **lang: ahead().plot.forecast("won", cumulated=True, **lang),
    "fit_stages": lambda **lang: calibrated().plot.stages(**lang),
    "fit_conversion": lambda **lang: calibrated().plot.conversion(**lang),
    "fit_arrivals": lambda **lang: calibrated().plot.arrivals(**lang),
    "fans": lambda **lang: backtest().plot.fans("bookings", **lang),
    "life": lambda **lang: (
        run().lead("ウェブ問い合わせと資料請求-26").plot(run().lead("ウェブ問い合わせと資料請求-26"), **lang)
    ),
    "choice": lambda **lang: chosen().plot.arms(**lang),
    "steps": lambda **lang: diagnosed().plot.steps(**lang),
    "tornado": lambda **lang: diagnosed().plot.tornado(**lang),
    "sweep": lambda **lang: swept().plot.effects(**lang),
    "heat": lambda **lang: swept().plot.heat(**lang),
    "heat_of_many": lambda **lang: swept().plot.heat(
        "bookings", across="sources.ウェブ問い合わせと資料請求.rate", arm="一人増やす", **lang
    ),
    "frontier": lambda **lang: best().plot.frontier(**lang),
    "points": lambda **lang: best().plot.points(**lang),
    "indices": lambda **lang: sensitive().plot.indices(**lang),
    "mser": lambda **lang: warm().plot.mser(**lang),
    "welch": lambda **lang: warm().plot.welch(**lang),
}


def faults(figure: Figure, pixels: int) -> list[tuple[str, ...]]:
    """Texts that overlap, and those that reach out of a picture of so many pixels of width."""
    figure.set_dpi(pixels / float(figure.get_size_inches()[0]))
    figure.canvas.draw()
    shown = [each for each in figure.findobj(Text) if isinstance(each, Text) and each.get_visible()]
    places = [(each.get_text(), each.get_window_extent()) for each in shown if each.get_text().strip()]
    inner = [(text, place.padded(-1.0)) for text, place in places]
    found: list[tuple[str, ...]] = [
        (one, other) for (one, a), (other, b) in combinations(inner, 2) if a.overlaps(b)
    ]
    return found + [
        (text,)
        for text, place in inner
        if place.x0 < 0 or place.y0 < 0 or place.x1 > figure.bbox.x1 or place.y1 > figure.bbox.y1
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PICTURES)
def test_no_text_overlaps_another_or_is_cut(name: str, lang: str) -> None:
    with speaking(lang):
        figure = PICTURES[name]()
        assert {pixels: faults(figure, pixels) for pixels in (600, 1200)} == {600: [], 1200: []}


def texts(figure: Figure) -> list[str]:
    figure.canvas.draw()
    return [each.get_text() for each in figure.findobj(Text) if isinstance(each, Text) and each.get_visible()]


@pytest.mark.parametrize("name", PICTURES)
def test_each_picture_takes_a_language(name: str) -> None:
    with speaking("ja"):
        expected = texts(PICTURES[name]())
    with speaking("en"):
        assert texts(PICTURES[name](lang="ja")) == expected
        assert texts(PICTURES[name]()) != expected


def test_the_line_tells_handoffs_touches_of_two_teams_and_levers() -> None:
    said = " ".join(texts(PICTURES["line_with_marks"](lang="en")))
    own = marked().summary.stages["提案書と見積書の作成および社内審査"]
    share = (own["dropped"].mean or 0) / (own["entered"].mean or 1)
    assert f"handoff in person: {(own['handoff'].mean or 0) / 24:.1f} d" in said
    assert f"{100 * share:.0f} % lost on the way" in said
    assert "last touch with" in said
    assert [number for number in "123" if said.count(f" {number} ") < 2] == []  # in the legend and on the line
    said = " ".join(texts(PICTURES["line"](lang="en")))
    assert "handoff: " not in said.replace("handoff: at once", "")
    assert "touch with" not in said


def test_all_pictures_of_a_result_take_a_language() -> None:
    with speaking("en"):
        for name, draw in run().plot.all(lang="ja").items():
            assert texts(draw()) == texts(PICTURES[name](lang="ja"))


def test_the_axis_of_a_sweep_is_called_as_people_call_the_kpi() -> None:
    with speaking("ja"):
        found = texts(PICTURES["sweep"]())
    assert "受注件数" in found
    assert "won" not in found


def test_each_picture_of_a_result_is_here() -> None:
    assert set(run().plot.all()) <= set(PICTURES)


def test_a_picture_can_be_drawn_into_a_panel_of_ones_own() -> None:
    figure = Figure(figsize=(8, 3))
    left, right = figure.subplots(1, 2)
    assert run().plot.queues(left, lang="ja") is left
    assert run().plot.cycle(right) is right
    assert left.get_title(loc="left") == "各チームの待ち件数"
    figure.savefig(Path(mkdtemp()) / "own.png")
