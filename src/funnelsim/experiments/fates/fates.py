"""The fates of the leads of a comparison: the front door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING

from funnelsim.text import number_of

from ..running.laboratory import Batch, Laboratory, Sampling
from ..stopping import Stopped, as_kept
from .account import Account, accounts
from .result import Fates

if TYPE_CHECKING:
    from funnelsim.results.stamp import Stamp

    from ..running.arms import Arm


class FatesInterrupted(Stopped):
    """The user stopped it; ``fates`` holds what was done, or None before one full replication."""

    fates: Fates | None = as_kept()


def fates(arms: Sequence[Arm], base: Arm, replications: int, sampling: Sampling, made: Stamp) -> Fates:
    """What became of the same leads in arms of which the base is one; see `Comparison.fates`."""
    models = {arm.name: arm.model for arm in arms if arm is not base}
    with Laboratory(sampling) as laboratory:
        try:
            laboratory.run([Batch("fates", base.model, replications, accounts, (models,))])
        except KeyboardInterrupt:
            done = laboratory.kept("fates")
            kept = _made(arms, base, done, made) if done else None
            raise FatesInterrupted(
                kept, f"fates of {len(done):,} of {number_of(replications, 'replication')}", len(done)
            ) from None
        return _made(arms, base, laboratory.kept("fates"), made)


def _made(arms: Sequence[Arm], base: Arm, done: Sequence[Mapping[str, Account]], made: Stamp) -> Fates:
    labels = {
        name: label
        for arm in (*arms, base)  # where they differ, that of the base
        for name, label in zip(arm.model.stage_names, arm.model.stage_labels, strict=True)
    }
    names = [arm.name for arm in arms if arm is not base]
    found = {name: reduce(Account.plus, (each[name] for each in done), Account()) for name in names}
    return Fates(base.name, found, len(done), base.model.spec.currency, labels, made)
