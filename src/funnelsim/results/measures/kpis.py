"""The KPIs of the whole line: the groups of them all, and those that count leads.

Counts are of events after the warm-up. Rates and times from creation follow the cohort of leads created after it
(`cohorts`), so that leads still open at the horizon bias neither. Definitions follow the field's usage; where it
has several, the definition says which is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from funnelsim.model.model import Model
from funnelsim.model.records import BLOCKED, BURNED, DROPPED, EXPIRED, FIXED_OUTCOMES, REJECTED, WON, Ints

from ..estimates import Terms
from ..words import say
from .customers import CUSTOMER_KPIS, has_customers
from .deals.concentration import concentration
from .indicators import COUNT, MONTH, Indicator, Told, ratio
from .journeys import CONVERSION, TIME, opportunity_kpis, win_rate
from .money import money_kpis
from .origins import WON_BY_ORIGIN, rates_of_new
from .passages import passage
from .whole import WHOLE_KPIS
from .window import Mask, Window, is_lost


@dataclass(frozen=True)
class Group:
    """KPIs that belong together.

    Parameters
    ----------
    name : str
        Its name.
    kpis : tuple of Indicator
        In order.
    shown : bool
        Whether tables for people show it; the JSON document has all KPIs.
    """

    name: str
    kpis: tuple[Indicator, ...]
    shown: bool = True

    @property
    def label(self) -> str:
        """What people are shown, in the language in force."""
        return say(f"kpis.{self.name}")


def kpi_groups(model: Model) -> tuple[Group, ...]:
    """The KPIs of a model by group: the fixed ones, and those of its milestones, loss reasons and costs."""
    milestones = [(name, model.stage_names.index(stage)) for name, stage in model.spec.milestones.items()]
    opportunity = dict(milestones).get("opportunity")
    volume = (
        *VOLUME,
        *(_milestone(name, stage) for name, stage in milestones),
        *_losses(model.outcome_names),
        *CONVERSION,
        win_rate(opportunity),
        *rates_of_new(opportunity),
    )
    time = (*TIME, *([] if opportunity is None else opportunity_kpis(opportunity)))
    return (
        Group("volume", volume),
        Group("time", time),
        Group("customers", CUSTOMER_KPIS, has_customers(model)),
        Group("money", money_kpis(model)),
        Group("concentration", concentration(opportunity)),
        Group("whole", WHOLE_KPIS),
    )


def kpi_indicators(model: Model) -> tuple[Indicator, ...]:
    """All KPIs of a model, in the order of their groups."""
    return tuple(kpi for group in kpi_groups(model) for kpi in group.kpis)


def unspoken(model: Model) -> frozenset[str]:
    """KPIs about things of which a model says nothing, so that tables leave them out."""
    return frozenset(kpi.name for group in kpi_groups(model) if not group.shown for kpi in group.kpis)


def _ended(how: Callable[[Ints], Mask]) -> Callable[[Window], Terms]:
    """Leads that ended in some way after the warm-up."""
    return lambda window: ((window.ended & how(window.leads.outcome)).sum(),)


def _as(code: int) -> Callable[[Window], Terms]:
    return _ended(lambda outcome: outcome == code)


def _created(window: Window) -> Terms:
    return (window.created.sum(),)


def _won_per_month(window: Window) -> Terms:
    return window.won.sum(), window.length


def _open_at_start(window: Window) -> Terms:
    leads = window.leads
    before = (leads.created < window.start) | (leads.opening == 1)
    return ((before & (window.ended | (leads.outcome < 0))).sum(),)


def _open_at_end(window: Window) -> Terms:
    return ((window.leads.outcome < 0).sum(),)


def _reached(stage: int, window: Window) -> Terms:
    return (passage(window, stage).number,)


def _count(name: str, terms: Callable[[Window], Terms], told: Told | None = None) -> Indicator:
    return Indicator(name, "leads", terms, COUNT, told)


def _milestone(name: str, stage: int) -> Indicator:
    return _count(f"{name}_created", partial(_reached, stage), Told("kpi.milestone_created", name))


def _losses(outcomes: Sequence[str]) -> Iterator[Indicator]:
    """The leads lost for each named reason, and for none: together those that the KPI `lost` counts."""
    reasons = {code: name for code, name in enumerate(outcomes) if code >= len(FIXED_OUTCOMES) and name != "lost"}
    if not reasons:
        return
    for code, name in reasons.items():
        yield _loss(code, name)
    # No reason has this name: where a scenario names none, leads are lost as "lost".
    yield _count("lost_lost", _ended(lambda outcome: is_lost(outcome) & ~np.isin(outcome, list(reasons))))


def _loss(code: int, name: str) -> Indicator:
    return _count(f"lost_{name}", _as(code), Told("kpi.lost_for", name))


VOLUME: tuple[Indicator, ...] = (
    _count("created", _created),
    _count("won", _as(WON)),
    *WON_BY_ORIGIN,
    Indicator("won_per_month", "leads/month", _won_per_month, ratio(1 / MONTH)),
    _count("lost", _ended(is_lost)),
    _count("rejected", _as(REJECTED)),
    _count("blocked", _as(BLOCKED)),
    _count("dropped", _as(DROPPED)),
    _count("expired", _as(EXPIRED)),
    _count("burned", _as(BURNED)),
    _count("open_at_start", _open_at_start),
    _count("open_at_end", _open_at_end),
)
