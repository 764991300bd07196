"""A company so many times as large: ``scale: 3``, taken apart into changes of all that grows with it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from funnelsim.errors import ScenarioError, Warned

from ..forms.base import FormError, Names
from ..forms.entry import EntryForm
from ..reading.document import Block, problem

SCALE = "scale"
Edit_ = tuple[tuple[str, ...], Any]


def scaled(document: Block, form: EntryForm) -> tuple[Block | None, tuple[Warned, ...]]:
    """The changes by which a document is as large as its ``scale`` says, with what is said of them.

    Returns
    -------
    change : Block or None
        None where nothing changes.
    said : tuple of str
        What is rounded or stays as it is.

    Raises
    ------
    ScenarioError
        If the scale is no number above 0.
    """
    return _taken_apart(document, document, form)


def without_scale(
    change: Mapping[str, Any], document: Block, form: EntryForm
) -> tuple[Mapping[str, Any], Block | None, tuple[Warned, ...]]:
    """A change without its ``scale``, the changes which that stands for, and what is said of them."""
    rest = Block({key: value for key, value in change.items() if key != SCALE}, getattr(change, "marks", None))
    return (rest, *_taken_apart(document, change, form))


def _taken_apart(
    document: Mapping[str, Any], asked: Mapping[str, Any], form: EntryForm
) -> tuple[Block | None, tuple[Warned, ...]]:
    kind = form.child(SCALE)
    if asked.get(SCALE) is None or kind is None:
        return None, ()
    try:
        times = float(kind.read(asked[SCALE], Names()))
        edits = list(_edits(document, times)) if times != 1 else []
    except FormError as wrong:
        raise ScenarioError([problem(asked, one.under((SCALE,))) for one in wrong.faults]) from None
    counts = [(".".join(path), one.text) for path, one in edits if isinstance(one, _Rounded)]
    said = [Warned(f"{SCALE}: {path}: {text}, rounded", "W-number-rounded") for path, text in counts]
    if edits and document.get("phases"):
        said.append(Warned(f"{SCALE}: phases: what they add or set stays as it is written", "W-scale-phases"))
    change = {".".join(path): one.count if isinstance(one, _Rounded) else one for path, one in edits}
    return (Block(change) if change else None), tuple(said)


class _Rounded:
    """A count that must be whole and would not be."""

    def __init__(self, exact: float) -> None:
        self.count = max(1, math.floor(exact + 0.5))
        self.text = f"{exact:g} is {self.count}"


def _edits(document: Mapping[str, Any], times: float) -> Iterator[Edit_]:
    """What a company that is so many times as large has more of."""
    larger = {"multiply": times}
    for name, team in _entries(document, "teams"):
        if team.get("headcount") is not None:
            yield ("teams", name, "headcount"), larger
        if isinstance(team.get("serves"), Mapping):
            yield from (_count(("teams", name, "serves", each), n, times) for each, n in team["serves"].items())
        if isinstance(team.get("quota"), Mapping):
            yield ("teams", name, "quota", "amount"), larger
    for name, source in _entries(document, "sources"):
        yield from _source(("sources", name), source, times)
    yield from (_count(("opening", *path), number, times) for path, number in _opening(document))
    if isinstance(document.get("opening"), Mapping) and document["opening"].get("deals"):
        yield ("opening", "deals"), _repeated(document["opening"]["deals"], times)
    for name in document.get("costs") or {}:
        yield ("costs", name), larger
    if document.get("limits"):
        yield ("limits",), [_with(limit, wip=_whole(limit["wip"], times)) for limit in document["limits"]]


def _source(path: tuple[str, ...], source: Mapping[str, Any], times: float) -> Iterator[Edit_]:
    if source.get("rate") is not None:
        yield (*path, "rate"), {"multiply": times}
    if source.get("every") is not None:
        yield (*path, "every"), {"multiply": 1 / times}
    if source.get("market") is not None:
        yield _count((*path, "market"), source["market"], times)
    if source.get("bursts"):
        yield (*path, "bursts"), [_with(one, leads=_whole(one["leads"], times)) for one in source["bursts"]]


def _opening(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The counts with which the line begins."""
    opening = document.get("opening")
    if not isinstance(opening, Mapping):
        return
    if opening.get("customers") is not None:
        yield ("customers",), opening["customers"]
    if isinstance(opening.get("leads"), Mapping):
        yield from ((("leads", stage), count) for stage, count in opening["leads"].items())


def _repeated(deals: list[Any], times: float) -> list[Any]:
    if times != int(times):
        raise FormError(
            f"open deals are listed one by one, and can be there 2 or 3 times, but not {times:g} times; write a "
            "whole number, or give them as counts by stage: opening: {leads: {propose: 30}}",
            code="E-scale-whole",
        )
    return [deal for deal in deals for _ in range(int(times))]


def _count(path: tuple[str, ...], number: Any, times: float) -> Edit_:
    """A count that stays whole; one that cannot be read is left to those who read it."""
    if isinstance(number, bool) or not isinstance(number, int):
        return path, number
    exact = number * times
    return path, _Rounded(exact) if number and exact != int(exact) else int(exact)


def _whole(number: Any, times: float) -> Any:
    """A count inside a list; always rounded."""
    _, made = _count((), number, times)
    return made.count if isinstance(made, _Rounded) else made


def _with(entry: Any, **changed: Any) -> Any:
    return entry.like({**entry, **changed}) if isinstance(entry, Block) else {**entry, **changed}


def _entries(document: Mapping[str, Any], group: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    content = document.get(group)
    for name, entry in content.items() if isinstance(content, Mapping) else ():
        if isinstance(entry, Mapping):
            yield name, entry
