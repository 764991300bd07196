"""The run store: what it keeps, and what it says when it cannot."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flips
import pytest

import funnelsim as fs
from funnelsim.experiments.running.tasks import Done, Outcome, pack, unpack
from funnelsim.experiments.store.errors import HinderedStoreError, StoreError
from funnelsim.experiments.store.opening import FORMAT, SCHEMA, WIDTHS
from funnelsim.experiments.store.store import Key, Provenance, Store

SOURCE = str(Path(fs.__file__).parents[1])
PROVENANCE = Provenance("desks", "{}", "{}", "1.0", "simpy", 1, 10, ("won",), {"numpy": "2.0"})
BIG = 900
"""Bytes of terms, so that a store of some hundred rows has many pages."""


def outcome(*numbers: int, error: str | None = None) -> Outcome:
    terms = [[number, 2**60 + number, 0.1 * number] for number in range(3)]
    done = [Done(n, None if error else pack([terms, os.urandom(BIG).hex()]), error) for n in numbers]
    return Outcome(tuple(done), None if error else '{"kpis":["won"]}', 0.1)


def filled(path: Path, points: int = 30) -> Path:
    """A store of some points with five replications each."""
    with Store.open_to_write(path) as store:
        store.begin(PROVENANCE, "2026-01-01")
        for number in range(points):
            point = store.add_point(bytes([number]), "desks", "base", {"x": number}, f"{number:064x}")
            assert point.fingerprint is not None
            store.save(Key(point.fingerprint, 1, "1.0"), outcome(*range(5)))
    return path


def count(path: Path) -> int:
    with Store.open_to_read(path) as store:
        return int(store.all("SELECT count(*) FROM replications WHERE terms IS NOT NULL")[0][0])


def test_terms_are_kept_exactly() -> None:
    terms = [[2**63 + 1, 0.1 + 0.2, -1e-300], [], [None]]
    assert unpack(pack(terms)) == terms


def test_a_result_is_stored_once_and_an_error_gives_way(tmp_path: Path) -> None:
    with Store.open_to_write(tmp_path / "runs.db") as store:
        point = store.add_point(b"a", "desks", "base", {}, "ab" * 32)
        key = Key(point.fingerprint or "", 1, "1.0")
        store.save(key, outcome(0, 1, error="ran out of luck"))
        assert store.done(key, 10) == []
        first = outcome(0)
        store.save(key, first)
        store.save(key, outcome(0, error="too late"))
        store.save(key, outcome(0))
        assert store.done(key, 10) == [0]
        assert store.done(key, 0) == []
        rows = list(store.rows("SELECT replication, terms, error FROM replications ORDER BY replication"))
        assert rows == [(0, first.done[0].terms, None), (1, None, "ran out of luck")]
        assert store.done(Key(key.fingerprint, 2, "1.0"), 10) == []
        assert store.done(Key(key.fingerprint, 1, "1.1"), 10) == []


def test_points_with_one_scenario_share_its_replications(tmp_path: Path) -> None:
    with Store.open_to_write(tmp_path / "runs.db") as store:
        one, other = (store.add_point(recipe, "s", "base", {}, "cd" * 32) for recipe in (b"a", b"b"))
        assert one.fingerprint == other.fingerprint
        assert one.number != other.number
        assert store.point(b"a") == one
        assert store.point(b"c") is None


def test_a_point_without_a_scenario_has_its_error(tmp_path: Path) -> None:
    with Store.open_to_write(tmp_path / "runs.db") as store:
        store.add_point(b"a", "s", "base", {"x": 1}, fs.FunnelsimError("no such thing"))
        (found,) = store.points()
        assert (found.fingerprint, found.error, found.factors) == (None, "no such thing", {"x": 1})


def test_the_digest_does_not_depend_on_the_order(tmp_path: Path) -> None:
    results = [outcome(0, 1), outcome(2)]
    digests = set()
    for name, order in (("a.db", [0, 1]), ("b.db", [1, 0]), ("c.db", [0])):
        with Store.open_to_write(tmp_path / name) as store:
            point = store.add_point(b"a", "s", "base", {}, "ef" * 32)
            for index in order:
                store.save(Key(point.fingerprint or "", 1, "1.0"), results[index])
            digests.add(store.digest())
    assert len(digests) == 2


def test_provenance_is_kept_once_for_equal_sweeps(tmp_path: Path) -> None:
    with Store.open_to_write(tmp_path / "runs.db") as store:
        store.begin(PROVENANCE, "2026-01-01")
        store.begin(PROVENANCE, "2026-01-02")
        (kept,) = store.sweeps()
        assert kept["dependencies"] == {"numpy": "2.0"}
        assert kept["kpis"] == ["won"]
        assert kept["started"] == "2026-01-01"


def test_a_closed_store_is_one_file(tmp_path: Path) -> None:
    filled(tmp_path / "runs.db", 2)
    assert count(tmp_path / "runs.db") == 10
    assert [path.name for path in tmp_path.iterdir()] == ["runs.db"]


# --- two processes -------------------------------------------------------------------------------------------


def test_a_second_writer_is_refused_and_a_reader_is_not(tmp_path: Path) -> None:
    path = filled(tmp_path / "runs.db", 2)
    with Store.open_to_write(path), pytest.raises(StoreError, match="another process is writing"):
        Store.open_to_write(path)
    with Store.open_to_write(path):
        assert count(path) == 10
    Store.open_to_write(path).close()


def test_a_reader_sees_what_is_stored_while_a_sweep_runs(tmp_path: Path) -> None:
    with Store.open_to_write(tmp_path / "runs.db") as store:
        point = store.add_point(b"a", "s", "base", {}, "cd" * 32)
        for number in range(3):
            store.save(Key(point.fingerprint or "", 1, "1.0"), outcome(number))
            assert count(tmp_path / "runs.db") == number + 1


def test_the_lock_of_a_process_that_was_killed_is_gone(tmp_path: Path) -> None:
    path = filled(tmp_path / "runs.db", 1)
    code = (
        "import os, sys; from funnelsim.experiments.store.store import Store; "
        "store = Store.open_to_write(sys.argv[1]); os.kill(os.getpid(), 9)"
    )
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    done = subprocess.run([sys.executable, "-c", code, str(path)], env=environment, check=False, timeout=60)
    assert done.returncode != 0
    Store.open_to_write(path).close()
    assert count(path) == 5


# --- what is no store ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"study: x\n", b"x" * 5000, b"SQLite format 3\0" + b"x" * 5000])
def test_other_files_are_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "study.yaml"
    path.write_bytes(content)
    for opened in (Store.open_to_read, Store.open_to_write):
        with pytest.raises(StoreError, match="not a run store"):
            opened(path)
    assert path.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == ["study.yaml"]


def test_other_databases_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE replications (x)")
    connection.close()
    for opened in (Store.open_to_read, Store.open_to_write):
        with pytest.raises(StoreError, match="not a run store"):
            opened(path)


def test_a_store_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = filled(tmp_path / "runs.db", 1)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.execute("ALTER TABLE points ADD COLUMN colour TEXT")
    connection.close()
    for opened in (Store.open_to_read, Store.open_to_write):
        with pytest.raises(StoreError, match="later version"):
            opened(path)


FIRST_FORMAT = "PRAGMA application_id = 1179995731; PRAGMA user_version = 1; PRAGMA journal_mode = WAL;" + re.sub(
    r", seal BLOB NOT NULL", "", SCHEMA
)


def of_first_format(path: Path) -> Path:
    """A store as the first version made it, with what `filled` puts into one."""
    new = filled(path.with_name("new.db"))
    old = sqlite3.connect(path)
    old.executescript(FIRST_FORMAT)
    with Store.open_to_read(new) as store:
        for table in WIDTHS:
            for row in store.all(f"SELECT * FROM {table}"):
                old.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * (len(row) - 1))})", row[:-1])
    old.commit()
    old.close()
    return path


def test_a_store_without_checksums_is_taken_over(tmp_path: Path) -> None:
    path = of_first_format(tmp_path / "runs.db")
    before = path.read_bytes()
    with Store.open_to_read(tmp_path / "new.db") as new, Store.open_to_read(path) as store:
        assert store.digest() == new.digest()
        (said,) = store.warnings
        assert "made by an earlier version, without checksums; 150 replications of it could be read" in said
        digest = new.digest()
    assert path.read_bytes() == before
    with Store.open_to_write(path) as store:
        assert "that file is now runs.db.older" in store.warnings[0]
        assert store.digest() == digest
    assert (tmp_path / "runs.db.older").read_bytes() == before
    with Store.open_to_write(path) as store:
        assert store.warnings == ()


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such run store"):
        Store.open_to_read(tmp_path / "runs.db")
    with pytest.raises(StoreError, match="there is no folder"):
        Store.open_to_write(tmp_path / "none" / "runs.db")
    (tmp_path / "pipe").mkdir() if os.name == "nt" else os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path, tmp_path / "pipe"):
        for opened in (Store.open_to_read, Store.open_to_write):
            with pytest.raises(StoreError, match="a folder, a pipe or a device"):
                opened(place)
    assert [each.name for each in tmp_path.iterdir()] == ["pipe"]


# --- damage --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.99, 0.95, 0.8, 0.6, 0.5, 0.3, 0.1])
def test_a_store_without_its_end_keeps_what_came_first(tmp_path: Path, share: float) -> None:
    path = filled(tmp_path / "runs.db", 120)
    size = path.stat().st_size
    os.truncate(path, int(size * share))
    with Store.open_to_read(path) as store:
        (said,) = store.warnings
        assert "damaged" in said
        kept = [row[0] for row in store.rows("SELECT id FROM replications WHERE terms IS NOT NULL")]
    assert len(kept) > 600 * (share - 0.05)
    assert kept == list(range(1, len(kept) + 1))  # the first ones
    with Store.open_to_write(path) as store:
        assert f"{len(kept)} replications of it were kept" in store.warnings[0]
        assert "runs.db.damaged" in store.warnings[0]
        assert store.sweeps()[0]["study"] == "desks"
        point = store.add_point(b"new", "desks", "base", {}, "aa" * 32)
        store.save(Key(point.fingerprint or "", 1, "1.0"), outcome(0))
    assert count(path) == len(kept) + 1
    assert (tmp_path / "runs.db.damaged").stat().st_size == int(size * share)


def test_a_store_of_which_nothing_is_left_is_damage_and_no_wrong_input(tmp_path: Path) -> None:
    path = filled(tmp_path / "runs.db", 120)
    os.truncate(path, 3000)
    for opened in (Store.open_to_read, Store.open_to_write):
        with pytest.raises(
            HinderedStoreError, match="nothing of it can be read; to have its results again, sweep"
        ):
            opened(path)
    assert path.stat().st_size == 3000


def test_a_store_that_is_overwritten_inside_is_noticed(tmp_path: Path) -> None:
    path = filled(tmp_path / "runs.db")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(bytes(content))
    with Store.open_to_write(path) as store:
        assert "damaged" in store.warnings[0]
    assert 0 < count(path) < 150


def test_a_log_without_its_end_loses_only_that(tmp_path: Path) -> None:
    """What a killed process leaves: the store, and the log of what was written last."""
    with Store.open_to_write(tmp_path / "runs.db") as store:
        point = store.add_point(b"a", "s", "base", {}, "cd" * 32)
        for number in range(20):
            store.save(Key(point.fingerprint or "", 1, "1.0"), outcome(number))
        for suffix in ("", "-wal"):
            shutil.copy(f"{tmp_path / 'runs.db'}{suffix}", f"{tmp_path / 'copy.db'}{suffix}")
    log = Path(f"{tmp_path / 'copy.db'}-wal")
    os.truncate(log, log.stat().st_size - 5000)
    with Store.open_to_write(tmp_path / "copy.db") as store:
        assert 15 <= len(store.done(Key("cd" * 32, 1, "1.0"), 20)) < 20


@pytest.mark.parametrize("table", WIDTHS)
def test_a_row_that_is_not_as_written_is_left_out(tmp_path: Path, table: str) -> None:
    """Whatever else fits: SQLite finds nothing wrong with it."""
    path = filled(tmp_path / "runs.db")
    column = {"sweeps": "study", "outlines": "content", "points": "factors", "replications": "replication"}[table]
    other = 77 if table == "replications" else '{"x": 88}'
    connection = sqlite3.connect(path)
    connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = 1", (other,))
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.commit()
    connection.close()
    left = {"replications": 149, "outlines": 0}.get(table, 150)
    with Store.open_to_read(path) as store:
        (said,) = store.warnings
        assert "damaged" in said
        assert "1 row is left out, not being as written" in said
        assert not store.all(f"SELECT 1 FROM {table} WHERE {column} = ?", (other,))
    with Store.open_to_write(path) as store:
        assert f"{left} replications of it were kept" in store.warnings[0]
    assert count(path) == left


def test_a_bit_in_the_middle_of_a_store() -> None:
    """A few here; `flips` makes as many as one likes."""
    found = flips.main(40)
    assert found.total() == 40
    assert found["said, a part is missing"]


@pytest.mark.slow
def test_bits_all_over_stores() -> None:
    assert flips.main(500, seed=7).total() == 500


# --- other names ---------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_two_writers_through_links(tmp_path: Path) -> None:
    path = filled(tmp_path / "runs.db", 1)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "link.db").symlink_to(path)
    (tmp_path / "folder").symlink_to(tmp_path)
    for other in (tmp_path / "elsewhere" / "link.db", tmp_path / "folder" / "runs.db"):
        with Store.open_to_write(other), pytest.raises(HinderedStoreError, match="another process is writing"):
            Store.open_to_write(path)
    assert [each.name for each in (tmp_path / "elsewhere").iterdir()] == ["link.db"]
    os.link(path, tmp_path / "hard.db")
    for other in (path, tmp_path / "hard.db"):
        with pytest.raises(StoreError, match="a second name"):
            Store.open_to_write(other)
    assert count(tmp_path / "hard.db") == 5


# --- no room, no right ---------------------------------------------------------------------------------------

WRITES = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_store import Key, Store, filled, outcome
path = Path(sys.argv[1])
if sys.argv[3] == "limit":
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    with Store.open_to_write(path) as store:
        point = store.add_point(b"new", "desks", "base", {}, "aa" * 32)
        for number in range(3000):
            store.save(Key(point.fingerprint, 1, "1.0"), outcome(number))
except Exception as error:
    print(type(error).__name__, error)
"""


