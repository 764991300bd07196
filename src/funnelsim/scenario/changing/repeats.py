"""Levers that are laid over a line more than once, and so act and are paid more than once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from funnelsim.errors import Problem, ScenarioError, Unheeded

from ..language.lever import PEOPLE
from .levers import Dosed


@dataclass(frozen=True)
class Standing:
    """A lever that is laid over a line.

    Parameters
    ----------
    lever : Dosed
        The lever.
    by : str
        What asks for it, such as ``levers.0 of own.yaml``; empty if that is no file.
    """

    lever: Dosed
    by: str = ""


def refuse_again(lever: Dosed, before: Iterable[Dosed]) -> None:
    """Raise `ScenarioError` if a lever stands in one list with the same one; people may be hired twice."""
    for other in before:
        if _same(lever, other) and set(lever.narrowed) == set(other.narrowed):
            most = lever.lever.dose.most
            dose = f", or write {lever.name}@{most:g} for the whole of it" if lever.dose < most else ""
            twice = "act and be paid twice" if _paid(lever) else "act twice"
            said = f"lever {lever.name} stands twice, and would {twice}; remove one of them{dose}"
            raise ScenarioError([Problem("", said, code="E-lever-twice")])


def again(lever: Dosed, standing: Sequence[Standing], by: str) -> Iterator[Unheeded]:
    """That a lever is laid over the line already."""
    for other in standing:
        one, two = set(lever.narrowed), set(other.lever.narrowed)
        if _same(lever, other.lever) and (not one or not two or one <= two or two <= one):
            here, there = (f"{by.split()[0]}: " if by else ""), (f" (by {other.by})" if other.by else "")
            twice = "acts and is paid twice" if _paid(lever) else "acts twice"
            yield Unheeded(
                f"{here}lever {lever.name} is laid over this line already{there}, and {twice}", "W-lever-twice"
            )
            return


def _same(lever: Dosed, other: Dosed) -> bool:
    return lever.lever.dose.is_ != PEOPLE and lever.document == other.document


def _paid(lever: Dosed) -> bool:
    return bool(lever.document.get("costs"))
