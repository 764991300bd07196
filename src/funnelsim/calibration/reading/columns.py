"""Which column is what: by its name and by what stands in it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd

from .numbers import looks_like_numbers
from .refusing import CalibrationError
from .roles import ROLES, Role
from .tables import Raw
from .times import looks_like_moments

SURE = 0.6
"""A needed column with a lower score is not taken."""
APART = 0.1
"""Two columns whose scores are nearer are not told apart."""

_SAMPLE = 400
_PUNCTUATION = re.compile(r"[\W_]+")
_FADES = 0.01
_ALIKE = 0.8
_FEW = 80


@dataclass(frozen=True)
class Guess:
    """What a column is taken for.

    Parameters
    ----------
    role : str
        What it is, as in the mapping.
    column : str
        Its header.
    score : float
        From 0 to 1.
    how : {'mapping', 'layout', 'guess'}
        Who says so.
    """

    role: str
    column: str
    score: float
    how: str


@cache
def normal(name: str) -> str:
    """A header in the form in which equal ones are equal: NFKC, without case and punctuation."""
    return _PUNCTUATION.sub(" ", unicodedata.normalize("NFKC", name).casefold()).strip()


@cache
def _names(role: str) -> tuple[str, ...]:
    return tuple(normal(each) for each in ROLES[role].called)


@cache
def by_name(role: str, header: str) -> float:
    """How much a header is like the names of a role, from 0 to 1."""
    name, names = normal(header), _names(role)
    if name in names:
        return 1 - _FADES * names.index(name)
    if name == normal(role):
        return 1.0
    best, words = 0.0, f" {name} "
    for at, each in enumerate(names):
        if f" {each} " in words and len(each) > 2:
            best = max(best, 0.75 - _FADES * at / 2)
        elif not each.isascii() and len(each) > 1 and each in name:
            best = max(best, 0.7 - _FADES * at / 2)
        ratio = difflib.SequenceMatcher(None, each, name).ratio() if abs(len(each) - len(name)) < 4 else 0
        if ratio >= _ALIKE:
            best = max(best, 0.85 * ratio)
    return best


def by_content(role: Role, column: pd.Series) -> float:
    """How well what stands in a column goes with a role: 1 if it may be that, 0 if it cannot."""
    filled = column[column != ""]
    if not len(filled):
        return 0.5
    step = max(len(filled) // _SAMPLE, 1)
    sample = filled.iloc[::step].tolist()
    different = len(set(sample))
    if role.holds == "moment":
        return 1.0 if looks_like_moments(sample) > 0.9 else 0.0
    if role.holds == "number":
        return 1.0 if looks_like_numbers(sample) > 0.9 else 0.0
    moments = looks_like_moments(sample) > 0.9 and looks_like_numbers(sample) < 0.9
    if moments:
        return 0.0
    if role.holds == "few":
        few = different <= max(_FEW, 0.2 * len(sample)) and (different < 0.5 * len(sample) or len(sample) < 40)
        return 1.0 if few else 0.5
    if role.holds == "id":
        return 1.0 if different > 1 or len(sample) == 1 else 0.3
    return 1.0


def scores(raw: Raw, roles: Iterable[str]) -> dict[str, list[tuple[str, float]]]:
    """The columns that may be each role, the likeliest first."""
    made: dict[str, list[tuple[str, float]]] = {}
    for role in roles:
        each = [(column, by_name(role, column)) for column in raw.columns]
        each = [
            (column, score * by_content(ROLES[role], raw.cells[column])) for column, score in each if score > 0.3
        ]
        made[role] = sorted(each, key=lambda pair: -pair[1])
    return made


def guess(
    raw: Raw, needed: Sequence[str], others: Sequence[str], given: Mapping[str, str] | None = None
) -> list[Guess]:
    """Which column is which role; a column is at most one.

    Parameters
    ----------
    raw : Raw
        The file.
    needed, others : sequences of str
        Roles without which it cannot be read, and those that may be there.
    given : mapping, optional
        What the mapping says, by role.

    Raises
    ------
    CalibrationError
        If a needed column is not sure, with the candidates and what to write.
    """
    given = dict(given or {})
    made = [Guess(role, column, 1.0, "mapping") for role, column in given.items()]
    taken = set(given.values())
    found = scores(raw, [role for role in (*needed, *others) if role not in given])
    for role in needed:
        if role not in given:
            made.append(_sure(raw, role, found, taken))
            taken.add(made[-1].column)
    pairs = sorted(
        ((score, role, column) for role in others if role not in given for column, score in found[role]),
        key=lambda each: -each[0],
    )
    had = set(given)
    for score, role, column in pairs:
        if score >= SURE and role not in had and column not in taken:
            made.append(Guess(role, column, score, "guess"))
            had.add(role)
            taken.add(column)
    return made


def _sure(raw: Raw, role: str, found: Mapping[str, list[tuple[str, float]]], taken: set[str]) -> Guess:
    candidates = [pair for pair in found[role] if pair[0] not in taken]
    if not candidates or candidates[0][1] < SURE:
        raise unsure(raw, role, candidates, "no column is surely it")
    column, score = candidates[0]
    near = [other for other, second in candidates[1:] if second >= SURE and score - second < APART]
    rivals = [other for other in near if not _better_elsewhere(other, role, found)]
    if rivals:
        raise unsure(raw, role, candidates, "two columns may be it")
    return Guess(role, column, score, "guess")


def _better_elsewhere(column: str, role: str, found: Mapping[str, list[tuple[str, float]]]) -> bool:
    """Whether a column is rather another role."""
    here = dict(found[role])[column]
    return any(dict(pairs).get(column, 0) > here + _FADES / 2 for other, pairs in found.items() if other != role)


def unsure(raw: Raw, role: str, candidates: Sequence[tuple[str, float]], why: str) -> CalibrationError:
    """The error for a needed column that is not sure."""
    if candidates:
        told = "".join(f"\n  {column!r} (score {score:.2f})" for column, score in candidates[:5])
        lines = " or ".join(f"`columns: {{{role}: {column}}}`" for column, _ in candidates[:2])
    else:
        told = f"\n  the columns are {', '.join(map(repr, raw.columns[:30]))}"
        lines = f"`columns: {{{role}: NAME}}`"
    meant = ", ".join(ROLES[role].called[:3])
    return CalibrationError(
        f"{raw.name}: the column for `{role}` ({meant}) is not known: {why}{told}\nWrite in the mapping {lines}",
        code="E-data-column",
    )
