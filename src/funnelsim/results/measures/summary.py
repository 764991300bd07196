"""From records to the figures of all tables, in two steps.

`tally` takes what is needed out of one replication, where it was run; `summarise` puts the tallies of all
replications together. A tally is a few kilobytes, whatever the number of leads.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import Any, NamedTuple, TypeVar

from funnelsim.model.model import Model
from funnelsim.model.records import Records

from ..estimates import Estimate
from .groups.members import Grouping
from .groups.split import put_together, split
from .handoffs.table import HANDOFF_INDICATORS, pairs_of
from .indicators import Indicator
from .kpis import kpi_indicators
from .stages import STAGE_INDICATORS
from .teams import TEAM_INDICATORS
from .window import Window

Measured = tuple[tuple[Any, ...], ...]
"""The terms of each indicator of a table, in order."""


class Tally(NamedTuple):
    """The terms of one replication for each indicator; those of stages and teams are lists by index."""

    kpis: Measured
    stages: Measured
    teams: Measured
    handoffs: Measured = ()  # lists by pair of teams
    groups: dict[str, dict[str, Measured]] = {}  # noqa: RUF012  # those of KPIs by what divides and by group; never changed


class Summary(NamedTuple):
    """Estimates by name."""

    kpis: dict[str, Estimate]
    stages: dict[str, dict[str, Estimate]]
    teams: dict[str, dict[str, Estimate]]
    handoffs: dict[tuple[str, str], dict[str, Estimate]] = {}  # noqa: RUF012  # by giver and taker; never changed


Name = TypeVar("Name", bound=Hashable)

Names = Collection[str] | None
"""Indicators that are wanted; None stands for all of a table."""


def tally(
    records: Records,
    model: Model,
    kpis: Names = None,
    stages: Names = None,
    teams: Names = None,
    by: Sequence[Grouping] = (),
) -> Tally:
    """What the tables need of one replication; indicators that are not wanted have no terms.

    ``by`` says what KPIs are divided by as well.
    """
    window = Window(records, model)
    return Tally(
        _measured(window, kpi_indicators(model), kpis),
        _measured(window, STAGE_INDICATORS, stages),
        _measured(window, TEAM_INDICATORS, teams),
        _measured(window, HANDOFF_INDICATORS, teams),
        {each.by: split(window, each) for each in by},
    )


def _measured(window: Window, indicators: Sequence[Indicator], wanted: Names) -> Measured:
    return tuple(each.measure(window) if wanted is None or each.name in wanted else () for each in indicators)


def summarise(tallies: Sequence[Tally], model: Model) -> Summary:
    """The estimates over all replications."""
    currency = model.spec.currency
    kpis = {
        kpi.name: kpi.estimate([each.kpis[at] for each in tallies], currency)
        for at, kpi in enumerate(kpi_indicators(model))
    }
    stages = _by_place([each.stages for each in tallies], STAGE_INDICATORS, model.stage_names, currency)
    teams = _by_place([each.teams for each in tallies], TEAM_INDICATORS, model.team_names, currency)
    return Summary(kpis, stages, teams, _handoffs(tallies, model))


def _handoffs(tallies: Sequence[Tally], model: Model) -> dict[tuple[str, str], dict[str, Estimate]]:
    """The handoffs that there were: pairs of teams of which the one passed a lead to the other."""
    if not all(each.handoffs for each in tallies):
        return {}
    measured = [each.handoffs for each in tallies]
    found = _by_place(measured, HANDOFF_INDICATORS, pairs_of(model), model.spec.currency)
    return {pair: estimates for pair, estimates in found.items() if estimates["passed"].mean}


def divided(tallies: Sequence[Tally], model: Model, by: str) -> dict[str, dict[str, Estimate]]:
    """By group and KPI the estimates over all replications, whose tallies were divided so."""
    return put_together([each.groups[by] for each in tallies], model, by)


def _by_place(
    measured: Sequence[Measured], indicators: Sequence[Indicator], names: Sequence[Name], currency: str
) -> dict[Name, dict[str, Estimate]]:
    return {
        name: {
            indicator.name: indicator.estimate(
                [tuple(term[place] for term in each[at]) for each in measured], currency
            )
            for at, indicator in enumerate(indicators)
        }
        for place, name in enumerate(names)
    }
