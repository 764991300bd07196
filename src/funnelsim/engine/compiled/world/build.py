"""The world of a replication before anything has happened, made of a model."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from funnelsim.model.model import Model, has_rate
from funnelsim.model.numbers.draws import name_hash32
from funnelsim.model.opening import NOTHING, known_of, standing_of
from funnelsim.model.rules.absence import with_days_off
from funnelsim.model.rules.endowment import Known, reachable
from funnelsim.model.rules.standing import AFRESH, Standing
from funnelsim.model.tables.builder import WORK_ITEMS
from funnelsim.model.tables.tables import Tables
from funnelsim.model.time.arrivals import burst_leads, rate_clock
from funnelsim.scenario.forms.quantities import Duration
from funnelsim.scenario.language.moments import moment

from ..machine.structs import FLOATS, INTS, SHEET, Struct, mirror, row_words
from . import world
from .population import Slots
from .rows import NAMES, Out, emptied, expected_rows, new_rows, rows_of
from .rows import length_of as room_of

FEW = 256
"""Entries that a column begins with."""

GROWING = ("heap", "leads", "items", "customers", "tasks", "nodes", "reps")
"""Structures whose columns grow with what is in the organisation."""

MOST_SPARE = 1 << 26
"""Bytes of one replication's rows that are kept for the next, at most."""

ANY_KEY = (0, 0)
"""Stands for seed and replication where what they decide is replaced later."""


def columns(kind: type[Struct], length: int, widths: Any = None, **values: Any) -> Any:
    """A structure whose columns have some length, times what ``widths`` says of some; numbers are 0."""
    struct = kind()
    widths = widths or {}
    lengths, filled = {}, {}
    for name, field in kind.fields.items():
        if field.kind in (INTS, FLOATS):
            if name in values:
                filled[name] = values[name]
            elif name == SHEET:
                lengths[name] = length * row_words(kind)
            elif field.stride == 1:
                lengths[name] = length * widths.get(name, 1)
        elif name in values:
            setattr(struct, name, values[name])
        elif field.struct is Slots:
            setattr(struct, name, columns(Slots, length, free=-1))
    struct.lay_out(lengths, filled)
    return struct


class Periods:
    """The tables of each period that differs from the one before, and when each begins."""

    def __init__(self, model: Model, key: tuple[int, int]) -> None:
        self.tables: list[Tables] = []
        self.starts: list[int] = []
        self.rows: list[list[int]] = []
        self.spans: list[list[list[tuple[int, int]]]] = []
        calendars = model.tables.calendars
        for start, tables in model.periods:
            if self.tables and tables is self.tables[-1]:
                continue
            calendars, rows, spans = with_days_off(tables._replace(calendars=calendars), key, model.horizon)
            self.tables.append(tables)
            self.starts.append(start)
            self.rows.append(rows)
            self.spans.append(spans)
        self.calendars = calendars


class Sizes:
    """How many there are of what the widths of columns hang on."""

    def __init__(self, model: Model, periods: Periods) -> None:
        T = periods.tables[0]
        self.stages = len(model.stage_names)
        self.kinds = int(T.kinds.kinds)
        self.teams = len(model.team_names)
        self.territories = len(model.territory_names)
        self.seats = int(T.teams.seat_offset[-1])
        self.sources = len(model.source_names)
        self.limits = max(1, *(len(each.limits.wip) for each in periods.tables))
        rules = max(int(np.max(np.diff(each.teams.rule_offset), initial=1)) for each in periods.tables)
        self.rule_bits = (rules - 1).bit_length()
        self.rules = 1 << self.rule_bits
        self.team_bits = (max(1, *(_longest_list(each) for each in periods.tables)) - 1).bit_length()
        self.most_teams = 1 << self.team_bits


def _longest_list(T: Tables) -> int:
    customers = np.diff(T.customers.team_offset)
    return max(int(np.max(T.stages.team_count, initial=1)), int(np.max(customers, initial=1)))


def _ints(values: Any) -> Any:
    return np.array(list(values), dtype=np.int64)


