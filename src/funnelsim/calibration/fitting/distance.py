"""What the scenario does beside what was observed: times in stages, waits, and wins a month."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnelsim.experiments.running.replications import simulate
from funnelsim.model.records import NEW
from funnelsim.model.records import WON as SOLD
from funnelsim.scenario.scenario import Scenario

from ..estimating.empirical import aalen_johansen
from ..history import WON, History

Floats = NDArray[np.float64]

REPLICATIONS = 8
_DAY = 86_400e6
_YEAR, _MONTHS = 365.0, 6
_LEAST = 20


@dataclass(frozen=True)
class Row:
    """One figure of both.

    Parameters
    ----------
    what : {'time_in_stage', 'wait', 'won', 'created'}
        The median time of a visit and the mean wait for the first touch, in days; wins and new deals a month.
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


def distance(history: History, scenario: Scenario, seed: int = 1) -> tuple[Row, ...]:
    """Figures of the last year beside those of the scenario with the deals that came in that year.

    Sources do not grow here: it is asked whether the line does what it did, not what a further year would bring.
    """
    runs = simulate(scenario.change(_as_it_was(history, scenario)), replications=REPLICATIONS, seed=seed)
    names = list(runs.model.stage_names)
    return (*_stages(history, runs.replicates, names), *_flows(history, runs.replicates))


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


def _stages(history: History, runs: Sequence[Any], names: list[str]) -> Iterator[Row]:
    visits = history.visits
    since = max(history.start, history.as_of - _YEAR)
    for index, stage in enumerate(history.stages):
        mine = (visits.stage == index) & (visits.entered >= since)
        left = visits.left[mine]
        observed = _median(np.where(np.isnan(left), history.as_of, left) - visits.entered[mine], ~np.isnan(left))
        there = names.index(stage)
        times, ended, waits = _simulated(runs, there)
        simulated = _median(times, ended)
        if observed is not None and simulated is not None and observed > 0.05:
            yield Row("time_in_stage", stage, observed, simulated)
        first = visits.first_touch[mine] - visits.entered[mine]
        first = first[~np.isnan(first)]
        if len(first) >= _LEAST and len(waits) >= _LEAST and first.mean() > 0.02:
            yield Row("wait", stage, float(first.mean()), float(waits.mean()))


def _simulated(runs: Sequence[Any], stage: int) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """Days, whether they ended, and days until the first touch, of visits that began in the runs."""
    times, ended, waits = [], [], []
    for records in runs:
        visits = records.visits
        mine = (visits.stage == stage) & (visits.entered > 0)
        entered, left = visits.entered[mine], visits.left[mine]
        times.append(np.where(left >= 0, left - entered, _YEAR * _DAY - entered) / _DAY)
        ended.append(left >= 0)
        first = visits.first_touch[mine]
        waits.append(((first - entered) / _DAY)[first >= 0])
    return np.concatenate(times), np.concatenate(ended), np.concatenate(waits)


def _median(time: Floats, ended: NDArray[np.bool_]) -> float | None:
    if int(ended.sum()) < _LEAST:
        return None
    found = aalen_johansen(np.maximum(time, 0), np.where(ended, 1, -1))
    return float(found.quantiles(1, [0.5])[0]) if found.advanced[-1] > 0.5 else None


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
