"""``funnelsim sweep`` and ``funnelsim export``."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from funnelsim.errors import FunnelsimError
from funnelsim.results.estimates import NOTHING
from funnelsim.text import number_of, printed
from funnelsim.views.sentences.figures import column_name, over_time
from funnelsim.views.words import counted, numbers, say, spoken

from . import inputs, streams
from .frames import RUNS, first_fitting, frame
from .work import announce, means

if TYPE_CHECKING:
    from funnelsim.experiments.optimisation.result import Optimum
    from funnelsim.experiments.store.estimates import PointEstimates
    from funnelsim.experiments.store.points import SweepResult
    from funnelsim.experiments.sweep.procedure import SweepProgress
    from funnelsim.scenario.study.study import Study

    from .options import Shown, Spread
    from .questions import Swept

SHOWN = 40
"""Points in the table on the terminal."""

_LONG = re.compile(r"\d+\.\d{4,}(e[+-]?\d+)?")
"""Numbers between levels, which nobody reads to the last digit."""

KINDS = 5
"""Kinds of errors that are told."""

COLUMNS = ("won", "bookings", "contribution")
"""KPIs in that table where the study names none."""

FIRST_LINE, NEXT_LINES = 10.0, 60.0
"""Seconds after which progress is written where standard error is no terminal, as in the log of a batch job."""


def sweep(swept: Swept, computing: Spread, shown: Shown) -> bool:
    """Run a sweep and print its points; False if the user stopped it."""
    from funnelsim.experiments.sweep.procedure import SweepInterrupted
    from funnelsim.experiments.sweep.sweep import sweep as run

    study = study_of(swept.study, swept.on, shown.quiet)
    streams.warn(study.warnings, shown.quiet)  # before what may take a night
    finished = True
    with means(computing.cluster) as executor, watched(shown.quiet, "sweeping") as progress:
        if executor is None:
            announce(computing.engine)
        try:
            result = run(
                study,
                out=swept.out,
                replications=swept.replications,
                executor=executor,
                progress=progress,
                **computing.to_dict(),
            )
        except SweepInterrupted as stop:
            finished, result = False, stop.sweep
    streams.warn((text for text in result.warnings if text not in study.warnings), shown.quiet)
    if not finished:
        streams.complain([f"the same command goes on from there; {swept.out} keeps what was done"], "stopped")
    if shown.json:
        streams.document({**result.to_dict(), "finished": finished})
    else:
        _show(result)
    return finished


def export(store: Path, out: Path, kpis: list[str] | None, encoding: str, json: bool, quiet: bool) -> None:
    """Write the points of a run store as a table."""
    from funnelsim.experiments.store.exports import export as write
    from funnelsim.experiments.store.store import Store

    with Store.open_to_read(store) as opened:
        streams.warn(opened.warnings, quiet)
    rows = write(store, out, kpis, encoding)
    if json:
        streams.document({"store": str(store), "out": str(out), "rows": rows})
    elif not quiet:
        streams.messages().print(counted("export.rows", rows, file=out))


# --- showing -------------------------------------------------------------------------------------------------


def _show(result: SweepResult) -> None:
    console = streams.results()
    console.print(Text(result.study.name, style="bold"))
    if question := spoken(result.study.spec.question):
        console.print(Text(question, style="dim"))
    console.print(points_told(len(result.points), result.done, result), style="dim")
    streams.laid(console, result.stamp)
    readings = result.first(SHOWN, result.study.spec.kpis or COLUMNS)
    known = any(each.range for reading in readings for each in reading.estimates.values())
    wanted = (True, False) if known else (False,)
    console.print(first_fitting(console, *(partial(_points, result, readings, ranges) for ranges in wanted)))
    factors = [factor.name for factor in result.study.factors]
    for text in over_time(result.study.spec.kpis or COLUMNS, result.study.base.spec, factors):
        console.print(Text(text, style="dim"))
    if len(result.points) > SHOWN:
        console.print(say("points.more", number=f"{len(result.points) - SHOWN:,}", store=result.store))
    if result.failed:
        _failures(result)


def points_told(points: int, replications: int, of: SweepResult | Optimum) -> str:
    """How many points and replications there are, and where they are kept."""
    counts = {"points": f"{points:,}", "replications": f"{replications:,}"}
    return say("points.how", store=of.store, how=of.stamp.how, **counts)


def _points(result: SweepResult, readings: Sequence[PointEstimates], ranges: bool) -> Table:
    """A row a point; ``ranges`` says beside each KPI where single runs lie."""
    kpis = result.study.spec.kpis or COLUMNS
    factors = [factor.name for factor in result.study.factors]
    headings = [heading for name in kpis for heading in [column_name(name), say(RUNS)][: 1 + ranges]]
    table = frame(say("points.head"), (say("command.arm"), *factors, *headings), left=1)
    for reading in readings:
        values = [_value(reading.point.factors.get(name)) for name in factors]
        leaves = [reading.estimates.get(name, NOTHING).to_dict() for name in kpis]
        cells = [cell for leaf in leaves for cell in numbers.estimates(leaf, ranges)]
        table.add_row(Text(reading.point.arm), *values, *cells)
    return table


def _value(value: Any) -> Text:
    if isinstance(value, dict) and len(value) == 1:
        ((name, inner),) = value.items()
        return Text(f"{name} {_value(inner)}")
    if value is None:
        return Text(numbers.DASH)
    return Text(_LONG.sub(lambda found: printed(float(found[0]), "z.4g"), str(value)))


def _failures(result: SweepResult) -> None:
    number = f"{number_of(result.failed, 'replication')} failed"
    streams.complain([f"{number}; the same command tries again"], "warning")
    streams.complain((f"{count:,} x {error}" for error, count in result.errors()[:KINDS]), "warning")


# --- progress ------------------------------------------------------------------------------------------------


@contextmanager
def watched(quiet: bool, doing: str) -> Iterator[Callable[[SweepProgress], None] | None]:
    """A bar on standard error where somebody is there to see it, else a line now and then."""
    console = streams.messages()
    if quiet:
        yield None
    elif console.is_terminal:
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (TextColumn(doing), BarColumn(), TextColumn("{task.fields[words]}"))
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("", total=None, words="")
            yield lambda now: bar.update(task, completed=now.done + now.failed, total=now.total, words=words(now))
    else:
        due = time.monotonic() + FIRST_LINE

        def line(now: SweepProgress) -> None:
            nonlocal due
            if time.monotonic() >= due:
                due = time.monotonic() + NEXT_LINES
                console.print(words(now))

        yield line


def words(now: SweepProgress) -> str:
    """Progress in words: ``120 of 3,000 replications, 4 min left``."""
    said = f"{now.doing}: " if now.doing else ""
    said += f"{now.done:,} of {number_of(now.total, 'replication')}"
    if now.failed:
        said += f", {now.failed:,} failed"
    if now.left is not None:
        said += f", {time_left(now.left)} left"
    return said


def time_left(seconds: float) -> str:
    """A time to wait in words."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def study_of(file: str, on: str | None, quiet: bool) -> Study:
    """The study in a file, perhaps on another line.

    Raises
    ------
    FunnelsimError
        If it is wrong, or a scenario.
    """
    if not inputs.is_study(file, broken=True):
        raise FunnelsimError(
            f"{file}: this is no study; that is a file with `study`, `base` and `vary` (see docs/studies.md)",
            code="E-file-kind",
        )
    return inputs.study(file, quiet=quiet, on=on, whole=True)
