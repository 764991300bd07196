"""Tables of periods that do not fit each other are an error, not a crash."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from funnelsim import Scenario
from funnelsim.errors import FunnelsimError
from funnelsim.model.compile import compile_model
from funnelsim.model.tables.agree import LISTS, check_sizes
from funnelsim.model.tables.tables import Tables

PHASED: dict[str, Any] = {
    "funnelsim": 1,
    "start": "2026-01-01",
    "horizon": "1 mo",
    "segments": {"small": {"value": 10}, "large": {"value": 90}},
    "sources": {"web": {"rate": "5 / d"}},
    "teams": {
        "reps": {"headcount": 2, "queue": "fifo"},
        "kam": {"headcount": {"start": 1, "2026-01-20": 2}, "queue": "fifo"},
    },
    "stages": {
        "meet": {"team": {"large": "kam", "else": "reps"}, "effort": "1 h"}, "sell": {"team": ["reps", "kam"]},
    },
    "limits": [{"stages": ["meet"], "wip": 9}],
    "phases": [
        {"from": "2026-01-10", "change": {"territories": {"east": 1, "west": 1}, "teams.new": {"queue": "lifo"},
                                          "segments.key": {"share": 1}}},
    ],
}  # fmt: skip


def periods() -> list[Tables]:
    return [tables for _, tables in compile_model(Scenario.from_dict(PHASED)).periods]


def arrays(table: Any, path: tuple[str, ...] = ()) -> Any:
    """The paths of all arrays of some tables."""
    for name, value in zip(table._fields, table, strict=True):
        if hasattr(value, "_fields"):
            yield from arrays(value, (*path, name))
        elif isinstance(value, np.ndarray):
            yield (*path, name)


def cut(table: Any, path: tuple[str, ...]) -> Any:
    """The same tables with one array a number shorter."""
    value = getattr(table, path[0])
    return table._replace(**{path[0]: cut(value, path[1:]) if len(path) > 1 else value[:-1]})


def test_periods_with_other_names_agree() -> None:
    first, last = periods()
    check_sizes([first, last])
    assert len(first.territory_upto) == len(last.territory_upto) == 2
    assert first.territory_upto.tolist() == [0, 0]
    assert first.segment_known.tolist() == [1, 1, 0]
    assert last.segment_known.tolist() == [1, 1, 1]


@pytest.mark.parametrize("path", list(arrays(periods()[0])), ids=".".join)
def test_a_table_that_is_too_short_is_found(path: tuple[str, ...]) -> None:
    first, last = periods()
    array = last
    for name in path:
        array = getattr(array, name)
    if len(array) == 0:
        return
    with pytest.raises(FunnelsimError, match="bug of funnelsim"):
        check_sizes([first, cut(last, path)])


def test_lists_are_those_that_exist() -> None:
    assert {".".join(path) for path in arrays(periods()[0])} >= LISTS