class Blueprint:
    """What the worlds of all replications of a model have in common, and a world to copy them from.

    Between replications it remembers only how long columns had to be, so that those of later ones need not grow,
    and keeps memory for rows, as getting it anew takes about as long as the events.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._periods = Periods(model, ANY_KEY)
        self._sizes = Sizes(model, self._periods)
        self._mirrors = [mirror(tables) for tables in self._periods.tables]
        self._has_absences = any((tables.parts.absence_days > 0.0).any() for tables in self._periods.tables)
        self._lengths = dict.fromkeys(GROWING, FEW) | {"heap": 2 * FEW}
        self._rows = expected_rows(model)
        self._spare: list[Out] = []
        self._first = self._world()

    def fresh(self, seed: int, replication: int, events: bool) -> world.World:
        """A world in which nothing has happened yet."""
        key = (seed, replication)
        w: world.World = self._first.copied()
        w.seed, w.replication = key
        if self._has_absences:
            periods = Periods(self._model, key)
            w.calendars = mirror(periods.calendars)
            w.last_interval = periods.calendars.offset[:-1].copy()
            w.seats = _seats(self._sizes, periods)
        if self._draws_rates:
            w.sources = _sources(self._model, self._sizes, self._periods.tables[0], key)
        w.out = self._out(events)
        return w

    def _out(self, events: bool) -> Out:
        """Where rows are written: in memory of an earlier replication, if there is some."""
        if not events:
            with suppress(IndexError):  # another thread may have been quicker
                return self._spare.pop()
        return new_rows(self._rows, events)

    def recycle(self, out: Out) -> None:
        """Keep the memory of rows that have been copied."""
        if out.logs == 0 and sum(rows_of(out, name).sheet.nbytes for name in NAMES) <= MOST_SPARE:
            self._spare.append(emptied(out))

    def remember(self, w: world.World) -> None:
        """How long columns have become in a run."""
        for name in NAMES:
            self._rows[name] = max(self._rows[name], room_of(rows_of(w.out, name)))
        reached = {name: length_of(getattr(w, name)) for name in GROWING}
        if any(reached[name] > length for name, length in self._lengths.items()):
            self._lengths = {name: max(reached[name], length) for name, length in self._lengths.items()}
            self._first = self._world()

    @cached_property
    def _draws_rates(self) -> bool:
        """Whether what sources send is drawn anew for each replication, beyond the gaps between leads."""
        dispersed = any(plan is not None and (plan.dispersion > 1.0).any() for plan in self._model.plans)
        return dispersed or any(self._model.bursts)

    def _world(self) -> world.World:
        model, periods, sizes, mirrors, lengths = (
            self._model, self._periods, self._sizes, self._mirrors, self._lengths,
        )  # fmt: skip
        per_item = {"teams": sizes.most_teams, "lines": sizes.most_teams, "classes": sizes.most_teams}
        nodes = dict.fromkeys(("keys", "child", "sibling", "back"), sizes.most_teams * sizes.rules)
        by_limit = dict.fromkeys(("inside", "been", "held_next", "held_before"), sizes.limits)
        by_stage = {"lifted": sizes.stages, "visits": sizes.stages, "times": 5}
        lines = sizes.teams * (sizes.territories + 1) + lengths["reps"]
        scratch = max(lengths["items"] * sizes.most_teams * sizes.rules, lengths["leads"], lengths["customers"])
        w: world.World = columns(
            world.World,
            0,
            horizon=model.horizon,
            period_count=len(mirrors),
            period_start=_ints(periods.starts),
            stages=sizes.stages,
            kinds=sizes.kinds,
            most_teams=sizes.most_teams,
            team_bits=sizes.team_bits,
            waiting_first=-1,
            waiting_last=-1,
            tables=mirrors[0],
            before=mirrors[0],
            periods=mirrors,
            calendars=mirror(periods.calendars),
            last_interval=periods.calendars.offset[:-1],
            heap=event_list(lengths["heap"]),
            hops=columns(world.Hops, FEW, {"first": world.HOP_WORDS, "then": world.HOP_WORDS}),
            leads=columns(world.Leads, lengths["leads"], by_limit | by_stage),
            items=columns(world.Items, lengths["items"], per_item | nodes),
            reps=columns(world.Reps, lengths["reps"]),
            lines=columns(world.Lines, lines, {"root": sizes.rules, "last": sizes.rules}),
            teams=_teams(sizes),
            seats=_seats(sizes, periods),
            limits=columns(world.Limits, sizes.limits, most=sizes.limits),
            sources=_sources(model, sizes, periods.tables[0], ANY_KEY),
            quotas=_quotas(model, sizes, periods),
            customers=columns(
                world.Customers, lengths["customers"],
                {"dues": 10, "left": 3, "paces": 3, "paced_from": 3, "counts": 5},
            ),
            tasks=columns(world.Tasks, lengths["tasks"]),
            nodes=columns(world.Nodes, lengths["nodes"]),
            deals=_deals(model, sizes, periods),
            books=_books(model, sizes, periods),
            scratch=np.zeros(scratch, dtype=np.int64),
            scratch2=np.zeros(sizes.territories + sizes.stages * sizes.kinds + sizes.kinds + 2, dtype=np.int64),
        )  # fmt: skip
        return w


@lru_cache(maxsize=16)
def blueprint(model: Model) -> Blueprint:
    """The blueprint of a model; those of the last models are kept, for their next replications."""
    return Blueprint(model)


def event_list(length: int) -> Any:
    """A list of events with none in it."""
    heap = columns(world.Heap, length, {"entries": world.EVENT_WORDS, "what": world.WHAT_WORDS})
    free_rows(heap, 0)
    return heap


def free_rows(heap: world.Heap, first: int) -> None:
    """Let entries from a first one on name rows of their own, none of which is in use."""
    heap.entries[first * world.EVENT_WORDS + 3 :: world.EVENT_WORDS] = np.arange(first, length_of(heap))


def _teams(sizes: Sizes) -> Any:
    widths = {"followers": sizes.teams} | dict.fromkeys(("rule", "upto"), sizes.rules)
    return columns(
        world.Teams, sizes.teams, widths | {"order_count": 3}, count=sizes.teams, territories=sizes.territories,
        rules_most=sizes.rules, rule_bits=sizes.rule_bits, last_seat=np.full(sizes.teams, -1, dtype=np.int64),
        orders=np.zeros(3 * sizes.seats, dtype=np.int64),
    )  # fmt: skip


def _seats(sizes: Sizes, periods: Periods) -> Any:
    places: dict[tuple[int, int], int] = {}
    of_seats = []
    for tables in periods.tables:
        for place in zip(tables.seats.pool.tolist(), tables.seats.number.tolist(), strict=True):
            of_seats.append(places.setdefault(place, len(places)))
    offsets: list[int] = []
    spans: list[tuple[int, int]] = []
    for by_seat in periods.spans:
        for of_seat in by_seat:
            offsets.append(len(spans))
            spans += of_seat
        offsets.append(len(spans))
    offset = periods.tables[0].teams.seat_offset
    empty = np.full(sizes.seats, -1, dtype=np.int64)
    return columns(
        world.Seats, sizes.seats, count=sizes.seats, team=np.repeat(np.arange(sizes.teams), np.diff(offset)),
        rep=empty.copy(), bound_for=empty.copy(), occupants=np.zeros(len(places), dtype=np.int64),
        place_seat=np.zeros(len(places), dtype=np.int64), places=_ints(of_seats),
        calendars=_ints(row for rows in periods.rows for row in rows), span_offset=_ints(offsets),
        span_start=_ints(start for start, _ in spans), span_end=_ints(end for _, end in spans),
    )  # fmt: skip


def _sources(model: Model, sizes: Sizes, T: Tables, key: tuple[int, int]) -> Any:
    clocks, times, highs, lows, offsets = [], [], [], [], [0]
    for index, (plan, bursts) in enumerate(zip(model.plans, model.bursts, strict=True)):
        entity = int(T.sources.entity[index])
        clocks.append(mirror(_no_clock() if plan is None else rate_clock(plan, *key, entity)))
        leads = burst_leads(bursts, entity, model.start, *key)
        times += leads.time.tolist()
        highs += leads.hi.tolist()
        lows += leads.lo.tolist()
        offsets.append(len(times))
    none = np.full(sizes.sources, -1, dtype=np.int64)
    return columns(
        world.Sources, sizes.sources, count=sizes.sources, clocks=clocks,
        has_rate=_ints(has_rate(model, index) for index in range(sizes.sources)),
        has_interval=T.sources.every >= 0,
        has_clock=_ints(plan is not None for plan in model.plans),
        burst_offset=_ints(offsets),
        burst_at=_ints(offsets[:-1]), burst_time=_ints(times), burst_high=_ints(highs),
        burst_low=_ints(lows), rested=none.copy(), rested_last=none.copy(),
    )  # fmt: skip


def _no_clock() -> Any:
    from funnelsim.model.time.arrivals import RateClock

    return RateClock(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), 0.0)


def _quotas(model: Model, sizes: Sizes, periods: Periods) -> Any:
    lengths = sorted({int(months) for tables in periods.tables for months in tables.teams.quota_months})
    offset = np.zeros(max(lengths, default=0) + 1, dtype=np.int64)
    edges: list[int] = []
    for months in lengths:
        offset[months] = len(edges)
        number = 0
        while months > 0 and (number == 0 or edges[-1] < model.horizon):
            edges.append(moment(model.start, Duration(float(months * number), "mo")))
            number += 1
    return columns(world.Quotas, sizes.teams, offset=offset, edges=_ints(edges))


def _deals(model: Model, sizes: Sizes, periods: Periods) -> Any:
    spec, T = model.spec, periods.tables[0]
    names = list(dict.fromkeys(deal.owner for deal in spec.opening.deals if deal.owner))
    rows: list[tuple[int, ...]] = []
    before = T.stages.won_before
    for name, count in spec.opening.leads:
        stage = model.stage_names.index(name)
        high = _entity(model, name)
        rows += [(stage, high, number, -1, before[stage], *AFRESH, *NOTHING) for number in range(1, count + 1)]
    for number, deal in enumerate(spec.opening.deals, start=1):
        stage = model.stage_names.index(deal.stage)
        owner = names.index(deal.owner) if deal.owner else -1
        won = before[stage] if deal.booked is None else deal.booked
        known = (*standing_of(model, deal), *known_of(model, deal))
        rows.append((stage, _entity(model, deal.stage), number, owner, won, *known))
    names_of = ("stage", "high", "low", "owner", "won_before", *Standing._fields, *Known._fields)
    of_source = names_of.index("source")
    on_the_way = {pair: reachable(T, *pair) for pair in {(row[0], row[of_source]) for row in rows}}
    table = np.array(rows, dtype=np.int64).reshape(len(rows), len(names_of))
    return columns(
        world.Deals, 0, count=len(rows), owners=len(names),
        **{name: table[:, at].copy() for at, name in enumerate(names_of)},
        number=table[:, 2].copy(), reachable=_ints(on_the_way[row[0], row[of_source]] for row in rows),
        seat=np.full(sizes.teams * len(names), -1, dtype=np.int64),
        seated=np.zeros(sizes.teams, dtype=np.int64),
    )  # fmt: skip


def _entity(model: Model, stage: str) -> int:
    return name_hash32(f"opening/{model.spec.stages[stage].key or stage}")


def length_of(struct: Struct) -> int:
    """How many entries a structure has room for."""
    if isinstance(struct, world.Heap):
        return len(struct.entries) // world.EVENT_WORDS
    return len(struct.team) if isinstance(struct, world.Reps) else len(struct.slots.link)  # type: ignore[attr-defined]


def _books(model: Model, sizes: Sizes, periods: Periods) -> Any:
    bins, areas = len(model.edges) - 1, 2 * sizes.stages + len(WORK_ITEMS) + 2 * sizes.teams
    widths = {"areas": areas, "lasts": areas, "waits": 3 * sizes.teams}
    widths |= dict.fromkeys(("team_open", "busy", "filler", "queue_open"), sizes.teams)
    by_area = {name: np.zeros(areas, dtype=np.int64) for name in ("now", "since", "area")}
    return columns(
        world.Books, bins, widths, edges=_ints(model.edges), **by_area,
        calendars=_ints(row for tables in periods.tables for row in tables.teams.calendar),
    )  # fmt: skip
