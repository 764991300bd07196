"""The roles of a scenario's entries, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from funnelsim.scenario.forms.roles import GROUPS
from funnelsim.scenario.language.known_roles import Role

HOW = {
    "role": "written",
    "name": "by name",
    "word": "by name, in the table of words",
    "label": "by label, in the table of words",
    "parts": "by the teams it is made of",
}
"""How a role is known."""


def in_words(found: Sequence[Role], document: Mapping[str, Any]) -> Iterator[str]:
    """A line for each group: what its entries are and how that is known, and which have no role."""
    for group in GROUPS:
        entries = list(document.get(group) or {})
        if not entries:
            continue
        mine = [each for how in HOW for each in found if (each.group, each.known_by) == (group, how)]
        parts = [
            f"{', '.join(map(_one, those))} ({HOW[how]})" for how, those in groupby(mine, lambda one: one.known_by)
        ]
        without = [name for name in entries if name not in {each.entry for each in mine}]
        if without:
            parts.append(f"{', '.join(without)} {'has' if len(without) == 1 else 'have'} none")
        yield f"{group}: {'; '.join(parts)}"


def _one(each: Role) -> str:
    return each.entry if each.roles == (each.entry,) else f"{each.entry} is {' and '.join(each.roles)}"


def in_json(found: Sequence[Role]) -> dict[str, dict[str, dict[str, Any]]]:
    """By group and entry: its roles, and how they are known (`role`, `name`, `word`, `label` or `parts`)."""
    made: dict[str, dict[str, dict[str, Any]]] = {}
    for each in found:
        made.setdefault(each.group, {})[each.entry] = {"roles": list(each.roles), "known_by": each.known_by}
    return made
