"""A user's mistake ends with code 2 and a message, never with a traceback."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest
from commands import DESK, Command, written

from funnelsim.cli.main import main

MISTAKES = [
    (["run"], "error[E-usage-missing]: run: FILE is missing"),
    (["run", "missing.yaml"], "missing.yaml"),
    (["run", "missing"], "missing"),
    (["run", "."], "folder"),
    (["run", "desk.yaml", "--replications", "0"], "--replications"),
    (["run", "desk.yaml", "--replications", "-5"], "--replications"),
    (["run", "desk.yaml", "--replications", "many"], "--replications"),
    (["run", "desk.yaml", "--precision", "much"], "much"),
    (["run", "desk.yaml", "--precision", "0%"], "0%"),
    (["run", "desk.yaml", "--precision", "150%"], "150%"),
    (["run", "desk.yaml", "--seed", "-1"], "--seed"),
    (["run", "desk.yaml", "--seed", "1", "--seed", "2"], "--seed is given more than once"),
    (["run", "desk.yaml", "--replications", "3", "--precision", "2%"], "not both"),
    (["run", "desk.yaml", "--event-format", "xes"], "--events"),
    (["run", "desk.yaml", "--cluster", "tcp://127.0.0.1:1", "--workers", "2"], "--cluster"),
    (["compare", "desk.yaml", "desk.yaml"], "desk.yaml is given twice"),
    (["choose", "desk.yaml", "--budget", "9", "--confidence", "90%"], "--confidence"),
    (["choose", "desk.yaml", "--budget", "9", "--indifference", "2%"], "--indifference"),
    (["run", "desk.yaml", "--seed", "99999999999"], "99999999999"),
    (["run", "desk.yaml", "--workers", "0"], "--workers"),
    (["run", "desk.yaml", "--engine", "steam"], "steam"),
    (["run", "desk.yaml", "--lever", "wings"], "wings"),
    (["run", "desk.yaml", "--lever", "wings@2"], "wings"),
    (["run", "desk.yaml", "--set", "teams.desk.headcount"], "PATH=VALUE"),
    (["run", "desk.yaml", "--set", "=3"], "PATH=VALUE"),
    (["run", "desk.yaml", "--set", "teams.desk.headcount={add: "], "YAML"),
    (
        ["run", "desk.yaml", "--set", "teams.desk.headcount=-5"],
        "--set teams.desk.headcount=-5: teams.desk.headcount",
    ),
    (["run", "desk.yaml", "--set", "teams.desk.queue=fifoo"], "fifo"),
    (["run", "desk.yaml", "--events", "no/such/folder/log.csv"], "no/such/folder"),
    (["run", "desk.yaml", "--events", "log.csv", "--event-format", "pdf"], "pdf"),
    (["run", "desk.yaml", "--pictures", "desk.yaml"], "desk.yaml"),
    (["run", "desk.yaml", "--colour"], "--colour"),
    (["run", "binary.yaml"], "binary.yaml"),
    (["run", "empty.yaml"], "empty.yaml"),
    (["run", "typo.yaml"], "typo.yaml:5:"),
    (["check", "typo.yaml"], "typo.yaml:5:"),
    (["check"], "error[E-usage-missing]: check: FILE... is missing"),
    (["walk"], "error[E-usage-command]: there is no command walk"),
    (["rnu", "desk.yaml"], "there is no command rnu; did you mean run?"),
    (["crm", "lok"], "there is no command lok; did you mean look?"),
    (
        ["run", "desk.yaml", "--replicatoins", "3"],
        "there is no option --replicatoins; did you mean --replications",
    ),
    (["run", "desk.yaml", "more"], "error[E-usage-form]: run: "),
    (["run", "desk.yaml", "--set"], "error[E-usage-value]: option '--set' requires an argument"),
    (["run", "desk.yaml", "--seed", "one"], "run: --seed: must be a valid integer, found 'one'"),
    (["--json", "run", "desk.yaml"], "funnelsim run --json desk.yaml"),
    (["calibrate", "deals.csv"], "error[E-usage-missing]: calibrate: --out is missing"),
    (["templates", "nothing_like_it"], "nothing_like_it"),
    (["init", "--template", "nothing_like_it"], "nothing_like_it"),
]


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    written(tmp_path / "desk.yaml", DESK)
    written(tmp_path / "typo.yaml", DESK.replace("rate: 2 / h", "rat: 2 / h"))
    written(tmp_path / "empty.yaml", "")
    (tmp_path / "binary.yaml").write_bytes(bytes(range(256)))


@pytest.mark.parametrize(
    ("arguments", "message"), MISTAKES, ids=lambda part: " ".join(part) if isinstance(part, list) else ""
)
def test_mistakes(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["funnelsim", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    written = capsys.readouterr()
    assert stop.value.code == 2, written
    assert message in written.err
    assert written.out == ""


def test_a_warning_about_what_is_gone_already(funnelsim: Command) -> None:
    done = funnelsim("check", "desk.yaml", "--set", "teams.*.wip_limit=null")
    assert done.returncode == 0
    assert "teams.*.wip_limit: there is nothing to remove" in done.stderr


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom file modes bind")
def test_a_file_that_may_not_be_read(funnelsim: Command, tmp_path: Path) -> None:
    (tmp_path / "desk.yaml").chmod(0)
    done = funnelsim("run", "desk.yaml")
    assert done.returncode == 2
    assert "Permission denied" in done.stderr


def test_no_arguments_print_help(funnelsim: Command) -> None:
    done = funnelsim()
    assert "Usage" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_no_room_for_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is wrong with the input, so the code is 1."""
    written(tmp_path / "long.yaml", DESK.replace("rate: 2", "rate: 700").replace("headcount: 3", "headcount: 700"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    monkeypatch.setattr(sys, "argv", ["funnelsim", "run", str(tmp_path / "long.yaml"), "--replications", "1"])
    with pytest.raises(SystemExit) as stop:
        main()
    said = capsys.readouterr().err
    assert stop.value.code == 1
    assert "TMPDIR" in said
    assert "Traceback" not in said
