"""``funnelsim report``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funnelsim.disk import STORE_BEGINS
from funnelsim.errors import FunnelsimError

from .. import inputs, streams
from ..arms import gather
from ..compare import verified
from ..work import attempt, typed

if TYPE_CHECKING:
    from funnelsim.experiments.asking.beforehand import Beforehand
    from funnelsim.scenario.scenario import Scenario
    from funnelsim.views.report.given import Given
    from funnelsim.views.report.making import Files

    from ..options import Shown, Spread
    from .asked import Reported, Wanted


def report(arms: Reported, wanted: Wanted, computing: Spread, shown: Shown) -> bool:
    """Run what is asked and write the report; False if the user stopped it, after writing what was done."""
    from funnelsim.views.report import making

    files = _files(wanted)
    files.check()
    if any(map(_is_store, arms.files)):
        given, finished = _stored(arms, wanted), True
    else:
        found = _run(arms, wanted, computing, shown)
        if found is None:
            return False
        given, finished = found
    missing = making.write(replace(given, title=wanted.title or given.title, command=typed()), files)
    streams.warn([*given.warnings, *missing], shown.quiet)
    _tell(files, shown)
    return finished


def _files(wanted: Wanted) -> Files:
    from funnelsim.views.report.making import Files

    only = tuple(name.strip() for name in (wanted.only or "").split(",") if name.strip())
    return Files(wanted.out, wanted.pdf, wanted.xlsx, wanted.figures, only)


def _tell(files: Files, shown: Shown) -> None:
    """What was written: alone on its lines, for scripts."""
    written = [str(path) for path in files.all]
    if shown.json:
        streams.document({"written": written, "figures": None if files.figures is None else str(files.figures)})
        return
    for path in written:
        streams.results().print(path, soft_wrap=True)


# --- run stores -----------------------------------------------------------------------------------------------


def _is_store(file: str) -> bool:
    try:
        with Path(file).open("rb") as opened:
            return opened.read(len(STORE_BEGINS)) == STORE_BEGINS
    except (OSError, ValueError):
        return False


def _stored(arms: Reported, wanted: Wanted) -> Given:
    """What a run store holds; nothing is run."""
    from funnelsim.views.report.given import Given
    from funnelsim.views.report.stored import Stored

    if len(arms.files) > 1:
        raise FunnelsimError("a report is about one run store; give it alone", code="E-store-alone")
    given: dict[str, object] = {
        "--lever": arms.lever,
        "--arm": arms.arm,
        "--set": arms.set_,
        "--at": arms.at,
        "--on": arms.on,
    }
    given |= {"--what-if": wanted.what_if, "--replications": wanted.replications, "--kpi": wanted.kpi}
    idle = [option for option, value in given.items() if value]
    if idle:
        raise FunnelsimError(
            f"of a run store nothing is run, so {' and '.join(idle)} would have no effect", code="E-option-useless"
        )
    return Given(Stored.read(arms.files[0]))


# --- runs and comparisons ----------------------------------------------------------------------------------


def _run(arms: Reported, wanted: Wanted, computing: Spread, shown: Shown) -> tuple[Given, bool] | None:
    vary = inputs.fragments(wanted.what_if, "--what-if")
    several = len(arms.files) > 1 or bool(arms.lever or arms.arm) or inputs.is_study(arms.files[0])
    found = (_compared if several else _single)(arms, wanted, vary, computing, shown)
    if found is None:
        return None
    given, finished = found
    if not (vary and finished):
        return found
    base = next(iter(given.scenarios.values()))
    asked, finished = _beforehand(base, vary, wanted, computing, shown)
    return replace(given, asked=asked), finished


def _single(
    arms: Reported, wanted: Wanted, vary: Mapping[str, Any], computing: Spread, shown: Shown
) -> tuple[Given, bool] | None:
    from funnelsim.experiments.running.replications import simulate
    from funnelsim.views.report.given import Given

    if arms.at or arms.on:
        raise FunnelsimError("--at and --on go with a study; with a scenario use --set", code="E-option-study")
    if wanted.kpi and not vary:
        raise FunnelsimError(
            "--kpi says what is compared or asked about: give several scenarios, or --what-if; a report on one "
            "line has all its KPIs",
            code="E-option-useless",
        )
    scenario = inputs.scenario(arms.files[0], None, arms.set_, shown.quiet)
    _check_grid(scenario, vary)
    result, finished = attempt(
        "simulating", computing, shown, lambda how: simulate(scenario, replications=wanted.replications, **how)
    )
    return None if result is None else (Given(result, scenarios={scenario.name: scenario}), finished)


def _compared(
    arms: Reported, wanted: Wanted, vary: Mapping[str, Any], computing: Spread, shown: Shown
) -> tuple[Given, bool] | None:
    from funnelsim.experiments.comparison.compare import compare
    from funnelsim.views.report.given import Given

    gathered = gather(arms, shown.quiet)
    study = None if gathered.study is None else gathered.study.spec
    scenarios = _called(gathered.scenarios, arms.lever or ())
    _check_grid(next(iter(gathered.scenarios.values())), vary)
    number = wanted.replications if wanted.replications is not None or study is None else study.replications
    comparison, finished = attempt(
        "comparing",
        computing,
        shown,
        lambda how: compare(
            scenarios,
            kpis=wanted.kpi or (study.kpis if study else ()),
            replications=number,
            same=study.same if study else None,
            **how,
        ),
    )
    if comparison is None:
        return None
    given = Given(comparison, scenarios=scenarios)
    if gathered.study is None or study is None:
        return given, finished
    given = replace(given, title=study.study, question=study.question)
    if not (finished and study.predicts):
        return given, finished
    found, finished = verified(gathered.study, comparison.replications, None, computing, shown)
    return replace(given, verification=found), finished


def _called(scenarios: Mapping[str, Scenario], levers: Sequence[str]) -> dict[str, Scenario]:
    """Scenarios by the names that a reader knows: one under a lever by the title of that."""
    from funnelsim.scenario.changing.levers import find
    from funnelsim.views.report.sections.trust import title

    made: dict[str, Scenario] = {}
    for name, scenario in scenarios.items():
        called = name
        if name in levers:
            with suppress(FunnelsimError):  # several levers together have no title
                called = title(find(name, scenario.folder, anywhere=True))
        made[called if called not in made and called not in scenarios else name] = scenario
    return made


def _check_grid(scenario: Scenario, vary: Mapping[str, Any]) -> None:
    """Refuse too many what-if questions before anything is run."""
    if vary:
        from funnelsim.experiments.asking.beforehand import grid_of

        with inputs.of_option("--what-if"):
            grid_of(scenario, vary)


def _beforehand(
    base: Scenario, vary: Mapping[str, Any], wanted: Wanted, computing: Spread, shown: Shown
) -> tuple[Beforehand | None, bool]:
    from funnelsim.experiments.asking.beforehand import ask_beforehand

    return attempt(
        "answering what-if questions",
        computing,
        shown,
        lambda how: ask_beforehand(base, vary, kpis=wanted.kpi or (), replications=wanted.replications, **how),
    )
