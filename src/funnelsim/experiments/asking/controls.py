"""Controls: the numbers of a line that may be moved, with their ranges, and the levers that fit it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from funnelsim.errors import ScenarioError

from .amounts import Amount, amount_of, grid_end, largest, step_for

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario


class Way(StrEnum):
    """How the number of a control becomes a change."""

    SET = "set"  # it is the new value
    ADD = "add"  # it is added to each value: dated steps, or one for each kind
    TIMES = "times"  # each value is multiplied by it: a distribution, or one value for each kind
    DOSE = "dose"  # it is the dose of a lever


@dataclass(frozen=True)
class Control:
    """A number that may be moved.

    Parameters
    ----------
    name : str
        A path of the scenario, or the name of a lever.
    what : str
        What it is a number of: its keys below the entry, such as ``headcount`` or ``handoff.delay``; ``lever``.
    group, entry : str
        Where it stands: ``teams`` and ``field_sales``; of a lever its group and its name.
    titles : mapping
        What the entry is called, by language; under "" in any.
    way : Way
        How the number becomes a change.
    today : float
        The number that changes nothing.
    unit : str
        As it is written behind the number: ``min``, ``/ mo``; ``people`` or empty.
    low, high, step : float
        The range; a number beyond it may be typed.
    """

    name: str
    what: str
    group: str
    entry: str
    titles: Mapping[str, str] = field(default_factory=dict)
    way: Way = Way.SET
    today: float = 0.0
    unit: str = ""
    low: float = 0.0
    high: float = 1.0
    step: float = 0.1

    @property
    def is_share(self) -> bool:
        """Whether the number is a share, which people read in per cent."""
        return self.way is Way.TIMES or self.what in SHARES or (self.way is Way.DOSE and self.unit == "")

    def change(self, number: float) -> Any:
        """What is laid over the scenario at its path, for a number other than today's."""
        if self.way is Way.ADD:
            return {"add": _plain(number)}
        if self.way is Way.TIMES:
            return {"multiply": number}
        return Amount(number, self.unit).written if self.unit not in ("", "people") else _plain(number)


KNOWN: dict[str, tuple[str, ...]] = {
    "teams": ("headcount", "selling_share", "wip_limit", "attrition", "speed", "cost.salary"),
    "sources": ("rate", "every", "effort", "yield", "quality", "cost"),
    "stages": (
        *("effort", "convert", "touches", "gap", "decision", "handoff.delay", "handoff.give", "handoff.take"),
        *("patience", "timeout", "sla", "rework"),
    ),
    "customers": (
        *("churn", "care.every", "care.effort", "renewal.every", "renewal.effort", "complaint.rate"),
        *("complaint.effort", "expansion.rate", "expansion.value", "referral.rate"),
    ),
}
"""What may be moved, by group; a scenario has a control for each of these that it says something of."""

SHARES = ("selling_share", "attrition", "yield", "convert", "rework", "expansion.value", "churn")
"""What is a share, or a share for each unit of time."""

AT_MOST_ONE = ("selling_share", "yield", "convert")
"""What is no more than the whole."""

WHOLE = ("headcount", "wip_limit")
"""What is counted."""

PART_OF_A_POST = 0.25
"""The parts in which posts are planned."""


def numbers_of(line: Scenario) -> Iterator[Control]:
    """A control for each number of a line that may be moved, in the order of the file."""
    document = line.document
    customers = {"customers": document.get("customers") or {}}
    for group, keys in KNOWN.items():
        for entry, content in (customers if group == "customers" else document.get(group) or {}).items():
            at = group if group == "customers" else f"{group}.{entry}"
            for what in keys:
                made = _control(f"{at}.{what}", _at(content, what), what, (group, entry, _titles(content)))
                if made is not None and _moves(line, made):
                    yield made


def named_by(line: Scenario, path: str) -> Control | None:
    """The control of a path, for what it is called; None if there is none of such a name."""
    group, _, rest = path.partition(".")
    entry, _, what = rest.partition(".") if group != "customers" else (group, "", rest)
    if what not in KNOWN.get(group, ()):
        return None
    content = (line.document.get(group) or {}) if group == "customers" else line.document[group].get(entry)
    return _control(path, _at(content, what), what, (group, entry, _titles(content)))


def _titles(content: Any) -> dict[str, str]:
    label = content.get("label") if isinstance(content, Mapping) else None
    return {"": str(label)} if label else {}


def _at(content: Any, what: str) -> Any:
    for key in what.split("."):
        if not isinstance(content, Mapping):
            return None
        content = content.get(key)
    return content


def _moves(line: Scenario, made: Control) -> bool:
    """Whether a number can stand there: what a team has of the teams that it is made of cannot be set."""
    number = made.today + made.step if made.today + made.step <= made.high else made.today - made.step
    try:
        line.change({made.name: made.change(number)})
    except ScenarioError:
        return False
    return True


def _control(name: str, value: Any, what: str, place: tuple[str, str, dict[str, str]]) -> Control | None:
    amount = amount_of(value)
    if amount is None:
        return _of_several(name, value, what, place)
    if amount.number <= 0:  # half of nothing and its double are nothing
        return None
    unit = "people" if what == "headcount" else amount.unit
    return Control(name, what, *place, Way.SET, amount.number, unit, *_range(amount.number, what))


def _of_several(name: str, value: Any, what: str, place: tuple[str, str, dict[str, str]]) -> Control | None:
    """A control of values for each kind, of dated steps, or of a distribution: all of them move together."""
    most = largest(value)
    if not most:
        return None
    if what == "headcount":
        whole = math.floor(most)
        return Control(name, what, *place, Way.ADD, 0.0, "people", -(whole // 2), whole, _step_of_people(most))
    high = min(2.0, 1 / most) if what in AT_MOST_ONE else 2.0
    return None if high <= 1 else Control(name, what, *place, Way.TIMES, 1.0, "", 0.5, high, 0.05)


def _range(today: float, what: str) -> tuple[float, float, float]:
    """From half to double of today's, in steps that people count in, of which today's number is one."""
    if what in WHOLE:
        step = _step_of_people(today)
        return max(step, math.floor(today / 2 / step) * step), max(2.0, math.ceil(today * 2)), step
    most = min(1.0, today * 2) if what in AT_MOST_ONE else today * 2
    step = step_for(most - today / 2)
    return grid_end(today, today / 2, step), grid_end(today, most, step), step


def _step_of_people(today: float) -> float:
    """Whole people where whole people work; else quarters, so that a slider comes back to a part of a post."""
    return 1.0 if today.is_integer() else PART_OF_A_POST


def _plain(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number
