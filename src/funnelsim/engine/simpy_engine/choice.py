"""What a free rep takes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelsim.model.numbers.draws import QUEUE_PICK, QUEUE_RULE
from funnelsim.model.rules import rules
from funnelsim.model.tables.tables import RANDOM

from .world.items import Item
from .world.lines import Entry, Line
from .world.state import Rep

if TYPE_CHECKING:
    from .teams import Team


class Choice:
    """The choices that the reps of a team make, by its queue rule."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self._drawn = 0  # choices that needed a draw so far

    def rather(self, rep: Rep, joint: Item) -> Item | None:
        """What a rep would rather do than join another team's rep on an item; None if that is next."""
        return None if self.team.joint_first else self.next(rep, rival=joint)

    def next(self, rep: Rep, joint_only: bool = False, rival: Item | None = None) -> Item | None:
        """What a rep takes next; None if that is nothing, or the rival, which waits for another team."""
        team = self.team
        lines = team.lines_for(rep)
        if not lines:
            return None
        which = 0
        if len(team.rules) > 1:
            which = rules.pick_share(team.upto, 0, len(team.rules), self._uniform(QUEUE_RULE))
        full = rep.load >= team.limit

        def may(item: Item) -> bool:
            if full and item.counts and item.rep is None:
                return False
            return team.run.desk.can_start(team.index, rep, item) and (not joint_only or item.partner_team >= 0)

        rivals = [] if rival is None else [self._entry_of(rival, team.rules[which])]
        if team.own_queue is None and team.rules[which] == RANDOM:
            return self._random(lines, which, may, rivals)
        if team.own_queue is not None:
            entries = [entry for line in lines for entry in line.all(which, may)]
            chosen = team.own_queue.first(rep, entries + rivals)
        else:
            entries = [entry for line in lines if (entry := line.best(which, may)) is not None] + rivals
            chosen = min(entries)[4] if entries else None
        return None if chosen is rival else chosen

    def _entry_of(self, item: Item, rule: int) -> Entry:
        """How an item that waits for another team would stand in a line of this one."""
        run, index = self.team.run, self.team.index
        key = 0.0 if rule == RANDOM else item.key(run, rule)
        return (run.desk.class_of(index, item), key, item.ready, item.serial, item, 0)

    def _random(self, lines: list[Line], which: int, may: Any, rivals: list[Entry]) -> Item | None:
        entries: list[Entry] = sorted(entry for line in lines for entry in line.all(which, may))
        if not entries or (rivals and rivals[0][0] < entries[0][0]):
            return None
        able = [entry for entry in entries + rivals if entry[0] == entries[0][0]]
        chosen = able[int(self._uniform(QUEUE_PICK) * len(able))]
        return None if chosen in rivals else chosen[4]

    def _uniform(self, purpose: int) -> float:
        """A draw for the next choice; only these depend on the course of the run."""
        self._drawn += 1
        return self.team.uniform(purpose, self._drawn)
