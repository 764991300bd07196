"""Closer looks on the page in Chromium: opened, asked by keyboard, stopped, and told when they are old."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from funnelsim.views.app.closer.asked import OF_CHANGES, ON_DEMAND, VIEWS
from funnelsim.views.app.closer.closer import OF_TARGETS
from funnelsim.views.app.server import App

from .lines import SLOW, serving, session
from .test_closer import TWO

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

WAIT = 240_000
MOVED = "#teams.desk.headcount=3"
Opened = Callable[..., "Page"]


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    with serving(session(TWO)) as made:
        yield made


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Opens an address in a browser of its own, in which no error may happen."""
    contexts = []

    def go(address: str, width: int = 1280, **given: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **given)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto(address)
        page.wait_for_selector(".look-view")
        return page

    errors: list[str] = []
    yield go
    for context in contexts:
        context.close()
    assert [each for each in errors if "status of 422" not in each] == []  # what was typed wrong is told


def view(page: Page, name: str) -> Locator:
    return page.locator(f'details[data-view="{name}"]')


def open_(page: Page, name: str) -> Locator:
    """A view, opened from the keyboard."""
    found = view(page, name)
    found.locator("summary").focus()
    page.keyboard.press("Enter")
    return found


def seen(found: Locator) -> str:
    """What a view comes to."""
    found.locator(".look-result table").first.wait_for()
    return found.locator(".look-result").inner_text()


def test_teams_are_seen_as_soon_as_they_are_opened_and_are_old_after_a_move(app: App, opened: Opened) -> None:
    page = opened(f"{app.address}{MOVED}")
    page.wait_for_selector('tbody[data-last="true"]')
    teams = open_(page, "teams")
    assert "Stages and teams that differ" in seen(teams)
    assert teams.get_by_role("button", name="Compute again").is_visible()
    slider = page.get_by_label("窓口: people").first
    slider.focus()
    slider.press("ArrowRight")
    teams.get_by_text("The settings were changed since this was computed.").wait_for()
    assert teams.locator(".look-old").count() == 1
    page.wait_for_selector('tbody[data-asked="2"][data-last="true"]')
    teams.get_by_role("button", name="Compute again").press("Enter")
    teams.locator(".look-old").wait_for(state="detached")
    assert teams.locator(".look-status").inner_text() == ""


def test_groups_are_divided_by_what_is_chosen(app: App, opened: Opened) -> None:
    page = opened(app.address)
    groups = open_(page, "groups")
    assert "By segment" in seen(groups)
    groups.get_by_label("Divided by").select_option("territory")
    groups.get_by_text("By territory", exact=True).first.wait_for()
    assert "east" in seen(groups)


def test_several_views_that_are_opened_at_once_all_come(app: App, opened: Opened) -> None:
    page = opened(f"{app.address}{MOVED}")
    names = [name for name in VIEWS if name not in ON_DEMAND]
    for name in names:
        open_(page, name)
    for name in names:
        assert seen(view(page, name))
        assert view(page, name).locator(".fs-hidden[role=status]").inner_text().startswith("Computed")


def test_fates_and_causes_need_a_change(app: App, opened: Opened) -> None:
    page = opened(app.address)
    for name in sorted(OF_CHANGES):
        found = open_(page, name)
        if name == "causes":
            found.get_by_role("button", name="Compute").click()
        found.get_by_text("Move a control first.").wait_for()


def test_causes_are_computed_when_asked_for_with_their_picture(app: App, opened: Opened) -> None:
    page = opened(f"{app.address}{MOVED}")
    causes = open_(page, "causes")
    assert causes.locator(".look-result").inner_text() == ""
    causes.get_by_role("button", name="Compute").click()
    causes.locator("progress").wait_for()
    assert "scarce people" in seen(causes)
    assert causes.locator(".look-result svg").count() == 3
    assert not causes.locator("progress").is_visible()


def test_a_target_is_typed_and_a_wrong_one_is_told_at_its_field(app: App, opened: Opened) -> None:
    page = opened(app.address)
    targets = open_(page, "targets")
    targets.get_by_label("Figure").select_option("cost")
    assert targets.get_by_label("Target", exact=True).input_value() == "at_most"
    targets.get_by_label("Figure").select_option("won")
    assert targets.get_by_label("Target", exact=True).input_value() == "at_least"
    amount = targets.get_by_label("Amount")
    amount.fill("many")
    amount.press("Enter")
    targets.locator('input[aria-invalid="true"]:focus').wait_for()
    assert "many" in targets.locator(".look-status.fs-wrong").inner_text()
    amount.fill("100")
    targets.get_by_label("Until the end of").fill("2026-11-10")
    amount.press("Enter")
    said = seen(targets)
    assert f"of {OF_TARGETS} runs" in said
    assert "from 2026-10-19 to 2026-11-10" in said
    assert amount.get_attribute("aria-invalid") is None


def test_long_work_can_be_stopped(opened: Opened) -> None:
    with serving(session(SLOW)) as app:
        page = opened(app.address)
        teams = open_(page, "teams")
        teams.get_by_role("button", name="Stop").click()
        teams.get_by_text("Stopped.").wait_for()
        teams.get_by_role("button", name="Compute").and_(page.locator(":focus")).wait_for()
        assert teams.locator("progress").is_hidden()


def test_a_move_ends_a_look_and_the_answer_to_it_comes(opened: Opened) -> None:
    with serving(session(SLOW)) as app:
        page = opened(app.address)
        teams = open_(page, "teams")
        teams.locator("progress").wait_for()
        slider = page.get_by_label("窓口: people").first
        slider.focus()
        slider.press("ArrowRight")
        page.wait_for_selector('tbody[data-asked="2"]')
        assert teams.locator("progress").is_hidden()
        assert teams.locator(".look-status").inner_text() == ""


@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("ja", 800)])
def test_views_keep_nobody_out(lang: str, width: int, opened: Opened) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with serving(session(TWO, lang)) as app:
        page = opened(f"{app.address}{MOVED}", width, bypass_csp=True, reduced_motion="reduce")
        page.wait_for_selector('tbody[data-last="true"]')
        for name in VIEWS:
            found = open_(page, name)
            if name == "targets":
                found.locator("input[type=text]").fill("100")
            if name in ("causes", "targets"):
                found.locator("button[type=submit]").click()
            seen(found)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
