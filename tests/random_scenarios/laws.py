"""The laws that each random scenario must keep."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from funnelsim import Scenario
from funnelsim.engine.simpy_engine.run import Run
from funnelsim.errors import ScenarioError
from funnelsim.model.compile import compile_model
from funnelsim.model.model import Model
from funnelsim.model.records import Records
from funnelsim.results import conservation

from . import audit, rewrites
from .documents import FOLDER

SEED = 7


def scenario_of(made: dict[str, Any]) -> Scenario | None:
    """The scenario of a document; None if the language refuses it."""
    try:
        scenario = Scenario.from_dict(made, FOLDER)
        if scenario.spec.opening.deals:
            compile_model(scenario)  # which holds rows of open deals to what their stages are
        return scenario
    except ScenarioError:
        return None


def hold(made: dict[str, Any], number: int | None = None) -> bool:
    """Hold a document to all laws; False if the language refuses it.

    ``number`` picks one of the comparisons with a second run, to save time; by default all are made.
    """
    scenario = scenario_of(made)
    if scenario is None:
        return False
    model = compile_model(scenario)
    records = run(model, events=True)
    audit.one_thing_at_a_time(records)
    expected = digest(records)
    for at, (name, change) in enumerate(COMPARISONS.items()):
        if number is not None and at != number % len(COMPARISONS):
            continue
        other = scenario_of(change(made))
        assert other is not None, f"{name}: the rewritten scenario is refused"
        again = compile_model(other)
        second = rewrites.trimmed(run(again), again)
        assert digest(second) == expected, f"{name} changed {difference(records, second)}"
    return True


COMPARISONS = {"the same seed again, without a log": dict, **rewrites.REWRITES}
"""Changes of a document that leave all records as they were."""


class AuditedRun(Run):
    """A run whose state is audited at the horizon."""

    def _close(self) -> Records:
        audit.people(self)
        audit.seats(self)
        audit.places(self)
        audit.lines(self)
        return super()._close()


def run(model: Model, events: bool = False) -> Records:
    """One replication, audited."""
    records = AuditedRun(model, SEED, 0, events).run()
    conservation.check(records, model)
    audit.revenue(records)
    return records


def digest(records: Records) -> str:
    """A hash of every byte of the records, the event log apart."""
    total = hashlib.sha256()
    for name, column in _columns(records):
        total.update(name.encode())
        total.update(np.ascontiguousarray(column).tobytes())
    return total.hexdigest()


def difference(one: Records, other: Records) -> str:
    """Names of the columns in which two records differ."""
    pairs = zip(_columns(one), _columns(other), strict=True)
    names = [name for (name, a), (_, b) in pairs if a.tobytes() != b.tobytes()]
    return ", ".join(names[:8])


def _columns(records: Records) -> list[tuple[str, np.ndarray]]:
    parts = ("visits", "leads", "reps", "series", "waits", "customers", "moves", "tasks")
    return [
        (f"{part}.{name}", column) for part in parts for name, column in getattr(records, part)._asdict().items()
    ]
