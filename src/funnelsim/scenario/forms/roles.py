"""Roles: what a stage, team, source or segment is, in words that levers of the library know."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from . import remedies
from .base import Faults, Form, FormError, Names, found
from .suggestions import suggestion

GROUPS = ("stages", "teams", "sources", "segments")
"""What has a role."""


@cache
def words() -> dict[str, dict[str, list[str]]]:
    """By group and role: the words that are taken to mean it, beside its own name."""
    return tomllib.loads(files(__package__).joinpath("roles.toml").read_text(encoding="utf-8"))


def roles(group: str) -> tuple[str, ...]:
    """The roles that entries of a group may have."""
    return tuple(words()[group])


def evened(text: str) -> str:
    """A name or a label as it is compared: NFKC, without regard to case, and with one kind of space."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(plain.replace("_", " ").replace("-", " ").split())


@cache
def _meanings(group: str) -> dict[str, str]:
    return {evened(word): role for role, meant in words()[group].items() for word in (role, *meant)}


def role_of(group: str, text: str) -> str | None:
    """The role that a whole name or label means, or None."""
    return _meanings(group).get(evened(text))


@dataclass(frozen=True)
class RolesForm(Form[tuple[str, ...]]):
    """One role or a list of roles of a group."""

    group: str
    made: ClassVar[tuple[type, ...]] = (tuple,)

    def read(self, raw: Any, names: Names) -> tuple[str, ...]:
        if not isinstance(raw, list):
            return (self._role(raw),)
        faults, read = Faults(), []
        for index, role in enumerate(raw):
            with faults.under(index):
                read.append(self._role(role))
        if len(set(read)) < len(read):
            faults.add("a role stands twice in this list", code="E-name-twice")
        faults.check()
        return tuple(read)

    def _role(self, raw: Any) -> str:
        known = roles(self.group)
        if isinstance(raw, str) and raw in known:
            return raw
        meant = role_of(self.group, raw) if isinstance(raw, str) else None
        hint = remedies.instead(meant) if meant else ""
        if not meant and isinstance(raw, str):
            close = suggestion(raw, known)
            hint = f"; {close}" if close else ""
        what = self.group.removesuffix("s")
        raise FormError(
            f"expected a role of a {what} ({', '.join(known)}), found {found(raw)}{hint}", code="E-role-unknown"
        )

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        role = {"enum": list(roles(self.group))}
        return {"anyOf": [role, {"type": "array", "items": role, "uniqueItems": True}]}
