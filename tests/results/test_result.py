"""What a result shows: the JSON document, the tables, the records with names, the page in a notebook."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.model import records as rec
from funnelsim.results.labels import lead_labels, rep_labels
from funnelsim.results.reading import read
from funnelsim.results.result import Result

from . import samples

ROOT = Path(__file__).parents[2]


def result(*runs: rec.Records, **changes: Any) -> Result:
    model = samples.model(**changes)
    readings = [read(each, model) for each in runs or (samples.records(),)]
    return Result(model, readings, 7, "simpy", "0.1", ("a word",))


# --- JSON -----------------------------------------------------------------------------------------------------


def test_document_has_the_keys_of_the_interface() -> None:
    document = result().to_dict()
    assert list(document) == [
        "scenario", "fingerprint", "version", "engine", "seed", "laid_over", "replications", "counted",
        "kpis", "stages", "teams", "handoffs", "warnings",
    ]  # fmt: skip
    assert (document["scenario"], document["seed"], document["replications"]) == ("見本 & sample", 7, 1)
    assert document["kpis"]["cycle_time"] == {
        "mean": pytest.approx(3), "low": None, "high": None, "range_low": None, "range_high": None, "undefined": 0,
        "unit": "h",
    }  # fmt: skip
    stage = {
        "entered", "advanced", "rejected", "blocked", "dropped", "expired", "burned", "churned", "lost", "moved",
        "conversion", "conversion_period", "wait", "work", "buyer", "handoff", "held", "paused",
        "time_in_stage", "wip", "queue",
    }  # fmt: skip
    assert stage <= set(document["stages"]["sell"])
    assert {"headcount", "utilisation", "filler", "queue", "wait"} <= set(document["teams"]["field"])


def test_document_is_strict_json_with_null_for_what_does_not_exist() -> None:
    document = json.loads(result(samples.empty()).to_json(), parse_constant=pytest.fail)
    assert document["kpis"]["win_rate"] is None
    won = document["kpis"]["won"]
    assert (won["mean"], won["unit"]) == (0, "leads")
    assert won["low"] is won["high"] is won["range_low"] is won["range_high"] is None
    assert document["stages"]["call"]["wait"] is None


def test_json_keeps_names_readable() -> None:
    assert "見本" in result().to_json()


def test_figures_need_no_pandas() -> None:
    code = (
        "import sys; sys.modules['pandas'] = None; sys.path.insert(0, 'tests')\n"
        "from results import samples; from funnelsim.results.result import Result\n"
        "from funnelsim.results.reading import read\n"
        "run = Result(samples.model(), [read(samples.records(), samples.model())], 1, 'simpy', '0')\n"
        "run.to_json(), run.verdict, run.warnings\n"
        "print(run)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "<Result of '見本 & sample': 1 replication, seed 1, engine simpy, funnelsim 0>"


def test_room_loads_without_tables_or_pictures() -> None:
    code = (
        "import sys, funnelsim.results.result, funnelsim.results.events, funnelsim.results.conservation\n"
        "print({'pandas', 'scipy.stats', 'matplotlib', 'numba', 'simpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "set()"


# --- tables -----------------------------------------------------------------------------------------------------


def test_tables_have_mean_interval_and_unit() -> None:
    shown = result(samples.records(), samples.records(1))
    for table in (shown.kpis, shown.stages, shown.teams):
        assert list(table.columns) == ["mean", "low", "high", "unit", "range_low", "range_high", "undefined"]
    assert shown.kpis.loc["won", "mean"] == 2
    assert shown.stages.loc[("call", "entered"), "mean"] == 5
    assert shown.stages.loc["call"].loc["wait", "unit"] == "h"
    assert shown.teams.xs("utilisation", level="measure")["mean"].to_dict() == {"inside": 3 / 8, "field": 5 / 8}


def test_results_do_not_change() -> None:
    with pytest.raises(AttributeError):
        result().seed = 3  # type: ignore[misc]


# --- records --------------------------------------------------------------------------------------------------


def test_visits_have_names_and_hours() -> None:
    visits = result().records("visits")
    assert list(visits.columns) == [
        "replication", "lead", "stage", "visit", "team", "rep", "entered", "first_touch", "left", "wait", "busy",
        "work", "paused", "buyer", "handoff", "held", "outcome", "giver", "give_wait",
        "give_busy", "context",
    ]  # fmt: skip
    first = visits.iloc[1]
    assert [first[name] for name in ("lead", "stage", "rep", "entered", "left", "wait", "outcome")] == [
        "web-1", "sell", "field-1", 1, 5, 1, "advanced",
    ]  # fmt: skip
    still = visits.iloc[7]
    assert (still["entered"], pd.isna(still["left"]), pd.isna(still["outcome"])) == (9, True, True)
    assert visits["outcome"].tolist()[2] == "no_budget"


def test_leads_have_names_and_money() -> None:
    leads = result().records("leads")
    assert list(leads.columns[:14]) == [
        "replication", "lead", "source", "origin", "parent", "segment", "territory", "created", "ended", "outcome",
        "value", "booked", "quality", "score",
    ]  # fmt: skip
    assert leads["value"].tolist() == [1000, 50, 3000, 200, 500, 0, 100]
    assert leads["outcome"].tolist()[:2] == ["won", "no_budget"]
    assert leads[["parent", "territory"]].isna().all(axis=None)
    assert leads["ended"].isna().tolist() == [False] * 4 + [True, False, True]


def test_reps_can_be_joined_to_visits() -> None:
    shown = result()
    reps = shown.records("reps")
    assert list(reps.columns[:9]) == [
        "replication", "team", "seat", "occupant", "start", "end", "open", "busy", "filler",
    ]  # fmt: skip
    joined = shown.records("visits").merge(reps, on=["replication", "rep"], suffixes=("", "_rep"))
    assert joined.groupby("rep")["busy"].sum().to_dict() == {"field-1": 5, "inside-1": 5}


def test_series_hold_daily_averages() -> None:
    series = result().records("series")
    stages, teams = series[series["stage"].notna()], series[series["team"].notna()]
    assert (len(stages), len(teams), len(series)) == (4, 4, 10)
    assert stages[stages["stage"] == "call"]["wip"].tolist() == [1, 4.5 / 8]
    assert teams[teams["team"] == "field"]["busy"].tolist() == [0, 5]
    assert teams["wip"].isna().all()


def test_waits_and_events() -> None:
    assert result().records("waits")["waits"].sum() == 9
    events = result().records("events")
    assert events["event"].tolist()[:4] == ["created", "entered", "queued", "started"]
    assert events["rep"].tolist()[3] == "inside-1"


def test_replications_stand_in_one_table() -> None:
    leads = result(samples.records(), samples.empty(1), samples.records(2)).records("leads")
    assert leads.groupby("replication").size().to_dict() == {0: 7, 2: 7}


def test_empty_runs_give_empty_tables() -> None:
    assert len(result(samples.empty()).records("visits")) == 0


def test_times_as_dates() -> None:
    visits = result().records("visits", dates=True)
    assert visits["entered"].iloc[1] == pd.Timestamp("2026-04-01 01:00")
    assert pd.isna(visits["left"].iloc[7])


def test_unknown_records_name_the_known_ones() -> None:
    with pytest.raises(FunnelsimError, match="'vists'; there are visits, leads"):
        result().records("vists")


def test_events_that_were_not_kept() -> None:
    with pytest.raises(FunnelsimError, match="events=True"):
        result(samples.records()._replace(events=None)).records("events")


def test_labels_of_children_bursts_and_opening_leads() -> None:
    records = samples.records()
    leads = records.leads._replace(
        parent=_ints(-1, 0, 1, -1, -1, -1, -1),
        origin=_ints(0, 1, 2, 0, 0, 0, 0),
        burst=_ints(0, 0, 0, 1, 0, 0, 0),
        opening=_ints(0, 0, 0, 0, 1, 0, 0),
    )
    assert lead_labels(records._replace(leads=leads), samples.model())[:5] == [
        "web-1", "web-1.expansion-2", "web-1.expansion-2.referral-3", "web-burst-4", "opening-call-5",
    ]  # fmt: skip


def _ints(*values: int) -> Any:
    return np.array(values)


def test_labels_of_later_occupants() -> None:
    reps = samples.records().reps._replace(occupant=_ints(0, 2))
    assert rep_labels(reps, samples.model()) == ["inside-1", "field-1.3"]


# --- showing --------------------------------------------------------------------------------------------------


def test_notebook_page_is_escaped_and_has_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    class Figure:
        def savefig(self, file: Any, **options: Any) -> None:
            file.write(b"picture")

    class Plot:
        def line(self) -> Figure:
            return Figure()

    monkeypatch.setattr(Result, "plot", Plot())
    page = result()._repr_html_()
    assert "見本 &amp; sample" in page
    assert "data:image/png;base64,cGljdHVyZQ==" in page
    assert "a word" in page


def test_warnings_are_those_given_and_those_of_the_figures() -> None:
    warnings = result().warnings
    assert warnings[0] == "a word"
    assert any("29% of the leads are still open" in text for text in warnings)
    assert any("the warm-up (2 hours) is shorter" in text and "(5 hours)" in text for text in warnings)
