"""Small scenarios whose every moment can be worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from funnelsim import Scenario
from funnelsim.engine import compiled, simpy_engine
from funnelsim.model.compile import compile_model
from funnelsim.model.model import Model
from funnelsim.model.records import Records
from funnelsim.results import conservation
from twins.same import differences

HOUR = 3_600_000_000
OFFICE = {"office": {"days": "mon-fri", "hours": ["09:00-12:00", "13:00-18:00"]}}
DESK = {"desk": {"headcount": 1, "queue": "fifo"}}


@dataclass(frozen=True)
class Row:
    """One visit, in hours from the start (a Monday, 0:00)."""

    stage: str
    entered: float
    touched: float
    left: float
    outcome: str
    seat: int
    wait: float
    busy: float
    work: float
    paused: float
    buyer: float
    handoff: float
    held: float


class Played:
    """The records of one run, in hours and names."""

    def __init__(self, model: Model, records: Records) -> None:
        self.model = model
        self.records = records

    def lead(self, number: int) -> list[Row]:
        """The visits of a lead, counted from 1 in order of creation."""
        v = self.records.visits
        return [self._row(at) for at in range(len(v.lead)) if v.lead[at] == number - 1]

    def stage(self, name: str) -> list[Row]:
        """The first visit of each lead to a stage, in order of creation."""
        v, code = self.records.visits, self.model.stage_names.index(name)
        return [self._row(at) for at in range(len(v.lead)) if v.stage[at] == code and v.visit[at] == 1]

    def starts(self, name: str) -> list[float]:
        """When the first touch of each lead in a stage began, in order of creation."""
        return [row.touched for row in self.stage(name)]

    def _row(self, at: int) -> Row:
        v = self.records.visits
        outcome = self.model.outcome_names[v.outcome[at]] if v.outcome[at] >= 0 else ""
        seat = int(self.records.reps.seat[v.rep[at]]) if v.rep[at] >= 0 else -1
        times = (hours(getattr(v, part)[at]) for part in _PARTS)
        entered, touched, left = hours(v.entered[at]), hours(v.first_touch[at]), hours(v.left[at])
        return Row(self.model.stage_names[v.stage[at]], entered, touched, left, outcome, seat, *times)

    def tasks(self) -> list[tuple[float, float, float]]:
        """When each work for customers fell due, was begun and was done."""
        t = self.records.tasks
        assert t is not None
        return [(hours(a), hours(b), hours(c)) for a, b, c in zip(t.ready, t.started, t.ended, strict=True)]

    def busy(self, team: str) -> list[float]:
        """Hours at work of each person of a team, by seat."""
        reps, code = self.records.reps, self.model.team_names.index(team)
        return [hours(busy) for busy, at in zip(reps.busy, reps.team, strict=True) if at == code]


_PARTS = ("wait", "busy", "work", "paused", "buyer", "handoff", "held")


def hours(time: Any) -> float:
    """Microseconds as hours; -1 for a moment that never was."""
    return -1.0 if time < 0 else float(round(int(time) / HOUR, 9))


def play(stages: dict[str, Any], *arrivals: float, **more: Any) -> Played:
    """Run a scenario in which leads of the source `web` come at these hours, and keep its laws."""
    bursts = [{"at": f"{when:g} h", "leads": 1} for when in arrivals]
    made = {
        "funnelsim": 1,
        "start": "2026-01-05",
        "horizon": "10 d",
        "sources": {"web": {"bursts": bursts}} if bursts else {},
        "teams": DESK,
        "stages": stages,
    }
    model = compile_model(Scenario.from_dict({**made, **more}))
    return Played(model, on_both_engines(model))


def on_both_engines(model: Model, replication: int = 0) -> Records:
    """The records of a run, which keep the laws and are the same on either engine."""
    records = simpy_engine.run(model, 1, replication)
    conservation.check(records, model)
    assert differences(records, compiled.run(model, 1, replication)) == []
    return records
