"""The table of stages: every value of a stage, resolved for every kind of lead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from funnelsim.scenario.checking.routes import booking, won_before
from funnelsim.scenario.forms.quantities import ByKind, Dist, Weights
from funnelsim.scenario.language.types import Concession, Decay, ScenarioSpec, Stage

from ..numbers.arithmetic import log
from ..numbers.distributions import mean
from ..numbers.draws import name_hash24
from ..time.calendars import CalendarTable
from .builder import Dists, Routes, Selectors, ints
from .kinds import Kinds
from .tables import ConcessionTable, StageTable

JOINT_WHEN = ("first", "last", "all")
NO_DECAY = Decay.model_construct()


@dataclass(frozen=True)
class Parts:
    """The growing tables that stages put rows into, and what they look names up in."""

    spec: ScenarioSpec
    kinds: Kinds
    dists: Dists
    routes: Routes
    selectors: Selectors
    calendars: CalendarTable
    team_calendar: Sequence[int]
    default_calendar: int


def line(spec: ScenarioSpec) -> list[str]:
    """Names of the stages in line order, those aside left out."""
    return [name for name, stage in spec.stages.items() if not stage.aside]


def following(spec: ScenarioSpec) -> dict[str, Weights]:
    """Where leads that advance go from each stage that does not say so."""
    in_line = line(spec)
    after = dict(pairwise([*in_line, "end"]))
    return {name: ((after.get(name, "end"), 1.0),) for name in spec.stages}


def decay_code(decay: Decay | None) -> int:
    """0 without decay, 1 with a half-life, 2 with a power law."""
    if decay is None or (decay.half_life is None and decay.scale is None):
        return 0
    return 1 if decay.half_life is not None else 2


def stage_table(parts: Parts, intercepts: list[float]) -> StageTable:
    """All stages of a scenario; ``intercepts`` [S, K] come from the `convert` solve."""
    stages = list(parts.spec.stages.values())
    chances = _cells(parts, [stage.convert for stage in stages], float)
    limits = [[i for i, at in enumerate(parts.spec.limits) if name in at.stages] for name in parts.spec.stages]
    return StageTable(
        **_by_stage(parts),
        limit_offset=ints(np.cumsum([0, *map(len, limits)])),
        limit_list=ints([limit for row in limits for limit in row]),
        **_teams(parts, stages),
        **_handoffs(parts, stages),
        **_times(parts, stages),
        **_odds(parts, stages),
        **_ways(parts),
        discount=_concession(_cells(parts, [s.concessions for s in stages], lambda c: c.discount), chances),
        promise=_concession(_cells(parts, [s.concessions for s in stages], lambda c: c.promise), chances),
        intercept=np.array(intercepts, dtype=np.float64),
    )


def _by_stage(parts: Parts) -> dict[str, Any]:
    """Columns with one value a stage."""
    spec, routes = parts.spec, parts.routes
    stages = list(spec.stages.values())
    books, before = booking(spec), won_before(spec)
    return {
        "word": ints([name_hash24(stage.key or name) << 8 for name, stage in spec.stages.items()]),
        "any_rep": ints([stage.continuity == "any_rep" for stage in stages]),
        "accept": ints([parts.selectors.row(stage.accept) for stage in stages]),
        "aside": ints([stage.aside for stage in stages]),
        "books": ints([name in books for name in spec.stages]),
        "won_before": ints([before.get(name, False) for name in spec.stages]),
        "notice": ints([-1 if s.nurtures is None else s.nurtures.notice.microseconds for s in stages]),
        "on_rejected": ints([routes.row(stage.on.rejected) for stage in stages]),
        "on_expired": ints([routes.row(stage.on.expired) for stage in stages]),
        "on_blocked": ints([routes.row(stage.on.blocked) for stage in stages]),
        "on_dropped": ints([routes.row(stage.on.dropped) for stage in stages]),
    }


def _cells(parts: Parts, values: list[ByKind[Any]], column: Callable[[Any], Any]) -> list[Any]:
    """One number for each stage and kind, laid flat."""
    return [column(value) for by_kind in values for value in parts.kinds.resolve(by_kind)]


def _teams(parts: Parts, stages: list[Stage]) -> dict[str, Any]:
    """Who works on a stage, and with whom."""
    order = {name: index for index, name in enumerate(parts.spec.teams)}
    teams = _cells(parts, [stage.team for stage in stages], lambda names: [order[name] for name in names])
    joints = _cells(parts, [stage.with_ for stage in stages], lambda joint: joint)
    return {
        "team_offset": ints(np.cumsum([0, *map(len, teams)])[:-1]),
        "team_count": ints([len(names) for names in teams]),
        "team_list": ints([team for names in teams for team in names]),
        "calendar": ints([parts.team_calendar[t[0]] if t else parts.default_calendar for t in teams]),
        "joint_team": ints([-1 if joint is None else order[joint.team] for joint in joints]),
        "joint_when": ints([0 if joint is None else JOINT_WHEN.index(joint.touches) for joint in joints]),
        "joint_keeps": np.array([-1.0 if j is None or j.keeps is None else j.keeps for j in joints]),
    }


def _handoffs(parts: Parts, stages: list[Stage]) -> dict[str, Any]:
    """What a change of team takes."""
    dists = parts.dists
    handoffs = _cells(parts, [stage.handoff for stage in stages], lambda handoff: handoff)
    return {
        "delay": ints([dists.delay(handoff.delay) for handoff in handoffs]),
        "dropout": np.array([handoff.dropout for handoff in handoffs], dtype=np.float64),
        "keeps": np.array([handoff.keeps for handoff in handoffs], dtype=np.float64),
        "give": ints([dists.row(handoff.give) for handoff in handoffs]),
        "take": ints([dists.row(handoff.take) for handoff in handoffs]),
        "meeting": ints([dists.row(handoff.joint) for handoff in handoffs]),
    }


def _times(parts: Parts, stages: list[Stage]) -> dict[str, Any]:
    """Touches and all lengths of time."""
    dists = parts.dists
    efforts = _cells(parts, [stage.effort for stage in stages], lambda dist: dist)
    calendars = _teams(parts, stages)["calendar"]
    day = parts.calendars.day_hours
    return {
        "touches": ints(_cells(parts, [s.touches for s in stages], dists.row)),
        "effort": ints([dists.row(effort) for effort in efforts]),
        "effort_mean": np.array([mean_us(e, day[c]) for e, c in zip(efforts, calendars, strict=True)]),
        "gap": ints(_cells(parts, [s.gap for s in stages], dists.delay)),
        "decision_advanced": ints(_cells(parts, [s.decision for s in stages], lambda d: dists.delay(d.advanced))),
        "decision_lost": ints(_cells(parts, [s.decision for s in stages], lambda d: dists.delay(d.lost))),
        "patience": ints(_cells(parts, [s.patience for s in stages], dists.row)),
        "timeout": ints(_cells(parts, [s.timeout for s in stages], dists.duration)),
        "sla": ints(_cells(parts, [s.sla for s in stages], dists.duration)),
    }


def mean_us(effort: Dist, business_day: float) -> float:
    """Mean effort in microseconds."""
    return float(mean(effort)) * (float(business_day) if effort.unit == "bd" else 1.0)


def _odds(parts: Parts, stages: list[Stage]) -> dict[str, Any]:
    """What decides the outcome."""

    def floats(values: list[ByKind[Any]], column: Callable[[Any], float]) -> np.ndarray:
        return np.array(_cells(parts, values, column), dtype=np.float64)

    decays = _cells(parts, [stage.decay for stage in stages], lambda decay: decay or NO_DECAY)
    unready = [stage.unready for stage in stages]
    return {
        "quality_weight": floats([s.quality_weight for s in stages], float),
        "context_weight": floats([s.context_weight for s in stages], float),
        "rework": floats([s.rework for s in stages], float),
        "decay": ints([decay_code(decay) for decay in decays]),
        "decay_floor": np.array([decay.floor for decay in decays], dtype=np.float64),
        "decay_scale": ints([(d.half_life or d.scale).microseconds if decay_code(d) else 1 for d in decays]),
        "decay_power": np.array([decay.power for decay in decays], dtype=np.float64),
        "odds_later": floats(unready, lambda u: log(u.later)),
        "odds_never": floats(unready, lambda u: log(u.never)),
        "burned": floats(unready, lambda u: u.burned),
        "lift": floats([s.lift for s in stages], log),
    }


def _concession(cells: list[Concession | None], chances: list[float]) -> ConcessionTable:
    """One concession in every stage and kind; ``chances`` are the shares that advance there."""
    given = [concession or Concession() for concession in cells]
    pressed = [c.share if c.under_pressure is None else c.under_pressure for c in given]
    columns = {
        "share": [c.share for c in given],
        "under_pressure": pressed,
        "discount": [c.discount for c in given],
        "odds": [log(c.odds_at(chance)) for c, chance in zip(given, chances, strict=True)],
        "onboarding": [c.onboarding for c in given],
        "health": [c.health for c in given],
        "pulls": [c.pulls_forward.share for c in given],
    }
    floats = {name: np.array(column, dtype=np.float64) for name, column in columns.items()}
    return ConcessionTable(**floats, sooner=ints([c.pulls_forward.by.microseconds for c in given]))


def _ways(parts: Parts) -> dict[str, Any]:
    """Where leads go from each stage."""
    spec, routes = parts.spec, parts.routes
    usual = following(spec)
    onward = [
        usual[name] if written is None else written
        for name, stage in spec.stages.items()
        for written in parts.kinds.resolve(stage.next)
    ]
    return {
        "next": ints([routes.row(destinations) for destinations in onward]),
        "otherwise": ints(_cells(parts, [s.otherwise for s in spec.stages.values()], routes.row)),
        "at_most": ints(_cells(parts, [s.at_most for s in spec.stages.values()], lambda n: n or 0)),
        "likely": ints([max(routes.likeliest(destinations), -1) for destinations in onward]),
    }
