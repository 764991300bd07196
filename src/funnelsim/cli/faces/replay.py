"""``funnelsim replay``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from funnelsim.scenario.language.texts import shown
from funnelsim.views.words import language

from .. import inputs, options, streams
from ..arms import TOGETHER, together
from ..work import attempt

if TYPE_CHECKING:
    from funnelsim.results.stamp import Stamp
    from funnelsim.scenario.scenario import Scenario
    from funnelsim.views.player.told import Take

    from ..options import Shown, Simulated
    from .asked import Filmed


def replay(what: Simulated, filmed: Filmed, how: Shown) -> bool:
    """Run one replication of one arm or two, and write the page; False if the user stopped it."""
    from funnelsim.views.player import making

    out = making.check(filmed.out)
    computing = options.Computing(filmed.seed, filmed.engine, 1)
    found, finished = taken(what, filmed.against, filmed.replication, computing, how)
    if found is None:
        return False
    takes, stamp = found
    making.write(out, takes, filmed.replication, stamp, filmed.title)
    _tell(out, takes, filmed, how)
    return finished


def taken(
    what: Simulated, against: str | None, replication: int, computing: options.Computing, how: Shown
) -> tuple[tuple[list[Take], Stamp] | None, bool]:
    """One replication of a scenario, and of the same under a lever, with its event log and what made it."""
    from funnelsim.engine import engines
    from funnelsim.model.compile import compile_model
    from funnelsim.results.stamp import Stamp
    from funnelsim.version import VERSION
    from funnelsim.views.player import making

    models = {name: compile_model(each) for name, each in _scenarios(what, against, how.quiet).items()}
    making.check_clock(list(models.values()))
    engine = engines.choose(computing.engine)
    takes, finished = attempt(
        "simulating",
        computing,
        how,
        lambda _: [making.take(name, each, computing.seed, replication, engine) for name, each in models.items()],
    )
    stamp = Stamp({name: model.laid for name, model in models.items()}, computing.seed, engine, VERSION)
    return None if takes is None else (takes, stamp), finished


def _scenarios(what: Simulated, against: str | None, quiet: bool) -> dict[str, Scenario]:
    """The arms by name: the scenario by its own, and under the lever by the title of that."""
    levers = list(what.lever or ())
    base = inputs.scenario(what.file, levers, what.set_, quiet)
    if against is None:
        return {base.name: base}
    more = together(against)
    other = inputs.scenario(what.file, levers, what.set_, quiet, against=more)
    name = f" {TOGETHER} ".join(_title(each, base.folder) for each in more)
    return {base.name: base, name if name != base.name else f"{name} ({against})": other}


def _title(lever: str, folder: Path | None) -> str:
    """What a lever is called in the language in force, with its dose where one was given."""
    from funnelsim.scenario.changing.levers import find

    found = find(lever, folder, anywhere=True)
    title = found.lever.title.get(language()) or shown(found.lever.title) or found.name
    usual = found.dose == found.lever.dose.default
    return title if usual else f"{title} @{found.dose:g}"


def _tell(out: Path, takes: list[Take], filmed: Filmed, how: Shown) -> None:
    """What was written: alone on its line, for scripts."""
    if not how.json:
        streams.results().print(out, soft_wrap=True)
        return
    arms = [{"name": each.name, "leads": each.leads, "won": each.won, "open": each.open} for each in takes]
    streams.document({"written": str(out), "seed": filmed.seed, "replication": filmed.replication, "arms": arms})
