"""Open deals of a kind that never gets to where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from funnelsim.errors import Warned
from funnelsim.scenario.language.types import ScenarioSpec

from ..model import Model
from .flow import EndlessFlowError, Group, Router

MOST_GROUPS = 1_000
"""Kinds of leads that are tried for one deal."""


def unreached(model: Model) -> Iterator[Warned]:
    """Deals whose source, segment or territory no lead has that comes to their stage by advancing."""
    spec = model.spec
    kinds = dict.fromkeys(
        (deal.stage, deal.source, deal.segment, deal.territory)
        for deal in spec.opening.deals
        if deal.source or deal.segment or deal.territory
    )
    for stage, *names in kinds:
        known = ", ".join(name for name in names if name)
        if not any(_comes(spec, group, stage) for group in _groups(spec, *names)):
            yield Warned(
                f"opening.deals: no lead of {known} comes to {stage} by advancing, so such deals there are as "
                "good as any that come in, and not as those who got there",
                "W-deal-unreached",
            )


def _groups(spec: ScenarioSpec, source: str | None, segment: str | None, territory: str | None) -> Iterator[Group]:
    """The kinds of leads that a deal of these names may be."""
    sources = [source] if source else list(spec.sources)
    segments = [segment] if segment else list(spec.segments) or ["all"]
    territories = [territory] if territory else [name for name, _ in spec.territories] or [""]
    for number, (at, of, where) in enumerate(product(sources, segments, territories)):
        if number < MOST_GROUPS:
            yield Group(of, where, at, "new")


def _comes(spec: ScenarioSpec, group: Group, stage: str) -> bool:
    entry = group.pick(spec.sources[group.source].to) or spec.entry
    try:
        visits = Router(spec, group).flow({(entry, ""): 1.0}).visits
    except EndlessFlowError:
        return True
    return any(at == stage and rate > 0.0 for (at, _), rate in visits.items())
