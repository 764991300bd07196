"""The commands on a firm's own data, as `cli.main` takes them in."""

from __future__ import annotations

import typer

from .. import options
from ..ends import FAILED
from ..grouping import OnceEach, grouped
from . import asked

app = typer.Typer()
crm = typer.Typer(
    help="Exports of a CRM.", no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
)
app.add_typer(crm, name="crm")


@app.command(cls=OnceEach)
@grouped
def calibrate(
    recorded: asked.Recorded,
    assuming: asked.Assuming,
    wanted: asked.Written,
    shown: options.Drawn,
    seed: options.Seed = 1,
) -> None:
    """Make a scenario from exports of a CRM: what was estimated, how sure it is, and what is a guess."""
    from . import calibrate as command

    command.calibrate(recorded, assuming, wanted, seed, shown)


@crm.command(cls=OnceEach)
@grouped
def look(recorded: asked.Recorded, shown: options.Shown, out: asked.MappingOut = None) -> None:
    """Say what each column of exports is taken for, what is missing in them, and what was noticed."""
    from . import look as command

    command.crm_look(recorded, out, shown)


@app.command(cls=OnceEach)
@grouped
def forecast(what: options.Simulated, ahead: asked.Ahead, computing: options.Spread, shown: options.Drawn) -> None:
    """Tell where wins and bookings of the coming months lie, from the deals that are open at the start."""
    from . import forecast as command

    if not command.forecast(what.scenario(shown.quiet), ahead, computing, shown):
        raise typer.Exit(FAILED)


@app.command(cls=OnceEach)
@grouped
def tune(what: options.Simulated, aimed: asked.Aimed, computing: options.Spread, shown: options.Shown) -> None:
    """Move the inputs that are least known, as little as possible, until the line comes to known totals."""
    from . import tune as command

    if not command.tune(what.scenario(shown.quiet), aimed, computing, shown):
        raise typer.Exit(FAILED)


@app.command(cls=OnceEach)
@grouped
def backtest(
    recorded: asked.Recorded,
    assuming: asked.Assuming,
    tested: asked.Tested,
    shown: options.Drawn,
    seed: options.Seed = 1,
) -> None:
    """Calibrate on earlier days with what was recorded then, forecast, and compare with what came."""
    from . import backtest as command

    command.backtest(recorded, assuming, tested, seed, shown)
