"""The form of selectors: classes of leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, ClassVar

from .base import Faults, Form, FormError, Names, behind, found, undefined, unknown
from .money import MoneyForm
from .plain import NumberForm
from .quantities import Condition, Selector

_PARTS = ("segment", "territory", "source", "origin", "stage")
VALUES = ("value_at_least", "value_below")
"""Bounds that are money."""
SCORES = ("score_at_least", "score_below")
_BOUNDS = (*VALUES, *SCORES)
SCORE = (
    "In standard deviations of the score, from the mean of leads of quality 0: of such leads 50 % have 0 or more, "
    "31 % 0.5 or more and 16 % 1 or more."
)
TOP = "top"
KEYS = (*_PARTS, *_BOUNDS, TOP)
SHARE = (
    "The same as a share: 30 % are the leads with a score that 30 % of leads of quality 0 reach, 0.524 or more. "
    "Of a source with better leads more are among them. Not beside score_at_least."
)
_WORK = ("care", "renewal", "complaint")
_SHARE = NumberForm(above=0.0, high=1.0)


@dataclass(frozen=True)
class SelectorForm(Form[Selector]):
    """A class of leads: a mapping of which every part must hold, or a list of such mappings of which any must."""

    made: ClassVar[tuple[type, ...]] = (tuple,)

    def read(self, raw: Any, names: Names) -> Selector:
        if isinstance(raw, Mapping):
            return (self._condition(raw, names),)
        if not isinstance(raw, list):
            raise FormError(
                f"expected a selector such as {{segment: large}}, or a list of them, found {found(raw)}",
                code="E-value-selector",
            )
        faults, conditions = Faults(), []
        for index, one in enumerate(raw):
            with faults.under(index):
                conditions.append(self._condition(one, names))
        faults.check()
        return tuple(conditions)

    def _condition(self, raw: Any, names: Names) -> Condition:
        if not isinstance(raw, Mapping) or not raw:
            raise FormError(
                f"expected a selector such as {{segment: large}}, found {found(raw)}", code="E-value-selector"
            )
        faults = Faults()
        parts: dict[str, Any] = {}
        for key, value in raw.items():
            with faults.under(key):
                if key in _PARTS:
                    parts[key] = self._part(key, value, names)
                elif key in _BOUNDS:
                    form = NumberForm() if key in SCORES else MoneyForm()
                    parts[key] = form.read(value, names)
                elif key == TOP:
                    if "score_at_least" in raw:
                        raise FormError(
                            "`top` and `score_at_least` say the same in two ways; give one of them",
                            code="E-key-conflict",
                        )
                    parts["score_at_least"] = _reached_by(value, names)
                else:
                    faults.add(unknown("key", key, KEYS), key, code="E-key-unknown", key=True)
        faults.check()
        return Condition(**parts)

    def _part(self, role: str, raw: Any, names: Names) -> frozenset[str]:
        faults, chosen = Faults(), []
        known = (*names.all(role), *(_WORK if role == "stage" else ()))
        for index, name in enumerate(raw if isinstance(raw, list) else [raw]):
            with faults.under(*([index] if isinstance(raw, list) else [])):
                if not isinstance(name, str):
                    raise FormError(f"expected the name of a {role}, found {found(name)}", code="E-value-name")
                if names.given and name not in known:
                    raise FormError(undefined(role, name, known))
                chosen.append(name)
        if raw == []:
            faults.add("expected at least one name", code="E-value-empty")
        faults.check()
        return frozenset(chosen)

    def expand(self, raw: Any, names: Names) -> Any:
        return [raw] if isinstance(raw, Mapping) else raw

    def appended(self, old: Any, items: Sequence[Any], names: Names) -> Any:
        return behind(self.expand(old, names), items)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        name = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
        defs["selector"] = {
            "type": "object", "minProperties": 1, "additionalProperties": False,
            "properties": {
                **dict.fromkeys(_PARTS, name), **{key: _bound(key, defs) for key in _BOUNDS},
                TOP: {**_SHARE.schema(defs), "description": SHARE},
            },
            "description": "A class of leads: every part must hold.",
        }  # fmt: skip
        one = {"$ref": "#/$defs/selector"}
        return {"anyOf": [one, {"type": "array", "items": one}]}


def _reached_by(raw: Any, names: Names) -> float:
    """The score that a share of leads of quality 0 reach: their scores have a standard normal law.

    It is rounded, so that it does not depend on how a machine takes logarithms.
    """
    share = _SHARE.read(raw, names)
    if share == 1.0:
        raise FormError(
            f"{found(raw)} are all leads; leave `top` out, or give a smaller share such as 30 %",
            code="E-selector-all",
        )
    return round(-NormalDist().inv_cdf(share), 10) + 0.0


def _bound(key: str, defs: dict[str, Any]) -> dict[str, Any]:
    """The schema of a bound, with its unit."""
    if key in SCORES:
        return {"type": "number", "description": SCORE}
    return {**MoneyForm().schema(defs), "description": "In the currency, unless it names another."}
