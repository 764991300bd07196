"""`funnelsim kpis WORD` and `funnelsim levers WORD`: words of both languages find, whatever is spoken."""

from __future__ import annotations

import pytest
from commands import Typed

LANGS = ["en", "ja"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("顧客単価", "average_deal_value"),
        ("平均受注単価", "average_deal_value"),
        ("average deal", "average_deal_value"),
        ("ＡＲＲ", "arr_new"),
        ("解約率", "logo_churn"),
        ("成約率", "win_rate"),
        ("close rate", "win_rate"),
        ("Median", "response_time"),
    ],
)
def test_a_figure_is_found_by_words_of_both_languages(typed: Typed, word: str, name: str, lang: str) -> None:
    done = typed("kpis", word, "--lang", lang)
    assert done.returncode == 0
    assert f" {name} " in done.stdout


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("値引き", "discount_limit"),
        ("discount", "discount_limit"),
        ("ＣＰＱ", "cpq"),
        ("道具", "crm"),
        ("tools", "crm"),
    ],
)
def test_a_lever_is_found_by_words_of_both_languages(typed: Typed, word: str, name: str, lang: str) -> None:
    done = typed("levers", word, "--lang", lang)
    assert done.returncode == 0
    assert f" {name} " in done.stdout or done.stdout.startswith(f"lever: {name}")


@pytest.mark.parametrize(
    ("command", "word", "near"),
    [
        ("kpis", "win_rates", "win_rate"),
        ("kpis", "解約立", "churn"),
        ("levers", "coachings", "coaching"),
        ("levers", "cqp", "cpq"),
    ],
)
def test_nothing_found_names_the_nearest(typed: Typed, command: str, word: str, near: str) -> None:
    done = typed(command, word)
    assert (done.returncode, done.stdout) == (2, "")
    assert near in done.stderr.split("the nearest are ")[1].split(";")[0]
    assert f"`funnelsim {command}` lists them all" in done.stderr


@pytest.mark.parametrize("command", ["kpis", "levers"])
def test_what_is_like_nothing_names_none(typed: Typed, command: str) -> None:
    done = typed(command, "qqqqqqqq")
    assert done.returncode == 2
    assert "nearest" not in done.stderr
