"""The accounts of a firm, by territory or owner: a CSV that says what a carve divides.

It is read like any other table that a firm exports. An account lies in a territory of the scenario, or belongs to
a rep, who is named as in the tables of a run (``field_sales-2``); its potential is an amount of money.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from funnelsim.errors import Problem, ScenarioError, Warned
from funnelsim.model.model import Model
from funnelsim.scenario.checking.owners import is_nobody
from funnelsim.scenario.forms import remedies
from funnelsim.scenario.forms.base import Fault, FormError, unknown
from funnelsim.scenario.forms.currencies import Exchange
from funnelsim.scenario.forms.money import cash, own_amount
from funnelsim.scenario.forms.suggestions import suggestion
from funnelsim.scenario.reading import beside
from funnelsim.scenario.reading.headers import MOST_SHOWN, ignored, keyed, misspelt, named, unknown_columns
from funnelsim.scenario.reading.tables import Row, Table, read_table

COLUMNS = ("account", "territory", "owner", "potential", "segment")
NEEDED = ("account", "potential")
MOST_ACCOUNTS = 100_000
ENDINGS = (".csv", ".tsv", ".txt")

T = TypeVar("T")


@dataclass(frozen=True)
class Account:
    """A firm that may buy.

    Parameters
    ----------
    name : str
        As the file calls it.
    potential : float
        What it may buy, in the currency of the scenario.
    territory : int
        Where it lies, by the order of the scenario's territories; -1 for none of them.
    seat : int
        Whose it is, by the order of all seats; -1 where the file names nobody.
    segment : str
        Of the scenario; empty where the file names none.
    """

    name: str
    potential: float
    territory: int = -1
    seat: int = -1
    segment: str = ""


@dataclass(frozen=True)
class Accounts:
    """All accounts of a file, and what is to be said of how it was read."""

    file: str
    every: tuple[Account, ...]
    said: tuple[Warned, ...] = ()


def seat_names(model: Model) -> tuple[str, ...]:
    """What the seats of all teams are called, in their order: ``field_sales-1``, ..."""
    first = model.tables.teams.seat_offset.tolist()
    spans = zip(model.team_names, first[:-1], first[1:], strict=True)
    return tuple(f"{team}-{number + 1}" for team, begin, end in spans for number in range(end - begin))


def read_accounts(path: Path | str, model: Model) -> Accounts:
    """The accounts of a CSV with the columns account, potential, territory or owner, and perhaps segment.

    Parameters
    ----------
    path : Path or str
        The file; encodings, separators and numbers as in all tables.
    model : Model
        Of the scenario, whose territories, reps, segments and currency it is about.

    Raises
    ------
    ScenarioError
        If columns or cells are wrong: of each column the first cell, with the number of others.
    """
    path = Path(path)
    try:
        return _Reading(_table(path), model).accounts()
    except FormError as wrong:
        raise ScenarioError([Problem("", each.message, code=each.code) for each in wrong.faults]) from None


def _table(path: Path) -> Table:
    if path.suffix.lower() not in ENDINGS:
        raise FormError(
            f"{path}: accounts are a CSV; give a name that ends in .csv, or save the sheet as one",
            code="E-value-name",
        )
    if not path.is_file():
        raise FormError(f"there is no file {str(path)!r}{beside.meant(path)}", code="E-file-missing")
    return read_table(path)


class _Reading:
    """A table, with what its cells may speak of."""

    def __init__(self, table: Table, model: Model) -> None:
        self.table, self.model = table, model
        self.columns = _named(table)
        self.seats = {name: at for at, name in enumerate(seat_names(model))}
        self.places = {name: at for at, name in enumerate(model.territory_names)}
        self.exchange = Exchange(model.spec.currency, tuple(model.spec.exchange))
        self.first: dict[str, int] = {}  # by account the line in which it stands
        self.unowned: dict[str, int] = {}
        self.wrong: dict[str, list[FormError]] = {}  # by what is wrong the rows in which it is

    def accounts(self) -> Accounts:
        """All rows; raises `FormError` with all that is wrong."""
        rows = [row for row in self.table.rows if any(row.cells.values())]
        if len(rows) > MOST_ACCOUNTS:
            raise FormError(
                f"{self.table.name}: at most {MOST_ACCOUNTS:,} accounts are allowed, found {len(rows):,}",
                code="E-csv-size",
            )
        made = [self._account(row) for row in rows]
        broken = [Fault(text, code="E-csv-row") for text in self.table.broken]
        if self.wrong or broken:
            raise FormError(*broken, *map(_first, self.wrong.values()))
        if not made:
            raise FormError(f"{self.table.name}: there is no account below the header", code="E-csv-empty")
        if not any(each.potential for each in made):
            raise FormError(
                f"{self.table.name}: every potential is 0, so that there is nothing to share",
                code="E-number-range",
            )
        return Accounts(self.table.name, tuple(made), tuple(self._said()))

    def _said(self) -> list[Warned]:
        strange = [column for column in self.table.columns if column not in self.columns.values()]
        missing = [key for key in COLUMNS if key not in self.columns]
        meant = {column: ours for column in strange for ours in missing if suggestion(column, (ours,))}
        nobody = [
            Warned(
                f"{self.table.name}: the owner {text!r} is read as nobody ({count:,} "
                f"account{'s' if count > 1 else ''})",
                "W-owner-nobody",
            )
            for text, count in self.unowned.items()
        ]
        return [*ignored(self.table, strange, meant), *self.table.said, *nobody]

    def _account(self, row: Row) -> Account:
        """The account of a row; what is wrong with it is noted."""
        name = self._cell(row, "account", self._name, "")
        place = self._cell(row, "territory", self._territory, None)
        seat = self._cell(row, "owner", self._owner, None)
        potential = self._cell(row, "potential", self._potential, 0.0)
        segment = self._cell(row, "segment", self._segment, "")
        if not {"territory", "owner"} & set(self.wrong):
            place = self._noted("place", lambda: self._place(row.line, place, seat), place)
        return Account(name, potential, -1 if place is None else place, -1 if seat is None else seat, segment)

    def _cell(self, row: Row, key: str, read: Callable[[int, str], T], otherwise: T) -> T:
        if key not in self.columns:
            return otherwise
        return self._noted(key, lambda: read(row.line, row.cells[self.columns[key]]), otherwise)

    def _noted(self, key: str, read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except FormError as error:
            self.wrong.setdefault(key, []).append(error)
            return otherwise

    def _place(self, line: int, place: int | None, seat: int | None) -> int | None:
        """Where an account lies: where its row says, else where its owner serves; raises `FormError`."""
        if seat is None:
            if place is None:
                raise self.table.wrong(
                    line, "territory", "neither a territory nor an owner says whose the account is", code="E-value"
                )
            return place
        served = int(self.model.tables.seats.territory[seat])
        if served < 0 or place in (None, served):
            return place if served < 0 else served
        names = self.model.territory_names
        raise self.table.wrong(
            line,
            "owner",
            f"{seat_names(self.model)[seat]} serves {names[served]} alone, and the account lies in "
            f"{names[place or 0]}; correct the owner or the territory, or `serves` of the team",
            code="E-key-conflict",
        )

    # --- cells: each gives what it stands for, or raises `FormError` -------------------------------------------

    def _name(self, line: int, text: str) -> str:
        if not text:
            raise self.table.wrong(line, "account", "the account has no name", code="E-value-name")
        if text in self.first:
            raise self.table.wrong(
                line, "account", f"{text!r} stands twice, first in line {self.first[text]}; keep one of them",
                code="E-value-twice",
            )  # fmt: skip
        self.first[text] = line
        return text

    def _territory(self, line: int, text: str) -> int | None:
        if text and text not in self.places:
            raise self.table.wrong(
                line, "territory", unknown("territory", text, self.places), code="E-name-unknown"
            )
        return self.places.get(text)

    def _owner(self, line: int, text: str) -> int | None:
        if text and is_nobody(text):
            self.unowned[text] = self.unowned.get(text, 0) + 1
            return None
        if text and text not in self.seats:
            how = unknown("owner", text, self.seats)
            raise self.table.wrong(
                line, "owner", f"{how} (a rep is named by team and seat, as in the tables of a run)",
                code="E-name-unknown",
            )  # fmt: skip
        return self.seats.get(text)

    def _segment(self, line: int, text: str) -> str:
        if text and text not in self.model.segment_names:
            raise self.table.wrong(
                line, "segment", unknown("segment", text, self.model.segment_names), code="E-name-unknown"
            )
        return text

    def _potential(self, line: int, text: str) -> float:
        if not text:
            raise self.table.wrong(
                line,
                "potential",
                "nothing stands there; write 0 for an account without any",
                code="E-value-number",
            )
        amount = self._amount(line, text)
        if not 0 <= amount < float("inf"):
            raise self.table.wrong(
                line, "potential", f"expected an amount of 0 or more, found {text!r}", code="E-number-range"
            )
        return amount

    def _amount(self, line: int, text: str) -> float:
        number = self.table.number_or_text(line, "potential", text)
        if not isinstance(number, str):
            return float(number)
        try:
            found = cash(text, self.exchange)
            if found is not None:
                return own_amount(found, self.exchange)
        except FormError as error:
            raise self.table.wrong(line, "potential", str(error), code=error.code) from None
        better = remedies.instead(remedies.number(text))
        raise self.table.wrong(
            line, "potential", f"expected a number, found {text!r}{better}", code="E-value-number"
        )


def _named(table: Table) -> Mapping[str, str]:
    """The columns that are used, by our names; raises `FormError` if the header is wrong."""
    found, twice = named(table, COLUMNS)
    missing = [key for key in COLUMNS if key not in found]
    strange: Sequence[str] = [column for column in table.columns if keyed(column) not in found]
    lacks = set(missing) - set(misspelt(strange, missing).values())
    shown = ", ".join(table.columns[:MOST_SHOWN])
    wrong = [*twice, *unknown_columns(table, strange, missing)]
    wrong += [
        f"{table.name}: the column {key} is missing; its columns are {shown}" for key in NEEDED if key in lacks
    ]
    if {"territory", "owner"} <= lacks:
        wrong += [
            f"{table.name}: neither a column territory nor owner says whose an account is; its columns are {shown}"
        ]
    if wrong:
        raise FormError(*wrong, code="E-csv-header")
    return found


def _first(errors: Sequence[FormError]) -> Fault:
    more = len(errors) - 1
    others = f" (and {more:,} more row{'s' if more > 1 else ''} like it)" if more else ""
    return Fault(f"{errors[0]}{others}", code=errors[0].code)
