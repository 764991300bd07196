"""Mutated command lines."""

from __future__ import annotations

import random
import shlex
from functools import cache
from pathlib import Path

from .outcomes import ACTS, SAME, SILENT, WARNED, Outcome, Said, command, troubled, written
from .studies import DESK, LEVER, prepared
from .texts import typo

LINES = (
    "run desk.yaml --replications 3 --seed 4 --set teams.front.headcount=3 --workers 1",
    "run desk.yaml --precision 30% --kpi won --lever quick@0.5 --json --engine compiled",
    "run desk.yaml --replications 2 --events log.csv --event-format pm --quiet",
    "check desk.yaml --set sources.web.rate='4 / d' --lever quick",
    "check desk.yaml other.yaml --json",
    "warmup desk.yaml --replications 4 --batch 2 --seed 2",
    "compare desk.yaml other.yaml --kpi won --replications 4 --indifference 2% --target won>=30",
    "compare desk.yaml --lever quick@0.5 --arm more:teams.back.headcount=3 --base desk --replications 4 --json",
    "choose desk.yaml other.yaml --kpi won --indifference 20% --confidence 60% --seed 3",
    "diagnose desk.yaml --replications 2 --tolerance call=0.4 --no-equation",
    "sensitivity desk.yaml --vary teams.front.headcount=[1,2] --method tornado --kpi won --replications 2",
    "sweep study.yaml --out runs.db --replications 2 --workers 1 --seed 5",
    "export kept.db -o points.csv --kpi won",
    "templates one_desk",
    "init here --template one_desk",
)
"""Commands as they should be."""

VALUES = (
    "", " ", "-1", "0", "1e9", "99999999999999999999", "nan", "inf", "x", "東京", "won", "desk.yaml",
    "missing.yaml", "desk.yml", ".", "/dev/null", "--", "-", "=", "a=b", "teams.front.headcount=",
    "teams.front.headcount=+1", "50%", "150%", "teams.frnt.headcount=4", "{", "[1, 2]", "'", "\x1b[31m", "\n",
    "quick@2", "quick@", "@", "1,5", "３",
)  # fmt: skip
"""Words that may stand anywhere."""

STUDY = """\
study: heads
base: desk.yaml
vary: {teams.front.headcount: [1, 2]}
replications: 2
"""


def laid_out(folder: Path) -> None:
    """The files that the commands name, as they were."""
    prepared(folder)
    written(folder / "other.yaml", DESK.replace("headcount: 2, queue: fifo", "headcount: 3, queue: fifo").encode())
    written(folder / "study.yaml", STUDY.encode())
    for made in ("runs.db", "runs.db-wal", "runs.db-shm", "points.csv", "log.csv"):
        (folder / made).unlink(missing_ok=True)
    here = folder / "here"
    for file in here.glob("*") if here.is_dir() else ():
        file.unlink()


@cache
def as_it_was(line: str, folder: Path) -> Said:
    """What a command says as it should be."""
    laid_out(folder)
    if not (folder / "kept.db").exists():
        kept = command(["sweep", "study.yaml", "--out", "kept.db", "--workers", "1", "--quiet"])
        assert kept.done, kept
    said = command(shlex.split(line))
    assert said.done, (line, said)
    return said


def broken(words: list[str], draw: random.Random) -> list[str]:
    """A word dropped, doubled, misspelt, moved, or put in the place of another."""
    words, at = list(words), draw.randrange(len(words))
    way = draw.randrange(6)
    if way == 0:
        del words[at]
    elif way == 1:
        words.insert(at, words[at])
    elif way == 2:
        words[at] = typo(words[at], draw)
    elif way == 3:
        words.append(words.pop(at))
    elif way == 4:
        words[at] = draw.choice(VALUES)
    else:
        words[at] += draw.choice(VALUES)
    return words


def outcome(number: int, folder: Path) -> Outcome:
    """What becomes of the mutated command line of that number; runs in the folder where the files are."""
    draw = random.Random(number)
    line = draw.choice(LINES)
    before = as_it_was(line, folder)
    words = shlex.split(line)
    new = words
    for _ in range(draw.choice((1, 1, 2))):
        new = broken(new, draw) if new else new
    what = f"{line}\n{shlex.join(new)}"
    if sorted(new) == sorted(words):
        return Outcome(SAME, what)
    laid_out(folder)
    said = command(new)
    for name, text in (("desk.yaml", DESK), ("levers/quick.yaml", LEVER), ("study.yaml", STUDY)):
        if (folder / name).read_text(encoding="utf-8") != text:
            return Outcome("traceback", what, f"{name} was overwritten")
    ended = troubled(said, what)
    if ended is not None:
        return ended
    if said.out != before.out:
        return Outcome(ACTS, what)
    return Outcome(WARNED if len(said.err.splitlines()) > len(before.err.splitlines()) else SILENT, what, said.err)
