"""Why the arms of a comparison differ, below it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from funnelsim.views.sentences.reasons.causes import heads, rows, title
from funnelsim.views.words import say

from ..frames import first_fitting, frame
from ..work import attempt

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from funnelsim.experiments.causes.result import Causes
    from funnelsim.experiments.comparison.result import Comparison

    from ..options import Shown, Spread


def found(comparison: Comparison, computing: Spread, shown: Shown) -> tuple[Causes | None, bool]:
    """The causes of the differences, and whether all runs were done."""

    def split(how: dict[str, object]) -> Causes:
        given = {name: how[name] for name in ("workers", "progress", "executor") if name in how}
        return comparison.causes(**given)  # type: ignore[arg-type]

    return attempt("switching causes off", computing, shown, split)


def show(console: Console, causes: Causes) -> None:
    """Print them, an arm after the other."""
    for arm in causes.arms:
        console.print()
        console.print(Text(say("picture.causes.name"), style="bold"))
        for text in causes.words[arm]:
            console.print(Padding(Text(text), (0, 0, 0, 2)))
        for of, kpi in causes.told:
            if of == arm:
                console.print()
                build = partial(_table, causes, arm, kpi)
                console.print(
                    first_fitting(console, build, partial(build, partners=False), partial(build, False, False))
                )


def _table(causes: Causes, arm: str, kpi: str, interval: bool = True, partners: bool = True) -> Table:
    """One difference; words say as well which causes act together."""
    columns = len(heads()) if partners else len(heads()) - 1
    table = frame(title(causes, arm, kpi), heads()[:columns])
    *parts, rest, whole = rows(causes.accounts[arm][kpi], interval)
    for row in parts:
        table.add_row(*map(Text, row[:columns]))
    table.add_section()
    for row in (rest, whole):
        table.add_row(*map(Text, row[:columns]))
    return table
