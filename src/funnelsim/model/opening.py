"""What is known of an open deal, in the numbers of a model."""

from __future__ import annotations

from collections.abc import Sequence

from funnelsim.scenario.language.types import Deal

from .model import Model
from .rules.endowment import Known
from .tables.builder import cents

NOTHING = Known(-1, -1, -1, -1)
"""Of a lead that is counted by stage alone."""


def known_of(model: Model, deal: Deal) -> Known:
    """The value, source, segment and territory of a deal; -1 where a lead's own is drawn."""
    return Known(
        -1 if deal.value is None else cents(deal.value),
        _number(model.source_names, deal.source),
        _number(model.segment_names, deal.segment),
        _number(model.territory_names, deal.territory),
    )


def _number(names: Sequence[str], name: str | None) -> int:
    return -1 if name is None else names.index(name)
