"""What of a line does not fit a study that was written for another: told at the line, once for each cause.

A study of the library is nobody's own file, and its arms are levers with files of their own, so that one reason
would be told many times, and in places that its reader cannot change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from funnelsim.errors import ScenarioError, Warned

from ..changing import levers
from ..changing.by_role import Line
from ..changing.extended import SPEC
from ..changing.lacks import lacking
from ..changing.naming import named
from ..forms.base import Fault
from ..forms.base import Path as Path_
from ..language.people import Team, people_of
from ..language.types import Period
from ..reading.document import Block, problem
from ..scenario import Scenario


def refuse_unfit(
    document: Mapping[str, Any],
    own: Scenario,
    study: str,
    folder: Path | None,
    narrowed: tuple[str, ...] = (),
    by_name: bool = False,
) -> None:
    """Refuse a line on which arms of a study cannot be made.

    Parameters
    ----------
    document : mapping
        The study as it is written.
    own : Scenario
        The line.
    study : str
        What the study is called.
    folder : Path or None
        That of the study, where its levers are looked for.
    narrowed : tuple of str
        Entries to which roles are narrowed.
    by_name : bool
        Whether the study is the user's own; what it speaks of itself and the line lacks is told there.

    Raises
    ------
    ScenarioError
        With a problem for each cause, at its place in the line.
    """
    content = own.composed.document
    lacks: dict[tuple[str, str], list[str]] = {}
    unfit: dict[str, Fault] = {}
    line = Line(content, narrowed=narrowed, by_name=by_name, lever=study)
    for arm, step in _steps(document):
        for one in named(step, line, SPEC).missing if isinstance(step, Mapping) and not by_name else ():
            lacks.setdefault((one.path.split(".")[0], one.message), []).append(arm)
    for arm, design in _designs(document, own, study, folder, narrowed):
        missed = list(lacking(design.lever, design.line))
        for lack in missed:
            lacks.setdefault((lack.path.split(".")[0], lack.why), []).append(arm)
        for each in () if missed else design.faults():
            unfit.setdefault(each.key, Fault(each.message, each.at, code="E-study-lacks"))
    faults = [
        Fault(f"{said} ({_of(arms, study)})", (group,), code="E-study-lacks")
        for (group, said), arms in lacks.items()
    ]
    faults += unfit.values()
    if faults:
        raise ScenarioError([problem(content, fault, str(own.path or "")) for fault in faults])


def left_outside(
    document: Mapping[str, Any], own: Scenario, study: str, folder: Path | None, narrowed: tuple[str, ...] = ()
) -> Iterator[Warned]:
    """Teams of a line that no arm of a study puts into a team of its own, where other arms make teams of people.

    Parameters are those of `refuse_unfit`.
    """
    made = [(design.line, design.wholes()) for _, design in _designs(document, own, study, folder, narrowed)]
    taken = {part for _, wholes in made for parts in wholes.values() for part in parts}
    if not taken:
        return
    line = made[0][0]
    left = [name for name in people_of(own.spec.teams) if name not in taken]
    if left:
        told = [f"{name} ({_role(line, name)})" for name in left]
        these = "these teams" if len(left) > 1 else "this team"
        whom = _and(sorted(taken))
        yield Warned(
            f"{study} takes people of {whom}, and leaves {these} as in the line: {', '.join(told)}",
            "W-study-people",
        )


def _role(line: Line, team: str) -> str:
    what = line.what_is(team)
    return "no role" if what == "a team" else what


def _designs(
    document: Mapping[str, Any], own: Scenario, study: str, folder: Path | None, narrowed: tuple[str, ...]
) -> Iterator[tuple[str, _Design]]:
    """The levers of arms on a line, each with the name of the arm; one that is wrong is told where it is laid."""
    for arm, step in _steps(document):
        if isinstance(step, str):
            try:
                lever = levers.find(step, folder)
            except ScenarioError:
                continue
            names = (*narrowed, *lever.narrowed)
            line = Line(own.composed.document, frozenset(lever.lever.adds), names, not lever.shipped, study)
            yield arm, _Design(lever, line, own, study)


def _steps(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Levers and changes of arms, each with the name of the arm."""
    arms = document.get("arms")
    for arm, steps in arms.items() if isinstance(arms, Mapping) else ():
        yield from ((str(arm), step) for step in (steps if isinstance(steps, list) else [steps]))


def _of(arms: Sequence[str], study: str) -> str:
    names = list(dict.fromkeys(arms))
    several = f"the arms {', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else f"the arm {names[0]}"
    return f"for {several} of {study}"


# --- teams that are made of others -------------------------------------------------------------------------


@dataclass(frozen=True)
class _Misfit:
    """Something at a place of the line; of one key the first is told, as who has read one has read all."""

    at: Path_
    message: str
    key: str


