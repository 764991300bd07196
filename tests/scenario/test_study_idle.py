"""What a study says without effect is told: what differs is looked at, and not which keys are named."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.scenario.study.idle import alike

from .desks import DESK

HEADS, ALL = "teams.desk.headcount", "teams.*.headcount"
OVER = f"{ALL}, which is laid over it, sets the same"
DOES_NOTHING = "nothing that is simulated differs"
HIRING = "does nothing as it is: nobody leaves"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "five.yaml").write_text(f"lever: five\nchange: {{{HEADS}: 5}}\n")
    (tmp_path / "desk.yaml").write_text(DESK)
    return tmp_path


def study(folder: Path, content: str) -> fs.Study:
    (folder / "study.yaml").write_text(f"study: s\nbase: desk.yaml\n{content}\n")
    return fs.load_study(folder / "study.yaml")


IN_VAIN = [
    # --- factors: idle where they stand, overwritten, or only shown
    ("vary: {teams.desk.hiring: [30 d, 60 d]}", [f"vary.teams.desk.hiring: {HIRING}"]),
    ("vary: {teams.desk.hiring: {from: 30 d, to: 60 d}}\ndesign: {lhs: 4}", [f"vary.teams.desk.hiring: {HIRING}"]),
    ("vary: {teams.desk.hiring: [30 d, 60 d], teams.desk.attrition: [0, 0.3 / y]}", []),
    (f"vary: {{{HEADS}: [3, 4], {ALL}: [5, 6]}}", [f"vary.{HEADS}: no value of it acts at any point: {OVER}"]),
    (f"vary: {{{HEADS}: [3, 4], {ALL}: [5]}}", [f"vary.{HEADS}: no value of it acts at any point: {OVER}"]),
    (f"vary: {{{HEADS}: [4], {ALL}: [5, 6]}}", [f"vary.{HEADS}: it acts at no point: {OVER}"]),
    (f"vary: {{{HEADS}: [3, 4], {ALL}: [{{add: 1}}, {{add: 2}}]}}", []),
    (f"vary: {{{HEADS}: [3, 4], five: [0, 1]}}", []),  # the lever is not always there
    (
        f"vary: {{{HEADS}: [3, 4], five: [1]}}",
        [f"vary.{HEADS}: no value of it acts at any point: five, which is laid over it, sets the same"],
    ),
    ("vary: {name: [x, y]}", [f"vary.name: no value of it acts at any point: {DOES_NOTHING} between its values"]),
    ("vary: {currency: [JPY, USD]}", ["vary.currency: no value of it acts at any point"]),
    ("vary: {teams.desk.label: [x, y]}", ["vary.teams.desk.label: no value of it acts at any point"]),
    # --- values
    (f"vary: {{{HEADS}: [3, {{add: 0}}, 4]}}", [f"vary.{HEADS}: +0 is the same as 3"]),
    (
        "vary: {stages.serve.effort: [30 min, 0.5 h]}",
        ["vary.stages.serve.effort: no value of it acts at any point"],
    ),
    ("vary: {stages.serve.effort: [30 min, 1 h]}", []),
    # --- what holds everywhere
    (f"set: {{{HEADS}: 5}}\nvary: {{{HEADS}: [3, 4]}}", [f"set.{HEADS}: it acts at no point"]),
    (f"set: {{{HEADS}: 5}}\nvary: {{{HEADS}: [{{add: 1}}, {{add: 2}}]}}", []),
    (f"set: {{{HEADS}: 5}}\nvary: {{{HEADS}: [3, 4]}}\narms: {{a: {{{HEADS}: {{add: 1}}}}}}", []),  # for `compare`
    (f"set: {{{HEADS}: 5, {ALL}: 6}}\nvary: {{warmup: [1 d, 2 d]}}", [f"set.{HEADS}: it acts at no point"]),
    ("set: {horizon: 10 d}\nvary: {warmup: [1 d, 2 d]}", []),  # it says what is so, and that is so
    ("set: {horizon: 20 d}\nvary: {warmup: [12 d, 13 d]}", []),  # without it there is no scenario
    # --- arms
    ("arms: {a: {name: x}}", [f"arms.a: {DOES_NOTHING} from base"]),
    (
        f"arms: {{a: {{{HEADS}: 3}}, b: {{{HEADS}: {{add: 0}}}}}}",
        [f"arms.{name}: {DOES_NOTHING}" for name in "ab"],
    ),
    (f"arms: {{a: {{{HEADS}: 5}}, b: five}}", [f"arms.b: {DOES_NOTHING} from a"]),
    (  # at 4 it is another than the base, and the same as at 3
        f"arms: {{a: {{{HEADS}: 3}}}}\nvary: {{{HEADS}: [3, 4]}}",
        [f"arms.a: in this arm no value of vary.{HEADS} acts: it sets the same itself"],
    ),
    (
        f"arms: {{a: five, b: {{{HEADS}: {{add: 1}}}}}}\nvary: {{{HEADS}: [3, 4]}}",
        ["arms.a: in this arm no value"],
    ),
    (f"arms: {{a: {{{HEADS}: 5}}}}\nvary: {{five: [0, 1]}}", ["arms.a: in this arm no value of vary.five acts"]),
    (f"set: {{{HEADS}: 4}}\narms: {{a: {{{HEADS}: 5}}}}", []),  # the base has 4, and is compared with it
    # --- designs
    (
        f"vary: {{{HEADS}: {{from: 3, to: 9, steps: 3}}}}\ndesign: {{lhs: 5}}",
        [f"vary.{HEADS}.steps: `lhs` draws from the whole range"],
    ),
    (f"vary: {{{HEADS}: {{from: 3, to: 9, steps: 3}}}}\ndesign: {{lhs: 5}}\nmaximise: won", []),
    (f"vary: {{{HEADS}: {{from: 3, to: 9, steps: 3}}}}", []),
]


@pytest.mark.parametrize(("says", "told"), IN_VAIN)
def test_what_does_nothing_is_told(says: str, told: list[str], folder: Path) -> None:
    warnings = study(folder, says).warnings
    assert len(warnings) == len(told), warnings
    for warning, start in zip(warnings, told, strict=True):
        assert warning.startswith(start)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (f"{HEADS},name\n3,x\n4,x\n", []),  # one value holds everywhere
        (f"{HEADS},name\n3,x\n4,y\n", ["design.table: name: no value of it acts at any point"]),
        (f"{HEADS},{ALL}\n3,5\n4,6\n", [f"design.table: {HEADS}: no value of it acts at any point: {OVER}"]),
        (f"{HEADS},{ALL}\n3,5\n4,\n", []),
        (f"arm,{HEADS}\n,4\nmore,4\n,4\n", ["design.table: row 3 is row 1 once more, and adds nothing"]),
    ],
)
def test_what_does_nothing_in_a_table_of_points(table: str, told: list[str], folder: Path) -> None:
    (folder / "p.csv").write_text(table)
    says = f"arms: {{more: {{{HEADS}: {{add: 1}}}}}}\ndesign: {{table: p.csv}}"
    warnings = study(folder, says).warnings
    assert len(warnings) == len(told), warnings
    assert all(warning.startswith(start) for warning, start in zip(warnings, told, strict=True))


def test_an_arm_of_nothing_is_refused(folder: Path) -> None:
    for nothing in ("[]", "{}", "''"):
        with pytest.raises(fs.ScenarioError, match=r"arms\.a: "):
            study(folder, f"arms: {{a: {nothing}}}")
    with pytest.raises(fs.ScenarioError, match="the scenario as it is takes part in every study, as `base`"):
        study(folder, "arms: {a: []}")


def test_what_stands_twice_is_refused(folder: Path) -> None:
    def refusal(says: str) -> str:
        with pytest.raises(fs.ScenarioError) as caught:
            study(folder, f"arms: {{a: {{{HEADS}: 4}}, b: {{{HEADS}: 5}}}}\n{says}")
        return str(caught.value)

    def predicted(*said: str) -> str:
        return f"predicts: [{', '.join(f'{{kpi: won, {each}}}' for each in said)}]"

    assert "study.yaml:4:13: kpis.1: 'won' stands twice; remove one of them" in refusal("kpis: [won, won]")
    up = "arm: a, expect: up"
    assert "predicts.1: prediction 1 says the same" in refusal(predicted(up, up))
    assert "predicts.1.expect: prediction 1 says the opposite" in refusal(predicted(up, "arm: a, expect: down"))
    turned = "arm: base, against: a, expect: "
    assert "prediction 1 says the opposite, and only one can hold" in refusal(predicted(up, turned + "up"))
    right = predicted(
        up, turned + "down", "arm: b, expect: up", "arm: a, expect: same", "arm: b, against: a, expect: up"
    )
    assert study(folder, f"arms: {{a: {{{HEADS}: 4}}, b: {{{HEADS}: 5}}}}\n{right}").warnings == ()


def test_scenarios_that_are_the_same(folder: Path) -> None:
    today = fs.load(folder / "desk.yaml")
    made = {"today": today, "a": today.change({HEADS: 3}), "b": today.change({HEADS: 4}), "c": today.rename("c")}
    assert list(alike(made)) == [f"{name}: {DOES_NOTHING} from today" for name in "ac"]
    compared = fs.compare({"today": today, "a": made["a"]}, replications=2, engine="simpy", kpis=["arr_end"])
    assert f"a: {DOES_NOTHING} from today" in compared.warnings
    assert any(text.startswith("arr_end is a figure of customers, of whom nothing") for text in compared.warnings)