def writing(path: Path, how: str = "", before: tuple[str, ...] = ()) -> str:
    """What a process says that writes until it cannot go on."""
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    command = [*before, sys.executable, "-W", "ignore", "-c", WRITES, str(path), str(Path(__file__).parent), how]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout + done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files as Linux does")
def test_a_limit_on_the_size_of_files(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    said = writing(path, "limit")
    assert said.startswith("HinderedStoreError")
    assert "what was stored before is kept" in said
    kept = count(path)
    assert kept > 10
    assert "Error" not in writing(path)
    assert count(path) == 3000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of half a megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("may not mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk(small_disk: Path) -> None:
    path = small_disk / "runs.db"
    said = writing(path)
    assert said.startswith("HinderedStoreError")
    assert "the disk is full; what was stored before is kept, so make room and repeat" in said
    kept = count(path)
    assert kept > 10
    assert writing(path).startswith("HinderedStoreError")  # still full
    assert count(path) >= kept
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    assert "Error" not in writing(path)
    assert count(path) == 3000


def as_nobody() -> tuple[str, ...]:
    """What to put before a command so that file modes bind it."""
    if os.name == "nt":
        pytest.skip("file modes of POSIX")
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("needs a user whom file modes bind")
    return ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")


@pytest.fixture
def open_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that other users can reach."""
    for place in (tmp_path, *tmp_path.parents):
        if place == Path(tempfile.gettempdir()):
            break
        if place.stat().st_uid == os.geteuid():
            place.chmod(0o755)
    yield tmp_path
    for place in tmp_path.rglob("*"):
        place.chmod(0o755)


READS = """
import sys
sys.path.insert(0, sys.argv[2])
from test_store import count
from pathlib import Path
print(count(Path(sys.argv[1])))
"""


def test_a_folder_that_may_not_be_written(open_folder: Path) -> None:
    before = as_nobody()
    path = filled(open_folder / "runs.db", 4)
    path.chmod(0o644)
    open_folder.chmod(0o555)
    said = writing(path, "", before)
    assert said.startswith("HinderedStoreError"), said
    assert "read-only" in said or "may the file and its folder be read and written?" in said
    new = writing(open_folder / "new.db", "", before)
    assert new.startswith("HinderedStoreError"), new
    command = [*before, sys.executable, "-W", "ignore", "-c", READS, str(path), str(Path(__file__).parent)]
    environment: dict[str, Any] = {**os.environ, "PYTHONPATH": SOURCE}
    read = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert read.stdout.strip() == "20", read.stderr
