"""How a number is known: a grade, where it comes from, and the range in which it may lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, get_args

from ..forms.base import Faults, Form, FormError, Names, found, unknown
from ..forms.plain import TextForm

Grade = Literal["A", "B", "C", "D", "M"]
GRADES: tuple[str, ...] = get_args(Grade)
"""From the best known to the least: research, a survey, a practitioner's page, derived, an estimate."""


@dataclass(frozen=True)
class Record:
    """How a number is known.

    Parameters
    ----------
    grade : str
        A peer-reviewed or open data, B a study or survey, C a practitioner's page, D derived from other numbers,
        M an estimate without a source.
    source : tuple of str
        Where it comes from: letters of docs/sources.md, or any names.
    range : tuple of two or None
        Between what it may lie, written as the number itself: ``(1 h, 40 h)``; of a distribution its mean.
    note : str
        Anything to be known besides.
    """

    grade: Grade
    source: tuple[str, ...] = ()
    range: tuple[Any, Any] | None = None
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The record as a file holds it."""
        return {
            "grade": self.grade,
            **({"source": list(self.source)} if self.source else {}),
            **({"range": list(self.range)} if self.range is not None else {}),
            **({"note": self.note} if self.note else {}),
        }


class EvidenceForm(Form[dict[str, Record]]):
    """Records by path: ``stages.propose.effort: {grade: C, source: SAYS, range: [1 h, 40 h]}``."""

    made: ClassVar[tuple[type, ...]] = (Record,)

    def read(self, raw: Any, names: Names) -> dict[str, Record]:
        if not isinstance(raw, Mapping):
            said = f"expected records by path, such as stages.propose.effort: {{grade: C}}, found {found(raw)}"
            raise FormError(said, code="E-value-shape")
        faults, made = Faults(), {}
        for path, record in raw.items():
            with faults.under(path):
                made[str(path)] = _record(record, names)
        faults.check()
        return made

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        text = {"type": "string"}
        end = {"type": ["number", "string"]}
        record = {
            "type": "object",
            "additionalProperties": False,
            "required": ["grade"],
            "properties": {
                "grade": {"enum": list(GRADES)},
                "source": {"anyOf": [text, {"type": "array", "items": text}]},
                "range": {"type": "array", "items": end, "minItems": 2, "maxItems": 2},
                "note": text,
            },
        }
        return {"type": "object", "additionalProperties": record}


KEYS = ("grade", "source", "range", "note")


def _record(raw: Any, names: Names) -> Record:
    if not isinstance(raw, Mapping):
        said = f"expected a record such as {{grade: C, source: KEV, range: [200, 2000]}}, found {found(raw)}"
        raise FormError(said, code="E-value-shape")
    faults = Faults()
    for key in raw:
        if key not in KEYS:
            faults.add(unknown("key", str(key), KEYS), key, key=True, code="E-key-unknown")
    grade: Any = raw.get("grade")
    if grade not in GRADES:
        said = f"a record needs one of the grades {', '.join(GRADES)}, found {found(grade)}"
        faults.add(said, "grade", code="E-value-choice")
    ends = raw.get("range")
    if ends is not None and not (
        isinstance(ends, list | tuple) and len(ends) == 2 and not any(isinstance(one, bool) for one in ends)
    ):
        said = f"expected the two ends of a range, as [1 h, 40 h], found {found(ends)}"
        faults.add(said, "range", code="E-value-shape")
    faults.check()
    source = raw.get("source") or ()
    sources = source if isinstance(source, list | tuple) else [source]
    texts = [TextForm().read(one, names) for one in (*sources, raw.get("note") or "")]
    return Record(grade, tuple(texts[:-1]), None if ends is None else (ends[0], ends[1]), texts[-1])


Evidence = Annotated[dict[str, Record], EvidenceForm()]
