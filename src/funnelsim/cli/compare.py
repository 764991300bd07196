"""``funnelsim compare``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from funnelsim.errors import FunnelsimError
from funnelsim.views import numbers
from funnelsim.views.comparison_words import by_arm, percent, signed, together

from . import options, streams
from .engine import announce
from .frames import fitting, frame
from .progress import progress

if TYPE_CHECKING:
    from funnelsim.experiments.comparison import Comparison
    from funnelsim.experiments.judging import Finding
    from funnelsim.scenario.scenario import Scenario

TOGETHER = "+"
"""Joins levers that make one arm, as in ``cpq+hire_field``."""


@dataclass(frozen=True)
class Arms:
    """What is to be compared, as it stands on the command line."""

    files: Sequence[str]
    levers: Sequence[str]
    changed: Sequence[str]  # changes that make an arm each
    changes: Sequence[str]  # changes laid over all


@dataclass(frozen=True)
class Asked:
    """What is asked about it."""

    kpis: tuple[str, ...]
    base: str | None
    replications: int | None
    precision: float | None
    indifference: Sequence[str]
    targets: Sequence[str]


@dataclass(frozen=True)
class Computing:
    """How it is computed, and what is shown."""

    seed: int
    engine: str
    workers: int
    json: bool
    quiet: bool
    pictures: Path | None


def compare(arms: Arms, asked: Asked, computing: Computing) -> bool:
    """Compare and print; False if the user stopped it, after printing what was done."""
    from funnelsim.experiments import compare as experiments

    scenarios, kpis, replications = _scenarios(arms)
    announce(computing.engine)
    finished = True
    try:
        with progress(computing.quiet, "comparing") as shown:
            comparison = experiments.compare(
                scenarios,
                kpis=asked.kpis or kpis,
                base=asked.base,
                replications=asked.replications if asked.precision or asked.replications else replications,
                precision=asked.precision,
                seed=computing.seed,
                engine=computing.engine,
                workers=computing.workers,
                indifference=_zones(asked.indifference),
                targets=_targets(asked.targets),
                progress=shown,
            )
    except experiments.ComparisonInterrupted as stop:
        finished = False
        streams.complain([stop], "stopped")
        if stop.comparison is None:
            return False
        comparison = stop.comparison
    _show(comparison, computing)
    return finished


def _scenarios(arms: Arms) -> tuple[dict[str, Scenario], tuple[str, ...], int | None]:
    """The arms by name, and the KPIs and replications that a study names."""
    if len(arms.files) == 1 and options.is_study(arms.files[0]):
        return _study(arms)
    files = list(dict.fromkeys(arms.files))
    first = files[0]
    names = _names(files)
    made = {names[file]: options.scenario(file, None, arms.changes) for file in files}
    for lever in arms.levers:
        made[lever] = options.scenario(first, [each.strip() for each in lever.split(TOGETHER)], arms.changes)
    for what in arms.changed:
        name, change = _named(what)
        made[name] = options.changed(options.scenario(first, None, arms.changes), [change], "--arm")
    if len(made) < 2:
        raise FunnelsimError(
            "there is nothing to compare with: give a second file, a --lever, or a change with --arm PATH=VALUE"
        )
    return made, (), None


def _names(files: Sequence[str]) -> dict[str, str]:
    """Files by their names without folder and suffix, or as they were given where these are the same."""
    stems = [Path(file).stem for file in files]
    return {file: stem if stems.count(stem) == 1 else file for file, stem in zip(files, stems, strict=True)}


def _named(what: str) -> tuple[str, str]:
    """The name of an arm and its change: ``one more: teams.desk.headcount=4``; without a name the change is it."""
    path, equals, value = what.partition("=")
    name, colon, rest = path.rpartition(":")
    return (name.strip(), f"{rest.strip()}{equals}{value}") if colon and name.strip() else (what, what)


def _study(arms: Arms) -> tuple[dict[str, Scenario], tuple[str, ...], int | None]:
    from funnelsim.scenario.study import load_study

    if arms.levers or arms.changed:
        raise FunnelsimError("a study names its arms itself; --lever and --arm go with scenario files")
    study = load_study(arms.files[0])
    if len(study.arms) < 2:
        raise FunnelsimError(f"{arms.files[0]}: the study has no arms to compare; it is one for `funnelsim sweep`")
    made = {name: options.changed(scenario, arms.changes) for name, scenario in study.arms.items()}
    return made, study.spec.kpis, study.spec.replications


def _zones(given: Sequence[str]) -> float | Mapping[str, float | str] | None:
    """``2%`` for all, or ``won=5`` and ``cost=3%`` for each."""
    if not given:
        return None
    if len(given) == 1 and "=" not in given[0]:
        return options.share(given[0], "--indifference")
    zones: dict[str, float | str] = {}
    for text in given:
        kpi, value = _pair(text, "--indifference", "won=5 or cost=2%")
        zones[kpi] = value if value.endswith("%") else _amount(value, f"--indifference {text}")
    return zones


def _targets(given: Sequence[str]) -> dict[str, float | str]:
    """``won=300``, ``won>=300`` or ``cycle_time<=500``."""
    targets: dict[str, float | str] = {}
    for text in given:
        kpi, value = _pair(text, "--target", "won=300 or 'cycle_time<=500'")
        targets[kpi.rstrip("<>")] = f"{kpi[-1]}={value}" if kpi[-1] in "<>" else value
    return targets


def _pair(text: str, option: str, example: str) -> tuple[str, str]:
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (name.rstrip("<>") and equals and value):
        raise FunnelsimError(f"{option} {text}: write it as {example}")
    return name, value


def _amount(text: str, where: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise FunnelsimError(f"{where}: {text!r} is neither a number nor a share such as 2%") from None


# --- showing ------------------------------------------------------------------------------------------------


def _show(comparison: Comparison, computing: Computing) -> None:
    if computing.pictures is not None:
        computing.pictures.mkdir(parents=True, exist_ok=True)
        comparison.plot.differences().savefig(computing.pictures / "differences.png")
    if computing.json:
        streams.document(comparison.to_dict())
    else:
        _tables(streams.results(), comparison)
    if not computing.quiet:
        streams.complain(comparison.warnings, "warning")


def _tables(console: Console, comparison: Comparison) -> None:
    console.print(Text(f"Compared with {comparison.question.base}", style="bold"))
    console.print(
        f"{comparison.replications} replications of each on the same random numbers, seed {comparison.seed}, "
        f"engine {comparison.engine}\n",
        style="dim",
    )
    for name, said in by_arm(comparison):
        console.print(Text(name, style="bold"))
        for text in said:
            console.print(Padding(Text(text), (0, 0, 0, 2)))
    last = list(together(comparison))
    if last:
        console.print()
    for text in last:
        console.print(Text(text))
    for kpi in comparison.question.kpis:
        console.print()
        console.print(fitting(console, lambda interval, kpi=kpi: _differences(comparison, kpi, interval)))  # type: ignore[misc]
    console.print(Text(f"\n{comparison.method}", style="dim"))


def _differences(comparison: Comparison, kpi: str, interval: bool) -> Table:
    """One KPI: the base, and each arm's difference."""
    label = comparison.base.indicators[kpi][1].label
    table = frame(label, ("scenario", "estimate", "difference", "is best", ""))
    chances = comparison.chances[kpi]
    found = {each.arm: each for each in comparison.findings if each.kpi == kpi}
    for arm in comparison.arms:
        chance = chances[arm.name]
        table.add_row(
            Text(arm.name),
            numbers.estimate(arm.estimate(kpi).to_dict(), interval=False),
            _difference(found.get(arm.name), interval),
            numbers.DASH if chance is None else percent(chance),
            str(found[arm.name].verdict) if arm.name in found else "",
        )
    return table


def _difference(found: Finding | None, interval: bool) -> str:
    if found is None:
        return ""
    mean, low, high = found.difference.mean, found.low, found.high
    if mean is None:
        return numbers.DASH
    half = (high - low) / 2 if interval and low is not None and high is not None else None
    return signed(mean, found.base.unit, half)
