"""One lead of a replication that is run again with its event log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.results.lives import Life, life

from .making import taken

if TYPE_CHECKING:
    from funnelsim.results.result import Result


def of_result(result: Result, lead: str, replication: int) -> Life:
    """The life of a lead of a result; see `Result.lead`."""
    found = taken(result, replication)
    return life(found.records, found.model, lead, found.name, result.stamp)
