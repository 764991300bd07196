"""Records on disk are those in memory, to the byte, and so is every figure; nothing of them stays behind."""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import funnelsim as fs
from funnelsim.engine import compiled, engines
from funnelsim.errors import SpaceError
from funnelsim.experiments.running.replications import replicate
from funnelsim.model.compile import compile_model
from funnelsim.model.model import Model
from funnelsim.model.records import Customers, Leads, Moves, Records, Tasks, Visits
from funnelsim.model.spool import Pile, Spool, Spooled
from funnelsim.results import conservation
from funnelsim.results.measures.chunks import AT_ONCE, chunks, part, parts
from funnelsim.results.reading import read
from random_scenarios.documents import documents
from random_scenarios.laws import scenario_of

SCENARIOS = Path(__file__).parents[2] / "scenarios"
KINDS = {"visits": Visits, "leads": Leads, "customers": Customers, "moves": Moves, "tasks": Tasks}


def desk(horizon: str, rate: str, reps: int) -> fs.Scenario:
    """A desk that is asked for more than it can do, so that leads are open at the horizon."""
    return fs.Scenario.from_dict(
        {
            "funnelsim": 1,
            "name": "desk",
            "horizon": horizon,
            "sources": {"web": {"rate": rate}},
            "teams": {"desk": {"headcount": reps, "queue": "fifo"}},
            "stages": {
                "serve": {"team": "desk", "effort": {"dist": "exponential", "mean": "1 h"}, "convert": 0.5}
            },
        }
    )


def company(horizon: str) -> Model:
    """Customers, handoffs and promises."""
    return compile_model(fs.load(SCENARIOS / "mid_market.yaml").change({"horizon": horizon, "warmup": "1 mo"}))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def assert_same(kept: Records, spooled: Records, model: Model) -> None:
    """Every column, the laws, and every figure."""
    for kind, made in KINDS.items():
        for name in made._fields:  # type: ignore[attr-defined]
            one, other = getattr(getattr(kept, kind), name), getattr(getattr(spooled, kind), name)
            assert (one.dtype, one.tobytes()) == (other.dtype, other.tobytes()), f"{kind}.{name}"
    conservation.check(spooled, model)
    one, other = read(kept, model, keep=False), read(spooled, model, keep=False)
    assert one.tally == other.tally
    assert (one.times.tobytes(), one.outcomes.tobytes()) == (other.times.tobytes(), other.outcomes.tobytes())


@pytest.mark.parametrize("rows", [100, 1500])
@pytest.mark.parametrize(
    "model",
    [
        company("5 mo"),
        compile_model(fs.load(SCENARIOS / "one_desk.yaml").change({"horizon": "120 d"})),
        compile_model(desk("60 d", "2 / h", 1)),
    ],
    ids=["company", "one desk", "open leads"],
)
def test_the_same_records_and_figures(model: Model, rows: int) -> None:
    kept, spooled = (compiled.run(model, 3, 1, rows=each) for each in (None, rows))
    assert isinstance(spooled.visits, Spooled)
    assert_same(kept, spooled, model)


@settings(max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(made=documents())
def test_random_scenarios(made: dict[str, Any]) -> None:
    scenario = scenario_of(made)
    if scenario is not None:
        model = compile_model(scenario)
        kept, spooled = (_outcome(model, rows) for rows in (None, 20))
        if isinstance(kept, str):
            assert spooled == kept
        else:
            assert_same(kept, spooled, model)


def _outcome(model: Model, rows: int | None) -> Any:
    try:
        return compiled.run(model, 7, 0, rows=rows)
    except fs.FunnelsimError as error:
        return str(error)


def test_few_rows_stay_in_memory() -> None:
    model = company("3 mo")
    assert isinstance(compiled.run(model, 3, 0, rows=1 << 18).leads, Leads)


def test_no_leads() -> None:
    model = compile_model(desk("10 d", "0 / h", 1))
    kept, spooled = (compiled.run(model, 3, 0, rows=each) for each in (None, 10))
    assert len(kept.leads.source) == 0
    assert_same(kept, spooled, model)


def test_threads_have_files_of_their_own() -> None:
    model = company("3 mo")

    def tally(number: int) -> Any:
        return read(compiled.run(model, 3, number, rows=200), model, keep=False).tally

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(tally, range(6))) == [
            read(compiled.run(model, 3, number), model, keep=False).tally for number in range(6)
        ]


def test_runs_whose_records_are_not_kept_do_so() -> None:
    model = compile_model(desk("30 d", "400 / h", 300))
    records = replicate(model, 1, 0, "compiled", events=False)
    assert isinstance(records.visits, Spooled)
    assert len(records.visits.lead) > engines.ROWS


