"""The tables of people: the parts of teams, and the seats in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

import numpy as np

from funnelsim.scenario.forms.names import EVEN
from funnelsim.scenario.forms.quantities import MICROSECONDS, Steps, posts
from funnelsim.scenario.language.evenly import ties
from funnelsim.scenario.language.people import Part, Team, Whole, people_of
from funnelsim.scenario.language.types import ScenarioSpec

from ..numbers.arithmetic import exp, log
from ..numbers.columns import WHOLE
from ..numbers.draws import name_hash32
from .builder import ints
from .tables import PartTable, SeatTable

DAY = MICROSECONDS["d"]


@dataclass(frozen=True)
class Layout:
    """The parts that each team has in any period, with as many seats as they ever have, in order.

    Where the seats of a team lie is the same in all periods, so that a row means one seat.
    """

    parts: Mapping[str, Mapping[str, int]]
    usual: Mapping[tuple[str, str], Team]  # by team and part: as they are in the first period that has them
    skill_at: bool  # whether the skill of some part differs by stage, in some period
    speed_at: bool

    @classmethod
    def over(cls, specs: Sequence[ScenarioSpec]) -> Layout:
        """The layout for all periods, which have the same teams."""
        made: dict[str, dict[str, int]] = {}
        usual: dict[tuple[str, str], Team] = {}
        for spec in specs:
            for name, team in spec.teams.items():
                seats = made.setdefault(name, {})
                for part in team.people_as(name):
                    seats[part.name] = max(seats.get(part.name, 0), most_seats(part.team))
                    usual.setdefault((name, part.name), part.team)
        every = [team for spec in specs for team in people_of(spec.teams).values()]
        return cls(made, usual, any(team.skill.at for team in every), any(team.speed.at for team in every))

    def of(self, team: str) -> int:
        """The seats of a team."""
        return sum(self.parts[team].values())

    def within(self, spec: ScenarioSpec) -> list[tuple[str, Part, int]]:
        """All parts of a period in the order of the table: team, part, seats; one that it lacks has nobody."""
        people = people_of(spec.teams)
        rows = []
        for name, parts in self.parts.items():
            here = {part.name: part for part in spec.teams[name].people_as(name)}
            for part, seats in parts.items():
                like = people.get(part, self.usual[name, part])
                rows.append((name, here.get(part) or Part(part, like.deserted()), seats))
        return rows


def headcount_steps(headcount: Steps[float], start: dt.date) -> list[tuple[int, float]]:
    """From when (microseconds) how many people are at the desk; the first step holds from the start."""
    steps = [(0 if date is None else (date - start).days * DAY, count) for date, count in headcount.steps]
    begun = [count for time, count in steps if time <= 0] or [0]
    return [(0, begun[-1]), *((time, count) for time, count in steps if time > 0)]


def most_seats(team: Team) -> int:
    """The most posts a team ever has, one that is not whole among them."""
    return team.most_posts


def _last_post(count: float) -> int:
    """The quarters of a post that the last of so many people has."""
    return WHOLE - round((posts(count) - count) * WHOLE)


def seat_weights(team: Team, seats: int) -> list[int]:
    """The turns of each seat in a round robin; a seat without a weight has one."""
    return [*team.routing.weights, *[1] * seats][:seats]


def part_table(spec: ScenarioSpec, layout: Layout) -> PartTable:
    """The parts of all teams."""
    rows = layout.within(spec)
    names = list(spec.teams)
    people = [part.team for _, part, _ in rows]
    steps = [headcount_steps(team.headcount, spec.start) for team in people]
    return PartTable(
        team=ints([names.index(name) for name, _, _ in rows]),
        entity=ints([name_hash32(part.team.key or part.name) for _, part, _ in rows]),
        seat_offset=ints(np.cumsum([0, *(seats for _, _, seats in rows)])),
        step_offset=ints(np.cumsum([0, *map(len, steps)])),
        step_time=ints([time for row in steps for time, _ in row]),
        step_count=ints([posts(count) for row in steps for _, count in row]),
        step_last=ints([_last_post(count) for row in steps for _, count in row]),
        ramp_start=_floats([team.ramp.start for team in people]),
        ramp_time=ints([team.ramp.time.microseconds for team in people]),
        ramp_offset=ints(np.cumsum([0, *(len(team.ramp.months) for team in people)])),
        ramp_level=_floats([level for team in people for level in team.ramp.months]),
        tenure=ints([-1 if team.tenure is None else team.tenure.microseconds for team in people]),
        attrition=_floats([team.attrition / MICROSECONDS["y"] for team in people]),
        absence_days=_floats([team.absence.days for team in people]),
        skill_at=_by_stage(spec, [team.skill.at for team in people] if layout.skill_at else [], 0.0),
        speed_at=_by_stage(spec, [team.speed.at for team in people] if layout.speed_at else [], 1.0),
    )


def seat_table(spec: ScenarioSpec, layout: Layout, territories: Sequence[str]) -> SeatTable:
    """All seats that teams ever have; ``territories`` are those of all periods.

    Those of teams that share a pool of people are numbered through, in file order, as many as a team has in
    this period. So a team split in two keeps its people, and so does one that is made of others.
    """
    parts = layout.within(spec)
    first = _first_numbers(spec, parts)
    turns = {name: seat_weights(team, layout.of(name)) for name, team in spec.teams.items()}
    tied = _tied(spec, parts)
    rows = []
    begun: dict[str, int] = {}
    for number, (name, part, seats) in enumerate(parts):
        before, team = begun.get(name, 0), part.team
        pool, at = first[number]
        variation = team.speed.sd / team.speed.mean
        spread = log(1.0 + variation * variation)
        for seat in range(seats):
            known_skill = seat < len(team.skill.seats)
            known_speed = seat < len(team.speed.seats)
            rows.append((
                name_hash32(pool),
                at + seat,
                number,
                -1 if (territory := tied[number][seat]) is None else territories.index(territory),
                turns[name][before + seat],
                team.skill.seats[seat] if known_skill else team.skill.mean,
                0.0 if known_skill else team.skill.sd,
                -np.inf if team.skill.floor is None else team.skill.floor,
                team.speed.seats[seat] if known_speed else team.speed.mean * exp(-spread / 2.0),
                0.0 if known_speed else float(np.sqrt(spread)),
            ))  # fmt: skip
        begun[name] = before + seats
    columns = list(zip(*rows, strict=True)) or [()] * 10
    return SeatTable(*(ints(column) for column in columns[:5]), *map(_floats, columns[5:]))


def _tied(spec: ScenarioSpec, parts: Sequence[tuple[str, Part, int]]) -> list[list[str | None]]:
    """By part the territory of each seat, whose rep takes no other leads; None for those that take all.

    A team that is made of others ties its people anew where it says so, and else leaves them as they were.
    """
    made: list[list[str | None]] = []
    for name, group in groupby(parts, key=lambda row: row[0]):
        those, team = [(part.team, seats) for _, part, seats in group], spec.teams[name]
        if team.serves:
            made += _ties_of(spec, team, those)
        else:
            made += [_ties_of(spec, part, [(part, seats)])[0] for part, seats in those]
    return made


def _ties_of(spec: ScenarioSpec, team: Team, parts: Sequence[tuple[Team, int]]) -> list[list[str | None]]:
    """What `serves` of a team says of the seats of its parts."""
    lengths = [seats for _, seats in parts]
    if team.serves == EVEN:
        steps = [headcount_steps(part.headcount, spec.start) for part, _ in parts]
        dates = sorted({time for each in steps for time, _ in each})
        heads = [[posts([count for time, count in each if time <= date][-1]) for each in steps] for date in dates]
        return ties(heads, lengths, spec.territories)
    flat: list[str | None] = [name for name, count in team.serves for _ in range(count)]
    flat += [None] * (sum(lengths) - len(flat))
    begins = [0, *accumulate(lengths)]
    return [flat[begin:end] for begin, end in pairwise(begins)]


def _first_numbers(spec: ScenarioSpec, parts: Sequence[tuple[str, Part, int]]) -> list[tuple[str, int]]:
    """The pool of people of each part, and the number there of its first seat."""
    in_file = next((team.among for team in spec.teams.values() if isinstance(team, Whole)), tuple(spec.teams))
    order = {name: at for at, name in enumerate(in_file)}
    used: dict[str, int] = {}
    found: dict[int, tuple[str, int]] = {}
    for number in sorted(range(len(parts)), key=lambda at: order.get(parts[at][1].name, len(order))):
        _, part, _ = parts[number]
        pool = part.team.people or part.team.key or part.name
        found[number] = (pool, used.get(pool, 0))
        used[pool] = used.get(pool, 0) + most_seats(part.team)
    return [found[number] for number in range(len(parts))]


def _by_stage(spec: ScenarioSpec, given: Sequence[tuple[tuple[str, float], ...]], neutral: float) -> np.ndarray:
    """Numbers by stage of each part, laid flat."""
    return _floats([dict(each).get(stage, neutral) for each in given for stage in spec.stages])


def _floats(values: Sequence[float]) -> np.ndarray:
    return np.array(values, dtype=np.float64)
