"""The commands on own data: from the shipped export of a firm that never was to a scenario and its forecasts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from commands import Typed

import funnelsim as fs
from calibration.sample import FOLDER, PEOPLE, tables
from funnelsim.calibration.reading import read_mapping

FILES = tuple(str(FOLDER / name) for name in ("deal_stages.csv", "deals.csv"))
READ = (*FILES, "--map", str(FOLDER / "mapping.yaml"))
KNOWN = (*READ, "--assume", str(FOLDER / "assume.yaml"))


def test_the_shipped_export_is_of_that_firm() -> None:
    for name, table in tables().items():
        assert table.to_csv(index=False, lineterminator="\n") == (FOLDER / name).read_text(encoding="utf-8")


def test_the_first_look_says_what_each_column_is_and_writes_the_mapping(typed: Typed, tmp_path: Path) -> None:
    said = typed("crm", "look", *FILES, "-o", "mapping.yaml")
    assert said.returncode == 0, said.stderr
    assert re.search(r"entered_at +Entered +name and content; written y-m-d h:m", said.stdout)
    assert "Not recorded in such an export: minutes of work." in said.stdout
    assert "Next: funnelsim calibrate" in said.stdout
    mapping = read_mapping(tmp_path / "mapping.yaml")
    assert mapping.columns["entered_at"] == ("Entered",)
    again = typed("crm", "look", *FILES, "--map", "mapping.yaml", "--json")
    found = json.loads(again.stdout)
    assert {each["how"] for file in found["files"] for each in file["columns"]} == {"mapping"}
    assert [each["stage"] for each in found["stages"]] == ["Qualification", "Proposal", "Negotiation"]


def test_guess_writes_the_mapping_and_no_scenario(typed: Typed, tmp_path: Path) -> None:
    said = typed("calibrate", *FILES, "--guess", "-o", "mapping.yaml")
    assert said.returncode == 0, said.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["mapping.yaml"]
    assert (tmp_path / "mapping.yaml").read_text(encoding="utf-8").startswith("calibration: 1")


def test_calibrate_writes_a_scenario_that_passes_check_and_runs(typed: Typed, tmp_path: Path) -> None:
    said = typed("calibrate", *KNOWN, "-o", "firm.yaml", "--draws", "5")
    assert said.returncode == 0, said.stderr
    assert {each.name for each in tmp_path.iterdir()} == {"firm.yaml", "firm.open.csv", "firm.draws.jsonl"}
    assert len((tmp_path / "firm.draws.jsonl").read_text(encoding="utf-8").splitlines()) == 5
    assert re.search(r"stages.negotiate.convert +0\.\d+ +0\.\d+ to 0\.\d+ +\d+ +data", said.stdout)
    checked = typed("check", "firm.yaml")
    assert checked.returncode == 0, checked.stderr
    run = typed("run", "firm.yaml", "--set", "horizon=2 mo", "--replications", "2")
    assert run.returncode == 0, run.stderr
    ahead = typed("forecast", "firm.yaml", "--replications", "40", "--set", "horizon=3 mo", "--target", "won>=20")
    assert ahead.returncode == 0, ahead.stderr
    assert "53 deals are open now" in ahead.stdout
    months = ("--set", "horizon=3 mo", "--replications", "60")
    plain = json.loads(typed("forecast", "firm.yaml", *months, "--json").stdout)["forecast"]
    asked = ("forecast", "firm.yaml", "--inputs", "firm.draws.jsonl", *months)
    over = json.loads(typed(*asked, "--json").stdout)["forecast"]
    assert (plain["drawn"], over["drawn"], over["runs"]) == (False, True, 60)
    assert over["pipeline"]["deals"] == plain["pipeline"]["deals"]
    assert "how unsure the inputs" in " ".join(typed(*asked, "--pictures", "drawn").stdout.split())
    assert (tmp_path / "drawn" / "forecast_won.png").exists()
    refused = typed(*asked, "--target", "won>=20")
    assert refused.returncode == 2
    assert "E-option-conflict" in refused.stderr


def test_the_same_data_twice_gives_the_same_bytes(typed: Typed, tmp_path: Path) -> None:
    made = []
    for _ in range(2):
        assert typed("calibrate", *KNOWN, "-o", "firm.yaml", "--draws", "3").returncode == 0
        made.append({each.name: each.read_bytes() for each in tmp_path.iterdir()})
        for each in tmp_path.iterdir():
            each.unlink()
    assert made[0] == made[1]


def test_a_scenario_that_is_there_is_not_replaced(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "firm.yaml").write_text("funnelsim: 1\n", encoding="utf-8")
    said = typed("calibrate", *KNOWN, "-o", "firm.yaml")
    assert said.returncode == 2
    assert "give another name" in said.stderr
    assert (tmp_path / "firm.yaml").read_text(encoding="utf-8") == "funnelsim: 1\n"


def test_no_name_of_a_person_is_in_any_output(typed: Typed, tmp_path: Path) -> None:
    names = {part for team in PEOPLE.values() for name in team for part in (name, *name.split())}
    said = [
        typed("crm", "look", *READ, "-o", "mapping.yaml"),
        typed("crm", "look", *READ, "--json"),
        typed("calibrate", *KNOWN, "-o", "firm.yaml"),
        typed("calibrate", *KNOWN, "-o", "firm.yaml", "--json"),
    ]
    texts = [text for each in said for text in (each.stdout, each.stderr)]
    texts += [each.read_text(encoding="utf-8") for each in tmp_path.iterdir()]
    found = {name for name in names for text in texts if re.search(rf"\b{name}\b", text)}
    assert not found


def test_none_of_500_planted_names_is_in_any_output(typed: Typed, tmp_path: Path) -> None:
    """Owners, accounts, ids and names of deals, in files that are read."""
    history, deals = (pd.read_csv(path, dtype=str, keep_default_na=False) for path in FILES)
    names = [f"Zq{chr(97 + k % 26)}{k:03d} Xw{k:03d}" for k in range(500)]
    history["Owner"] = [names[k % 200] for k in range(len(history))]
    deals["Account"] = [names[200 + k % 200] for k in range(len(deals))]
    deals["Deal name"] = [f"Renewal for {names[400 + k % 50]}" for k in range(len(deals))]
    deals["Owner"] = [names[450 + k % 50] for k in range(len(deals))]
    put = tmp_path / "put"
    put.mkdir()
    history.to_csv(put / "deal_stages.csv", index=False)
    deals.to_csv(put / "deals.csv", index=False)
    read = (str(put / "deal_stages.csv"), str(put / "deals.csv"), "--map", str(FOLDER / "mapping.yaml"))
    short = ("--cuts", "1", "--draws", "2", "--horizon", "1 mo", "--kpi", "won")
    said = [
        typed("crm", "look", *read, "-o", "mapping.yaml"),
        typed("calibrate", *read, "-o", "firm.yaml", "--report", "fit.html"),
        typed("calibrate", *read, "-o", "again.yaml", "--json"),
        typed("backtest", *read, *short, "-o", "test.html", "--json"),
    ]
    assert [each.returncode for each in said] == [0, 0, 0, 0]
    texts = [text for each in said for text in (each.stdout, each.stderr)]
    texts += [each.read_text(encoding="utf-8") for each in tmp_path.iterdir() if each.is_file()]
    ids = set(deals["Deal ID"])
    words = {word for text in texts for word in re.findall(r"[\w-]+", text)}
    assert len(texts) >= 14
    assert not words & (ids | {part for name in names for part in name.split()})


def test_a_backtest_says_how_good_each_method_was(typed: Typed) -> None:
    asked = ("--cuts", "2", "--draws", "3", "--horizon", "1 mo", "--kpi", "won")
    said = typed("backtest", *KNOWN, *asked, "--lang", "ja")
    assert said.returncode == 0, said.stderr
    assert "1か月先" in said.stdout
    found = json.loads(typed("backtest", *KNOWN, *asked, "--json").stdout)
    assert {each["method"] for each in found["scores"]} >= {"with_draws", "smoothing", "pipeline"}
    assert len(found["cuts"]) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("calibrate", "no.csv", "-o", "a.yaml"), "E-file-missing", "no.csv"),
        (("calibrate", *FILES, "-o", "a.txt"), "E-output-name", "ends in .yaml"),
        (("crm", "look", *FILES, "-o", "a.csv"), "E-output-name", "ends in .yaml"),
        (("calibrate", *FILES, "-o", "a.yaml", "--since", "2024-13-01"), "E-value-date", "2024-13-01"),
        (("backtest", *FILES, "--kpi", "wins"), "E-name-unknown", "won"),
        (("backtest", *FILES, "--cuts", "2", "--horizon", "9 y"), "E-history-small", "shortest horizon"),
        (("backtest", *FILES, "--horizon", "soon"), "E-value-time", "soon"),
    ],
)
def test_mistakes_are_told_with_their_place_and_nothing_is_written(
    typed: Typed, tmp_path: Path, arguments: tuple[str, ...], code: str, says: str
) -> None:
    said = typed(*arguments)
    assert said.returncode == 2
    assert f"error[{code}" in said.stderr
    assert says in said.stderr
    assert not list(tmp_path.iterdir())


def test_a_forecast_refuses_a_warm_up(typed: Typed, desk: str) -> None:
    said = typed("forecast", desk)
    assert said.returncode == 2
    assert "error[E-forecast-warmup]" in said.stderr
    assert typed("forecast", desk, "--set", "warmup=0 d", "--replications", "2").returncode == 0


def test_pages_and_pictures_of_a_calibration_and_of_a_backtest(typed: Typed, tmp_path: Path) -> None:
    said = typed("calibrate", *KNOWN, "-o", "firm.yaml", "--report", "fit.html", "--pictures", "drawn")
    assert said.returncode == 0, said.stderr
    assert {each.name for each in (tmp_path / "drawn").iterdir()} == {
        "stages.png",
        "conversion.png",
        "arrivals.png",
    }
    page = (tmp_path / "fit.html").read_text(encoding="utf-8")
    for section in ("beside", "estimates", "findings", "inputs", "provenance"):
        assert f'id="{section}"' in page
    asked = ("--cuts", "2", "--draws", "3", "--horizon", "1 mo", "--kpi", "won")
    assert typed("backtest", *KNOWN, *asked, "-o", "test.html", "--lang", "ja").returncode == 0
    page = (tmp_path / "test.html").read_text(encoding="utf-8")
    assert 'id="backtest"' in page
    assert "受注件数、1か月先" in page
    wrong = typed("backtest", *KNOWN, *asked, "-o", "one.html", "--report", "other.html")
    assert wrong.returncode == 2
    assert "the same page" in wrong.stderr


TRUTHS = {
    "sources.web.rate": 44,
    "sources.trade fair.rate": 14,
    "stages.propose.convert": 0.5,
    "stages.negotiate.convert": 0.7,
    "stages.propose.decision.advanced": 14,
    "stages.propose.decision.lost": 25,
}


def test_intervals_of_the_sample_hold_its_truth() -> None:
    """Of six intervals of 95 % at least five hold it with a chance of 97 %."""
    from funnelsim.calibration.fitting.fit import calibrate
    from funnelsim.calibration.reading import read_history

    fit = calibrate(read_history(FILES, FOLDER / "mapping.yaml"), FOLDER / "assume.yaml")
    assert isinstance(fit.scenario, fs.Scenario)
    by_path = {number.dotted: number for number in fit.numbers}
    found = [(by_path[path].low, truth, by_path[path].high) for path, truth in TRUTHS.items()]
    assert sum(low < truth < high for low, truth, high in found if low is not None and high is not None) >= 5


SMALL = str(FOLDER.parent / "tune" / "small_firm.yaml")


def test_tune_says_what_it_moved_and_writes_the_line(typed: Typed, tmp_path: Path) -> None:
    asked = ("--to", "won=28/mo", "--to", "cycle_time=18d", "--replications", "4")
    said = typed("tune", SMALL, *asked, "-o", "tuned.yaml")
    assert said.returncode == 0, said.stderr
    assert "All totals are met." in said.stdout
    assert "stages.close.decision" in said.stdout
    assert typed("check", "tuned.yaml").returncode == 0
    found = json.loads(typed("tune", SMALL, *asked, "--json").stdout)
    assert found["met"] is True
    assert "すべての合計値に一致しました。" in typed("tune", SMALL, *asked, "--lang", "ja").stdout
    for wrong, code in (("won", "E-option-form"), ("won=", "E-option-form"), ("wins=8/mo", "E-kpi-unknown")):
        refused = typed("tune", SMALL, "--to", wrong)
        assert refused.returncode == 2
        assert f"error[{code}]" in refused.stderr
