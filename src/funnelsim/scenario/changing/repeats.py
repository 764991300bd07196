"""Levers that get in each other's way on a line: the same one twice, two that exclude each other, one over one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from funnelsim.errors import Problem, ScenarioError, Unheeded

from ..forms.entry import EntryForm
from ..language.lever import PEOPLE
from ..reading.document import Block, flow
from .edits import directive, edits_of
from .levers import Dosed
from .paths import values_at


@dataclass(frozen=True)
class Standing:
    """A lever that is laid over a line.

    Parameters
    ----------
    lever : Dosed
        The lever.
    by : str
        What asks for it, such as ``levers.0 of own.yaml``; empty if that is no file.
    put : mapping
        The values that it put in the place of others, by path.
    """

    lever: Dosed
    by: str = ""
    put: Mapping[str, Any] = field(default_factory=dict)


def refuse_again(lever: Dosed, before: Iterable[Dosed]) -> None:
    """Raise `ScenarioError` if a lever stands in one list with the same one; people may be hired twice."""
    for other in before:
        if _same(lever, other) and set(lever.narrowed) == set(other.narrowed):
            most = lever.lever.dose.most
            dose = f", or write {lever.name}@{most:g} for the whole of it" if lever.dose < most else ""
            twice = "act and be paid twice" if _paid(lever) else "act twice"
            said = f"lever {lever.name} stands twice, and would {twice}; remove one of them{dose}"
            raise ScenarioError([Problem("", said, code="E-lever-twice")])


def refuse_rivals(lever: Dosed, standing: Sequence[Standing]) -> None:
    """Raise `ScenarioError` if a lever excludes one that is laid over the line already."""
    for other in standing:
        shared = [word for word in lever.lever.one_of if word in other.lever.lever.one_of]
        if shared and lever.document != other.lever.document and _meet(lever, other.lever):
            there = f" (by {other.by})" if other.by else ""
            said = (
                f"lever {lever.name} excludes {other.lever.name}, which is laid over this line already{there}: "
                f"there is one {shared[0]} at a time; choose one of the two"
            )
            raise ScenarioError([Problem("", said, code="E-lever-rivals")])


def put(changes: Iterable[Mapping[str, Any]], form: EntryForm, after: Block) -> dict[str, Any]:
    """What changes put in the place of what was there, by path: neither what they move nor what they add to."""
    outright = (edit.path for change in changes for edit in edits_of(change, form) if not directive(edit.value))
    return {path: value for parts in outright for path, value in values_at(after, parts)}


def replaced(new: Mapping[str, Any], standing: Sequence[Standing], after: Block) -> Iterator[Unheeded]:
    """That a lever puts something else where one before it had put a value, which no longer acts."""
    for other in standing:
        for path, value in other.put.items():
            way = next((each for each in new if _inside(each, path) or _inside(path, each)), None)
            now = [found for _, found in values_at(after, path.split("."))]
            if way is not None and now != [value]:
                yield Unheeded(
                    f"{path} is {flow(value)} by lever {other.lever.name} and becomes "
                    f"{flow(now[0]) if now else 'nothing'}: of two values at one place the last one counts",
                    "W-lever-replaced",
                )


def _inside(path: str, of: str) -> bool:
    return f"{path}.".startswith(f"{of}.")


def again(lever: Dosed, standing: Sequence[Standing], by: str) -> Iterator[Unheeded]:
    """That a lever is laid over the line already."""
    for other in standing:
        if _same(lever, other.lever) and _meet(lever, other.lever):
            here, there = (f"{by.split()[0]}: " if by else ""), (f" (by {other.by})" if other.by else "")
            twice = "acts and is paid twice" if _paid(lever) else "acts twice"
            yield Unheeded(
                f"{here}lever {lever.name} is laid over this line already{there}, and {twice}", "W-lever-twice"
            )
            return


def _same(lever: Dosed, other: Dosed) -> bool:
    return lever.lever.dose.is_ != PEOPLE and lever.document == other.document


def _meet(lever: Dosed, other: Dosed) -> bool:
    """Whether both are narrowed to the same entries, or one of them to none."""
    one, two = set(lever.narrowed), set(other.narrowed)
    return not one or not two or bool(one & two)


def _paid(lever: Dosed) -> bool:
    return bool(lever.document.get("costs"))
