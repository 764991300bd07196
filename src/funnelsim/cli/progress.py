"""How far a long command is, for whoever watches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from . import streams

if TYPE_CHECKING:
    from funnelsim.experiments.running.laboratory import Progress


@contextmanager
def progress(quiet: bool, doing: str) -> Iterator[Progress | None]:
    """A bar on standard error, where somebody is there to see it."""
    console = streams.messages()
    if quiet or not console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[count]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(doing, total=None, count="")

        def show(done: float, planned: int) -> None:
            bar.update(task, completed=done, total=planned, count=f"{int(done)} of {planned} replications")

        yield show
