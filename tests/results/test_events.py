"""The event log as files: columns, names, times, and well-formed XML."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.model import records as rec
from funnelsim.results.events import steps, write_animation_log, write_process_log, write_xes

from . import samples

XES = "{http://www.xes-standard.org/}"


def _read(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_process_log(tmp_path: Path) -> None:
    write_process_log([samples.records()], samples.model(), tmp_path / "log.csv")
    rows = _read(tmp_path / "log.csv")
    assert list(rows[0])[:6] == [
        "case:concept:name", "concept:name", "time:timestamp", "org:resource", "org:group", "lifecycle:transition",
    ]  # fmt: skip
    web_1 = [
        (row["concept:name"], row["lifecycle:transition"], row["time:timestamp"][11:16], row["org:resource"])
        for row in rows
        if row["case:concept:name"] == "web-1"
    ]
    assert web_1 == [
        ("created", "complete", "00:00", ""),
        ("call", "schedule", "00:00", ""),
        ("call", "start", "00:00", "inside-1"),
        ("call", "complete", "01:00", "inside-1"),
        ("sell", "schedule", "01:00", ""),
        ("sell", "start", "02:00", "field-1"),
        ("sell", "complete", "04:00", "field-1"),
        ("won", "complete", "05:00", ""),
    ]
    assert rows[0]["time:timestamp"] == "2026-04-01T00:00:00.000"
    assert (rows[0]["case:source"], rows[0]["case:value"], rows[0]["case:replication"]) == ("web", "1000.0", "0")


def test_a_rejected_lead_withdraws() -> None:
    transitions = [
        (step.activity, step.transition) for step in steps(samples.records(), samples.model()) if step.lead == 5
    ]
    assert transitions == [
        ("created", "complete"), ("call", "schedule"), ("call", "withdraw"), ("rejected", "complete"),
    ]  # fmt: skip


def _visit(outcome: int, touched: bool) -> list[str]:
    """Transitions of one visit to `call` that ends in some way."""
    work = [(0, rec.STARTED, -1), (1, rec.COMPLETED, -1)] if touched else []
    rows = [(0, rec.ENTERED, -1), *work, (2, rec.LEFT, outcome)]
    events = rec.table(rec.Events, [(time, 0, 0, kind, -1, code) for time, kind, code in rows])
    return [step.transition for step in steps(samples.records()._replace(events=events), samples.model())]


def test_ways_to_leave_a_stage() -> None:
    assert _visit(rec.ADVANCED, touched=False) == ["schedule", "complete"]  # an automated stage
    assert _visit(rec.EXPIRED, touched=False) == ["schedule", "withdraw"]
    assert _visit(rec.EXPIRED, touched=True) == ["schedule", "start", "complete", "pi_abort"]
    assert _visit(samples.NO_BUDGET, touched=True) == ["schedule", "start", "complete"]


def test_cases_of_several_replications_stay_apart(tmp_path: Path) -> None:
    write_process_log([samples.records(), samples.records(1)], samples.model(), tmp_path / "log.csv")
    assert {row["case:concept:name"] for row in _read(tmp_path / "log.csv")} == {
        "0:web-1", "0:web-6", "1:web-1", "1:web-6",
    }  # fmt: skip


def test_animation_log(tmp_path: Path) -> None:
    write_animation_log([samples.records(3)], samples.model(), tmp_path / "log.csv")
    rows = _read(tmp_path / "log.csv")
    assert list(rows[0]) == ["entity_id", "event_type", "event", "time", "run", "resource_id"]
    assert [tuple(row.values()) for row in rows if row["entity_id"] == "web-1"] == [
        ("web-1", "arrival_departure", "arrival", "0.0", "3", ""),
        ("web-1", "queue", "call_wait", "0.0", "3", ""),
        ("web-1", "resource_use", "call_begins", "0.0", "3", "1"),
        ("web-1", "resource_use_end", "call_ends", "1.0", "3", "1"),
        ("web-1", "queue", "sell_wait", "1.0", "3", ""),
        ("web-1", "resource_use", "sell_begins", "2.0", "3", "1"),
        ("web-1", "resource_use_end", "sell_ends", "4.0", "3", "1"),
        ("web-1", "arrival_departure", "depart", "5.0", "3", ""),
    ]


def test_a_won_lead_departs_after_its_last_stage(tmp_path: Path) -> None:
    rows = [(0, rec.CREATED), (0, rec.ENTERED), (1, rec.FINISHED), (1, rec.LEFT), (1, rec.ENTERED), (3, rec.LEFT)]
    events = rec.table(rec.Events, [(samples.us(time), 0, 0, kind, -1, rec.WON) for time, kind in rows])
    write_animation_log([samples.records()._replace(events=events)], samples.model(), tmp_path / "log.csv")
    departures = [row["time"] for row in _read(tmp_path / "log.csv") if row["event"] == "depart"]
    assert departures == ["3.0"]


def test_xes_is_well_formed_whatever_the_names(tmp_path: Path) -> None:
    model = samples.model(stage_names=("見積 <\"&'>", "sell\x00\x1f"), spec_name="A & B\x08")
    write_xes([samples.records(), samples.empty(1)], model, tmp_path / "log.xes")
    log = ET.parse(tmp_path / "log.xes").getroot()
    assert log.tag == f"{XES}log"
    traces = log.findall(f"{XES}trace")
    assert [trace.find(f"{XES}string[@key='concept:name']").get("value") for trace in traces] == [
        "0:web-1",
        "0:web-6",
    ]
    events = traces[0].findall(f"{XES}event")
    names = [event.find(f"{XES}string[@key='concept:name']").get("value") for event in events]
    assert names == ["created", *["見積 <\"&'>"] * 3, *["sell"] * 3, "won"]
    assert events[2].find(f"{XES}date").get("value") == "2026-04-01T00:00:00.000+00:00"
    assert traces[0].find(f"{XES}float[@key='value']").get("value") == "1000.0"


def test_events_must_have_been_kept(tmp_path: Path) -> None:
    records = samples.records()._replace(events=None)
    for write in (write_process_log, write_animation_log, write_xes):
        with pytest.raises(FunnelsimError, match="events=True"):
            write([records], samples.model(), tmp_path / "log")
