"""Which factors matter, over their whole ranges: Sobol indices, and Morris' elementary effects.

The answer of a simulation at a point is a mean over replications with the same random numbers at every point, so
that what differs between points is the factors' doing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from funnelsim.arguments import checked
from funnelsim.errors import FunnelsimError
from funnelsim.results.shown import Pictured
from funnelsim.results.stamp import Stamp
from funnelsim.scenario.forms.base import unknown
from funnelsim.text import number_of, printed
from funnelsim.unchanging import OF_RESULTS, unchanging

from ..counts import check_number
from ..running import arms
from ..running.arms import Arm, study_stamp
from ..running.laboratory import Batch, Laboratory, Sampling
from ..statistics.effects import Floats, Index, morris, sobol
from ..stopping import Stopped
from ..study.pointless import refuse_study_without_money
from ..study.question import check_kpis

if TYPE_CHECKING:
    import pandas as pd

    from funnelsim.model.model import Model
    from funnelsim.scenario.scenario import Scenario
    from funnelsim.scenario.study.study import Study

    from ..running.laboratory import Progress


@unchanging(OF_RESULTS)
@dataclass(frozen=True)
class Sensitivity(Pictured):
    """The indices of all factors.

    Parameters
    ----------
    method : str
        ``sobol`` or ``morris``.
    kpi, unit : str
        What is looked at.
    indices : tuple of Index
        In the order of the factors.
    runs : int
        Replications that were made.
    stamp : Stamp
        What made it.
    """

    method: str
    kpi: str
    unit: str
    indices: tuple[Index, ...]
    runs: int
    stamp: Stamp

    @property
    def table(self) -> pd.DataFrame:
        """One row a factor: ``first``, ``total`` (Sobol) or ``mu_star``, ``sigma`` (Morris), with intervals."""
        import pandas as pd

        names = ("first", "total") if self.method == "sobol" else ("mu_star", "sigma")
        rows = {
            each.factor: {
                names[0]: each.main,
                f"{names[0]}_low": each.low,
                f"{names[0]}_high": each.high,
                names[1]: each.other,
                f"{names[1]}_low": each.other_low,
                f"{names[1]}_high": each.other_high,
            }
            for each in self.indices
        }
        table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("factor")
        return table.dropna(axis="columns", how="all")

    def to_dict(self) -> dict[str, Any]:
        """The JSON document."""
        table = self.table.to_dict(orient="index")
        factors = {
            str(name): {str(key): float(value) for key, value in row.items()} for name, row in table.items()
        }
        told = {"method": self.method, "kpi": self.kpi, "unit": self.unit, "runs": self.runs}
        return {**told, **self.stamp.to_dict(), "factors": factors}

    def _figures(self) -> str:
        return str(self.table.to_html(float_format=lambda x: printed(x, "z,.3g")))

    def __repr__(self) -> str:
        return (
            f"<Sensitivity of {self.kpi}: {self.method}, {number_of(len(self.indices), 'factor')}, {self.stamp}>"
        )


@checked
def sensitivity(
    study: Study | Scenario,
    vary: Mapping[str, Any] | None = None,
    *,
    kpi: str = "won",
    method: Literal["sobol", "morris"] = "sobol",
    points: int = 64,
    replications: int = 4,
    seed: int = 1,
    engine: str = "auto",
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Tell how much of a KPI's variation each factor is responsible for, over its whole range.

    Parameters
    ----------
    study : Study or Scenario
        Of a study, the base and what it varies; or a scenario.
    vary : mapping, optional
        With a scenario: factors and their ranges as in a study file, such as
        ``{"stages.propose.effort": {"from": "2 h", "to": "6 h"}}``.
    kpi : str
        What is looked at.
    method : {"sobol", "morris"}
        Shares of the variance, or a cheaper screening (needs the extra ``sensitivity``).
    points : int
        Sobol: a power of two; ``points * (factors + 2)`` scenarios are run. Morris: trajectories;
        ``points * (factors + 1)`` are.
    replications : int
        Of each scenario.
    seed, engine, workers, executor, progress
        As in `funnelsim.compare`.

    Raises
    ------
    FunnelsimError
        If an option makes no sense, a factor cannot be varied, or a run has no such figure.
    Stopped
        On Ctrl-C; carries the indices by what was done.

    Examples
    --------
    >>> import funnelsim as fs
    >>> today = fs.load("scenarios/one_desk.yaml")  # doctest: +SKIP
    >>> vary = {"sources.web.rate": {"from": "1 / h", "to": "2 / h"}}
    >>> fs.sensitivity(today, vary, kpi="cycle_time")  # doctest: +SKIP
    """
    study = _studied(study, vary)
    sampling = Sampling(seed, engine, workers, executor, progress)
    _check(method, points, replications, len(study.varied))
    check_number(replications, points * (len(study.varied) + 2))
    refuse_study_without_money(kpi, study)
    find = sobol if method == "sobol" else morris
    planned = points * (len(study.varied) + (2 if method == "sobol" else 1)) * replications
    stamp = study_stamp(study, seed, sampling.engine)

    with Laboratory(sampling) as laboratory:
        answers = _Answers(study, kpi, replications, laboratory, planned)

        def named(indices: Sequence[Index]) -> Sensitivity:
            each = (
                replace(index, factor=varied.name) for varied, index in zip(study.varied, indices, strict=True)
            )
            return Sensitivity(method, kpi, answers.unit, tuple(each), laboratory.done, stamp)

        try:
            return named(find(answers, len(study.varied), points, seed))
        except Stopped as stop:
            said = f"stopped after {laboratory.done} of {number_of(planned, 'replication')}; {stop}"
            kept = None if stop.kept is None else named(stop.kept)
            raise Stopped(kept, said, laboratory.done) from None


