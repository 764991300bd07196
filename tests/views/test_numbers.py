"""Figures as people read them."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

import funnelsim as fs
from funnelsim.cli.compare import _share
from funnelsim.results import rows
from funnelsim.results.estimates import Estimate
from funnelsim.results.measures.catalogue import listed
from funnelsim.views.sentences import limiting
from funnelsim.views.sentences.comparison import between
from funnelsim.views.sentences.optimum_names import value_text
from funnelsim.views.words import numbers, speaking


def leaf(mean: float, half: float | None, unit: str) -> dict[str, Any]:
    return {
        "mean": mean,
        "low": None if half is None else mean - half,
        "high": None if half is None else mean + half,
        "unit": unit,
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (7, "7"),
        (7.654, "7.65"),
        (41.24, "41.2"),
        (99.97, "100"),
        (1304.4, "1,304"),
        (0.0123, "0.012"),
        (0.0042, "0.0042"),
        (6.1e-7, "≈ 0"),
        (-0.0004, "≈ 0"),
    ],
)
def test_amount(value: float, text: str) -> None:
    assert numbers.amount(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (-0.0123, "per year", "−0.012 per year"),
        (0.00421, "ratio", "+0.0042"),
        (0.512, "ratio", "+0.51"),
        (-0.0123, "share", "−1.23 points"),
        (0.0001, "ratio", "0"),
    ],
)
def test_ends_of_intervals_have_digits_that_tell_them_apart(value: float, unit: str, text: str) -> None:
    assert numbers.signed(value, unit) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0 %"), (1, "100 %"), (0.481, "48 %"), (0.0521, "5.2 %"), (0.0035, "0.35 %")]
)
def test_percent(share: float, text: str) -> None:
    assert numbers.percent(share) == text


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (0, "0 h"),
        (0.44, "26 min"),
        (4.21, "4.2 h"),
        (31, "31 h"),
        (60, "2.5 d"),
        (700, "29 d"),
        (48000, "2,000 d"),
    ],
)
def test_duration(hours: float, text: str) -> None:
    assert numbers.duration(hours) == text


@pytest.mark.parametrize(
    ("estimate", "text"),
    [
        (None, "–"),
        (leaf(7.6543, 0.2134, "leads"), "7.65 ± 0.21"),
        (leaf(1304.4, 21.3, "leads"), "1,304 ± 21"),
        (leaf(0.4802, 0.0123, "share"), "48.0 ± 1.2 %"),
        (leaf(0.44, 0.021, "h"), "26.4 ± 1.3 min"),
        (leaf(41.2, 3.1, "h"), "41.2 ± 3.1 h"),
        (leaf(2016.0, 24.0, "h"), "84.0 ± 1.0 d"),
        (leaf(3_214_000.0, 52_000.0, "USD"), "USD 3.214 ± 0.052 M"),
        (leaf(120_000.0, 900.0, "JPY"), "JPY 120,000 ± 900"),
        (leaf(1200.0, 10.0, "CHF"), "CHF 1,200 ± 10"),
        (leaf(812.0, 3.0, "USD/d"), "USD 812.0 ± 3.0 per day"),
        (leaf(13.4, 1.7, "months"), "13.4 ± 1.7 months"),
        (leaf(0.32, 0.04, "per year"), "0.320 ± 0.040 per year"),
        (leaf(0.87, 0.11, "ratio"), "0.87 ± 0.11"),
        (leaf(5.0, None, "leads"), "5"),
        (leaf(5.0, 0.0, "leads"), "5"),
        (leaf(0.0, None, "leads"), "0"),
        (leaf(15_388.0, 184.0, "leads"), "15,390 ± 180"),
        (leaf(1.0, 1e-15, "share"), "100 %"),
        (leaf(-1e-17, 1e-17, "share"), "0 %"),
        (leaf(-3.25, 0.5, "leads/month"), "−3.25 ± 0.50"),
        (leaf(0.01, 41.0, "h"), "0 ± 41 h"),
        (leaf(0.01, 80.0, "h"), "0.0 ± 3.3 d"),
    ],
)
def test_estimate(estimate: dict[str, Any] | None, text: str) -> None:
    assert numbers.estimate(estimate) == text


def test_estimate_by_a_factor_and_without_interval() -> None:
    assert numbers.estimate(leaf(120.0, 12.0, "leads"), interval=False, factor=1 / 12) == "10"


NOUGHT = re.compile(r"[-−]0(\.0*)?(?![\d.])")
"""A zero with a minus sign before it."""


def test_figures_that_add_up_have_the_digits_of_the_narrowest_interval() -> None:
    told = [
        numbers.signed(value, "leads", half, fine=0.42)
        for value, half in ((3.14, 5.2), (-7.28, 14.0), (0.0, None))
    ]
    assert told == ["+3.14 ± 5.20", "−7.28 ± 14.00", "0.00"]
    assert numbers.signed(70.4, "h", 99.0, fine=24.0) == "+2.9 ± 4.1 d"


TINY = some.one_of(
    some.just(-0.0),
    some.floats(-1, 0),
    some.builds(lambda size, exponent: -size * 10.0**exponent, some.floats(0.1, 10), some.integers(-15, 3)),
)
UNITS = ("leads", "share", "h", "USD", "USD/y", "months", "per year", "")


def written(value: float, half: float | None, unit: str, interval: bool) -> list[str]:
    """A figure in all ways in which figures are shown."""
    return [
        numbers.amount(value),
        numbers.percent(value),
        numbers.duration(value),
        numbers.estimate(leaf(value, half, unit), interval),
        numbers.signed(value, unit, half),
        _share(value, half),
        limiting.number(value),
        rows.html_row("figure", Estimate(value, value, value, unit)),
        value_text({"add": value}),
        value_text(value),
    ]


@given(TINY, some.one_of(some.none(), some.floats(0, 1)), some.sampled_from(UNITS), some.booleans())
def test_no_figure_reads_minus_nought(value: float, half: float | None, unit: str, interval: bool) -> None:
    """Whatever a small negative figure is rounded to, and however it is shown."""
    for text in written(value, half, unit, interval):
        assert not NOUGHT.search(text), text


HYPHEN = re.compile(r"(?<![\w])-(?=[^\s>])|e-")
"""A hyphen that stands for minus: before a figure or an amount, or in an exponent."""


@pytest.mark.parametrize("lang", ["en", "ja"])
@given(
    some.one_of(TINY, some.floats(-1e13, 1e13)),
    some.one_of(some.none(), some.floats(0, 1e13)),
    some.sampled_from((*UNITS, "JPY", "CHF", "leads/month")),
    some.booleans(),
)
def test_minus_is_one_sign(lang: str, value: float, half: float | None, unit: str, interval: bool) -> None:
    with speaking(lang):
        ends = {"mean": value, "range_low": value, "range_high": value + (half or 0.0), "unit": unit}
        for text in (*written(value, half, unit, interval), numbers.span(ends)):
            assert not HYPHEN.search(re.sub(r"style='[^']*'", "", text)), text


FORMS = re.compile(r"^[ ,]*[-+]|z")
"""Formats of Python's for numbers that may be negative; others have none before them, or no minus."""


