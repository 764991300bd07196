"""What waiting costs: the share won of M/M/c when the chance to advance decays with the wait."""

from __future__ import annotations

from . import checking as c
from . import formulas as f

WARMUP, MARGIN = 100.0, 60.0


def desk(hours: float, rate: float, queue: str, decay: str) -> str:
    return f"""
funnelsim: 1
horizon: {hours:.0f} h
warmup: {WARMUP:.0f} h
sources: {{web: {{rate: {rate} / h}}}}
teams: {{desk: {{headcount: 3, queue: {queue}}}}}
stages:
  serve:
    team: desk
    continuity: any_rep
    effort: {{dist: exponential, mean: 1 h}}
    convert: 0.8
    decay: {decay}
"""


def share_won(hours: float, rate: float, queue: str, decay: str) -> c.Floats:
    seen = c.cohort(c.simulate(desk(hours, rate, queue, decay)), "leads", WARMUP, hours - MARGIN)
    return c.share_of(seen, seen["outcome"] == "won")


@c.cases(
    "queue, rate, half_life, hours",
    fast=[("fifo", 2.0, 1.0, 500.0), ("lifo", 2.0, 1.0, 500.0)],
    slow=[(queue, rate, h, 1500.0) for queue in ("fifo", "lifo") for rate in (1.5, 2.4) for h in (0.2, 5.0)],
)
def test_half_life(queue: str, rate: float, half_life: float, hours: float) -> None:
    formula = {"fifo": f.half_life_fifo, "lifo": f.half_life_lifo}[queue]
    values = share_won(hours, rate, queue, f"{{half_life: {half_life} h}}")
    c.check("won", values, 0.8 * formula(rate, 1.0, 3, half_life))


@c.cases(
    "rate, decay, hours",
    fast=[(2.0, f.PowerDecay(0.1, 1.0, 1.5), 500.0)],
    slow=[(1.5, f.PowerDecay(0.0, 0.2, 0.7), 1500.0), (2.4, f.PowerDecay(0.3, 2.0, 3.0), 1500.0)],
)
def test_power_law(rate: float, decay: f.PowerDecay, hours: float) -> None:
    text = f"{{floor: {decay.floor}, scale: {decay.scale} h, power: {decay.power}}}"
    c.check("won", share_won(hours, rate, "fifo", text), 0.8 * f.power_decay_fifo(rate, 1.0, 3, decay))
