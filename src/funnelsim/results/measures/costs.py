"""What one replication cost: people by staffed and posts by planned time, commission, leads, and named costs.

The cost of people and their commission is laid on three purposes by the hours they worked for each: winning new
customers (new and referred leads up to the win, and outbound contacts), winning expansions, and service (all
that comes after a win). Hours without work follow those with work; a team that did nothing is there to win new
customers. Commission goes to the purpose of the deal, the cost of leads to new customers. Named costs count as
selling costs, divided between new customers and expansions as the cost of people is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from funnelsim.model import posts
from funnelsim.model.records import EXPANSION, NEW, WON, Floats, Ints

from .chunks import parts
from .revenue import NEVER_PAID, YEAR, bin_of, invoiced, recurring
from .shared import shared

if TYPE_CHECKING:
    from .window import Window

TO_WIN, TO_EXPAND, SERVICE = range(3)
"""Purposes of work."""


class Costs(NamedTuple):
    """Costs in each bin, in hundredths of the currency unit."""

    people: Floats  # [bins, teams]
    commission: Floats  # [bins, teams]; of deals that no team won there is none
    leads: Floats  # [bins]
    named: dict[str, Floats]  # [bins]
    unpaid: Floats  # [bins]: what was earned on invoices that are never paid
    purposes: Floats  # [teams, 3]: shares of the team's hours
    selling: Floats  # [bins, 2]: all that was spent to win new customers, and to win expansions

    @property
    def total(self) -> Floats:
        """Everything, in each bin."""
        return self.people.sum(axis=1) + self.commission.sum(axis=1) + self.leads + self.all_named + self.unpaid

    @property
    def all_named(self) -> Floats:
        """All named costs, in each bin."""
        return sum(self.named.values(), np.zeros(len(self.leads)))


def costs_of(window: Window) -> Costs:
    """The costs of a replication."""
    people, commission = _people(window), commission_of(window)
    leads, named, purposes = leads_of(window), _named(window), _purposes(window)
    selling = people @ purposes[:, :SERVICE]
    spent = selling.sum(axis=1, keepdims=True)
    parts = np.where(spent > 0, selling / np.where(spent > 0, spent, 1.0), [1.0, 0.0])
    selling[:, TO_WIN] += leads
    selling += sum(named.values(), np.zeros(len(leads)))[:, None] * parts
    _add_commission(window, selling)
    return Costs(people, commission, leads, named, unpaid_of(window), purposes, selling)


def _bins(window: Window) -> int:
    return len(window.model.edges) - 1


def _people(window: Window) -> Floats:
    """Salaries of staffed seats, and what posts cost that are planned."""
    salary = np.array([prices.salary for prices in window.model.prices])
    paid: Floats = posts.staffed(window.records, window.model) * salary[window.bin_periods]
    seat = np.array([prices.seat for prices in window.model.prices])
    if seat.any():
        paid = paid + posts.planned(window.model) * seat[window.bin_periods]
    people: Floats = posts.by_team(paid, window.model)
    return people


@shared
def staffed_by_team(window: Window) -> Any:
    """Areas of staffed posts over elapsed time in each bin, by team."""
    return posts.staffed_by_team(window.records, window.model)


def commission_of(window: Window) -> Floats:
    sales = window.sales
    paid = np.zeros((_bins(window), window.teams))
    rows = sales.team >= 0
    np.add.at(paid, (bin_of(sales.time, window.model.edges)[rows], sales.team[rows]), sales.commission[rows])
    return paid


def _add_commission(window: Window, selling: Floats) -> None:
    sales = window.sales
    purpose = np.where(window.leads.origin[sales.lead] == EXPANSION, TO_EXPAND, TO_WIN)
    np.add.at(selling, (bin_of(sales.time, window.model.edges), purpose), sales.commission)


def leads_of(window: Window) -> Floats:
    """Leads that sources created; those of the start, expansions and referrals are not paid for."""
    model = window.model
    prices = np.array([each.lead for each in model.prices])
    paid = np.zeros(_bins(window))
    if not prices.any():
        return paid
    for _, leads in parts(window.leads):
        rows = np.flatnonzero((leads.origin == NEW) & (leads.opening == 0))
        created, source = leads.created[rows], leads.source[rows]
        np.add.at(paid, bin_of(created, model.edges), prices[window.period_at(created), source])
    return paid


def _named(window: Window) -> dict[str, Floats]:
    model = window.model
    width = np.diff(model.edges)
    names = dict.fromkeys(name for prices in model.prices for name, _ in prices.named)
    rates = {name: np.array([dict(prices.named).get(name, 0.0) for prices in model.prices]) for name in names}
    return {name: rates[name][window.bin_periods] * width for name in names}


def unpaid_of(window: Window) -> Floats:
    """What is earned on first invoices that are never paid: all at the booking, or as their year passes.

    Who leaves within the year owes nothing for the rest of it, so that never more is lost than was earned.
    """
    model, customers = window.model, window.customers
    rows, amounts = invoiced(window)
    bad = customers.paid[rows] == NEVER_PAID
    since, amounts, ended = customers.since[rows][bad], amounts[bad], customers.ended[rows][bad]
    if model.spec.revenue == "one_off":
        lost = np.zeros(_bins(window))
        np.add.at(lost, bin_of(since, model.edges), amounts.astype(np.float64))
        return lost
    until = np.minimum(np.where(ended >= 0, ended, window.end), since + YEAR)
    over = until < window.end
    times, changes = np.concatenate([since, until[over]]), np.concatenate([amounts, -amounts[over]])
    return recurring(times, changes, model.edges)


def _purposes(window: Window) -> Floats:
    """Shares of each team's hours that went to each purpose, by what began after the warm-up."""
    hours = np.zeros((window.teams, 3))
    hours[:, TO_WIN] = window.area(window.records.series.team_filler)
    if posts.has_parts(window.model):  # these are hours of whole posts, and those below go by the clock
        seats, there = window.area(window.records.series.team_headcount), window.area(staffed_by_team(window))
        hours[:, TO_WIN] *= np.where(there > 0, seats / np.where(there > 0, there, 1.0), 1.0)
    _charge_visits(window, hours)
    tasks = window.tasks
    done = tasks.started >= window.start
    _charge(hours, tasks.team[done], np.full(int(done.sum()), SERVICE), tasks.busy[done])
    total = hours.sum(axis=1, keepdims=True)
    return np.where(total > 0, hours / np.where(total > 0, total, 1.0), [1.0, 0.0, 0.0])


def _charge_visits(window: Window, hours: Floats) -> None:
    """Add the hours of visits, first what was done for them, then what was given: rounding hangs on the order."""
    leads = window.leads
    before_win = np.where(leads.origin == EXPANSION, TO_EXPAND, TO_WIN)
    won_at = np.where(leads.outcome == WON, leads.ended, window.end)
    for by in ("team", "giver"):
        for _, visits in parts(window.visits):
            team = getattr(visits, by)
            rows = np.flatnonzero((visits.entered >= window.start) & (visits.team >= 0) & (team >= 0))
            if not len(rows):
                continue
            lead = visits.lead[rows]
            kind = np.where(visits.entered[rows] >= won_at[lead], SERVICE, before_win[lead])
            busy = visits.give_busy if by == "giver" else visits.busy - visits.give_busy
            _charge(hours, team[rows], kind, busy[rows])


def _charge(hours: Floats, team: Ints, kind: Ints, busy: Ints) -> None:
    flat = hours.reshape(-1)  # of one dimension, as rows are added ten times as fast
    np.add.at(flat, team * hours.shape[1] + kind, busy.astype(np.float64))
