"""What a study says in vain: factors, values and arms by which nothing that is simulated differs.

No list of keys is kept for that. Points of the study are made, and what decides their results is compared: the
fingerprints. What is idle where it stands, such as `hiring` where nobody leaves, is told as it is of a scenario.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from funnelsim.errors import ScenarioError, Unheeded, Warned

from .check import with_step
from .factors import Factor, laid_over, told
from .spec import BASE

if TYPE_CHECKING:
    from ..scenario import Scenario
    from .study import Study

MOST_PLACES, MOST_VALUES = 40, 12
"""Points at which something is tried before it is called idle, and values of a factor that are tried there."""

DRAWN = ("lhs", "sobol")
"""Designs that draw points from whole ranges, which no steps divide."""


class Place(NamedTuple):
    """A point of a study."""

    arm: str
    at: Mapping[str, Any]  # values by factor, those that hold everywhere among them

    def without(self, name: str) -> Place:
        """The same place, a factor left as it is in the base."""
        return Place(self.arm, {each: value for each, value in self.at.items() if each != name})

    def having(self, name: str, value: Any) -> Place:
        """The same place, a factor set."""
        return Place(self.arm, {**self.at, name: value})


def alike(scenarios: Mapping[str, Scenario]) -> Iterator[Warned]:
    """Scenarios that are one and the same, as far as anything is simulated."""
    first: dict[str, str] = {}
    for name, scenario in scenarios.items():
        other = first.setdefault(scenario.fingerprint, name)
        if other != name:
            yield Unheeded(f"{name}: nothing that is simulated differs from {other}", "W-arm-same")


class Idle:
    """Looks for what a study says without effect.

    Parameters
    ----------
    study : Study
        What is looked at.
    bare : Scenario, optional
        Its base before what the study sets; None if that is not to be looked at.
    """

    def __init__(self, study: Study, bare: Scenario | None) -> None:
        self.study = study
        self.bare = bare
        self.prints: dict[str, str | None] = {}

    def found(self) -> Iterator[Warned]:
        """One sentence for each."""
        yield from self._set()
        for factor in self.study.factors:
            yield from self._steps(factor)
            yield from self._held(factor) if factor.name in self.study.held else self._varied(factor)
        yield from self._arms()
        yield from self._rows()

    # -- what holds everywhere

    def _set(self) -> Iterator[Warned]:
        if self.bare is None:
            return
        for key, value in self.study.spec.set.items():
            rest = {name: each for name, each in self.study.spec.set.items() if name != key}
            try:
                without = self.bare.change(rest) if rest else self.bare
                restated = self.bare.change({key: value}).fingerprint == self.bare.fingerprint
            except ScenarioError:
                continue  # it is needed
            if restated or any(
                self.print_at(place) != self._print(place, without) for place in self._everywhere()
            ):
                continue
            yield Unheeded(f"set.{key}: it acts at no point: what is laid over it sets the same", "W-factor-idle")

    def _held(self, factor: Factor) -> Iterator[Warned]:
        ground = Place(BASE, {})
        value = self.study.held[factor.name]
        if self.print_at(ground) == self.print_at(ground.having(factor.name, value)):
            return  # it restates what is so, and no point is other than it says
        if not any(
            self.print_at(place) != self.print_at(place.without(factor.name)) for place in self._everywhere()
        ):
            yield Unheeded(
                f"{self._name(factor)}: it acts at no point{self._over(factor, (value,))}", "W-factor-idle"
            )

    def _everywhere(self) -> Iterator[Place]:
        """Points that differ as much as any: where a comparison of arms stands, and where the factors do."""
        if len(self.study.arms) > 1 or not self.study.varied:
            yield Place(BASE, self.study.held)
        yield from islice(self._places(None), MOST_PLACES)

    # -- factors

    def _varied(self, factor: Factor) -> Iterator[Warned]:
        values, name = _tried(factor), self._name(factor)
        if not any(self._acts(factor, place, values) for place in self._places(factor)):
            over = self._over(factor, values)
            why = over or f": nothing that is simulated differs between its values ({_listed(values)})"
            yield Unheeded(f"{name}: no value of it acts at any point{why}", "W-factor-idle")
            return
        yield from self._written_twice(factor)
        yield from self._overridden(factor, values)
        for text in self._texts(factor, Place(BASE, self.study.held), values):
            if all(text in self._texts(factor, place, values) for place in self._places(factor)):
                yield type(text)(f"{name}: {text.removeprefix(f'{factor.name}: ')}", text.code)

    def _overridden(self, factor: Factor, values: Sequence[Any]) -> Iterator[Warned]:
        """Arms that set themselves what a factor sets, so that each of its points is run for nothing there."""
        by_arm: dict[str, list[Place]] = {}
        for place in self._places(factor):
            by_arm.setdefault(place.arm, []).append(place)
        for arm, places in by_arm.items():
            if arm != BASE and not any(self._acts(factor, place, values) for place in places):
                yield Unheeded(
                    f"arms.{arm}: in this arm no value of {self._name(factor)} acts: it sets the same itself",
                    "W-factor-idle",
                )

    def _written_twice(self, factor: Factor) -> Iterator[Warned]:
        """Values that are the same in two ways of writing; numbers are different as they stand."""
        values = factor.levels.values[:MOST_VALUES]
        if all(isinstance(value, int | float) for value in values):
            return
        for at, value in enumerate(values):
            for other in values[:at]:
                if not any(self._acts(factor, place, (value, other), True) for place in self._places(factor)):
                    yield Unheeded(
                        f"{self._name(factor)}: {told(value)} is the same as {told(other)}", "W-factor-same"
                    )
                    break

    def _acts(self, factor: Factor, place: Place, values: Sequence[Any], only: bool = False) -> bool:
        """Whether what is simulated depends on the value of a factor; in a table also on its having one."""
        places = [place.having(factor.name, value) for value in values]
        if self.study.rows and not only:
            places.append(place)
        first: str | None = None
        for each in places:
            made = self.print_at(each)
            first = first or made
            if made is not None and made != first:
                return True
        return False

    def _over(self, factor: Factor, values: Sequence[Any]) -> str:
        """What is laid over a factor, as the end of a message; empty if that is not why it does not act."""
        alone = [Place(BASE, {}), *(Place(BASE, {factor.name: value}) for value in values)]
        if len({self.print_at(place) for place in alone[len(values) > 1 :]}) == 1:
            return ""  # it does nothing even by itself
        for other in self.study.factors:
            places = (place.without(other.name) for place in self._places(factor))
            if other is not factor and any(self._depends(factor, place, values) for place in places):
                return f": {other.name}, which is laid over it, sets the same"
        return ": what is laid over it sets the same"

    def _depends(self, factor: Factor, place: Place, values: Sequence[Any]) -> bool:
        """Whether what is simulated depends on the value of a factor, or on its having its only one."""
        if len(values) > 1:
            return self._acts(factor, place, values)
        return self.print_at(place) != self.print_at(place.having(factor.name, values[0]))

    def _texts(self, factor: Factor, place: Place, values: Sequence[Any]) -> list[Warned]:
        """What is warned of at each value of a factor, and not in the base."""
        found: list[Warned] | None = None
        for value in values:
            made = self._made(place.having(factor.name, value), self.study.ground)
            if made is not None:
                new = [text for text in made.warnings if text not in self.study.base.warnings]
                found = new if found is None else [text for text in found if text in new]
            if found == []:
                break
        return found or []

    def _steps(self, factor: Factor) -> Iterator[Warned]:
        spec = self.study.spec
        searched = spec.maximise is not None or spec.minimise is not None
        if factor.levels.steps is not None and spec.design.kind in DRAWN and not searched:
            kind = spec.design.kind
            yield Unheeded(
                f"{self._name(factor)}.steps: `{kind}` draws from the whole range, so they divide nothing; remove "
                "them, or write `design: grid`",
                "W-steps-idle",
            )

    # -- arms and rows

    def _arms(self) -> Iterator[Warned]:
        places = list(islice(self._everywhere(), 3))
        every = {arm: tuple(self.print_at(Place(arm, place.at)) for place in places) for arm in self.study.arms}
        first: dict[tuple[str | None, ...], str] = {}
        for arm, prints in every.items():
            other = first.setdefault(prints, arm)
            if other != arm:
                yield Unheeded(f"arms.{arm}: nothing that is simulated differs from {other}", "W-arm-same")

    def _rows(self) -> Iterator[Warned]:
        first: dict[str, int] = {}
        for number, row in enumerate(self.study.rows, 1):
            other = first.setdefault(json.dumps(row, sort_keys=True), number)
            if other != number:
                yield Unheeded(
                    f"design.table: row {number} is row {other} once more, and adds nothing", "W-row-twice"
                )

    # -- points

    def _places(self, factor: Factor | None) -> Iterator[Place]:
        """Points of the study without a factor: first that at which the others have their first values."""
        name, held = factor.name if factor is not None else "", self.study.held
        if self.study.rows:
            rows = (Place(arm or BASE, {**held, **at}) for arm, at in self.study.rows if not name or name in at)
            yield from islice((row.without(name) for row in rows), MOST_PLACES)
            return
        others = [other for other in self.study.varied if other is not factor]
        held = {each: value for each, value in held.items() if each != name}
        first, last = ({**held, **{each.name: _tried(each)[at] for each in others}} for at in (0, -1))
        ends = (first, last) if others else (first,)
        beside = ({**first, each.name: value} for each in others for value in _tried(each)[1:])
        arms = (Place(arm, at) for arm in list(self.study.arms)[1:] for at in ends)
        yield from islice(
            chain((Place(BASE, at) for at in ends), arms, (Place(BASE, at) for at in beside)), MOST_PLACES
        )

    def print_at(self, place: Place) -> str | None:
        """The fingerprint at a place; None if there cannot be a scenario."""
        key = json.dumps(place, sort_keys=True, default=str)
        if key not in self.prints:
            self.prints[key] = self._print(place, self.study.ground)
        return self.prints[key]

    def _print(self, place: Place, ground: Scenario) -> str | None:
        made = self._made(place, ground)
        return None if made is None else made.fingerprint

    def _made(self, place: Place, ground: Scenario) -> Scenario | None:
        try:
            made = laid_over(ground, self.study.factors, place.at)
            for step in self.study.spec.arms.get(place.arm, ()):
                made = with_step(made, step, self.study.folder)
        except ScenarioError:
            return None
        return made

    def _name(self, factor: Factor) -> str:
        return f"design.table: {factor.name}" if self.study.rows else f"vary.{factor.name}"


def _tried(factor: Factor) -> tuple[Any, ...]:
    """Values of a factor that stand for all of them: each of a short list, else its ends and some between."""
    values = factor.levels.named
    step = max(1, len(values) // MOST_VALUES)
    return (*values[:-1:step], values[-1])


def _listed(values: Iterable[Any]) -> str:
    return ", ".join(told(value) for value in values)
