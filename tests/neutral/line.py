"""The line that neutral settings are laid over, and ways to compare two runs of it."""

from __future__ import annotations

from typing import Any

import pandas as pd

import funnelsim as fs

REPLICATIONS = 2

LINE = """
funnelsim: 1
name: A line with a bit of everything
start: 2026-04-06
horizon: 60 d
warmup: 14 d
score_accuracy: 0.7
segments:
  small: {share: 2, value: {dist: lognormal, median: 9_000, sigma: 0.6}}
  large: {share: 1, value: {dist: gamma, mean: 40_000, cv: 0.5}}
sources:
  web:  {rate: 12 / d}
  fair: {rate: 2 / d, quality: 0.5}
teams:
  inside: {headcount: 2, queue: fifo}
  field:  {headcount: 3, queue: expected_value}
stages:
  qualify:
    team: inside
    touches: 2.4
    effort: {dist: exponential, mean: 70 min}
    gap: {dist: exponential, mean: 1 d}
    convert: 0.6
    quality_weight: 0.8
    otherwise: {no_fit: 0.7, no_reply: 0.3}
  demo:
    team: field
    effort: {small: 3 h, else: {dist: lognormal, mean: 9 h, cv: 0.6}}
    decision: {advanced: {dist: gamma, mean: 5 d, cv: 0.5}, lost: {dist: exponential, mean: 8 d}}
    convert: {small: 0.5, else: 0.4}
    quality_weight: 1.1
    otherwise: {qualify: 0.3, lost: 0.7}
  close:
    team: field
    continuity: any_rep
    effort: {dist: lognormal, mean: 6 h, cv: 1}
    convert: 0.7
"""
"""Busy enough to queue; outcomes depend on a lead's draws alone, not on waiting or on who did the work."""

KEY = ["replication", "lead"]
DRAWN = ["source", "segment", "created", "value", "quality", "score"]


def scenario(text: str = LINE) -> Any:
    """A scenario from its text."""
    return fs.Scenario.from_text(text)


NAMES = {
    "stages": ("qualify", "demo", "close"),
    "teams": ("inside", "field"),
    "sources": ("web", "fair"),
}


def changed(change: dict[str, Any]) -> Any:
    """The line with a change laid over it, where ``stages.each.x`` stands for x of every stage.

    The scenario language has ``*`` for that, but only for names that have the rest of the path already.
    """
    spread: dict[str, Any] = {}
    for path, value in change.items():
        room, _, rest = path.partition(".each.")
        spread |= {f"{room}.{name}.{rest}": value for name in NAMES[room]} if rest else {path: value}
    return scenario().change(spread)


def run(scene: Any, seed: int = 1) -> Any:
    """The result of a few replications."""
    return fs.simulate(scene, replications=REPLICATIONS, seed=seed)


def assert_same(one: Any, other: Any, apart: tuple[str, ...] = (), **renamed: str) -> None:
    """Hold every record of two runs equal to the last bit.

    ``apart`` names columns that may differ; ``renamed`` maps names of ``other`` to those of ``one``.
    """
    for kind in ("visits", "leads", "reps"):
        expected, frame = one.records(kind), other.records(kind)
        for column in frame.columns.intersection(["stage", "source", "team", "outcome", "lead", "rep", "part"]):
            expected[column], frame[column] = expected[column].astype(object), frame[column].astype(object)
            for new, old in renamed.items():
                frame[column] = frame[column].str.replace(f"^{new}(?=$|-)", old, regex=True)
        expected, frame = (table.drop(columns=list(apart), errors="ignore") for table in (expected, frame))
        pd.testing.assert_frame_equal(expected, frame, check_exact=True, obj=kind)


def assert_same_draws(one: Any, other: Any, fewest: int = 500) -> None:
    """Hold what leads draw equal in two runs, visit by visit; at least ``fewest`` must be shared."""
    here, there = (r.records("leads").set_index(KEY)[DRAWN] for r in (one, other))
    shared = here.index.intersection(there.index)
    assert len(shared) >= fewest
    pd.testing.assert_frame_equal(here.loc[shared], there.loc[shared], check_exact=True, check_categorical=False)
    at = [*KEY, "stage", "visit"]
    ended = [r.records("visits").astype({"stage": object, "outcome": object}).set_index(at) for r in (one, other)]
    first, second = (v[v["left"].notna()][["work", "buyer", "outcome"]] for v in ended)
    both = first.index.intersection(second.index)
    assert len(both) >= fewest
    pd.testing.assert_frame_equal(first.loc[both], second.loc[both], check_exact=True)
