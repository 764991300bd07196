"""What commands write: never over what they read, wholly or not at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from commands import DESK, Command, Typed, written

from funnelsim.experiments.store.store import Store

CSV = "stage,age\nserve,1 d\n"

EXTENDING = """\
extends: desk.yaml
levers: [quick]
horizon: 3 d
warmup: 1 d
opening: {leads: deals.csv}
"""

STUDY = """\
study: heads
base: child.yaml
design: {table: points.csv}
replications: 1
"""

LEVER = "lever: quick\ntitle: Quicker\nchange: {stages.serve.effort: {multiply: 0.9}}\n"

INPUTS = ("desk.yaml", "child.yaml", "deals.csv", "levers/quick.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scenario that another extends, with a lever and a table of open deals, and a study of it."""
    (tmp_path / "levers").mkdir()
    written(tmp_path / "desk.yaml", DESK)
    written(tmp_path / "child.yaml", EXTENDING)
    written(tmp_path / "study.yaml", STUDY)
    written(tmp_path / "deals.csv", CSV)
    written(tmp_path / "points.csv", "teams.desk.headcount\n3\n4\n")
    written(tmp_path / "levers" / "quick.yaml", LEVER)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def names_of(folder: Path, name: str) -> list[str]:
    """Ways to name a file: as it is, around a corner, through a symbolic and a hard link."""
    (folder / "link").symlink_to(folder / name)
    os.link(folder / name, folder / "hard.csv")
    return [name, f"./levers/../{name}", str(folder / name), "link", "hard.csv"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize("name", INPUTS)
def test_events_do_not_replace_an_input(folder: Path, typed: Typed, name: str) -> None:
    names = names_of(folder, name)
    before = contents(folder)
    for out in names:
        done = typed("run", "child.yaml", "--replications", "1", "--events", out)
        assert done.returncode == 2, (out, done)
        assert "this command reads that file" in done.stderr
        assert done.stdout == ""
        assert contents(folder) == before


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize("name", [*INPUTS, "study.yaml", "points.csv"])
def test_stores_do_not_replace_an_input(folder: Path, typed: Typed, name: str) -> None:
    names = names_of(folder, name)
    before = contents(folder)
    for out in names:
        done = typed("sweep", "study.yaml", "--out", out, "--engine", "simpy", "--workers", "1")
        assert done.returncode == 2, (out, done)
        assert "this command reads that file" in done.stderr
        assert contents(folder) == before


def test_what_is_written_by_hand_and_stores_are_not_replaced(folder: Path, typed: Typed) -> None:
    """Not even if the command does not read them; other files are, as they were named."""
    written(folder / "other.yml", "mine")
    (folder / "runs.csv").write_bytes(b"SQLite format 3\0" + b"x" * 100)
    written(folder / "log.csv", "old")
    before = contents(folder)
    for out, why in (
        ("other.yml", "a scenario, study or lever"),
        ("runs.csv", "a run store"),
        ("levers", "directory"),
    ):
        done = typed("run", "child.yaml", "--replications", "1", "--events", out)
        assert (done.returncode, contents(folder)) == (2, before)
        assert why in done.stderr
    assert typed("run", "child.yaml", "--replications", "1", "--events", "log.csv").returncode == 0
    assert (folder / "log.csv").read_text(encoding="utf-8").startswith("case:concept:name")


def test_an_export_does_not_replace_its_store(folder: Path, typed: Typed) -> None:
    assert typed("sweep", "study.yaml", "--out", "runs.csv", "--engine", "simpy", "--workers", "1").returncode == 0
    before = (folder / "runs.csv").read_bytes()
    done = typed("export", "runs.csv", "-o", "runs.csv")
    assert done.returncode == 2
    assert (folder / "runs.csv").read_bytes() == before


def test_a_log_goes_where_a_link_leads(folder: Path, typed: Typed) -> None:
    (folder / "logs").mkdir()
    (folder / "log.csv").symlink_to(folder / "logs" / "real.csv")
    assert typed("run", "desk.yaml", "--replications", "1", "--events", "log.csv").returncode == 0
    assert (folder / "log.csv").is_symlink()
    assert [path.name for path in (folder / "logs").iterdir()] == ["real.csv"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no device that is always full")
def test_a_full_disk_is_named(folder: Path, typed: Typed) -> None:
    done = typed("run", "desk.yaml", "--replications", "1", "--events", "/dev/full")
    assert done.returncode == 1
    assert "error[E-output-unwritten]: /dev/full: cannot be written: the disk is full" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files as Linux does")
@pytest.mark.parametrize(("kind", "log"), [("pm", "log.csv"), ("animation", "log.csv"), ("xes", "log.xes")])
def test_nothing_is_left_of_a_log_that_has_no_room(folder: Path, funnelsim: Command, kind: str, log: str) -> None:
    import resource

    written(folder / log, "old")
    before = contents(folder)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        done = funnelsim("run", "desk.yaml", "--replications", "2", "--events", log, "--event-format", kind)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert done.returncode == 1
    assert f"{log}: cannot be written: the disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(folder) == before


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files as Linux does")
@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_nothing_is_left_of_an_export_that_has_no_room(folder: Path, funnelsim: Command, suffix: str) -> None:
    import resource

    swept = funnelsim("sweep", "study.yaml", "--out", "runs.db", "--engine", "simpy", "--workers", "1")
    assert swept.returncode == 0, swept.stderr
    with Store.open_to_write(folder / "runs.db") as store:
        point = next(store.points())
        for number in range(400):  # points with one scenario share its results
            store.add_point(b"%d" % number, "more", f"arm {number}", {}, point.fingerprint or "")
    before = contents(folder)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, hard))
    try:
        done = funnelsim("export", "runs.db", "-o", f"points{suffix}")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert done.returncode == 1, done
    assert f"points{suffix}: " in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(folder) == before


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files as Linux does")
def test_nothing_is_left_of_pictures_that_have_no_room(folder: Path, funnelsim: Command) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, hard))
    try:
        done = funnelsim("run", "desk.yaml", "--replications", "1", "--pictures", "pictures")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert done.returncode == 1, done
    assert "line.png: cannot be written: the disk is full" in done.stderr
    assert not list((folder / "pictures").iterdir())
