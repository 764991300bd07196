"""All that is measured, in one command; ``python benchmarks --help`` says what there is.

The tables go to the terminal as they are made. With ``--write docs/speed.md`` they become that page of the
documentation, or of its tables those of the parts that were named.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import engines
import figures
import first
import starts
import sweeps
import time_to_decision
from report import QUICK, Sizes, Table, page, renewed

PARTS: dict[str, Callable[[Sizes], Iterator[Table]]] = {
    "first": first.tables,
    "starts": starts.tables,
    "figures": figures.tables,
    "sweep": sweeps.tables,
    "M1": partial(engines.tandem_table, hard=False),
    "M2": partial(engines.tandem_table, hard=True),
    "M3": engines.company,
    "growth": engines.growing,
    "records": engines.many_leads,
    "threads": engines.threads,
    "decision": time_to_decision.tables,
}
"""What can be measured, in the order of the page."""


def main(words: Sequence[str] | None = None) -> None:
    """Measure what was asked for, and print it or write the page."""
    summary, _, more = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser("python benchmarks", description=summary, epilog=more)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(PARTS)}; by default all")
    parser.add_argument("--quick", action="store_true", help="next to nothing of each, to see that all works")
    parser.add_argument("--repeats", type=int, help=f"turns that count (by default {Sizes.repeats})")
    parser.add_argument("--most", type=int, help=f"records: leads, 10 to this power (by default {Sizes.most})")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="write them to a page as well")
    asked = parser.parse_args(words)
    unknown = [name for name in asked.parts if name not in PARTS]
    if unknown:
        parser.error(f"there is no {unknown[0]}; there are {', '.join(PARTS)}")
    if asked.write and asked.parts and (asked.quick or not asked.write.exists()):
        parser.error("single parts are renewed in a page that is there, and not by --quick")
    sizes = QUICK if asked.quick else Sizes()
    given = {name: getattr(asked, name) for name in ("repeats", "most") if getattr(asked, name) is not None}
    made: list[Table] = []
    for name in asked.parts or PARTS:
        for table in PARTS[name](replace(sizes, **given)):
            print(table.plain(), flush=True)
            made.append(table)
    if asked.write:
        text = renewed(asked.write.read_text(encoding="utf-8"), made) if asked.parts else page(made, asked.quick)
        asked.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
