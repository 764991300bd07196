"""Where the points of a search are run: each replication once, kept in a run store, given back as estimates."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import funnelsim.version
from funnelsim.errors import FunnelsimError
from funnelsim.results.estimates import Estimate, Terms
from funnelsim.text import number_of

from ..running.outline import Outline
from ..running.replications import Interrupted
from ..running.tasks import unpack
from ..stopping import tell
from ..store.store import Store, StoredPoint
from ..study.designs import Point
from ..sweep.procedure import Lot, Request, SweepInterrupted, SweepProgress, SweepWork
from ..sweep.provenance import recipe_of
from .screening import Sample

_ROWS = """
SELECT replication, outline, terms, error FROM replications
WHERE fingerprint = ? AND seed = ? AND version = ? AND replication >= ? AND replication < ?
"""


class OptimisationInterrupted(Interrupted):  # as `Interrupted`, it is no error
    """The user stopped an optimisation; ``done`` replications are in the store, and it goes on from there."""

    @classmethod
    def after(cls, done: int) -> OptimisationInterrupted:
        """After so many replications."""
        return cls(None, f"stopped after {number_of(done, 'replication')}", done)


class PointLaboratory(Protocol):
    """What runs points."""

    def identity(self, point: Point) -> str | None:
        """What two points share that are the same scenario; None where no scenario can be made of it."""
        ...

    def samples(self, points: Sequence[Point], numbers: range, doing: str, later: int = 0) -> list[Sample | None]:
        """The estimates of points over replications; None for one of which any failed.

        Parameters
        ----------
        points : sequence of Point
            Which points.
        numbers : range
            Which replications of each.
        doing : str
            What this is for.
        later : int
            About how many replications come after it.
        """
        ...


@dataclass
class _Rows:
    """What is known of the replications of one scenario: the terms of the KPIs, or the error."""

    outline: Outline | None = None
    terms: dict[int, tuple[Terms, ...]] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)

    def __contains__(self, number: int) -> bool:
        return number in self.terms or number in self.errors


class StoreLaboratory:
    """Runs points by an executor, and keeps every replication in a run store.

    Parameters
    ----------
    request : Request
        Study, seed and engine.
    store : Store
        Where replications are kept.
    executor : Executor
        What runs them.
    kpis : sequence of str
        Those that are looked at.
    progress : callable, optional
        Called with a `SweepProgress` after each task.
    """

    def __init__(
        self,
        request: Request,
        store: Store,
        executor: Executor,
        kpis: Sequence[str],
        progress: Callable[[SweepProgress], None] | None = None,
    ) -> None:
        self.request = request
        self.store = store
        self.executor = executor
        self.kpis = tuple(kpis)
        self.progress = progress
        self._recipe = recipe_of(request.study)
        self._points: dict[bytes, StoredPoint] = {}
        self._rows: dict[str, _Rows] = {}
        self._outlines: dict[int, Outline] = {}
        self._before = SweepProgress(0, 0, 0, 0, 0.0)
        self._started = time.monotonic()

    @property
    def done(self) -> SweepProgress:
        """Replications done so far, and how many of them were found in the store."""
        return self._before

    def identity(self, point: Point) -> str | None:
        return self._stored(point).fingerprint

    def errors(self) -> list[str]:
        """What went wrong, each error once."""
        points = [each.error for each in self._points.values() if each.error is not None]
        return list(
            dict.fromkeys([*points, *(error for rows in self._rows.values() for error in rows.errors.values())])
        )

    def samples(self, points: Sequence[Point], numbers: range, doing: str, later: int = 0) -> list[Sample | None]:
        missing = [point for point in points if not self._known(point, numbers)]
        if missing:
            self._run(missing, numbers, doing, later)
        return [self._sample(point, numbers) for point in points]

    # --- running ----------------------------------------------------------------------------------------------

    def _run(self, points: Sequence[Point], numbers: range, doing: str, later: int) -> None:
        wanted = [(self._recipe(point), point) for point in points]
        fewer = self._narrowed(points, numbers)
        lot = Lot(wanted, len(wanted), fewer)
        latest = self._before

        def add(now: SweepProgress) -> None:
            nonlocal latest
            latest = self._added(now)
            tell(self.progress, replace(latest, total=latest.total + later, doing=doing))

        try:
            SweepWork(replace(self.request, progress=add), self.store, self.executor, lot).work()
        except SweepInterrupted:
            raise OptimisationInterrupted.after(latest.done) from None
        self._before = latest
        for point in points:
            fingerprint = self._stored(point).fingerprint
            if fingerprint is not None:
                self._read(fingerprint, fewer)

    def _narrowed(self, points: Iterable[Point], numbers: range) -> range:
        """The replications from the first on that any point lacks."""
        start = numbers.stop
        for point in points:
            rows = self._rows.get(self._stored(point).fingerprint or "", _Rows())
            start = min(start, next((number for number in numbers if number not in rows), numbers.stop))
        return range(start, numbers.stop)

    def _added(self, now: SweepProgress) -> SweepProgress:
        """Progress of all calls together."""
        before = self._before
        return SweepProgress(
            before.done + now.done,
            before.done + before.failed + now.total,
            before.found + now.found,
            before.failed + now.failed,
            time.monotonic() - self._started,
        )

    def _stored(self, point: Point) -> StoredPoint:
        recipe = self._recipe(point)
        if recipe not in self._points:
            stored = self.store.point(recipe)
            if stored is None or stored.fingerprint is None:
                made: str | FunnelsimError
                try:
                    made = self.request.study.scenario(point.arm, point.at).fingerprint
                except FunnelsimError as error:
                    made = error
                stored = self.store.add_point(recipe, self.request.study.name, point.arm, point.at, made)
            self._points[recipe] = stored
        return self._points[recipe]

    # --- reading ----------------------------------------------------------------------------------------------

    def _known(self, point: Point, numbers: range) -> bool:
        fingerprint = self._stored(point).fingerprint
        if fingerprint is None:
            return True
        rows = self._rows.get(fingerprint)
        return rows is not None and all(number in rows for number in numbers)

    def _read(self, fingerprint: str, numbers: range) -> None:
        rows = self._rows.setdefault(fingerprint, _Rows())
        where = (
            bytes.fromhex(fingerprint),
            self.request.seed,
            funnelsim.version.VERSION,
            numbers.start,
            numbers.stop,
        )
        for number, outline, packed, error in self.store.all(_ROWS, where):
            if packed is None:
                rows.errors[number] = error
                continue
            rows.outline = self._outline(outline)
            places = rows.outline.places
            terms = unpack(packed)
            rows.terms[number] = tuple(tuple(terms[places[name]]) for name in self.kpis)

    def _outline(self, number: int) -> Outline:
        if number not in self._outlines:
            ((text,),) = self.store.all("SELECT content FROM outlines WHERE id = ?", (number,))
            self._outlines[number] = Outline.from_text(text)
        return self._outlines[number]

    def _sample(self, point: Point, numbers: range) -> Sample | None:
        rows = self._rows.get(self._stored(point).fingerprint or "")
        if rows is None or rows.outline is None or any(number not in rows.terms for number in numbers):
            return None
        return self._estimates(rows.outline, [rows.terms[number] for number in numbers])

    def _estimates(self, outline: Outline, terms: Sequence[tuple[Terms, ...]]) -> Mapping[str, Estimate]:
        columns = zip(self.kpis, zip(*terms, strict=True), strict=True)
        return {name: outline.indicators[name].estimate(list(rows), outline.currency) for name, rows in columns}


def key_of(point: Point) -> tuple[str, Any]:
    """What tells points apart."""
    return point.arm, json.dumps(point.at, sort_keys=True, ensure_ascii=False)
