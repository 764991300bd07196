"""The roles of a scenario's entries, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from funnelsim.scenario.forms.roles import GROUPS
from funnelsim.scenario.language.known_roles import Role

from ..words import listed, say, separated

HOW = ("role", "name", "word", "label", "parts")
"""How a role is known."""


def in_words(found: Sequence[Role], document: Mapping[str, Any]) -> Iterator[str]:
    """A line for each group: what its entries are and how that is known, and which have no role."""
    for group in GROUPS:
        entries = list(document.get(group) or {})
        if not entries:
            continue
        mine = [each for how in HOW for each in found if (each.group, each.known_by) == (group, how)]
        parts = [
            say(f"roles.{how}", entries=separated([*map(_one, those)]))
            for how, those in groupby(mine, lambda one: one.known_by)
        ]
        without = [name for name in entries if name not in {each.entry for each in mine}]
        if without:
            parts.append(say(f"roles.none.{'one' if len(without) == 1 else 'many'}", entries=separated(without)))
        yield say("roles.group", group=group, parts="; ".join(parts))


def _one(each: Role) -> str:
    if each.roles == (each.entry,):
        return each.entry
    return say("roles.is", entry=each.entry, roles=listed(each.roles))


def in_json(found: Sequence[Role]) -> dict[str, dict[str, dict[str, Any]]]:
    """By group and entry: its roles, and how they are known (`role`, `name`, `word`, `label` or `parts`)."""
    made: dict[str, dict[str, dict[str, Any]]] = {}
    for each in found:
        made.setdefault(each.group, {})[each.entry] = {"roles": list(each.roles), "known_by": each.known_by}
    return made
