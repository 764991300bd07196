"""The mapping: which column is what, how moments are written, which stages there are."""

from __future__ import annotations

import collections.abc as abc
import json
import re
import zoneinfo
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from funnelsim.errors import ScenarioError
from funnelsim.scenario.forms.base import Fault, Faults, Form, FormError, Names, faults_of, found, unknown
from funnelsim.scenario.forms.entry import Entry
from funnelsim.scenario.forms.plain import ChoiceForm, TextForm
from funnelsim.scenario.language import fields as f
from funnelsim.scenario.reading.document import Block, block, problem
from funnelsim.scenario.reading.reader import read_file

from .roles import ROLES

KINDS = ("history", "deals", "activities", "people", "customers")
"""What a file can be."""

TREATED = (
    "zombies",
    "bulk_close",
    "system_owner",
    "same_second",
    "unrecorded_end",
    "amount_zero",
    "left_truncation",
)
"""Findings of which something is done, unless the mapping keeps what they are about."""

KEYS = "calibration, files, columns, times, stages, closed"
"""Keys of a mapping, for messages."""

ORDERS = ("ymd", "dmy", "mdy")
_PLAIN = re.compile(r"[^\W\d][\w .()/-]*")
_WORDS = frozenset(["true", "false", "null", "yes", "no", "on", "off"])


@dataclass(frozen=True)
class TextsForm(Form[tuple[str, ...]]):
    """One text or a list of texts."""

    made = (tuple,)

    def read(self, raw: Any, names: Names) -> tuple[str, ...]:
        if not isinstance(raw, list):
            return (TextForm().read(raw, names),)
        faults, read = Faults(), []
        for at, each in enumerate(raw):
            with faults.under(at):
                read.append(TextForm().read(each, names))
        if len(set(read)) < len(read):
            faults.add("a name stands twice in this list", code="E-name-twice")
        faults.check()
        return tuple(read)


@dataclass(frozen=True)
class ZoneForm(Form[str]):
    """The name of a time zone, such as ``Europe/Berlin``."""

    def read(self, raw: Any, names: Names) -> str:
        try:
            zoneinfo.ZoneInfo(raw)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, TypeError, OSError):
            raise FormError(
                f"expected the name of a time zone such as Asia/Tokyo or Europe/Berlin, found {found(raw)}",
                code="E-value-name",
            ) from None
        return str(raw)


Texts = Annotated[tuple[str, ...], TextsForm()]
Zone = Annotated[str, ZoneForm()]


class Times(Entry):
    """How moments are written."""

    zone: Zone = ""  # of the firm's clock; stamps in UTC are brought to it
    order: Annotated[str, ChoiceForm(ORDERS)] = ""  # of year, month and day, where the file does not tell
    date_only: Texts = ()  # columns whose hours mean nothing


class MappedStage(Entry):
    """What one stage of the line is called in the exports."""

    main = ("names",)
    names: Texts = ()  # as exports call it; default the key itself
    team: f.OptionalText = None  # who works it
    touch_from: Annotated[str, ChoiceForm(("activities", "columns"))] = ""  # default columns where there are some


class Closed(Entry):
    """How stages and outcomes of deals are called that have ended."""

    won: Texts = ()  # of deals that were won
    lost: Texts = ()  # of deals that ended without a sale


class Ignored(Entry):
    """What is left out."""

    owners: Texts = ()  # deals and activities of these, such as integration users
    before: f.OptionalDay = None  # deals created before this day
    stages: Texts = ()  # rows in these stages


