"""The answer of an optimisation: the best point, how sure that is, what is as good, and what more money brings."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funnelsim.results.estimates import NOTHING, Estimate
from funnelsim.results.shown import Pictured, paragraphs
from funnelsim.results.stamp import Stamp
from funnelsim.results.words import spoken
from funnelsim.scenario.study.study import Study
from funnelsim.text import in_table, number_of
from funnelsim.unchanging import OF_RESULTS, unchanging

from ..running.arms import study_stamp
from ..statistics import chances
from ..statistics.paired import Difference, Verdict, difference
from ..study.goals import Goal, GoalLimit, Status, better
from .fronts import FrontPoint, front_of, yearly
from .laboratory import key_of
from .rivals import Rival, allowed, measured, pending_of, rivals_of
from .search import Effort, SearchResult, Tried
from .spaces import ARM, Space

if TYPE_CHECKING:
    import pandas as pd

    from funnelsim.scenario.scenario import Scenario

_APART = "not told apart"
_KNOWN = {Verdict.SAME: "as good", Verdict.OPEN: _APART, Verdict.STEADY: _APART, Verdict.NONE: _APART}


@dataclass(frozen=True)
class Span:
    """Values of something decided that are as good as the best point's, all else being as it is there.

    Parameters
    ----------
    name : str
        A factor, or ``arm``.
    values : tuple
        The values, in their order; that of the best among them.
    every : bool
        Whether these are all that were to be chosen from.
    """

    name: str
    values: tuple[Any, ...]
    every: bool


@unchanging(OF_RESULTS)
@dataclass(frozen=True, eq=False)
class Optimum(Pictured):
    """What an optimisation found; it never changes.

    Attributes
    ----------
    study : Study
        What was decided about.
    goal : Goal
        What was looked for.
    effort : Effort
        How much was tried.
    found : SearchResult
        Everything that was found.
    seed : int
        Of the proposals and the replications.
    engine : str
        Name of the engine.
    store : Path or None
        The run store with every replication, if it was kept.
    replications, reused : int
        Of all points together, and how many of them were in the store before.
    warnings : tuple of str
        What was said.
    """

    study: Study
    goal: Goal
    effort: Effort
    found: SearchResult
    seed: int
    engine: str
    store: Path | None
    replications: int
    reused: int
    warnings: tuple[str, ...] = ()

    # --- the answer -------------------------------------------------------------------------------------------

    @property
    def best(self) -> Tried | None:
        """The best point, with its estimates in ``best.measured``; None where none keeps to the limits."""
        return self.found.best

    @property
    def scenario(self) -> Scenario | None:
        """The scenario of the best point."""
        return None if self.best is None else self.study.scenario(self.best.point.arm, self.best.point.at)

    @property
    def status(self) -> Status | None:
        """What is known about the limits at the best point."""
        return None if self.best is None else self.best.status

    @property
    def zone(self) -> float:
        """The difference that does not matter, in the unit of the KPI: settled before the answer was measured."""
        return self.found.zone

    @cached_property
    def rivals(self) -> tuple[Rival, ...]:
        """The other points that were measured and keep to the limits, against the best; the best of them first."""
        return rivals_of(self.found, self.goal)

    @property
    def as_good(self) -> tuple[Rival, ...]:
        """The rivals that are shown to differ from the best by less than matters."""
        return tuple(rival for rival in self.rivals if rival.verdict is Verdict.SAME)

    @property
    def flat(self) -> bool:
        """Whether other points are as good."""
        return bool(self.as_good)

    @property
    def undecided(self) -> tuple[Rival, ...]:
        """The rivals of which it is not known whether they are as good, worse or better."""
        return tuple(rival for rival in self.rivals if rival.verdict in (Verdict.OPEN, Verdict.STEADY))

    @property
    def contested(self) -> tuple[Rival, ...]:
        """The rivals that are better as measured, although the best was selected on other replications."""
        better_one = Verdict.LESS if self.goal.least else Verdict.MORE
        return tuple(rival for rival in self.rivals if rival.verdict is better_one)

    @cached_property
    def pending(self) -> tuple[Rival, ...]:
        """Points that may be better than the best, if they keep to the limits, which is not decided."""
        return pending_of(self.found, self.goal)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """How far each single decision may be changed without a difference that matters."""
        if self.best is None or self.best.cell is None:
            return ()
        return tuple(span for span in self._spans(self.best.cell) if len(span.values) > 1)

    def _spans(self, cell: tuple[int, ...]) -> Iterator[Span]:
        equal = [rival.tried.cell for rival in self.as_good if rival.tried.cell is not None]
        for place, axis in enumerate(Space.of(self.study).axes):
            there = [at for at in equal if at[:place] == cell[:place] and at[place + 1 :] == cell[place + 1 :]]
            numbers = sorted({cell[place], *(at[place] for at in there)})
            values = tuple(axis.values[number] for number in numbers)
            yield Span(axis.name, values, len(values) == len(axis.values))

    @cached_property
    def probability(self) -> float | None:
        """The probability that the best keeps to all limits, and none that does is better by more than matters.

        Of the points that were measured, by these replications alone; None where there is no best.
        """
        if self.best is None:
            return None
        ones = [one for one in self.found.tried if one.measured is not None]
        names = [self.goal.kpi, *(limit.kpi for limit in self.goal.limits)]
        figures = [[measured(one)[name] for name in names] for one in ones]
        limits = [(limit.at_most, limit.value) for limit in self.goal.limits]
        return chances.right(figures, ones.index(self.best), self.zone, self.goal.least, limits)

    @property
    def confidence(self) -> float | None:
        """The probability of choosing right that is promised; None where nothing can be.

        The best must be selected and shown to keep to all limits, and no point may be left that could be better.
        """
        selected = self.found.selected
        sure = selected is not None and selected.decided and self.status is Status.FEASIBLE
        return self.effort.confidence if sure and not self.pending and not self.contested else None

    @cached_property
    def gain(self) -> Difference | None:
        """What the best point has more than the scenario as it is, by the KPI; None where that has no figure."""
        today = self.found.today.measured
        if self.best is None or self.best.measured is None or today is None:
            return None
        return difference(self.best.measured[self.goal.kpi], today[self.goal.kpi])

    @cached_property
    def certain(self) -> Tried | None:
        """The best point that was measured and is shown to keep to all limits."""
        sure = [one for one in allowed(self.found, self.goal) if one.status is Status.FEASIBLE]
        order = better(self.goal, [self._figure(one) for one in sure])
        return sure[order[0]] if sure else None

    @property
    def nought(self) -> bool:
        """Whether what is looked for is 0 in every replication of every point."""
        return self.found.nought(self.goal)

    @cached_property
    def nearest(self) -> Tried | None:
        """The point that comes nearest to keeping to the limits, by shares of them."""
        miss = {one: self.goal.miss(one.latest) for one in self.found.tried if one.latest is not None}
        return min(miss, key=lambda one: miss[one]) if miss else None

    def _figure(self, one: Tried) -> float | None:
        return None if one.measured is None else one.measured[self.goal.kpi].mean

    # --- the frontier -----------------------------------------------------------------------------------------

    @cached_property
    def front(self) -> tuple[FrontPoint, ...]:
        """The frontier of cost against outcome, the cheapest first; empty where nothing is set against cost."""
        return tuple(front_of(self.found.tried, self.goal))

    def yearly(self, cost: Estimate) -> Estimate:
        """An amount of money over the time that counts as one a year."""
        return yearly(cost, self.goal)

    @property
    def frontier(self) -> pd.DataFrame:
        """One row a point of the frontier: what is decided, cost a year, outcome, and what it adds."""
        import pandas as pd

        rows = []
        for each in self.front:
            row = {**self._decided(each.tried), "cost_per_year": each.cost.mean}
            row |= {str(self.goal.outcome): each.outcome.mean, "low": each.outcome.low, "high": each.outcome.high}
            row |= {"gain": None if each.gain is None else each.gain.mean, "apart": each.apart}
            rows.append({**row, "affordable": each.affordable, "best": each.tried is self.best})
        return pd.DataFrame(rows)

    # --- tables and documents ---------------------------------------------------------------------------------

    @property
    def table(self) -> pd.DataFrame:
        """One row a point that was tried, the best first: what is decided and known, and KPIs as in a sweep."""
        import pandas as pd

        return pd.DataFrame([self._row(one) for one in self.ranked])

    @cached_property
    def ranked(self) -> tuple[Tried, ...]:
        """All points: the best, those that keep to limits, those that were measured, the others; by figures."""
        rank = {key_of(one.point): at for at, one in enumerate(self.found.tried)}

        def place(one: Tried) -> tuple[Any, ...]:
            sample = one.latest
            figure = None if sample is None else sample[self.goal.kpi].mean
            keeps = sample is not None and self.goal.keeps(sample)
            value = float("inf") if figure is None else -self.goal.sign * figure
            return one is not self.best, not keeps, one.measured is None, value, rank[key_of(one.point)]

        return tuple(sorted(self.found.tried, key=place))

    def known(self, one: Tried) -> str:
        """What is known of a point, in a few words."""
        if one.latest is None:
            return "failed"
        broken = self.breaks(one)
        if self.nought:
            return "as good"
        if one is self.best:
            return "best"
        if broken:
            return f"breaks {', '.join('the budget' if limit.budget else limit.kpi for limit in broken)}"
        if one.status is Status.OPEN and one not in allowed(self.found, self.goal):
            return "limit not decided"
        found = [rival.verdict for rival in self.rivals if rival.tried is one]
        if found:
            return _KNOWN.get(
                found[0], "better" if found[0] in {each.verdict for each in self.contested} else "worse"
            )
        return "given up" if self.goal.keeps(one.latest) else "seems to break a limit"

    def breaks(self, one: Tried) -> tuple[GoalLimit, ...]:
        """The limits that a point is shown to break, at the level that all points share."""
        if one.latest is None or not (one.broken if one.measured is None else one.status is Status.BROKEN):
            return ()
        error = 0.025 if one.measured is None else self.found.error
        return self.goal.broken(one.latest, error=error)

    def _decided(self, one: Tried) -> dict[str, Any]:
        arm = {ARM: one.point.arm} if len(self.study.arms) > 1 else {}
        return {**arm, **{name: _cell(value) for name, value in one.point.at.items()}}

    def _row(self, one: Tried) -> dict[str, Any]:
        count = self.found.measured if one.measured is not None else one.replications
        row = {**self._decided(one), "known": self.known(one), "finalist": one.finalist, "replications": count}
        for name in self.goal.kpis:
            row |= (NOTHING if one.latest is None else one.latest[name]).columns(name)
        return row

    @property
    def words(self) -> tuple[str, ...]:
        """The answer in plain sentences, the most important first."""
        return tuple(self._view("words")(self))

    @property
    def stamp(self) -> Stamp:
        """What made it: seed, engine, version, and what was laid over the base."""
        return study_stamp(self.study, self.seed, self.engine)

    @property
    def verdict(self) -> str:
        """The same as one text, a sentence a line."""
        return "\n".join(self.words)

    def to_dict(self) -> dict[str, Any]:
        """The document of ``funnelsim optimise --json``."""
        return {
            "study": self.study.name,
            "question": spoken(self.study.spec.question),
            "store": None if self.store is None else str(self.store),
            **self.stamp.to_dict(),
            "goal": {
                "kpi": self.goal.kpi,
                "direction": "minimise" if self.goal.least else "maximise",
                "limits": [str(limit) for limit in self.goal.limits],
                "indifference": self.zone,
            },
            "answer": list(self.words),
            "best": None if self.best is None else self._document(self.best),
            "status": self.status,
            "confidence": self.confidence,
            "probability": self.probability,
            "flat": self.flat,
            "as_good": [self._document(rival.tried) for rival in self.as_good],
            "limit_not_decided": [self._document(rival.tried) for rival in self.pending],
            "not_told_apart": [self._document(rival.tried) for rival in self.undecided],
            "today": self._document(self.found.today),
            "frontier": [self._document(each.tried) | each.to_dict() for each in self.front],
            "points": [self._document(one) for one in self.ranked],
            "points_possible": self.found.size,
            "replications": self.replications,
            "warnings": list(self.warnings),
        }

    def _document(self, one: Tried) -> dict[str, Any]:
        latest = one.latest or {}
        return {
            "arm": one.point.arm,
            "at": one.point.at,
            "known": "today" if one is self.found.today and one not in self.found.tried else self.known(one),
            "kpis": {name: latest[name].to_dict() if name in latest else None for name in self.goal.kpis},
        }

    def __repr__(self) -> str:
        found = "nothing that keeps to the limits" if self.best is None else str(self._decided(self.best))
        among = number_of(len(self.found.tried), "point")
        return f"<Optimum of {self.study.name!r}: {found} among {among}, {self.stamp}>"

    def _heading(self) -> str:
        return f"<h3>{html.escape(self.study.name)}</h3>"

    def _said(self) -> str:
        return paragraphs(*self.words, str(self.stamp))

    def _figures(self) -> str:
        return str(self.table.head(20).to_html(index=False, na_rep="", float_format=in_table))


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
