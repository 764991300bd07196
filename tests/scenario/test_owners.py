"""Owners of open deals: whose seats they take, and what is said where that can hardly be meant."""

# ruff: noqa: E501

from __future__ import annotations

from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.scenario.checking.owners import NOBODY

COMPANY = """\
horizon: 2 mo
sources: {web: {rate: 20 / mo}}
teams: {desk: {headcount: 1, queue: fifo}, 営業: {headcount: 3, queue: fifo}}
stages:
  call: {team: desk, effort: 1 h}
  sell: {team: 営業, effort: 1 h}
opening: {leads: deals.csv}
"""

ORDER = "owners take the seats of 営業 in order of appearance, whatever they are called"


def company(folder: Path, owners: list[str]) -> fs.Scenario:
    rows = ["stage,value,age_days,owner", *(f"sell,100,{age},{owner}" for age, owner in enumerate(owners))]
    (folder / "deals.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return fs.Scenario.from_text(COMPANY, folder=folder)


CASES = [
    (["山田", "田中", "鈴木", "山田"], []),
    (["山田", "", ""], []),
    (["営業-1", "営業-2", "山田"], []),
    (["desk-1", "営業", "営業-0"], []),
    (["営業-3", "山田"], [f"{ORDER}: the deals of 営業-3 go to 営業-1; "]),
    (["山田", "営業-1", "営業-2"], [f"{ORDER}: the deals of 営業-1 go to 営業-2 (and 1 more like it)"]),
    (["営業-1", "営業-2", "営業-3", "営業-4"],
     ["4 owners in 営業, which has 3 seats: 営業-4 share", f"{ORDER}: the deals of 営業-4 go to 営業-1;"]),
    (list("abcde"), ["5 owners in 営業, which has 3 seats: d, e share the seats of others, from the first on; raise teams.営業.headcount"]),
    (list("abcdefghijkl"), ["12 owners in 営業, which has 3 seats: d, e, f, g, h, ... share"]),
]  # fmt: skip


@pytest.mark.parametrize(("owners", "said"), CASES)
def test_owners_that_stand_for_others_than_they_seem_are_told(
    owners: list[str], said: list[str], tmp_path: Path
) -> None:
    found = [text for text in company(tmp_path, owners).warnings if "owner" in text]
    assert len(found) == len(said), found
    for text, part in zip(found, said, strict=True):
        assert part in text


def test_the_first_name_of_a_team_gets_its_first_seat(tmp_path: Path) -> None:
    """What the warnings say is what both seats and names come to in records."""
    owners = ["営業-3", "b", "c", "d", "営業-3"]
    records = fs.simulate(company(tmp_path, owners), replications=1, engine="simpy", records=True).records
    visits = records("visits")
    first = visits[visits["lead"].str.startswith("opening-sell")].groupby("lead")["rep"].first()
    assert list(first.sort_index()) == ["営業-1", "営業-2", "営業-3", "営業-1", "営業-1"]


@pytest.mark.parametrize("word", sorted(NOBODY))
def test_what_exports_write_for_no_owner_is_nobody(word: str, tmp_path: Path) -> None:
    made = company(tmp_path, [word.upper(), "山田", word.upper()])
    assert [deal.owner for deal in made.spec.opening.deals] == [None, "山田", None]
    assert f"deals.csv: the owner {word.upper()!r} is read as nobody (2 deals)" in made.warnings


def test_no_owner_in_a_scenario_file_is_told() -> None:
    made = fs.Scenario.from_text(COMPANY.replace("deals.csv", "[{stage: sell, owner: unassigned}]"))
    assert any("the owner unassigned is taken for a person" in text for text in made.warnings)
