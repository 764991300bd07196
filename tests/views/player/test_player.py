"""The player in Chromium, opened from a file: figures are those of the tape, keys work, names do nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from funnelsim.results.stamp import Stamp
from funnelsim.views.player import making
from funnelsim.views.player.tape import MINUTE, tape
from funnelsim.views.player.told import Take
from funnelsim.views.words import speaking

from .lines import PRESSED, Film, played

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

STAMP = Stamp({"a": ()}, 1, "compiled", "0")
HOSTILE = """</script><script>document.title='run'</script><img src=x onerror="document.title='run'">\u202e"""
MORE = PRESSED.replace("headcount: 2, queue: due", "headcount: 3, queue: due")
DAY = 1440
Opened = Callable[..., "Page"]


def take(text: str = PRESSED, name: str = "today") -> Take:
    records, model = played(text)
    return Take(name, model, records)


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    """Opens a replay from its file, without network and motion, in which no error may happen."""
    contexts, errors = [], []

    def go(*takes: Take, width: int = 1200, motion: str = "reduce", lang: str = "en", title: str = "Line") -> Page:
        with speaking(lang):
            path = making.write(tmp_path / "a.html", takes, 1, STAMP, title)
        context = browser.new_context(
            viewport={"width": width, "height": 900}, device_scale_factor=2, reduced_motion=motion, offline=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type in ("error", "warning") else None)
        page.goto(path.as_uri())
        page.wait_for_selector("#replay[data-ready]")
        return page

    yield go
    for context in contexts:
        context.close()
    assert errors == []


def wait_until(page: Page, said: str) -> None:
    """Wait for something on a page whose policy lets no other script run."""
    for _ in range(300):
        if page.evaluate(said):
            return
        page.wait_for_timeout(50)
    pytest.fail(said)


def figures(page: Page) -> list[list[str]]:
    return [row.inner_text().split("\t")[1:] for row in page.query_selector_all(".figures tbody tr")]


def test_its_leads_are_those_of_the_tape_at_any_minute(opened: Opened) -> None:
    shown = take()
    film, stages = Film(tape(shown.records, shown.model, 0)), len(shown.model.stage_names)
    page = opened(shown)
    for minute in (0, 60_000, 200_000, 90_123, shown.model.horizon // MINUTE):
        counts = page.evaluate(f"(replay.seek({minute}), Array.from(replay.films[0].counts))")
        codes = film.codes(minute)
        np.testing.assert_array_equal(counts, np.bincount(codes[codes >= 0], minlength=9 * stages + 3))


def test_played_on_or_wound_back_it_says_the_same(opened: Opened) -> None:
    page = opened(take())
    film = "replay.films[0]"
    state = f"({{at: {film}.now, counts: Array.from({film}.counts), hands: Array.from({film}.hands)}})"
    page.evaluate("replay.seek(0)")
    for _ in range(40):
        page.evaluate("replay._move(100)")
    played_on = page.evaluate(state)
    assert played_on["at"] > 2 * DAY
    page.evaluate("replay.seek(200000)")
    assert page.evaluate(f"(replay.seek({played_on['at']}), {state})") == played_on


def test_two_arms_end_with_the_difference_of_the_replication(opened: Opened) -> None:
    base, more = take(), take(MORE, "more people")
    page = opened(base, more)
    page.evaluate("replay.seek(1e9)")
    found = figures(page)
    assert [row[0] for row in found] == [
        str(base.won),
        str(more.won),
        f"{more.won - base.won:+d}".replace("-", "−"),
    ]
    assert more.won != base.won
    page.click("#read")
    assert f"more people: won {more.won}, open {more.open}," in page.inner_text("#status")


def test_keys_and_controls(opened: Opened) -> None:
    page = opened(take())
    now = "replay.now"
    begun = page.evaluate(now)
    assert begun == 6 * 7 * DAY + 9 * 60  # the first hour that counts, and it stands still
    page.keyboard.press("ArrowRight")
    assert page.evaluate(now) == begun + DAY
    page.keyboard.press("Shift+ArrowLeft")
    assert page.evaluate(now) == begun - 6 * DAY
    assert page.is_visible("#warming")
    page.keyboard.press("End")
    assert page.evaluate(now) == 26 * 7 * DAY
    page.keyboard.press("s")
    assert "2026-07-06" in page.inner_text("#status")
    page.click("#back")
    assert page.evaluate(now) == 26 * 7 * DAY - DAY
    page.focus("#seek")
    page.keyboard.press("Home")
    assert page.evaluate(now) == 0
    page.keyboard.press("Space")
    assert page.inner_text("#play") == "Pause"
    wait_until(page, "replay.now >= 1440")  # by days where motion is not wanted
    assert page.evaluate(now) % DAY == 0
    page.keyboard.press("Space")
    assert page.inner_text("#play") == "Play"


def test_with_motion_it_plays_at_once_and_nights_pass_fast(opened: Opened) -> None:
    page = opened(take(), motion="no-preference")
    wait_until(page, f"replay.now > {6 * 7 * DAY + 10 * 60}")
    page.click("#play")
    page.evaluate("replay.seek(0)")
    page.evaluate("replay._move(1000)")  # at a day a second, or twelve: two nights and days, a night, and the rest
    rest = 1000 - (540 + 960 + 960) / 17.28 - 2 * 480 / 1.44
    assert page.evaluate("replay.now") == pytest.approx(2 * DAY + 540 + 1.44 * rest, abs=0.01)


@pytest.mark.parametrize(("lang", "width"), [("ja", 600), ("en", 1200)])
def test_it_is_accessible_and_fits(lang: str, width: int, opened: Opened) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(take(name=HOSTILE), take(MORE, "窓口を増やす"), width=width, lang=lang, title=HOSTILE)
    page.click("#read")
    assert page.title() != "run"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.query_selector("img") is None
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_without_a_script_the_figures_by_month_are_there(browser: Browser, tmp_path: Path) -> None:
    path = making.write(tmp_path / "a.html", [take()], 1, STAMP)
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(path.as_uri())
    assert "allow scripts" in page.inner_text("body")
    assert page.is_visible("text=Figures by month")
    assert not page.is_visible("#play")
    context.close()


def test_of_a_sample_the_figures_are_of_all(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    from funnelsim.views.player import tape as tapes

    shown = take()
    monkeypatch.setattr(tapes, "MOST", 100)
    page = opened(shown)
    assert "Drawn is 1 of" in page.inner_text("header")
    page.evaluate("replay.seek(1e9)")
    assert figures(page)[0][0] == str(shown.won)
    assert page.evaluate("replay.films[0].counts.reduce((a, b) => a + b)") <= 100


NO_CALENDAR = PRESSED.replace('calendars: {office: {days: mon-fri, hours: ["09:00-17:00"]}}\n', "").replace(
    ", calendar: office", ""
)


def test_a_line_without_a_calendar_is_never_closed(opened: Opened) -> None:
    page = opened(take(NO_CALENDAR))
    closed = []
    for share in (0, 0.31, 0.999, 1):
        page.evaluate(f"replay.seek(Math.round(replay.films[0].end * {share}))")
        closed.append(
            page.evaluate("replay.films[0].arm.teams.some((_, at) => !replay.films[0].isOpen(at, replay.now))")
        )
        assert "closed" not in page.inner_text("#time")
    assert closed == [False] * 4


def test_the_figures_in_words_follow_the_film(opened: Opened) -> None:
    page = opened(take())
    page.keyboard.press("s")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
        assert page.inner_text("#status") == page.evaluate("replay.words()")


PAINTED = """() => {
  const scene = replay.scenes[0], ratio = devicePixelRatio, copy = document.createElement("canvas");
  Object.assign(copy, {width: scene.canvas.width, height: scene.canvas.height});
  const pen = copy.getContext("2d", {willReadFrequently: true});
  const sum = (data) => data.reduce((a, b) => (a * 31 + b) % 1e9, 7);
  const seen = () => {
    pen.clearRect(0, 0, copy.width, copy.height);
    pen.drawImage(scene.canvas, 0, 0);
    return scene.texts().map((box) => sum(pen.getImageData(...box.map((each) => Math.round(each * ratio))).data));
  };
  scene.flying = [];
  scene.draw(performance.now());
  const before = seen(), whole = scene.canvas.toDataURL(), now = performance.now();
  const [w, h] = [scene.width, scene.height];
  for (let at = 0; at < 40; at++) for (let row = 0; row < 40; row++) {
    const place = [w * at / 40, h * row / 40];
    scene.flying.push({from: place, to: place, fate: row % 3, since: now});
  }
  scene.draw(now);
  const after = seen();
  return [before.filter((each, at) => each !== after[at]).length, whole !== scene.canvas.toDataURL()];
}"""


def test_no_lead_runs_over_a_text(opened: Opened) -> None:
    """Leads on their way, at a grid of places over the whole scene: none changes a dot of any text."""
    page = opened(take())
    page.evaluate("replay.pause()")
    assert page.evaluate(PAINTED) == [0, True]
