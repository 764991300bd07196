"""What the scenario does beside what was observed: times in stages, chances, waits, new deals and wins a month."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnelsim.experiments.running.replications import simulate
from funnelsim.model.records import ADVANCED as PASSED
from funnelsim.model.records import NEW
from funnelsim.model.records import WON as SOLD
from funnelsim.results.stamp import Stamp
from funnelsim.scenario.scenario import Scenario

from ..estimating.empirical import Incidence, aalen_johansen
from ..history import ADVANCED, LOST, OPEN, WON, History

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_REPLICATIONS, _FEWEST = 8, 2
_PLENTY = 40_000
"""Deals over all replications beyond which more of them tell nothing new."""

_DAY = 86_400e6
_YEAR, _MONTHS = 365.0, 6
_LEAST = 20


@dataclass(frozen=True)
class Row:
    """One figure of both.

    Parameters
    ----------
    what : {'time_in_stage', 'wait', 'convert', 'won', 'created'}
        The median time of a visit and the mean wait for the first touch, in days; the share of visits that go on;
        wins and new deals a month.
    stage : str
        Where; empty for figures of the whole line.
    observed, simulated : float
        The figures.
    """

    what: str
    stage: str
    observed: float
    simulated: float

    @property
    def off(self) -> float:
        """The simulated figure over the observed one, less 1."""
        return self.simulated / self.observed - 1

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {"what": self.what, "stage": self.stage, "observed": self.observed, "simulated": self.simulated}


@dataclass(frozen=True, eq=False)
class Curves:
    """The share of visits to a stage that has each outcome by each time, of both.

    Parameters
    ----------
    stage : str
        Where.
    observed, simulated : Incidence
        Without any law, with visits that are still open in it (Aalen & Johansen 1978).
    n : int
        Visits that were observed.
    """

    stage: str
    observed: Incidence
    simulated: Incidence
    n: int


@dataclass(frozen=True, eq=False)
class Beside:
    """The scenario beside the history.

    Parameters
    ----------
    rows : tuple of Row
        Figures of both.
    curves : tuple of Curves
        By stage.
    months : tuple of datetime.date
        The first days of whole months that were recorded.
    created : array of float, shape (months,)
        New deals in each.
    simulated : array of float, shape (replications, 12)
        New deals in each month of the simulated year, which begins on the day after the data end.
    stamp : Stamp
        What made the simulated figures.
    """

    rows: tuple[Row, ...]
    curves: tuple[Curves, ...]
    months: tuple[dt.date, ...]
    created: Floats
    simulated: Floats
    stamp: Stamp


def beside(history: History, scenario: Scenario, seed: int = 1) -> Beside:
    """Figures of the last year beside those of the scenario with the deals that came in that year.

    Sources do not grow here: it is asked whether the line does what it did, not what a further year would bring.
    """
    runs = simulate(scenario.change(_as_it_was(history, scenario)), replications=_replications(history), seed=seed)
    names = list(runs.model.stage_names)
    curves = tuple(_curves(history, runs.replicates, names))
    rows = (*_stages(history, runs.replicates, names, curves), *_flows(history, runs.replicates))
    months = _months(history)
    return Beside(rows, curves, months, _created(history, months), _ahead(history, runs.replicates), runs.stamp)


def _replications(history: History) -> int:
    """Enough of them: few where each has a hundred thousand deals."""
    year = int((history.deals.created >= history.as_of - _YEAR).sum())
    return min(max(_PLENTY // max(year, 1), _FEWEST), _REPLICATIONS)


def _as_it_was(history: History, scenario: Scenario) -> dict[str, Any]:
    """The rates of the sources on average over the last year, or over all of a shorter history."""
    length = min(_YEAR, history.as_of - history.start)
    change: dict[str, Any] = {"horizon": "1 y"}
    for name, source in scenario.spec.sources.items():
        if source.rate is not None and source.growth:
            years = length / 365.25
            share = (1 - (1 + source.growth) ** -years) / (years * math.log1p(source.growth))
            change[f"sources.{name}.growth"] = 0
            change[f"sources.{name}.rate"] = {"multiply": share}
    return change


def _recent(history: History, stage: int) -> NDArray[np.bool_]:
    """Visits to a stage that began in the last year."""
    visits = history.visits
    return (visits.stage == stage) & (visits.entered >= max(history.start, history.as_of - _YEAR))


def _curves(history: History, runs: Sequence[Any], names: list[str]) -> Iterator[Curves]:
    visits = history.visits
    for index, stage in enumerate(history.stages):
        mine = _recent(history, index)
        left = visits.left[mine]
        time = np.where(np.isnan(left), history.as_of, left) - visits.entered[mine]
        outcome = visits.outcome[mine]
        of_runs, ended = _simulated(runs, names.index(stage))
        if min(int((outcome >= 0).sum()), int((ended >= 0).sum())) >= _LEAST:
            observed, simulated = aalen_johansen(np.maximum(time, 0), outcome), aalen_johansen(of_runs, ended)
            yield Curves(stage, observed, simulated, int(mine.sum()))


def _stages(history: History, runs: Sequence[Any], names: list[str], curves: Sequence[Curves]) -> Iterator[Row]:
    visits = history.visits
    known = {each.stage: each for each in curves}
    for index, stage in enumerate(history.stages):
        if stage in known:
            yield from _of_curves(known[stage])
        mine = _recent(history, index)
        first = visits.first_touch[mine] - visits.entered[mine]
        first = first[~np.isnan(first)]
        waits = _waits(runs, names.index(stage))
        if len(first) >= _LEAST and len(waits) >= _LEAST and first.mean() > 0.02:
            yield Row("wait", stage, float(first.mean()), float(waits.mean()))


def _of_curves(curves: Curves) -> Iterator[Row]:
    both = curves.observed, curves.simulated
    medians = [_median(each) for each in both]
    if medians[0] is not None and medians[1] is not None and medians[0] > 0.05:
        yield Row("time_in_stage", curves.stage, medians[0], medians[1])
    if 0 < both[0].p < 1:
        yield Row("convert", curves.stage, both[0].p, both[1].p)


def _simulated(runs: Sequence[Any], stage: int) -> tuple[Floats, Ints]:
    """Days and outcomes of visits that began in the runs."""
    times, outcomes = [], []
    for records in runs:
        visits = records.visits
        mine = (visits.stage == stage) & (visits.entered > 0)
        entered, left, code = visits.entered[mine], visits.left[mine], visits.outcome[mine]
        times.append(np.where(left >= 0, left - entered, _YEAR * _DAY - entered) / _DAY)
        on = (code == PASSED) | (code == SOLD)
        outcomes.append(np.where(left < 0, OPEN, np.where(on, ADVANCED, LOST)))
    return np.maximum(np.concatenate(times), 0), np.concatenate(outcomes)


def _waits(runs: Sequence[Any], stage: int) -> Floats:
    """Days until the first touch of visits that began in the runs."""
    waits = []
    for records in runs:
        visits = records.visits
        mine = (visits.stage == stage) & (visits.entered > 0) & (visits.first_touch >= 0)
        waits.append((visits.first_touch[mine] - visits.entered[mine]) / _DAY)
    return np.concatenate(waits)


def _median(curves: Incidence) -> float | None:
    """The time by which half of all visits have left, whichever way; None where they have not."""
    gone = curves.advanced + curves.lost
    return float(curves.times[np.searchsorted(gone, 0.5)]) if gone[-1] > 0.5 else None


def _months(history: History) -> tuple[dt.date, ...]:
    """The first days of months that lie in the records as a whole."""
    first, end = history.date(math.ceil(history.start)), history.date(history.as_of)
    month = first if first.day == 1 else _next(first)
    made = []
    while _next(month) <= end:
        made.append(month)
        month = _next(month)
    return tuple(made)


def _next(day: dt.date) -> dt.date:
    """The first day of the next month."""
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def _created(history: History, months: Sequence[dt.date]) -> Floats:
    edges = [float((day - history.origin).days) for day in (*months, *([_next(months[-1])] if months else []))]
    if not edges:
        return np.zeros(0)
    return np.histogram(history.deals.created, edges)[0].astype(float)


def _ahead(history: History, runs: Sequence[Any]) -> Floats:
    """New deals in the twelve months after the data end, by replication."""
    edges = np.arange(13) * _YEAR / 12 * _DAY
    new = [x.leads.created[(x.leads.origin == NEW) & (x.leads.opening == 0)] for x in runs]
    return np.array([np.histogram(each, edges)[0] for each in new], dtype=float)


def _flows(history: History, runs: Sequence[Any]) -> Iterator[Row]:
    """Wins and new deals a month: of the last half year, and of the next."""
    deals, month = history.deals, 30.4375
    length = min(_MONTHS * month, history.as_of - history.start)
    since, months = history.as_of - length, length / month
    ahead = length * _DAY
    new = [records.leads for records in runs]
    won = np.mean(
        [((x.outcome == SOLD) & (x.ended >= 0) & (x.ended < ahead) & (x.origin == NEW)).sum() for x in new]
    )
    came = np.mean([((x.origin == NEW) & (x.opening == 0) & (x.created < ahead)).sum() for x in new])
    pairs = (
        ("won", ((deals.outcome == WON) & (deals.closed >= since)).sum(), won),
        ("created", (deals.created >= since).sum(), came),
    )
    for what, observed, simulated in pairs:
        if observed:
            yield Row(what, "", float(observed) / months, float(simulated) / months)
