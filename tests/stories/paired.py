"""Two organisations that meet the same leads, customers and luck, and the differences between them.

Arms are simulated with the same seed, so that a difference is taken replication by replication; its interval is
Student's, at 99 % where something must be there, and the seed was not chosen by looking at results.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import t

import funnelsim as fs
from funnelsim.model.records import CHURNED, CONTRACTED, NEW_ARR, Customers, Moves, Records
from funnelsim.scenario.forms.quantities import MICROSECONDS
from funnelsim.scenario.reading import library

SEED = 1
FAST, SLOW = 20, 60
CONFIDENCE = 0.99
MONTH = MICROSECONDS["mo"]
CENTS = 100

Change = Mapping[str, Any]
Figures = dict[str, NDArray[np.float64]]
Measure = Callable[[Records], dict[str, float]]


class Difference(NamedTuple):
    """Mean of paired differences, with its interval, and the mean it is a difference from."""

    mean: float
    low: float
    high: float
    base: float

    @property
    def up(self) -> bool:
        return self.low > 0

    @property
    def down(self) -> bool:
        return self.high < 0

    def within(self, share: float) -> bool:
        """Whether the whole interval lies within a share of the base."""
        return max(-self.low, self.high) <= share * self.base

    def __str__(self) -> str:
        return f"{self.base:.4g} {self.mean:+.4g} [{self.low:+.4g}, {self.high:+.4g}]"


class Story:
    """A shipped scenario and what is changed in it.

    Parameters
    ----------
    name : str
        Name of the scenario.
    slack : mapping
        The change that gives everybody time to spare.
    measure : callable
        The figures of one replication.
    """

    def __init__(self, name: str, slack: Change, measure: Measure) -> None:
        self._scenario = fs.load(library.template(name))
        self._slack = slack
        self._measure = measure
        self._known: dict[str, Figures] = {}

    def figures(self, change: Change, slack: bool, replications: int) -> Figures:
        """The figures of an arm, one per replication."""
        changes = {**(self._slack if slack else {}), **change}
        key = f"{sorted(changes.items(), key=str)} {replications}"
        if key not in self._known:
            result = fs.simulate(self._scenario.change(changes), replications=replications, seed=SEED)
            rows = [self._measure(each) for each in result.replicates]
            self._known[key] = {name: np.array([row[name] for row in rows]) for name in rows[0]}
        return self._known[key]

    def differences(self, change: Change, slack: bool, replications: int) -> dict[str, Difference]:
        """What a change does to each figure."""
        before, after = (self.figures(each, slack, replications) for each in ({}, change))
        found = {name: difference(before[name], after[name]) for name in before}
        for name, each in found.items():
            print(f"{'slack' if slack else 'tight'} {name}: {each}")
        return found


def difference(before: NDArray[np.float64], after: NDArray[np.float64]) -> Difference:
    """The paired difference of two rows of figures."""
    apart = after - before
    count = len(apart)
    half = t.ppf(0.5 + CONFIDENCE / 2, count - 1) * apart.std(ddof=1) / np.sqrt(count)
    return Difference(apart.mean(), apart.mean() - half, apart.mean() + half, float(before.mean()))


def replications() -> pytest.MarkDecorator:
    """Run a test with few replications always, and with many when asked for."""
    return pytest.mark.parametrize("count", [FAST, pytest.param(SLOW, marks=pytest.mark.slow)])


# --- what customers are worth -----------------------------------------------------------------------------------


def customers(records: Records) -> tuple[Customers, Moves]:
    """The records of customers and their revenue."""
    assert records.customers is not None
    assert records.moves is not None
    return records.customers, records.moves


def booked(records: Records, until: float) -> float:
    """Revenue a year from new customers won in the first months."""
    moves = customers(records)[1]
    return float(moves.amount[(moves.kind == NEW_ARR) & (moves.time <= until * MONTH)].sum() / CENTS)


def revenue(records: Records, at: float) -> float:
    """Annual recurring revenue after so many months."""
    moves = customers(records)[1]
    signs = np.where(np.isin(moves.kind, (CONTRACTED, CHURNED)), -1, 1)
    return float((signs * moves.amount)[moves.time <= at * MONTH].sum() / CENTS)
