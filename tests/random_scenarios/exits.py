"""How commands end: with the exit code, and the document, that fit what the library finds of the same scenario."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import funnelsim as fs
from funnelsim.cli.main import main

FEW = ("--engine", "simpy", "--workers", "1", "--quiet", "--json")
SEVERAL = (*FEW, "--arm", "again: horizon={multiply: 1}")
COMMANDS: dict[str, tuple[str, ...]] = {
    "check": ("--json", "--quiet"),
    "run": (*FEW, "--replications", "2"),
    "compare": (*SEVERAL, "--replications", "2", "--kpi", "won"),
    "choose": (*SEVERAL, "--budget", "20", "--kpi", "created"),
    "diagnose": (*FEW, "--replications", "2", "--no-equation"),
}
STUDY = (
    "study: s\nbase: {file}\narms: {{again: {{horizon: {{multiply: 1}}}}}}\nmaximise: created\nreplications: 3\n"
)


class Ended(NamedTuple):
    """What a command left."""

    code: int
    out: str
    err: str


def ended(*arguments: str) -> Ended:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["funnelsim", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as stop:
            return Ended(stop.code if isinstance(stop.code, int) else 0, out.getvalue(), err.getvalue())
    raise AssertionError("a command ends with an exit code")


SLOW = ("diagnose", "optimise")
"""Commands that make many replications."""


def all_commands(file: Path, but: Sequence[str] = ()) -> dict[str, Ended]:
    """Each command, of a scenario or of a study of it."""
    found = {name: ended(name, str(file), *options) for name, options in COMMANDS.items() if name not in but}
    if "optimise" not in but:
        study, store = file.with_suffix(".study.yaml"), file.with_suffix(".db")
        study.write_text(STUDY.format(file=file.name), encoding="utf-8")
        found["optimise"] = ended("optimise", str(study), "--out", str(store), *FEW)
        store.unlink(missing_ok=True)
    return found


def of_good(file: Path, scenario: fs.Scenario, but: Sequence[str] = ()) -> None:
    """What the library takes, no command refuses, and each document says what the library says."""
    # Nothing can be limited by nobody.
    found = all_commands(file, but if scenario.spec.teams else (*but, "diagnose"))
    for name, end in found.items():
        assert end.code == 0, (name, end.err)
        assert "error:" not in end.err, (name, end.err)
    assert "nothing that is simulated differs" in found["compare"].err
    documents = {name: json.loads(end.out) for name, end in found.items()}
    run = fs.simulate(scenario, replications=2, engine="simpy", records=False)
    told = documents["run"]
    same = json.loads(run.to_json())
    assert {key: told[key] for key in same} == same
    apart = documents["compare"]["differences"]["again"]["won"]
    own = told["kpis"]["won"]
    assert documents["compare"]["arms"]["again"]["kpis"]["won"] == own  # the same scenario, the same luck
    assert (apart["mean"], apart["low"], apart["high"]) == (0.0, 0.0, 0.0)
    assert apart["verdict"] == "no difference that matters"
    chances = [each["probability"] for each in documents["choose"]["arms"].values()]
    assert chances == [0.5, 0.5]
    if "optimise" in documents:
        _of_optimise(documents["optimise"])


def _of_optimise(told: dict[str, Any]) -> None:
    """Two points that are one scenario are one point, and the best of it, unless nothing is ever created."""
    assert told["finished"]
    assert len(told["points"]) == 1
    (point,) = told["points"]
    if told["best"] is None:
        assert point["known"] == "as good"
    else:
        assert told["best"]["kpis"] == point["kpis"]
        assert (point["known"], told["status"]) == ("best", "feasible")
        assert told["not_told_apart"] == told["as_good"] == []


def of_refused(file: Path) -> None:
    """What the library refuses every command refuses, with the same messages and without a word of results."""
    try:
        fs.load(file)
    except fs.ScenarioError as error:
        problems = [str(problem.message) for problem in error.problems]
    else:
        raise AssertionError("this scenario is taken")
    for name, end in all_commands(file).items():
        assert end.code == 2, (name, end)
        if name == "check":
            assert not json.loads(end.out)["ok"]
            continue
        assert end.out == "", name
        assert all(each in end.err for each in problems), (name, end.err, problems)
