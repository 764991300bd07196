"""Run many random scenarios, and print the smallest one for each way in which one fails."""

from __future__ import annotations

import sys
import time
import traceback
from typing import Any

from .documents import as_yaml, document
from .laws import hold
from .luck import seeded
from .smaller import smallest


def failure(made: dict[str, Any], rewrite: int | None) -> tuple[str, str]:
    """What a document breaks, in short and at length; empty if nothing."""
    try:
        hold(made, rewrite)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is a finding
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} {frame.name}: {_words(str(error))}", traceback.format_exc(limit=-4)
    return "", ""


def _words(text: str) -> str:
    """A message without its numbers and names, so that failures of one kind look alike."""
    return " ".join(word for word in text.split() if word.isalpha())[:60]


def main(first: int, count: int) -> int:
    """Run the scenarios of some seeds; the number of ways in which some failed."""
    found: dict[str, list[int]] = {}
    began = time.monotonic()
    for seed in range(first, first + count):
        made = document(seeded(seed))
        if (seed - first) % 100 == 99:
            print(f"{seed - first + 1} of {count}", file=sys.stderr, flush=True)
        short, long = failure(made, seed)
        if not short:
            continue
        found.setdefault(short, []).append(seed)
        if len(found[short]) > 1:
            continue
        made = smallest(made, lambda other, seed=seed, short=short: failure(other, seed)[0] == short)
        print(f"--- seed {seed}: {short}\n{long}\n{as_yaml(made)}", flush=True)
    print(f"{count} scenarios from seed {first} in {time.monotonic() - began:.0f} s")
    for short, seeds in found.items():
        print(f"{len(seeds)} times {short}: seeds {seeds[:12]}")
    return len(found)


if __name__ == "__main__":
    sys.exit(min(main(int(sys.argv[1]), int(sys.argv[2])), 1))
