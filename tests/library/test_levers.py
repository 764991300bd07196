"""Levers and presets of very different kinds can be written as files.

The files in levers/ are bare fragments without sources: they show what the language can say. Each is laid over the
mid-market company, finds everything it names, and runs.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.errors import Unheeded
from funnelsim.model.records import Records
from funnelsim.scenario.reading.reader import read_file

HERE = Path(__file__).parent
LEVERS = sorted(path.stem for path in (HERE / "levers").glob("*.yaml"))

LATER = {
    "accelerator",  # commission is paid on bookings, and pressure is felt late in a quarter
    "attrition_down",  # nobody leaves in these weeks
    "campaign",  # the first fair is in June
    "finite_market",  # the list lasts longer
    "hiring_plan",  # the first hire comes in August
    "yearly_quota",  # pressure is felt late in a quarter
}
"""Levers whose effect comes after six weeks."""


@cache
def company() -> fs.Scenario:
    """What levers are laid over."""
    return fs.load(HERE / "company.yaml")


@cache
def base_run() -> fs.Result:
    """The company without levers."""
    return fs.simulate(company(), replications=1)


def same(one: Records, other: Records) -> bool:
    """Whether two runs of models with the same names left the same visits and customers."""
    pairs = [*zip(one.visits, other.visits, strict=True), *zip(one.customers, other.customers, strict=True)]
    return all(np.array_equal(left, right) for left, right in pairs)


def test_the_company_loads_without_warnings() -> None:
    """But for its quota of a quarter, which is longer than its run."""
    (said,) = company().warnings
    assert said.startswith("teams.field_sales.quota: no whole quarter of it lies within the run")


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_finds_what_it_names_and_runs(name: str) -> None:
    changed = company().with_levers(name)
    assert [
        warning for warning in changed.warnings if isinstance(warning, Unheeded)
    ] == []  # it finds all it names
    assert changed.fingerprint != company().fingerprint
    result = fs.simulate(changed, replications=1)
    assert result.summary.kpis["created"].mean > 0
    assert same(result.replicates[0], base_run().replicates[0]) == (name in LATER)


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_says_what_it_is(name: str) -> None:
    document = read_file(HERE / "levers" / f"{name}.yaml")
    assert document["lever"] == name
    assert document["title"]
