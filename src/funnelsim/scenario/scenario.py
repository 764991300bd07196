"""The scenario: what was written, read and checked, and the ways to make another one from it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from funnelsim.arguments import checked
from funnelsim.errors import Problem, ScenarioError, Warned
from funnelsim.text import number_of
from funnelsim.unchanging import unchanging

from . import prints
from .changing.by_role import paths_of
from .changing.compose import Composed, compose, drawn, laid_again, with_change, with_levers
from .changing.draws import Draws, and_more, fixed
from .changing.extended import SPEC
from .changing.money import assumptions
from .changing.paths import locate, values_at
from .changing.phases import OfPhases, periods
from .changing.typed import Before, read_spec
from .checking.checks import NAMED
from .checking.doubtful import doubts
from .checking.outside import in_vain
from .checking.warn import slips
from .checking.writings import in_all, refuse, swallowed, without
from .forms.base import Fault, Form, FormError, Names
from .forms.base import Path as Path_
from .language.evidence import Record
from .language.known_roles import Role, known_roles
from .language.types import Period, ScenarioSpec
from .reading.document import Block, block, flow, plain, problem
from .reading.reader import read_file, read_text
from .reading.rounds import ENOUGH, Shape, Taken, in_rounds

PANEL = "funnelsim.views.panel.notebook"
"""Where the panel is made: by name, because that room stands above all scenarios."""


def _changed(name: str, value: Any) -> str:
    """How to make a scenario in which an attribute is another."""
    path, to = (name, value) if name in set(SPEC.type.keys()) else ("teams.desk.headcount", 4)
    return f"a scenario stays as it was read; make another one, as in scenario.change({{{path!r}: {to!r}}})"


@unchanging(_changed, "fs.load reads one from a file, fs.Scenario.from_dict and fs.Scenario.from_text make one")
@dataclass(frozen=True, eq=False)
class Scenario:
    """A scenario that was read and found to be right; immutable.

    Make one with `load`, `Scenario.from_text` or `Scenario.from_dict`, and another one from it with `change` and
    `with_levers`.

    Attributes
    ----------
    spec : ScenarioSpec
        The scenario with its levers and changes.
    base : ScenarioSpec
        The scenario before levers, phases and changes: the intercepts of `convert` are solved for this one.
    periods : tuple of Period
        The organisation from the start and from each date at which a phase begins or ends.
    said : tuple of str
        What was noted while it was made; part of `warnings`.
    path : Path or None
        The file it was read from.
    """

    spec: ScenarioSpec
    base: ScenarioSpec
    composed: Composed
    periods: tuple[Period, ...]
    said: tuple[Warned, ...] = ()  # while it was made
    path: Path | None = None
    folder: Path | None = None
    in_phases: OfPhases = field(default_factory=OfPhases)  # what is told of levers of its phases

    @classmethod
    @checked
    def from_text(cls, text: str, folder: Path | str | None = None) -> Scenario:
        """A scenario from the text of a file; files it names are looked up in ``folder``."""
        return _made(read_text(text), "", None, Path(folder) if folder is not None else None)

    @classmethod
    @checked
    def from_dict(cls, document: Mapping[str, Any], folder: Path | str | None = None) -> Scenario:
        """A scenario from plain values, as a file would hold them."""
        return _made(block(document), "", None, Path(folder) if folder is not None else None)

    @property
    def name(self) -> str:
        """The name of the scenario."""
        return self.spec.name

    @cached_property
    def warnings(self) -> tuple[Warned, ...]:
        """What is allowed but looks like a slip, of every period."""
        specs = [period.spec for period in self.periods]
        doubtful = (text for spec in specs for text in doubts(spec))
        said = (*self.said, *assumptions(self.composed.document, SPEC, self.names))
        return tuple(dict.fromkeys((*said, *slips(self.spec, specs), *in_vain(self.periods), *doubtful)))

    @property
    def laid(self) -> tuple[str, ...]:
        """Levers of phases, and what was laid over the file, in order: levers with their doses, and changes."""
        return (*self.in_phases.levers, *self.composed.laid)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What levers that were laid over it, or hold in a phase, show one side of only."""
        return tuple(dict.fromkeys((*self.composed.cautions, *self.in_phases.cautions)))

    @property
    def document(self) -> dict[str, Any]:
        """A copy of the scenario as plain values in their long forms, everything laid over one another.

        What defaults or levers leave without effect is not in it, so that it can be read again. Draws of inputs
        are in it as long as no lever and no change is: they act on the file, and would act on these.
        """
        made = plain(self.composed.document)
        for key in in_all(period.spec for period in self.periods):
            made = without(made, key)
        records = {
            path: one.to_dict() for path, one in self.evidence.items() if any(values_at(made, path.split(".")))
        }
        if records:
            made = {**made, "evidence": records}
        if self.draws is not None and not self.laid:
            made = {**made, "uncertain": {"table": plain(self.draws.rows)}}
        return dict(made)

    @property
    def evidence(self) -> dict[str, Record]:
        """How its numbers are known, by path; no record, KPI or fingerprint depends on it.

        What changed a value, as a lever or a change, dropped the record of it unless it brought one of its own.
        """
        return dict(self.composed.evidence)

    @property
    def draws(self) -> Draws | None:
        """The draws of its inputs that its file names under `uncertain`; a plain run does not depend on them."""
        return None if self.composed.under is None else self.composed.under.draws

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all that decides the results: not of names shown, descriptions or ways of writing."""
        specs = [self.spec, self.base, *(period.spec for period in self.periods)]
        texts = {
            id(spec): prints.of_base(spec) if spec is self.base else prints.text(prints.facts(spec))
            for spec in specs
        }
        starts = prints.text([prints.facts(period.start) for period in self.periods])
        whole = f"[{starts},[{','.join(texts[id(spec)] for spec in specs)}]]"
        return hashlib.sha256(whole.encode()).hexdigest()

    @checked
    def change(self, change: Mapping[str, Any]) -> Scenario:
        """A scenario with a change laid over this one.

        Parameters
        ----------
        change : mapping
            A fragment, such as ``{"teams.field_sales.headcount": {"add": 1}}``.

        Raises
        ------
        ScenarioError
            If the changed scenario would be wrong.
        """
        laid = [f"{path}={flow(value)}" for path, value in change.items() if path != "name"]
        fragment = block(change)
        return self._again(with_change(self.composed, fragment).over(*laid).after(fragment))

    @checked
    def with_levers(self, *references: str) -> Scenario:
        """A scenario with levers applied to this one, in order: ``with_levers("cpq@0.6", "tools/dialler.yaml")``.

        A name is looked up in the folder `levers/` beside the scenario, then in the library; a file is named by
        its path.

        Raises
        ------
        ScenarioError
            If there is no such lever, nothing of it applies, or the changed scenario would be wrong.
        """
        return self._levered(with_levers(self.composed, references, self.folder, anywhere=True))

    def with_own_levers(self, *references: str, folder: Path | None) -> Scenario:
        """The same for levers that a file in ``folder`` names, which lie in its folder or in the library."""
        return self._levered(with_levers(self.composed, references, folder))

    def _levered(self, composed: Composed) -> Scenario:
        fresh = composed.levers[len(self.composed.levers) :]
        return self._again(composed.after(tuple(each.lever for each in fresh)))

    @property
    def roles(self) -> tuple[Role, ...]:
        """What levers of the library take its stages, teams, sources and segments to be, and how that is known."""
        return known_roles(self.composed.document)

    @property
    def names(self) -> Names:
        """The names that it defines."""
        return Names.of(self.composed.document)

    def form_at(self, path: str) -> Form[Any] | None:
        """How the value at a dotted path is written; None if nothing can stand there, or that is open."""
        try:
            parts = paths_of(path, self.composed.document)[0]
            return locate(self.composed.document, SPEC, parts, self.names, len(parts))
        except FormError:
            return None

    def values_at(self, path: str) -> dict[str, Any]:
        """The values at a dotted path, in which ``*`` stands for every name, by their own paths.

        Stages may be chosen in brackets, as in ``stages[team=desk].effort``.
        """
        paths = paths_of(path, self.composed.document)
        return {at: value for each in paths for at, value in values_at(self.composed.document, each)}

    @checked
    def problem(self, path: tuple[str, ...], message: str, *, code: str = "E-own-check") -> Problem:
        """A problem with the value at a path, and where that stands in the file it was read from."""
        return problem(self.composed.document, Fault(message, path, code=code), str(self.path or ""))

    @checked
    def panel(self, *, lang: str | None = None) -> Any:
        """The what-if panel of this scenario for a notebook; see `funnelsim app` for the same as a page.

        Parameters
        ----------
        lang : {"en", "ja"}, optional
            The language of its texts.

        Returns
        -------
        widget
            Where anywidget is installed (``pip install 'funnelsim[notebook]'``); else a table of what may be
            moved, and the command that opens the page.
        """
        return import_module(PANEL).panel(self, lang)

    @checked
    def rename(self, name: str) -> Scenario:
        """The same scenario under another name."""
        return self.change({"name": name})

    def _again(self, composed: Composed) -> Scenario:
        return _read(composed, self.base, self.path, self.folder, before=(self.composed.document, self.spec))

    def __repr__(self) -> str:
        over = f", over it {', '.join(self.laid)}" if self.laid else ""
        size = f"{number_of(len(self.spec.stages), 'stage')}, {number_of(len(self.spec.teams), 'team')}"
        return f"<Scenario {self.name!r}: {size}{over}>"


@checked
def load(path: Path | str) -> Scenario:
    """Read a scenario from a YAML file.

    Raises
    ------
    ScenarioError
        With every problem of the file at once, each with its line and column.

    Examples
    --------
    >>> load("scenarios/one_desk.yaml").spec.teams["desk"].headcount.first  # doctest: +SKIP
    3
    """
    path = Path(path)
    return _made(read_file(path), str(path), path, path.parent)


def _made(document: Block, file: str, path: Path | None, folder: Path | None) -> Scenario:
    if "study" in document and "stages" not in document:
        said = (
            "this is a study, and a scenario is expected: run it by `funnelsim compare`, `sweep` or "
            "`optimise`, read it with fs.load_study, or name a file with `stages`"
        )
        raise ScenarioError([Problem("", said, file, 1, 1, code="E-file-kind")])
    if "lever" in document and "stages" not in document:
        said = (
            "this is a lever, and a scenario is expected: lay it over one by `--lever FILE`, or look at it by "
            "`funnelsim levers FILE --for SCENARIO`"
        )
        raise ScenarioError([Problem("", said, file, 1, 1, code="E-file-kind")])

    def read(rest: Block, out: Taken) -> Scenario:
        composed = compose(rest, file, folder)
        whole = not out.missed and not any(map(_shapes_ways, out.paths))
        return _read(composed, read_spec(composed.base, file), path, folder, whole)

    made, problems = in_rounds(document, read, SHAPE, file)
    if problems or made is None:
        raise ScenarioError(problems)
    if made.draws is not None:
        check_draws(made, made.draws)
    return made


def check_draws(scenario: Scenario, draws: Draws) -> None:
    """Raise `ScenarioError` with what is wrong with any of the draws, each in the first row that has it."""
    told: dict[tuple[str, str], list[Problem]] = {}
    for world, row in enumerate(draws.rows):
        try:
            spec = _base_in_world(scenario, drawn(scenario.composed, row, _unplaced(draws, world)))
            problems = [*fixed(scenario.base, spec, row, draws.called(world))]
        except ScenarioError as error:
            problems = [*error.problems]
        for one in problems:
            told.setdefault((one.path, one.message.removeprefix(_unplaced(draws, world))), []).append(one)
        if len(told) > ENOUGH:
            break
    if told:
        raise ScenarioError([and_more(same) for same in told.values()])


def in_world(scenario: Scenario, draws: Draws, world: int) -> Scenario:
    """The scenario with one draw of its inputs, as if its file had been written so.

    Levers, phases and changes come after it.

    Raises
    ------
    ScenarioError
        If what is laid over the file does not go with the draw.
    """
    composed = drawn(scenario.composed, draws.of(world), _unplaced(draws, world))
    base = _base_in_world(scenario, composed)
    composed = laid_again(composed, scenario.composed)
    before = (scenario.composed.document, scenario.spec)
    return _read(composed, base, scenario.path, scenario.folder, whole=False, before=before)


def _base_in_world(scenario: Scenario, composed: Composed) -> ScenarioSpec:
    before = (scenario.composed.base, scenario.base)
    return read_spec(composed.base, str(scenario.path or ""), before)


def _unplaced(draws: Draws, world: int) -> str:
    """What a draw is called where its values have no place in a file that would be told."""
    return "" if draws.name else draws.called(world)


SHAPE = Shape(
    groups=NAMED,
    whole=False,
    kept=("extends",),
    stand_in={"horizon": "1 y", "headcount": 1, "queue": "fifo", "effort": "1 h"},
    things={
        "teams": {"headcount": 1, "queue": "fifo"},
        "sources": {"rate": "1 / mo"},
        "stages": {"at_most": 1},
        "calendars": {},
        "segments": {},
    },
    then={"opening": ("opening",), "customers": ("customers",)},
)
"""What may be taken out of the file of a scenario, so that the rest can be read."""

_WAYS = frozenset(("team", "next", "otherwise", "on", "books", "nurtures", "aside"))
_BY_THEMSELVES = frozenset(("horizon", "warmup", "opening"))


def _shapes_ways(path: Path_) -> bool:
    """Whether what stands at a path may decide what does nothing elsewhere, such as where leads go."""
    if path[0] in NAMED or path[0] == "phases":
        return len(path) < 3 or not _WAYS.isdisjoint(".".join(map(str, path)).split("."))
    return path[0] not in _BY_THEMSELVES


def _read(
    composed: Composed,
    base: ScenarioSpec,
    path: Path | None,
    folder: Path | None,
    whole: bool = True,
    before: Before | None = None,
) -> Scenario:
    """The scenario of a composed document; of one that is not whole nobody can say what does nothing."""
    file = str(path) if path is not None else ""
    spec = base if composed.document is composed.base else read_spec(composed.document, file, before)
    times, said, in_phases = periods(composed, spec, folder, file)
    if whole:
        refuse(composed.writings, [period.spec for period in times], read_spec, file)
        said += dict.fromkeys(swallowed(composed.writings, [period.spec for period in times]))
    composed = replace(composed, writings=())
    return Scenario(spec, base, composed, times, (*composed.warnings, *said), path, folder, in_phases)
