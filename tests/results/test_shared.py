"""What several figures share is worked out once, and no figure depends on which were worked out before."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from funnelsim.results.measures.kpis import kpi_indicators
from funnelsim.results.measures.sales import _commission, quota_edges
from funnelsim.results.measures.shared import shared
from funnelsim.results.measures.stages import STAGE_INDICATORS
from funnelsim.results.measures.summary import tally
from funnelsim.results.measures.teams import TEAM_INDICATORS
from funnelsim.results.measures.window import Window

from . import company


def test_a_window_keeps_what_was_found() -> None:
    calls = []

    @shared
    def found(window: Window, *more: int) -> list[int]:
        calls.append(more)
        return list(more)

    one, other = (Window(company.records(), company.model()) for _ in range(2))
    assert found(one, 1) is found(one, 1)
    assert found(one, 1) == found(other, 1)
    assert found(one, 2) == [2]
    assert found(one) == []
    assert calls == [(1,), (1,), (2,), ()]


def test_each_figure_alone_is_what_it_is_among_all() -> None:
    model, records = company.model(), company.records()
    together = tally(records, model)
    for indicators, terms in (
        (kpi_indicators(model), together.kpis),
        (STAGE_INDICATORS, together.stages),
        (TEAM_INDICATORS, together.teams),
    ):
        alone = tuple(each.measure(Window(records, model)) for each in indicators)
        assert repr(alone) == repr(terms)


def test_commission_follows_the_deals_one_by_one() -> None:
    """By its definition: what a team booked in the quota period before decides what lies above the quota."""
    text = company.TEXT.replace("quota: 10_000", "quota: 3_000")
    quota = "  - {from: 2026-08-10, change: {teams.care.quota: {amount: 1_000, period: month}}}"
    model = company.model(text.replace("phases:\n", f"phases:\n{quota}\n"))
    random = np.random.default_rng(4)
    times = np.sort(random.integers(0, model.horizon, 400))
    teams, booked = random.integers(-1, 2, 400), random.integers(0, 90_000, 400)
    window = Window(company.records(), model)
    so_far: dict[tuple[int, int, int], int] = {}
    expected = []
    for team, time, amount, period in zip(teams, times, booked, window.period_at(times), strict=True):
        prices, table = model.prices[period], model.periods[period][1].teams
        below, key = int(amount), (team, table.quota_months[team], 0)
        if team >= 0 and table.quota[team] > 0:
            key = (*key[:2], bisect_right(quota_edges(model, int(table.quota_months[team])), time))
            below = min(max(int(table.quota[team]) - so_far.get(key, 0), 0), int(amount))
            so_far[key] = so_far.get(key, 0) + int(amount)
        earned = prices.commission[team] * below + prices.above_quota[team] * (int(amount) - below)
        expected.append(earned if team >= 0 else 0.0)
    assert _commission(window, teams, teams, times, booked).tolist() == expected
    assert len(so_far) > 20
