"""``funnelsim sensitivity``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from rich.console import Console
from rich.table import Table
from rich.text import Text

from funnelsim.errors import FunnelsimError
from funnelsim.scenario.forms.base import unknown
from funnelsim.views.sentences import tornado as names
from funnelsim.views.sentences.comparison import verdict
from funnelsim.views.sentences.figures import kpi_name, over_time
from funnelsim.views.words import numbers, say

from . import inputs, streams
from .frames import difference, fitting, frame
from .work import attempt, hand_over

if TYPE_CHECKING:
    from funnelsim.experiments.sensitivity.indices import Sensitivity
    from funnelsim.experiments.sensitivity.tornado import Tornado
    from funnelsim.results.stamp import Stamp
    from funnelsim.scenario.scenario import Scenario
    from funnelsim.scenario.study.study import Study

    from .options import Drawn, Spread
    from .questions import Factors, Varied

POINTS = {"sobol": 64, "morris": 20}
"""Points, or ways through the ranges, where nothing is said."""

EACH = 4
"""Replications at each of them."""

METHODS = ("tornado", *POINTS)


@dataclass(frozen=True)
class _Task:
    """What is to be found out about what."""

    scenario: Scenario
    study: Study | None  # the factors; None for the revenue equation
    method: str
    kpi: str


def sensitivity(what: Varied, factors: Factors, computing: Spread, shown: Drawn) -> bool:
    """Vary, and print what came out; False if the user stopped it, after printing what was done."""
    task = _task(what, factors, shown.quiet)
    return (_tornado if task.method == "tornado" else _indices)(task, factors, computing, shown)


def _task(what: Varied, factors: Factors, quiet: bool) -> _Task:
    """What is asked, as far as that can be told before anything is run."""
    if factors.on is not None and not inputs.is_study(what.file):
        raise FunnelsimError("--on names the line on which a study is run; give a study", code="E-option-study")
    if inputs.is_study(what.file):
        if factors.vary or what.lever:
            raise FunnelsimError(
                "a study says itself what it varies; --vary and --lever go with a scenario file",
                code="E-option-study",
            )
        read = inputs.study(what.file, what.set_, quiet, factors.on, whole=True)
        scenario, study = read.base, read if read.varied else None
    else:
        scenario = what.scenario(quiet)
        study = _varied(scenario, factors.vary) if factors.vary else None
    streams.warn(() if study is None else study.warnings, quiet)
    method = factors.method or ("sobol" if study is not None else "tornado")
    if method not in METHODS:
        raise FunnelsimError(f"--method {method}: {unknown('method', method, METHODS)}", code="E-name-unknown")
    if study is None and method != "tornado":
        raise FunnelsimError(
            f"--method {method} needs factors: name them with --vary, or give a study", code="E-study-factors"
        )
    if method == "tornado" and factors.points is not None:
        raise FunnelsimError(
            "--points goes with --method sobol or morris; a tornado takes two of each factor",
            code="E-option-useless",
        )
    return _Task(scenario, study, method, factors.kpi or _kpi(scenario, study))


def _varied(scenario: Scenario, vary: Sequence[str]) -> Study:
    from funnelsim.scenario.study.study import Study

    varied = inputs.fragments(vary, "--vary")
    with inputs.of_option("--vary"):
        return Study.of(scenario, varied, design={"sobol": 2})


def _kpi(scenario: Scenario, study: Study | None) -> str:
    """What is looked at where nothing is said."""
    if study is not None and study.spec.kpis:
        return study.spec.kpis[0]
    return "revenue" if scenario.spec.segments else "won"


# --- one factor after the other -----------------------------------------------------------------------------


def _tornado(task: _Task, factors: Factors, computing: Spread, shown: Drawn) -> bool:
    from funnelsim.experiments.sensitivity import tornado

    number = factors.replications or tornado.FEWEST
    found, finished = attempt(
        "varying",
        computing,
        shown,
        lambda how: tornado.tornado(task.study or task.scenario, kpi=task.kpi, replications=number, **how),
    )
    if found is None:
        return False
    hand_over(shown, found, {"tornado": found.plot.tornado})
    if shown.json:
        streams.document(found.to_dict())
    else:
        _show_tornado(streams.results(), task, found)
    return finished


def _show_tornado(console: Console, task: _Task, found: Tornado) -> None:
    figures = {"replications": found.replications, "how": found.stamp.how}
    if found.share is None:
        _head(console, task, say("tornado.how.ends", **figures), found.stamp)
    else:
        _head(console, task, say("tornado.how.share", share=f"{found.share * 100:.3g}", **figures), found.stamp)
    title = say("tornado.head", kpi=kpi_name(task.kpi))
    console.print(fitting(console, lambda interval: _tornado_table(found, title, interval)))
    console.print(Text(f"\n{say('tornado.together')}", style="dim"))
    _over(console, task)


def _tornado_table(found: Tornado, title: str, interval: bool) -> Table:
    heads = ("command.factor", "", "command.difference", "command.share", "")
    table = frame(title, [key and say(key) for key in heads], left=2)
    today = say("tornado.as_it_is") if found.share is None else ""
    for bar in found.bars:
        for end, each in zip(bar.ends, (bar.less, bar.more), strict=True):
            named = (Text(names.factor(bar)), Text(names.end(end)))
            if each is None:
                table.add_row(*named, numbers.DASH, "", today)
            else:
                share = numbers.DASH if each.share is None else _share(each.share)
                table.add_row(*named, difference(each, interval), share, verdict(each.verdict))
    return table


def _share(share: float) -> str:
    return numbers.with_sign(share, say("unit.percent", value=f"{abs(share) * 100:.1f}"))


# --- over whole ranges --------------------------------------------------------------------------------------


def _indices(task: _Task, factors: Factors, computing: Spread, shown: Drawn) -> bool:
    from funnelsim.experiments.sensitivity import indices

    assert task.study is not None
    study, points = task.study, factors.points or POINTS[task.method]
    method = cast("Literal['sobol', 'morris']", task.method)
    found, finished = attempt(
        "varying",
        computing,
        shown,
        lambda how: indices.sensitivity(
            study,
            kpi=task.kpi,
            method=method,
            points=points,
            replications=factors.replications or EACH,
            **how,
        ),
    )
    if found is None:
        return False
    hand_over(shown, found, {"sensitivity": found.plot.indices})
    if shown.json:
        streams.document(found.to_dict())
    else:
        _show_indices(streams.results(), task, found)
    return finished


def _show_indices(console: Console, task: _Task, found: Sensitivity) -> None:
    how = say(f"indices.how.{found.method}", runs=f"{found.runs:,}", how=found.stamp.how)
    _head(console, task, how, found.stamp)
    console.print(fitting(console, lambda interval: _indices_table(task, found, interval)))
    console.print(Text(f"\n{say(f'indices.note.{found.method}')}", style="dim"))
    _over(console, task)


def _over(console: Console, task: _Task) -> None:
    """Over what time amounts of money add up."""
    varied = [] if task.study is None else [factor.name for factor in task.study.factors]
    for text in over_time([task.kpi], task.scenario.spec, varied):
        console.print(Text(text, style="dim"))


def _indices_table(task: _Task, found: Sensitivity, interval: bool) -> Table:
    main, other = say(f"indices.main.{found.method}"), say(f"indices.other.{found.method}")
    table = frame(say("indices.head", kpi=kpi_name(task.kpi)), (say("command.factor"), main, other))
    unit = "share" if found.method == "sobol" else found.unit
    for each in sorted(found.indices, key=lambda index: -max(index.main, index.other)):
        figures = [(each.main, each.low, each.high), (each.other, each.other_low, each.other_high)]
        cells = []
        for mean, low, high in figures:
            ends = (low, high) if interval else (None, None)
            cells.append(numbers.estimate({"mean": mean, "low": ends[0], "high": ends[1], "unit": unit}))
        table.add_row(Text(each.factor), *cells)
    return table


def _head(console: Console, task: _Task, said: str, stamp: Stamp) -> None:
    console.print(Text(task.scenario.name, style="bold"))
    console.print(Text(said, style="dim"))
    streams.laid(console, stamp)
