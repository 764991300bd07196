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
from .customers import CUSTOMER_KPIS, has_customers
from .indicators import COUNT, MONTH, Indicator, ratio
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
    name, label : str
        Its name, and what people are shown.
    kpis : tuple of Indicator
        In order.
    shown : bool
        Whether tables for people show it; the JSON document has all KPIs.
    """

    name: str
    label: str
    kpis: tuple[Indicator, ...]
    shown: bool = True


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
        Group("volume", "Leads", volume),
        Group("time", "Time", time),
        Group("customers", "Customers", CUSTOMER_KPIS, has_customers(model)),
        Group("money", "Money", money_kpis(model)),
        Group("whole", "The whole and its parts", WHOLE_KPIS),
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


def _count(name: str, label: str, terms: Callable[[Window], Terms], definition: str) -> Indicator:
    return Indicator(name, "leads", label, definition, terms, COUNT)


def _milestone(name: str, stage: int) -> Indicator:
    definition = f"Leads that reached the stage of the milestone {name} for the first time after the warm-up."
    return _count(f"{name}_created", f"{name} created", partial(_reached, stage), definition)


def _losses(outcomes: Sequence[str]) -> Iterator[Indicator]:
    """The leads lost for each named reason, and for none: together those that the KPI `lost` counts."""
    reasons = {code: name for code, name in enumerate(outcomes) if code >= len(FIXED_OUTCOMES) and name != "lost"}
    if not reasons:
        return
    for code, name in reasons.items():
        yield _loss(code, name)
    # No reason has this name: where a scenario names none, leads are lost as "lost".
    yield _count(
        "lost_lost",
        "Lost: no reason named",
        _ended(lambda outcome: is_lost(outcome) & ~np.isin(outcome, list(reasons))),
        "Leads lost for no reason that the scenario names: as lost, by too many visits, or by an end unbooked.",
    )


def _loss(code: int, name: str) -> Indicator:
    return _count(f"lost_{name}", f"Lost: {name}", _as(code), f"Leads lost for the reason {name}.")


VOLUME: tuple[Indicator, ...] = (
    _count(
        "created", "Created", _created, "Leads created: new, referred and expansion leads, not the opening ones."
    ),
    _count(
        "won", "Won", _as(WON), "Leads won: those that completed a stage that books, new business and expansions."
    ),
    *WON_BY_ORIGIN,
    Indicator(
        "won_per_month",
        "leads/month",
        "Won per month",
        "Leads won divided by the months since the warm-up.",
        _won_per_month,
        ratio(1 / MONTH),
    ),
    _count("lost", "Lost", _ended(is_lost), "Leads lost for a reason, by too many visits, or by an end unbooked."),
    _count("rejected", "Rejected", _as(REJECTED), "Leads that left at a stage's gate."),
    _count("blocked", "Blocked", _as(BLOCKED), "Leads turned away by a limit."),
    _count("dropped", "Dropped", _as(DROPPED), "Leads lost in a handoff."),
    _count("expired", "Expired", _as(EXPIRED), "Leads that would not wait any longer."),
    _count("burned", "Burned", _as(BURNED), "Leads that were pushed before they were ready, and lost for good."),
    _count("open_at_start", "Open at the start", _open_at_start, "Leads open at the end of the warm-up."),
    _count("open_at_end", "Open at the end", _open_at_end, "Leads open at the horizon."),
)
