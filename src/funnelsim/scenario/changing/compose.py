"""From a file to a document: what it extends, its defaults, its levers and its phases, laid over one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from funnelsim.errors import Problem, ScenarioError, Unheeded, Warned

from ..checking.writings import Writing
from ..forms.base import NOBODY, Fault, FormError, Names, faults_of, found
from ..forms.base import Path as Path_
from ..forms.entry import Entry, EntryForm
from ..language import fields as f
from ..language.evidence import Evidence, EvidenceForm, Record
from ..language.lever import PEOPLE, OfLever
from ..language.people import OF_PEOPLE
from ..language.texts import shown
from ..language.types import ScenarioSpec
from ..reading import beside, library
from ..reading.document import Block, copied, problem
from ..reading.reader import read_file
from . import known, repeats
from . import levers as lever_files
from .blanks import blanks
from .by_role import in_names
from .changes import Changed, apply
from .files import Origin, inlined, inside
from .fitting import fitted, one_sided, touched, without_effect
from .money import levers_of_old
from .paths import GROUPS, OF_FILES, of_files
from .scaling import SCALE, scaled, without_scale
from .typed import read_spec

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


FILE = EntryForm(ScenarioFile)
SPEC = EntryForm(ScenarioSpec)


@dataclass(frozen=True)
class Composed:
    """A document with everything laid over it, and what it was before levers and changes.

    ``writings`` is what was laid over it since it was last found to be right.
    """

    base: Block
    document: Block
    warnings: tuple[Warned, ...] = ()
    writings: tuple[Writing, ...] = ()
    laid: tuple[str, ...] = ()  # levers with doses and changes over the file, in words
    cautions: tuple[OfLever, ...] = ()  # what levers show one side of only, on this line
    defaults: Block = field(default_factory=Block)  # what lies under teams and stages, also under those to come
    levers: tuple[repeats.Standing, ...] = ()
    evidence: known.Records = field(default_factory=dict)  # how numbers are known, by path

    def over(self, *what: str) -> Composed:
        """The same, with what was laid over it told."""
        return replace(self, laid=(*self.laid, *what))


# --- a file ------------------------------------------------------------------------------------------------


def compose(document: Block, file: str, folder: Path | None) -> Composed:
    """The document of a file with what it extends, its defaults and its levers."""
    whole, warnings = _extended(document, Origin(file, folder))
    wanted = whole.get("levers") or []
    base = _defaulted(whole)
    evidence = _known(whole, base, file)
    defaults = Block({group: whole["defaults"][group] for group in whole.get("defaults") or {}})
    larger, said = scaled(base, SPEC)
    base = base.like({key: value for key, value in base.items() if key != SCALE})
    after = Composed(base, base, tuple(warnings), (Writing(document, base),), defaults=defaults, evidence=evidence)
    if larger is not None:
        after = _laid(after, _changed(after, larger, 1.0, ""), Writing(larger, base), said)
        after = replace(after, base=after.document)
    return with_levers(after, wanted, folder, (whole, ("levers",))) if wanted else after


def _extended(document: Block, origin: Origin) -> tuple[Block, list[Warned]]:
    problems: list[Problem] = []
    said: list[Warned] = []
    document = inlined(document, origin, problems, said)
    problems += _file_problems(document, origin.file)
    if problems:
        raise ScenarioError(problems)
    if document.get("extends") is None:
        whole = FILE.expand(document, Names.of(document))
        return whole, [*said, *blanks(whole, FILE)]
    path = _extended_path(document, origin)
    below, warnings = _extended(read_file(path), Origin(str(path), path.parent, (*origin.seen, path)))
    records = below.get("evidence") or {}, document.get("evidence") or {}
    below = below.like({key: value for key, value in below.items() if key != "evidence"})
    own = document.like({key: value for key, value in document.items() if key not in ("extends", "evidence")})
    changed = apply(below, own, FILE)
    if changed.problems or changed.missed:
        raise ScenarioError((*changed.problems, *changed.missed))
    whole = changed.document
    if any(records):
        whole = whole.like({**whole, "evidence": _known_still(*records, below, whole)})
    return whole, [*warnings, *said, *changed.warnings, *levers_of_old(below, own)]


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


def _file_problems(document: Block, file: str) -> list[Problem]:
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


def _defaulted(document: Block) -> Block:
    """The document with its defaults laid under each team and stage, and without the keys of files only."""
    defaults = document.get("defaults") or {}
    made: dict[str, Any] = {}
    for key, value in document.items():
        if key in OF_FILES:
            continue
        under = defaults.get(key)
        if key in DEFAULTED and under and isinstance(value, Mapping):
            made[key] = Block(
                {name: _under(under, key, one, document) for name, one in value.items()}, _marks(value)
            )
        else:
            made[key] = value
    return document.like(made)


def _known(whole: Block, base: Block, file: str) -> dict[str, Record]:
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
    old, new = _defaulted(before), _defaulted(after)
    left = known.kept(known.expanded(EvidenceForm().read(below, NOBODY), old), old, new)
    return {**{path: record.to_dict() for path, record in left.items()}, **own}


def _under(below: Mapping[str, Any], group: str, entry: Any, document: Block) -> Any:
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


# --- levers and changes ------------------------------------------------------------------------------------


Asked = tuple[Mapping[str, Any], Path_]
"""Where levers are asked for: a document, and the path of the list in it."""


def with_levers(
    composed: Composed,
    references: Iterable[Any],
    folder: Path | None,
    asked: Asked | None = None,
    anywhere: bool = False,
) -> Composed:
    """Levers applied in order, files outside the folder only if they may be anywhere.

    Raises
    ------
    ScenarioError
        With what is wrong with any of them; what only a lever that is wrong itself may have brought is not missed.
    """
    problems: list[Problem] = []
    listed: list[lever_files.Dosed] = []
    references = list(references)
    for index, reference in enumerate(references):
        lever = None
        try:
            lever = lever_files.find(reference, folder, anywhere)
            repeats.refuse_again(lever, listed)
            repeats.refuse_rivals(lever, composed.levers)
            listed.append(lever)
            composed = _with_dosed(composed, lever, _asked_by(asked, index))
        except ScenarioError as error:
            entries = [name for group in GROUPS for name in composed.document.get(group) or ()]
            hint = "" if lever is not None else lever_files.torn(references, index, entries)
            found = [_placed(one, asked, index, lever) for one in error.problems]
            found = [replace(one, message=one.message + hint) for one in found]
            problems += [one for one in found if not (problems and one.missing)]
    if problems:
        raise ScenarioError(problems)
    return composed


def _with_dosed(composed: Composed, lever: lever_files.Dosed, by: str) -> Composed:
    """A lever and its costs laid over a document; raises `ScenarioError`.

    What of it finds nothing is a warning as long as something does.
    """
    if lever.dose == 0:
        paid = ", and so are its costs" if lever.document.get("costs") else ""
        none = Warned(f"lever {lever.name} at dose 0: left out{paid}", "W-lever-left-out")
        return replace(composed, warnings=(*composed.warnings, none))
    before, records = composed.document, composed.evidence
    fit = fitted(
        lever, before, SPEC, lambda group, entry: _under(composed.defaults.get(group) or {}, group, entry, before)
    )
    what = f"lever {lever.name}"
    parts = ((fit.whole, 1.0), (fit.dosed, lever.dose), (fit.present, lever.dose))
    missed, done = list(fit.missing), 0
    for change, dose in parts:
        if not change:
            continue
        changed = _changed(composed, change, dose, what)
        missed += changed.missed if change is not fit.present else ()
        done += changed.done
        composed = _laid(composed, changed, Writing(change, changed.document, what))
    if missed and not done:
        raise _nothing_applies(lever, before, missed)
    idle = tuple(without_effect(before, composed.document, (fit.whole, fit.dosed, fit.present)))
    if composed.document == before and not fit.costs and not fit.paid:
        why = "; ".join((*idle, *fit.said))
        nothing = f"{what} changes nothing on this line{f': {why}' if why else ''}"
        raise ScenarioError([Problem("", nothing, code="E-lever-nothing")])
    lacks = (f"{one.path}: {one.message.removeprefix(what + ': ')}" for one in missed)
    said = [Warned(text, "W-lever-missed") for text in lacks]
    told = (Unheeded(f"{what}: {text}", text.code) for text in (*said, *fit.said, *idle))
    cautions = tuple(OfLever(lever.name, texts) for texts in one_sided(lever, before, SPEC, read_spec))
    put = repeats.put((fit.whole, fit.dosed, fit.present), SPEC, composed.document)
    replaced = repeats.replaced(put, composed.levers, composed.document)
    composed = replace(
        composed,
        warnings=(
            *composed.warnings,
            *repeats.again(lever, composed.levers, by),
            *(Unheeded(f"{what}: {text}", text.code) for text in replaced),
            *told,
            *lever.warnings,
            *(Unheeded(text, "W-lever-one-sided") for text in cautions),
        ),
        cautions=(*composed.cautions, *cautions),
        levers=(*composed.levers, repeats.Standing(lever, by, put)),
        evidence={**composed.evidence, **known.brought(lever, records, before, composed.document, SPEC)},
    )
    heads = lever.dose if lever.lever.dose.is_ == PEOPLE else 1.0
    composed = with_change(with_change(composed, fit.costs, 1.0, what), fit.paid, heads, what)
    return composed.over(lever.in_words.at(touched(before, composed.document)))


def _nothing_applies(lever: lever_files.Dosed, before: Block, missed: Iterable[Problem]) -> ScenarioError:
    """That a lever finds nothing to change, and why if it is known."""
    reasons = map(shown, one_sided(lever, before, SPEC, read_spec))
    nothing = ": ".join(("nothing of this lever applies here", *reasons))
    return ScenarioError([replace(one, message=f"{one.message} ({nothing})") for one in missed])


def _asked_by(asked: Asked | None, index: int) -> str:
    """What asks for a lever, if that is a file: ``levers.0 of own.yaml``."""
    if asked is None:
        return ""
    document, path = asked
    place = problem(document, Fault("", (*path, index), code=""))
    return f"{place.path} of {Path(place.file).name}" if place.file else place.path


def _placed(one: Problem, asked: Asked | None, index: int, lever: lever_files.Dosed | None) -> Problem:
    """A problem with a lever at the place where the lever is asked for, unless its own file is the user's."""
    if one.file and (lever is None or not lever.shipped):
        return one
    document, path = asked if asked is not None else ({}, ("levers",))
    said = one.message if lever is None else lever.misfit(one)
    return replace(problem(document, Fault(said, (*path, index), code=one.code)), missing=one.missing)


