"""Where leads come from: processes that create them, each at its keyed moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelsim.model import records as rec
from funnelsim.model import rules
from funnelsim.model.arithmetic import normal_quantile
from funnelsim.model.arrivals import arrival_time, burst_leads, next_target, rate_clock
from funnelsim.model.distributions import draw, lists_of, round_us
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
    uniform,
)

from .clock import ARRIVAL as ARRIVES
from .journey import Journey
from .state import Lead, Rep

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from funnelsim.scenario.types import Source

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
            if source.bursts:
                run.clock.process(self._bursts(index, source))

    # --- when ---

    def _poisson(self, index: int) -> Iterator[int]:
        """Moments where the cumulative rate reaches the sum of n keyed exponentials."""
        run, entity = self._run, self._table.entity[index]
        plan = run.model.plans[index]
        assert plan is not None  # only called for sources with a rate
        clock = lists_of(rate_clock(plan, *run.key, entity))
        target, n = 0.0, 0
        while True:
            n += 1
            target = next_target(target, *run.key, entity, n)
            yield arrival_time(clock, target)

    def _renewals(self, index: int) -> Iterator[int]:
        """Moments apart by a distribution."""
        run, entity, row = self._run, self._table.entity[index], self._table.every[index]
        now, n = 0, 0
        while True:
            n += 1
            now += round_us(draw(run.tables.dists, row, *run.key, entity, n, ARRIVAL, 0, 0))
            yield now

    def _arrivals(self, index: int, moments: Iterator[int]) -> Generator[Any, Any, None]:
        """Process: create leads at each moment, as many as the batch has."""
        run, T = self._run, self._table
        number = 0
        for n, when in enumerate(moments, start=1):
            if when >= run.clock.horizon:
                return
            yield run.clock.sleep(when, ARRIVES, index)
            size = draw(run.tables.dists, T.batch[index], *run.key, T.entity[index], n, BATCH, 0, 0)
            u = 1.0 if size == int(size) else uniform(*run.key, T.entity[index], n, BATCH, 0, 1)
            for _ in range(rules.whole_number(size, u)):
                number += 1
                self.create(index, number, 0, (T.entity[index], number))

    def _bursts(self, index: int, source: Source) -> Generator[Any, Any, None]:
        """Process: exactly so many leads a burst, spread evenly at random over a while."""
        run = self._run
        leads = burst_leads(source, self._table.entity[index], run.model.start, *run.key)
        columns = zip(leads.time.tolist(), leads.hi.tolist(), leads.lo.tolist(), strict=True)
        for number, (when, high, low) in enumerate(columns, start=1):
            if 0 <= when < run.clock.horizon:
                yield run.clock.sleep(when, ARRIVES, index)
                self.create(index, number, 1, (high, low))

    # --- what ---

    def create(
        self, index: int, number: int, burst: int, entity: tuple[int, int], found_by: Rep | None = None
    ) -> None:
        """Create a lead with its own draws, and start its journey; ``found_by`` the rep whose contact it was."""
        run = self._run
        now = run.clock.now
        lead = Lead(len(run.ledger.leads), *entity, index, number, now)
        lead.burst = burst
        self.endow(lead)
        run.ledger.leads.append(lead)
        run.ledger.event(now, lead, -1, rec.CREATED)
        to = self._table.to[index * run.kinds + lead.kind]
        if found_by is not None:
            lead.last_team, lead.last_rep = found_by.team, found_by
            cell = to * run.kinds + lead.kind
            if found_by.end < 0 and found_by.team in run.teams_of(cell) and not run.tables.stages.any_rep[to]:
                run.handover.own(lead, found_by)
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
            value = draw(run.tables.dists, row, *run.key, lead.high, lead.low, VALUE, 0, 0)
            lead.value = round_us(value * 100.0)
        mean, accuracy = T.quality[index], run.tables.score_accuracy
        lead.quality = mean + normal_quantile(self._u(lead, QUALITY))
        noise = normal_quantile(self._u(lead, SCORE)) if accuracy < 1.0 else 0.0
        lead.score = rules.observed_score(lead.quality, accuracy, noise)
        lead.seen_as = rules.estimated_quality(mean, accuracy, lead.score)
        if T.ready[index] < 1.0:
            self._readiness(lead, index)
        territory = lead.territory if lead.territory >= 0 else territories
        lead.kind = K.segment[lead.segment] + K.territory[territory] + K.source[index] + K.origin[lead.origin]

    def _readiness(self, lead: Lead, index: int) -> None:
        """Draw whether the lead is ready, later, or never, and how much nurturing it needs."""
        run, T = self._run, self._table
        u = self._u(lead, READINESS)
        lead.readiness = rec.READY if u < T.ready[index] else rec.LATER if u < T.later[index] else rec.NEVER_READY
        row = T.ready_time[index]
        lead.ready_after = round_us(draw(run.tables.dists, row, *run.key, lead.high, lead.low, READY_TIME, 0, 0))

    def _u(self, lead: Lead, purpose: int) -> float:
        return uniform(*self._run.key, lead.high, lead.low, purpose, 0, 0)
