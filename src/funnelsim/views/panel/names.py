"""What controls, their numbers and what was moved are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.experiments.asking.controls import Control, Way, named_by
from funnelsim.scenario.changing import levers
from funnelsim.text import printed

from ..words import capital, language, say
from ..words.texts import has

if TYPE_CHECKING:
    from funnelsim.experiments.asking.question import Moved
    from funnelsim.scenario.language.known_roles import Role
    from funnelsim.scenario.scenario import Scenario

PER = "/ "
"""Begins the unit of a rate."""

MONEY = ("cost", "cost.salary")
"""What is an amount of money."""


class Names:
    """What the entries of a line are called: by their labels, by the names of roles, or as they are written.

    Parameters
    ----------
    roles : sequence of Role
        Of the line.
    currency : str
        Of its money.
    """

    def __init__(self, roles: tuple[Role, ...], currency: str) -> None:
        self._currency = currency
        self._by_name = {(each.group, each.entry) for each in roles if each.known_by == "name"}

    def entry(self, control: Control) -> str:
        """What the team, stage or source of a control is called; of a lever its title."""
        titles = control.titles
        if titles:
            return titles.get(language()) or titles.get("") or next(iter(titles.values()))
        key = f"panel.role.{control.group}.{control.entry}"
        if (control.group, control.entry) in self._by_name and has(key):
            return say(key)
        return control.entry.replace("_", " ")

    def label(self, control: Control) -> str:
        """What a control is called."""
        entry = self.entry(control)
        if control.way is Way.DOSE:
            return entry
        what = say(f"panel.what.{control.what}")
        if control.group == "customers":
            return capital(what)
        return say("panel.label", entry=entry, what=what)

    def moved(self, each: Moved) -> str:
        """What was moved, from where to where."""
        control = each.control
        if control.way is Way.DOSE:
            return say("panel.moved_lever", title=self.entry(control), dose=self._dose(control, each.to))
        if control.unit == "people":
            entry = self.entry(control)
            if control.way is Way.ADD:
                return say("panel.moved_people_by", entry=entry, by=printed(each.to, "+g"))
            return say("panel.moved_people", entry=entry, before=f"{control.today:g}", after=f"{each.to:g}")
        before, after = number(control, control.today), self.amount(control, each.to)
        return say("panel.moved_one", label=self.label(control), before=before, after=after)

    def unit(self, control: Control) -> str:
        """The unit behind the number of a control; empty where there is none."""
        if control.way is Way.TIMES:
            return say("panel.unit.of_today")
        if control.way is Way.ADD:
            return say("panel.unit.more_people")
        per = "a_" if control.unit.startswith(PER) else ""
        key = f"panel.unit.{per}{control.unit.removeprefix(PER).strip()}"
        behind = say(key) if control.unit and has(key) else control.unit
        before = say("panel.unit.percent") if control.is_share else self._currency if control.what in MONEY else ""
        return say("panel.amount", value=before, unit=behind) if before and behind else before or behind

    def amount(self, control: Control, value: float) -> str:
        """A number of a control as it is shown, with its unit."""
        behind = self.unit(control)
        return say("panel.amount", value=number(control, value), unit=behind) if behind else number(control, value)

    def _dose(self, control: Control, value: float) -> str:
        return say("panel.on") if is_switch(control) and value == control.high else self.amount(control, value)


def of_path(line: Scenario, path: str) -> str:
    """What a path of a line is called, or a lever; as it is written where that has no name."""
    control = named_by(line, path)
    if control is not None:
        return Names(line.roles, line.spec.currency).label(control)
    if path not in levers.known(line.folder):
        return path
    titles = levers.find(path, line.folder).lever.title
    return titles.get(language()) or next(iter(titles.values()), path)


def scale(control: Control) -> float:
    """By what the number of a control is multiplied where it is shown."""
    return 100.0 if control.is_share else 1.0


def number(control: Control, value: float) -> str:
    """A number of a control as it is shown, without its unit."""
    return f"{float(f'{value * scale(control):.10g}'):,.10g}"


def is_switch(control: Control) -> bool:
    """Whether a control is on or off, with nothing between."""
    return control.way is Way.DOSE and control.step >= control.high