def with_change(composed: Composed, change: Mapping[str, Any], dose: float = 1.0, what: str = "") -> Composed:
    """A change laid over a document; raises `ScenarioError`, also if some of it finds nothing to change."""
    change = in_names(change, composed.document)
    changed = _changed(composed, change, dose, what)
    if changed.missed:
        raise ScenarioError(changed.missed)
    return _laid(composed, changed, Writing(change, changed.document, what))


def _changed(composed: Composed, change: Mapping[str, Any], dose: float, what: str) -> Changed:
    refused = [key for key in change if key.split(".")[0] in OF_FILES]
    if refused:
        message = of_files(refused[0].split("."))
        fault = Fault(f"{what}: {message}" if what else message, (refused[0],), code="E-key-misplaced")
        raise ScenarioError([problem(change, fault)])
    rest, larger, said = without_scale(change, composed.document, SPEC)
    if larger is not None:
        first = apply(composed.document, larger, SPEC, dose, what)
        changed = apply(first.document, rest, SPEC, dose, what)
        changed = replace(
            changed,
            problems=(*first.problems, *changed.problems),
            done=changed.done + first.done,
            warnings=(*said, *first.warnings, *changed.warnings),
        )
    else:
        changed = apply(composed.document, rest, SPEC, dose, what)
    if changed.problems:
        raise ScenarioError((*changed.problems, *changed.missed))
    return changed


def _laid(composed: Composed, changed: Changed, writing: Writing, warnings: Iterable[Warned] = ()) -> Composed:
    """A document with a change that was laid over it."""
    said = (*composed.warnings, *warnings, *changed.warnings)
    writings = (*composed.writings, writing)
    evidence = known.kept(composed.evidence, composed.document, changed.document)
    return replace(composed, document=changed.document, warnings=said, writings=writings, evidence=evidence)
