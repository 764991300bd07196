"""Reports: what is in them, in both languages, and that nothing of the user runs or breaks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.asking.beforehand import ask_beforehand
from funnelsim.text import visible
from funnelsim.views.report import making, printed
from funnelsim.views.report import page as report_page
from funnelsim.views.report.blocks import Text
from funnelsim.views.report.given import Given
from funnelsim.views.report.sections import SECTIONS
from funnelsim.views.report.stored import Stored
from funnelsim.views.words import numbers, say, speaking
from views.pages import Page, read

openpyxl = pytest.importorskip("openpyxl")

ROOT = Path(__file__).parents[2]
SHORT = {"horizon": "3 mo", "warmup": "1 mo"}

HOSTILE = (
    "<script>window.ran = 1</script>",
    "</script><script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 1'>",
    "</title><svg onload=window.ran=1>",
    "\"><a href='javascript:window.ran=1'>",
    "' onmouseover='window.ran=1",
    "</style><style>*{display:none}",
    "<!-- ",
    "--> ]]> <![CDATA[",
    '=HYPERLINK("http://example.invalid")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "a\u202egnp.exe",
    "\u2066left\u2069\u200f",
    "bell\u0007 and \u001b[31mred",
    "zero\u0000\u0008width\u200b",
    "&lt;b&gt; &amp;amp; &#x3c;",
    "{0} {name} %s $math$ \\frac{1}{2}",
    "長い名前" * 60,
)


@pytest.fixture(scope="module")
def desk() -> fs.Scenario:
    return fs.load(ROOT / "scenarios" / "one_desk.yaml").change(SHORT)


@pytest.fixture(scope="module")
def result(desk: fs.Scenario) -> fs.Result:
    return fs.simulate(desk, replications=9, seed=1)


@pytest.fixture(scope="module")
def comparison(desk: fs.Scenario) -> fs.Comparison:
    return fs.compare(
        {"today": desk, "one more": desk.change({"teams.desk.headcount": {"add": 1}})}, replications=9
    )


def heads(page: Page) -> set[str]:
    """Sections that there are."""
    return {name for name in page.ids if name in {section.name for section in SECTIONS}}


# --- what is in them ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_run_is_told_whole_and_needs_no_script(result: fs.Result, lang: str, tmp_path: Path) -> None:
    page = read(result.report(tmp_path / "run.html", lang=lang))
    assert page.language == lang
    assert "script-src 'none'" in page.policy
    assert page.tags["script"] == 0
    assert heads(page) == {
        "answer", "cases", "line", "places", "months", "sure", "assumptions", "figures", "definitions",
        "stress", "provenance",
    }  # fmt: skip
    with speaking(lang):
        assert numbers.estimate(result.summary.kpis["won"].to_dict()) in page.text
    assert result.model.fingerprint in page.text


def test_a_picture_has_title_description_and_no_style_of_its_own(result: fs.Result, tmp_path: Path) -> None:
    page = read(result.report(tmp_path / "run.html", only=["line", "months"]))
    assert page.tags["svg"] == page.tags["desc"] == 4
    assert page.tags["style"] == 1


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_comparison_tells_its_differences(comparison: fs.Comparison, lang: str, tmp_path: Path) -> None:
    page = read(comparison.report(tmp_path / "compared.html", lang=lang, title="Two desks"))
    assert {"answer", "cases", "line", "differences"} <= heads(page)
    assert "months" not in heads(page)
    assert "Two desks" in page.text
    with speaking(lang):
        for each in comparison.findings:
            assert numbers.signed(each.difference.mean or 0.0, each.base.unit) in page.text


def test_only_some_sections(result: fs.Result, tmp_path: Path) -> None:
    assert heads(read(result.report(tmp_path / "some.html", only=["answer", "places"]))) == {"answer", "places"}
    with pytest.raises(FunnelsimError, match=r"--only lines: .*did you mean 'line'"):
        result.report(tmp_path / "none.html", only=["lines"])
    with pytest.raises(FunnelsimError, match="has none of these sections"):
        result.report(tmp_path / "none.html", only=["differences"])


def test_a_report_is_an_html_file(result: fs.Result, tmp_path: Path) -> None:
    with pytest.raises(FunnelsimError, match=r"give a name that ends in \.html"):
        result.report(tmp_path / "report.pdf")


def test_months_add_up_to_the_figures(desk: fs.Scenario) -> None:
    """All whole months from the warm-up to the horizon: what is won in them is what is won."""
    from funnelsim.views.report.sections.months import by_month

    whole = fs.simulate(desk.change({"start": "2026-04-01", "horizon": "275 d", "warmup": "30 d"}), replications=2)
    months = by_month(whole)
    assert [day.month for day in months.days] == list(range(5, 13))
    for name in ("created", "won"):
        assert sum(each.mean or 0.0 for each in months.columns[name]) == pytest.approx(
            whole.summary.kpis[name].mean
        )
    assert months.columns["open"][-1].mean == whole.summary.kpis["open_at_end"].mean


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_names_of_months_do_not_touch(desk: fs.Scenario, lang: str) -> None:
    from funnelsim.views.report.sections.months import by_month

    long = fs.simulate(desk.change({"start": "2026-04-01", "horizon": "31 mo"}), replications=2)
    with speaking(lang):
        figure = by_month(long).draw()
        figure.canvas.draw()
        for axes in figure.axes:
            places = [each.get_window_extent() for each in axes.get_xticklabels()]
            assert len(places) > 2
            assert all(one.x1 < other.x0 for one, other in pairwise(places))


def test_what_waits_by_month_averages_to_the_figures(desk: fs.Scenario) -> None:
    """Days of whole months, weighted by how long these are, make the averages of the whole time that counts."""
    from funnelsim.views.report.sections.months import waits_by_month

    whole = fs.simulate(desk.change({"start": "2026-04-01", "horizon": "275 d", "warmup": "30 d"}), replications=2)
    months = waits_by_month(whole)
    lengths = [31, 30, 31, 31, 30, 31, 30, 31]
    line = sum(stage["wip"].mean or 0.0 for stage in whole.summary.stages.values())
    figures = {"": line, "desk": whole.summary.teams["desk"]["queue"].mean}
    assert list(months.columns) == list(figures)
    for name, expected in figures.items():
        days = sum((each.mean or 0.0) * days for each, days in zip(months.columns[name], lengths, strict=True))
        assert days / sum(lengths) == pytest.approx(expected)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_run_is_drawn_over_time_and_stays_small(lang: str, tmp_path: Path) -> None:
    company = fs.load(ROOT / "scenarios" / "mid_market.yaml").change({"horizon": "4 mo", "warmup": "1 mo"})
    made = fs.simulate(company, replications=2).report(tmp_path / "run.html", lang=lang)
    page = read(made)
    with speaking(lang):
        for name in ("bookings", "queues", "work_in_progress"):
            assert say(f"picture.{name}.head") in page.text
            assert f"months-{name}" in " ".join(page.ids)
    assert made.stat().st_size < 5_000_000


def test_a_sweep_and_its_store(desk: fs.Scenario, tmp_path: Path) -> None:
    swept = fs.sweep(desk, {"teams.desk.headcount": [3, 4]}, out=tmp_path / "runs.db", replications=2)
    page = read(swept.report(tmp_path / "sweep.html"))
    assert "points" in heads(page)
    stored = read(Stored.read(tmp_path / "runs.db").report(tmp_path / "store.html"))
    assert "teams.desk.headcount 4" in stored.text


def test_a_diagnosis_and_a_tornado(desk: fs.Scenario, tmp_path: Path) -> None:
    found = fs.diagnose(desk, replications=2)
    assert {"answer", "steps", "factors", "places"} <= heads(read(found.report(tmp_path / "diagnosis.html")))
    assert found.equation is not None
    assert {"answer", "factors"} <= heads(read(found.equation.report(tmp_path / "tornado.html")))


# --- what if --------------------------------------------------------------------------------------------------


def test_what_if_is_computed_and_not_interpolated(desk: fs.Scenario, result: fs.Result, tmp_path: Path) -> None:
    asked = ask_beforehand(desk, {"teams.desk.headcount": [2, 3, 4]}, replications=3)
    files = making.Files(tmp_path / "asked.html")
    making.write(Given(result, asked=asked), files)
    page = read(files.page)
    assert "script-src 'sha256-" in page.policy
    assert sum(each.today for each in asked.points) == 1
    for each in asked.points:
        alone = fs.simulate(desk.change(each.at), replications=3, seed=1)
        assert each.arm.estimate("won").mean == alone.summary.kpis["won"].mean


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        (
            {f"teams.desk.{key}": [1, 2] for key in ("headcount", "speed.mean", "speed.sd", "attrition")},
            "at most 3",
        ),
        ({"teams.desk.headcount": list(range(1, 402))}, "at most 400 points"),
    ],
)
def test_too_many_questions_are_refused(desk: fs.Scenario, vary: Mapping[str, Any], said: str) -> None:
    with pytest.raises(FunnelsimError, match=said):
        ask_beforehand(desk, vary)


# --- names of any kind ----------------------------------------------------------------------------------------


def hostile(desk: fs.Scenario, names: Sequence[str]) -> fs.Scenario:
    """The desk with these names for all that has one, as far as the language lets it have them."""
    made = desk
    for path, name in zip(("name", "description", "teams.desk.label", "stages.serve.label"), names, strict=False):
        with suppress(FunnelsimError):
            made = made.change({path: name})
    return made


@pytest.mark.parametrize("at", range(0, len(HOSTILE), 5))
def test_no_name_breaks_a_report(desk: fs.Scenario, at: int, tmp_path: Path) -> None:
    names = HOSTILE[at : at + 5]
    named = hostile(desk.change({"horizon": "4 w", "warmup": "0 d"}), names)
    arms = {"today": named, **{name: hostile(named, names[::-1]) for name in names}}
    path = fs.compare(arms, kpis=["won"], replications=2).report(
        tmp_path / "named.html", title=names[0], xlsx=True
    )
    page, text = read(path), path.read_text(encoding="utf-8")
    assert page.tags["script"] == page.tags["img"] == 0
    assert page.tags["style"] == 1
    assert not any(ord(c) < 32 and c != "\n" for c in text)
    assert not any(c in text for c in "\u202e\u2066\u2069\u200f\u200b")
    for name in names:
        assert visible(name) in page.text
    for sheet in openpyxl.load_workbook(path.with_suffix(".xlsx")).worksheets:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


# --- files beside it ------------------------------------------------------------------------------------------


def test_a_workbook_has_numbers_as_numbers(result: fs.Result, tmp_path: Path) -> None:
    result.report(tmp_path / "run.html", xlsx=True)
    book = openpyxl.load_workbook(tmp_path / "run.xlsx")
    rows = list(book["kpis"].iter_rows(min_row=3, values_only=True))
    won = next(row for row in rows if row[-1] == "won")
    estimate = result.summary.kpis["won"]
    assert won[1:4] == pytest.approx((estimate.mean, estimate.low, estimate.high))
    assert won[4] == "leads"


def test_pictures_for_slides(result: fs.Result, tmp_path: Path) -> None:
    result.report(tmp_path / "run.html", only=["answer", "line"], figures=tmp_path / "figures")
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == ["line.png", "line.svg"]


def test_without_a_browser_it_is_said_what_to_install(
    result: fs.Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed, "NAMES", ("no-such-browser",))
    monkeypatch.delenv(printed.VARIABLE, raising=False)
    with pytest.raises(FunnelsimError, match=r"none is installed: install one .*apt-get install chromium"):
        result.report(tmp_path / "run.html", pdf=True)
    assert list(tmp_path.iterdir()) == []


def test_what_is_to_be_typed_stands_as_code_and_stays_text() -> None:
    said = report_page._block(Text("`funnelsim diagnose` tells of <b> & `a < b`"), "x")
    assert said == "<p><code>funnelsim diagnose</code> tells of &lt;b&gt; &amp; <code>a &lt; b</code></p>"
