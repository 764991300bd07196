"""``funnelsim diagnose``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from funnelsim.errors import FunnelsimError
from funnelsim.views import numbers
from funnelsim.views.comparison_words import signed
from funnelsim.views.diagnosis_words import HEADS

from . import options, streams
from .engine import announce
from .frames import fitting, frame
from .progress import progress

if TYPE_CHECKING:
    from funnelsim.experiments.diagnosis import Diagnosis, Focus
    from funnelsim.experiments.judging import Finding
    from funnelsim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Computing:
    """How it is computed, and what is shown."""

    replications: int
    seed: int
    engine: str
    workers: int
    json: bool
    quiet: bool
    pictures: Path | None


def diagnose(scenario: Scenario, tolerance: Sequence[str], equation: bool, computing: Computing) -> bool:
    """Diagnose and print; False if the user stopped it, after printing the steps that were done."""
    from funnelsim.experiments import diagnose as experiments

    announce(computing.engine)
    finished = True
    try:
        with progress(computing.quiet, "diagnosing") as shown:
            diagnosis = experiments.diagnose(
                scenario,
                replications=computing.replications,
                seed=computing.seed,
                engine=computing.engine,
                workers=computing.workers,
                tolerance=_tolerances(tolerance),
                equation=equation,
                progress=shown,
            )
    except experiments.DiagnosisInterrupted as stop:
        finished = False
        streams.complain([stop], "stopped")
        if stop.diagnosis is None:
            return False
        diagnosis = stop.diagnosis
    _show(diagnosis, computing)
    return finished


def _tolerances(given: Sequence[str]) -> dict[str, float]:
    """``meet=45%`` for each."""
    found = {}
    for text in given:
        stage, equals, value = (part.strip() for part in text.partition("="))
        if not (stage and equals and value):
            raise FunnelsimError(f"--tolerance {text}: write it as STAGE=SHARE, such as meet=45%")
        found[stage] = options.share(value, f"--tolerance {text}")
    return found


def _show(diagnosis: Diagnosis, computing: Computing) -> None:
    if computing.pictures is not None:
        computing.pictures.mkdir(parents=True, exist_ok=True)
        diagnosis.plot.steps().savefig(computing.pictures / "diagnosis.png")
        tornado = diagnosis.plot.tornado()
        if tornado is not None:
            tornado.savefig(computing.pictures / "tornado.png")
    if computing.json:
        streams.document(diagnosis.to_dict())
    else:
        _print(streams.results(), diagnosis)
    if not computing.quiet:
        streams.complain(diagnosis.warnings, "warning")


def _print(console: Console, diagnosis: Diagnosis) -> None:
    console.print(Text(diagnosis.base.model.spec.name, style="bold"))
    console.print(
        f"{diagnosis.replications} replications of each on the same random numbers, seed {diagnosis.seed}, "
        f"engine {diagnosis.engine}\n",
        style="dim",
    )
    for name, said in diagnosis.words.items():
        console.print(Text(HEADS[name], style="bold"))
        for text in said:
            console.print(Padding(Text(text), (0, 0, 0, 2)))
    for focus in diagnosis.focus:
        console.print()
        console.print(fitting(console, lambda interval, focus=focus: _step(focus, interval)))  # type: ignore[misc]
    console.print(
        Text(
            "\nLeads a month that come through the whole line, and contribution over the time that counts, more "
            "than without the change; the intervals of each step hold together in 95 % of experiments (Student's "
            "t on paired differences, Bonferroni; more and less by Holm's procedure).",
            style="dim",
        )
    )


def _step(focus: Focus, interval: bool) -> Table:
    """One step: what each change gives, and what it costs."""
    money = any(each.money is not None for each in focus.trials)
    columns = ["change", "through the line", "", *(["contribution", "costs a month"] if money else [])]
    table = frame(HEADS[focus.name], columns)
    for each in focus.trials:
        row: list[Text | str] = [Text(each.name), _difference(each.through, interval), str(each.through.verdict)]
        if each.money is not None:
            row += [_difference(each.money, interval), signed(each.cost, each.money.base.unit)]
        table.add_row(*row)
    return table


def _difference(found: Finding, interval: bool) -> str:
    mean, low, high = found.difference.mean, found.low, found.high
    if mean is None:
        return numbers.DASH
    half = (high - low) / 2 if interval and low is not None and high is not None else None
    return signed(mean, found.base.unit, half)
