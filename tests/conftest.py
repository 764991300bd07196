"""What all tests share."""

from __future__ import annotations

import pytest


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the engine once, before workers and the commands under test would all do so at the same time."""
    if hasattr(session.config, "workerinput"):
        return
    from funnelsim.engine.compiled import kernel

    if kernel.compiles_first():
        import funnelsim as fs

        desk = fs.Scenario.from_dict(
            {
                "funnelsim": 1,
                "horizon": "1 d",
                "warmup": "0 d",
                "sources": {"web": {"rate": "1 / h"}},
                "teams": {"desk": {"headcount": 1, "queue": "fifo"}},
                "stages": {"serve": {"team": "desk", "effort": "30 min"}},
            }
        )
        fs.simulate(desk, replications=1)
