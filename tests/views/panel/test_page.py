"""The page in Chromium: controls are moved, figures read, and nobody is kept out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import funnelsim as fs
from funnelsim.experiments.asking.answers import STEPS
from funnelsim.views.app.server import App
from funnelsim.views.panel.session import Session

from .lines import DESK, serving, session

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SCENARIOS = Path(__file__).parents[3] / "scenarios"
STEP = 'tbody[data-asked="{}"][data-replications="{}"]'
LAST = 'tbody[data-asked="{}"][data-last="true"]'
WAIT = 240_000

# A line with sales and service in short, on which a question takes a second.
LINE = DESK.replace("teams: {desk: {", "teams: {reserve: {headcount: 1, queue: fifo}, desk: {")
Opened = Callable[..., "Page"]


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    with serving(session(LINE)) as made:
        yield made


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Opens an address in a browser of its own, in which no error may happen."""
    contexts = []

    def go(address: str, width: int = 1200, **given: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **given)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto(address)
        return page

    errors: list[str] = []
    yield go
    for context in contexts:
        context.close()
    assert [each for each in errors if "status of 422" not in each] == []  # what was typed wrong is told


def answered(page: Page, number: int) -> None:
    """Wait for the last answer to a question; each step has its own time, so that only standing still fails."""
    last = LAST.format(number)
    for at in range(len(STEPS)):
        further = (STEP.format(number, step) for step in STEPS[at:])
        page.wait_for_selector(", ".join((last, *further)))
    page.wait_for_selector(last)


def figure(page: Page, kpi: str) -> dict[str, float]:
    """The figures of a row, to the digit."""
    row = page.locator(f'tr[data-kpi="{kpi}"]')
    read = {name: row.get_attribute(f"data-{name}") for name in ("today", "asked", "difference", "low", "high")}
    return {name: float(value) for name, value in read.items() if value is not None}


def questions(page: Page) -> list[dict[str, float]]:
    """What the page asks from here on."""
    asked: list[dict[str, float]] = []
    page.on(
        "request",
        lambda sent: asked.append(json.loads(sent.post_data or "{}")["numbers"]) if "/ask" in sent.url else None,
    )
    return asked


def test_a_control_is_moved_and_the_difference_read(app: App, opened: Opened) -> None:
    page = opened(app.address)
    page.wait_for_selector(".fs-said")
    assert "token" not in page.url
    slider = page.get_by_label("窓口: people").first
    slider.focus()
    slider.press("ArrowRight")
    answered(page, 2)
    assert page.locator(".fs-moved li span").first.inner_text() == "窓口 2 → 3 people"
    assert page.locator(".fs-first").inner_text().startswith("Won: up by ")
    body = page.locator("tbody")
    count = int(body.get_attribute("data-replications") or 0)
    today = app.session.line
    compared = fs.compare({"today": today, "more": today.change({"teams.desk.headcount": 3})}, replications=count)
    for each in compared.findings:
        read = figure(page, each.kpi)
        assert (read["today"], read["asked"]) == (each.base.mean, each.figure.mean)
        assert read["difference"] == each.difference.mean
        assert read["low"] < read["difference"] < read["high"]
    assert page.url.endswith("#teams.desk.headcount=3")
    page.get_by_role("button", name="Undo: 窓口 2 → 3 people").click()
    page.wait_for_selector('tbody[data-asked="3"]')
    assert slider.input_value() == "2"
    assert "#" not in page.url


def test_twelve_drags_make_one_question(app: App, opened: Opened) -> None:
    page = opened(app.address)
    page.wait_for_selector(".fs-said")
    asked = questions(page)
    page.locator("input[type=range]").first.evaluate(
        """async (slider) => {
            for (let at = 0; at < 12; at++) {
                slider.value = String(at % 2 ? slider.max : slider.min);
                slider.dispatchEvent(new Event("input", {bubbles: true}));
                await new Promise((done) => setTimeout(done, 20));
            }
        }"""
    )
    page.wait_for_selector('tbody[data-asked="2"]')
    assert len(asked) == 1


