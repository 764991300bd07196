"""Changes: fragments laid over a scenario, the one idea behind extending, levers, phases and what-ifs.

Mappings merge, anything else replaces, null removes. ``{add: x}``, ``{multiply: x}`` and, for probabilities,
``{odds: x}`` act on what is there, ``{append: x}`` puts ``x`` behind a list, and ``{set: x}`` replaces a mapping.
A dotted key is a path, in which ``*`` stands for every name that has the rest of the path. A fragment is first
taken apart into edits, one for each value it speaks of; each edit then acts on a copy of the document. What an
edit means for a value is the business of the value's form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from funnelsim.errors import Problem, Warned

from ..forms.base import Fault, FormError, Names
from ..forms.entry import EntryForm
from ..reading.document import Block, Mark, flow
from .edits import IN_PYTHON, Edit, directive, edits_of, nearly, new_beside
from .money import assumptions, in_other_currency
from .overlay import GoneAlreadyError, NothingThereError, Overlay
from .paths import NoSuchNameError, values_at
from .signed import check_plus

_CODE = re.compile(r"\d [A-Z]{3}\b")


@dataclass(frozen=True)
class Changed:
    """A document after a change, with what went wrong.

    Parameters
    ----------
    document : Block
        The document with everything that could be done.
    done : int
        How many of its edits changed something.
    problems : tuple of Problem
        What is wrong with it.
    missed : tuple of Problem
        What found nothing to change.
    warnings : tuple of str
        What was so already.
    """

    document: Block
    done: int = 0
    problems: tuple[Problem, ...] = ()
    missed: tuple[Problem, ...] = ()
    warnings: tuple[Warned, ...] = ()


def apply(
    document: Block, change: Mapping[str, Any], form: EntryForm, dose: float = 1.0, what: str = ""
) -> Changed:
    """Lay a change over a document in long form.

    Parameters
    ----------
    document : Block
        What is changed; it is left as it is.
    change : mapping
        The fragment.
    form : EntryForm
        The form of the document.
    dose : float
        How far each number goes from old to new: a share of the way, or so many times (of people).
    what : str
        Where the change comes from, for messages, such as ``lever cpq``.
    """
    try:
        document = in_other_currency(document, change, form)
    except FormError as wrong:
        mark = getattr(change, "marks", {}).get("currency", IN_PYTHON)
        return Changed(document, problems=tuple(_problem(fault, mark, what) for fault in wrong.faults))
    overlay = Overlay(document, _names(document, change), dose)
    by = f"{what}: " if what else ""
    made: Any = document  # each edit makes another one, which shares what it does not touch
    told: dict[tuple[str, ...], Problem] = {}  # by what is not there, which is one thing however much it lacks
    problems: list[Problem] = []
    warnings: list[Warned] = []
    done = 0
    edits = list(edits_of(change, form))
    for edit in edits:
        try:
            overlay.check(form, made, edit)
            check_plus(edit.value)
            for path in overlay.targets(made, edit):
                overlay.rounded.clear()
                made = overlay.put(form, made, path, edit, 0)
                rounded = (f"{by}{'.'.join(path)}: {said}" for said in overlay.rounded if said)
                warnings += [Warned(said, "W-number-rounded") for said in rounded]
            done += 1
            warnings += [said.after(f"{by}{'.'.join(edit.path)}: ") for said in _in_turn(edit)]
        except GoneAlreadyError as gone:
            if not _is_new(
                document, edits, edit.path
            ):  # null in an entry that the change itself adds says nothing
                warnings.append(Warned(f"{by}{'.'.join(edit.path)}: {gone}", "W-change-nothing"))
        except (NothingThereError, NoSuchNameError) as nothing:
            missing = nothing.missing if isinstance(nothing, NoSuchNameError) else edit.path
            if not (edit.value is None and _is_new(document, edits, edit.path)):
                fault = Fault(str(nothing), edit.path, True, ".".join(missing), code=nothing.code)
                told.setdefault(missing, _problem(fault, edit.mark, what))
        except FormError as wrong:
            paid = (
                "; costs of a lever stand under its `costs:`, which are paid whole" if _is_cost(edit, dose) else ""
            )
            faults = (Fault(fault.message + paid, edit.path, fault.key, code=fault.code) for fault in wrong.faults)
            problems += [_problem(fault, edit.mark, what) for fault in faults]
    problems += [_problem(fault, mark, what) for fault, mark in nearly(document, made, edits)]
    warnings += [said.after(by) for said in new_beside(document, made, edits)]
    mixed = [edit for edit in edits if (dose < 1 or _adds(edit.value)) and not _named(made, edit.path)]
    warnings += assumptions({".".join(edit.path): edit.value for edit in mixed}, form, overlay.names)
    return Changed(made, done, tuple(problems), tuple(told.values()), tuple(warnings))


def _in_turn(edit: Edit) -> Iterator[Warned]:
    """What is said of several operations on one value: their order matters, and is that in which they stand."""
    if directive(edit.value) and len(edit.value) > 1:
        yield Warned(
            f"{flow(edit.value)} is done in the order in which it is written, {' first, then '.join(edit.value)}",
            "W-change-order",
        )


def _adds(value: Any) -> bool:
    """Whether a value adds to what is there, for some kind of lead at least."""
    return isinstance(value, Mapping) and ("add" in value or any(map(_adds, value.values())))


def _named(made: Any, path: tuple[str, ...]) -> bool:
    """Whether an amount names its currency still, so that it is converted, and told of, where it is read."""
    return any(_CODE.search(str(value)) for _, value in values_at(made, path))


def _is_cost(edit: Edit, dose: float) -> bool:
    return edit.path[0] == "costs" and dose < 1


def _is_new(document: Block, edits: Sequence[Edit], path: tuple[str, ...]) -> bool:
    """Whether a path leads into an entry that the change itself adds."""
    if len(path) < 3 or path[1] in document.get(path[0], {}):
        return False
    return any(edit.path[:2] == path[:2] and edit.value is not None for edit in edits)


def _problem(fault: Fault, mark: Mark | None, what: str) -> Problem:
    path = ".".join(map(str, fault.path))
    message = f"{what}: {fault.message}" if what else fault.message
    if mark is None:
        return Problem(path, message, missing=bool(fault.missing), code=fault.code)
    if fault.key:
        return Problem(path, message, mark.file, mark.line, mark.column, bool(fault.missing), code=fault.code)
    return Problem(path, message, mark.file, mark.value_line, mark.value_column, code=fault.code)


def _names(document: Mapping[str, Any], change: Mapping[str, Any]) -> Names:
    """The names that the document or the change defines."""
    both: dict[str, Any] = {}
    for group in ("segments", "territories", "sources", "teams", "stages", "calendars"):
        parts = [part.get(group) for part in (document, change)]
        both[group] = {name: None for part in parts if isinstance(part, Mapping) for name in part}
    whole: dict[str, Any] = {key: change.get(key, document.get(key)) for key in ("start", "warmup", "currency")}
    rates = [part.get("exchange") for part in (document, change)]
    whole["exchange"] = {name: rate for part in rates if isinstance(part, Mapping) for name, rate in part.items()}
    return Names.of({**both, **whole})
