"""Columns of money and counts, as spreadsheets of any country write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .refusing import CalibrationError, shown
from .tables import Raw

Floats = NDArray[np.float64]

_SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY", "円": "JPY", "$": "USD", "₩": "KRW", "₹": "INR", "Fr.": "CHF"}
_CODE = re.compile(r"\b([A-Z]{3})\b")
_TIMES = {"億": 1e8, "百万": 1e6, "万": 1e4, "千": 1e3, "k": 1e3, "K": 1e3, "M": 1e6, "m": 1e6}
_NUMBER = re.compile(r"[+-]?\d[\d.,]*")
_ALIKE = 5
"""So many different numbers, each with groups of three digits or with none, have signs for thousands."""
_EMPTY = frozenset(["null", "none", "n/a", "na", "nan", "-", "--", "(null)", "#n/a", "\\n"])


@dataclass(frozen=True, eq=False)
class Amounts:
    """One column of numbers.

    Parameters
    ----------
    header : str
        The column of the file.
    values : array
        nan where there is none.
    unread : int
        Cells that are no numbers.
    decimal : str
        The decimal sign, ``.`` or ``,``; empty where none is used.
    currencies : tuple of str
        Codes that stand with the numbers.
    """

    header: str
    values: Floats
    unread: int
    decimal: str
    currencies: tuple[str, ...]


def read_amounts(raw: Raw, column: pd.Series, decimal: str = "") -> Amounts:
    """A column of numbers with whatever stands beside them.

    Parameters
    ----------
    raw : Raw
        The file, for messages.
    column : pandas.Series
        Its text.
    decimal : str
        ``.`` or ``,`` if the mapping says so.

    Raises
    ------
    CalibrationError
        If ``1.234`` may be a thousand or one, and nothing tells which.
    """
    codes, uniques = pd.factorize(column.to_numpy(dtype=object))
    parts = [_parts(each) for each in uniques.tolist()]
    digits = [each[0] for each in parts]
    sign = decimal or _decimal([each for each in digits if each])
    if sign == "?":
        place = next(at for at, each in enumerate(digits) if "." in each or "," in each)
        row = column.index[int(np.flatnonzero(codes == place)[0])]
        point, comma = (_value(digits[place], 1.0, each) for each in ".,")
        raise CalibrationError(
            f"{raw.name} line {raw.line(row)}, {column.name}: {shown(uniques[place])} may be {point:.12g} or "
            f"{comma:.12g}, and nothing in the column tells which; write in the mapping "
            "`decimal: point` or `decimal: comma`",
            code="E-data-decimal",
        )
    values = np.array([_value(text, times, sign) for text, times, _, _ in parts])
    unread = np.array([bad for *_, bad in parts]) | (np.isnan(values) & np.array([bool(each) for each in digits]))
    currencies = sorted({code for _, _, code, _ in parts if code})
    return Amounts(str(column.name), values[codes], int(unread[codes].sum()), sign, tuple(currencies))


def looks_like_numbers(values: Sequence[str]) -> float:
    """The share of texts that are numbers; empty ones do not count."""
    parts = [_parts(each) for each in values if each]
    return sum(bool(digits) for digits, *_ in parts) / len(parts) if parts else 0.0


def _parts(text: str) -> tuple[str, float, str, bool]:
    """Digits with their signs, a factor, a currency, and whether it is something else."""
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if not text or text.casefold() in _EMPTY:
        return "", 1.0, "", False
    currency = next((code for sign, code in _SIGNS.items() if sign in text), "")
    found = _CODE.search(text)
    currency = found[1] if found else currency
    rest = _CODE.sub("", text)
    for sign in _SIGNS:
        rest = rest.replace(sign, "")
    if rest.startswith("(") and rest.endswith(")"):
        rest = f"-{rest[1:-1]}"
    rest = (
        re.sub(r"[\s'\u2019\u00a0\u202f]", "", rest)
        .replace("\u2212", "-")
        .removesuffix("税抜")
        .removesuffix("税込")
    )
    times = 1.0
    for word, factor in _TIMES.items():
        if rest.endswith(word):
            rest, times = rest.removesuffix(word), factor
            break
    if rest.endswith(("-", ",-", ".-")):
        rest = rest.rstrip("-").rstrip(",.")
    if not _NUMBER.fullmatch(rest):
        return "", 1.0, "", True
    return rest, times, currency, False


def _decimal(texts: Sequence[str]) -> str:
    """The decimal sign of a column; empty if none is needed, ``?`` if it cannot be told."""
    seen: set[str] = set()
    unsure: set[str] = set()
    for text in texts:
        points, commas = text.count("."), text.count(",")
        if points and commas:
            seen.add("." if text.rfind(".") > text.rfind(",") else ",")
        elif points > 1 or commas > 1:
            seen.add("," if points > 1 else ".")
        elif points or commas:
            sign = "." if points else ","
            before, _, after = text.lstrip("+-").partition(sign)
            whole = len(after) == 3 and 1 <= len(before) <= 3 and before != "0"
            (unsure if whole else seen).add(sign)
    if len(seen) == 1:
        return next(iter(seen))
    if len(unsure) == 1 and not seen and len(set(texts)) >= _ALIKE:
        return "," if unsure == {"."} else "."  # decimals that all have three digits are not money
    return "?" if seen or unsure else ""


def _value(text: str, times: float, decimal: str) -> float:
    if not text:
        return np.nan
    other = "," if decimal == "." else "."
    plain = text.replace(other, "") if decimal else text
    if decimal == ",":
        plain = plain.replace(",", ".")
    try:
        return float(plain) * times
    except ValueError:
        return np.nan
