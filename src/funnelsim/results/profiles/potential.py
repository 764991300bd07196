"""How the potential of a firm's accounts falls on territories and reps, and how evenly.

Potential is counted, not simulated: nothing of it is random. It stands beside what a run makes of the same
territories and reps, which is in `carve`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from funnelsim.errors import Warned
from funnelsim.model.model import Model
from funnelsim.model.numbers.columns import WHOLE
from funnelsim.model.posts import plan_of_posts
from funnelsim.model.records import Floats, Ints

from .accounts import Account, Accounts, seat_names


@dataclass(frozen=True)
class Held:
    """What one territory or one rep has of all accounts.

    Parameters
    ----------
    accounts : float
        How many; a territory's are divided among the reps who serve it, so that a rep may have parts of one.
    potential : float
        What they may buy, in the currency of the scenario.
    share : float
        Of the potential of all accounts.
    segments : dict
        Potential by segment; empty where the file names none.
    """

    accounts: float
    potential: float
    share: float
    segments: Mapping[str, float]


@dataclass(frozen=True)
class Potential:
    """How the potential of all accounts is divided.

    Parameters
    ----------
    file : str
        Which says so.
    whole : Held
        All accounts.
    currency : str
        Of their potential.
    territories : dict
        By territory what lies there; those without accounts have 0.
    reps : dict
        By seat (``field_sales-2``) what is the rep's: the accounts that name it as owner, and its part of
        those in the territory that it serves alone, in proportion to the time of the posts that serve it. Seats
        that have neither, as those of reps who serve all territories, are not there.
    nowhere : Held
        Accounts that lie in no territory.
    unserved : dict
        By team with reps of this kind, what no rep of it has.
    leads : dict
        By territory the share of leads that the scenario sends there at its start.
    gini : dict
        Gini's coefficient of potential: over ``territories``, and by team over its reps; None of fewer than two.
    said : tuple of Warned
        How the file was read.
    """

    file: str
    whole: Held
    currency: str
    territories: Mapping[str, Held]
    reps: Mapping[str, Held]
    nowhere: Held
    unserved: Mapping[str, Held]
    leads: Mapping[str, float]
    gini: Mapping[str, float | None]
    said: tuple[Warned, ...] = ()

    @property
    def apart(self) -> dict[str, float]:
        """By territory its share of leads less its share of the potential that lies in territories."""
        placed = 1 - self.nowhere.share
        if not self.leads or placed <= 0:
            return {}
        return {name: share - self.territories[name].share / placed for name, share in self.leads.items()}


def gini(values: Floats) -> float | None:
    """Gini's coefficient of amounts; None of fewer than two, or where all are 0.

    Half the mean difference of all pairs, as a share of the mean (Gini 1912), by the sorted amounts:
    ``sum((2 i - n - 1) x_i) / (n sum(x_i))``.
    """
    count, whole = len(values), float(values.sum())
    if count < 2 or whole <= 0:
        return None
    ranks = 2 * np.arange(1, count + 1) - count - 1
    return float(ranks @ np.sort(values)) / (count * whole)


def seat_areas(model: Model, begin: int, end: int) -> Floats:
    """Microseconds between two moments in which the post of each seat is planned; half a post has half of them."""
    parts = model.tables.parts
    areas = np.zeros(int(model.tables.teams.seat_offset[-1]))
    for part, since, until, count, last in plan_of_posts(model):
        span = min(until, end) - max(since, begin)
        if span > 0 and count:
            first = int(parts.seat_offset[part])
            areas[first : first + count] += span
            areas[first + count - 1] -= span * (WHOLE - last) / WHOLE
    return areas


def potential(accounts: Accounts, model: Model) -> Potential:
    """What territories and reps have of all accounts, over the time that counts."""
    every = accounts.every
    held = _holder(every)
    place, owner = np.array([each.territory for each in every]), np.array([each.seat for each in every])
    ones = np.ones(len(every))
    territories = {name: held(ones * (place == at)) for at, name in enumerate(model.territory_names)}
    reps, unserved, ginis = _among_reps(model, place, owner, held)
    weights = dict(model.spec.territories)
    whole = sum(weights.values())
    leads = {name: weights.get(name, 0.0) / whole for name in model.territory_names} if whole else {}
    over = gini(np.array([each.potential for each in territories.values()]))
    return Potential(
        accounts.file,
        held(ones),
        model.spec.currency,
        territories,
        reps,
        held(ones * (place < 0)),
        unserved,
        leads,
        {"territories": over, **ginis},
        accounts.said,
    )


Holder = Callable[[Floats], Held]


def _holder(every: Sequence[Account]) -> Holder:
    """Makes what somebody has of the part of each account that is theirs."""
    amounts = np.array([each.potential for each in every])
    names = list(dict.fromkeys(each.segment for each in every if each.segment))
    of = {name: np.array([each.segment == name for each in every]) for name in names}

    def held(parts: Floats) -> Held:
        theirs = parts * amounts
        segments = {name: float(theirs[those].sum()) for name, those in of.items()}
        return Held(float(parts.sum()), float(theirs.sum()), float(theirs.sum() / amounts.sum()), segments)

    return held


def _among_reps(
    model: Model, place: Ints, owner: Ints, held: Holder
) -> tuple[dict[str, Held], dict[str, Held], dict[str, float | None]]:
    """By seat what a rep has, by team what none of its reps has, and how even each team is."""
    names, served = seat_names(model), model.tables.seats.territory
    areas = seat_areas(model, model.warmup, model.horizon)
    reps: dict[str, Held] = {}
    unserved: dict[str, Held] = {}
    ginis: dict[str, float | None] = {}
    first = model.tables.teams.seat_offset.tolist()
    for team, begin, end in zip(model.team_names, first[:-1], first[1:], strict=True):
        seats = np.arange(begin, end)
        owned = np.isin(owner, seats)
        those = seats[(areas[begin:end] > 0) & (owned.any() | (served[begin:end] >= 0))]
        if not len(those):
            continue
        left = np.ones(len(place))
        amounts = []
        for seat in those:
            ties = areas[seats] * (served[seats] == served[seat])
            part = areas[seat] / ties.sum() if served[seat] >= 0 else 0.0
            parts = np.where(owned, owner == seat, part * (place == served[seat]))
            reps[names[seat]] = held(parts)
            amounts.append(reps[names[seat]].potential)
            left -= parts
        unserved[team] = held(np.where(left > 1e-9, left, 0.0))
        ginis[team] = gini(np.array(amounts))
    return reps, unserved, ginis
