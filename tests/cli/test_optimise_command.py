"""``funnelsim optimise`` as users type it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from commands import SOURCE, Command, written

import funnelsim as fs
from funnelsim.experiments.store.store import Store

DESK = """\
funnelsim: 1
name: desk
horizon: 3 d
warmup: 1 d
sources: {web: {rate: 2 / h}}
teams: {desk: {headcount: 3, queue: fifo, cost: {salary: 10 / h}}}
stages: {serve: {team: desk, continuity: any_rep, effort: {dist: exponential, mean: 1 h}}}
"""

STUDY = """\
study: desks
question: How few reps will do?
base: desk.yaml
vary: {teams.desk.headcount: {from: 2, to: 5}}
minimise: cost
budget: 45 / h
constraints:
  cycle_time: {at_most: 150 min}
replications: 3
"""


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    written(tmp_path / "desk.yaml", DESK)
    written(tmp_path / "study.yaml", STUDY)


def document(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def test_the_answer_in_words_tables_pictures_and_json(funnelsim: Command, tmp_path: Path) -> None:
    done = funnelsim("optimise", "study.yaml", "--out", "runs.db", "--workers", "1", "--pictures", "pictures")
    assert done.returncode == 0, done.stderr
    assert "How few reps will do?" in done.stdout
    assert "Best: desk 3" in done.stdout
    assert "It keeps to the budget of 45 / h" in done.stdout
    assert "All 4 points were tried" in done.stdout
    assert "What more money brings" in done.stdout
    assert {path.name for path in (tmp_path / "pictures").iterdir()} == {"frontier.png", "points.png"}
    out = funnelsim("export", "runs.db", "-o", "points.csv")
    assert out.returncode == 0, out.stderr
    # The fifth is the company as it is.
    assert "5 rows in points.csv" in out.stderr
    # The same again has nothing to run, and JSON is all there is on standard output.
    found = document(funnelsim("optimise", "study.yaml", "--out", "runs.db", "--workers", "1", "--json"))
    assert found["finished"]
    assert found["best"]["at"] == {"teams.desk.headcount": 3}
    assert found["status"] == "feasible"
    assert found["goal"]["limits"] == ["cost at most 45 / h", "cycle_time at most 150 min"]
    assert found["frontier"][0]["at"] == {"teams.desk.headcount": 3}
    assert len(found["points"]) == 4
    assert found["best"]["kpis"]["cost"]["range_low"] is not None
    assert "8 of 10 runs" in funnelsim("optimise", "study.yaml", "--out", "runs.db", COLUMNS="200").stdout


MISTAKES = [
    ("study.yaml", STUDY.replace("minimise: cost", "kpis: [won]"), "study.yaml:1:8: study: an optimisation needs"),
    (
        "study.yaml",
        STUDY.replace("cost\n", "csot\n"),
        "study.yaml:5:11: minimise: unknown KPI 'csot'; did you mean",
    ),
    ("desk.yaml", DESK, "this is no study"),
]


@pytest.mark.parametrize(("file", "content", "message"), MISTAKES, ids=["no goal", "typo", "no study"])
def test_mistakes_end_with_code_2(
    file: str, content: str, message: str, funnelsim: Command, tmp_path: Path
) -> None:
    written(tmp_path / file, content)
    done = funnelsim("optimise", file, "--out", "runs.db")
    assert (done.returncode, done.stdout) == (2, "")
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "runs.db").exists()


def test_without_optuna_a_large_space_says_what_is_missing(funnelsim: Command, tmp_path: Path) -> None:
    (tmp_path / "hidden").mkdir()
    written(tmp_path / "hidden" / "optuna.py", "raise ImportError('hidden')\n")
    written(tmp_path / "study.yaml", STUDY.replace("to: 5", "to: 500"))
    path = os.pathsep.join([str(tmp_path / "hidden"), SOURCE])
    done = funnelsim("optimise", "study.yaml", "--out", "runs.db", PYTHONPATH=path)
    assert (done.returncode, done.stdout) == (1, "")  # the input may be right
    assert "pip install -e '.[optimise]'" in done.stderr


# --- stopped and killed --------------------------------------------------------------------------------------


def started(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "funnelsim", "optimise", "study.yaml", "--out", "runs.db", "--json"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": SOURCE},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A job in the background may be told to ignore interruptions, and its children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def stored(folder: Path) -> int:
    try:
        with Store.open_to_read(folder / "runs.db") as store:
            return int(store.all("SELECT count(*) FROM replications")[0][0])
    except Exception:  # noqa: BLE001  # the store is being made
        return 0


@pytest.mark.skipif(os.name == "nt", reason="sends signals as POSIX does")
def test_killed_and_stopped_it_goes_on_to_the_same_answer(funnelsim: Command, tmp_path: Path) -> None:
    """Killed at a moment in its midst, then stopped by Ctrl-C, then left alone."""
    undisturbed = fs.optimise(fs.load_study(tmp_path / "study.yaml"), out=tmp_path / "whole.db")
    whole = {**json.loads(undisturbed.to_json()), "finished": True}
    for sent, code in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 1)):
        before, process = stored(tmp_path), started(tmp_path)
        until = time.monotonic() + 60
        while stored(tmp_path) <= before and process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(sent)
        said, complained = process.communicate(timeout=60)
        if process.returncode == 0:
            continue  # it was faster
        assert process.returncode == code, complained
        if sent == signal.SIGINT:
            assert "the same command goes on from there" in complained
            assert json.loads(said)["finished"] is False
    found = document(funnelsim("optimise", "study.yaml", "--out", "runs.db", "--workers", "2", "--json"))
    assert {**found, "store": ""} == {**whole, "store": ""}
    with Store.open_to_read(tmp_path / "runs.db") as mine, Store.open_to_read(tmp_path / "whole.db") as other:
        assert mine.digest() == other.digest()
