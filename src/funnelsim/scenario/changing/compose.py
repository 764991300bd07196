"""From a file to a document: what it extends, its defaults, its levers and its phases, laid over one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from funnelsim.errors import Problem, ScenarioError, Unheeded, Warned

from ..checking.writings import Writing
from ..forms.base import Fault
from ..forms.base import Path as Path_
from ..language.lever import PEOPLE, OfLever
from ..language.texts import shown
from ..reading.document import Block, problem
from . import known, repeats
from . import levers as lever_files
from .by_role import in_names
from .changes import Changed, apply
from .draws import Draws
from .extended import SPEC, defaulted, extended, known_in, with_defaults
from .files import Origin
from .fitting import fitted, one_sided, touched, without_effect
from .levers import Dosed
from .paths import GROUPS, OF_FILES, of_files
from .scaling import SCALE, scaled, without_scale
from .typed import read_spec


@dataclass(frozen=True)
class Under:
    """A file before its scale and its levers, which is where a draw of inputs acts.

    Parameters
    ----------
    whole : Block
        The file with what it extends.
    base : Block
        The same with its defaults, and without what only files have.
    defaults : Block
        What lies under teams and stages.
    draws : Draws or None
        The draws of its inputs that it names.
    """

    whole: Block
    base: Block
    defaults: Block
    draws: Draws | None = None


Step = Mapping[str, Any] | tuple[Dosed, ...]
"""What was laid over a file after it was read: a change, or levers."""


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
    under: Under | None = None  # the file that it was made of; None for a part of a phase
    steps: tuple[Step, ...] = ()  # what was laid over the file after it was read, in order

    def over(self, *what: str) -> Composed:
        """The same, with what was laid over it told."""
        return replace(self, laid=(*self.laid, *what))

    def after(self, step: Step) -> Composed:
        """The same, with what was laid over it kept, so that it can be laid over a draw of the inputs."""
        return replace(self, steps=(*self.steps, step))


# --- a file ------------------------------------------------------------------------------------------------


def compose(document: Block, file: str, folder: Path | None) -> Composed:
    """The document of a file with what it extends, its defaults and its levers."""
    whole, warnings = extended(document, Origin(file, folder))
    wanted = whole.get("levers") or []
    base = defaulted(whole)
    defaults = Block({group: whole["defaults"][group] for group in whole.get("defaults") or {}})
    under = Under(whole, base, defaults, whole.get("uncertain"))
    after = replace(_scaled(under, Writing(document, base), warnings), evidence=known_in(whole, base, file))
    return with_levers(after, wanted, folder, (whole, ("levers",))) if wanted else after


def _scaled(under: Under, writing: Writing, warnings: Iterable[Warned] = ()) -> Composed:
    """A file at its scale, before its levers."""
    larger, said = scaled(under.base, SPEC)
    base = under.base.like({key: value for key, value in under.base.items() if key != SCALE})
    after = Composed(base, base, tuple(warnings), (writing,), defaults=under.defaults, under=under)
    if larger is not None:
        after = _laid(after, _changed(after, larger, 1.0, ""), Writing(larger, base), said)
        after = replace(after, base=after.document)
    return after


def drawn(composed: Composed, change: Mapping[str, Any], what: str = "") -> Composed:
    """The same as if its file had said what a draw of its inputs says, before its levers and all that came after.

    Parameters
    ----------
    composed : Composed
        A scenario.
    change : mapping
        The draw.
    what : str
        What it is called in messages.

    Raises
    ------
    ScenarioError
        If it cannot be laid over the file.
    """
    under = composed.under
    if under is None:
        raise ValueError("only what was made of a file can be drawn")
    first = with_change(Composed(under.base, under.base), change, 1.0, what)
    return _scaled(replace(under, base=first.document), Writing(change, first.document), first.warnings)


def laid_again(made: Composed, composed: Composed) -> Composed:
    """The levers of its file, and what was laid over it afterwards, once more over a draw of its inputs."""
    over = [step for step in composed.steps if isinstance(step, tuple)]
    own = composed.levers[: len(composed.levers) - sum(map(len, over))]
    for standing in own:
        made = _with_dosed(made, standing.lever, standing.by)
    for step in composed.steps:
        if isinstance(step, tuple):
            for lever in step:
                made = _with_dosed(made, lever, "")
        else:
            made = with_change(made, step)
    return made


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
        lever,
        before,
        SPEC,
        lambda group, entry: with_defaults(composed.defaults.get(group) or {}, group, entry, before),
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
