"""Slips of one kind each: read where only one thing can be meant, and else refused with what to type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from commands import Typed

import funnelsim as fs
from funnelsim.experiments.asking.offered import offered
from funnelsim.experiments.asking.question import as_lever, moved, scenario_of

LINE: dict[str, Any] = {
    "start": "2026-04-01",
    "horizon": "3 mo",
    "sources": {"web": {"rate": "60 / mo", "bursts": [{"at": "2026-05-01", "leads": 5}]}},
    "teams": {"desk": {"headcount": 2, "queue": "fifo"}},
    "stages": {
        "serve": {"team": "desk", "effort": "1 h", "convert": 0.325},
        "close": {"team": "desk", "effort": "1 h"},
    },
}


def said(**change: Any) -> str:
    with pytest.raises(fs.ScenarioError) as error:
        fs.Scenario.from_dict(LINE).change({key.replace("__", "."): value for key, value in change.items()})
    return str(error.value)


@pytest.mark.parametrize("text", ["２０２６-04-01", "２０２６－０４－０１", " 2026-04-01 "])
def test_a_date_in_full_width_signs_is_that_date(text: str) -> None:
    own = fs.Scenario.from_dict({**LINE, "start": text})
    assert own.spec.start.isoformat() == "2026-04-01"
    assert own.fingerprint == fs.Scenario.from_dict(LINE).fingerprint


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("令和8年4月1日", "write 2026-04-01"),
        ("令和８年４月１日", "write 2026-04-01"),
        ("2026年4月1日", "write 2026-04-01"),
        ("11/10", "which says no year; write 2026-11-10 or 2026-10-11"),
        ("１１／１０", "which says no year; write 2026-11-10 or 2026-10-11"),
        ("11/25", "which says no year; write 2026-11-25"),
        ("5/5", "which says no year; write 2026-05-05"),
    ],
)
@pytest.mark.parametrize("place", ["start", "teams.desk.headcount", "sources.web.bursts"])
def test_a_date_in_another_form_is_told_the_right_one(text: str, way: str, place: str) -> None:
    values = {
        "start": text,
        "teams.desk.headcount": {"start": 2, text: 3},
        "sources.web.bursts": [{"at": text, "leads": 3}],
    }
    with pytest.raises(fs.ScenarioError) as error:
        fs.Scenario.from_dict(LINE).change({place: values[place]})
    assert way in str(error.value)


def test_days_off_that_may_be_either() -> None:
    assert "write 11-10 for the 10th of November, or 10-11 for the 11th of October" in said(
        teams__desk__absence={"dates": ["11/10"]}
    )
    assert "write 11-25" in said(teams__desk__absence={"dates": ["11/25"]})


def test_bursts_that_are_no_list_or_have_other_keys() -> None:
    assert "expected a list, found a mapping (at, leads); one stands in brackets too, as in [{...}]" in said(
        sources__web__bursts={"at": "2026-05-01", "leads": 5}
    )
    wrong = said(sources__web__bursts=[{"date": "2026-05-01", "number": 5}])
    assert "unknown key 'date'; did you mean 'at'?" in wrong
    assert "unknown key 'number'; known are at, leads, over" in wrong


def test_the_path_of_a_stage_where_its_name_is_meant() -> None:
    own = fs.Scenario.from_dict(LINE).change({"stages.serve.next": "stages.close"})
    assert any(
        "'stages.close' is taken for a reason of loss; did you mean 'close'?" in text for text in own.warnings
    )


# --- on the command line -------------------------------------------------------------------------------------


def refused(typed: Typed, *arguments: str) -> str:
    done = typed(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "own.yaml"
    path.write_text(json.dumps(LINE), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("arm", "way"),
    [
        ("三倍: {scale: 3}", "write it as PATH=VALUE, such as '三倍: scale=3'"),
        ("三倍：{scale: 3}", "write it as PATH=VALUE, such as '三倍: scale=3'"),
        ("skip: stages.serve.next: close", "such as 'skip: stages.serve.next=close'"),
        ("more: {teams.desk.headcount: {add: 1}}", "such as 'more: teams.desk.headcount={add: 1}'"),
        ("teams.desk.headcount: 4", "such as teams.desk.headcount=4"),
        ("teams.desk.headcount 4", "such as teams.desk.headcount=4"),
        ("四人", "such as teams.desk.headcount=4"),
    ],
)
def test_an_arm_without_a_sign_before_its_value(typed: Typed, file: str, arm: str, way: str) -> None:
    message = refused(typed, "compare", file, "--arm", arm)
    assert f"--arm {arm}: " in message
    assert way in message


def test_what_is_wrong_with_the_other_side_of_a_film_is_blamed_on_it(
    typed: Typed, file: str, tmp_path: Path
) -> None:
    message = refused(typed, "replay", file, "--against", "no_lever", "--out", str(tmp_path / "film.html"))
    assert "--against no_lever: unknown lever" in message
    assert "--lever" not in message.split(";")[0]
    both = refused(
        typed, "replay", file, "--lever", "no_lever", "--against", "cpq", "--out", str(tmp_path / "film.html")
    )
    assert "--lever no_lever: unknown lever" in both


@pytest.mark.parametrize("command", ["run", "check", "compare", "diagnose", "levers"])
def test_what_stands_before_its_command_is_put_behind_it(typed: Typed, command: str) -> None:
    message = refused(typed, "own.yaml", "--lang", "ja", command)
    assert f"The command comes first, and all else behind it: funnelsim {command} own.yaml --lang ja" in message
    message = refused(typed, "--lang", "ja", command, "own.yaml")
    assert f"behind it: funnelsim {command} --lang ja own.yaml" in message


def test_no_hint_where_the_command_stands_first(typed: Typed, file: str) -> None:
    assert "The command comes first" not in refused(typed, "run", file, "--no-such-option")


# --- a lever that is kept --------------------------------------------------------------------------------------


def test_a_kept_lever_has_the_number_that_the_page_showed(tmp_path: Path) -> None:
    line = fs.Scenario.from_dict(LINE)
    what = moved(offered(line), {"stages.serve.convert": 0.325 * 1.05})
    assert 0.325 * 1.05 != 0.34125  # what arithmetic leaves
    text = as_lever(line, what, "more")
    assert '"stages.serve.convert": 0.34125\n' in text
    (tmp_path / "kept.yaml").write_text(text, encoding="utf-8")
    assert line.with_levers(str(tmp_path / "kept.yaml")).fingerprint == scenario_of(line, what).fingerprint
