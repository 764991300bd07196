"""Fits a lever to a line: what it needs, what it adds, and its changes in the names of the line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from funnelsim.errors import Problem, ScenarioError, Warned

from ..forms.base import Adjust, Fault
from ..forms.entry import EntryForm
from ..language.lever import PEOPLE
from ..language.texts import shown
from ..reading.document import Block, flow, problem
from .by_role import Line, parts_of
from .changes import apply
from .edits import directive
from .lacks import lacking, line_of
from .levers import Dosed
from .naming import Named, named
from .paths import STAR, values_at

FROM_NOTHING = {"teams": ("headcount",), "sources": ("rate", "bursts")}
"""Properties of an entry that a lever adds which a dose takes from 0; all others are whole at any dose."""

Read = Callable[[Block], Any]
"""Reads a document."""

Under = Callable[[str, Any], Any]
"""Lays an entry of a group over the defaults of the line."""


@dataclass(frozen=True)
class Fitted:
    """A lever as it is laid over a line.

    Parameters
    ----------
    whole : Block
        What is changed at any dose: entries that are added, what the line does not have yet, and what the lever
        says to be whole.
    dosed : Block
        What is changed as far as the dose says.
    present : Block
        What is changed where it is there, as far as the dose says.
    costs : Block
        What it costs by name.
    paid : Block
        What else it costs, at paths.
    said : tuple of str
        What was chosen, and what was left out.
    missing : tuple of Problem
        What of `dosed` and `whole` the line does not have.
    """

    whole: Block
    dosed: Block
    present: Block
    costs: Block
    paid: Block
    said: tuple[Warned, ...] = ()
    missing: tuple[Problem, ...] = ()


DRAWN = ("sources", "teams", "stages")
"""Keys under which that stands of which pictures tell which levers changed it."""


def fitted(lever: Dosed, document: Block, form: EntryForm, under: Under) -> Fitted:
    """A lever in the names of a line, taken apart by how it is laid over it.

    Parameters
    ----------
    lever : Dosed
        The lever.
    document : Block
        The line, in long form.
    form : EntryForm
        The form of a scenario.
    under : callable
        Lays an entry that is added over the defaults of the line.

    Raises
    ------
    ScenarioError
        If the line lacks what the lever needs, has what it adds, or if it is not clear what is meant.
    """
    line = line_of(lever, document)
    problems = [*_narrowed(lever, line), *_needed(lever, line), *_there_already(lever, line)]
    if problems:
        raise ScenarioError(problems)
    change = lever.document["change"]
    whole_keys = [key for key in change if _is_whole(str(key), change[key], lever)]
    by_name, at_paths = _costs(lever, document, form, line)
    fragments = (
        _only(change, whole_keys),
        _not_there(lever.document.get("if_absent") or Block(), document),
        _only(change, [key for key in change if key not in whole_keys]),
        lever.document.get("if_present") or Block(),
        at_paths,
    )
    line = line_of(lever, document)  # of which nothing was spoken yet
    parts = [named(each, line, form) for each in fragments]
    _refuse_unfit(lever, line)
    several = dict.fromkeys(names[0] for each in parts for names in each.several)
    if len(several) > 1:  # all are proposed at once
        parts = [named(each, replace(line, proposed=tuple(several)), form) for each in fragments]
    whole, absent, dosed, present, paid = parts
    wrong = [one for each in parts for one in each.problems]
    if wrong:
        raise ScenarioError(wrong)
    said = [text for each in parts for text in each.said]
    said += _left_out(present)
    return Fitted(
        Block({**absent.change, **_new(whole.change, lever, form, line, under)}, whole.change.marks),
        dosed.change,
        _new(present.change, lever, form, line, under),
        by_name,
        paid.change,
        tuple(dict.fromkeys(said)),
        (*whole.missing, *dosed.missing, *paid.missing),
    )


def _only(change: Mapping[str, Any], keys: Sequence[str]) -> Block:
    return Block({key: change[key] for key in keys}, getattr(change, "marks", None))


def _not_there(fragment: Block, document: Block) -> Block:
    """Of a fragment what a line does not have yet."""
    return _only(
        fragment, [key for key in fragment if not any(dict(values_at(document, key.split("."))).values())]
    )


def _left_out(present: Named) -> Iterator[Warned]:
    """What of a lever a line does not need, by what it lacks."""
    by_reason: dict[str, list[str]] = {}
    for one in present.missing:
        by_reason.setdefault(one.message.partition(";")[0], []).append(one.path)
    for reason, paths in by_reason.items():
        yield Warned(f"left out, since {reason}: {', '.join(dict.fromkeys(paths))}", "W-lever-left-out")


# --- whether it fits ---------------------------------------------------------------------------------------


def unclear(lever: Dosed, document: Block, form: EntryForm) -> tuple[tuple[str, ...], ...]:
    """The entries of a line among which one must be named behind a lever, for each word that has several."""
    fragments = (lever.document["change"], lever.document.get("if_present") or Block())
    parts = [named(each, line_of(lever, document), form) for each in fragments]
    return tuple(dict.fromkeys(names for each in parts for names in each.several))


def _narrowed(lever: Dosed, line: Line) -> Iterator[Problem]:
    """Names behind the colon of a lever that are none of the line's."""
    known = [name for group in ("teams", "stages", "sources", "segments") for name in line.of(group)]
    for name in lever.narrowed:
        if name not in known:
            yield Problem(
                "",
                f"lever {lever.name}: there is no {name!r} to narrow it to; known are {', '.join(known)}",
                code="E-lever-narrow",
            )


