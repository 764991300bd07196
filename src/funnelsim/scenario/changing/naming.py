"""Puts the names of a line into the fragment of a lever, which speaks of roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from funnelsim.errors import Problem, Warned

from ..forms.amounts import AmountForm
from ..forms.base import Form, FormError
from ..forms.distributions import DistForm
from ..forms.entry import EntryForm, ListForm, NamedForm
from ..forms.kinds import ByKindForm, StepsForm
from ..forms.names import CountsForm, NamedRatesForm, NameForm, NamesForm, NumbersForm, WeightsForm
from ..forms.roles import GROUPS, roles
from ..forms.selectors import SelectorForm
from ..language.people import OF_PEOPLE
from ..reading.document import Block, Items, flow, problem
from .by_role import Line, parts_of
from .edits import directive

GROUP_OF = {"stage": "stages", "team": "teams", "source": "sources", "segment": "segments"}
"""Where what a value names is defined."""

COUNTED = (StepsForm, AmountForm, NamedRatesForm)
"""Forms of people, of money and leads over time, and of durations: what is added of these is counted once."""

OWN_TEAM = "team"
"""The key of a stage for which its own team comes first where one of several does the work."""


class _ByKindError(Exception):
    """A name that differs by kind of lead."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__()
        self.names = names


@dataclass
class Named:
    """A fragment in the names of a line.

    Parameters
    ----------
    change : Block
        What can be laid over the line.
    missing : tuple of Problem
        What it speaks of that the line does not have.
    problems : tuple of Problem
        What is wrong with it on this line.
    said : tuple of str
        What was chosen among several.
    several : tuple of tuple of str
        Entries among which one must be named, as `problems` say.
    """

    change: Block
    missing: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    said: tuple[Warned, ...] = ()
    several: tuple[tuple[str, ...], ...] = ()


def named(fragment: Mapping[str, Any], line: Line, form: EntryForm) -> Named:
    """A fragment of a lever in the names of a line.

    Parameters
    ----------
    fragment : mapping
        What a lever changes.
    line : Line
        The line that it is laid over.
    form : EntryForm
        The form of a scenario.
    """
    naming = _Naming(line, form)
    made = naming.fragment(fragment)
    said, several = tuple(dict.fromkeys(naming.said)), tuple(dict.fromkeys(naming.several))
    return Named(made, tuple(naming.missing), tuple(naming.problems), said, several)


