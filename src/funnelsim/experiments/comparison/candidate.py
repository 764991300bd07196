"""A change to a scenario with its name, to be compared with the scenario as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from funnelsim.errors import ScenarioError

if TYPE_CHECKING:
    from funnelsim.scenario.language.types import ScenarioSpec
    from funnelsim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Candidate:
    """A change with its name.

    Parameters
    ----------
    name : str
        What it is called in tables.
    scenario : Scenario
        The scenario with the change.
    change : dict
        The fragment, so that a user may lay it over the file.
    """

    name: str
    scenario: Scenario
    change: dict[str, Any]


def candidates_of(scenario: Scenario, asked: list[tuple[str, dict[str, Any]]]) -> list[Candidate]:
    """The candidates that the scenario allows: what contradicts the rest of it does not apply."""
    found = []
    for name, change in asked:
        try:
            changed = scenario.change(change)
        except ScenarioError:
            continue
        if changed.fingerprint != scenario.fingerprint:
            found.append(Candidate(name, changed, change))
    return found


def more_leads(spec: ScenarioSpec, factor: float) -> dict[str, Any]:
    """The change that makes all inbound sources give so many times as much."""
    change: dict[str, Any] = {}
    for name, source in spec.sources.items():
        if source.rate is not None:
            change[f"sources.{name}.rate"] = {"multiply": factor}
        elif source.every is not None:
            change[f"sources.{name}.every"] = {"multiply": 1 / factor}
    return change


def plain_change(change: Mapping[str, Any]) -> dict[str, Any]:
    """A change in types that JSON knows."""
    if isinstance(change, Mapping):
        return {str(key): plain_change(value) for key, value in change.items()}
    return change
