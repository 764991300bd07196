"""How a simulated figure is held against an exact one.

A check needs at least 40 replications, a standard error of at most 2 % of the exact value, and a distance of
at most four standard errors. The seed is the same everywhere and was not chosen by looking at results.

The checks run on the compiled engine. Two variables of the environment say otherwise::

    THEORY_TIMES=10 python -m pytest tests/theory -m "slow or not slow"     # ten times the replications
    THEORY_ENGINE=simpy python -m pytest tests/theory                       # the reference engine

At the end pytest prints how far the figures were from the exact ones, all together (see ``conftest.py``).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import funnelsim as fs
from funnelsim.engine import engines
from funnelsim.model.compile import compile_model
from funnelsim.model.model import Model
from funnelsim.model.records import Records

Floats = NDArray[np.float64]

ENGINE = os.environ.get("THEORY_ENGINE", "compiled")
"""What computes the runs."""
TIMES = int(os.environ.get("THEORY_TIMES", "1"))
"""How many times the usual number of replications, or of independent customers or leads, a check gets."""

SEED = 1
REPLICATIONS = 40
MOST_Z = 4.0
MOST_ERROR = 0.02


def cases(names: str, fast: list[tuple[Any, ...]], slow: list[tuple[Any, ...]]) -> pytest.MarkDecorator:
    """Parametrise a check: ``fast`` cases always run, ``slow`` ones only when asked for."""
    marked = [pytest.param(*case, marks=pytest.mark.slow) for case in slow]
    return pytest.mark.parametrize(names, [*(pytest.param(*case) for case in fast), *marked])


def simulate(text: str, replications: int = REPLICATIONS) -> Any:
    """The result of simulating a scenario text, `TIMES` as often as it says."""
    scenario = fs.Scenario.from_text(text)
    return fs.simulate(scenario, replications=replications * TIMES, seed=SEED, engine=ENGINE)


def run(text: str) -> Records:
    """One replication of a scenario text."""
    return engines.runner(ENGINE)(compile_model(fs.Scenario.from_text(text)), SEED, 0)


def replicates(text: str, count: int = REPLICATIONS) -> tuple[Model, list[Records]]:
    """A model, and so many runs of it, times `TIMES`."""
    model, once = compile_model(fs.Scenario.from_text(text)), engines.runner(ENGINE)
    return model, [once(model, SEED, replication) for replication in range(count * TIMES)]


def cohort(result: Any, records: str, start: float, end: float) -> pd.DataFrame:
    """Visits that were entered, or leads that were created, in [start, end), hours.

    ``end`` lies well before the horizon, so that all but a negligible few of them are through.
    """
    frame = result.records(records)
    began = frame["entered" if records == "visits" else "created"]
    return frame[(began >= start) & (began < end)]


def per_replication(frame: pd.DataFrame, values: pd.Series | None = None) -> Floats:
    """The number of rows in each replication, or the sum of ``values`` over them."""
    amounts = pd.Series(1.0, frame.index) if values is None else values.loc[frame.index].astype(float)
    return amounts.groupby(frame["replication"]).sum().sort_index().to_numpy()


def ratio(above: Floats, below: Floats) -> Floats:
    """Values by replication whose mean is the pooled ratio and whose spread is that of the delta method.

    The mean of ratios would be biased by the correlation of the two, which at these lengths can be seen.
    """
    pooled = above.sum() / below.sum()
    return pooled + (above - pooled * below) / below.mean()


def mean_of(frame: pd.DataFrame, values: pd.Series) -> Floats:
    """Values by replication for the mean of ``values`` over rows."""
    return ratio(per_replication(frame, values), per_replication(frame))


def share_of(frame: pd.DataFrame, which: pd.Series) -> Floats:
    """Values by replication for the share of rows for which ``which`` holds."""
    return mean_of(frame, which)


def overlap(frame: pd.DataFrame, begin: str, finish: str, start: float, end: float) -> Floats:
    """Mean number of rows by replication that lie between two of their times, over [start, end)."""
    first, last = (frame[name].fillna(end).clip(start, end) for name in (begin, finish))
    return per_replication(frame, last - first) / (end - start)


class Control(NamedTuple):
    """Values by replication whose expectation is known exactly, such as the mean effort of the leads seen."""

    what: str
    values: Floats
    exact: float


def controlled(values: Floats, controls: list[Control]) -> Floats:
    """Values by replication with the luck of the inputs taken out (Lavenberg and Welch 1981).

    Control variates: a busy year with long touches has long waits; what the known means of the controls
    explain of that is subtracted, by regression over replications. The values returned have the adjusted
    mean, and their spread gives the standard error of that mean, the degrees of freedom of the regression
    paid for. A wrong control would hide an error, so each is held against its own exact value first.
    """
    for control in controls:
        z = z_score(control.values, control.exact)
        assert abs(z) <= MOST_Z, (
            f"{control.what}: {control.values.mean():.5g}, not {control.exact:.5g} (z {z:+.2f})"
        )
    count = len(values)
    design = np.column_stack([np.ones(count), *(control.values - control.exact for control in controls)])
    beta = np.linalg.lstsq(design, values, rcond=None)[0]
    rest = values - design @ beta
    variance = float(rest @ rest) / (count - len(beta)) * float(np.linalg.inv(design.T @ design)[0, 0])
    return beta[0] + rest * np.sqrt(variance * count * (count - 1) / float(rest @ rest))


def inputs(seen: pd.DataFrame, hours: float, rate: float, effort: Sequence[float]) -> list[Control]:
    """Controls from visits entered over ``hours``: how many, and the first two moments of their effort."""
    work = seen["work"]
    return [
        Control("arrivals an hour", per_replication(seen) / hours, rate),
        Control("effort", mean_of(seen, work), effort[0]),
        Control("squared effort", mean_of(seen, np.square(work)), effort[1]),
    ]


def z_score(values: Floats, exact: float) -> float:
    """Distance of the mean of ``values`` from ``exact`` in standard errors."""
    off = float(values.mean() - exact)
    return off / standard_error(values) if off else 0.0  # what is certain has no error to measure it by


def standard_error(values: Floats) -> float:
    """Standard error of the mean of independent values."""
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def check(what: str, values: Floats, exact: float) -> None:
    """Hold values by replication against the exact figure, and print both (seen with ``pytest -s``).

    Raises
    ------
    AssertionError
        With the figure, its error and its distance, if one of the three conditions fails.
    """
    error, z = standard_error(values) / abs(exact), z_score(values, exact)
    figure = f"{what}: simulated {values.mean():.5g}, exact {exact:.5g}, z {z:+.2f}, error {error:.2%}"
    print(figure)
    assert len(values) >= REPLICATIONS * TIMES, figure
    assert error <= MOST_ERROR, figure
    assert abs(z) <= MOST_Z, figure
