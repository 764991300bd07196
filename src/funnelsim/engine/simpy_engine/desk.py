"""The dispatcher: at each instant in which something changed, idle reps choose what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.model import records as rec
from funnelsim.model import rules
from funnelsim.model.calendars import finish
from funnelsim.model.distributions import round_us
from funnelsim.model.draws import EFFORT, GIVE, JOINT, TAKE
from funnelsim.model.tables import EXPECTED_VALUE, VALUE_PER_HOUR

from .clock import DISPATCH
from .state import WORK, Item, Rep, Start

if TYPE_CHECKING:
    from .run import Run
    from .teams import Team

TOUCH, GIVING, MEETING = range(3)
"""Pieces of work on a lead: a touch, the old rep's part of a handoff, a handoff meeting."""

NO_HEALTH = 2.0
"""Health of what is no customer: behind every customer at risk."""

JOINT_FIRST, FIRST, USUAL, LAST = range(4)
"""Classes in a line, in the order they are served."""


class Desk:
    """Dispatch of all teams of a run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._joint_touched = False

    # --- when ---

    def touch(self, team: Team) -> None:
        """Dispatch a team at this instant, after everything else that happens now."""
        if team.wanted_by and not self._joint_touched:
            self._joint_touched = True
            self._run.clock.call(self._run.clock.now, DISPATCH, 0, self._dispatch_joint)
        if not team.touched:
            team.touched = True
            self._run.clock.call(
                self._run.clock.now, DISPATCH, 1 + team.index, lambda _: self._dispatch(team)
            )

    def _dispatch_joint(self, _: object) -> None:
        """Start the joint touches that can start, before anything else is chosen."""
        self._joint_touched = False
        for team in self._run.teams:
            if team.joint > 0:
                self._serve(team, joint_only=True)

    def _dispatch(self, team: Team) -> None:
        team.touched = False
        if team.joint > 0:
            self._serve(team, joint_only=True)
        self._serve(team)

    def _serve(self, team: Team, joint_only: bool = False) -> None:
        """Let the idle reps of a team choose, one after another, until none finds anything."""
        if (team.unowned == 0 and len(team.called) == 0) or not team.is_open():
            return
        tried: set[Rep] = set()
        while (rep := team.next_rep(tried)) is not None:
            item = team.choose(rep, joint_only)
            if item is None:
                tried.add(rep)
            else:
                team.took(rep)
                self._start(team, rep, item)

    # --- what ---

    def order(self, team: int, item: Item) -> int | None:
        """The class of an item in a team's line; None if the team leaves it lying."""
        T = self._run.tables.teams
        if T.ignore[team] >= 0 and self._fits(T.ignore[team], item):
            return None
        if item.partner_team >= 0:
            return JOINT_FIRST
        if T.first[team] >= 0 and self._fits(T.first[team], item):
            return FIRST
        if T.last[team] >= 0 and self._fits(T.last[team], item):
            return LAST
        return USUAL

    def _fits(self, selector: int, item: Item) -> bool:
        return self._run.fits(selector, item.visit.lead, item.stage)

    def stale(self, rule: int, item: Item) -> bool:
        """Whether the item's key falls while it waits."""
        return rules.changes_while_waiting(rule, self._run.tables.stages.decay[item.visit.cell])

    def key(self, rule: int, item: Item) -> float:
        """The item's key under a queue rule, as of now."""
        run, visit = self._run, item.visit
        S, lead, cell = run.tables.stages, visit.lead, visit.cell
        if rule not in (EXPECTED_VALUE, VALUE_PER_HOUR):
            return rules.queue_key(
                rule, item.ready, lead.score, float(lead.value), 0.0, 0.0, 0.0, 1.0, visit.due, NO_HEALTH
            )
        decay = (S.decay[cell], S.decay_floor[cell], S.decay_scale[cell], S.decay_power[cell])
        waited = visit.waited(run.clock.now)
        left = max(visit.touches - visit.touch, 1) * S.effort_mean[cell]
        return rules.queue_key(
            rule,
            item.ready,
            lead.score,
            float(lead.value),
            rules.believed_win(S, visit.stage, run.kinds, lead.kind, lead.seen_as),
            rules.decay_factor(*decay, waited),
            rules.decay_slope(*decay, waited),
            max(left / rules.HOUR, 1e-9),
            visit.due,
            NO_HEALTH,
        )

    def can_start(self, team: int, rep: Rep, item: Item) -> bool:
        """Whether a rep may take an item now: a partner is free if needed, and no preferred team would."""
        if item.partner_team >= 0 and self._partner(team, item) is None:
            return False
        return not (len(item.teams) > 1 and self._preferred_elsewhere(team, item))

    def _partner(self, team: int, item: Item) -> Rep | None:
        """The free rep of the other team who would join."""
        partner_team = self._run.teams[item.partner_team]
        if not partner_team.is_open():
            return None
        return partner_team.next_partner(item.visit.lead)

    def _preferred_elsewhere(self, team: int, item: Item) -> bool:
        """Whether a team named earlier has an idle rep who may take the item."""
        for index in item.teams:
            if index == team:
                return False
            other = self._run.teams[index]
            if other.index in item.lines and other.could_take(item):
                return True
        return False

    # --- start ---

    def _start(self, team: Team, rep: Rep, item: Item) -> None:
        """A rep starts on an item: occupied from now until the work is done."""
        run, visit = self._run, item.visit
        lead, now = visit.lead, run.clock.now
        partner = self._partner(team.index, item) if item.partner_team >= 0 else None
        run.stop_waiting(item)
        visit.turn(WORK, now)
        if item.piece == TOUCH:
            self._own(item, rep)
        team.occupy(rep)
        calendar = team.calendar
        if partner is not None:
            other = run.teams[partner.team]
            other.occupy(partner)
            calendar = run.tables.shared_calendar[team.index * len(run.teams) + other.index]
        work = self._work(item, rep, team)
        busy = round_us(work / team.share)
        end = finish(run.calendars, calendar, now, busy)
        if lead.first_touch < 0:
            run.first_touch(lead, team)
        for person in (rep, partner):
            if person is not None and lead.ended < 0:
                lead.faces.add(person.row)
        if visit.first_touch < 0 and item.piece == TOUCH:
            visit.first_touch = now
        visit.team, visit.rep = team.index, rep.row
        run.ledger.event(now, lead, visit.stage, rec.STARTED, rep.row)
        rep.current = (now, calendar)
        if partner is not None:
            partner.current = (now, calendar)
        item.bell.succeed(Start(rep, partner, end, calendar, busy, work))

    def _own(self, item: Item, rep: Rep) -> None:
        """The rep who starts the first touch owns the lead, unless any rep may do each touch."""
        lead = item.visit.lead
        if self._run.tables.stages.any_rep[item.stage]:
            return
        if lead.owner is None:
            lead.owner, lead.owned = rep, True
            if not item.assigned:
                self._run.teams[rep.team].replace(rep, 1)
            item.assigned = False

    def _work(self, item: Item, rep: Rep, team: Team) -> int:
        """Effort of this piece of work by this rep, in microseconds."""
        run, visit = self._run, item.visit
        S, T, cell = run.tables.stages, run.tables.teams, visit.cell
        index = team.index
        if item.piece == TOUCH:
            drawn = run.effort(S.effort[cell], visit, EFFORT, visit.touch, team)
            if visit.take and S.take[cell] >= 0:
                drawn += run.effort(S.take[cell], visit, TAKE, 0, team)
        else:
            row, purpose = (S.give[cell], GIVE) if item.piece == GIVING else (S.meeting[cell], JOINT)
            drawn = run.effort(row, visit, purpose, 0, team)
        tenure = run.clock.now - rep.tenure_from
        return round_us(
            rules.touch_work(
                drawn,
                rep.speed,
                rules.productivity(tenure, T.ramp_start[index], T.ramp_time[index]),
                S.rework[cell],
                visit.lead.context,
                T.switching[index],
                rep.load - T.switching_from[index],
            )
        )
