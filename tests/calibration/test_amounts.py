"""Numbers as spreadsheets of any country write them are read right, or refused where they may be two."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from funnelsim.calibration.reading.numbers import Amounts, read_amounts
from funnelsim.calibration.reading.refusing import CalibrationError
from funnelsim.calibration.reading.tables import Raw


def read(texts: list[str], decimal: str = "") -> Amounts:
    frame = pd.DataFrame({"Amount": texts})
    return read_amounts(Raw("f.csv", frame, ";"), frame["Amount"], decimal)


@pytest.mark.parametrize(
    ("texts", "values", "currencies"),
    [
        (["1234.5", "10", ""], [1234.5, 10, np.nan], ()),
        (["1,234.50", "10.00"], [1234.5, 10], ()),
        (["1.234,50", "10,00"], [1234.5, 10], ()),
        (["1 234,50", "10,25"], [1234.5, 10.25], ()),
        (["1\u202f234,50 €", "10,25 €"], [1234.5, 10.25], ("EUR",)),
        (["1'234.50", "CHF 10.00"], [1234.5, 10], ("CHF",)),
        (["$1,234.50", "$10.00"], [1234.5, 10], ("USD",)),
        (["USD 1,234,567", "USD 10"], [1234567, 10], ("USD",)),
        (["¥1,234,567", "￥980"], [1234567, 980], ("JPY",)),
        (["1,234,567円", "980円"], [1234567, 980], ("JPY",)),
        (["120万円", "3.5万円", "1億円"], [1.2e6, 35_000, 1e8], ("JPY",)),
        (["１２，３４５，０００円", "９８０円"], [12_345_000, 980], ("JPY",)),
        (["-5.50", "(3.25)", "\u22122.00"], [-5.5, -3.25, -2], ()),
        (["1.000.000", "2.500"], [1e6, 2500], ()),
        (["1.250", "2.500", "980", "12.000", "3.750"], [1250, 2500, 980, 12000, 3750], ()),
        (["n/a", "null", "12"], [np.nan, np.nan, 12], ()),
        (["12k", "1.5M"], [12_000, 1.5e6], ()),
    ],
)
def test_numbers(texts: list[str], values: list[float], currencies: tuple[str, ...]) -> None:
    made = read(texts)
    np.testing.assert_allclose(made.values, values)
    assert made.currencies == currencies
    assert made.unread == 0


def test_what_may_be_two_numbers_is_asked_for() -> None:
    with pytest.raises(
        CalibrationError, match=r"line 2, Amount: '1.234' may be 1.234 or 1234, .*`decimal: point`"
    ):
        read(["1.234", "5"])
    assert read(["1.234", "5"], ".").values.tolist() == [1.234, 5]
    assert read(["1.234", "5"], ",").values.tolist() == [1234, 5]
    with pytest.raises(CalibrationError, match="may be"):
        read(["1.234,5", "1,234.5"])


def test_words_are_counted_and_left_out() -> None:
    made = read(["12", "about 20", "15"])
    assert made.unread == 1
    assert np.isnan(made.values[1])
