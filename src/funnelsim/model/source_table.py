"""The tables of sources, and of those that a team works."""

from __future__ import annotations

import numpy as np

from funnelsim.scenario.quantities import HOUR, Duration
from funnelsim.scenario.types import Readiness, ScenarioSpec

from .builder import Dists, cents, ints, shares
from .distributions import mean
from .draws import name_hash32
from .kinds import Kinds
from .tables import OutboundTable, SourceTable


def source_table(spec: ScenarioSpec, kinds: Kinds, dists: Dists) -> SourceTable:
    """All sources."""
    stages = list(spec.stages)
    segments = tuple((name, segment.share) for name, segment in spec.segments.items()) or (("all", 1.0),)
    sources = list(spec.sources.values())
    mixes = [dict(source.mix) if source.mix is not None else dict(segments) for source in sources]
    ready = [ready_shares(source.readiness) for source in sources]
    return SourceTable(
        entity=ints([name_hash32(source.key or name) for name, source in spec.sources.items()]),
        upto=np.array(source_shares(spec), dtype=np.float64),
        quality=np.array([source.quality for source in sources], dtype=np.float64),
        batch=ints([dists.row(source.batch) for source in sources]),
        every=ints([dists.row(source.every) for source in sources]),
        mix=np.array([u for mix in mixes for u in shares(tuple((n, mix.get(n, 0.0)) for n, _ in segments))]),
        ready=np.array([at[0] for at in ready], dtype=np.float64),
        later=np.array([at[1] for at in ready], dtype=np.float64),
        ready_time=ints([dists.row(source.readiness.time) for source in sources]),
        to=ints([stages.index(name or stages[0]) for source in sources for name in kinds.resolve(source.to)]),
        cost=ints([cents(source.cost) for source in sources]),
    )


def source_shares(spec: ScenarioSpec) -> list[float]:
    """Cumulative shares of the sources in the leads of a year; one without a rate has none, unless none has."""
    rates = []
    for name, source in spec.sources.items():
        per_hour = 0.0 if source.rate is None else source.rate.per_hour
        if source.every is not None:
            per_hour = HOUR / max(float(mean(source.every)), 1.0)
        rates.append((name, per_hour * float(mean(source.batch))))
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
