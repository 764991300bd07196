"""What a sweep gave: a table of its points, read from the run store when it is asked for."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import funnelsim.version
from funnelsim.arguments import checked
from funnelsim.results.estimates import NOTHING
from funnelsim.results.shown import Pictured, paragraphs
from funnelsim.results.stamp import Stamp
from funnelsim.results.words import spoken
from funnelsim.scenario.study.study import Study
from funnelsim.text import in_table, number_of
from funnelsim.unchanging import OF_RESULTS, unchanging

from ..running.arms import study_stamp
from .estimates import PointEstimates, read
from .store import StoredPoint

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 20
"""Rows of a table in a notebook."""


@unchanging(OF_RESULTS)
@dataclass(frozen=True, eq=False)
class SweepResult(Pictured):
    """The points of a sweep; it never changes, though the store may grow.

    Attributes
    ----------
    study : Study
        What was run.
    store : Path
        The run store with every replication.
    points : tuple of int
        Numbers of its points in the store.
    seed, replications : int
        As asked for.
    engine : str
        Name of the engine.
    done, failed : int
        Replications with a result, and those without: failed, or of points of which no scenario could be made.
    warnings : tuple of str
        What was said.
    """

    study: Study
    store: Path
    points: tuple[int, ...]
    seed: int
    replications: int
    engine: str
    done: int
    failed: int
    warnings: tuple[str, ...] = ()

    @property
    def stamp(self) -> Stamp:
        """What made it: seed, engine, version, and what was laid over the base."""
        return study_stamp(self.study, self.seed, self.engine)

    @cached_property
    def readings(self) -> tuple[PointEstimates, ...]:
        """Each point with the estimates of its KPIs: those that the study names, or all."""
        return self.first(len(self.points))

    @checked
    def first(self, count: int, kpis: Sequence[str] | None = None) -> tuple[PointEstimates, ...]:
        """The same for the first so many points only, and perhaps for other KPIs."""
        from .store import Store

        wanted, version = kpis or self.study.spec.kpis or None, funnelsim.version.VERSION
        with Store.open_to_read(self.store) as store:
            return tuple(read(store, wanted, self.seed, version, self.replications, self.points[:count]))

    def errors(self) -> list[tuple[str, int]]:
        """The errors in the store under this seed and version, the most frequent first, and how often."""
        from .store import Store

        with Store.open_to_read(self.store) as store:
            return store.errors(self.seed, funnelsim.version.VERSION)

    @property
    def table(self) -> pd.DataFrame:
        """One row a point: arm, factors, replications, and each KPI with its 95 % interval and range.

        Of the KPI ``won`` these are ``won``, ``won_low`` and ``won_high``; ``won_range_low`` and
        ``won_range_high``, between which 80 % of single runs lie (nothing below 9 replications); and
        ``won_undefined``, the number of replications without a figure.
        """
        import pandas as pd

        return pd.DataFrame(rows(self.readings))

    @property
    def failures(self) -> pd.DataFrame:
        """Points and replications that failed, with their error."""
        import pandas as pd

        columns = ["arm", "at", "replication", "error"]
        return pd.DataFrame(list(self._failures()), columns=columns)

    def _failures(self) -> Iterator[tuple[str, str, int | None, str]]:
        for reading in self.readings:
            at = ", ".join(f"{name} {value}" for name, value in reading.point.factors.items())
            if reading.point.error is not None:
                yield reading.point.arm, at, None, reading.point.error
            for number, error in reading.errors:
                yield reading.point.arm, at, number, error

    def to_dict(self) -> dict[str, Any]:
        """The document of ``funnelsim sweep --json``."""
        return {
            "study": self.study.name,
            "question": spoken(self.study.spec.question),
            "store": str(self.store),
            **self.stamp.to_dict(),
            "replications": self.replications,
            "points": [reading.to_dict() for reading in self.readings],
            "warnings": list(self.warnings),
        }

    def __repr__(self) -> str:
        size = number_of(len(self.points), "point")
        return f"<SweepResult of {self.study.name!r}: {size} in {self.store}, {self.stamp}>"

    def _heading(self) -> str:
        question = paragraphs(spoken(self.study.spec.question)) if self.study.spec.question else ""
        return f"<h3>{html.escape(self.study.name)}</h3>{question}"

    def _figures(self) -> str:
        table = self.table
        more = f"<p>{number_of(len(table) - SHOWN, 'more point')}</p>" if len(table) > SHOWN else ""
        return f"{table.head(SHOWN).to_html(index=False, na_rep='', float_format=in_table)}{more}"


def rows(readings: Sequence[PointEstimates]) -> Iterator[dict[str, Any]]:
    """A flat row for each point: what it is, and each KPI with its interval and range."""
    factors = list(dict.fromkeys(name for reading in readings for name in reading.point.factors))
    kpis = list(dict.fromkeys(name for reading in readings for name in reading.estimates))
    for reading in readings:
        yield flat(reading, factors, kpis)


def flat(reading: PointEstimates, factors: Sequence[str], kpis: Sequence[str]) -> dict[str, Any]:
    """One such row."""
    point = reading.point
    row: dict[str, Any] = {"study": point.study, "arm": point.arm}
    row |= {name: _cell(point.factors.get(name)) for name in factors}
    row |= {"seed": reading.seed, "version": reading.version, "fingerprint": point.fingerprint}
    row |= {"replications": reading.replications, "failed": reading.failed, "error": reading.error}
    for name in kpis:
        row |= reading.estimates.get(name, NOTHING).columns(name)
    return row


def columns(factors: Sequence[str], kpis: Sequence[str]) -> list[str]:
    """The headings of such rows."""
    return list(flat(PointEstimates(StoredPoint(0, "", "", {}, None, None)), factors, kpis))


def _cell(value: Any) -> Any:
    """A factor's value as one cell: mappings as JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
