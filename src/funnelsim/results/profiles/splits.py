"""What parts a whole has: how visits ended, how old open leads are, and where the time of won leads went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from funnelsim.model.model import Model
from funnelsim.model.records import WON, Records

from ..measures.indicators import DAY, MONTH
from ..measures.journeys import won_visits
from ..measures.pipeline import open_visits
from ..measures.visit_sums import visit_sums
from ..measures.window import Window
from .spread import Row, Spread, of_windows, spread

AGES = (7, 30, 90, 180)
"""Days at which a class of age ends and the next one begins."""

CAUSES = ("wait_open", "wait_closed", "busy", "paused", "buyer", "handoff", "held")
"""Where the time of a lead goes: waiting for a rep while the team is open and while it is closed, work, work that
lies over closed hours, the buyer's time, handoffs, and waiting before a limit."""


class Split(NamedTuple):
    """A whole in its parts.

    Parameters
    ----------
    rows, parts : tuple of str
        Labels of stages, and names of the parts.
    spread : Spread
        Shape (rows, parts).
    """

    rows: tuple[str, ...]
    parts: tuple[str, ...]
    spread: Spread


def ends(records: Sequence[Records], model: Model) -> Split:
    """Visits a month that ended in each way, by stage; and last the leads that are in the stage at the horizon."""
    months = (model.horizon - model.warmup) / MONTH

    def measure(window: Window) -> Row:
        still = window.records.series.wip_last[-1].astype(np.float64)
        return np.column_stack([visit_sums(window).left / months, still])

    return Split(model.stage_labels, (*model.outcome_names, "open"), of_windows(records, model, measure))


def ages(records: Sequence[Records], model: Model) -> Split:
    """Leads open at the horizon by stage and by how long they have been in it (see `AGES`)."""

    def measure(window: Window) -> Row:
        _, stage, entered = open_visits(window)
        age = np.searchsorted(np.array(AGES) * DAY, window.end - entered, side="right")
        found = np.zeros((window.stages, len(AGES) + 1))
        np.add.at(found, (stage, age), 1.0)
        return found

    names = tuple(str(day) for day in (*AGES, "more"))
    return Split(model.stage_labels, names, of_windows(records, model, measure))


def causes(records: Sequence[Records], model: Model) -> Split:
    """Hours of a won lead by stage and cause (see `CAUSES`); all of them together are the cycle time."""

    found = [_hours(Window(each, model)) for each in records]
    hours, won = np.array([each for each, _ in found]), np.array([mass for _, mass in found])
    each = np.divide(hours, won[:, None, None], out=np.full(hours.shape, np.nan), where=won[:, None, None] > 0)
    whole = hours.sum(axis=0) / won.sum() if won.any() else np.full(hours.shape[1:], np.nan)
    return Split(model.stage_labels, CAUSES, spread(list(each))._replace(mean=whole))


def _hours(window: Window) -> tuple[Row, float]:
    """Hours of all won leads by stage and cause, weighted as in the cycle time, and how many leads these are."""
    rows, weight, _ = won_visits(window)
    visits, found = window.visits, np.zeros((window.stages, len(CAUSES)))
    waited = visits.wait_open[rows]
    for at, name in enumerate(CAUSES):
        time = {"wait_open": waited, "wait_closed": visits.wait[rows] - waited}.get(name)
        time = getattr(visits, name)[rows] if time is None else time
        np.add.at(found, (visits.stage[rows], at), weight * time)
    cohort = window.creation_cohort
    return found / (DAY / 24), cohort.mass(cohort.outcome == WON)
