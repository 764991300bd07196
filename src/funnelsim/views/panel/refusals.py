"""Why a question cannot be answered, in words and in the units of the fields in which it was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.errors import FunnelsimError, ScenarioError
from funnelsim.experiments.asking.answers import MOST_EVENTS, TooLargeError
from funnelsim.experiments.asking.limits import Beyond, Why, parts
from funnelsim.experiments.asking.question import MOST_MOVED, NotOneLeverError, TooManyError

from ..words import numbers, say

if TYPE_CHECKING:
    from .names import Names


class RefusedError(FunnelsimError):
    """A question that cannot be answered; its text is in the language of the panel.

    Parameters
    ----------
    text : str
        What is wrong, and what would be right.
    control : str
        The control in whose field it was typed; empty if it is none of a single one.
    """

    def __init__(self, text: str, control: str = "", *, code: str = "") -> None:
        self.control = control
        super().__init__(text, code=code)


def refusal(error: Exception, found: Beyond | None, names: Names) -> RefusedError:
    """What is said of an error, in the language in force; of a control beyond its limits with these."""
    if found is not None:
        return RefusedError(_of_one(found, names), found.moved.control.name, code="E-question-range")
    match error:
        case TooLargeError():
            events, most = numbers.amount(error.events), numbers.amount(MOST_EVENTS)
            return RefusedError(say("panel.refused.large", events=events, most=most), code="E-size-question")
        case TooManyError():
            return RefusedError(say("panel.refused.many", most=f"{MOST_MOVED}"), code="E-size-question")
        case NotOneLeverError():
            return RefusedError(say("panel.refused.not_one"), code="E-question-levers")
    return RefusedError(say("panel.refused", why=in_words(error)), code=getattr(error, "code", ""))


def _of_one(found: Beyond, names: Names) -> str:
    """A control that stands where none can."""
    control = found.moved.control
    given = {"label": names.label(control), "value": names.amount(control, found.moved.to)}
    limit = names.amount(control, found.limit)
    if found.why is Why.PARTS:
        key = "panel.refused.quarters" if parts(control) < 1 else "panel.refused.whole"
        return say(key, **given, near=limit)
    if found.why is Why.SWITCH:
        return say("panel.refused.switch", **given)
    return say(f"panel.refused.{found.why}", **given, limit=limit)


def in_words(error: Exception) -> str:
    """What went wrong, without places in files that nobody wrote."""
    if isinstance(error, ScenarioError):
        return "; ".join(": ".join(part for part in (each.path, each.message) if part) for each in error.problems)
    return str(error) if isinstance(error, FunnelsimError) else f"{type(error).__name__}: {error}"
