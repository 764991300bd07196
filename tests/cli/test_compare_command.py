"""`funnelsim compare`: what it compares, what it prints where, and mistakes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from commands import DESK, Command, Typed, written

import funnelsim as fs
from library.test_shipped_levers import FOUR
from scenario.test_levers_by_role import NINE

QUICK = ("--replications", "3", "--quiet", "--workers", "1")
ONE_MORE = "teams.desk.headcount={add: 1}"
LEVER = "lever: more\ntitle: One more rep\nchange: {teams.desk.headcount: {add: 1}}\n"


@pytest.fixture
def levers(desk: str) -> str:
    """The file of a desk with a lever beside it."""
    folder = Path(desk).parent / "levers"
    folder.mkdir()
    written(folder / "more.yaml", LEVER)
    written(folder / "lifo.yaml", "lever: lifo\ntitle: Last first\nchange: {teams.desk.queue: lifo}\n")
    return desk


def test_words_tables_and_method_go_to_standard_output(funnelsim: Command, desk: str) -> None:
    done = funnelsim(
        "compare", desk, "--arm", ONE_MORE, "--kpi", "cycle_time", *QUICK, "--target", "cycle_time<=2"
    )
    assert done.returncode == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "Compared with desk"
    assert lines[1].startswith("3 replications of each on the same random numbers, seed 1, engine ")
    first = lines.index(ONE_MORE)
    assert lines[first + 1].startswith("  ")
    assert "cycle time" in lines[first + 1]
    for part in (
        "desk stays at or below 2 h (cycle time) in 3 of 3 runs",
        "Cycle time",
        "Bonferroni",
        "without 0",
    ):
        assert part in done.stdout


def test_json_is_what_python_gives(funnelsim: Command, levers: str) -> None:
    done = funnelsim("compare", levers, "--lever", "more", "--lever", "more+lifo", "--json", *QUICK)
    assert done.returncode == 0, done.stderr
    desk = fs.load(levers)
    arms = {"desk": desk, "more": desk.with_levers("more"), "more+lifo": desk.with_levers("more", "lifo")}
    assert json.loads(done.stdout) == fs.compare(arms, replications=3).to_dict()


def test_several_files_are_arms_by_their_names(funnelsim: Command, desk: str) -> None:
    other = written(Path(desk).parent / "night.yaml", DESK.replace("2 / h", "1 / h"))
    arm = f"one more: {ONE_MORE}"
    done = funnelsim(
        "compare", desk, other, "--base", "night", "--arm", arm, "--json", *QUICK, "--set", "horizon=10 d"
    )
    document = json.loads(done.stdout)
    assert document["base"] == "night"
    assert list(document["arms"]) == ["desk", "night", "one more"]
    assert document["differences"]["desk"]["won"]["verdict"] == "more"
    shorter = fs.load(desk).change({"horizon": "10 d"})
    assert document["arms"]["desk"]["kpis"] == {
        "won": fs.simulate(shorter, replications=3).to_dict()["kpis"]["won"]
    }


def test_a_study_names_its_arms_and_kpis(funnelsim: Command, levers: str) -> None:
    base = Path(levers).name
    text = f"study: hire\nbase: {base}\narms: {{one more: [more]}}\nkpis: [cycle_time]\nreplications: 2\n"
    study = written(Path(levers).parent / "hire.yaml", text)
    done = funnelsim("compare", study, "--json", "--quiet", "--workers", "1")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["base"] == "base"
    assert document["replications"] == 2
    assert list(document["differences"]) == ["one more"]
    assert list(document["differences"]["one more"]) == ["cycle_time"]
    assert funnelsim("compare", study, "--lever", "lifo").returncode == 2


def test_a_shipped_study_runs_on_the_users_own_line(typed: Typed, tmp_path: Path) -> None:
    """By its name alone; what it predicts is told as expected elsewhere, and judged by nobody."""
    own = written(tmp_path / "own.yaml", json.dumps(NINE, ensure_ascii=False))
    short = ("--on", own, "--set", "horizon=2 mo", "--replications", "2", "--workers", "1")
    said = typed("compare", "one_more_rep", *short)
    assert said.returncode == 0, said.stderr
    assert "note: customer_success is taken to be CSM, guessed by its name" in said.stderr
    assert "What the study expected elsewhere" in said.stdout
    assert "It was written for reference" in said.stdout
    assert "What the study predicts" not in said.stdout
    document = json.loads(typed("compare", "one_more_rep", *short, "--json", "--quiet").stdout)
    assert list(document["differences"])[:2] == ["one more IS (東IS)", "one more IS (西IS)"]
    assert document["elsewhere"]["line"] == "reference"
    assert document["elsewhere"]["predictions"][0]["expect"] == "up"
    assert document["fitted"][0].startswith("customer_success is taken to be CSM")
    assert "predictions" not in document


def test_what_does_not_fit_the_users_line_ends_with_2(typed: Typed, tmp_path: Path) -> None:
    own = written(tmp_path / "four.yaml", json.dumps(FOUR, ensure_ascii=False))
    told = {
        ("compare", "one_more_rep", "--on", own): "write `role: customer_success` in one of sdr, ae",
        (
            "sweep",
            "one_more_rep",
            "--on",
            own,
            "--out",
            "a.db",
        ): "write `role: customer_success` in one of sdr, ae",
        ("compare", own, "--on", own): "--on names the line on which a study is run",
        ("sensitivity", own, "--on", own): "--on names the line on which a study is run",
        ("compare", "one_more_rep", "--on", "one_more_rep"): "this is a study",
        ("compare", "one_more_rep:ae"): "name that by --on FILE",
    }
    for arguments, why in told.items():
        said = typed(*arguments)
        assert (said.returncode, why in said.stderr) == (2, True), said.stderr


def test_pictures_are_written(funnelsim: Command, desk: str, tmp_path: Path) -> None:
    done = funnelsim("compare", desk, "--arm", ONE_MORE, *QUICK, "--pictures", "new")
    assert done.returncode == 0
    assert (tmp_path / "new" / "differences.png").read_bytes().startswith(b"\x89PNG")


def test_what_does_not_matter_can_be_said(funnelsim: Command, desk: str) -> None:
    options = ("compare", desk, "--arm", ONE_MORE, "--kpi", "cycle_time", "--json", *QUICK)
    by_kpi = json.loads(funnelsim(*options, "--indifference", "cycle_time=2.5").stdout)
    assert by_kpi["differences"][ONE_MORE]["cycle_time"]["does_not_matter"] == 2.5
    assert by_kpi["differences"][ONE_MORE]["cycle_time"]["verdict"] == "no difference that matters"
    leaf = json.loads(funnelsim(*options, "--indifference", "5%").stdout)
    base = leaf["arms"]["desk"]["kpis"]["cycle_time"]["mean"]
    assert leaf["differences"][ONE_MORE]["cycle_time"]["does_not_matter"] == pytest.approx(0.05 * base)


@pytest.mark.parametrize("width", ["60", "200"])
def test_narrow_terminals_get_tables_without_intervals(funnelsim: Command, tokyo: str, width: str) -> None:
    done = funnelsim("compare", tokyo, "--arm", "teams.fs.headcount={add: 1}", *QUICK, COLUMNS=width)
    assert done.returncode == 0, done.stderr
    tables = [part for part in done.stdout.split("\n\n") if "is best" in part]
    assert all("estimate" in table for table in tables)
    assert any("±" in table for table in tables) == (width == "200")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "there is nothing to compare with"),
        (("--arm", "teams.desk.headcount"), "write it as PATH=VALUE"),
        (("--arm", "teams.desk.headcout=4"), "--arm teams.desk.headcout=4: teams.desk.headcout: unknown key"),
        (("--lever", "nowhere"), "nowhere"),
        (("--arm", ONE_MORE, "--kpi", "wonn"), "did you mean 'won'?"),
        (("--arm", ONE_MORE, "--base", "dsek"), "did you mean 'desk'?"),
        (("--arm", ONE_MORE, "--indifference", "much"), "--indifference: 'much' is not a share"),
        (
            ("--arm", ONE_MORE, "--indifference", "won=much"),
            "8 / mo or 100 USD, found 'much'",
        ),
        (("--arm", ONE_MORE, "--target", "won"), "--target won: write it as"),
        (("--arm", ONE_MORE, "--target", "won=lots"), "'lots' is not a target"),
        (("--arm", ONE_MORE, "--precision", "2%", "--replications", "5"), "not both"),
        (("--arm", ONE_MORE, "--precision", "200"), "does not lie between"),
    ],
)
def test_mistakes_end_with_two(typed: Typed, desk: str, options: tuple[str, ...], said: str) -> None:
    done = typed("compare", desk, *options)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr


def test_a_file_that_is_not_there(funnelsim: Command) -> None:
    done = funnelsim("compare", "nowhere.yaml", "nobody.yaml")
    assert done.returncode == 2
    assert "nowhere.yaml" in done.stderr


FORETOLD = """\
study: hire
base: desk.yaml
arms: {one more: {teams.desk.headcount: {add: 1}}}
vary: {sources.web.rate: [1 / h, 2.8 / h]}
kpis: [cycle_time]
replications: 8
predicts:
  - {arm: one more, kpi: cycle_time, expect: down, at: {sources.web.rate: 2.8 / h}}
  - {arm: one more, kpi: cycle_time, expect: up}
