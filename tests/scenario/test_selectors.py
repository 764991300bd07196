"""Classes of leads: the best by their score, as a share or by the score itself."""

from __future__ import annotations

import math
from typing import Any

import pytest
from scipy.stats import norm

import funnelsim as fs
from funnelsim.scenario.forms.base import FormError, Names
from funnelsim.scenario.forms.selectors import SelectorForm


def read(**parts: Any) -> Any:
    return SelectorForm().read(parts, Names())


@pytest.mark.parametrize("share", ["30 %", "0.5 %", 0.5, "99 %"])
def test_the_top_is_a_score(share: str | float) -> None:
    number = float(share.removesuffix(" %")) / 100 if isinstance(share, str) else share
    (condition,) = read(top=share)
    assert condition.score_at_least == pytest.approx(norm.isf(number), abs=1e-9)
    assert math.copysign(1.0, read(top="50 %")[0].score_at_least) == 1.0
    assert read(top=share, score_below=3, origin="new") == read(
        score_at_least=condition.score_at_least, score_below=3, origin="new"
    )


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"top": "30 %", "score_at_least": 0.5}, "say the same in two ways; give one of them"),
        ({"top": 0}, "expected a number above 0"),
        ({"top": 30}, "found 30"),
        ({"top": "100 %"}, "are all leads; leave `top` out"),
        ({"topp": "30 %"}, "did you mean 'top'"),
    ],
)
def test_what_is_no_top(parts: dict[str, Any], said: str) -> None:
    with pytest.raises(FormError) as caught:
        read(**parts)
    assert said in str(caught.value)


def desk(gate: dict[str, Any], quality: float) -> fs.Scenario:
    return fs.Scenario.from_dict(
        {
            "horizon": "200 d",
            "score_accuracy": 0.6,
            "sources": {"web": {"rate": "40 / d", "quality": quality}},
            "teams": {"desk": {"headcount": 9, "queue": "fifo"}},
            "stages": {"serve": {"team": "desk", "effort": "1 h", "accept": gate}},
        }
    )


@pytest.mark.parametrize(("quality", "share"), [(0.0, 0.3), (0.5, norm.sf(norm.isf(0.3) - 0.3))])
def test_a_gate_lets_the_top_in(quality: float, share: float) -> None:
    """Scores are normal about accuracy x quality with standard deviation 1, however accurate they are."""
    found = fs.simulate(desk({"top": "30 %"}, quality), replications=1)
    same = fs.simulate(desk({"score_at_least": round(float(norm.isf(0.3)), 10)}, quality), replications=1)
    assert found.records("leads").equals(same.records("leads"))
    created, rejected = (found.summary.kpis[kpi].mean or 0.0 for kpi in ("created", "rejected"))
    chance = math.sqrt(share * (1 - share) / created)
    assert 1 - rejected / created == pytest.approx(share, abs=4 * chance)
