"""Accounts of a firm: what is read of a file, how it falls on territories and reps, and how even that is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.model.compile import compile_model
from funnelsim.results.profiles.accounts import Accounts, read_accounts
from funnelsim.results.profiles.potential import Potential, gini, potential
from funnelsim.views.sentences.potential import option, sentences, tables
from funnelsim.views.words.language import speaking

LINE = """
name: Two territories
start: 2026-01-01
horizon: 6 mo
currency: EUR
exchange: {USD: 0.5}
segments: {small: {value: 1_000}, large: {value: 3_000}}
territories: {east: 0.7, west: 0.3}
sources: {web: {rate: 60 / mo}}
teams:
  first: {headcount: 1, queue: fifo}
  field: {headcount: 3.5, queue: fifo, quota: {amount: 9_000, period: month}, serves: {east: 2, west: 2}}
stages:
  call: {team: first, effort: 1 h}
  sell: {team: field, effort: 5 h, convert: 0.5, books: true}
"""
PLAIN = "account,territory,potential,segment\nÖlwerk,east,1000.5,small\nB,west,3000,large\nC,east,999.5,large\n"
MODEL = compile_model(fs.Scenario.from_text(LINE))


def read(folder: Path, content: str | bytes) -> Accounts:
    (folder / "accounts.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    return read_accounts(folder / "accounts.csv", MODEL)


def refused(folder: Path, content: str) -> list[str]:
    with pytest.raises(fs.ScenarioError) as caught:
        read(folder, content)
    return [str(each) for each in caught.value.problems]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        "\ufeff" + PLAIN,
        PLAIN.replace(",", ";"),
        "sep=;\n" + PLAIN.replace(",", ";").replace("\n", "\r\n"),
        PLAIN.replace(",", "\t").encode("utf-16"),
        PLAIN.replace("account,territory", "Account, TERRITORY "),
        PLAIN.replace("3000", "6000 USD"),
        PLAIN.replace("3000", "3000 EUR").replace("\nC", "\n\n,,,\nC"),
    ],
)
def test_a_file_means_the_same_however_it_is_written(tmp_path: Path, content: str | bytes) -> None:
    every = read(tmp_path, content).every
    assert [(each.name, each.potential, each.territory, each.segment) for each in every] == [
        ("Ölwerk", 1000.5, 0, "small"),
        ("B", 3000.0, 1, "large"),
        ("C", 999.5, 0, "large"),
    ]


def test_shift_jis_is_read_and_told(tmp_path: Path) -> None:
    found = read(tmp_path, "account,territory,potential\n東京商事,east,500\nアルファ,west,1\n".encode("cp932"))
    assert found.every[0].name == "東京商事"
    assert "Shift-JIS" in found.said[0]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("B,west", "B,wset", "line 3, territory: unknown territory 'wset'; did you mean 'west'?"),
        ("large\nC", "lagre\nC", "line 3, segment: unknown segment 'lagre'; did you mean 'large'?"),
        ("C,", "B,", "line 4, account: 'B' stands twice, first in line 3; keep one of them"),
        ("C,", ",", "line 4, account: the account has no name"),
        ("3000", "-3", "line 3, potential: expected an amount of 0 or more, found '-3'"),
        ("3000", "nan", "line 3, potential: expected an amount of 0 or more, found 'nan'"),
        ("3000", "", "line 3, potential: nothing stands there; write 0 for an account without any"),
        ("3000", "lots", "line 3, potential: expected a number, found 'lots'"),
        ("3000", '"3000,5"', "line 3, potential: expected a number, found '3000,5'; write 3000.5"),
        ("3000", "3000 GBPP", "line 3, potential: expected a number, found '3000 GBPP'"),
        ("B,west", "B,", "line 3, territory: neither a territory nor an owner says whose the account is"),
        ("potential", "potentia", "accounts.csv: unknown column 'potentia'; did you mean 'potential'?"),
        ("territory", "region", "neither a column territory nor owner says whose an account is"),
        (
            "potential",
            "size",
            "the column potential is missing; its columns are account, territory, size, segment",
        ),
        (",3000,large", ",3000", "line 3: found 3 cells where the header has 4"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in PLAIN
    found = refused(tmp_path, PLAIN.replace(before, after))
    assert len(found) == 1
    assert said in found[0]


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    found = refused(tmp_path, PLAIN.replace("B,west,3000", "B,wset,many").replace("C,east", "C,esat"))
    assert [each.split(":")[0] for each in found] == [
        "accounts.csv line 3, territory", "accounts.csv line 3, potential"
    ]  # fmt: skip
    assert found[0].endswith("(and 1 more row like it)")


def test_owners(tmp_path: Path) -> None:
    given = "account,owner,territory,potential\nA,field-1,,10\nB,field-3,west,20\nC,unassigned,east,30\n"
    found = read(tmp_path, given)
    assert [(each.seat, each.territory) for each in found.every] == [(1, 0), (3, 1), (-1, 0)]
    assert "'unassigned' is read as nobody (1 account)" in found.said[0]
    (said,) = refused(tmp_path, given.replace("field-3", "fild-3"))
    assert "unknown owner 'fild-3'; did you mean 'field-3'?" in said
    (said,) = refused(tmp_path, given.replace("B,field-3,west", "B,field-3,east"))
    assert "line 3, owner: field-3 serves west alone, and the account lies in east" in said


def test_no_file_no_accounts_nothing_to_share(tmp_path: Path) -> None:
    (tmp_path / "accounts1.csv").write_text(PLAIN)
    with pytest.raises(fs.ScenarioError, match=r"there is no file .*did you mean 'accounts1.csv'"):
        read_accounts(tmp_path / "accounts.csv", MODEL)
    with pytest.raises(fs.ScenarioError, match="accounts are a CSV"):
        read_accounts(tmp_path / "accounts.xlsx", MODEL)
    assert "no account below the header" in refused(tmp_path, PLAIN.split("\n")[0])[0]
    assert "every potential is 0" in refused(tmp_path, "account,territory,potential\nA,east,0\n")[0]


# --- how it falls ---------------------------------------------------------------------------------------------


def held(folder: Path, content: str) -> Potential:
    return potential(read(folder, content), MODEL)


def test_territories_and_reps_add_up(tmp_path: Path) -> None:
    found = held(tmp_path, PLAIN)
    assert found.whole.potential == 5000
    assert {name: (each.accounts, each.potential) for name, each in found.territories.items()} == {
        "east": (2, 2000),
        "west": (1, 3000),
    }
    # The team `first` serves both, so its rep has no accounts of its own; the last post of `field` is half a one.
    assert {name: each.potential for name, each in found.reps.items()} == pytest.approx(
        {"field-1": 1000, "field-2": 1000, "field-3": 2000, "field-4": 1000}
    )
    assert sum(each.accounts for each in found.reps.values()) == pytest.approx(3)
    assert found.unserved["field"].potential == 0
    assert found.territories["east"].segments == {"small": 1000.5, "large": 999.5}
    assert found.gini == pytest.approx(
        {
            "territories": gini(np.array([2000.0, 3000.0])),
            "field": gini(np.array([1000.0, 1000.0, 2000.0, 1000.0])),
        }
    )
    assert found.gini["territories"] == pytest.approx(0.1)  # half of 1000 over 2500, times n - 1 over n


def test_an_owner_takes_the_whole_account(tmp_path: Path) -> None:
    found = held(tmp_path, "account,owner,potential\nA,field-1,10\nB,field-3,20\nC,first-1,70\n")
    assert {name: each.potential for name, each in found.reps.items()} == {
        "first-1": 70,
        "field-1": 10,
        "field-2": 0,
        "field-3": 20,
        "field-4": 0,
    }
    assert found.unserved["first"].potential == 30
    assert found.nowhere.potential == 70  # the owner of C serves both territories
    assert found.gini["field"] == pytest.approx(gini(np.array([0.0, 0.0, 10.0, 20.0])))
    assert found.gini["first"] is None


def test_shares_of_leads_that_differ_are_told(tmp_path: Path) -> None:
    found = held(tmp_path, PLAIN)
    assert found.apart == pytest.approx({"east": 0.3, "west": -0.3})
    assert option(found) == '--set "territories={east: 0.4, west: 0.6}"'
    result = fs.simulate(fs.Scenario.from_text(LINE), replications=2)
    carved = result.carve(tmp_path / "accounts.csv")
    with speaking("en"):
        told = " ".join(sentences(carved))
        assert "sends 70 % of the leads to east, which has 40 % of the potential" in told
        assert [each.name for each in tables(carved)] == ["territories", "reps", "segments"]
    (tmp_path / "alike.csv").write_text("account,territory,potential\nA,east,704\nB,west,296\n")
    with speaking("en"):
        assert "within one percentage point" in " ".join(sentences(result.carve(tmp_path / "alike.csv")))


def test_laying_the_shares_over_makes_them_agree(tmp_path: Path) -> None:
    found = held(tmp_path, PLAIN)
    shares = {name: found.leads[name] - found.apart[name] for name in found.leads}
    alike = compile_model(fs.Scenario.from_text(LINE).change({"territories": shares}))
    again = potential(read_accounts(tmp_path / "accounts.csv", alike), alike)
    assert max(map(abs, again.apart.values())) < 1e-9


def test_accounts_change_nothing_of_the_run(tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text(PLAIN, encoding="utf-8")
    result = fs.simulate(fs.Scenario.from_text(LINE), replications=2)
    plain, beside = result.carve(), result.carve(tmp_path / "accounts.csv")
    assert plain.potential is None
    assert beside.reps == plain.reps
    assert beside.evenness == plain.evenness


def test_ginis_coefficient_of_attainments() -> None:
    carved = fs.simulate(fs.Scenario.from_text(LINE), replications=1).carve()
    reps = np.array([each.figures["attainment"].mean or 0.0 for each in carved.reps if each.figures["quota"].mean])
    places = np.array([each.figures["attainment"].mean or 0.0 for each in carved.territories])
    assert carved.evenness.gini_attainment.mean == pytest.approx(gini(reps))
    assert carved.gini["attainment"].mean == pytest.approx(gini(places))
