"""Bare Numba loops for M1: how fast the line could be without features, and with what every lead must have.

The first draws from a running generator, as anybody would. The second takes the draws that the model's rules ask
for: each keyed by lead, stage and purpose, by the model's own functions; so it has the engine's arrivals, efforts
and outcomes, lead for lead. The third also writes down the rows that the engine writes. What lies between the last
and the engine is the cost of features that a scenario may use and this one does not.
"""

from __future__ import annotations

import types
from typing import Any

import numba
import numpy as np
from peers import MEANS, PASSES, REPS, Row

from funnelsim.engine.compiled.machine.structs import row_words
from funnelsim.engine.compiled.world.rows import Leads, Visits
from funnelsim.model.numbers import arithmetic, draws, philox
from funnelsim.model.numbers.draws import ARRIVAL, EFFORT, OUTCOME, QUALITY, name_hash24, name_hash32

ENTITY = name_hash32("web")
WORDS = np.array([name_hash24(f"stage_{k}") << 8 for k in range(len(REPS))])
LIMIT = 4096
"""Leads in the line, and events, at most."""


def _compiled() -> Any:
    """The model's functions of draws, compiled by themselves."""
    names: dict[str, Any] = {}
    for module in (philox, arithmetic, draws):
        for name, thing in vars(module).items():
            if isinstance(thing, types.FunctionType) and thing.__module__ == module.__name__:
                copy = types.FunctionType(thing.__code__, names, name, thing.__defaults__)
                names[name] = numba.njit(error_model="numpy")(copy)
            else:
                names.setdefault(name, thing)
    return names


_rules = _compiled()
_uniform, _log, _quantile, _expit = (_rules[name] for name in ("uniform", "log", "normal_quantile", "expit"))


