"""Targets of single runs: how they are typed, looked at and shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from funnelsim.errors import FunnelsimError
from funnelsim.views.sentences import outlooks
from funnelsim.views.words import say

from ..frames import first_fitting, frame
from ..work import attempt

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from funnelsim.experiments.targets.outlook import Outlook
    from funnelsim.results.result import Result
    from funnelsim.scenario.scenario import Scenario

    from ..options import Shown, Spread

EXAMPLE = "won=300, 'cycle_time<=500' or 'contribution>=30M JPY'"


def wishes(given: Sequence[str]) -> list[tuple[str, float | str]]:
    """``won=300``, ``won>=300`` or ``cycle_time<=500``: the KPI and what it is to reach."""
    found: list[tuple[str, float | str]] = []
    for text in given:
        kpi, value = pair(text, "--target", EXAMPLE)
        found.append((kpi.rstrip("<>").rstrip(), f"{kpi[-1]}={value}" if kpi[-1] in "<>" else value))
    return found


def one_of_each(given: Sequence[str]) -> dict[str, float | str]:
    """The same where a KPI may have one target."""
    found = wishes(given)
    names = [kpi for kpi, _ in found]
    twice = next((kpi for kpi in names if names.count(kpi) > 1), None)
    if twice is not None:
        raise FunnelsimError(
            f"--target {twice} is given more than once; in a comparison a KPI has one target",
            code="E-option-twice",
        )
    return dict(found)


def pair(text: str, option: str, example: str) -> tuple[str, str]:
    """What stands before and behind the equals sign."""
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (name.rstrip("<>") and equals and value):
        raise FunnelsimError(f"{option} {text}: write it as {example}", code="E-option-form")
    return name, value


def check(target: Sequence[str] | None, by: str | None, scenario: Scenario) -> None:
    """Refuse before a long run what could not be answered after it."""
    from funnelsim.experiments.running.arms import Arm
    from funnelsim.experiments.study.question import targets_of
    from funnelsim.experiments.targets.until import day_of, until
    from funnelsim.model.compile import compile_model

    if not target:
        return
    model = compile_model(scenario)
    targets_of(Arm("", model, ()), wishes(target))
    if by is not None:
        until(model, day_of(by))


def looked(
    result: Result, target: Sequence[str], by: str | None, computing: Spread, shown: Shown
) -> tuple[tuple[Outlook, ...], bool]:
    """What the runs say of the targets, and whether they were all made."""
    from funnelsim.experiments.running.laboratory import Sampling
    from funnelsim.experiments.targets.looking import outlooks

    found, finished = attempt(
        "looking until the day",
        computing,
        shown,
        lambda how: outlooks(result, wishes(target), by, Sampling(**how)),
    )
    return found or (), finished


def show(console: Console, found: Sequence[Outlook]) -> None:
    """Print what is said of each target, and a table."""
    if not found:
        return
    console.print(Text(f"\n{say('outlook.title')}", style="bold"))
    for each in found:
        for text in each.words:
            console.print(Text(text))
    show_table(console, found)


def show_table(console: Console, found: Sequence[Outlook]) -> None:
    """Print the table alone."""
    console.print()
    console.print(table(console, found))
    console.print(Text(say("outlook.note"), style="dim"))


def table(console: Console, found: Sequence[Outlook]) -> Table:
    """The targets of one line or of several; with fewer columns where there is little room."""
    several = len({each.arm.name for each in found}) > 1
    builds = [lambda left=left: _table(found, several, left) for left in (False, True)]
    return first_fitting(console, *builds)


def _table(found: Sequence[Outlook], several: bool, narrow: bool) -> Table:
    heads, rows = outlooks.heads(), [outlooks.row(each) for each in found]
    least = {0} if not several else set()
    less = least | ({1, 5} if narrow else set())
    keep = [at for at in range(len(heads)) if at not in less]
    made = frame("", [heads[at] for at in keep], left=1 + several)
    for row in rows:
        made.add_row(*(Text(row[at]) for at in keep))
    return made
