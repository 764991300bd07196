"""People who do less than it may seem: new ones at first, and those who are now one team with whom they join."""

from __future__ import annotations

from collections.abc import Iterator

from funnelsim.errors import Warned

from ..language.people import Whole, people_of
from ..language.types import ScenarioSpec


def ramps(spec: ScenarioSpec) -> Iterator[Warned]:
    """New people who take leads while they get nothing done."""
    for name, team in people_of(spec.teams).items():
        idle = next((at for at, share in enumerate(team.ramp.months) if share > 0.0), 0)
        if idle:
            when = "in the first month" if idle == 1 else f"in the first {idle} months"
            yield Warned(
                f"teams.{name}.ramp: 0 {when}: a new rep takes leads all the same, and gets nothing done with "
                "them; write the little that a newcomer does, such as 0.1",
                "W-ramp-zero",
            )


def alone(spec: ScenarioSpec) -> Iterator[Warned]:
    """Stages that a part of a team was to join, which is now one team with that of the stage."""
    for name, team in spec.teams.items():
        for stage in team.alone if isinstance(team, Whole) else ():
            yield Warned(
                f"stages.{stage}.with: those who join and those who are joined are one team now, {name}, so each "
                "works alone there",
                "W-joint-alone",
            )