# --- files -----------------------------------------------------------------------------------------------


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts the open files of Linux")
def test_nothing_stays_behind(folder: Path) -> None:
    model = company("3 mo")
    before = open_files()
    records = compiled.run(model, 3, 0, rows=100)
    on_disk = [kind for kind in KINDS if isinstance(getattr(records, kind), Spooled)]
    assert on_disk == ["visits", "leads", "tasks"]  # of the others there are fewer than 100
    assert open_files() == before + len(on_disk)
    assert list(folder.iterdir()) == []  # they have no names, so that not even a killed process leaves them
    del records
    assert open_files() == before


def test_a_folder_that_is_not_there_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "gone"))
    with pytest.raises(SpaceError, match=r"gone \(No such file.*TMPDIR"):
        compiled.run(company("3 mo"), 3, 0, rows=100)


def test_a_full_disk_is_told_with_what_is_needed() -> None:
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(
            SpaceError, match=r"% of the run there are 0\.[1-9] MB; all of it may need [\d.]+ MB, .* TMPDIR"
        ):
            compiled.run(company("5 mo"), 3, 0, rows=100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


# --- columns ---------------------------------------------------------------------------------------------


def test_a_column_of_parts_of_every_kind() -> None:
    random = np.random.default_rng(3)
    limits = [np.iinfo(kind) for kind in (np.int8, np.int16, np.int32, np.int64)]
    pieces = [random.integers(each.min, each.max, 5 + at, endpoint=True) for at, each in enumerate(limits)]
    pieces += [np.array([each.min, each.max]) for each in limits]
    pieces += [np.array([each.min - 1, each.max + 1]) for each in limits[:3]] + [np.full(4, -7)]
    whole, pile = np.concatenate(pieces), Pile(1)
    for piece in pieces:
        pile.add(0, piece)
    for first in range(len(whole)):
        for last in range(first, len(whole) + 1):
            rows = slice(first, last)
            assert (pile.read(0, rows, np.empty(last - first, dtype=np.int64)) == whole[rows]).all()


def test_rows_come_back_sorted_and_equal_ones_as_they_were_written() -> None:
    random = np.random.default_rng(5)
    rows = np.column_stack([random.integers(0, 50, 1000), *([np.arange(1000)] * 3)])
    spool = Spool({"moves": ("time", "customer", "kind", "amount")})
    for at in range(0, 1000, 130):
        spool.put("moves", rows[at : at + 130], at / 1000)
    taken = spool.take("moves", Moves, "time")
    assert not spool.used
    expected = rows[np.argsort(rows[:, 0], kind="stable")]
    assert (np.column_stack([getattr(taken, name) for name in Moves._fields]) == expected).all()
    some = taken.part(slice(10, 700)).part(slice(5, 9))
    assert (some.amount == expected[15:19, 1]).all()
    with pytest.raises(AttributeError):
        taken.lead  # noqa: B018  # a field that it does not have


def words_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The columns that are read from here on."""
    read, words = Pile.read, []

    def noted(pile: Pile, word: int, *more: Any) -> Any:
        words.append(word)
        return read(pile, word, *more)

    monkeypatch.setattr(Pile, "read", noted)
    return words


def test_a_part_reads_each_column_once(monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool({"moves": ("time", "customer", "kind", "amount")})
    spool.put("moves", np.arange(400).reshape(100, 4), 1.0)
    taken = spool.take("moves", Moves, None)
    words = words_read(monkeypatch)
    some = taken.part(slice(5, 9))
    assert some.time is some.time
    assert some.kind.tolist() == [22, 26, 30, 34]
    assert taken.time is not taken.time  # long columns do not stay
    assert words == [0, 2, 0, 0]


def test_a_column_of_one_value_is_sorted_without_reading_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.column_stack([np.arange(100)[::-1], np.full(100, 7), *([np.arange(100)] * 2)])
    spool = Spool({"moves": ("time", "customer", "kind", "amount")})
    spool.put("moves", rows[:60], 0.6)
    spool.put("moves", rows[60:], 1.0)
    words = words_read(monkeypatch)
    taken = spool.take("moves", Moves, "time")
    assert words == [0, 0, 2, 3]
    assert (taken.customer == 7).all()
    assert taken.kind.tolist() == list(range(100))[::-1]


def test_parts_cover_a_table() -> None:
    moves = Moves(*(np.arange(2 * AT_ONCE + 3) + at for at in range(4)))
    found = list(parts(moves))
    assert [len(each.time) for _, each in found] == [AT_ONCE, AT_ONCE, 3]
    assert (np.concatenate([each.amount for _, each in found]) == moves.amount).all()
    assert (part(moves, slice(3, 5)).kind == moves.kind[3:5]).all()
    assert list(chunks(0)) == [slice(0, 0)]
