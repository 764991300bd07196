"""Sums over visits that the tables of stages and teams show, all of them from one walk over the visits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from funnelsim.model.records import EXPIRED, Floats, Ints, Visits

from .chunks import parts
from .shared import shared
from .window import Mask, Window, sums

TIMES = ("wait", "work", "busy", "buyer", "handoff", "held", "paused", "wait_open")
"""Parts of a visit's time that are added up by stage."""


class VisitSums(NamedTuple):
    """Visits after the warm-up; those that began lack those turned away, and the finished have ended too."""

    entered: Ints  # [stages] that began, those turned away included
    left: Ints  # [stages, outcomes] that ended
    finished: Ints  # [stages]
    stay: Ints  # [stages] time of the finished in the stage
    times: dict[str, Ints]  # [stages] other times of the finished
    context: Floats  # [stages] summed context that the finished ended with
    waited_open: Ints  # [teams, stages] open time waited by those that began
    gave_up: Ints  # [teams] that ended as the buyer would not wait, before any touch


@shared
def visit_sums(window: Window) -> VisitSums:
    """The sums of a replication."""
    stages, teams, outcomes = window.stages, window.teams, len(window.model.outcome_names)
    found = VisitSums(
        entered=np.zeros(stages, dtype=np.int64),
        finished=np.zeros(stages, dtype=np.int64),
        stay=np.zeros(stages, dtype=np.int64),
        left=np.zeros((stages, outcomes), dtype=np.int64),
        times={name: np.zeros(stages, dtype=np.int64) for name in TIMES},
        context=np.zeros(stages),
        waited_open=np.zeros((teams, stages), dtype=np.int64),
        gave_up=np.zeros(teams, dtype=np.int64),
    )
    for rows, visits in parts(window.visits):
        stage, outcome = visits.stage, visits.outcome
        found.entered[:] += np.bincount(stage[visits.entered >= window.start], minlength=stages)
        over = outcome >= 0
        left = np.flatnonzero(over & (visits.left >= window.start))
        ways = np.bincount(stage[left] * outcomes + outcome[left], minlength=stages * outcomes)
        found.left[:] += ways.reshape(stages, outcomes)
        _add_finished(found, window, visits, window.began[rows] & over)
        _add_teams(found, visits, window.began[rows], left)
    return found


def _add_finished(found: VisitSums, window: Window, visits: Visits, finished: Mask) -> None:
    """Add a part of the finished visits."""
    stage = visits.stage
    rows = [np.flatnonzero(finished & (stage == at)) for at in range(window.stages)]
    number = np.array([len(each) for each in rows])
    there = np.flatnonzero(number)
    if not len(there):
        return
    found.finished[:] += number
    order, begins = np.concatenate(rows), (np.cumsum(number) - number)[there]
    found.stay[there] += np.add.reduceat(_stay(visits)[order], begins)
    for name in TIMES:
        found.times[name][there] += np.add.reduceat(getattr(visits, name)[order], begins)
    ended = np.flatnonzero(finished)
    np.add.at(found.context, stage[ended], visits.context[ended])  # in their order, on which rounding hangs


def _stay(visits: Visits) -> Ints:
    # A lead that was in the line at the start entered before time began; its stay is counted from 0.
    return visits.left - np.maximum(visits.entered, 0)


def _add_teams(found: VisitSums, visits: Visits, began: Mask, left: Ints) -> None:
    """Add what a part of the visits says of the teams."""
    team = visits.team
    handled = np.flatnonzero(began & (team >= 0))
    place = team[handled] * len(found.entered) + visits.stage[handled]
    waited = sums(place, visits.wait_open[handled], found.waited_open.size)
    found.waited_open[:] += waited.reshape(found.waited_open.shape)
    lost = left[(visits.outcome[left] == EXPIRED) & (visits.first_touch[left] < 0) & (team[left] >= 0)]
    found.gave_up[:] += np.bincount(team[lost], minlength=len(found.gave_up))
