"""``funnelsim sweep`` and ``funnelsim export`` as users type them."""

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
from commands import DESK, SOURCE, Command, written

from funnelsim.cli.sweep import time_left, words
from funnelsim.experiments.store.store import Store
from funnelsim.experiments.sweep.procedure import SweepProgress

STUDY = """\
study: desks
question: How many reps?
base: desk.yaml
vary: {teams.desk.headcount: [2, 3], sources.web.rate: {from: 1 / h, to: 2 / h, steps: 4}}
kpis: [won, cycle_time]
replications: 2
"""


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    written(tmp_path / "desk.yaml", DESK.replace("horizon: 20 d", "horizon: 4 d"))
    written(tmp_path / "study.yaml", STUDY)


def test_a_sweep_and_its_export(funnelsim: Command, tmp_path: Path) -> None:
    done = funnelsim("sweep", "study.yaml", "--out", "runs.db", "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert "How many reps?" in done.stdout
    assert "8 points, 16 replications in runs.db" in done.stdout
    assert "1.667 / h" not in done.stderr
    assert "1.667 / h" in done.stdout
    out = funnelsim("export", "runs.db", "-o", "points.csv")
    assert (out.returncode, out.stdout) == (0, "")
    assert "8 rows in points.csv" in out.stderr
    lines = (tmp_path / "points.csv").read_text().splitlines()
    assert len(lines) == 9
    ends = ("", "_low", "_high", "_range_low", "_range_high", "_undefined")
    assert lines[0].endswith(",".join(f"{kpi}{end}" for kpi in ("won", "cycle_time") for end in ends))


@pytest.mark.parametrize(
    ("encoding", "begins"), [("utf-8-sig", b"\xef\xbb\xbf"), ("cp932", "研究".encode("cp932"))]
)
def test_a_table_for_excel_in_japan(funnelsim: Command, tmp_path: Path, encoding: str, begins: bytes) -> None:
    written(tmp_path / "study.yaml", STUDY.replace("study: desks", "study: 研究").replace("steps: 4", "steps: 2"))
    assert funnelsim("sweep", "study.yaml", "--out", "runs.db").returncode == 0
    done = funnelsim("export", "runs.db", "-o", "points.csv", "--encoding", encoding)
    assert done.returncode == 0, done.stderr
    content = (tmp_path / "points.csv").read_bytes()
    assert begins in content
    with (tmp_path / "points.csv").open(encoding=encoding, newline="") as file:
        assert {row["study"] for row in csv.DictReader(file)} == {"研究"}


def test_a_table_is_not_written_in_an_encoding_that_lacks_a_name(funnelsim: Command, tmp_path: Path) -> None:
    written(
        tmp_path / "study.yaml", STUDY.replace("study: desks", "study: 研究😀").replace("steps: 4", "steps: 2")
    )
    assert funnelsim("sweep", "study.yaml", "--out", "runs.db").returncode == 0
    for options, said in {
        ("points.csv", "--encoding", "cp932"): "cp932 has no '😀', which stands in a name; write utf-8-sig",
        ("points.csv", "--encoding", "sjis"): "unknown encoding 'sjis'; known are utf-8, utf-8-sig, cp932",
        ("points.xlsx", "--encoding", "cp932"): "points.xlsx: an encoding is for CSV; leave it out here",
    }.items():
        done = funnelsim("export", "runs.db", "-o", *options)
        assert done.returncode == 2
        assert said in done.stderr
    assert not list(tmp_path.glob("points*"))


def test_where_single_runs_lie_stands_beside_each_kpi(funnelsim: Command, tmp_path: Path) -> None:
    done = funnelsim("sweep", "study.yaml", "--out", "runs.db", "--replications", "9", COLUMNS="160")
    assert done.stdout.count("8 of 10 runs") == 2, done.stdout
    funnelsim("export", "runs.db", "-o", "points.csv")
    with (tmp_path / "points.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(float(row["won_range_low"]) < float(row["won"]) < float(row["won_range_high"]) for row in rows)
    assert {row["won_undefined"] for row in rows} == {"0"}


def test_what_a_lever_does_not_find_is_told_before_it_runs(funnelsim: Command, tmp_path: Path) -> None:
    (tmp_path / "levers").mkdir()
    change = "{teams.desk.headcount: {add: 1}, teams.desk.ramp.time: {multiply: 0.5}}"
    written(tmp_path / "levers" / "hire.yaml", f"lever: hire\ntitle: One more\nchange: {change}\n")
    written(tmp_path / "study.yaml", f"{STUDY}arms: {{more: [hire]}}\n")
    for command in (["sweep"], ["sweep", "--quiet"]):
        done = funnelsim(*command, "study.yaml", "--out", "runs.db")
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("teams.desk.ramp.time") == 1
    warnings = json.loads(funnelsim("sweep", "study.yaml", "--out", "runs.db", "--json").stdout)["warnings"]
    assert any("teams.desk.ramp.time" in text for text in warnings)


def test_json_is_all_there_is_on_standard_output(funnelsim: Command) -> None:
    done = funnelsim("sweep", "study.yaml", "--out", "runs.db", "--workers", "1", "--json")
    document = json.loads(done.stdout)
    assert document["finished"]
    assert document["study"] == "desks"
    assert len(document["points"]) == 8
    assert document["points"][0]["kpis"]["won"]["unit"] == "leads"
    out = funnelsim("export", "runs.db", "-o", "points.csv", "--json")
    assert json.loads(out.stdout) == {"store": "runs.db", "out": "points.csv", "rows": 8}


def test_points_that_fail_are_told(funnelsim: Command, tmp_path: Path) -> None:
    vary = "vary: {horizon: [3 d, 6 d], warmup: [1 d, 3 d]}\n"
    written(tmp_path / "study.yaml", f"study: x\nbase: desk.yaml\n{vary}replications: 1\n")
    done = funnelsim("sweep", "study.yaml", "--out", "runs.db", "--workers", "1")
    assert done.returncode == 0
    assert "1 replication failed; the same command tries again" in done.stderr
    assert "1 x " in done.stderr
    assert "warmup" in done.stderr


MISTAKES = [
    (["sweep", "study.yaml"], "--out"),
    (["sweep", "missing.yaml", "--out", "runs.db"], "missing.yaml"),
    (["sweep", "desk.yaml", "--out", "runs.db"], "this is no study"),
    (["sweep", "study.yaml", "--out", "desk.yaml"], "this command reads that file"),
    (["sweep", "study.yaml", "--out", "."], "directory"),
    (["sweep", "study.yaml", "--out", "no/such/runs.db"], "there is no folder"),
    (["sweep", "study.yaml", "--out", "runs.db", "--replications", "0"], "--replications"),
    (["sweep", "study.yaml", "--out", "runs.db", "--engine", "steam"], "steam"),
    (["sweep", "typo.yaml", "--out", "runs.db"], "typo.yaml:4:"),
    (["sweep", "kpi.yaml", "--out", "runs.db"], "kpi.yaml:5:8: kpis.0: unknown KPI 'wno'; did you mean 'won'?"),
    (["export", "runs.db", "-o", "points.csv"], "no such run store"),
    (["export", "desk.yaml", "-o", "points.csv"], "not a run store"),
    (["export", "desk.yaml"], "--out"),
]


@pytest.mark.parametrize(("arguments", "message"), MISTAKES, ids=lambda part: part[-1] if part[0] else "")
def test_mistakes_end_with_code_2(arguments: list[str], message: str, funnelsim: Command, tmp_path: Path) -> None:
    written(tmp_path / "typo.yaml", STUDY.replace("headcount: [2", "headcont: [2"))
    written(tmp_path / "kpi.yaml", STUDY.replace("won", "wno"))
    done = funnelsim(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "runs.db").exists()


def started(folder: Path, *options: str) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "funnelsim",
        "sweep",
        "study.yaml",
        "--out",
        "runs.db",
        *options,
    ]
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": SOURCE},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A job in the background may be told to ignore interruptions, and its children inherit that.
        preexec_fn=(lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) if os.name != "nt" else None,
    )