"""


def test_a_study_shows_what_it_predicts(typed: Typed, desk: str) -> None:
    study = written(Path(desk).parent / "hire.yaml", FORETOLD)
    done = typed("compare", study)
    assert done.returncode == 0, "what does not hold is a finding"
    assert "1 of 2 predictions hold; 1 does not hold." in done.stdout
    rows = done.stdout[done.stdout.index("What the study predicts") :].splitlines()
    found = [line for line in rows if line.startswith("one more")]
    assert found[0].split()[2:6] == ["base", "web.rate", "2.8", "/"]
    assert found[0].endswith(" holds")
    assert found[1].endswith(" does not hold (less)")


def test_predictions_stand_in_the_document(typed: Typed, desk: str) -> None:
    study = written(Path(desk).parent / "hire.yaml", FORETOLD)
    document = json.loads(typed("compare", study, "--json", "--replications", "8", "--indifference", "5%").stdout)
    found = fs.verify(study, replications=8, indifference=0.05)
    assert document["predictions"] == found.to_dict()
    assert [each["holds"] for each in document["predictions"]["predictions"]] == [True, False]


def test_changes_of_a_study_lie_under_its_arms(typed: Typed, desk: str) -> None:
    study = written(Path(desk).parent / "hire.yaml", FORETOLD)
    document = json.loads(
        typed("compare", study, "--json", "--replications", "2", "--set", "teams.desk.headcount=5").stdout
    )
    six = fs.load(desk).change({"teams.desk.headcount": 6})
    kpis = fs.simulate(six, replications=2).to_dict()["kpis"]
    assert document["arms"]["one more"]["kpis"]["cycle_time"] == kpis["cycle_time"]


def test_predictions_of_an_unknown_kpi_are_refused_before_anything_is_run(typed: Typed, desk: str) -> None:
    study = written(
        Path(desk).parent / "hire.yaml", FORETOLD.replace("kpi: cycle_time, expect: up", "kpi: wno, expect: up")
    )
    done = typed("compare", study)
    assert (done.returncode, done.stdout) == (2, "")
    assert "hire.yaml:9:" in done.stderr
    assert "did you mean 'won'?" in done.stderr


def test_what_became_of_the_same_leads(typed: Typed, desk: str, tmp_path: Path) -> None:
    asked = ("compare", desk, "--arm", ONE_MORE, *QUICK, "--kpi", "won", "--fates")
    done = typed(*asked, "--pictures", "drawn", "--report", "told.html")
    assert done.returncode == 0, done.stderr
    assert "Fates of the same leads" in done.stdout
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == ["differences.png", "fates.png"]
    assert 'id="fates"' in (tmp_path / "told.html").read_text(encoding="utf-8")
    told = json.loads(typed(*asked, "--json").stdout)
    (arm,) = told["fates"]["arms"].values()
    base, more = (each["kpis"]["won"]["mean"] for each in told["arms"].values())
    assert arm["wins"] == pytest.approx(more - base)
    assert sum(way["wins"] for way in arm["ways"]) == pytest.approx(arm["wins"])


def test_differences_by_group_as_tables_a_document_and_a_csv(funnelsim: Command, desk: str) -> None:
    out = Path(desk).parent / "by.csv"
    asked = ("compare", desk, "--arm", f"one more: {ONE_MORE}", "--kpi", "won", "--kpi", "cost", "--by", "source")
    done = funnelsim(*asked, "--csv", str(out), *QUICK)
    assert done.returncode == 0
    assert "Not by source: cost" in done.stdout.split("\nBy source\n")[1]
    document = json.loads(funnelsim(*asked, "--json", *QUICK).stdout)
    one = document["by"]["source"]["differences"]["web"]["one more"]["won"]
    assert one["mean"] == document["differences"]["one more"]["won"]["mean"]
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["group"], row["kpi"], row["arm"]) for row in rows] == [
        ("web", "won", "one more"),
        ("", "cost", ""),
    ]
    assert float(rows[0]["mean"]) == one["mean"]


def test_why_arms_differ(typed: Typed, desk: str, tmp_path: Path) -> None:
    asked = ("compare", desk, "--arm", ONE_MORE, *QUICK, "--kpi", "cycle_time", "--causes")
    done = typed(*asked, "--pictures", "drawn", "--report", "told.html")
    assert done.returncode == 0, done.stderr
    assert "Causes of the difference in cycle time" in done.stdout
    assert "scarce people" in done.stdout
    assert "and so left out: dropout in handoffs" in " ".join(done.stdout.split())
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == ["causes.png", "differences.png"]
    assert 'id="causes"' in (tmp_path / "told.html").read_text(encoding="utf-8")
    told = json.loads(typed(*asked, "--json").stdout)
    (arm,) = told["causes"]["arms"].values()
    split = arm["kpis"]["cycle_time"]
    (difference,) = told["differences"].values()
    assert split["difference"]["mean"] == difference["cycle_time"]["mean"]
    parts = sum(part["part"] for part in split["parts"]) + split["rest"]["mean"]
    assert parts == pytest.approx(split["difference"]["mean"], rel=1e-9)
