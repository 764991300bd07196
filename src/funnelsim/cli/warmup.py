"""``funnelsim warmup``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from funnelsim.views.words import counted

from . import streams
from .work import attempt, hand_over

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario

    from .options import Computing, Drawn
    from .questions import Filling


def warmup(scenario: Scenario, filling: Filling, computing: Computing, shown: Drawn) -> bool:
    """Suggest a warm-up and print it; False if the user stopped it, after printing what was done."""
    from funnelsim.experiments.running.replications import simulate
    from funnelsim.experiments.warmup import suggest_warmup

    result, finished = attempt(
        "simulating",
        computing,
        shown,
        lambda how: simulate(scenario, replications=filling.replications, **how),
    )
    if result is None:
        return False
    found = suggest_warmup(result, filling.batch)
    hand_over(
        shown, found, {"mser": found.plot.mser, "welch": found.plot.welch}, scenarios={scenario.name: scenario}
    )
    if shown.json:
        told = {"scenario": scenario.name, "fingerprint": scenario.fingerprint}
        streams.document({**told, **found.to_dict()})
    else:
        console = streams.results()
        console.print(Text(scenario.name, style="bold"))
        console.print(counted("run.how", result.replications, how=found.stamp.how), style="dim")
        streams.laid(console, found.stamp)
        console.print(Text(found.verdict))
    return finished
