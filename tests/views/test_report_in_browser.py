"""Reports in a browser: accessible, without a network, no letter over another, and what-if by their own script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import funnelsim as fs
from funnelsim.experiments.asking.beforehand import Beforehand, ask_beforehand
from funnelsim.views.panel.names import of_path
from funnelsim.views.report import making
from funnelsim.views.report.given import Given
from funnelsim.views.words import numbers, speaking

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
OVERLAPS = """() => [...document.querySelectorAll("svg")].flatMap((svg) => {
  const boxes = [...svg.querySelectorAll("text")].filter((each) => each.textContent.trim())
    .map((each) => [each.textContent, each.getBoundingClientRect()]);
  return boxes.flatMap(([one, a], place) => boxes.slice(place + 1).filter(([, b]) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.35 * Math.min(a.height, b.height)
  ).map(([other]) => [one, other]));
})"""


@pytest.fixture(scope="module")
def asked() -> tuple[fs.Comparison, Beforehand]:
    """A desk against one with one more, and with two to four reps."""
    desk = fs.load(ROOT / "scenarios" / "one_desk.yaml").change({"horizon": "2 mo", "warmup": "0 d"})
    more = desk.change({"teams.desk.headcount": {"add": 1}})
    compared = fs.compare({"today": desk, "<b>one more</b>": more}, kpis=["won", "cycle_time"], replications=9)
    return compared, ask_beforehand(desk, {"teams.desk.headcount": [2, 3, 4]}, kpis=["won"], replications=3)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_report_in_a_browser(
    asked: tuple[fs.Comparison, Beforehand], lang: str, browser: Browser, tmp_path: Path
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    compared, beforehand = asked
    files = making.Files(tmp_path / "report.html")
    with speaking(lang):
        making.write(Given(compared, asked=beforehand), files)
        least = numbers.estimate(beforehand.points[0].arm.estimate("won").to_dict(), interval=False)
    said: list[str] = []
    for width in (600, 1200):
        page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
        page.goto(files.page.as_uri())
        found: Any = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response
        assert [each["id"] for each in found["violations"]] == []
        assert page.evaluate(OVERLAPS) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.close()
    page = browser.new_page()  # with its policy in force
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url) if not request.url.startswith("file:") else None)
    page.goto(files.page.as_uri())
    page.select_option("#viewer select", "2")
    assert least in page.inner_text("#viewer tbody")
    assert said == []
    page.close()


@pytest.fixture(scope="module")
def company() -> Beforehand:
    """Two controls of the reference company, over half a year."""
    line = fs.load(ROOT / "scenarios" / "reference.yaml").change({"horizon": "8 mo", "warmup": "2 mo"})
    vary = {"teams.field_sales.headcount": [4, 5], "stages.meet.effort": ["60 min", "89 min"]}
    return ask_beforehand(line, vary, replications=3)


CUT = """() => [...document.querySelectorAll("#what_if .table, #what_if .picture")]
  .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.getAttribute("aria-label"))"""


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_if_fits_the_page_and_has_no_paths(
    company: Beforehand, lang: str, browser: Browser, tmp_path: Path
) -> None:
    """Three figures, of which two are of money, with intervals; a narrow page says that its picture is wide."""
    files = making.Files(tmp_path / "asked.html", only=("what_if",))
    with speaking(lang):
        making.write(Given(fs.simulate(company.line, replications=3), asked=company), files)
        label = of_path(company.line, "teams.field_sales.headcount")
    assert label == {"en": "Field sales: people", "ja": "フィールドセールス:人数"}[lang]
    for width in (1200, 600):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(files.page.as_uri())
        assert page.get_by_text(label).count() > 1
        assert not any(path in page.inner_text("#what_if") for path in company.values)
        wide = page.locator("#what_if .wide")
        if width == 1200:
            assert page.evaluate(CUT) == []
        assert wide.is_visible() == (width == 600)
        page.close()
