"""Figures along axes: whole steps, decimals of the step, money as people say it, and room between them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from funnelsim.views.pictures import style, ticks
from funnelsim.views.words import speaking


def said(lang: str, low: float, high: float, unit: str, inches: float = 4.0, signed: bool = False) -> list[str]:
    with speaking(lang):
        return [text for _, text in ticks.ticks(low, high, unit, inches, signed)]


@pytest.mark.parametrize(
    ("unit", "low", "high", "english", "japanese"),
    [
        ("leads", -0.004, 0.011, ["−0.0025", "0", "+0.0025", "+0.0050", "+0.0075", "+0.0100"], None),
        ("share", -0.016, 0.023, ["−1 point", "0", "+1 point", "+2 points"], None),
        ("share", -0.01, 0.01, ["−1.0 points", "−0.5 points", "0", "+0.5 points", "+1.0 points"], None),
        ("JPY", -3e6, 4.1e6, ["−JPY 2 M", "0", "+JPY 2 M", "+JPY 4 M"], ["−¥200万", "0", "+¥200万", "+¥400万"]),
        ("h", -1000, 1500, ["−40 d", "−20 d", "0", "+20 d", "+40 d", "+60 d"], None),
        ("h", -0.3, 0.3, ["−10 min", "0", "+10 min"], None),
    ],
)  # fmt: skip
def test_differences_have_the_digits_of_their_step(
    unit: str, low: float, high: float, english: list[str], japanese: list[str] | None
) -> None:
    assert said("en", low, high, unit, signed=True) == english
    if japanese is not None:
        assert said("ja", low, high, unit, signed=True) == japanese


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("unit", ["leads", "share", "JPY", "USD/y", "千円", "h", "ratio"])
@pytest.mark.parametrize("inches", [0.8, 1.6, 4.0])
def test_no_two_are_the_same_and_none_touches_another(lang: str, unit: str, inches: float) -> None:
    for size in 10.0 ** np.arange(-3, 11):
        for low in (-1.3, 0.0, 0.93):
            with speaking(lang):
                found = ticks.ticks(low * size, 1.07 * size, unit, inches, signed=low < 0)
            assert len({text for _, text in found}) == len(found)
            scale = inches / (1.07 * size - low * size)
            for (before, one), (after, other) in pairwise(found):
                room = (style.widest([one], ticks.SIZE) + style.widest([other], ticks.SIZE)) / 2
                assert (after - before) * scale > room


def test_those_inside_reach_beyond_no_end() -> None:
    for place, text in ticks.ticks(-1.02e6, 2.03e6, "USD", 2.0, signed=True, inside=True):
        half = style.widest([text], ticks.SIZE) / 2 / 2.0 * 3.05e6
        assert place - half >= -1.02e6
        assert place + half <= 2.03e6
