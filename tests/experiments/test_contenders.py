"""Who may be the best: one, several that nothing tells apart, or some that are the same."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.experiments.comparison.contenders import SURE, Contenders, contenders
from funnelsim.experiments.statistics.chances import best
from funnelsim.experiments.statistics.paired import Verdict
from funnelsim.results.estimates import Estimate
from funnelsim.scenario.language.texts import LANGUAGES
from funnelsim.views.sentences.choice import of_choice
from funnelsim.views.sentences.comparison import best_in
from funnelsim.views.words import speaking

Figures = dict[str, np.ndarray[Any, Any]]


def _arms(figures: Figures) -> tuple[Any, dict[str, float | None]]:
    """Arms with these figures, one for each replication, and the chances of each to be the best."""
    estimates = {
        name: Estimate(float(each.mean()), 0.0, 0.0, "leads", tuple(each - each.mean()), tuple(each))
        for name, each in figures.items()
    }
    chances = dict(zip(estimates, best([*estimates.values()], least=False), strict=True))
    arms = [SimpleNamespace(name=name, estimate=lambda kpi, each=each: each) for name, each in estimates.items()]
    return arms, chances


def among(figures: Figures) -> Contenders:
    arms, chances = _arms(figures)
    found = contenders(arms, "won", chances)
    assert found is not None
    assert sum(chances[name] or 0.0 for name in found.names) == pytest.approx(found.share)
    return found


def told(figures: Figures, lang: str = "en") -> list[str]:
    arms, chances = _arms(figures)
    findings = [SimpleNamespace(kpi="won", verdict=Verdict.OPEN)]
    compared: Any = SimpleNamespace(
        arms=arms, chances={"won": chances}, findings=findings, replications=20, untold={}
    )
    with speaking(lang):
        return list(best_in(compared, "won", "Won"))


LUCK = np.random.default_rng(5).normal(0, 10, (4, 20))
LUCK -= LUCK.mean(axis=1, keepdims=True)  # no arm is ahead of another
CLOSE = {name: 100 + luck for name, luck in zip("abcd", LUCK, strict=True)}


def test_one_that_is_likelier_than_not_is_alone() -> None:
    found = among({"a": 100 + LUCK[0], "b": 120 + LUCK[1], "c": 101 + LUCK[2]})
    assert (found.names, found.needed) == (("b",), None)


def test_several_that_nothing_tells_apart_are_named_together() -> None:
    found = among({**CLOSE, "far": 50 + LUCK[0]})
    assert set(found.names) == set("abcd")
    assert "far" not in found.names
    assert found.share >= SURE
    assert found.likely[0].share < 0.5
    fewest = found.share - found.likely[-1].share
    assert fewest < SURE  # one less would not do
    assert found.needed is None  # nothing tells apart what has one mean


def test_those_that_never_differ_count_as_one() -> None:
    found = among({"a": 100 + LUCK[0], "b": 120 + LUCK[1], "b again": 120 + LUCK[1]})
    assert [each.names for each in found.likely] == [("b", "b again")]
    assert found.share > 0.9
    every = among({"a": 100 + LUCK[0], "b": 100 + LUCK[0]})
    assert (every.names, every.others) == (("a", "b"), 0)


def test_as_many_replications_as_tell_the_likeliest_apart() -> None:
    """The interval of their difference is as wide as the difference, which is twice its standard error."""
    figures = {**CLOSE, "a": CLOSE["a"] + 0.5}
    found = among(figures)
    first, second = found.names[:2]
    apart = figures[first] - figures[second]
    assert found.needed is not None
    assert 1.9 < abs(apart.mean()) / (apart.std(ddof=1) / found.needed**0.5) < 2.1


# --- in words ------------------------------------------------------------------------------------------------


def test_one_arm_in_words() -> None:
    assert told({"a": 100 + LUCK[0], "b": 120 + LUCK[1]}) == ["Best in won: b (probability > 99.9 %)."]
    assert told({"a": 100 + LUCK[0], "b": 120 + LUCK[1], "c": 120 + LUCK[1]}) == [
        "Best in won: b and c, which are the same in every replication (probability > 99.9 %)."
    ]
    assert told({"a": 100 + LUCK[0], "b": 100 + LUCK[0]}) == ["All have the same won in every replication."]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_one_is_called_best_who_hardly_is(lang: str) -> None:
    said = told({**CLOSE, "d again": CLOSE["d"]}, lang)
    words = {
        "en": ("together). Which of them cannot be told by 20 replications", "have the same won in every"),
        "ja": ("20回の試行では、どれが最良かは判別できません", "dとd againのWonは、どの試行でも同じです"),
    }[lang]
    assert [word in one for word, one in zip(words, said, strict=True)] == [True, True]
    near = told({**CLOSE, "a": CLOSE["a"] + 0.5}, lang)
    assert ("would tell the two likeliest apart" in near[0]) or ("有力な2つを判別するには約" in near[0])


@pytest.mark.parametrize("alike", [(), ("a again",)])
def test_a_choice_names_those_among_which_the_best_is(alike: tuple[str, ...]) -> None:
    names = [*CLOSE, *alike]
    estimate = Estimate(100.0, 90.0, 110.0, "leads")
    choice: Any = SimpleNamespace(
        name="a",
        kpi="won",
        selected=SimpleNamespace(best=0, replications=(20,) * 4, decided=True, left=()),
        rule=None,
        least=False,
        untold=(),
        good=None,
        zone=None,
        alike=alike,
        probability=0.2,
        chances=dict.fromkeys(names, 0.2) | ({} if alike else {"d": 0.4}),
        arms=[SimpleNamespace(name=name, estimate=lambda kpi: estimate) for name in names],
    )
    said = " ".join(of_choice(choice))
    assert "The best is one of " in said
    assert "together), and these replications cannot tell which." in said
    assert ("the probability that none is better is 40 %" in said) == bool(alike)
    assert ("it is the best is 20 %" in said) != bool(alike)


def test_a_neutral_change_is_said_to_be_the_same() -> None:
    base = fs.Scenario.from_dict(
        {
            "horizon": "3 mo",
            "sources": {"web": {"rate": "60 / mo"}},
            "teams": {"desk": {"headcount": 2, "queue": "fifo"}},
            "stages": {"serve": {"team": "desk", "effort": "9 h", "convert": 0.5}},
        }
    )
    longer = base.change({"stages.serve.effort": "10 h"})
    arms = {"today": base, "renamed": base.rename("other"), "longer": longer}
    said = fs.compare(arms, kpis=["cycle_time"], replications=6).sentences
    start = "Best in cycle time: today and renamed, which are the same in every replication"
    assert any(one.startswith(start) for one in said)
