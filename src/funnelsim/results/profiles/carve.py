"""How quotas, leads, work and wins are divided among reps and territories, and how evenly.

A team's quota is the sum of its reps' (the street quota): it is divided by the time of their posts in each quota
period, so that half a post has half of it, and a vacant post keeps its part. Quota periods are those that lie
wholly after the warm-up, and attainment is what was booked in them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from funnelsim.model.model import Model
from funnelsim.model.records import Floats, Ints, Records
from funnelsim.scenario.forms.quantities import HOUR

from ..estimates import Estimate, mean_of, ratio_of
from ..measures.indicators import CENTS, DAY
from ..measures.sales import quota_periods
from ..measures.window import Window
from .accounts import Accounts
from .potential import Potential, gini, potential, seat_areas

COLUMNS = ("load", "wait", "leads", "won", "bookings", "quota", "attainment")
"""Of each rep and territory; what it does not have is an estimate without a mean."""


@dataclass(frozen=True)
class Share:
    """What one rep's seat, or one territory, has.

    Parameters
    ----------
    name : str
        ``field_sales-2``, the second seat of a team, whoever has it; or a territory.
    of : str
        The team; empty for a territory.
    figures : dict
        By `COLUMNS`: the share of open hours worked, over the whole run; mean hours that a visit waited for
        a rep; leads that the rep won or worked on last, or that came; deals won; bookings; quota and attainment.
    """

    name: str
    of: str
    figures: dict[str, Estimate]


@dataclass(frozen=True)
class Evenness:
    """How evenly something is divided among several, in a replication, over all replications.

    Parameters
    ----------
    spread : Estimate
        Standard deviation of the attainments of single reps, as a share of the quota.
    reached : Estimate
        Share of the reps that reach their quota.
    lowest, highest : Estimate
        Attainment of the rep who attains least, and most.
    gini : Estimate
        Gini's coefficient of their bookings: 0 where all have the same, near 1 where one has all.
    gini_attainment : Estimate
        The same of their attainments, which does not count how large quotas are.
    """

    spread: Estimate
    reached: Estimate
    lowest: Estimate
    highest: Estimate
    gini: Estimate
    gini_attainment: Estimate


@dataclass(frozen=True)
class Carve:
    """What reps and territories have, and how even that is.

    Parameters
    ----------
    reps, territories : tuple of Share
        In the order of the scenario.
    evenness : Evenness
        Of reps with a quota; without quotas only Gini's coefficient, of all who win deals.
    gini : dict
        By ``leads``, ``bookings`` and ``attainment`` Gini's coefficient over territories; attainment is that of
        those with quotas.
    street : float
        Sum of the reps' quotas over all quota periods, in the currency; 0 without quotas.
    booked : Estimate
        What the teams with quotas booked in these periods.
    days : tuple of date, or None
        The first and the last day of the quota periods; None without one.
    potential : Potential or None
        How the accounts of a file fall on them; None without one.
    """

    reps: tuple[Share, ...]
    territories: tuple[Share, ...]
    evenness: Evenness
    gini: dict[str, Estimate]
    street: float
    booked: Estimate
    days: tuple[dt.date, dt.date] | None
    potential: Potential | None = None


def carve(records: Sequence[Records], model: Model, accounts: Accounts | None = None) -> Carve:
    """How reps and territories fare, over all replications, and what they have of the accounts of a file."""
    each = [_Measured(Window(one, model)) for one in records]
    quota = each[0].quota
    served = model.tables.seats.territory
    known = np.unique(np.concatenate([one.seats for one in each]))
    teams = np.repeat(np.arange(len(model.team_names)), np.diff(model.tables.teams.seat_offset))
    reps = tuple(_rep(each, int(seat), int(teams[seat]), model) for seat in known)
    places = tuple(
        _territory(each, at, np.flatnonzero(served == at), model) for at in range(len(model.territory_names))
    )
    return Carve(
        reps,
        places,
        _evenness(each),
        {
            "leads": mean_of([gini(one.leads_in) for one in each], "ratio"),
            "bookings": mean_of([gini(one.booked_in) for one in each], "ratio"),
            "attainment": mean_of([_by_attainment(one, served, len(places)) for one in each], "ratio"),
        },
        float(quota.sum()) / CENTS,
        mean_of([float(one.attained.sum()) for one in each], model.spec.currency, CENTS),
        _days(model, each[0].window),
        None if accounts is None else potential(accounts, model),
    )


def _by_attainment(one: _Measured, served: Ints, places: int) -> float | None:
    """Gini's coefficient of the attainments of territories with quotas."""
    tied = served >= 0
    quota, attained = (_sum(served[tied], each[tied], places) for each in (one.quota, one.attained))
    return gini(attained[quota > 0] / quota[quota > 0])