@dataclass
class _Naming:
    line: Line
    form: EntryForm
    missing: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    said: list[Warned] = field(default_factory=list)
    several: list[tuple[str, ...]] = field(default_factory=list)
    kind: str = ""
    """The kind of lead for which a value is named."""

    def fragment(self, fragment: Mapping[str, Any]) -> Block:
        """The fragment with the names of the line; what is missing or wrong is noted, and left out."""
        made: dict[str, Any] = {}
        marks: dict[str, Any] = {}
        meant: dict[str, str] = {}
        for key, value, mark in self._taken(fragment):
            parts = parts_of(key)
            try:
                for path in self._paths(parts, value):
                    name = ".".join(path)
                    if name in meant:  # as where one stage has two roles that a lever speaks of
                        said = f"{meant[name]} and {key} are both {name} here, and only the latter counts"
                        self.said.append(Warned(said, "W-lever-taken"))
                    meant[name] = key
                    made[name] = self._value(self._form(path), value, path)
                    marks[name] = mark
            except FormError as wrong:
                where = (key,) if key in fragment else tuple(key.split(".", 1))
                for fault in wrong.faults:
                    one = problem(
                        fragment,
                        replace(fault, path=(*where, *fault.path)),
                    )
                    (self.missing if fault.missing else self.problems).append(one)
        return Block(made, {key: mark for key, mark in marks.items() if mark is not None})

    def _taken(self, fragment: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
        """Dotted keys, values and marks; a group written as a mapping is taken apart into its entries."""
        marks = getattr(fragment, "marks", {})
        for key, value in fragment.items():
            if key in (*GROUPS, "calendars") and isinstance(value, Mapping) and not directive(value):
                inner = getattr(value, "marks", {})
                yield from (
                    one
                    for name, each in value.items()
                    for one in self._of_whole(f"{key}.{name}", each, inner.get(name, marks.get(key)))
                )
            else:
                yield from self._of_whole(key, value, marks.get(key))

    def _of_whole(self, key: str, value: Any, mark: Any) -> Iterator[tuple[str, Any, Any]]:
        """What is said of a team key by key, where some teams have their people from others."""
        group, *rest = parts_of(key)
        apart = group == "teams" and len(rest) == 1 and (group, rest[0]) not in self.line.adds
        if apart and self.line.has_wholes and isinstance(value, Mapping) and not directive(value):
            inner = getattr(value, "marks", {})
            yield from ((f"{key}.{name}", each, inner.get(name, mark)) for name, each in value.items())
        else:
            yield key, value, mark

    def _paths(self, parts: Sequence[str], value: Any) -> Iterator[tuple[str, ...]]:
        """The paths that a key means, each in the names of the line."""
        group, *rest = parts
        if group not in (*GROUPS, "calendars") or not rest or rest[0] == "*":
            yield tuple(parts)
            return
        what = rest[0]
        people = group == "teams" and (
            rest[1:2] in [[key] for key in OF_PEOPLE] or rest[1:] == ["absence", "days"]
        )
        names = [what] if group == "calendars" else self.line.entries(group, what, people)
        there = [name for name in names if name in self.line.of(group) or (group, name) in self.line.adds]
        if not there:
            yield self._absent(parts, value)
            return
        if len(there) > 1 and self._counted(self._form((group, there[0], *rest[1:])), value):
            self.several.append(tuple(there))
            raise FormError(
                f"{flow(value)} would be added {len(there)} times, to {', '.join(there)}; what is added is "
                f"counted once, so name one of them {self.line.narrow_by(there)}",
                code="E-lever-unclear",
            )
        last = [rest[-1:]]
        if len(rest) > 2 and isinstance(self._form((group, there[0], *rest[1:-1])), NumbersForm):
            last = [[stage] for stage in self._stages(rest[-1])]
        for name in there:
            yield from ((group, name, *rest[1:-1], *end) if len(rest) > 1 else (group, name) for end in last)

    def _absent(self, parts: Sequence[str], value: Any) -> tuple[str, ...]:
        """The path to what is not there, for a change to say what is meant; `FormError` where that is known."""
        group, what, *rest = parts
        if not rest and isinstance(value, Mapping) and value and not directive(value):
            raise FormError(
                f"there is no {group.removesuffix('s')} {what!r} here, and a lever makes one only if it says so: "
                f"write `adds: [{group}.{what}]`",
                code="E-lever-adds",
            )
        if what.startswith("[") or any(word in roles(group) for word in what.split("|") if group in GROUPS):
            raise self.line.missing(group, what)
        return tuple(parts)

    def _form(self, path: Sequence[str]) -> Form[Any] | None:
        """The form of the value at a path, as far as it is known without what stands there."""
        here: Form[Any] | None = self.form
        for part in path:
            if isinstance(here, ByKindForm):
                inner = here.inner.child(part)
                here = here.inner if part == "else" or part in self.line.names.kinds else inner
            else:
                here = here.child(part) if here is not None else None
        return here

    def _counted(self, form: Form[Any] | None, value: Any) -> bool:
        """Whether something is added that must not be added twice."""
        form = form.inner if isinstance(form, ByKindForm) else form
        if directive(value, form):
            timed = isinstance(form, DistForm) and bool(form.units)
            return "add" in value and (isinstance(form, COUNTED) or timed or self._main_counted(form))
        if not isinstance(value, Mapping) or form is None:
            return False
        return any(self._counted(form.child(key), each) for key, each in value.items())

    def _main_counted(self, form: Form[Any] | None) -> bool:
        return isinstance(form, EntryForm) and any(
            self._counted(form.child(key), {"add": 1}) for key in form.type.main
        )

    # --- values --------------------------------------------------------------------------------------------

    def _value(self, form: Form[Any] | None, value: Any, path: tuple[str, ...]) -> Any:
        """A value with the names of the line in place of roles."""
        if value is None or form is None:
            return value
        if directive(value, form) and not {"set", "append"} & set(value):
            return value
        if directive(value, form):
            ((op, inner),) = value.items()
            return value.like({op: self._value(form, inner, path)}) if isinstance(value, Block) else value
        if isinstance(form, ByKindForm):
            return self._by_kind(form, value, path)
        if isinstance(form, NameForm):
            return self._one(form.role, value, path)
        if isinstance(form, NamesForm):
            names = [self._several(form.role, each, path) for each in _as_list(value)]
            every = list(dict.fromkeys(name for each in names for name in each))
            return every if isinstance(value, list) or len(every) > 1 else every[0]
        if isinstance(form, SelectorForm):
            return _each(value, self._condition)
        if isinstance(form, NumbersForm) and isinstance(value, Mapping):
            stages = {name: each for word, each in value.items() for name in self._stages(str(word))}
            return _like(value, stages)
        if isinstance(form, WeightsForm | CountsForm):
            return self._weighted(form, value, path)
        if isinstance(form, ListForm):
            return _each(value, lambda each: self._value(form.inner, each, path))
        if isinstance(form, EntryForm | NamedForm):
            return self._entry(form, value, path)
        return value

    def _entry(self, form: EntryForm | NamedForm, value: Any, path: tuple[str, ...]) -> Any:
        long = form.type.expanded(value) if isinstance(form, EntryForm) else value
        if not isinstance(long, Mapping):
            return value
        if isinstance(form, EntryForm) and set(form.type.keys()) >= {"from", "change"}:  # a phase
            inner = long.get("change")
            done = self.fragment(inner) if isinstance(inner, Mapping) else inner
            return _like(long, {**long, "change": done} if inner is not None else dict(long))
        return _like(
            long, {key: self._value(form.child(str(key)), each, (*path, str(key))) for key, each in long.items()}
        )

    def _by_kind(self, form: ByKindForm, value: Any, path: tuple[str, ...]) -> Any:
        if isinstance(value, Mapping) and self._is_map(form, value):
            made: dict[str, Any] = {}
            for key, each in value.items():
                for kind in self._kinds(str(key)):
                    made[kind] = self._of_kind(form, each, path, kind)
            return _like(value, made)
        try:
            return self._value(form.inner, value, path)
        except _ByKindError as several:
            return Block({kind: self._of_kind(form, value, path, kind) for kind in several.names})

    def _of_kind(self, form: ByKindForm, value: Any, path: tuple[str, ...], kind: str) -> Any:
        before, self.kind = self.kind, kind
        try:
            return self._value(form.inner, value, path)
        finally:
            self.kind = before

    def _is_map(self, form: ByKindForm, value: Mapping[str, Any]) -> bool:
        kinds = {key for key in value if self._kinds(str(key)) != [str(key)]}
        return bool(kinds) or form.is_map(value, self.line.names)

    def _kinds(self, key: str) -> list[str]:
        """The kinds of lead that a key means: by the role of a segment or a source, or by name."""
        if key == "else" or key in self.line.names.territory or key in self.line.names.origin:
            return [key]
        return self.line.entries("segments", key) or self.line.entries("sources", key) or [key]

    def _condition(self, condition: Any) -> Any:
        """A selector, in which a role means all that have it."""
        if not isinstance(condition, Mapping):
            return condition
        made = dict(condition)
        for key, group in GROUP_OF.items():
            if key in made:
                words = _as_list(made[key])
                every = [name for word in words for name in self._meant(group, str(word))]
                made[key] = every if isinstance(made[key], list) or len(every) > 1 else every[0]
        return _like(condition, made)

    def _meant(self, group: str, word: str) -> list[str]:
        """The entries that a word of a selector means; itself, if it is no role; `FormError` if none has it."""
        found = self.line.entries(group, word)
        if not found and word in roles(group):
            raise self.line.missing(group, word)
        return found or [word]

    def _weighted(self, form: WeightsForm | CountsForm, value: Any, path: tuple[str, ...]) -> Any:
        """Weights whose names are stages, or reasons of loss."""
        onward = isinstance(form, WeightsForm) and form.single and not form.choices
        role = "stage" if onward else form.role
        if role not in GROUP_OF:
            return value
        if isinstance(value, str):
            return self._onward(role, value, path)
        if not isinstance(value, Mapping):
            return value
        return _like(value, {self._onward(role, str(name), path): each for name, each in value.items()})

    def _onward(self, role: str, name: str, path: tuple[str, ...]) -> str:
        group = GROUP_OF[role]
        known = self.line.entries(group, name) or any(word in roles(group) for word in name.split("|"))
        return str(self._one(role, name, path)) if known else name

    def _several(self, role: str, value: Any, path: tuple[str, ...]) -> list[str]:
        """Names in a list: of stages all that have the role, of teams the one that does the work."""
        if role == "stage" and isinstance(value, str):
            return self.line.entries("stages", value) or [value]
        if role == "team" and path[-1] == "from" and isinstance(value, str):
            return self._people(value)
        return [self._one(role, value, path)]

    def _stages(self, what: str) -> list[str]:
        """All stages that a word stands for; raises `FormError` if there is none."""
        names = self.line.entries("stages", what)
        if not names:
            raise self.line.missing("stages", what)
        return names

    def _people(self, what: str) -> list[str]:
        """All teams whose people a team is to have; raises `FormError` if there is none."""
        names = self.line.entries("teams", what, people=True)
        if not names:
            raise self.line.missing("teams", what)
        return names

    def _one(self, role: str, value: Any, path: tuple[str, ...]) -> Any:
        """The one entry that a value names."""
        group = GROUP_OF.get(role)
        if group is None or not isinstance(value, str):
            return value
        names = self.line.entries(group, value)
        if not names and any(word in roles(group) for word in value.split("|")):
            raise self.line.missing(group, value)
        if len(names) <= 1:
            return (names or [value])[0]
        if group == "stages":
            said = f"{'.'.join(path)}: of {', '.join(names)} the first in line is taken, {names[0]}"
            self.said.append(Warned(said, "W-lever-taken"))
            return names[0]
        return self._working(value, names, path)

    def _working(self, what: str, names: Sequence[str], path: tuple[str, ...]) -> str:
        """The team of several that does the work on the leads of a stage."""
        stage = path[1] if path[0] == "stages" and len(path) > 2 else None
        by_kind = self.line.taking_over(stage, names, path[2:] == (OWN_TEAM,)) if stage is not None else {}
        if self.kind and by_kind:
            by_kind = {"else": by_kind.get(self.kind, by_kind.get("else", ""))}
        teams = set(by_kind.values()) - {""}
        if len(teams) == 1:
            (team,) = teams
            said = f"{'.'.join(path)}: of {', '.join(names)} the one that takes over is taken, {team}"
            self.said.append(Warned(said, "W-lever-taken"))
            return team
        if teams:
            raise _ByKindError(by_kind)
        self.several.append(tuple(names))
        raise FormError(
            f"{what} is {len(names)} teams here, {', '.join(names)}, and which is meant is not clear; name one of "
            f"them {self.line.narrow_by(names)}",
            code="E-lever-unclear",
        )


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _each(value: Any, act: Any) -> Any:
    """``act`` done to a value, or to each of a list, which remembers the places of its items."""
    return (
        Items([act(one) for one in value], getattr(value, "marks", None))
        if isinstance(value, list)
        else act(value)
    )


def _like(value: Any, content: Mapping[str, Any]) -> Block:
    return Block(content, getattr(value, "marks", None))
