"""Inputs that may be moved: how far each may lie from what is written, and what is written at any point.

An input is moved on the scale on which it is known by factors: the odds of a share, any other amount itself. Its
place ``z`` is 0 where it stands; the ends of its range, in which it lies with 95 %, are at -1.96 and 1.96, also
where one is further away than the other. So all inputs are standard normal before any total is known.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from funnelsim.errors import FunnelsimError, ScenarioError
from funnelsim.model.numbers.distributions import mean
from funnelsim.scenario.changing import known
from funnelsim.scenario.changing.compose import SPEC
from funnelsim.scenario.forms.base import Adjust, Form, FormError, unknown
from funnelsim.scenario.forms.kinds import ByKindForm
from funnelsim.scenario.language.evidence import Record
from funnelsim.scenario.reading.document import flow, plain

from ..sensitivity import mixture
from ..sensitivity.guesses import WELL_KNOWN
from ..sensitivity.numbers import OUTSIDE, law, leaves, record_of

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario

HALF = 1.96
"""Standard deviations from the middle of a range of 95 % to its ends."""

FACTOR = 2.0
"""An input without a range lies within half and double with 95 %; a share within half and double of its odds."""

FURTHEST = 3 * HALF
"""No input goes further than three times its range, in standard deviations."""

NARROWEST = 1.01
"""The least factor between an input and an end of its range, or it could not be moved to that side at all."""

DIGITS = 4
"""Significant digits of values that are moved."""

_LEADING = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_LONG = re.compile(r"\d+\.\d+(?:e[+-]?\d+)?|\d{5,}")


@dataclass(frozen=True)
class Input:
    """A number of a scenario that may be moved.

    Parameters
    ----------
    path : str
        Where it stands.
    raw : object
        What stands there.
    record : Record or None
        How it is known.
    own : bool
        Whether the record has a range of this very number; else half and double are assumed.
    op : str
        How it is moved: ``odds`` or ``multiply``.
    ends : tuple of float
        The factors to the ends of its range: below 1 and above.
    limits : tuple of float
        The least and the most ``z`` with which the scenario is right.
    """

    path: str
    raw: Any = field(repr=False)
    record: Record | None
    own: bool
    op: str
    ends: tuple[float, float]
    limits: tuple[float, float] = (-FURTHEST, FURTHEST)

    @property
    def grade(self) -> str:
        """How it is known; ``none`` where nothing is said."""
        return self.record.grade if self.record is not None else "none"

    def factor(self, z: float) -> float:
        """By what the value, or its odds, is multiplied at a place."""
        return math.exp(abs(z) / HALF * math.log(self.ends[z > 0]))

    def change(self, z: float) -> dict[str, float]:
        """The change of its value at a place."""
        return {self.op: self.factor(z)}


def at(scenario: Scenario, inputs: Sequence[Input], places: Iterable[float]) -> Scenario:
    """The scenario with inputs at their places; raises `ScenarioError` where it would be wrong."""
    moved = {each.path: each.change(float(z)) for each, z in zip(inputs, places, strict=True) if z}
    return scenario.change(moved) if moved else scenario


def settled(scenario: Scenario, inputs: Sequence[Input], places: Iterable[float]) -> dict[str, Any]:
    """The values that inputs have at their places, rounded as they are written into a file; those moved only."""
    pairs = [(each, float(z)) for each, z in zip(inputs, places, strict=True)]
    made = at(scenario, inputs, [z for _, z in pairs])
    found = {each.path: _rounded(plain(made.values_at(each.path)[each.path])) for each, z in pairs if z}
    return {each.path: found[each.path] for each, z in pairs if z and found[each.path] != plain(each.raw)}


def as_change(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a change that puts them in place of what is there."""
    return {path: {"set": value} if isinstance(value, Mapping) else value for path, value in values.items()}


def value_at(scenario: Scenario, each: Input, z: float) -> str:
    """What is written at a place, or what can be at its nearest limit; of a distribution its mean."""
    within = min(max(z, each.limits[0]), each.limits[1])
    raw = plain(at(scenario, [each], [within]).values_at(each.path)[each.path])
    form = scenario.form_at(each.path)
    return flow(_rounded(_middle(raw, form, scenario) if form is not None else raw, 3))


def _middle(raw: Any, form: Form[Any], scenario: Scenario) -> Any:
    """Of a distribution its mean, of outcomes that of those that go on; anything else is as it is."""
    if not isinstance(raw, Mapping):
        return raw
    for key in ("advanced", "other", "else"):
        if key in raw:
            return _middle(raw[key], form, scenario)
    if "mean" in raw:
        return raw["mean"]
    if "median" not in raw:
        return raw
    whole, median = (_size(form.read(one, scenario.names)) for one in (raw, raw["median"]))
    number = _LEADING.match(str(raw["median"]))
    if not whole or not median or number is None:
        return raw
    mean_ = float(number[0]) * whole / median
    unit = str(raw["median"])[number.end() :]
    return f"{mean_:.{DIGITS}g}{unit}" if unit else mean_


def _rounded(raw: Any, digits: int = DIGITS) -> Any:
    """A value with as many significant digits as anybody can mean."""
    if isinstance(raw, Mapping):
        return {key: _rounded(each, digits) for key, each in raw.items()}
    if isinstance(raw, list | tuple):
        return [_rounded(each, digits) for each in raw]
    if isinstance(raw, float):
        return float(f"{raw:.{digits}g}")
    if isinstance(raw, str) and raw[:1].isdigit():
        return _LONG.sub(lambda one: _short(float(one[0]), digits), raw, count=1)
    return raw


