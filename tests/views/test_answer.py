"""The two sentences of a report's answer: likelihood in words that fit the number, and money a year."""

from __future__ import annotations

import re

import pytest

import funnelsim as fs
from funnelsim.experiments.comparison.result import Comparison
from funnelsim.views.report.given import Given
from funnelsim.views.report.sections import answer, money
from funnelsim.views.words import say, speaking

SHORT = {"horizon": "9 mo", "warmup": "2 mo"}


def compared() -> Comparison:
    today = fs.load("scenarios/reference.yaml").change(SHORT)
    more = today.change({"teams.field_sales.headcount": 7})
    return fs.compare({"today": today, "more": more}, kpis=["won"], replications=3)


@pytest.mark.parametrize(
    ("chance", "en", "ja"),
    [
        (0.9995, "Almost certainly", "ほぼ確実に"),
        (0.99, "Almost certainly", "ほぼ確実に"),
        (0.9, "Probably", "おそらく"),
        (0.6, "More likely than not", "可能性が比較的高く"),
        (0.4, "is not known", "まだ分かりません"),
    ],
)
def test_the_word_for_a_probability_fits_it(chance: float, en: str, ja: str) -> None:
    for lang, word in (("en", en), ("ja", ja)):
        said = say(f"report.answer.best.{answer._likely(chance)}", lang, kpi="won", arm="a", chance="99 %")
        assert word in said


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_answer_says_what_it_is_in_money_a_year(lang: str) -> None:
    comparison = compared()
    with speaking(lang):
        said = " ".join(money.of_comparison(comparison, "more"))
        booked, left = say("kpi.bookings.label"), say("kpi.contribution.label")
        a_year = say("money.per.y", value="").strip()
    assert booked.lower() in said.lower()
    assert left.lower() in said.lower()
    assert said.count(a_year) == 6  # two amounts, each with both ends of its interval
    assert "more" in said


def test_an_amount_a_year_is_that_of_the_time_times_what_the_year_is_longer() -> None:
    comparison = compared()
    apart = comparison.arms[1].estimate("contribution").mean - comparison.arms[0].estimate("contribution").mean  # type: ignore[operator]
    said = next(iter(money.of_comparison(comparison, "more"))).split("contribution")[1]
    shown = float(re.sub("[^0-9]", "", said.split("per year")[0]))
    assert shown == pytest.approx(abs(apart) * 365.25 / (365.25 * 7 / 12), rel=0.03)
    assert ("−" in said.split("(")[0]) == (apart < 0)


def test_without_prices_nothing_is_said_of_money() -> None:
    scenario = fs.load("scenarios/one_desk.yaml").change({"horizon": "2 mo", "warmup": "1 mo"})
    run = fs.simulate(scenario, replications=2)
    assert list(money.of_run(run)) == []
    assert list(answer._in_money(Given(run))) == []
