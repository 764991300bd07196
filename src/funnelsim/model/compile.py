"""From a scenario to the model that engines run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from funnelsim.errors import ScenarioError
from funnelsim.scenario.language.moments import DAY, moment
from funnelsim.scenario.language.people import Part, Whole, people_of
from funnelsim.scenario.language.types import Burst, ScenarioSpec, Team
from funnelsim.scenario.reading.places import path_of

from .balance.convert import stage_intercepts
from .balance.deals import check_deals
from .balance.lead_count import check_leads, spans_of
from .balance.size import check_size
from .model import Model
from .numbers.distributions import compile_dists
from .numbers.draws import name_hash24, name_hash32
from .tables.agree import check_sizes
from .tables.builder import Dists, Outcomes, Routes, Selectors, ints, shares
from .tables.customers import customer_table
from .tables.kinds import Kinds
from .tables.names import segment_names, territory_names
from .tables.people import Layout, part_table, seat_table
from .tables.prices import prices_of
from .tables.sources import outbound_table, source_table
from .tables.stages import Parts, stage_table
from .tables.tables import LimitTable, Tables
from .tables.teams import team_table
from .time.arrivals import RatePlan, burst_start, compile_rate, is_steady, spliced
from .time.calendar_rows import CalendarRows
from .time.calendars import CalendarTable

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Universe:
    """What all periods of a scenario share, so that an index means the same in each."""

    kinds: Kinds
    outcomes: Outcomes
    dists: Dists
    routes: Routes
    selectors: Selectors
    segments: list[str]
    territories: list[str]
    rows: CalendarRows
    calendars: CalendarTable
    layout: Layout


def bins(start: int, warmup: int, horizon: int) -> np.ndarray:
    """Edges of the bins of the daily series: midnights, the end of warm-up, the horizon."""
    days = range(start, horizon, DAY)
    return ints(sorted({*days, min(warmup, horizon), horizon}))


def check_hashes(scenario: Scenario, spec: ScenarioSpec) -> None:
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
                raise ScenarioError([scenario.problem((group, name), message, code="E-key-shared")])


def unified(specs: Sequence[ScenarioSpec]) -> list[ScenarioSpec]:
    """The specs of all periods with the same teams: one that a period lacks has nobody in it then.

    Equal neighbours become one object, so that a phase that changes nothing is seen to change nothing.
    """
    teams: dict[str, Team] = {}
    for spec in specs:
        for name, team in spec.teams.items():
            teams.setdefault(name, team)
    whole: list[ScenarioSpec] = []
    for spec in specs:
        people = people_of(spec.teams)
        present = {name: spec.teams.get(name) or _empty(team, name, people) for name, team in teams.items()}
        in_order = list(present.items()) == list(spec.teams.items())  # tables are in the order of the teams
        spec = spec if in_order else spec.model_copy(update={"teams": present})
        whole.append(whole[-1] if whole and whole[-1] == spec else spec)
    return whole


def _empty(team: Team, name: str, people: Mapping[str, Team]) -> Team:
    """A team with nobody in it, in a period that lacks it; ``people`` are that period's, by team or part."""
    if isinstance(team, Whole):
        parts = tuple(Part(one.name, _empty(people.get(one.name, one.team), one.name, {})) for one in team.parts)
        return team.deserted().model_copy(update={"parts": parts})
    return people.get(name, team).deserted()


def limit_table(spec: ScenarioSpec) -> LimitTable:
    """All limits."""
    return LimitTable(
        wip=ints([limit.wip for limit in spec.limits]),
        turn_away=ints([limit.full == "turn_away" for limit in spec.limits]),
        stage=ints([name in limit.stages for limit in spec.limits for name in spec.stages]),
    )


def name_tables(spec: ScenarioSpec, universe: Universe) -> dict[str, np.ndarray]:
    """What the segments and territories of one period are, among those of all.

    Where a period has none at all, whoever has one keeps it.
    """
    values = {name: universe.dists.row(segment.value) for name, segment in spec.segments.items()}
    weights = dict(spec.territories)
    upto = shares(tuple((name, weights.get(name, 0.0)) for name in universe.territories))
    return {
        "segment_value": ints([values.get(name, -1) for name in universe.segments]),
        "segment_known": ints([not values or name in values for name in universe.segments]),
        "territory_upto": np.array(upto, dtype=np.float64),
        "territory_known": ints([not weights or name in weights for name in universe.territories]),
    }


def compile_period(base: ScenarioSpec, spec: ScenarioSpec, universe: Universe) -> dict[str, Any]:
    """The tables of one period, but for those that all periods share."""
    kinds, rows = universe.kinds, universe.rows
    dists, selectors, routes = universe.dists, universe.selectors, universe.routes
    usual, working = rows.of_teams(spec)
    parts = Parts(spec, kinds, dists, routes, selectors, universe.calendars, usual, rows.default(spec))
    stages = stage_table(parts, stage_intercepts(base, spec, kinds))
    return {
        "calendars": universe.calendars,
        "kinds": kinds.table(),
        **name_tables(spec, universe),
        "sources": source_table(spec, kinds, dists, universe.segments),
        "outbound": outbound_table(spec, dists),
        "stages": stages,
        "teams": team_table(spec, dists, selectors, working, rows.always(), universe.layout),
        "parts": part_table(spec, universe.layout),
        "seats": seat_table(spec, universe.layout, universe.territories),
        "limits": limit_table(spec),
        "customers": customer_table(parts, universe.segments),
        "score_accuracy": spec.score_accuracy,
    }


