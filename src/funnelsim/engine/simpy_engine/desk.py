"""The dispatcher: at each instant in which something changed, idle reps choose what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.engine.codes import DISPATCH, WORK_ENDS
from funnelsim.model.rules import rules
from funnelsim.model.tables.tables import FIRST, JOINT_FIRST, LAST, USUAL

from .working import hours_at_work, speed_at_stage, time_of_work
from .world.items import Done, Item
from .world.state import Rep

if TYPE_CHECKING:
    from .run import Run
    from .teams import Team


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
        if not team.touched and team.has_something_to_do() and self._could_do(team):
            team.touched = True
            self._run.clock.call(self._run.clock.now, DISPATCH, 1 + team.index, lambda _: self._dispatch(team))

    def _could_do(self, team: Team) -> bool:
        """Whether anybody could do anything about what waits; whoever changes that touches the team again."""
        return team.is_open() and (len(team.idle) > 0 or len(self._run.followers[team.index]) > 0)

    def _dispatch_joint(self, _: object) -> None:
        """Let teams with joint work choose before others, whose reps they may want."""
        self._joint_touched = False
        for team in self._run.teams:
            if team.joint > 0 and team.is_open():
                self._serve(team, joint_only=team.joint_first)

    def _dispatch(self, team: Team) -> None:
        team.touched = False
        if not team.is_open():
            return
        if team.joint > 0 and team.joint_first:
            self._serve(team, joint_only=True)
        self._serve(team)
        for follower in self._run.followers[team.index]:  # may take what they left to this team
            if len(self._run.teams[follower].idle) > 0:
                self.touch(self._run.teams[follower])
        if team.outbound is not None:
            team.outbound.fill()

    def _serve(self, team: Team, joint_only: bool = False) -> None:
        """Let the idle reps of a team choose, one after another, until none finds anything."""
        if team.unowned == 0 and len(team.called) == 0:
            return
        tried: set[Rep] = set()
        while (rep := team.next_rep(tried)) is not None:
            item = team.choice.next(rep, joint_only)
            if item is None:
                tried.add(rep)
            else:
                self._start_next(team, rep, item)

    # --- what ---

    def order(self, team: int, item: Item) -> int | None:
        """The class of an item in a team's line; None if the team leaves it lying."""
        T = self._run.tables.teams
        if T.ignore[team] >= 0 and self._fits(T.ignore[team], item):
            return None
        return self.class_of(team, item)

    def class_of(self, team: int, item: Item) -> int:
        """The class of an item among what a team does."""
        T = self._run.tables.teams
        if item.partner_team >= 0 and T.joint_first[team]:
            return JOINT_FIRST
        if T.first[team] >= 0 and self._fits(T.first[team], item):
            return FIRST
        if T.last[team] >= 0 and self._fits(T.last[team], item):
            return LAST
        return USUAL

    def _fits(self, selector: int, item: Item) -> bool:
        return self._run.lead_fits(selector, item.lead, item.stage)

    def can_start(self, team: int, rep: Rep, item: Item) -> bool:
        """Whether a rep may take an item now: a partner is free if needed, and no preferred team would."""
        if item.partner_team >= 0 and not self._run.teams[item.partner_team].could_join(item.lead):
            return False
        return not (len(item.teams) > 1 and self._preferred_elsewhere(team, item))

    def _preferred_elsewhere(self, team: int, item: Item) -> bool:
        """Whether a team named earlier has an idle rep who may take the item."""
        for index in item.teams:
            if index == team:
                return False
            other = self._run.teams[index]
            if other.could_take(item) and any(line.team == index for line in item.lines):
                return True
        return False

    # --- start ---

    def _start_next(self, team: Team, rep: Rep, item: Item) -> None:
        """Start what a rep has chosen, or what the partner whom it needs would rather do.

        That may need a partner again. Wishes can go round in a circle, so they are followed no further than
        there are teams; each can start, whichever is the last.
        """
        partner = self._partner(item)
        for _ in self._run.teams:
            rather = None if partner is None else self._run.teams[partner.team].choice.rather(partner, item)
            if partner is None or rather is None:
                break
            team, rep, item = self._run.teams[partner.team], partner, rather
            partner = self._partner(item)
        team.turns.count_turn(rep, item)
        self._start(team, rep, item, partner)

    def _partner(self, item: Item) -> Rep | None:
        """The rep who would join now, if the item needs one."""
        return self._run.teams[item.partner_team].next_partner(item.lead) if item.partner_team >= 0 else None

    def _start(self, team: Team, rep: Rep, item: Item, partner: Rep | None) -> None:
        """A rep starts on an item: occupied from now until the work is done."""
        run = self._run
        run.stop_waiting(item)
        item.begin(run, rep, partner)
        row = hours_at_work(run, rep)
        hours = item.hours = (row, row if partner is None else hours_at_work(run, partner))
        item.posts = (rep.quarters, rep.quarters if partner is None else partner.quarters)
        for one in (rep, partner):
            if one is not None:
                run.teams[one.team].take_up(one, hours)
        end, busy, work = time_of_work(run, rep, hours, self._effort_of(item, rep, team))
        done = Done(rep, partner, hours, busy, work)
        if run.tables.switches.boundless:
            run.in_hand[item] = (run.clock.now, done)
            for one in (rep, partner):
                if one is not None:
                    run.teams[one.team].charge(one, hours, busy)
        run.clock.ring(item.bell, done, end, WORK_ENDS, item.serial)

    def _effort_of(self, item: Item, rep: Rep, team: Team) -> float:
        """Effort of a piece of work by a rep at full productivity, in microseconds."""
        T, index = self._run.tables.teams, team.index
        drawn, rework = item.effort(self._run, team)
        over = rep.load - T.switching_from[index]
        of_lead = item.stage < len(self._run.tables.stages.word)  # else of a customer
        speed = speed_at_stage(self._run, rep, item.stage) if of_lead else rep.speed
        return rules.touch_work(drawn, speed, rework, item.lead.context, T.switching[index], over)
