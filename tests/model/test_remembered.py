"""What is remembered between scenarios: it equals what is made anew, and does not grow without bound."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from funnelsim.errors import ScenarioError
from funnelsim.lasting import while_it_lives
from funnelsim.model.compile import compile_model
from funnelsim.model.model import Model
from funnelsim.model.numbers import inversion
from funnelsim.model.time import arrivals, calendars
from funnelsim.scenario import Scenario
from funnelsim.scenario.changing.typed import read_spec
from random_scenarios.documents import document
from random_scenarios.laws import scenario_of
from random_scenarios.luck import seeded

MEMORIES = (
    inversion.form_of, inversion._gamma_table, inversion._scipy_table,
    calendars.open_times, calendars._holidays, arrivals._growth,
)  # fmt: skip
CHANGES: tuple[dict[str, Any], ...] = (
    {"stages.*.effort": {"multiply": 1.1}},
    {"teams.*.headcount": {"add": 1}},
    {"sources.*.rate": {"multiply": 0.9}},
    {"horizon": "40 d"},
)


def _forget() -> None:
    for each in MEMORIES:
        each.cache_clear()


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every table, with its type and bytes."""
    if isinstance(value, np.ndarray):
        yield path, (value.dtype.str, value.shape, value.tobytes())
    elif isinstance(value, tuple):
        for name, part in zip(getattr(value, "_fields", range(len(value))), value, strict=True):
            yield from _leaves(part, f"{path}.{name}")
    else:
        yield path, value


def _told(model: Model) -> dict[str, Any]:
    whole = (model.periods, model.plans, model.prices, model.bursts, model.edges, model.fingerprint)
    return dict(_leaves(whole))


def _random(seed: int) -> Scenario | None:
    return scenario_of(document(seeded(seed), phased=seed % 2 == 0))


def _changed(scenario: Scenario, change: dict[str, Any]) -> Model | None:
    try:
        return compile_model(scenario.change(change))
    except ScenarioError:
        return None  # of a random scenario a change may make a wrong one


def _compare(seeds: range) -> int:
    """Compare tables from memory with those made anew; how many were compared."""
    compared = 0
    for seed in seeds:
        change = CHANGES[seed % len(CHANGES)]
        scenario = _random(seed)
        if scenario is None:
            continue
        warm = [compile_model(scenario), _changed(scenario, change), compile_model(scenario)]
        fresh: list[Model | None] = []
        for changes in (False, True, False):
            _forget()
            anew = _random(seed)  # read whole, as if nothing had been read before
            assert anew is not None
            fresh.append(_changed(anew, change) if changes else compile_model(anew))
        for old, new in zip(warm, fresh, strict=True):
            assert (old is None) == (new is None)
            if old is not None and new is not None:
                assert _told(old) == _told(new), seed
                compared += 1
    return compared


def test_tables_from_memory_are_those_made_anew() -> None:
    assert _compare(range(12)) > 20


@pytest.mark.slow
def test_many_tables_from_memory_are_those_made_anew() -> None:
    assert _compare(range(12, 600)) > 1000


def test_what_a_change_leaves_is_as_if_it_were_read_again() -> None:
    compared = 0
    for seed in range(20):
        scenario = _random(seed)
        if scenario is None:
            continue
        try:
            changed = scenario.change(CHANGES[seed % 3])
        except ScenarioError:
            continue
        anew = read_spec(changed.composed.document)
        assert changed.spec == anew
        assert changed.spec.stages is not scenario.spec.stages
        left = [name for name, team in scenario.spec.teams.items() if changed.spec.teams[name] is team]
        compared += bool(left)
    assert compared > 3


def test_memories_are_bounded() -> None:
    assert all(each.cache_parameters()["maxsize"] is not None for each in MEMORIES)


def test_what_is_shared_cannot_be_written_to() -> None:
    table = inversion._gamma_table(2.0, 3.0)
    times = calendars.open_times(calendars.Calendar(), calendars.dt.date(2026, 1, 1), calendars.DAY)
    for column in (*table, times.opens, times.closes):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 0.0


class Thing:
    """Something that can be given up."""


def test_what_was_made_of_a_thing_goes_with_it() -> None:
    asked: list[str] = []

    @while_it_lives
    def made(of: Thing) -> Thing:
        asked.append("")
        return Thing()

    one, other = Thing(), Thing()
    assert made(one) is made(one)
    assert made(one) is not made(other)
    assert len(asked) == 2
    result = weakref.ref(made(one))
    del one
    gc.collect()
    assert result() is None
