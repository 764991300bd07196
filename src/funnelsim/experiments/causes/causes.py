"""The causes of the differences of a comparison: the front door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from funnelsim.model.switches import CAUSES, causes_of, switched_off
from funnelsim.text import number_of

from ..running.arms import Arm, tallied
from ..running.laboratory import Batch, Laboratory, Sampling
from ..stopping import Stopped, as_kept
from .account import Account, Told, account
from .behind import numbers
from .result import Causes
from .split import Off, needed

if TYPE_CHECKING:
    from funnelsim.results.stamp import Stamp

Run = tuple[str, Off]
"""An arm by its name, and what is switched off in it of what is at work there."""


class CausesInterrupted(Stopped):
    """The user stopped it; ``causes`` is None, as a split takes all runs."""

    causes: Causes | None = as_kept()


def causes(
    arms: Sequence[Arm],
    base: Arm,
    differences: Mapping[tuple[str, str], Told],
    kpis: Sequence[str],
    sampling: Sampling,
    made: Stamp,
) -> Causes:
    """Why arms of which the base is one differ from it; see `Comparison.causes`.

    Parameters
    ----------
    arms : sequence of Arm
        With their replications; each is run as often again for each set of causes that are off.
    base : Arm
        The one that the others are compared with.
    differences : mapping
        By KPI and arm the difference that is split, as the comparison tells it.
    kpis : sequence of str
        In this order.
    sampling : Sampling
        How replications are computed.
    made : Stamp
        What made the comparison.
    """
    at_work = {arm.name: causes_of(arm.model) for arm in arms}
    others = [arm for arm in arms if arm is not base]
    orders = {arm.name: _order(at_work[base.name] | at_work[arm.name]) for arm in others}
    done = _made(arms, base, others, orders, at_work, kpis, sampling)
    accounts: dict[str, dict[str, Account]] = {arm.name: {} for arm in others}
    intervals = len(kpis) * sum(len(order) + 1 for order in orders.values())
    for kpi in kpis:
        runs = {run: arm.estimate(kpi) for run, arm in done.items()}
        for arm in others:
            value = _Pair(arm.name, base.name, at_work)
            accounts[arm.name][kpi] = account(orders[arm.name], value, runs, differences[kpi, arm.name], intervals)
    behind = {
        arm.name: {cause: numbers(arm.model, cause) for cause in CAUSES if cause in at_work[arm.name]}
        for arm in arms
    }
    return Causes(base, others, accounts, behind, len(done) - len(arms), made)


def _order(there: frozenset[str]) -> tuple[str, ...]:
    return tuple(cause for cause in CAUSES if cause in there)


class _Pair:
    """Where the difference of two arms with some causes off comes from: runs of either, by weight."""

    def __init__(self, arm: str, base: str, at_work: Mapping[str, frozenset[str]]) -> None:
        self._sides = ((arm, Fraction(1)), (base, Fraction(-1)))
        self._at_work = at_work

    def __call__(self, off: Off) -> dict[Run, Fraction]:
        return {(name, off & self._at_work[name]): sign for name, sign in self._sides}


def _made(
    arms: Sequence[Arm],
    base: Arm,
    others: Sequence[Arm],
    orders: Mapping[str, Sequence[str]],
    at_work: Mapping[str, frozenset[str]],
    kpis: Sequence[str],
    sampling: Sampling,
) -> dict[Run, Arm]:
    """All runs that are needed, each once; those with nothing switched off are there."""
    wanted: dict[Run, None] = {}
    for arm in others:
        for off in needed(orders[arm.name]):
            for side in (base.name, arm.name):
                wanted[side, off & at_work[side]] = None
    by_name = {arm.name: arm for arm in arms}
    found = {(arm.name, frozenset[str]()): arm for arm in arms}
    models = {run: switched_off(by_name[run[0]].model, run[1]) for run in wanted if run not in found}
    count = base.replications
    with Laboratory(sampling) as laboratory:
        try:
            batches = [Batch(run, model, count, tallied, (tuple(kpis),)) for run, model in models.items()]
            laboratory.run(batches, by_scenario=True)  # a model is prepared once
        except KeyboardInterrupt:
            done, all_ = laboratory.done, count * len(models)
            raise CausesInterrupted(None, f"causes after {done:,} of {number_of(all_, 'run')}", done) from None
        for (name, off), model in models.items():
            found[name, off] = Arm(name, model, tuple(laboratory.kept((name, off))))
    return found
