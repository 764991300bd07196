"""Lines that are played, and what their tapes say, read without the code that wrote them."""

from __future__ import annotations

import base64
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import funnelsim as fs
from funnelsim.experiments.running.replications import replicate
from funnelsim.model.compile import compile_model
from funnelsim.model.model import Model
from funnelsim.model.records import COMPLETED, ENTERED, QUEUED, STARTED, WON, Records
from funnelsim.views.player.tape import Tape

MINUTE = 60_000_000

PRESSED = """\
funnelsim: 1
name: 東京 <desk>
horizon: 26 w
warmup: 6 w
currency: JPY
start: 2026-01-05
calendars: {office: {days: mon-fri, hours: ["09:00-17:00"]}}
segments: {any: {value: {dist: lognormal, median: 100_000, sigma: 0.5}}}
sources: {web: {rate: 3 / d}}
opening:
  deals: [{stage: propose, value: 90_000, age: 3 d}, {stage: start, value: 50_000, age: 1 w, booked: true}]
teams:
  desk: {headcount: 1, queue: fifo, calendar: office, label: 窓口}
  field: {headcount: 2, queue: due, calendar: office, label: "Field <b>"}
  care: {headcount: 1, queue: fifo, calendar: office}
stages:
  serve: {team: desk, effort: {dist: exponential, mean: 1 h}, convert: 0.6, patience: 2 d}
  think: {convert: 0.9, decision: 2 d, label: "考える"}
  propose:
    team: field
    effort: 6 h
    touches: 2
    gap: 1 d
    convert: 0.4
    books: true
    timeout: 3 w
    on: {expired: wait}
  start: {team: care, effort: 2 h}
  wait: {aside: true, convert: 0.5, decision: 2 w, next: propose}
"""
"""Queues that grow, opening leads, a stage without people, one aside, and work behind the booking."""

SHIPPED = ("mid_market", "story_customers_wishes")
"""Customers, expansions, referrals, work of teams for customers; and churn."""

SCENARIOS = Path(__file__).parents[3] / "scenarios"


@cache
def played(text: str, replication: int = 0) -> tuple[Records, Model]:
    """One replication of a scenario, by its text or the name of a shipped one, which is run for 40 weeks."""
    scenario = fs.Scenario.from_text(text) if "\n" in text else fs.load(SCENARIOS / f"{text}.yaml")
    model = compile_model(scenario if "\n" in text else scenario.change({"horizon": "40 w"}))
    return replicate(model, 1, replication, "compiled", events=True, keep=True), model


def columns(tape: Tape) -> dict[str, np.ndarray]:
    """The columns of a tape, read byte by byte."""
    numbers: list[int] = []
    value = shift = 0
    for byte in zlib.decompress(base64.b64decode(tape.data)):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(value)
            value = shift = 0
    made, at = {}, 0
    for name, length in tape.columns:
        made[name] = np.array(numbers[at : at + length], np.int64)
        at += length
    assert at == len(numbers)
    return made


class Film:
    """A tape at any minute."""

    def __init__(self, tape: Tape) -> None:
        self.columns = columns(tape)
        counts = self.columns["changes"]
        self.first = np.cumsum(counts) - counts
        self.last = np.cumsum(counts) - 1
        first, self.minute, at = 0, np.zeros(len(self.columns["gap"]), np.int64), 0
        for count in counts.tolist():
            before = first
            for row in range(at, at + count):
                before += int(self.columns["gap"][row])
                self.minute[row] = before
            first = int(self.minute[at])
            at += count

    def codes(self, minute: int) -> np.ndarray:
        """The code of each lead at a minute; -1 before its creation."""
        come = np.add.reduceat(self.minute <= minute, self.first)
        return np.where(come > 0, self.columns["code"][self.first + np.maximum(come - 1, 0)], -1)

    def counts(self, minute: int, stages: int) -> tuple[np.ndarray, np.ndarray]:
        """Leads by stage and state, and by fate."""
        codes = self.codes(minute)
        codes = codes[codes >= 0]
        places = np.bincount(codes // 3, minlength=1 + 3 * stages)
        return places[1:].reshape(stages, 3), np.bincount(codes % 3, minlength=3)


def work_of(film: Film, end: int) -> dict[int, list[tuple[int, int]]]:
    """By rep the spans in which something is in hand, in order."""
    rows = film.columns
    ends = np.append(film.minute[1:], 0)
    ends[film.last] = end
    place = rows["code"] // 3
    working = (place > 0) & ((place - 1) % 3 == 2)
    spans = list(zip(rows["rep"].tolist(), film.minute[working].tolist(), ends[working].tolist(), strict=True))
    begun = np.cumsum(rows["also_gap"])
    spans += zip(rows["also_rep"].tolist(), begun.tolist(), (begun + rows["also_length"]).tolist(), strict=True)
    found: dict[int, list[tuple[int, int]]] = {}
    for rep, start, stop in sorted(spans):
        found.setdefault(rep, []).append((start, stop))
    return found


def recomputed(records: Records, model: Model, minute: int) -> tuple[np.ndarray, np.ndarray]:
    """The same as `Film.counts` and of reps, from the records alone: visits and the log, up to a minute."""
    events, stages = records.events, len(model.stage_names)
    assert events is not None
    upto = minute * MINUTE
    visits = records.visits
    inside = (np.maximum(visits.entered, 0) <= upto) & ((visits.outcome < 0) | (visits.left > upto))
    counts = np.zeros((stages, 3), np.int64)
    seen = events.time <= upto
    last: dict[int, tuple[Any, ...]] = {}
    for lead, stage, kind in zip(
        events.lead[seen].tolist(), events.stage[seen].tolist(), events.kind[seen].tolist(), strict=True
    ):
        if kind in (ENTERED, QUEUED, STARTED, COMPLETED):
            last[lead] = (stage, kind)
    for lead, stage in zip(visits.lead[inside].tolist(), visits.stage[inside].tolist(), strict=True):
        assert last[lead][0] == stage
        counts[stage, {ENTERED: 0, COMPLETED: 0, QUEUED: 1, STARTED: 2}[last[lead][1]]] += 1
    leads = records.leads
    there = np.maximum(leads.created, 0) <= upto
    won = there & (leads.outcome == WON) & (leads.ended <= upto)
    lost = there & (leads.outcome >= 0) & (leads.outcome != WON) & (leads.ended <= upto)
    return counts, np.array([there.sum() - won.sum() - lost.sum(), won.sum(), lost.sum()])
