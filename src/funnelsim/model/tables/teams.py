"""The table of teams."""

from __future__ import annotations

import numpy as np

from funnelsim.scenario.language.types import ScenarioSpec

from ..numbers.columns import NO_LIMIT
from ..numbers.draws import name_hash32
from .builder import Dists, Selectors, cents, ints, shares
from .people import Layout, seat_weights
from .tables import BY_WEIGHT, ROUTINGS, RULES, TeamTable

PERIOD_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def team_table(
    spec: ScenarioSpec,
    dists: Dists,
    selectors: Selectors,
    calendar: list[int],
    always: int,
    layout: Layout,
) -> TeamTable:
    """All teams; ``calendar`` is the row of each, ``always`` one that never closes."""
    teams = list(spec.teams.values())
    names = list(spec.teams)
    floats = {
        "share": [team.selling_share for team in teams],
        "rule_upto": [upto for team in teams for upto in shares(team.queue.rule)],
        "switching": [team.switching for team in teams],
    }
    whole = {
        "entity": [name_hash32(team.key or name) for name, team in spec.teams.items()],
        "calendar": calendar,
        "wip_limit": [team.wip_limit or NO_LIMIT for team in teams],
        "rule_offset": np.cumsum([0, *(len(team.queue.rule) for team in teams)]),
        "rule": [RULES.index(rule) for team in teams for rule, _ in team.queue.rule],
        "first": [selectors.row(team.queue.first) for team in teams],
        "last": [selectors.row(team.queue.last) for team in teams],
        "ignore": [selectors.row(team.queue.ignore) for team in teams],
        "joint_first": [team.queue.joint == "first" for team in teams],
        "routing": [
            BY_WEIGHT if len(set(seat_weights(team, layout.of(name)))) > 1 else ROUTINGS.index(team.routing.rule)
            for name, team in spec.teams.items()
        ],
        "on_arrival": [team.assign == "on_arrival" for team in teams],
        "switching_from": [team.switching_from for team in teams],
        "at_work": [always if team.at_closing == "finish" else -1 for team in teams],
        "fill": [dists.delay(team.hiring.time_to_fill) for team in teams],
        "staffed_from": [-1 if t.staffed_from is None else names.index(t.staffed_from) for t in teams],
        "absence_routed": [team.absence.routed for team in teams],
        "absence_release": [dists.duration(team.absence.release) for team in teams],
        "quota": [0 if team.quota is None else cents(team.quota.amount) for team in teams],
        "quota_months": [0 if t.quota is None else PERIOD_MONTHS[t.quota.period] for t in teams],
        "seat_offset": np.cumsum([0, *(layout.of(name) for name in names)]),
    }
    return TeamTable(
        **{name: np.array(column, dtype=np.float64) for name, column in floats.items()},
        **{name: ints(column) for name, column in whole.items()},
    )
