"""Which points to try next: proposed by Optuna, which is told what came of the last ones.

Optuna proposes and nothing else. Points are run, stored and judged here, so that a search stops and resumes as a
sweep does: with the same seed and the same results it proposes the same points again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from funnelsim.errors import HinderedError, extra

from ..study.designs import latin_hypercube
from .spaces import Cell, Space

if TYPE_CHECKING:
    from optuna.trial import Trial

ATTEMPTS = 10
"""Proposals for each point wanted before points are drawn at random: near an optimum Optuna repeats itself."""

SPREAD = 3
"""Points spread evenly over the space for each axis, before anything is learnt from them."""


@dataclass(frozen=True)
class Told:
    """What came of a point.

    Parameters
    ----------
    figure : float
        Of which more is better.
    excesses : tuple of float
        How far it is beyond each limit; at most 0 where it keeps to it.
    """

    figure: float
    excesses: tuple[float, ...] = ()


class Proposer:
    """Proposes points of a space, none of them twice.

    Parameters
    ----------
    space : Space
        What may be decided.
    seed : int
        The same seed and the same answers give the same proposals.
    trials : int
        Points there will be in all; part of them are spread evenly.

    Raises
    ------
    FunnelsimError
        If Optuna is not installed.
    """

    def __init__(self, space: Space, seed: int, trials: int) -> None:
        self.space = space
        self._told: dict[Cell, Told | None] = {}
        self._waiting: dict[Cell, Trial] = {}
        self._random = np.random.Generator(np.random.Philox(seed))
        spread = max(1, min(trials // 2, max(8, SPREAD * len(space.axes))))
        self._spread = list(dict.fromkeys(_spread(space, spread, seed)))
        optuna = _optuna()
        with _quietly(optuna):
            sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=len(self._spread))
            self._study = optuna.create_study(direction="maximize", sampler=sampler)
        self._failed = optuna.trial.TrialState.FAIL

    def ask(self, count: int) -> list[Cell]:
        """So many new points; fewer only if the space has no more."""
        new: list[Cell] = []
        for _ in range(ATTEMPTS * count):
            if len(new) == count:
                break
            cell, trial = self._proposal()
            if cell in self._waiting:
                self._study.tell(trial, state=self._failed)
            elif cell in self._told:
                self._answer(trial, self._told[cell])
            else:
                self._waiting[cell] = trial
                new.append(cell)
        for cell in self._others(count - len(new)):
            self._study.enqueue_trial(self._params(cell))
            self._waiting[cell] = self._proposal()[1]
            new.append(cell)
        return new

    def tell(self, results: Mapping[Cell, Told | None]) -> None:
        """What came of points; None where nothing did. Those that nobody asked for may be among them."""
        for cell, told in results.items():
            if cell in self._told:
                continue
            if cell not in self._waiting:
                self._study.enqueue_trial(self._params(cell))
                self._waiting[cell] = self._proposal()[1]
            self._told[cell] = told
            self._answer(self._waiting.pop(cell), told)

    def _proposal(self) -> tuple[Cell, Trial]:
        if self._spread:
            self._study.enqueue_trial(self._params(self._spread.pop(0)))
        trial = self._study.ask()
        return tuple(self._suggested(trial)), trial

    def _suggested(self, trial: Trial) -> Iterator[int]:
        for axis in self.space.axes:
            last = len(axis.values) - 1
            if axis.ordered:
                yield trial.suggest_int(axis.name, 0, last)
            else:
                yield int(trial.suggest_categorical(axis.name, list(range(last + 1))))

    def _params(self, cell: Cell) -> dict[str, int]:
        return {axis.name: n for axis, n in zip(self.space.axes, cell, strict=True)}

    def _answer(self, trial: Trial, told: Told | None) -> None:
        if told is None or not math.isfinite(told.figure):
            self._study.tell(trial, state=self._failed)
            return
        for number, excess in enumerate(told.excesses):
            trial.set_constraint(str(number), excess)
        self._study.tell(trial, told.figure)

    def _others(self, count: int) -> Iterator[Cell]:
        """Points drawn at random from those not tried yet."""
        sizes = [len(axis.values) for axis in self.space.axes]
        for _ in range(count):
            if len(self._told) + len(self._waiting) >= self.space.size:
                return
            cell = self._drawn(sizes)
            while cell in self._told or cell in self._waiting:
                cell = self._drawn(sizes)
            yield cell

    def _drawn(self, sizes: Sequence[int]) -> Cell:
        return tuple(int(self._random.integers(size)) for size in sizes)


def _spread(space: Space, count: int, seed: int) -> Iterator[Cell]:
    """Points spread evenly: a Latin hypercube over the values of the axes."""
    sizes = [len(axis.values) for axis in space.axes]
    for shares in latin_hypercube(count, len(sizes), seed):
        yield tuple(int(share * size) for share, size in zip(shares, sizes, strict=True))


def _optuna() -> ModuleType:
    try:
        import optuna
    except ImportError as error:
        raise HinderedError(
            f"a search among so many points needs the package optuna: {extra('optimise')}. "
            "Without it, list fewer values or raise the number of trials, and every point is tried",
            code="E-package-missing",
        ) from error
    return optuna


@contextmanager
def _quietly(optuna: ModuleType) -> Iterator[None]:
    """Optuna says each step it takes on standard error, which is not for users of this package."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)
