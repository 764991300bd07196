"""The fates of the leads of a comparison: the front door."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from functools import reduce
from typing import TYPE_CHECKING

from ..running.laboratory import Batch, Laboratory, Sampling
from ..stopping import Stopped, as_kept
from .account import Account, accounts
from .result import Fates

if TYPE_CHECKING:
    from ..comparison.result import Comparison
    from ..running.laboratory import Progress


class FatesInterrupted(Stopped):
    """The user stopped it; ``fates`` holds what was done, or None before one full replication."""

    fates: Fates | None = as_kept()


def fates(
    comparison: Comparison,
    *,
    replications: int | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Fates:
    """See `Comparison.fates`."""
    models = {arm.name: arm.model for arm in comparison.arms}
    base = models.pop(comparison.question.base)
    number = comparison.replications if replications is None else replications
    sampling = Sampling(comparison.seed, comparison.engine, workers, executor, progress)
    with Laboratory(sampling) as laboratory:
        try:
            laboratory.run([Batch("fates", base, number, accounts, (models,))])
        except KeyboardInterrupt:
            done = laboratory.kept("fates")
            kept = _made(comparison, done) if done else None
            raise FatesInterrupted(kept, f"fates of {len(done)} of {number} replications", len(done)) from None
        return _made(comparison, laboratory.kept("fates"))


def _made(comparison: Comparison, done: list[Mapping[str, Account]]) -> Fates:
    base = comparison.base
    labels = {
        name: label
        for arm in (*comparison.arms, base)  # where they differ, that of the base
        for name, label in zip(arm.model.stage_names, arm.model.stage_labels, strict=True)
    }
    names = [arm.name for arm in comparison.arms if arm is not base]
    found = {name: reduce(Account.plus, (each[name] for each in done), Account()) for name in names}
    return Fates(base.name, found, len(done), base.model.spec.currency, labels, comparison.stamp)
