"""What is allowed in a scenario but looks like a slip."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from funnelsim.errors import Warned

from ..forms.names import EVEN
from ..forms.quantities import ByKind, Selector, Weights, Yearly
from ..forms.slips import neighbour
from ..language.evenly import divided
from ..language.people import DUE_AFTER_DAYS, OF_TEAM, Whole, people_of
from ..language.types import ScenarioSpec, Stage, Team
from .idle import given
from .opening import won_already
from .outside import outside
from .overlooked import overlooked
from .routes import has_work, unreached
from .shares import TOLERANCE, adds_up, share_slips, two_scales
from .uncalled import uncalled
from .unpaid import unpaid

BY_VALUE = ("value", "expected_value", "value_per_hour")
ENDS = ("end", "lost")
"""Where a way may lead that is no stage."""
HALF_A_YEAR = 183
"""Days above which nobody is away over the turn of a year."""


def slips(spec: ScenarioSpec, periods: Sequence[ScenarioSpec]) -> Iterator[Warned]:
    """Warnings, one sentence each, of a scenario and of its organisation in each period."""
    every = list({id(one): one for one in (spec, *periods)}.values())
    for one in every:
        yield from _misread(one)
    yield from _in_all(every, _in_vain)
    yield from won_already(spec)
    yield from outside(spec)
    yield from unpaid(every)
    for path, why in uncalled(periods):
        yield Warned(f"{'.'.join(map(str, path))}: does nothing as it is: {why}", "W-key-idle")


def _misread(spec: ScenarioSpec) -> Iterator[Warned]:
    """What may be read otherwise than it was meant."""
    for name, stage in spec.stages.items():
        yield from _stage_slips(spec, name, stage)
    yield from share_slips(spec)
    yield from two_scales(spec)
    yield from _made_of_others(spec)


def _in_vain(spec: ScenarioSpec) -> Iterator[Warned]:
    """What lacks something else in order to act."""
    for name, team in spec.teams.items():
        yield from _team_slips(spec, name, team)
    yield from _unused(spec)
    yield from _turned_round(spec)
    for name, source in spec.sources.items():
        for burst in source.bursts:
            if burst.leads == 0:
                yield Warned(
                    f"sources.{name}.bursts: does nothing as it is: one of them has no leads", "W-burst-empty"
                )
    yield from unreached(spec)
    yield from overlooked(spec)


def _in_all(specs: Sequence[ScenarioSpec], warn: Callable[[ScenarioSpec], Iterable[Warned]]) -> Iterator[Warned]:
    """What is said of each organisation in which the entry that it is about stands."""
    said = [(spec, tuple(warn(spec))) for spec in specs]
    for text in dict.fromkeys(text for _, texts in said for text in texts):
        group, name, *_ = (*text.split(":")[0].split("."), "")
        if all(text in texts or name not in (getattr(spec, group, None) or {name}) for spec, texts in said):
            yield text


def _meant(to: str, spec: ScenarioSpec) -> str | None:
    """The stage or the end that a reason of loss looks like, if it looks like one."""
    if to in spec.stages or to in ENDS:
        return None
    if to.removeprefix("stages.") in spec.stages:
        return to.removeprefix("stages.")
    return to.casefold() if to.casefold() in ENDS else neighbour(to, spec.stages)


def _stage_slips(spec: ScenarioSpec, name: str, stage: Stage) -> Iterator[Warned]:
    for key, value in (("next", stage.next), ("otherwise", stage.otherwise)):
        for weights in value.values:
            for to, _ in weights or ():
                meant = _meant(to, spec)
                if meant is not None:
                    yield Warned(
                        f"stages.{name}.{key}: {to!r} is taken for a reason of loss; did you mean {meant!r}?",
                        "W-reason-stage",
                    )
    for weights in stage.otherwise.values:
        total = sum(weight for _, weight in weights)
        left = {round(1 - share, 6) for share in stage.convert.values}
        if len(weights) > 1 and not adds_up(weights) and not any(abs(total - one) <= TOLERANCE for one in left):
            yield Warned(
                f"stages.{name}.otherwise: the shares add up to {total:g}, and are taken as weights",
                "W-shares-sum",
            )
    yield from _pressure_slips(spec, name, stage)
    for weights in stage.next.values:
        if weights and not adds_up(weights):
            total = sum(weight for _, weight in weights)
            yield Warned(
                f"stages.{name}.next: the shares add up to {total:g}, and are taken as weights", "W-shares-sum"
            )


def _hardly_even(spec: ScenarioSpec, name: str, team: Team) -> Iterator[Warned]:
    """People who are too few to be divided among the territories, at some time."""
    places = sum(1 for _, weight in spec.territories if weight > 0)
    fewest = min(number for _, number in team.posts.steps)
    if team.serves == EVEN and fewest < places:
        people = "1 person" if fewest == 1 else f"{fewest} people"
        yield Warned(
            f"teams.{name}.serves: {people} for {places} territories cannot be divided, and serve all of them",
            "W-serves-few",
        )


def _made_of_others(spec: ScenarioSpec) -> Iterator[Warned]:
    """What teams have on average of the teams they are made of, or of the largest of them; and their cells."""
    for name, team in spec.teams.items():
        if isinstance(team, Whole) and team.unlike == "averaged":
            yield from _averaged(name, team)
        if team.serves == EVEN:
            yield from _split(spec, name, team)


def _averaged(name: str, team: Whole) -> Iterator[Warned]:
    """From what to what each property goes in which the parts differ."""
    said = []
    for key in sorted(OF_TEAM - team.model_fields_set):
        value = getattr(team, key)
        parts = {part.name: getattr(part.team, key) for part in team.parts}
        other = [part for part, its in parts.items() if its != value]
        if not other:
            continue
        if isinstance(value, float):
            said.append(f"{key} {value:.3g} ({', '.join(f'{its:.3g} of {part}' for part, its in parts.items())})")
        elif isinstance(value, str):
            before = ", ".join(f"{parts[part]} of {part}" for part in other)
            said.append(f"{key} {value}, that of the most people, in place of {before}")
        else:
            most = next(part for part, its in parts.items() if its == value)
            said.append(f"{key} of {most}, who are the most people, in place of that of {', '.join(other)}")
    if said:
        yield Warned(
            f"teams.{name}: the teams it is made of differ, so it has, averaged over people and time: "
            f"{'; '.join(said)}",
            "W-team-averaged",
        )


def _split(spec: ScenarioSpec, name: str, team: Team) -> Iterator[Warned]:
    """How people are divided among territories, where that cannot be done by their weights."""
    people, whole = team.posts.first, sum(weight for _, weight in spec.territories)
    places = [each for each in spec.territories if each[1] > 0]
    if people < len(places) or all((people * weight / whole).is_integer() for _, weight in places):
        return
    made = divided(people, places, 1)
    weights = " : ".join(f"{weight:g}" for _, weight in places)
    told = ", ".join(f"{number} for {place}" for place, number in made.items())
    yield Warned(
        f"teams.{name}.serves: {people} people cannot be divided as {weights}, so there are {told}",
        "W-serves-divided",
    )


def _team_slips(spec: ScenarioSpec, name: str, team: Team) -> Iterator[Warned]:
    at = f"teams.{name}.queue"
    if any(rule in BY_VALUE for rule, _ in team.queue.rule) and not _has_value(spec):
        yield Warned(
            f"{at}: the rule goes by value, but no segment has one, so all leads are equal", "W-queue-equal"
        )
    if not adds_up(team.queue.rule):
        total = sum(weight for _, weight in team.queue.rule)
        yield Warned(
            f"{at}: the shares of the rules add up to {total:g}, and are taken as weights", "W-shares-sum"
        )
    if any(rule == "score" for rule, _ in team.queue.rule) and spec.score_accuracy == 0:
        yield Warned(
            f"{at}: the rule goes by score, but score_accuracy is 0, so scores say nothing", "W-queue-equal"
        )
    serves = {one for names in spec.customers.team.values for one in names}
    if any(rule == "at_risk" for rule, _ in team.queue.rule) and name not in serves:
        yield Warned(f"{at}: the rule goes by the health of customers, and this team serves none", "W-queue-equal")
    tied = team.serves or any(part.team.serves for part in team.people_as(name))
    if team.routing.rule == "territory" and not tied:
        yield Warned(
            f"teams.{name}: the routing goes by territory, but `serves` names none", "W-routing-territory"
        )
    if "from_" in team.model_fields_set and not team.from_:
        yield Warned(f"teams.{name}.from: it names no team, so the people of this team are its own", "W-team-own")
    yield from _hardly_even(spec, name, team)
    weights, seats = len(team.routing.weights), team.most_posts
    if weights > seats:
        yield Warned(
            f"teams.{name}.routing: {weights} weights for {seats} {'seat' if seats == 1 else 'seats'}",
            "W-routing-weights",
        )
    yield from _without_deadline(spec, name, team)
    yield from _never_there(spec, name, team)
    for part in team.people_as(name):
        if part.team.cost.commission.above_quota is not None and team.quota is None:
            yield Warned(f"teams.{part.name}.cost.commission: above_quota needs a quota", "W-quota-missing")
    if team.queue.ignore and all(
        one.value_below is not None and one.value_below <= 0 for one in team.queue.ignore
    ):
        yield Warned(f"{at}.ignore: no value is below 0, so nobody is ignored", "W-queue-ignore")
    elif team.queue.ignore:
        waiting = [
            key
            for key, stage in spec.stages.items()
            if not _expires(stage) and _ignored_by_all(spec, stage, key, name)
        ]
        if waiting:
            yield Warned(
                f"{at}: ignored leads lie for ever in {', '.join(waiting)}, which has no patience and no timeout",
                "W-queue-ignore",
            )
    if not has_work(spec, name):
        yield Warned(f"teams.{name}: the team has no work", "W-team-idle")


def _never_there(spec: ScenarioSpec, name: str, team: Team) -> Iterator[Warned]:
    """Skill and speed at stages on which the team does not work."""
    for part in team.people_as(name):
        for key, given_at in (("skill", part.team.skill.at), ("speed", part.team.speed.at)):
            for stage in (each for each, _ in given_at if name not in _teams(spec.stages[each])):
                yield Warned(
                    f"teams.{part.name}.{key}.at.{stage}: does nothing as it is: {name} does not work there",
                    "W-key-idle",
                )


def _without_deadline(spec: ScenarioSpec, name: str, team: Team) -> Iterator[Warned]:
    """Work whose deadline the rule `due` has to assume, where it competes with other work."""
    if not any(rule == "due" for rule, _ in team.queue.rule):
        return
    work = {key: _has_deadline(stage) for key, stage in spec.stages.items() if name in _teams(stage)}
    if any(name in teams for teams in spec.customers.team.values):
        work |= {key: True for key in ("care", "renewal") if any(getattr(spec.customers, key).values)}
        complaints = [one.sla is not None for one in spec.customers.complaint.values if one.rate.amount > 0]
        work |= {"complaint": all(complaints)} if complaints else {}
    apart = {key for one in (*team.queue.first, *team.queue.last, *team.queue.ignore) for key in one.stage}
    missing = [key for key, has in work.items() if not has and key not in apart]
    if missing and len(work) > 1:
        yield Warned(
            f"teams.{name}.queue: without an `sla` the work of {', '.join(missing)} counts as due "
            f"{DUE_AFTER_DAYS} days after it begins to wait; give an `sla` to say by when it is to be done",
            "W-queue-due",
        )


def _has_deadline(stage: Stage) -> bool:
    return all(one is not None for one in stage.sla.values) or all(one is not None for one in stage.timeout.values)


def _pressure_slips(spec: ScenarioSpec, name: str, stage: Stage) -> Iterator[Warned]:
    """What acts only where a quota is."""
    without = sorted(team for team in _teams(stage) if spec.teams[team].quota is None)
    for concessions in stage.concessions.values if without else ():
        conceded = [one for one in (concessions.discount, concessions.promise) if one is not None]
        for key in ("under_pressure", "pulls_forward"):
            if any(given(one, key) for one in conceded):
                yield Warned(
                    f"stages.{name}.concessions: {key} needs a quota, which {', '.join(without)} has not",
                    "W-quota-missing",
                )


def _unused(spec: ScenarioSpec) -> Iterator[Warned]:
    named = {to for stage in spec.stages.values() for to in _named_by(stage)}
    entries: list[ByKind[Any]] = [source.to for source in spec.sources.values()]
    named |= {to for value in entries for to in value.values if to is not None}
    for births in (spec.customers.expansion, spec.customers.referral):
        named |= {one.to for one in births.values if one.to is not None}
    named |= {stage for stage, _ in spec.opening.leads} | {deal.stage for deal in spec.opening.deals}
    for name, stage in spec.stages.items():
        if stage.aside and name not in named:
            yield Warned(f"stages.{name}: nothing leads to this stage beside the line", "W-stage-unreached")


def _turned_round(spec: ScenarioSpec) -> Iterator[Warned]:
    """Days that come every year and go over its turn for most of it, as where the ends change places."""
    every = [(f"calendars.{name}.closed", calendar.closed) for name, calendar in spec.calendars.items()]
    every += [(f"teams.{name}.absence.dates", team.absence.dates) for name, team in people_of(spec.teams).items()]
    for path, days in every:
        for one in days:
            found = one.of(spec.start.year) if isinstance(one, Yearly) else None
            length = (found[1] - found[0]).days + 1 if found is not None else 0
            if isinstance(one, Yearly) and one.last < one.first and length > HALF_A_YEAR:
                first, last = (f"{month:02}-{day:02}" for month, day in (one.first, one.last))
                yield Warned(
                    f"{path}: {first}..{last} goes over the turn of the year and is {length} days long; the days "
                    f"between are {last}..{first}",
                    "W-days-turn",
                )


# --- helpers -----------------------------------------------------------------------------------------------


def _teams(stage: Stage) -> set[str]:
    return {name for names in stage.team.values for name in names}


def _ignored_by_all(spec: ScenarioSpec, stage: Stage, key: str, team: str) -> bool:
    """Whether some kind of lead in a stage has no other team than ones that may ignore it."""
    return any(
        team in names and all(_touches(spec.teams[each].queue.ignore, key) for each in names)
        for names in stage.team.values
    )


def _touches(selector: Selector, stage: str) -> bool:
    """Whether a selector can hold for leads in a stage."""
    return any(
        (not condition.stage or stage in condition.stage)
        and (condition.value_below is None or condition.value_below > 0)  # no value lies below 0
        for condition in selector
    )


def _expires(stage: Stage) -> bool:
    return any(value is not None for key in (stage.patience, stage.timeout) for value in key.values)


def _named_by(stage: Stage) -> Iterator[str]:
    every: list[Weights | None] = [*stage.next.values, *stage.otherwise.values]
    every += [stage.on.rejected, stage.on.expired, stage.on.blocked, stage.on.dropped]
    for weights in every:
        for name, _ in weights or ():
            yield name


def _has_value(spec: ScenarioSpec) -> bool:
    dists = [segment.value for segment in spec.segments.values()]
    return any(dist.name != "constant" or dist.parameters["value"] + dist.shift > 0 for dist in dists)
