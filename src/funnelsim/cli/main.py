"""The command `funnelsim`: its commands and what happens when one fails.

Each command imports what it needs when it runs, so that ``--help`` and ``check`` answer at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

import funnelsim.version
from funnelsim import disk
from funnelsim.views.words.language import speaking

from . import options, questions, streams
from .ends import DONE, FAILED, WRONG_INPUT, after, told
from .faces import asked as faces
from .grouping import OnceEach, grouped
from .own_data import commands
from .reasons.parted import Parted, Timed
from .reasons.uncertain import Uncertain

_THREADS = ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS")
"""Variables by which OpenBLAS, which comes with NumPy, is told its number of threads."""

_PLUGINS = "PYDANTIC_DISABLE_PLUGINS"
"""Keeps Pydantic from looking for plugins among all packages that are installed."""

app = typer.Typer(
    name="funnelsim",
    help="Simulates a sales organisation as a production line.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"funnelsim {funnelsim.version.VERSION}")
        raise typer.Exit


def _end(finished: bool) -> None:
    raise typer.Exit(DONE if finished else FAILED)


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command(cls=OnceEach)
@grouped
def run(
    what: options.Simulated,
    sampled: questions.Sampled,
    parted: Parted,
    timed: Timed,
    uncertain: Uncertain,
    computing: options.Spread,
    logged: questions.Logged,
    shown: options.Drawn,
) -> None:
    """Simulate a scenario: the KPI, stage and team tables, and what limits the line."""
    from . import run as command

    asked = command.Asked(sampled, parted, timed, logged, uncertain)
    _end(command.run(what.scenario(shown.quiet), asked, computing, shown))


@app.command(cls=OnceEach)
@grouped
def compare(
    arms: questions.Arms,
    asked: questions.Asked,
    parted: Parted,
    uncertain: Uncertain,
    computing: options.Spread,
    shown: options.Drawn,
) -> None:
    """Compare scenarios on the same leads and luck: what is more, what is less, what makes no difference.

    Of a study file it compares the arms, and says which of its predictions hold.
    """
    from . import compare as command

    _end(command.compare(arms, command.Wanted(asked, parted, uncertain), computing, shown))


@app.command(cls=OnceEach)
@grouped
def choose(
    arms: questions.Arms, wanted: questions.Wanted, computing: options.Spread, shown: options.Drawn
) -> None:
    """Choose the best of many scenarios, with a stated probability of choosing right."""
    from . import choose as command

    _end(command.choose(arms, wanted, computing, shown))


@app.command(cls=OnceEach)
@grouped
def diagnose(
    what: options.Simulated, steps: questions.Steps, computing: options.Spread, shown: options.Drawn
) -> None:
    """Find what limits the line, and simulate the five focusing steps on it."""
    from . import diagnose as command

    _end(command.diagnose(what.scenario(shown.quiet), steps, computing, shown))


@app.command(cls=OnceEach)
@grouped
def sensitivity(
    what: questions.Varied, factors: questions.Factors, computing: options.Spread, shown: options.Drawn
) -> None:
    """Find which factors matter: a tornado, Sobol indices or Morris' effects."""
    from . import sensitivity as command

    _end(command.sensitivity(what, factors, computing, shown))


@app.command(cls=OnceEach)
@grouped
def guesses(
    what: options.Simulated, doubted: faces.Doubted, computing: options.Spread, shown: options.Drawn
) -> None:
    """Say how well each number of a scenario is known, and how much hangs on it: what to measure first."""
    from .reasons import guesses as command

    _end(command.guesses(what.scenario(shown.quiet), doubted, computing, shown))


@app.command(cls=OnceEach)
@grouped
def warmup(
    what: options.Simulated, filling: questions.Filling, computing: options.Computing, shown: options.Drawn
) -> None:
    """Suggest how long a warm-up should be."""
    from . import warmup as command

    _end(command.warmup(what.scenario(shown.quiet), filling, computing, shown))


