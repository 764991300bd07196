"""What a picture of a line marks on stages: handoffs, touches of two teams, and the levers that are on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from funnelsim.scenario.forms.quantities import ByKind
from funnelsim.scenario.language.lever import OfLever

from ..words import say
from ..words.numbers import duration, percent

if TYPE_CHECKING:
    from funnelsim.model.model import Model
    from funnelsim.results.estimates import Estimate

T = TypeVar("T")

AT_ONCE = 1 / 60
"""Hours of delay below which a handoff takes no time worth a word."""


@dataclass(frozen=True)
class Marks:
    """What is marked on a stage."""

    handed: bool = False  # whether leads come from another team
    joint: tuple[int, ...] = ()  # rows of the teams that join its own
    notes: tuple[str, ...] = ()  # both of it in words
    levers: tuple[int, ...] = ()  # places among the levers that are on


NOTHING = Marks()


class Marking:
    """Finds what is to be marked.

    Parameters
    ----------
    model : Model
        Of the line.
    stages : mapping
        Its stage table.
    """

    def __init__(self, model: Model, stages: Mapping[str, Mapping[str, Estimate]]) -> None:
        self._model = model
        self._stages = stages
        self.levers = tuple(each for each in model.laid if isinstance(each, OfLever))

    def at(self, *paths: str) -> tuple[int, ...]:
        """The levers that changed something at any of these paths."""
        return tuple(number for number, lever in enumerate(self.levers) if not set(paths).isdisjoint(lever.places))

    def at_team(self, team: str) -> tuple[int, ...]:
        """The levers that changed a team, or one of those that it is made of."""
        parts = self._model.spec.teams[team].people_as(team)
        return self.at(f"teams.{team}", *(f"teams.{part.name}" for part in parts))

    def at_sources(self) -> tuple[int, ...]:
        """The levers that changed where leads come from."""
        return self.at(*(f"sources.{name}" for name in self._model.source_names))

    def of(self, stage: str, before: Sequence[int]) -> Marks:
        """What is marked on a stage, given the teams that leads come from in the line."""
        own = teams_of(self._model, stage)
        delay = self._stages[stage]["handoff"].mean or 0.0
        dropped = self._dropped(stage)
        handed = bool(own and before and not set(own) & set(before)) or delay > 0 or dropped > 0
        joint = dict(self._joint(stage))
        notes = list(self._handoff(stage, delay, dropped)) if handed else []
        notes += [say(f"picture.line.joint.{touches}", team=label) for label, touches in joint.items()]
        rows = tuple(self._model.team_labels.index(label) for label in joint)
        return Marks(handed, rows, tuple(notes), self.at(f"stages.{stage}"))

    def _dropped(self, stage: str) -> float:
        """The share of leads that are lost on the way to a stage."""
        entered, dropped = (self._stages[stage][name].mean or 0.0 for name in ("entered", "dropped"))
        return dropped / entered if entered else 0.0

    def _handoff(self, stage: str, delay: float, dropped: float) -> Iterator[str]:
        together = any(each.joint is not None for each in choices(self._model.spec.stages[stage].handoff))
        time = duration(delay) if delay >= AT_ONCE else say("picture.line.at_once")
        yield say(f"picture.line.handoff{'_together' if together else ''}", time=time)
        if dropped >= 0.0005:
            yield say("picture.line.dropped", share=percent(dropped))

    def _joint(self, stage: str) -> Iterator[tuple[str, str]]:
        """The teams that join touches of a stage, and which."""
        model = self._model
        for joint in choices(model.spec.stages[stage].with_):
            if joint is not None:
                yield model.team_labels[model.team_names.index(joint.team)], joint.touches


def teams_of(model: Model, stage: str) -> list[int]:
    """The teams that work in a stage, as rows, that of most leads first."""
    named = dict.fromkeys(team for choice in choices(model.spec.stages[stage].team) for team in choice)
    return [model.team_names.index(team) for team in named]


def choices(value: ByKind[T]) -> list[T]:
    """All values that leads of some kind get, that of most leads first."""
    return [value.other, *(case for _, case in value.cases)]