def test_the_address_keeps_the_settings_and_a_number_may_be_typed_beyond(app: App, opened: Opened) -> None:
    page = opened(f"{app.address}#teams.desk.headcount=3&no.such=1&sources.web.rate=x")
    answered(page, 1)
    assert page.locator(".fs-moved li").count() == 1
    number = page.locator('input[type=number][data-name="teams.desk.headcount"]')
    assert number.input_value() == "3"
    number.fill("9")
    page.wait_for_selector('tbody[data-asked="2"]')
    assert page.locator(".fs-moved li span").first.inner_text() == "窓口 2 → 9 people"
    number.fill("2.1")
    page.wait_for_selector(".fs-notice.fs-wrong")
    for place in (".fs-notice.fs-wrong", ".fs-beneath.fs-wrong"):
        assert page.locator(place).inner_text().startswith("窓口: people: posts are planned in whole numbers")
    assert number.get_attribute("aria-invalid") == "true"


def test_an_emptied_field_says_what_it_needs_and_goes_back(app: App, opened: Opened) -> None:
    page = opened(f"{app.address}#teams.desk.headcount=3")
    answered(page, 1)
    number = page.locator('input[type=number][data-name="teams.desk.headcount"]')
    beneath = page.locator(".fs-beneath.fs-wrong")
    number.fill("")
    assert beneath.inner_text() == "A number is needed here; today it is 2 people."
    assert number.get_attribute("aria-describedby") == beneath.get_attribute("id")
    number.blur()
    assert number.input_value() == "3"  # which the answer rests on
    number.fill("4")
    page.wait_for_selector('tbody[data-asked="2"]')
    assert beneath.count() == 0
    assert number.get_attribute("aria-invalid") == "false"


def test_settings_of_the_address_that_cannot_be_read_are_named(app: App, opened: Opened) -> None:
    settings = "teams.desk.headcount=3&no.such=1&sources.web.rate=x&sources.web.rate=&teams.desk.headcount=4"
    page = opened(f"{app.address}#{settings}&__proto__=1")
    answered(page, 1)
    named = ["sources.web.rate=x", "sources.web.rate", "teams.desk.headcount=4", "no.such=1", "__proto__=1"]
    assert page.locator(".fs-unread li").all_inner_texts() == named
    assert page.locator(".fs-moved li span").all_inner_texts() == ["窓口 2 → 3 people"]


def test_a_number_that_can_hardly_be_meant_is_doubted(app: App, opened: Opened) -> None:
    page = opened(f"{app.address}#stages.serve.effort=1000")  # a thousand times as long
    page.wait_for_selector('tbody[data-asked="1"]')
    assert "is computed, but unusual" in page.locator(".fs-beneath:visible").inner_text(timeout=20_000)


def test_a_slider_comes_back_to_half_a_post(opened: Opened) -> None:
    with serving(session(LINE.replace("headcount: 2,", "headcount: 2.5,"))) as app:
        page = opened(app.address)
        page.wait_for_selector(".fs-said")
        slider = page.get_by_label("窓口: people").first
        slider.focus()
        slider.press("ArrowRight")
        assert slider.input_value() == "2.75"
        slider.press("ArrowLeft")
        assert slider.input_value() == "2.5"
        page.wait_for_selector('tbody[data-asked="2"]')
        assert page.locator(".fs-moved li").all_inner_texts() == ["Nothing yet: this is today's line."]


def test_a_lever_is_kept_and_gives_the_same_figures(app: App, opened: Opened, tmp_path: Path) -> None:
    page = opened(f"{app.address}#teams.desk.headcount=3&sources.web.rate=2.2")
    answered(page, 1)
    page.get_by_role("button", name="Save as lever").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download what_if.yaml").click()
    download.value.save_as(tmp_path / "what_if.yaml")
    command = page.locator(".fs-kept pre").first.inner_text()
    count = int(command.rpartition(" ")[2])
    assert command.startswith("funnelsim compare desk.yaml --lever what_if.yaml --replications ")
    today = app.session.line
    arms = {"today": today, "kept": today.with_levers(str(tmp_path / "what_if.yaml"))}
    for each in fs.compare(arms, replications=count).findings:
        assert figure(page, each.kpi)["difference"] == each.difference.mean


