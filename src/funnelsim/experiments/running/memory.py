"""Whether replications fit into memory: what they need at most is estimated, and what cannot be is refused."""

from __future__ import annotations

from dataclasses import dataclass

from funnelsim.engine import engines
from funnelsim.errors import SpaceError
from funnelsim.model.balance.loads import expected
from funnelsim.model.balance.size import Size, plainly_small, size_of
from funnelsim.model.model import Model

from .machine import free_disk, free_memory

ROW = 170
"""Bytes of a row of leads or visits."""
PYTHON_ROW = 1_000
"""About the same on the engine that keeps rows as objects of Python."""
EVENT = 80
FIGURES_OF_A_LEAD = 10
"""Bytes that stay of each lead where records are not kept."""
PACKED_ROW = 60
"""Bytes of a row in a temporary file, about."""
PLAINLY_FITS = 2_000_000
"""Events in all that need no look at the memory."""


@dataclass(frozen=True)
class Plans:
    """What is to be in memory at the same time.

    Parameters
    ----------
    replications : int
        How many are made in all.
    at_once : int
        How many are under way at the same time.
    engine : str
        Name of the engine.
    keep : bool
        Whether the records of all are kept until the end.
    events : bool
        Whether event logs are.
    divided : bool
        Whether figures are divided into groups, for which records are in memory as long as they are read.
    """

    replications: int
    at_once: int
    engine: str
    keep: bool = False
    events: bool = False
    divided: bool = False


def check_memory(model: Model, plans: Plans) -> None:
    """Refuse replications that do not fit into the memory, or the room for temporary files, that is left.

    Raises
    ------
    SpaceError
        With the arithmetic.
    """
    together = plans.replications if plans.keep else plans.at_once
    if plainly_small(model, PLAINLY_FITS / max(together, 1)):
        return
    size = size_of(model, expected(model))
    rows = size.leads + size.visits + size.tasks
    if plans.keep:
        _fits(f"{plans.replications:,} x {_rows(size)}", _bytes_of(size, plans) * plans.replications, plans)
    else:
        left = plans.replications * size.leads * FIGURES_OF_A_LEAD
        spooled = plans.engine in engines.SPOOL and not (plans.events or plans.divided)
        each = min(rows, 10.0 * engines.ROWS) * ROW if spooled else _bytes_of(size, plans)
        _fits(f"{plans.at_once:,} at a time x {_rows(size)}", left + each * plans.at_once, plans)
        if spooled and rows > engines.ROWS:
            _fits_on_disk(f"{plans.at_once:,} at a time x {_rows(size)}", 2.0 * PACKED_ROW * rows * plans.at_once)


def out_of_memory(replication: int) -> SpaceError:
    """What is said of a replication that ran out of memory all the same."""
    return SpaceError(
        f"replication {replication} ran out of memory; use fewer workers, a shorter horizon or fewer leads",
        code="E-space-memory",
    )


def _rows(size: Size) -> str:
    parts = ((size.leads, "leads"), (size.visits, "visits"), (size.tasks, "pieces of work for customers"))
    return "(" + " + ".join(f"{number:,.0f} {name}" for number, name in parts if number >= 0.5) + ")"


def _bytes_of(size: Size, plans: Plans) -> float:
    row = ROW if plans.engine in engines.SPOOL else PYTHON_ROW
    return (size.leads + size.visits + size.tasks) * row + (size.events * EVENT if plans.events else 0.0)


def _fits(sum_: str, needed: float, plans: Plans) -> None:
    free = free_memory()
    if free is None or needed <= free:
        return
    fewer = "make fewer replications or a shorter horizon"
    remedy = f"{fewer}, or keep no records (records=False)" if plans.keep and not plans.events else fewer
    raise SpaceError(
        f"the replications do not fit into memory: {sum_} need about {_gigabytes(needed)}, and {_gigabytes(free)} "
        f"are free; {remedy}",
        code="E-space-memory",
    )


def _fits_on_disk(sum_: str, needed: float) -> None:
    free = free_disk()
    if free is not None and needed > free:
        raise SpaceError(
            f"the replications do not fit on disk: {sum_} need about {_gigabytes(needed)} of temporary files, and "
            f"{_gigabytes(free)} are free; set the environment variable TMPDIR to a folder with room, or use "
            "fewer workers or a shorter horizon",
            code="E-space-disk",
        )


def _gigabytes(size: float) -> str:
    return f"{size / 1e9:,.1f} GB"
