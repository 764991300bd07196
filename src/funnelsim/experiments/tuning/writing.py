"""Tuned lines as scenarios: how each moved value came about, and the file that says so."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ruamel.yaml import YAML

from funnelsim import disk
from funnelsim.errors import FunnelsimError
from funnelsim.scenario.language.evidence import Record
from funnelsim.scenario.reading import library
from funnelsim.scenario.reading.document import plain

from .inputs import as_change

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario

    from .result import Met, Moved, Tuned

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")

SOURCE = "tuned"
"""The source of a value that was moved."""

GRADE: Literal["D"] = "D"
"""Its grade: derived from other numbers, which the totals are."""

ENDINGS = (".yaml", ".yml")


def recorded(tuned: Scenario, moved: Sequence[Moved], met: Sequence[Met]) -> Scenario:
    """The tuned line with a record of each moved value."""
    made = {each.path: Record(GRADE, (SOURCE,), _ends(each), _note(each, met)) for each in moved if each.is_moved}
    return replace(tuned, composed=replace(tuned.composed, evidence={**tuned.composed.evidence, **made}))


def _ends(each: Moved) -> tuple[Any, Any]:
    """The ends of the range as a file has them: numbers where they have no unit."""
    low, high = (float(end) if _NUMBER.fullmatch(end) else end for end in each.range_after)
    return low, high


def _note(each: Moved, met: Sequence[Met]) -> str:
    totals = ", ".join(f"{one.total.kpi} = {one.total.text}" for one in met)
    said = f"moved from {each.before} so that the line comes to {totals}"
    return said if each.is_determined else f"{said}; hardly determined by these totals"


def write(found: Tuned, out: Path) -> Path:
    """Write the tuned line; see `Tuned.save`."""
    if out.suffix.lower() not in ENDINGS:
        raise FunnelsimError(
            f"{out}: a scenario is a YAML file; give a name that ends in .yaml", code="E-output-ending"
        )
    with disk.written(out) as part:
        part.write_text(text(found, out.absolute().parent), encoding="utf-8")
    return out


def text(found: Tuned, folder: Path) -> str:
    """The text of a file in a folder that is the tuned line."""
    base = None if found.start.laid else _extended(found.start, folder)
    head = f"# {found.start.name}, tuned so that it comes to known totals. {found.stamp.how}.\n"
    head += "".join(f"# {one.total.kpi} = {one.total.text}\n" for one in found.totals)
    if base is None:
        return head + "\n" + _dumped(found.scenario.document)
    lines: dict[str, Any] = {"extends": base}
    for each in found.moved:
        value = plain(found.scenario.values_at(each.path)[each.path])
        lines |= as_change({each.path: value})
    records = {each.path: found.scenario.evidence[each.path].to_dict() for each in found.moved}
    body = _dumped(lines)
    return head + "\n" + body + ("\n" + _dumped({"evidence": records}) if records else "")


def _extended(start: Scenario, folder: Path) -> str | None:
    """What a file in the folder may extend to be the line as it stood; None if there is nothing."""
    if start.path is None:
        return None
    path = start.path.absolute()
    for each in library.templates():
        if library.template(each.name).absolute() == path:
            return each.name
    try:
        return path.relative_to(folder).as_posix() if path.suffix in ENDINGS else None
    except ValueError:
        return None


def _dumped(content: Mapping[str, Any]) -> str:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style, yaml.allow_unicode, yaml.width = False, True, 4096
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # the library says None
    stream = io.StringIO()
    yaml.dump(dict(content), stream)
    return stream.getvalue()
