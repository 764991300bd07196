"""A stand-in for runs: points whose true figures are known, with normal luck of which they share a part."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

import funnelsim as fs
from funnelsim.experiments.optimisation.laboratory import key_of
from funnelsim.experiments.optimisation.procedure import Optimisation
from funnelsim.experiments.optimisation.result import Optimum
from funnelsim.experiments.optimisation.screening import Sample
from funnelsim.experiments.optimisation.search import Effort
from funnelsim.experiments.study.designs import Point
from funnelsim.experiments.study.goals import goal_of
from funnelsim.results.estimates import mean_of

HEADCOUNT = "teams.desk.headcount"
RATE = "sources.web.rate"
CONVERT = "stages.serve.convert"

AS_IT_IS = {HEADCOUNT: 3, CONVERT: 0.5}

MOST = 420
"""Replications there are."""

Truth = Callable[[Point], dict[str, float] | None]
"""The true figures of a point by KPI, those left out being 0; None for one that fails."""


def desk(**changes: Any) -> fs.Scenario:
    document = {
        "funnelsim": 1,
        "name": "desk",
        "horizon": "4 d",
        "warmup": "1 d",
        "sources": {"web": {"rate": "2 / h"}},
        "teams": {"desk": {"headcount": 3, "queue": "fifo"}},
        "stages": {"serve": {"team": "desk", "effort": {"dist": "exponential", "mean": "1 h"}, "convert": 0.5}},
        **changes,
    }
    return fs.Scenario.from_dict(document)


@dataclass
class Stand:
    """Gives figures that are true but for luck: ``shared`` by all points of a replication, and ``own``.

    ``spread`` is what the luck of a KPI is multiplied by; 1 for those left out.
    """

    truth: Truth
    kpis: Sequence[str]
    seed: int = 1
    shared: float = 1.0
    own: float = 1.0
    spread: Mapping[str, float] = field(default_factory=dict)
    fails: Callable[[Point, int], bool] = lambda point, number: False
    asked: list[tuple[str, range]] = field(default_factory=list)
    luck: dict[int, NDArray[np.float64]] = field(default_factory=dict)

    def identity(self, point: Point) -> str | None:
        return str(key_of(point))

    def samples(self, points: Sequence[Point], numbers: range, doing: str, later: int = 0) -> list[Sample | None]:
        self.asked += [(doing, numbers) for _ in points]
        return [self._sample(point, numbers) for point in points]

    def _sample(self, point: Point, numbers: range) -> Sample | None:
        truth = self.truth(Point(point.arm, {**AS_IT_IS, **point.at}))
        if truth is None or any(self.fails(point, number) for number in numbers):
            return None
        place = zlib.crc32(str(self.identity(point)).encode())
        if place not in self.luck:
            self.luck[place] = self.shared * self._draws(0) + self.own * self._draws(place)
        rows = self.luck[place][:, numbers.start : numbers.stop]
        nothing = np.zeros(len(numbers))
        return {
            kpi: mean_of(
                (truth.get(kpi, 0.0) + (row * self.spread.get(kpi, 1.0) if kpi in truth else nothing)).tolist(),
                "leads",
            )
            for kpi, row in zip(self.kpis, rows, strict=True)
        }

    def _draws(self, place: int) -> NDArray[np.float64]:
        return np.random.default_rng([self.seed, place]).standard_normal((len(self.kpis), MOST))


def optimum(
    study: fs.Study,
    truth: Truth,
    effort: Effort | None = None,
    *,
    seed: int = 1,
    stand: type[Stand] = Stand,
    **luck: Any,
) -> Optimum:
    """What an optimisation finds where figures are those of `Stand`."""
    goal = goal_of(study)
    laboratory = stand(truth, goal.kpis, seed, **luck)
    effort = effort or Effort()
    found = Optimisation(study, goal, laboratory, effort, seed).run()
    return Optimum(study, goal, effort, found, seed, "none", None, 0, 0)
