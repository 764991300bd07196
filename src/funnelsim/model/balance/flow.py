"""Expected flow of leads through the stages, by traffic equations.

Leads of one kind move among states (a stage, and the team that touched them last) like a Markov chain; the
expected visits v solve v = a + Pᵀ v with a the arrivals (J. R. Jackson, Operations Research 5 (1957), 518).
Leads advance at the entered `convert` rates: waiting, decay, patience, readiness and limits are left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from funnelsim.scenario.checking.routes import booking
from funnelsim.scenario.forms.quantities import ByKind, Condition, Selector, Weights
from funnelsim.scenario.language.types import ScenarioSpec, Stage

from ..numbers.distributions import compile_dists, variate
from ..tables.stages import following

T = TypeVar("T")
State = tuple[str, str]
"""A stage, and the team of the lead's last touch (empty if there was none)."""

MIDPOINTS = 64
"""Points of each axis of the grid on which the share of leads that a selector lets in is counted."""


@dataclass(frozen=True)
class Group:
    """Leads that are treated alike: one segment, territory, source and origin."""

    segment: str
    territory: str
    source: str
    origin: str

    def pick(self, value: ByKind[T]) -> T:
        """The value for leads of this group."""
        members = (self.segment, self.territory, self.source, self.origin)
        return next((case for name, case in value.cases if name in members), value.other)

    def fits(self, condition: Condition) -> bool:
        """Whether the names of a condition hold."""
        pairs = (
            (condition.segment, self.segment),
            (condition.territory, self.territory),
            (condition.source, self.source),
            (condition.origin, self.origin),
        )
        return all(not names or name in names for names, name in pairs)


@dataclass
class Flow:
    """Expected flow of one group, per unit of time; ``visits`` counts leads at the gate of each state."""

    visits: dict[State, float] = field(default_factory=dict)
    won: float = 0.0


class EndlessFlowError(Exception):
    """Leads can circle for ever, so the expected number of visits is not finite."""


def shares(weights: Weights) -> Iterator[tuple[str, float]]:
    """Names with weights that add up to 1."""
    total = math.fsum(weight for _, weight in weights)
    for name, weight in weights:
        yield name, weight / total


