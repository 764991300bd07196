"""What came in each fiscal period, below a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from funnelsim.views.sentences import fiscal
from funnelsim.views.words import numbers, running, say

from ..frames import fitting, frame

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from funnelsim.results.profiles.fiscal import Fiscal


def show(console: Console, found: Fiscal) -> None:
    """Print the table, and what may be compared."""
    console.print()
    console.print(fitting(console, lambda interval: _table(found, interval)))
    said = list(fiscal.sentences(found))
    if said:
        console.print(Text("\n" + running(said)))


def _table(found: Fiscal, interval: bool) -> Table:
    table = frame(say(f"fiscal.title.{found.length}"), fiscal.heads(found))
    for at, period in enumerate(found.periods):
        leaves = (found.flows[flow][at].to_dict() for flow in fiscal.flows(found))
        cells = (numbers.estimate(leaf, interval) for leaf in leaves)
        table.add_row(*map(Text, (fiscal.name(period, found.length), *cells)))
    return table


def to_dict(found: Fiscal) -> dict[str, Any]:
    """As it stands in the JSON document of a run."""
    return {
        "length": found.length,
        "periods": [
            {
                "number": period.number,
                "begins": period.begins.isoformat(),
                "ends": period.ends.isoformat(),
                "from": period.first.isoformat(),
                "to": period.last.isoformat(),
                "whole": period.whole,
                **{name: each[at].to_dict() for name, each in found.flows.items()},
            }
            for at, period in enumerate(found.periods)
        ],
    }
