"""What of a line does not fit a lever: what is missing, and what to write where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..forms.base import FormError, Names
from ..forms.money import OF_NO_FILE, exchange_of
from ..forms.roles import GROUPS, roles
from ..reading.document import Block
from .by_role import Line, parts_of, team_in
from .levers import Dosed

MONEY = "#"
"""Stands for an amount in examples (see `EXAMPLES_OF`)."""

EXAMPLES_OF = {"quota": 250_000.0}
"""Amounts in examples by property, in US dollars: those of the shipped mid-market company."""

SUCH_AS = {
    "attrition": "20 %",
    "care": "{every: 1 mo, effort: 1 h}",
    "churn": "1 % / mo",
    "concessions": "{discount: {share: 0.3, discount: 0.15, odds: 1.1}}",
    "delay": "2 bd",
    "expansion": "{rate: 0.25 / y, value: 0.3}",
    "hiring": "30 d",
    "promise": "{share: 0.1, odds: 2, health: 0.3}",
    "quota": f"{{amount: {MONEY}, period: quarter}}",
    "ramp": "{start: 0.1, time: 5 mo}",
    "referral": "{rate: 0.06 / y}",
    "segments": "{small: {share: 2}, large: {share: 1}}",
    "territories": "{east: 0.6, west: 0.4}",
    "serves": "{east: 2, west: 1}",
    "handoff": "{delay: 2 bd, keeps: 0.75}",
    "discount": "{share: 0.3, discount: 0.15, odds: 1.1}",
    "complaint": "{rate: 0.5 / y, effort: 90 min, sla: 1 bd}",
}
"""What may be written for properties that shipped levers need."""

Remedy = Literal["write", "value", "entry", "rename", "said"]
"""What helps: to write a role or a team, or a value; to add an entry, to rename one; or as the sentence says."""


@dataclass(frozen=True)
class Lack:
    """One thing that keeps a lever from a line.

    Parameters
    ----------
    path : str
        What the lever needs or adds, as it says it.
    why : str
        Why it is not to be had, as the end of an error.
    missing : str
        What of the path the line does not have, such as ``teams.field_sales``; or has and should not.
    remedy : str
        What kind of thing helps.
    write : str
        What to write.
    where : tuple of str
        The entries of the line in which it may be written, or paths; none for the file itself.
    """

    path: str
    why: str
    missing: str
    remedy: Remedy
    write: str = ""
    where: tuple[str, ...] = ()

    @property
    def has_money(self) -> bool:
        """Whether an amount of money stands in what to write."""
        return self.remedy == "value" and self.write.partition(":")[0] in EXAMPLES_OF


def lacking(lever: Dosed, line: Line) -> Iterator[Lack]:
    """What a lever needs and a line does not have."""
    for path in lever.lever.needs:
        try:
            lack = _lack(line, path)
        except FormError as wrong:
            lack = Lack(path, str(wrong), path, "said")
        if lack is not None:
            yield lack


def unfit(lever: Dosed, document: Block) -> tuple[Lack, ...]:
    """What keeps a lever from a line, each thing once: what it needs, and entries that it adds and are there."""
    line = line_of(lever, document)
    found = [*lacking(lever, line)]
    for group, name in lever.lever.adds:
        if name in line.of(group):
            path = f"{group}.{name}"
            found.append(Lack(path, f"this line has {path}", path, "rename", where=(path,)))
    return tuple({each.missing: each for each in found}.values())


def line_of(lever: Dosed, document: Block) -> Line:
    """The entries of a document, as a lever speaks of them."""
    dose = "" if lever.dose == lever.lever.dose.default else f"@{lever.dose:g}"
    return Line(document, frozenset(lever.lever.adds), lever.narrowed, not lever.shipped, lever.name, dose=dose)


def _lack(line: Line, path: str) -> Lack | None:
    """What a line lacks of a path that a lever needs."""
    group, *rest = parts_of(path)
    if group not in ("stages", "teams", "sources", "segments") or not rest:
        parts = (group, *rest)
        if _inside(line.document, parts):
            return None
        write, such_as = _such_as(parts, line)
        above = (_dotted(parts[:-1]),) if len(parts) > 1 else ()
        return Lack(path, f"this line has no {path}{such_as}", path, "value", write, above)
    names = line.entries(group, rest[0])
    there = [name for name in names if name in line.of(group)]
    if not there:
        return _no_entry(line, path, group, rest[0])
    if len(rest) == 1 or any(_inside(line.document[group][name], rest[1:]) for name in there):
        return None
    write, such_as = _such_as(rest, line)
    missing = " or ".join(_dotted((group, name, *rest[1:])) for name in there)
    where = tuple(_dotted((group, name, *rest[1:-1])) for name in there)
    return Lack(path, f"nothing is given for {missing}{such_as}", path, "value", write, where)


def _no_entry(line: Line, path: str, group: str, what: str) -> Lack:
    """That a line has no entry for a word, role or condition."""
    why = str(line.missing(group, what))
    team = team_in(what)
    if team is not None:
        workers = line.entries("teams", team)
        if not workers:
            return _no_entry_of(line, path, why, "teams", team)
        return Lack(path, why, f"{group}{what}", "write", f"team: {workers[0]}", tuple(line.of(group)))
    return _no_entry_of(line, path, why, group, what)


def _no_entry_of(line: Line, path: str, why: str, group: str, what: str) -> Lack:
    known = [word for word in what.split("|") if word in roles(group)] if group in GROUPS else []
    missing = f"{group}{what}" if what.startswith("[") else f"{group}.{what}"
    names = tuple(line.of(group))
    if known and names:
        return Lack(path, why, missing, "write", f"role: {known[0]}", names)
    if what.startswith("["):
        return Lack(path, why, missing, "said")
    if not names and group in SUCH_AS:
        write, such_as = _such_as((group,), line)
        return Lack(path, f"this line has no {group}{such_as}", missing, "value", write)
    return Lack(path, why, missing, "entry", known[0] if known else what, (group,))


def _such_as(parts: Sequence[str], line: Line) -> tuple[str, str]:
    """What to write for a property that a lever needs, and that as the end of an error."""
    name = parts[-1]
    if name not in SUCH_AS:
        return f"{name}: ...", ""
    text = SUCH_AS[name]
    if MONEY in text:
        text = text.replace(MONEY, _amount(EXAMPLES_OF[name], line.document))
    write = f"{name}: {text}"
    return write, f"; write it, such as {write}"


def _amount(dollars: float, document: Mapping[str, Any]) -> str:
    """An amount of an example in the currency of a line, rounded; dots where no rate of exchange is known."""
    names = Names.of(document)
    rate = exchange_of(names).rate(OF_NO_FILE)
    return "..." if rate is None else f"{float(f'{dollars * rate:.2g}'):_.0f}"


def _dotted(parts: Sequence[str]) -> str:
    return ".".join(parts)


def _inside(node: Any, parts: Sequence[str]) -> bool:
    for part in parts:
        if not isinstance(node, Mapping) or node.get(part) is None:
            return False
        node = node[part]
    return True
