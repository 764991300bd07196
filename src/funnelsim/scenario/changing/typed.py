"""The typed scenario of a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from funnelsim.errors import ScenarioError

from ..checking.checks import check_names, check_spec
from ..forms.base import Names, faults_of
from ..language.people import Whole
from ..language.types import ScenarioSpec
from ..reading.document import Block, folded, once, problem
from .paths import GROUPS
from .wholes import with_wholes

Before = tuple[Block, ScenarioSpec]
"""A document, and what was read of it."""


def read_spec(document: Block, file: str = "", before: Before | None = None) -> ScenarioSpec:
    """The typed scenario of a document; raises `ScenarioError` with every problem.

    What stands in it as it stood in the document ``before`` is not read again.
    """
    faults, names = check_names(document), Names.of(document)
    known = document if before is None else _with_known(document, names, *before)
    try:
        spec = ScenarioSpec.model_validate(known, context=names)
    except ValidationError as error:
        faults += faults_of(error)
    else:
        spec, wrong = with_wholes(spec)
        faults += wrong or check_spec(spec)
    if faults:
        raise ScenarioError(folded([problem(document, fault, file) for fault in once(faults)]))
    return spec


def _with_known(document: Block, names: Names, before: Block, spec: ScenarioSpec) -> Mapping[str, Any]:
    """A document with things that are the same in another one as they were read there; names may be spoken of."""
    if names != Names.of(before) or any(isinstance(team, Whole) for team in spec.teams.values()):
        return document
    made = dict(document)
    for group in GROUPS:
        now, then, read = document.get(group), before.get(group), getattr(spec, group)
        if isinstance(now, Mapping) and isinstance(then, Mapping):
            made[group] = {
                name: read[name] if each is then.get(name, made) else each for name, each in now.items()
            }
    return made
