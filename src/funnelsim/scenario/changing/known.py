"""How numbers are known once a document was changed: what changes a value drops the record of it.

Records stand beside a scenario, by path. A record of `stages.propose.effort` is of the value there and of all in
it. It goes where that value is another one after a change, unless the change brings a record of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isclose
from typing import Any

from ..forms.base import Adjust, Fault, Form, FormError, Names, adjusts, found
from ..forms.entry import EntryForm
from ..forms.kinds import ByKindForm
from ..forms.names import MixtureForm, NameForm, NamesForm
from ..forms.plain import ChoiceForm, FlagForm, NumberForm, TextForm
from ..forms.roles import GROUPS
from ..language.evidence import GRADES, Record
from ..reading.document import Block, flow
from .by_role import Line, parts_of
from .lacks import line_of
from .levers import Dosed
from .paths import STAR, locate, nearest_path, values_at

Records = Mapping[str, Record]
"""Records by path."""


WORDS = (TextForm, ChoiceForm, FlagForm, NameForm, NamesForm, MixtureForm)
"""Forms of what is no number: names, choices, yes or no, and rules of queues, which a firm chooses."""

PARTS = ("other", "advanced", "time_to_fill")
"""What stands for most of a value by kind, of a decision, of a vacancy."""


def expanded(records: Records, document: Mapping[str, Any]) -> dict[str, Record]:
    """Records by paths without stars; where two are of the same value, that of the path without one counts."""
    made = {
        path: record
        for star, record in records.items()
        if STAR in star.split(".")
        for path, _ in values_at(document, star.split("."))
    }
    return made | {path: record for path, record in records.items() if STAR not in path.split(".")}


def _as_written(records: Records, document: Mapping[str, Any]) -> dict[str, str]:
    """The path of the record of each value, as it is written, with its stars."""
    return {
        path: star
        for part in (True, False)  # a path without stars counts where two are of the same value
        for star in records
        if (STAR in star.split(".")) is part
        for path, _ in values_at(document, star.split("."))
    }


def of_no_number(records: Records, document: Mapping[str, Any], form: EntryForm) -> Iterator[Fault]:
    """Records of names, texts and choices, which are not known better or worse."""
    names = Names.of(document)
    numeric: dict[str, bool] = {}
    for path, written in _as_written(records, document).items():
        made = locate(document, form, path.split("."), names, 0)
        numeric[written] = numeric.get(written, False) or any(
            _has_numbers(value, made) for value in _at(document, path).values()
        )
    for written, has in numeric.items():
        if not has:
            said = f"{written} is no number; a record says how well a number is known: remove it"
            yield Fault(said, (written,), True, code="E-evidence-words")


def _has_numbers(value: Any, form: Form[Any] | None) -> bool:
    """Whether there may be a number in a value: not in a word, nor in an entry that holds words only."""
    if isinstance(form, ByKindForm):
        form = form.inner
    if isinstance(form, EntryForm):
        if isinstance(value, Mapping):
            return any(_has_numbers(each, form.child(str(key))) for key, each in value.items())
        return not isinstance(value, str) or any(map(str.isdigit, value))
    return not isinstance(form, WORDS)


def of_nothing(records: Records, document: Mapping[str, Any], form: EntryForm) -> Iterator[Fault]:
    """Records of values that are not there."""
    names = Names.of(document)
    for path in records:
        parts = tuple(path.split("."))
        if any(True for _ in values_at(document, parts)):
            continue
        close = nearest_path(document, form, parts, names)
        hint = f"; did you mean {close!r}?" if close and close != path else ""
        said = f"no value is given at {path}, so nothing can be said of how it is known{hint}"
        yield Fault(said, (path,), True, code="E-path-unknown")


def out_of_range(records: Records, document: Mapping[str, Any], form: EntryForm) -> Iterator[Fault]:
    """Ranges that are written otherwise than their numbers, are turned round, or do not hold the number."""
    names, written = Names.of(document), _as_written(records, document)
    for path, record in expanded(records, document).items():
        place = (written[path], "range")
        inner = locate(document, form, path.split("."), names, 0) if record.range is not None else None
        if inner is None or record.range is None:
            continue
        try:
            low, high = (amount(inner.read(end, names)) for end in record.range)
            ((_, raw),) = _at(document, path).items()
            value = amount(inner.read(raw, names))
        except FormError as wrong:
            yield from (Fault(each.message, place, code=each.code) for each in wrong.faults)
            continue
        ends = f"{found(record.range[0])} to {found(record.range[1])}"
        weights = segment_weights(document, path)
        if high is not None and high[0] > 1 and weights is not None and are_shares(weights):
            said = f"{path} is a share, as the segments add up to 1, and does not lie within {ends}: end at 100 %"
            yield Fault(said, place, code="E-share-range")
            continue
        if low is None or high is None or low[1] != high[1]:
            continue
        if low[0] > high[0]:
            yield Fault(f"a range has the lower end first, found {ends}", place, code="E-range-order")
        elif value is not None and value[1] == low[1] and not low[0] <= value[0] <= high[0]:
            said = f"{path} is {flow(raw)}, which does not lie within {ends}"
            yield Fault(said, place, code="E-range-order")


def segment_weights(document: Mapping[str, Any], path: str) -> dict[str, float] | None:
    """The weights of all segments, where a path leads to one of them; None for other numbers."""
    parts = path.split(".")
    if len(parts) != 3 or (parts[0], parts[2]) != ("segments", "share"):
        return None
    form, names = NumberForm(low=0), Names.of(document)
    entries = document["segments"].items()
    return {name: float(form.read((entry or {}).get("share", 1), names)) for name, entry in entries}


def are_shares(weights: Mapping[str, float]) -> bool:
    """Whether weights are written as parts of 1."""
    return isclose(sum(weights.values()), 1.0, rel_tol=1e-6)


def amount(typed: Any) -> tuple[float, str] | None:
    """A number that was read, with its unit; None for what is no single number, such as a distribution."""
    inside = next(
        (getattr(typed, name) for name in ("other", "advanced", "time_to_fill") if hasattr(typed, name)), None
    )
    if inside is not None:
        return amount(inside)
    if hasattr(typed, "amount"):
        return float(typed.amount), str(typed.unit)
    if getattr(typed, "name", "") == "constant":
        return float(dict(typed.params)["value"]), str(typed.unit)
    return (float(typed), "") if isinstance(typed, int | float) else None


def kept(records: Records, before: Mapping[str, Any], after: Mapping[str, Any]) -> Records:
    """Those records whose values are the same in another document."""
    if before is after or not records:
        return records
    return {path: record for path, record in records.items() if _at(before, path) == _at(after, path)}


def _at(document: Mapping[str, Any], path: str) -> dict[str, Any]:
    return dict(values_at(document, path.split(".")))


# --- levers ---------------------------------------------------------------------------------------------------


def brought(lever: Dosed, records: Records, before: Block, after: Block, form: EntryForm) -> dict[str, Record]:
    """The records of the values that a lever writes: its own, or its own with those that there were.

    Parameters
    ----------
    lever : Dosed
        The lever.
    records : mapping
        Records of the document before.
    before, after : Block
        The document before the lever and with it.
    form : EntryForm
        The form of the document.
    """
    line = line_of(lever, before)
    made = {}
    for spoken, record in lever.lever.evidence.items():
        change = _written(lever, spoken)
        for path in _paths(line, spoken, after):
            if change is None or not _at(before, path):
                made[path] = record
            elif path in records:
                made[path] = _both(records[path], record, change, lever.dose, before, path, form)
    return made


def _paths(line: Line, spoken: str, document: Mapping[str, Any]) -> list[str]:
    """The paths of a document that a path of a lever means, of which a value is given."""
    group, *rest = parts_of(spoken)
    if group not in GROUPS or not rest:
        paths = [spoken]
    else:
        try:
            names = [rest[0]] if rest[0] == STAR else line.entries(group, rest[0])
        except FormError:  # which the lever itself was refused for, or left out
            names = []
        paths = [".".join((group, name, *rest[1:])) for name in names]
    return [path for each in paths for path, _ in values_at(document, each.split("."))]


def _written(lever: Dosed, path: str) -> Adjust | None:
    """What a lever does to the number at a path, if it changes the one that is there."""
    for part in ("change", "if_present"):
        value = (lever.document.get(part) or {}).get(path)
        if isinstance(value, Mapping) and len(value) == 1 and adjusts(value):
            ((op, amount),) = value.items()
            return Adjust(op, amount)
    return None


def _both(
    old: Record, own: Record, change: Adjust, dose: float, before: Block, path: str, form: EntryForm
) -> Record:
    """What is known of a number that was changed: the worse grade, both sources, the ranges laid together."""
    return replace(
        old,
        grade=max(old.grade, own.grade, key=GRADES.index),
        source=tuple(dict.fromkeys((*old.source, *own.source))),
        range=_range(old, own, change, dose, before, path, form),
        note="; ".join(filter(None, (old.note, own.note))),
    )


def _range(
    old: Record, own: Record, change: Adjust, dose: float, before: Block, path: str, form: EntryForm
) -> tuple[Any, Any] | None:
    """From the least before with the least of a change to the most with the most; none where neither has one."""
    if old.range is None and own.range is None:
        return None
    names = Names.of(before)
    inner = locate(before, form, path.split("."), names, 0)
    (value,) = _at(before, path).values()
    if inner is None:
        return None
    ends = old.range or (value, value)
    amounts = own.range or (change.amount, change.amount)
    try:
        low, high = (
            inner.blend(end, inner.adjust(end, Adjust(change.op, amount), names), dose, names)
            for end, amount in zip(ends, amounts, strict=True)
        )
    except FormError:  # a range in other words than the number
        return None
    return low, high
