"""What an indicator is: a name, a definition, and how it follows from what replications leave.

The tables of KPIs, stages and teams are lists of indicators. A new one is a function of a `Window` that gives the
terms of one replication, and an entry in a list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from funnelsim.scenario.forms.quantities import HOUR, MICROSECONDS

from .. import possible
from ..estimates import Estimate, Terms, function_of, mean_of, ratio_of, within
from ..words import say
from .window import Window

MONTH = MICROSECONDS["mo"]
DAY = MICROSECONDS["d"]
CENTS = 100
"""Money in records is in hundredths of the currency unit."""

Combine = Callable[[Sequence[Terms], str], Estimate]


@dataclass(frozen=True)
class Told:
    """A label and a definition that stand in `views/words`, under ``kpi.won.label`` and ``kpi.won.definition``.

    Parameters
    ----------
    key : str
        What both keys begin with: ``kpi.won``.
    name : str
        What stands in their gap ``name``, if they have one: a name that the scenario gives.
    """

    key: str
    name: str = ""

    @property
    def label(self) -> str:
        """What people are shown."""
        return say(f"{self.key}.label", name=self.name)

    @property
    def definition(self) -> str:
        """How it is counted, in one sentence."""
        return say(f"{self.key}.definition", name=self.name)


@dataclass(frozen=True)
class Placed(Told):
    """The same of one stage, team or handoff.

    Parameters
    ----------
    place : str
        What the stage, team or handoff is called.
    """

    place: str = ""

    @property
    def label(self) -> str:
        """What people are shown."""
        kind = self.key.partition(".")[0]  # `stage`, `team` or `handoff`
        return say(f"place.{kind}", place=self.place, figure=say(f"{self.key}.label", name=self.name))


@dataclass(frozen=True)
class Own:
    """The label and the definition of an indicator of one's own, the same in all languages."""

    label: str
    definition: str


class Texts(Protocol):
    """What has a label and a definition."""

    @property
    def label(self) -> str: ...

    @property
    def definition(self) -> str: ...


@dataclass(frozen=True)
class Indicator:
    """One figure of a table.

    Parameters
    ----------
    name : str
        Its name in tables and JSON.
    unit : str
        Unit of the estimate; ``{currency}`` stands for the scenario's.
    terms : callable
        The terms of one replication: a tuple of numbers for a KPI, of arrays with one entry per stage or team for
        those tables. An empty tuple says that this replication has no value.
    combine : callable
        From the terms of all replications and the unit to an estimate.
    told : Texts, optional
        Its label and its definition; by default those of the KPI with its name.
    """

    name: str
    unit: str
    terms: Callable[[Window], tuple[Any, ...]]
    combine: Combine
    told: Texts | None = None

    @property
    def label(self) -> str:
        """What people are shown, in the language in force."""
        return self.texts.label

    @property
    def definition(self) -> str:
        """How it is counted, in one sentence, in the language in force."""
        return self.texts.definition

    @property
    def texts(self) -> Texts:
        """Where its label and its definition are."""
        return self.told or Told(f"kpi.{self.name}")

    @property
    def adds_up(self) -> bool:
        """Whether it is an amount of money that adds up over the time that counts, so that it needs the period."""
        return self.combine is MONEY

    def measure(self, window: Window) -> tuple[Any, ...]:
        """The terms of one replication in plain Python numbers, lists of them for stages and teams."""
        return tuple(np.asarray(term).tolist() for term in self.terms(window))

    def estimate(self, rows: Sequence[Terms], currency: str) -> Estimate:
        """The estimate from the terms of all replications; its interval ends where the figure cannot go on."""
        found = self.combine(rows, self.unit.replace("{currency}", currency))
        return found if isinstance(self.told, Own) else within(found, *possible.ends(self.name, self.unit))


def mean(scale: float = 1.0) -> Combine:
    """The mean of one number per replication, in units of ``scale``."""

    def combine(rows: Sequence[Terms], unit: str) -> Estimate:
        return mean_of([row[0] if row else None for row in rows], unit, scale)

    return combine


def ratio(scale: float = 1.0) -> Combine:
    """The sum of first terms over the sum of second terms, in units of ``scale``."""

    def combine(rows: Sequence[Terms], unit: str) -> Estimate:
        return ratio_of([row[0] for row in rows], [row[1] for row in rows], unit, scale)

    return combine


def function(of: Callable[[Terms], float | None]) -> Combine:
    """A function of the sums of the terms."""

    def combine(rows: Sequence[Terms], unit: str) -> Estimate:
        return function_of(rows, of, unit)

    return combine


COUNT = mean()
MONEY = mean(CENTS)
SHARE = ratio()
HOURS = ratio(HOUR)


def share(name: str, terms: Callable[[Window], tuple[Any, ...]], told: Told | Own | None = None) -> Indicator:
    """An indicator that is a part of a whole."""
    return Indicator(name, "share", terms, SHARE, told)


def money(name: str, terms: Callable[[Window], tuple[Any, ...]], told: Told | Own | None = None) -> Indicator:
    """An indicator that is an amount of money per replication."""
    return Indicator(name, "{currency}", terms, MONEY, told)


def hours(name: str, terms: Callable[[Window], tuple[Any, ...]]) -> Indicator:
    """An indicator that is a mean time."""
    return Indicator(name, "h", terms, HOURS)


def since(name: str, opportunity: int | None) -> Told:
    """The texts of a KPI that begins at the milestone ``opportunity`` where there is one."""
    return Told(f"kpi.{name}" if opportunity is None else f"kpi.{name}_opportunity")


def of_each(what: str, indicators: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """Indicators of each stage or team, with the texts that stand under ``stage`` or ``team``."""
    return tuple(replace(each, told=Told(f"{what}.{each.name}")) for each in indicators)
