"""What was noticed in the data, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["note", "warning", "refused"]


@dataclass(frozen=True)
class Finding:
    """One thing noticed in the data. It quotes counts, never what stands in a cell.

    Parameters
    ----------
    code : str
        The kind of finding, such as ``zombies``; it stays the same whatever becomes of its sentence.
    severity : {'note', 'warning', 'refused'}
        Whether it is only told, may bend an estimate, or forbids one.
    rows : int
        How many rows, visits or deals it is about.
    words : str
        What was found and what was done, as sentences.
    remedy : str
        How to have it otherwise; empty if nothing can be done.
    """

    code: str
    severity: Severity
    rows: int
    words: str
    remedy: str = ""

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "code": self.code,
            "severity": self.severity,
            "rows": self.rows,
            "words": self.words,
            "remedy": self.remedy,
        }
