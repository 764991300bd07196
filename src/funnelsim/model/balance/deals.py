"""Open deals whose rows say of their stage what cannot be, or what ends them at the start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from funnelsim.errors import Problem, ScenarioError, Warned
from funnelsim.scenario.forms.base import Fault
from funnelsim.scenario.language.types import Deal

from ..model import Model
from ..numbers.distributions import lists_of, round_us
from ..numbers.inversion import CONSTANT
from ..numbers.survival import largest
from ..opening import standing_of
from ..rules.standing import ALL, BUSINESS_DAYS, Standing, elapsed, touches_done, touches_left
from ..tables.tables import Tables
from ..time.calendars import finish

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario


def check_deals(scenario: Scenario, model: Model) -> None:
    """Refuse open deals of which a row says what their stage cannot have.

    Raises
    ------
    ScenarioError
        With the first row of each kind, and how many others are like it.
    """
    found: dict[Fault, list[int]] = {}
    for number, deal, _, stage in _going_on(model):
        for fault in stage.refused(deal):
            found.setdefault(fault, []).append(number)
    problems = [_problem(scenario, fault, rows) for fault, rows in found.items()]
    if problems:
        raise ScenarioError(problems)


def _problem(scenario: Scenario, fault: Fault, rows: list[int]) -> Problem:
    more = len(rows) - 1
    others = f" (and {more:,} more deal{'s' if more > 1 else ''} like it)" if more else ""
    path = ("opening", "deals", str(rows[0]), *map(str, fault.path))
    return scenario.problem(path, f"{fault.message}{others}", code=fault.code)


def stale(model: Model) -> Iterator[Warned]:
    """Open deals that end at the start by what their rows say, or of which a part of the row does nothing."""
    counts: dict[Warned, int] = {}
    for _, deal, standing, stage in _going_on(model):
        for said in stage.doubts(deal, standing):
            counts[said] = counts.get(said, 0) + 1
    for said, count in counts.items():
        many = f" ({count:,} deal{'s' if count > 1 else ''})"
        yield Warned(f"{said}{many}", said.code)


def _going_on(model: Model) -> Iterator[tuple[int, Deal, Standing, _Stage]]:
    """The deals that do not start their stage afresh, with their numbers and stages."""
    stages: dict[str, _Stage] = {}
    T = lists_of(model.tables) if model.spec.opening.deals else model.tables
    for number, deal in enumerate(model.spec.opening.deals):
        if not deal.afresh:
            if deal.stage not in stages:
                stages[deal.stage] = _Stage(T, model.stage_names.index(deal.stage), deal.stage)
            yield number, deal, standing_of(model, deal), stages[deal.stage]


@dataclass
class _Stage:
    """What a stage may do with a deal, whatever kind of lead it is."""

    T: Tables
    number: int
    name: str
    ends: dict[int, float] = field(default_factory=dict)  # by row of distributions the longest time

    @cached_property
    def cells(self) -> list[int]:
        """Cells of the stage that differ in what matters here."""
        S, kinds = self.T.stages, self.T.kinds.kinds
        columns = (S.team_count, S.touches, S.gap, S.decision_advanced, S.decision_lost, S.timeout, S.calendar)
        different: dict[tuple[int, ...], int] = {}
        for cell in range(self.number * kinds, (self.number + 1) * kinds):
            different.setdefault(tuple(column[cell] for column in columns), cell)
        return list(different.values())

    def refused(self, deal: Deal) -> Iterator[Fault]:
        """Keys of a deal that cannot be, each with the reason."""
        S = self.T.stages
        if not any(S.team_count[cell] for cell in self.cells):
            why = f"no team works in {self.name}, so deals there have no touches; write their `age`"
            said = {"touches": deal.touches, "since_touch": deal.since_touch is not None, "waiting": deal.waiting}
            for key in (key for key, value in said.items() if value):
                yield Fault(why, (key,), code="E-key-useless")
            return
        if deal.waiting and not any(self._left(deal, cell) for cell in self.cells):
            none = f"no touch is left in {self.name} after {deal.touches}, so the deal waits for no rep"
            yield Fault(none, ("waiting",), code="E-key-useless")
        if deal.age.amount or (deal.since_touch is not None and deal.since_touch.amount):
            sums = [name for cell in self.cells if (name := self._sum_of(deal, cell))]
            for name in sums[:1]:
                yield Fault(
                    f"the {name} of {self.name} is a sum of several draws (`times`), of which is not known how "
                    "likely it lasts longer; write `dist: erlang` or gamma there, or leave this out",
                    ("age" if deal.since_touch is None else "since_touch",),
                    code="E-deal-sum",
                )

    def _left(self, deal: Deal, cell: int) -> bool:
        return touches_left(self.T, cell, touches_done(self.T, cell, _done(deal)))

    def _sum_of(self, deal: Deal, cell: int) -> str:
        """Which delay that has begun is a sum; empty for none."""
        S, D = self.T.stages, self.T.dists
        rows: dict[str, tuple[int, ...]]
        if not self._left(deal, cell):
            rows = {"decision": (S.decision_advanced[cell], S.decision_lost[cell])}
        elif deal.touches and not deal.waiting:
            rows = {"gap": (S.gap[cell],)}
        else:
            return ""
        for name, each in rows.items():
            if any(row >= 0 and D.times[row] > 1 and D.code[row] != CONSTANT for row in each):
                return name
        return ""

    def doubts(self, deal: Deal, standing: Standing) -> Iterator[Warned]:
        """What is to be said of a deal."""
        S, name = self.T.stages, self.name
        if all(self._expired(cell, standing) for cell in self.cells):
            yield Warned(
                f"opening.deals: the age in {name} is beyond its timeout, so the deal expires at the start",
                "W-deal-expired",
            )
            return
        if all(self._decided(cell, standing) for cell in self.cells):
            yield Warned(
                f"opening.deals: the last touch in {name} is further back than a decision there takes, so the "
                "deal is decided at the start",
                "W-deal-decided",
            )
        if standing.touches > 0 and all(self._beyond(cell, standing.touches) for cell in self.cells):
            yield Warned(
                f"opening.deals: `touches` in {name} are more than it takes, so all of them are taken as done",
                "W-deal-touches",
            )
        if standing.waited > 0 and not any(S.decay[cell] for cell in self._all()):
            yield Warned(f"opening.deals: `waited` in {name} does nothing, as nothing decays there", "W-deal-idle")
        if S.notice[self.number] >= 0 and deal.since_touch is not None and not deal.touches:
            yield Warned(
                f"opening.deals: `since_touch` in {name} does nothing, as nothing is decided there; write the age",
                "W-deal-idle",
            )
        if not standing.created <= standing.entered <= standing.touched:
            yield Warned(
                f"opening.deals: the last touch in {name} lies before the entering, or that before the creation",
                "W-deal-order",
            )

    def _all(self) -> range:
        kinds = self.T.kinds.kinds
        return range(self.number * kinds, (self.number + 1) * kinds)

    def _expired(self, cell: int, standing: Standing) -> bool:
        """Whether the timeout has passed before the start."""
        row = self.T.stages.timeout[cell]
        if row < 0:
            return False
        D, calendar = self.T.dists, self.T.stages.calendar[cell]
        if D.unit[row] != BUSINESS_DAYS:
            return standing.entered + round_us(D.a[row]) < 0
        work = round_us(D.a[row] * self.T.calendars.day_hours[calendar])
        return finish(self.T.calendars, calendar, standing.entered, work) < 0

    def _decided(self, cell: int, standing: Standing) -> bool:
        """Whether neither outcome's time can be as long as that since the last touch."""
        T, S = self.T, self.T.stages
        done = touches_done(T, cell, standing.touches)
        if standing.touched >= 0 or S.notice[self.number] >= 0 or touches_left(T, cell, done):
            return False
        return all(
            row < 0 or (T.dists.meets[row] == 0 and elapsed(T, row, cell, standing.touched, 0) >= self._end(row))
            for row in (S.decision_advanced[cell], S.decision_lost[cell])
        )

    def _beyond(self, cell: int, touches: int) -> bool:
        """Whether a number of touches is more than the stage ever takes."""
        S = self.T.stages
        if S.team_count[cell] == 0:
            return True
        return max(largest(self.T.dists, S.touches[cell]), 1.0) <= touches - 1

    def _end(self, row: int) -> float:
        if row not in self.ends:
            self.ends[row] = largest(self.T.dists, row)
        return self.ends[row]


def _done(deal: Deal) -> int:
    done = deal.touches_done
    return ALL if done is None else done
