"""Mutated study files."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

from .outcomes import ACTS, SAME, SILENT, WARNED, Outcome, Said, command, difference, troubled, written
from .texts import mutated

DESK = """\
funnelsim: 1
name: Two desks
horizon: 40 d
warmup: 5 d
segments: {all: {value: {dist: lognormal, median: 9_000, sigma: 0.5}}}
sources: {web: {rate: 6 / d}}
teams:
  front: {headcount: 2, queue: fifo, cost: {salary: 60_000 / y}}
  back: {headcount: 2, queue: lifo, cost: {salary: 90_000 / y}}
stages:
  call: {team: front, effort: {dist: exponential, mean: 3 h}, convert: 0.5, decay: {half_life: 2 d}}
  sell: {team: back, effort: 6 h, convert: 0.4}
"""

LEVER = """\
lever: quick
title: Quick quotes
costs: {tool: 900 / mo}
change: {stages.sell.effort: {multiply: 0.7}}
"""

STUDY = """\
study: where
question: Where does the next hire pay?
base: desk.yaml
arms:
  one more in front: {teams.front.headcount: {add: 1}}
  one more behind: {teams.back.headcount: {add: 1}}
  quick: [quick@0.8]
vary:
  sources.web.rate: [5 / d, 8 / d]
  teams.front.headcount: {from: 1, to: 2}
design: grid
replications: 3
kpis: [won, bookings]
predicts:
  - arm: one more in front
    against: base
    kpi: won
    expect: up
    at: {sources.web.rate: 8 / d, teams.front.headcount: 1}
  - {arm: one more behind, kpi: bookings, expect: same, at: {sources.web.rate: 5 / d, teams.front.headcount: 2}}
"""

GOAL = """\
study: who
base: desk.yaml
arms: {quick: [quick@0.8]}
vary:
  teams.front.headcount: {from: 1, to: 2}
  teams.back.headcount: [1, 2]
maximise: won
budget: 400_000 / y
constraints: {response_time: {at_most: 60 h}}
indifference: 3 %
replications: 3
kpis: [bookings]
"""


def prepared(folder: Path) -> None:
    """The files that studies name."""
    (folder / "levers").mkdir(exist_ok=True)
    written(folder / "desk.yaml", DESK.encode())
    written(folder / "levers" / "quick.yaml", LEVER.encode())


def done(text: str, folder: Path, name: str) -> tuple[Said, Said]:
    """What `check` says of a study, and what the command that it is for does."""
    file = written(folder / f"{name}.yaml", text.encode(errors="surrogatepass"))
    checked = command(["check", file])
    if not checked.done:
        return checked, checked
    for old in folder.glob("runs.db*"):
        old.unlink()
    out = ["--out", str(folder / "runs.db"), "--workers", "1"]
    if "imise:" in text:
        return checked, command(["optimise", file, *out, "--trials", "8"])
    swept = command(["sweep", file, *out])
    if not swept.done:
        return checked, swept
    compared = command(["compare", file, "--replications", "3", "--workers", "1"])
    return checked, Said(compared.code, swept.out + compared.out, swept.err + compared.err, compared.trouble)


@cache
def as_it_was(text: str, folder: Path) -> tuple[Said, Said]:
    """The study before."""
    prepared(folder)
    checked, made = done(text, folder, "study")
    assert checked.done, checked
    assert made.done, made
    return checked, made


def outcome(number: int, folder: Path) -> Outcome:
    """What becomes of the mutated study of that number."""
    draw = random.Random(number)
    text = draw.choice((STUDY, STUDY, STUDY, GOAL))
    before = as_it_was(text, folder)
    new = mutated(text, draw)
    what = difference(text, new)
    if new == text:
        return Outcome(SAME, what)
    checked, made = done(new, folder, "study")
    for said in (checked, made):
        ended = troubled(said, what)
        if ended is not None:
            return ended
    if made.out != before[1].out:
        return Outcome(ACTS, what)
    # Progress is written on standard error as well, and says how long it took.
    return Outcome(WARNED if checked.err + checked.out != before[0].err + before[0].out else SILENT, what)
