"""A forecast: where wins and bookings of coming periods lie, beside what a CRM's own arithmetic says.

Bands are of single runs, so luck is in them. What a CRM says is told apart: the weighted pipeline of the deals
that are open now, and, over repeated days inside the simulated histories, how far its close dates and stage
probabilities are from what comes (weighted absolute percentage error, and the share of deals that slip).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from funnelsim.errors import FunnelsimError
from funnelsim.model.balance.flow import EndlessFlowError, Group, Router
from funnelsim.model.model import Model
from funnelsim.model.records import NEW, WON, Floats, Ints, Records
from funnelsim.scenario.language.types import ScenarioSpec

from ..measures.indicators import CENTS
from .fiscal import Period, fiscal, periods_of

FLOWS = ("won", "bookings")
LEVELS = (0.5, 0.8, 0.95)
"""Of the bands: shares of single runs inside."""


@dataclass(frozen=True)
class Band:
    """Where a figure lies over single runs.

    Parameters
    ----------
    mean, median : float
        Over the runs.
    ranges : dict of float to (tuple of two or None)
        By level the central range, at positions (n + 1) p; None where there are too few runs for it.
    """

    mean: float
    median: float
    ranges: dict[float, tuple[float, float] | None]

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        ranges = {
            f"range{level * 100:.0f}": None if ends is None else list(ends) for level, ends in self.ranges.items()
        }
        return {"mean": self.mean, "median": self.median, **ranges}


@dataclass(frozen=True)
class Pipeline:
    """The deals that are open at the start, as a CRM weighs them.

    Parameters
    ----------
    deals : float
        How many, on average over runs.
    value : float
        What they would bring in all.
    won, bookings : float
        The same, each with the chance that its stage has for its kind; of all time to come, not of one period.
    """

    deals: float
    value: float
    won: float
    bookings: float

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {"deals": self.deals, "value": self.value, "won": self.won, "bookings": self.bookings}


@dataclass(frozen=True)
class Accuracy:
    """How good a CRM's own forecast of a quarter is, over repeated days inside the simulated histories.

    On each such day a deal counts for the quarter if it should close in it: the mean time from its stage to the
    win, of deals won by then, has passed at its end. It counts with the share won of those that had been in its
    stage.

    Parameters
    ----------
    days : int
        On how many days, over all runs.
    wape : float or None
        Sum of absolute errors over the sum of bookings (wins, where nothing has a value).
    bias : float or None
        Sum of forecasts over the sum of what came, less 1.
    slippage : float or None
        Of the deals that should have closed in the quarter, the share that is open at its end.
    """

    days: int
    wape: float | None
    bias: float | None
    slippage: float | None

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {"days": self.days, "wape": self.wape, "bias": self.bias, "slippage": self.slippage}


@dataclass(frozen=True)
class Forecast:
    """Bands by period, and cumulated from the start.

    Parameters
    ----------
    length : str
        ``month``, ``quarter`` or ``year``.
    periods : tuple of Period
        In order of time.
    by_period, cumulated : dict of str to tuple of Band
        By flow (``won``, ``bookings``) one band a period.
    pipeline : Pipeline
        What is open at the start.
    accuracy : Accuracy
        How good a CRM's own arithmetic is on this line.
    runs : int
        How many.
    unit : str
        The currency.
    drawn : bool
        Whether each run has inputs of its own, so that how unsure they are is in the bands too.
    """

    length: str
    periods: tuple[Period, ...]
    by_period: dict[str, tuple[Band, ...]]
    cumulated: dict[str, tuple[Band, ...]]
    pipeline: Pipeline
    accuracy: Accuracy
    runs: int
    unit: str
    drawn: bool = False

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        rows = [
            {
                "from": period.first.isoformat(),
                "to": period.last.isoformat(),
                "whole": period.whole,
                **{flow: bands[at].to_dict() for flow, bands in self.by_period.items()},
                **{f"{flow}_cumulated": bands[at].to_dict() for flow, bands in self.cumulated.items()},
            }
            for at, period in enumerate(self.periods)
        ]
        return {
            "length": self.length,
            "runs": self.runs,
            "drawn": self.drawn,
            "currency": self.unit,
            "periods": rows,
            "pipeline": self.pipeline.to_dict(),
            "crm": self.accuracy.to_dict(),
        }


def forecast(records: Sequence[Records], model: Model, length: str, drawn: bool = False) -> Forecast:
    """The forecast of a line that begins as it stands today; ``drawn`` if each run has inputs of its own.

    Raises
    ------
    FunnelsimError
        If there is a warm-up, as deals that are open now would be gone after it, or for another length.
    """
    refuse_warmup(model.spec)
    found = fiscal(records, model, length)
    runs = {flow: np.array([each.outcomes for each in found.flows[flow]], dtype=float) for flow in FLOWS}
    return Forecast(
        length,
        periods_of(model, length),
        {flow: tuple(map(band, values)) for flow, values in runs.items()},
        {flow: tuple(map(band, values.cumsum(axis=0))) for flow, values in runs.items()},
        _pipeline(records, model),
        _accuracy(records, model),
        len(records),
        model.spec.currency,
        drawn,
    )


def refuse_warmup(spec: ScenarioSpec) -> None:
    """A forecast begins with the deals that are open at the start, and after a warm-up they are gone.

    Raises
    ------
    FunnelsimError
        If there is a warm-up.
    """
    if spec.warmup.amount:
        said = "a forecast begins with the deals that are open at the start, and this scenario has a warm-up"
        raise FunnelsimError(f"{said}; leave it out, as with --set 'warmup=0 d'", code="E-forecast-warmup")


def band(outcomes: Floats) -> Band:
    """The band of single outcomes."""
    n = len(outcomes)
    ranges = {
        level: tuple(np.quantile(outcomes, [(1 - level) / 2, (1 + level) / 2], method="weibull").tolist())
        if (n + 1) * (1 - level) / 2 >= 1 - 1e-9
        else None
        for level in LEVELS
    }
    return Band(float(outcomes.mean()), float(np.quantile(outcomes, 0.5, method="weibull")), ranges)


def _pipeline(records: Sequence[Records], model: Model) -> Pipeline:
    deals = value = won = bookings = 0.0
    chances: dict[tuple[int, ...], float] = {}
    for one in records:
        leads, first = one.leads, _first_stage(one)
        rows = np.flatnonzero((leads.opening == 1) & ~((leads.outcome == WON) & (leads.ended <= 0)))
        chance = [_chance(model, chances, _kind(leads, int(row)), int(first[row])) for row in rows]
        worth = leads.value[rows] / CENTS
        deals, value = deals + len(rows), value + float(worth.sum())
        won, bookings = won + float(np.sum(chance)), bookings + float(np.dot(chance, worth))
    n = len(records)
    return Pipeline(deals / n, value / n, won / n, bookings / n)


def _first_stage(one: Records) -> Ints:
    """By lead the stage of its first visit; -1 where it has none."""
    made = np.full(len(one.leads.created), -1)
    lead, at = np.unique(one.visits.lead, return_index=True)
    made[lead] = one.visits.stage[at]
    return made


def _kind(leads: Any, row: int) -> tuple[int, int, int]:
    return int(leads.segment[row]), int(leads.territory[row]), int(leads.source[row])


def _chance(model: Model, known: dict[tuple[int, ...], float], kind: tuple[int, int, int], stage: int) -> float:
    """The chance of a lead of a kind to be won from a stage, at the rates that were entered."""
    key = (*kind, stage)
    if key not in known:
        segment, territory, source = kind
        spec = model.spec
        places = [name for name, _ in spec.territories]
        group = Group(
            model.segment_names[segment],
            places[territory] if territory >= 0 else "",
            model.source_names[source],
            "new",
        )
        try:
            flow = Router(spec, group).flow({(model.stage_names[stage], ""): 1.0}) if stage >= 0 else None
        except EndlessFlowError:
            flow = None
        known[key] = 0.0 if flow is None else min(flow.won, 1.0)
    return known[key]


def _accuracy(records: Sequence[Records], model: Model) -> Accuracy:
    """Repeated quarters: from each quarter's first day that has a quarter before it."""
    edges = [period.span for period in periods_of(model, "quarter") if period.whole]
    rows = [each for one in records for each in _quarters(one, edges[1:])]
    if not rows:
        return Accuracy(0, None, None, None)
    told, came, due, slipped = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    total = float(came.sum())
    return Accuracy(
        len(rows),
        float(np.abs(told - came).sum()) / total if total > 0 else None,
        float(told.sum()) / total - 1 if total > 0 else None,
        float(slipped.sum() / due.sum()) if due.sum() > 0 else None,
    )


