"""What a user asks KPIs to be divided by, checked against a model."""

from __future__ import annotations

from collections.abc import Sequence

from funnelsim.errors import FunnelsimError
from funnelsim.model.model import Model
from funnelsim.scenario.forms.base import unknown

from .members import BY, Grouping, bounds_of


def groupings(asked: Sequence[str], models: Sequence[Model]) -> tuple[Grouping, ...]:
    """What KPIs are to be divided by, each once, and the same for all models that are compared.

    Raises
    ------
    FunnelsimError
        If KPIs cannot be divided by it, or no model has any of it.
    """
    for each in asked:
        if each not in BY:
            raise FunnelsimError(f"by: {unknown('grouping', each, BY)}", code="E-name-unknown")
        if each == "territory" and not any(model.territory_names for model in models):
            raise FunnelsimError(
                f"{models[0].spec.name}: by territory: this scenario has no territories; write `territories`, or "
                "divide by segment, source or rep",
                code="E-groups-none",
            )
    bounds = tuple(sorted(set().union(*map(bounds_of, models))))
    return tuple(Grouping(each, bounds if each == "segment" else ()) for each in dict.fromkeys(asked))
