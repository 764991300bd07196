"""`funnelsim choose`: what it promises, what it prints, and mistakes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from commands import Typed, interrupt_after, written

import funnelsim as fs
from funnelsim.cli.choose import STEP

ARMS = (
    "--arm",
    "more: teams.desk.headcount={add: 2}",
    "--arm",
    "quicker: stages.serve.effort={multiply: 0.95}",
    "--kpi",
    "cycle_time",
)

SELLS = """\
funnelsim: 1
name: A desk that sells
horizon: 6 w
warmup: 1 w
currency: JPY
segments: {any: {value: {dist: lognormal, median: 100_000, sigma: 0.5}}}
sources: {web: {rate: 2 / h}}
teams: {desk: {headcount: 2, queue: fifo}}
stages: {serve: {team: desk, effort: {dist: exponential, mean: 1 h}, convert: 0.6, patience: 4 h, books: true}}
"""


def scenarios(desk: str) -> dict[str, fs.Scenario]:
    today = fs.load(desk)
    return {
        "desk": today,
        "more": today.change({"teams.desk.headcount": {"add": 2}}),
        "quicker": today.change({"stages.serve.effort": {"multiply": 0.95}}),
    }


def test_the_promise_comes_first(typed: Typed, desk: str) -> None:
    done = typed("choose", desk, *ARMS, "--indifference", "0.1")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("more is chosen by cycle_time: this way of selecting is right in at least 95 %")
    assert "leads by 6 min or more" in " ".join(done.stdout.split())
    assert "Cycle time" in done.stdout
    assert [line.split()[0] for line in lines[-3:]] == ["more", "quicker", "desk"]


def test_json_is_what_python_gives(typed: Typed, desk: str) -> None:
    done = typed("choose", desk, *ARMS, "--indifference", "0.1", "--confidence", "90%", "--json")
    rule = fs.Guarantee(0.1, confidence=0.9, step=STEP)
    assert json.loads(done.stdout) == fs.choose(scenarios(desk), "cycle_time", rule).to_dict()


def test_a_share_is_that_of_the_first_scenario(typed: Typed, desk: str) -> None:
    figure = fs.simulate(fs.load(desk), replications=10).to_dict()["kpis"]["cycle_time"]["mean"]
    by_share = json.loads(typed("choose", desk, *ARMS, "--indifference", "10%", "--json").stdout)
    minutes = re.search(r"leads by ([\d.]+) min or more", by_share["promise"])
    assert minutes is not None
    assert 0.1 * figure <= float(minutes.group(1)) / 60 < 0.101 * figure  # rounded up, if at all


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "leads by JPY 3 M or more"), ("ja", "最良のものが¥300万以上の差で勝る場合")]
)
def test_a_lead_in_money_has_its_currency(lang: str, said: str, typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(SELLS, encoding="utf-8")
    arm = ("--arm", "teams.desk.headcount=3", "--kpi", "bookings", "--indifference", "3000000")
    done = typed("choose", str(tmp_path / "s.yaml"), *arm, "--lang", lang)
    assert said.replace(" ", "") in "".join(done.stdout.split())


def test_a_budget_is_spent(typed: Typed, desk: str) -> None:
    document = json.loads(typed("choose", desk, *ARMS, "--budget", "40", "--json").stdout)
    assert document["best"] == "more"
    assert sum(arm["replications"] for arm in document["arms"].values()) == 40


@pytest.mark.parametrize(("after", "kept"), [(4, None), (14, "which promises nothing")])
def test_ctrl_c_keeps_what_is_done(
    typed: Typed, desk: str, monkeypatch: pytest.MonkeyPatch, after: int, kept: str | None
) -> None:
    interrupt_after(after, monkeypatch)
    done = typed("choose", desk, *ARMS, "--budget", "40", "--workers", "1")
    assert done.returncode == 1
    assert f"stopped: stopped after {after} replications of all together" in done.stderr
    assert (kept in done.stdout) if kept else (done.stdout == "")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "there is nothing to compare with"),
        ((*ARMS[:-2], "--kpi", "cycletime"), "did you mean 'cycle_time'?"),
        ((*ARMS, "--indifference", "much"), "--indifference much: give a share such as 2%, or an amount"),
        ((*ARMS, "--indifference", "0"), "above 0"),
        ((*ARMS[:-2], "--kpi", "lost"), "is 0, which has no share"),
        ((*ARMS, "--confidence", "200%"), "does not lie between"),
        ((*ARMS, "--confidence", "20%"), "confidence must lie from 0.5"),
        ((*ARMS, "--budget", "2"), "budget"),
    ],
)
def test_mistakes_end_with_two(typed: Typed, desk: str, options: tuple[str, ...], said: str) -> None:
    done = typed("choose", desk, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_the_arms_of_a_study(typed: Typed, desk: str) -> None:
    text = f"study: hire\nbase: {Path(desk).name}\narms: {{more: {{teams.desk.headcount: {{add: 2}}}}}}\n"
    study = written(Path(desk).parent / "hire.yaml", text)
    done = typed("choose", study, "--kpi", "cycle_time", "--json")
    assert json.loads(done.stdout)["best"] == "more"


def test_the_picture_has_all_scenarios(typed: Typed, desk: str, tmp_path: Path) -> None:
    done = typed("choose", desk, *ARMS, "--indifference", "0.1", "--quiet", "--pictures", str(tmp_path / "new"))
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "new" / "choice.png").stat().st_size > 10_000
    choice = fs.choose({**scenarios(desk), "受注を先に": fs.load(desk)}, "cycle_time", fs.Budget(24, first=4))
    words = {text.get_text() for text in choice.plot.arms().axes[0].texts}
    assert {"more", "quicker", "desk", "受注を先に", "replications"} <= words
    assert "<img" in choice._repr_html_()
