"""A report as PDF, printed by a browser of the Chromium family if one is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from funnelsim import disk
from funnelsim.errors import FunnelsimError, HinderedError

VARIABLE = "FUNNELSIM_CHROMIUM"
"""Names the browser where it is none of these."""

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
PATIENCE = 180
"""Seconds that printing may take."""


def browser() -> str:
    """The browser that prints.

    Raises
    ------
    FunnelsimError
        If there is none; the message says what to install.
    """
    asked = os.environ.get(VARIABLE)
    for name in (asked,) if asked else NAMES:
        found = shutil.which(name)
        if found:
            return found
    if asked:
        raise FunnelsimError(
            f"{VARIABLE}={asked}: there is no such program; name a Chromium or Chrome", code="E-browser-none"
        )
    raise FunnelsimError(
        "a PDF is printed by Chromium, Chrome or Edge, and none is installed: install one (on Debian and Ubuntu "
        f"`apt-get install chromium`), name it in {VARIABLE}, or open the HTML file in any browser and print it "
        "to a file",
        code="E-browser-none",
    )


def write(page: Path, out: Path) -> None:
    """Print an HTML file to a PDF.

    Raises
    ------
    HinderedError
        If the browser does not do it.
    """
    program = browser()
    with disk.written(out) as part, tempfile.TemporaryDirectory(prefix="funnelsim-") as profile:
        command = [
            program, "--headless", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}",
            "--no-pdf-header-footer", f"--print-to-pdf={part}",
            # Chromium refuses to run for root unless it is told so; the page has no script but its own.
            *(["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []),
            page.absolute().as_uri(),
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise HinderedError(f"{out}: {program} did not print it: {error}", code="E-browser-failed") from error
        if done.returncode or not part.is_file() or not part.stat().st_size:
            last = done.stderr.strip().splitlines()[-1:] or ["it gave no reason"]
            raise HinderedError(f"{out}: {program} did not print it: {last[0]}", code="E-browser-failed")
