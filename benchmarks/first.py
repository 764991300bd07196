"""How long a first command takes on a machine that never ran funnelsim: whole processes, by the clock."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from report import Sizes, Table, spread

from funnelsim.scenario.reading import library

TOGETHER = (2, 4, 8)
"""First commands at once."""


def command(name: str, folder: Path | None, output: Path) -> subprocess.Popen[bytes]:
    """Start a run of a shipped scenario, with its caches in a folder of its own, or in the usual one."""
    settings = {key: value for key, value in os.environ.items() if not folder or key != "NUMBA_CACHE_DIR"}
    if folder is not None:
        settings["XDG_CACHE_HOME"] = str(folder)
    asked = ["run", str(library.template(name)), "--replications", "10", "--json"]
    words, quiet = [sys.executable, "-m", "funnelsim", *asked], subprocess.DEVNULL
    with output.open("wb") as out:
        return subprocess.Popen(words, env=settings, stdout=out, stderr=quiet)


def answers(name: str, empty: bool, number: int = 1) -> float:
    """Seconds until so many commands at once have all answered, and the same."""
    with tempfile.TemporaryDirectory() as made:
        folder, began = Path(made), time.perf_counter()
        outputs = [folder / f"answer_{each}" for each in range(number)]
        running = [command(name, folder / "cache" if empty else None, output) for output in outputs]
        codes = [process.wait() for process in running]
        seconds = time.perf_counter() - began
        if any(codes) or len({output.read_bytes() for output in outputs}) != 1:
            raise RuntimeError(f"{number} first commands at once ended with {codes}, or with different answers")
    return seconds


@contextmanager
def busy() -> Iterator[None]:
    """One other process that works all the time."""
    other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        other.kill()
        other.wait()


def tables(sizes: Sizes) -> Iterator[Table]:
    """Seconds of first commands, alone, beside others, and together; and of the next."""
    heads = ("", "s until the answer, by the clock")
    note = "`funnelsim run FILE --replications 10 --json` of a shipped scenario, the whole process."
    if not sizes.firsts:
        rows = [("one_desk, not the first", spread([answers("one_desk", empty=False)]))]
        yield Table("A first answer", heads, rows, note)
        return
    runs, rows = range(sizes.firsts), []
    for name in ("one_desk", "reference"):
        rows.append((f"{name}, caches empty", spread([answers(name, True) for _ in runs])))
    with busy():
        rows.append(
            ("one_desk, caches empty, beside a busy process", spread([answers("one_desk", True) for _ in runs]))
        )
    for number in TOGETHER:
        rows.append((f"one_desk, caches empty, {number} at once", spread([answers("one_desk", True, number)])))
    for name in ("one_desk", "reference"):
        answers(name, empty=False)
        rows.append((f"{name}, not the first", spread([answers(name, empty=False) for _ in runs])))
    yield Table("A first answer", heads, rows, note)
