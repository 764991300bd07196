"""Levers, defaults and what brings parts together: what they write is what the file would say, and it acts."""

from __future__ import annotations

from typing import Any

import pytest

from funnelsim.scenario import Scenario
from funnelsim.scenario.scenario import in_world

from .samples import DISTRIBUTIONS, IN_FILES, LEVER_NAMES, PHASE
from .verdicts import FOLDER, company, digest_of, laid
from .walk import dist_keys, lever_keys

BASE = digest_of(company())


@pytest.mark.parametrize("name", [name for name in IN_FILES if name not in ("extends", "evidence", "uncertain")])
def test_keys_of_files(name: str) -> None:
    before = {**company(), "phases": [PHASE]} if name.startswith("phases") else company()
    after = laid(before, tuple(name.split(".")), IN_FILES[name])
    assert digest_of(before) != digest_of(after)


def test_extends() -> None:
    """A file that extends the company is the company."""
    assert digest_of({"extends": "company.yaml"}) == BASE


def test_evidence() -> None:
    """It stands beside the company: no record depends on it."""
    before = Scenario.from_dict(company(), FOLDER)
    after = Scenario.from_dict({**company(), "evidence": IN_FILES["evidence"]}, FOLDER)
    assert after.evidence["stages.meet.effort"].to_dict() == IN_FILES["evidence"]["stages.meet.effort"] | {
        "source": ["somebody"]
    }
    assert after.fingerprint == before.fingerprint
    assert digest_of(after.document) == BASE


def test_uncertain() -> None:
    """Draws stand beside the company until worlds are asked for; each world is the company with its draw."""
    before = Scenario.from_dict(company(), FOLDER)
    after = Scenario.from_dict({**company(), "uncertain": IN_FILES["uncertain"]}, FOLDER)
    assert after.fingerprint == before.fingerprint
    assert digest_of(after.document) == BASE
    assert after.draws is not None
    for world, row in enumerate(IN_FILES["uncertain"]["table"]):
        written = Scenario.from_dict(
            laid(company(), ("stages", "meet", "effort"), row["stages.meet.effort"]), FOLDER
        )
        assert in_world(after, after.draws, world).fingerprint == written.fingerprint


@pytest.mark.parametrize("group", ["teams", "stages"])
def test_a_default_is_what_each_entry_says(group: str) -> None:
    key, value = ("attrition", 2) if group == "teams" else ("rework", 0.3)
    fits = [name for name, entry in company()[group].items() if key not in entry and entry.get("team", "a team")]
    fits = [name for name in fits if group == "teams" or "team" in company()["stages"][name]]
    written: Any = company()
    for name in fits:
        written = laid(written, (group, name, key), value)
    assert digest_of({**company(), "defaults": {group: {key: value}}}) == digest_of(written) != BASE


def test_keys_of_a_lever() -> None:
    """Those that name or vouch move nothing; the change and its costs act."""
    plain = Scenario.from_dict(company(), FOLDER)
    levered = plain.with_levers("half_the_work")
    same = plain.change({"stages.meet.effort": {"multiply": 0.5}, "costs": {"tool": "1_000 / mo"}})
    assert levered.fingerprint == same.fingerprint != plain.fingerprint
    dose = {f"dose.{key}" for key in ("is", "least", "most", "step", "default")}
    others = {
        "needs",
        "adds",
        "one_of",
        "assumes",
        "whole",
        "if_present",
        "if_absent",
    }  # each has a test in scenario/test_levers_by_role.py or test_levers_again.py
    assert {key.name for key in lever_keys()} - LEVER_NAMES == {"costs", "change"} | dose | others


def test_every_key_of_a_distribution_has_a_sample() -> None:
    assert set(DISTRIBUTIONS) == dist_keys()


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_keys_of_distributions(name: str) -> None:
    family, key = name.split(".")
    parameters, value = DISTRIBUTIONS[name]
    one = {"dist": family, **parameters}
    other = {"dist": value, "value": parameters["mean"]} if key == "dist" else {**one, key: value}
    before, after = (laid(company(), ("stages", "propose", "decision"), dist) for dist in (one, other))
    assert digest_of(before) != digest_of(after)
