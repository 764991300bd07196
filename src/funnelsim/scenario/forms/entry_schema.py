"""The JSON Schema of the scenario's types: short forms as alternatives, comments as descriptions."""

from __future__ import annotations

import inspect
import tokenize
from io import StringIO
from typing import Any

from .entry import Entry, form_of_field


def entry_schema(kind: type[Entry], defs: dict[str, Any]) -> dict[str, Any]:
    """A reference to the schema of a type, which is put into ``defs``, with its short form as an alternative."""
    name = kind.__name__
    if name not in defs:
        defs[name] = {}  # stands in for itself while its own parts are made
        defs[name] = object_schema(kind, defs)
    long = {"$ref": f"#/$defs/{name}"}
    shorts = []
    for key in kind.main[:1]:
        shorts.append(form_of_field(kind, kind.keys()[key]).schema(defs))
    if kind.listed:
        part = form_of_field(kind, kind.keys()[kind.listed]).schema(defs)
        shorts.append({**part, "description": comments(kind)[kind.listed]})
    return {"anyOf": [long, *shorts]} if shorts else long


def object_schema(kind: type[Entry], defs: dict[str, Any]) -> dict[str, Any]:
    """The schema of a type's long form; shared parts go into ``defs``."""
    notes = comments(kind)
    properties = {}
    for key, name in kind.keys().items():
        part = form_of_field(kind, name).schema(defs)
        if name in notes:
            part = {**part, "description": notes[name]}
        properties[key] = part
        if not kind.model_fields[name].is_required():
            properties[key] = _or_null(part)
    made: dict[str, Any] = {"type": "object", "description": summary(kind), "properties": properties}
    return {**made, "additionalProperties": False}


def _or_null(part: dict[str, Any]) -> dict[str, Any]:
    """``null`` stands for the default of any key that has one."""
    description = {"description": part["description"]} if "description" in part else {}
    inner = {key: value for key, value in part.items() if key != "description"}
    null = {"type": "null"}
    if set(inner) == {"anyOf"}:
        return {**description, "anyOf": [*inner["anyOf"], null]}
    return {**description, "anyOf": [inner, null]}


def summary(kind: type[Entry]) -> str:
    return (inspect.getdoc(kind) or "").split("\n\n")[0].replace("\n", " ").replace("`", "")


def comments(kind: type[Entry]) -> dict[str, str]:
    """The comments behind the fields of a type and of the types it derives from."""
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if issubclass(base, Entry) and base is not Entry:
            found.update(_own_comments(base))
    return found


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
