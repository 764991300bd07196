"""People: who sits in which seat, who leaves, who is hired, who is away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from funnelsim.engine.codes import CALENDAR, SEATS
from funnelsim.model.numbers.arithmetic import log
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.distributions import round_us
from funnelsim.model.numbers.draws import ATTRITION, FILL, SKILL, SPEED
from funnelsim.model.rules import people

from .world.state import Rep

if TYPE_CHECKING:
    from collections.abc import Callable

    from .run import Run


class Seat:
    """A place at a desk and the person in it, if any."""

    __slots__ = ("bound_for", "calendar", "rep", "reserved", "row", "spans", "team", "vacant", "wanted")

    def __init__(self, row: int, team: int) -> None:
        self.row = row  # in the table of seats
        self.team = team
        self.calendar = 0
        self.spans: list[tuple[int, int]] = []  # absences
        self.rep: Rep | None = None
        self.reserved = False  # for somebody who is still at work elsewhere
        self.bound_for: Seat | None = None  # where the person in it goes after the touch in hand
        self.vacant = False  # a successor is sought
        self.wanted = False  # whether the team is to have this seat now


class Staffing:
    """The seats of all teams over a run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        offset = run.tables.teams.seat_offset
        self._seats = [
            [Seat(row, team) for row in range(offset[team], offset[team + 1])] for team in range(len(run.teams))
        ]
        self._occupants: dict[tuple[int, int], int] = {}
        self._read(0)

    def _read(self, period: int) -> None:
        """Read the hours and absences of each seat in a period."""
        calendars, spans = self._run.reorganisation.seats[period]
        for seats in self._seats:
            for seat in seats:
                seat.calendar, seat.spans = calendars[seat.row], spans[seat.row]

    def fill_first_seats(self) -> None:
        """Fill the first seats, and plan what changes at dates."""
        tenure = self._run.tables.parts.tenure
        for part in range(len(tenure)):
            for seat in self._seats_of(part)[: self._headcount(part)]:
                seat.wanted = True
                self._hire(seat, -NEVER if tenure[part] < 0 else -tenure[part])
        self._plan_steps(0)

    def _seats_of(self, part: int) -> list[Seat]:
        """The seats of a part of a team."""
        D, team = self._run.tables.parts, self._run.tables.parts.team[part]
        first = self._run.tables.teams.seat_offset[team]
        return self._seats[team][D.seat_offset[part] - first : D.seat_offset[part + 1] - first]

    def _headcount(self, part: int) -> int:
        """How many seats a part of a team is to have now."""
        D, now = self._run.tables.parts, self._run.clock.now
        steps = range(D.step_offset[part], D.step_offset[part + 1])
        return int([D.step_count[step] for step in steps if D.step_time[step] <= now][-1])

    def _plan_steps(self, period: int) -> None:
        """Plan the changes of headcount within a period."""
        D, now, until = self._run.tables.parts, self._run.clock.now, self._run.reorganisation.until(period)
        for part, team in enumerate(D.team):
            first = D.seat_offset[part] - self._run.tables.teams.seat_offset[team]
            for step in range(D.step_offset[part], D.step_offset[part + 1]):
                if now < D.step_time[step] < until:
                    self._at(D.step_time[step], team, first, partial(self._resize, part, D.step_count[step]))

    def _at(self, when: int, team: int, seat: int, then: Callable[[], None]) -> None:
        """Do something about a seat at an instant."""
        self._run.clock.call(when, CALENDAR, SEATS + team * SEATS + seat, lambda _: then())

    def _resize(self, part: int, count: int) -> None:
        """From now on a part has that many seats: new ones are filled, the last are cut after their touch."""
        now = self._run.clock.now
        for number, seat in enumerate(self._seats_of(part)):
            if number < count:
                if not seat.wanted:
                    seat.wanted = True
                    self._stay(seat)
                    if seat.rep is None:
                        self._hire(seat, now)
                self._keep_post(seat)
            elif number >= count and seat.wanted:
                seat.wanted = False
                if seat.rep is not None:
                    self._leave(seat, seat.rep)

    # --- coming and going ---

    def _hire(self, seat: Seat, tenure_from: int) -> None:
        """A new person takes a seat."""
        place = self._place(seat)
        occupant = self._occupants.get(place, 0)
        self._occupants[place] = occupant + 1
        rep = self._person(seat, (place[0], place[1] << 16 | occupant), occupant)
        rep.tenure_from = tenure_from
        rep.hired_for = seat.row
        self._enable(seat, rep)
        self._sit(seat, rep)
        hazard = self._run.tables.parts.attrition[self._run.tables.seats.part[seat.row]]
        if hazard > 0.0:
            self._resign(seat, rep, round_us(-log(1.0 - self._uniform(rep, ATTRITION)) / hazard))

    def _enable(self, seat: Seat, rep: Rep) -> None:
        """What a person in a seat can do, by the settings that hold."""
        seats, usual = self._run.tables.seats, self._run.reorganisation.first.seats
        rep.skill = people.skill_of(seats, usual, rep.hired_for, seat.row, self._uniform(rep, SKILL))
        rep.speed = people.speed_of(seats, usual, rep.hired_for, seat.row, self._uniform(rep, SPEED))

    def _place(self, seat: Seat) -> tuple[int, int]:
        """Where the people of a seat come from: the pool, and the seat's number in it."""
        P = self._run.tables.seats
        return P.pool[seat.row], P.number[seat.row]

    def _person(self, seat: Seat, entity: tuple[int, int], occupant: int) -> Rep:
        run = self._run
        first = run.tables.teams.seat_offset[seat.team]
        rep = Rep(len(run.ledger.reps), seat.team, seat.row - first, occupant, entity, run.clock.now)
        rep.part = run.tables.seats.part[seat.row]
        return rep

    def _sit(self, seat: Seat, rep: Rep) -> None:
        """A person takes a seat, new or from another team."""
        run, now = self._run, self._run.clock.now
        rep.territory = run.tables.seats.territory[seat.row]
        rep.calendar = seat.calendar
        rep.quarters = self._seat_quarters(seat)
        run.ledger.reps.append(rep)
        run.ledger.headcount[seat.team].change(now, 1)
        seat.rep = rep
        run.teams[seat.team].join(rep)
        run.teams[seat.team].touch()
        self._plan_absence(seat, rep)

    def _resign(self, seat: Seat, rep: Rep, stays: int) -> None:
        """Plan that a person leaves by themselves after a while; replaces an earlier plan."""
        rep.resigns_at = self._run.clock.now + stays
        self._at(rep.resigns_at, seat.team, rep.seat, partial(self._give_notice, seat, rep))

    def _give_notice(self, seat: Seat, rep: Rep) -> None:
        """A person leaves, unless the plan was another; who was to move to another seat does not any more."""
        if rep.resigns_at != self._run.clock.now or seat.rep is not rep:
            return
        home = seat.bound_for
        if home is None:
            self._leave(seat, rep)
            return
        home.reserved, seat.bound_for = False, None
        rep.leaving = partial(self._depart, seat, rep)
        if home.wanted and not home.vacant:
            self._hire(home, self._run.clock.now)

    def _plan_absence(self, seat: Seat, rep: Rep) -> None:
        now = self._run.clock.now
        for start, end in seat.spans:
            if end > now:
                self._at(max(start, now), seat.team, rep.seat, partial(self._go_away, seat, rep, end))
                self._at(end, seat.team, rep.seat, partial(self._come_back, rep, end))

    def _leave(self, seat: Seat, rep: Rep) -> None:
        """A person is to go; one at work finishes the touch in hand first."""
        if seat.rep is not rep or rep.leaving is not None:
            return
        rep.leaving = partial(self._depart, seat, rep)
        if rep.current is None:
            rep.leaving()

    def _stay(self, seat: Seat) -> None:
        """A person who was to go after the touch in hand need not, unless by the person's own wish."""
        rep, home = seat.rep, seat.bound_for
        if rep is None or rep.leaving is None or 0 <= rep.resigns_at <= self._run.clock.now:
            return
        rep.leaving = None
        if home is not None:
            home.reserved, seat.bound_for = False, None

    def _depart(self, seat: Seat, rep: Rep) -> None:
        """The seat is empty; what the person owned is handed over, and a successor is sought."""
        run = self._run
        now = run.clock.now
        run.teams[seat.team].part(rep)
        rep.end = now
        seat.rep = None
        run.ledger.headcount[seat.team].change(now, -1)
        run.handover.hand_over_all(rep)
        run.customers.rep_left(rep)
        if seat.wanted:
            seat.vacant = True
            self._at(self._filled_at(rep), seat.team, rep.seat, partial(self._fill, seat))

    def _filled_at(self, rep: Rep) -> int:
        """When the seat of a person who leaves now is filled."""
        run = self._run
        row = run.tables.teams.fill[rep.team]
        if row < 0:
            return run.clock.now
        vacancy = run.luck.draw(run.tables.dists, row, rep.high, rep.low, FILL)
        return run.in_calendar(row, vacancy, run.teams[rep.team].calendar, run.clock.now)

    def _fill(self, seat: Seat) -> None:
        if not seat.wanted:
            seat = next((other for other in self._elsewhere(seat) if other.vacant and other.wanted), seat)
        seat.vacant = False
        if seat.wanted and seat.rep is None and not seat.reserved:
            self._hire(seat, self._run.clock.now)

    # --- from one period to the next ---

    def reorganise_seats(self, period: int) -> None:
        """Another period's seats: people go with their seats, come from other teams, are hired or leave."""
        self._rerate(self._run.reorganisation.hazards(period))
        self._read(period)
        seats = [seat for row in self._seats for seat in row]
        for part in range(len(self._run.tables.parts.team)):
            count = self._headcount(part)
            for number, seat in enumerate(self._seats_of(part)):
                seat.wanted = number < count
        for seat in seats:
            home = seat.bound_for
            if seat.wanted or (home is not None and not home.wanted):
                self._stay(seat)
        for seat in seats:
            rep = seat.rep
            if rep is not None and seat.calendar not in (rep.new_calendar, rep.calendar):
                self._plan_absence(seat, rep)
            if rep is not None:
                rep.new_calendar = seat.calendar
                self._keep_post(seat)
                if rep.current is None:
                    self.keep_hours(rep)
        places = {self._place(seat): seat for seat in seats if seat.wanted}
        for seat in seats:
            rep = seat.rep
            if rep is not None and rep.leaving is None and not seat.wanted:
                home = places.get((rep.high, rep.low >> 16))
                if home is None or home.rep is not None or home.reserved:
                    home = self._called_for(seat.team)
                if home is not None:
                    self._transfer(seat, rep, home)
        for seat in seats:
            if seat.rep is not None:
                self._enable(seat, seat.rep)
                self._run.teams[seat.team].shift_load(seat.rep, 0)
        self._keep_vacant()
        now = self._run.clock.now
        for seat in seats:
            if seat.wanted and seat.rep is None and not seat.reserved and not seat.vacant:
                self._hire(seat, now)
            elif not seat.wanted and seat.rep is not None:
                self._leave(seat, seat.rep)
        self._plan_steps(period)

    def _elsewhere(self, seat: Seat) -> list[Seat]:
        """The same seat of the same part in other teams."""
        D, part = self._run.tables.parts, self._run.tables.seats.part[seat.row]
        others = [at for at, entity in enumerate(D.entity) if entity == D.entity[part] and at != part]
        number = seat.row - D.seat_offset[part]
        return [seats[number] for seats in map(self._seats_of, others) if number < len(seats)]

    def _keep_vacant(self) -> None:
        """A seat for which somebody is sought when its part goes to another team is vacant there."""
        for row in self._seats:
            for seat in row:
                if seat.wanted and seat.rep is None and not (seat.reserved or seat.vacant):
                    for other in self._elsewhere(seat):
                        if other.vacant and not other.wanted:
                            other.vacant, seat.vacant = False, True

    def keep_hours(self, rep: Rep) -> None:
        """A rep without a touch in hand works by the hours of the present period."""
        if rep.new_calendar not in (-1, rep.calendar) or rep.new_quarters not in (-1, rep.quarters):
            self._run.ledger.add_presence(rep, self._run.clock.now)
            rep.calendar = rep.calendar if rep.new_calendar < 0 else rep.new_calendar
            rep.quarters = rep.quarters if rep.new_quarters < 0 else rep.new_quarters
        rep.new_calendar = rep.new_quarters = -1

    def _seat_quarters(self, seat: Seat) -> int:
        """How much of a post a seat is now."""
        D, part = self._run.tables.parts, self._run.tables.seats.part[seat.row]
        return people.quarters_of(D, part, seat.row - D.seat_offset[part], self._run.clock.now)

    def _keep_post(self, seat: Seat) -> None:
        """The person in a seat that is wanted has as much of a post as it is now, after the touch in hand."""
        if seat.rep is not None and seat.wanted:
            seat.rep.new_quarters = self._seat_quarters(seat)
            if seat.rep.current is None:
                self.keep_hours(seat.rep)

    def _called_for(self, team: int) -> Seat | None:
        """The first empty seat of a team that is staffed from another."""
        staffed_from = self._run.tables.teams.staffed_from
        for row in self._seats:
            for seat in row:
                if staffed_from[seat.team] == team and seat.wanted and seat.rep is None and not seat.reserved:
                    return seat
        return None

    def _rerate(self, change: list[float]) -> None:
        """Let the time to the next resignation follow a change of attrition: hazard left over is kept."""
        now, attrition = self._run.clock.now, self._run.tables.parts.attrition
        for row in self._seats:
            for seat in row:
                rep, part = seat.rep, self._run.tables.seats.part[seat.row]
                before, after = change[part], attrition[part]
                if rep is None or before == after or 0 <= rep.resigns_at <= now:
                    continue  # who has given notice goes
                if before > 0.0 and after > 0.0:
                    self._resign(seat, rep, round_us((rep.resigns_at - now) * (before / after)))
                elif after > 0.0:
                    self._resign(seat, rep, round_us(-log(1.0 - self._uniform(rep, ATTRITION)) / after))
                else:
                    rep.resigns_at = -1

    def _transfer(self, seat: Seat, rep: Rep, home: Seat) -> None:
        """A person moves to another team's seat, after the touch in hand."""
        home.reserved, seat.bound_for = True, home
        rep.leaving = partial(self._move, seat, rep, home)
        if rep.current is None:
            rep.leaving()

    def _move(self, seat: Seat, rep: Rep, home: Seat) -> None:
        run = self._run
        seat.rep = seat.bound_for = None
        run.teams[seat.team].part(rep)
        rep.end = run.clock.now
        run.ledger.headcount[seat.team].change(rep.end, -1)
        moved = self._person(home, (rep.high, rep.low), rep.occupant)
        moved.tenure_from, moved.hired_for, moved.given = rep.tenure_from, rep.hired_for, rep.given
        self._enable(home, moved)
        home.reserved = False
        self._sit(home, moved)
        if rep.resigns_at > run.clock.now:
            self._resign(home, moved, rep.resigns_at - run.clock.now)
        run.handover.move_leads(rep, moved)
        run.customers.rep_moved(rep, moved)

    # --- absence ---

    def _go_away(self, seat: Seat, rep: Rep, until: int) -> None:
        """A rep is away from now on; after a while others may take the leads."""
        if rep.end >= 0 or all(end != until for _, end in seat.spans):
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
            rep.released = True
            self._run.handover.hand_over_all(rep)

    def _come_back(self, rep: Rep, until: int) -> None:
        if rep.end < 0 and rep.away_until <= until:
            self._run.teams[rep.team].return_to_team(rep)

    def _uniform(self, rep: Rep, purpose: int) -> float:
        return self._run.luck.uniform(rep.high, rep.low, purpose)
