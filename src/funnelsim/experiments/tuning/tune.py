"""Moving what is least known until a line comes to known totals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from funnelsim.arguments import checked
from funnelsim.errors import FunnelsimError
from funnelsim.model.compile import compile_model
from funnelsim.text import number_of

from ..running.arms import Arm, stamp
from ..running.laboratory import Sampling
from ..statistics.least_change import Array, Least, covariance, descend, distance, surprise
from ..stopping import Stopped
from .bench import STEP, Bench, kept, means
from .identities import Broken, broken, figures_behind, needed
from .inputs import HALF, Input, inputs_of, value_at
from .result import Met, Moved, Tuned
from .totals import totals_of
from .writing import recorded

if TYPE_CHECKING:
    from funnelsim.results.estimates import Estimate
    from funnelsim.scenario.scenario import Scenario

    from ..running.laboratory import Progress

SCREENED = 2
"""Replications with which all inputs are looked at first."""

MOST = 24
"""Inputs that are moved at the most: those that could bring the line furthest towards the totals."""

ROUNDS = 4
"""How often slopes are found anew."""

POINTS = 8
"""Points that are tried with the slopes of one round."""

TRIFLE, TRIFLING = 0.1, 0.5
"""An input that moved by fewer standard deviations stays in place, if what is minimised rises by less."""

FEWEST = 2


@checked
def tune(
    scenario: Scenario,
    to: Mapping[str, float | str],
    *,
    vary: Sequence[str] | None = None,
    replications: int = 10,
    seed: int = 1,
    engine: str = "auto",
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Tuned:
    """Move the inputs that are least known, as little as possible, until simulated KPIs come to known totals.

    Minimised is the sum of the squares of how far inputs are moved, in standard deviations of what is known
    of them, and of how far KPIs are off, in tolerances: the most probable inputs where both are normal. Inputs are
    known by the ranges of their evidence, else to a factor of 2. All is computed on the same random numbers.

    Parameters
    ----------
    scenario : Scenario
        The line.
    to : mapping
        By KPI what it is known to be: a number in its unit, or text such as ``"8/mo"``, ``"8±1/mo"``, ``"20%"``,
        ``"90d"`` or ``"30M JPY"``. What stands behind ± is one standard deviation; without it half of the last
        digit of the text is taken, and at least 2 %.
    vary : sequence of str, optional
        Paths of the inputs that may move, in which ``*`` stands for every name; by default all whose grade is
        neither A nor B.
    replications : int
        Of each point; at least 2.
    seed, engine, workers, executor, progress
        As in `funnelsim.compare`.

    Returns
    -------
    Tuned
        The tuned line, what was moved, how well each input is known now, and which totals contradict one another.

    Raises
    ------
    FunnelsimError
        For a total that cannot be read or a KPI that does not exist, an input that is not there or was measured,
        or a figure that the line does not have.
    Stopped
        On Ctrl-C.

    Examples
    --------
    >>> found = tune(load("reference.yaml"), {"won": "9/mo", "win_rate": "20%"})  # doctest: +SKIP
    >>> found.save("tuned.yaml")  # doctest: +SKIP
    """
    if replications < FEWEST:
        raise FunnelsimError(
            f"at least {FEWEST} replications are needed to tell an effect from chance, found {replications}",
            code="E-replications-range",
        )
    totals, warnings = totals_of(Arm("", compile_model(scenario), ()), to)
    inputs = inputs_of(scenario, vary)
    sampling = Sampling(seed, engine, workers, executor, progress)
    try:
        with Bench(scenario, totals, figures_behind(), sampling) as bench:
            return _Tuning(bench, inputs, replications, warnings).done()
    except KeyboardInterrupt:
        raise Stopped(None, "stopped before the line came to its totals", 0) from None


@dataclass
class _Tuning:
    """One tuning under way."""

    bench: Bench
    every: Sequence[Input]
    count: int
    warnings: Sequence[str]

    def __post_init__(self) -> None:
        self.values = np.array([each.value for each in self.bench.totals])
        self.tolerances = np.array([each.tolerance for each in self.bench.totals])

    def done(self) -> Tuned:
        """The whole of it."""
        before = self._start()
        base = [before.estimate(each.kpi) for each in self.bench.totals]
        held = self._held(before)
        wrong = broken(self.bench.totals, self._span, held)
        inputs, rest = self._screened(base)
        best, slopes, errors = self._sought(inputs, base)
        return self._told(before, inputs, rest, _Found(best, slopes, errors), wrong)

    @property
    def _span(self) -> int:
        return self.bench.model.horizon - self.bench.model.warmup

    def _held(self, arm: Arm) -> dict[str, float | None]:
        return {name: arm.estimate(name).mean for name in figures_behind() if name in arm.indicators}

    def _start(self) -> Arm:
        (arm,) = self.bench.arms({"start": self.bench.model}, self.count).values()
        for each in self.bench.totals:
            if arm.estimate(each.kpi).mean is None:
                runs = number_of(self.count, "replication")
                raise FunnelsimError(
                    f"{each.kpi}: the line as it stands has no such figure in {runs}, so there is nothing to tune "
                    "from; a longer horizon or other values may give one",
                    code="E-tune-undefined",
                )
        return arm

    def _screened(self, base: Sequence[Estimate]) -> tuple[tuple[Input, ...], Array]:
        """Those that could bring the line furthest, and the variance of the figures by all others."""
        count = min(SCREENED, self.count)
        first = self.bench.at((), np.zeros(0), count) or list(base)
        slopes, errors = self.bench.slopes(self.every, np.zeros(len(self.every)), first, count)
        weight = np.sum((slopes / self.tolerances[:, None]) ** 2, axis=0)
        order = [int(at) for at in np.argsort(-weight, kind="stable") if weight[at] > 0]
        taken, left = order[:MOST], order[MOST:]
        if not taken:
            raise FunnelsimError(
                f"none of the {len(self.every)} inputs that may be moved changes any of the totals; let others "
                "move (--vary), or say that they are less well known under `evidence`",
                code="E-tune-nothing",
            )
        # of many small effects that chance blurs the sum of squares is known better than any one of them
        rest = np.maximum(0.0, np.sum(slopes[:, left] ** 2 - errors[:, left] ** 2, axis=1))
        return tuple(self.every[at] for at in sorted(taken)), rest

    def _figures(self, inputs: Sequence[Input], places: Array) -> Array | None:
        found = self.bench.at(inputs, places, self.count)
        return None if found is None else means(found)

    def _sought(self, inputs: Sequence[Input], base: Sequence[Estimate]) -> tuple[Least, Array, Array]:
        """The best point, its figures, and the slopes there with their errors."""
        places, figures = np.zeros(len(inputs)), list(base)
        limits = (np.array([each.limits[0] for each in inputs]), np.array([each.limits[1] for each in inputs]))
        limits = (np.minimum(limits[0], -1e-6), np.maximum(limits[1], 1e-6))
        best = Least(places, means(figures), distance(places, means(figures) - self.values, self.tolerances))
        slopes, errors = self.bench.slopes(inputs, best.inputs, figures, self.count)
        for _ in range(ROUNDS):
            found = descend(
                lambda each: self._figures(inputs, each), best, kept(slopes, errors), self.values, self.tolerances,
                limits, POINTS,
            )  # fmt: skip
            near = np.linalg.norm(found.inputs - best.inputs) < STEP
            if found.total < best.total:
                best = found
                figures = self.bench.at(inputs, best.inputs, self.count) or figures
            if near:
                break
            slopes, errors = self.bench.slopes(inputs, best.inputs, figures, self.count)
        return self._without_trifles(inputs, best), slopes, errors

    def _without_trifles(self, inputs: Sequence[Input], best: Least) -> Least:
        """The best point with inputs that hardly moved back in their places, unless that costs what it gained."""
        places = np.where(np.abs(best.inputs) < TRIFLE, 0.0, best.inputs)
        found = self._figures(inputs, places)
        if found is None:
            return best
        total = distance(places, found - self.values, self.tolerances)
        return Least(places, found, total) if total < best.total + TRIFLING else best

    def _told(
        self, before: Arm, inputs: Sequence[Input], rest: Array, found: _Found, wrong: Sequence[Broken]
    ) -> Tuned:
        tuned = self.bench.settle(inputs, found.best.inputs)
        (after,) = self.bench.arms({"tuned": compile_model(tuned)}, self.count).values()
        met = tuple(Met(each, before.estimate(each.kpi), after.estimate(each.kpi)) for each in self.bench.totals)
        noise = self._noise(found, rest, met)
        slopes = kept(found.slopes, found.errors)
        spread = np.sqrt(np.clip(np.diag(covariance(slopes, noise)), 0.0, 1.0))
        gaps = found.best.figures - self.values
        chi = surprise(slopes, gaps, found.best.inputs, noise)
        moved = self._moved(tuned, inputs, found.best.inputs, spread)
        scenario = recorded(tuned, moved, met)
        made = self._held(after)
        missed = [each.total for each in met if not each.is_met]
        if not missed:  # a line that does all of it is the proof: where queues grow, wins lag behind opportunities
            wrong = [each for each in wrong if each.kind != "product"]
        lacks = needed(self.bench.totals, self._span, made) if missed or wrong else ()
        return Tuned(
            self.bench.scenario, scenario, met, moved, tuple(wrong), lacks, _beyond(chi, len(met)), self.count,
            self.bench.made, stamp([before], self.bench.sampling.seed, self.bench.sampling.engine),
            tuple(self.warnings),
        )  # fmt: skip

    def _noise(self, found: _Found, rest: Array, met: Sequence[Met]) -> Array:
        """Variances of the totals: tolerance, simulation, what is not moved, and what is not known of slopes."""
        simulated = np.array([each.after.error or 0.0 for each in met]) ** 2
        variance = self.tolerances**2 + simulated + rest + np.sum(found.errors**2, axis=1)
        return np.asarray(variance)

    def _moved(self, tuned: Scenario, inputs: Sequence[Input], places: Array, spread: Array) -> tuple[Moved, ...]:
        start = self.bench.scenario
        known = {each.path: (float(places[at]), float(spread[at])) for at, each in enumerate(inputs)}
        found = []
        for each in self.every:
            z, wide = known.get(each.path, (0.0, 1.0))
            value = tuned.values_at(each.path)[each.path]
            ends = [value_at(start, each, side * HALF) for side in (-1, 1)]
            new = [value_at(start, each, z + side * HALF * wide) for side in (-1, 1)]
            found.append(
                Moved(
                    each, z, wide, value_at(start, each, 0.0), value_at(start, each, z), (ends[0], ends[1]),
                    (new[0], new[1]), value != each.raw,
                )
            )  # fmt: skip
        return tuple(sorted(found, key=lambda one: (not one.is_moved, one.spread if not one.z else -abs(one.z))))


@dataclass(frozen=True)
class _Found:
    best: Least
    slopes: Array
    errors: Array


def _beyond(chi: float, freedom: int) -> float:
    """How probable a chi-squared as large as this is."""
    from scipy.special import chdtrc

    return float(chdtrc(freedom, max(chi, 0.0))) if math.isfinite(chi) else 0.0
