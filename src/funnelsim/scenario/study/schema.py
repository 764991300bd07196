"""The JSON Schema of study files, for editors; ``python -m funnelsim.scenario.study.schema`` writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..forms.entry_schema import object_schema
from ..schema import DRAFT, text_of, write
from .spec import StudySpec

COMMITTED = Path("schema") / "study.schema.json"
"""Where the schema lies in a checkout."""


def study_schema() -> dict[str, Any]:
    """The schema of a study file, as plain data."""
    defs: dict[str, Any] = {}
    whole = object_schema(StudySpec, defs)
    defs["Prediction"]["required"] = ["arm", "kpi", "expect"]
    required = {"required": ["study", "base"]}
    return {"$schema": DRAFT, "title": "funnelsim study", **whole, **required, "$defs": dict(sorted(defs.items()))}


def text() -> str:
    """The schema as it is committed."""
    return text_of(study_schema())


if __name__ == "__main__":
    write(text(), COMMITTED)
