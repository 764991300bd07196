"""Inputs that are not known: a table of draws, one plausible world a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from ..forms.base import Fault, Faults, Form, FormError, Names, found

TABLE = "table"


class UncertainForm(Form[Any]):
    """A table of draws: ``{table: draws.csv}``, or the rows themselves as a list of change fragments."""

    def read(self, raw: Any, names: Names) -> Any:
        if not isinstance(raw, Mapping):
            said = f"expected a table of draws, such as {{table: draws.csv}}, found {found(raw)}"
            raise FormError(said, code="E-value-shape")
        faults = Faults()
        for key in raw:
            if key != TABLE:
                faults.add(
                    f"{str(key)!r} has no place here: draws of inputs come from a table, whose columns are paths; "
                    f"write the draws of {str(key)!r} as a column of it: {{table: draws.csv}}",
                    str(key),
                    code="E-uncertain-key",
                    key=True,
                )
        faults.check()
        table = raw.get(TABLE)
        if isinstance(table, list | tuple):
            for number, row in enumerate(table):
                if not isinstance(row, Mapping):
                    said = (
                        f"expected a change fragment, such as {{stages.propose.effort: 4 h}}, found {found(row)}"
                    )
                    faults.add(said, TABLE, number, code="E-value-shape")
            faults.check()
        elif not isinstance(table, str) or not table:
            said = f"expected the name of a CSV or JSONL file, or a list of change fragments, found {found(table)}"
            raise FormError(Fault(said, (TABLE,) if TABLE in raw else (), code="E-value-shape"))
        return raw

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        rows = {"type": "array", "items": {"type": "object"}, "minItems": 1}
        return {
            "type": "object",
            "additionalProperties": False,
            "required": [TABLE],
            "properties": {TABLE: {"anyOf": [{"type": "string"}, rows]}},
        }


Uncertain = Annotated[Any, UncertainForm()]
