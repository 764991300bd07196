"""The page of a replay: one file, safe with any names, in both languages; what cannot be shown is refused."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.results.stamp import Stamp
from funnelsim.views.player import making
from funnelsim.views.player.told import Take, months
from funnelsim.views.words import speaking

from .lines import PRESSED, played

HOSTILE = """</script><script>alert(1)</script> "'><img src=x onerror=alert(2)> \u202e=1+1 {won} &amp;"""
STAMP = Stamp({"a": ()}, 1, "compiled", "0")


def takes(replication: int = 0, change: tuple[str, str] | None = None, name: str = "today") -> Take:
    text = PRESSED if change is None else PRESSED.replace(*change)
    records, model = played(text, replication)
    return Take(name, model, records)


def told(path: Path) -> dict[str, Any]:
    """What the script of a page is told."""
    found = re.search(r'<script type="application/json" id="told">(.*?)</script>', path.read_text("utf-8"), re.S)
    assert found
    return dict(json.loads(found[1]))


ONE_MORE = ("headcount: 2, queue: due", "headcount: 3, queue: due")


def test_policy_names_the_very_script_and_style(tmp_path: Path) -> None:
    text = making.write(tmp_path / "a.html", [takes()], 1, STAMP).read_text("utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    for tag in ("<style>(.*?)</style>", '<script type="module">(.*?)</script>'):
        content = re.search(tag, text, re.S)
        assert content
        digest = base64.b64encode(hashlib.sha256(content[1].encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy[1]
    assert "style=" not in text.split("<body>")[1].split("<script")[0]
    assert not re.search(r"""(?:src|href)=["'](?!data:,)""", text.split("<script")[0])


def test_names_are_text_and_nothing_else(tmp_path: Path) -> None:
    two = [takes(name=HOSTILE), takes(change=ONE_MORE, name="b")]
    path = making.write(tmp_path / "a.html", two, 1, STAMP, title=HOSTILE)
    text = path.read_text("utf-8")
    assert text.count("</script>") == 2
    assert "<img src=x" not in text
    assert "\u202e" not in text
    assert told(path)["arms"][0]["name"].startswith("</script>")
    assert html.escape("<desk>") not in told(path)["arms"][0]["stages"][1]["label"]
    assert told(path)["arms"][0]["teams"][1]["label"] == "Field <b>"


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_all_of_it_is_told_in_one_language(lang: str, tmp_path: Path) -> None:
    two = [takes(), takes(change=ONE_MORE, name="more")]
    with speaking(lang):
        path = making.write(tmp_path / "a.html", two, 2, STAMP)
    text = path.read_text("utf-8")
    assert f'<html lang="{lang}">' in text
    assert ("Figures by month" in text) == (lang == "en")
    assert ("月別の数値" in text) == (lang == "ja")


def test_months_are_those_of_the_records() -> None:
    take = takes()
    found = months(take)
    leads, start = take.records.leads, take.model.start
    assert [str(each.first) for each in found[:3]] == ["2026-01-05", "2026-02-01", "2026-03-01"]
    assert [each.counts for each in found[:3]] == [False, False, True]
    assert sum(each.created for each in found) == len(leads.created) - 1  # one was won before
    assert found[-1].open == take.open
    assert start.isoformat() == "2026-01-05"


def test_the_difference_at_the_end_is_that_of_the_replication(tmp_path: Path) -> None:
    base = fs.Scenario.from_text(PRESSED)
    found = fs.compare(
        {"today": base, "more": base.change({"teams.field.headcount": 3})}, kpis=["won"], replications=2
    )
    path = found.replay(tmp_path / "two.html", replication=2)
    won = [arm.figures("won")[1] for arm in found.arms]
    assert told(path)["arms"][1]["name"] == "more"
    text = path.read_text("utf-8")
    assert won[0] is not None
    assert won[1] is not None
    rows = re.findall(r"<td>([+\u2212]?[0-9,]+)</td></tr>", text)
    assert rows[-1] == f"{won[1] - won[0]:+.0f}"  # the difference of the last month is no other
    assert f"{won[1]:.0f} leads are won with “more” and {won[0]:.0f} with “today”: {won[1] - won[0]:+.0f}." in text


def test_a_result_is_run_again_or_shown_as_it_was_kept(tmp_path: Path) -> None:
    scenario = fs.Scenario.from_text(PRESSED)
    again = fs.simulate(scenario, replications=2, records=False).replay(tmp_path / "a.html", replication=2)
    kept = fs.simulate(scenario, replications=2, events=True).replay(tmp_path / "b.html", replication=2)
    assert told(again)["arms"] == told(kept)["arms"]


class LatestFirst(fs.QueueRule):
    def key(self, work: Any, rep: Any, now: float) -> float:
        return -float(work.ready)


def test_what_hooks_made_is_shown_only_if_it_was_kept(tmp_path: Path) -> None:
    scenario = fs.Scenario.from_text(PRESSED)
    with pytest.raises(FunnelsimError, match="cannot be run again, as it was made by hooks"):
        fs.simulate(scenario, replications=1, hooks=[LatestFirst()]).replay(tmp_path / "a.html")
    fs.simulate(scenario, replications=1, hooks=[LatestFirst()], events=True).replay(tmp_path / "a.html")


def test_what_cannot_be_shown_is_refused(tmp_path: Path) -> None:
    result = fs.simulate(fs.Scenario.from_text(PRESSED), replications=1)
    with pytest.raises(FunnelsimError, match=r"give it a name such as .*a\.html"):
        result.replay(tmp_path / "a.txt")
    with pytest.raises(FunnelsimError, match="there is no replication 2; there are 1 to 1"):
        result.replay(tmp_path / "a.html", replication=2)
    with pytest.raises(FunnelsimError, match="lang: there is no language 'fr'"):
        result.replay(tmp_path / "a.html", lang="fr")
    assert list(tmp_path.iterdir()) == []


def test_two_arms_need_one_clock() -> None:
    other = takes(change=("horizon: 26 w", "horizon: 20 w"))
    with pytest.raises(FunnelsimError, match="the same start, horizon and warmup"):
        making.check_clock([takes().model, other.model])


def test_an_arm_is_named_where_there_are_several(tmp_path: Path) -> None:
    base = fs.Scenario.from_text(PRESSED)
    arms = {
        "a": base,
        "b": base.change({"teams.field.headcount": 3}),
        "c": base.change({"teams.desk.headcount": 2}),
    }
    found = fs.compare(arms, kpis=["won"], replications=2)
    with pytest.raises(FunnelsimError, match="name one of them with against: b, c"):
        found.replay(tmp_path / "a.html")
    with pytest.raises(FunnelsimError, match="there is no arm 'a' beside the base"):
        found.replay(tmp_path / "a.html", against="a")
    assert told(found.replay(tmp_path / "a.html", against="c"))["arms"][1]["name"] == "c"
