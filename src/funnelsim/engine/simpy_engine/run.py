"""One replication on SimPy: what is shared by its processes, and its beginning and end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.engine.codes import BUSINESS_DAYS, WORK
from funnelsim.errors import FunnelsimError
from funnelsim.model.model import Model
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.distributions import draw, next_meeting, round_us
from funnelsim.model.numbers.draws import LARGEST_COUNT, MEETING
from funnelsim.model.numbers.inversion import CONSTANT
from funnelsim.model.records import Records
from funnelsim.model.rules import people, rules
from funnelsim.model.tables.builder import WORK_ITEMS
from funnelsim.model.tables.tables import Tables
from funnelsim.model.time.calendars import open_common

from .customers import Customers
from .desk import Desk
from .handover import Handover
from .limits import Limits, Nursery
from .outbound import Prospects
from .own.hooked import Hooks
from .pressure import Pressure
from .reorganisation import Reorganisation
from .sources import Sources
from .staffing import Staffing
from .teams import Team
from .world.clock import Clock
from .world.hours import Hours
from .world.items import Done, Item
from .world.ledger import Ledger
from .world.luck import Luck
from .world.state import Lead, Visit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from funnelsim.engine.simpy_engine.own.hooks import Hook

    from .customer import Customer


class Run:
    """The shared state of one replication."""

    def __init__(
        self, model: Model, seed: int, replication: int, events: bool = False, hooks: Sequence[Hook] = ()
    ) -> None:
        self.model = model
        self.replication = replication
        self.key = (seed, replication)  # of all random numbers
        self.luck = Luck(seed, replication)
        self.work_names = (*model.stage_names, *WORK_ITEMS)
        self.hooks = Hooks(self, hooks)
        self.clock = Clock(model.horizon)
        self.reorganisation = Reorganisation(self)
        self.calendars = self.reorganisation.calendars
        self.settle(self.reorganisation.first)
        self.waiting: dict[Item, None] = {}
        self.in_hand: dict[Item, tuple[int, Done]] = {}  # since when; kept where people are as many as needed
        self.prospects: dict[int, Prospects] = {}
        self.kinds: int = self.tables.kinds.kinds
        self.hours = Hours(self.calendars)
        self.ledger = Ledger(model, self.hours, events, self.hooks.watch())
        self.desk = Desk(self)
        self.limits = Limits(self)
        self.nursery = Nursery(self)
        self.teams = [Team(self, index) for index in range(len(model.team_names))]
        self.sources = Sources(self)
        self.pressure = Pressure(self)
        self.handover = Handover(self)
        self.customers = Customers(self)
        self.staffing = Staffing(self)

    def settle(self, tables: Tables) -> None:
        """Let the tables of a period hold."""
        self.tables = tables
        S = tables.stages
        D = tables.dists
        rows = enumerate(D.code)
        self._fixed = [draw(D, row, 0, 0, 0, 0, 0, 0, 0) if code == CONSTANT else None for row, code in rows]
        pairs = zip(S.team_offset, S.team_count, strict=True)
        self._teams_of = [tuple(S.team_list[offset : offset + count]) for offset, count in pairs]
        self.followers: list[list[int]] = [[] for _ in tables.teams.calendar]  # teams named behind each
        C = tables.customers
        spans = zip(C.team_offset, C.team_offset[1:], strict=False)
        of_customers = [tuple(C.team_list[first:last]) for first, last in spans]
        for teams in sorted({*self._teams_of, *of_customers}):
            for place, team in enumerate(teams):
                self.followers[team] += [
                    other for other in teams[place + 1 :] if other not in self.followers[team]
                ]

    # --- draws and durations ---

    def visit_uniform(self, visit: Visit, purpose: int, index: int = 0) -> float:
        """The uniform number of a visit for a purpose."""
        lead = visit.lead
        word = self.tables.stages.word[visit.stage] | purpose
        return self.luck.uniform(lead.high, lead.low, word, visit.number - 1, index)

    def variate_of_visit(self, row: int, visit: Visit, purpose: int, index: int = 0) -> float:
        """The keyed variate of a visit for a purpose, in the distribution's unit."""
        if (fixed := self._fixed[row]) is not None:
            return fixed
        lead = visit.lead
        word = self.tables.stages.word[visit.stage] | purpose
        return self.luck.draw(self.tables.dists, row, lead.high, lead.low, word, visit.number - 1, index)

    def delay(self, row: int, visit: Visit, purpose: int, index: int) -> int:
        """When a drawn delay that begins now is over; ``row`` -1 is none."""
        now = self.clock.now
        if row < 0:
            return now
        return self.ends(row, self.variate_of_visit(row, visit, purpose, index), visit, now)

    def ends(self, row: int, amount: float, visit: Visit, start: int) -> int:
        """When a delay is over, some time after it began: then, or at the next meeting."""
        end = self._later(row, amount, visit.cell, start)
        if self.tables.dists.meets[row] > 0:
            lead = visit.lead
            phase = self.luck.uniform(lead.high, lead.low, MEETING)
            end = next_meeting(end, self.tables.dists.meets[row], phase)
        return end

    def after(self, row: int, cell: int, start: int) -> int:
        """When a fixed duration from ``start`` is over; NEVER for none."""
        return NEVER if row < 0 else self._later(row, self.tables.dists.a[row], cell, start)

    def after_in(self, row: int, calendar: int, start: int) -> int:
        """When a fixed duration from ``start`` is over, business days counted in a calendar."""
        return self.in_calendar(row, self.tables.dists.a[row], calendar, start)

    def _later(self, row: int, amount: float, cell: int, start: int) -> int:
        """``amount`` in the unit of a row of distributions after ``start``."""
        return self.in_calendar(row, amount, self.tables.stages.calendar[cell], start)

    def in_calendar(self, row: int, amount: float, calendar: int, start: int) -> int:
        """``amount`` in the unit of a row after ``start``, business days counted in a calendar."""
        if not self.business_days(row):
            return start + round_us(amount)
        work = round_us(amount * self.calendars.day_hours[calendar])
        return self.hours.finish((calendar, calendar), start, work)

    def business_days(self, row: int) -> bool:
        """Whether a row of distributions counts business days."""
        return bool(self.tables.dists.unit[row] == BUSINESS_DAYS)

    def effort(self, row: int, visit: Visit, purpose: int, index: int, team: Team) -> float:
        """Drawn effort in microseconds, before anything that depends on the rep; 0 where a phase took it away."""
        if row < 0:
            return 0.0
        drawn = self.variate_of_visit(row, visit, purpose, index)
        if self.business_days(row):
            drawn = drawn * self.calendars.day_hours[team.calendar]
        return max(drawn, 0.0)

    def patience(self, row: int, visit: Visit, purpose: int) -> int:
        """When a wait that begins now is given up."""
        return NEVER if row < 0 else self.delay(row, visit, purpose, visit.touch)

    def check_counter(self, count: int) -> None:
        """Refuse counts beyond which draws would repeat."""
        if count > LARGEST_COUNT:
            raise FunnelsimError(
                f"a lead's visits to a stage, and touches of a visit, end at {LARGEST_COUNT}", code="E-run-limit"
            )

    # --- what is asked about leads ---

    def teams_of(self, cell: int) -> tuple[int, ...]:
        """The teams that may work on a stage for a kind of lead, the preferred first."""
        return self._teams_of[cell]

    def lead_fits(self, selector: int, lead: Lead | Customer, stage: int) -> bool:
        """Whether a lead at a stage fits a selector."""
        X = self.tables.selectors
        territory = lead.territory if lead.territory >= 0 else X.territories - 1
        source = lead.source if lead.source >= 0 else X.sources - 1
        return rules.selects(
            X, selector, lead.segment, territory, source, lead.origin, stage, lead.value, lead.score
        )

    def partner_of(self, visit: Visit) -> int:
        """The team whose rep must join the next touch, or -1."""
        S, cell = self.tables.stages, visit.cell
        when = S.joint_when[cell]
        if S.joint_team[cell] < 0 or S.joint_team[cell] in self._teams_of[cell][:1]:
            return -1
        if (when == 0 and visit.touch > 0) or (when == 1 and visit.touch < visit.touches - 1):
            return -1
        return int(S.joint_team[cell])

    def first_touch(self, lead: Lead, team: Team) -> None:
        """Note how fast the lead got its first touch."""
        now = self.clock.now
        lead.first_touch = now
        lead.response_open = self.ledger.team_hours(team.index, lead.created, now)

    # --- waiting for reps ---

    def start_waiting(self, item: Item) -> None:
        """An item begins to wait for a rep of its teams, or for its own rep."""
        now = self.clock.now
        item.ready = item.since = now
        item.open_before = 0
        self.waiting[item] = None
        self.ledger.queue[item.stage].change(now, 1)
        self.ledger.team_queue[item.teams[0]].change(now, 1)
        self.stand(item)

    def stand(self, item: Item) -> None:
        """Let an item stand in the lines of its teams, or of its rep alone."""
        for team in item.teams:
            self.teams[team].accept(item)
            if item.rep is not None:
                break

    def pass_on(self, item: Item, teams: tuple[int, ...]) -> None:
        """An item that waits is other teams' from now on: its wait so far was for those before."""
        now, before = self.clock.now, item.teams[0]
        item.teams = teams
        if teams[0] != before:
            self.ledger.team_queue[before].change(now, -1)
            self.ledger.team_queue[teams[0]].change(now, 1)
            item.open_before += self.ledger.add_wait(before, item.since, now)
            item.since = now

    def stand_anew(self, item: Item, partner_team: int, free: bool = False) -> None:
        """An item that waits needs a partner of another team from now on, or (-1) none.

        ``free`` of the rep to whom it was pushed, who may not serve it any more.
        """
        for line in list(item.lines):
            self.teams[line.team].dismiss(item, line)
        if free and item.assigned:
            self.handover.unassign(item)
            item.rep = None
        item.partner_team = partner_team
        self.stand(item)

    def stop_waiting(self, item: Item) -> None:
        """An item's wait is over: a rep starts on it, or it leaves."""
        now = self.clock.now
        item.waiting = False
        del self.waiting[item]
        self.ledger.queue[item.stage].change(now, -1)
        self.ledger.team_queue[item.teams[0]].change(now, -1)
        item.stopped(item.open_before + self.ledger.add_wait(item.teams[0], item.since, now))
        for line in list(item.lines):
            self.teams[line.team].dismiss(item, line)

    # --- beginning and end ---

    def run(self, progress: Callable[[float], None] | None = None) -> Records:
        """Run to the horizon, bin by bin."""
        self.reorganisation.start()
        self.staffing.fill_first_seats()
        self.customers.start()
        self.sources.start()
        for team in self.teams:
            self.clock.process(team.openings())
        edges = self.ledger.edges
        for bin_, edge in enumerate(edges[1:]):
            self.clock.advance(edge)
            self.ledger.close_bin(bin_)
            if progress is not None:
                progress(edge / edges[-1])
        return self._close()

    def _close(self) -> Records:
        """Write down what is still open at the horizon."""
        horizon = self.model.horizon
        for visit in list(self.ledger.open_visits):
            self._close_visit(visit, horizon)
        self.customers.close(horizon)
        for item, (began, done) in self.in_hand.items():
            for one, quarters in zip((done.rep, done.partner), item.posts, strict=True):
                if one is not None:
                    self.ledger.add_work(one, quarters, done.hours, began, horizon)
        for rep in self.ledger.reps:
            if rep.current is not None:
                began, hours = rep.current
                if rep.on_contact:
                    self.ledger.add_filler(rep, hours, began, horizon)
                else:
                    self.ledger.add_work(rep, rep.quarters, hours, began, horizon)
            self.ledger.add_presence(rep, rep.end if rep.end >= 0 else horizon)
        return self.ledger.records(self.replication)._replace(**self.customers.records())

    def count_work_so_far(self, visit: Visit, now: int) -> None:
        """Count the part up to now of a touch in hand, with which the visit ends or the run does."""
        rep, item = self.ledger.reps[visit.rep], visit.in_hand
        assert item is not None
        busy = open_common(self.calendars, *item.hours, visit.since, now)
        visit.busy += busy
        visit.work += round_us(busy * people.share_for_leads(self.teams[rep.team].share, item.posts[0]))
        visit.paused += now - visit.since - busy

    def _close_visit(self, visit: Visit, horizon: int) -> None:
        if visit.mode == WORK:
            self.count_work_so_far(visit, horizon)
        elif (item := visit.waits_as) is not None:
            visit.wait_open += item.open_before + self.ledger.add_wait(item.teams[0], item.since, horizon)
        visit.turn(visit.mode, horizon)
        self.ledger.write_visit(visit, -1, -1)


def run(
    model: Model,
    seed: int,
    replication: int,
    events: bool = False,
    progress: Callable[[float], None] | None = None,
    hooks: Sequence[Hook] = (),
) -> Records:
    """Run one replication of a model on SimPy.

    Parameters
    ----------
    model : Model
        What to run.
    seed, replication : int
        Key of all random numbers, both from 0 to 2^32 - 1.
    events : bool
        Whether to keep the event log.
    progress : callable, optional
        Called with the share of the horizon that is done, once a simulated day.
    hooks : sequence of Hook, optional
        Own rules and observers.

    Returns
    -------
    Records
        What the run leaves behind.
    """
    return Run(model, seed, replication, events, hooks).run(progress)
