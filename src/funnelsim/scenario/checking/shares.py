"""Shares and weights that may be meant otherwise than they are taken."""

from __future__ import annotations

from collections.abc import Iterator

from funnelsim.errors import Warned

from ..forms.quantities import Weights
from ..language.types import ScenarioSpec

TOLERANCE = 0.005


def share_slips(spec: ScenarioSpec) -> Iterator[Warned]:
    groups = [("segments", tuple((name, segment.share) for name, segment in spec.segments.items()))]
    groups.append(("territories", spec.territories))
    groups += [(f"sources.{name}.mix", source.mix) for name, source in spec.sources.items() if source.mix]
    for path, weights in groups:
        if weights and not adds_up(weights):
            yield Warned(
                f"{path}: the shares add up to {sum(share for _, share in weights):g}, and are taken as weights",
                "W-shares-sum",
            )
    for name, source in spec.sources.items():
        ready = source.readiness
        total = ready.ready + ready.later + ready.never
        if abs(total - 1) > TOLERANCE:
            yield Warned(
                f"sources.{name}.readiness: the shares add up to {total:g}, and are taken as weights",
                "W-shares-sum",
            )
        if ready.later > 0 and not any(stage.nurtures for stage in spec.stages.values()):
            yield Warned(
                f"sources.{name}.readiness: no stage nurtures, so leads of `later` never become ready",
                "W-readiness-never",
            )


def two_scales(spec: ScenarioSpec) -> Iterator[Warned]:
    """Weights above 1 beside some below: ``40`` and ``30 %`` of one whole, most likely."""
    groups: list[tuple[str, Weights]] = [
        ("segments", tuple((name, segment.share) for name, segment in spec.segments.items())),
        ("territories", spec.territories),
        *((f"sources.{name}.mix", source.mix or ()) for name, source in spec.sources.items()),
        *((f"teams.{name}.queue", team.queue.rule) for name, team in spec.teams.items()),
    ]
    for name, stage in spec.stages.items():
        for key, value in (("next", stage.next), ("otherwise", stage.otherwise)):
            groups += [(f"stages.{name}.{key}", weights or ()) for weights in value.values]
        for key in ("rejected", "expired", "blocked", "dropped"):
            groups.append((f"stages.{name}.on.{key}", getattr(stage.on, key) or ()))
    for path, weights in groups:
        large, small = [w for _, w in weights if w > 1], [w for _, w in weights if 0 < w < 1]
        if large and small:
            shown = " : ".join(f"{weight:g}" for _, weight in weights)
            yield Warned(
                f"{path}: {large[0]:g} stands beside {small[0]:g} ({small[0] * 100:g} %), and they are taken as "
                f"weights, {shown}; write all as shares (0.4 or 40 %), or all as whole numbers",
                "W-shares-scales",
            )


def adds_up(weights: Weights) -> bool:
    """Whether weights are shares of one, or plainly meant as weights: all 1, or some above 1."""
    values = [weight for _, weight in weights]
    return abs(sum(values) - 1) <= TOLERANCE or max(values) > 1 or all(value == 1 for value in values)
