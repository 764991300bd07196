"""From a scenario to the model that engines run."""

from __future__ import annotations

import calendar as weeks
import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from funnelsim.errors import Problem, ScenarioError
from funnelsim.scenario.quantities import MICROSECONDS, Duration
from funnelsim.scenario.types import Readiness, ScenarioSpec

from .arrivals import compile_rate
from .builder import Dists, Outcomes, Routes, Selectors, cents, ints, shares
from .calendars import CalendarTable, compile_calendars, with_absences
from .convert import stage_intercepts
from .draws import name_hash24, name_hash32
from .kinds import Kinds
from .model import Model
from .stage_table import Parts, stage_table
from .tables import LimitTable, OutboundTable, SourceTable, Tables
from .team_table import seat_table, team_table

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario

DAY = MICROSECONDS["d"]


def moment(start: dt.date, duration: Duration) -> int:
    """Microseconds from ``start`` to the end of a duration counted in calendar months and years."""
    months = duration.amount * {"mo": 1, "y": 12}.get(duration.unit, 0)
    if months and months == int(months):
        year, month = divmod(start.year * 12 + start.month - 1 + int(months), 12)
        day = min(start.day, weeks.monthrange(year, month + 1)[1])
        return (dt.date(year, month + 1, day) - start).days * DAY
    return duration.microseconds


def bins(start: int, warmup: int, horizon: int) -> np.ndarray:
    """Edges of the bins of the daily series: midnights, the end of warm-up, the horizon."""
    days = range(start, horizon, DAY)
    return ints(sorted({*days, min(warmup, horizon), horizon}))


def check_hashes(spec: ScenarioSpec) -> None:
    """Refuse names that would share their random numbers."""
    for group, entries, digest in (
        ("stages", spec.stages, name_hash24),
        ("sources", spec.sources, name_hash32),
        ("teams", spec.teams, name_hash32),
    ):
        seen: dict[int, str] = {}
        for name, entry in entries.items():
            other = seen.setdefault(digest(entry.key or name), name)
            if other != name:
                message = f"draws the same random numbers as {other!r}; give one of them another `key`"
                raise ScenarioError([Problem(f"{group}.{name}", message)])


def team_calendars(spec: ScenarioSpec) -> tuple[list[str], list[int], int]:
    """Names of the calendar rows, the row of each team, and the row business days count in without a team."""
    names = [*spec.calendars, "always"]
    default = 0
    rows = [default if team.calendar is None else names.index(team.calendar) for team in spec.teams.values()]
    return names, rows, default


def less_dates_off(
    spec: ScenarioSpec, table: CalendarTable, rows: list[int]
) -> tuple[CalendarTable, list[int]]:
    """Calendars with a row more for each team that has dates off, and the row each team works by."""
    off = {
        name: [((a - spec.start).days * DAY, ((b - spec.start).days + 1) * DAY) for a, b in team.absence.dates]
        for name, team in spec.teams.items()
        if team.absence.dates
    }
    of_team = dict(zip(spec.teams, rows, strict=True))
    if not off:
        return table, rows
    table, new = with_absences(table, [(of_team[name], spans) for name, spans in off.items()])
    of_team.update(zip(off, new, strict=True))
    return table, list(of_team.values())


def source_table(spec: ScenarioSpec, kinds: Kinds, dists: Dists) -> SourceTable:
    """All sources."""
    stages = list(spec.stages)
    segments = tuple((name, segment.share) for name, segment in spec.segments.items()) or (("all", 1.0),)
    sources = list(spec.sources.values())
    mixes = [dict(source.mix) if source.mix is not None else dict(segments) for source in sources]
    ready = [ready_shares(source.readiness) for source in sources]
    return SourceTable(
        entity=ints([name_hash32(source.key or name) for name, source in spec.sources.items()]),
        quality=np.array([source.quality for source in sources], dtype=np.float64),
        batch=ints([dists.row(source.batch) for source in sources]),
        every=ints([dists.row(source.every) for source in sources]),
        mix=np.array([u for mix in mixes for u in shares(tuple((n, mix.get(n, 0.0)) for n, _ in segments))]),
        ready=np.array([at[0] for at in ready], dtype=np.float64),
        later=np.array([at[1] for at in ready], dtype=np.float64),
        ready_time=ints([dists.row(source.readiness.time) for source in sources]),
        to=ints([stages.index(name or stages[0]) for source in sources for name in kinds.resolve(source.to)]),
        cost=ints([cents(source.cost) for source in sources]),
    )