def _short(value: float, digits: int) -> str:
    return f"{float(f'{value:.{digits}g}'):.15g}"


# --- which they are ---------------------------------------------------------------------------------------------


def inputs_of(scenario: Scenario, vary: Sequence[str] | None = None) -> tuple[Input, ...]:
    """The inputs that may be moved: those named, else all that are not well known.

    Raises
    ------
    FunnelsimError
        For a path at which there is no number to be moved, and for one that was measured.
    """
    every = {each.path: each for each in _every(scenario)}
    if vary is None:
        chosen = [each for each in every.values() if each.grade not in WELL_KNOWN]
    else:
        paths = dict.fromkeys(path for given in vary for path in _named(scenario, given, every))
        chosen = [every[path] for path in paths]
        measured = next((each for each in chosen if each.grade in WELL_KNOWN), None)
        if measured is not None:
            raise FunnelsimError(
                f"{measured.path} is known by the grade {measured.grade}, and what was measured is not moved; if "
                "it was not, give it another grade under `evidence`",
                code="E-tune-measured",
            )
    if not chosen:
        raise FunnelsimError(
            "there is no input to move: every number is known by the grades A or B; name the totals as targets of "
            "`run` instead, or give grades under `evidence`",
            code="E-tune-nothing",
        )
    return tuple(_limited(scenario, each) for each in chosen)


def _named(scenario: Scenario, given: str, every: Mapping[str, Input]) -> list[str]:
    """The inputs at a path, which may have stars, or lead to something that inputs stand in."""
    try:
        there = [*scenario.values_at(given)]
    except FormError as wrong:
        raise FunnelsimError(f"--vary {given}: {wrong}", code=wrong.code) from None
    paths = [path for path in every for one in there if f"{path}.".startswith(f"{one}.")]
    if not paths:
        said = unknown("number that could be moved", given, [*every])
        raise FunnelsimError(f"--vary {given}: {said}", code="E-path-unknown")
    return paths


def _every(scenario: Scenario) -> Iterable[Input]:
    document, names = scenario.composed.document, scenario.names
    inside = {key: value for key, value in document.items() if key not in OUTSIDE}
    for path, raw, form in leaves(inside, SPEC, (), names):
        record, own = record_of(scenario, path)
        weights = known.segment_weights(document, path)
        if weights is not None and not mixture.is_said(weights, path, scenario.composed.evidence):
            continue
        inner = form.inner if isinstance(form, ByKindForm) else form
        op = "odds" if inner.is_share else "multiply"
        try:
            if any(form.rounded(raw, Adjust(op, near), names) for near in (0.97, 1.03)):
                continue  # whole numbers do not move by little
            if form.adjust(raw, Adjust(op, 1.03), names) == raw:
                continue
        except FormError:
            continue
        ranged = own and record is not None and record.range is not None
        ends = _ends(scenario, raw, form, record, op, weights, path) if ranged else None
        yield Input(path, raw, record, ends is not None, op, ends or (1 / FACTOR, FACTOR))


def _ends(
    scenario: Scenario,
    raw: Any,
    form: Form[Any],
    record: Record | None,
    op: str,
    weights: Mapping[str, float] | None,
    path: str,
) -> tuple[float, float] | None:
    """The factors from a value to the ends of its range; None where there are none, as to a distribution of 0."""
    if record is None or record.range is None:
        return None
    middle = _size(form.read(raw, scenario.names))
    sizes = [_size(form.read(end, scenario.names)) for end in record.range]
    if weights is not None and known.are_shares(weights):
        middle, op = weights[path.split(".")[1]], "odds"
    if middle is None or any(each is None for each in sizes):
        return None
    low, high = (_odds(each) if op == "odds" else each for each in sizes if each is not None)
    centre = _odds(middle) if op == "odds" else middle
    if not centre > 0 or math.isinf(centre):
        return None
    less = low / centre if low > 0 else 1 / (1 + FACTOR)  # an end at 0 is no factor
    more = high / centre if not math.isinf(high) else 1 + FACTOR
    return min(less, 1 / NARROWEST), max(more, NARROWEST)


def _size(typed: Any) -> float | None:
    """A number that was read; of a distribution its mean."""
    found = law(typed)
    if found is not None:
        return mean(found)
    amount = known.amount(typed)
    return None if amount is None else amount[0]


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else math.inf


def _limited(scenario: Scenario, each: Input) -> Input:
    """An input with the places between which the scenario is right."""
    low, high = (_last_right(scenario, each, end) for end in (-FURTHEST, FURTHEST))
    return Input(each.path, each.raw, each.record, each.own, each.op, each.ends, (low, high))


def _last_right(scenario: Scenario, each: Input, end: float) -> float:
    """The furthest place towards an end at which the scenario is right, to a fortieth of the way."""
    if _is_right(scenario, each, end):
        return end
    right, wrong = 0.0, end
    while abs(wrong - right) > FURTHEST / 40:
        middle = (right + wrong) / 2
        right, wrong = (middle, wrong) if _is_right(scenario, each, middle) else (right, middle)
    return right


def _is_right(scenario: Scenario, each: Input, z: float) -> bool:
    try:
        at(scenario, [each], [z])
    except ScenarioError:
        return False
    return True