@app.command(cls=OnceEach)
@grouped
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Scenario files.")],
    lever: options.Lever = None,
    set_: options.Set = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Check scenario files: what is wrong, and the expected rates and loads of those that are right."""
    from . import check as command

    raise typer.Exit(DONE if command.check(files, lever, set_, json, quiet) else WRONG_INPUT)


@app.command("app", cls=OnceEach)
@grouped
def what_if(
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="A scenario file, or the name of a shipped template.")
    ] = "reference",
    lever: options.Lever = None,
    set_: options.Set = None,
    seed: options.Seed = 1,
    no_open: Annotated[bool, typer.Option("--no-open", help="Print the address, and open no browser.")] = False,
    quiet: options.Quiet = False,
) -> None:
    """Open the what-if page in the browser: move controls, and read what changes.

    The page is for you alone: it is served to this machine, at an address with a token. Ctrl-C ends it.
    """
    from .faces import app as command

    command.app(options.Simulated(file, lever, set_).scenario(quiet), file, seed, not no_open, quiet)


@app.command(cls=OnceEach)
@grouped
def sweep(swept: questions.Swept, computing: options.Spread, shown: options.Shown) -> None:
    """Run all points of a study, and keep each replication; stops and resumes."""
    from . import sweep as command

    _end(command.sweep(swept, computing, shown))


@app.command(cls=OnceEach)
@grouped
def optimise(sought: questions.Sought, computing: options.Spread, shown: options.Drawn) -> None:
    """Find the best staffing or policy under a budget and other limits; stops and resumes."""
    from . import optimise as command

    _end(command.optimise(sought, computing, shown))


@app.command(cls=OnceEach)
@grouped
def report(arms: faces.Reported, wanted: faces.Wanted, computing: options.Spread, shown: options.Shown) -> None:
    """Write a report of a scenario, a comparison, a study or a run store: one HTML file with the answer first."""
    from .faces import report as command

    _end(command.report(arms, wanted, computing, shown))


@app.command(cls=OnceEach)
@grouped
def replay(what: options.Simulated, filmed: faces.Filmed, shown: options.Shown) -> None:
    """Write one replication as a film: one HTML file that shows the line at work, alone or beside a lever."""
    from .faces import replay as command

    _end(command.replay(what, filmed, shown))


@app.command(cls=OnceEach)
@grouped
def trace(what: options.Simulated, traced: faces.Traced, shown: options.Shown) -> None:
    """Follow one lead through one replication: its waits, its work and its end, alone or beside a lever."""
    from .reasons import trace as command

    _end(command.trace(what, traced, shown))


@app.command(cls=OnceEach)
@grouped
def export(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="A run store that sweep made.", dir_okay=False)],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="Ends in .csv, .parquet or .xlsx.", dir_okay=False)
    ],
    kpi: Annotated[
        list[str] | None,
        typer.Option(metavar="KPI", help="Write this one; repeatable. [default: those of the study, or all]"),
    ] = None,
    encoding: Annotated[
        str, typer.Option(metavar="ENCODING", help="Of a CSV: utf-8; utf-8-sig or cp932 for Excel in Japan.")
    ] = "utf-8",
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write the points of a run store as a table."""
    from . import sweep as command

    command.export(store, out, kpi, encoding, json, quiet)


@app.command(cls=OnceEach)
@grouped
def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to put the files.")] = Path(),
    template: Annotated[
        str | None, typer.Option(metavar="NAME", help="The shipped scenario to begin with; mid_market if none.")
    ] = None,
    japanese: Annotated[
        bool, typer.Option("--ja", help="In Japanese: names, comments, yen, fiscal year, holidays.")
    ] = False,
) -> None:
    """Put a commented scenario and a notebook into a folder."""
    from . import init as command

    command.init(folder, template, japanese)


@app.command(cls=OnceEach)
@grouped
def templates(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Print this one.")] = None,
    json: options.Json = False,
) -> None:
    """List the shipped scenarios and studies, or print one."""
    from . import templates as command

    command.templates(name, json)


@app.command(cls=OnceEach)
@grouped
def levers(
    word: Annotated[
        str | None,
        typer.Argument(metavar="[WORD]", help="Only those that speak of this; a name shows that lever."),
    ] = None,
    for_: Annotated[
        str | None,
        typer.Option("--for", metavar="FILE", help="Whether they fit this scenario, and what they change."),
    ] = None,
    group: Annotated[str | None, typer.Option(metavar="G", help="Only those of this group.")] = None,
    json: options.Json = False,
) -> None:
    """List the shipped levers, or what one of them would change in a scenario."""
    from . import levers as command

    command.levers(word, for_, group, json)


@app.command(cls=OnceEach)
@grouped
def kpis(
    word: Annotated[str | None, typer.Argument(metavar="[WORD]", help="Only those that speak of this.")] = None,
    for_: Annotated[
        str | None, typer.Option("--for", metavar="FILE", help="Those of this scenario, with the names it gives.")
    ] = None,
    json: options.Json = False,
) -> None:
    """List the figures that a run gives, each with its unit and definition."""
    from . import kpis as command

    command.kpis(word, for_, json)


app.registered_commands += commands.app.registered_commands
app.registered_groups += commands.app.registered_groups


def main() -> None:
    """Run the command line, and end with 0 (done), 2 (the input is wrong) or 1 (anything else)."""
    streams.prepare()
    with disk.one_command(), _quick_imports(), speaking(None):
        code = _code()
    streams.give_up()
    sys.exit(code)


@contextmanager
def _quick_imports() -> Iterator[None]:
    """Let libraries do nothing on being imported that no command uses, unless the user said what they are to do.

    Threads of BLAS take a third of the time in which NumPy is imported; workers inherit the setting, and run
    beside each other. In Python, where users have sums and plugins of their own, nothing is set.
    """
    mine = {} if any(name in os.environ for name in _THREADS) else {_THREADS[0]: "1"}
    mine |= {} if _PLUGINS in os.environ else {_PLUGINS: "1"}
    os.environ.update(mine)
    try:
        yield
    finally:
        for name in mine:
            os.environ.pop(name, None)


def _code() -> int:
    try:
        code = app(standalone_mode=False)
        streams.finish()
    except BaseException as error:
        found = told(error)
        if found is None:
            raise
        return found
    return after(code)


if __name__ == "__main__":
    main()
