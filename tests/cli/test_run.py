"""`funnelsim run`: what it prints where, and what it writes."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from commands import DESK, Command, written
from rich.cells import cell_len

import funnelsim as fs


def test_tables_and_verdict_go_to_standard_output(funnelsim: Command, desk: str) -> None:
    done = funnelsim("run", desk, "--replications", "3", "--seed", "7")
    assert done.returncode == 0
    head = done.stdout.splitlines()[:3]
    assert head[0] == "One desk"
    assert "20 d from 2026-01-01" in head[1]
    assert "warm-up of 2 d" in head[1]
    assert "3 replications" in head[2]
    assert "seed 7, engine compiled" in head[2]
    for part in ("Results, with 95 % intervals", "Stages", "Teams", "What limits the line"):
        assert part in done.stdout
    result = fs.simulate(fs.load(desk), replications=3, seed=7)
    assert " ".join(result.verdict.split()) in " ".join(done.stdout.split())


def test_json_is_one_document_and_nothing_else(funnelsim: Command, tokyo: str) -> None:
    done = funnelsim("run", tokyo, "--replications", "2", "--json", "--quiet")
    assert done.returncode == 0
    assert done.stderr == ""
    assert json.loads(done.stdout) == fs.simulate(fs.load(tokyo), replications=2).to_dict()


def test_warnings_go_to_standard_error(funnelsim: Command, tokyo: str) -> None:
    done = funnelsim("run", tokyo, "--replications", "4")
    assert "warning: the queue of FS grows" in done.stderr
    assert "warning" not in done.stdout
    assert funnelsim("run", tokyo, "--replications", "4", "--quiet").stderr == ""


def test_the_limit_is_named_with_its_evidence(funnelsim: Command, tokyo: str) -> None:
    verdict = funnelsim("run", tokyo, "--replications", "3", "--quiet").stdout.split("What limits the line\n")[1]
    assert verdict.startswith("FS limits the line: its queue grows by")


def test_tables_with_wide_characters_are_aligned(funnelsim: Command, tokyo: str) -> None:
    done = funnelsim("run", tokyo, "--replications", "2", "--quiet")
    table = done.stdout.split("\nTeams")[1].split("\n\n")[0].splitlines()[1:]
    widths = {cell_len(line.rstrip("\n")) for line in table}
    assert len(table) == 4
    assert len(widths) == 1
    assert "インサイドセールス" in done.stdout


@pytest.mark.parametrize(("width", "intervals"), [("60", False), ("300", True)])
def test_narrow_terminals_get_tables_without_intervals(
    funnelsim: Command, tokyo: str, width: str, intervals: bool
) -> None:
    done = funnelsim("run", tokyo, "--replications", "2", "--quiet", COLUMNS=width)
    stages = done.stdout.split("\nStages")[1].split("\n\n")[0]
    assert ("±" in stages) == intervals


def test_levers_and_changes_are_laid_over_the_scenario(funnelsim: Command, desk: str) -> None:
    options = ("--replications", "2", "--json", "--quiet")
    changes = ("--set", "teams.desk.headcount={add: 1}", "--set", "stages.serve.effort=30 min")
    changed = json.loads(funnelsim("run", desk, *changes, *options).stdout)
    scenario = fs.load(desk).change({"teams.desk.headcount": {"add": 1}}).change({"stages.serve.effort": "30 min"})
    assert changed == fs.simulate(scenario, replications=2).to_dict()
    lever = "lever: more\ntitle: One more rep\nchange: {teams.desk.headcount: {add: 2}}\n"
    (Path(desk).parent / "levers").mkdir()
    written(Path(desk).parent / "levers" / "more.yaml", lever)
    levered = json.loads(funnelsim("run", desk, "--lever", "more@0.5", *options).stdout)
    assert levered["teams"]["desk"]["headcount"]["mean"] == 4


def test_events_and_pictures_are_written(funnelsim: Command, desk: str, tmp_path: Path) -> None:
    for kind, start in (("pm", "case:concept:name,"), ("animation", "entity_id,"), ("xes", "<?xml")):
        events = tmp_path / f"events.{kind}"
        done = funnelsim(
            "run", desk, "--replications", "1", "--quiet", "--events", str(events), "--event-format", kind
        )
        assert done.returncode == 0, done.stderr
        assert events.read_text(encoding="utf-8").startswith(start)
    assert funnelsim("run", desk, "--replications", "1", "--pictures", "new/pictures").returncode == 0
    for name in ("line", "funnel"):
        assert (tmp_path / "new" / "pictures" / f"{name}.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_poor_encodings_lose_characters_but_not_the_run(funnelsim: Command, tokyo: str, encoding: str) -> None:
    for options in (("--quiet",), ("--json", "--quiet")):
        done = funnelsim("run", tokyo, "--replications", "2", *options, PYTHONIOENCODING=encoding)
        assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["scenario"] == "東京支店"


def test_a_reader_that_goes_away_is_no_disaster(desk: str) -> None:
    command = f'"{sys.executable}" -m funnelsim run "{desk}" --replications 1 --json | head -c 10'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_interruption_prints_what_is_done(tmp_path: Path, workers: str) -> None:
    file = written(tmp_path / "long.yaml", DESK.replace("20 d", "60 d"))
    command = [
        sys.executable,
        "-m",
        "funnelsim",
        "run",
        file,
        "--replications",
        "100000",
        "--workers",
        workers,
        "--json",
    ]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A job in the background may be told to ignore interruptions, and its children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        time.sleep(15)
        os.killpg(process.pid, signal.SIGINT)
        began = time.monotonic()
        stdout, stderr = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 1
    assert time.monotonic() - began < 30
    assert "Traceback" not in stderr
    assert "stopped: stopped after" in stderr
    done = json.loads(stdout)
    assert 1 <= done["replications"] < 100_000
    assert f"stopped after {done['replications']:,} replications" in stderr


def test_kpis_stand_in_groups_that_apply(funnelsim: Command, desk: str) -> None:
    def heads(name: str) -> list[str]:
        lines = funnelsim("run", name, "--replications", "1", "--quiet").stdout.split("\nStages")[0].splitlines()
        return [line.strip() for line in lines if line.partition(",")[0].strip() in groups]

    groups = ("Leads", "Time", "Customers", "Money", "The whole and its parts")
    assert heads(desk) == ["Leads", "Time", "The whole and its parts"]
    customers = written(
        Path(desk).parent / "customers.yaml", Path(desk).read_text(encoding="utf-8") + "opening: {customers: 3}\n"
    )
    assert "Customers" in heads(customers)


def test_kpis_by_group_as_a_table_a_document_and_a_csv(funnelsim: Command, tokyo: str, tmp_path: Path) -> None:
    out = tmp_path / "by.csv"
    asked = ("run", tokyo, "--by", "source", "--by", "rep", "--replications", "2", "--quiet")
    shown = funnelsim(*asked, "--csv", str(out)).stdout
    assert shown.index("What limits the line") < shown.index("By source") < shown.index("By rep")
    assert "Not by rep: " in shown
    assert "contribution" in shown.split("Not by source: ")[1]
    document = json.loads(funnelsim(*asked, "--json").stdout)
    result = fs.simulate(fs.load(tokyo), replications=2, by=("source", "rep"))
    assert document["by"] == {by: each.to_dict() for by, each in result.groupings.items()}
    assert "paid for all" in document["by"]["rep"]["not_divided"]["contribution"]
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    won = {row["group"]: float(row["mean"]) for row in rows if row["by"] == "rep" and row["kpi"] == "won"}
    assert won == {"fs-1": result.kpis.loc["won", "mean"], "is-1": 0.0, "(none)": 0.0}
    assert {row["note"] for row in rows if row["kpi"] == "quotas_met"} == {"quotas are those of a team"}
    made = json.loads((tmp_path / "by.csv-metadata.json").read_text(encoding="utf-8"))
    assert made["notes"][0]["replications"] == 2


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--csv", "out.csv"), "--csv writes the figures that --by divides; give both"),
        (("--by", "source", "--csv", "out.xlsx"), "the file is written as CSV; give a name that ends in .csv"),
        (("--by", "team"), "by: unknown grouping 'team'"),
        (("--by", "territory"), "this scenario has no territories"),
    ],
)
def test_what_cannot_be_divided_is_refused(
    funnelsim: Command, tokyo: str, asked: tuple[str, ...], said: str
) -> None:
    done = funnelsim("run", tokyo, *asked, "--replications", "2")
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""
