"""``funnelsim run``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from funnelsim import disk
from funnelsim.errors import FunnelsimError
from funnelsim.results.metadata import beside

from . import streams, tables
from .reasons import carve, fiscal, groups, targets, worlds
from .work import attempt, hand_over

if TYPE_CHECKING:
    from funnelsim.experiments.targets.assignment import Assigned
    from funnelsim.experiments.targets.outlook import Outlook
    from funnelsim.results.profiles.carve import Carve
    from funnelsim.results.result import Result
    from funnelsim.scenario.scenario import Scenario

    from .options import Drawn, Spread
    from .questions import Logged, Sampled
    from .reasons.parted import Parted, Timed
    from .reasons.uncertain import Uncertain

EVENT_FORMATS = ("pm", "animation", "xes")
ENDINGS_OF = {"pm": (".csv",), "animation": (".csv",), "xes": (".xes",)}
"""What the name of an event log ends in; any ending that belongs to no format is right too."""
OTHER_ENDINGS = frozenset(
    (".xlsx", ".xls", ".parquet", ".json", ".db", ".html", ".pdf", ".png", ".svg", ".gz", ".zip")
)


class Told(NamedTuple):
    """What is told beside the tables of a run."""

    found: Sequence[Outlook]
    carved: tuple[Carve, tuple[Assigned, ...]] | None


class Asked(NamedTuple):
    """What a run is asked."""

    sampled: Sampled
    parted: Parted
    timed: Timed
    logged: Logged
    uncertain: Uncertain


def run(scenario: Scenario, asked: Asked, computing: Spread, shown: Drawn) -> bool:
    """Simulate and print; False if the user stopped it, after printing what was done."""
    from funnelsim.experiments.running.replications import simulate

    sampled, parted, timed, logged, uncertain = asked
    _check(logged)
    groups.check(parted)
    uncertain.alone(events=logged.events, periods=timed.periods, carve=timed.carves)
    targets.check(parted.target, parted.day, scenario)
    accounts = carve.accounts_of(scenario, timed.accounts)
    kpis = tuple(sampled.kpi or ())
    result, finished = attempt(
        "simulating",
        computing,
        shown,
        lambda how: simulate(
            scenario,
            replications=sampled.replications,
            precision=sampled.precision,
            kpi=kpis,
            events=logged.events is not None,
            records=timed.carves
            or any(each is not None for each in (shown.pictures, shown.report, timed.periods)),
            by=parted.groups,
            **uncertain.to_dict(),
            **how,
        ),
    )
    if result is None:
        return False
    found: tuple[Outlook, ...] = ()
    if finished and parted.target:
        found, finished = targets.looked(result, parted.target, parted.day, computing, shown)
    carved = carve.of(result, accounts) if timed.carves else None
    _write(result, scenario, logged, shown, Told(found, carved))
    if parted.csv is not None:
        groups.write_run(result, parted.csv)
    if shown.json:
        aimed: dict[str, Any] = {"targets": [each.to_dict() for each in found]} if found else {}
        if timed.periods is not None:
            aimed["periods"] = fiscal.to_dict(result.fiscal(timed.periods))
        if carved is not None:
            aimed["carve"] = carve.to_dict(*carved)
        streams.document({**result.to_dict(), **aimed})
    else:
        tables.show(result, kpis)
        worlds.show(streams.results(), result, kpis)
        groups.show_run(streams.results(), result)
        if timed.periods is not None:
            fiscal.show(streams.results(), result.fiscal(timed.periods))
        if carved is not None:
            carve.show(streams.results(), *carved)
        targets.show(streams.results(), found)
    assumed = dict.fromkeys(text for each in found for text in each.warnings)
    read = () if accounts is None else accounts.said
    streams.warn((*result.warnings, *assumed, *read), shown.quiet)
    return finished


def _check(logged: Logged) -> None:
    """Refuse at once what could not be written after a long run."""
    if logged.event_format is not None and logged.event_format not in EVENT_FORMATS:
        choices = ", ".join(EVENT_FORMATS)
        raise FunnelsimError(
            f"--event-format {logged.event_format}: choose one of {choices}", code="E-value-choice"
        )
    if logged.events is not None:
        _check_ending(logged.events, logged.event_format or EVENT_FORMATS[0])
        disk.check_output(logged.events)
        if logged.event_format != "xes":
            disk.check_output(beside(logged.events))


def _check_ending(file: Path, written: str) -> None:
    """Refuse a name whose ending belongs to another format than the one that is written."""
    ending, right = file.suffix.lower(), ENDINGS_OF[written]
    others = [name for name, endings in ENDINGS_OF.items() if ending in endings]
    if ending in right or (ending not in OTHER_ENDINGS and not others):
        return
    instead = f", or add --event-format {others[0]}" if others else ""
    kind = right[0][1:].upper()
    raise FunnelsimError(
        f"--events {file}: the log is written as {kind}, and {ending} belongs to another format;"
        f" write {file.with_suffix(right[0])}{instead}",
        code="E-output-ending",
    )


def _write(result: Result, scenario: Scenario, logged: Logged, shown: Drawn, told: Told) -> None:
    """Write the event log, the pictures and the report that were asked for."""
    found, carved = told
    if logged.events is not None:
        from funnelsim.results import events

        writers = (events.write_process_log, events.write_animation_log, events.write_xes)
        write = dict(zip(EVENT_FORMATS, writers, strict=True))[logged.event_format or EVENT_FORMATS[0]]
        write(result.replicates, result.model, logged.events, result.made)
    pictures = {} if shown.pictures is None else result.plot.all()
    if shown.pictures is not None:
        pictures |= {f"target_{number}": each.plot.outcomes for number, each in enumerate(found, 1)}
    known = {"scenarios": {scenario.name: scenario}, "outlooks": tuple(found)}
    hand_over(shown, result, pictures, **known, carve=None if carved is None else carved[0])
