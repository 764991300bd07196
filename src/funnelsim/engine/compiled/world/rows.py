"""Rows of records, as a run writes them: structures with the names of the fields of `records`, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_type_hints

import numpy as np

from funnelsim.model import records as rec
from funnelsim.model.model import Model
from funnelsim.model.numbers.columns import Ints

from ..machine.structs import Struct, row_words

ROOM = 4096
"""Rows of a kind for which there is room in any case."""

MOST_AT_FIRST = 1 << 21
"""Rows of visits for which there is room from the start, at most; memory is only taken where rows are written."""


class Rows(Struct):
    """Rows of one kind, in the order they are written."""

    in_rows = True
    written: int
    """How many."""


class Numbered(Rows):
    """Rows that are written in another order than they have among the records."""

    row: Ints
    """Which of the records it is."""


def _rows_of(kind: Any, base: type[Rows] = Rows) -> Any:
    """The structure of rows of a record."""
    hints = get_type_hints(kind, include_extras=True)
    return type(kind.__name__, (base,), {"__annotations__": hints, "__module__": __name__})


if TYPE_CHECKING:

    class Visits(rec.Visits, Rows): ...

    class Leads(rec.Leads, Numbered): ...

    class Customers(rec.Customers, Numbered): ...

    class Moves(rec.Moves, Rows): ...

    class Tasks(rec.Tasks, Numbered): ...

    class Events(rec.Events, Rows): ...
else:
    Visits, Moves, Events = _rows_of(rec.Visits), _rows_of(rec.Moves), _rows_of(rec.Events)
    Leads, Customers, Tasks = (_rows_of(kind, Numbered) for kind in (rec.Leads, rec.Customers, rec.Tasks))


class Out(Struct):
    """Rows that are written, until they are taken away."""

    logs: int  # whether events are
    visits: Visits
    leads: Leads
    customers: Customers
    moves: Moves
    tasks: Tasks
    events: Events
    arranged: int  # whether there are columns to put the rows of visits and leads into
    visit_columns: Ints  # [words of a row] one behind the other
    lead_columns: Ints
    places: Ints  # by lead


NAMES = ("visits", "leads", "customers", "moves", "tasks", "events")
"""The kinds of rows."""


def rows_of(out: Out, name: str) -> Rows:
    """The rows of a kind."""
    rows: Rows = getattr(out, name)
    return rows


def written(rows: Rows) -> Any:
    """What has been written, as an array of shape (rows, words)."""
    words = row_words(type(rows))
    return rows.sheet[: rows.written * words].reshape(-1, words)


def length_of(rows: Rows) -> int:
    """For how many rows there is room."""
    return len(rows.sheet) // row_words(type(rows))


def expected_rows(model: Model) -> dict[str, int]:
    """For how many rows there is room from the start."""
    leads = ROOM + int(1.1 * sum(float(plan.daily.sum()) for plan in model.plans if plan is not None))
    return dict.fromkeys(NAMES, ROOM) | {
        "leads": min(leads, MOST_AT_FIRST), "visits": min(leads * len(model.stage_names), MOST_AT_FIRST)
    }  # fmt: skip


def new_rows(lengths: dict[str, int], events: bool) -> Out:
    """Memory for so many rows of each kind, with none in it."""
    out = Out(logs=int(events))
    for name in NAMES:
        kind = Out.fields[name].struct
        assert kind is not None
        length = lengths[name] if events or name != "events" else 0
        setattr(out, name, kind(sheet=np.empty(length * row_words(kind), dtype=np.int64)))
    return emptied(out)


def emptied(out: Out) -> Out:
    """The same memory with no rows in it, and without the columns that the rows were copied into."""
    out.arranged = 0
    for name in NAMES:
        rows_of(out, name).written = 0
    out.visit_columns = out.lead_columns = out.places = np.empty(0, dtype=np.int64)
    return out
