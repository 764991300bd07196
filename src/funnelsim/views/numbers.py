"""Numbers as people read them."""

from __future__ import annotations


def amount(value: float) -> str:
    """A number with three significant digits, and separators from a thousand on: ``7.65``, ``41.2``, ``1,304``."""
    size = abs(value)
    if size >= 99.95 or value == int(value):
        return f"{value:,.0f}"
    if size >= 9.995:
        return f"{value:.1f}"
    if size >= 0.00995:
        return f"{value:.2f}"
    return f"{value:.1g}"


def percent(share: float) -> str:
    """A share as a percentage: ``48 %``, ``0.35 %``."""
    return f"{amount_of_percent(share * 100)} %"


def amount_of_percent(value: float) -> str:
    size = abs(value)
    if size >= 9.95 or value == 0:
        return f"{value:.0f}"
    return f"{value:.1f}" if size >= 0.995 else f"{value:.2g}"


def duration(hours: float) -> str:
    """Elapsed time in the unit that suits it: ``35 min``, ``4.2 h``, ``12 d``."""
    if abs(hours) < 0.995:
        return f"{hours * 60:.0f} min" if hours else "0 h"
    if abs(hours) < 47.95:
        return f"{amount(hours)} h" if abs(hours) < 9.95 else f"{hours:.0f} h"
    days = hours / 24
    return f"{days:.1f} d" if days < 9.95 else f"{days:,.0f} d"
