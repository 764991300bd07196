"""People: who sits in which seat, who leaves, who is hired, who is away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from funnelsim.model.arithmetic import exp, log, normal_quantile
from funnelsim.model.distributions import draw, round_us
from funnelsim.model.draws import ATTRITION, FILL, SKILL, SPEED, uniform

from .clock import CALENDAR, NEVER
from .state import Rep

if TYPE_CHECKING:
    from collections.abc import Callable

    from .run import Run

SEATS = 1 << 20
"""More than any team has; the serial number of a seat's events is team * SEATS + seat, behind the teams'."""


class Seat:
    """A place at a desk and the person in it, if any."""

    __slots__ = ("calendar", "occupants", "rep", "row", "spans", "team", "wanted")

    def __init__(self, row: int, team: int, calendar: int, spans: list[tuple[int, int]]) -> None:
        self.row = row  # in the table of seats
        self.team = team
        self.calendar = calendar
        self.spans = spans  # absences
        self.rep: Rep | None = None
        self.occupants = 0
        self.wanted = False  # whether the team is to have this seat now


class Staffing:
    """The seats of all teams over a run."""

    def __init__(self, run: Run, calendars: list[int], spans: list[list[tuple[int, int]]]) -> None:
        self._run = run
        self._seats = [
            [Seat(row, team, calendars[row], spans[row]) for row in range(low, high)]
            for team, (low, high) in enumerate(
                zip(run.tables.teams.seat_offset, run.tables.teams.seat_offset[1:], strict=False)
            )
        ]

    def start(self) -> None:
        """Fill the first seats, and plan what changes at dates."""
        T = self._run.tables.teams
        for team, seats in enumerate(self._seats):
            steps = range(T.step_offset[team], T.step_offset[team + 1])
            for seat in seats[: T.step_count[steps[0]]]:
                seat.wanted = True
                tenure = T.tenure[team]
                self._hire(seat, -NEVER if tenure < 0 else -tenure)
            for step in steps[1:]:
                count = T.step_count[step]
                self._at(T.step_time[step], team, 0, partial(self._resize, team, count))

    def _at(self, when: int, team: int, seat: int, then: Callable[[], None]) -> None:
        """Do something about a seat at an instant."""
        self._run.clock.call(when, CALENDAR, SEATS + team * SEATS + seat, lambda _: then())

    def _resize(self, team: int, count: int) -> None:
        """From now on a team has that many seats: new ones are filled, the last are cut after their touch."""
        now = self._run.clock.now
        for number, seat in enumerate(self._seats[team]):
            if number < count and not seat.wanted:
                seat.wanted = True
                if seat.rep is None:
                    self._hire(seat, now)
            elif number >= count and seat.wanted:
                seat.wanted = False
                if seat.rep is not None:
                    self._leave(seat, seat.rep)

    # --- coming and going ---

    def _hire(self, seat: Seat, tenure_from: int) -> None:
        """A new person takes a seat."""
        run, P = self._run, self._run.tables.seats
        number = P.number[seat.row]
        team = run.teams[seat.team]
        row, now = len(run.ledger.reps), run.clock.now
        first = run.tables.teams.seat_offset[seat.team]
        entity = (P.pool[seat.row], number << 16 | seat.occupants)
        rep = Rep(row, seat.team, seat.row - first, seat.occupants, entity, now)
        seat.occupants += 1
        rep.tenure_from = tenure_from
        rep.territory = P.territory[seat.row]
        rep.calendar = seat.calendar
        skill = P.skill_mean[seat.row]
        if P.skill_sd[seat.row] > 0.0:
            skill += P.skill_sd[seat.row] * normal_quantile(self._uniform(rep, SKILL))
        rep.skill = max(skill, P.skill_floor[seat.row])
        rep.speed = P.speed_base[seat.row]
        if P.speed_sigma[seat.row] > 0.0:
            rep.speed *= exp(P.speed_sigma[seat.row] * normal_quantile(self._uniform(rep, SPEED)))
        run.ledger.reps.append(rep)
        run.ledger.headcount[seat.team].change(now, 1)
        seat.rep = rep
        team.join(rep)
        team.touch()
        self._plan(seat, rep)

    def _plan(self, seat: Seat, rep: Rep) -> None:
        """When the person leaves by themselves, and when they are away."""
        now = self._run.clock.now
        hazard = self._run.tables.teams.attrition[seat.team]
        if hazard > 0.0:
            stays = round_us(-log(1.0 - self._uniform(rep, ATTRITION)) / hazard)
            self._at(now + stays, seat.team, rep.seat, partial(self._leave, seat, rep))
        for start, end in seat.spans:
            if end > now:
                self._at(max(start, now), seat.team, rep.seat, partial(self._go_away, rep, end))
                self._at(end, seat.team, rep.seat, partial(self._come_back, rep, end))

    def _leave(self, seat: Seat, rep: Rep) -> None:
        """A person is to go; one at work finishes the touch in hand first."""
        if seat.rep is not rep or rep.leaving is not None:
            return
        rep.leaving = partial(self._depart, seat, rep)
        if rep.current is None:
            rep.leaving()

    def _depart(self, seat: Seat, rep: Rep) -> None:
        """The seat is empty; what the person owned is handed over, and a successor is sought."""
        run = self._run
        now = run.clock.now
        run.teams[seat.team].part(rep)
        rep.end = now
        seat.rep = None
        run.ledger.headcount[seat.team].change(now, -1)
        run.handover.of(rep)
        if seat.wanted:
            self._at(now + self._vacancy(rep), seat.team, rep.seat, partial(self._fill, seat))

    def _vacancy(self, rep: Rep) -> int:
        """How long the seat of a leaver stays empty."""
        run = self._run
        row = run.tables.teams.fill[rep.team]
        return 0 if row < 0 else round_us(draw(run.tables.dists, row, *run.key, rep.high, rep.low, FILL, 0, 0))

    def _fill(self, seat: Seat) -> None:
        if seat.wanted and seat.rep is None:
            self._hire(seat, self._run.clock.now)

    # --- absence ---

    def _go_away(self, rep: Rep, until: int) -> None:
        """A rep is away from now on; after a while others may take the leads."""
        if rep.end >= 0:
            return
        run = self._run
        rep.away_until = max(rep.away_until, until)
        run.teams[rep.team].away(rep)
        release = run.tables.teams.absence_release[rep.team]
        if release >= 0:
            after = run.after_in(release, run.teams[rep.team].calendar, run.clock.now)
            self._at(after, rep.team, rep.seat, partial(self._release, rep))

    def _release(self, rep: Rep) -> None:
        if rep.end < 0 and rep.away_until > self._run.clock.now:
            self._run.handover.of(rep)

    def _come_back(self, rep: Rep, until: int) -> None:
        if rep.end < 0 and rep.away_until <= until:
            self._run.teams[rep.team].back(rep)

    def _uniform(self, rep: Rep, purpose: int) -> float:
        return uniform(*self._run.key, rep.high, rep.low, purpose, 0, 0)
