"""Sources worked by a team: contacts that fill the time in which nothing else waits."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from funnelsim.engine.codes import BUYER_ENDS, CONTACT_SERIALS, WORK_ENDS
from funnelsim.model.numbers.draws import CONTACT_EFFORT, CONTACT_YIELD
from funnelsim.model.rules import rules

from .working import hours_at_work, time_of_work
from .world.state import Rep

if TYPE_CHECKING:
    from .run import Run
    from .teams import Team


class Prospects:
    """A source's list: fresh prospects in order, then those that have rested, in the order they rested."""

    def __init__(self, run: Run, source: int) -> None:
        self.source = source
        self.market = run.tables.outbound.market[source]
        self.left = self.market
        self.contacts = 0
        self.leads = 0
        self._fresh = 0
        self._rested: deque[tuple[int, int]] = deque()
        self._run = run

    def take(self) -> tuple[int, int] | None:
        """The next prospect and how often it was contacted before; None if all are resting or gone."""
        self.contacts += 1
        if self.market == 0 or self._fresh < self.market:
            self._fresh += 1
            return self._fresh, 0
        while self._rested:
            prospect, contacted = self._rested.popleft()
            if prospect <= self.market:  # a list that is shorter now has lost its last
                return prospect, contacted
        self.contacts -= 1
        return None

    def settle(self) -> None:
        """Work by the list of another period: one that is longer now has fresh prospects."""
        table = self._run.tables.outbound
        if table.market[self.source] == self.market:
            return
        self.market = table.market[self.source]
        self.left = max(self.market - self.leads, 0)
        if table.team[self.source] >= 0:
            self._run.teams[table.team[self.source]].touch()

    def chance(self) -> float:
        """Probability that a contact yields a lead: falls as the market is used up."""
        gain = self._run.tables.outbound.gain[self.source]
        return gain if self.market == 0 else gain * (self.left / self.market)

    def rest(self, prospect: int, contacted: int) -> None:
        """A prospect who did not become a lead comes back to the end of the list after cooling."""
        if self.market == 0:
            return
        clock = self._run.clock

        def back(_: object) -> None:
            self._rested.append((prospect, contacted + 1))
            team = self._run.tables.outbound.team[self.source]
            if team >= 0:
                self._run.teams[team].touch()

        cooling = self._run.tables.outbound.cooling[self.source]
        clock.call(clock.now + cooling, BUYER_ENDS, CONTACT_SERIALS + prospect, back)


class Outbound:
    """The contacts of a team's reps."""

    def __init__(self, run: Run, team: Team, sources: list[int]) -> None:
        self._run = run
        self._team = team
        for source in sources:
            if source not in run.prospects:
                run.prospects[source] = Prospects(run, source)
        self._lists = [run.prospects[source] for source in sources]

    def fill(self) -> None:
        """Let every idle rep of the team make a contact; of several lists the least contacted is next."""
        team = self._team
        now = self._run.clock.now
        while (rep := team.idle.first(lambda rep: rep.current is None and rep.spare_from <= now)) is not None:
            for prospects in sorted(self._lists, key=lambda prospects: prospects.contacts):
                taken = prospects.take()
                if taken is not None:
                    self._contact(rep, prospects, *taken)
                    break
            else:
                return

    def _contact(self, rep: Rep, prospects: Prospects, prospect: int, contacted: int) -> None:
        """A rep works on one prospect; not interrupted, and at closing as the team does."""
        run, team = self._run, self._team
        now, source = run.clock.now, prospects.source
        T, entity = run.tables.teams, run.tables.sources.entity[source]
        contact = run.tables.outbound.effort[source]
        drawn = run.luck.draw(run.tables.dists, contact, entity, prospect, CONTACT_EFFORT, contacted)
        if run.business_days(contact):
            drawn *= run.calendars.day_hours[team.calendar]
        over = rep.load - T.switching_from[team.index]
        effort = rules.touch_work(drawn, rep.speed, 0.0, 1.0, T.switching[team.index], over)
        row = hours_at_work(run, rep)
        hours = (row, row)
        end, _, _ = time_of_work(run, rep, hours, effort, least=1)
        if run.tables.switches.boundless:
            rep.spare_from = end
        else:
            team.occupy(rep)
        rep.current = (now, hours)
        rep.on_contact = True

        def done(_: object) -> None:
            run.ledger.add_filler(rep, hours, now, run.clock.now)
            rep.on_contact = False
            if run.luck.uniform(entity, prospect, CONTACT_YIELD, contacted) < prospects.chance():
                prospects.left -= 1
                prospects.leads += 1
                run.sources.create(source, prospects.leads, 0, (entity, prospects.leads), found_by=rep)
            else:
                prospects.rest(prospect, contacted)
            team.finish(rep)

        run.clock.call(end, WORK_ENDS, CONTACT_SERIALS + (rep.team << 20) + rep.seat, done)
