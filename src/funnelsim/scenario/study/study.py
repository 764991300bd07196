"""Studies: a question about a scenario, the arms and factors that answer it, and what is expected.

One file format serves the comparison of arms, sweeps over factors, and the search for the best.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from funnelsim.arguments import checked
from funnelsim.errors import Problem, ScenarioError, Warned
from funnelsim.text import number_of
from funnelsim.unchanging import unchanging

from .. import scenario
from ..changing import levers
from ..changing.files import inside
from ..changing.money import assumed_rates
from ..forms.base import NOBODY, Fault, FormError, faults_of, unknown
from ..forms.currencies import Exchange
from ..reading import beside, library
from ..reading.document import Block, block, is_study, plain, problem
from ..reading.reader import read_file, read_text
from ..reading.rounds import Shape, Taken, in_rounds
from ..scenario import Scenario
from .check import Check, Points, with_step
from .elsewhere import Elsewhere
from .factors import Factor, held, laid_over, strange, told
from .idle import Idle
from .spec import BASE, Row, StudySpec

Further = Callable[["Study", bool], Iterable[Problem]]
"""What else is wrong with a study; and whether nothing was taken out of it."""

SHAPE = Shape(
    groups=("arms", "vary", "predicts", "kpis", "constraints"),
    whole=True,
    kept=("study", "base"),
    stand_in={},
    things={},
    then={"vary": ("design",), "arms": ("design",), "set": ("vary",)},
)
"""What may be taken out of a study, so that the rest can be asked about."""

KEYS = "study, base, arms, vary"
"""Keys of a study, for messages."""


@unchanging(
    "a study stays as it was read; make another one with fs.Study.of(scenario, ...), or change its file",
    "fs.load_study reads one from a file, fs.Study.of makes one",
)
@dataclass(frozen=True, eq=False)
class Study:
    """A study that was read and found to be right; immutable. Make one with `load_study` or `Study.of`.

    Attributes
    ----------
    spec : StudySpec
        What the file says.
    arms : mapping
        The scenario of each arm; the first is ``base``, in which nothing more is changed.
    factors : tuple of Factor
        What is varied.
    rows : tuple
        The points of a table; empty for other designs.
    ground : Scenario
        The base with what the study's ``set`` lays over it, under factors and arms.
    path : Path or None
        The file it was read from.
    elsewhere : Elsewhere or None
        What it predicts on the line that it was written for, where it is run on another one.
    """

    spec: StudySpec
    arms: Mapping[str, Scenario]
    factors: tuple[Factor, ...]
    rows: tuple[Row, ...]
    ground: Scenario
    document: Block
    path: Path | None = None
    folder: Path | None = None
    bare: Scenario | None = None  # the base before what the study sets, where that is known
    elsewhere: Elsewhere | None = None  # what it expects on the line it was written for, if that is another one
    said: tuple[Warned, ...] = ()  # how it was fitted to this line

    @classmethod
    @checked
    def of(
        cls,
        base: Scenario,
        vary: Mapping[str, Any] | None = None,
        *,
        arms: Mapping[str, Any] | None = None,
        design: Any = "grid",
        name: str = "",
        **more: Any,
    ) -> Study:
        """A study of a scenario, made in Python.

        Parameters
        ----------
        base : Scenario
            The scenario that arms and factors change.
        vary : mapping, optional
            Values by path or lever, such as ``{"teams.field_sales.headcount": [4, 5, 6]}``.
        arms : mapping, optional
            Levers and changes by name of the arm.
        design : str or mapping
            ``"grid"``, ``{"lhs": 100}``, ``{"sobol": 256}`` or ``{"table": "points.csv"}``.
        name : str
            Name of the study; that of the scenario by default.
        **more
            Further keys of a study file: ``set``, ``kpis``, ``predicts``, ``replications``, ``question``.

        Raises
        ------
        ScenarioError
            With everything that is wrong.
        """
        content = {"study": name or base.name, "arms": arms or {}, "vary": vary or {}, "design": design, **more}
        document = block({key: value for key, value in content.items() if value not in ({}, None)})
        return study_of(document, base, "", base.folder)

    @property
    def name(self) -> str:
        """The name of the study."""
        return self.spec.study

    @property
    def base(self) -> Scenario:
        """The scenario that is studied, with what holds everywhere."""
        return self.arms[BASE]

    @cached_property
    def held(self) -> dict[str, Any]:
        """The factors that have one value only, such as a short horizon: they hold everywhere."""
        return held(self.factors, self.rows)

    @property
    def varied(self) -> tuple[Factor, ...]:
        """The factors that have several values."""
        return tuple(factor for factor in self.factors if factor.name not in self.held)

    @cached_property
    def warnings(self) -> tuple[Warned, ...]:
        """What looks like a slip in the scenario or in an arm, and what of the study does nothing."""
        said = [*self.said, *self.base.warnings]
        for name, arm in self.arms.items():
            said += [text.after(f"{name}: ") for text in arm.warnings if text not in self.base.warnings]
        own = self.base.spec
        said += assumed_rates(self.spec.currencies, Exchange(own.currency, own.exchange))
        return (*dict.fromkeys(said), *Idle(self, self.bare).found())

    @property
    def text(self) -> str:
        """The study as JSON."""
        return json.dumps(plain(self.document), ensure_ascii=False)

    @checked
    def scenario(self, arm: str = BASE, at: Mapping[str, Any] | None = None) -> Scenario:
        """The scenario of an arm at a point: factors are set first, in their order, and the arm is laid over that.

        Parameters
        ----------
        arm : str
            Name of the arm.
        at : mapping, optional
            Values by factor. Of those that are not named, one with a single value has it, and all others stay
            as they are in the base. A lever at dose 0 is left out, and its costs are.

        Raises
        ------
        ScenarioError
            If there is no such arm or factor, or the scenario would be wrong.
        """
        if arm not in self.arms:
            raise ScenarioError(
                [Problem("arms", unknown("arm", arm, self.arms), str(self.path or ""), code="E-name-unknown")]
            )
        at = {**self.held, **(at or {})}
        known = {factor.name: factor for factor in self.factors}
        strange = [name for name in at if name not in known]
        if strange:
            raise ScenarioError(
                [
                    Problem(
                        "vary", unknown("factor", strange[0], known), str(self.path or ""), code="E-name-unknown"
                    )
                ]
            )
        made = laid_over(self.ground, self.factors, at)  # under the arm, whose changes may be relative to them
        for step in self.spec.arms.get(arm, ()):
            made = with_step(made, step, self.folder)
        return made

    def strange(self, name: str, value: Any) -> str | None:
        """What is wrong with a value of a factor, if anything."""
        return strange({factor.name: factor.levels for factor in self.factors}, name, value)

    @checked
    def on(self, base: Scenario) -> Study:
        """The same study of another ground, over which its factors and arms are laid.

        Raises
        ------
        ScenarioError
            If an arm would be wrong, or no arm differs, because the study sets the same itself.
        """
        moved = replace(self, ground=base, bare=None)
        moved = replace(moved, arms={name: moved.scenario(name) for name in self.arms})
        if base.fingerprint != self.ground.fingerprint and all(
            arm.fingerprint == self.arms[name].fingerprint for name, arm in moved.arms.items()
        ):
            said = ", ".join(f"{name} {told(value)}" for name, value in self.held.items())
            message = f"the study sets the same itself, and that is laid over it: {said}; change it there"
            raise ScenarioError([self.problem(("vary",), message, code="E-study-held")])
        return moved

    @checked
    def problem(self, path: tuple[str | int, ...], message: str, *, code: str = "E-own-check") -> Problem:
        """A problem with the value at a path of the study, and where that stands in its file."""
        return problem(self.document, Fault(message, path, code=code), str(self.path or ""))

    def __repr__(self) -> str:
        return (
            f"<Study {self.name!r}: {number_of(len(self.arms), 'arm')}, {number_of(len(self.factors), 'factor')}>"
        )


@checked
def load_study(path: Path | str) -> Study:
    """Read a study from a YAML file.

    Raises
    ------
    ScenarioError
        With every problem of the file at once, each with its line and column.
    """
    return read_study(path, lambda study, whole: ())


def read_study(path: Path | str, further: Further) -> Study:
    """Read a study from a YAML file, and ask further about it.

    Parameters
    ----------
    path : Path or str
        The file.
    further : callable
        What else is wrong with a study; it is asked about what is right of one that is wrong elsewhere, too.

    Raises
    ------
    ScenarioError
        With every problem at once.
    """
    path = Path(path)
    return _from_document(read_file(path, keys=KEYS), str(path), path, path.parent, further)


def study_from_text(text: str, folder: Path | str | None = None) -> Study:
    """A study from the text of a file; files it names are looked up in ``folder``."""
    return _from_document(read_text(text, keys=KEYS), "", None, Path(folder) if folder is not None else None)


def _from_document(
    document: Block, file: str, path: Path | None, folder: Path | None, further: Further = lambda study, whole: ()
) -> Study:
    refuse_scenario(document, file)
    faults = []
    for key in ("study", "base"):
        if document.get(key) is None:
            faults.append(Fault("this key is required, and missing", (key,), code="E-key-missing"))
    named = document.get("base")
    try:
        # A plain number is text here, as it is for `spec_of`; what is neither is refused there.
        is_text = isinstance(named, str | int | float) and not isinstance(named, bool)
        base = base_of(str(named), folder, path) if is_text else None
    except FormError as wrong:
        faults += [fault.under(("base",)) for fault in wrong.faults]
        base = None
    except ScenarioError as error:
        own = (*spec_of(document)[1], *_levers_missed(document, folder))
        raise ScenarioError((*error.problems, *(problem(document, fault, file) for fault in own))) from None
    if faults or base is None:
        faults += [*spec_of(document)[1], *_levers_missed(document, folder)]
        raise ScenarioError([problem(document, fault, file) for fault in dict.fromkeys(faults)])
    # Levers and tables are those beside the study.
    return study_of(document, replace(base, folder=folder), file, folder, path, further)


def refuse_scenario(document: Block, file: str) -> None:
    """Raise `ScenarioError` for a document that is a scenario."""
    if "stages" in document and not is_study(document):
        said = "this is a scenario, and a study is expected: read it with fs.load, or name it as `base` of a study"
        raise ScenarioError([Problem("", said, file, 1, 1, code="E-file-kind")])


def base_of(name: str, folder: Path | None, path: Path | None) -> Scenario:
    try:
        is_file = Path(name).suffix in (".yaml", ".yml")
        where = inside(folder, name) if is_file else library.template(name)
        if path is not None and where.exists() and where.samefile(path):
            raise FormError("the base is this study itself; name the file of a scenario", code="E-study-base")
    except ScenarioError as error:
        close = beside.meant(folder / name, exact=True) if folder is not None else ""
        file = "" if is_file else "; the name of a file ends in .yaml"
        raise FormError(error.problems[0].message + file + close, code=error.code) from None
    return scenario.load(where)


def spec_of(document: Block) -> tuple[StudySpec | None, list[Fault]]:
    """What the document of a study says, or what is wrong with it."""
    try:
        return StudySpec.model_validate(document, context=NOBODY), []
    except ValidationError as error:
        return None, faults_of(error)


def _levers_missed(document: Block, folder: Path | None) -> Iterator[Fault]:
    """What is wrong with the levers of arms, which can be told without the base."""
    arms = document.get("arms")
    for name, steps in arms.items() if isinstance(arms, Mapping) else ():
        for index, step in enumerate(steps if isinstance(steps, list) else [steps]):
            if not isinstance(step, str):
                continue
            try:
                levers.find(step, folder)
            except ScenarioError as error:
                place = (name, index) if isinstance(steps, list) else (name,)
                yield from (Fault(one.message, ("arms", *place), code=one.code) for one in error.problems)


def study_of(
    document: Block,
    base: Scenario,
    file: str,
    folder: Path | None,
    path: Path | None = None,
    further: Further = lambda study, whole: (),
    columns: Mapping[str, str] | None = None,
) -> Study:
    """The study of a document, everything that can be checked without running it checked."""

    def read(rest: Block, out: Taken) -> Study:
        made = _once(rest, base, file, folder, path, columns or {})
        if problems := tuple(further(made, not out.paths)):
            raise ScenarioError(problems)
        return made

    made, problems = in_rounds(document, read, SHAPE, file)
    if problems or made is None:
        raise ScenarioError(problems)
    return made


def _once(
    document: Block,
    base: Scenario,
    file: str,
    folder: Path | None,
    path: Path | None,
    columns: Mapping[str, str],
) -> Study:
    """The study of a document; raises `ScenarioError` with what can be told as long as nothing is taken out."""
    spec, faults = spec_of(document)
    if spec is None:
        raise ScenarioError([problem(document, fault, file) for fault in faults])
    check = Check(document, base, file, folder, columns)
    check.set(spec)
    points = Points()
    if spec.design.kind == "table":
        points = check.table(spec)
        factors = check.factors(points.levels, points)
    else:
        factors = check.factors(spec.vary)
    arms = check.arms(spec, factors, points.rows)
    check.size(spec, factors, len(arms))
    check.rows(points, spec)
    check.predictions(spec, factors)
    if check.problems:
        raise ScenarioError(tuple(dict.fromkeys(check.problems)))
    return Study(spec, arms, factors, points.rows, check.base, document, path, folder, base, said=points.said)
