"""Mutated scenario files."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path

import funnelsim as fs
from funnelsim.errors import FunnelsimError

from .outcomes import (
    ACTS,
    ENDLESS,
    REFUSED,
    SAME,
    SILENT,
    TRACEBACK,
    WARNED,
    EndlessError,
    Outcome,
    command,
    difference,
    limited,
    troubled,
    written,
)
from .texts import mutated, spoilt

RICH = Path(__file__).parents[1] / "scenario" / "rich.yaml"
SHORT = (
    ("horizon: 18 mo", "horizon: 8 mo"),
    ("warmup: 3 mo", "warmup: 1 mo"),
    ("{at: 2026-09-15,", "{at: 2026-06-15,"),
    ("2026-10-01: 7", "2026-07-01: 7"),
    ("from: 2027-01-01, to: 2027-04-01", "from: 2026-07-01, to: 2026-09-01"),
    ("from: 2027-02-01", "from: 2026-08-01"),
    ("closed: [2026-12-24]", "closed: [2026-06-24]"),
)
"""What makes the scenario that uses every key short, with all that happens in it within its horizon."""


@cache
def original() -> str:
    """The scenario that is mutated."""
    text = RICH.read_text(encoding="utf-8")
    for old, new in SHORT:
        assert old in text, old
        text = text.replace(old, new)
    return text


def figures(scenario: fs.Scenario) -> str:
    """All figures of a short run."""
    result = fs.simulate(scenario, replications=2, records=False).to_dict()
    return json.dumps({key: result[key] for key in ("kpis", "stages", "teams")}, sort_keys=True)


@cache
def as_it_was(folder: Path) -> tuple[fs.Scenario, str, str]:
    """The scenario before, its figures, and what `check` prints of it."""
    file = written(folder / "original.yaml", original().encode())
    scenario = fs.load(file)
    said = command(["check", file])
    assert said.done, said
    return scenario, figures(scenario), said.out + said.err


def outcome(number: int, folder: Path) -> Outcome:
    """What becomes of the mutated scenario of that number."""
    draw = random.Random(number)
    before, expected, printed = as_it_was(folder)
    text = mutated(original(), draw)
    content = text.encode(errors="surrogatepass")
    if draw.random() < 0.04:
        content = spoilt(content, draw)
    what = difference(original(), text)
    file = written(folder / "mutated.yaml", content)
    said = command(["check", file])
    ended = troubled(said, what)
    if ended is not None:
        return ended
    try:
        with limited():
            scenario = fs.load(file)
            if scenario.fingerprint == before.fingerprint:
                return Outcome(SAME, what)
            acts = figures(scenario) != expected
    except FunnelsimError as error:
        return Outcome(REFUSED, what, f"`check` takes it, a run does not: {error}")
    except EndlessError:
        return Outcome(ENDLESS, what)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        return Outcome(TRACEBACK, what, repr(error))
    if acts:
        return Outcome(ACTS, what)
    printed_now = (said.out + said.err).replace("mutated.yaml", "original.yaml")
    return Outcome(WARNED if printed_now != printed else SILENT, what, said.err)
