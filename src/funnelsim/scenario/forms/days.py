"""The form of days off: one date, days from one to another, or days that come again every year."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from . import remedies
from .base import Form, FormError, Names, found
from .dates import DATE_SCHEMA, either_day, read_date
from .quantities import Days, Yearly
from .signs import ordinary

_YEARLY = re.compile(r"(\d{2})-(\d{2})")
_LEAP_YEAR = 2000


@dataclass(frozen=True)
class DaysForm(Form[Days]):
    """Days with the last: ``2026-08-10..2026-08-14``, one date, or every year: ``01-01``, ``12-29..01-03``."""

    made: ClassVar[tuple[type, ...]] = (tuple, Yearly)

    def read(self, raw: Any, names: Names) -> Days:
        ends = self._ends(raw)
        yearly = [isinstance(end, str) and _YEARLY.fullmatch(end) is not None for end in ends]
        if all(yearly):
            return Yearly(_month_and_day(ends[0]), _month_and_day(ends[-1]))
        if any(yearly):
            raise FormError(
                f"the year is missing on one side, found {found(raw)}; write both dates with it, or both without"
                " for days that come again every year",
                code="E-days-year",
            )
        first, last = read_date(ends[0]), read_date(ends[-1])
        if first > last:
            following = f"{last.year + 1}{last:-%m-%d}"
            raise FormError(
                f"`from <= to` must hold, but got (from={first}, to={last}); write {first}..{following}"
                f" for the next year, or {first:%m-%d}..{last:%m-%d} for days that come again every year",
                code="E-order",
            )
        return first, last

    def _ends(self, raw: Any) -> list[Any]:
        """One date, or two."""
        if isinstance(raw, Mapping):
            if set(raw) != {"from", "to"}:
                raise FormError(f"expected the keys from and to, found {found(raw)}", code="E-value-days")
            return [raw["from"], raw["to"]]
        if not isinstance(raw, str):
            return [raw]
        several = remedies.days_off(raw)
        if several is not None:
            sign = next((sign for sign in "、，；;" if sign in raw), None)
            what = f"; {sign!r} does not part a list" if sign is not None else ""
            raise FormError(
                f"expected days such as 12-29..01-03, found {found(raw)}{what}; write [{several}]",
                code="E-value-days",
            )
        ends = [end.strip() for end in ordinary(raw).split("..")]
        better = remedies.days(raw)
        if len(ends) > 2 or (better is not None and better != raw.strip()):
            example = "expected days such as 2026-08-10..2026-08-14, or 12-29..01-03 of every year"
            way = either_day(raw) or remedies.instead(better)
            raise FormError(f"{example}, found {found(raw)}{way}", code="E-value-days")
        return ends

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        date = r"(\d{4}-)?\d{2}-\d{2}"
        text = {
            "type": "string",
            "pattern": rf"^\s*{date}(\s*\.\.\s*{date})?\s*$",
            "examples": ["2026-08-10..2026-08-14", "01-01", "12-29..01-03"],
        }
        end = {"anyOf": [DATE_SCHEMA, {"type": "string", "pattern": r"^\d{2}-\d{2}$"}]}
        pair = {"type": "object", "properties": {"from": end, "to": end},
                "required": ["from", "to"], "additionalProperties": False}  # fmt: skip
        return {"anyOf": [text, pair]}


def _month_and_day(text: str) -> tuple[int, int]:
    """Month and day of ``02-29``; raises `FormError` for those that no year has."""
    month, day = int(text[:2]), int(text[3:])
    try:
        dt.date(_LEAP_YEAR, month, day)
    except ValueError:
        raise FormError(
            f"there is no such day in any year as {text!r}; the month stands first", code="E-date-none"
        ) from None
    return month, day