def outbound_table(spec: ScenarioSpec, dists: Dists) -> OutboundTable:
    """Sources worked by a team."""
    sources = list(spec.sources.values())
    teams = list(spec.teams)
    cooling = [source.cooling or Duration(0, "d") for source in sources]
    return OutboundTable(
        team=ints([-1 if source.team is None else teams.index(source.team) for source in sources]),
        effort=ints([dists.row(source.effort) for source in sources]),
        gain=np.array([source.yield_ or 0.0 for source in sources], dtype=np.float64),
        market=ints([source.market or 0 for source in sources]),
        cooling=ints([duration.microseconds for duration in cooling]),
    )


def ready_shares(readiness: Readiness) -> list[float]:
    """Cumulative shares of ready, later and never."""
    weights = (("ready", readiness.ready), ("later", readiness.later), ("never", readiness.never))
    return shares(weights)


def limit_table(spec: ScenarioSpec) -> LimitTable:
    """All limits."""
    return LimitTable(
        wip=ints([limit.wip for limit in spec.limits]),
        turn_away=ints([limit.full == "turn_away" for limit in spec.limits]),
        stage=ints([name in limit.stages for limit in spec.limits for name in spec.stages]),
    )


def compile_model(scenario: Scenario) -> Model:
    """Compile a scenario.

    Parameters
    ----------
    scenario : Scenario
        A validated scenario.

    Returns
    -------
    Model
        Tables of numbers, and the names their indices stand for.

    Raises
    ------
    ScenarioError
        If two names would draw the same random numbers.
    """
    spec = scenario.spec
    check_hashes(spec)
    horizon = moment(spec.start, spec.horizon)
    warmup = moment(spec.start, spec.warmup)
    names, team_row, default = team_calendars(spec)
    calendars = compile_calendars([spec.calendars.get(name) for name in names], spec.start, horizon)
    calendars, working = less_dates_off(spec, calendars, team_row)
    kinds, dists, outcomes, selectors = Kinds(spec), Dists(), Outcomes(), Selectors(spec)
    routes = Routes(list(spec.stages), outcomes)
    parts = Parts(spec, kinds, dists, routes, selectors, calendars, team_row, default)
    stages = stage_table(parts, stage_intercepts(scenario.base, spec, kinds))
    tables = Tables(
        calendars=calendars,
        kinds=kinds.table(),
        segment_value=ints([dists.row(s.value) for s in spec.segments.values()] or [-1]),
        territory_upto=np.array(shares(spec.territories) if spec.territories else [], dtype=np.float64),
        sources=source_table(spec, kinds, dists),
        outbound=outbound_table(spec, dists),
        stages=stages,
        teams=team_table(spec, dists, selectors, working),
        seats=seat_table(spec),
        limits=limit_table(spec),
        score_accuracy=spec.score_accuracy,
        selectors=selectors.table(),
        routes=routes.table(),
        dists=dists.table(),
    )
    plans = tuple(
        None
        if source.rate is None
        else compile_rate(source, spec.calendars.get(source.calendar or ""), spec.start, horizon)
        for source in spec.sources.values()
    )
    return Model(
        spec=spec,
        fingerprint=scenario.fingerprint,
        tables=tables,
        plans=plans,
        start=spec.start,
        horizon=horizon,
        warmup=warmup,
        edges=bins(0, warmup, horizon),
        stage_names=tuple(spec.stages),
        team_names=tuple(spec.teams),
        source_names=tuple(spec.sources),
        segment_names=tuple(spec.segments) or ("all",),
        territory_names=tuple(name for name, _ in spec.territories),
        outcome_names=tuple(outcomes.names),
        stage_labels=tuple(stage.label or name for name, stage in spec.stages.items()),
        team_labels=tuple(team.label or name for name, team in spec.teams.items()),
    )
