"""Memory for the rows of records that a run writes."""

from __future__ import annotations

from typing import Any

import numpy as np

from funnelsim.model.model import Model

from .ledger import CUSTOMER_WORDS, EVENT_ROW, LEAD_WORDS, MOVE_WORDS, TASK_WORDS, VISIT_WORDS
from .world import Out

ROWS = 4096
"""Rows of a kind for which there is room in any case."""

OUT_WIDTHS = {
    "visits": VISIT_WORDS,
    "leads": LEAD_WORDS,
    "customers": CUSTOMER_WORDS,
    "moves": MOVE_WORDS,
    "tasks": TASK_WORDS,
    "events": EVENT_ROW,
}
"""Words in a row."""

MOST_AT_FIRST = 1 << 21
"""Rows of visits for which there is room from the start, at most; memory is only taken where rows are written."""


def expected_rows(model: Model) -> dict[str, int]:
    """For how many rows there is room from the start."""
    leads = ROWS + int(1.1 * sum(float(plan.daily.sum()) for plan in model.plans if plan is not None))
    return dict.fromkeys(OUT_WIDTHS, ROWS) | {
        "leads": min(leads, MOST_AT_FIRST), "visits": min(leads * len(model.stage_names), MOST_AT_FIRST)
    }  # fmt: skip


def new_rows(lengths: dict[str, int], events: bool) -> Out:
    """Memory for so many rows of each kind, with none in it."""
    made = Out()
    for name, width in OUT_WIDTHS.items():
        length = lengths[name] if events or name != "events" else 0
        set_rows(made, name, np.empty(length * width, dtype=np.int64))
    return emptied(made, events)


def emptied(out: Out, events: bool) -> Out:
    """The same memory with no rows in it, and without the columns that the rows were copied into."""
    made = Out(logs=int(events))
    for name in OUT_WIDTHS:
        set_rows(made, name, getattr(out, name))
    for name in ("visit_columns", "lead_columns", "places"):
        setattr(made, name, np.empty(0, dtype=np.int64))
    return made


def set_rows(out: Out, name: str, rows: Any) -> None:
    """Give rows of a kind another place."""
    setattr(out, name, rows)
    reals = f"{name[:-1]}_reals"
    if reals in out.fields:
        setattr(out, reals, rows.view(np.float64))
