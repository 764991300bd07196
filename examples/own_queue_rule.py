"""An own queue rule, and an observer that shows what it does.

Field sales usually takes the deal with the largest expected value first. That leaves small deals lying, some for
months. Here a deal that has waited for more than a week goes before all others; the rest keep the usual order.
Then nobody waits for months any more, but nearly everybody waits for days: field sales has no more hours than
before, and spends more of them on small deals.

    python examples/own_queue_rule.py
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import funnelsim as fs
from funnelsim.engine.simpy_engine.own.seen import Event, RepView, WorkView

REFERENCE = Path(__file__).resolve().parents[1] / "scenarios" / "reference.yaml"
WEEK = 168.0  # hours


class NobodyWaitsLong(fs.QueueRule):
    """Expected value, but what has waited longer than ``limit`` hours first, the oldest of it before the rest."""

    teams = ("field_sales",)

    def __init__(self, limit: float) -> None:
        self.limit = limit

    def key(self, work: WorkView, rep: RepView, now: float) -> tuple[float, float]:
        """The smallest is taken first."""
        if now - work.ready > self.limit:
            return (0, work.ready)
        return (1, work.key("expected_value"))


class Waits(fs.Observer):
    """Collects how long leads waited for field sales, in hours."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self._since: dict[int, float] = {}

    def begin(self, replication: int) -> None:
        """Leads are numbered anew in each replication."""
        self._since.clear()

    def queued(self, event: Event) -> None:
        """A lead begins to wait."""
        self._since[event.lead.row] = event.time

    def started(self, event: Event) -> None:
        """Its wait is over."""
        since = self._since.pop(event.lead.row)
        if event.rep is not None and event.rep.team == "field_sales":
            self.waits.append(event.time - since)

    def share_over(self, hours: float) -> float:
        """Share of the waits longer than that."""
        return sum(wait > hours for wait in self.waits) / len(self.waits)


def compare(replications: int = 3, horizon: str = "1 y") -> dict[str, dict[str, float]]:
    """Deals won, and how leads wait for field sales, under both rules."""
    company = fs.load(REFERENCE).change({"horizon": horizon, "warmup": "3 mo"})
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for name, rules in {"expected_value": [], "nobody waits long": [NobodyWaitsLong(WEEK)]}.items():
        watcher = Waits()
        result = fs.simulate(company, replications=replications, hooks=[*rules, watcher])
        found[name]["won"] = result.kpis.loc["won", "mean"]
        found[name]["waited over 2 d"] = watcher.share_over(48)
        found[name]["longest wait, d"] = max(watcher.waits) / 24
    return dict(found)


if __name__ == "__main__":
    for rule, figures in compare().items():
        print(rule, *(f"{name}: {figure:.3g}" for name, figure in figures.items()), sep="   ")
