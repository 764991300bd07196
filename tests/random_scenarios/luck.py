"""Where the choices of a random scenario come from: a plain seed, or hypothesis, which can take them back."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Luck:
    """A source of choices. The plainest option always comes first, so that hypothesis shrinks towards it."""

    def __init__(self, draw: Callable[[int, int], int]) -> None:
        self._draw = draw
        self.density = (12, 30, 55)[self.integer(0, 2)]
        """How many in a hundred of the optional mechanisms are in use."""

    def integer(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        return low if low == high else self._draw(low, high)

    def chance(self, percent: int) -> bool:
        """True in so many cases of a hundred."""
        return self.integer(0, 99) >= 100 - percent

    def some(self) -> bool:
        """Whether an optional mechanism is in use."""
        return self.chance(self.density)

    def pick(self, options: Sequence[T]) -> T:
        """One of some options."""
        return options[self.integer(0, len(options) - 1)]

    def subset(self, options: Sequence[T], least: int = 1) -> list[T]:
        """At least so many of some options, in their order."""
        chosen = [option for option in options if self.chance(50)]
        return chosen if len(chosen) >= least else list(options[:least])

    @contextmanager
    def denser(self, percent: int) -> Iterator[None]:
        """Inside, optional mechanisms are in use in at least so many cases of a hundred."""
        usual = self.density
        self.density = max(usual, percent)
        yield
        self.density = usual

    def maybe(self, into: dict[str, Any], key: str, make: Callable[[], Any]) -> None:
        """Set an optional key, if it is in use."""
        if self.some():
            into[key] = make()


def seeded(seed: int) -> Luck:
    """Luck that follows from a seed alone."""
    return Luck(random.Random(seed).randint)


def drawn(draw: Any) -> Luck:
    """Luck drawn by hypothesis; for use in composite strategies."""
    return Luck(lambda low, high: draw(st.integers(low, high)))
