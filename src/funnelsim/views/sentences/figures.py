"""What figures are called where only their names are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from funnelsim.results.measures.catalogue import listed
from funnelsim.results.measures.money import BOOKED, EARNED
from funnelsim.results.measures.periods.per_period import base_name
from funnelsim.results.measures.whole import WHOLE_KPIS
from funnelsim.scenario.language.moments import moment

from ..words import language, numbers, say

if TYPE_CHECKING:
    from funnelsim.scenario.language.types import ScenarioSpec

SUMS = frozenset(kpi.name for kpi in (*BOOKED, *EARNED, *WHOLE_KPIS) if kpi.adds_up)
"""Amounts of money that add up over the time that counts, but for named costs."""


def kpi_name(name: str) -> str:
    """A KPI in a heading: its name, or its label in a language in which the name is no word.

    A KPI that only some scenarios have, such as one of a milestone, is called by its name in all of them.
    """
    said = name.replace("_", " ")
    if language() == "en":
        return said
    return _label(name, said)


def column_name(name: str) -> str:
    """The same over a column: in English as it is written in studies."""
    return name if language() == "en" else _label(name, name)


def _label(name: str, otherwise: str) -> str:
    base = base_name(name)
    found = next((each.label for each in listed() if (each.of, each.name) == ("line", base)), "")
    if found and base != name:
        return say(f"per.{name.removeprefix(base)[5:]}.label", kpi=found)
    return found or otherwise


def over_time(kpis: Iterable[str], spec: ScenarioSpec, varied: Iterable[str] = ()) -> Iterator[str]:
    """Over what time amounts of money add up, where one of these KPIs does and all points count the same time."""
    if {name.partition(".")[0] for name in varied} & {"start", "horizon", "warmup"}:
        return
    if any(name in SUMS or (name.startswith("cost_of_") and base_name(name) == name) for name in kpis):
        span = moment(spec.start, spec.horizon) - moment(spec.start, spec.warmup)
        yield say("points.over", period=numbers.period(span))
