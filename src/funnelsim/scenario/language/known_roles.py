"""The roles of a scenario's entries, written or known by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..forms.base import Names
from ..forms.roles import GROUPS, RolesForm, role_of, roles

KnownBy = Literal["role", "name", "word", "label"]
"""By its own `role`; by its name, which is a role; by its name in the table of words; by its label there."""


@dataclass(frozen=True)
class Role:
    """What an entry is taken to be, and how that is known."""

    group: str
    entry: str
    roles: tuple[str, ...]
    known_by: KnownBy

    @property
    def guessed(self) -> bool:
        """Whether nobody wrote it in the language of roles."""
        return self.known_by in ("word", "label")


def known_roles(document: Mapping[str, Any]) -> tuple[Role, ...]:
    """The roles of a document's entries, in the order of the document; entries without one are not in it."""
    return tuple(found for group in GROUPS for found in _of_group(group, document.get(group) or {}))


def _of_group(group: str, entries: Mapping[str, Any]) -> Iterator[Role]:
    for name, entry in entries.items():
        content = entry if isinstance(entry, Mapping) else {}
        written = content.get("role")
        if written:
            yield Role(group, name, RolesForm(group).read(written, Names()), "role")
        elif name in roles(group):
            yield Role(group, name, (name,), "name")
        elif meant := role_of(group, name):
            yield Role(group, name, (meant,), "word")
        elif meant := role_of(group, str(content.get("label") or "")):
            yield Role(group, name, (meant,), "label")
