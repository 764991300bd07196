"""What users are handed stays as it was made: setting an attribute is refused with what to do instead."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.engine.simpy_engine.own.hooks import Hook
from funnelsim.scenario.scenario import Scenario

DESK = Scenario.from_dict(
    {
        "horizon": "2 w",
        "sources": {"web": {"rate": "2 / h"}},
        "teams": {"desk": {"headcount": 3, "queue": "fifo"}},
        "stages": {"serve": {"team": "desk", "effort": "1 h"}},
    }
)
PUBLIC = [getattr(fs, name) for name in fs.__all__ if inspect.isclass(getattr(fs, name))]
HANDED = [one for one in PUBLIC if not issubclass(one, BaseException | Hook)]
"""All public classes but errors, and those from which users derive their own."""


def _refused(one: Any, name: str) -> str:
    with pytest.raises(fs.ArgumentError) as refused:
        setattr(one, name, "x")
    assert isinstance(refused.value, AttributeError)
    with pytest.raises(fs.ArgumentError, match="cannot be removed"):
        delattr(one, name)
    return str(refused.value)


@pytest.mark.parametrize("handed", HANDED)
def test_no_object_of_a_public_class_is_changed(handed: type) -> None:
    one = object.__new__(handed)
    one.__dict__["_made_whole"] = True  # as after `__init__`: most take a minute to come by
    said = _refused(one, "seed")
    assert said.startswith(f"{handed.__name__}.seed cannot be set: ")
    assert len(said) > 60


def test_the_remedy_can_be_followed() -> None:
    assert "scenario.change({'name': 'x'})" in _refused(DESK, "name")
    assert DESK.change({"name": "x"}).name == "x"
    assert "scenario.change({" in _refused(DESK.spec.teams["desk"], "headcount")
    assert "fs.Study.of(scenario, ...)" in _refused(fs.Study.of(DESK, {"horizon": ["2 w", "3 w"]}), "arms")
    assert "make another one with it: trials='x'" in _refused(fs.Budget(10), "trials")


def test_what_came_out_is_not_changed_and_travels() -> None:
    result = fs.simulate(DESK, replications=2, seed=1)
    assert "run again" in _refused(result, "kpis")
    assert "run again" in _refused(
        fs.compare({"a": DESK, "b": DESK.change({"warmup": "1 d"})}, replications=2), "arms"
    )
    for again in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result)):
        assert again.kpis.equals(result.kpis)
        _refused(again, "kpis")