def _studied(study: Study | Scenario, vary: Mapping[str, Any] | None) -> Study:
    from funnelsim.scenario.scenario import Scenario
    from funnelsim.scenario.study.study import Study

    if isinstance(study, Scenario):
        if not vary:
            raise FunnelsimError("there is nothing to vary", code="E-study-factors")
        return Study.of(study, vary, design={"sobol": 2})  # any design that needs no levels
    if vary is not None:
        raise FunnelsimError(
            "a study says itself what it varies; give `vary` with a scenario only", code="E-option-study"
        )
    return study


def _check(method: str, points: int, replications: int, factors: int) -> None:
    if method not in ("sobol", "morris"):
        raise FunnelsimError(unknown("method", method, ("sobol", "morris")), code="E-name-unknown")
    if factors < 1:
        raise FunnelsimError("there is nothing to vary", code="E-study-factors")
    if points < 2 or (method == "sobol" and points & (points - 1)):
        raise FunnelsimError(
            f"points must be at least 2, and for Sobol indices a power of two, but got {points}",
            code="E-points-range",
        )
    if replications < 1:
        raise FunnelsimError(
            f"replications must be at least 1, but got {replications}", code="E-replications-range"
        )


@dataclass
class _Answers:
    """The mean of a KPI at points of the unit cube of a study's factors."""

    study: Study
    kpi: str
    replications: int
    laboratory: Laboratory
    planned: int
    unit: str = ""

    def __call__(self, points: Floats) -> Floats:
        return np.array(
            [each for start in range(0, len(points), CHUNK) for each in self._some(points[start : start + CHUNK])]
        )

    def _some(self, points: Floats) -> list[float]:
        models = [self._model(row.tolist()) for row in points]
        self.laboratory.forget()
        self.laboratory.run(
            [Batch(at, each, self.replications, arms.tallied, ((self.kpi,),)) for at, each in enumerate(models)],
            self.planned,
            by_scenario=True,
        )
        return [self._figure(Arm("", each, tuple(self.laboratory.kept(at)))) for at, each in enumerate(models)]

    def _model(self, shares: Sequence[float]) -> Model:
        from funnelsim.model.compile import compile_model

        at = {factor.name: factor.at(share) for factor, share in zip(self.study.varied, shares, strict=True)}
        model = compile_model(self.study.scenario(at=at))
        check_kpis([self.kpi], [Arm(self.study.name, model, ())])
        return model

    def _figure(self, arm: Arm) -> float:
        estimate = arm.estimate(self.kpi)
        if estimate.mean is None:
            raise FunnelsimError(
                f"{self.kpi} has no figure at some point; widen the runs or narrow the ranges",
                code="E-figures-few",
            )
        self.unit = estimate.unit
        return estimate.mean


CHUNK = 64
"""Points under way at once: enough for many workers, and few models in memory."""
