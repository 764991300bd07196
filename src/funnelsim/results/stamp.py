"""What made a figure: told in the same words in texts, documents and pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .words import of_lever, say


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
        return say("stamp.how", seed=self.seed, engine=self.engine, version=self.version)

    @property
    def laid(self) -> tuple[str, ...]:
        """What was laid over, a line for what all scenarios share and one for each that has more."""
        several = len(self.over) > 1
        shared = _shared(list(self.over.values()))
        lines = [say(f"stamp.laid.{'all' if several else 'it'}", laid=_told(shared))] if shared else []
        rest = {name: each[len(shared) :] for name, each in self.over.items()} if several else {}
        # An arm without a name of its own is called after what makes it.
        own = {name: each for name, each in rest.items() if each and ", ".join(each) != name}
        return (*lines, *(say("stamp.laid.arm", name=name, laid=_told(each)) for name, each in own.items()))

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
        return say("list.semicolon").join(self.lines)


def _told(laid: Sequence[str]) -> str:
    return say("list.comma").join(map(of_lever, laid))


def _shared(lists: list[tuple[str, ...]]) -> tuple[str, ...]:
    """What all lists begin with."""
    found: list[str] = []
    for each in zip(*lists, strict=False):
        if len(set(each)) > 1:
            break
        found.append(each[0])
    return tuple(found)
