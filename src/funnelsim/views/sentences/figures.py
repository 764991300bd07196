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
    return next((each.label for each in listed() if (each.of, each.name) == ("line", name)), said)
