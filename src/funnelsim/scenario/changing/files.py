"""Files that a scenario names: CSV tables inside its own folder, read into the document.

Values of an empirical distribution and open deals become part of the document, so that a scenario in memory
needs no file any more: it can be sent to other machines, and its fingerprint covers them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from funnelsim.errors import Problem, Warned

from ..forms.base import Fault, Faults, FormError, found, unknown
from ..forms.distributions import MOST_VALUES
from ..reading import beside
from ..reading.document import Block, Items, problem
from ..reading.tables import read_table
from .deals import open_deals


@dataclass(frozen=True)
class Origin:
    """Where a document comes from: its file, the folder in which it may name others, and what it extends."""

    file: str
    folder: Path | None
    seen: tuple[Path, ...] = ()


def inside(folder: Path | None, name: Any) -> Path:
    """The path of a file named in a scenario; raises `FormError` unless it lies in ``folder``."""
    if not isinstance(name, str) or not name or "\0" in name:
        raise FormError(f"expected the name of a file, found {found(name)}", code="E-value-name")
    if folder is None:
        raise FormError(
            f"a scenario without a folder of its own cannot read the file {name!r}", code="E-file-outside"
        )
    home = folder.resolve()
    path = home / name
    if Path(name).is_absolute() or ".." in Path(name).parts or not path.resolve().is_relative_to(home):
        raise FormError(
            f"files outside the scenario's own folder are refused, found {name!r}", code="E-file-outside"
        )
    if not path.is_file():
        raise FormError(
            f"there is no file {name!r} in the scenario's folder{beside.meant(path)}", code="E-file-missing"
        )
    return path


def inlined(document: Block, origin: Origin, problems: list[Problem], warnings: list[Warned]) -> Block:
    """The document with the tables it names in place of their names; what is to be said goes to the lists."""
    faults = Faults()
    made = _walk(document, (), origin.folder, faults, warnings)
    opening = made.get("opening")
    if isinstance(opening, Block) and isinstance(opening.get("leads"), str):
        with faults.under("opening", "leads"):
            name = opening["leads"]
            deals, said = open_deals(read_table(inside(origin.folder, name)), shown(origin.folder, name))
            warnings += said
            rest = {key: value for key, value in opening.items() if key != "leads"}
            marks = {**opening.marks, **({"deals": opening.marks["leads"]} if "leads" in opening.marks else {})}
            made["opening"] = Block({**rest, "deals": deals}, marks)
    problems.extend(problem(document, fault, origin.file) for fault in faults.found)
    return made


def shown(folder: Path | None, name: str) -> str:
    """How a file in a scenario's folder is called in messages."""
    return str(folder / name) if folder is not None else name


def _walk(
    value: Any, path: tuple[str | int, ...], folder: Path | None, faults: Faults, warnings: list[Warned]
) -> Any:
    if isinstance(value, Mapping):
        if value.get("dist") == "empirical" and "file" in value:
            with faults.under(*path):
                return _empirical(value, folder, warnings)
        made = {key: _walk(item, (*path, key), folder, faults, warnings) for key, item in value.items()}
        return value.like(made) if isinstance(value, Block) else Block(made)
    if isinstance(value, list):
        items = [_walk(item, (*path, index), folder, faults, warnings) for index, item in enumerate(value)]
        return value.like(items) if isinstance(value, Items) else Items(items)
    return value


def _empirical(value: Mapping[str, Any], folder: Path | None, warnings: list[Warned]) -> Any:
    name = value["file"]
    table = read_table(inside(folder, name))
    columns = table.columns
    column = value.get("column", columns[0] if len(columns) == 1 else None)
    if column is None:
        raise FormError(
            Fault(f"`column` is missing; {name} has {', '.join(columns[:15])}", ("file",), code="E-key-missing")
        )
    if column not in columns:
        raise FormError(
            Fault(unknown(f"column of {name}", str(column), columns), ("column",), code="E-csv-column")
        )
    faults, cells = Faults(), []
    for message in table.broken:
        faults.add(message, code="E-csv-row")
    for line, text in table.filled(column):
        with faults.under():
            cells.append((line, table.number_or_text(line, column, text)))
    faults.check()
    if not table.rows:
        raise FormError(table.said[0], code="E-csv-empty")
    warnings += [said for said in table.said if said not in warnings]
    if not cells or len(cells) > MOST_VALUES:
        raise FormError(
            f"{name}: expected 1 to {MOST_VALUES:,} values in {column!r}, found {len(cells):,}", code="E-csv-size"
        )
    places = {index: table.mark(shown(folder, name), line, column) for index, (line, _) in enumerate(cells)}
    made = {key: item for key, item in value.items() if key not in ("file", "column")}
    values = Items((cell for _, cell in cells), places)
    marks = value.marks if isinstance(value, Block) else {}
    return Block({**made, "values": values}, {**marks, "values": marks["file"]} if "file" in marks else marks)
