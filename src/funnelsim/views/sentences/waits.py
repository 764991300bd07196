"""Why figures of a run differ by much: the load expected and offered, the waits of a stage and of its team."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..words import numbers, say
from .expected import loads_apart

if TYPE_CHECKING:
    from funnelsim.model.model import Model
    from funnelsim.results.measures.summary import Summary

MUCH = 1.5
"""How many times as long one wait for a team must be as all waits of a lead that was served."""

WAITING = 1.0
"""Leads that must wait for the team on average: what a queue that is mostly empty does nobody asks."""


def reconciled(summary: Summary, model: Model) -> Iterator[str]:
    """A sentence for each team whose load is not the expected one, and for stages of which waits differ by much.

    The wait of a stage is that of visits that ended; the wait of a team counts all waits up to the horizon.
    Without leads that lie at the end the first is the longer one, as a visit may wait several times.
    """
    yield from loads_apart(summary, model)
    yield from _waits(summary, model)


def _waits(summary: Summary, model: Model) -> Iterator[str]:
    """Stages at which those who still wait have waited much longer than those who were served."""
    labels = dict(zip(model.team_names, model.team_labels, strict=True))
    for name, label in zip(model.stage_names, model.stage_labels, strict=True):
        served = summary.stages[name]["wait"].mean
        if served is None:
            continue
        for team in dict.fromkeys(team for pool in model.spec.stages[name].team.values for team in pool or ()):
            every = summary.teams[team]["wait"].mean
            stays = (summary.stages[name]["queue"].mean or 0.0) >= WAITING
            if every is not None and stays and every > MUCH * served and every > 1.0:
                yield say(
                    "run.waits",
                    stage=label,
                    served=numbers.duration(served),
                    team=labels[team],
                    every=numbers.duration(every),
                )
