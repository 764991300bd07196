"""A back-test: the whole calibration on earlier days, with what was recorded then, against what came."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from funnelsim.arguments import checked
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.running.replications import simulate
from funnelsim.results.shown import Pictured, paragraphs
from funnelsim.results.stamp import Stamp
from funnelsim.scenario.forms.amounts import ELAPSED, DurationForm
from funnelsim.scenario.forms.base import FormError, Names, unknown
from funnelsim.scenario.forms.quantities import MICROSECONDS, Duration
from funnelsim.scenario.scenario import Scenario
from funnelsim.unchanging import OF_RESULTS, unchanging
from funnelsim.version import VERSION

from ..cutting import cut
from ..findings import Finding
from ..fitting.assume import Assumed, Assumptions, read_assumptions
from ..fitting.fit import Fit, calibrate
from ..history import History
from . import naive, outcomes
from .scores import Score, Widening, bounds, crps, quantile, score, widening

if TYPE_CHECKING:
    import pandas as pd

    from funnelsim.results.result import Result

Floats = NDArray[np.float64]
Progress = Callable[[int, int], bool | None]

DRAWS, PLAIN = "with_draws", "without_draws"
NAIVE = ("last_period", "four_weeks", "smoothing", "pipeline", "pipeline_and_run_rate")
METHODS = (DRAWS, PLAIN, *NAIVE)
"""funnelsim over plausible inputs and at the estimate, and methods that know no line."""

LEAST_PAST = 120.0
"""Days of records that a cut needs before it."""


@dataclass(frozen=True)
class Case:
    """One forecast and what came.

    Parameters
    ----------
    cut : float
        The day, since the history's origin.
    length : float
        The horizon in days.
    kpi, method : str
        Of what, and by which method.
    ensemble : array of float
        The forecast, as equally likely outcomes.
    outcome : float
        What came.
    """

    cut: float
    length: float
    kpi: str
    method: str
    ensemble: Floats
    outcome: float


@unchanging(OF_RESULTS)
@dataclass(frozen=True, eq=False)
class Backtest(Pictured):
    """Forecasts from earlier days beside what came, and how good they were.

    Parameters
    ----------
    history : History
        The whole history.
    cases : tuple of Case
        Every forecast.
    horizons : dict of str to float
        Lengths in days by how they were written.
    kpis : tuple of str
        What was forecast.
    findings : tuple of Finding
        Cuts that were left out, and what was noticed at the others.
    draws : int
        Runs of each forecast.
    made : Stamp or None
        What made the simulated forecasts; None where there are none.
    """

    history: History
    cases: tuple[Case, ...]
    horizons: Mapping[str, float]
    kpis: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    draws: int = 0
    made: Stamp | None = None

    @property
    def stamp(self) -> Stamp:
        """What made it."""
        return self.made or Stamp({}, 1, "none", VERSION)

    @property
    def table(self) -> pd.DataFrame:
        """The same as `scores`."""
        return self.scores

    @property
    def sentences(self) -> tuple[str, ...]:
        """Which method was better, and whether ranges held what came."""
        return tuple(self._view("words")(self))

    def unit(self, kpi: str) -> str:
        """The unit of a KPI: leads, days, or the currency (empty where the data do not tell it)."""
        return {"bookings": self.history.currency, "cycle_time": "days"}.get(kpi, "leads")

    def _said(self) -> str:
        return paragraphs(*self.sentences, str(self.stamp))

    def __repr__(self) -> str:
        return f"<Backtest of {', '.join(self.kpis)} over {', '.join(self.horizons)}>"

    def of(self, kpi: str, horizon: str, method: str) -> tuple[Case, ...]:
        """The forecasts of one method, by cut."""
        length = self.horizons[horizon]
        return tuple(case for case in self.cases if (case.kpi, case.length, case.method) == (kpi, length, method))

    @cached_property
    def scored(self) -> dict[tuple[str, str, str], Score]:
        """Scores by KPI, horizon and method, over the days on which the method could tell something."""
        made = {}
        for kpi in self.kpis:
            for horizon in self.horizons:
                for method in METHODS:
                    cases = self.of(kpi, horizon, method)
                    if cases:
                        made[kpi, horizon, method] = score(*_columns(cases), self.horizons[horizon])
        return made

    @property
    def scores(self) -> pd.DataFrame:
        """The table: method, horizon, kpi, crps, coverage80, coverage95, bias, mape, n, windows."""
        import pandas as pd

        rows = [
            {"kpi": kpi, "horizon": horizon, "method": method, **each.to_dict()}
            for (kpi, horizon, method), each in self.scored.items()
        ]
        return pd.DataFrame(rows).drop(columns="pit", errors="ignore")

    def best_naive(self, kpi: str, horizon: str) -> str | None:
        """The method without a line that had the least score; None where none could tell.

        Only methods that could tell something on each day on which funnelsim did are compared.
        """
        mine = self.scored.get((kpi, horizon, DRAWS))
        theirs = {m: self.scored[kpi, horizon, m] for m in NAIVE if (kpi, horizon, m) in self.scored}
        found = {m: each.crps for m, each in theirs.items() if mine is None or each.n == mine.n}
        return min(found, key=lambda method: found[method]) if found else None

    def better(self, kpi: str, horizon: str, other: str) -> tuple[int, int]:
        """In how many cuts funnelsim with draws was nearer than another method, and of how many."""
        mine = {case.cut: crps(case.ensemble, case.outcome) for case in self.of(kpi, horizon, DRAWS)}
        theirs = {case.cut: crps(case.ensemble, case.outcome) for case in self.of(kpi, horizon, other)}
        both = [day for day in mine if day in theirs]
        return sum(mine[day] < theirs[day] for day in both), len(both)

    def widening(self, kpi: str, horizon: str) -> Widening | None:
        """By how much the ranges must be widened to have held what came."""
        cases = self.of(kpi, horizon, DRAWS)
        return widening(*_columns(cases), self.horizons[horizon]) if cases else None

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        date = self.history.date
        widenings = {(k, h): self.widening(k, h) for k in self.kpis for h in self.horizons}
        return {
            "files": list(self.history.files),
            "cuts": sorted({date(case.cut).isoformat() for case in self.cases}),
            "scores": [
                {"kpi": kpi, "horizon": horizon, "method": method, **each.to_dict()}
                for (kpi, horizon, method), each in self.scored.items()
            ],
            "widening": [
                {"kpi": kpi, "horizon": horizon, **each.to_dict()}
                for (kpi, horizon), each in widenings.items()
                if each is not None
            ],
            "cases": [_case(case, date(case.cut).isoformat()) for case in self.cases],
            "findings": [finding.to_dict() for finding in self.findings],
        }


def _case(case: Case, day: str) -> dict[str, Any]:
    low, high = bounds(case.ensemble, 0.95)
    return {
        "cut": day, "days": case.length, "kpi": case.kpi, "method": case.method,
        "median": quantile(case.ensemble, 0.5), "low": low, "high": high, "outcome": case.outcome,
    }  # fmt: skip


def _columns(cases: Sequence[Case]) -> tuple[list[Floats], list[float], list[float]]:
    return [case.ensemble for case in cases], [case.outcome for case in cases], [case.cut for case in cases]


@checked
def backtest(
    history: History,
    assume: Assumptions | Assumed | Path | str | Mapping[str, Any] | None = None,
    *,
    cuts: int = 8,
    every: str = "1 mo",
    horizons: Sequence[str] = ("1 mo", "3 mo", "6 mo"),
    kpis: Sequence[str] = ("won", "bookings"),
    draws: int = 40,
    seed: int = 1,
    progress: Progress | None = None,
) -> Backtest:
    """Calibrate on earlier days with what was recorded then, forecast, and compare with what came.

    Parameters
    ----------
    history : History
        From `read_history`.
    assume : mapping or path, optional
        What no CRM knows.
    cuts : int
        From how many days to forecast: the last is one ``every`` before the end of the data.
    every : str
        From one such day to the next.
    horizons : sequence of str
        How far to look ahead; a horizon counts only from days after which so much is recorded.
    kpis : sequence of str
        Of ``won``, ``bookings``, ``created``, ``open``, ``cycle_time``.
    draws : int
        Runs of each forecast.
    seed : int
        Of draws and runs.
    progress : callable, optional
        Called with the cuts done and planned; where it returns False the work stops with what is done.

    Raises
    ------
    FunnelsimError
        If a name is unknown, or no day has enough records before and after it.
    """
    wrong = [kpi for kpi in kpis if kpi not in outcomes.KPIS]
    if wrong:
        raise FunnelsimError(f"backtest: {unknown('KPI', wrong[0], outcomes.KPIS)}", code="E-name-unknown")
    lengths = {written: days_of(written) for written in horizons}
    step = days_of(every)
    assumed = read_assumptions(assume)
    days = [history.as_of - step * k for k in range(cuts, 0, -1)]
    kept = [day for day in days if day - history.start >= LEAST_PAST and _some(lengths, history, day)]
    if not kept:
        said = f"no day has {LEAST_PAST:.0f} days of records before it and the shortest horizon after it"
        raise FunnelsimError(
            f"backtest: {said}; {history.as_of - history.start:.0f} days are recorded", code="E-history-small"
        )
    cases: list[Case] = []
    made: list[Stamp] = []
    findings: dict[str, Finding] = {}
    for number, day in enumerate(kept):
        fit = calibrate(cut(history, day), assumed, seed=seed)
        findings.update({finding.code: finding for finding in fit.findings})
        ahead = {written: length for written, length in lengths.items() if day + length <= history.as_of + 1e-9}
        cases += _at(history, fit, day, ahead, kpis, draws, seed, made)
        if progress is not None and progress(number + 1, len(kept)) is False:
            break
    left_out = len(days) - len(kept)
    if left_out:
        said = f"{left_out} of {len(days)} days are left out, with under {LEAST_PAST:.0f} days of records before."
        findings["cuts_left_out"] = Finding("cuts_left_out", "note", left_out, said)
    stamp = replace(made[0], over={}, seed=seed) if made else None
    return Backtest(history, tuple(cases), lengths, tuple(kpis), tuple(findings.values()), draws, stamp)


def days_of(written: str) -> float:
    """A length of time in days.

    Raises
    ------
    FunnelsimError
        If it is none.
    """
    duration = duration_of(written)
    return duration.amount * MICROSECONDS[duration.unit] / MICROSECONDS["d"]


def duration_of(written: str) -> Duration:
    """A length of time as it was written.

    Raises
    ------
    FunnelsimError
        If it is none.
    """
    try:
        return DurationForm(ELAPSED, positive=True).read(written, Names())
    except FormError as wrong:
        raise FunnelsimError(f"backtest: {wrong}", code=wrong.code) from None


def _some(lengths: Mapping[str, float], history: History, day: float) -> bool:
    return any(day + length <= history.as_of + 1e-9 for length in lengths.values())


def _at(
    history: History,
    fit: Fit,
    day: float,
    ahead: Mapping[str, float],
    kpis: Sequence[str],
    draws: int,
    seed: int,
    made: list[Stamp],
) -> Iterator[Case]:
    longest = max(ahead.values())
    worlds = [fit.scenario.change(fragment) for fragment in fit.draws(draws)]
    drawn = [_run(world, longest, 1, seed + number) for number, world in enumerate(worlds)]
    plain = _run(fit.scenario, longest, draws, seed)
    made.append(plain.stamp)
    ensembles = {DRAWS: [leads for each in drawn for leads in _leads(each)], PLAIN: _leads(plain)}
    for kpi in kpis:
        for length in ahead.values():
            outcome = outcomes.came(history, kpi, day, length)
            if np.isnan(outcome):
                continue
            for method, runs in ensembles.items():
                members = np.array([outcomes.told(leads, kpi, length) for leads in runs])
                members = members[~np.isnan(members)]
                if len(members):
                    yield Case(day, length, kpi, method, members, outcome)
            yield from _naive(fit.history, kpi, day, length, outcome, seed)


def _naive(then: History, kpi: str, day: float, length: float, outcome: float, seed: int) -> Iterator[Case]:
    if kpi not in outcomes.FLOWS:
        return
    flow = outcomes.flow(then, kpi)
    simple = {
        "last_period": naive.last_period(flow, length),
        "four_weeks": naive.last_weeks(flow, length),
        "smoothing": naive.smoothing(flow, length),
    }
    if kpi != "created":
        chances, amounts, run_rate = outcomes.pipeline_of(then, kpi, length)
        simple["pipeline"] = naive.pipeline(chances, amounts, 0.0, seed)
        simple["pipeline_and_run_rate"] = naive.pipeline(chances, amounts, run_rate, seed)
    for method, ensemble in simple.items():
        if ensemble is not None:
            yield Case(day, length, kpi, method, ensemble, outcome)


def _run(scenario: Scenario, longest: float, replications: int, seed: int) -> Result:
    ahead = scenario.change({"horizon": f"{np.ceil(longest):.0f} d"})
    return simulate(ahead, replications=replications, seed=seed)


def _leads(result: Result) -> list[Any]:
    """The leads of each run."""
    return [records.leads for records in result.replicates]
