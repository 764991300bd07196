"""What is wrong with a study beyond the form of its keys: its arms, factors, points and predictions are tried."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from funnelsim.errors import Problem, ScenarioError, Warned

from ..changing.files import inside
from ..forms.base import Fault, Faults, FormError, unknown
from ..forms.base import Path as Path_
from ..reading.document import Block, plain, problem
from ..reading.reader import parse_value
from ..reading.tables import Table, read_table
from ..scenario import Scenario
from .factors import Factor, held, laid_over, make_factor, strange
from .forms import MOST_POINTS, Levels
from .spec import BASE, Row, StudySpec


@dataclass
class Check:
    """Collects what is wrong with a study beyond the form of its keys."""

    document: Block
    base: Scenario
    file: str
    folder: Path | None
    columns: Mapping[str, str] = field(default_factory=dict)
    """What columns of a table are called on this line, where that is not as they are written."""

    def __post_init__(self) -> None:
        self.problems: list[Problem] = []

    def note(self, message: str, *path: str | int, code: str, key: bool = False) -> None:
        self.problems.append(problem(self.document, Fault(message, path, key, code=code), self.file))

    def placed(self, error: ScenarioError, *path: str | int) -> None:
        """Problems of a changed scenario: where they are written, else at ``path`` of the study."""
        ground = str(self.base.path or "")
        for one in error.problems:
            if one.file not in ("", "change", ground):
                self.problems.append(one)
                continue
            where = "" if one.path.startswith("levers") else one.path
            there = f" (in {one.file}:{one.line})" if one.file == ground and one.line else ""
            message = f"{where}: {one.message}{there}" if where else f"{one.message}{there}"
            placed = problem(self.document, Fault(message, path, code=one.code), self.file)
            self.problems.append(replace(placed, missing=one.missing))

    def set(self, spec: StudySpec) -> None:
        """Lay what the study sets over the base, under all that follows."""
        if spec.set:
            self.base = self._step(self.base, spec.set, ("set",))

    def arms(self, spec: StudySpec, factors: Sequence[Factor], rows: Sequence[Row]) -> dict[str, Scenario]:
        try:
            ground = laid_over(self.base, factors, held(factors, rows))
        except ScenarioError as error:
            if not self.problems:  # else a value is wrong by itself, and complained about where it stands
                told = "; ".join(one.message for one in error.problems)
                self.note(
                    f"what has one value holds everywhere, and the base cannot: {told}; see `set`",
                    "vary",
                    code="E-study-held",
                )
            ground = self.base
        made = {BASE: ground}
        if BASE in spec.arms:
            self.note(
                "this name is that of the scenario as it is; give the arm another",
                "arms",
                BASE,
                key=True,
                code="E-name-taken",
            )
        for name, steps in spec.arms.items():
            made[name] = ground
            for index, step in enumerate(steps):
                listed = isinstance(self.document["arms"][name], list)
                made[name] = self._step(made[name], step, ("arms", name, index) if listed else ("arms", name))
        return made

    def _step(self, current: Scenario, step: Any, path: Path_) -> Scenario:
        """A scenario with what is set, or one lever or change of an arm, laid over it."""
        try:
            return with_step(current, step, self.folder)
        except ScenarioError as error:
            self.placed(error, *path)
            return current

    def factors(self, vary: Mapping[str, Levels], points: Points | None = None) -> tuple[Factor, ...]:
        """Factors, each value of them tried; ``points`` is the table that they stand in."""
        made = []
        for name, levels in vary.items():
            path = ("vary", name) if points is None else ("design", "table")
            try:
                factor = make_factor(self.base, name, levels, self.folder)
            except FormError as wrong:
                for fault in wrong.faults:
                    if points is None:
                        self.note(fault.message, *path, *fault.path, code=fault.code, key=fault.key)
                    else:
                        self.note(f"{points.place(name, *fault.path)}: {fault.message}", *path, code=fault.code)
                continue
            except ScenarioError as error:
                self.placed(error, *path)
                continue
            made.append(factor)
        for factor in made:
            self._try(factor, made, points)
        return tuple(made)

    def _try(self, factor: Factor, factors: Sequence[Factor], points: Points | None) -> None:
        """Whether each value of a factor can be right: alone, or with the first value of all others."""
        company = {other.name: other.levels.named[0] for other in factors}
        for index, value in enumerate(factor.levels.named):
            try:
                laid_over(self.base, [factor], {factor.name: value})
            except ScenarioError as error:
                if self._goes(factors, {**company, factor.name: value}):
                    continue
                if points is None:
                    self.placed(error, "vary", factor.name, *factor.levels.places[index])
                    continue
                for one in error.problems:
                    self.note(
                        f"{points.place(factor.name, index)}: {one.message}", "design", "table", code=one.code
                    )

    def _goes(self, factors: Sequence[Factor], at: Mapping[str, Any]) -> bool:
        try:
            laid_over(self.base, factors, at)
        except ScenarioError:
            return False
        return True

    def size(self, spec: StudySpec, factors: Sequence[Factor], arms: int) -> None:
        """Whether the design can be made and has a size that can be run."""
        points = spec.design.size or 1
        if spec.design.kind == "search":
            arms = 1  # a search chooses the arm as well
        if spec.design.kind == "grid":
            points = 1
            for factor in factors:
                try:
                    points *= len(factor.grid())
                except FormError as wrong:
                    self.note(str(wrong), "vary", factor.name, code=wrong.code)
        elif not factors and spec.design.kind != "table":
            self.note("there is nothing to vary", "design", spec.design.kind, code="E-study-factors")
        if points * arms > MOST_POINTS:
            self.note(
                f"a study may have at most {MOST_POINTS:,} points, found {points * arms:,}",
                "vary",
                code="E-size-study",
            )

    def table(self, spec: StudySpec) -> Points:
        """The table of points."""
        if spec.vary:
            self.note(
                "a table of points says itself what varies; remove `vary` or the table",
                "vary",
                key=True,
                code="E-key-conflict",
            )
        faults = Faults()
        with faults.under("design", "table"):
            return _points(inside(self.folder, spec.design.table), self.columns)
        for fault in faults.found:
            self.note(fault.message, *fault.path, code=fault.code)
        return Points()

    def rows(self, points: Points, spec: StudySpec) -> None:
        arms = (BASE, *spec.arms)
        for line, (arm, _) in zip(points.lines, points.rows, strict=True):
            if arm is not None and arm not in arms:
                self.note(
                    f"{points.file} line {line}: {unknown('arm', arm, arms)}",
                    "design",
                    "table",
                    code="E-name-unknown",
                )

    def predictions(self, spec: StudySpec, factors: Sequence[Factor]) -> None:
        arms, known = (BASE, *spec.arms), {factor.name: factor.levels for factor in factors}
        known = {**spec.vary, **known}
        for index, prediction in enumerate(spec.predicts):
            for key in ("arm", "against"):
                name = getattr(prediction, key)
                if name not in arms:
                    self.note(unknown("arm", name, arms), "predicts", index, key, code="E-name-unknown")
            if prediction.arm == prediction.against:
                self.note(
                    "an arm is compared with itself; name another one",
                    "predicts",
                    index,
                    "against",
                    code="E-study-itself",
                )
            for name, value in prediction.at.items():
                said = strange(known, name, value)
                if said is not None:
                    self.note(said, "predicts", index, "at", name, code="E-study-point", key=name not in known)
        self._said_twice(spec)

    def _said_twice(self, spec: StudySpec) -> None:
        """What is predicted once more, or the other way round; and KPIs that stand twice."""
        for index, kpi in enumerate(spec.kpis):
            if kpi in spec.kpis[:index]:
                self.note(f"{kpi!r} stands twice; remove one of them", "kpis", index, code="E-name-twice")
        turned = {"up": "down", "down": "up"}
        first: dict[str, tuple[int, str]] = {}
        for index, each in enumerate(spec.predicts):
            pair = (each.arm, each.against)
            said = each.expect if pair == tuple(sorted(pair)) else turned.get(each.expect, each.expect)
            what = json.dumps([sorted(pair), each.kpi, plain(each.at)], sort_keys=True, default=str)
            at, before = first.setdefault(what, (index, said))
            if at == index:
                continue
            if before == said and pair == (spec.predicts[at].arm, spec.predicts[at].against):
                self.note(
                    f"prediction {at + 1} says the same; remove one of them",
                    "predicts",
                    index,
                    code="E-prediction-twice",
                )
            elif {before, said} == {"up", "down"}:
                self.note(
                    f"prediction {at + 1} says the opposite, and only one can hold",
                    "predicts",
                    index,
                    "expect",
                    code="E-prediction-twice",
                )


def with_step(current: Scenario, step: Any, folder: Path | None) -> Scenario:
    """A scenario with a change, or with a lever that a study in ``folder`` names."""
    return current.with_own_levers(step, folder=folder) if isinstance(step, str) else current.change(step)


@dataclass(frozen=True)
class Points:
    """A table of points: its rows, the values of each column, and the lines in which they first stand."""

    file: str = ""
    rows: tuple[Row, ...] = ()
    lines: tuple[int, ...] = ()
    levels: Mapping[str, Levels] = field(default_factory=dict)
    first: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    said: tuple[Warned, ...] = ()

    def place(self, column: str, *path: str | int) -> str:
        """Where a value of a column stands, for a message; the first number of ``path`` is that of the value."""
        index = next((part for part in path if isinstance(part, int)), None)
        line = "" if index is None else f" line {self.first[column][index]}"
        return f"{self.file}{line}, {column}"


def columns_of(document: Mapping[str, Any], folder: Path | None) -> tuple[str, ...]:
    """The columns of the table of points that a study names; none where there is none, or it cannot be read."""
    design = document.get("design")
    if not isinstance(design, Mapping) or not isinstance(design.get("table"), str):
        return ()
    try:
        return tuple(name for name in read_table(inside(folder, design["table"])).columns if name != "arm")
    except FormError:  # which is told where the table is read
        return ()


def _points(path: Path, columns: Mapping[str, str]) -> Points:
    table = read_table(path)
    if not table.rows and not table.broken:
        raise FormError(table.said[0], code="E-csv-empty")
    rows = tuple(_rows(table, columns))
    if not 1 <= len(rows) <= MOST_POINTS:
        raise FormError(
            f"{path.name}: expected 1 to {MOST_POINTS:,} points, found {len(rows):,}", code="E-csv-size"
        )
    lines = tuple(row.line for row in table.rows)
    levels, first = {}, {}
    for name in (columns.get(column, column) for column in table.columns):
        if name != "arm":
            once: dict[str, tuple[int, Any]] = {}
            for line, (_, at) in zip(lines, rows, strict=True):
                if name in at:
                    once.setdefault(json.dumps(at[name]), (line, at[name]))
            levels[name] = Levels(tuple(value for _, value in once.values()))
            first[name] = tuple(line for line, _ in once.values())
    return Points(path.name, rows, lines, levels, first, table.said)


def _rows(table: Table, columns: Mapping[str, str]) -> Iterator[Row]:
    """The rows of a table of points; raises `FormError` with every cell that is wrong."""
    made, faults = [], Faults()
    for message in table.broken:
        faults.add(message, code="E-csv-row")
    for row in table.rows:
        at = {}
        for name, text in row.cells.items():
            if name == "arm" or not text:
                continue  # an empty cell leaves the scenario as it is
            with faults.under():
                table.check_point(row.line, name, text)
                at[columns.get(name, name)] = _value(table, row.line, name, text)
        made.append((row.cells.get("arm") or None, at))
    faults.check()
    return iter(made)


def _value(table: Table, line: int, column: str, text: str) -> Any:
    try:
        return plain(parse_value(text))
    except ScenarioError as error:
        raise table.wrong(line, column, error.problems[0].message, code=error.code) from None
