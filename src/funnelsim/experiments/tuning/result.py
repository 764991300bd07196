"""What tuning found: the totals before and after, what was moved and how well it is known, what contradicts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funnelsim.arguments import checked
from funnelsim.results.estimates import Estimate
from funnelsim.results.shown import Told, listed, paragraphs
from funnelsim.unchanging import OF_RESULTS, unchanging

from . import writing
from .identities import SURE, Broken, Needed
from .inputs import HALF, Input
from .totals import Total

if TYPE_CHECKING:
    import pandas as pd

    from funnelsim.results.stamp import Stamp
    from funnelsim.scenario.scenario import Scenario

MET = 2.0
"""So many tolerances off a total is met, beside the error of the simulation."""

SHRUNK = 0.9
"""An input whose range is still so large a part of what it was is not determined by the totals."""

FAR = 2 * HALF
"""An input this many standard deviations from where it stood is moved by more than twice its range to one side."""

IMPROBABLE = 0.001
"""Totals further from what the inputs let expect than this share of draws contradict them together."""


@dataclass(frozen=True)
class Met:
    """A total, and what the line comes to.

    Parameters
    ----------
    total : Total
        What is known.
    before, after : Estimate
        The KPI of the line as it stood, and tuned, with intervals of the simulation.
    """

    total: Total
    before: Estimate
    after: Estimate

    @property
    def gap(self) -> float:
        """How far the tuned line is off, in the unit of the KPI."""
        return (self.after.mean or 0.0) - self.total.value

    @property
    def is_met(self) -> bool:
        """Whether the total lies within two tolerances and the interval of the simulation."""
        return abs(self.gap) <= MET * self.total.tolerance + (self.after.half or 0.0)

    @property
    def is_off(self) -> bool:
        """Whether it is further off than anyone could call met: by more than three tolerances and that."""
        return abs(self.gap) > SURE * self.total.tolerance + (self.after.half or 0.0)

    def to_dict(self) -> dict[str, Any]:
        """Its entry in a JSON document."""
        return {
            "kpi": self.total.kpi,
            "written": self.total.text,
            "total": self.total.value,
            "tolerance": self.total.tolerance,
            "unit": self.total.unit,
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
            "met": self.is_met,
        }


@dataclass(frozen=True)
class Moved:
    """An input, and what the totals say of it.

    Parameters
    ----------
    input : Input
        The number.
    z : float
        How far it was moved, in standard deviations of what was known before.
    spread : float
        Its standard deviation once the totals are known, in the same unit: below 1.
    before, after : str
        The value, as it is written.
    range_before, range_after : tuple of str
        The ends of the 95 % range of the value, without the totals and with them.
    is_moved : bool
        Whether another value is written.
    """

    input: Input
    z: float
    spread: float
    before: str
    after: str
    range_before: tuple[str, str]
    range_after: tuple[str, str]
    is_moved: bool

    @property
    def path(self) -> str:
        """Where it stands."""
        return self.input.path

    @property
    def is_determined(self) -> bool:
        """Whether the totals say something of it: its range shrank by a tenth at least."""
        return self.spread <= SHRUNK

    @property
    def is_outside(self) -> bool:
        """Whether it left the range that was known."""
        return abs(self.z) > HALF

    @property
    def is_far(self) -> bool:
        """Whether it is further away than anybody would believe who gave that range."""
        return abs(self.z) > FAR

    def to_dict(self) -> dict[str, Any]:
        """Its entry in a JSON document."""
        record = self.input.record
        return {
            "path": self.path,
            "grade": self.input.grade,
            "source": list(record.source) if record is not None else [],
            "before": self.before,
            "after": self.after,
            "moved": self.is_moved,
            "by": self.z,
            "range_before": list(self.range_before),
            "assumed": not self.input.own,
            "range_after": list(self.range_after),
            "shrunk_to": self.spread,
            "determined": self.is_determined,
            "outside": self.is_outside,
        }


@unchanging(OF_RESULTS)
@dataclass(frozen=True)
class Tuned(Told):
    """A line whose inputs were moved until it comes to known totals; it never changes.

    Parameters
    ----------
    start : Scenario
        The line as it stood.
    scenario : Scenario
        The tuned line; records of what was moved say so.
    totals : tuple of Met
        In the order in which they were given.
    inputs : tuple of Moved
        All that might move, those that were moved furthest first.
    broken : tuple of Broken
        Identities that the totals break among themselves.
    needed : tuple of Needed
        Where totals are missed, what they would need of other figures.
    probability : float
        How probable totals as far as these from what the inputs let expect are, if both are right.
    replications : int
        Of the tuned line.
    runs : int
        Replications in all.
    stamp : Stamp
        What made it.
    warnings : tuple of str
        What was assumed.
    """

    start: Scenario = field(repr=False)
    scenario: Scenario = field(repr=False)
    totals: tuple[Met, ...]
    inputs: tuple[Moved, ...]
    broken: tuple[Broken, ...]
    needed: tuple[Needed, ...]
    probability: float
    replications: int
    runs: int
    stamp: Stamp
    warnings: tuple[str, ...] = ()

    @property
    def moved(self) -> tuple[Moved, ...]:
        """Inputs with another value than before."""
        return tuple(each for each in self.inputs if each.is_moved)

    @property
    def is_met(self) -> bool:
        """Whether all totals are met."""
        return all(each.is_met for each in self.totals)

    @property
    def contradicts(self) -> bool:
        """Whether the totals contradict one another, or what is known of the inputs."""
        return bool(
            self.broken
            or any(each.is_off for each in self.totals)
            or any(each.is_far for each in self.inputs)
            or self.probability < IMPROBABLE
        )

    @property
    def words(self) -> tuple[str, ...]:
        """What came out, in plain words."""
        return tuple(self._view("words")(self))

    @property
    def table(self) -> pd.DataFrame:
        """A row an input: value and range before and after, how far it was moved, and whether it is determined."""
        import pandas as pd

        rows = [
            {
                "before": each.before, "after": each.after, "moved": each.is_moved, "by": each.z,
                "low_before": each.range_before[0], "high_before": each.range_before[1],
                "low_after": each.range_after[0], "high_after": each.range_after[1],
                "shrunk_to": each.spread, "determined": each.is_determined, "outside": each.is_outside,
            }
            for each in self.inputs
        ]  # fmt: skip
        return pd.DataFrame(rows, index=pd.Index([each.path for each in self.inputs], name="path"))

    @checked
    def save(self, out: Path | str) -> Path:
        """Write the tuned line as a scenario file: what it extends, and the values that were moved.

        Each has a record that says how it came about, with its range. Where levers or changes were laid over
        the line it is written whole, without comments.

        Raises
        ------
        FunnelsimError
            If it must not or cannot be written there.
        """
        return writing.write(self, Path(out))

    def to_dict(self) -> dict[str, Any]:
        """The JSON document."""
        return {
            "replications": self.replications,
            "runs": self.runs,
            **self.stamp.to_dict(),
            "met": self.is_met,
            "contradicts": self.contradicts,
            "probability": self.probability,
            "totals": [each.to_dict() for each in self.totals],
            "inputs": [each.to_dict() for each in self.inputs],
            "broken": [asdict(each) for each in self.broken],
            "needed": [asdict(each) for each in self.needed],
        }

    def _said(self) -> str:
        return paragraphs(*self.words, str(self.stamp)) + listed(self.warnings)

    def __repr__(self) -> str:
        met = sum(each.is_met for each in self.totals)
        return f"<Tuned: {met} of {len(self.totals)} totals met, {len(self.moved)} inputs moved, {self.stamp}>"