def _refuse_unfit(lever: Dosed, line: Line) -> None:
    """Raise `ScenarioError` for names behind the colon that narrow nothing of what the lever speaks of."""
    fits = {name for names in line.spoken.values() for name in names}
    spoken = "; ".join(f"{what}: {', '.join(names)}" for what, names in line.spoken.items()) or "no entries"
    unfit = [name for name in lever.narrowed if name not in fits]
    said = (
        f"cannot be narrowed to {name}, which is {line.what_is(name)}; it speaks of {spoken}" for name in unfit
    )
    problems = [Problem("", f"lever {lever.name} {text}", code="E-lever-narrow") for text in said]
    if problems:
        raise ScenarioError(problems)


def _needed(lever: Dosed, line: Line) -> Iterator[Problem]:
    """What the lever needs and the line does not have."""
    for each in lacking(lever, line):
        at = ("needs", lever.lever.needs.index(each.path))
        said = f"lever {lever.name} needs {each.path}: {each.why}"
        yield problem(lever.document, Fault(said, at, False, each.path, code="E-lever-needs"), "")


def _there_already(lever: Dosed, line: Line) -> Iterator[Problem]:
    """Entries that the lever adds and the line has."""
    for index, (group, name) in enumerate(lever.lever.adds):
        if name in line.of(group):
            mark = getattr(line.document.get(group), "marks", {}).get(name)
            where = f" ({mark.file}, line {mark.line})" if mark is not None and mark.file else ""
            kind = group.removesuffix("s")
            said = (
                f"lever {lever.name} adds the {kind} {name!r}, and this line has one of that name{where}; "
                "rename the one of the line, or leave the lever away"
            )
            yield problem(lever.document, Fault(said, ("adds", index), code="E-lever-there"), "")


# --- how it is laid over -------------------------------------------------------------------------------------


def _is_whole(key: str, value: Any, lever: Dosed) -> bool:
    """Whether a change is done at any dose: what the lever says, and the entries that it adds."""
    parts = parts_of(key)
    if tuple(parts[:2]) in lever.lever.adds and (len(parts) == 2 and not directive(value)):
        return True
    return any(_matches(parts_of(path), parts) for path in lever.lever.whole)


