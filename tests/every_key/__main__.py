"""The table of all pairs of place and key: ``python -m every_key [WORD...]`` from the folder above."""

from __future__ import annotations

import sys
from collections import Counter

from .expected import expected
from .verdicts import pairs, verdict


def main(words: list[str]) -> None:
    """Print each pair with what it does, and how many there are of each."""
    counted: Counter[str] = Counter()
    for pair in pairs():
        if len(words) > 1 and not any(word in str(pair) for word in words[1:]):
            continue
        found = verdict(pair)
        counted[found.word] += 1
        if not words or words[0] in found.word or (words[0] == "wrong" and found.word != expected(pair)):
            print(f"{pair}: {found.word}{': ' + found.said if found.said else ''}", flush=True)
    print(f"{counted.total()} pairs of place and key: " + ", ".join(f"{n} {word}" for word, n in counted.items()))


if __name__ == "__main__":
    main(sys.argv[1:])
