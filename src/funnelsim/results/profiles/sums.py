"""Sums by what belongs together: the bridge of recurring revenue, reps, and territories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from funnelsim.errors import FunnelsimError
from funnelsim.model.model import Model
from funnelsim.model.records import CHURNED, CONTRACTED, EXPANDED, NEW_ARR, OPENING, Records

from ..measures.indicators import CENTS
from ..measures.revenue import arr_before
from ..measures.window import Window
from .spread import Row, Spread, of_windows, spread

STEPS = ("before", "new", "expansion", "contraction", "churn", "after")
"""Of the bridge: recurring revenue at the end of the warm-up, what came and went, and at the horizon."""


class Sums(NamedTuple):
    """Sums by name.

    Parameters
    ----------
    names, columns : tuple of str
        What they are of, and what each column is.
    spread : Spread
        Shape (names, columns).
    teams : tuple of int
        Of reps the index of the team of each.
    """

    names: tuple[str, ...]
    columns: tuple[str, ...]
    spread: Spread
    teams: tuple[int, ...] = ()


def bridge(records: Sequence[Records], model: Model) -> Sums:
    """Annual recurring revenue from the end of the warm-up to the horizon; contraction and churn are below 0.

    Raises
    ------
    FunnelsimError
        If nothing recurs.
    """
    if model.spec.revenue == "one_off":
        raise FunnelsimError(
            "this scenario has `revenue: one_off`, so there is no recurring revenue to show", code="E-figure-none"
        )

    def measure(window: Window) -> Row:
        moves, signed = window.moves, window.revenue.signed
        late = (moves.time >= window.start) & (moves.kind != OPENING)
        steps = [signed[late & (moves.kind == kind)].sum() for kind in (NEW_ARR, EXPANDED, CONTRACTED, CHURNED)]
        before = arr_before(window, window.start)
        return np.array([before, *steps, before + sum(steps)], dtype=np.float64)[:, None] / CENTS

    return Sums(STEPS, ("arr",), of_windows(records, model, measure))


def reps(records: Sequence[Records], model: Model) -> Sums:
    """Of each seat: the share of its open hours that it was busy in the whole run; deals won since the warm-up.

    A seat counts with all who held it; in replications without it, it has no figures.
    """
    seats = sorted(
        {pair for each in records for pair in zip(each.reps.team.tolist(), each.reps.seat.tolist(), strict=True)}
    )
    place = {seat: at for at, seat in enumerate(seats)}
    found = spread([_of_seats(Window(each, model), place) for each in records])
    names = tuple(f"{model.team_labels[team]} {seat + 1}" for team, seat in seats)
    return Sums(names, ("busy", "won", "booked"), found, tuple(team for team, _ in seats))


def _of_seats(window: Window, place: dict[tuple[int, int], int]) -> Row:
    people = window.records.reps
    at = np.array(
        [place[seat] for seat in zip(people.team.tolist(), people.seat.tolist(), strict=True)], dtype=np.int64
    )
    time, won = np.zeros((2, len(place))), np.zeros((2, len(place)))
    np.add.at(time[0], at, people.busy)
    np.add.at(time[1], at, people.open)
    rows = window.winning[window.visits.left[window.winning] >= window.start]
    rep, lead = window.visits.rep[rows], window.visits.lead[rows]
    those = rep >= 0
    np.add.at(won[0], at[rep[those]], 1.0)
    np.add.at(won[1], at[rep[those]], window.leads.booked[lead[those]] / CENTS)
    there = np.bincount(at, minlength=len(place)) > 0
    busy = np.divide(time[0], time[1], out=np.full(len(place), np.nan), where=time[1] > 0)
    return np.column_stack([busy, *(np.where(there, column, np.nan) for column in won)])


def territories(records: Sequence[Records], model: Model) -> Sums:
    """Of each territory, since the warm-up: leads created, deals won, and what was booked.

    Raises
    ------
    FunnelsimError
        If the scenario has no territories.
    """
    names = model.territory_names
    if not names:
        raise FunnelsimError(
            "this scenario has no `territories`, so there is nothing to show by territory", code="E-figure-none"
        )

    def measure(window: Window) -> Row:
        leads, found = window.leads, np.zeros((len(names), 3))
        known = leads.territory >= 0
        booked = leads.booked / CENTS
        for column, (those, worth) in enumerate(
            ((window.created, None), (window.won, None), (window.won, booked))
        ):
            rows = np.flatnonzero(those & known)
            np.add.at(found[:, column], leads.territory[rows], 1.0 if worth is None else worth[rows])
        return found

    return Sums(tuple(names), ("created", "won", "booked"), of_windows(records, model, measure))
