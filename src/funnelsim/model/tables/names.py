"""Segments and territories over all periods of a scenario, so that an index means the same in each."""

from __future__ import annotations

from collections.abc import Iterable

from funnelsim.scenario.language.types import ScenarioSpec

NO_SEGMENT = "all"
"""The segment of all leads while there are no segments."""


def segment_names(specs: Iterable[ScenarioSpec]) -> list[str]:
    """All segments, in the order in which periods name them."""
    return list(dict.fromkeys(name for spec in specs for name in segment_weights(spec)))


def territory_names(specs: Iterable[ScenarioSpec]) -> list[str]:
    """All territories, in the order in which periods name them."""
    return list(dict.fromkeys(name for spec in specs for name, _ in spec.territories))


def segment_weights(spec: ScenarioSpec) -> dict[str, float]:
    """The weight of each segment that there is in a period."""
    return {name: segment.share for name, segment in spec.segments.items()} or {NO_SEGMENT: 1.0}