def wait_for_results(folder: Path, process: subprocess.Popen[str], least: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        if (folder / "runs.db").exists():
            try:
                with Store.open_to_read(folder / "runs.db") as store:
                    if store.all("SELECT count(*) FROM replications")[0][0] >= least:
                        return
            except Exception:  # noqa: BLE001  # the store is being made
                pass
        time.sleep(0.05)
    raise AssertionError("nothing was stored")


@pytest.mark.skipif(os.name == "nt", reason="sends the signal of Ctrl-C as POSIX does")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_keeps_what_is_done_and_two_sweeps_do_not_share_a_store(
    workers: str, funnelsim: Command, tmp_path: Path
) -> None:
    long = STUDY.replace("steps: 4", "steps: 400").replace("replications: 2", "replications: 40")
    written(tmp_path / "study.yaml", long)
    process = started(tmp_path, "--workers", workers, "--engine", "simpy", "--json")  # the slower one
    wait_for_results(tmp_path, process, 3)
    second = funnelsim("sweep", "study.yaml", "--out", "runs.db", "--workers", "1")
    assert second.returncode == 1
    assert "another process is writing to this run store" in second.stderr
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in stderr
    assert "stopped by the user after" in stderr
    document = json.loads(stdout)
    assert not document["finished"]
    assert sum(point["replications"] for point in document["points"]) >= 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["desk.yaml", "runs.db", "study.yaml"]
    written(tmp_path / "study.yaml", STUDY)
    rest = funnelsim("sweep", "study.yaml", "--out", "runs.db", "--workers", "1", "--json")
    assert json.loads(rest.stdout)["finished"]


def test_progress_in_words() -> None:
    assert words(SweepProgress(60, 1200, 0, 0, 30.0)) == "60 of 1,200 replications, 10 min left"
    assert words(SweepProgress(0, 1200, 0, 0, 30.0)) == "0 of 1,200 replications"
    assert words(SweepProgress(90, 100, 80, 5, 30.0)) == "90 of 100 replications, 5 failed, 10 s left"
    assert [time_left(seconds) for seconds in (89, 91, 5400, 36_000)] == ["89 s", "2 min", "1.5 h", "10.0 h"]


def test_check_takes_studies(funnelsim: Command, tmp_path: Path) -> None:
    done = funnelsim("check", "study.yaml", "desk.yaml")
    assert done.returncode == 0
    assert "OK study.yaml  study desks: 1 arm, 2 factors" in done.stdout
    assert "OK desk.yaml  One desk" in done.stdout
    written(tmp_path / "typo.yaml", STUDY.replace("headcount: [2", "headcont: [2"))
    wrong = funnelsim("check", "typo.yaml", "--json")
    assert wrong.returncode == 2
    assert json.loads(wrong.stdout)["files"][0]["problems"][0]["line"] == 4
