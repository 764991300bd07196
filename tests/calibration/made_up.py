"""A made-up firm, whose records are written as any CRM would export them; the truth is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LINE = ("Qualification", "Discovery", "Proposal", "Negotiation")
WON, LOST = "Closed Won", "Closed Lost"
END = dt.datetime(2026, 4, 1)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Deal:
    """One deal and all that happened to it."""

    number: int
    owner: str
    account: str
    source: str
    amount: float
    moves: tuple[tuple[str, dt.datetime], ...]  # stages of the line as they were entered
    closed: dt.datetime | None
    won: bool

    @property
    def created(self) -> dt.datetime:
        return self.moves[0][1]

    @property
    def stage(self) -> str:
        """Where it is now."""
        return self.moves[-1][0] if self.closed is None else WON if self.won else LOST

    @property
    def all_moves(self) -> list[tuple[str, dt.datetime]]:
        return [*self.moves, *([] if self.closed is None else [(self.stage, self.closed)])]


def firm(
    deals: int = 240, seed: int = 1, returns: bool = True, owners: Sequence[str] = ("Ada", "Bo", "Cy")
) -> list[Deal]:
    """Deals of 2025 and the first quarter of 2026, entered on working days between 9 and 17 o'clock."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(deals):
        at = _working(dt.datetime(2025, 1, 6) + _DAY * float(rng.uniform(0, 440)), rng)
        moves, stage, closed, won = [(LINE[0], at)], 0, None, False
        while True:
            at = _working(at + _DAY * float(rng.gamma(2.0, 6.0) + 1), rng)
            if at >= END:
                break
            luck = rng.uniform()
            if luck < 0.3:
                closed = at
                break
            if returns and stage == 2 and luck < 0.4:
                stage = 1
            elif stage == len(LINE) - 1:
                closed, won = at, True
                break
            else:
                stage += 1
            moves.append((LINE[stage], at))
        made.append(
            Deal(
                number,
                owners[int(rng.integers(len(owners)))],
                f"Account {rng.integers(80)}",
                ("Web", "Referral", "Event")[int(rng.integers(3))],
                float(np.round(rng.lognormal(9, 0.6), 2)),
                tuple(moves),
                closed,
                won,
            )
        )
    return made


def _working(at: dt.datetime, rng: np.random.Generator) -> dt.datetime:
    day = at.date()
    while day.weekday() > 4:
        day += _DAY
    minutes = int(rng.integers(9 * 60, 17 * 60))
    return dt.datetime.combine(day, dt.time(minutes // 60, minutes % 60, int(rng.integers(60))))


# --- how countries write --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Locale:
    """How moments and numbers are written, and in which encoding."""

    encoding: str = "utf-8"
    delimiter: str = ","
    date: str = "%Y-%m-%d"
    moment: str = "%Y-%m-%d %H:%M:%S"
    decimal: str = "."
    end: str = "\n"

    def stamp(self, at: dt.datetime | None) -> str:
        return "" if at is None else at.strftime(self.moment)

    def day(self, at: dt.datetime | None) -> str:
        return "" if at is None else at.strftime(self.date)

    def number(self, value: float) -> str:
        return f"{value:.2f}".replace(".", self.decimal)


PLAIN = Locale()
GERMAN = Locale("cp1252", ";", "%d.%m.%Y", "%d.%m.%Y %H:%M:%S", ",", "\r\n")
JAPANESE = Locale("cp932", ",", "%Y/%m/%d", "%Y/%m/%d %H:%M:%S", ".", "\r\n")
FRENCH = Locale("utf-8-sig", ";", "%d/%m/%Y", "%d/%m/%Y %H:%M:%S", ",", "\r\n")
TABBED = Locale("utf-16", "\t", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", ".", "\n")


def write(path: Path, rows: Iterable[Sequence[str]], locale: Locale = PLAIN) -> Path:
    """Rows with their header as a table."""
    path.write_bytes(
        "".join(locale.delimiter.join(map(_cell(locale), row)) + locale.end for row in rows).encode(
            locale.encoding
        )
    )
    return path


def _cell(locale: Locale) -> Callable[[str], str]:
    return lambda text: f'"{text}"' if locale.delimiter in text or '"' in text else text


def history_rows(deals: Sequence[Deal], locale: Locale, header: Sequence[str]) -> list[list[str]]:
    """Id, stage, moment and owner of each stage that was entered, closings among them."""
    rows = [
        [f"D{deal.number:04d}", stage, locale.stamp(at), deal.owner]
        for deal in deals
        for stage, at in deal.all_moves
    ]
    return [list(header), *rows]