def compile_periods(scenario: Scenario, specs: Sequence[ScenarioSpec], universe: Universe) -> list[Tables]:
    """The tables of all periods; equal neighbours share one. Rows of distributions mean the same in each."""
    own = [
        None if number > 0 and spec is specs[number - 1] else compile_period(scenario.base, spec, universe)
        for number, spec in enumerate(specs)
    ]
    selectors, routes = universe.selectors.table(), universe.routes.table()
    try:
        dists = universe.dists.table()
    except ValueError as error:
        raise unusable(scenario, universe.dists, specs) from error
    tables: list[Tables] = []
    for each in own:
        if each is None:
            tables.append(tables[-1])
        else:
            tables.append(Tables(**each, selectors=selectors, routes=routes, dists=dists))
    check_sizes(tables)
    return tables


def unusable(scenario: Scenario, dists: Dists, specs: Sequence[ScenarioSpec]) -> ScenarioError:
    """What is wrong with distributions that cannot be tabled, and where they stand."""
    problems = []
    for dist in dists.rows:
        try:
            compile_dists([dist])
        except ValueError as error:
            path = next((found for spec in specs if (found := path_of(dist, spec)) is not None), ())
            problems.append(
                scenario.problem(path, f"{dist.name!r} cannot be used: {error}", code="E-distribution-unfit")
            )
    return ScenarioError(problems)


def rate_plans(specs: Sequence[ScenarioSpec], starts: Sequence[int], horizon: int) -> tuple[RatePlan | None, ...]:
    """The expected rate of each source over all periods; None where leads come at no rate, or at even gaps."""
    plans: list[RatePlan | None] = []
    for name in specs[0].sources:
        pieces: list[RatePlan | None] = []
        steady = all(spec.sources[name].rate is None and is_steady(spec.sources[name]) for spec in specs)
        for at, spec in enumerate(specs):
            source = spec.sources[name]
            if at > 0 and spec is specs[at - 1]:
                pieces.append(pieces[-1])
            else:
                calendar = spec.calendars.get(source.calendar or "")
                none = steady or (source.rate is None and source.every is None)
                pieces.append(None if none else compile_rate(source, calendar, spec.start, horizon))
        plans.append(spliced(pieces, starts))
    return tuple(plans)


def bursts_of(specs: Sequence[ScenarioSpec], starts: Sequence[int], horizon: int) -> tuple[tuple[Burst, ...], ...]:
    """The bursts of each source: in each period those that begin in it and that it names."""
    start, ends = specs[0].start, [*starts[1:], horizon]
    periods = [
        (spec, -DAY * 10**6 if low == 0 else low, high)
        for spec, low, high in zip(specs, starts, ends, strict=True)
    ]
    return tuple(
        tuple(
            burst
            for spec, low, high in periods
            for burst in spec.sources[name].bursts
            if low <= burst_start(burst, start) < high
        )
        for name in specs[0].sources
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
        If two names would draw the same random numbers, a distribution cannot be tabled, or a run would have
        more leads or events than are allowed.
    """
    spec = scenario.spec
    horizon, warmup = moment(spec.start, spec.horizon), moment(spec.start, spec.warmup)
    specs = unified([period.spec for period in scenario.periods])
    starts = [0 if p.start is None else (p.start - spec.start).days * DAY for p in scenario.periods]
    rows, outcomes = CalendarRows(specs), Outcomes()
    teams = specs[0].teams
    segments, territories = segment_names(specs), territory_names(specs)
    universe = Universe(
        kinds=Kinds(specs),
        outcomes=outcomes,
        dists=Dists(),
        routes=Routes(list(spec.stages), outcomes),
        selectors=Selectors(specs),
        segments=segments,
        territories=territories,
        rows=rows,
        calendars=rows.table(spec.start, horizon),
        layout=Layout.over(specs),
    )
    for each in specs:
        check_hashes(scenario, each)
    plans = rate_plans(specs, starts, horizon)
    bursts = bursts_of(specs, starts, horizon)
    leads = check_leads(scenario, spans_of(specs, starts, horizon), plans, bursts)
    periods = compile_periods(scenario, specs, universe)
    model = Model(
        spec=spec,
        fingerprint=scenario.fingerprint,
        tables=periods[0],
        periods=tuple(zip(starts, periods, strict=True)),
        prices=tuple(prices_of(each, universe.layout) for each in specs),
        plans=plans,
        bursts=bursts,
        start=spec.start,
        horizon=horizon,
        warmup=warmup,
        edges=bins(0, warmup, horizon),
        stage_names=tuple(spec.stages),
        team_names=tuple(teams),
        part_names=tuple(part for parts in universe.layout.parts.values() for part in parts),
        source_names=tuple(spec.sources),
        segment_names=tuple(segments),
        territory_names=tuple(territories),
        outcome_names=tuple(universe.outcomes.names),
        stage_labels=tuple(stage.label or name for name, stage in spec.stages.items()),
        team_labels=tuple(team.label or name for name, team in teams.items()),
        leads=leads,
        laid=scenario.laid,
        cautions=scenario.cautions,
    )
    check_size(scenario, model)
    check_deals(scenario, model)
    return model