@numba.njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _push(times: Any, kinds: Any, size: int, when: float, kind: int) -> int:
    at = size
    while at > 0 and times[(at - 1) // 2] > when:
        times[at], kinds[at] = times[(at - 1) // 2], kinds[(at - 1) // 2]
        at = (at - 1) // 2
    times[at], kinds[at] = when, kind
    return size + 1


@numba.njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _sink(times: Any, kinds: Any, size: int) -> None:
    """Put the last entry into the place of the first."""
    when, kind, at, child = times[size], kinds[size], 0, 1
    while child < size:
        if child + 1 < size and times[child + 1] < times[child]:
            child += 1
        if times[child] >= when:
            break
        times[at], kinds[at] = times[child], kinds[child]
        at, child = child, 2 * child + 1
    times[at], kinds[at] = when, kind


@numba.njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _featureless(days: float, seed: int, reps: Any, means: Any, passes: Any) -> int:
    """M1 without any feature: an event is a time and a stage, a queue is a count."""
    np.random.seed(seed)
    times = np.empty(LIMIT)
    stages = np.empty(LIMIT, dtype=np.int64)
    free, waiting = reps.copy(), np.zeros(len(reps), dtype=np.int64)
    size, leads = 1, 0
    times[0] = np.random.exponential(1 / 40)
    stages[0] = -1
    while True:
        now, stage = times[0], stages[0]
        if now >= days:
            return leads
        size -= 1
        _sink(times, stages, size)
        enters = 0
        if stage < 0:
            leads += 1
            size = _push(times, stages, size, now + np.random.exponential(1 / 40), -1)
        else:
            enters = stage + 1 if stage + 1 < len(reps) and np.random.random() < passes[stage] else -1
            if waiting[stage] > 0:
                waiting[stage] -= 1
                size = _push(times, stages, size, now + np.random.exponential(means[stage]), stage)
            else:
                free[stage] += 1
        if enters >= 0:
            if free[enters] > 0:
                free[enters] -= 1
                size = _push(times, stages, size, now + np.random.exponential(means[enters]), enters)
            else:
                waiting[enters] += 1


@numba.njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _keyed(days: float, seed: int, reps: Any, means: Any, odds: Any, words: Any, rows: Any, lead_rows: Any) -> Any:
    """M1 with keyed draws: a lead is a number, a queue a ring of them; rows are written where there is room."""
    stages = len(reps)
    times, kinds = np.empty(LIMIT), np.empty(LIMIT, dtype=np.int64)
    waiting, head, tail = (
        np.empty((stages, LIMIT), dtype=np.int64),
        np.zeros(stages, np.int64),
        np.zeros(stages, np.int64),
    )
    entered, began, qualities = np.empty(LIMIT), np.empty(LIMIT), np.empty(LIMIT)
    free = reps.copy()
    size, leads, row, lead_row = 1, 0, 0, 0
    target = -_log(1.0 - _uniform(seed, 0, ENTITY, 1, ARRIVAL, 0, 0))
    times[0], kinds[0] = target / 40, -1
    while times[0] < days:
        now, kind = times[0], kinds[0]
        size -= 1
        _sink(times, kinds, size)
        lead, stage, enters = leads, -1, 0
        if kind < 0:
            leads += 1
            lead = leads
            qualities[lead % LIMIT] = _quantile(_uniform(seed, 0, ENTITY, lead, QUALITY, 0, 0))
            target -= _log(1.0 - _uniform(seed, 0, ENTITY, lead + 1, ARRIVAL, 0, 0))
            size = _push(times, kinds, size, target / 40, -1)
        else:
            lead, stage = kind // stages, kind % stages
            chance = _expit(odds[stage])
            passes = chance >= 1.0 or _uniform(seed, 0, ENTITY, lead, words[stage] | OUTCOME, 0, 0) < chance
            enters = stage + 1 if passes and stage + 1 < stages else -1
            at = lead % LIMIT
            if row < len(rows):
                for k in range(rows.shape[1]):
                    rows[row, k] = lead
                rows[row, 5], rows[row, 6], rows[row, 7] = entered[at], began[at], now
                row += 1
            if enters < 0 and lead_row < len(lead_rows):
                for k in range(lead_rows.shape[1]):
                    lead_rows[lead_row, k] = lead
                lead_rows[lead_row, 10], lead_rows[lead_row, 19] = now, qualities[at]
                lead_row += 1
            free[stage] += 1
        if enters >= 0:
            entered[lead % LIMIT] = now
            waiting[enters, tail[enters] % LIMIT] = lead
            tail[enters] += 1
        for chooses in (stage, enters):
            if chooses >= 0 and free[chooses] > 0 and head[chooses] < tail[chooses]:
                next_lead = waiting[chooses, head[chooses] % LIMIT]
                head[chooses] += 1
                free[chooses] -= 1
                began[next_lead % LIMIT] = now
                u = _uniform(seed, 0, ENTITY, next_lead, words[chooses] | EFFORT, 0, 0)
                size = _push(
                    times, kinds, size, now - means[chooses] * _log(1.0 - u), next_lead * stages + chooses
                )
    return leads, row


def keyed(days: int, seed: int, rows: Any, lead_rows: Any) -> tuple[int, int]:
    """Run the line with keyed draws; how many leads there were, and how many rows of visits were written."""
    odds = np.array([np.inf if share >= 1.0 else np.log(share / (1.0 - share)) for share in PASSES])
    leads, written = _keyed(float(days), seed, np.array(REPS), np.array(MEANS), odds, WORDS, rows, lead_rows)
    return int(leads), int(written)


def rooms(days: int) -> tuple[Any, Any]:
    """Room for the rows of visits and leads, with plenty to spare."""
    leads = 50 * days + 1000
    return np.empty((2 * leads, row_words(Visits))), np.empty((leads, row_words(Leads)))


def floors(days: int) -> list[Row]:
    """The three loops."""
    reps, means, passes = np.array(REPS), np.array(MEANS), np.array(PASSES)
    rows, none = rooms(days), (np.empty((0, 1)), np.empty((0, 1)))
    return [
        Row("bare Numba loop", days, lambda seed: int(_featureless(float(days), seed, reps, means, passes))),
        Row("... with keyed draws", days, lambda seed: keyed(days, seed, *none)[0]),
        Row("... and with rows of records: the floor", days, lambda seed: keyed(days, seed, *rows)[0]),
    ]
