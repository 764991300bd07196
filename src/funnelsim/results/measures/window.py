"""One replication seen after its warm-up: which rows count, and the sums that many figures share."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnelsim.model.model import Model
from funnelsim.model.records import (
    ADVANCED,
    BLOCKED,
    ENDED,
    EXHAUSTED,
    FIXED_OUTCOMES,
    REJECTED,
    WON,
    Customers,
    Ints,
    Moves,
    Records,
    Tasks,
    Visits,
    table,
)
from funnelsim.model.time.calendars import open_between

from .ageing import need_lost_of
from .chunks import parts, rows_of
from .cohorts import Cohort, cohort
from .costs import Costs, costs_of
from .revenue import Revenue, revenue_of
from .sales import Sales, sales_of

Mask = NDArray[np.bool_]

Which = Callable[[slice, Visits], Mask]
"""Says which visits of a part count; the slice says where in the table it is."""

Codes = NDArray[np.integer]
"""Outcomes."""


def is_lost(outcome: Codes) -> Mask:
    """Which outcomes are losses: a loss reason, too many visits, or an end that was never booked."""
    return (outcome == EXHAUSTED) | (outcome == ENDED) | (outcome >= len(FIXED_OUTCOMES))


def firsts(lead: Ints, last: int | None = None) -> Mask:
    """Where in a sorted column each value stands for the first time, if ``last`` is the one before it."""
    first = np.ones(len(lead), dtype=bool)
    first[1:] = lead[1:] != lead[:-1]
    first[:1] = lead[:1] != last
    return first


def _joined(columns: list[Ints]) -> Ints:
    """Columns behind one another; the list is emptied, so that they are not there twice for long."""
    whole = np.concatenate(columns)
    columns.clear()
    return whole


def sums(index: Ints, values: Ints, count: int) -> Ints:
    """Integer sums of ``values`` by ``index``, for the indices from 0 below ``count``."""
    out = np.zeros(count, dtype=np.int64)
    np.add.at(out, index, values)
    return out


class Window:
    """What of one replication's records lies after the warm-up.

    Counts are of events from the end of the warm-up on; means over visits are over those that began after it;
    averages are over the time since.
    """

    def __init__(self, records: Records, model: Model) -> None:
        self.records = records
        self.model = model
        self.leads = records.leads
        self.visits = records.visits
        self.customers: Customers = records.customers or table(Customers, [])
        self.moves: Moves = records.moves or table(Moves, [])
        self.tasks: Tasks = records.tasks or table(Tasks, [])
        self.start = model.warmup
        self.end = model.horizon
        self.length = model.horizon - model.warmup
        self.stages = len(model.stage_names)
        self.teams = len(model.team_names)
        self.kept: dict[Hashable, Any] = {}
        """What `shared` functions found."""

    # --- time -------------------------------------------------------------------------------------------------

    @cached_property
    def first_bin(self) -> int:
        """The first bin of the series after the warm-up."""
        return int(np.searchsorted(self.model.edges, self.start))

    def area(self, bins: Ints) -> Ints:
        """The sum of a series over the time since the warm-up, by stage or team."""
        return bins[self.first_bin :].sum(axis=0)

    def at_start(self, last: Ints) -> Ints:
        """The last value of a series before the warm-up ended, by stage or team; 0 before everything."""
        return last[self.first_bin - 1] if self.first_bin else np.zeros_like(last[0])

    @cached_property
    def team_hours(self) -> Ints:
        """Microseconds that each team was open, whoever was there, by the calendars in force."""
        hours = np.zeros(self.teams, dtype=np.int64)
        periods = self.model.periods
        ends = [*(start for start, _ in periods[1:]), self.end]
        for (start, tables), end in zip(periods, ends, strict=True):
            span = max(start, self.start), min(end, self.end)
            if span[0] < span[1]:
                rows = tables.teams.calendar.tolist()
                hours += np.array([open_between(tables.calendars, row, *span) for row in rows], np.int64)
        return hours

    @cached_property
    def bin_periods(self) -> Ints:
        """The period of the scenario that each bin lies in."""
        return self.period_at(self.model.edges[:-1])

    def period_at(self, times: Ints) -> Ints:
        """The periods of the scenario in which moments lie."""
        starts = [start for start, _ in self.model.periods]
        if len(starts) == 1:
            return np.zeros(len(times), dtype=np.int64)
        return np.maximum(np.searchsorted(starts, times, side="right") - 1, 0)

    # --- leads ------------------------------------------------------------------------------------------------

    @cached_property
    def kinds(self) -> NDArray[np.int32]:
        """The kind of each lead."""
        table, found = self.model.tables.kinds, np.empty(rows_of(self.leads), dtype=np.int32)
        for rows, leads in parts(self.leads):
            places = np.where(leads.territory >= 0, leads.territory, len(table.territory) - 1)
            found[rows] = table.segment[leads.segment] + table.territory[places] + table.origin[leads.origin]
            if len(table.source):
                of_source = np.asarray(table.source)[np.maximum(leads.source, 0)]
                found[rows] += np.where(leads.source >= 0, of_source, 0).astype(np.int32)
        return found

    @cached_property
    def created(self) -> Mask:
        """Leads created after the warm-up; those that were in the line at the start are not."""
        return (self.leads.created >= self.start) & (self.leads.opening == 0)

    @cached_property
    def won_before(self) -> Mask:
        """Leads of the start that stood behind the booking then: no visit of theirs won them."""
        before = (self.leads.opening == 1) & (self.leads.outcome == WON)
        before[self.visits.lead[self.winning]] = False
        return before

    @cached_property
    def winning(self) -> Ints:
        """Visits that won their lead, as rows."""
        visits, leads = self.visits, self.leads
        books = np.zeros(self.stages, dtype=np.int64)
        for _, tables in self.model.periods:
            books |= tables.stages.books
        won, ended = leads.outcome == WON, leads.ended
        rows = np.flatnonzero(
            self.visits_that(
                lambda _, visits: (
                    (books[visits.stage] == 1)
                    & (visits.outcome == ADVANCED)
                    & won[visits.lead]
                    & (visits.left == ended[visits.lead])
                )
            )
        )
        return rows[firsts(visits.lead[rows])]

    @cached_property
    def ended(self) -> Mask:
        """Leads won or lost after the warm-up."""
        return (self.leads.ended >= self.start) & (self.leads.outcome >= 0) & ~self.won_before

    @cached_property
    def won(self) -> Mask:
        """Leads won after the warm-up."""
        return self.ended & (self.leads.outcome == WON)

    @cached_property
    def creation_cohort(self) -> Cohort:
        """Leads created after the warm-up, from creation to win or loss."""
        rows = np.flatnonzero(self.created)
        return self.lead_cohort(rows, self.leads.created[rows])

    def lead_cohort(self, rows: Ints, since: Ints) -> Cohort:
        """Some leads, from a moment each to win or loss."""
        outcome = self.leads.outcome[rows].astype(np.int16)
        duration = np.where(outcome >= 0, self.leads.ended[rows], self.end)
        duration -= since
        return cohort(duration, outcome)

    @property
    def touch_cohort(self) -> Cohort:
        """Leads created after the warm-up, from creation to the first touch (outcome 1) or an end without one."""
        rows = self.created
        touched, ended = self.leads.first_touch[rows], self.leads.ended[rows]
        until = np.where(touched >= 0, touched, np.where(ended >= 0, ended, self.end))
        outcome = np.where(touched >= 0, 1, np.where(ended >= 0, 0, -1))
        return cohort(until - self.leads.created[rows], outcome)

    def reached(self, stage: int) -> tuple[Ints, Ints]:
        """Leads that were let into a stage, as rows, and when they first were."""
        lead, entered, last = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)], -1
        for rows, visits in parts(self.visits):  # visits lie in the order of their leads
            at = np.flatnonzero(self.accepted[rows] & (visits.stage == stage))
            at = at[firsts(visits.lead[at], last)]
            lead.append(visits.lead[at])
            entered.append(visits.entered[at])
            last = int(lead[-1][-1]) if len(at) else last
        return _joined(lead), _joined(entered)

    # --- visits -----------------------------------------------------------------------------------------------

    def visits_that(self, which: Which) -> Mask:
        """The visits that a condition holds for."""
        found = np.empty(rows_of(self.visits), dtype=bool)
        for rows, visits in parts(self.visits):
            found[rows] = which(rows, visits)
        return found

    @cached_property
    def accepted(self) -> Mask:
        """Visits that were not turned away."""
        return self.visits_that(lambda _, visits: (visits.outcome != REJECTED) & (visits.outcome != BLOCKED))

    @cached_property
    def began(self) -> Mask:
        """Visits that began after the warm-up and were not turned away."""
        return self.visits_that(lambda rows, visits: (visits.entered >= self.start) & self.accepted[rows])

    @cached_property
    def way_cohort(self) -> tuple[Ints, Cohort]:
        """Leads won after the warm-up, as rows, from the win to the end of the line (outcome 1) or a way out."""
        leads, rows = self.leads, np.flatnonzero(self.won)
        left, outcome = np.zeros_like(leads.created), np.full(len(leads.created), -1)
        for _, visits in parts(self.visits):  # in order, so that the last visit of each lead stays
            left[visits.lead], outcome[visits.lead] = visits.left, visits.outcome
        until = np.where(outcome[rows] >= 0, left[rows], self.end)
        how = np.where(outcome[rows] < 0, -1, outcome[rows] == ADVANCED)
        return rows, cohort(until - leads.ended[rows], how)

    @cached_property
    def passed_on(self) -> Cohort:
        """Passes of a lead to another team after the warm-up, to its first touch (outcome 1) or an end without."""
        spans, before = [], (-1, -1)  # lead and team of the visit to a team before
        for rows, visits in parts(self.visits):
            those = np.flatnonzero(visits.team >= 0)
            lead, team = np.append(before[0], visits.lead[those]), np.append(before[1], visits.team[those])
            before = lead[-1], team[-1]
            passed = (lead[1:] == lead[:-1]) & (team[1:] != team[:-1])
            counted = those[passed & self.began[rows][those]]
            touched, over = visits.first_touch[counted], visits.outcome[counted] >= 0
            until = np.where(touched >= 0, touched, np.where(over, visits.left[counted], self.end))
            how = np.where(touched >= 0, 1, np.where(over, 0, -1))
            spans.append((until - visits.entered[counted], how))
        time, outcome = (np.concatenate(column) for column in zip(*spans, strict=True))
        return cohort(time, outcome)

    @cached_property
    def need_lost(self) -> float:
        """The value, in hundredths, that seller-side waiting took off leads that ended or are open."""
        return need_lost_of(self)

    # --- money ------------------------------------------------------------------------------------------------

    @cached_property
    def revenue(self) -> Revenue:
        """Recurring revenue: its changes and how much of it there was."""
        return revenue_of(self)

    @cached_property
    def sales(self) -> Sales:
        """Deals won, and the teams that won them."""
        return sales_of(self)

    @cached_property
    def costs(self) -> Costs:
        """What everything cost, bin by bin."""
        return costs_of(self)
