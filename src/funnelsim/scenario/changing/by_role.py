"""What a lever speaks of, in the names of the line that it is laid over.

A lever says `stages.propose`; the line may call it 提案. Here the fragment of a lever becomes one with the names
of the line, which is then laid over it like any other change. What stands for an entry is, in this order: an entry
that the lever adds, all entries whose role it is, the entry of that name. (In a lever that lies beside the user's
own scenarios the name comes before the role, since its writer knew the names.)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from funnelsim.errors import ScenarioError

from ..forms.base import Fault, FormError, Names
from ..forms.roles import GROUPS, roles
from ..language.known_roles import known_roles
from ..reading.document import Block, problem

Entry_ = tuple[str, str]
"""A group and a name in it."""

IN_BRACKETS = r"""\[(?:"[^"]*"|'[^']*'|[^\]"'])*\]"""
"""A choice, in which a name with signs of its own stands in quotation marks."""

_PART = re.compile(rf"{IN_BRACKETS}|[^.\[]+")
_BRACKETS = re.compile(r"\[(.*)\]")
_CONDITION = re.compile(r"""team\s*=\s*(?:"([^"]+)"|'([^']+)'|([^"']+))""")
_EACH = re.compile(r"""(?:"[^"]*"|'[^']*'|[^,"'])+""")
_CHOICE = re.compile(r"\[(.*=.*|.*,.*|\s*(books|first|last)\s*)\]")
"""What is meant as a choice, and not as the name of an entry in the way of other tools."""

_IN_LINE = {"books", "first", "last"}
"""Conditions that only stages in line meet."""


def parts_of(key: str) -> list[str]:
    """The parts of a path: at each dot, and before what is in brackets, as in ``stages[books].effort``."""
    return [part for part in _PART.findall(key) if part]


def team_in(what: str) -> str | None:
    """The team of which a choice in brackets speaks, as in ``[first, team=field_sales]``."""
    inside = _BRACKETS.fullmatch(what)
    matches = (_CONDITION.fullmatch(each.strip()) for each in (_EACH.findall(inside[1]) if inside else ()))
    return next((next(filter(None, match.groups())) for match in matches if match), None)


@dataclass(frozen=True)
class Line:
    """The entries of a document, by what they are.

    Parameters
    ----------
    document : mapping
        A scenario in long form.
    adds : frozenset of tuple
        Entries that the lever adds, which are no others.
    narrowed : tuple of str
        Names to which a role is narrowed where it has several entries.
    by_name : bool
        Whether a name comes before a role.
    lever : str
        What the lever is called, for messages.
    roles : bool
        Whether roles count; outside levers a name is a name and nothing else.
    dose : str
        The dose as it is written behind the lever, for messages.
    proposed : tuple of str
        Names to which a message proposes to narrow it, of each role that must be narrowed one.
    """

    document: Mapping[str, Any]
    adds: frozenset[Entry_] = frozenset()
    narrowed: tuple[str, ...] = ()
    by_name: bool = False
    lever: str = "NAME"
    roles: bool = True
    dose: str = ""
    proposed: tuple[str, ...] = ()
    spoken: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The entries for each word that was looked up."""
    _roles: dict[Entry_, tuple[str, ...]] = field(default_factory=dict)
    _wholes: dict[str, str] = field(default_factory=dict)
    """The team that is made of the people of another, by the other."""

    def __post_init__(self) -> None:
        if self.roles:
            self._roles.update({(each.group, each.entry): each.roles for each in known_roles(self.document)})
        for name in self.of("teams"):
            entry = self.document["teams"][name]
            parts = entry.get("from") if isinstance(entry, Mapping) else None
            self._wholes.update(dict.fromkeys(_listed(parts), name))

    @property
    def has_wholes(self) -> bool:
        """Whether some team is made of the people of others."""
        return bool(self._wholes)

    @property
    def names(self) -> Names:
        """The names that it defines."""
        return Names.of(self.document)

    def of(self, group: str) -> list[str]:
        """The names of a group."""
        content = self.document.get(group)
        return list(content) if isinstance(content, Mapping) else []

    def narrow_by(self, among: Sequence[str]) -> str:
        """How a role is narrowed to the first of its entries, for messages."""
        names = list(dict.fromkeys((*(each for each in self.narrowed if each not in among), *self.proposed)))
        if among[0] not in names:
            names.append(among[0])
        quoted = ", in quotation marks where it stands in a list" if len(names) > 1 else ""
        return f"behind the lever, as in --lever {self.lever}:{','.join(names)}{self.dose}{quoted}"

    def what_is(self, name: str) -> str:
        """The roles of the entries of a name, or their groups."""
        groups = [group for group in GROUPS if name in self.of(group)]
        words = [word for group in groups for word in self._roles.get((group, name), ())]
        return " and ".join(words or [f"a {group.removesuffix('s')}" for group in groups])

    def entries(self, group: str, what: str, people: bool = False) -> list[str]:
        """The entries that a word stands for, or none; raises `FormError` for a word that is not understood.

        Of a team that is made of others and these, that is the one; where ``people`` are meant, these.
        """
        found = self._entries(group, what)
        if found:
            whole = [self._wholes[name] for name in found if group == "teams" and name in self._wholes]
            self.spoken[f"{group}{what}" if what.startswith("[") else what] = (*found, *whole)
        if group != "teams" or not self._wholes or (self.by_name and found == [what]):
            return found
        if people:
            return [name for name in found if name not in self._wholes.values()]
        return list(dict.fromkeys(self._wholes.get(name, name) for name in found))

    def _entries(self, group: str, what: str) -> list[str]:
        if what in self.of(group) and (self.by_name or (group, what) in self.adds):
            return [what]
        if what.startswith("["):
            return self._chosen(group, what)
        if "|" in what:
            return next((found for word in what.split("|") if (found := self._entries(group, word.strip()))), [])
        if (group, what) in self.adds:
            return [what]
        those = [name for name in self.of(group) if what in self._roles.get((group, name), ())]
        return self._narrow(those) or [name for name in self.of(group) if name == what]

    def _narrow(self, found: list[str]) -> list[str]:
        return [name for name in found if name in self.narrowed] or found

    def _chosen(self, group: str, what: str) -> list[str]:
        """The stages that a condition in brackets holds for."""
        inside = _BRACKETS.fullmatch(what)
        conditions = [each.strip() for each in _EACH.findall(inside[1])] if inside and group == "stages" else []
        in_line = not _IN_LINE.isdisjoint(conditions)
        found = [name for name in self.of("stages") if not (in_line and self._stage(name).get("aside"))]
        for each in conditions:
            match = _CONDITION.fullmatch(each)
            if each == "books":
                found = [name for name in found if self.books(name)]
            elif match:
                teams = set(self.entries("teams", next(filter(None, match.groups()))))
                found = [name for name in found if teams & set(self.teams(name))]
            elif each not in ("first", "last"):
                conditions = []
                break
        if not conditions:
            raise FormError(
                f"expected [books], [team=...], [first, team=...] or [last, team=...], found {what}",
                code="E-stage-choice",
            )
        found = self._narrow(found)
        return found[:1] if "first" in conditions else found[-1:] if "last" in conditions else found

    def _stage(self, name: str) -> Mapping[str, Any]:
        stage = self.document["stages"].get(name)
        return stage if isinstance(stage, Mapping) else {}

    def books(self, name: str) -> bool:
        """Whether success in a stage wins the deal: where no stage says so, the last in line does."""
        told = {each: self._stage(each).get("books") for each in self.of("stages")}
        if any(told.values()):
            return bool(told[name])
        in_line = [each for each in self.of("stages") if not self._stage(each).get("aside") and told[each] is None]
        return in_line[-1:] == [name]

    def teams(self, stage: str) -> dict[str, str]:
        """The teams that work on a stage, each with the kind of lead (`else` for all others)."""
        return {team: kind for kind, teams in self.by_kind(stage).items() for team in teams}

    def by_kind(self, stage: str) -> dict[str, list[str]]:
        """The teams of a stage by kind of lead, in order of preference."""
        written = self._stage(stage).get("team")
        cases = written if isinstance(written, Mapping) else {"else": written}
        return {
            kind: [self._wholes.get(name, name) for name in _listed(each)] for kind, each in cases.items() if each
        }

    def taking_over(self, stage: str, teams: Sequence[str], own: bool) -> dict[str, str]:
        """Which of some teams works on the leads of a stage, by kind: there, next, or before; none if not clear.

        ``own`` says whether the teams of the stage itself count.
        """
        every = [name for name in self.of("stages") if not self._stage(name).get("aside") or name == stage]
        at = every.index(stage) if stage in every else 0
        order = [*([stage] if own else []), *every[at + 1 :], *reversed(every[:at])]
        for name in order:
            cases = {kind: [team for team in each if team in teams] for kind, each in self.by_kind(name).items()}
            cases = {kind: each for kind, each in cases.items() if each}
            if cases:
                return {kind: each[0] for kind, each in cases.items()}
        return {}

    def missing(self, group: str, what: str) -> FormError:
        """That there is no such entry, and what to add to which of the line's own."""
        kind = group.removesuffix("s")
        known = [word for word in what.split("|") if word in roles(group)] if group in GROUPS else []
        some = ", ".join(self.of(group)[:15]) or "none"
        if not known:
            fault = f"there is no {kind} {what} here ({group}: {some})"
        else:
            fault = f"no {kind} here has the role {' or '.join(known)}; write `role: {known[0]}` in one of {some}"
        return FormError(Fault(fault, (), True, f"{group}.{what}", code="E-role-missing"))


def paths_of(path: str, document: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """The paths that a dotted one means: itself, or one for each stage that it chooses in brackets.

    Raises
    ------
    FormError
        If it chooses no stage, or in a way that is not understood.
    """
    parts = parts_of(path) if "[" in path else path.split(".")
    if len(parts) < 2 or not _CHOICE.fullmatch(parts[1]):
        return [tuple(path.split("."))]
    group, what, *rest = parts
    line = Line(document, by_name=True, roles=False)
    chosen = line.entries(group, what)
    if not chosen:
        stages = ", ".join(f"{name} ({', '.join(line.teams(name)) or 'no team'})" for name in line.of("stages"))
        raise FormError(
            Fault(
                f"no stage is {what}; the stages, with who works there: {stages}", key=True, code="E-stage-choice"
            )
        )
    return [(group, name, *rest) for name in chosen]


def in_names(change: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    """A change in which stages are chosen in brackets, in the names of a document; raises `ScenarioError`."""
    if not any("[" in str(key) for key in change):
        return change
    marks = getattr(change, "marks", {})
    made, places, problems = {}, {}, []
    meant: dict[str, Any] = {}
    for key, value in change.items():
        try:
            for path in paths_of(str(key), document):
                name = ".".join(path)
                if name in meant:
                    raise FormError(
                        f"{meant[name]} speaks of {name} as well; make one change after the other",
                        code="E-path-twice",
                    )
                meant[name] = key
                made[name] = value
                if key in marks:
                    places[name] = marks[key]
        except FormError as wrong:
            problems += [
                problem(change, Fault(fault.message, (key,), True, code=fault.code)) for fault in wrong.faults
            ]
    if problems:
        raise ScenarioError(problems)
    return Block(made, places)


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())
