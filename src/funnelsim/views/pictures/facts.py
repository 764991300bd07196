"""What pictures show, taken out of a result: numbers and names, ready to draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funnelsim.model.records import FIXED_OUTCOMES
from funnelsim.results.words import of_lever
from funnelsim.scenario.forms.quantities import MICROSECONDS

from ..words import say
from .marking import NOTHING, Marking, Marks, teams_of

if TYPE_CHECKING:
    from funnelsim.results.estimates import Estimate
    from funnelsim.results.result import Result

WAYS = ("advanced", "moved", "lost", "expired", "rejected", "blocked", "dropped", "burned", "churned")
"""How visits to a stage end, as the stage table counts them."""


@dataclass(frozen=True)
class Station:
    """A stage as it is drawn. Leads are averages over time, flows are per month; None is unknown."""

    label: str
    team: int  # index into `Line.crews`, -1 if automated
    crew: str  # names of the teams that work here
    entered: float
    advanced: float
    conversion: float | None
    wip: float
    queue: float
    wait: float | None  # hours
    ends: tuple[float, ...]  # visits that ended, per month, by `WAYS`
    marks: Marks = NOTHING


@dataclass(frozen=True)
class Crew:
    """A team as it is drawn."""

    label: str
    headcount: float
    utilisation: float | None
    filler: float
    limit: bool
    near: bool = False  # whether it would be the limit next, where no team is
    levers: tuple[int, ...] = ()  # those of `Line.levers` that changed it


@dataclass(frozen=True)
class Line:
    """A production line as it is drawn."""

    name: str
    stations: tuple[Station, ...]
    aside: tuple[Station, ...]
    crews: tuple[Crew, ...]
    won: float  # new deals per month, of the leads that come in at the first stage
    verdict: str
    losses: tuple[tuple[str, float], ...] = ()  # leads lost per month by reason, the most frequent first
    expansions: float = 0.0  # deals with customers per month, which begin elsewhere
    levers: tuple[str, ...] = ()  # that are on, in words
    at_sources: tuple[int, ...] = ()  # those of them that changed where leads come from


def line(result: Result) -> Line:
    """The production line of a result."""
    model, summary = result.model, result.summary
    months = (model.horizon - model.warmup) / MICROSECONDS["mo"]
    limits = {evidence.team for evidence in result.limit if evidence.limits}
    loaded = [evidence.team for evidence in result.limit if evidence.load.mean is not None]
    near = loaded[0] if loaded and not limits else None
    stations: list[Station] = []
    aside: list[Station] = []
    marks = Marking(model, summary.stages)
    before: list[int] = []  # the teams of the last stage in line that has any
    for name, label in zip(model.stage_names, model.stage_labels, strict=True):
        teams = [(team, model.team_labels[team]) for team in teams_of(model, name)]
        is_aside = model.spec.stages[name].aside
        station = _station(label, teams, summary.stages[name], months, marks.of(name, [] if is_aside else before))
        (aside if is_aside else stations).append(station)
        before = teams_of(model, name) or before if not is_aside else before
    crews = [
        Crew(
            label=label,
            headcount=summary.teams[name]["headcount"].mean or 0.0,
            utilisation=summary.teams[name]["utilisation"].mean,
            filler=summary.teams[name]["filler"].mean or 0.0,
            limit=name in limits,
            near=name == near,
            levers=marks.at_team(name),
        )
        for name, label in zip(model.team_names, model.team_labels, strict=True)
    ]
    return Line(
        name=model.spec.name,
        stations=tuple(stations),
        aside=tuple(aside),
        crews=tuple(crews),
        won=(summary.kpis["won_new"].mean or 0.0) / months,
        verdict=plain(result.verdict),
        losses=_losses(result, months),
        expansions=(summary.kpis["won_expansion"].mean or 0.0) / months,
        levers=tuple(map(of_lever, marks.levers)),
        at_sources=marks.at_sources(),
    )


def plain(text: str) -> str:
    """A text of the console as pictures write it, in which commands have no marks around them."""
    return text.replace("`", "")


def _losses(result: Result, months: float) -> tuple[tuple[str, float], ...]:
    """Leads lost a month for each reason that the scenario names, and for none; nothing where it names none."""
    kpis = result.summary.kpis
    reasons = [name for name in result.model.outcome_names[len(FIXED_OUTCOMES) :] if f"lost_{name}" in kpis]
    found = [(name, (kpis[f"lost_{name}"].mean or 0.0) / months) for name in reasons if name != "lost"]
    if found and "lost_lost" in kpis:
        found.append((say("picture.funnel.no_reason"), (kpis["lost_lost"].mean or 0.0) / months))
    return tuple(sorted(found, key=lambda each: -each[1]))


def _station(
    label: str, teams: list[tuple[int, str]], stage: Mapping[str, Estimate], months: float, marks: Marks
) -> Station:
    def mean(name: str) -> float:
        return stage[name].mean or 0.0

    return Station(
        label=label,
        team=teams[0][0] if teams else -1,
        crew=" / ".join(name for _, name in teams) or say("picture.line.no_rep"),
        entered=mean("entered") / months,
        advanced=mean("advanced") / months,
        conversion=stage["conversion"].mean,
        wip=mean("wip"),
        queue=mean("queue"),
        wait=stage["wait"].mean,
        ends=tuple(mean(way) / months for way in WAYS),
        marks=marks,
    )
