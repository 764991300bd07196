"""Every key of the language, read off its types: a key that is added tomorrow is in this list of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from funnelsim.scenario.changing.extended import FILE
from funnelsim.scenario.forms.base import Form
from funnelsim.scenario.forms.distributions import COMMON, FAMILIES
from funnelsim.scenario.forms.entry import EntryForm, ListForm, NamedForm
from funnelsim.scenario.forms.kinds import ByKindForm, StepsForm
from funnelsim.scenario.forms.selectors import KEYS, SelectorForm
from funnelsim.scenario.language.lever import Lever

NAMED, LISTED = "*", "0"
Path = tuple[str, ...]


@dataclass(frozen=True)
class Key:
    """A key of the language: its path, with `*` for any name and 0 for an item of a list.

    ``by_kind`` is the length of the part of the path whose value may be given by kind of lead, 0 where none may.
    """

    path: Path
    by_kind: int = 0
    dated: bool = False

    @property
    def name(self) -> str:
        """The path with dots."""
        return ".".join(self.path)


def keys() -> list[Key]:
    """All keys of a scenario file that hold a value: mappings of further keys are walked into."""
    return list(_walk(FILE, (), 0))


def lever_keys() -> list[Key]:
    """All keys of a lever file."""
    return list(_walk(EntryForm(Lever), (), 0))


def dist_keys() -> set[str]:
    """All keys of distributions: the parameters of each family, and what every one takes, for one of them."""
    parameters = {f"{family}.{key}" for family, one in FAMILIES.items() for key in one.known}
    return parameters | {f"exponential.{key}" for key in COMMON}


def _walk(form: Form[Any] | None, path: Path, by_kind: int) -> Iterator[Key]:
    if isinstance(form, ByKindForm):
        yield from _walk(form.inner, path, len(path))
    elif isinstance(form, EntryForm):
        for key in tuple(form.type.keys()):
            yield from _walk(form.child(key), (*path, key), by_kind)
    elif isinstance(form, NamedForm):
        yield from _walk(form.inner, (*path, NAMED), by_kind)
    elif isinstance(form, ListForm) and isinstance(form.inner, EntryForm):
        yield from _walk(form.inner, (*path, LISTED), by_kind)
    elif isinstance(form, SelectorForm):
        for part in KEYS:
            yield Key((*path, part), by_kind)
    else:
        yield Key(path, by_kind, isinstance(form, StepsForm))
