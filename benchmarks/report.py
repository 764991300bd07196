"""Tables of what was measured: as lines for the terminal, and as a page of the documentation."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True)
class Sizes:
    """How much is measured.

    Parameters
    ----------
    repeats : int
        Turns of each row; the first, which fills caches, is not counted.
    firsts : int
        First commands, each with an empty folder of caches; 0 takes the usual folder once.
    days, few_days : int
        How long lines are simulated, and how long by slow simulators.
    many_days : int
        The same where figures of many leads are measured, 40 a day.
    most : int
        Leads of one replication, up to 10 to the power of this.
    points, replications : int
        Of a sweep, and of each scenario on the way to a decision.
    whole : bool
        Whether what takes long even when it is small is measured too.
    """

    repeats: int = 5
    firsts: int = 5
    days: int = 250
    few_days: int = 90
    many_days: int = 5000
    most: int = 6
    points: int = 1000
    replications: int = 60
    whole: bool = True


QUICK = Sizes(1, 0, 4, 2, 4, 2, 4, 2, whole=False)
"""Enough to see that all of it works."""


class Table(NamedTuple):
    """What was measured of one thing."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""

    def plain(self) -> str:
        """Lines for the terminal."""
        lines = [self.heads, *self.rows]
        widths = [max(len(line[at]) for line in lines) for at in range(len(self.heads))]
        laid = [
            "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]).rstrip() for line in lines
        ]
        return "\n".join(["", self.title, *filter(None, [self.note]), *(f"  {line}" for line in laid)])

    def markdown(self) -> str:
        """A section of the page."""
        lines = [self.heads, ("---",) + ("---:",) * (len(self.heads) - 1), *self.rows]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return "\n\n".join(filter(None, [f"## {self.title}", self.note, table]))


def spread(values: Sequence[float], digits: int = 2) -> str:
    """The median, and the least and the most."""
    median = f"{statistics.median(values):,.{digits}f}"
    return median if len(values) == 1 else f"{median} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"


def cpu(of: int = resource.RUSAGE_SELF) -> float:
    """Seconds of processor time of this process, or of its children that have ended."""
    used = resource.getrusage(of)
    return used.ru_utime + used.ru_stime


def peak() -> float:
    """Gigabytes of memory that this process had at most."""
    try:  # what `getrusage` says may be of the process that started this one
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return next(float(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1e6


def timed(works: dict[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """Seconds of processor time of works that take turns, so that slow moments strike all; the first warms up."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(repeats + 1):
        for name, work in works.items():
            begun = time.process_time()
            work()
            if turn:
                seconds[name].append(time.process_time() - begun)
    return seconds


def machine() -> str:
    """What it was measured on, in general words."""
    python = f"{platform.system()}, Python {platform.python_version()}"
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "simpy"))
    return f"{os.cpu_count()} processors ({_processor()}), {python}, {libraries}"


def _processor() -> str:
    """Its family, as the system calls it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine()
    )


PAGE = """\
# Speed: what one waits for, and what it is made of

Written by `python benchmarks --write docs/speed.md`, which takes about half an hour, and longer than that for the
part `decision`. `python benchmarks` prints the same tables, `python benchmarks M1 figures` some of them, and with
`--write` it renews these in the page and leaves the others; `python benchmarks --help` says what there is, and
`--quick` measures next to nothing, to see that all of it works.

Measured on {machine}. A figure is the median of several, with the least and the most behind it; times are those of
the processor unless something else is said. Rows of a table take turns, so that a slow moment of the machine
strikes all of them, and ratios are medians of those within a turn: only they carry over to other machines. Other
simulators are measured where they are installed (`python -m pip install --group peers`).

{warning}{tables}
"""

WARNING = "**Measured with `--quick`: these figures say no more than that all of it works.**\n\n"


def page(tables: Sequence[Table], quick: bool = False) -> str:
    """The page of the documentation."""
    sections = "\n\n".join(table.markdown() for table in tables)
    return PAGE.format(machine=machine(), warning=WARNING if quick else "", tables=sections)


def renewed(text: str, tables: Sequence[Table]) -> str:
    """A page with some of its tables measured again; what is new to it comes at its end."""
    head, *sections = text.rstrip("\n").split("\n\n## ")
    titled = {each.partition("\n")[0]: f"## {each}" for each in sections}
    titled |= {table.title: table.markdown() for table in tables}
    return "\n\n".join([head, *titled.values()]) + "\n"
