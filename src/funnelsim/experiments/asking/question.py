"""A question: what is moved on a line, the scenario that it makes, and the same as a lever that can be kept."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from funnelsim.errors import FunnelsimError
from funnelsim.scenario.changing.differences import differences
from funnelsim.scenario.forms.base import unknown
from funnelsim.scenario.language.lever import ADDED

from .controls import Control, Way
from .offered import Offered

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario

MOST_MOVED = 40
"""Controls that a question moves at most."""


class TooManyError(FunnelsimError):
    """A question that moves more controls than it may."""


class NotOneLeverError(FunnelsimError):
    """What was moved cannot be kept as one lever."""


@dataclass(frozen=True)
class Moved:
    """A control that stands elsewhere than today."""

    control: Control
    to: float


def moved(controls: Offered, numbers: Mapping[str, float]) -> tuple[Moved, ...]:
    """The controls that a question moves, in the order of the controls; those that stand as today are left out.

    Raises
    ------
    FunnelsimError
        If there is no such control, or a number is none.
    """
    for name, number in numbers.items():
        if name not in controls.by_name:
            raise FunnelsimError(unknown("control", name, list(controls.by_name)), code="E-name-unknown")
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            raise FunnelsimError(f"{name}: expected a number, found {number!r}", code="E-value-number")
    made = tuple(
        Moved(each, _shortest(numbers[each.name]))
        for each in controls.all
        if each.name in numbers and numbers[each.name] != each.today
    )
    if len(made) > MOST_MOVED:
        raise TooManyError(
            f"a question moves at most {MOST_MOVED} controls, but got {len(made)}", code="E-size-question"
        )
    return made


def _shortest(number: float) -> float:
    """A number without what arithmetic left in its last digits: 0.34125 for 0.34124999999999994."""
    return float(f"{number:.12g}")


def scenario_of(today: Scenario, what: tuple[Moved, ...]) -> Scenario:
    """The scenario that a question makes: its numbers laid over today's, and then its levers.

    Raises
    ------
    FunnelsimError
        If the numbers make no scenario, or a lever does not go so far.
    """
    changes = {
        each.control.name: each.control.change(each.to) for each in what if each.control.way is not Way.DOSE
    }
    references = [f"{each.control.name}@{each.to:.12g}" for each in what if each.control.way is Way.DOSE]
    made = today.change(changes) if changes else today
    return made.with_levers(*references) if references else made


def as_lever(today: Scenario, what: tuple[Moved, ...], title: str) -> str:
    """The text of a lever file that makes of today's scenario what a question makes.

    Raises
    ------
    FunnelsimError
        If nothing is moved, or no single lever does so.
    """
    if not what:
        raise FunnelsimError("nothing is moved, so there is no lever to be kept", code="E-question-empty")
    asked = scenario_of(today, what)
    found = list(differences(today.document, asked.document))
    change = {each.path: each.after for each in found}
    added = [each.path for each in found if each.before is None and each.path.count(".") == 1]
    adds = [path for path in added if path.partition(".")[0] in ADDED]
    if not any(each.control.way is Way.DOSE for each in what):  # as it was asked, which reads better
        change = {each.control.name: each.control.change(each.to) for each in what}
    elif today.change(short := {path: _rounded(value) for path, value in change.items()}).fingerprint == (
        asked.fingerprint
    ):
        change = short
    if today.change(change).fingerprint != asked.fingerprint:
        raise NotOneLeverError(
            "these levers cannot be kept as one; keep fewer of them together", code="E-question-levers"
        )
    lines = [f"  {_json(path)}: {_json(value)}" for path, value in change.items()]
    head = ["lever: what_if", f"title: {_json(title)}", *([f"adds: {_json(adds)}"] if adds else [])]
    return "\n".join([*head, "change:", *lines]) + "\n"


def _rounded(value: Any) -> Any:
    """A value whose numbers have no more digits than a page shows."""
    if isinstance(value, float):
        return _shortest(value)
    if isinstance(value, Mapping):
        return {key: _rounded(each) for key, each in value.items()}
    return [*map(_rounded, value)] if isinstance(value, list | tuple) else value


def _json(value: Any) -> str:
    """A value as JSON, which is YAML."""
    return json.dumps(value, ensure_ascii=False)
