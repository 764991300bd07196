"""The command `funnelsim`: its commands and what happens when one fails.

Each command imports what it needs when it runs, so that ``--help`` and ``check`` answer at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

import funnelsim
from funnelsim.errors import FunnelsimError, InvariantError, ScenarioError

from . import options, streams

DONE, FAILED, WRONG_INPUT = 0, 1, 2
"""Exit codes."""

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
        typer.echo(f"funnelsim {funnelsim.__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def run(
    file: options.File,
    lever: options.Lever = None,
    set_: options.Set = None,
    replications: options.Replications = None,
    precision: options.Precision = 0.05,
    kpi: Annotated[
        list[str] | None,
        typer.Option(metavar="KPI", help="The KPIs that --precision is asked of. May be repeated. [default: won]"),
    ] = None,
    seed: options.Seed = 1,
    engine: options.Engine = "auto",
    workers: options.Workers = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    events: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the event log there.", dir_okay=False)
    ] = None,
    event_format: Annotated[
        str, typer.Option(metavar="FORMAT", help="pm (process mining), animation or xes.")
    ] = "pm",
    pictures: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the pictures there.", file_okay=False)
    ] = None,
) -> None:
    """Simulate a scenario: the KPI, stage and team tables, and what limits the line."""
    from . import run as command

    scenario = options.scenario(file, lever, set_)
    sampling = command.Sampling(
        replications, precision, tuple(kpi or ()), seed, engine, workers or os.cpu_count() or 1
    )
    output = command.Output(json, quiet, events, event_format, pictures)
    raise typer.Exit(DONE if command.run(scenario, sampling, output) else FAILED)


@app.command()
def compare(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Scenario files or names of templates, or one study file."),
    ],
    lever: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LEVER[@DOSE]",
            help="Compare with the first file under this lever; join levers with + to use them together. "
            "May be repeated.",
        ),
    ] = None,
    arm: Annotated[
        list[str] | None,
        typer.Option(metavar="[NAME:]PATH=VALUE", help="Compare with the first file so changed. May be repeated."),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a value in all. May be repeated."),
    ] = None,
    kpi: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KPI", help="What is compared. May be repeated. [default: won, bookings, contribution]"
        ),
    ] = None,
    base: Annotated[
        str | None, typer.Option(metavar="NAME", help="What the others are compared with. [default: the first]")
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="How many of each. [default: until every difference is decided]"),
    ] = None,
    precision: Annotated[
        float | None,
        typer.Option(
            parser=options.as_share,
            metavar="SHARE",
            help="Go on until each difference is known to this, such as 2%.",
        ),
    ] = None,
    indifference: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SHARE|KPI=AMOUNT",
            help="What does not matter, such as 2% or won=5. May be repeated. [default: 1%]",
        ),
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(metavar="KPI=VALUE", help="The chance of reaching it, such as 'won>=300'. May be repeated."),
    ] = None,
    seed: options.Seed = 1,
    engine: options.Engine = "auto",
    workers: options.Workers = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    pictures: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the picture of the differences there.", file_okay=False),
    ] = None,
) -> None:
    """Compare scenarios on the same leads and luck: what is more, what is less, what makes no difference."""
    from . import compare as command

    arms = command.Arms(files, lever or (), arm or (), set_ or ())
    asked = command.Asked(tuple(kpi or ()), base, replications, precision, indifference or (), target or ())
    computing = command.Computing(seed, engine, workers or os.cpu_count() or 1, json, quiet, pictures)
    raise typer.Exit(DONE if command.compare(arms, asked, computing) else FAILED)


@app.command()
def diagnose(
    file: options.File,
    lever: options.Lever = None,
    set_: options.Set = None,
    replications: Annotated[int, typer.Option(min=2, metavar="N", help="How many of each scenario.")] = 10,
    tolerance: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STAGE=SHARE",
            help="The least share that should go on there. May be repeated. [default: 5 % below the file]",
        ),
    ] = None,
    equation: Annotated[bool, typer.Option(help="Whether to simulate the terms of the revenue equation.")] = True,
    seed: options.Seed = 1,
    engine: options.Engine = "auto",
    workers: options.Workers = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    pictures: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the pictures there.", file_okay=False)
    ] = None,
) -> None:
    """Find what limits the line, and simulate the five focusing steps on it."""
    from . import diagnose as command

    scenario = options.scenario(file, lever, set_)
    computing = command.Computing(
        replications, seed, engine, workers or os.cpu_count() or 1, json, quiet, pictures
    )
    raise typer.Exit(DONE if command.diagnose(scenario, tolerance or (), equation, computing) else FAILED)


@app.command()
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


@app.command()
def sweep(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="A study file.")],
    out: Annotated[
        Path,
        typer.Option(metavar="STORE", help="The run store: made, or continued if it is there.", dir_okay=False),
    ],
    replications: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Of each point. [default: what the study says, or 10]")
    ] = None,
    seed: options.Seed = 1,
    engine: options.Engine = "auto",
    workers: options.Workers = None,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Run on the workers of this Dask scheduler.")
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Run all points of a study, and keep each replication; stops and resumes."""
    from . import sweep as command

    sampling = command.Sampling(out, replications, seed, engine, workers or os.cpu_count() or 1, cluster)
    raise typer.Exit(DONE if command.sweep(command.study_of(study), sampling, json, quiet) else FAILED)


@app.command()
def export(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="A run store that sweep made.", dir_okay=False)],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="Ends in .csv, .parquet or .xlsx.", dir_okay=False)
    ],
    kpi: Annotated[
        list[str] | None,
        typer.Option(metavar="KPI", help="Write this one; repeatable. [default: those of the study, or all]"),
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write the points of a run store as a table."""
    from . import sweep as command

    command.export(store, out, kpi, json, quiet)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to put the files.")] = Path(),
    template: Annotated[
        str, typer.Option(metavar="NAME", help="The shipped scenario to begin with.")
    ] = "reference",
) -> None:
    """Put a commented scenario and a notebook into a folder."""
    from . import init as command

    command.init(folder, template)


@app.command()
def templates(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Print this scenario.")] = None,
    json: options.Json = False,
) -> None:
    """List the shipped scenarios, or print one."""
    from . import templates as command

    command.templates(name, json)


def main() -> None:
    """Run the command line, and end with 0 (done), 2 (the input is wrong) or 1 (anything else)."""
    streams.prepare()
    try:
        app()
    except SystemExit as stop:
        # Ctrl-C ends with a code of its own elsewhere; here there are three.
        sys.exit(stop.code if stop.code in (DONE, WRONG_INPUT, None) else FAILED)
    except ScenarioError as error:
        streams.complain(error.problems)
        sys.exit(WRONG_INPUT)
    except InvariantError as error:
        streams.complain([f"this is a bug of funnelsim, please report it: {error}"])
        sys.exit(FAILED)
    except FunnelsimError as error:
        streams.complain([error])
        sys.exit(WRONG_INPUT)
    except BrokenPipeError:
        # The reader of a pipe went away, such as `head`; the interpreter must not flush into it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except OSError as error:
        streams.complain([f"{error.filename or 'file'}: {error.strerror or error}"])
        sys.exit(FAILED)


if __name__ == "__main__":
    main()
