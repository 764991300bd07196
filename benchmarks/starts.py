"""What short commands take, and what of it is imports; and what one changed number in a scenario takes."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count

from report import Sizes, Table, cpu, spread, timed

from funnelsim.model.compile import compile_model
from funnelsim.scenario.reading import library
from funnelsim.scenario.scenario import Scenario, load

SHOWN = 3
"""Packages named of each command."""

CHANGED = (
    ("one_desk", "stages.serve.effort"),
    ("reference", "stages.demo.effort"),
    ("mid_market", "stages.demo.effort"),
)
"""Shipped scenarios, and a number in each that a slider might move."""


def commands() -> dict[str, list[str]]:
    """Commands by the names they have in the table."""
    short = ["--replications", "3", "--set", "horizon=2 mo", "--set", "warmup=1 mo"]
    return {
        "--help": ["--help"],
        "templates": ["templates"],
        "check, one desk": ["check", str(library.template("one_desk"))],
        "check, reference company": ["check", str(library.template("reference"))],
        "run, one desk, 3 replications of 2 months": ["run", str(library.template("one_desk")), *short],
    }


def whole(words: list[str], *python: str) -> tuple[float, str]:
    """CPU seconds of a command in a process of its own, and what it says on standard error."""
    settings = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    before = cpu(resource.RUSAGE_CHILDREN)
    asked = [sys.executable, *python, "-m", "funnelsim", *words]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(asked, env=settings, cwd=folder, check=True, capture_output=True, text=True)
    return cpu(resource.RUSAGE_CHILDREN) - before, done.stderr


def imports(words: list[str]) -> tuple[str, str]:
    """Milliseconds that a command spends on imports, and the packages that take most of them."""
    spent: Counter[str] = Counter()
    for line in whole(words, "-X", "importtime")[1].splitlines():
        head, _, rest = line.partition("|")
        own = head.removeprefix("import time:").strip()
        if own.isdecimal():
            spent[rest.rpartition("|")[2].strip().partition(".")[0]] += int(own)
    most = ", ".join(f"{name} {each / 1000:.0f}" for name, each in spent.most_common(SHOWN))
    return f"{spent.total() / 1000:.0f}", most


def started(repeats: int) -> Table:
    """A row for each command."""
    asked = commands()
    seconds: dict[str, list[float]] = {name: [] for name in asked}
    for turn in range(repeats + 1):  # the first writes byte code
        for name, words in asked.items():
            taken, _ = whole(words)
            if turn:
                seconds[name].append(taken)
    rows = [(name, spread(seconds[name]), *imports(words)) for name, words in asked.items()]
    heads = ("`funnelsim`", "CPU seconds", "ms of imports, by the clock", "most of it")
    note = "Whole processes, with the byte code of all modules on disk."
    return Table("Short commands", heads, rows, note)


def slider(name: str, path: str) -> dict[str, Callable[[], object]]:
    """What moving a number in a shipped scenario asks for: always another one, so that none is remembered."""
    scenario, numbers = load(library.template(name)), count(1)
    compile_model(scenario)

    def change() -> Scenario:
        return scenario.change({path: {"multiply": 1 + next(numbers) / 997}})

    return {"change": change, "both": lambda: compile_model(change())}


def changed(repeats: int) -> Table:
    """A row for each of some shipped scenarios."""
    rows = []
    for name, path in CHANGED:
        seconds = timed(slider(name, path), 4 * repeats)
        rows.append((name, *(spread([1000 * each for each in taken], 1) for taken in seconds.values())))
    return Table("A changed scenario", ("", "ms to change it", "and to make tables of it"), rows)


def tables(sizes: Sizes) -> Iterator[Table]:
    """Short commands, and changed scenarios."""
    yield started(sizes.repeats)
    yield changed(sizes.repeats)
