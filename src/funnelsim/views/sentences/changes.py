"""What a diagnosis tries, in the language in force."""

from __future__ import annotations

import datetime as dt

from funnelsim.experiments.diagnosis.change import Change

from ..words import numbers, say


def change_name(name: str) -> str:
    """A change that was tried; what has no parts is as it is."""
    if not isinstance(name, Change):
        return name
    told = {key: numbers.date(value) if isinstance(value, dt.date) else value for key, value in name.of.items()}
    return say(f"change.{name.kind}", **told)
