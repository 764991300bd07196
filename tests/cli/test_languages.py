"""What commands print in Japanese is Japanese, and what they print for programs is the same in all languages."""

from __future__ import annotations

import re

import pytest
from commands import Typed, written

LINE = """\
funnelsim: 1
name: 東京支店
horizon: 3 mo
warmup: 1 mo
currency: JPY
gross_margin: 80%
segments: {中堅: {value: 1_200_000}}
sources: {紹介: {rate: 8 / d}, 展示会: {rate: 2 / d}}
teams:
  内勤: {headcount: 3, queue: fifo, cost: {salary: 500_000 / mo}}
  外勤: {headcount: 3, queue: fifo, cost: {salary: 700_000 / mo}}
stages:
  電話: {team: 内勤, effort: {dist: exponential, mean: 2 h}, convert: 30%}
  提案: {team: 外勤, effort: {dist: exponential, mean: 20 h}, convert: 50%, handoff: {delay: 1 d}}
milestones: {商談: 提案}
"""

STUDY = """\
study: 何人が要るか
base: 東京.yaml
kpis: [won, contribution]
arms: {増員: {teams.外勤.headcount: 4}}
vary: {teams.内勤.headcount: [2, 3]}
maximise: won
predicts: [{kpi: won, arm: 増員, expect: up}]
replications: 3
"""

ARM = "増員:teams.外勤.headcount=4"

COMMANDS = {
    "run": ["run", "東京.yaml", "--replications", "2", "--quiet"],
    "run of one": ["run", "東京.yaml", "--replications", "1", "--quiet"],
    "run by groups": ["run", "東京.yaml", "--by", "source", "--by", "rep", "--replications", "2", "--quiet"],
    "compare": ["compare", "東京.yaml", "--arm", ARM, "--replications", "3", "--quiet"],
    "compare by groups": [
        "compare",
        "東京.yaml",
        "--arm",
        ARM,
        "--by",
        "source",
        "--replications",
        "3",
        "--quiet",
    ],
    "compare a study": ["compare", "何人.yaml", "--replications", "3", "--quiet"],
    "choose": ["choose", "東京.yaml", "--arm", ARM, "--kpi", "won", "--budget", "24", "--quiet"],
    "diagnose": ["diagnose", "東京.yaml", "--replications", "2", "--quiet"],
    "optimise": ["optimise", "何人.yaml", "--trials", "4", "--out", "最適.db", "--quiet"],
    "sensitivity": ["sensitivity", "東京.yaml", "--replications", "2", "--quiet"],
    "kpis": ["kpis", "--for", "東京.yaml"],
    "levers": ["levers"],
    "a lever": ["levers", "cpq", "--for", "東京.yaml"],
    "check": ["check", "東京.yaml", "--quiet"],
    "templates": ["templates"],
    "warmup": ["warmup", "東京.yaml", "--replications", "3", "--quiet"],
    "sweep": ["sweep", "何人.yaml", "--out", "結果.db", "--replications", "2", "--quiet"],
}
"""Each command with settings that are quick."""

WORDS = re.compile(r"[A-Za-z][A-Za-z'-]+(?:,? [A-Za-z][A-Za-z'-]+){2,}")
"""Three words of English in a row."""

OF_PROGRAMS = re.compile(r"`[^`]*`|funnelsim [a-z]+ [^\n]*|\S+\.(yaml|db|csv|html)|--[a-z-]+( [A-Z]+)?")
"""Commands, options and files."""


@pytest.fixture
def spoken(typed: Typed, tmp_path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Runs a command on the line in a language, in a folder that has nothing else."""
    monkeypatch.setenv("FUNNELSIM_LANG", "en")

    def run(*arguments: str):  # type: ignore[no-untyped-def]
        for each in tmp_path.iterdir():
            each.unlink()
        written(tmp_path / "東京.yaml", LINE)
        written(tmp_path / "何人.yaml", STUDY)
        return typed(*arguments)

    return run


@pytest.mark.parametrize("name", COMMANDS)
def test_japanese_output_is_japanese(name: str, spoken) -> None:  # type: ignore[no-untyped-def]
    done = spoken(*COMMANDS[name], "--lang", "ja")
    assert done.returncode == 0, done.stderr
    assert re.search("[ぁ-ん一-龠]", done.stdout)
    assert WORDS.findall(OF_PROGRAMS.sub("", done.stdout)) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_documents_are_the_same_in_all_languages(name: str, spoken) -> None:  # type: ignore[no-untyped-def]
    told = [spoken(*COMMANDS[name], "--json", "--lang", lang).stdout for lang in ("en", "ja")]
    assert told[0]
    assert _timeless(told[0]) == _timeless(told[1])


def _timeless(text: str) -> str:
    """A document without how long things took."""
    return re.sub(r'"(seconds|elapsed)[a-z_]*": [0-9.e-]+', "", text)


def test_warnings_of_figures_are_in_the_language_of_results(spoken) -> None:  # type: ignore[no-untyped-def]
    from funnelsim.views.words import say

    done = spoken(*COMMANDS["run of one"][:-1], "--lang", "ja")
    assert say("caution.single", "ja") in done.stderr
    assert say("caution.single", "en") not in done.stderr


def test_templates_and_studies_are_told_in_both_languages() -> None:
    from funnelsim.scenario.reading import library

    for each in (*library.templates(), *library.studies()):
        assert set(each.titles) == {"en", "ja"}, each.name
        assert each.titles["en"].isascii()
        assert re.search("[ぁ-ん一-龠]", each.titles["ja"])


def test_who_asks_for_japanese_files_is_told_in_japanese(typed: Typed) -> None:
    from funnelsim.views.words import say

    done = typed("init", "会社", "--ja", "--lang", "en")
    assert done.stdout.strip().endswith(say("init.next", "ja", command="funnelsim run 会社/scenario.yaml"))
    assert "next:" not in done.stdout
