"""What all tests share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
"""Names of the browser by which tests marked `browser` look at pages."""


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the engine once, before workers and the commands under test would all do so at the same time."""
    # The width of the terminal in which the tests are started decides nothing.
    os.environ.pop("COLUMNS", None)
    # Nor does the language of the machine.
    os.environ["FUNNELSIM_LANG"] = "en"
    # Nor how busy it is; and the same examples are tried everywhere.
    settings.register_profile(
        "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("steady")
    if hasattr(session.config, "workerinput"):
        return
    from funnelsim.engine.compiled import kernel

    if not kernel.advance.is_plain:
        kernel.advance.load()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window; without one a test is skipped, and fails where ``CI`` is set."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        lacking = "there is no Chromium: apt-get install -y chromium fonts-noto-cjk"
        if "CI" in os.environ:
            pytest.fail(lacking)
        pytest.skip(lacking)
    from playwright.sync_api import sync_playwright

    # One module at a time: it leaves a running event loop, which others could not do with.
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield made
        made.close()
