"""Where leads come from: processes that create them, each at its keyed moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelsim.engine.codes import ARRIVAL as ARRIVES
from funnelsim.model import records as rec
from funnelsim.model.model import has_rate
from funnelsim.model.numbers.distributions import lists_of, round_us
from funnelsim.model.numbers.draws import ARRIVAL, BATCH, name_hash32
from funnelsim.model.opening import NOTHING, known_of, standing_of
from funnelsim.model.rules import rules
from funnelsim.model.rules.endowment import NO_WAY, Endowment, Known, endow, endow_at, lead_luck, reachable
from funnelsim.model.rules.standing import AFRESH, Standing
from funnelsim.model.time.arrivals import arrival_time, burst_leads, further, rate_clock

from .journey import Journey
from .standing import lift_on_way
from .world.state import Lead, Rep

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from funnelsim.model.tables.tables import SourceTable
    from funnelsim.scenario.language.types import Burst

    from .run import Run


class Sources:
    """All sources of a run."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @property
    def _table(self) -> SourceTable:
        return self._run.tables.sources

    def start(self) -> None:
        """Start the process of each source and of its bursts, in file order."""
        run = self._run
        self.open_deals()
        for index, bursts in enumerate(run.model.bursts):
            if has_rate(run.model, index):
                run.clock.process(self._arrivals(index, self._poisson(index)))
            elif self._table.every[index] >= 0:
                run.clock.process(self._arrivals(index, self._renewals(index)))
            if bursts:
                run.clock.process(self._bursts(index, bursts))

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
            target = further(target, run.luck.uniform(entity, n, ARRIVAL))
            yield arrival_time(clock, target)

    def _renewals(self, index: int) -> Iterator[int]:
        """Moments apart by a distribution, in the source's own time if that is another than elapsed time."""
        run, entity, plan = self._run, self._table.entity[index], self._run.model.plans[index]
        clock = None if plan is None else lists_of(rate_clock(plan, *run.key, entity))
        now, n = 0, 0
        while (row := self._table.every[index]) >= 0:
            n += 1
            now += round_us(run.luck.draw(run.tables.dists, row, entity, n, ARRIVAL))
            yield now if clock is None else arrival_time(clock, float(now))

    def _arrivals(self, index: int, moments: Iterator[int]) -> Generator[Any, Any, None]:
        """Process: create leads at each moment, as many as the batch has."""
        run = self._run
        number = 0
        for n, when in enumerate(moments, start=1):
            if when >= run.clock.horizon:
                return
            yield run.clock.sleep(when, ARRIVES, index)
            T = self._table
            size = run.luck.draw(run.tables.dists, T.batch[index], T.entity[index], n, BATCH)
            u = 1.0 if size == int(size) else run.luck.uniform(T.entity[index], n, BATCH, 0, 1)
            for _ in range(rules.whole_number(size, u)):
                number += 1
                self.create(index, number, 0, (T.entity[index], number))

    def _bursts(self, index: int, bursts: tuple[Burst, ...]) -> Generator[Any, Any, None]:
        """Process: exactly so many leads a burst, spread evenly at random over a while."""
        run = self._run
        leads = burst_leads(bursts, self._table.entity[index], run.model.start, *run.key)
        columns = zip(leads.time.tolist(), leads.hi.tolist(), leads.lo.tolist(), strict=True)
        for number, (when, high, low) in enumerate(columns, start=1):
            if 0 <= when < run.clock.horizon:
                yield run.clock.sleep(when, ARRIVES, index)
                self.create(index, number, 1, (high, low))

    # --- at the start ---

    def open_deals(self) -> None:
        """Put the leads that are in the line at the start where they stand."""
        run, opening = self._run, self._run.model.spec.opening
        for stage, count in opening.leads:
            for number in range(1, count + 1):
                self._open(stage, number, AFRESH, NOTHING, None, None)
        owners: dict[tuple[int, str], int] = {}
        for number, deal in enumerate(opening.deals, start=1):
            owner = (deal.owner, owners) if deal.owner else None
            standing = standing_of(run.model, deal)
            self._open(deal.stage, number, standing, known_of(run.model, deal), owner, deal.booked)

    def _open(
        self,
        name: str,
        number: int,
        standing: Standing,
        known: Known,
        owner: tuple[str, dict[tuple[int, str], int]] | None,
        booked: bool | None,
    ) -> None:
        """Create a lead that entered a stage some time ago."""
        run = self._run
        stage = run.model.stage_names.index(name)
        booked = run.tables.stages.won_before[stage] == 1 if booked is None else booked
        key = run.model.spec.stages[name].key or name
        entity = (name_hash32(f"opening/{key}"), number)
        there = reachable(run.tables, stage, known.source)
        source, drawn, attempt = endow_at(run.tables, *run.key, *entity, stage, known, there, standing)
        lead = Lead(len(run.ledger.leads), *entity, source, number, standing.created)
        lead.opening = 1
        self.endow_lead(lead, drawn)
        if standing.goes_on == 1 and attempt != NO_WAY:
            lift_on_way(run, lead, stage, attempt)
        run.ledger.leads.append(lead)
        run.ledger.event(0, lead, -1, rec.CREATED)
        if booked:
            lead.ended, lead.outcome = 0, rec.WON
            run.customers.booked(lead, before=True)
        teams = run.teams_of(stage * run.kinds + lead.kind)
        if teams:
            lead.last_team = teams[0]
            if owner is not None and not run.tables.stages.any_rep[stage]:
                rep = self._named_owner(teams[0], *owner)
                if rep is not None:
                    run.handover.own(lead, rep)
        run.clock.process(Journey(run, lead).travel(stage, standing))

    def _named_owner(self, team: int, name: str, seats: dict[tuple[int, str], int]) -> Rep | None:
        """The rep who stands for a named owner: each new name of a team takes the next seat, going round."""
        reps = [rep for rep in self._run.ledger.reps if rep.team == team]
        if not reps:
            return None
        return reps[seats.setdefault((team, name), len([at for at in seats if at[0] == team])) % len(reps)]

    # --- what ---

    def create(
        self, index: int, number: int, burst: int, entity: tuple[int, int], found_by: Rep | None = None
    ) -> None:
        """Create a lead with its own draws, and start its journey; ``found_by`` the rep whose contact it was."""
        run = self._run
        now = run.clock.now
        lead = Lead(len(run.ledger.leads), *entity, index, number, now)
        lead.burst = burst
        if burst:
            luck = lead_luck(run.tables, *run.key, *entity, index, 0)
        else:
            luck = run.luck.of_lead(run.tables, *entity, index)
        self.endow_lead(lead, endow(run.tables, luck, *run.key, *entity, index, rec.NEW, 0))
        run.ledger.leads.append(lead)
        run.ledger.event(now, lead, -1, rec.CREATED)
        to = self._table.to[index * run.kinds + lead.kind]
        if found_by is not None:
            lead.last_team, lead.last_rep = found_by.team, found_by
            cell = to * run.kinds + lead.kind
            if found_by.end < 0 and found_by.team in run.teams_of(cell) and not run.tables.stages.any_rep[to]:
                run.handover.own(lead, found_by)
        run.clock.process(Journey(run, lead).travel(to))

    def endow_lead(self, lead: Lead, drawn: Endowment) -> None:
        """Give a lead what was drawn for it."""
        lead.segment, lead.territory, lead.kind = drawn.segment, drawn.territory, drawn.kind
        lead.value, lead.quality, lead.score, lead.seen_as = drawn.value, drawn.quality, drawn.score, drawn.seen_as
        lead.readiness, lead.ready_after = drawn.readiness, drawn.ready_after
