"""Open deals from a CSV: what a CRM exports of the pipeline of today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from funnelsim.errors import Warned

from ..checking.owners import is_nobody
from ..forms import remedies
from ..forms.base import Fault, FormError
from ..forms.currencies import Exchange
from ..forms.money import cash
from ..forms.plain import flag_of
from ..forms.suggestions import suggestion
from ..reading.document import Block, Items, Mark
from ..reading.headers import ignored, keyed, misspelt, named, unknown_columns
from ..reading.tables import Row, Table

LENGTHS = ("age", "since_touch", "since_created", "waited")
FLAGS = ("booked", "waiting")
COLUMNS = ("stage", "value", "age", "touches", "since_touch", "since_created", "waited", "waiting", "owner",
           "booked", "source", "segment", "territory")  # fmt: skip
IN_DAYS = {f"{key}_days": key for key in LENGTHS}
"""Lengths of time as a number of days, as exports have them."""
MOST_DEALS = 50_000


def open_deals(table: Table, file: str) -> tuple[Items, list[Warned]]:
    """The deals of a table as a scenario has them, with their places in ``file``, and what is to be said of it.

    Raises
    ------
    FormError
        If columns or cells are wrong: of each column the first cell, with the number of others.
    """
    columns, lacks = _named(table)
    rows = [row for row in table.rows if any(row.cells.values())]
    if len(rows) > MOST_DEALS:
        raise FormError(
            f"{table.name}: at most {MOST_DEALS:,} deals are allowed, found {len(rows):,}", code="E-csv-size"
        )
    wrong: dict[str, list[FormError]] = {}
    deals: list[Block] = []
    unowned: dict[str, int] = {}
    marks: dict[int, Mark] = {}
    for row in rows:
        marks[len(deals)] = Mark(file, row.line, 1, row.line, 1)
        deals.append(_deal(table, row, columns, file, wrong, unowned))
    if lacks or wrong or table.broken:
        broken = (Fault(text, code="E-csv-row") for text in table.broken)
        raise FormError(*lacks, *broken, *map(_first, wrong.values()))
    said = [
        Warned(
            f"{table.name}: the owner {text!r} is read as nobody ({count:,} deal{'s' if count > 1 else ''})",
            "W-owner-nobody",
        )
        for text, count in unowned.items()
    ]
    return Items(deals, marks), [*_unused(table, columns), *table.said, *said]


def _named(table: Table) -> tuple[dict[str, str], list[Fault]]:
    """The columns that are used, by our names, as the file calls them; and what is wrong with the header.

    Capitals do not count.
    """
    found, wrong = named(table, (*COLUMNS, *IN_DAYS))
    for in_days, key in IN_DAYS.items():
        if key in found and in_days in found:
            wrong.append(f"{table.name}: the columns {key} and {in_days} say the same; remove one")
    missing = _missing(found)
    strange = [column for column in table.columns if keyed(column) not in found]
    wrong += unknown_columns(table, strange, missing)
    if "stage" in missing and "stage" not in misspelt(strange, missing).values():
        wrong.append(f"{table.name}: the column stage is missing{_instead(table, strange, missing)}")
    return found, [Fault(text, code="E-csv-header") for text in wrong]


def _missing(found: Mapping[str, str]) -> list[str]:
    """Our columns that a table does not have."""
    there = {IN_DAYS.get(key, key) for key in found}
    return [key for key in COLUMNS if key not in there]


def _instead(table: Table, strange: Sequence[str], missing: Sequence[str]) -> str:
    """What to call the columns of a table without ours, as the end of a message."""
    meant = _meant(table, strange, missing)
    better = ", ".join(f"{ours} instead of {column!r}" for column, ours in meant.items())
    hint = better and f"; write {better}"
    if "stage" not in meant.values():
        hint = f"; its columns are {', '.join(table.columns[:15])}{hint}"
    return hint


def _deal(
    table: Table,
    row: Row,
    columns: dict[str, str],
    file: str,
    wrong: dict[str, list[FormError]],
    unowned: dict[str, int],
) -> Block:
    """One deal; what is wrong with its cells goes to ``wrong``, and words for no owner to ``unowned``."""
    content, marks = {}, {}
    for key, column in columns.items():
        text = row.cells[column]
        if not text:
            continue
        if key == "owner" and is_nobody(text):
            unowned[text] = unowned.get(text, 0) + 1
            continue
        try:
            ours, value = _value(table, row.line, key, text)
        except FormError as error:
            wrong.setdefault(column, []).append(error)
            continue
        content[ours], marks[ours] = value, table.mark(file, row.line, column)
    return Block(content, marks)


def _value(table: Table, line: int, key: str, text: str) -> tuple[str, object]:
    """What a cell stands for in a scenario, and under which key."""
    if key in FLAGS:
        meant = flag_of(text)
        if meant is None:
            raise table.wrong(line, key, f"expected yes or no, found {text!r}", code="E-value-flag")
        return key, meant
    if key not in ("value", "touches", *LENGTHS, *IN_DAYS):
        return key, text
    number = table.number_or_text(line, key, text)
    if key in ("value", "touches"):
        if isinstance(number, str) and not (key == "value" and _is_money(table, line, text)):
            better = remedies.instead(remedies.number(text))
            raise table.wrong(line, key, f"expected a number, found {text!r}{better}", code="E-value-number")
        return key, number
    if key in LENGTHS:
        if not isinstance(number, str):
            raise table.wrong(
                line,
                key,
                f"{text!r} has no unit; write {text} d, or call the column {key}_days",
                code="E-time-unit",
            )
        return key, text
    if isinstance(number, str):
        in_days = (remedies.duration(text, ("d",)) or "").strip("'").removesuffix(" d")
        better = remedies.instead(in_days or remedies.number(text))
        raise table.wrong(line, key, f"expected a number of days, found {text!r}{better}", code="E-value-number")
    return IN_DAYS[key], f"{text} d"


def _is_money(table: Table, line: int, text: str) -> bool:
    """Whether a cell is an amount with a currency, or with thousands in a word, which are read later."""
    try:
        return cash(text, Exchange()) is not None
    except FormError as wrong:
        raise table.wrong(line, "value", str(wrong), code=wrong.code) from None


def _first(errors: list[FormError]) -> Fault:
    more = len(errors) - 1
    others = f" (and {more:,} more row{'s' if more > 1 else ''} like it)" if more else ""
    return Fault(f"{errors[0]}{others}", code=errors[0].code)


def _meant(table: Table, strange: Sequence[str], missing: Sequence[str]) -> dict[str, str]:
    """Further columns that are like ours in another word, and what to call them."""
    meant: dict[str, str] = {}
    for column in strange:
        ours = next((key for key in missing if suggestion(column, (key,)) and key not in meant.values()), None)
        if ours in LENGTHS and all(remedies.value(text) is not None for _, text in table.filled(column)):
            ours = f"{ours}_days"
        if ours is not None:
            meant[column] = ours
    return meant


def _unused(table: Table, found: dict[str, str]) -> list[Warned]:
    """That further columns are ignored, and which of ours they may be."""
    strange = [column for column in table.columns if column not in found.values()]
    return ignored(table, strange, _meant(table, strange, _missing(found)))