@pytest.mark.parametrize("room", ["views", "cli", "results", "experiments"])
def test_numbers_that_may_be_negative_are_written_by_one_function(room: str) -> None:
    found = []
    for path in (Path(fs.__file__).parent / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
                form = "".join(
                    str(each.value) for each in node.format_spec.values if isinstance(each, ast.Constant)
                )
                found += [f"{path.name}:{node.lineno} {form}"] if FORMS.search(form) else []
    assert not found


@pytest.mark.parametrize(
    ("mean", "half", "english", "japanese"),
    [
        (-1_100_000.0, None, "JPY −1.1 M", "¥−110万"),
        (0.0, None, "JPY 0", "¥0"),
        (40e6, 1.7e9, "JPY 0.04 ± 1.70 B", "¥4,000万 ± 17億"),
        (4e6, 1.7e9, "JPY 0.0 ± 1.7 B", "¥0 ± 17億"),
        (-40e6, 1.7e9, "JPY −0.04 ± 1.70 B", "¥−4,000万 ± 17億"),
    ],
)
def test_small_amounts_beside_large_ones(mean: float, half: float | None, english: str, japanese: str) -> None:
    for lang, text in (("en", english), ("ja", japanese)):
        with speaking(lang):
            assert numbers.estimate(leaf(mean, half, "JPY"), beside=3e9 if mean == 0 else 0.0) == text


@pytest.mark.parametrize(
    ("value", "text", "said"),
    [
        (-0.4, "0.40", "−0.40"),
        (0.4, "0.40", "+0.40"),
        (-0.0004, "0.00 ± 0.21", "0.00 ± 0.21"),
        (0.0, "0 %", "0 %"),
    ],
)
def test_a_difference_has_a_sign_unless_it_is_nought(value: float, text: str, said: str) -> None:
    assert numbers.with_sign(value, text) == said


CURRENCIES = [
    ("JPY", "JPY {}{}"),
    ("USD", "USD {}{}"),
    ("EUR", "EUR {}{}"),
    ("GBP", "GBP {}{}"),
    ("CHF", "CHF {}{}"),
    ("¥", "¥{}{}"),
    ("$", "${}{}"),
    ("US$", "US${}{}"),
    ("€", "€{}{}"),
    ("円", "{} 円{}"),
    ("元", "{} 元{}"),
    ("ドル", "{} ドル{}"),
    ("usd", "{} usd{}"),
    ("points", "{} points{}"),
    ("千円", "{} 千円{}"),
    ("円/税抜", "{} 円/税抜{}"),
]


@pytest.mark.parametrize(("currency", "pattern"), CURRENCIES)
def test_money_keeps_its_currency_and_its_period(currency: str, pattern: str) -> None:
    """Of every figure in money that any run gives."""
    units = {each.unit for each in listed() if each.unit.partition("/")[0] == "money"}
    periods = {"": "", "/y": " per year", "/d": " per day"}
    assert units == {f"money{period}" for period in periods}
    for period, said in periods.items():
        unit = f"{currency}{period}"
        assert numbers.estimate(leaf(377e3, None, unit)) == pattern.format("377,000", said)
        assert numbers.signed(-377e3, unit) == "−" + pattern.format("377,000", said)


def test_what_is_counted_stands_in_the_label() -> None:
    """Every other unit is known, so that none is taken for a currency."""
    units = {each.unit for each in listed()} - {"money", "money/y", "money/d"}
    assert units <= {*numbers.COUNTED, *numbers.SPOKEN, "h", "share"}


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        (253_000.0, 577_000.0, "USD", "USD 250,000 to 580,000"),
        (0.051, 0.293, "share", "5 to 29 %"),
        (20.0, 91.0, "h", "0.8 to 3.8 d"),
        (3.0, 3.0, "leads", "3"),
        (-5.0, 12.0, "CHF", "CHF −5 to 12"),
        (0.0, 0.0, "h", "0 h"),
        (1.0 - 1e-12, 1.0, "share", "100 %"),
    ],
)
def test_ranges_of_single_runs(low: float, high: float, unit: str, text: str) -> None:
    assert numbers.span({"mean": low, "range_low": low, "range_high": high, "unit": unit}) == text


def test_no_range_is_a_dash() -> None:
    assert numbers.span(None) == numbers.DASH
    assert numbers.span({"mean": 1.0, "range_low": None, "range_high": None, "unit": "h"}) == numbers.DASH


@pytest.mark.parametrize(
    ("hours", "text"), [(24 * 20, "20 days"), (730.5 * 30, "30 months"), (730.5, "30.4 days")]
)
def test_the_time_that_counts(hours: float, text: str) -> None:
    assert numbers.period(round(hours * 3_600_000_000)) == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        (-33.1, 49.0, "h", "between −1.38 d and +2.04 d"),
        (-0.23, 41.3, "h", "between −0.23 h and +41.3 h"),
        (-0.013, 0.021, "share", "between −1.30 points and +2.10 points"),
        (-900.0, 120_000.0, "JPY", "between −JPY 900 and +JPY 120,000"),
    ],
)
def test_both_ends_of_an_interval_have_one_unit(low: float, high: float, unit: str, text: str) -> None:
    assert between(low, high, unit) == text
