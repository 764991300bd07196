"""Whole random scenarios, as plain values of a file."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from ruamel.yaml import YAML

from funnelsim import Scenario
from funnelsim.errors import ScenarioError

from . import aftercare, line, people, phases, supply
from .luck import Luck, drawn
from .quantities import World

FOLDER = Path(__file__).parent
"""Where the levers are that scenarios name."""

STARTS = (dt.date(2026, 1, 5), dt.date(2026, 3, 28), dt.date(2025, 12, 19), dt.date(2026, 4, 30))


def document(luck: Luck, phased: bool = False) -> dict[str, Any]:
    """A scenario, ``phased`` in any case; nearly all are valid, the checks of the language refuse the rest."""
    world = World(luck)
    start = luck.pick(STARTS)
    world.teams = ["inside", "field", "success", "bench"][: luck.integer(1, 4)]
    world.line = ["contact", "demo", "propose", "close", "onboard"][: luck.integer(1, 5)]
    world.aside = ["nurture", "rescue"][: luck.pick((0, 0, 1, 2))]
    made: dict[str, Any] = {
        "funnelsim": 1,
        "start": start.isoformat(),
        "horizon": luck.pick(("2 w", "10 d", "3 w", "1 mo")),
    }
    luck.maybe(made, "warmup", lambda: luck.pick(("3 d", "1 w")))
    luck.maybe(made, "score_accuracy", lambda: luck.pick((0.5, 0, 0.8)))
    luck.maybe(made, "revenue", lambda: "one_off")
    made["calendars"] = supply.calendars(world, start)
    made["segments"] = supply.segments(world)
    made["territories"] = supply.territories(world)
    made["sources"] = supply.sources(world, start)
    made["teams"] = people.teams(world, start)
    made["stages"] = line.stages(world)
    luck.maybe(made, "limits", lambda: line.limits(world))
    with luck.denser(45):
        luck.maybe(made, "customers", lambda: aftercare.customers(world))
        luck.maybe(made, "opening", lambda: aftercare.opening(world))
    if len(world.line) > 1 and luck.chance(20):
        aftercare.onboarding(made, world.line)
    if phased or luck.some():
        made["phases"] = phases.phases(world, start)
    if luck.chance(8):
        made["levers"] = luck.subset(phases.LEVERS)
    # What was added to the language later comes last, so that a seed keeps the rest of its scenario.
    people.by_stage(world, made["teams"])
    if luck.chance(12):
        made["teams"]["crew"] = people.crew(world)
    elif luck.chance(10) and "phases" in made:
        luck.pick(made["phases"]).setdefault("change", {})["teams.crew"] = people.crew(world)
    if luck.chance(40):
        people.part_posts(world, made)
    return fitting({key: value for key, value in made.items() if value not in ({}, [])})


def fitting(made: dict[str, Any]) -> dict[str, Any]:
    """The same without what would do nothing where it stands, which the language refuses."""
    while True:
        try:
            Scenario.from_dict(made, FOLDER)
        except ScenarioError as refused:
            idle = [one.path for one in refused.problems if "does nothing here" in one.message]
            less = made
            for path in idle:
                less = _without(less, path)
            if less == made:
                return made
            made = less
        else:
            return made


def _without(made: Any, path: str) -> Any:
    """A value without what stands at a path, of which a key may be several parts; None if nothing is left."""
    parts = dict(enumerate(made)) if isinstance(made, list) else made
    if not isinstance(parts, dict):
        return made
    left = {}
    for key, value in parts.items():
        kept = _without(value, path[len(f"{key}.") :]) if path.startswith(f"{key}.") else value
        if path != str(key) and not (kept is None and value is not None):
            left[key] = kept
    return (list(left.values()) if isinstance(made, list) else left) or None


@st.composite
def documents(draw: Any) -> dict[str, Any]:
    """Strategy of scenarios, as plain values."""
    return document(drawn(draw))


def as_yaml(made: dict[str, Any]) -> str:
    """A scenario as the text of a file."""
    writer, text = YAML(), io.StringIO()
    writer.default_flow_style = None
    writer.width = 110
    writer.dump(made, text)
    return text.getvalue()
