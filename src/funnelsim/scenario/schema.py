"""The JSON Schema of scenario files, generated from the types, for editors to complete and check by.

Short forms appear as alternatives; descriptions are the docstrings of the types and the comments behind their
fields, so that they are written once. ``python -m funnelsim.scenario.schema`` writes the committed file.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from .changing.extended import ScenarioFile
from .forms.entry_schema import object_schema

DRAFT = "https://json-schema.org/draft/2020-12/schema"
COMMITTED = Path("schema") / "scenario.schema.json"
"""Where the schema lies in a checkout."""


def scenario_schema() -> dict[str, Any]:
    """The schema of a scenario file, as plain data."""
    defs: dict[str, Any] = {}
    whole = object_schema(ScenarioFile, defs)
    for group, kind in (("teams", "Team"), ("stages", "Stage")):
        under = {"description": f"What lies under each of the {group}."}
        defs["Defaults"]["properties"][group] = {**defs[kind], **under}
    # What a scenario extends may give what is required here, and a dotted key is a path into it. For the same
    # reason no part requires a key: a fragment of it may be laid over what is there.
    whole["patternProperties"] = {r"\.": {}}
    whole["if"] = {"not": {"anyOf": [{"required": ["extends"]}, {"required": ["defaults"]}]}}
    whole["then"] = {"properties": {"teams": {"additionalProperties": {"required": ["queue"]}}}}
    whole["anyOf"] = [{"required": ["extends"]}, {"required": ["horizon", "stages"]}]
    ordered = dict(sorted(defs.items()))
    return {"$schema": DRAFT, "title": "funnelsim scenario", **whole, "$defs": ordered}


def text() -> str:
    """The schema as it is committed."""
    return text_of(scenario_schema())


def text_of(schema: dict[str, Any]) -> str:
    """A schema as the text of a file."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def write(schema: str, committed: Path) -> None:
    """Write a schema where it is committed, or to the file named on the command line."""
    parser = argparse.ArgumentParser(description="Write the JSON Schema of a kind of file.")
    parser.add_argument("file", type=Path, nargs="?", default=committed, help="default: %(default)s")
    place: Path = parser.parse_args().file
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(schema, encoding="utf-8")


if __name__ == "__main__":
    write(text(), COMMITTED)
