"""What is wrong with exports of a firm's records, or with how they are to be read."""

from __future__ import annotations

from funnelsim.errors import FunnelsimError

LEAST_SHOWN = 40
"""Signs of a cell that a message shows at most."""


class CalibrationError(FunnelsimError):
    """Exports that cannot be read or used as they are; the message says what to change or what to write."""


def shown(text: str) -> str:
    """A cell in a message."""
    return repr(text if len(text) <= LEAST_SHOWN else f"{text[:LEAST_SHOWN]}...")
