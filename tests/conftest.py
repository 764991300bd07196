"""What all tests share."""

from __future__ import annotations

import os

import pytest


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the engine once, before workers and the commands under test would all do so at the same time."""
    # The width of the terminal in which the tests are started decides nothing.
    os.environ.pop("COLUMNS", None)
    # Nor does the language of the machine.
    os.environ["FUNNELSIM_LANG"] = "en"
    if hasattr(session.config, "workerinput"):
        return
    from funnelsim.engine.compiled import kernel

    if not kernel.advance.is_plain:
        kernel.advance.load()
