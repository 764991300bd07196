"""Deciding among the points that a search left: select with a guarantee, and measure whether limits are kept.

The best is selected by the procedure of Kim and Nelson, on replications that were not used before, because these
points are here by their luck in the first ones. Whether it keeps to the limits is decided on yet others, which are
those that everything said of the answer rests on. Where it does not, or that remains unknown, the best of the rest
is selected, and points that were given up for its sake come back.

Each limit of each point is tested at the same level. A wrong answer needs a point that is infeasible and called
feasible, or the best one called broken, and any point can err in one of these ways alone; so that the error is
shared among the points whose limits are in question, which the search tells (Bonferroni). If the first look does
not decide, a second at the most replications does, with most of the error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..statistics.selection import Floats, Guarantee, Selected, select
from ..study.goals import Goal, Status
from .fronts import placed, undominated
from .laboratory import PointLaboratory
from .rivals import may_be_better
from .screening import Sample
from .search import Effort, SearchResult, Tried, complete, figures_of

FINALISTS = 20
"""Points at most that a search hands on to the selection."""

SELECT_FIRST, SELECT_STEP, SELECT_MOST = 10, 5, 200
"""Replications before the selection drops the first, between its looks, and at which it gives up."""

MEASURED, MOST_MEASURED = 20, 100
"""Replications on which the answer is measured: more where differences are noisy beside what matters."""

MOST_DECIDING = 200
"""Replications on which it is measured where a limit is near."""

FIRST_LOOK = 0.2
"""Share of the error of limits that a look with fewer replications than the most has."""

WIDEST = 0.025
"""The one-sided level of a limit at most, so that what is decided agrees with the intervals that are shown."""

SURE = 9.0
"""The square of the standard errors that a difference is to have where replications are chosen for it."""

NEXT_TO_NOTHING = 1e-150
"""Stands for a difference that matters where any does; its square is a number still."""

WITHIN = 2.0
"""Multiples of what does not matter up to which a point that was not selected is measured as well."""

ON_FRONTIER = 12
"""Points of the frontier that are measured at most."""


class _FailedError(Exception):
    """A replication of some points failed while the best was selected."""

    def __init__(self, points: Sequence[Tried]) -> None:
        super().__init__(len(points))
        self.points = tuple(points)


@dataclass(frozen=True)
class _Walk:
    """One way down from the best point to the first that keeps to the limits."""

    best: Tried | None
    finalists: tuple[Tried, ...]
    selected: Selected | None
    undecided: tuple[Tried, ...]
    refused: tuple[Tried, ...]


class Decision:
    """The last steps of an optimisation.

    Parameters
    ----------
    goal : Goal
        What is looked for.
    laboratory : PointLaboratory
        What runs points.
    effort : Effort
        How sure it is to be.
    found : SearchResult
        What the search found; the answer is written into it.
    searched : int
        Replications that the search may use; those after them are fresh.
    beside : callable
        Gives the points that differ from a point in a single step.
    """

    def __init__(
        self,
        goal: Goal,
        laboratory: PointLaboratory,
        effort: Effort,
        found: SearchResult,
        searched: int,
        beside: Callable[[Tried], list[Tried]],
    ) -> None:
        self.goal = goal
        self.laboratory = laboratory
        self.found = found
        self.errors = effort.errors(bool(goal.limits))
        self.searched = searched
        self.beside = beside
        self.count = 0
        self.looked = False
        self._measured: dict[Tried, int] = {}

    def run(self, contenders: list[Tried]) -> None:
        """Decide, until nothing comes back and more replications would tell nothing more."""
        while True:
            walk = self._walk(contenders)
            self._measure(self._worth_measuring(walk))
            back = self._back(walk, contenders)
            if back:
                contenders = [*contenders, *back]
            elif self.count < MOST_DECIDING and self._matters(walk):
                self.count, self.looked = MOST_DECIDING, True
            else:
                break
        for one in contenders:
            one.finalist = True
        self._settle(walk)

    def _settle(self, walk: _Walk) -> None:
        """Write down the answer; where no point is shown to keep to the limits, it is the best that may."""
        may = [one for one in walk.undecided if one.measured is not None and self.goal.keeps(one.measured)]
        best = walk.best or next(iter(may), None)
        self.found.best, self.found.measured = best, self.count
        self.found.finalists, self.found.selected = walk.finalists, walk.selected
        self.found.undecided = [one for one in walk.undecided if one is not best]
        self.found.refused = list(walk.refused)

    # --- selecting --------------------------------------------------------------------------------------------

    def _walk(self, contenders: Sequence[Tried]) -> _Walk:
        """Select until the one selected is shown to keep to the limits."""
        self.found.error = self._error(contenders)
        left, selected = list(contenders), None
        undecided: list[Tried] = []
        refused: list[Tried] = []
        while left:
            left, selected = self._select(left)
            if not left:
                break
            winner = left[selected.best]
            self.count = self.count or self._needed(left, selected)
            self.found.error = self._error(contenders)
            self._measure([winner])
            if winner.status is Status.FEASIBLE:
                return _Walk(winner, tuple(left), selected, tuple(undecided), tuple(refused))
            (undecided if winner.status is Status.OPEN else refused).append(winner)
            left.remove(winner)
        self.count = self.count or MEASURED
        return _Walk(None, (), None, tuple(undecided), tuple(refused))

    def _error(self, contenders: Sequence[Tried]) -> float:
        """The error of each limit of a point: shared among the points that do not lie clear of their limits."""
        samples = [one.sample for one in contenders if one.sample is not None]
        clear = self.errors.clear / max(1, len(samples) * len(self.goal.limits))
        unclear = sum(self.goal.status(each, clear) is Status.OPEN for each in samples)
        share = 1 - FIRST_LOOK if self.looked else 1.0 if self.count >= MOST_DECIDING else FIRST_LOOK
        return min(WIDEST, share * self.errors.limits / max(1, unclear))

    def _select(self, finalists: list[Tried]) -> tuple[list[Tried], Selected]:
        """Select the best; without points of which a replication fails."""
        means = [one.sample[self.goal.kpi].mean or 0.0 for one in finalists if one.sample is not None]
        top = max((self.goal.sign * mean for mean in means), default=0.0)
        self.found.zone = self.goal.indifference(top) or NEXT_TO_NOTHING
        if len(finalists) < 2:
            return finalists, Selected(0, (0,) * len(finalists), tuple(means), tuple(range(len(finalists))))
        guarantee = Guarantee(self.found.zone, 1 - self.errors.selecting, SELECT_FIRST, SELECT_STEP, SELECT_MOST)

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
        numbers = range(self.searched, self.searched + count)
        later = len(tried) * SELECT_STEP + 10 * MEASURED
        samples = self.laboratory.samples([one.point for one in tried], numbers, "selecting the best", later)
        return [complete(sample, self.goal) for sample in samples]

    # --- what comes back --------------------------------------------------------------------------------------

    def _back(self, walk: _Walk, contenders: Sequence[Tried]) -> list[Tried]:
        """Points that were given up, and for which there is no reason any more."""
        fallen, inside = {*walk.undecided, *walk.refused}, set(contenders)
        out = [one for one in self.found.tried if one.sample is not None and one not in inside]
        back = [one for one in out if one.behind and fallen.issuperset(one.behind)]
        back += [one for one in out if walk.best is not None and self._ahead(one, walk.best)]
        if not back and walk.best is None:  # better one that was ranked low than none
            back = [one for one in out if not one.broken]
        return list(dict.fromkeys(back))

    def _ahead(self, one: Tried, best: Tried) -> bool:
        """Whether a point that was given up may keep to limits, and is better by more than matters as measured."""
        if one.measured is None or best.measured is None or one.status not in (Status.FEASIBLE, Status.OPEN):
            return False
        if one.broken and not self.goal.keeps(one.measured):
            return False
        figures = [each[self.goal.kpi].mean or 0.0 for each in (one.measured, best.measured)]
        return self.goal.sign * (figures[0] - figures[1]) > self.found.zone

    def _matters(self, walk: _Walk) -> bool:
        """Whether a point of which limits are not decided may be better than the best."""
        if walk.best is None:
            return bool(walk.undecided)
        return bool(may_be_better(walk.undecided, walk.best, self.goal, self.found.zone))

    # --- measuring --------------------------------------------------------------------------------------------

    def _measure(self, tried: Sequence[Tried]) -> None:
        """Estimates over replications that nothing was chosen by, of the scenario as it is as well."""
        wanted = dict.fromkeys([*self._measured, *tried, self.found.today])
        missing = [one for one in wanted if self._measured.get(one) != self.count]
        start = self.searched + SELECT_MOST
        numbers = range(start, start + self.count)
        samples = self.laboratory.samples([one.point for one in missing], numbers, "measuring the answer")
        for one, sample in zip(missing, samples, strict=True):
            one.measured = complete(sample, self.goal)
            self._measured[one] = self.count
        for one in self._measured:
            one.status = Status.NONE if one.measured is None else self.goal.status(one.measured, self.found.error)

    def _needed(self, finalists: Sequence[Tried], selected: Selected) -> int:
        """Replications that show differences of the size that matters, and whether limits are kept.

        By how much figures vary in the search and in the selection, whose replications are others.
        """
        close = [finalists[at] for at in self._close(selected)]
        samples = [sample for sample in self._fresh(close, SELECT_FIRST) if sample is not None]
        wanted = float(MEASURED)
        if len(samples) > 1:
            rows = np.array([figures_of(sample, self.goal) for sample in samples])
            variance = float((rows - rows[0]).var(axis=1, ddof=1).max())
            wanted = max(wanted, SURE * variance / self.found.zone**2 if variance else 0.0)
        wanted = min(wanted, MOST_MEASURED)
        near = max(self._near_limits(finalists[selected.best].sample or {}), default=0.0)
        if near > MOST_MEASURED:  # a second look would take some of the error
            return MOST_DECIDING
        return int(10 * np.ceil(max(wanted, near) / 10))

    def _near_limits(self, best: Sample) -> Iterator[float]:
        """Replications that show on which side of each limit a point lies."""
        for limit in self.goal.limits:
            estimate = best[limit.kpi]
            if estimate.mean is not None and estimate.residuals:
                variance = float(np.var(estimate.residuals, ddof=1))
                distance = limit.excess(estimate.mean)
                if variance:
                    yield SURE * variance / distance**2 if distance else float("inf")

    # --- what else is measured --------------------------------------------------------------------------------

    def _worth_measuring(self, walk: _Walk) -> list[Tried]:
        """The best and those close to it, those beside it, and the frontier."""
        wanted: list[Tried] = []
        if walk.best is not None and walk.selected is not None:
            wanted = [walk.finalists[at] for at in self._close(walk.selected)]
            beside = [one for one in self.beside(walk.best) if one.sample and self.goal.keeps(one.sample)]
            wanted += [*self._near(walk.best), *beside[:FINALISTS]]
        return list(dict.fromkeys([*wanted, *self._frontier()]))

    def _close(self, selected: Selected) -> list[int]:
        """The best, and those that did not fall far behind it; the best first."""
        sign, best = self.goal.sign, selected.best
        reach = sign * selected.means[best] - WITHIN * self.found.zone
        others = [at for at, mean in enumerate(selected.means) if at != best and sign * mean >= reach]
        return [best, *sorted(others, key=lambda at: -sign * selected.means[at])[: FINALISTS - 1]]

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
