"""What figures are called where only their names are known."""

from __future__ import annotations

from funnelsim.results.measures.catalogue import listed

from ..words import language


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
    return next((each.label for each in listed() if (each.of, each.name) == ("line", name)), otherwise)
