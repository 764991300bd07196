"""The tables of sources, and of those that a team works."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from funnelsim.scenario.forms.quantities import Duration
from funnelsim.scenario.language.types import Readiness, ScenarioSpec

from ..numbers.draws import name_hash32
from .builder import Dists, cents, ints, shares
from .kinds import Kinds
from .names import segment_weights
from .pace import leads_per_hour
from .tables import OutboundTable, SourceTable


def source_table(spec: ScenarioSpec, kinds: Kinds, dists: Dists, segments: Sequence[str]) -> SourceTable:
    """All sources; ``segments`` are those of all periods."""
    stages = list(spec.stages)
    usual = segment_weights(spec)
    sources = list(spec.sources.values())
    mixes = [dict(source.mix) if source.mix is not None else usual for source in sources]
    ready = [ready_shares(source.readiness) for source in sources]
    return SourceTable(
        entity=ints([name_hash32(source.key or name) for name, source in spec.sources.items()]),
        upto=np.array(source_shares(spec), dtype=np.float64),
        quality=np.array([source.quality for source in sources], dtype=np.float64),
        batch=ints([dists.row(source.batch) for source in sources]),
        every=ints([dists.row(source.every) for source in sources]),
        mix=np.array([u for mix in mixes for u in shares(tuple((n, mix.get(n, 0.0)) for n in segments))]),
        ready=np.array([at[0] for at in ready], dtype=np.float64),
        later=np.array([at[1] for at in ready], dtype=np.float64),
        ready_time=ints([dists.row(source.readiness.time) for source in sources]),
        to=ints([stages.index(name or spec.entry) for source in sources for name in kinds.resolve(source.to)]),
        cost=ints([cents(source.cost) for source in sources]),
    )


def source_shares(spec: ScenarioSpec) -> list[float]:
    """Cumulative shares of the sources in the leads of a year; one without a rate has none, unless none has."""
    rates = [(name, float(leads_per_hour(spec, source))) for name, source in spec.sources.items()]
    if not any(rate for _, rate in rates):
        rates = [(name, 1.0) for name, _ in rates]
    return shares(tuple(rates)) if rates else []


def outbound_table(spec: ScenarioSpec, dists: Dists) -> OutboundTable:
    """Sources worked by a team."""
    sources = list(spec.sources.values())
    teams = list(spec.teams)
    cooling = [source.cooling or Duration(0, "d") for source in sources]
    return OutboundTable(
        team=ints([-1 if source.team is None else teams.index(source.team) for source in sources]),
        effort=ints([dists.row(source.effort) for source in sources]),
        gain=np.array([source.yield_ or 0.0 for source in sources], dtype=np.float64),
        market=ints([source.market or 0 for source in sources]),
        cooling=ints([duration.microseconds for duration in cooling]),
    )


def ready_shares(readiness: Readiness) -> list[float]:
    """Cumulative shares of ready, later and never."""
    weights = (("ready", readiness.ready), ("later", readiness.later), ("never", readiness.never))
    return shares(weights)
