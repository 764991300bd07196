"""Long work on the command line: how it is computed, how far it is, and what Ctrl-C leaves of it."""

from __future__ import annotations

import shlex
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from funnelsim import disk
from funnelsim.errors import HinderedError
from funnelsim.experiments.stopping import Stopped
from funnelsim.text import number_of

from . import streams
from .options import Computing, Drawn, Shown, Spread

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from funnelsim.experiments.running.laboratory import Progress
    from funnelsim.results.shown import Told
    from funnelsim.views.report.making import Files

T = TypeVar("T")


def announce(engine: str) -> None:
    """Say on standard error that the engine is compiled first, or cannot be; ``engine`` as the user named it."""
    from funnelsim.engine import engines

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        chosen = engines.choose(engine)
    streams.complain([str(each.message) for each in caught], "warning")
    notice = engines.notice(chosen)
    if notice is not None:
        streams.complain([notice], "note")


def attempt(
    doing: str, computing: Computing, shown: Shown, work: Callable[[dict[str, Any]], T]
) -> tuple[T | None, bool]:
    """Do what takes long, and show how far it is.

    Parameters
    ----------
    doing : str
        What it is, for the progress bar.
    computing : Computing
        What the user asked for.
    shown : Shown
        Whether progress is.
    work : callable
        Called with the keywords ``seed``, ``engine``, ``workers``, ``progress``, and ``executor`` for a cluster.

    Returns
    -------
    tuple
        What came out, or what was done until the user stopped it, perhaps None; and whether it was finished.
    """
    writable(shown)
    address = computing.cluster if isinstance(computing, Spread) else None
    with means(address) as executor:
        elsewhere = {} if executor is None else {"executor": executor}
        if executor is None:
            announce(computing.engine)
        try:
            with progress(shown.quiet, doing) as bar:
                return work({**computing.to_dict(), **elsewhere, "progress": bar}), True
        except Stopped as stop:
            streams.complain([stop], "stopped")
            return stop.kept, False


def writable(shown: Shown) -> None:
    """Refuse names of pictures and of a report that cannot be written, before long work."""
    if isinstance(shown, Drawn) and shown.pictures is not None:
        _folder(shown.pictures)
    if isinstance(shown, Drawn) and shown.report is not None:
        _report(shown.report).check()


def hand_over(
    shown: Drawn, found: Told, pictures: Mapping[str, Callable[[], Figure | None]], **known: Any
) -> None:
    """Write the pictures and the report that were asked for.

    Parameters
    ----------
    shown : Drawn
        What the user asked for.
    found : Told
        What came out.
    pictures : mapping
        What draws a picture, or says that there is none, by its name.
    **known
        What a report says beside the result (see `views.report.given.Given`).
    """
    if shown.pictures is not None:
        draw(shown.pictures, pictures)
    if shown.report is not None:
        from funnelsim.views.report.given import Given
        from funnelsim.views.report.making import write

        write(Given(found, command=typed(), **known), _report(shown.report))


def draw(folder: Path, pictures: Mapping[str, Callable[[], Figure | None]]) -> None:
    """Write pictures into a folder, which is made if it is not there."""
    _folder(folder)
    _draw(folder, pictures)


def typed() -> str:
    """The command line as it was typed."""
    return shlex.join(["funnelsim", *sys.argv[1:]])


def _report(path: Path) -> Files:
    from funnelsim.views.report.making import Files

    return Files(path)


def _draw(folder: Path, pictures: Mapping[str, Callable[[], Figure | None]]) -> None:
    with warnings.catch_warnings(record=True) as caught:  # of characters without a font
        for name, picture in pictures.items():
            figure = picture()
            if figure is not None:
                with disk.written(folder / f"{name}.png") as part:
                    figure.savefig(part, format="png")
    streams.complain(dict.fromkeys(str(each.message) for each in caught), "warning")


def _folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HinderedError(f"--pictures {path}: {disk.unwritten(error)}", code="E-output-unwritten") from error


@contextmanager
def means(cluster: str | None) -> Iterator[Executor | None]:
    """The workers of a cluster, if there is to be one.

    Raises
    ------
    FunnelsimError
        If nobody answers there.
    """
    if cluster is None:
        yield None
        return
    from funnelsim.experiments.running.executors import Cluster

    executor = Cluster(cluster)
    try:
        yield executor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


@contextmanager
def progress(quiet: bool, doing: str, what: str = "replication") -> Iterator[Progress | None]:
    """A bar on standard error that counts something, where somebody is there to see it."""
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
            bar.update(task, completed=done, total=planned, count=f"{int(done)} of {number_of(planned, what)}")

        yield show
