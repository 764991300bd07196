"""Factors of a study: what is varied, where it stands in the scenario, and its value anywhere in its range."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..changing import levers
from ..changing.by_role import paths_of
from ..changing.extended import SPEC
from ..changing.paths import locate, nearest_path
from ..forms.base import ADJUSTMENTS, Fault, Form, FormError, Names, found, unknown
from ..forms.base import Path as Path_
from ..forms.kinds import ByKindForm, StepsForm
from ..forms.plain import NumberForm, PeopleForm, in_quarters
from ..forms.quantities import QUARTERS
from ..forms.suggestions import nearest
from .forms import MOST_LEVELS, Levels

if TYPE_CHECKING:
    from pathlib import Path

    from ..scenario import Scenario
    from .spec import Row

DOSE = NumberForm(low=0, high=1)


@dataclass(frozen=True)
class Factor:
    """Something that is varied.

    Parameters
    ----------
    name : str
        A path in the scenario, or the name of a lever.
    levels : Levels
        The values it takes.
    form : Form or None
        How values at the path are written; that of a dose for a lever.
    lever : bool
        Whether it is the dose of a lever.
    names : Names
        The names of the scenario, which values may refer to.
    folder : Path or None
        Where a lever is looked for, before the library.
    """

    name: str
    levels: Levels
    form: Form[Any] | None
    lever: bool
    names: Names
    folder: Path | None = None

    @property
    def whole(self) -> bool:
        """Whether its values are whole numbers."""
        return isinstance(self._number, NumberForm) and self._number.whole

    @property
    def _number(self) -> Form[Any] | None:
        """How each of its values is written, if they may depend on something."""
        form = self.form
        while isinstance(form, StepsForm | ByKindForm):
            form = form.number if isinstance(form, StepsForm) else form.inner
        return form

    def _step(self, low: Any, high: Any) -> float | None:
        """How far its values in a range lie from each other: 1, or a quarter of a post; None where anywhere."""
        if self.whole and _is_whole(low) and _is_whole(high):
            return 1
        people = isinstance(self._number, PeopleForm) and all(in_quarters(end) == end for end in (low, high))
        return 1 / QUARTERS if people else None

    def grid(self) -> tuple[Any, ...]:
        """Its values in a grid: those listed, every whole number of a range, or its `steps`.

        Raises
        ------
        FormError
            If a range is not divided.
        """
        low, high, steps = self.levels.low, self.levels.high, self.levels.steps
        if self.levels.values:
            return self.levels.values
        if steps is not None:
            made = [self.between(step / (steps - 1), ends=True) for step in range(steps)]
            return tuple(value for at, value in enumerate(made) if value not in made[:at])
        step = self._step(low, high) if _is_number(low) and _is_number(high) else None
        if step is not None:
            if abs(high - low) >= MOST_LEVELS * step:
                raise FormError(
                    f"a grid takes at most {MOST_LEVELS:,} values of a factor; give `steps`",
                    code="E-factor-levels",
                )
            return tuple(_along(low, high, step, at) for at in range(round(abs(high - low) / step) + 1))
        raise FormError(
            "a grid needs to know how many values lie between: add `steps: 5`, or list them",
            code="E-factor-levels",
        )

    def at(self, share: float) -> Any:
        """The value a share of the way through its levels, where 0 <= share < 1."""
        if self.levels.values:
            return self.levels.values[int(share * len(self.levels.values))]
        return self.between(share)

    @property
    def ends(self) -> tuple[Any, Any]:
        """The first and the last of its values."""
        values = self.levels.values or (self.levels.low, self.levels.high)
        return values[0], values[-1]

    def between(self, share: float, ends: bool = False) -> Any:
        """The value a share of the way from `low` to `high`; whole numbers are equally likely unless `ends`.

        Raises
        ------
        FormError
            If nothing lies between the two.
        """
        low, high = self.levels.low, self.levels.high
        operation = _operation(low, high)
        if operation is not None:
            low, high = low[operation], high[operation]
        value = self._mixed(low, high, share, ends)
        return value if operation is None else {operation: value}

    def _mixed(self, low: Any, high: Any, share: float, ends: bool) -> Any:
        if _is_number(low) and _is_number(high):
            step = self._step(low, high)
            if step is None:
                return low + share * (high - low)
            if ends:
                return _as_whole(round((low + share * (high - low)) / step) * step)
            return _along(low, high, step, math.floor(share * (abs(high - low) / step + 1)))
        if self.form is None:
            raise FormError(
                f"nothing lies between {found(low)} and {found(high)}; list the values", code="E-factor-levels"
            )
        first, last = self.form.expand(low, self.names), self.form.expand(high, self.names)
        self.form.read(first, self.names)
        self.form.read(last, self.names)
        return self.form.blend(first, last, share, self.names)


def _along(low: float, high: float, step: float, number: int) -> float:
    """The value so many steps from ``low`` towards ``high``; a whole one is a whole number."""
    return _as_whole(low + math.copysign(step, high - low) * number)


def _as_whole(value: float) -> float:
    return int(value) if value == int(value) else value


def told(value: Any) -> str:
    """A value of a factor in words: ``{add: 1}`` as ``+1``, ``{multiply: 1.4}`` as ``x 1.4``, odds likewise."""
    if isinstance(value, Mapping) and set(value) == {"add"}:
        amount = value["add"]
        return f"{amount:+g}" if _is_number(amount) else f"{'' if str(amount).startswith('-') else '+'}{amount}"
    if isinstance(value, Mapping) and set(value) == {"multiply"}:
        return f"x {value['multiply']:g}"
    if isinstance(value, Mapping) and set(value) == {"odds"}:
        return f"odds x {value['odds']:g}"
    return str(value)


def held(factors: Sequence[Factor], rows: Sequence[Row] = ()) -> dict[str, Any]:
    """The factors that have one value only; of a table (``rows``) those that have it in each row."""
    single = {factor.name: factor.levels.values[0] for factor in factors if len(factor.levels.values) == 1}
    return {name: value for name, value in single.items() if all(name in at for _, at in rows)}


def strange(known: Mapping[str, Levels], name: str, value: Any) -> str | None:
    """What is wrong with naming a value of a factor, if anything: no such factor, or not one of its values."""
    if name not in known:
        return unknown("factor", name, known)
    values = known[name].values
    if not values or value in values:
        return None
    listed = ", ".join(str(level) for level in values[:10])
    return f"expected one of {listed}, found {value}"


def make_factor(base: Scenario, name: str, levels: Levels, folder: Path | None) -> Factor:
    """The factor called ``name``: a path of the scenario, or a lever.

    Raises
    ------
    FormError
        If there is neither, or a range has nothing in it.
    """
    names = Names.of(base.document)
    known, top = levers.known(folder), tuple(SPEC.type.keys())
    if "." not in name and name not in top:
        if name not in known:
            close = nearest(name, (*top, *known)) or nearest_path(base.composed.document, SPEC, (name,), names)
            raise FormError(Fault(_neither(name, close), key=True, code="E-factor-unknown"))
        factor = Factor(name, levels, DOSE, True, names, folder)
        for dose, place in zip(levels.values, levels.places, strict=False):
            _checked_dose(levels.meant(dose), place)
    else:
        path = paths_of(name, base.composed.document)[0]
        factor = Factor(name, levels, locate(base.composed.document, SPEC, path, names, len(path)), False, names)
    if not levels.values:
        for key, end in (("from", levels.low), ("to", levels.high)):
            if factor.lever:
                _checked_dose(end, (key,))
        factor.between(0.5)
    return factor


def _checked_dose(dose: Any, path: Path_) -> None:
    try:
        DOSE.read(dose, Names())
    except FormError as wrong:
        raise FormError(Fault(f"the dose of a lever: {wrong}", path, code=wrong.code)) from None


def _neither(name: str, close: str | None) -> str:
    hint = f"; did you mean {close!r}?" if close else "; a path is written like teams.field_sales.headcount"
    return f"{name!r} is neither a path of the scenario nor a lever{hint}"


def laid_over(made: Scenario, factors: Sequence[Factor], at: Mapping[str, Any]) -> Scenario:
    """A scenario with values of factors laid over it, in the order of the factors; raises `ScenarioError`."""
    changes: dict[str, Any] = {}
    for factor in factors:
        if factor.name not in at:
            continue
        if not factor.lever:
            changes[factor.name] = factor.levels.meant(
                at[factor.name]
            )  # at once: what one makes wrong another may put right
            continue
        made = made.change(changes) if changes else made
        changes = {}
        dose = DOSE.read(factor.levels.meant(at[factor.name]), factor.names)
        if dose > 0:  # a lever that nobody uses is not bought either
            made = made.with_own_levers(f"{factor.name}@{dose:.12f}", folder=factor.folder)
    return made.change(changes) if changes else made


def _operation(low: Any, high: Any) -> str | None:
    """``add``, ``multiply`` or ``odds`` where both ends are such changes."""
    if not (isinstance(low, Mapping) and isinstance(high, Mapping)):
        return None
    return next((op for op in ADJUSTMENTS if set(low) == set(high) == {op}), None)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
