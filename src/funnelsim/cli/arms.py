"""The scenarios that are set side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funnelsim.errors import FunnelsimError
from funnelsim.scenario.study.factors import told
from funnelsim.views.words import items, say, separated

from . import inputs, streams

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario
    from funnelsim.scenario.study.study import Study

    from .questions import Arms

TOGETHER = "+"
"""Joins levers that make one arm, as in ``cpq+hire_field``."""


@dataclass(frozen=True)
class Gathered:
    """Scenarios by the names they are to have, and the study that names them, if one does."""

    scenarios: dict[str, Scenario]
    study: Study | None = None
    at: Mapping[str, Any] = field(default_factory=dict)  # values of the study's factors

    def to_dict(self) -> dict[str, Any]:
        """What the JSON document says of a study: its name, and where its arms stand."""
        if self.study is None:
            return {}
        varied = {factor.name: self.at.get(factor.name) for factor in self.study.varied}
        told = {"study": self.study.name, "at": varied}
        elsewhere = self.study.elsewhere
        if elsewhere is not None:
            told |= {"fitted": list(self.study.said), "elsewhere": elsewhere.to_dict()}
        return told

    @property
    def where(self) -> str:
        """At which values of what the study varies its arms stand; empty where it varies nothing."""
        if self.study is None or not self.study.varied:
            return ""
        left = [factor.name for factor in self.study.varied if factor.name not in self.at]
        said = [f"{name} {told(value)}" for name, value in self.at.items()]
        if left:
            said.append(say("command.at_base", names=separated(left), first=left[0]))
        return say("command.at", values=items(said))


def gather(arms: Arms, quiet: bool = False) -> Gathered:
    """Read the scenarios that a user wants side by side; what changes do is told unless quiet.

    Raises
    ------
    FunnelsimError
        If a file or a change is wrong, or there are fewer than two.
    """
    changes = arms.set_ or ()
    files = arms.files
    twice = [file for file in files if files.count(file) > 1]
    if twice:
        raise FunnelsimError(
            f"{twice[0]} is given twice, and has no difference to itself; remove one of them", code="E-file-twice"
        )
    if arms.at and not (len(files) == 1 and inputs.is_study(files[0])):
        raise FunnelsimError(
            "--at names a value of what a study varies; with scenario files use --set", code="E-option-study"
        )
    if arms.on is not None and not (len(files) == 1 and inputs.is_study(files[0])):
        raise FunnelsimError(
            "--on names the line on which a study is run; give one study, such as one_more_rep",
            code="E-option-study",
        )
    if len(files) == 1 and inputs.is_study(files[0]):
        return _of_study(files[0], arms, quiet)
    first = files[0]
    names = _names(files)
    arm_changes = [_named(what) for what in arms.arm or ()]
    _unlike(
        [("", file, name) for file, name in names.items()]
        + [("--lever", lever, lever) for lever in arms.lever or ()]
        + [("--arm", what, name) for what, (name, _) in zip(arms.arm or (), arm_changes, strict=True)]
    )
    made = {names[file]: inputs.scenario(file, None, changes, quiet) for file in files}
    for lever in arms.lever or ():
        made[lever] = inputs.scenario(first, together(lever), changes, quiet)
    for name, change in arm_changes:
        made[name] = inputs.changed(made[names[first]], [change], "--arm", quiet)
    if len(made) < 2:
        raise FunnelsimError(
            "there is nothing to compare with: give a second file, a --lever, or a change with --arm PATH=VALUE",
            code="E-arms-few",
        )
    return Gathered(made)


def together(lever: str) -> list[str]:
    """The levers of an arm; a file may have the sign that joins them in its name."""
    whole = Path(lever).is_file() or Path(lever.rpartition("@")[0]).is_file()
    return [lever] if whole else [each.strip() for each in lever.split(TOGETHER)]


def _unlike(named: Sequence[tuple[str, str, str]]) -> None:
    """Refuse two scenarios of one name, of which the second would take the place of the first.

    Each comes with its option, or none for a file, with what was given, and with its name.
    """
    seen: dict[str, str] = {}
    for option, given, name in named:
        what = f"{option} {given}" if option else f"the file {given}"
        if name in seen:
            raise FunnelsimError(
                f"{what}: the name {name!r} is that of {seen[name]} already; "
                "give it another, as in --arm 'one more: teams.desk.headcount=4'",
                code="E-name-taken",
            )
        seen[name] = what


def _names(files: Sequence[str]) -> dict[str, str]:
    """Files by their names without folder and suffix, or as they were given where these are the same."""
    stems = [Path(file).stem for file in files]
    return {file: stem if stems.count(stem) == 1 else file for file, stem in zip(files, stems, strict=True)}


def _named(what: str) -> tuple[str, str]:
    """The name of an arm and its change: ``one more: teams.desk.headcount=4``; without a name the change is it."""
    path, equals, value = what.partition("=")
    if not equals:
        raise FunnelsimError(f"--arm {what}: write it as PATH=VALUE, such as {_meant(what)}", code="E-option-form")
    name, colon, rest = path.rpartition(":")
    return (name.strip(), f"{rest.strip()}{equals}{value}") if colon and name.strip() else (what, what)


def _meant(what: str) -> str:
    """What to type for ``三倍: {scale: 3}`` and ``skip: stages.qualify.next: sell``, which lack a ``=``."""
    name, colon, rest = (part.strip() for part in what.replace("：", ":").partition(":"))
    if "." in name and not name.partition(" ")[2]:  # a path without a name before it
        return f"{name}={rest}" if rest else f"{name}=4"
    inside = rest[1:-1] if rest.startswith("{") and rest.endswith("}") else rest
    change = re.fullmatch(r"\s*([^\s:{}]+)\s*:\s*(\S.*)", inside) if colon else None
    if change is None:
        return f"'{name}: teams.desk.headcount=4'" if colon and name else "teams.desk.headcount=4"
    return f"'{name}: {change[1]}={change[2].strip()}'"


def _of_study(file: str, arms: Arms, quiet: bool) -> Gathered:
    from funnelsim.experiments.study.checking import check_study

    if arms.lever or arms.arm:
        raise FunnelsimError(
            "a study names its arms itself; --lever and --arm go with scenario files", code="E-option-study"
        )
    study = inputs.study(file, arms.set_, quiet, arms.on)
    streams.complain(() if quiet else study.said, "note")
    if len(study.arms) < 2:
        raise FunnelsimError(
            f"{file}: the study has no arms to compare; it is one for `funnelsim sweep`", code="E-study-arms"
        )
    check_study(study)
    at = inputs.fragments(arms.at, "--at")
    for name, value in at.items():
        said = study.strange(name, value)
        if said is not None:
            raise FunnelsimError(f"--at {name}={told(value)}: {said}", code="E-study-point")
    return Gathered({name: study.scenario(name, at) for name in study.arms}, study, at)
