"""What is written of the deals that are open at the end of the data: their touches, and what they wait for."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

import funnelsim as fs
from calibration.exporting import export
from calibration.truths import CUT, RECORDED, firm
from funnelsim.calibration.fitting.fit import calibrate
from funnelsim.calibration.fitting.parts.fitted import StageFit
from funnelsim.calibration.fitting.parts.kinds import kinds_of
from funnelsim.calibration.fitting.parts.opening import opening
from funnelsim.calibration.fitting.parts.stays import Stays, stays
from funnelsim.calibration.history import OPEN, History


@pytest.fixture(scope="module")
def history() -> History:
    return export(firm(), start=RECORDED, end=CUT, seed=3, level=2)


def told(history: History, fits: Sequence[Stays]) -> list[dict[str, str]]:
    """The rows of the table of open deals; of what was estimated only how time is counted matters."""
    every = [StageFit(name, mine, None) for name, mine in zip(history.stages, fits, strict=True)]
    return list(csv.DictReader(io.StringIO(opening(history, kinds_of(history), every).text)))


def marked(history: History, **columns: float) -> History:
    """A history in which all open deals are alike: days from the entering, and the number of touches."""
    visits = history.visits
    rows = (visits.outcome == OPEN) & np.isnan(visits.left)
    put = {name: getattr(visits, name).copy() for name in ("entered", "first_touch", "last_touch", "touches")}
    put["entered"][rows] = history.as_of - columns["age"]
    for name in ("first_touch", "last_touch"):
        put[name][rows] = history.as_of - columns.get(name, np.nan)
    put["touches"][rows] = columns.get("touches", -1)
    return replace(history, visits=replace(visits, **put))


def fits_of(history: History, touches: float) -> list[Stays]:
    gaps = np.linspace(1, 20, 96)
    every = (stays(history, index) for index in range(len(history.stages)))
    return [replace(each, touches=touches, gaps=gaps, from_touch=True) for each in every]


@pytest.mark.parametrize(
    ("columns", "several", "row"),
    [
        ({}, 1.0, ("0", "", None)),  # nobody has touched it
        ({"first_touch": 9, "last_touch": 7}, 1.0, ("", "7 d", None)),
        ({"first_touch": 9, "last_touch": 7, "touches": 1}, 1.0, ("1", "7 d", None)),
        ({"first_touch": 9}, 1.0, ("0", "", None)),  # its touch is not over
        ({}, 3.0, ("0", "", "")),
        ({"first_touch": 9, "last_touch": 7, "touches": 2}, 3.0, ("2", "7 d", "")),
        ({"first_touch": 39, "last_touch": 27, "touches": 2}, 3.0, ("2", "27 d", "yes")),  # gaps end by 19 days
        ({"first_touch": 39, "last_touch": 27, "touches": 3}, 3.0, ("3", "27 d", "")),  # all are done
        ({"first_touch": 9}, 3.0, ("1", "9 d", "")),
        ({"first_touch": 44, "last_touch": 43, "touches": 3}, 3.0, ("3", "40 d", "")),  # not before the entering
    ],
)
def test_touches_are_told_as_they_are_known(
    history: History, columns: dict[str, float], several: float, row: tuple[str, str, str | None]
) -> None:
    found = told(marked(history, age=40, **columns), fits_of(history, several))
    assert found
    assert {(each["touches"], each["since_touch"], each.get("waiting")) for each in found} == {row}


def test_where_time_counts_from_the_entering_nothing_is_told_of_touches(history: History) -> None:
    fits = [replace(each, from_touch=index == 0) for index, each in enumerate(fits_of(history, 1.0))]
    found = told(marked(history, age=40, first_touch=9, last_touch=7), fits)
    since = {each["stage"]: each["since_touch"] for each in found}
    assert since == {name: "" if index else "7 d" for index, name in enumerate(history.stages)}


def test_a_firm_whose_owners_are_not_recorded_is_calibrated(history: History) -> None:
    """Its stages have no team, so waiting is in their time, counted from the entering."""
    nobody = replace(
        history,
        owners=(),
        teams=(),
        stage_team=(),
        visits=replace(history.visits, owner=np.full(len(history.visits), -1)),
    )
    made = calibrate(nobody)
    assert not made.scenario.spec.teams
    deals = made.scenario.spec.opening.deals
    assert len(deals) > 30
    assert all(deal.touches is None and deal.since_touch is None for deal in deals)
    assert "waiting included" in made.text
    won = fs.simulate(made.scenario.change({"horizon": "1 mo"}), replications=1).summary.kpis["won"].mean
    assert won is not None
    assert won > 0
