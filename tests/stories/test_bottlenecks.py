"""Bottlenecks known by arithmetic, found by load, growing queues, waiting, and the gain from one more rep."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import funnelsim as fs

from .paired import SEED


def _script() -> ModuleType:
    """The benchmark that writes the page of known answers."""
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "known_answers.py"
    spec = importlib.util.spec_from_file_location("known_answers", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


answers = _script()
IS, FS, CS = range(3)
LIMITS = {
    "6/5/4/500": None,  # at 0.96, with CS at 0.94, it depends on luck which queue grows within a year
    "6/6/4/500": set(),
    "6/4/4/500": {"FS"},
    "6/6/3/500": {"CS"},
    "3/6/4/500": {"IS"},
    "6/5/4/700": {"FS"},
}
"""Teams that must be found to limit the line; CS may join where it is loaded by more than 0.9."""


@pytest.mark.parametrize("variant", answers.VARIANTS, ids=lambda variant: variant.name)
def test_expected_loads(variant: Any) -> None:
    """By the flow balance of the language, with the hours of the calendar: 163.6 a month instead of 160.

    The arithmetic of customer success holds the base at 240 and counts no more wins than field sales can make;
    the flow balance lets the base follow the wins, and lets field sales win whatever comes.
    """
    found = [load * 163.6 / 160 for load in answers.expected_loads(variant)]
    for team in (IS, FS):
        assert found[team] == pytest.approx(variant.loads[team], abs=0.03)
    near = 0.11 if variant.name in ("3/6/4/500", "6/5/4/700") else 0.03
    assert found[CS] == pytest.approx(variant.loads[CS], abs=near)


def test_field_sales_limits_a_line_that_has_too_few_of_them() -> None:
    """Four people for the work of nearly five: their queue grows, and those who are as busy limit nothing."""
    variant = next(each for each in answers.VARIANTS if each.name == "6/4/4/500")
    result = fs.simulate(variant.scenario(9).change({"warmup": "2 mo"}), replications=4, seed=SEED)
    inside, field, care = (result.summary.teams[team] for team in answers.TEAMS)
    assert [each.team for each in result.limit if each.limits] == ["field_sales"]
    assert field["queue_growth"].low > 0
    assert field["load"].low > 1
    assert inside["utilisation"].mean + inside["filler"].mean > 0.99
    assert field["wait_open"].mean > 10 * max(inside["wait_open"].mean, care["wait_open"].mean)


@pytest.mark.slow
@pytest.mark.parametrize("variant", answers.VARIANTS, ids=lambda variant: variant.name)
def test_known_answers(variant: Any) -> None:
    known = answers.Known(variant, 18, 4)
    print(" | ".join(answers.cells(known)))
    limits = LIMITS[variant.name]
    named = set(known.limits())
    if limits is not None:
        assert limits <= named
        assert named <= limits | ({"CS"} if variant.loads[CS] > 0.9 else set())
    won = [known.gain(team, "won").mean() for team in (IS, FS, CS)]
    if variant.loads[FS] > 1.1:
        assert won[FS] > 3 * max(won[IS], won[CS], 0.1)
    elif limits == {"IS"}:
        assert won[IS] > 3 * max(won[FS], won[CS], 0.1)
    elif variant.loads[FS] < 0.9:
        assert abs(won[FS]) < 0.3
        assert abs(won[CS]) < 0.3
    if limits == {"CS"}:
        # Onboarding has a deadline and goes before care: as many customers are brought to use, and care is missed.
        assert abs(known.gain(CS, "live").mean()) < 0.3
        assert known.base.summary.kpis["care_missed"].low > 0.1
        assert known.with_one_more(CS).summary.kpis["care_missed"].high < 0.02
        assert known.with_one_more(FS).summary.kpis["care_missed"].low > 0.1


DIAGNOSED = {
    "6/5/4/500": (("field_sales",), "barely"),
    "6/6/4/500": (("leads",), "clear"),
    "6/4/4/500": (("field_sales",), "clear"),
    "6/6/3/500": (("leads",), "clear"),  # what customer success is short of is care, which holds no lead up
    "3/6/4/500": (("inside_sales",), "clear"),
    "6/5/4/700": (("field_sales",), "clear"),
}
"""What a diagnosis names, and how clear it is: as arithmetic does, customer success of the last apart, which is
loaded .92 as long as field sales holds deals back."""


@pytest.mark.slow
@pytest.mark.parametrize("variant", answers.VARIANTS, ids=lambda variant: variant.name)
def test_diagnosed(variant: Any) -> None:
    found = fs.diagnose(variant.scenario(36), equation=False)
    assert (found.limit, str(found.place.limit.certainty)) == DIAGNOSED[variant.name]
    if variant.name == "6/5/4/700":
        assert found.after is not None
        assert found.after.limit.names[0] == "customer_success"
    if variant.name == "6/6/3/500":
        (care,) = (each for each in found.staffing if each.team == "customer_success")
        assert care.needed is not None
        assert care.needed > care.headcount


def test_diagnosed_in_a_year() -> None:
    """Field sales is too small by a fifth, and a person of inside sales would do more good there."""
    variant = next(each for each in answers.VARIANTS if each.name == "6/4/4/500")
    scenario = variant.scenario(12).change({"warmup": "3 mo"})
    found = fs.diagnose(scenario, replications=5, equation=False)
    assert (found.limit, str(found.place.limit.certainty)) == DIAGNOSED[variant.name]
    elevated = found.steps.loc["elevate"]
    moved = next(name for name in elevated.index if name.startswith("one moved from inside sales to field sales"))
    assert elevated.loc[moved, "verdict"] == "more"
    assert elevated.loc[moved, "cost"] == pytest.approx((218_750 - 106_250) / 12, rel=0.01)
