"""Whose turn it is among the reps of a team, by its routing rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelsim.model.numbers.draws import ROUTE_PICK
from funnelsim.model.tables.tables import BY_WEIGHT, RANDOM_REP, ROUND_ROBIN

from .world.items import Item
from .world.lines import Order
from .world.state import Rep

if TYPE_CHECKING:
    from .teams import Team


class Turns:
    """The choices of reps that a team has made so far."""

    def __init__(self, team: Team) -> None:
        self._team = team
        self.drawn = 0  # random choices so far
        self._last_seat = -1
        self._turns: dict[int, int] = {}  # by seat, of a round robin with weights

    def next(self, among: Order, may: Any) -> Rep | None:
        """The rep whose turn it is by the routing rule."""
        routing = self._team.routing
        if routing == RANDOM_REP:
            able = among.all(may)
            if not able:
                return None
            self.drawn += 1
            return able[int(self._team.uniform(ROUTE_PICK, self.drawn) * len(able))]
        if routing == BY_WEIGHT:
            return min(among.all(may), key=lambda rep: (-self._after(rep), rep.seat), default=None)
        rep = among.first(may, self._last_seat if routing == ROUND_ROBIN else -1)
        if rep is not None and routing == ROUND_ROBIN and among is self._team.staff:
            self._last_seat = rep.seat
        return rep

    def count_turn(self, rep: Rep, item: Item) -> None:
        """Remember whose turn it was at a dispatch."""
        team = self._team
        if not team.on_arrival:
            self._last_seat = rep.seat
        if item.rep is None:
            self.take_turn(rep, team.idle, lambda one: team.serves(one, item))

    def take_turn(self, rep: Rep, among: Order, may: Any) -> None:
        """Count a choice of a round robin with weights: who could have been chosen gains, who was pays for it."""
        if self._team.routing != BY_WEIGHT:
            return
        for one in among.all(may):
            self._turns[one.seat] = self._after(one)
            self._turns[rep.seat] = self._turns.get(rep.seat, 0) - self._weight(one)

    def _after(self, rep: Rep) -> int:
        """What a seat has, after its gain, at the next choice of a round robin with weights."""
        return self._turns.get(rep.seat, 0) + self._weight(rep)

    def _weight(self, rep: Rep) -> int:
        return int(self._team.run.tables.seats.weight[self._team.first_seat + rep.seat])
