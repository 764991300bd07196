"""The work of an optimisation: try points, narrow them down, and decide among what is left.

1. Points are tried with few replications: all of them, or those that Optuna proposes.
2. Those that are left get more; what is shown to be worse, or to break a limit, is given up.
3. The rest is for `decision`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from funnelsim.scenario.study.spec import BASE
from funnelsim.scenario.study.study import Study

from ..study import designs
from ..study.designs import Point
from ..study.goals import Goal, better
from .decision import FINALISTS, MEASURED, SELECT_FIRST, Decision
from .laboratory import PointLaboratory, key_of
from .proposals import Proposer, Told
from .screening import screen
from .search import Effort, SearchResult, Tried, complete
from .spaces import Cell, Space

ROUNDS = (1, 2, 4)
"""Replications at which points are narrowed down, as multiples of the first."""

BATCH = 8
"""Points that are proposed at once: a fixed number, so that answers do not depend on how many run at a time."""

CLIMBS = 10
"""Steps at most from the best point to a better one beside it, after a search."""


class Optimisation:
    """One optimisation.

    Parameters
    ----------
    study : Study
        What may be decided.
    goal : Goal
        What is looked for.
    laboratory : PointLaboratory
        What runs points.
    effort : Effort
        How much is tried.
    seed : int
        Of the proposals.
    """

    def __init__(self, study: Study, goal: Goal, laboratory: PointLaboratory, effort: Effort, seed: int) -> None:
        self.study = study
        self.goal = goal
        self.laboratory = laboratory
        self.effort = effort
        self.seed = seed
        self.space = Space.of(study)
        self.found = SearchResult(today=Tried(Point(BASE, study.held)))
        self._by_identity: dict[str, Tried] = {}
        self._by_key: dict[object, Tried] = {}

    def run(self) -> SearchResult:
        """Do all of it."""
        self._explore()
        contenders = self._narrow()
        identity = self.laboratory.identity(self.found.today.point)  # it may be one of those tried
        self.found.today = self._by_identity.get(identity or "", self.found.today)
        if self.found.nought(self.goal):
            return self.found
        searched = self.effort.first * ROUNDS[-1]
        Decision(self.goal, self.laboratory, self.effort, self.found, searched, self._beside).run(contenders)
        return self.found

    # --- 1: trying points -------------------------------------------------------------------------------------

    def _explore(self) -> None:
        if self.study.spec.design.kind in ("lhs", "sobol", "table"):
            points = list(designs.points(self.study, self.seed))
            self.found.size = len(points)
            self._try([(None, point) for point in points])
            return
        self.found.size = self.space.size
        if self.space.size <= self.effort.trials:
            self._try([(cell, self.space.point(cell)) for cell in self.space.cells()])
            return
        self.found.complete = False
        self._search()
        self._climb()

    def _try(self, points: Iterable[tuple[Cell | None, Point]], later: int = 0) -> list[Tried]:
        """Run points that were not tried before; points that are the same scenario are one."""
        tried, new = [], []
        for cell, point in points:
            identity = self.laboratory.identity(point)
            known = None if identity is None else self._by_identity.get(identity)
            one = known or Tried(point, cell)
            self._by_key[key_of(point)] = one
            tried.append(one)
            if known is None:
                new.append(one)
                if identity is not None:
                    self._by_identity[identity] = one
        self.found.tried += new
        numbers = range(self.effort.first)
        samples = self.laboratory.samples(
            [one.point for one in new], numbers, "trying points", later + self._after(len(new))
        )
        for one, sample in zip(new, samples, strict=True):
            one.early = one.sample = complete(sample, self.goal)
            one.replications = self.effort.first
        return tried

    def _after(self, points: int) -> int:
        """About how many replications the later steps take."""
        narrow = self.effort.first * points
        return narrow + 10 * (2 * SELECT_FIRST) + 10 * MEASURED

    def _search(self) -> None:
        proposer = Proposer(self.space, self.seed, self.effort.trials)
        left = self.effort.trials
        while left > 0:
            cells = proposer.ask(min(BATCH, left))
            if not cells:
                break
            left -= len(cells)
            tried = self._try([(cell, self.space.point(cell)) for cell in cells], left * self.effort.first)
            proposer.tell({cell: self._told(one) for cell, one in zip(cells, tried, strict=True)})

    def _told(self, one: Tried) -> Told | None:
        if one.early is None:
            return None
        figure = one.early[self.goal.kpi].mean
        return None if figure is None else Told(self.goal.sign * figure, self.goal.excesses(one.early))

    def _climb(self) -> None:
        """Try what lies beside the best point, as long as that leads to a better one."""
        for _ in range(CLIMBS):
            best = self._leading()
            if best is None or best.cell is None:
                return
            cells = [
                cell for cell in self.space.beside(best.cell) if key_of(self.space.point(cell)) not in self._by_key
            ]
            self._try([(cell, self.space.point(cell)) for cell in cells])
            if self._leading() is best:
                return

    def _leading(self) -> Tried | None:
        """The best point so far of those that keep to all limits; where none does, what comes nearest to it."""
        miss = {one: self.goal.miss(one.early) for one in self.found.tried if one.early is not None}
        nearest = min(miss.values(), default=0.0)
        leading = [one for one in miss if miss[one] == nearest]
        return leading[self._order(leading)[0]] if leading else None

    def _order(self, tried: Sequence[Tried]) -> list[int]:
        return better(self.goal, [None if one.sample is None else one.sample[self.goal.kpi].mean for one in tried])

    # --- 2: narrowing down ------------------------------------------------------------------------------------

    def _narrow(self) -> list[Tried]:
        """The points of which the best is to be selected."""
        alive = [one for one in self.found.tried if one.sample is not None]
        error = self.effort.errors(bool(self.goal.limits)).narrowing / len(ROUNDS)
        for multiple in ROUNDS:
            count = self.effort.first * multiple
            self._extend(alive, count)
            alive = self._screened([one for one in alive if one.sample is not None], error)
            if not self.found.complete:  # nothing is promised about what a search did not find either
                most = max(FINALISTS, len(alive) // 2)
                alive = [alive[at] for at in sorted(self._order(alive)[:most])]
            if len(alive) < 2:
                break
        return alive

    def _screened(self, alive: Sequence[Tried], error: float) -> list[Tried]:
        """Those that are worth more; of the others it is noted why they are not."""
        samples = [one.sample for one in alive if one.sample is not None]
        left = []
        for one, found in zip(alive, screen(samples, self.goal, error), strict=True):
            one.broken = found.broken
            one.behind = tuple(alive[at] for at in found.behind)
            if not one.broken and not one.behind:
                left.append(one)
        return left

    def _extend(self, tried: Sequence[Tried], count: int) -> None:
        """Run more replications of points, up to so many."""
        if count <= self.effort.first:
            return
        samples = self.laboratory.samples(
            [one.point for one in tried], range(count), "narrowing down", self._after(0)
        )
        for one, sample in zip(tried, samples, strict=True):
            one.sample, one.replications = complete(sample, self.goal), count

    def _beside(self, best: Tried) -> list[Tried]:
        """Points that were tried and differ from the best in a single step."""
        if best.cell is None:
            return []
        there = [self._by_key.get(key_of(self.space.point(cell))) for cell in self.space.beside(best.cell)]
        return [one for one in there if one is not None]
