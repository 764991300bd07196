"""What all tests share."""

from __future__ import annotations

import pytest


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the engine once, before workers and the commands under test would all do so at the same time."""
    if hasattr(session.config, "workerinput"):
        return
    from funnelsim.engine.compiled import kernel

    if not kernel.advance.is_plain:
        kernel.advance.load()
