"""``python -m mutations FROM TO [KIND]``: makes the mutations of these numbers and says what became of them."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from . import command_lines, scenarios, studies
from .outcomes import SILENT, WAYS, WRONG, Outcome

KINDS: dict[str, Callable[[int, Path], Outcome]] = {
    "scenarios": scenarios.outcome,
    "studies": studies.outcome,
    "commands": command_lines.outcome,
}
LISTED = (*WRONG, SILENT)


def main(first: int, last: int, kinds: list[str]) -> None:
    """Make them, each kind in a folder of its own."""
    os.environ["COLUMNS"] = "140"
    for kind in kinds or KINDS:
        counts: Counter[str] = Counter()
        with tempfile.TemporaryDirectory() as name:
            os.chdir(name)
            for number in range(first, last):
                made = KINDS[kind](number, Path(name))
                counts[made.way] += 1
                if made.way in LISTED:
                    print(f"--- {kind} {number}: {made.way}\n{made.what}\n{made.said}", flush=True)
        print(f"{kind}: " + ", ".join(f"{counts[way]} {way}" for way in WAYS if counts[way]), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
