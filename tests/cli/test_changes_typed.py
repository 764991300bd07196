"""Changes typed on a command line: signs, percentages, twice, on two lines; names of arms; who is blamed."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import DESK, Typed, written

COMPANY = """\
funnelsim: 1
name: Company
horizon: 60 d
segments: {mid: {value: 1_000}, big: {value: 9_000}}
sources: {web: {rate: 2 / d, mix: {mid: 0.5, big: 0.5}, growth: 0.1}}
teams:
  desk: {headcount: 5, queue: fifo, skill: 0.3, attrition: 0.1, cost: {salary: 60_000 / y}}
  back: {headcount: {2026-01-01: 2, 2026-02-01: 3}, queue: fifo}
stages:
  serve: {team: desk, effort: 1 h, convert: {mid: 0.5, else: 0.4}}
  check: {team: back, effort: {dist: exponential, mean: 1 h}, accept: {segment: [mid, big]}, convert: {mid: 0.3}}
"""

ACTS = [
    ("teams.desk.headcount=+1", "adds: teams.desk.headcount: 5 → 6"),
    ("teams.desk.headcount=-2", "adds: teams.desk.headcount: 5 → 3"),
    ("teams.desk.headcount=+20%", "multiplies: teams.desk.headcount: 5 → 6"),
    ("teams.desk.headcount=-20 %", "multiplies: teams.desk.headcount: 5 → 4"),
    ("teams.*.headcount=+1", "adds: teams.desk.headcount: 5 → 6, teams.back.headcount: "),
    ("sources.web.rate=+1 / d", "adds: sources.web.rate: 2 / d → 3 / d"),
    ("sources.web.rate=-1 / d", "adds: sources.web.rate: 2 / d → 1 / d"),
    ("sources.web.rate=+50%", "multiplies: sources.web.rate: 2 / d → 3 / d"),
    ("stages.serve.effort=+30 min", "adds: stages.serve.effort: 1 h → 1.5 h"),
    ("stages.serve.effort=-30 min", "adds: stages.serve.effort: 1 h → 0.5 h"),
    ("stages.check.effort=-50%", "multiplies: stages.check.effort: {'dist': 'exponential', 'mean': '1 h'} → "),
    ("segments.mid.value=+500", "adds: segments.mid.value: 1000 → 1500"),
    ("stages.serve.convert.mid=+0.1", "adds: stages.serve.convert.mid: 0.5 → 0.6"),
    ("teams.desk.cost.salary=+6_000 / y", "adds: teams.desk.cost.salary: 60_000 / y → 66000 / y"),
    ("stages.serve.touches=+1", "adds: stages.serve.touches: the default → 2"),
]

TWO_WAYS = [
    ("teams.desk.skill=+0.5", "write 0.5 for the value itself or {add: 0.5} to add"),
    ("sources.web.growth=+0.2", "{add: 0.2}"),
    ("sources.web.growth=+5%", "{multiply: 1.05}"),
    ("stages.serve.convert=+5%", "{add: 0.05}"),
    ("stages.serve.convert=-5%", "{multiply: 0.95}"),
    ("teams.desk.attrition=+5%", "write 5% for the value itself"),
]

PLAIN = ["teams.desk.skill=-0.5", "sources.web.growth=-5%", "teams.desk.headcount=7", "stages.serve.convert=30%"]


@pytest.fixture
def company(tmp_path: Path) -> str:
    return written(tmp_path / "company.yaml", COMPANY)


@pytest.mark.parametrize(("change", "said"), ACTS)
def test_a_sign_adds_or_multiplies_and_says_so(company: str, typed: Typed, change: str, said: str) -> None:
    done = typed("check", company, "--set", change)
    assert done.returncode == 0, done
    assert f"note: --set {change.partition('=')[0]} {said}" in done.stderr


def test_notes_of_changes_are_not_told_where_nothing_is_asked_for(company: str, typed: Typed) -> None:
    change = ("--quiet", "--set", "teams.desk.headcount=+1")
    for command in (["check"], ["run", "--replications", "2"], ["compare", "--arm", "a: teams.back.headcount=+1"]):
        done = typed(command[0], company, *command[1:], *change)
        assert done.returncode == 0, done
        assert "note" not in done.stderr


def test_digits_of_any_width_and_changes_each_with_an_option(company: str, typed: Typed) -> None:
    assert typed("run", company, "--replications", "２", "--seed=３", "--quiet").returncode == 0
    two = ("--set", "teams.desk.headcount=4", "sources.web.rate=3 / d")
    for command in ("check", "run"):
        done = typed(command, company, *two)
        assert done.returncode == 2
        assert "each change needs an option of its own; write --set sources.web.rate=3 / d" in done.stderr


@pytest.mark.parametrize(("change", "said"), TWO_WAYS)
def test_what_can_be_read_in_two_ways_is_refused(company: str, typed: Typed, change: str, said: str) -> None:
    done = typed("check", company, "--set", change)
    assert done.returncode == 2
    assert said in done.stderr
    assert f"--set {change}: {change.partition('=')[2]} can be read in" in done.stderr


@pytest.mark.parametrize("change", PLAIN)
def test_other_values_are_just_set(company: str, typed: Typed, change: str) -> None:
    done = typed("check", company, "--set", change)
    assert done.returncode == 0
    assert "note:" not in done.stderr


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("arms:\n  one:\n    teams.desk.headcount: +1\n", ":5:"),
        ("arms:\n  one:\n    stages.serve.effort: +5 min\n", ":5:"),
        ("arms:\n  one:\n    stages.serve.convert: {mid: +5%}\n", ":5:"),
        ("vary:\n  teams.desk.headcount: [+1, +2]\n", ":4:"),
    ],
)
def test_in_a_file_a_plus_sign_is_refused(
    company: str, typed: Typed, tmp_path: Path, text: str, place: str
) -> None:
    written(tmp_path / "study.yaml", f"study: s\nbase: company.yaml\n{text}")
    done = typed("check", "study.yaml")
    assert done.returncode == 2
    assert "can be read in" in done.stderr
    assert f"study.yaml{place}" in done.stderr


def test_a_scenario_itself_may_have_plus_signs(tmp_path: Path, typed: Typed) -> None:
    written(tmp_path / "plus.yaml", COMPANY.replace("skill: 0.3", "skill: +0.3").replace("count: 5", "count: +5"))
    assert typed("check", "plus.yaml").returncode == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (["teams.desk.headcount=4", "teams.desk.headcount=5"], "is given twice, with 4 and with 5"),
        (["teams.desk.headcount=4\nteams.desk.queue: lifo"], "text after a line break"),
        (["teams.desk.headcount=4\u2028nonsense"], "text after a line break"),
        (["teams.desk.headcount=4 # of us"], "what follows # is a comment"),
        (["teams.desk.queue="], "the value is missing"),
        (["teams.desk.queue"], "PATH=VALUE"),
    ],
)
def test_every_word_of_a_change_acts_or_is_refused(
    company: str, typed: Typed, changes: list[str], said: str
) -> None:
    done = typed("run", company, *(part for change in changes for part in ("--set", change)))
    assert done.returncode == 2
    assert said in done.stderr
    assert "--set" in done.stderr


def test_a_sign_in_quotation_marks_is_no_comment(company: str, typed: Typed) -> None:
    assert typed("check", company, "--set", "name='a # b'").returncode == 0


def test_what_a_change_makes_wrong_elsewhere_is_blamed_on_it(company: str, typed: Typed) -> None:
    """Without the segment a dozen lines of the file would be wrong, but it is the flag that is."""
    done = typed("check", company, "--set", "segments.big=null", "--set", "teams.desk.headcount=4")
    assert done.returncode == 2
    for line in done.stderr.splitlines():
        assert line.startswith("error[E-name-unknown]: --set segments.big=null: "), line
        assert "company.yaml" in line
    assert done.stderr.count("error[") == 1


def test_one_thing_that_is_missing_is_one_error(company: str, typed: Typed, tmp_path: Path) -> None:
    written(tmp_path / "less.yaml", COMPANY.replace("big: {value: 9_000}", "bgi: {value: 9_000}"))
    done = typed("check", "less.yaml")
    assert done.returncode == 2
    assert done.stderr.count("error[") == 1, done.stderr
    assert "less.yaml:5:" in done.stderr
    assert "stages.check.accept" in done.stderr
    written(tmp_path / "none.yaml", COMPANY.replace("  desk: {", "  dsk: {"))
    said = typed("check", "none.yaml").stderr
    assert said.count("error[") == 1


# --- names of arms ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("--arm", "desk: teams.desk.headcount=4"),
        ("--arm", "a: teams.desk.headcount=4", "--arm", "a: teams.desk.headcount=2"),
        ("--arm", "teams.desk.headcount=4", "--arm", "teams.desk.headcount=4"),
        ("--lever", "faster", "--arm", "faster: teams.desk.headcount=4"),
        ("--lever", "faster", "--lever", "faster"),
        ("--lever", "desk"),
    ],
)
def test_two_scenarios_of_one_name_are_refused(desk: str, typed: Typed, tmp_path: Path, arguments: str) -> None:
    (tmp_path / "levers").mkdir()
    for name in ("faster", "desk"):
        written(tmp_path / "levers" / f"{name}.yaml", f"lever: {name}\nchange: {{stages.serve.effort: 30 min}}\n")
    done = typed("compare", "desk.yaml", *arguments, "--replications", "2")
    assert done.returncode == 2
    assert "is that of" in done.stderr
    assert done.stdout == ""


def test_a_wrong_arm_is_blamed_on_its_flag(desk: str, typed: Typed) -> None:
    done = typed("compare", "desk.yaml", "--arm", "one more: teams.desk.headcount=many")
    assert done.returncode == 2
    assert done.stderr.startswith("error[E-value-number]: --arm teams.desk.headcount=many: teams.desk.headcount: ")
    assert DESK


def test_an_equals_sign_in_brackets_belongs_to_the_path(typed: Typed, tmp_path: Path) -> None:
    done = typed(
        "run",
        "one_desk",
        "--set",
        "stages[team=desk].effort=2 min",
        "--set",
        "horizon=1 mo",
        "--set",
        "warmup=1 w",
    )
    assert done.returncode == 0, done.stderr
    assert "stages[team=desk].effort=2 min" in done.stdout
    wrong = typed("run", "one_desk", "--set", "stages[team=dusk].effort=2 min")
    assert wrong.returncode == 2
    assert "no stage is [team=dusk]" in wrong.stderr
    assert "serve (desk)" in wrong.stderr
