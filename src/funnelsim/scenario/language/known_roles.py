"""The roles of a scenario's entries, written or known by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..forms.base import Names
from ..forms.roles import GROUPS, RolesForm, role_of, roles

KnownBy = Literal["role", "name", "word", "label", "parts"]
"""By its own `role`; by its name, which is a role, or in the table of words; by its label there; by its parts."""


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
        own = _own(group, name, content)
        more = _of_parts(entries, content) if group == "teams" else ()
        if own is not None:
            yield Role(group, name, tuple(dict.fromkeys((*own.roles, *more))), own.known_by)
        elif more:
            yield Role(group, name, more, "parts")


def _of_parts(teams: Mapping[str, Any], content: Mapping[str, Any]) -> tuple[str, ...]:
    """The roles of the teams whose people a team has."""
    parts = content.get("from") or ()
    names = [parts] if isinstance(parts, str) else parts
    inside = {name: teams[name] for name in names if name in teams and not (teams[name] or {}).get("from")}
    return tuple(dict.fromkeys(role for each in _of_group("teams", inside) for role in each.roles))


def _own(group: str, name: str, content: Mapping[str, Any]) -> Role | None:
    """The role of an entry as it stands there."""
    written = content.get("role")
    if written:
        return Role(group, name, RolesForm(group).read(written, Names()), "role")
    if name in roles(group):
        return Role(group, name, (name,), "name")
    if meant := role_of(group, name):
        return Role(group, name, (meant,), "word")
    if meant := role_of(group, str(content.get("label") or "")):
        return Role(group, name, (meant,), "label")
    return None
