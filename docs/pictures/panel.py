"""The picture of the what-if panel: one more person in inside sales, on the page, in a Chromium without a window.

Run it from the top of the repository::

    python docs/pictures/panel.py
"""

from __future__ import annotations

import shutil
from pathlib import Path
from threading import Thread

from playwright.sync_api import sync_playwright

import funnelsim as fs
from funnelsim.views.app.server import App
from funnelsim.views.panel.session import Session

HERE = Path(__file__).resolve().parent
REFERENCE = HERE.parents[1] / "scenarios" / "reference.yaml"
MINUTES = 60_000.0
SIZE = {"width": 1200, "height": 1000}


def draw(out: Path) -> None:
    """Ask the page, wait for its last answer, and keep what is seen."""
    with App(Session(fs.load(REFERENCE), "en", file="reference.yaml")) as app, sync_playwright() as playwright:
        Thread(target=app.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        page.goto(f"{app.address}#teams.inside_sales.headcount=7")
        page.wait_for_selector('tbody[data-last="true"]', timeout=5 * MINUTES)
        page.wait_for_timeout(2_000)
        page.screenshot(path=out)
        browser.close()
        app.shutdown()


if __name__ == "__main__":
    draw(HERE / "panel.png")
