"""A change that finds nothing is refused, however it is given, and the path that was meant is named."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.cli.main import main

TEXT = """\
funnelsim: 1
name: Misspelt
start: 2026-01-01
horizon: 1 y
calendars: {office: {days: mon-fri, hours: 09:00-17:00}}
segments:
  small: {share: 0.7, value: 1_000}
  large: {share: 0.3, value: {dist: lognormal, median: 9_000, sigma: 0.6}}
sources: {website: {rate: 10 / d, pattern: {weekday: [1, 1, 1, 1, 1, 0, 0]}}}
teams:
  inside: {headcount: 4, queue: fifo, skill: {mean: 0.1, sd: 0.2}, cost: {salary: 60_000 / y}}
  field: {headcount: 3, queue: {fifo: 0.5, lifo: 0.5}, calendar: office}
stages:
  qualify: {team: inside, effort: {small: 10 min, else: 30 min}, convert: 0.4}
  propose:
    team: field
    effort: {dist: gamma, mean: 2 h, cv: 0.5}
    handoff: {delay: 1 d, keeps: 0.9}
    otherwise: {price: 0.6, rival: 0.4}
    convert: {large: 0.2, else: 0.4}
customers: {team: inside, churn: 0.02 / mo, care: {every: 1 mo, effort: 1 h}}
costs: {licence: 12_000 / y}
"""
SCENARIO = fs.Scenario.from_text(TEXT)


def paths(node: Any = None, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every path of the scenario that leads to a value."""
    node = SCENARIO.document if node is None else node
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield from paths(value, (*above, key))
        else:
            yield (*above, key)


def misspelt() -> Iterator[tuple[str, str, Any]]:
    """Each path with each of its longer parts misspelt in turn: the wrong one, the right one, a value."""
    for path in paths():
        value: Any = SCENARIO.document
        for part in path:
            value = value[part]
        for at, part in enumerate(path):
            if len(part) > 3:
                middle = len(part) // 2
                yield (
                    ".".join((*path[:at], part[:middle] + part[middle + 1 :], *path[at + 1 :])),
                    ".".join(path),
                    value,
                )