def test_a_link_on_another_site_opens_the_page(app: App, opened: Opened) -> None:
    page = opened("about:blank")
    page.route(
        "http://elsewhere.example/",
        lambda route: route.fulfill(body=f'<a href="{app.address}">it</a>', content_type="text/html"),
    )
    page.goto("http://elsewhere.example/")
    page.get_by_text("it").click()
    page.wait_for_selector(".fs-said")
    assert page.url == f"http://127.0.0.1:{app.guard.port}/"


def test_more_controls_are_found_by_a_word(app: App, opened: Opened) -> None:
    page = opened(app.address)
    page.wait_for_selector(".fs-said")
    page.get_by_text("More controls").click()
    page.get_by_label("Search the controls").fill("waits at")
    assert page.locator(".fs-more-list .fs-control:visible").count() == 1
    page.get_by_label("Search the controls").fill("no such thing")
    assert page.get_by_text("No control has this in its name.").is_visible()


@pytest.mark.parametrize(("lang", "width"), [("en", 1200), ("ja", 600)])
def test_nothing_keeps_anybody_out(lang: str, width: int, opened: Opened) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with serving(session(LINE, lang)) as app:
        page = opened(f"{app.address}#teams.desk.headcount=3", width, bypass_csp=True, reduced_motion="reduce")
        answered(page, 1)
        page.wait_for_selector(".fs-picture svg")
        page.locator(".fs-more summary").click()
        page.locator(".fs-sure summary").click()
        page.locator(".fs-changes .fs-button").first.click()
        page.wait_for_selector(".fs-kept pre")
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.locator("html").get_attribute("lang") == lang


def test_answers_computed_beforehand_need_no_host(app: App, opened: Opened) -> None:
    """The same module in a report: a model that only looks answers up."""
    page = opened(app.address)
    page.wait_for_selector(".fs-said")
    said = page.evaluate(
        """async () => {
            const { render, beforehand } = await import("/panel.js");
            const control = {name: "n", label: "People", group: "", unit: "people", scale: 1, today: 2, low: 2,
                             high: 3, step: 1, switch: false, values: [2, 3]};
            const texts = new Proxy({}, {get: (_, name) => String(name)});
            const answer = (text) => [{kind: "moved", moved: []}, {kind: "answer", replications: 8, status: "",
                lines: [{text, tone: "plain"}], figures: [], last: true}];
            const panel = {lang: "en", name: "A line", texts, controls: [control], open: ["n"]};
            const el = document.createElement("div");
            document.body.append(el);
            render({model: beforehand({panel, answers: {"0": answer("two"), "1": answer("three")}}), el});
            const first = () => el.querySelector(".fs-first").textContent;
            await new Promise((done) => setTimeout(done, 50));
            const before = first();
            const slider = el.querySelector("input[type=range]");
            slider.value = "1";
            slider.dispatchEvent(new Event("input"));
            await new Promise((done) => setTimeout(done, 400));
            return [before, first(), el.querySelector("output").textContent];
        }"""
    )
    assert said == ["two", "three", "3"]


@pytest.mark.slow
def test_one_more_in_field_sales_of_the_reference_company(opened: Opened) -> None:
    line = fs.load(SCENARIOS / "reference.yaml")
    with serving(Session(line, "en", file="reference")) as app:
        page = opened(app.address)
        page.wait_for_selector(".fs-said")
        slider = page.get_by_label("Field sales: people").first
        slider.focus()
        slider.press("ArrowRight")
        answered(page, 2)
        count = int(page.locator("tbody").get_attribute("data-replications") or 0)
        arms = {"today": line, "more": line.change({"teams.field_sales.headcount": 6})}
        for each in fs.compare(arms, replications=count).findings:
            assert figure(page, each.kpi)["difference"] == each.difference.mean
