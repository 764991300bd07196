"""Columns of a history cannot be changed or differ in length."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from funnelsim.calibration.history import Customers

COLUMNS: dict[str, Any] = {
    "since": [1.0, 2],
    "ended": [np.nan, 3],
    "arr": [5, 6],
    "renewed": [np.nan, np.nan],
    "reason": [-1, 0],
    "account": [0, 1],
}


def test_columns_are_read_only_and_of_one_length() -> None:
    customers = Customers(**COLUMNS)
    assert len(customers) == 2
    assert customers.where(customers.reason >= 0).since.tolist() == [2.0]
    assert {customers.reason.dtype.name, customers.arr.dtype.name} == {"int64", "float64"}
    with pytest.raises(ValueError, match="read-only"):
        customers.since[0] = 7
    with pytest.raises(ValueError, match="differ in length"):
        Customers(**{**COLUMNS, "arr": [5]})
