"""``funnelsim backtest``."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text

from funnelsim.errors import FunnelsimError
from funnelsim.views.sentences.own_data import backtests as words
from funnelsim.views.words import say

from .. import streams
from ..frames import frame
from ..work import hand_over, progress
from .outputs import tell

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from funnelsim.calibration.testing.backtest import Backtest

    from ..options import Drawn
    from .asked import Assuming, Recorded, Tested


def backtest(recorded: Recorded, assuming: Assuming, tested: Tested, seed: int, shown: Drawn) -> None:
    """Forecast from earlier days, compare with what came, and print how good each method was."""
    from funnelsim.calibration.testing import backtest as testing

    if tested.out is not None:
        if shown.report is not None:
            raise FunnelsimError(
                "-o and --report are the same page; leave one of them out", code="E-option-conflict"
            )
        shown = replace(shown, report=tested.out)
    history = recorded.history()
    horizons = [each.strip() for each in tested.horizon.split(",") if each.strip()]
    with progress(shown.quiet, "back-test", "day") as bar:
        found = testing.backtest(
            history,
            assuming.assume,
            cuts=tested.cuts,
            every=tested.every,
            horizons=horizons,
            kpis=tested.kpi or ("won", "bookings"),
            draws=tested.draws,
            seed=seed,
            progress=bar,
        )
    tell(found.findings, shown.quiet)
    pictures = {
        f"fans_{kpi}_{horizon.replace(' ', '')}": partial(found.plot.fans, kpi, horizon)
        for kpi in found.kpis
        for horizon in found.horizons
        if (kpi, horizon, "with_draws") in found.scored
    }
    hand_over(shown, found, pictures)
    if shown.json:
        streams.document(found.to_dict())
    else:
        show(streams.results(), found)


def show(console: Console, found: Backtest) -> None:
    """Print the sentences and the tables."""
    for text in words.sentences(found):
        console.print(Text(text))
    for kpi in found.kpis:
        for horizon in found.horizons:
            if (kpi, horizon, "with_draws") in found.scored:
                console.print()
                console.print(_table(found, kpi, horizon))
    console.print(Text(f"\n{say('backtest.note')}", style="dim"))


def _table(found: Backtest, kpi: str, horizon: str) -> Table:
    title = say("backtest.table", kpi=words.name(kpi), horizon=words.ahead(horizon))
    table = frame(title, [say(f"backtest.col.{each}") for each in words.HEADS])
    scores = {method: score for (k, h, method), score in found.scored.items() if (k, h) == (kpi, horizon)}
    for method in sorted(scores, key=lambda each: scores[each].crps):
        table.add_row(*map(Text, words.row(method, scores[method])))
    return table
