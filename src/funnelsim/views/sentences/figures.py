"""What figures are called where only their names are known."""

from __future__ import annotations

from funnelsim.results.measures.catalogue import listed
from funnelsim.results.measures.periods.per_period import base_name

from ..words import language, say


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
