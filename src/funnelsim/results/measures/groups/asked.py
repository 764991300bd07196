"""What a user asks KPIs to be divided by, checked against a model."""

from __future__ import annotations

from collections.abc import Sequence

from funnelsim.errors import FunnelsimError
from funnelsim.model.model import Model
from funnelsim.scenario.forms.base import unknown

from .members import BY


def groupings(asked: Sequence[str], model: Model) -> tuple[str, ...]:
    """What KPIs are to be divided by, each once.

    Raises
    ------
    FunnelsimError
        If KPIs cannot be divided by it, or the scenario has none of it.
    """
    for each in asked:
        if each not in BY:
            raise FunnelsimError(f"by: {unknown('grouping', each, BY)}")
        if each == "territory" and not model.territory_names:
            raise FunnelsimError(
                f"{model.spec.name}: by territory: this scenario has no territories; write `territories`, or "
                "divide by segment, source or rep"
            )
    return tuple(dict.fromkeys(asked))