def _quarters(one: Records, edges: Sequence[tuple[int, int]]) -> Iterator[tuple[float, float, float, float]]:
    """By quarter: the CRM's forecast, what came, deals that should close, and those of them still open."""
    leads, visits = one.leads, one.visits
    worth = np.where(leads.value > 0, leads.value / CENTS, 0.0)
    if not worth.any():
        worth = np.ones(len(worth))
    ended = np.where(leads.ended < 0, np.iinfo(np.int64).max, leads.ended)
    for begin, end in edges:
        past = ended[visits.lead] < begin  # visits of leads whose outcome was known by then
        sold = past & (leads.outcome[visits.lead] == WON)
        stages = int(visits.stage.max()) + 1 if len(visits.stage) else 0
        closed = np.bincount(visits.stage[past], minlength=stages)
        wins = np.bincount(visits.stage[sold], minlength=stages)
        times = np.bincount(visits.stage[sold], (ended[visits.lead] - visits.entered)[sold], stages)
        here = (
            (visits.entered < begin) & ((visits.left < 0) | (visits.left >= begin)) & (ended[visits.lead] >= begin)
        )
        here &= (leads.origin[visits.lead] == NEW) & (wins[visits.stage] > 0)
        stage, lead = visits.stage[here], visits.lead[here]
        due = visits.entered[here] + times[stage] / wins[stage] < end
        chance = wins[stage] / closed[stage]
        told = float((chance * worth[lead])[due].sum())
        mine = (leads.outcome == WON) & (ended >= begin) & (ended < end)
        came = float(leads.booked[mine].sum()) / CENTS if leads.value.any() else float(mine.sum())
        yield told, came, float(due.sum()), float((ended[lead] >= end)[due].sum())
