"""The scenario or study that a user asks for, with what was laid over it on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from funnelsim.errors import FunnelsimError, Problem, ScenarioError

from . import streams
from .options import as_share

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario
    from funnelsim.scenario.study.study import Study

_LONG_NUMBER = re.compile(r"\d+\.\d{10,}(?![\d\w])")
SHOWN = 5
"""Values whose change is told."""


def scenario(
    file: str,
    levers: Sequence[str] | None,
    changes: Sequence[str] | None,
    quiet: bool = False,
    against: Sequence[str] = (),
) -> Scenario:
    """The scenario of a file with levers, those that it is seen against, and changes laid over it, in this order.

    Unless ``quiet``, what changes do is told.

    Raises
    ------
    FunnelsimError
        If the file, a lever or a change is wrong.
    """
    from funnelsim.scenario.scenario import load

    loaded = load(_path(file))
    problems: list[Problem] = []
    try:
        loaded = loaded.with_levers(*(levers or ()), *against)
    except ScenarioError as error:
        asked = [*(f"--lever {one}" for one in levers or ()), *(f"--against {one}" for one in against)]
        problems += [_of_lever(one, asked) for one in error.problems]
    try:
        loaded = changed(loaded, changes, quiet=quiet)
    except ScenarioError as error:  # what a lever that is wrong may have brought is not missed
        problems += [one for one in error.problems if not (problems and one.missing)]
    if problems:
        raise ScenarioError(problems)
    return loaded


def _of_lever(problem: Problem, asked: Sequence[str]) -> Problem:
    """A problem with a lever named on the command line, which is blamed on it and not on a file."""
    key, _, index = problem.path.partition(".")
    if problem.file or key != "levers" or not index.isdecimal():
        return problem
    return replace(problem, path="", file=asked[int(index)])


def changed(
    loaded: Scenario, changes: Sequence[str] | None, option: str = "--set", quiet: bool = False
) -> Scenario:
    """A scenario with changes ``PATH=VALUE``, given with an option, laid over it; see `scenario`.

    Raises
    ------
    FunnelsimError
        If a change is wrong.
    """
    from funnelsim.scenario.forms.base import FormError

    if not changes:
        return loaded
    typed: dict[str, tuple[Any, str]] = {}
    problems: list[Problem] = []
    for path, text in _parts(changes, option).items():
        try:
            typed[path] = _meant(loaded, path, text)
        except FormError as wrong:
            problems.append(Problem("", str(wrong), f"{option} {path}={text}", code=wrong.code))
    values = {path: value for path, (value, _) in typed.items()}
    try:
        made = loaded.change(values)  # at once: what one makes wrong another may put right
    except ScenarioError as error:
        problems += _all_wrong(loaded, values, changes, option, error)
    if problems:
        raise ScenarioError(problems)
    if not quiet:
        did = {path: how for path, (_, how) in typed.items() if how}
        said = (f"{option} {path} {how}: {effect(loaded, made, path)}" for path, how in did.items())
        streams.complain((*_merged(loaded, values, option), *said), "note")
    return made


def _all_wrong(
    loaded: Scenario, values: Mapping[str, Any], changes: Sequence[str], option: str, error: ScenarioError
) -> Iterator[Problem]:
    """What is wrong with changes that were refused, and with the rest of them without those that are blamed."""
    alone = [path for path in values if _fails(loaded, path, values[path])]
    asked = [each for each in changes if _apart(each)[0] in alone] or changes
    yield from (_placed(problem, asked, option) for problem in error.problems)
    blamed = {path for path in values for problem in error.problems if f"{problem.path}.".startswith(f"{path}.")}
    rest = {path: value for path, value in values.items() if path not in blamed}
    if not rest or len(rest) == len(values):
        return
    try:
        loaded.change(rest)
    except ScenarioError as further:
        missing = {problem for problem in further.problems if problem.missing}  # which others may have brought
        new = [problem for problem in further.problems if problem not in missing]
        if new:
            yield from _all_wrong(loaded, rest, changes, option, ScenarioError(new))


def _merged(loaded: Scenario, values: Mapping[str, Any], option: str) -> Iterator[str]:
    """What stays of mappings over which mappings are laid, where that could be overlooked."""
    from funnelsim.scenario.changing.edits import directive
    from funnelsim.scenario.forms.entry import EntryForm, NamedForm
    from funnelsim.scenario.forms.kinds import ByKindForm

    for path, value in values.items():
        form = loaded.form_at(path) if isinstance(value, Mapping) and not directive(value) else None
        form = form.inner if isinstance(form, ByKindForm) else form
        if form is None or isinstance(form, EntryForm | NamedForm):
            continue  # with keys of the language it is expected
        for at, old in loaded.values_at(path).items():
            rest = {key: each for key, each in old.items() if key not in value} if isinstance(old, Mapping) else {}
            if rest and form.merges and not ("dist" in old or "dist" in value):
                kept = ", ".join(f"{key}: {each}" for key, each in list(rest.items())[:SHOWN])
                more = f" and {len(rest) - SHOWN} more" if len(rest) > SHOWN else ""
                whole = f"{{set: {{{', '.join(value)}: ...}}}}" if len(value) == 1 else "{set: {...}}"
                yield f"{option} {at} merges; kept: {kept}{more}; {whole} replaces the whole"


def _fails(loaded: Scenario, path: str, value: Any) -> bool:
    """Whether a change is wrong by itself."""
    try:
        loaded.change({path: value})
    except ScenarioError:
        return True
    return False


def _meant(loaded: Scenario, path: str, text: str) -> tuple[Any, str]:
    """The value that a change asks for, and in words what it does if that had to be worked out."""
    from funnelsim.scenario.changing.signed import meant

    signed = meant(loaded.form_at(path), text, loaded.names)
    if signed is None:
        return _value(text), ""
    return signed, "adds" if "add" in signed else "multiplies"


def effect(before: Scenario, after: Scenario, path: str) -> str:
    """What a change did, value by value: ``teams.desk.headcount: 5 → 6``."""
    from funnelsim.scenario.study.factors import told

    old, new = before.values_at(path), after.values_at(path)
    said = [
        f"{at}: {rounded(told(old.get(at, 'the default')))} → {rounded(told(value))}" for at, value in new.items()
    ]
    return ", ".join(said[:SHOWN]) + (f" and {len(said) - SHOWN} more" if len(said) > SHOWN else "")


def rounded(text: str) -> str:
    """A text with its long numbers as people write them: 4.8 for 4.800000000000001."""
    return _LONG_NUMBER.sub(lambda number: f"{float(number[0]):.12g}", text)


def is_study(file: str, broken: bool = False) -> bool:
    """Whether a file is a study; one that cannot be read is `broken`, and is complained about as such."""
    from funnelsim.scenario.reading import document
    from funnelsim.scenario.reading.reader import read_file

    try:
        return document.is_study(read_file(_parted(file)[0]))
    except FunnelsimError:
        return broken


def study(
    file: str,
    changes: Sequence[str] | None = None,
    quiet: bool = False,
    on: str | None = None,
    whole: bool = False,
) -> Study:
    """The study of a file, with changes laid over its base or over the line `on` which it is wanted.

    On such a line what it varies is left out where it does not fit, unless the `whole` study is needed.

    Raises
    ------
    FunnelsimError
        If the file or a change is wrong: with all that is wrong with the file.
    """
    path, narrowed = _parted(file)
    if on is not None:
        from funnelsim.scenario.study.shipped import study_on

        if is_study(on):
            raise FunnelsimError(
                f"--on {on}: this is a study; name the scenario that it is to be about", code="E-file-kind"
            )
        return study_on(path, scenario(on, None, changes, quiet), narrowed, whole)
    if narrowed:
        raise FunnelsimError(
            f"{file}: names behind a colon narrow the roles of another line; name that by --on FILE",
            code="E-narrow-without-line",
        )
    from funnelsim.scenario.study.study import load_study

    try:
        loaded = load_study(path)
    except ScenarioError:
        from funnelsim.experiments.study.checking import load_checked

        loaded = load_checked(path)  # which has more to say of it
    return loaded.on(changed(loaded.base, changes, quiet=quiet)) if changes else loaded


def share(text: str, option: str) -> float:
    """A share such as ``2%``, for an option that takes other things as well.

    Raises
    ------
    FunnelsimError
        If it is none.
    """
    try:
        return as_share(text)
    except typer.BadParameter as error:
        raise FunnelsimError(f"{option}: {error.message}", code="E-value-amount") from None


def _placed(problem: Problem, changes: Sequence[str], option: str) -> Problem:
    """A problem that came with changes typed on the command line, blamed on them and not on a line of a file."""
    paths = {change: _apart(change)[0] for change in changes}
    about = [change for change, path in paths.items() if f"{problem.path}.".startswith(f"{path}.")]
    there = f" (in {problem.file}:{problem.line})" if problem.file not in ("", "change") else ""
    blamed = f"{option} {' '.join(about or changes)}"
    return replace(problem, message=problem.message + there, file=blamed, line=0, column=0)


def _path(file: str) -> Path:
    """A path as it is given; a name without a suffix that is no file may be that of something shipped."""
    from funnelsim.scenario.reading import library

    path = Path(file)
    if path.suffix or path.exists():
        return path
    return library.template_called(file) or library.study_called(file) or path


def _parted(file: str) -> tuple[Path, tuple[str, ...]]:
    """The path of a study, and the names behind its colon, to which roles are narrowed."""
    from funnelsim.scenario.changing.levers import parted

    name, narrowed = (file, ()) if Path(file).exists() else parted(file)
    return _path(name), narrowed


def fragments(typed: Sequence[str] | None, option: str) -> dict[str, Any]:
    """What each ``PATH=VALUE`` says by its path; values are YAML.

    Raises
    ------
    FunnelsimError
        If one is written otherwise, or a path is given twice.
    """
    from funnelsim.scenario.forms.base import FormError

    made = {}
    for path, text in _parts(typed or (), option).items():
        try:
            made[path] = _value(text)
        except FormError as wrong:
            raise FunnelsimError(f"{option} {path}={text}: {wrong}", code=wrong.code) from None
    return made


@contextmanager
def of_option(option: str) -> Iterator[None]:
    """Within the block, mistakes in what an option varies are told as those of the option, and not of a study."""
    try:
        yield
    except ScenarioError as error:
        own = [each for each in error.problems if each.path.startswith("vary.") and not each.file]
        told = [replace(each, path=f"{option} {each.path.removeprefix('vary.')}") for each in own]
        raise ScenarioError(told or error.problems) from None


def _parts(typed: Sequence[str], option: str) -> dict[str, str]:
    """The text of each ``PATH=VALUE`` by its path."""
    made: dict[str, str] = {}
    for each in typed:
        path, equals, value = _apart(each)
        if not equals or not path:
            meant = re.sub(r"\s*[＝:：]\s*", "=", each.replace("．", "."), count=1)
            example = meant if "=" in meant.strip("=") else "teams.desk.headcount=4"
            raise FunnelsimError(
                f"{option} {each}: write it as PATH=VALUE, such as {example}", code="E-option-form"
            )
        if value.startswith("="):
            raise FunnelsimError(
                f"{option} {each}: one = is enough; write {path}={value.lstrip('= ')}", code="E-option-form"
            )
        if not value:
            raise FunnelsimError(
                f"{option} {each}: the value is missing; null removes what is there", code="E-option-form"
            )
        if path in made:
            raise FunnelsimError(
                f"{option} {each}: {path} is given twice, with {made[path]} and with {value}",
                code="E-option-twice",
            )
        made[path] = value
    return made


def _apart(typed: str) -> tuple[str, str, str]:
    """Path, sign and value of ``PATH=VALUE``; what is in brackets belongs to the path."""
    from funnelsim.scenario.changing.by_role import IN_BRACKETS

    whole = re.fullmatch(rf"((?:{IN_BRACKETS}|[^=\[])*)(=)(.*)", typed, re.DOTALL)
    path, equals, value = whole.groups() if whole is not None else typed.partition("=")
    return path.strip(), equals, value.strip()


def _value(text: str) -> Any:
    """The value of ``PATH=VALUE``, which is YAML; raises `FormError`."""
    from funnelsim.scenario.forms.base import FormError
    from funnelsim.scenario.reading.reader import parse_value

    try:
        return parse_value(text)
    except ScenarioError as error:
        raise FormError(error.problems[0].message, code=error.code) from error
