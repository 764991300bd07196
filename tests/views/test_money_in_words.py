"""Amounts of money as people say them: sixty in each language."""

from __future__ import annotations

import pytest

from funnelsim.views.words import numbers, speaking

AMOUNTS: tuple[tuple[float, str, str], ...] = (
    (0, "USD 0", "¥0"),
    (1, "USD 1", "¥1"),
    (7, "USD 7", "¥7"),
    (9.5, "USD 9.5", "¥9.5"),
    (12.34, "USD 12.34", "¥12.34"),
    (99.99, "USD 100", "¥100"),
    (100, "USD 100", "¥100"),
    (812, "USD 812", "¥812"),
    (999, "USD 999", "¥999"),
    (1_000, "USD 1,000", "¥1,000"),
    (1_234, "USD 1,234", "¥1,234"),
    (5678.9, "USD 5,680", "¥5,680"),
    (8_431, "USD 8,431", "¥8,431"),
    (9_999, "USD 10,000", "¥1万"),
    (10_000, "USD 10,000", "¥1万"),
    (12_345, "USD 12,300", "¥1万2,300"),
    (25_000, "USD 25,000", "¥2万5,000"),
    (98_765, "USD 98,800", "¥9万8,800"),
    (100_000, "USD 100,000", "¥10万"),
    (123_456, "USD 123,000", "¥12万3,000"),
    (253_417, "USD 253,000", "¥25万3,000"),
    (500_000, "USD 500,000", "¥50万"),
    (999_499, "USD 999,000", "¥99万9,000"),
    (999_999, "USD 1,000,000", "¥100万"),
    (1_000_000, "USD 1 M", "¥100万"),
    (1_050_000, "USD 1.05 M", "¥105万"),
    (1_234_567, "USD 1.23 M", "¥123万"),
    (4_600_000, "USD 4.6 M", "¥460万"),
    (4_604_512, "USD 4.60 M", "¥460万"),
    (9_999_999, "USD 10.0 M", "¥1,000万"),
    (10_000_000, "USD 10 M", "¥1,000万"),
    (12_300_000, "USD 12.3 M", "¥1,230万"),
    (45_678_901, "USD 45.7 M", "¥4,570万"),
    (99_999_999, "USD 100 M", "¥1億"),
    (100_000_000, "USD 100 M", "¥1億"),
    (132_000_000, "USD 132 M", "¥1億3,200万"),
    (132_500_000, "USD 132.5 M", "¥1億3,250万"),
    (500_000_000, "USD 500 M", "¥5億"),
    (999_999_999, "USD 1,000 M", "¥10億"),
    (1_000_000_000, "USD 1 B", "¥10億"),
    (1_674_577_249, "USD 1.67 B", "¥16億7,000万"),
    (2_500_000_000, "USD 2.5 B", "¥25億"),
    (12_345_678_901, "USD 12.3 B", "¥123億"),
    (100_000_000_000, "USD 100 B", "¥1,000億"),
    (123_456_789_012, "USD 123 B", "¥1,230億"),
    (1_000_000_000_000, "USD 1,000 B", "¥1兆"),
    (1_230_000_000_000, "USD 1,230 B", "¥1兆2,300億"),
)
"""Amounts without an interval: three digits, or four where they say it exactly."""

WITH_INTERVALS: tuple[tuple[float, float, str, str], ...] = (
    (3_141_600, 6900, "USD 3.1416 ± 0.0069 M", "¥314万1,600 ± 6,900"),
    (4_600_000, 120000, "USD 4.60 ± 0.12 M", "¥460万 ± 12万"),
    (132_000_000, 4300000.0, "USD 132.0 ± 4.3 M", "¥1億3,200万 ± 430万"),
    (1_674_577_249, 23456789, "USD 1.675 ± 0.023 B", "¥16億7,500万 ± 2,300万"),
    (253_417, 2300, "USD 253,400 ± 2,300", "¥25万3,400 ± 2,300"),
    (999_999, 40000, "USD 1,000,000 ± 40,000", "¥100万 ± 4万"),
    (12_345_678, 345, "USD 12,345,680 ± 340", "¥1,234万5,680 ± 340"),
    (8_000, 12.5, "USD 8,000 ± 12", "¥8,000 ± 12"),
    (0, 1000000.0, "USD 0.0 ± 1.0 M", "¥0 ± 100万"),
    (-5_000_000, 2000000.0, "USD −5.0 ± 2.0 M", "¥−500万 ± 200万"),
    (1_000_000_000, 50000000.0, "USD 1.000 ± 0.050 B", "¥10億 ± 5,000万"),
    (98_765, 12345, "USD 99,000 ± 12,000", "¥9万9,000 ± 1万2,000"),
    (2_500_000_000_000, 300000000000.0, "USD 2,500 ± 300 B", "¥2兆5,000億 ± 3,000億"),
    (123, 4.5, "USD 123.0 ± 4.5", "¥123.0 ± 4.5"),
)
"""Amounts, half the width of their intervals, and both in one unit, to two digits of the half-width."""

OTHERS = (
    ("USD", "ja", "460万ドル"),
    ("EUR", "ja", "460万ユーロ"),
    ("CHF", "ja", "CHF 460万"),
    ("$", "ja", "$460万"),
    ("円", "ja", "460万円"),
    ("千円", "ja", "4,600,000千円"),
    ("JPY", "en", "JPY 4.6 M"),
    ("CHF", "en", "CHF 4.6 M"),
    ("円", "en", "4.6 M 円"),
    ("千円", "en", "4,600,000 千円"),
    ("JPY/y", "en", "JPY 4.6 M per year"),
    ("JPY/y", "ja", "年¥460万"),
    ("JPY/mo", "ja", "月¥460万"),
    ("USD/d", "ja", "1日あたり460万ドル"),
    ("{value}", "en", "4.6 M {value}"),
    ("{0}", "ja", "460万{0}"),
)


def test_there_are_sixty_in_each_language() -> None:
    assert len(AMOUNTS) + len(WITH_INTERVALS) >= 60


@pytest.mark.parametrize(("value", "english", "japanese"), AMOUNTS)
def test_amounts(value: float, english: str, japanese: str) -> None:
    leaf = {"mean": value, "low": None, "high": None}
    assert numbers.estimate({**leaf, "unit": "USD"}) == english
    with speaking("ja"):
        assert numbers.estimate({**leaf, "unit": "JPY"}) == japanese


@pytest.mark.parametrize(("value", "half", "english", "japanese"), WITH_INTERVALS)
def test_amounts_with_intervals(value: float, half: float, english: str, japanese: str) -> None:
    leaf = {"mean": value, "low": value - half, "high": value + half}
    assert numbers.estimate({**leaf, "unit": "USD"}) == english
    with speaking("ja"):
        assert numbers.estimate({**leaf, "unit": "JPY"}) == japanese


@pytest.mark.parametrize(("unit", "lang", "text"), OTHERS)
def test_other_currencies_and_periods(unit: str, lang: str, text: str) -> None:
    with speaking(lang):
        assert numbers.estimate({"mean": 4.6e6, "low": None, "high": None, "unit": unit}) == text
