"""The numbers of a file that stand behind a cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from funnelsim.model.numbers.distributions import mean
from funnelsim.model.switches import CAPACITY, CONCESSIONS, CONTEXT, DROPOUT, HANDING, WAITING
from funnelsim.scenario.forms.quantities import HOUR

if TYPE_CHECKING:
    from funnelsim.model.model import Model
    from funnelsim.scenario.language.types import Stage

BUSINESS_DAYS = "bd"


class Number(NamedTuple):
    """A number of a file; where it differs by kind of lead, from the least to the largest.

    Parameters
    ----------
    path : str
        Where it stands, as in ``stages.demo.handoff.delay``.
    low, high : float
        The number; of a distribution its mean. Lengths of time are in hours, or in business days.
    unit : str
        ``h``, ``bd``, ``share``, ``reps``, or empty for a plain number.
    """

    path: str
    low: float
    high: float
    unit: str


def numbers(model: Model, cause: str) -> tuple[Number, ...]:
    """The numbers without which a cause would do nothing, in the order of the file, as at the start of the run."""
    if cause == CAPACITY:
        return tuple(_people(model))
    found: list[Number] = []
    for name, stage in model.spec.stages.items():
        for key, values, unit in _of_stage(stage, cause):
            used = [value for value in values if value is not None]
            if used:
                found.append(Number(f"stages.{name}.{key}", min(used), max(used), unit))
    return tuple(found)


def _people(model: Model) -> Iterator[Number]:
    worked = {name for stage in model.spec.stages.values() for names in stage.team.values for name in names}
    for name, team in model.spec.teams.items():
        if name in worked:
            seats = float(team.headcount.first)
            yield Number(f"teams.{name}.headcount", seats, seats, "reps")


Values = tuple[str, Iterable[float | None], str]


def _of_stage(stage: Stage, cause: str) -> Iterator[Values]:
    handoffs = stage.handoff.values
    worked = any(stage.team.values)
    if cause == DROPOUT:
        yield "handoff.dropout", [each.dropout or None for each in handoffs], "share"
    elif cause == WAITING and worked:
        yield from _decay(stage)
    elif cause == HANDING and any(stage.decay.values):
        delays = [each.delay for each in handoffs if mean(each.delay) > 0]
        days = [mean(each) for each in delays if each.unit == BUSINESS_DAYS]
        yield "handoff.delay", days, BUSINESS_DAYS
        yield "handoff.delay", [mean(each) / HOUR for each in delays if each.unit != BUSINESS_DAYS], "h"
        yield from _decay(stage) if delays else ()
    elif cause == CONTEXT and any(value > 0 for value in (*stage.context_weight.values, *stage.rework.values)):
        yield "handoff.keeps", [each.keeps if each.keeps < 1 else None for each in handoffs], "share"
        yield "context_weight", [value or None for value in stage.context_weight.values], "share"
        yield "rework", [value or None for value in stage.rework.values], "share"
    elif cause == CONCESSIONS:
        for each in stage.concessions.values:
            for name, given in each.given:
                yield f"concessions.{name}.share", [given.share or None], "share"
                yield f"concessions.{name}.under_pressure", [given.under_pressure or None], "share"


def _decay(stage: Stage) -> Iterator[Values]:
    given = [each for each in stage.decay.values if each is not None]
    for key in ("half_life", "scale"):
        found = [getattr(each, key) for each in given]
        yield f"decay.{key}", [None if each is None else each.microseconds / HOUR for each in found], "h"
