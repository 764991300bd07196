"""Where the results of a sweep come from, and what makes two points the same."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Iterator
from importlib import metadata
from typing import Any

import funnelsim.version
from funnelsim.scenario.changing import levers
from funnelsim.scenario.reading.document import plain
from funnelsim.scenario.study.study import Study

from ..store.store import Provenance
from ..study import designs

DEPENDENCIES = ("numpy", "scipy", "simpy", "numba", "pydantic", "ruamel.yaml", "holidays")
"""Packages that a result may depend on."""


def dependencies() -> dict[str, str]:
    """The versions of Python and of the packages that a result may depend on."""
    found = {"python": platform.python_version(), "platform": platform.platform()}
    for name in DEPENDENCIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def provenance(study: Study, engine: str, seed: int, replications: int) -> Provenance:
    """The provenance of a sweep over a study."""
    scenario = json.dumps(study.ground.document, ensure_ascii=False)
    return Provenance(
        study.name,
        study.text,
        scenario,
        funnelsim.version.VERSION,
        engine,
        seed,
        replications,
        study.spec.kpis,
        dependencies(),
    )


def recipes(study: Study, seed: int) -> Iterator[tuple[bytes, designs.Point]]:
    """All points of a study, each with its recipe."""
    recipe = recipe_of(study)
    for point in designs.points(study, seed):
        yield recipe(point), point


def recipe_of(study: Study) -> Callable[[designs.Point], bytes]:
    """What gives the recipe of a point of a study: a digest of what it is made of.

    With it, a sweep that goes on finds a point in the store without making its scenario, which would take most of
    the time of looking. It covers the scenario of the arm, the levers and the values, whatever files they are in.
    """
    arms = {name: arm.fingerprint for name, arm in study.arms.items()}
    contents = {factor.name: _content(study, factor.name) for factor in study.factors if factor.lever}

    def recipe(point: designs.Point) -> bytes:
        steps = [(name, contents.get(name), point.at[name]) for name in _order(study, point.at)]
        whole = [funnelsim.version.VERSION, study.name, point.arm, arms[point.arm], steps]
        text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).digest()

    return recipe


HOW_APPLIED = ("needs", "adds", "whole", "dose", "if_present", "if_absent")
"""Keys of a lever that decide what becomes of its change."""


def _order(study: Study, at: dict[str, Any]) -> Iterator[str]:
    return (factor.name for factor in study.factors if factor.name in at)


def _content(study: Study, lever: str) -> Any:
    found = levers.find(lever, study.base.folder)
    document = found.document
    more = {key: plain(document[key]) for key in HOW_APPLIED if key in document}
    return [plain(document["change"]), plain(document.get("costs") or {}), *([more] if more else [])]
