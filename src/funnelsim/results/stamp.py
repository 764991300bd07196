"""What made a figure: told in the same words in texts, documents and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Stamp:
    """Seed, engine and version, and what was laid over the scenarios that were run.

    Parameters
    ----------
    over : mapping
        By scenario, levers with their doses and changes, in order.
    seed : int
        Of the random numbers.
    engine : str
        What computed them.
    version : str
        Of funnelsim.
    """

    over: Mapping[str, tuple[str, ...]]
    seed: int
    engine: str
    version: str

    @property
    def how(self) -> str:
        """Seed, engine and version in words."""
        return f"seed {self.seed}, engine {self.engine}, funnelsim {self.version}"

    @property
    def laid(self) -> tuple[str, ...]:
        """What was laid over, a line for what all scenarios share and one for each that has more."""
        several = len(self.over) > 1
        shared = _shared(list(self.over.values()))
        lines = [f"Laid over {'all' if several else 'it'}: {', '.join(shared)}"] if shared else []
        rest = {name: each[len(shared) :] for name, each in self.over.items()} if several else {}
        told = {name: ", ".join(each) for name, each in rest.items() if each}
        # An arm without a name of its own is called after what makes it.
        return (*lines, *(f"Laid over for {name}: {each}" for name, each in told.items() if each != name))

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it."""
        return (self.how, *self.laid)

    def to_dict(self) -> dict[str, Any]:
        """The part of a JSON document; ``laid_over`` by scenario where there are several."""
        only = next(iter(self.over.values()), ())
        laid: Any = list(only) if len(self.over) < 2 else {name: list(each) for name, each in self.over.items()}
        return {"version": self.version, "engine": self.engine, "seed": self.seed, "laid_over": laid}

    def __str__(self) -> str:
        return "; ".join(self.lines)


def _shared(lists: list[tuple[str, ...]]) -> tuple[str, ...]:
    """What all lists begin with."""
    found: list[str] = []
    for each in zip(*lists, strict=False):
        if len(set(each)) > 1:
            break
        found.append(each[0])
    return tuple(found)
