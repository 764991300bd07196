"""Draws of inputs: tables of worlds, what is wrong with them, and a world as if its file had been written so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.scenario import Scenario, load
from funnelsim.scenario.changing.draws import draws_of, read_draws
from funnelsim.scenario.scenario import check_draws, in_world

LINE: dict[str, Any] = {
    "horizon": "6 mo",
    "start": "2026-01-05",
    "calendars": {"office": {"days": "mon-fri", "hours": ["09:00-17:00"]}},
    "sources": {"web": {"rate": "30 / mo"}},
    "teams": {"desk": {"headcount": 2, "calendar": "office", "queue": "fifo"}},
    "stages": {
        "talk": {"team": "desk", "effort": "3 h", "convert": 0.4, "quality_weight": 0.5, "role": "propose"},
        "close": {"team": "desk", "effort": "1 h", "convert": 0.5},
    },
}
ROW = {"stages.talk.effort": "5 h", "stages.talk.convert": 0.3, "sources.web.rate": {"multiply": 1.5}}
WRITTEN = {"effort": "5 h", "convert": 0.3}


def written(line: dict[str, Any]) -> dict[str, Any]:
    """The line as if the draw stood in its file."""
    stages = {**line["stages"], "talk": {**line["stages"]["talk"], **WRITTEN}}
    return {**line, "stages": stages, "sources": {"web": {"rate": "45 / mo"}}}


FILES: dict[str, dict[str, Any]] = {
    "plain": LINE,
    "a scale": {**LINE, "scale": 2},
    "defaults": {**LINE, "defaults": {"stages": {"rework": 0.2, "context_weight": 0.5}}},
    "a lever": {**LINE, "levers": ["cpq@0.5"]},
    "a phase": {**LINE, "phases": [{"from": "2026-03-01", "change": {"stages.talk.effort": {"multiply": 0.5}}}]},
}
AFTER = {
    "nothing": lambda line: line,
    "a change": lambda line: line.change({"teams.desk.headcount": {"add": 1}, "stages.talk.convert": {"odds": 2}}),
    "a lever between changes": lambda line: line.change({"stages.talk.rework": 0.1}).with_levers("cpq@0.5"),
    "a name": lambda line: line.rename("other").change({"stages.close.effort": {"multiply": 2}}),
}


@pytest.mark.parametrize("after", AFTER)
@pytest.mark.parametrize("file", FILES)
def test_a_world_is_as_if_its_file_had_been_written_so(file: str, after: str) -> None:
    line, lay = FILES[file], AFTER[after]
    drawn = in_world(lay(Scenario.from_dict(line)), draws_of([{}, ROW]), 3)
    assert drawn.fingerprint == lay(Scenario.from_dict(written(line))).fingerprint
    same = in_world(lay(Scenario.from_dict(line)), draws_of([{}, ROW]), 2)
    assert same.fingerprint == lay(Scenario.from_dict(line)).fingerprint


def test_what_an_arm_sets_outright_has_no_doubt_in_it() -> None:
    arm = Scenario.from_dict(LINE).change({"stages.talk.effort": "2 h"})
    assert in_world(arm, draws_of([ROW]), 0).spec.stages["talk"].effort == arm.spec.stages["talk"].effort


def test_files_of_both_kinds_say_the_same(tmp_path: Path) -> None:
    rows = [ROW, {"stages.talk.effort": "4 h"}, {"sources.web.rate": "20 / mo", "stages.talk.convert": 0.5}]
    lines, table = tmp_path / "d.jsonl", tmp_path / "d.csv"
    lines.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    table.write_text(
        "stages.talk.effort;stages.talk.convert;sources.web.rate\n"
        "5 h;0,3;{multiply: 1.5}\n4 h;;\n;0,5;20 / mo\n".replace(",", "."),
        encoding="utf-8",
    )
    line = Scenario.from_dict(LINE)
    found = [read_draws(path, path.name) for path in (lines, table)]
    first, *others = [[in_world(line, each, w).fingerprint for w in range(3)] for each in (*found, draws_of(rows))]
    assert others == [first, first]
    assert len(set(first)) == 3
    assert found[0].paths == ("stages.talk.effort", "stages.talk.convert", "sources.web.rate")


TABLES = {
    "a path": ("d.csv", "stages.tlak.effort,sources.web.rate\n4 h,30 / mo\n5 h,20 / mo\n"),
    "a unit": ("d.csv", "sources.web.rate,stages.talk.effort\n30 / mo,4 hh\n"),
    "no row": ("d.csv", "stages.talk.effort\n"),
    "a key": ("d.jsonl", '{"stages.talk.effort": "4 h"}\n{"stages.talk.effrt": "4 h"}\n'),
    "a share": ("d.jsonl", '{"stages": {"talk": {"convert": 1.4}}}\n'),
    "no JSON": ("d.jsonl", '{"stages.talk.effort": "4 h"}\n{"stages.talk.effort": }\n'),
    "twice": ("d.jsonl", '{"a": 1, "a": 2}\n'),
    "no number": ("d.jsonl", '{"stages.talk.convert": NaN}\n'),
    "no fragment": ("d.jsonl", "[1]\n"),
    "the horizon": ("d.jsonl", '{"horizon": "1 y"}\n'),
    "a lever": ("d.jsonl", '{"levers": ["cpq"]}\n'),
    "a source": ("d.jsonl", '{"sources.more": {"set": {"rate": "1 / d"}}}\n'),
    "no line": ("d.jsonl", ""),
    "an ending": ("d.yaml", "a: 1\n"),
}
SAID = {
    "a path": "d.csv:1:1: stages.tlak.effort: there is no 'tlak' in stages; did you mean stages.talk.effort? (and "
    "1 more row like it)",
    "a unit": "d.csv:2:2: stages.talk.effort: unknown unit 'hh'",
    "no row": "there are no draws",
    "a key": "d.jsonl:2:2: stages.talk.effrt: unknown key 'effrt'",
    "a share": "d.jsonl:1:2: stages.talk.convert:",
    "no JSON": "d.jsonl:2:24: not a line of JSON",
    "twice": "'a' stands twice",
    "no number": "d.jsonl:1:25: NaN is no number",
    "no fragment": "d.jsonl:1:1: expected a change fragment",
    "the horizon": "d.jsonl:1:2: horizon: a draw cannot change `horizon`",
    "a lever": "'levers' has no place in a change",
    "a source": "a draw cannot add or remove sources, found more",
    "no line": "there are no draws",
    "an ending": "ends in .csv (columns are paths) or .jsonl",
}


@pytest.mark.parametrize("wrong", TABLES)
def test_what_is_wrong_with_a_table_is_said_with_its_place(tmp_path: Path, wrong: str) -> None:
    name, text = TABLES[wrong]
    (tmp_path / name).write_text(text, encoding="utf-8")
    file = tmp_path / "line.yaml"
    file.write_text(json.dumps({**LINE, "uncertain": {"table": name}}), encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        load(file)
    assert SAID[wrong] in str(error.value).replace(f"{tmp_path}/", "")


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "draws.csv").write_text("stages.talk.effort\n4 h\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"no file 'drawz.csv' .* did you mean 'draws.csv'"):
        Scenario.from_dict({**LINE, "uncertain": {"table": "drawz.csv"}}, tmp_path)


@pytest.mark.parametrize(
    ("uncertain", "said"),
    [
        ({"stages.talk.effort": {"low": "1 h", "high": "9 h"}}, "draws of inputs come from a table"),
        (
            {"levers.cpq": {"low": 0, "high": 1}, "table": "d.csv"},
            "'levers.cpq' has no place here",
        ),
        ({"correlate": {}}, "has no place here"),
        ("d.csv", "expected a table of draws"),
        ({"table": 3}, "expected the name of a CSV or JSONL file"),
        ({"table": [3]}, "expected a change fragment"),
        ({"table": "../d.csv"}, "outside the scenario's own folder"),
    ],
)
def test_what_is_no_table_is_refused(uncertain: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=said.replace("(", r"\(")):
        Scenario.from_dict({**LINE, "uncertain": uncertain}, tmp_path)


def test_draws_go_with_what_extends_and_into_the_document(tmp_path: Path) -> None:
    (tmp_path / "d.jsonl").write_text(json.dumps(ROW), encoding="utf-8")
    (tmp_path / "base.yaml").write_text(json.dumps({**LINE, "uncertain": {"table": "d.jsonl"}}), encoding="utf-8")
    over = Scenario.from_dict({"extends": "base.yaml", "teams": {"desk": {"headcount": 3}}}, tmp_path)
    assert over.draws is not None
    assert over.draws.name == str(tmp_path / "d.jsonl")
    again = Scenario.from_dict(over.document)
    assert again.draws is not None
    assert again.draws.fingerprint == over.draws.fingerprint
    assert "uncertain" not in over.change({"teams.desk.headcount": 4}).document
    assert Scenario.from_dict({"extends": "base.yaml", "uncertain": None}, tmp_path).draws is None


def test_draws_made_in_python_are_called_by_their_row() -> None:
    with pytest.raises(ScenarioError, match="row 2 of the inputs: there is no 'tlak'"):
        check_draws(Scenario.from_dict(LINE), draws_of([ROW, {"stages.tlak.effort": "1 h"}]))
