"""``funnelsim diagnose``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from funnelsim.errors import FunnelsimError
from funnelsim.views.sentences.changes import change_name
from funnelsim.views.sentences.comparison import verdict
from funnelsim.views.sentences.diagnosis import head
from funnelsim.views.words import numbers, say

from . import inputs, streams
from .frames import difference, fitting, frame
from .work import attempt, hand_over

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.judging import Finding
    from funnelsim.experiments.diagnosis.result import Diagnosis, Focus
    from funnelsim.scenario.scenario import Scenario

    from .options import Drawn, Spread
    from .questions import Steps


def diagnose(scenario: Scenario, steps: Steps, computing: Spread, shown: Drawn) -> bool:
    """Diagnose and print; False if the user stopped it, after printing the steps that were done."""
    from funnelsim.experiments.diagnosis import diagnose as experiments

    tolerance = _tolerances(steps.tolerance or ())
    diagnosis, finished = attempt(
        "diagnosing",
        computing,
        shown,
        lambda how: experiments.diagnose(
            scenario, replications=steps.replications, tolerance=tolerance, equation=steps.equation, **how
        ),
    )
    if diagnosis is not None:
        _show(diagnosis, scenario, shown)
    return finished


def _tolerances(given: Sequence[str]) -> dict[str, float]:
    """``meet=45%`` for each."""
    found = {}
    for text in given:
        stage, equals, value = (part.strip() for part in text.partition("="))
        if not (stage and equals and value):
            raise FunnelsimError(
                f"--tolerance {text}: write it as STAGE=SHARE, such as meet=45%", code="E-option-form"
            )
        found[stage] = inputs.share(value, f"--tolerance {text}")
    return found


def _show(diagnosis: Diagnosis, scenario: Scenario, shown: Drawn) -> None:
    pictures = {"diagnosis": diagnosis.plot.steps, "tornado": diagnosis.plot.tornado}
    hand_over(shown, diagnosis, pictures, scenarios={scenario.name: scenario})
    if shown.json:
        streams.document(diagnosis.to_dict())
    else:
        _print(streams.results(), diagnosis)
    streams.warn(diagnosis.warnings, shown.quiet)


def _print(console: Console, diagnosis: Diagnosis) -> None:
    console.print(Text(diagnosis.base.model.spec.name, style="bold"))
    how = say("command.diagnose.how", counted=diagnosis.counted, how=diagnosis.stamp.how)
    console.print(how, style="dim")
    streams.laid(console, diagnosis.stamp)
    for name, said in diagnosis.words.items():
        console.print(Text(head(name), style="bold"))
        for text in said:
            console.print(Padding(Text(text), (0, 0, 0, 2)))
    for focus in diagnosis.focus:
        console.print()
        console.print(fitting(console, lambda interval, focus=focus: _step(focus, interval)))  # type: ignore[misc]
    console.print(Text(f"\n{say('command.diagnose.method')}", style="dim"))


def _step(focus: Focus, interval: bool) -> Table:
    """One step: what each change gives, and what it costs."""
    money = any(each.money is not None for each in focus.trials)
    columns = [say("command.diagnose.change"), say("command.diagnose.through"), ""]
    columns += [say(f"command.diagnose.{each}") for each in ("bookings", "contribution", "cost")] if money else []
    table = frame(head(focus.name), columns)
    for each in focus.trials:
        row: list[Text | str] = [
            Text(change_name(each.name)),
            difference(each.through, interval),
            verdict(each.through.verdict),
        ]
        if each.money is not None:
            figures = [_a_year(one, each.years, interval) for one in (each.booked, each.money)]
            row += [*figures, numbers.signed(each.cost, each.money.base.unit)]
        table.add_row(*row)
    return table


def _a_year(found: Finding | None, years: float, interval: bool) -> str:
    """A difference in money, a year."""
    if found is None or found.difference.mean is None:
        return numbers.DASH
    half = None if found.low is None or found.high is None else (found.high - found.low) / 2 / years
    return numbers.signed(found.difference.mean / years, found.base.unit, half if interval else None)