class Mapping(Entry):
    """How exports are read, as a mapping file says it."""

    calibration: Annotated[int, f.NumberForm(low=1, high=1, whole=True)] = 1  # version of the form of this file
    files: dict[str, Texts] = Field(default_factory=dict)  # by kind: history, deals, activities, people, customers
    columns: dict[str, Texts] = Field(default_factory=dict)  # headers by role; the first that a file has
    times: Times = Times.neutral()  # how moments are written
    decimal: Annotated[str, ChoiceForm(("point", "comma"))] = ""  # where the file does not tell
    stages: dict[str, MappedStage] = Field(default_factory=dict)  # in the order of the line
    closed: Closed = Closed.neutral()  # what stages and outcomes of ended deals are called
    teams: dict[str, Texts] = Field(default_factory=dict)  # what exports call the teams
    ignore: Ignored = Ignored.neutral()  # what is left out
    reasons: dict[str, Texts] = Field(default_factory=dict)  # what exports call the reasons of losses
    keep: Texts = ()  # codes of findings of which nothing is to be done, such as zombies

    def check(self) -> None:
        faults = Faults()
        for name in self.keep:
            if name not in TREATED:
                faults.add(unknown("finding", name, TREATED), "keep", code="E-name-unknown")
        for group, known in (("files", KINDS), ("columns", tuple(ROLES))):
            for name in getattr(self, group):
                if name not in known:
                    faults.add(unknown(group[:-1], name, known), group, name, code="E-name-unknown", key=True)
        seen: dict[str, str] = {}
        groups = [(("stages", key), each.names or (key,)) for key, each in self.stages.items()]
        groups += [(("closed", "won"), self.closed.won), (("closed", "lost"), self.closed.lost)]
        for path, names in groups:
            for name in names:
                if name in seen:
                    faults.add(f"{name!r} is {seen[name]} already", *path, code="E-name-twice")
                seen.setdefault(name, ".".join(path))
        for key, each in self.stages.items():
            if each.team is not None and self.teams and each.team not in self.teams:
                said = unknown("team", each.team, self.teams)
                faults.add(said, "stages", key, "team", code="E-name-unknown")
        faults.check()

    def columns_of(self, headers: abc.Iterable[str]) -> dict[str, str]:
        """By role the column of a file that the mapping names."""
        there = set(headers)
        named = (
            (role, next((each for each in names if each in there), None)) for role, names in self.columns.items()
        )
        return {role: column for role, column in named if column is not None}

    def kind_of(self, file: str) -> str:
        """What a file is by the mapping; empty if it does not say."""
        return next(
            (kind for kind, names in self.files.items() if file in (Path(each).name for each in names)), ""
        )

    def to_yaml(self, comments: abc.Mapping[str, str] | None = None) -> str:
        """The mapping as a file to save and correct.

        Parameters
        ----------
        comments : mapping, optional
            What to say beside lines, by path, such as ``columns.id``.
        """
        return _written(self, dict(comments or {}))


def read_mapping(of: Mapping | Path | str | abc.Mapping[str, Any] | None) -> Mapping:
    """A mapping from a file, or from plain values as a file would hold them.

    Raises
    ------
    ScenarioError
        With everything that is wrong, and where.
    """
    if of is None:
        return Mapping()
    if isinstance(of, Mapping):
        return of
    if isinstance(of, abc.Mapping):
        document, file = block(of), ""
    else:
        document, file = read_file(Path(of), None, KEYS), str(of)
    return _read(document, file)


def _read(document: Block, file: str) -> Mapping:
    try:
        return Mapping.model_validate(document, context=Names())
    except ValidationError as error:
        raise ScenarioError([problem(document, fault, file) for fault in _sorted(faults_of(error))]) from None


def _sorted(faults: abc.Sequence[Fault]) -> list[Fault]:
    return sorted(faults, key=lambda fault: [str(each) for each in fault.path])


def _written(mapping: Mapping, comments: dict[str, str]) -> str:
    lines = ["calibration: 1"]
    for group in (
        "files",
        "columns",
        "times",
        "decimal",
        "stages",
        "closed",
        "teams",
        "ignore",
        "reasons",
        "keep",
    ):
        value = getattr(mapping, group)
        if not value or value in (Times(), Closed(), Ignored()):
            continue
        if isinstance(value, str | tuple):
            lines.append(f"{group}: {_value(value, group)}{_said(comments, group)}")
            continue
        lines.append(f"{group}:{_said(comments, group)}")
        entries = value.items() if isinstance(value, dict) else _filled(value)
        lines += [
            f"  {scalar(key)}: {_value(each, key)}{_said(comments, f'{group}.{key}')}" for key, each in entries
        ]
    return "\n".join(lines) + "\n"


def _said(comments: dict[str, str], path: str) -> str:
    return f"  # {comments[path]}" if path in comments else ""


def _filled(entry: Entry) -> list[tuple[str, Any]]:
    return [(name, value) for name in list(type(entry).keys()) if (value := getattr(entry, name))]


def _value(value: Any, key: str) -> str:
    if isinstance(value, MappedStage):
        parts = _filled(value)
        if [name for name, _ in parts] in ([], ["names"]):
            return _value(value.names or (key,), key)
        return "{" + ", ".join(f"{name}: {_value(each, key)}" for name, each in parts) + "}"
    if isinstance(value, tuple):
        return scalar(value[0]) if len(value) == 1 else f"[{', '.join(map(scalar, value))}]"
    return scalar(str(value)) if isinstance(value, str) else str(value)


def scalar(text: str) -> str:
    """A text as YAML reads it back."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS and not text.endswith(" "):
        return text
    return json.dumps(text, ensure_ascii=False)