class _Measured:
    """Sums of one replication by seat and by territory."""

    def __init__(self, window: Window) -> None:
        self.window = window
        model, people, visits, leads = window.model, window.records.reps, window.visits, window.leads
        size, places = int(model.tables.teams.seat_offset[-1]), len(model.territory_names)
        seat = model.tables.teams.seat_offset[people.team] + people.seat
        self.seats = np.unique(seat)
        self.busy, self.open = _sum(seat, people.busy, size), _sum(seat, people.open, size)
        began = np.flatnonzero(window.began & (visits.rep >= 0))
        at = seat[visits.rep[began]]
        self.waited, self.visits = _sum(at, visits.wait[began], size), _sum(at, np.ones_like(at), size)
        last = np.full(len(leads.created), -1)
        last[visits.lead[began]] = at  # visits lie in the order of their leads, so that the last one stays
        self.worked = _sum(last[last >= 0], np.ones_like(last[last >= 0]), size)
        rows = window.winning[leads.ended[visits.lead[window.winning]] >= window.start]
        rows = rows[visits.rep[rows] >= 0]
        winner, lead = seat[visits.rep[rows]], visits.lead[rows]
        self.won, self.booked = _sum(winner, np.ones_like(winner), size), _sum(winner, leads.booked[lead], size)
        self.quota, self.attained = np.zeros(size), np.zeros(size)
        for period in quota_periods(window):
            self.quota += _quotas(model, period.team, period.begin, period.end, period.quota)
            those = (visits.team[rows] == period.team) & (leads.ended[lead] >= period.begin)
            those &= leads.ended[lead] < period.end
            self.attained += _sum(winner[those], leads.booked[lead[those]], size)
        self._by_place(places, began)

    def _by_place(self, places: int, began: Ints) -> None:
        window, leads, visits = self.window, self.window.leads, self.window.visits
        known = leads.territory >= 0
        came, won = np.flatnonzero(window.created & known), np.flatnonzero(window.won & known)
        self.leads_in = _sum(leads.territory[came], np.ones_like(came), places)
        self.won_in = _sum(leads.territory[won], np.ones_like(won), places)
        self.booked_in = _sum(leads.territory[won], leads.booked[won], places)
        rows = began[known[visits.lead[began]]]
        at = leads.territory[visits.lead[rows]]
        self.waited_in = _sum(at, visits.wait[rows], places)
        self.visits_in = _sum(at, np.ones_like(at), places)


def _sum(index: Ints, values: Ints | Floats, size: int) -> Floats:
    return np.bincount(index, weights=values, minlength=size).astype(np.float64)


def _quotas(model: Model, team: int, begin: int, end: int, quota: int) -> Floats:
    """The quota of a team in a period by seat: by the time of the posts that are planned in it."""
    areas = seat_areas(model, begin, end)
    first = model.tables.teams.seat_offset
    areas[: first[team]] = areas[first[team + 1] :] = 0
    return quota * areas / areas.sum() if areas.sum() > 0 else areas


def _rep(each: Sequence[_Measured], seat: int, team: int, model: Model) -> Share:
    first, money = int(model.tables.teams.seat_offset[team]), model.spec.currency
    name = f"{model.team_names[team]}-{seat - first + 1}"
    figures = {
        "load": ratio_of([one.busy[seat] for one in each], [one.open[seat] for one in each], "share"),
        "wait": ratio_of([one.waited[seat] for one in each], [one.visits[seat] for one in each], "h", HOUR),
        "leads": mean_of([one.worked[seat] for one in each], "leads"),
        "won": mean_of([one.won[seat] for one in each], "leads"),
        "bookings": mean_of([one.booked[seat] for one in each], money, CENTS),
        **_attained([one.quota[seat] for one in each], [one.attained[seat] for one in each], money),
    }
    return Share(name, model.team_names[team], figures)


def _territory(each: Sequence[_Measured], at: int, seats: Ints, model: Model) -> Share:
    """One territory; quota and load are those of the seats that serve it alone, if there are any."""
    money = model.spec.currency
    busy, there = ([float(getattr(one, name)[seats].sum()) for one in each] for name in ("busy", "open"))
    quota, attained = ([float(getattr(one, name)[seats].sum()) for one in each] for name in ("quota", "attained"))
    figures = {
        "load": ratio_of(busy, there, "share"),
        "wait": ratio_of([one.waited_in[at] for one in each], [one.visits_in[at] for one in each], "h", HOUR),
        "leads": mean_of([one.leads_in[at] for one in each], "leads"),
        "won": mean_of([one.won_in[at] for one in each], "leads"),
        "bookings": mean_of([one.booked_in[at] for one in each], money, CENTS),
        **_attained(quota, attained, money),
    }
    return Share(model.territory_names[at], "", figures)


def _attained(quota: Sequence[float], attained: Sequence[float], money: str) -> dict[str, Estimate]:
    given = mean_of(quota, money, CENTS)
    return {
        "quota": given if given.mean else Estimate(None, None, None, money),
        "attainment": ratio_of(attained, quota, "share"),
    }


def _evenness(each: Sequence[_Measured]) -> Evenness:
    quota = each[0].quota
    those = np.flatnonzero(quota > 0)
    shares = [one.attained[those] / quota[those] for one in each] if len(those) else []
    winners = those if len(those) else np.flatnonzero(np.sum([one.won for one in each], axis=0) > 0)
    amounts = [(one.attained if len(those) else one.booked)[winners] for one in each]
    return Evenness(
        mean_of([float(one.std()) for one in shares], "share"),
        mean_of([float((one >= 1).mean()) for one in shares], "share"),
        mean_of([float(one.min()) for one in shares], "share"),
        mean_of([float(one.max()) for one in shares], "share"),
        mean_of([gini(one) for one in amounts], "ratio"),
        mean_of([gini(one) for one in shares], "ratio"),
    )


def _days(model: Model, window: Window) -> tuple[dt.date, dt.date] | None:
    periods = quota_periods(window)
    if not periods:
        return None
    first, last = min(each.begin for each in periods), max(each.end for each in periods)
    return model.start + dt.timedelta(days=first // DAY), model.start + dt.timedelta(days=last // DAY - 1)
