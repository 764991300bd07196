"""KPIs of money: what was booked and earned, what it cost, and what a customer costs and is worth.

Selling costs are those of winning new customers and expansions, as `costs` divides them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from funnelsim.model.model import Model
from funnelsim.model.records import EXPANDED, NEW_ARR, Floats

from ..estimates import Terms
from .costs import TO_EXPAND, TO_WIN, staffed_by_team
from .customers import changes, customers_lost, customers_won
from .exact import fsum, product
from .indicators import CENTS, Indicator, Told, function, hours, money, ratio, share
from .origins import BOOKED_BY_ORIGIN
from .passages import passage
from .pipeline import pipeline_kpis
from .revenue import NEVER_PAID, YEAR, arr_before, bin_of, invoiced
from .sales import QUARTER, booked_between, quota_edges, quota_periods, whole_periods
from .window import Window

MONTHS = 12


def money_kpis(model: Model) -> tuple[Indicator, ...]:
    """The KPIs of money: the fixed ones, and those of a scenario's milestones and named costs."""
    milestones = [(name, model.stage_names.index(stage)) for name, stage in model.spec.milestones.items()]
    named = dict.fromkeys(name for prices in model.prices for name, _ in prices.named)
    return (
        *BOOKED,
        *pipeline_kpis(dict(milestones).get("opportunity")),
        *EARNED,
        *(_named_cost(name) for name in named),
        _cost_per("lead", _created),
        *(
            _cost_per(name, partial(_reached, stage), Told("kpi.cost_per", name))
            for name, stage in milestones
            if name not in ("lead", "win")
        ),
        _cost_per("win", _won),
        *RETURNS,
    )


# --- what was booked ----------------------------------------------------------------------------------------


def _bookings(window: Window) -> Terms:
    return (window.leads.booked[window.won].sum(),)


def _deal_value(window: Window) -> Terms:
    return window.leads.booked[window.won].sum(), window.won.sum()


def _discount(window: Window) -> Terms:
    value, booked = window.leads.value[window.won].sum(), window.leads.booked[window.won].sum()
    return value - booked, value


def _linearity(window: Window) -> Terms:
    """Bookings in the last months of whole quarters, and in these quarters."""
    months = quota_edges(window.model, 1)
    last, whole = 0, 0
    for at in range(0, len(months) - QUARTER, QUARTER):
        begin, third, end = months[at], months[at + QUARTER - 1], months[at + QUARTER]
        if begin >= window.start:
            last += booked_between(window, third, end)
            whole += booked_between(window, begin, end)
    return last, whole


def _attainment(window: Window) -> Terms:
    periods = list(quota_periods(window))
    return sum(each.booked for each in periods), sum(each.quota for each in periods)


def _quotas_met(window: Window) -> Terms:
    periods = list(quota_periods(window))
    return sum(each.booked >= each.quota for each in periods), len(periods)


def _per_head(window: Window) -> Terms:
    """Bookings, and the time of staffed seats."""
    staffed = window.area(staffed_by_team(window)).tolist()
    return window.leads.booked[window.won].sum(), sum(staffed)


# --- what was earned and spent ------------------------------------------------------------------------------


def spent(window: Window, costs: Floats) -> float:
    """Costs of the bins after the warm-up, in hundredths."""
    return fsum(costs[window.first_bin :].ravel())


def _revenue(window: Window) -> Terms:
    return (spent(window, window.revenue.earned),)


def _profit(window: Window) -> Terms:
    return (spent(window, window.revenue.profit),)


def _cost(window: Window) -> Terms:
    return (spent(window, window.costs.total),)


def _contribution(window: Window) -> Terms:
    return (spent(window, window.revenue.profit) - spent(window, window.costs.total),)


def _cost_part(part: str, window: Window) -> Terms:
    return (spent(window, getattr(window.costs, part)),)


def _named(name: str, window: Window) -> Terms:
    return (spent(window, window.costs.named[name]),)


def _named_cost(name: str) -> Indicator:
    return money(f"cost_of_{name}", partial(_named, name), Told("kpi.cost_of", name))


def _selling(window: Window, *purposes: int) -> float:
    return spent(window, window.costs.selling[:, list(purposes)])


def _selling_cost(window: Window) -> Terms:
    return (_selling(window, TO_WIN, TO_EXPAND),)


# --- what came of it ----------------------------------------------------------------------------------------


def _created(window: Window) -> int:
    return int(window.created.sum())


def _won(window: Window) -> int:
    return int(window.won.sum())


def _reached(stage: int, window: Window) -> int:
    return passage(window, stage).number


def _cost_terms(number: Callable[[Window], int], window: Window) -> Terms:
    return _selling(window, TO_WIN, TO_EXPAND), number(window)


def _cost_per(name: str, number: Callable[[Window], int], told: Told | None = None) -> Indicator:
    return Indicator(f"cost_per_{name}", "{currency}", partial(_cost_terms, number), ratio(CENTS), told)


