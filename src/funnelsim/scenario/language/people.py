"""Types of the people who work: teams, their queues, skills, costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

from pydantic import Field

from ..forms import remedies
from ..forms.amounts import ELAPSED
from ..forms.base import Fault, FormError
from ..forms.entry import Entry
from ..forms.quantities import Duration, Rate, Steps, added, constant, posts
from . import fields as f

DUE_AFTER_DAYS = 7
"""When work without a deadline of its own is due by the queue rule `due`, from when it begins to wait."""


class Queue(Entry):
    """What a rep who becomes free takes next."""

    main: ClassVar[tuple[str, ...]] = ("rule",)

    rule: f.RuleWeights  # one rule, or a mixture: {fifo: 0.6, value_per_hour: 0.4}
    first: f.SelectorField = ()  # leads taken before the rest
    last: f.SelectorField = ()  # leads taken after the rest
    ignore: f.SelectorField = ()  # leads left lying
    joint: Literal["usual", "first"] = "usual"  # work that two teams do together: by the rule, or before the rest

    @classmethod
    def expanded(cls, raw: Any) -> Any:
        """The long form; a mapping of rules to numbers is a mixture."""
        if isinstance(raw, Mapping) and raw and not set(raw) & set(cls.model_fields):
            return {"rule": raw}
        return super().expanded(raw)


class Routing(Entry):
    """Which rep is next; of equal ones the one who has had nothing for longest."""

    main: ClassVar[tuple[str, ...]] = ("rule",)
    listed: ClassVar[str] = "weights"

    rule: Literal["least_loaded", "round_robin", "best_skill", "random", "territory"] = (
        "least_loaded"  # which of the reps with room gets the lead
    )
    weights: tuple[
        f.SeatWeight, ...
    ] = ()  # of round_robin: turns by seat, {round_robin: [2, 1]}; further seats: 1

    @classmethod
    def expanded(cls, raw: Any) -> Any:
        """The long form; a rule with a list is the rule with weights by seat."""
        if isinstance(raw, Mapping) and len(raw) == 1 and not set(raw) & set(cls.model_fields):
            ((rule, weights),) = raw.items()
            return {"rule": rule, "weights": weights}
        return super().expanded(raw)

    def check(self) -> None:
        """Raise `FormError` for weights of a rule that knows none."""
        if self.weights and self.rule != "round_robin":
            raise FormError(
                f"weights by seat belong to round_robin, and not to {self.rule};"
                " write {round_robin: [2, 1]}, or the name of the rule alone",
                code="E-key-conflict",
            )


class Skill(Entry):
    """Log-odds that reps add to the outcome of a stage."""

    main: ClassVar[tuple[str, ...]] = ("mean",)
    listed: ClassVar[str] = "seats"

    mean: f.LogOdds = 0.0  # average of the team
    sd: f.NonNegative = 0.0  # standard deviation between people
    floor: f.OptionalNumber = None  # nobody is worse than this
    seats: tuple[f.LogOdds, ...] = ()  # one number per seat, for known people; further seats draw
    at: f.LogOddsByStage = ()  # what is added at single stages: {propose: 0.2, contact: -0.3}


class Speed(Entry):
    """How fast reps work: a lognormal factor with this mean and standard deviation."""

    main: ClassVar[tuple[str, ...]] = ("mean",)
    listed: ClassVar[str] = "seats"

    mean: f.Factor = 1.0  # average of the team; 1.1 works a tenth faster
    sd: f.NonNegative = 0.0  # standard deviation between people
    seats: tuple[f.Factor, ...] = ()  # one number per seat, for known people; further seats draw
    at: f.FactorByStage = ()  # by what it is multiplied at single stages: {propose: 0.9}


class Ramp(Entry):
    """How productivity grows with tenure: from a start in some time, or by month."""

    listed: ClassVar[str] = "months"

    start: f.Share = 1.0  # productivity on the first day
    time: f.ElapsedDuration = Duration(0, "d")  # time after which nine tenths of the gap are closed
    months: tuple[f.Share, ...] = ()  # productivity in each month of a person; the last holds from then on

    @classmethod
    def expanded(cls, raw: Any) -> Any:
        """The long form; a list is productivity by month."""
        return {"start": 1, "time": "0 d", "months": raw} if isinstance(raw, list) else super().expanded(raw)

    @classmethod
    def remedy(cls, raw: Any) -> str:
        """Both ways to write a ramp, with the time that stands there if there is one."""
        time = (remedies.duration(raw, ELAPSED) or "'6 mo'").strip("'")
        time = "6 mo" if "'" in time else time
        return f"; write {{start: 0.3, time: {time}}}, or a list by month: [0, 0.25, 0.5, 0.75, 1]"

    def check(self) -> None:
        """Raise `FormError` if nobody ever becomes productive, or if there are two ramps."""
        if self.months and (self.start < 1.0 or self.time.amount > 0):
            raise FormError(
                "a ramp is either a list by month, or a start and a time; remove the one that is not meant"
                " (months: null, or start: null and time: null)",
                code="E-key-conflict",
            )
        if self.months and self.months[-1] == 0.0:
            raise FormError(
                "the last month of a ramp holds from then on, and at 0 nobody would ever get anything done;"
                " end with the productivity of an experienced rep, such as 1",
                code="E-ramp-zero",
            )
        if self.start < 1.0 and "time" not in self.model_fields_set:
            raise FormError("a ramp with a start needs a time too, such as time: 3 mo", code="E-key-incomplete")
        if self.time.amount > 0 and "start" not in self.model_fields_set:
            raise FormError("a ramp with a time needs a start too, such as start: 0.3", code="E-key-incomplete")


class Hiring(Entry):
    """How a vacancy is filled."""

    main: ClassVar[tuple[str, ...]] = ("time_to_fill",)

    time_to_fill: f.VacancyDist = constant(0.0, "us")  # from a leaver to the next; bd of the team's calendar


class Absence(Entry):
    """Planned absence of each rep."""

    days: f.DaysOff = 0.0  # days off per rep and year, spread by the rep's own draws
    dates: tuple[f.DaysOf, ...] = ()  # days off of all: 2026-08-10..2026-08-14; every year: 12-29..01-03
    routed: f.Flag = True  # whether absent reps are given new leads
    release: f.OptionalDuration = None  # after that long their leads return to the queue


class Quota(Entry):
    """What the team is to book in each period."""

    main: ClassVar[tuple[str, ...]] = ("amount",)

    amount: f.PerPeriod  # booked value, for each rep
    period: f.Period = "quarter"  # month, quarter, half_year or year


class Commission(Entry):
    """Commission on booked value, and on what lies above the quota."""

    main: ClassVar[tuple[str, ...]] = ("rate",)

    rate: f.Share = 0.0  # share of booked value
    above_quota: f.OptionalShare = None  # share of what is booked above the quota


class TeamCost(Entry):
    """What a rep costs."""

    main: ClassVar[tuple[str, ...]] = ("salary",)

    salary: f.MoneyRate = Rate(0.0, "y")  # pay of a rep: 90_000 / y
    seat: f.MoneyRate = Rate(0.0, "y")  # tools and licences of each post that is planned, staffed or not
    commission: Commission = Commission.neutral()  # share of booked value: 5 %, or {rate, above_quota}


class Team(Entry):
    """A pool of people with one calendar and one queue rule."""

    from_: f.TeamNames = Field(default=(), alias="from")  # teams of whose people it is made: [inside, field]
    unlike: Literal["refused", "averaged"] = "refused"  # what its teams differ in: by people, or as in the largest
    headcount: f.Headcount = Steps(((None, 1),))  # people: 5, 2.5 (quarters), or {2026-04-01: 5, warmup + 3 mo: 7}
    calendar: f.OptionalCalendarName = None  # default: the first calendar, or always
    at_closing: Literal["pause", "finish"] = "pause"  # what happens to work that has begun when the team closes
    selling_share: f.PositiveShare = 1.0  # share of working hours that goes to leads
    wip_limit: f.OptionalPositiveCount = None  # leads a rep may own at once
    queue: Queue  # what a free rep takes next; required, because it decides everything
    routing: Routing = Routing.neutral()  # which rep is next: a rule, or {round_robin: [2, 1]} with turns by seat
    assign: Literal["when_free", "on_arrival"] = "when_free"  # when a lead gets its rep
    serves: f.Counts = ()  # reps of one territory: {east: 2, west: 3}, or by weight: even
    skill: Skill = Skill.neutral()  # log-odds that reps add: a mean, {mean, sd, floor}, or one number per seat
    speed: Speed = Speed.neutral()  # how fast reps work: a mean, {mean, sd}, or one number per seat
    ramp: Ramp = Ramp.neutral()  # how new reps become productive: {start, time}, or a list by month
    tenure: f.OptionalElapsed = None  # of the reps present at the start; default: past their ramp
    switching: f.NonNegative = 0.0  # extra effort per lead owned beyond switching_from
    switching_from: f.Count = 0  # leads in hand from which switching costs time
    attrition: f.PerYear = 0.0  # share of reps who leave in a year
    hiring: Hiring = Hiring.neutral()  # how long a vacancy stays open
    staffed_from: f.OptionalTeamName = None  # in a phase: the first reps come from that team
    people: f.OptionalText = None  # pool of people, for draws; default: the team's name
    absence: Absence = Absence.neutral()  # days off of each rep, and what becomes of their leads then
    quota: Quota | None = None  # what each rep is to book in a period
    cost: TeamCost = TeamCost.neutral()  # pay, seats and commissions
    label: f.OptionalText = None  # name shown
    role: f.TeamRoles = ()  # what it is, for levers: one word or a list
    key: f.OptionalText = None  # former name, whose random draws are kept

    def check(self) -> None:
        """Raise `FormError` if more seats are tied to territories than there are, or people have two sources."""
        if self.from_:
            self._check_parts()
            return
        if self.unlike != "refused":
            raise FormError(
                Fault(
                    "this is about the teams in `from`, and there are none; leave it out",
                    ("unlike",),
                    code="E-key-useless",
                )
            )
        tied = sum(seats for _, seats in self.serves)
        most = self.most_posts
        if tied > most:
            raise FormError(
                f"`sum of serves <= headcount` must hold, but got (serves={tied}, headcount={most})",
                code="E-order",
            )

    def _check_parts(self) -> None:
        faults = [
            Fault(
                f"{why} remain those of the teams in `from`; write `{key}` there, and leave it out here",
                (key,),
                code="E-team-of-teams",
            )
            for key, why in OF_PEOPLE.items()
            if key in self.model_fields_set
        ]
        if self.absence.model_fields_set & {"days"}:
            why = "days off remain those of the teams in `from`; write `absence.days` there, and leave it out here"
            faults.append(Fault(why, ("absence", "days"), code="E-team-of-teams"))
        if faults:
            raise FormError(*faults)

    def people_as(self, name: str) -> tuple[Part, ...]:
        """The parts that it consists of: one team, unless it is made of others. ``name`` is its own."""
        return (Part(name, self),)

    @property
    def posts(self) -> Steps[int]:
        """How many people have a post, all of it or part of it."""
        return Steps(tuple((date, posts(number)) for date, number in self.headcount.steps))

    @property
    def most_posts(self) -> int:
        """The most posts it ever has."""
        return max(number for _, number in self.posts.steps)

    def deserted(self) -> Self:
        """The same with nobody in it."""
        return self.model_copy(update={"headcount": Steps(((None, 0),)), "serves": ()})


OF_PEOPLE = {
    "headcount": "people", "skill": "skills", "speed": "speeds", "ramp": "ramps", "tenure": "tenures",
    "attrition": "leavers", "people": "pools of people", "cost": "salaries and other costs of people",
}  # fmt: skip
"""Keys that stay with each person in a team that is made of others, and what they are."""


_OF_EITHER = {"absence", "from_", "unlike", "label", "role", "key", "serves", "quota"}
OF_TEAM = frozenset(Team.model_fields) - set(OF_PEOPLE) - _OF_EITHER
"""Keys of which a team that is made of others has one: that of its parts, if they agree."""
OF_TEAM_ABSENCE = ("dates", "routed", "release")
"""Keys of `absence` of which that is so too."""


@dataclass(frozen=True)
class Part:
    """People of a team who have something in common: those of one of the teams that it is made of."""

    name: str
    team: Team


class Whole(Team):
    """A team that is made of the people of others, which are not teams any more.

    What people keep is in the parts; what the team has stands here. Nobody writes one: it is what becomes of a
    team with `from`.
    """

    parts: tuple[Part, ...] = ()  # the teams that it is made of
    among: tuple[str, ...] = ()  # all teams in the order of the file, which numbers pools of people
    alone: tuple[str, ...] = ()  # stages at which a part joined another, which are now one team

    @property
    def posts(self) -> Steps[int]:
        """Those of its parts, added up."""
        return added([part.team.posts for part in self.parts])

    def people_as(self, name: str) -> tuple[Part, ...]:
        """The teams that it is made of."""
        return self.parts


def people_of(teams: Mapping[str, Team]) -> dict[str, Team]:
    """The teams as people know them: in place of one that is made of others these."""
    return {part.name: part.team for name, team in teams.items() for part in team.people_as(name)}
