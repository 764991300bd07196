"""The terms of KPIs by group, and the estimates that are made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from funnelsim.model.model import Model

from ...estimates import Estimate
from ..indicators import Indicator
from ..kpis import kpi_indicators
from ..window import Window
from .meaning import Parted, own_terms, why_not, window_of
from .members import NOBODY, Grouping, Members, members
from .windows import of_customers, of_leads

Measured = tuple[tuple[Any, ...], ...]
"""The terms of each KPI, in order."""

EMPTY = ""
"""Under this name stands what a group has that is not there: reps' seats are known only by who sat there."""

COUNTED = ("created", "open_at_start", "won", "lost", "open_at_end", "customers_start", "customers_new")
"""KPIs that are 0 where there is nobody."""


def split(window: Window, grouping: Grouping) -> dict[str, Measured]:
    """The terms of all KPIs by group in one replication; KPIs that cannot be divided have none."""
    indicators, by = kpi_indicators(window.model), grouping.by
    groups = members(grouping, window)
    found = {name: _measured(window, groups, at, by, indicators) for at, name in enumerate(groups.names)}
    if by == "rep":
        found[EMPTY] = _measured(window, groups, len(groups.names), by, indicators)
    return found


def _measured(whole: Window, groups: Members, at: int, by: str, indicators: Sequence[Indicator]) -> Measured:
    part = Parted(of_leads(whole, groups, at), of_customers(whole, groups, at))
    return tuple(() if why_not(each.name, by) else _terms(each, whole, part) for each in indicators)


def _terms(each: Indicator, whole: Window, part: Parted) -> tuple[Any, ...]:
    own = own_terms(each.name)
    if own is None:
        return each.measure(window_of(each.name, part))
    return tuple(np.asarray(term).tolist() for term in own(whole, part))


def put_together(parts: Sequence[Mapping[str, Measured]], model: Model, by: str) -> dict[str, dict[str, Estimate]]:
    """By group the estimates of all KPIs that can be divided, over all replications.

    Those who are in no group are left out where there are none.
    """
    names = list(dict.fromkeys(name for each in parts for name in each if name not in (EMPTY, NOBODY)))
    if by == "rep":
        names.sort(key=lambda name: _seat(name, model))
    found = {name: _estimates(of_group(parts, name), model, by) for name in (*names, NOBODY)}
    nobody = found[NOBODY]
    if not any(nobody[kpi].mean for kpi in COUNTED if kpi in nobody):
        del found[NOBODY]
    return found


def of_group(parts: Sequence[Mapping[str, Measured]], name: str) -> list[Measured]:
    """The terms of one group in each replication; where nobody had a rep's seat they are those of nothing."""
    return [each[name] if name in each else each[EMPTY] for each in parts]


def _seat(name: str, model: Model) -> tuple[int, int]:
    team, _, seat = name.rpartition("-")
    return model.team_names.index(team), int(seat)


def _estimates(own: Sequence[Measured], model: Model, by: str) -> dict[str, Estimate]:
    return {
        kpi.name: kpi.estimate([terms[at] for terms in own], model.spec.currency)
        for at, kpi in enumerate(kpi_indicators(model))
        if why_not(kpi.name, by) is None
    }