@dataclass(frozen=True)
class _Design:
    """A lever on a line, of whose people it makes teams, or does not."""

    lever: levers.Dosed
    line: Line
    own: Scenario
    study: str

    def faults(self) -> Iterator[_Misfit]:
        """What of the line is in its way."""
        wholes = self.wholes()
        own = list(self._own_wholes({part for parts in wholes.values() for part in parts}))
        yield from own
        yield from self._of_phases() if wholes else ()
        for group, name in () if own else self.lever.lever.adds:
            if name in self.line.of(group):
                kind = group.removesuffix("s")
                said = f"{self.study} makes a {kind} of this name itself; give the one of the line another name"
                yield _Misfit((group, name), said, f"{group}.{name}")
        for part in () if own else dict.fromkeys(part for parts in wholes.values() for part in parts):
            if sum(part in parts for parts in wholes.values()) > 1:
                yield self._two_roles(part)
        for parts in wholes.values():
            yield from self._unlike(parts)

    def wholes(self) -> dict[str, tuple[str, ...]]:
        """By team that the lever makes the teams whose people it takes."""
        made: dict[str, list[str]] = {}
        for key in ("change", "if_present"):
            fragment = self.lever.document.get(key) or Block()
            for path, value in named(fragment, self.line, SPEC).change.items():
                group, name, rest = _parted(path)
                if group == "teams" and (group, name) in self.lever.lever.adds:
                    parts = _from(value) if not rest else _listed(value) if rest == ["from"] else []
                    made.setdefault(name, []).extend(parts)
        return {name: tuple(dict.fromkeys(parts)) for name, parts in made.items() if parts}

    def _own_wholes(self, parts: set[str]) -> Iterator[_Misfit]:
        """Teams of the line that have the people of others already, by itself or by a lever of its file."""
        for name in self.line.of("teams"):
            entry = self.line.document["teams"][name]
            of = ", ".join(_from(entry))
            mark = getattr(entry, "marks", {}).get("from")
            if parts.isdisjoint(_from(entry)):
                continue
            if mark is None or Path(mark.file) == (self.own.path or Path(mark.file)):
                said = f"this team has the people of {of} already, and {self.study} makes teams of its own of them"
                way = f"take {name} out of the file and let {of} do its work"
                yield _Misfit(("teams", name, "from"), f"{said}; {way}", f"from.{name}")
            else:
                said = (
                    f"a lever makes the team {name} of the people of {of}, and {self.study} makes teams of its own"
                )
                yield _Misfit(("levers",), f"{said} of them; leave that lever out of the file", "levers")

    def _of_phases(self) -> Iterator[_Misfit]:
        """Phases of the line in which a team takes in the people of others."""
        at_first = {name for name, team in self.own.spec.teams.items() if team.from_}
        for index, phase in enumerate(self.line.document.get("phases") or ()):
            begins = self.own.spec.phases[index].from_
            later = (one.spec for one in self.own.periods if one.start == begins)
            made = [name for spec in later for name, team in spec.teams.items() if team.from_]
            if set(made) - at_first:
                said = f"this phase makes the team {made[0]} of the people of others, and {self.study} makes teams"
                way = "of its own of them for the whole run; leave the phase out of the file"
                key = "levers" if phase.get("levers") else "change"
                yield _Misfit(("phases", index, key), f"{said} {way}", f"phases.{index}")

    def _two_roles(self, part: str) -> _Misfit:
        entry = self.line.document["teams"][part]
        at = ("teams", part, "role") if isinstance(entry, Mapping) and "role" in entry else ("teams", part)
        said = (
            f"this team is {self.line.what_is(part)}, and {self.study} makes a team of each, while people are in "
            "one team only; give it one role, and let a second team of the line do the work of the other"
        )
        return _Misfit(at, said, f"role.{part}")

    def _unlike(self, parts: Sequence[str]) -> Iterator[_Misfit]:
        """What parts of one team cannot have unlike one another, in any period."""
        for period in self.own.periods:
            people = people_of(period.spec.teams)
            teams = {name: people[name] for name in parts if name in people}
            yield from self._quotas(teams, period)
            last = [*teams][-1:]
            ways = [team.routing for team in teams.values()]
            if len(ways) > 1 and ways[0].weights and all(way == ways[0] for way in ways):
                said = f"turns by weights count the seats of one team, and {self.study} makes one team of "
                way = "leave `weights` away"
                yield _Misfit(("teams", *last, "routing"), f"{said}{_and(parts)}; {way}", "routing")

    def _quotas(self, teams: Mapping[str, Team], period: Period) -> Iterator[_Misfit]:
        """A quota of another period than that of the first team it is to be added to."""
        periods = {name: team.quota.period for name, team in teams.items() if team.quota is not None}
        first = next(iter(periods), "")
        other = next((name for name in periods if periods[name] != periods[first]), None)
        if other is None:
            return
        here, there = (f"a {periods[name].replace('_', ' ')}" for name in (other, first))
        when = f" from {period.start} on" if period.start is not None else ""
        said = f"the period of its quota is {here}{when}, and that of {first} is {there}; {self.study} makes one "
        at: Path_ = ("teams", other, "quota") if period is self.own.periods[0] else ("phases",)
        way = f"team of {_and([*teams])}, which has one quota: give both the same period"
        yield _Misfit(at, f"{said if at[0] == 'teams' else f'{other}: {said}'}{way}", "quota")


def _and(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _from(entry: Any) -> list[str]:
    return _listed(entry.get("from")) if isinstance(entry, Mapping) else []


def _listed(value: Any) -> list[str]:
    if isinstance(value, Mapping):  # `append`
        value = value.get("append")
    return [value] if isinstance(value, str) else list(value or ())


def _parted(path: str) -> tuple[str, str, list[str]]:
    """Group, name and the rest of a path; one such as ``horizon`` has no name."""
    group, _, inner = path.partition(".")
    name, *rest = inner.split(".")
    return group, name, rest