def _cac(window: Window) -> Terms:
    return _selling(window, TO_WIN), customers_won(window).sum()


def _cac_ratio(window: Window) -> Terms:
    return _selling(window, TO_WIN), changes(NEW_ARR, window)


def _cac_blended(window: Window) -> Terms:
    return _selling(window, TO_WIN, TO_EXPAND), changes(NEW_ARR, window) + changes(EXPANDED, window)


def _cac_expansion(window: Window) -> Terms:
    return _selling(window, TO_EXPAND), changes(EXPANDED, window)


def _payback(window: Window) -> Terms:
    """Cost of winning new customers, and their yearly gross profit."""
    moves, model = window.moves, window.model
    new = (moves.kind == NEW_ARR) & (moves.time >= window.start)
    margin = np.array([prices.gross_margin for prices in model.prices])[window.period_at(moves.time[new])]
    return _selling(window, TO_WIN), fsum(moves.amount[new] * margin)


def _ltv(window: Window) -> Terms:
    """Gross profit on recurring revenue, and customers lost."""
    if window.model.spec.revenue == "one_off":
        return 0, 0
    return spent(window, window.revenue.profit), customers_lost(window).sum()


def _ltv_cac(window: Window) -> Terms:
    return (*_ltv(window), *_cac(window))


def _worth_over_cost(sums: Terms) -> float | None:
    profit, lost, cost, won = sums
    if lost <= 0 or cost <= 0 or won <= 0:
        return None
    return (profit / lost) / (cost / won)


def _magic(window: Window) -> Terms:
    """Growth of recurring revenue over whole quarters but the first; selling costs of all but the last."""
    quarters = whole_periods(window, QUARTER)
    if len(quarters) < 2:
        return 0, 0
    (begin, first_end), (last, end) = quarters[0], quarters[-1]
    bins = slice(*bin_of(np.array([begin, last]), window.model.edges))
    return arr_before(window, end) - arr_before(window, first_end), fsum(window.costs.selling[bins].ravel())


def _dso(window: Window) -> Terms:
    """Amounts times how long they were owed after the warm-up, and amounts invoiced after it; bad debt aside."""
    rows, amounts = invoiced(window)
    since, paid = window.customers.since[rows], window.customers.paid[rows]
    good = paid != NEVER_PAID
    owed = np.where(paid >= 0, paid, window.end) - np.maximum(since, window.start)
    fresh = good & (since >= window.start)
    return product(amounts[good], np.maximum(owed[good], 0)), int(amounts[fresh].sum())


def _bad_debt(window: Window) -> Terms:
    rows, amounts = invoiced(window)
    fresh = window.customers.since[rows] >= window.start
    bad = fresh & (window.customers.paid[rows] == NEVER_PAID)
    return amounts[bad].sum(), amounts[fresh].sum()


# --- the lists ----------------------------------------------------------------------------------------------


def _plain(name: str, terms: Callable[[Window], Terms]) -> Indicator:
    """A ratio of money to money that is not a share."""
    return Indicator(name, "ratio", terms, ratio())


BOOKED: tuple[Indicator, ...] = (
    money("bookings", _bookings),
    *BOOKED_BY_ORIGIN,
    Indicator("average_deal_value", "{currency}", _deal_value, ratio(CENTS)),
    share("discount_rate", _discount),
    share("bookings_linearity", _linearity),
    share("quota_attainment", _attainment),
    share("quotas_met", _quotas_met),
    Indicator("productivity_per_head", "{currency}/y", _per_head, ratio(CENTS / YEAR)),
)

EARNED: tuple[Indicator, ...] = (
    money("revenue", _revenue),
    money("gross_profit", _profit),
    money("cost", _cost),
    money("cost_people", partial(_cost_part, "people")),
    money("cost_commission", partial(_cost_part, "commission")),
    money("cost_leads", partial(_cost_part, "leads")),
    money("cost_named", partial(_cost_part, "all_named")),
    money("cost_bad_debt", partial(_cost_part, "unpaid")),
    money("cost_selling", _selling_cost),
    money("contribution", _contribution),
)

RETURNS: tuple[Indicator, ...] = (
    Indicator("cac", "{currency}", _cac, ratio(CENTS)),
    _plain("cac_ratio", _cac_ratio),
    _plain("cac_ratio_blended", _cac_blended),
    _plain("cac_ratio_expansion", _cac_expansion),
    Indicator("payback", "months", _payback, ratio(1 / MONTHS)),
    Indicator("ltv", "{currency}", _ltv, ratio(CENTS)),
    Indicator("ltv_cac", "ratio", _ltv_cac, function(_worth_over_cost)),
    _plain("magic_number", _magic),
    hours("dso", _dso),
    share("bad_debt", _bad_debt),
)
