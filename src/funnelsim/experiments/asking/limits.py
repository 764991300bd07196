"""How far a control may be moved: where what checks a scenario ends to take its numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from funnelsim.errors import FunnelsimError
from funnelsim.model.compile import compile_model
from funnelsim.scenario.checking.doubtful import doubts

from .controls import PART_OF_A_POST, Control, Way
from .question import Moved, scenario_of

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario

HALVINGS = 100
"""Steps of a search for a limit at most: from any number that can be typed to the digits that are told."""

LIKELY = (0.0, 1.0)
"""Where most limits are; these are tried first."""

NEARLY_NOTHING = 1e-5
"""Of today's number: a lower limit below that is told as none."""


class Why(StrEnum):
    """Why a control cannot stand at a number."""

    LOW = "low"  # below the limit
    ABOVE = "above"  # it must be above the limit, here 0
    HIGH = "high"  # above the limit
    PARTS = "parts"  # not in whole numbers or quarters of a post
    SWITCH = "switch"  # on or off


class Beyond(NamedTuple):
    """A control that is moved to where no scenario is, why, and the last number on the way that makes one."""

    moved: Moved
    why: Why
    limit: float


def beyond(today: Scenario, what: Sequence[Moved]) -> Beyond | None:
    """The first control that by itself makes no scenario; None if only several together make none."""
    for each in what:
        if not _stands(today, each.control, each.to):
            return _beyond(today, each)
    return None


def _beyond(today: Scenario, each: Moved) -> Beyond:
    control = each.control
    part = parts(control)
    if control.way is Way.DOSE and control.step >= control.high and 0 < each.to < control.high:
        return Beyond(each, Why.SWITCH, control.high)
    if part and each.to % part and _stands(today, control, _near(each.to, part)):
        return Beyond(each, Why.PARTS, _near(each.to, part))
    limit = _limit(today, control, each.to, part)
    if each.to > control.today:
        return Beyond(each, Why.HIGH, limit)
    nothing = 0 < limit < NEARLY_NOTHING * control.today
    return Beyond(each, Why.ABOVE if nothing else Why.LOW, 0.0 if nothing else limit)


def parts(control: Control) -> float:
    """The parts in which a number is counted; 0 if any number will do."""
    if control.unit == "people":
        return PART_OF_A_POST
    return 1.0 if control.what == "wip_limit" else 0.0


def _near(number: float, part: float) -> float:
    return math.floor(number / part + 0.5) * part


def _stands(today: Scenario, control: Control, number: float) -> bool:
    try:
        compile_model(scenario_of(today, (Moved(control, number),)))
    except FunnelsimError:
        return False
    return True


def _limit(today: Scenario, control: Control, refused: float, part: float) -> float:
    """The last number between today's and a refused one that makes a scenario."""
    good = control.today
    for likely in LIKELY:
        beside = likely + math.copysign(1e-6, refused - good)
        between = good != likely != refused and (good < likely) == (likely < refused)
        if between and not part and _stands(today, control, likely) and not _stands(today, control, beside):
            return likely
    for _ in range(HALVINGS):
        middle = (good + refused) / 2
        middle = _near(middle, part) if part else middle
        if middle in (good, refused):
            break
        if _stands(today, control, middle):
            good = middle
        else:
            refused = middle
        if abs(refused - good) <= 1e-9 * max(abs(good), abs(refused)):
            break
    near = float(f"{good:.6g}")  # a limit is written with few digits
    for least in (float(f"{refused:.6g}"), near, float(f"{good:.9g}")):
        if _stands(today, control, least):
            return least
    return good


def unusual(today: Scenario, asked: Scenario, what: Sequence[Moved]) -> list[Moved]:
    """What is moved to numbers that can hardly be meant, as the check of a file would say."""
    known = set(_doubts(today))
    new = [each for each in _doubts(asked) if each not in known]
    return [each for each in what if any(_speaks_of(said, each.control.name) for said in new)]


def _doubts(scenario: Scenario) -> list[str]:
    return [said for period in scenario.periods for said in doubts(period.spec)]


def _speaks_of(said: str, name: str) -> bool:
    return said.startswith(name) and said[len(name) : len(name) + 1] in (":", ".")
