"""A file with what it extends and with its defaults: what everything else is laid over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from funnelsim.errors import Problem, ScenarioError, Warned

from ..forms.base import NOBODY, Fault, FormError, Names, faults_of, found
from ..forms.entry import Entry, EntryForm
from ..language import fields as f
from ..language.evidence import Evidence, EvidenceForm, Record
from ..language.people import OF_PEOPLE
from ..language.types import ScenarioSpec
from ..language.uncertain import TABLE, Uncertain, UncertainForm
from ..reading import beside, library
from ..reading.document import Block, copied, problem
from ..reading.reader import read_file
from . import known
from .blanks import blanks
from .changes import apply
from .draws import Draws, draws_of, read_draws
from .files import Origin, inlined, inside
from .files import shown as shown_in
from .money import levers_of_old
from .paths import OF_FILES

MOST_EXTENDED = 10
DEFAULTED = ("teams", "stages")


class Defaults(Entry):
    """What lies under each team and each stage."""

    teams: f.Fragment = Field(default_factory=dict)  # what lies under each team
    stages: f.Fragment = Field(default_factory=dict)  # what lies under each stage


class ScenarioFile(ScenarioSpec):
    """A scenario as a file holds it."""

    extends: f.OptionalText = None  # a shipped template (no suffix), or a file in the same folder
    levers: tuple[f.Text, ...] = ()  # levers to apply, in order: cpq@0.6
    defaults: Defaults = Defaults.neutral()  # what lies under each team and each stage
    evidence: Evidence = Field(default_factory=dict)  # how numbers are known: grade, source and range by path
    uncertain: Uncertain = None  # {table: draws.csv}: plausible inputs, one row a world; see --worlds


FILE = EntryForm(ScenarioFile)
SPEC = EntryForm(ScenarioSpec)


def extended(document: Block, origin: Origin) -> tuple[Block, list[Warned]]:
    problems: list[Problem] = []
    said: list[Warned] = []
    document = inlined(document, origin, problems, said)
    problems += file_problems(document, origin.file)
    if problems:
        raise ScenarioError(problems)
    draws = {"uncertain": _draws(document, origin)} if "uncertain" in document else {}
    document = document.like({key: value for key, value in document.items() if key != "uncertain"})
    if document.get("extends") is None:
        whole = FILE.expand(document, Names.of(document))
        return whole.like({**whole, **draws}), [*said, *blanks(whole, FILE)]
    path = _extended_path(document, origin)
    below, warnings = extended(read_file(path), Origin(str(path), path.parent, (*origin.seen, path)))
    records = below.get("evidence") or {}, document.get("evidence") or {}
    draws = {"uncertain": below.get("uncertain"), **draws}
    below = below.like({key: value for key, value in below.items() if key not in ("evidence", "uncertain")})
    own = document.like({key: value for key, value in document.items() if key not in ("extends", "evidence")})
    changed = apply(below, own, FILE)
    if changed.problems or changed.missed:
        raise ScenarioError((*changed.problems, *changed.missed))
    whole = changed.document
    if any(records):
        whole = whole.like({**whole, "evidence": _known_still(*records, below, whole)})
    return whole.like({**whole, **draws}), [*warnings, *said, *changed.warnings, *levers_of_old(below, own)]


def _draws(document: Block, origin: Origin) -> Draws | None:
    """The draws of inputs that a file names, or that stand in it."""
    if document["uncertain"] is None:
        return None
    table = document["uncertain"][TABLE]
    try:
        if not isinstance(table, str):
            return draws_of(table)
        return read_draws(inside(origin.folder, table), shown_in(origin.folder, table))
    except FormError as wrong:
        fault = Fault(str(wrong), ("uncertain", TABLE), code=wrong.code)
        raise ScenarioError([problem(document, fault, origin.file)]) from None
    except ScenarioError as error:
        told = [
            one
            if one.line
            else problem(document, Fault(one.message, ("uncertain", TABLE), code=one.code), origin.file)
            for one in error.problems
        ]
        raise ScenarioError(told) from None


def _extended_path(document: Block, origin: Origin) -> Path:
    name = document["extends"]
    try:
        path = inside(origin.folder, name) if Path(name).suffix in (".yaml", ".yml") else library.template(name)
    except FormError as wrong:
        fault = Fault(str(wrong), ("extends",), code=wrong.code)
        raise ScenarioError([problem(document, fault, origin.file)]) from None
    except ScenarioError as error:
        close = beside.meant(origin.folder / name, exact=True) if origin.folder is not None else ""
        fault = Fault(error.problems[0].message + close, ("extends",), code=error.code)
        raise ScenarioError([problem(document, fault, origin.file)]) from None
    if path in origin.seen or len(origin.seen) >= MOST_EXTENDED:
        message = f"files may extend one another at most {MOST_EXTENDED} deep and in no circle, found {name!r}"
        fault = Fault(message, ("extends",), code="E-extends-circle")
        raise ScenarioError([problem(document, fault, origin.file)])
    return path


def file_problems(document: Block, file: str) -> list[Problem]:
    """What is wrong with the keys of a file that do not outlive its reading."""
    own = {key: document[key] for key in ("extends", "defaults") if key in document}
    faults = []
    if not isinstance(own.get("extends", ""), str | None):
        said = f"expected the name of a scenario, found {found(own['extends'])}"
        faults.append(Fault(said, ("extends",), code="E-value-name"))
    if document.get("evidence") is not None:
        try:
            EvidenceForm().read(document["evidence"], NOBODY)
        except FormError as wrong:
            faults += [fault.under(("evidence",)) for fault in wrong.faults]
    if document.get("uncertain") is not None:
        try:
            UncertainForm().read(document["uncertain"], NOBODY)
        except FormError as wrong:
            faults += [fault.under(("uncertain",)) for fault in wrong.faults]
    levers = document.get("levers")
    if levers is not None and not (isinstance(levers, list) and all(isinstance(name, str) for name in levers)):
        said = f"expected a list of levers such as [cpq@0.6], found {found(levers)}"
        faults.append(Fault(said, ("levers",), code="E-value-shape"))
    defaults = own.get("defaults")
    if defaults is not None:
        try:
            Defaults.model_validate(defaults)
        except ValidationError as error:
            faults += [fault.under(("defaults",)) for fault in faults_of(error)]
        for group in DEFAULTED if isinstance(defaults, Mapping) else ():
            part = defaults.get(group)
            if part is not None and not isinstance(part, Mapping):
                said = f"expected a mapping, found {found(part)}"
                faults.append(Fault(said, ("defaults", group), code="E-value-shape"))
    return [problem(document, fault, file) for fault in faults]


def defaulted(document: Block) -> Block:
    """The document with its defaults laid under each team and stage, and without the keys of files only."""
    defaults = document.get("defaults") or {}
    made: dict[str, Any] = {}
    for key, value in document.items():
        if key in OF_FILES:
            continue
        under = defaults.get(key)
        if key in DEFAULTED and under and isinstance(value, Mapping):
            made[key] = Block(
                {name: with_defaults(under, key, one, document) for name, one in value.items()}, _marks(value)
            )
        else:
            made[key] = value
    return document.like(made)


def known_in(whole: Block, base: Block, file: str) -> dict[str, Record]:
    """How the numbers of a file are known; raises `ScenarioError` for a record of nothing."""
    records = EvidenceForm().read(whole.get("evidence") or {}, NOBODY)
    wrong = [*known.of_nothing(records, base, SPEC)]
    wrong = wrong or [*known.of_no_number(records, base, SPEC), *known.out_of_range(records, base, SPEC)]
    faults = [fault.under(("evidence",)) for fault in wrong]
    if faults:
        raise ScenarioError([problem(whole, fault, file) for fault in faults])
    return known.expanded(records, base)


def _known_still(below: Mapping[str, Any], own: Mapping[str, Any], before: Block, after: Block) -> dict[str, Any]:
    """Records of a file and of the one that it extends, those of values that it changes left out."""
    old, new = defaulted(before), defaulted(after)
    left = known.kept(known.expanded(EvidenceForm().read(below, NOBODY), old), old, new)
    return {**{path: record.to_dict() for path, record in left.items()}, **own}


def with_defaults(below: Mapping[str, Any], group: str, entry: Any, document: Block) -> Any:
    """An entry laid over the defaults of its group."""
    if not isinstance(entry, Mapping) or not below:
        return entry
    if group == "teams" and entry.get("from"):  # of its people others say what they are
        below = {key: value for key, value in below.items() if key not in OF_PEOPLE}
    names = Names.of(document)
    form = FILE.child(group)
    long = form.expand({"x": copied(below)}, names)["x"] if form is not None else below
    around = Block({**{k: v for k, v in document.items() if k not in DEFAULTED}, group: Block({"x": long})})
    changed = apply(around, Block({group: Block({"x": entry})}), FILE)
    if changed.problems:
        raise ScenarioError(changed.problems)
    return changed.document[group].get("x", Block())


def _marks(value: Any) -> Any:
    return getattr(value, "marks", None)
