"""``funnelsim run``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from funnelsim.errors import FunnelsimError

from . import streams, tables
from .engine import announce
from .progress import progress

if TYPE_CHECKING:
    from funnelsim.results.result import Result
    from funnelsim.scenario.scenario import Scenario

EVENT_FORMATS = ("pm", "animation", "xes")


@dataclass(frozen=True)
class Sampling:
    """How a scenario is to be run."""

    replications: int | None
    precision: float
    kpis: tuple[str, ...]  # that it is asked of
    seed: int
    engine: str
    workers: int


@dataclass(frozen=True)
class Output:
    """What a run is to leave, and where."""

    json: bool
    quiet: bool
    events: Path | None
    event_format: str
    pictures: Path | None


def run(scenario: Scenario, sampling: Sampling, output: Output) -> bool:
    """Simulate and print; False if the user stopped it, after printing what was done."""
    from funnelsim.experiments.replications import Interrupted, simulate

    _check(output)
    announce(sampling.engine)
    finished = True
    try:
        with progress(output.quiet, "simulating") as shown:
            result = simulate(
                scenario,
                replications=sampling.replications,
                precision=sampling.precision,
                kpi=sampling.kpis,
                seed=sampling.seed,
                engine=sampling.engine,
                workers=sampling.workers,
                events=output.events is not None,
                progress=shown,
            )
    except Interrupted as stop:
        finished = False
        streams.complain([stop], "stopped")
        if stop.result is None:
            return False
        result = stop.result
    _write(result, output)
    if output.json:
        streams.document(result.to_dict())
    else:
        tables.show(result, sampling.kpis)
    if not output.quiet:
        streams.complain(result.warnings, "warning")
    return finished


def _check(output: Output) -> None:
    """Refuse at once what could not be written after a long run."""
    if output.event_format not in EVENT_FORMATS:
        choices = ", ".join(EVENT_FORMATS)
        raise FunnelsimError(f"--event-format {output.event_format}: choose one of {choices}")
    if output.events is not None and not output.events.absolute().parent.is_dir():
        raise FunnelsimError(f"--events {output.events}: there is no folder {output.events.absolute().parent}")


def _write(result: Result, output: Output) -> None:
    """Write the event log and the pictures that were asked for."""
    if output.events is not None:
        from funnelsim.results import events

        writers = (events.write_process_log, events.write_animation_log, events.write_xes)
        write = dict(zip(EVENT_FORMATS, writers, strict=True))[output.event_format]
        write(result.replicates, result.model, output.events)
    if output.pictures is not None:
        output.pictures.mkdir(parents=True, exist_ok=True)
        for name in ("line", "funnel"):
            getattr(result.plot, name)().savefig(output.pictures / f"{name}.png")
