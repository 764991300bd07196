"""Streams that are closed, full or left by their reader; files without end; users without a home."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from commands import DESK, SOURCE, Typed, written

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")

RUN = "run desk.yaml --replications 2 --engine simpy --workers 1"


def shell(folder: Path, line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a line of a shell leaves, in which FUNNELSIM is the command."""
    line = line.replace("FUNNELSIM", f"{sys.executable} -W error -m funnelsim")
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": SOURCE, **environment},
        timeout=120,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written(tmp_path / "desk.yaml", DESK.replace("horizon: 20 d", "horizon: 3 d"))
    written(tmp_path / "typo.yaml", DESK.replace("rate", "rat"))
    return tmp_path


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"FUNNELSIM {RUN} >&-", 0),
        (f"FUNNELSIM {RUN} --json >&-", 0),
        (f"FUNNELSIM {RUN} 2>&-", 0),
        (f"FUNNELSIM {RUN} <&- >&- 2>&-", 0),
        (f"FUNNELSIM {RUN} --events log.csv >&-", 0),
        ("FUNNELSIM check typo.yaml >&- 2>&-", 2),
        ("FUNNELSIM run desk.yaml --colour 2>&-", 2),
        ("FUNNELSIM --help >&-", 0),
        (f"FUNNELSIM {RUN} 2>/dev/full", 0),
        ("FUNNELSIM check typo.yaml 2>/dev/full", 2),
        (f"FUNNELSIM {RUN} >/dev/full", 1),
        (f"FUNNELSIM {RUN} --json >/dev/full", 1),
        ("FUNNELSIM templates reference >/dev/full", 1),
        ("FUNNELSIM --help >/dev/full", 1),
        ("FUNNELSIM templates reference | head -1", 1),
        (f"FUNNELSIM {RUN} --json | head -1", 1),
        (f"FUNNELSIM {RUN} | true", 1),
    ],
)
def test_streams(folder: Path, line: str, code: int) -> None:
    done = shell(folder, line)
    # What `head` has not read yet when it ends is lost without anybody noticing.
    assert done.returncode in ((code, 0) if "|" in line else (code,)), done
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    if ">/dev/full" in line and code == 1:
        assert "the output: cannot be written: the disk is full" in done.stderr
    if "--events" in line:
        assert (folder / "log.csv").read_text(encoding="utf-8").startswith("case:concept:name")


def test_a_closed_stream_does_not_write_into_other_files(folder: Path) -> None:
    """Its number would be that of the next file that is opened."""
    written(
        folder / "study.yaml", "study: s\nbase: desk.yaml\nvary: {teams.desk.headcount: [3, 4]}\nreplications: 1\n"
    )
    done = shell(folder, "FUNNELSIM sweep study.yaml --out runs.db --engine simpy --workers 1 >&- 2>&-")
    assert done.returncode == 0
    done = shell(folder, "FUNNELSIM export runs.db -o points.csv --json")
    assert json.loads(done.stdout)["rows"] == 2
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("/dev/zero", "this is a device, not a file"),
        ("/dev/full", "this is a device, not a file"),
        ("pipe", "this is a pipe, not a file; save its text to a file first"),
        (".", "this is a folder, not a file"),
        ("grows.yaml", "a file may have at most 5,000,000 bytes"),
        ("a\0b.yaml", "cannot read the file"),
    ],
)
def test_files_that_are_none(tmp_path: Path, typed: Typed, name: str, message: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "grows.yaml").open("wb") as file:
        file.truncate(10**12)  # holds nothing, and takes no room
    for command in ("check", "run", "compare", "sweep"):
        more = ["--out", "runs.db"] if command == "sweep" else []
        done = typed(command, name, *more)
        assert done.returncode == 2
        assert message in done.stderr
        assert done.stdout == ""


def test_tables_that_are_none(tmp_path: Path, typed: Typed) -> None:
    os.mkfifo(tmp_path / "deals.csv")
    written(tmp_path / "desk.yaml", DESK + "opening: {leads: deals.csv}\n")
    done = typed("check", "desk.yaml")
    assert done.returncode == 2
    assert "deals.csv" in done.stderr


def test_without_a_home(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """As in containers that give a process a number that no user has."""
    line = f"unset HOME XDG_CACHE_HOME; FUNNELSIM {RUN} --pictures pictures"
    before: tuple[str, ...] = ()
    if os.geteuid() == 0 and shutil.which("setpriv"):
        for place in (folder, *folder.parents):
            if place.stat().st_uid == 0 and place != Path("/tmp"):
                place.chmod(place.stat().st_mode | 0o055)
        folder.chmod(0o777)
        before = ("setpriv --reuid=54321 --regid=54321 --clear-groups ",)
    line = line.replace("FUNNELSIM", f"{''.join(before)}FUNNELSIM")
    done = shell(folder, line)
    assert done.returncode == 0, done
    assert "Traceback" not in done.stderr
    assert {path.name for path in (folder / "pictures").iterdir()} >= {"line.png", "funnel.png", "queues.png"}
