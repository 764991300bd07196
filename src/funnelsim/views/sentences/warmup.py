"""How long a line takes to fill, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.experiments.warmup import FEW

from ..words import counted, say

if TYPE_CHECKING:
    from funnelsim.experiments.warmup import WarmUp


def verdict(found: WarmUp) -> str:
    """The suggestion, and whether the scenario's own warm-up is as long."""
    if len(found.days) < FEW:
        return counted("warmup.few", len(found.days), least=FEW)
    series = say("warmup.series")
    if found.suggestion is None:
        return say("warmup.moving", series=series)
    return say(
        f"warmup.settled.{'enough' if found.given >= found.suggestion else 'short'}",
        series=series,
        days=found.suggestion,
        batch=found.cut.batch,
        given=f"{found.given:g}",
    )
