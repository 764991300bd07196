"""`funnelsim sensitivity`: tornadoes and indices, what is printed, and mistakes."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from commands import Typed, interrupt_after, written

import funnelsim as fs

VARY = (
    "--vary",
    "teams.desk.headcount={from: 3, to: 5}",
    "--vary",
    "sources.web.rate={from: 1 / h, to: 2.5 / h}",
    "--kpi",
    "cycle_time",
)
RANGES = {
    "teams.desk.headcount": {"from": 3, "to": 5},
    "sources.web.rate": {"from": "1 / h", "to": "2.5 / h"},
}


def test_without_factors_it_is_the_revenue_equation(typed: Typed, desk: str) -> None:
    done = typed("sensitivity", desk, "--replications", "3")
    assert (done.returncode, done.stderr) == (0, "")
    assert "10 % less and more of each term of the revenue equation" in done.stdout
    rows = [line.split()[:2] for line in done.stdout.splitlines()[6:10]]
    assert rows == [["volume", "less"], ["volume", "more"], ["speed", "less"], ["speed", "more"]]


def test_the_ends_of_ranges_one_after_the_other(typed: Typed, desk: str, tmp_path: Path) -> None:
    options = ("--method", "tornado", "--replications", "8", "--json", "--pictures", "new")
    done = typed("sensitivity", desk, *VARY, *options)
    document = json.loads(done.stdout)
    assert document == fs.tornado(fs.load(desk), RANGES, kpi="cycle_time", replications=8).to_dict()
    ends = document["factors"]["teams.desk.headcount"]
    assert ends["3"] is None, "there are three today"
    assert ends["5"]["verdict"] == "less"
    more, today = (fs.load(desk).change({"teams.desk.headcount": count}) for count in (5, 3))
    apart = [fs.simulate(each, replications=8).to_dict()["kpis"]["cycle_time"]["mean"] for each in (more, today)]
    assert ends["5"]["mean"] == pytest.approx(apart[0] - apart[1], abs=1e-9)
    assert (tmp_path / "new" / "tornado.png").read_bytes().startswith(b"\x89PNG")


def test_sobol_indices_of_factors(typed: Typed, desk: str, tmp_path: Path) -> None:
    done = typed(
        "sensitivity", desk, *VARY, "--points", "8", "--replications", "1", "--workers", "2", "--pictures", "new"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Sobol, 32 replications in all, seed 1" in done.stdout
    assert "by itself" in done.stdout
    assert (tmp_path / "new" / "sensitivity.png").read_bytes().startswith(b"\x89PNG")


def test_the_factors_of_a_study_with_changes(typed: Typed, desk: str) -> None:
    text = (
        f"study: x\nbase: {Path(desk).name}\nvary: {json.dumps(RANGES)}\nkpis: [cycle_time]\ndesign: {{lhs: 4}}\n"
    )
    study = written(Path(desk).parent / "ranges.yaml", text)
    options = ("--points", "4", "--replications", "1", "--json")
    done = typed("sensitivity", study, *options, "--set", "horizon=10 d")
    changed = fs.load(desk).change({"horizon": "10 d"})
    found = fs.sensitivity(changed, RANGES, kpi="cycle_time", points=4, replications=1)
    assert json.loads(done.stdout) == {**found.to_dict(), "seed": 1}


@pytest.mark.skipif(find_spec("SALib") is None, reason="needs SALib")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")  # SALib's own
def test_morris_effects(typed: Typed, desk: str) -> None:
    done = typed("sensitivity", desk, *VARY, "--method", "morris", "--points", "3", "--replications", "1")
    assert done.returncode == 0, done.stderr
    assert "mean effect" in done.stdout


@pytest.mark.parametrize(
    ("method", "after", "said"),
    [
        ("sobol", 9, "stopped after 9 of 32 replications; these are the indices by 2 of 8 points"),
        ("sobol", 30, "these are the indices by 4 of 8 points"),
        ("sobol", 7, "there are no indices yet"),
        ("tornado", 9, "stopped after 2 replications of each scenario"),
    ],
)
def test_ctrl_c_keeps_what_can_be_shown(
    typed: Typed, desk: str, monkeypatch: pytest.MonkeyPatch, method: str, after: int, said: str
) -> None:
    interrupt_after(after, monkeypatch)
    size = ("--points", "8", "--replications", "1") if method == "sobol" else ()
    done = typed("sensitivity", desk, *VARY, "--method", method, "--workers", "1", *size)
    assert done.returncode == 1
    assert said in done.stderr
    assert bool(done.stdout) == (said != "there are no indices yet")


def test_what_is_shown_after_ctrl_c_is_that_of_fewer_points(desk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few = fs.sensitivity(fs.load(desk), RANGES, kpi="cycle_time", points=4, replications=1)

    def stop(done: float, planned: int) -> None:
        if done >= 20:
            raise KeyboardInterrupt

    with pytest.raises(fs.Stopped) as stopped:
        fs.sensitivity(fs.load(desk), RANGES, kpi="cycle_time", points=8, replications=1, progress=stop)
    kept = stopped.value.kept
    assert [(each.main, each.other) for each in kept.indices] == [(each.main, each.other) for each in few.indices]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--method", "steam"), "unknown method 'steam'; known are tornado, sobol, morris"),
        (("--method", "sobol"), "--method sobol needs factors"),
        (("--points", "8"), "--points goes with --method sobol or morris"),
        (("--kpi", "wonn"), "did you mean 'won'?"),
        ((*VARY, "--points", "3"), "a power of two, but got 3"),
        (("--vary", "teams.desk.headcont=[1, 2]"), "did you mean teams.desk.headcount?"),
        (("--vary", "teams.desk.headcount=4"), "expected a list of values or {from: 4, to: 8}"),
        (("--vary", "teams.desk.headcount"), "--vary teams.desk.headcount: write it as PATH=VALUE"),
    ],
)
def test_mistakes_end_with_two(typed: Typed, desk: str, options: tuple[str, ...], said: str) -> None:
    done = typed("sensitivity", desk, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_study_names_its_factors_itself(typed: Typed, desk: str) -> None:
    text = f"study: x\nbase: {Path(desk).name}\nvary: {{teams.desk.headcount: [3, 4]}}\n"
    study = written(Path(desk).parent / "ranges.yaml", text)
    done = typed("sensitivity", study, *VARY)
    assert done.returncode == 2
    assert "a study says itself what it varies" in done.stderr


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("teams.nobody.headcount", "[1, 2]", "there is no 'nobody' in teams"),
        ("teams.desk.headcount", "1", "expected"),
        ("teams.desk.queue", "3", "expected"),
    ],
)
def test_mistakes_in_what_options_vary_name_the_option(
    typed: Typed, desk: str, tmp_path: Path, path: str, value: str, said: str
) -> None:
    """And not the study that is made of them, which the user did not write."""
    page = str(tmp_path / "page.html")
    for option, command in (("--vary", ("sensitivity", desk)), ("--what-if", ("report", desk, "-o", page))):
        done = typed(*command, option, f"{path}={value}")
        assert done.returncode == 2
        assert f": {option} {path}" in done.stderr, done.stderr
        assert said in done.stderr
        assert "design" not in done.stderr
        assert "vary." not in done.stderr
