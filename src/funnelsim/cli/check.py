"""``funnelsim check``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from funnelsim.errors import FunnelsimError, HinderedError, Problem, ScenarioError, Warned, after, told_together
from funnelsim.views.sentences import roles
from funnelsim.views.words import counted, listed, numbers, say, speaking, spoken

from . import inputs, streams
from .frames import frame

if TYPE_CHECKING:
    from rich.table import Table

    from funnelsim.model.balance.convert import StageRates
    from funnelsim.model.balance.inflow import Inflow
    from funnelsim.model.balance.team_load import Loads
    from funnelsim.model.model import Model
    from funnelsim.scenario.scenario import Scenario
    from funnelsim.scenario.study.study import Study


LITTLE = 0.0005
"""A share that is no more than rounding."""


@dataclass(frozen=True)
class Report:
    """What was found in one file; without problems it has a model."""

    file: str
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Warned, ...] = ()
    model: Model | None = None
    rates: dict[str, StageRates] | None = None
    loads: Loads | None = None
    inflows: dict[str, Inflow] = field(default_factory=dict)
    study: Study | None = None
    scenario: Scenario | None = None

    @property
    def left_out(self) -> tuple[str, ...]:
        """What the expected rates and loads do not know."""
        from funnelsim.model.balance.uncounted import costs_of_waiting, left_out

        if self.model is None or self.loads is None:
            return ()
        costs = ", ".join(costs_of_waiting(self.model))
        return tuple(say(f"check.uncounted.{what}", costs=costs) for what in left_out(self.model))

    def to_dict(self) -> dict[str, Any]:
        """The part of the JSON document about this file."""
        found: dict[str, Any] = {
            "file": self.file,
            "ok": not self.problems,
            "problems": [_problem(problem) for problem in self.problems],
            "warnings": list(self.warnings),
            "warning_codes": [text.code for text in self.warnings],
        }
        if self.model is not None:
            found["scenario"] = self.model.spec.name
            found["fingerprint"] = self.model.fingerprint
        if self.scenario is not None:
            found["roles"] = roles.in_json(self.scenario.roles)
        if self.study is not None:
            found["study"] = self.study.name
            found["arms"] = {name: arm.fingerprint for name, arm in self.study.arms.items()}
            found["factors"] = [factor.name for factor in self.study.factors]
        if self.rates is not None:
            found["stages"] = {name: _stage(self, name) for name in self.rates}
        if self.inflows:
            found["sources"] = {name: asdict(each) for name, each in self.inflows.items()}
        if self.loads is not None:
            with speaking("en"):
                found["left_out"] = list(self.left_out)
            found["teams"] = {
                name: {"load": team.load, "needed": team.needed, "open": team.open, "unit": "h/mo"}
                for name, team in self.loads.teams.items()
            }
        return found


def _problem(problem: Problem) -> dict[str, Any]:
    keys = ("code", "path", "message", "file", "line", "column")
    return {key: getattr(problem, key) for key in keys}


def _stage(report: Report, name: str) -> dict[str, Any]:
    rates = (report.rates or {})[name]
    visits = None if report.loads is None else report.loads.visits[name]
    return {"average": rates.average, "arriving": rates.arriving, "visits_per_month": visits}


def check(
    files: Sequence[str], levers: list[str] | None, changes: list[str] | None, json: bool, quiet: bool
) -> bool:
    """Check files and print what was found; whether all are right."""
    reports = [examine(file, levers, changes, quiet) for file in files]
    if json:
        ok = not any(report.problems for report in reports)
        streams.document({"ok": ok, "files": [report.to_dict() for report in reports]})
    for report in reports:
        streams.complain(report.problems)
        streams.warn((after(f"{report.file}: ", text) for text in told_together(report.warnings)), quiet)
        if not json and report.study is not None:
            _show_study(streams.results(), report, report.study)
        if not json and report.model is not None:
            _show(streams.results(), report)
    if len(reports) > 1 and not json and not quiet:
        streams.messages().print(_summary(reports))
    return not any(report.problems for report in reports)


def _summary(reports: Sequence[Report]) -> Text:
    """How many of several files are right, and which are not."""
    wrong = [report.file for report in reports if report.problems]
    doubtful = sum(1 for report in reports if report.warnings)
    key = "check.both" if doubtful and wrong else "check.doubtful" if doubtful else "check.wrong"
    said = say(
        key if doubtful or wrong else "check.right",
        files=counted("check.files", len(reports)),
        right=len(reports) - len(wrong),
        doubtful=doubtful,
        wrong=len(wrong),
        names=", ".join(wrong),
    )
    return Text(said, "bold red" if wrong else "bold")


def examine(
    file: str, levers: list[str] | None = None, changes: list[str] | None = None, quiet: bool = False
) -> Report:
    """Look at one file, with levers and changes laid over it."""
    from funnelsim.model.balance import loads
    from funnelsim.model.balance.convert import rates
    from funnelsim.model.balance.inflow import inflows
    from funnelsim.model.balance.size import size_warnings
    from funnelsim.model.balance.standing import unreached
    from funnelsim.model.compile import compile_model
    from funnelsim.model.tables.kinds import Kinds

    try:
        if inputs.is_study(file):
            return _examine_study(file, levers, changes, quiet)
        scenario = inputs.scenario(file, levers, changes, quiet)
        model = compile_model(scenario)
    except ScenarioError as error:
        return Report(file, error.problems)
    except HinderedError:
        raise  # the file may be right
    except FunnelsimError as error:
        return Report(file, (Problem("", str(error), file, code=error.code),))
    expected = loads.expected(model)
    loaded = expected.warnings if expected is not None else ()
    more = (*loaded, *unreached(model), *size_warnings(model, expected))
    found = rates(model.spec, Kinds([period.spec for period in scenario.periods]), model.tables.stages.intercept)
    said = (*scenario.warnings, *more)
    return Report(file, (), said, model, found, expected, inflows(model), scenario=scenario)


def _examine_study(file: str, levers: list[str] | None, changes: list[str] | None, quiet: bool) -> Report:
    """Look at a study as `compare`, `sweep` and `optimise` would, and refuse what they refuse."""
    from funnelsim.experiments.study.checking import check_study, doubts

    if levers:
        raise FunnelsimError(
            "a study names its arms itself; --lever goes with scenario files", code="E-option-study"
        )
    study = inputs.study(file, changes, quiet)
    check_study(study)
    return Report(file, (), (*study.warnings, *doubts(study)), study=study)


def _show_study(console: Console, report: Report, study: Study) -> None:
    arms, factors = counted("check.arms", len(study.arms)), counted("check.factors", len(study.varied))
    said = say("check.study", name=study.name, arms=arms, factors=factors)
    _head(console, report.file, said, study.spec.question, study.spec.description)


def _head(console: Console, file: str, called: str, *said: Mapping[str, str]) -> None:
    """That a file is right, and what it says of itself: the first line of each text."""
    lines = [text.strip().splitlines()[0] for text in map(spoken, said) if text.strip()]
    told = "\n".join((f"  {called}", *lines, ""))
    console.print(Text.assemble(("OK ", "bold green"), file, (told, "dim")), soft_wrap=True)


def _show(console: Console, report: Report) -> None:
    model = report.model
    assert model is not None
    _head(console, report.file, model.spec.name, model.spec.description)
    if report.inflows:
        console.print(_sources(report, model))
        for text in (*_scaled(report.inflows, model), *_lost(report.inflows, model)):
            console.print(Text(text, style="dim"), soft_wrap=True)
        console.print()
    console.print(_stages(report, model))
    if report.loads is not None and report.loads.teams:
        console.print()
        console.print(_teams(report.loads, model))
    for said in report.left_out:
        console.print(Text(f"\n{said}", style="dim"))
    if report.scenario is not None:
        console.print(Text(f"\n{say('check.roles')}", style="bold"))
        for said in roles.in_words(report.scenario.roles, report.scenario.document):
            console.print(Text(said, style="dim"), soft_wrap=True)
    console.print()


def _sources(report: Report, model: Model) -> Table:
    heads = ("check.source", "check.per_month", "check.per_day", "check.per_hour")
    table = frame(say("check.sources"), tuple(map(say, heads)))
    for name, each in report.inflows.items():
        label = model.spec.sources[name].label or name
        table.add_row(Text(label), *map(numbers.amount, (each.per_month, each.per_day, each.per_hour)))
    return table


def _scaled(inflows: dict[str, Inflow], model: Model) -> Iterator[str]:
    for name, each in inflows.items():
        if each.scaled:
            rate = model.spec.sources[name].rate
            assert rate is not None
            means = [say("check.average", key=key, value=f"{value:.4g}") for key, value in each.scaled.items()]
            yield say("check.scaled", name=name, means=listed(means), rate=f"{rate.amount:g}", unit=rate.unit)


def _lost(inflows: dict[str, Inflow], model: Model) -> Iterator[str]:
    for name, each in inflows.items():
        source = model.spec.sources[name]
        if each.lost > LITTLE and source.rate is not None:
            yield say(
                "check.lost",
                name=name,
                rate=f"{source.rate.amount:g}",
                unit=source.rate.unit,
                share=numbers.percent(each.lost),
                calendar=source.calendar,
            )


def _stages(report: Report, model: Model) -> Table:
    heads = ("run.stage", "check.per_month", "check.advances", "check.those")
    table = frame(say("check.expected"), tuple(map(say, heads)))
    for name, label in zip(model.stage_names, model.stage_labels, strict=True):
        rates = (report.rates or {}).get(name)
        visits = None if report.loads is None else report.loads.visits[name]
        table.add_row(
            Text(say("run.stage.aside", stage=label) if model.spec.stages[name].aside else label),
            numbers.DASH if visits is None else numbers.amount(visits),
            numbers.DASH if rates is None else numbers.percent(rates.average),
            numbers.DASH if rates is None else numbers.percent(rates.arriving),
        )
    return table


def _teams(loads: Loads, model: Model) -> Table:
    table = frame("", tuple(map(say, ("run.team", "check.load", "check.needed", "check.open"))))
    labels = dict(zip(model.team_names, model.team_labels, strict=True))
    for name, team in loads.teams.items():
        label = labels[name]
        load = numbers.DASH if team.load is None else numbers.percent(team.load)
        style = "bold red" if team.load is not None and team.load > 1 else ""
        table.add_row(Text(label), Text(load, style), numbers.amount(team.needed), numbers.amount(team.open))
    return table
