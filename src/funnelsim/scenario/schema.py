"""The JSON Schema of scenario files, generated from the types, for editors to complete and check by.

Short forms appear as alternatives; descriptions are the docstrings of the types and the comments behind their
fields, so that they are written once. ``python -m funnelsim.scenario.schema`` writes the committed file.
"""

from __future__ import annotations

import inspect
import json
import sys
import tokenize
from io import StringIO
from pathlib import Path
from typing import Any

from .compose import ScenarioFile
from .entry import Entry, form_of_field

DRAFT = "https://json-schema.org/draft/2020-12/schema"
COMMITTED = Path("schema") / "scenario.schema.json"
"""Where the schema lies in a checkout."""


def scenario_schema() -> dict[str, Any]:
    """The schema of a scenario file, as plain data."""
    defs: dict[str, Any] = {}
    whole = _object(ScenarioFile, defs)
    for group, kind in (("teams", "Team"), ("stages", "Stage")):
        partial = {key: value for key, value in defs[kind].items() if key != "required"}
        defs["Defaults"]["properties"][group] = {**partial, "description": f"What lies under each of the {group}."}
    # What a scenario extends may give what is required here.
    whole["anyOf"] = [{"required": ["extends"]}, {"required": whole.pop("required")}]
    ordered = dict(sorted(defs.items()))
    return {"$schema": DRAFT, "title": "funnelsim scenario", **whole, "$defs": ordered}


def text() -> str:
    """The schema as it is committed."""
    return json.dumps(scenario_schema(), indent=1, ensure_ascii=False) + "\n"


def entry_schema(kind: type[Entry], defs: dict[str, Any]) -> dict[str, Any]:
    """A reference to the schema of a type, which is put into ``defs``, with its short form as an alternative."""
    name = kind.__name__
    if name not in defs:
        defs[name] = {}  # stands in for itself while its own parts are made
        defs[name] = _object(kind, defs)
    long = {"$ref": f"#/$defs/{name}"}
    shorts = []
    for key in kind.main[:1]:
        shorts.append(form_of_field(kind, kind.keys()[key]).schema(defs))
    if "seats" in kind.model_fields:
        shorts.append({"type": "array", "items": {"type": "number"}, "description": "One number per seat."})
    return {"anyOf": [long, *shorts]} if shorts else long


def _object(kind: type[Entry], defs: dict[str, Any]) -> dict[str, Any]:
    comments = _comments(kind)
    properties, required = {}, []
    for key, name in kind.keys().items():
        part = form_of_field(kind, name).schema(defs)
        if name in comments:
            part = {**part, "description": comments[name]}
        properties[key] = part
        if kind.model_fields[name].is_required():
            required.append(key)
        else:
            properties[key] = _or_null(part)
    made: dict[str, Any] = {"type": "object", "description": _summary(kind), "properties": properties}
    if required:
        made["required"] = required
    return {**made, "additionalProperties": False}


def _or_null(part: dict[str, Any]) -> dict[str, Any]:
    """``null`` stands for the default of any key that has one."""
    description = {"description": part["description"]} if "description" in part else {}
    inner = {key: value for key, value in part.items() if key != "description"}
    null = {"type": "null"}
    if set(inner) == {"anyOf"}:
        return {**description, "anyOf": [*inner["anyOf"], null]}
    return {**description, "anyOf": [inner, null]}


def _summary(kind: type[Entry]) -> str:
    return (inspect.getdoc(kind) or "").split("\n\n")[0].replace("\n", " ").replace("`", "")


def _comments(kind: type[Entry]) -> dict[str, str]:
    """The comments behind the fields of a type and of the types it derives from."""
    comments: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if issubclass(base, Entry) and base is not Entry:
            comments.update(_own_comments(base))
    return comments


def _own_comments(kind: type[Entry]) -> dict[str, str]:
    found: dict[str, str] = {}
    field = None
    for token in tokenize.generate_tokens(StringIO(inspect.getsource(kind)).readline):
        at_start = token.start[1] == 4 and token.type == tokenize.NAME
        if at_start and token.string in kind.model_fields:
            field = token.string
        elif token.type == tokenize.COMMENT and field is not None:
            words = token.string.lstrip("# ")
            found[field] = words[0].upper() + words[1:]
        elif token.type == tokenize.NEWLINE:
            field = None
    return found


def main() -> None:
    """Write the schema where it is committed, or to the file named on the command line."""
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else COMMITTED
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
