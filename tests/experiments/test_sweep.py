"""Sweeps: results, going on, what fails, and what is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from stand_in import HEADCOUNT, desk

import funnelsim as fs
from funnelsim.engine import engines
from funnelsim.experiments.running.executors import Here
from funnelsim.experiments.running.outline import Outline
from funnelsim.experiments.running.tasks import Task
from funnelsim.experiments.running.workers import WorkerDiedError
from funnelsim.experiments.store.store import Store
from funnelsim.experiments.sweep import procedure
from funnelsim.experiments.sweep.procedure import STRIKES, SweepProgress
from funnelsim.model.compile import compile_model

RICH = Path(__file__).parents[1] / "scenario" / "rich.yaml"


def digest(path: Path) -> str:
    with Store.open_to_read(path) as store:
        return store.digest()


class Watched(Here):
    """Runs tasks here, notes them, and does something before each."""

    def __init__(self, before: Callable[[Task], None] = lambda task: None) -> None:
        self.before = before
        self.tasks: list[Task] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        (task,) = args
        self.tasks.append(task)
        try:
            self.before(task)
        except Exception as error:  # noqa: BLE001  # as an executor would
            future: Future[Any] = Future()
            future.set_exception(error)
            return future
        return super().submit(fn, *args, **kwargs)

    @property
    def made(self) -> list[tuple[str, int]]:
        return [(task.scenario.fingerprint, number) for task in self.tasks for number in task.replications]


# --- results -------------------------------------------------------------------------------------------------


def test_estimates_are_those_of_single_runs(tmp_path: Path) -> None:
    """Every KPI, means and intervals, to the last bit."""
    result = fs.sweep(desk(), {HEADCOUNT: [2, 4]}, out=tmp_path / "runs.db", replications=5, seed=7)
    for reading in result.readings:
        alone = fs.simulate(desk().change(reading.point.factors), replications=5, seed=7)
        assert reading.estimates == alone.summary.kpis
        assert reading.point.fingerprint == alone.to_dict()["fingerprint"]
    assert result.table[HEADCOUNT].tolist() == [2, 4]
    assert result.table["won"].tolist() == [reading.estimates["won"].mean for reading in result.readings]
    assert result.failures.empty


def test_an_outline_names_the_kpis_of_its_model() -> None:
    """Milestones, reasons, costs and currency of a scenario with everything, from text alone."""
    model = compile_model(fs.load(RICH))
    outline = Outline.from_text(Outline.of(model).text)
    assert outline == Outline.of(model)
    from funnelsim.results.measures.periods.per_period import every_kpi

    known = {name: kpi for name, (_, kpi) in every_kpi(model).items()}
    assert list(outline.indicators) == list(known)
    for name, indicator in outline.indicators.items():
        assert (indicator.unit, indicator.label) == (known[name].unit, known[name].label)


def test_a_scenario_with_everything_comes_out_as_it_ran(tmp_path: Path) -> None:
    rich = fs.load(RICH).change({"horizon": "2 mo", "warmup": "1 mo"})
    result = fs.sweep(rich, out=tmp_path / "runs.db", replications=2)
    (reading,) = result.readings
    assert reading.estimates == fs.simulate(rich, replications=2).summary.kpis


@pytest.mark.parametrize("make", [None, lambda: ThreadPoolExecutor(2), lambda: ProcessPoolExecutor(2)])
def test_any_executor_gives_the_same(tmp_path: Path, make: Callable[[], Executor] | None) -> None:
    study = fs.Study.of(desk(), {HEADCOUNT: [2, 3, 4]}, arms={"slow": {"stages.serve.effort.mean": "2 h"}})
    fs.sweep(study, out=tmp_path / "here.db", replications=3)
    if make is None:
        fs.sweep(study, out=tmp_path / "there.db", replications=3, workers=2)
    else:
        with make() as executor:
            fs.sweep(study, out=tmp_path / "there.db", replications=3, executor=executor)
    assert digest(tmp_path / "there.db") == digest(tmp_path / "here.db")


def test_a_study_says_what_it_wants(tmp_path: Path) -> None:
    study = fs.Study.of(desk(), {HEADCOUNT: [2]}, replications=2, kpis=["won", "cost"])
    result = fs.sweep(study, out=tmp_path / "runs.db")
    assert result.replications == 2
    assert list(result.readings[0].estimates) == ["won", "cost"]
    assert fs.sweep(study, out=tmp_path / "runs.db", replications=3).readings[0].replications == 3


def test_provenance(tmp_path: Path) -> None:
    fs.sweep(desk(), {HEADCOUNT: [2]}, out=tmp_path / "runs.db", replications=1, seed=3)
    with Store.open_to_read(tmp_path / "runs.db") as store:
        (kept,) = store.sweeps()
    assert (kept["version"], kept["seed"], kept["engine"]) == (fs.__version__, 3, engines.choose("auto"))
    assert json.loads(kept["scenario_text"])["name"] == "desk"
    assert json.loads(kept["study_text"])["vary"] == {HEADCOUNT: [2]}
    assert {"python", "numpy", "simpy"} <= set(kept["dependencies"])
    assert fs.Scenario.from_dict(json.loads(kept["scenario_text"])).fingerprint == desk().fingerprint


# --- going on ------------------------------------------------------------------------------------------------


def test_a_repeated_sweep_runs_nothing(tmp_path: Path) -> None:
    for executor in (Watched(), Watched()):
        fs.sweep(desk(), {HEADCOUNT: [2, 3]}, out=tmp_path / "runs.db", replications=3, executor=executor)
    assert executor.tasks == []


def test_more_points_and_replications_run_only_what_is_new(tmp_path: Path) -> None:
    out = tmp_path / "runs.db"
    fs.sweep(desk(), {HEADCOUNT: [2, 3]}, out=out, replications=3)
    watched = Watched()
    result = fs.sweep(desk(), {HEADCOUNT: [2, 3, 4]}, out=out, replications=4, executor=watched)
    assert len(watched.made) == len(set(watched.made)) == 2 + 4
    assert [reading.replications for reading in result.readings] == [4, 4, 4]
    fewer = fs.sweep(desk(), {HEADCOUNT: [3]}, out=out, replications=2)
    assert [reading.replications for reading in fewer.readings] == [2]


def test_points_of_the_same_scenario_are_run_once(tmp_path: Path) -> None:
    study = fs.Study.of(desk(), {HEADCOUNT: [3, 4]}, arms={"same": {"stages.serve.convert": 0.5}})
    watched = Watched()
    result = fs.sweep(study, out=tmp_path / "runs.db", replications=3, executor=watched)
    assert len(watched.made) == len(set(watched.made)) == 6
    assert len(result.readings) == 4
    assert [reading.replications for reading in result.readings] == [3] * 4


def test_an_edited_scenario_is_another_point(tmp_path: Path) -> None:
    out = tmp_path / "runs.db"
    fs.sweep(desk(), {HEADCOUNT: [2]}, out=out, replications=1)
    watched = Watched()
    edited = desk().change({"stages.serve.convert": 0.6})
    result = fs.sweep(edited, {HEADCOUNT: [2]}, out=out, replications=1, executor=watched)
    assert len(watched.made) == 1
    assert len(result.readings) == 1
    with Store.open_to_read(out) as store:
        assert len(list(store.points())) == 2


@pytest.mark.parametrize("after", [0, 1, 4])
def test_ctrl_c_keeps_what_is_done_and_the_next_sweep_goes_on(
    tmp_path: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(procedure, "CHUNK_SECONDS", 0.0)  # one replication a task

    def stop(task: Task) -> None:
        if len(watched.tasks) > after:
            raise KeyboardInterrupt

    watched = Watched(stop)
    out = tmp_path / "runs.db"
    with pytest.raises(fs.SweepInterrupted) as caught:
        fs.sweep(desk(), {HEADCOUNT: [2, 3]}, out=out, replications=4, executor=watched)
    done = watched.made[: sum(len(task.replications) for task in watched.tasks[:after])]
    assert caught.value.done == len(done)
    assert sum(reading.replications for reading in caught.value.sweep.readings) == len(done)
    assert "stopped by the user" in caught.value.sweep.warnings[-1]
    rest = Watched()
    fs.sweep(desk(), {HEADCOUNT: [2, 3]}, out=out, replications=4, executor=rest)
    assert len({*done, *rest.made}) == len(done) + len(rest.made) == 8
    fs.sweep(desk(), {HEADCOUNT: [2, 3]}, out=tmp_path / "calm.db", replications=4)
    assert digest(out) == digest(tmp_path / "calm.db")


# --- what fails ----------------------------------------------------------------------------------------------


def test_a_point_without_a_scenario_is_a_record(tmp_path: Path) -> None:
    """Each value is right alone, but a horizon of two days ends before a warm-up of three."""
    vary = {"horizon": ["2 d", "6 d"], "warmup": ["1 d", "3 d"]}
    result = fs.sweep(desk(), vary, out=tmp_path / "runs.db", replications=1)
    errors = [reading.error for reading in result.readings]
    assert [error is not None for error in errors] == [False, True, False, False]
    assert "warmup" in (errors[1] or "")
    assert len(result.failures) == 1
    assert len(result.table) == 4


def guilty(task: Task) -> bool:
    return task.scenario.spec.teams["desk"].headcount.first == 3 and 1 in task.replications


def test_a_replication_that_kills_its_workers_is_recorded_and_the_others_are_not(tmp_path: Path) -> None:
    def die(task: Task) -> None:
        if guilty(task):
            raise WorkerDiedError("the worker process died at it (SIGKILL)")

    watched = Watched(die)
    out = tmp_path / "runs.db"
    result = fs.sweep(desk(), {HEADCOUNT: [2, 3, 4]}, out=out, replications=6, executor=watched)
    assert [reading.replications for reading in result.readings] == [6, 5, 6]
    assert result.readings[1].errors == ((1, "the worker process died at it (SIGKILL)"),)
    assert sum(task.replications == (1,) and guilty(task) for task in watched.tasks) == STRIKES
    assert result.failures["replication"].tolist() == [1]
    again = Watched()
    mended = fs.sweep(desk(), {HEADCOUNT: [2, 3, 4]}, out=out, replications=6, executor=again)
    assert len(again.made) == 1  # what failed is tried again, and nothing else
    assert mended.failures.empty


def test_a_worker_that_dies_once_costs_nothing(tmp_path: Path) -> None:
    deaths: list[Task] = []

    def die(task: Task) -> None:
        if not deaths and guilty(task):
            deaths.append(task)
            raise WorkerDiedError("killed")

    result = fs.sweep(desk(), {HEADCOUNT: [2, 3]}, out=tmp_path / "a.db", replications=6, executor=Watched(die))
    assert len(deaths) == 1
    assert [reading.replications for reading in result.readings] == [6, 6]


def test_an_error_in_a_replication_is_a_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from funnelsim.experiments.running import replications

    replicate = replications.replicate

    def broken(model: Any, seed: int, number: int, *rest: Any) -> Any:
        if number == 2:
            raise ZeroDivisionError("by nothing")
        return replicate(model, seed, number, *rest)

    monkeypatch.setattr(replications, "replicate", broken)
    result = fs.sweep(desk(), {HEADCOUNT: [2]}, out=tmp_path / "runs.db", replications=4)
    assert result.readings[0].replications == 3
    assert result.readings[0].errors == ((2, "ZeroDivisionError: by nothing"),)


def test_an_executor_that_breaks_stops_the_sweep_and_keeps_what_is_done(tmp_path: Path) -> None:
    def breaks(task: Task) -> None:
        if len(watched.tasks) == 3:
            raise ModuleNotFoundError("No module named 'funnelsim'")

    watched = Watched(breaks)
    with pytest.raises(fs.FunnelsimError, match="cannot go on: ModuleNotFoundError") as caught:
        fs.sweep(desk(), {HEADCOUNT: [2, 3, 4]}, out=tmp_path / "a.db", replications=2, executor=watched)
    with Store.open_to_read(tmp_path / "a.db") as store:
        ((kept,),) = store.all("SELECT count(*) FROM replications WHERE terms IS NOT NULL")
    assert kept >= 2
    assert f"{kept} of 6 replications are in" in str(caught.value)
    result = fs.sweep(desk(), {HEADCOUNT: [2, 3, 4]}, out=tmp_path / "a.db", replications=2)
    assert [reading.replications for reading in result.readings] == [2, 2, 2]


def test_a_worker_of_another_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def older(task: Task) -> None:
        monkeypatch.setattr("funnelsim.version.VERSION", "0.0.1")

    with pytest.raises(fs.FunnelsimError, match=r"a worker has funnelsim 0\.0\.1, but .* was asked for"):
        fs.sweep(desk(), {HEADCOUNT: [2]}, out=tmp_path / "a.db", replications=1, executor=Watched(older))


# --- telling -------------------------------------------------------------------------------------------------


def test_progress_ends_at_all(tmp_path: Path) -> None:
    said: list[SweepProgress] = []
    fs.sweep(desk(), {HEADCOUNT: [2, 3]}, out=tmp_path / "a.db", replications=3, progress=said.append)
    assert [now.done for now in said] == sorted(now.done for now in said)
    assert (said[-1].done, said[-1].total, said[-1].left) == (6, 6, 0.0)
    again: list[SweepProgress] = []
    fs.sweep(desk(), {HEADCOUNT: [2, 3, 4]}, out=tmp_path / "a.db", replications=3, progress=again.append)
    assert again[0].found == 6
    assert again[-1].done == 9


def test_time_left_counts_what_this_sweep_makes() -> None:
    now = SweepProgress(done=60, total=100, found=50, failed=0, seconds=5.0)
    assert now.left == pytest.approx(20.0)
    assert SweepProgress(50, 100, 50, 0, 1.0).left is None


def test_results_show_themselves(tmp_path: Path) -> None:
    study = fs.Study.of(
        desk(),
        {HEADCOUNT: [2, 3], "stages.serve.effort.mean": ["30 min", "1 h"]},
        arms={"busy": {"sources.web.rate": "3 / h"}},
        question="Wie viele?",
    )
    result = fs.sweep(study, out=tmp_path / "runs.db", replications=2)
    page = result._repr_html_()
    assert "Wie viele?" in page
    assert "data:image/png" in page
    panels = [axes for axes in result.plot.effects("cycle_time").axes if axes.get_xlabel()]
    assert len(panels) == 2
    with pytest.raises(fs.FunnelsimError, match="winnings"):
        result.plot.effects("winnings")
    document = json.loads(result.to_json())
    assert document["points"][0]["at"] == {HEADCOUNT: 2, "stages.serve.effort.mean": "30 min"}
    leaf = {"mean", "low", "high", "range_low", "range_high", "undefined", "unit"}
    assert set(document["points"][0]["kpis"]["won"]) == leaf


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"replications": 0}, "replications must be at least 1, but got 0"),
        ({"seed": -1}, "seed must lie between"),
        ({"workers": 0}, "workers must be at least 1"),
        ({"workers": 10**20}, "at most 1,000 workers are allowed"),
        ({"engine": "steam"}, "there is no engine 'steam'"),
        ({"vary": {HEADCOUNT + "s": [1]}}, "did you mean teams.desk.headcount"),
        ({"design": {"lhs": 0}}, "at least 1"),
        ({"out": "no/such/folder/runs.db"}, "there is no folder"),
    ],
)
def test_options_that_make_no_sense_are_refused(tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(fs.FunnelsimError, match=message):
        fs.sweep(desk(), **{"vary": {HEADCOUNT: [2]}, "out": tmp_path / "runs.db", **options})
    assert not list(tmp_path.iterdir())


def test_kpis_that_nobody_has_are_refused_before_anything_is_run(tmp_path: Path) -> None:
    study = fs.Study.of(desk(), {HEADCOUNT: [2]}, kpis=["won", "bokings"])
    with pytest.raises(fs.ScenarioError, match=r"kpis\.1: unknown KPI 'bokings'; did you mean 'bookings'"):
        fs.sweep(study, out=tmp_path / "runs.db")
    with pytest.raises(fs.FunnelsimError, match="a study says itself"):
        fs.sweep(fs.Study.of(desk()), {HEADCOUNT: [2]}, out=tmp_path / "runs.db")


def test_a_task_is_about_as_long_as_it_should_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched()
    fs.sweep(desk(), {HEADCOUNT: [2, 3]}, out=tmp_path / "a.db", replications=30, executor=watched)
    assert len(watched.tasks[0].replications) == 1
    assert max(len(task.replications) for task in watched.tasks) > 5
    monkeypatch.setattr(procedure, "CHUNK_SECONDS", 0.0)
    single = Watched()
    fs.sweep(desk(), {HEADCOUNT: [2, 3]}, out=tmp_path / "b.db", replications=3, executor=single)
    assert all(len(task.replications) == 1 for task in single.tasks)
