"""Numbers with a sign in front or a percent sign behind, where a change could set, add or multiply.

``+1`` at a headcount can only mean one more, and on a command line it does. Where a value may itself have a sign,
or be a percentage, it can be read in two ways and is refused, with the ways to say each. In files, whose changes
say ``{add: 1}``, a plus sign is always refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..forms import remedies
from ..forms.amounts import number_text
from ..forms.base import Form, FormError, Names, adjusts
from ..forms.plain import ChoiceForm, FlagForm, TextForm
from ..forms.signs import ordinary
from ..reading.document import PlusFloat, PlusInt
from ..reading.reader import parse_value

_SIGNED = re.compile(r"([+-])\s*(\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(%?)(.*)", re.DOTALL)
_TIMES = re.compile(r"\s*(?:[x×*]\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*[倍x×])\s*")
_PLUS = re.compile(r"\+\s*\d")
_SPOKEN = (TextForm, ChoiceForm, FlagForm)


def meant(form: Form[Any] | None, text: str, names: Names) -> dict[str, Any] | None:
    """What a number with a sign asks for on a command line: ``{add: x}`` or ``{multiply: x}``.

    Parameters
    ----------
    form : Form or None
        The form of the value that it is to change.
    text : str
        What was typed.
    names : Names
        The names of the scenario.

    Returns
    -------
    dict or None
        None where it is no more than the value.

    Raises
    ------
    FormError
        If it can be read in two ways.
    """
    if form is not None and not isinstance(form, _SPOKEN) and (times := _TIMES.fullmatch(ordinary(text))):
        raise FormError(
            f"{text.strip()} multiplies; write {{multiply: {times[1] or times[2]}}}", code="E-change-sign"
        )
    match = _SIGNED.fullmatch(text.strip())
    if match is None or form is None or isinstance(form, _SPOKEN):
        return None
    sign, number, percent, unit = match.groups()
    body = text.strip()[1:].strip()
    negative = _may_be(form, parse_value(f"-{body}"), names)
    if sign == "-" and negative:
        return None
    if percent and not unit.strip():
        share = float(f"{sign}{number.replace('_', '')}") / 100
        if _may_be(form, body, names):
            raise FormError(_ways(text.strip(), body, share), code="E-change-sign")
        return {"multiply": round(1 + share, 12)}
    if negative:
        raise FormError(_ways(text.strip(), body), code="E-change-sign")
    counted = remedies.number(body) if unit.strip() and not _may_be(form, parse_value(body), names) else None
    if counted is not None:
        raise FormError(f"expected a number, found {text.strip()!r}; write {sign}{counted}", code="E-value-number")
    return {"add": parse_value(body if sign == "+" else f"-{body}")}


def _may_be(form: Form[Any], value: Any, names: Names) -> bool:
    """Whether a value could stand there by itself."""
    try:
        form.read(form.expand(value, names), names)
    except FormError:
        return False
    return True


def _ways(text: str, body: str, share: float | None = None) -> str:
    add = body if share is None else number_text(share)
    ways = [f"{body} for the value itself", f"{{add: {add}}} to add"]
    if share is not None:
        ways.append(f"{{multiply: {round(1 + share, 12):g}}} to multiply")
    return f"{text} can be read in {'two' if share is None else 'three'} ways here; write {' or '.join(ways)}"


def check_plus(value: Any) -> None:
    """Raise `FormError` if a value that a change of a file or of Python sets is written with a plus sign."""
    for one in _values(value):
        text = f"+{one:g}" if isinstance(one, PlusInt | PlusFloat) else str(one).strip()
        if isinstance(one, PlusInt | PlusFloat) or (isinstance(one, str) and _PLUS.match(text)):
            body = text[1:].strip()
            share = _percentage(body)
            raise FormError(_ways(text, body, share), code="E-change-sign")


def _values(value: Any) -> Iterator[Any]:
    if not isinstance(value, Mapping):
        yield value
    elif "dist" not in value and not adjusts(value):
        yield from value.values()


def _percentage(text: str) -> float | None:
    try:
        return float(text.removesuffix("%").replace("_", "")) / 100 if text.endswith("%") else None
    except ValueError:
        return None