def _matches(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    return len(pattern) <= len(parts) and all(
        one in (STAR, part) for one, part in zip(pattern, parts, strict=False)
    )


def _new(change: Block, lever: Dosed, form: EntryForm, line: Line, under: Under) -> Block:
    """Changes that are done whole, where those that add an entry lay it over the line's defaults."""
    made: dict[str, Any] = {}
    for key, value in change.items():
        group, *rest = key.split(".")
        is_new = len(rest) == 1 and (group, rest[0]) in lever.lever.adds
        # `set` says that it is new, whatever else is called nearly the same.
        made[key] = {"set": _scaled(group, under(group, value), lever.dose, form, line)} if is_new else value
    return Block(made, change.marks)


def _scaled(group: str, entry: Any, dose: float, form: EntryForm, line: Line) -> Any:
    """An entry that is added, with so many people or leads as the dose says."""
    names, inner = line.names, form.child(group)
    if dose == 1 or not isinstance(entry, Mapping) or inner is None:
        return entry
    kind = inner.child("x")
    made = dict(entry)
    for key in FROM_NOTHING.get(group, ()):
        child = kind.child(key) if kind is not None else None
        if key in made and child is not None and key == "bursts":
            made[key] = [{**each, "leads": each["leads"] * dose} for each in child.expand(made[key], names)]
        elif key in made and child is not None:
            made[key] = child.adjust(made[key], Adjust("multiply", dose), names)
    return Block(made, getattr(entry, "marks", None))


# --- what it does there ----------------------------------------------------------------------------------------


def without_effect(before: Block, after: Block, changes: Sequence[Block]) -> Iterator[Warned]:
    """Values that a lever changes and that stay as they were, a sentence for each."""
    for change in changes:
        for key in change:
            old, new = (dict(values_at(each, key.split("."))) for each in (before, after))
            for path, value in old.items():
                if new.get(path) == value:
                    yield Warned(
                        f"{path}: no effect on this line, where it is {flow(value)} already", "W-lever-idle"
                    )


def touched(before: Block, after: Block) -> tuple[str, ...]:
    """The paths of the sources, teams and stages that are new or other than before."""
    groups = ((group, before.get(group) or {}, after.get(group) or {}) for group in DRAWN)
    return tuple(
        f"{group}.{name}"
        for group, then, now in groups
        for name, entry in now.items()
        if name not in then or then[name] != entry
    )


def one_sided(lever: Dosed, document: Block, form: EntryForm, read: Read) -> Iterator[dict[str, str]]:
    """What the lever shows one side of only: each sentence, by language, of which no property is used here."""
    line = line_of(lever, document)
    assumed: dict[str, list[str]] = {}
    for path, said in lever.lever.assumes.items():
        assumed.setdefault(shown(said), []).append(path)
    for paths in assumed.values():
        if all(_is_neutral(path, line, document, form, read) for path in paths):
            yield lever.lever.assumes[paths[0]]


def _is_neutral(path: str, line: Line, document: Block, form: EntryForm, read: Read) -> bool:
    """Whether what stands at a path is as if it were not given."""
    without = named(Block({path: None}), line, form).change
    changed = apply(document, without, form)
    if not changed.done:
        return True
    try:
        return bool(read(document) == read(changed.document))
    except ScenarioError:  # it cannot be left out
        return False


def _costs(lever: Dosed, document: Block, form: EntryForm, line: Line) -> tuple[Block, Block]:
    """Costs by name, as an addition to those of the same name, and costs at paths; of people, for each."""
    costs = lever.document.get("costs") or Block()
    there = document.get("costs") or {}
    rates = form.child("costs")
    by_name, at_paths = Block({}, costs.marks), Block({}, costs.marks)
    for key, cost in costs.items():
        if "." in key:
            at_paths[key] = cost
            continue
        rate = rates.child(key) if rates is not None else None
        if lever.lever.dose.is_ == PEOPLE and rate is not None:
            cost = rate.adjust(cost, Adjust("multiply", lever.dose), line.names)
        by_name[key] = {"add": cost} if key in there else cost
    return (Block({"costs": by_name}, lever.document.marks) if by_name else Block()), at_paths
