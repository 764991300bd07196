"""Keys at a value of their own that nothing in the file calls for, so that they change nothing as it is.

Like what `idle` tells of neutral values, this is allowed: somebody may be preparing for a lever or a sweep. With
phases nobody knows, and nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from .idle import CONCESSION_EFFECTS, Idle, given
from .line import Concession, Stage
from .loops import onward
from .outside import everyone_has_a_number
from .people import Team
from .routes import booking, reach
from .types import ScenarioSpec


def uncalled(spec: ScenarioSpec) -> Iterator[Idle]:
    """Every such key, and why it does nothing."""
    if spec.phases:
        return
    ways = {name: list(onward(spec, name)) for name in spec.stages}
    for name, stage in spec.stages.items():
        for path, why in (*_concessions(stage), *_handoff(spec, name, ways), *_lift(spec, name, ways)):
            yield ("stages", name, *path), why
    for name, team in spec.teams.items():
        for path, why in (*_selling(spec, name, team), *_people(team)):
            yield ("teams", name, *path), why


# --- stages ------------------------------------------------------------------------------------------------


def _concessions(stage: Stage) -> Iterator[Idle]:
    """Concessions that are given and change nothing, as when a discount is written as a mere share."""
    for one in stage.concessions.values:
        for key in ("discount", "promise"):
            concession = getattr(one, key)
            if concession is not None and _neutral(concession):
                yield ("concessions", key), _both_readings(key, concession)


def _neutral(concession: Concession) -> bool:
    return _given_in(concession) > 0 and not any(given(concession, key) for key in CONCESSION_EFFECTS)


def _given_in(concession: Concession) -> float:
    return concession.share or concession.under_pressure or 0.0


def _both_readings(key: str, concession: Concession) -> str:
    share = f"{_given_in(concession) * 100:g} %"
    where = "of the deals" if concession.share else "of the deals under pressure"
    if key == "promise":
        return (
            f"it is given in {share} {where}, but without an effect; write what it changes as well, such as "
            f"{{share: {share}, odds: 1.2}}"
        )
    return (
        f"{share} is the share {where} in which it is given, and nothing is taken off; write "
        f"{{share: {share}, discount: 5 %}} for 5 % off in {share} of them, or {{share: 100 %, discount: "
        f"{share}}} for {share} off in all"
    )


def _handoff(spec: ScenarioSpec, name: str, ways: dict[str, list[str]]) -> Iterator[Idle]:
    """Handoffs of a stage to which no lead comes from another team, by whatever way."""
    stage = spec.stages[name]
    own = _teams(stage)
    before = [other for other in spec.stages if name in reach(ways, ways[other])]
    others = {team for other in before for team in _teams(spec.stages[other])}
    others |= {joint.team for other in before for joint in spec.stages[other].with_.values if joint is not None}
    others |= {source.team for source in spec.sources.values() if source.team is not None}
    others |= {team for teams in spec.customers.team.values for team in teams}
    if len(own) != 1 or others - own:
        return
    for key in ("delay", "dropout", "give", "take", "joint"):
        if any(given(one, key) for one in stage.handoff.values):
            yield ("handoff", key), f"no lead comes here from another team than {next(iter(own))!r}"


def _lift(spec: ScenarioSpec, name: str, ways: dict[str, list[str]]) -> Iterator[Idle]:
    if not given(spec.stages[name], "lift"):
        return
    later = [spec.stages[other] for other in reach(ways, ways[name])]
    if all(share in (0, 1) for stage in later for share in stage.convert.values):
        yield (
            ("lift",),
            "it acts on the odds of later stages, and in none of these is the outcome open (`convert`)",
        )


def _teams(stage: Stage) -> set[str]:
    return {team for teams in stage.team.values for team in teams}


# --- teams -------------------------------------------------------------------------------------------------


def _selling(spec: ScenarioSpec, name: str, team: Team) -> Iterator[Idle]:
    """Commission and quota of a team that wins no deals."""
    where = booking(spec)
    sellers = sorted({seller for stage in where for seller in _teams(spec.stages[stage])})
    if not where or name in sellers:
        return
    booked = f"deals are booked in {' and '.join(map(repr, where))}"
    if sellers:
        remedy = f"worked by {' and '.join(map(repr, sellers))}, and count for the team that works the stage"
    else:
        remedy = f"which has no team, so they count for none; give it one (stages.{where[0]}.team)"
    if team.cost.commission.rate or team.cost.commission.above_quota:
        yield ("cost", "commission"), f"{booked}, {remedy}"
    if team.quota is not None and not _pressed(spec, name):
        yield ("quota",), f"{booked}, {remedy}"


def _pressed(spec: ScenarioSpec, name: str) -> bool:
    """Whether a quota weighs on a team's concessions, which it does without a deal as well."""
    return any(
        one is not None and one.under_pressure is not None
        for stage in spec.stages.values()
        if name in _teams(stage)
        for concessions in stage.concessions.values
        for one in (concessions.discount, concessions.promise)
    )


def _people(team: Team) -> Iterator[Idle]:
    counts = [count for _, count in team.headcount.steps]
    joins = team.attrition > 0 or any(later > earlier for earlier, later in pairwise(counts))
    if given(team, "ramp") and not joins and team.tenure is None:
        why = "it is for new people, and nobody joins: `attrition` is 0, `headcount` never grows, and without "
        yield ("ramp",), f"{why}`tenure` those of the start are past it"
    for key in ("skill", "speed"):
        people = getattr(team, key)
        for part in ("mean", "sd"):
            if given(people, part) and everyone_has_a_number(team, key):
                yield (key, part), f"every seat has a number of its own in `{key}.seats`"
