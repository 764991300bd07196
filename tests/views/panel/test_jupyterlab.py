"""The panel in JupyterLab: a slider is moved by its key, and the figures are those of `compare`."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import funnelsim as fs

from .lines import DESK

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

CELL = 'import funnelsim as fs\nfs.load("desk.yaml").panel()'
LAST = '.fs-panel tbody[data-asked="{}"][data-last="true"]'
WAIT = 90


def notebook(cell: str) -> str:
    """A notebook of one cell."""
    cells = [
        {"cell_type": "code", "id": "a", "execution_count": None, "metadata": {}, "outputs": [], "source": cell}
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


@contextmanager
def serving(books: Path, home: Path) -> Iterator[str]:
    """JupyterLab on this machine alone, writing only into folders of its own; the address of its notebooks."""
    own = {f"JUPYTER_{each}_DIR": str(home / each.lower()) for each in ("RUNTIME", "CONFIG", "DATA")}
    token = secrets.token_hex(16)
    server = {"ip": "127.0.0.1", "port": "0", "root_dir": str(books)}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--ServerApp.{name}={value}" for name, value in server.items()]
    command += [f"--IdentityProvider.token={token}"]
    with (
        (home / "log").open("w", encoding="utf-8") as log,
        subprocess.Popen(
            command, env=os.environ | own | {"IPYTHONDIR": str(home / "ipython")}, stdout=log, stderr=log
        ) as process,
    ):
        try:
            yield f"{_address(process, home)}doc/tree/{{}}?token={token}"
        finally:
            process.terminate()


def _address(process: subprocess.Popen[bytes], home: Path) -> str:
    """Where a server says that it listens, which it does in a file."""
    end = time.monotonic() + WAIT
    while process.poll() is None and time.monotonic() < end:
        for told in (home / "runtime").glob("jpserver-*.json"):
            if text := told.read_text(encoding="utf-8"):
                return str(json.loads(text)["url"])
        time.sleep(0.05)
    raise AssertionError((home / "log").read_text(encoding="utf-8"))


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The notebook in JupyterLab, with its cell being run."""
    if find_spec("jupyterlab") is None:
        lacking = "there is no JupyterLab: pip install 'funnelsim[notebook]'"
        if "CI" in os.environ:
            pytest.fail(lacking)
        pytest.skip(lacking)
    books, home = tmp_path / "books", tmp_path / "home"
    books.mkdir()
    home.mkdir()
    (books / "desk.yaml").write_text(DESK, encoding="utf-8")
    (books / "panel.ipynb").write_text(notebook(CELL), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    with serving(books, home) as address:
        page = context.new_page()
        page.set_default_timeout(1000 * WAIT)
        page.goto(address.format("panel.ipynb"))
        _run(page)
        yield page
        context.close()


def _run(page: Page) -> None:
    """Run the first cell; JupyterLab does nothing, without a word, while it has no kernel yet."""
    cell = page.locator(".jp-CodeCell").first
    end = time.monotonic() + WAIT
    while page.locator(".fs-panel").count() == 0:
        assert time.monotonic() < end, cell.inner_text()
        if not re.search(r"[\d*]", cell.locator(".jp-InputPrompt").inner_text()):
            cell.locator(".cm-content").click()
            page.keyboard.press("Shift+Enter")
        page.wait_for_timeout(300)


def test_a_slider_is_moved_by_its_key_and_the_difference_read(opened: Page) -> None:
    opened.wait_for_selector(LAST.format(1))
    slider = opened.get_by_label("窓口: people").first
    slider.focus()
    slider.press("ArrowRight")
    opened.wait_for_selector(LAST.format(2))
    assert opened.locator(".fs-moved li span").all_inner_texts() == ["窓口 2 → 3 people"]
    count = int(opened.locator(".fs-panel tbody").get_attribute("data-replications") or 0)
    today = fs.Scenario.from_text(DESK)
    arms = {"today": today, "more": today.change({"teams.desk.headcount": 3})}
    for each in fs.compare(arms, replications=count).findings:
        read = opened.locator(f'.fs-panel tr[data-kpi="{each.kpi}"]').get_attribute("data-difference")
        assert float(read or "nan") == each.difference.mean
    # Enter is a button's too, and does not begin to edit the cell.
    opened.get_by_role("button", name="Undo: 窓口 2 → 3 people").press("Enter")
    opened.wait_for_selector('.fs-panel tbody[data-asked="3"]')
    assert slider.input_value() == "2"
