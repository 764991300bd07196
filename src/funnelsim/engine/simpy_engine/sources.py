"""Where leads come from: processes that create them, each at its keyed moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelsim.model import records as rec
from funnelsim.model import rules
from funnelsim.model.arithmetic import log, normal_quantile
from funnelsim.model.arrivals import arrival_time, burst_times, rate_clock
from funnelsim.model.distributions import draw, round_us
from funnelsim.model.draws import (
    ARRIVAL,
    BATCH,
    QUALITY,
    READINESS,
    READY_TIME,
    SCORE,
    SEGMENT,
    TERRITORY,
    VALUE,
    name_hash32,
    uniform,
)

from .clock import ARRIVAL as ARRIVES
from .journey import Journey
from .state import Lead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .run import Run


class Sources:
    """All sources of a run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._table = run.tables.sources

    def start(self) -> None:
        """Start the process of each source and of its bursts, in file order."""
        run = self._run
        for index, source in enumerate(run.model.spec.sources.values()):
            if source.rate is not None:
                run.clock.process(self._arrivals(index, self._poisson(index)))
            elif source.every is not None:
                run.clock.process(self._arrivals(index, self._renewals(index)))
            for number, burst in enumerate(source.bursts, start=1):
                run.clock.process(self._burst(index, number, burst))

    # --- when ---

    def _poisson(self, index: int) -> Iterator[int]:
        """Moments where the cumulative rate reaches the sum of n keyed exponentials."""
        run, entity = self._run, self._table.entity[index]
        plan = run.model.plans[index]
        clock = rate_clock(plan, run.seed, run.replication, entity)
        target, n = 0.0, 0
        while True:
            n += 1
            target -= log(1.0 - uniform(run.seed, run.replication, entity, n, ARRIVAL, 0, 0))
            yield arrival_time(clock, target)

    def _renewals(self, index: int) -> Iterator[int]:
        """Moments apart by a distribution."""
        run, entity, row = self._run, self._table.entity[index], self._table.every[index]
        now, n = 0, 0
        while True:
            n += 1
            now += round_us(draw(run.tables.dists, row, run.seed, run.replication, entity, n, ARRIVAL, 0, 0))
            yield now

    def _arrivals(self, index: int, moments: Iterator[int]) -> Iterator[Any]:
        """Process: create leads at each moment, as many as the batch has."""
        run, T = self._run, self._table
        number = 0
        for n, when in enumerate(moments, start=1):
            if when >= run.clock.horizon:
                return
            yield run.clock.sleep(when, ARRIVES, index)
            u = uniform(run.seed, run.replication, T.entity[index], n, BATCH, 0, 1)
            size = draw(
                run.tables.dists, T.batch[index], run.seed, run.replication, T.entity[index], n, BATCH, 0, 0
            )
            for _ in range(rules.whole_number(size, u)):
                number += 1
                self._create(index, number, 0, T.entity[index])

    def _burst(self, index: int, number: int, burst: Any) -> Iterator[Any]:
        """Process: exactly so many leads, spread evenly at random over a while."""
        run = self._run
        name = list(run.model.spec.sources.values())[index].key or run.model.source_names[index]
        entity = name_hash32(f"{name}/burst {number}")
        moments = burst_times(burst, run.model.start, run.seed, run.replication, entity)
        for n, when in enumerate(moments, start=1):
            if when < run.clock.now:
                continue
            if when >= run.clock.horizon:
                return
            yield run.clock.sleep(when, ARRIVES, index)
            self._create(index, n, number, entity)

    # --- what ---

    def _create(self, index: int, number: int, burst: int, entity: int) -> None:
        """Create a lead with its own draws, and start its journey."""
        run = self._run
        now = run.clock.now
        lead = Lead(len(run.ledger.leads), entity, number, index, number, now)
        lead.burst = burst
        self.endow(lead)
        run.ledger.leads.append(lead)
        run.ledger.event(now, lead, -1, rec.CREATED)
        to = self._table.to[index * run.kinds + lead.kind]
        run.clock.process(Journey(run, lead).travel(to))

    def endow(self, lead: Lead) -> None:
        """Draw what a lead is: segment, territory, value, quality and score, readiness."""
        run, T, K = self._run, self._table, self._run.tables.kinds
        index = lead.source
        segments = len(run.tables.segment_value)
        mix = T.mix[index * segments : (index + 1) * segments]
        lead.segment = rules.pick_share(mix, segments, self._u(lead, SEGMENT)) if segments > 1 else 0
        territories = len(run.tables.territory_upto)
        if territories:
            upto = run.tables.territory_upto
            lead.territory = rules.pick_share(upto, territories, self._u(lead, TERRITORY))
        row = run.tables.segment_value[lead.segment]
        if row >= 0:
            value = draw(run.tables.dists, row, run.seed, run.replication, lead.high, lead.low, VALUE, 0, 0)
            lead.value = round_us(value * 100.0)
        mean, accuracy = T.quality[index], run.tables.score_accuracy
        lead.quality = mean + normal_quantile(self._u(lead, QUALITY))
        lead.score = rules.observed_score(lead.quality, accuracy, normal_quantile(self._u(lead, SCORE)))
        lead.seen_as = rules.estimated_quality(mean, accuracy, lead.score)
        if T.ready[index] < 1.0:
            self._readiness(lead, index)
        territory = lead.territory if lead.territory >= 0 else territories
        lead.kind = K.segment[lead.segment] + K.territory[territory] + K.source[index] + K.origin[lead.origin]

    def _readiness(self, lead: Lead, index: int) -> None:
        """Draw whether the lead is ready, later, or never, and how much nurturing it needs."""
        run, T = self._run, self._table
        u = self._u(lead, READINESS)
        lead.readiness = (
            rec.READY if u < T.ready[index] else rec.LATER if u < T.later[index] else rec.NEVER_READY
        )
        row = T.ready_time[index]
        lead.ready_after = round_us(
            draw(run.tables.dists, row, run.seed, run.replication, lead.high, lead.low, READY_TIME, 0, 0)
        )

    def _u(self, lead: Lead, purpose: int) -> float:
        return uniform(self._run.seed, self._run.replication, lead.high, lead.low, purpose, 0, 0)
