"""One replication on the compiled engine, in slices: between them rows are taken away and columns grow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from funnelsim.errors import FunnelsimError
from funnelsim.model import customer_rules
from funnelsim.model import records as rec
from funnelsim.model.draws import LARGEST_COUNT
from funnelsim.model.model import Model

from . import room
from .build import OUT_WIDTHS, build
from .draw import FINISHED, TOO_MANY_BORN, TOO_MANY_DUES, TOO_MANY_VISITS
from .kernel import advance
from .loop import NEEDS_ROOM, PAUSED
from .structs import Struct
from .world import World

if TYPE_CHECKING:
    from collections.abc import Callable

SLICE = 200_000
"""Steps after which control comes back, for progress and Ctrl-C."""

MOST_ROWS = 1 << 16
"""Rows beyond which a column of rows does not grow unless it must."""


class Slices:
    """A run, and the rows that it has written so far."""

    def __init__(self, model: Model, seed: int, replication: int, events: bool) -> None:
        self._model = model
        self._replication = replication
        self.world: World = build(model, seed, replication, events)
        self._taken: dict[str, list[Any]] = {}

    def run(self, progress: Callable[[float], None] | None) -> rec.Records:
        """Run to the horizon."""
        w = self.world
        while True:
            why = advance(w)
            if why == NEEDS_ROOM:
                self._make_room()
            elif why == PAUSED:
                w.pause = SLICE
                if progress is not None and w.now > 0:
                    progress(min(w.now / w.horizon, 1.0))
            elif why == FINISHED:
                break
            else:
                raise FunnelsimError(MESSAGES[why])
        if progress is not None:
            progress(1.0)
        self._take_rows()
        return self.records()

    # --- room ---------------------------------------------------------------------------------------

    def _make_room(self) -> None:
        """Take rows away or let columns grow, where room has run out."""
        w, which = self.world, self.world.tightest
        if which >= room.VISIT_ROWS:
            self._take_rows()
            w.budget = 0
            name, extra = ROWS_OF[which - room.VISIT_ROWS]
            count = len(getattr(w.out, name)) // OUT_WIDTHS[name]
            if count < MOST_ROWS or room.room_of(w, which) < 1:
                for column in (name, *extra):
                    enlarge(w.out, column)
            return
        grown = (w.heap, w.hops, w.hops, w.leads, w.items, w.customers, w.tasks, w.nodes, w.reps)[which]
        if grown is w.hops:
            self._move_hops("first" if which == room.FIRST_HOPS else "then")
            return
        for name in grown.fields:
            enlarge(grown, name)
        if grown is w.reps:
            for name in w.lines.fields:
                enlarge(w.lines, name)
        needed = len(w.items.slots.link) * w.most_teams * w.teams.rules_most
        needed = max(needed, len(w.leads.slots.link), len(w.customers.slots.link))
        if len(w.scratch) < needed:
            w.scratch = np.zeros(needed, dtype=np.int64)

    def _move_hops(self, name: str) -> None:
        """Move what is to happen at once to the beginning of its column, and let that grow."""
        hops = self.world.hops
        head, tail = getattr(hops, f"{name}_head"), getattr(hops, f"{name}_tail")
        column = getattr(hops, name)
        words = 3
        column[: (tail - head) * words] = column[head * words : tail * words].copy()
        setattr(hops, f"{name}_head", 0)
        setattr(hops, f"{name}_tail", tail - head)
        enlarge(hops, name)

    # --- rows ---------------------------------------------------------------------------------------

    def _take_rows(self) -> None:
        """Take away the rows that were written."""
        out = self.world.out
        for (name, extra), counter in zip(ROWS_OF, COUNTERS, strict=True):
            count = getattr(out, counter)
            if count == 0:
                continue
            width = OUT_WIDTHS[name]
            self._keep(name, getattr(out, name)[: count * width].reshape(count, width).copy())
            for column in extra:
                wide = OUT_WIDTHS.get(column, 1)
                self._keep(column, getattr(out, column)[: count * wide].reshape(count, wide).copy())
            setattr(out, counter, 0)

    def _keep(self, name: str, rows: Any) -> None:
        self._taken.setdefault(name, []).append(rows)

    def _rows(self, name: str) -> Any:
        """All rows of a kind in the order they were written."""
        width = OUT_WIDTHS.get(name, 1)
        blocks = self._taken.get(name)
        if blocks is None:
            kind = np.float64 if name in ("contexts", "qualities", "healths") else np.int64
            return np.zeros((0, width), dtype=kind)
        return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)

    def records(self) -> rec.Records:
        """The records of the whole run."""
        w = self.world
        visits = self._rows("visits")
        order = np.lexsort((visits[:, 5], visits[:, 0]))  # stable: visits of one instant stay in order
        leads, customers, tasks = self._rows("leads"), self._rows("customers"), self._rows("tasks")
        by_lead, by_customer, by_task = (np.argsort(rows[:, 0]) for rows in (leads, customers, tasks))
        customers = customers[by_customer, 1:]
        customers[:, 8] *= w.tables.customers.recurring
        qualities = self._rows("qualities")[by_lead]
        return rec.Records(
            replication=self._replication,
            visits=rec.Visits(*_columns(visits[order]), self._rows("contexts")[order, 0].copy()),
            leads=_leads(leads[by_lead, 1:], qualities),
            reps=_reps(w),
            series=self._series(),
            waits=self._waits(),
            events=rec.Events(*_columns(self._rows("events"))) if w.out.logs else None,
            customers=rec.Customers(*_columns(customers), self._rows("healths")[by_customer, 0].copy()),
            moves=rec.Moves(*_columns(self._rows("moves"))),
            tasks=rec.Tasks(*_columns(tasks[by_task, 1:])),
        )

    def _series(self) -> rec.Series:
        """The areas as arrays of shape (bins, stages) or (bins, teams)."""
        books, model = self.world.books, self._model
        bins, stages, teams = len(model.edges) - 1, len(model.stage_names), len(model.team_names)
        areas, lasts = books.areas.reshape(bins, -1), books.lasts.reshape(bins, -1)
        of_stages, of_queues = slice(0, stages), slice(stages, 2 * stages)
        first = areas.shape[1] - 2 * teams
        of_teams, of_heads = slice(first, first + teams), slice(first + teams, None)
        return rec.Series(
            wip=areas[:, of_stages].copy(),
            queue=areas[:, of_queues].copy(),
            wip_last=lasts[:, of_stages].copy(),
            queue_last=lasts[:, of_queues].copy(),
            team_queue=areas[:, of_teams].copy(),
            team_queue_open=books.queue_open.reshape(bins, teams).copy(),
            team_queue_last=lasts[:, of_teams].copy(),
            team_busy=books.busy.reshape(bins, teams).copy(),
            team_filler=books.filler.reshape(bins, teams).copy(),
            team_open=books.team_open.reshape(bins, teams).copy(),
            team_headcount=areas[:, of_heads].copy(),
            arr_last=books.arr_last.copy(),
            customers_last=books.customers_last.copy(),
        )

    def _waits(self) -> rec.Waits:
        model = self._model
        waits = self.world.books.waits.reshape(len(model.edges) - 1, len(model.team_names), 3)
        return rec.Waits(*(np.ascontiguousarray(waits[:, :, part]) for part in range(3)))


ROWS_OF = (
    ("visits", ("contexts",)), ("leads", ("qualities",)), ("customers", ("healths",)), ("moves", ()), ("tasks", ()),
    ("events", ()),
)  # fmt: skip
"""Columns of rows, and what belongs to the same rows."""

COUNTERS = ("visit_count", "lead_count", "customer_count", "move_count", "task_count", "event_count")

MESSAGES = {
    TOO_MANY_VISITS: f"a lead's visits to a stage, and touches of a visit, end at {LARGEST_COUNT}",
    TOO_MANY_DUES: f"what falls due for one customer must stay below {LARGEST_COUNT} of a kind",
    TOO_MANY_BORN: (
        f"the customers of one replication give rise to more than {customer_rules.MOST_BORN:,} leads: where each"
        " brings one more or above by referral, their number grows without bound"
    ),
}


def enlarge(owner: Struct, name: str) -> None:
    """Let a column be twice as long; what is no column stays as it is."""
    value = getattr(owner, name)
    if isinstance(value, np.ndarray):
        larger = np.zeros(2 * len(value), dtype=value.dtype)
        larger[: len(value)] = value
        setattr(owner, name, larger)
    elif isinstance(value, Struct):
        enlarge(value, "link")


def _columns(rows: Any) -> Any:
    return (np.ascontiguousarray(column) for column in rows.T)


def _leads(rows: Any, qualities: Any) -> rec.Leads:
    *columns, parent = _columns(rows)
    return rec.Leads(*columns, qualities[:, 0].copy(), qualities[:, 1].copy(), parent)


def _reps(w: World) -> rec.Reps:
    reps, count = w.reps, w.reps.count
    names = ("team", "seat", "occupant", "start", "end", "present", "busy", "filler", "skill", "speed")
    return rec.Reps(*(getattr(reps, name)[:count].copy() for name in names))


def run(
    model: Model,
    seed: int,
    replication: int,
    events: bool = False,
    progress: Callable[[float], None] | None = None,
) -> rec.Records:
    """Run one replication of a model on the compiled engine.

    Parameters
    ----------
    model : Model
        What to run.
    seed, replication : int
        Key of all random numbers, both from 0 to 2^32 - 1.
    events : bool
        Whether to keep the event log.
    progress : callable, optional
        Called with the share of the horizon that is done, every so often.

    Returns
    -------
    Records
        What the run leaves behind: to the byte what the reference engine leaves.
    """
    return Slices(model, seed, replication, events).run(progress)
