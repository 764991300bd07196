"""What was laid over a scenario, seed, version and engine stand in the header of every output."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest
from commands import Typed, written
from matplotlib.figure import Figure

import funnelsim as fs

DESK = """\
funnelsim: 1
name: One desk
horizon: 60 d
warmup: 2 d
sources: {web: {rate: 1 / d}}
teams:   {desk: {headcount: 2, queue: fifo, cost: {salary: 20 / h}}}
stages:
  serve: {team: desk, effort: {dist: exponential, mean: 1 h}}
"""
LEVER = "lever: faster\nchange: {stages.serve.effort: {multiply: 0.5}}\n"
STUDY = """\
study: desks
base: desk.yaml
set: {sources.web.rate: 2 / d}
arms: {one more: {teams.desk.headcount: {add: 1}}}
vary: {teams.desk.headcount: [2, 3], horizon: [30 d]}
kpis: [won]
predicts: [{arm: one more, kpi: won, expect: up}]
replications: 3
"""
SET = ("--set", "sources.web.rate=2 / d")
HERE = ("--engine", "simpy", "--workers", "1", "--seed", "7")
MADE = f"seed 7, engine simpy, funnelsim {fs.__version__}"
CHANGE = "sources.web.rate=2 / d"

# What is typed, and what its header says was laid over it.
RUNS = {
    "run": (
        ["run", "desk.yaml", "--lever", "faster@0.5", *SET, "--replications", "2"],
        ["lever faster@0.5", CHANGE],
    ),
    "warmup": (["warmup", "desk.yaml", *SET, "--replications", "3"], [CHANGE]),
    "diagnose": (["diagnose", "desk.yaml", *SET, "--replications", "2", "--no-equation"], [CHANGE]),
    "compare": (
        ["compare", "desk.yaml", "--arm", "more: teams.desk.headcount=3", *SET, "--replications", "2"],
        [f"all: {CHANGE}", "for more: teams.desk.headcount=3"],
    ),
    "compare a study": (["compare", "study.yaml"], [f"all: {CHANGE}, horizon=30 d", "for one more: teams.desk"]),
    "choose": (
        ["choose", "desk.yaml", "--lever", "faster", *SET, "--kpi", "cycle_time", "--budget", "24"],
        [f"for faster: lever faster, {CHANGE}"],
    ),
    "tornado": (["sensitivity", "desk.yaml", *SET, "--kpi", "won", "--replications", "2"], [CHANGE]),
    "sensitivity": (
        ["sensitivity", "study.yaml", "--method", "morris", "--points", "2", "--replications", "2"],
        [f"{CHANGE}, horizon=30 d"],
    ),
    "sweep": (["sweep", "study.yaml", "--out", "runs.db"], [f"{CHANGE}, horizon=30 d"]),
    "optimise": (["optimise", "goal.yaml", "--out", "best.db"], [f"{CHANGE}, horizon=30 d"]),
}
DRAWN = sorted(set(RUNS) - {"sweep"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written(tmp_path / "desk.yaml", DESK)
    (tmp_path / "levers").mkdir()
    written(tmp_path / "levers" / "faster.yaml", LEVER)
    written(tmp_path / "study.yaml", STUDY)
    goal = STUDY.replace("predicts: [{arm: one more, kpi: won, expect: up}]", "minimise: cost")
    written(tmp_path / "goal.yaml", goal)
    return tmp_path


@pytest.mark.parametrize("name", RUNS)
def test_the_header_says_what_made_it(
    name: str, folder: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: dict[str, list[str]] = {}

    def keep(figure: Figure, file: object, **options: object) -> None:
        saved[str(file)] = [text.get_text() for text in figure.texts]
        Path(str(file)).write_bytes(b"drawn")

    monkeypatch.setattr(Figure, "savefig", keep)
    typed_in, laid = RUNS[name]
    pictures = ["--pictures", "drawn"] if name in DRAWN else []
    said = typed(*typed_in, *HERE, *pictures)
    assert said.returncode == 0, said.stderr
    head = " ".join(said.stdout.split())
    for each in (MADE, *laid):
        assert each in head
    for texts in saved.values():
        below = "".join(texts)
        assert f"seed 7, engine simpy, funnelsim {fs.__version__}" in below
        assert "Laid over" in below
    assert bool(saved) == (name in DRAWN)


@pytest.mark.parametrize("name", DRAWN)
def test_a_report_of_it_says_what_made_it(name: str, folder: Path, typed: Typed) -> None:
    typed_in, laid = RUNS[name]
    said = typed(*typed_in, *HERE, "--report", "told.html", "--quiet")
    assert said.returncode == 0, said.stderr
    text = html.unescape((folder / "told.html").read_text(encoding="utf-8"))
    for each in (MADE, *laid, f"funnelsim {typed_in[0]} "):
        assert each in text
    assert 'id="answer"' in text
    refused = typed(*typed_in, *HERE, "--report", "told.txt")
    assert (refused.returncode, refused.stdout) == (2, "")  # before anything is run
    assert "give a name that ends in .html" in refused.stderr


@pytest.mark.parametrize("name", RUNS)
def test_the_document_says_what_made_it(name: str, folder: Path, typed: Typed) -> None:
    typed_in, _ = RUNS[name]
    told = json.loads(typed(*typed_in, *HERE, "--json").stdout)
    assert (told["seed"], told["engine"], told["version"]) == (7, "simpy", fs.__version__)
    laid = told["laid_over"]
    assert CHANGE in (next(iter(laid.values())) if isinstance(laid, dict) else laid)


@pytest.mark.parametrize("form", ["pm", "animation"])
def test_a_log_of_csv_has_what_made_it_beside_it(form: str, folder: Path, typed: Typed) -> None:
    done = typed(*RUNS["run"][0], *HERE, "--events", "log.csv", "--event-format", form)
    assert done.returncode == 0, done.stderr
    told = json.loads((folder / "log.csv-metadata.json").read_text())
    assert (told["url"], told["dc:title"]) == ("log.csv", "One desk")
    (note,) = told["notes"]
    assert (note["seed"], note["engine"], note["version"]) == (7, "simpy", fs.__version__)
    assert note["laid_over"] == RUNS["run"][1]
    assert (folder / "log.csv").read_text().count(CHANGE) == 0, "the rows are rows alone"


def test_a_log_of_xes_has_what_made_it_in_it(folder: Path, typed: Typed) -> None:
    typed(*RUNS["run"][0], *HERE, "--events", "log.xes", "--event-format", "xes")
    log = (folder / "log.xes").read_text()
    for key, value in (("seed", "7"), ("engine", "simpy"), ("version", fs.__version__)):
        assert f'key="funnelsim:{key}" value="{value}"' in log
    assert "lever faster@0.5, sources.web.rate=2 / d" in log
    assert not (folder / "log.xes-metadata.json").exists()


def test_an_exported_table_has_what_made_it_beside_it(folder: Path, typed: Typed) -> None:
    typed(*RUNS["sweep"][0], *HERE)
    done = typed("export", "runs.db", "--out", "points.csv")
    assert done.returncode == 0, done.stderr
    (note,) = json.loads((folder / "points.csv-metadata.json").read_text())["notes"]
    assert (note["seed"], note["engine"], note["version"]) == (7, "simpy", fs.__version__)
    assert CHANGE.split("=")[1] in json.dumps(note)


def test_what_is_beside_a_table_replaces_no_input(folder: Path, typed: Typed) -> None:
    (folder / "log.csv-metadata.json").mkdir()
    done = typed("run", "desk.yaml", "--replications", "2", *HERE, "--events", "log.csv")
    assert done.returncode == 2
    assert "log.csv-metadata.json: this is a folder" in done.stderr
    assert not (folder / "log.csv").exists()


def test_results_in_python_say_it(folder: Path) -> None:
    desk = fs.load(folder / "desk.yaml")
    changed = desk.with_levers("faster@0.5").change({"teams.desk.headcount": {"add": 1}, "name": "Other"})
    assert changed.laid == ("lever faster@0.5", "teams.desk.headcount={add: 1}")
    assert changed.rename("Third").laid == changed.laid
    assert "over it lever faster@0.5, teams.desk.headcount={add: 1}" in repr(changed)
    assert desk.laid == ()
    options = {"engine": "simpy", "seed": 7}
    results = [
        fs.simulate(changed, replications=2, **options),
        fs.compare({"today": desk, "other": changed}, replications=2, **options),
        fs.tornado(changed, kpi="won", replications=2, **options),
    ]
    results.append(fs.suggest_warmup(results[0]))
    for result in results:
        for shown in (repr(result), result._repr_html_()):  # type: ignore[attr-defined]
            assert "lever faster@0.5, teams.desk.headcount={add: 1}" in shown
            assert MADE in shown


def test_a_fingerprint_does_not_hang_on_how_it_was_laid(folder: Path) -> None:
    desk = fs.load(folder / "desk.yaml")
    once = desk.change({"teams.desk.headcount": 4})
    twice = desk.change({"teams.desk.headcount": 3}).change({"teams.desk.headcount": {"add": 1}})
    assert once.fingerprint == twice.fingerprint
    assert once.laid != twice.laid
