"""Quotas, and what reps concede when a period ends with the quota unmet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.draws import CONCESSION_DISCOUNT, CONCESSION_PROMISE, SIGNS_SOONER
from funnelsim.model.rules import rules
from funnelsim.model.tables.tables import ConcessionTable
from funnelsim.scenario.forms.quantities import Duration
from funnelsim.scenario.language.moments import moment

from .world.state import Lead, Visit

if TYPE_CHECKING:
    from .run import Run


class Pressure:
    """The quota of each team: what it has booked in the current period, and how much of the period is gone."""

    def __init__(self, run: Run) -> None:
        self._run = run
        teams = range(len(run.model.team_names))
        self._months = [0 for _ in teams]  # of a period; a phase may change it
        self._number = [0 for _ in teams]
        self._span = [(0, 0) for _ in teams]
        self._booked = [0 for _ in teams]

    def _turn(self, team: int) -> None:
        """Begin the period that holds the present moment, if it is another one."""
        now, months = self._run.clock.now, self._run.tables.teams.quota_months[team]
        if months != self._months[team]:
            self._months[team], self._number[team], self._span[team] = months, 0, (0, 0)
        while now >= self._span[team][1]:
            number = self._number[team]
            start = self._run.model.start
            begin, end = (moment(start, Duration(float(months * n), "mo")) for n in (number, number + 1))
            self._span[team] = (begin, end)
            self._number[team] += 1
            self._booked[team] = 0

    def book(self, team: int, amount: int) -> None:
        """Credit a team with a booking."""
        if team >= 0 and self._run.tables.teams.quota[team] > 0:
            self._turn(team)
            self._booked[team] += amount

    def close_of_period(self, team: int) -> int:
        """When the current quota period of a team closes; `NEVER` without a quota."""
        if team < 0 or self._run.tables.teams.quota[team] <= 0:
            return NEVER
        self._turn(team)
        return self._span[team][1]

    def concession_chance(self, share: float, under_pressure: float, team: int) -> float:
        """Probability of a concession by a rep of the team now."""
        quota = self._run.tables.teams.quota[team] if team >= 0 else 0
        if quota <= 0 or share == under_pressure:
            return share
        self._turn(team)
        begin, end = self._span[team]
        elapsed = (self._run.clock.now - begin) / (end - begin)
        return rules.concession_chance(share, under_pressure, elapsed, self._booked[team] / quota)

    def concede(self, visit: Visit) -> float:
        """Draw the concessions of a visit's outcome; returns the sum of their log odds."""
        run, lead, cell = self._run, visit.lead, visit.cell
        S = run.tables.stages
        odds, visit.sooner = 0.0, 0
        for table, purpose in ((S.discount, CONCESSION_DISCOUNT), (S.promise, CONCESSION_PROMISE)):
            if table.share[cell] <= 0.0 and table.under_pressure[cell] <= 0.0:
                continue
            chance = self.concession_chance(table.share[cell], table.under_pressure[cell], visit.team)
            if run.visit_uniform(visit, purpose) < chance:
                odds += table.odds[cell]
                self._note(lead, table, cell, purpose)
                if run.visit_uniform(visit, purpose, SIGNS_SOONER) < table.pulls[cell]:
                    visit.sooner = max(visit.sooner, table.sooner[cell])
        return odds

    def _note(self, lead: Lead, table: ConcessionTable, cell: int, purpose: int) -> None:
        """What a concession costs later."""
        lead.discount = max(lead.discount, table.discount[cell])
        lead.onboarding = max(lead.onboarding, table.onboarding[cell])
        lead.health_loss = max(lead.health_loss, table.health[cell])
        if purpose == CONCESSION_DISCOUNT:
            lead.discounted = True
        else:
            lead.promised = True
