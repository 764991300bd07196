"""Estimates as rows of tables: in pandas, in JSON documents and in notebooks."""

from __future__ import annotations

import datetime as dt
import html
from typing import TYPE_CHECKING, Any

from funnelsim.scenario.forms.quantities import MICROSECONDS
from funnelsim.text import in_table

from .estimates import Estimate

if TYPE_CHECKING:
    import pandas as pd

    from funnelsim.model.model import Model

    from .profiles.fiscal import Fiscal

COLUMNS = ["mean", "low", "high", "unit", "range_low", "range_high", "undefined"]
"""Of a table of estimates."""


def row(estimate: Estimate) -> tuple[float, float, float, str, float, float, int]:
    """One estimate in the columns `COLUMNS`; NaN for what does not exist."""
    mean, low, high, below, above = (float("nan") if x is None else x for x in _figures(estimate))
    return mean, low, high, estimate.unit, below, above, estimate.undefined


def _figures(estimate: Estimate) -> tuple[float | None, ...]:
    """The mean, its interval, and the range of single runs."""
    return estimate.mean, estimate.low, estimate.high, *(estimate.range or (None, None))


def by_place(places: dict[str, dict[str, Estimate]], level: str) -> pd.DataFrame:
    """The table of estimates by stage or team and measure."""
    import pandas as pd

    keys = [(place, name) for place, estimates in places.items() for name in estimates]
    rows = [row(estimate) for estimates in places.values() for estimate in estimates.values()]
    return pd.DataFrame(rows, columns=COLUMNS, index=pd.MultiIndex.from_tuples(keys, names=[level, "measure"]))


def counted(model: Model) -> dict[str, Any]:
    """The time that counts: its first and last day, and how many years of 365.25 days it has."""
    first = model.start + dt.timedelta(microseconds=model.warmup)
    last = model.start + dt.timedelta(days=-(-model.horizon // MICROSECONDS["d"]) - 1)
    return {"from": first.isoformat(), "to": last.isoformat(), "years": years(model)}


def years(model: Model) -> float:
    """Years in the time that counts."""
    return (model.horizon - model.warmup) / MICROSECONDS["y"]


def leaves(estimates: dict[str, Estimate]) -> dict[str, Any]:
    """Estimates by name as leaves of a JSON document."""
    return {name: estimate.to_dict() for name, estimate in estimates.items()}


def html_row(label: str, estimate: Estimate) -> str:
    """A figure with its label as a row of a table in a notebook."""
    cells = "".join(
        f"<td style='text-align:right'>{'' if x is None else in_table(x)}</td>" for x in _figures(estimate)
    )
    heading, unit = html.escape(label), html.escape(estimate.unit)
    return f"<tr><th style='text-align:left'>{heading}</th>{cells}<td>{unit}</td></tr>"


def nested(pairs: dict[tuple[str, str], Any]) -> dict[str, dict[str, Any]]:
    """By the first of two names and then by the second."""
    found: dict[str, dict[str, Any]] = {}
    for (first, second), what in pairs.items():
        found.setdefault(first, {})[second] = what
    return found


def period_rows(found: Fiscal) -> pd.DataFrame:
    """A row for each fiscal period and flow."""
    import pandas as pd

    rows, keys = [], []
    for at, period in enumerate(found.periods):
        told = (period.number, period.first, period.last, period.whole)
        for name, estimates in found.flows.items():
            keys.append((str(period.begins)[:7], name))
            rows.append((*told, *row(estimates[at])))
    index = pd.MultiIndex.from_tuples(keys, names=[found.length, "flow"])
    return pd.DataFrame(rows, columns=["number", "first", "last", "whole", *COLUMNS], index=index)
