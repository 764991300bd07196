"""One replication on the compiled engine, in slices: between them rows are taken away and columns grow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from funnelsim.errors import FunnelsimError
from funnelsim.model import records as rec
from funnelsim.model.model import Model
from funnelsim.model.numbers.draws import LARGEST_COUNT
from funnelsim.model.rules import customer_rules
from funnelsim.model.spool import TILE, Spool

from .kernel import advance
from .machine.structs import Struct, row_words
from .story.loop import NEEDS_COLUMNS, NEEDS_ROOM, PAUSED
from .world import room
from .world.build import blueprint, free_rows, length_of
from .world.draw import FINISHED, TOO_MANY_BORN, TOO_MANY_DUES, TOO_MANY_VISITS
from .world.rows import NAMES, Numbered, Rows, rows_of, written
from .world.rows import length_of as room_of
from .world.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

SLICE = 200_000
"""Steps after which control comes back, for progress and Ctrl-C."""


class Slices:
    """A run, and the rows that it has written so far."""

    def __init__(self, model: Model, seed: int, replication: int, events: bool, rows: int | None = None) -> None:
        self._model = model
        self._replication = replication
        self._blueprint = blueprint(model)
        self.world: World = self._blueprint.fresh(seed, replication, events)
        self._spool: Spool | None = None
        if rows is not None and not events:
            self._rows_in_memory = max(rows, 1)
            self._spool = Spool({name: _words_of(rows_of(self.world.out, name)) for name in SPOOLED})
            for name in SPOOLED:
                few = rows_of(self.world.out, name)
                few.sheet = few.sheet[: self._rows_in_memory * row_words(type(few))]

    def run(self, progress: Callable[[float], None] | None) -> rec.Records:
        """Run to the horizon."""
        w = self.world
        while True:
            why = advance(w)
            if why == NEEDS_ROOM:
                self._make_room()
            elif why == PAUSED:
                w.pause = SLICE
                if progress is not None:
                    progress(min(w.now / w.horizon, 1.0))
            elif why == NEEDS_COLUMNS:
                self._make_columns()
            elif why == FINISHED:
                break
            else:
                raise FunnelsimError(MESSAGES[why], code=CODES[why])
        if progress is not None:
            progress(1.0)
        records = self.records()
        self._blueprint.remember(w)
        self._blueprint.recycle(w.out)
        return records

    # --- room ---------------------------------------------------------------------------------------

    def _make_room(self) -> None:
        """Let columns grow where room has run out."""
        w, which = self.world, self.world.tightest
        if which >= room.VISIT_ROWS:
            self._make_room_for_rows(NAMES[which - room.VISIT_ROWS])
            return
        grown = (w.heap, w.hops, w.hops, w.leads, w.items, w.customers, w.tasks, w.nodes, w.reps)[which]
        if grown is w.hops:
            self._move_hops("first" if which == room.FIRST_HOPS else "then")
            return
        before = length_of(grown)
        enlarge(grown)
        if grown is w.heap:
            free_rows(w.heap, before)
        if grown is w.reps:
            enlarge(w.lines)
        needed = len(w.items.slots.link) * w.most_teams * w.teams.rules_most
        needed = max(needed, len(w.leads.slots.link), len(w.customers.slots.link))
        if len(w.scratch) < needed:
            w.scratch = np.zeros(needed, dtype=np.int64)

    def _make_room_for_rows(self, name: str) -> None:
        """Let rows of a kind leave memory if there may be no more of them there; else let their room grow."""
        rows = rows_of(self.world.out, name)
        most = room_of(rows)
        # Where less than half is filled, the rest is room for what is in progress, which needs more.
        if self._spool is not None and most >= self._rows_in_memory and 2 * rows.written > most:
            self._put(self._spool, name)
        else:
            rows.sheet = longer(rows.sheet)

    def _put(self, spool: Spool, name: str) -> None:
        """Let rows leave memory."""
        rows = rows_of(self.world.out, name)
        spool.put(name, written(rows), min(self.world.now / self.world.horizon, 1.0))
        rows.written = 0

    def _move_hops(self, name: str) -> None:
        """Move what is to happen at once to the beginning of its column, and let that grow."""
        hops = self.world.hops
        head, tail = getattr(hops, f"{name}_head"), getattr(hops, f"{name}_tail")
        column = getattr(hops, name)
        words = 3
        column[: (tail - head) * words] = column[head * words : tail * words].copy()
        setattr(hops, f"{name}_head", 0)
        setattr(hops, f"{name}_tail", tail - head)
        setattr(hops, name, longer(getattr(hops, name)))

    def _make_columns(self) -> None:
        """Columns for the rows of visits and leads, in one piece; none if some of them are on disk.

        The C library keeps one piece that is given back for the next replication; of several it returns some to
        the system, and getting them again takes as long as the events.
        """
        out = self.world.out
        if self._spool is not None and self._spool.used:
            self.world.status = FINISHED
            return
        visits, leads = written(out.visits).size, written(out.leads).size
        both = np.empty(visits + leads, dtype=np.int64)
        out.visit_columns, out.lead_columns = both[:visits], both[visits:]
        out.places = np.zeros(out.leads.written + 1, dtype=np.int64)
        out.arranged = 1

    # --- rows ---------------------------------------------------------------------------------------

    def records(self) -> rec.Records:
        """The records of the whole run."""
        w = self.world
        of_leads = self._spooled(self._spool) if self._spool is not None and self._spool.used else self._arranged()
        return rec.Records(
            replication=self._replication,
            reps=_reps(w),
            series=self._series(),
            waits=self._waits(),
            events=_records_of(rec.Events, _columns(w.out.events)) if w.out.logs else None,
            **of_leads,
        )

    def _arranged(self) -> dict[str, Any]:
        """What is written row by row, in memory."""
        out = self.world.out
        words = {
            "visits": out.visit_columns.reshape(row_words(type(out.visits)), -1),
            "leads": out.lead_columns.reshape(row_words(type(out.leads)), -1)[1:],
            **{name: _columns(rows_of(out, name)) for name in ("customers", "moves", "tasks")},
        }
        records = {name: _records_of(SPOOLED[name], columns) for name, columns in words.items()}
        records["customers"].arr[:] *= self.world.tables.customers.recurring
        return records

    def _spooled(self, spool: Spool) -> dict[str, Any]:
        """The same, on disk if any rows of its kind are there."""
        out, recurring = self.world.out, self.world.tables.customers.recurring
        records = {}
        for name, kind in SPOOLED.items():
            by = {"visits": "lead", "moves": None}.get(name, "row")
            if not spool.has(name):
                records[name] = _records_of(kind, _sorted_columns(rows_of(out, name), kind, by))
                continue
            self._put(spool, name)
            if name == "customers" and recurring == 0:
                spool.fill(name, "arr", 0)
            records[name] = spool.take(name, kind, by)
        if isinstance(records["customers"], rec.Customers):
            records["customers"].arr[:] *= recurring
        return records

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


SPOOLED: dict[str, Any] = {
    "visits": rec.Visits, "leads": rec.Leads, "customers": rec.Customers, "moves": rec.Moves, "tasks": rec.Tasks
}  # fmt: skip
"""Rows that may lie on disk."""

MESSAGES = {
    TOO_MANY_VISITS: f"a lead's visits to a stage, and touches of a visit, end at {LARGEST_COUNT}",
    TOO_MANY_DUES: f"what falls due for one customer must stay below {LARGEST_COUNT} of a kind",
    TOO_MANY_BORN: customer_rules.runaway(),
}
CODES = {TOO_MANY_VISITS: "E-run-limit", TOO_MANY_DUES: "E-run-limit", TOO_MANY_BORN: "E-run-runaway"}


def longer(column: Any) -> Any:
    """A column with twice the room, the rest 0."""
    larger = np.zeros(2 * len(column), dtype=column.dtype)
    larger[: len(column)] = column
    return larger


def enlarge(struct: Struct) -> None:
    """Let all columns of a structure be twice as long."""
    for name, field in struct.fields.items():
        value = getattr(struct, name)
        if isinstance(value, Struct):
            enlarge(value)
        elif isinstance(value, np.ndarray) and field.stride == 1:
            setattr(struct, name, longer(value))


def _words_of(rows: Rows) -> list[str]:
    return [name for name, field in rows.fields.items() if field.stride > 1]


def _columns(rows: Rows) -> Any:
    """Columns of what has been written, in the order of the records."""
    if not isinstance(rows, Numbered):
        return written(rows).T.copy()
    return np.ascontiguousarray(written(rows)[np.argsort(rows.row[: rows.written])].T)[1:]


def _sorted_columns(rows: Rows, kind: Any, by: str | None) -> Any:
    """Columns of the records of a kind, sorted by a word."""
    words, names = written(rows), _words_of(rows)
    places = [names.index(field) for field in kind._fields]
    order = np.arange(len(words)) if by is None else np.argsort(words[:, names.index(by)], kind="stable")
    columns = np.empty((len(places), len(words)), dtype=np.int64)
    for at in range(0, len(words), TILE):  # a copy of all would take memory anew from the system
        columns[:, at : at + TILE] = words[order[at : at + TILE]].T[places]
    return columns


def _records_of(kind: Any, columns: Any) -> Any:
    """Records of columns of words."""
    types = rec.types_of(kind).values()
    return kind(*(column.view(dtype) for column, dtype in zip(columns, types, strict=True)))


def _reps(w: World) -> rec.Reps:
    return rec.Reps(*(getattr(w.reps, name)[: w.reps.count].copy() for name in rec.Reps._fields))


def run(
    model: Model,
    seed: int,
    replication: int,
    events: bool = False,
    progress: Callable[[float], None] | None = None,
    rows: int | None = None,
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
    rows : int, optional
        Rows of a kind (visits, leads, customers, ...) that stay in memory. Where there are more, all are put into
        temporary files, from which a column is read each time it is asked for. By default, and with an event log,
        all stay in memory.

    Returns
    -------
    Records
        What the run leaves behind: to the byte what the reference engine leaves.

    Raises
    ------
    SpaceError
        If there is no room for the temporary files.
    """
    return Slices(model, seed, replication, events, rows).run(progress)
