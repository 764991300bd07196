"""The work of an optimisation: try points, narrow them down, select with a guarantee, and measure the answer.

Four steps, each on replications of its own numbers where that matters:

1. Points are tried with few replications: all of them, or those that Optuna proposes.
2. Those that are left get more; what is shown to be worse, or to break a limit, is given up.
3. The best of the rest is selected by the procedure of Kim and Nelson, on replications that were not used before,
   because these points are here by their luck in the first ones.
4. What is said of the answer is measured on further replications, which had no part in choosing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from funnelsim.scenario.study import Study
from funnelsim.scenario.study_spec import BASE

from . import designs
from .designs import Point
from .findings import Effort, Findings, Tried, complete, figures_of
from .fronts import placed, undominated
from .goals import Goal, Status, better
from .lab import Lab, key_of
from .proposals import Proposer, Told
from .screening import Sample, screen
from .selection import Floats, Guarantee, Selected, select
from .spaces import Cell, Space

ROUNDS = (1, 2, 4)
"""Replications at which points are narrowed down, as multiples of the first."""

BATCH = 8
"""Points that are proposed at once: a fixed number, so that answers do not depend on how many run at a time."""

CLIMBS = 10
"""Steps at most from the best point to a better one beside it, after a search."""

FINALISTS = 20
"""Points at most that a search hands on to the selection."""

SELECT_FIRST, SELECT_STEP, SELECT_MOST = 10, 5, 200
"""Replications before the selection drops the first, between its looks, and at which it gives up."""

MEASURED, MOST_MEASURED = 20, 100
"""Replications on which the answer is measured: more where differences are noisy beside what matters."""

SURE = 9.0
"""The square of the standard errors that a difference is to have where replications are chosen for it."""

WITHIN = 2.0
"""Multiples of what does not matter up to which a point that was not selected is measured as well."""

ON_FRONTIER = 12
"""Points of the frontier that are measured at most."""


class _FailedError(Exception):
    """A replication of some points failed while the best was selected."""

    def __init__(self, points: Sequence[Tried]) -> None:
        super().__init__(len(points))
        self.points = tuple(points)


class Optimising:
    """One optimisation.

    Parameters
    ----------
    study : Study
        What may be decided.
    goal : Goal
        What is looked for.
    lab : Lab
        What runs points.
    effort : Effort
        How much is tried.
    seed : int
        Of the proposals.
    """

    def __init__(self, study: Study, goal: Goal, lab: Lab, effort: Effort, seed: int) -> None:
        self.study = study
        self.goal = goal
        self.lab = lab
        self.effort = effort
        self.seed = seed
        self.space = Space.of(study)
        self.found = Findings(today=Tried(Point(BASE, study.held)))
        self._by_identity: dict[str, Tried] = {}
        self._by_key: dict[object, Tried] = {}

    def run(self) -> Findings:
        """Do all of it."""
        self._explore()
        finalists = self._narrow()
        self._decide(finalists)
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
            identity = self.lab.identity(point)
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
        samples = self.lab.samples(
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
        for multiple in ROUNDS:
            count = self.effort.first * multiple
            self._extend(alive, count)
            alive = [one for one in alive if one.sample is not None]
            samples = [one.sample for one in alive if one.sample is not None]
            kept = screen(samples, self.goal, (1 - self.effort.confidence) / 2 / len(ROUNDS))
            alive = [one for one, keep in zip(alive, kept, strict=True) if keep]
            if not self.found.complete:  # nothing is promised about what a search did not find either
                most = max(FINALISTS, len(alive) // 2)
                alive = [alive[at] for at in sorted(self._order(alive)[:most])]
            if len(alive) < 2:
                break
        keeping = [one for one in alive if one.sample is not None and self.goal.keeps(one.sample)]
        return keeping or alive

    def _extend(self, tried: Sequence[Tried], count: int) -> None:
        """Run more replications of points, up to so many."""
        if count <= self.effort.first:
            return
        samples = self.lab.samples([one.point for one in tried], range(count), "narrowing down", self._after(0))
        for one, sample in zip(tried, samples, strict=True):
            one.sample, one.replications = complete(sample, self.goal), count

    # --- 3 and 4: selecting and measuring ---------------------------------------------------------------------

    def _decide(self, finalists: list[Tried]) -> None:
        """Select until the one selected is found to keep to the limits."""
        measured = False
        for one in finalists:
            one.finalist = True
        while finalists:
            finalists, selected = self._select(finalists)
            if not finalists:
                break
            winner = finalists[selected.best]
            self.found.finalists, self.found.selected = tuple(finalists), selected
            if not measured:
                self.found.measured = self._needed(finalists, selected)
                self._measure(self._worth_measuring(finalists, selected))
                measured = True
            self._measure([winner])
            if winner.measured is not None and self._accepted(winner.measured):
                self.found.best = winner
                return
            self.found.refused.append(winner)
            finalists.remove(winner)
        if not measured:
            self.found.measured = MEASURED
            self._measure(self._worth_measuring([], None))

    def _accepted(self, sample: Sample) -> bool:
        return self.goal.status(sample) in (Status.FEASIBLE, Status.OPEN) and self.goal.keeps(sample)

    @property
    def _searched(self) -> int:
        """Replications that the search may use; the selection has those after them."""
        return self.effort.first * ROUNDS[-1]

    def _select(self, finalists: list[Tried]) -> tuple[list[Tried], Selected]:
        """Select the best; without points of which a replication fails."""
        means = [one.sample[self.goal.kpi].mean or 0.0 for one in finalists if one.sample is not None]
        top = max((self.goal.sign * mean for mean in means), default=0.0)
        self.found.zone = self.goal.indifference(top) or np.finfo(float).tiny
        if len(finalists) < 2:
            return finalists, Selected(0, (0,) * len(finalists), tuple(means), tuple(range(len(finalists))))
        guarantee = Guarantee(
            self.found.zone, (1 + self.effort.confidence) / 2, SELECT_FIRST, SELECT_STEP, SELECT_MOST
        )

        def figures(counts: Mapping[int, int]) -> dict[int, Floats]:
            (count,) = set(counts.values())
            samples = dict(zip(counts, self._fresh([finalists[at] for at in counts], count), strict=True))
            failed = [finalists[at] for at, sample in samples.items() if sample is None]
            if failed:
                raise _FailedError(failed)
            return {at: figures_of(sample, self.goal) for at, sample in samples.items() if sample is not None}

        try:
            return finalists, select(figures, len(finalists), guarantee, self.goal.least)
        except _FailedError as error:
            return self._select([one for one in finalists if one not in error.points])

    def _fresh(self, tried: Sequence[Tried], count: int) -> list[Sample | None]:
        numbers = range(self._searched, self._searched + count)
        later = len(tried) * SELECT_STEP + 10 * MEASURED
        samples = self.lab.samples([one.point for one in tried], numbers, "selecting the best", later)
        return [complete(sample, self.goal) for sample in samples]

    def _needed(self, finalists: Sequence[Tried], selected: Selected) -> int:
        """Replications that show differences of the size that matters, and whether limits are kept.

        By how much figures vary in the selection, whose replications are others.
        """
        close = [finalists[at] for at in self._close(selected)]
        samples = [sample for sample in self._fresh(close, SELECT_FIRST) if sample is not None]
        wanted = [float(MEASURED)]
        if len(samples) > 1:
            rows = np.array([figures_of(sample, self.goal) for sample in samples])
            variance = float((rows - rows[0]).var(axis=1, ddof=1).max())
            wanted.append(SURE * variance / self.found.zone**2 if variance else 0.0)
        # Closer to a limit than any number that is made can tell, more would be for nothing.
        limits = [n for n in self._near_limits(samples[0]) if n <= MOST_MEASURED] if samples else []
        return int(min(MOST_MEASURED, 10 * np.ceil(min(max(*wanted, *limits, 0.0), 1e6) / 10)))

    def _near_limits(self, best: Sample) -> Iterator[float]:
        """Replications that show on which side of each limit a point lies."""
        for limit in self.goal.limits:
            estimate = best[limit.kpi]
            if estimate.mean is not None and estimate.residuals:
                variance = float(np.var(estimate.residuals, ddof=1))
                distance = limit.excess(estimate.mean)
                yield SURE * variance / distance**2 if distance else float("inf")

    def _close(self, selected: Selected) -> list[int]:
        """The best, and those that did not fall far behind it; the best first."""
        sign, best = self.goal.sign, selected.best
        reach = sign * selected.means[best] - WITHIN * self.found.zone
        others = [at for at, mean in enumerate(selected.means) if at != best and sign * mean >= reach]
        return [best, *sorted(others, key=lambda at: -sign * selected.means[at])[: FINALISTS - 1]]

    def _worth_measuring(self, finalists: Sequence[Tried], selected: Selected | None) -> list[Tried]:
        """The best and those close to it, those beside it, and the frontier."""
        wanted: list[Tried] = []
        if selected is not None:
            wanted = [finalists[at] for at in self._close(selected)]
            wanted += [*self._near(wanted[0]), *self._beside(wanted[0])]
        return list(dict.fromkeys([*wanted, *self._frontier()]))

    def _near(self, best: Tried) -> list[Tried]:
        """Points that may be as good as the best; they may have been given up for less than matters."""
        if best.early is None:
            return []
        own = best.early[self.goal.kpi].mean or 0.0
        behind = {}
        for one in self.found.tried:
            if one.early is not None and one.sample is not None and self.goal.keeps(one.sample):
                behind[one] = self.goal.sign * (own - (one.early[self.goal.kpi].mean or 0.0))
        near = [one for one in behind if behind[one] <= WITHIN * self.found.zone]
        return sorted(near, key=lambda one: behind[one])[:FINALISTS]

    def _beside(self, best: Tried) -> list[Tried]:
        """Points that were tried and differ from the best in a single step."""
        if best.cell is None:
            return []
        there = [self._by_key.get(key_of(self.space.point(cell))) for cell in self.space.beside(best.cell)]
        return [one for one in there if one and one.sample is not None and self.goal.keeps(one.sample)][:FINALISTS]

    def _frontier(self) -> Iterator[Tried]:
        """Points than which none is both cheaper and better, as far as the first replications tell."""
        outcome = self.goal.outcome
        if outcome is None:
            return
        early = [(one, one.early) for one in self.found.tried if one.early is not None]
        kept = [(one, sample) for one, sample in early if not self.goal.broken(sample, but_budget=True)]
        front = undominated(placed(kept, self.goal, outcome))
        last = len(front) - 1
        for at in sorted({round(n * last / (ON_FRONTIER - 1)) for n in range(ON_FRONTIER)} if front else ()):
            yield front[at]

    def _measure(self, tried: Sequence[Tried]) -> None:
        """Estimates over replications that nothing was chosen by; of the scenario as it is as well."""
        today = self._as_it_is()
        missing = [one for one in dict.fromkeys([*tried, today]) if one.measured is None]
        start = self._searched + SELECT_MOST
        numbers = range(start, start + self.found.measured)
        samples = self.lab.samples([one.point for one in missing], numbers, "measuring the answer")
        for one, sample in zip(missing, samples, strict=True):
            one.measured = complete(sample, self.goal)

    def _as_it_is(self) -> Tried:
        """The scenario in which nothing is decided; it may be one of those tried."""
        identity = self.lab.identity(self.found.today.point)
        self.found.today = self._by_identity.get(identity or "", self.found.today)
        return self.found.today
