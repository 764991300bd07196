"""Reading a run store: its points with the estimates over their replications."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from funnelsim.results.estimates import Estimate

from ..running.outline import Outline
from ..running.tasks import unpack
from .store import Store, StoredPoint

_ROWS = """
SELECT replication, outline, terms, error, seed, version FROM replications
WHERE fingerprint = ? AND (? IS NULL OR seed = ?) AND (? IS NULL OR version = ?) AND (? IS NULL OR replication < ?)
ORDER BY version, seed, replication
"""


@dataclass(frozen=True)
class PointEstimates:
    """A point, and the estimates over its replications under one seed and version.

    Parameters
    ----------
    point : StoredPoint
        What it is.
    seed : int or None
        The seed; None where nothing was run.
    version : str or None
        The version of funnelsim that ran it.
    replications : int
        How many have a result.
    errors : tuple of (int, str)
        Replications that failed, with their errors.
    estimates : dict
        By KPI.
    """

    point: StoredPoint
    seed: int | None = None
    version: str | None = None
    replications: int = 0
    errors: tuple[tuple[int, str], ...] = ()
    estimates: dict[str, Estimate] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        """How many replications failed."""
        return len(self.errors)

    @property
    def error(self) -> str | None:
        """What went wrong first, if anything did."""
        return self.point.error or (self.errors[0][1] if self.errors else None)

    def to_dict(self) -> dict[str, Any]:
        """The point in a JSON document."""
        return {
            "arm": self.point.arm,
            "at": self.point.factors,
            "fingerprint": self.point.fingerprint,
            "replications": self.replications,
            "failed": self.failed,
            "error": self.error,
            "kpis": {name: estimate.to_dict() for name, estimate in self.estimates.items()},
        }


def read(
    store: Store,
    kpis: Sequence[str] | None = None,
    seed: int | None = None,
    version: str | None = None,
    replications: int | None = None,
    numbers: Sequence[int] | None = None,
) -> Iterator[PointEstimates]:
    """Points of a store in order, once for each seed and version they were run under.

    Parameters
    ----------
    store : Store
        What to read.
    kpis : sequence of str, optional
        Those wanted; default all.
    seed, version, replications : optional
        Only results under these, and only the first so many replications.
    numbers : sequence of int, optional
        Numbers of the points wanted; default all.
    """
    outlines = {number: Outline.from_text(text) for number, text in store.all("SELECT id, content FROM outlines")}
    where = (seed, seed, version, version, replications, replications)
    for point in store.points() if numbers is None else _chosen(store, numbers):
        if point.fingerprint is None:
            yield PointEstimates(point)
            continue
        groups: dict[tuple[int, str], list[tuple[Any, ...]]] = {}
        for *row, of_seed, of_version in store.all(_ROWS, (bytes.fromhex(point.fingerprint), *where)):
            groups.setdefault((of_seed, of_version), []).append(tuple(row))
        for (of_seed, of_version), rows in groups.items():
            made = [(outline, terms) for _, outline, terms, _ in rows if terms is not None]
            errors = tuple((number, error) for number, _, terms, error in rows if terms is None)
            estimates = {}
            if made:
                # Replications of one scenario by one version have one outline.
                estimates = outlines[made[0][0]].estimates([unpack(terms) for _, terms in made], kpis)
            yield PointEstimates(point, of_seed, of_version, len(made), errors, estimates)
        if not groups:
            yield PointEstimates(point)


def _chosen(store: Store, numbers: Sequence[int]) -> Iterator[StoredPoint]:
    for number in numbers:
        yield from store.points("id = ?", (number,))