CASES = list(misspelt())
DOTTED = [case for case in CASES if "." in case[0]]
FEW = DOTTED[:: max(1, len(DOTTED) // 12)]


def test_there_are_enough_cases() -> None:
    assert len(CASES) > 60


@pytest.mark.parametrize(("wrong", "right", "value"), CASES, ids=[case[0] for case in CASES])
def test_in_python(wrong: str, right: str, value: Any) -> None:
    for given in (value, {"multiply": 2}, {"set": value}, None):
        with pytest.raises(fs.ScenarioError) as caught:
            SCENARIO.change({wrong: given})
        assert f"did you mean {right}?" in str(caught.value)
        assert len(caught.value.problems) == 1
    assert SCENARIO.change({right: value}).fingerprint


def nested(path: str, value: Any) -> Any:
    """A change written as mappings inside one another."""
    for part in reversed(path.split(".")):
        value = {part: value}
    return value


@pytest.mark.parametrize("group", ["teams", "stages", "sources", "segments", "calendars"])
def test_a_name_that_is_nearly_another(group: str) -> None:
    for name, entry in SCENARIO.document[group].items():
        slipped = name[:2] + name[3:]
        key = {"segments": "label", "calendars": "holidays"}.get(group, "key")
        value = entry.get(key, "JP" if key == "holidays" else "x")
        with pytest.raises(fs.ScenarioError, match=rf"did you mean {group}\.{name}\.{key}\?") as caught:
            SCENARIO.change(nested(f"{group}.{slipped}.{key}", value))
        assert f"write {slipped}: {{set: {{...}}}}" in str(caught.value)


def test_new_things_can_be_called_nearly_as_others() -> None:
    more = SCENARIO.change({"teams": {"insider": {"headcount": 1, "queue": "fifo"}}, "stages.propos": {"set": {}}})
    assert {"insider"} < set(more.spec.teams)
    assert {"propos"} < set(more.spec.stages)
    desk = SCENARIO.change({"teams": {"team_a": {"queue": "fifo"}}})
    assert "team_b" in desk.change({"teams": {"team_b": {"set": {"queue": "lifo"}}}}).spec.teams
    assert (
        "web2"
        in SCENARIO.change({"sources": {"website2": {"rate": "1 / d"}, "web2": {"rate": "1 / d"}}}).spec.sources
    )


# --- in files and on the command line -----------------------------------------------------------------------


def in_extends(wrong: str, value: str) -> tuple[str, str]:
    return "more.yaml", f"name: more\nextends: base.yaml\n{wrong}: {value}\n"


def in_phase(wrong: str, value: str) -> tuple[str, str]:
    phase = f"phases:\n  - from: 2026-04-01\n    change:\n      {wrong}: {value}\n"
    return "phase.yaml", TEXT + phase


def in_arm(wrong: str, value: str) -> tuple[str, str]:
    return "study.yaml", f"study: s\nbase: base.yaml\narms:\n  one:\n    {wrong}: {value}\n"


def in_listed_arm(wrong: str, value: str) -> tuple[str, str]:
    return (
        "study.yaml",
        f"study: s\nbase: base.yaml\narms:\n  one:\n    - teams.field.headcount: 9\n      {wrong}: {value}\n",
    )


def in_vary(wrong: str, value: str) -> tuple[str, str]:
    return "study.yaml", f"study: s\nbase: base.yaml\nvary:\n  {wrong}: [{value}]\n"


FILES: list[Callable[[str, str], tuple[str, str]]] = [in_extends, in_phase, in_arm, in_listed_arm, in_vary]


def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[Any, str]:
    monkeypatch.setattr(sys, "argv", ["funnelsim", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    return stop.value.code, capsys.readouterr().err


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.yaml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def test_in_files(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for make in FILES:
        for wrong, right, value in FEW:
            name, text = make(wrong, yaml(value))
            (folder / name).write_text(text, encoding="utf-8")
            code, said = typed(monkeypatch, capsys, "check", "--quiet", name)
            line = next(at for at, each in enumerate(text.splitlines(), 1) if wrong in each)
            assert code == 2, (make.__name__, wrong)
            assert f"did you mean {right}?" in said, (make.__name__, said)
            assert f"{name}:{line}:" in said, (make.__name__, said)


def test_in_predictions(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "study: s\nbase: base.yaml\narms: {one: {horizon: 2 y}}\nvary: {teams.field.headcount: [1, 2]}\n"
        "predicts:\n  - {arm: one, kpi: won, expect: up, at: {teams.feld.headcount: 1}}\n"
    )
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    code, said = typed(monkeypatch, capsys, "check", "study.yaml")
    assert code == 2
    assert "study.yaml:6:" in said
    assert "teams.field.headcount" in said


def test_on_the_command_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for wrong, right, value in FEW:
        for command in (
            ("run", "base.yaml", "--quiet", "--set"),
            ("check", "base.yaml", "--set"),
            ("compare", "base.yaml", "--arm"),
            ("diagnose", "base.yaml", "--set"),
        ):
            code, said = typed(monkeypatch, capsys, *command, f"{wrong}={yaml(value)}")
            assert code == 2, (command, wrong)
            assert f"did you mean {right}?" in said
            assert said.startswith("error[E-"), said
            assert f"]: {command[-1]} {wrong}={yaml(value)}: " in said
            assert said.count("error[") == 1


def test_paths_whose_beginning_is_left_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for short, right in (
        ("field.headcount", "teams.field.headcount"),
        ("feld.headcount", "teams.field.headcount"),
        ("headcount", "teams.*.headcount"),
        ("propose.convert", "stages.propose.convert"),
        ("website.rate", "sources.website.rate"),
        ("rate", "sources.website.rate"),
    ):
        code, said = typed(monkeypatch, capsys, "run", "base.yaml", "--set", f"{short}=7")
        assert code == 2
        assert f"did you mean {right}?" in said


def yaml(value: Any) -> str:
    """A value as it stands in a file."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {yaml(one)}" for key, one in value.items()) + "}"
    return str(value)


# --- levers -------------------------------------------------------------------------------------------------


def lever(folder: Path, change: str) -> None:
    (folder / "levers").mkdir(exist_ok=True)
    (folder / "levers" / "tool.yaml").write_text(f"lever: tool\nchange: {{{change}}}\n", encoding="utf-8")


def test_a_lever_of_which_nothing_applies_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lever(folder, "teams.feld.headcount: 7, stages.*.patience: {multiply: 2}")
    code, said = typed(monkeypatch, capsys, "run", "base.yaml", "--lever", "tool", "--quiet")
    assert code == 2
    assert "did you mean teams.field.headcount? (nothing of this lever applies here)" in said
    assert "tool.yaml:2:" in said


def test_what_finds_nothing_in_a_lever_is_told_even_where_warnings_are_not(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lever(folder, "teams.feld.headcount: 7, teams.inside.headcount: 1, stages.propose.convert: null")
    (folder / "asks.yaml").write_text(TEXT.replace("horizon", "levers: [tool]\nhorizon"), encoding="utf-8")
    for command in (
        ("run", "asks.yaml", "--replications", "2"),
        ("check", "base.yaml", "--lever", "tool"),
        ("compare", "base.yaml", "--lever", "tool", "--replications", "2"),
    ):
        engine = () if command[0] == "check" else ("--engine", "simpy")
        code, said = typed(monkeypatch, capsys, *command, *engine, "--quiet")
        assert code in (0, None)
        assert "lever tool: teams.feld.headcount: there is no 'feld' in teams" in said
        assert said.count("warning[W-lever-missed]:") == said.count("warning") == 1


def test_a_whole_entry_nearly_called_as_another_is_said_to_be_new() -> None:
    base = fs.Scenario.from_dict(
        {
            "horizon": "1 mo",
            "sources": {"web": {"rate": "1 / d"}},
            "stages": {"sell": {"decision": "1 d"}},
        }
    )
    (said,) = base.change({"sources.wbe": {"rate": "3 / d"}}).warnings
    assert said.startswith("sources.wbe: this is new beside 'web'; to change that one, write sources.web")
    assert not base.change({"sources.wbe": {"set": {"rate": "3 / d"}}}).warnings
    assert not base.change({"sources.events": {"rate": "3 / d"}}).warnings
