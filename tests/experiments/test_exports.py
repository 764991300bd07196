"""Run stores as tables of other programs."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.experiments.store.errors import StoreError
from funnelsim.experiments.store.exports import export

HEADCOUNT = "teams.desk.headcount"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two arms, a point without a scenario, and results under two seeds."""
    desk = fs.Scenario.from_dict(
        {
            "funnelsim": 1,
            "name": "東京",
            "horizon": "4 d",
            "warmup": "1 d",
            "sources": {"web": {"rate": "2 / h"}},
            "teams": {"desk": {"headcount": 3, "queue": "fifo"}},
            "stages": {"serve": {"team": "desk", "effort": "20 min", "convert": 0.5}},
        }
    )
    path = tmp_path_factory.mktemp("stores") / "runs.db"
    arms = {"=1+1": {"stages.serve.convert": 0.25}}
    study = fs.Study.of(desk, {HEADCOUNT: [2, {"add": 1}]}, arms=arms, kpis=["won", "cycle_time"])
    fs.sweep(study, out=path, replications=2)
    fs.sweep(study, out=path, replications=1, seed=2)
    fs.sweep(desk, {"horizon": ["2 d", "6 d"], "warmup": ["1 d", "3 d"]}, out=path, replications=1)
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv(stored: Path, tmp_path: Path) -> None:
    count = export(stored, tmp_path / "points.csv")
    rows = read(tmp_path / "points.csv")
    assert count == len(rows) == 4 * 2 + 4
    first = rows[0]
    assert (first["study"], first["arm"], first[HEADCOUNT], first["seed"]) == ("東京", "base", "2", "1")
    assert float(first["won_low"]) < float(first["won"]) < float(first["won_high"])
    assert {row["seed"] for row in rows} == {"1", "2", ""}
    assert [row[HEADCOUNT] for row in rows[:8]].count('{"add": 1}') == 4
    (failed,) = [row for row in rows if row["error"]]
    assert (failed["horizon"], failed["warmup"], failed["won"], failed["replications"]) == ("2 d", "3 d", "", "0")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["points.csv", "points.csv-metadata.json"]


def test_parquet_has_types(stored: Path, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    export(stored, tmp_path / "it's.parquet")
    with duckdb.connect() as connection:
        table = connection.execute("SELECT * FROM read_parquet(?)", [str(tmp_path / "it's.parquet")])
        names = [column[0] for column in table.description]
        rows = [dict(zip(names, row, strict=True)) for row in table.fetchall()]
    texts = tmp_path / "points.csv"
    export(stored, texts)
    assert names == list(read(texts)[0])
    assert [row["won"] for row in rows] == [float(row["won"]) if row["won"] else None for row in read(texts)]
    assert rows[0]["seed"] == 1
    assert rows[0]["arm"] == "base"
    assert rows[0]["horizon"] is None


def test_excel_has_points_and_provenance(stored: Path, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    export(stored, tmp_path / "points.xlsx")
    book = openpyxl.load_workbook(tmp_path / "points.xlsx")
    heading, *rows = book["points"].iter_rows(values_only=True)
    assert len(rows) == 12
    assert {row[heading.index("arm")] for row in rows} == {"base", "=1+1"}  # text, not a formula
    assert isinstance(rows[0][heading.index("won")], int | float)
    about = {row[0]: row[1:] for row in book["about"].iter_rows(values_only=True)}
    assert about["version"][0] == fs.__version__
    assert len(about["study"]) == 3


def test_some_kpis(stored: Path, tmp_path: Path) -> None:
    export(stored, tmp_path / "points.csv", ["created"])
    assert {"created", "created_low", "created_high"} <= set(read(tmp_path / "points.csv")[0])
    assert "won" not in read(tmp_path / "points.csv")[0]


@pytest.mark.parametrize(
    ("name", "kpis", "message"),
    [
        ("points.txt", None, "must end in .csv, .parquet or .xlsx"),
        ("points", None, "must end in"),
        ("none/points.csv", None, "there is no folder"),
        ("points.csv", ["winnings"], "there is no KPI 'winnings'"),
    ],
)
def test_what_makes_no_sense(
    stored: Path, tmp_path: Path, name: str, kpis: list[str] | None, message: str
) -> None:
    with pytest.raises(fs.FunnelsimError, match=message):
        export(stored, tmp_path / name, kpis)
    assert not list(tmp_path.iterdir())


def test_a_store_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such run store"):
        export(tmp_path / "runs.db", tmp_path / "points.csv")


@pytest.mark.parametrize(("suffix", "module"), [(".parquet", "duckdb"), (".xlsx", "xlsxwriter")])
def test_missing_packages_are_named(
    stored: Path, tmp_path: Path, suffix: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(fs.FunnelsimError, match=rf"needs the package {module}: install the extra"):
        export(stored, tmp_path / f"points{suffix}")


def test_a_place_that_cannot_be_written_is_named(stored: Path, tmp_path: Path) -> None:
    """And not the file that is written first."""
    (tmp_path / "points.csv").mkdir()
    with pytest.raises(fs.FunnelsimError, match=r"points\.csv: this is a folder"):
        export(stored, tmp_path / "points.csv")