class Router:
    """Where leads of one group go from each state."""

    def __init__(self, spec: ScenarioSpec, group: Group) -> None:
        self.spec = spec
        self.group = group
        self._books = set(booking(spec))
        self._following = following(spec)
        self._accepted: dict[Selector, float] = {}
        self._units: dict[State, Flow] = {}

    def flow(self, entries: dict[State, float]) -> Flow:
        """The flow that arises from leads entering at these states at these rates.

        Raises
        ------
        EndlessFlowError
            If leads that enter a loop never leave it.
        """
        flow = Flow()
        for state, rate in entries.items():
            one = self._unit(state)
            flow.won += rate * one.won
            for at, visits in one.visits.items():
                flow.visits[at] = flow.visits.get(at, 0.0) + rate * visits
        return flow

    def _unit(self, first: State) -> Flow:
        """The flow of one lead that enters at a state, worked out once."""
        if first not in self._units:
            visits = self._solved(first)
            booked = (count * self.advance(state) for state, count in visits.items() if self.books(state))
            self._units[first] = Flow(visits, math.fsum(booked))
        return self._units[first]

    def _solved(self, first: State) -> dict[State, float]:
        states, moves = self._reach([first])
        place = {state: number for number, state in enumerate(states)}
        matrix = np.eye(len(states))
        for state, targets in moves.items():
            for target, share in targets:
                matrix[place[target], place[state]] -= share
        arrivals = np.zeros(len(states))
        arrivals[0] = 1.0
        try:
            visits = np.linalg.solve(matrix, arrivals)
        except np.linalg.LinAlgError as error:
            raise EndlessFlowError from error
        if not np.all(np.isfinite(visits)) or visits.min() < -2e-9:
            raise EndlessFlowError
        return dict(zip(states, visits.tolist(), strict=True))

    def books(self, state: State) -> bool:
        """Whether success in this stage wins the deal."""
        return state[0] in self._books

    def team(self, state: State) -> str:
        """The preferred team of the stage, empty if it is automated."""
        return next(iter(self.teams(state)), "")

    def teams(self, state: State) -> tuple[str, ...]:
        """The teams of the stage, in order of preference."""
        return self.group.pick(self._stage(state).team)

    def worked(self, state: State) -> float:
        """The share of leads at the gate that get as far as a rep."""
        stage = self._stage(state)
        dropout = self.group.pick(stage.handoff).dropout if self.hands_over(state) else 0.0
        return self.accepted(stage.accept) * (1.0 - dropout)

    def advance(self, state: State) -> float:
        """The share of leads at the gate that advance."""
        return self.worked(state) * self.group.pick(self._stage(state).convert)

    def hands_over(self, state: State) -> bool:
        """Whether the lead comes from another team."""
        team = self.team(state)
        return bool(team and state[1] and team != state[1])

    def accepted(self, selector: Selector | None) -> float:
        """The share of the group's leads that a gate lets in."""
        if selector is None:
            return 1.0
        if selector not in self._accepted:
            self._accepted[selector] = self._let_in(selector)
        return self._accepted[selector]

    def _let_in(self, selector: Selector) -> float:
        fitting = [condition for condition in selector if self.group.fits(condition)]
        bounds = ("value_at_least", "value_below", "score_at_least", "score_below")
        if any(all(getattr(c, bound) is None for bound in bounds) for c in fitting):
            return 1.0
        values, scores = self._values(), self._scores()
        let_in = np.zeros((len(values), len(scores)), dtype=bool)
        for c in fitting:
            by_value = _between(values, c.value_at_least, c.value_below)
            let_in |= by_value[:, None] & _between(scores, c.score_at_least, c.score_below)[None, :]
        return float(let_in.mean())

    def _stage(self, state: State) -> Stage:
        return self.spec.stages[state[0]]

    def _values(self) -> np.ndarray:
        segment = self.spec.segments.get(self.group.segment)
        if segment is None:
            return np.zeros(1)
        table = compile_dists([segment.value])
        return np.array([variate(table, 0, u) for u in (np.arange(MIDPOINTS) + 0.5) / MIDPOINTS])

    def _scores(self) -> np.ndarray:
        from scipy.special import ndtri

        source = self.spec.sources.get(self.group.source)
        mean = self.spec.score_accuracy * (source.quality if source is not None else 0.0)
        return mean + np.asarray(ndtri((np.arange(MIDPOINTS) + 0.5) / MIDPOINTS))

    def _reach(self, first: list[State]) -> tuple[list[State], dict[State, list[tuple[State, float]]]]:
        """All states that leads get to, and the moves among them."""
        moves: dict[State, list[tuple[State, float]]] = {}
        pending = list(first)
        while pending:
            state = pending.pop()
            if state not in moves:
                moves[state] = list(self._moves(state))
                pending.extend(target for target, _ in moves[state])
        return list(moves), moves

    def _moves(self, state: State) -> Iterator[tuple[State, float]]:
        """Where leads at the gate of a state go next, with their shares; those that leave are left out."""
        stage = self._stage(state)
        pick = self.group.pick
        accepted, worked = self.accepted(stage.accept), self.worked(state)
        advance = self.advance(state)
        written = pick(stage.next)
        after = self.team(state) or state[1]
        for share, destinations, last in (
            (advance, self._following[state[0]] if written is None else written, after),
            (worked - advance, pick(stage.otherwise), after),
            (accepted - worked, stage.on.dropped, state[1]),
            (1.0 - accepted, stage.on.rejected, state[1]),
        ):
            if share <= 0.0 or destinations is None:
                continue
            for name, part in shares(destinations):
                if part > 0.0 and name in self.spec.stages:
                    yield (name, last), share * part


def _between(values: np.ndarray, least: float | None, below: float | None) -> np.ndarray:
    inside = np.ones(len(values), dtype=bool)
    if least is not None:
        inside &= values >= least
    if below is not None:
        inside &= values < below
    return inside
