"""The STRESS-DES sheet, filled from the scenario and the record of the run.

Monks, Currie, Onggo, Robinson, Kunc, Taylor (2019), Strengthening the reporting of empirical simulation studies:
Introducing the STRESS guidelines, Journal of Simulation 13(1):55-67. What only the people of a study can know is
said to be theirs to write.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from funnelsim.results.measures.kpis import kpi_indicators

from ...words import listed, numbers, say, separated

if TYPE_CHECKING:
    from funnelsim.model.model import Model
    from funnelsim.results.result import Result

    from ..given import Given

Items = list[tuple[str, str]]
NAMED = 12
"""Things that are named; of more, how many there are."""


def sheet(given: Given) -> dict[str, Items]:
    """The items of each section, in the order of the guidelines."""
    today = given.today
    assert today is not None
    return {
        "objectives": list(_objectives(given, today)),
        "logic": list(_logic(given, today.model)),
        "data": list(_data(given, today.model)),
        "experimentation": list(_experimentation(given, today)),
        "implementation": list(_implementation(today)),
        "access": [("sharing", say("report.stress.sharing", version=today.version))],
    }


def _objectives(given: Given, today: Result) -> Iterator[tuple[str, str]]:
    from .answer import question

    yield "purpose", given.about or say("report.stress.yours")
    kpis = given.comparison.question.kpis if given.comparison is not None else ("won", "bookings", "contribution")
    known = {each.name: each.label for each in kpi_indicators(today.model)}
    yield "outputs", listed([known[name] for name in kpis if name in known])
    yield "aims", question(given)


def _logic(given: Given, model: Model) -> Iterator[tuple[str, str]]:
    yield "diagram", say("report.stress.diagram")
    yield "base_logic", say("report.stress.base_logic", stages=_names(model.stage_labels))
    if len(given.lines) > 1:
        arms = [_made_of(name, each) for name, each in list(given.lines.items())[1:]]
        yield "scenario_logic", _names(arms)
    rules = dict.fromkeys(rule for team in model.spec.teams.values() for rule, _ in team.queue.rule)
    yield "algorithms", say("report.stress.algorithms", queues=separated(list(rules)) or numbers.DASH)
    yield "entities", say("report.stress.entities")
    yield "activities", _names([_worked(model, name, label) for name, label in _stages(model)])
    yield "resources", _names([_people(model, name, label) for name, label in _teams(model)])
    yield "queues", say("report.stress.queues", teams=_names(model.team_labels))
    outcomes = separated([str(each) for each in model.outcome_names])
    yield "ways", say("report.stress.ways", sources=_names(model.source_names), outcomes=outcomes)


def _made_of(name: str, result: Result) -> str:
    over = separated(result.model.laid)
    return f"{name}: {over}" if over and over != name else name


def _stages(model: Model) -> Iterator[tuple[str, str]]:
    return zip(model.stage_names, model.stage_labels, strict=True)


def _teams(model: Model) -> Iterator[tuple[str, str]]:
    return zip(model.team_names, model.team_labels, strict=True)


def _worked(model: Model, name: str, label: str) -> str:
    """A stage and who works in it."""
    called = dict(_teams(model))
    teams = dict.fromkeys(team for pool in model.spec.stages[name].team.values for team in pool or ())
    return (
        say("report.stress.stage", stage=label, teams=listed([called[each] for each in teams], "or"))
        if teams
        else label
    )


def _people(model: Model, name: str, label: str) -> str:
    return f"{label} {numbers.amount(model.spec.teams[name].headcount.first)}"


def _names(names: Sequence[str]) -> str:
    if len(names) <= NAMED:
        return separated(list(names))
    return say("report.stress.more", names=separated(list(names)[:NAMED]), number=len(names) - NAMED)


def _data(given: Given, model: Model) -> Iterator[tuple[str, str]]:
    yield "sources", say("report.stress.sources")
    yield "preprocessing", say("report.stress.none")
    yield "inputs", say("report.stress.inputs" if given.scenarios else "report.stress.inputs_file")
    yield "assumptions", say("report.stress.assumptions")


def _experimentation(given: Given, today: Result) -> Iterator[tuple[str, str]]:
    model = today.model
    warm, opening = model.warmup, model.spec.opening
    filled = bool(opening.customers or opening.leads or opening.deals)
    start = say("report.stress.opening" if filled else "report.stress.empty")
    yield (
        "initialisation",
        say("report.stress.initial", start=start, warmup=numbers.period(warm)) if warm else start,
    )
    span, day = numbers.period(model.horizon), numbers.date(model.start)
    yield "run_length", say("report.stress.length", period=span, day=day)
    yield "estimation", say("report.stress.estimation", number=f"{today.replications:,}")


def _implementation(today: Result) -> Iterator[tuple[str, str]]:
    import platform

    yield "software", say("report.stress.software", version=today.version, python=platform.python_version())
    yield "sampling", say("report.stress.sampling", seed=today.seed)
    yield "execution", say("report.stress.execution", engine=today.engine)
    yield "system", platform.platform()
