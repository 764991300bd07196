"""What commands on own data share: findings, and names of files that are written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from funnelsim import disk
from funnelsim.errors import FunnelsimError

from .. import streams

if TYPE_CHECKING:
    from funnelsim.calibration.findings import Finding


def tell(findings: Sequence[Finding], quiet: bool) -> None:
    """Findings on standard error: warnings first, then notes."""
    for severity in ("warning", "note"):
        lines = [
            f"[{each.code}] {each.words} {each.remedy}".strip() for each in findings if each.severity == severity
        ]
        if not quiet and lines:
            streams.complain(lines, severity)


def in_yaml(out: Path, what: str) -> None:
    """Refuse a name that is none of YAML, and a place where nothing can be written, before anything is done.

    Raises
    ------
    FunnelsimError
        If it does not end in ``.yaml`` or ``.yml``, is there already, or its folder is not.
    """
    if out.suffix not in (".yaml", ".yml"):
        raise FunnelsimError(f"{out}: the name of a {what} ends in .yaml", code="E-output-name")
    disk.check_output(out)
