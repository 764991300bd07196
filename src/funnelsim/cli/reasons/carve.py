"""Quotas, reps and territories, below a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.text import Text

from funnelsim.views.sentences import carve
from funnelsim.views.words import numbers, say

from ..frames import fitting, frame

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from funnelsim.experiments.targets.assignment import Assigned
    from funnelsim.results.estimates import Estimate
    from funnelsim.results.profiles.carve import Carve, Share
    from funnelsim.results.result import Result


def of(result: Result) -> tuple[Carve, tuple[Assigned, ...]]:
    """What a run says of its reps and territories, and of targets below the street quota."""
    from funnelsim.experiments.targets.assignment import over_assigned

    return result.carve(), over_assigned(result)


def show(console: Console, found: Carve, assigned: Sequence[Assigned]) -> None:
    """Print what is said, and a table of reps and one of territories."""
    console.print(Text(f"\n{say('carve.title')}", style="bold"))
    for text in carve.sentences(found, assigned):
        console.print(Text(text))
    for what, shares in (("reps", found.reps), ("territories", found.territories)):
        if shares:
            console.print()
            console.print(fitting(console, lambda interval, w=what, s=shares: _table(w, s, interval)))  # type: ignore[misc]
    console.print(Text(f"\n{say('carve.note')}", style="dim"))


def _table(what: str, shares: Sequence[Share], interval: bool) -> Table:
    table = frame(say(f"carve.title.{what}"), carve.heads(shares, what))
    for each in shares:
        cells = (numbers.estimate(each.figures[name].to_dict(), interval) for name in carve.columns(shares))
        table.add_row(*map(Text, (each.name, *cells)))
    return table


def to_dict(found: Carve, assigned: Sequence[Assigned]) -> dict[str, Any]:
    """As it stands in the JSON document of a run."""
    even = found.evenness
    return {
        "street_quota": found.street or None,
        "from": None if found.days is None else found.days[0].isoformat(),
        "to": None if found.days is None else found.days[1].isoformat(),
        "booked": found.booked.to_dict() if found.days is not None else None,
        "over_assignment": [each.to_dict() for each in assigned],
        "attainment": _leaves(
            {"spread": even.spread, "reached": even.reached, "lowest": even.lowest, "highest": even.highest}
        ),
        "gini": {"reps": even.gini.to_dict(), **{f"territories_{k}": v.to_dict() for k, v in found.gini.items()}},
        "reps": {each.name: _leaves(each.figures) for each in found.reps},
        "territories": {each.name: _leaves(each.figures) for each in found.territories},
    }


def _leaves(figures: dict[str, Estimate]) -> dict[str, Any]:
    return {name: each.to_dict() for name, each in figures.items()}
