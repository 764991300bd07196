"""Outlooks of runs: the targets that are asked for, and the runs to a day that some of them need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from funnelsim.errors import FunnelsimError
from funnelsim.text import number_of

from ..running.arms import Arm, Arms, tallied
from ..running.laboratory import Sampling
from ..stopping import Stopped, as_kept
from ..study.question import targets_of
from .outlook import Outlook
from .until import day_of, until

if TYPE_CHECKING:
    from funnelsim.results.result import Result


class OutlookInterrupted(Stopped):
    """The user stopped it; ``outlooks`` are those of the replications that were done, or None."""

    outlooks: tuple[Outlook, ...] | None = as_kept()


def outlooks(
    result: Result, wishes: Sequence[tuple[str, float | str]], by: dt.date | str | None, sampling: Sampling
) -> tuple[Outlook, ...]:
    """What the runs of a result say of targets; see `Result.target`.

    Raises
    ------
    FunnelsimError
        For a KPI that there is not, an amount that cannot be read, or a day that does not count.
    OutlookInterrupted
        On Ctrl-C while the runs to the day are made.
    """
    arm = Arm(result.model.spec.name, result.model, result.tallies)
    targets, warnings = targets_of(arm, wishes)
    day = None if by is None else day_of(by)
    short = arm.model if day is None else until(arm.model, day)
    if short is not arm.model and result.worlds is not None:
        raise FunnelsimError(
            "a target by a day needs these replications once more, and each of worlds is of another scenario; "
            "shorten the `horizon` of the scenario instead",
            code="E-records-events",
        )
    if short is arm.model:
        return tuple(Outlook(arm, each, result.stamp, day, warnings) for each in targets)
    _same_again(arm, sampling)
    running = Arms({arm.name: short}, sampling)
    try:
        with running:
            running.extend(arm.replications)
    except KeyboardInterrupt:
        (done,) = running.arms
        kept = tuple(Outlook(done, each, result.stamp, day, warnings) for each in targets)
        message = f"stopped after {done.replications} of {number_of(arm.replications, 'replication')} until {day}"
        raise OutlookInterrupted(kept if done.replications else None, message, done.replications) from None
    return tuple(Outlook(running.arms[0], each, result.stamp, day, warnings) for each in targets)


def _same_again(arm: Arm, sampling: Sampling) -> None:
    """Refuse a result that cannot be run again: only the engine ``simpy`` runs rules and observers of Python."""
    if sampling.engine == "simpy" and repr(tallied(arm.model, sampling.seed, 0, "simpy").kpis) != repr(
        arm.tallies[0].kpis
    ):
        raise FunnelsimError(
            "a target by a day needs these replications once more up to that day, and they cannot be made again, "
            "as they were made with hooks; shorten the `horizon` of the scenario instead",
            code="E-records-events",
        )


def arms_until(arms: Sequence[Arm], by: dt.date, sampling: Sampling) -> tuple[Arm, ...]:
    """The same arms with as many replications, run to the end of a day."""
    models = {arm.name: until(arm.model, by) for arm in arms}
    if all(models[arm.name] is arm.model for arm in arms):
        return tuple(arms)
    running = Arms(models, sampling)
    with running:
        running.extend(arms[0].replications)
    return running.arms
