"""Calendar dates and durations on the clock, for the rooms above."""

from __future__ import annotations

from ..forms.moments import DAY, moment

__all__ = ["DAY", "moment"]
