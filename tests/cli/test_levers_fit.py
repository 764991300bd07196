"""Why levers do not fit a line: in few words, in both languages, with what to write told once; and that helps."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from commands import Typed, written
from ruamel.yaml import YAML

import funnelsim as fs
from funnelsim.scenario.changing import levers
from funnelsim.scenario.changing.lacks import Lack, unfit

TEAMS = """
  東IS: {headcount: 2, queue: fifo, role: inside_sales}
  西IS: {headcount: 2, queue: fifo, role: inside_sales}
  FS: {headcount: 3, queue: fifo}
"""
TOKYO = f"""
funnelsim: 1
name: 東京支店
horizon: 6 mo
sources: {{展示会: {{rate: 90 / mo}}}}
teams: {TEAMS}
stages:
  選別: {{team: 東IS, effort: 20 min, convert: 0.5}}
  提案: {{team: FS, effort: 4 h, decision: 10 d, convert: 0.5}}
  受注: {{team: FS, effort: 1 h}}
"""
DESK = """
funnelsim: 1
name: 窓口
horizon: 6 mo
sources: {来店: {rate: 90 / mo}}
teams:
  窓口: {headcount: 2, queue: fifo}
  outsourced: {headcount: 2, queue: fifo}
  field_sales: {headcount: 3, queue: fifo}
stages:
  応対: {team: 窓口, effort: 20 min, convert: 0.5}
  再来: {team: outsourced, effort: 20 min}
"""


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("line", [TOKYO, DESK], ids=["tokyo", "desk"])
def test_each_lever_that_does_not_fit_has_a_short_reason_and_each_thing_missing_is_told_once(
    line: str, lang: str, typed: Typed, tmp_path: Path
) -> None:
    written(tmp_path / "s.yaml", line)
    listed = json.loads(typed("levers", "--for", "s.yaml", "--json").stdout)["levers"]
    shown = typed("levers", "--for", "s.yaml", "--lang", lang).stdout
    assert "needs" not in shown
    assert not any(f"lever {each['name']}" in shown for each in listed)
    list_, below = shown.split({"en": "What to write so", "ja": "使えるレバーを増やすには"}[lang])
    unfitting = {"en": ("does not fit: ", "name which one is meant: "), "ja": ("使えません。", "対象の指定が必要")}
    rows = {words[0]: row for row in list_.splitlines() if (words := row.split())}
    for each in listed:
        assert each["fits"] != any(text in rows[each["name"]] for text in unfitting[lang]), each["name"]
    remedies = [row.strip() for row in below.splitlines()[3:] if row.strip()]
    twice = [row for row, count in Counter(row.split("  ")[0] for row in remedies).items() if count > 1]
    assert not twice
    document = fs.Scenario.from_text(line).composed.document
    lacks = {lack.missing for each in listed for lack in unfit(levers.find(each["name"], None), document)}
    assert {row.split("  ")[0] for row in remedies} == lacks
    if lang == "ja":  # but for paths, keys and what may be written
        assert not any(word in shown for word in ("write", "role of", " here", "such as", " or "))


def test_reasons_of_one_lever_in_words(typed: Typed, tmp_path: Path) -> None:
    written(tmp_path / "s.yaml", DESK)
    english, japanese = (
        " ".join(typed("levers", "outsourced_inside", "--for", "s.yaml").stderr.split()),
        " ".join(typed("levers", "外部", "--for", "s.yaml", "--lang", "ja").stdout.split()),
    )
    assert "needs teams.inside_sales: no team here has the role inside_sales" in english
    assert "使えません。不足:teams.inside_sales, stages.contact|screen。同名あり:teams.outsourced" in japanese
    assert "teams.outsourcedの名前を変更" in japanese
    assert "窓口、outsourcedまたはfield_salesに「role: inside_sales」と記入" in japanese


def test_a_lever_for_one_of_several_teams_says_how_to_name_it(typed: Typed, tmp_path: Path) -> None:
    written(tmp_path / "s.yaml", TOKYO)
    assert "name which one is meant: hire_inside:東IS" in typed("levers", "--for", "s.yaml").stdout
    assert typed("levers", "hire_inside:東IS", "--for", "s.yaml").returncode == 0


def test_of_a_team_that_has_no_work_it_is_told_that_a_stage_may_be_given_to_it() -> None:
    (lack,) = unfit(levers.find("handoff_cold", None), fs.Scenario.from_text(DESK).composed.document)
    assert (lack.missing, lack.write) == ("stages[first, team=field_sales]", "team: field_sales")


@pytest.mark.parametrize("name", list(levers.known(None)))
@pytest.mark.parametrize("line", [TOKYO, DESK], ids=["tokyo", "desk"])
def test_what_is_told_makes_the_lever_fit(line: str, name: str) -> None:
    """At most three rounds: a team, then a stage of it, then a property that can be missed only there."""
    scenario, lever = fs.Scenario.from_text(line), levers.find(name, None)
    for _ in range(3):
        scenario = done(scenario, unfit(lever, scenario.composed.document))
    assert not unfit(lever, scenario.composed.document)


def done(scenario: fs.Scenario, lacks: Sequence[Lack]) -> fs.Scenario:
    """A line with what is told of all that it lacks."""
    changes: dict[str, Any] = {}
    for lack in lacks:
        if lack.remedy == "rename":
            scenario = renamed(scenario, lack.missing.removeprefix("teams."))
            continue
        assert lack.remedy in ("write", "value")
        (key, value), *_ = YAML(typ="safe", pure=True).load(lack.write).items()
        at = lack.where[-1] if lack.where else ""
        if lack.remedy == "write":
            at = next(
                f"{group}.{at}" for group in ("teams", "stages", "sources") if at in scenario.document[group]
            )
        path = f"{at}.{key}" if at else key
        if key == "role":
            there = scenario.document[at.split(".")[0]][at.split(".")[1]].get("role") or []
            value = [*changes.get(path, [there] if isinstance(there, str) else there), value]
        elif key in ("care", "complaint"):  # which its own error asks for
            changes["customers.team"] = next(iter(scenario.spec.teams))
        changes[path] = value
    return scenario.change(changes) if changes else scenario


def renamed(scenario: fs.Scenario, name: str) -> fs.Scenario:
    """A line in which a team has another name."""
    document = scenario.document
    document["teams"] = {f"{key}2" if key == name else key: team for key, team in document["teams"].items()}
    for stage in document["stages"].values():
        stage["team"] = f"{name}2" if stage["team"] == name else stage["team"]
    return fs.Scenario.from_dict(document)


@pytest.mark.parametrize(
    ("currency", "amount"),
    [("", "250_000"), ("currency: JPY", "38_000_000"), ("currency: JPY\nexchange: {USD: 100}", "25_000_000"),
     ("currency: 千円", "...")],
)  # fmt: skip
def test_an_amount_to_write_is_in_the_currency_of_the_line(
    currency: str, amount: str, typed: Typed, tmp_path: Path
) -> None:
    written(tmp_path / "s.yaml", f"{TOKYO}{currency}\n")
    said = typed("levers", "--for", "s.yaml", "--lang", "en").stdout
    assert f"quota: {{amount: {amount}, period: quarter}}" in " ".join(said.split())
    assert "shipped mid-market company" in " ".join(said.split())
