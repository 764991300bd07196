"""Files that a scenario names: CSV tables inside its own folder, read into the document.

Values of an empirical distribution and open deals become part of the document, so that a scenario in memory
needs no file any more: it can be sent to other machines, and its fingerprint covers them.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import beside
from .document import Block, Items, Limits, problem
from .forms.base import Fault, Faults, FormError, found, unknown
from .forms.distributions import MOST_VALUES

DEAL_COLUMNS = ("stage", "value", "age", "owner")
MOST_DEALS = 50_000


def inside(folder: Path | None, name: Any) -> Path:
    """The path of a file named in a scenario; raises `FormError` unless it lies in ``folder``."""
    if not isinstance(name, str) or not name or "\0" in name:
        raise FormError(f"expected the name of a file, found {found(name)}")
    if folder is None:
        raise FormError(f"a scenario without a folder of its own cannot read the file {name!r}")
    home = folder.resolve()
    path = home / name
    if Path(name).is_absolute() or ".." in Path(name).parts or not path.resolve().is_relative_to(home):
        raise FormError(f"files outside the scenario's own folder are refused, found {name!r}")
    if not path.is_file():
        raise FormError(f"there is no file {name!r} in the scenario's folder{beside.meant(path)}")
    return path


def read_rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Column names and rows of a CSV; raises `FormError`."""
    if path.stat().st_size > Limits.size:
        raise FormError(f"{path.name}: a file may have at most {Limits.size:,} bytes")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
            columns = [str(name) for name in reader.fieldnames or ()]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FormError(f"{path.name}: cannot be read as CSV: {error}") from error
    if not columns:
        raise FormError(f"{path.name}: the table is empty")
    return columns, rows


def number_or_text(text: str) -> Any:
    """A cell as a number where it is one, else as it stands."""
    try:
        number = float(text)
    except ValueError:
        return text.strip()
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def inlined(document: Block, folder: Path | None, file: str, faults_to: list[Any]) -> Block:
    """The document with the tables it names in place of their names; what is wrong goes to ``faults_to``."""
    faults = Faults()
    made = _walk(document, (), folder, faults)
    opening = made.get("opening")
    if isinstance(opening, Mapping) and isinstance(opening.get("leads"), str):
        with faults.under("opening", "leads"):
            deals = _deals(opening["leads"], folder)
            rest = {key: value for key, value in opening.items() if key != "leads"}
            made["opening"] = Block({**rest, "deals": deals})
    faults_to.extend(problem(document, fault, file) for fault in faults.found)
    return made


def _walk(value: Any, path: tuple[str | int, ...], folder: Path | None, faults: Faults) -> Any:
    if isinstance(value, Mapping):
        if value.get("dist") == "empirical" and "file" in value:
            with faults.under(*path):
                return _empirical(value, folder)
        made = {key: _walk(item, (*path, key), folder, faults) for key, item in value.items()}
        return value.like(made) if isinstance(value, Block) else Block(made)
    if isinstance(value, list):
        items = [_walk(item, (*path, index), folder, faults) for index, item in enumerate(value)]
        return value.like(items) if isinstance(value, Items) else Items(items)
    return value


def _empirical(value: Mapping[str, Any], folder: Path | None) -> Any:
    columns, rows = read_rows(inside(folder, value["file"]))
    column = value.get("column", columns[0] if len(columns) == 1 else None)
    if column is None:
        raise FormError(Fault(f"`column` is missing; {value['file']} has {', '.join(columns[:15])}", ("file",)))
    if column not in columns:
        raise FormError(Fault(unknown(f"column of {value['file']}", column, columns), ("column",)))
    cells = [number_or_text(cell) for row in rows if (cell := row.get(column)) not in (None, "")]
    if not cells or len(cells) > MOST_VALUES:
        raise FormError(
            f"{value['file']}: expected 1 to {MOST_VALUES:,} values in {column!r}, found {len(cells):,}"
        )
    made = {key: item for key, item in value.items() if key not in ("file", "column")}
    return value.like({**made, "values": cells}) if isinstance(value, Block) else {**made, "values": cells}


def _deals(name: str, folder: Path | None) -> list[dict[str, Any]]:
    columns, rows = read_rows(inside(folder, name))
    strange = [column for column in columns if column not in DEAL_COLUMNS]
    if strange:
        raise FormError(f"{name}: {unknown('column', strange[0], DEAL_COLUMNS)}")
    if "stage" not in columns:
        raise FormError(f"{name}: the column stage is missing")
    if len(rows) > MOST_DEALS:
        raise FormError(f"{name}: at most {MOST_DEALS:,} deals are allowed, found {len(rows):,}")
    return [
        {
            key: (number_or_text(row[key]) if key == "value" else row[key].strip())
            for key in columns
            if row.get(key) not in (None, "")
        }
        for row in rows
    ]
