"""Which levers fit a line, and which of all its controls are open at first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from funnelsim.errors import ScenarioError
from funnelsim.model.balance.loads import expected
from funnelsim.model.compile import compile_model
from funnelsim.scenario.changing import levers
from funnelsim.scenario.language.lever import LEVER_GROUPS, PEOPLE

from .controls import Control, Way, numbers_of

if TYPE_CHECKING:
    from funnelsim.scenario.language.lever import Lever
    from funnelsim.scenario.scenario import Scenario

MOST_OPEN = 12
"""Controls that are open at first."""

OF_EACH = {"headcount": 5, "rate": 3}
"""Of these at most so many."""

NUMBERS = 3
"""Further numbers that are open."""

A_TENTH_LESS = 0.9

TURN = ("tools", "people", "handoff", "rules", "design", *(each for each in LEVER_GROUPS))
"""Groups of levers, those first whose levers open first."""


@dataclass(frozen=True)
class Offered:
    """The controls of a line.

    Parameters
    ----------
    all : tuple of Control
        All that may be moved, in the order of the file, and then levers.
    open : tuple of str
        Names of those that are open at first.
    """

    all: tuple[Control, ...]
    open: tuple[str, ...]

    @cached_property
    def by_name(self) -> dict[str, Control]:
        """The controls by their names."""
        return {each.name: each for each in self.all}


def offered(line: Scenario) -> Offered:
    """The controls of a line, and which of them are open at first.

    These are the people of each team, the rates of sources, three numbers, and levers that fit. Of the numbers two
    are of the team with the highest load by flow balance, the effort and the conversion that decide most of its
    hours; the third is the churn of customers.
    """
    numbers = tuple(numbers_of(line))
    fitting = tuple(_levers(line))
    chosen = [*_people_and_leads(numbers), *_decisive(line, numbers)]
    room = MOST_OPEN - len(chosen)
    chosen += [each.name for each in _in_turn([one for one, whole in fitting if whole])][:room]
    return Offered((*numbers, *(one for one, _ in fitting)), tuple(chosen))


def _people_and_leads(numbers: Sequence[Control]) -> Iterator[str]:
    for what, most in OF_EACH.items():
        yield from [each.name for each in numbers if each.what == what][:most]


def _decisive(line: Scenario, numbers: Sequence[Control]) -> list[str]:
    names = [each.name for each in numbers]
    loads = expected(compile_model(line))
    chosen: list[str] = []
    if loads is not None and loads.teams:
        busiest = max(loads.teams, key=lambda name: loads.teams[name].load or 0.0)
        own = line.document["stages"]
        stages = [stage for stage in own if _works_at(busiest, own[stage].get("team"))]
        for what in ("effort", "convert"):
            moved = {f"stages.{each}.{what}": 0.0 for each in stages if f"stages.{each}.{what}" in names}
            for path in moved:
                less = expected(compile_model(line.change({path: {"multiply": A_TENTH_LESS}})))
                moved[path] = (
                    0.0 if less is None else abs(less.teams[busiest].needed - loads.teams[busiest].needed)
                )
            chosen += [max(moved, key=lambda path: moved[path])] if moved else []
    return [*chosen, *(each for each in names if each == "customers.churn")][:NUMBERS]


def _works_at(team: str, value: Any) -> bool:
    """Whether a team is among those of a stage, which may be one, a list, or others for each kind."""
    if isinstance(value, Mapping):
        return any(_works_at(team, each) for each in value.values())
    return team in value if isinstance(value, list) else team == value


def _levers(line: Scenario) -> Iterator[tuple[Control, bool]]:
    """Each lever that fits a line, and whether it shows all its sides there; those that stand for most first."""
    for found in sorted(_readable(line), key=lambda each: -len(each.lever.mechanisms)):
        name = found.lever.lever
        try:
            made = line.with_levers(name)
        except ScenarioError:
            continue
        known, lever = found.lever.dose, found.lever
        people = known.is_ == PEOPLE
        step = known.step or (1.0 if people else 0.1 if _in_part(line, name, known.most) else known.most)
        titles = dict(lever.title)
        control = Control(
            *(name, "lever", lever.group, name, titles, Way.DOSE, 0.0, "people" if people else ""),
            *(0.0, known.most, step),
        )
        yield control, len(made.cautions) == len(line.cautions) and not _only_people(lever)


def _readable(line: Scenario) -> Iterator[levers.Dosed]:
    """The levers that a line may have, but for files of one's own that cannot be read."""
    for name in levers.known(line.folder):
        with suppress(ScenarioError):
            yield levers.find(name, line.folder)


def _in_part(line: Scenario, name: str, most: float) -> bool:
    """Whether a lever may be laid on in part."""
    try:
        line.with_levers(f"{name}@{most / 2:g}")
    except ScenarioError:
        return False
    return True


def _only_people(lever: Lever) -> bool:
    """Whether it adds people to a team and does nothing else, as the control of that team does."""
    return not lever.if_present and [path.rpartition(".")[2] for path in lever.change] == ["headcount"]


def _in_turn(fitting: Sequence[Control]) -> Iterator[Control]:
    """The first lever of each group, then the second of each: the first groups may have many."""
    places = {
        each.name: [one.name for one in fitting if one.group == each.group].index(each.name) for each in fitting
    }
    yield from sorted(fitting, key=lambda each: (places[each.name], TURN.index(each.group)))
