"""Fits a study to another line than the one it was written for.

What a study says of roles (`teams.field_sales.headcount`) is put into the names of the line, as it is for levers.
What is added of people, money or leads is counted once: where several entries have the role, the study has an arm
for each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funnelsim.errors import Problem, ScenarioError, Warned

from ..changing import levers
from ..changing.by_role import Entry_, Line
from ..changing.extended import SPEC
from ..changing.naming import named
from ..forms.base import Fault
from ..language.known_roles import known_roles
from ..reading.document import Block, Items, problem

if TYPE_CHECKING:
    from ..scenario import Scenario
    from .spec import Prediction

MOST_ARMS = 12
"""Arms that one arm of a study may become."""

NAMED = ("set", "arms", "vary")
"""Keys of a study that speak of a line, and `base` and `predicts`, which belong to another one."""


@dataclass(frozen=True)
class Elsewhere:
    """What a study expects on the line that it was written for.

    Parameters
    ----------
    line : str
        The base that the study names.
    predictions : tuple of Prediction
        What it predicts there.
    """

    line: str
    predictions: tuple[Prediction, ...]

    def to_dict(self) -> dict[str, Any]:
        """The part of a JSON document."""
        told = [each.model_dump(mode="json") for each in self.predictions]
        return {"line": self.line, "predictions": told}


@dataclass(frozen=True)
class Fit:
    """A study in the names of a line.

    Parameters
    ----------
    document : Block
        The study, without what belongs to the line it was written for.
    columns : mapping
        By column of a table of points, what it is called on this line.
    said : tuple of str
        Which roles were guessed, what was chosen, and what became several arms.
    """

    document: Block
    columns: Mapping[str, str]
    said: tuple[Warned, ...]


@dataclass(frozen=True)
class _Watched(Line):
    """A line that remembers which of its entries were taken for a role that nobody wrote."""

    guessed: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    unsure: dict[Entry_, str] = field(default_factory=dict)
    dropped: dict[tuple[str, ...], Warned] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.unsure.update(
            {(one.group, one.entry): one.known_by for one in known_roles(self.document) if one.guessed}
        )

    def entries(self, group: str, what: str, people: bool = False) -> list[str]:
        found = super().entries(group, what, people)
        if "|" not in what and not what.startswith("[") and any((group, name) in self.unsure for name in found):
            self.guessed[group, what] = tuple(found)
        return found

    def _narrow(self, found: list[str]) -> list[str]:
        kept = super()._narrow(found)
        left = [name for name in found if name not in kept]
        if left:
            said = f"{_and(kept)} alone is meant, and {_and(left)} is left as in the line"
            self.dropped[*kept, "", *left] = Warned(said, "W-study-left-out")
        return kept

    def narrow_by(self, among: Sequence[str]) -> str:
        return f"behind the study, as in {self.lever}:{among[0]}"

    def told(self) -> Iterator[Warned]:
        """What was guessed, a sentence for each role."""
        for (group, what), names in self.guessed.items():
            how = {"word": "name", "label": "label"}
            known = {how[self.unsure[group, name]] for name in names if (group, name) in self.unsure}
            by = " or ".join(sorted(known))
            yield Warned(
                f"{what} is taken to be {_and(names)}, guessed by its {by}; `role:` says it for good",
                "W-role-guessed",
            )
        yield from self.dropped.values()


@dataclass
class Fitting:
    """Puts a study into the names of a line.

    Parameters
    ----------
    own : Scenario
        The line.
    name : str
        What the study is called, for messages.
    folder : Path or None
        That of the study, where its levers are looked for.
    narrowed : tuple of str
        Entries to which roles are narrowed.
    by_name : bool
        Whether names come before roles, as they do in a study that is not shipped.
    arms_only : bool
        Whether what the study varies is left out.
    """

    own: Scenario
    name: str
    folder: Path | None
    narrowed: tuple[str, ...] = ()
    by_name: bool = False
    arms_only: bool = False

    def __post_init__(self) -> None:
        self.line = self._line(self.narrowed)
        self.problems: list[Problem] = []
        self.said: list[Warned] = []
        self.of_levers: dict[str, frozenset[str]] = {}  # by lever the entries that it speaks of

    def fit(self, document: Block, columns: Iterable[str]) -> Fit:
        """The study in the names of the line.

        Parameters
        ----------
        document : Block
            The study as it is written.
        columns : iterable of str
            The columns of its table of points, if it has one.

        Raises
        ------
        ScenarioError
            With what the line lacks, and what is not clear on it.
        """
        self._check_narrowed()
        made = {key: value for key, value in document.items() if key not in (*NAMED, "base", "predicts")}
        if isinstance(document.get("set"), Mapping):
            made["set"] = self._named(document["set"], self.line)
        if isinstance(document.get("arms"), Mapping):
            made["arms"] = self._arms(document["arms"])
        vary = document.get("vary")
        before, every = [*self.problems], self._factors(vary) if isinstance(vary, Mapping) else None
        renamed = {column: self._column(document, column) for column in columns}
        if self.arms_only:
            made.pop("design", None)
            self.problems, renamed, held = before, {}, _held(vary)
            every = self._factors(held) if isinstance(held, Mapping) else None
        if every is not None:
            made["vary"] = every
        self._check_unfit()
        if self.problems:
            raise ScenarioError(tuple(dict.fromkeys(self.problems)))
        said = (*self.line.told(), *self.said)
        return Fit(document.like(made), renamed, tuple(dict.fromkeys(said)))

    def _line(self, narrowed: tuple[str, ...]) -> _Watched:
        document = self.own.composed.document
        return _Watched(document, narrowed=narrowed, by_name=self.by_name, lever=self.name)

    def _check_narrowed(self) -> None:
        every = {name for group in ("stages", "teams", "sources", "segments") for name in self.line.of(group)}
        for name in self.narrowed:
            if name not in every:
                self.problems.append(
                    Problem("", f"{self.name}: there is no {name!r} to narrow it to", code="E-lever-narrow")
                )

    def _check_unfit(self) -> None:
        """Refuse names that narrow nothing of what the study speaks of."""
        spoken = {name for names in self.line.spoken.values() for name in names}.union(*self.of_levers.values())
        for name in self.narrowed:
            if name not in spoken and not self.problems:
                said = f"cannot be narrowed to {name}, which is {self.line.what_is(name)}; it speaks of"
                self.problems.append(
                    Problem(
                        "",
                        f"{self.name} {said} {', '.join(sorted(spoken)) or 'no entries'}",
                        code="E-lever-narrow",
                    )
                )

    def _named(self, fragment: Mapping[str, Any], line: _Watched) -> Block:
        """A fragment in the names of the line; what is wrong is noted."""
        made = named(fragment, line, SPEC)
        self.problems += [*made.problems, *made.missing]
        self.said += made.said
        self.line.guessed.update(line.guessed)
        return made.change

    # --- arms ------------------------------------------------------------------------------------------------

    def _arms(self, arms: Mapping[str, Any]) -> Block:
        made: dict[str, Any] = {}
        marks = dict(getattr(arms, "marks", {}))
        for name, raw in arms.items():
            steps = raw if isinstance(raw, list) else [raw]
            several = [self._several(step) for step in steps]
            ways = list(product(*dict.fromkeys(group for each in several for group in each)))
            ways = ways if len(ways) <= MOST_ARMS else [()]
            for way in ways:
                called = f"{name} ({', '.join(way)})" if way else name
                done = [
                    self._step(step, tuple(one for one in way if any(one in group for group in groups)))
                    for step, groups in zip(steps, several, strict=True)
                ]
                made[called] = raw.like(done) if isinstance(raw, Items) else done[0]
                marks.setdefault(called, marks.get(name))
            if len(ways) > 1:
                said = " or ".join(", ".join(way) for way in ways)
                told = f"{name}: {len(ways)} arms, one for {said}, since what is added is counted once"
                self.said.append(Warned(told, "W-study-arms"))
        return Block(made, {key: mark for key, mark in marks.items() if key in made and mark is not None})

    def _several(self, step: Any) -> tuple[tuple[str, ...], ...]:
        """Entries among which one must be named for a step of an arm, group by group."""
        if isinstance(step, Mapping):
            return named(step, self.line, SPEC).several
        try:
            lever = levers.find(step, self.folder)
        except ScenarioError:  # which is told where the arm is made
            return ()
        own = frozenset(lever.lever.adds)
        narrowed = (*self.narrowed, *lever.narrowed)
        line = _Watched(self.line.document, own, narrowed, not lever.shipped, self.name)
        fragments = [lever.document.get(key) or {} for key in ("change", "if_present", "if_absent")]
        costs = {key: cost for key, cost in (lever.document.get("costs") or {}).items() if "." in key}
        found = [named(each, line, SPEC).several for each in (*fragments, costs)]
        self.line.guessed.update(line.guessed)
        self.line.dropped.update(line.dropped)
        self.of_levers[step] = frozenset(name for names in line.spoken.values() for name in names)
        return tuple(dict.fromkeys(group for each in found for group in each))

    def _step(self, step: Any, way: tuple[str, ...]) -> Any:
        if isinstance(step, Mapping):
            return self._named(step, self._line((*self.narrowed, *way)) if way else self.line)
        names = (*(name for name in self.narrowed if name in self.of_levers.get(step, ())), *way)
        return levers.narrowed_to(step, names) if names else step

    # --- factors ---------------------------------------------------------------------------------------------

    def _factors(self, vary: Mapping[str, Any]) -> Block:
        made: dict[str, Any] = {}
        marks = dict(getattr(vary, "marks", {}))
        for name, levels in vary.items():
            if "." not in name:  # a lever, or a key of the scenario
                made[name] = levels
                continue
            for path, values in self._levels(vary, name, levels).items():
                made[path] = values
                marks.setdefault(path, marks.get(name))
        return Block(made, {key: mark for key, mark in marks.items() if key in made and mark is not None})

    def _levels(self, vary: Mapping[str, Any], name: str, levels: Any) -> Mapping[str, Any]:
        """The levels of a factor, by its path or paths on the line."""
        if isinstance(levels, Mapping):
            called = levels.get("levels")
            if isinstance(called, Mapping):
                named_so = self._each(vary, name, called)
                return {path: Block({"levels": Block(each)}) for path, each in named_so.items()}
            ends = {key: levels[key] for key in ("from", "to") if key in levels}
            marks = getattr(levels, "marks", None)
            return {path: Block({**levels, **each}, marks) for path, each in self._each(vary, name, ends).items()}
        listed = dict(enumerate(levels if isinstance(levels, list) else []))
        marks = getattr(levels, "marks", None)
        return {path: Items(each.values(), marks) for path, each in self._each(vary, name, listed).items()}

    def _each(self, vary: Mapping[str, Any], name: str, values: Mapping[Any, Any]) -> dict[str, dict[Any, Any]]:
        """By path on the line the values of a factor, each under its key."""
        made: dict[str, dict[Any, Any]] = {}
        for key, value in values.items():
            for path, on_the_line in self._value(vary, name, value).items():
                made.setdefault(path, {})[key] = on_the_line
        return made

    def _value(self, vary: Mapping[str, Any], name: str, value: Any) -> Mapping[str, Any]:
        mark = getattr(vary, "marks", {}).get(name)
        return self._named(Block({name: value}, {name: mark} if mark is not None else {}), self.line)

    def _column(self, document: Block, column: str) -> str:
        """What a column of the table of points is called on the line, where it must be one thing."""
        if "." not in column:
            return column
        found = list(named(Block({column: 1}), self.line, SPEC).change)
        if len(found) == 1:
            return found[0]
        missing = [one.message for one in named(Block({column: 1}), self.line, SPEC).missing]
        narrow = f"; name one {self.line.narrow_by([found[0].split('.')[1]])}" if found else ""
        why = "; ".join(missing) or f"this is {_and(found)} here{narrow}"
        self.problems.append(
            problem(document, Fault(f"{column}: {why}", ("design", "table"), code="E-lever-unclear"), "")
        )
        return column


def _held(vary: Any) -> Any:
    """Of what a study varies, that which has one value and so holds everywhere."""
    if not isinstance(vary, Mapping):
        return vary
    single = {key: each for key, each in vary.items() if isinstance(each, list) and len(each) == 1}
    return Block(single, {key: mark for key, mark in getattr(vary, "marks", {}).items() if key in single})


def _and(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
