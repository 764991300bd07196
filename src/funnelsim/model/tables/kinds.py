"""Kinds of leads: which of the values given by kind a lead gets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel

from funnelsim.errors import Problem, ScenarioError
from funnelsim.scenario.forms.quantities import ByKind
from funnelsim.scenario.language.types import ScenarioSpec

from ..records import ORIGINS
from .names import segment_names, territory_names
from .tables import KindTable

T = TypeVar("T")


MOST_CELLS = 50_000
"""Kinds of leads times stages: every value of a stage is kept for each kind."""


def check_kinds(kinds: int, stages: int) -> None:
    """Refuse more kinds of leads than can be told apart in so many stages.

    Raises
    ------
    ScenarioError
        With the arithmetic.
    """
    if kinds * stages > MOST_CELLS:
        shown = f"{kinds:,} kinds of leads x {stages:,} stages are {kinds * stages:,} combinations"
        message = f"{shown}, and at most {MOST_CELLS:,} are allowed; give values by kind for fewer names"
        raise ScenarioError([Problem("stages", message, code="E-size-run")])


def by_kind_values(entry: BaseModel) -> list[ByKind[Any]]:
    """All values by kind among the fields of one entry of a scenario."""
    values = (getattr(entry, name) for name in type(entry).model_fields)
    return [value for value in values if isinstance(value, ByKind)]


class Kinds:
    """The kinds a scenario tells apart: combinations of the names it gives values for.

    ``specs`` are those of all periods. Names that no value is given for count as one, so a scenario without
    values by kind has a single kind.
    """

    def __init__(self, specs: Sequence[ScenarioSpec]) -> None:
        entries: list[BaseModel] = [
            entry for each in specs for entry in (*each.sources.values(), *each.stages.values(), each.customers)
        ]
        mentioned = {name for entry in entries for value in by_kind_values(entry) for name, _ in value.cases}
        self._names = [
            segment_names(specs),
            territory_names(specs),
            list(specs[0].sources),
            list(ORIGINS),
        ]
        self._told_apart = [[name for name in names if name in mentioned] for names in self._names]
        check_kinds(math.prod(len(names) + 1 for names in self._told_apart), len(specs[0].stages))
        self.members = [
            frozenset(name for name in combination if name is not None)
            for combination in product(*([None, *names] for names in self._told_apart))
        ]

    @property
    def count(self) -> int:
        """Number of kinds."""
        return len(self.members)

    def table(self) -> KindTable:
        """The parts whose sum is the kind of a lead."""
        parts = []
        stride = self.count
        for names, told in zip(self._names, self._told_apart, strict=True):
            stride //= len(told) + 1
            parts.append(np.array([stride * (told.index(n) + 1) if n in told else 0 for n in names] + [0]))
        segment, territory, source, origin = parts
        return KindTable(self.count, segment[:-1], territory, source[:-1], origin[:-1])

    def resolve(self, value: ByKind[T]) -> list[T]:
        """The value for each kind: the first case whose name the kind has, else the other."""
        if not value.cases:
            return [value.other] * self.count
        place = {name: number for number, (name, _) in reversed(list(enumerate(value.cases)))}
        last = len(value.cases)
        every = [case for _, case in value.cases] + [value.other]
        return [every[min((place[n] for n in members if n in place), default=last)] for members in self.members]
