"""What cannot fit into memory, or be made at all, is refused before it begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.engine import engines
from funnelsim.errors import FunnelsimError, SpaceError
from funnelsim.experiments.running import machine, memory
from funnelsim.experiments.statistics.ocba import Budget
from funnelsim.scenario import Scenario

DESK = Scenario.from_dict(
    {
        "horizon": "1 w",
        "sources": {"web": {"rate": "2 / h"}},
        "teams": {"desk": {"headcount": 3, "queue": "fifo"}},
        "stages": {"serve": {"team": "desk", "effort": "1 h"}},
    }
)
CROWD = DESK.change({"horizon": "1 y", "sources.web.rate": "9000 / h"})
TOO_MANY = 10**9


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a gigabyte of memory and one of disk."""
    monkeypatch.setattr(memory, "free_memory", lambda: 10**9)
    monkeypatch.setattr(memory, "free_disk", lambda: 10**9)


@pytest.mark.parametrize(
    "work",
    [
        lambda folder: fs.simulate(DESK, replications=TOO_MANY),
        lambda folder: fs.compare({"a": DESK, "b": DESK.rename("b")}, replications=TOO_MANY),
        lambda folder: Budget(TOO_MANY),
        lambda folder: fs.diagnose(DESK, replications=TOO_MANY, engine="simpy", workers=1),
        lambda folder: fs.sweep(
            DESK, {"teams.desk.headcount": [3, 4]}, out=folder / "a.db", replications=TOO_MANY
        ),
    ],
)
def test_replications_have_a_limit(work: Any, tmp_path: Path) -> None:
    with pytest.raises(FunnelsimError, match=r"at most 1,000,000 replications are allowed, but got 1,000,000,000"):
        work(tmp_path)


def test_points_times_replications(tmp_path: Path) -> None:
    with pytest.raises(FunnelsimError, match=r"500 points x 1,000,000 replications = 500,000,000; at most"):
        fs.sweep(DESK, {"teams.desk.headcount": {"from": 1, "to": 500}}, out=tmp_path / "a.db", replications=10**6)
    assert not (tmp_path / "a.db").exists()


@pytest.mark.usefixtures("little")
def test_records_that_do_not_fit() -> None:
    rows = r"7 x \(78,840,000 leads \+ 78,840,000 visits\)"
    with pytest.raises(SpaceError, match=rf"{rows} need about 187.6 GB, and 1.0 GB are free"):
        fs.simulate(CROWD, replications=7)
    with pytest.raises(SpaceError, match=r"1 at a time x .* need about"):
        fs.simulate(CROWD, replications=7, records=False, engine="simpy")
    with pytest.raises(SpaceError, match="do not fit"):
        fs.compare({"a": CROWD, "b": CROWD.rename("b")}, engine="simpy")


@pytest.mark.usefixtures("little")
def test_temporary_files_that_do_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda: 10**11)
    with pytest.raises(
        SpaceError, match=r"do not fit on disk: 1 at a time x .* set the environment variable TMPDIR"
    ):
        fs.simulate(CROWD, replications=1, records=False, engine="compiled")


@pytest.mark.usefixtures("little")
def test_a_sweep_notes_it_of_each_point(tmp_path: Path) -> None:
    swept = fs.sweep(CROWD, {"teams.desk.headcount": [3]}, out=tmp_path / "a.db", replications=1, engine="simpy")
    assert swept.failed == 1
    assert "do not fit into memory" in str(swept.errors())


def test_what_nobody_knows_is_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda: None)
    assert fs.simulate(DESK, replications=2, engine="simpy").replications == 2


def test_out_of_memory_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def runner(name: str) -> Any:
        def run(*arguments: Any, **options: Any) -> Any:
            raise MemoryError

        return run

    monkeypatch.setattr(engines, "runner", runner)
    with pytest.raises(SpaceError, match="replication 0 ran out of memory"):
        fs.simulate(DESK, replications=2, engine="simpy")


def test_this_machine_says_what_it_has() -> None:
    found = machine.free_memory()
    assert found is None or 10**6 < found < 10**15
    assert (machine.free_disk() or 1) > 0


@pytest.mark.parametrize(("limit", "used", "left"), [("1000", "400", 600), ("max", "400", None), ("10", "400", 0)])
def test_the_limit_of_a_container(
    limit: str, used: str, left: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "max").write_text(limit)
    (tmp_path / "current").write_text(used)
    monkeypatch.setattr(machine, "CGROUPS", ((tmp_path / "max", tmp_path / "current"),))
    monkeypatch.setattr(machine, "MEMINFO", tmp_path / "meminfo")
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable: 5 kB\n", encoding="ascii")
    assert machine.free_memory() == (5120 if left is None else min(left, 5120))
