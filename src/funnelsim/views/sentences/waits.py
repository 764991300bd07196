"""Why figures of a run differ by much: the load expected and offered, the waits of a stage and of its team."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from funnelsim.model import posts
from funnelsim.model.balance.loads import expected
from funnelsim.model.balance.uncounted import costs_of_waiting, has_limits
from funnelsim.results.measures.indicators import MONTH

from ..words import listed, numbers, say, separated

if TYPE_CHECKING:
    from funnelsim.model.balance.team_load import Loads
    from funnelsim.model.model import Model
    from funnelsim.results.measures.summary import Summary

MUCH = 1.5
"""How many times as long one wait for a team must be as all waits of a lead that was served."""

WAITING = 1.0
"""Leads that must wait for the team on average: what a queue that is mostly empty does nobody asks."""


APART = 0.05
"""Difference of loads, and share of the leads and of the seats, from which it is worth a word."""


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


def loads_apart(summary: Summary, model: Model) -> Iterator[str]:
    """A sentence for each team whose load is not the expected one, with what explains it."""
    balance = expected(model)
    if balance is None:
        return
    fewer = False
    for name, label in zip(model.team_names, model.team_labels, strict=True):
        foreseen, offered = balance.teams[name].load, summary.teams[name]["load"]
        if foreseen is None or offered.mean is None:
            continue
        if abs(offered.mean - foreseen) > max(APART, offered.half or 0.0):
            leads = _leads(name, summary, model, balance)
            fewer |= leads is not None and leads.came < leads.foreseen
            reasons = [*([] if leads is None else [leads.said]), *_seats(name, summary, model)]
            yield say(
                "run.apart",
                team=label,
                expected=numbers.percent(foreseen),
                offered=numbers.percent(offered.mean),
                because=say("run.apart.because", reasons=separated(reasons)) if reasons else "",
            )
    if fewer:
        yield from _left_out(model)


class _Leads(NamedTuple):
    """Leads a month that come to a stage, and those that flow balance foresees."""

    stage: str
    came: float
    foreseen: float

    @property
    def said(self) -> str:
        """The same in words."""
        key = "run.apart.fewer" if self.came < self.foreseen else "run.apart.more"
        came, foreseen = map(numbers.amount, (self.came, self.foreseen))
        return say(key, came=came, expected=foreseen, stage=self.stage)


def _leads(team: str, summary: Summary, model: Model, balance: Loads) -> _Leads | None:
    """The first stage of a team to which another number of leads comes than is expected."""
    months = (model.horizon - model.warmup) / MONTH
    labels = dict(zip(model.stage_names, model.stage_labels, strict=True))
    for stage, spec in model.spec.stages.items():
        foreseen = balance.visits[stage]
        if spec.aside or foreseen <= 0 or not any(team in (pool or ()) for pool in spec.team.values):
            continue
        came = (summary.stages[stage]["entered"].mean or 0.0) / months
        if abs(came - foreseen) > APART * foreseen:
            return _Leads(labels[stage], came, foreseen)
    return None


def _left_out(model: Model) -> Iterator[str]:
    """What flow balance does not know and takes leads off."""
    costs = costs_of_waiting(model)
    if costs:
        yield say("run.apart.waiting", costs=listed(costs))
    if has_limits(model):
        yield say("run.apart.limits")


def _seats(team: str, summary: Summary, model: Model) -> Iterator[str]:
    """That seats are vacant."""
    place = model.team_names.index(team)
    first = int((model.edges < model.warmup).sum())
    areas = posts.by_team(posts.planned(model), model)[first:, place].sum()
    planned, staffed = float(areas) / (model.horizon - model.warmup), summary.teams[team]["headcount"].mean
    if staffed is not None and planned - staffed > APART / 2 * planned:
        yield say("run.apart.seats", staffed=numbers.amount(staffed), planned=numbers.amount(planned))
