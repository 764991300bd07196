"""A run store as a report tells it: its points with their figures, whoever swept them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.store.estimates import PointEstimates, read
from funnelsim.experiments.store.store import Store
from funnelsim.results.shown import Told
from funnelsim.results.stamp import Stamp

if TYPE_CHECKING:
    from funnelsim.experiments.store.points import SweepResult


@dataclass(frozen=True, eq=False)
class Stored(Told):
    """The points of a sweep.

    Parameters
    ----------
    name : str
        Of the study.
    question : mapping
        What it asks, by language.
    kpis : tuple of str
        That were asked for, the main one first.
    readings : tuple of PointEstimates
        A point each.
    made : mapping
        Version, seed, engine and the versions of packages.
    laid : tuple of str
        What was laid over the base.
    warnings : tuple of str
        What was said.
    """

    name: str
    question: Mapping[str, str]
    kpis: tuple[str, ...]
    readings: tuple[PointEstimates, ...]
    made: Mapping[str, Any]
    laid: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, swept: SweepResult) -> Stored:
        """That of a sweep."""
        with Store.open_to_read(swept.store) as store:
            made = store.sweeps()[-1]
        study = swept.study
        return cls(
            study.name,
            study.spec.question,
            _first(swept.readings, study.spec.kpis),
            swept.readings,
            made,
            study.base.laid,
            swept.warnings,
        )

    @classmethod
    def read(cls, path: Path | str) -> Stored:
        """The last study that was swept into a store.

        Raises
        ------
        StoreError
            If it cannot be read.
        FunnelsimError
            If nothing was swept into it yet.
        """
        with Store.open_to_read(path) as store:
            sweeps = store.sweeps()
            if not sweeps:
                raise FunnelsimError(f"{path}: nothing was swept into this run store yet", code="E-store-empty")
            made = sweeps[-1]
            found = read(store, made["kpis"] or None, made["seed"], made["version"], made["replications"])
            readings = tuple(each for each in found if each.point.study == made["study"])
            said = store.warnings
        return cls(made["study"], _question(made), _first(readings, made["kpis"]), readings, made, (), said)

    @property
    def stamp(self) -> Stamp:
        """What made it."""
        return Stamp({self.name: self.laid}, self.made["seed"], self.made["engine"], self.made["version"])

    @property
    def factors(self) -> tuple[str, ...]:
        """What was varied."""
        return tuple(dict.fromkeys(name for each in self.readings for name in each.point.factors))

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms."""
        return tuple(dict.fromkeys(each.point.arm for each in self.readings))


def _first(readings: Sequence[PointEstimates], kpis: Sequence[str]) -> tuple[str, ...]:
    """The KPIs that were named; of all of them the main ones where none was."""
    known = list(dict.fromkeys(name for each in readings for name in each.estimates))
    named = [name for name in kpis if name in known]
    return tuple(named or [name for name in ("won", "bookings", "contribution") if name in known] or known[:3])


def _question(made: Mapping[str, Any]) -> Mapping[str, str]:
    """What the study asks, by language; its text is kept as it stood in the file."""
    from funnelsim.scenario.forms.base import NOBODY, FormError
    from funnelsim.scenario.language.texts import TextsForm
    from funnelsim.scenario.reading.reader import read_text

    try:
        asked = read_text(made["study_text"]).get("question")
        return TextsForm().read(asked, NOBODY) if asked is not None else {}
    except (FunnelsimError, FormError):
        return {}
