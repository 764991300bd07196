"""Random lines of which one role after the other is taken away: a lever applies, warns or is refused."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.errors import ScenarioError
from funnelsim.scenario.changing import levers as files
from funnelsim.scenario.reading import library

LEVERS = [each.name for each in library.levers()]
STUDIES = [each.path for each in library.studies()]
GROUPS = ("stages", "teams", "sources", "segments")

STEPS = {
    "inside_sales": ("screen", "contact", "qualify"),
    "field_sales": ("meet", "discover", "demo", "decide", "propose", "negotiate", "close"),
    "customer_success": ("onboard",),
}
"""The roles of stages by the role of the team that works them."""


def line(seed: int) -> dict[str, Any]:
    """A line whose names say nothing, so that levers find their way by roles alone."""
    draw = random.Random(seed)
    chosen = [role for number, role in enumerate(STEPS) if draw.random() < 0.9 or not number]
    teams = {role: f"{draw.choice('甲乙丙丁')}{number}" for number, role in enumerate(chosen)}
    stages: dict[str, Any] = {}
    before = None
    for role, name in teams.items():
        for step in STEPS[role]:
            if step != "close" and draw.random() < 0.4:
                continue
            stage: dict[str, Any] = {"role": step, "team": name, "effort": f"{draw.randint(5, 200)} min"}
            stage["convert"] = round(draw.uniform(0.3, 0.9), 2)
            if draw.random() < 0.5:
                stage |= {"decay": {"half_life": f"{draw.randint(2, 40)} d"}, "quality_weight": 1}
            if before not in (None, name) and draw.random() < 0.7:
                stage["handoff"] = {"delay": "1 bd", "give": "20 min", "take": "10 min"}
                stage["handoff"] |= {"dropout": 0.02, "keeps": 0.7}
            if step == "close":
                stage |= {"books": True}
            if step == "negotiate":
                stage |= {"concessions": {"discount": {"share": 0.2, "discount": 0.1, "odds": 1.2}}}
            stages[f"工程{len(stages) + 1}"] = stage
            before = name
    if "customer_success" in teams:
        stages["追加"] = {"role": "expand", "aside": True, "team": teams["customer_success"], "books": True}
    if stages and "field_sales" not in teams:
        next(reversed(stages.values())).setdefault("convert", 0.5)
    return {
        "funnelsim": 1,
        "horizon": "1 y",
        "warmup": "1 mo",
        "segments": {"全部": {"role": draw.choice(["key", "small"]), "value": 20_000}},
        "sources": {"流入": {"role": "inbound", "rate": f"{draw.randint(20, 90)} / mo", "cost": 50}},
        "teams": {
            name: {"role": role, "headcount": draw.randint(1, 6), "queue": "fifo", "skill": {"sd": 0.2}}
            for role, name in teams.items()
        },
        "stages": stages or {"工程1": {"team": next(iter(teams.values())), "effort": "1 h"}},
    }


def without_one(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The line itself, and the lines in which one entry, and then more and more of them, lost their role."""
    yield document
    entries = [(group, name) for group in GROUPS for name in document[group] if "role" in document[group][name]]
    bare = document
    for group, name in entries:
        rest = {key: value for key, value in document[group][name].items() if key != "role"}
        yield {**document, group: {**document[group], name: rest}}
        bare = {**bare, group: {**bare[group], name: rest}}
        yield bare


def tried(document: dict[str, Any], name: str) -> str:
    """What becomes of a lever on a line, whose entries are what they were but for what the lever adds."""
    today = fs.Scenario.from_dict(document)
    try:
        made = today.with_levers(name)
    except ScenarioError as refused:
        return "refused" if all(each.message and each.code for each in refused.problems) else "said nothing"
    lever = files.find(name, None).lever
    for group in ("stages", "teams"):
        new = [entry for entry in made.document.get(group, {}) if entry not in document[group]]
        gone = [entry for entry in document[group] if made.document[group].get(entry) is None]
        added = {entry for place, entry in lever.adds if place == group}
        assert set(new) <= added or lever.group == "design", (name, group, new)
        assert not gone or lever.group == "design", (name, group, gone)
    return "warned" if len(made.warnings) > len(today.warnings) else "applied"


@pytest.mark.parametrize(("lines", "each"), [(3, 5), pytest.param(200, 6, marks=pytest.mark.slow)])
def test_a_lever_applies_warns_or_is_refused(lines: int, each: int) -> None:
    seen = dict.fromkeys(("applied", "warned", "refused"), 0)
    for seed in range(lines):
        draw = random.Random(1_000 + seed)
        for document in without_one(line(seed)):
            for name in draw.sample(LEVERS, each):
                seen[tried(document, name)] += 1
    assert all(seen.values()), seen


@pytest.mark.parametrize("lines", [2, pytest.param(200, marks=pytest.mark.slow)])
def test_a_study_fits_or_is_refused(lines: int) -> None:
    seen = {"fits": 0, "refused": 0}
    for seed in range(lines):
        draw = random.Random(2_000 + seed)
        document = draw.choice(list(without_one(line(seed))))
        for path in draw.sample(STUDIES, 4):
            try:
                found = fs.study(path.stem, on=fs.Scenario.from_dict(document))
            except ScenarioError as refused:
                seen["refused" if all(each.message for each in refused.problems) else "said nothing"] += 1
            else:
                assert found.arms
                seen["fits"] += 1
    assert seen["fits"] + seen["refused"] == 4 * lines
