"""Worlds: plausible inputs, each run with luck of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funnelsim.errors import FunnelsimError, ScenarioError, Warned
from funnelsim.results.worlds import OfWorlds
from funnelsim.scenario.changing.draws import Draws, draws_of, read_draws
from funnelsim.scenario.changing.paths import values_at

from ..counts import check_number

if TYPE_CHECKING:
    from funnelsim.model.model import Model
    from funnelsim.scenario.scenario import Scenario

NONE = "none"
"""What is given in place of a file of draws where the file's own are not to be used."""

FEWEST_PAIRS = 10
"""Worlds that are run once more, unless it is said or there are fewer."""

Inputs = str | Path | Sequence[Mapping[str, Any]] | None
"""Draws of inputs: a file, change fragments, ``"none"``, or None for those that the scenario names."""


@dataclass(frozen=True)
class Asked:
    """Worlds that are to be run.

    Parameters
    ----------
    draws : Draws
        The draws of the inputs.
    count : int
        How many worlds.
    pairs : int
        How many of them once more.
    """

    draws: Draws
    count: int
    pairs: int

    @property
    def runs(self) -> int:
        """Replications of each scenario, but for those of the best guess."""
        return self.count + self.pairs

    @property
    def how(self) -> OfWorlds:
        """How they are drawn, as results tell it."""
        draws = self.draws
        return OfWorlds(self.count, len(draws.rows), self.pairs, draws.name, draws.fingerprint, draws.paths)

    def check_groups(self, by: Sequence[Any]) -> None:
        """Refuse groups, which need not be there in each world, where the means of rows are what counts."""
        if by and self.count > len(self.draws.rows):
            raise FunnelsimError(
                f"KPIs of groups are there for at most as many worlds as draws, {len(self.draws.rows):,}; ask for "
                "no more worlds, or leave --by (`by`) out",
                code="E-option-conflict",
            )

    def of(self, scenario: Scenario, model: Model) -> Drawn:
        """A scenario that is another one in each world."""
        return Drawn(scenario, model, self.draws, self.count)


@dataclass(frozen=True)
class Drawn:
    """A scenario whose replication ``w`` is that of world ``w``; behind the last world they begin again.

    Parameters
    ----------
    scenario : Scenario
        The scenario as its file stands, with what is laid over it.
    model : Model
        The same compiled.
    draws : Draws
        The draws of its inputs.
    count : int
        How many worlds there are.
    """

    scenario: Scenario
    model: Model
    draws: Draws
    count: int

    def of(self, replication: int) -> Model:
        """The model of a replication.

        Raises
        ------
        FunnelsimError
            If what is laid over the file does not go with the draw, or figures could not be put together.
        """
        from funnelsim.model.compile import compile_model
        from funnelsim.scenario.scenario import in_world

        world = replication if replication < self.count else replication - self.count
        try:
            model = compile_model(in_world(self.scenario, self.draws, world))
        except ScenarioError as error:
            raise FunnelsimError(
                f"{self.scenario.name}, world {world}, {self.draws.called(world)}: {error}", code=error.code
            ) from error
        if shape(model) != shape(self.model):
            raise FunnelsimError(
                f"{self.scenario.name}, world {world}, {self.draws.called(world)}: the draw changes which KPIs "
                "there are; figures of worlds are put together, so all must have the same",
                code="E-draws-fixed",
            )
        return model


def shape(model: Model) -> tuple[Any, ...]:
    """What models of worlds must have in common."""
    from funnelsim.results.measures.kpis import kpi_indicators

    kpis = tuple(each.name for each in kpi_indicators(model))
    return kpis, model.stage_names, model.team_names, model.horizon, model.warmup, model.spec.currency


def asked(
    scenarios: Mapping[str, Scenario],
    inputs: Inputs,
    worlds: int | None,
    pairs: int | None,
    others: Mapping[str, Any],
) -> Asked | None:
    """The worlds that are asked for; None for plain replications.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
        What is run, by name; the draws of all are the same.
    inputs, worlds, pairs
        As `simulate` takes them.
    others : mapping
        Options that go with plain replications only, by name; None where one is not given.

    Raises
    ------
    FunnelsimError
        If they do not go together, or there are no draws.
    """
    if worlds is None and (inputs is None or inputs == NONE):
        if pairs is not None:
            raise FunnelsimError(
                "--pairs (`pairs`) says how many worlds are run once more; give --worlds too",
                code="E-option-useless",
            )
        return None
    for name, given in others.items():
        if given is not None:
            raise FunnelsimError(
                f"--{name} (`{name}`) does not go with worlds, of which each is run once; say how many by "
                "--worlds (`worlds`)",
                code="E-option-conflict",
            )
    draws = _draws(scenarios, inputs)
    count = len(draws.rows) if worlds is None else worlds
    if count < 2:
        raise FunnelsimError(f"worlds must be at least 2, but got {count}", code="E-worlds-range")
    again = min(count, max(FEWEST_PAIRS, math.ceil(count / 10))) if pairs is None else pairs
    if not 0 <= again <= count:
        raise FunnelsimError(
            f"pairs must lie between 0 and the {count} worlds, but got {again}", code="E-worlds-range"
        )
    check_number(count + again)
    return Asked(draws, count, again)


def _draws(scenarios: Mapping[str, Scenario], inputs: Inputs) -> Draws:
    """The draws of all scenarios; raises `FunnelsimError` if there are none, or one of them cannot have them."""
    from funnelsim.scenario.scenario import check_draws

    named = {name: each.draws for name, each in scenarios.items() if each.draws is not None}
    if inputs is None and named:
        if len({each.fingerprint for each in named.values()}) > 1:
            raise FunnelsimError(
                f"{' and '.join(named)} name different draws of their inputs, and a world is the same for all; "
                "name one file of draws by --inputs FILE (`inputs`)",
                code="E-worlds-differ",
            )
        draws = next(iter(named.values()))
    elif inputs is None or inputs == NONE:
        whose = "there are none" if len(scenarios) > 1 else f"{next(iter(scenarios))!r} has none"
        raise FunnelsimError(
            f"worlds are draws of inputs, and {whose}; name a file of draws by --inputs FILE (`inputs`), or in "
            "the scenario as uncertain: {table: draws.csv}",
            code="E-worlds-none",
        )
    else:
        draws = read_draws(Path(inputs), str(inputs)) if isinstance(inputs, str | Path) else draws_of(inputs)
    for each in scenarios.values():
        if each.draws is not draws:  # checked when it was read
            check_draws(each, draws)
    return draws


ROWS_LOOKED_AT = 12
"""Rows of a table by which it is seen whether a path is drawn still, under what is laid over a file."""


def outright(scenario: Scenario, draws: Draws) -> Iterator[Warned]:
    """What is laid over a file sets outright, so that draws of it do not count: a warning for each path."""
    from funnelsim.scenario.changing.by_role import paths_of
    from funnelsim.scenario.changing.compose import drawn
    from funnelsim.scenario.scenario import in_world

    rows = range(min(ROWS_LOOKED_AT, len(draws.rows)))
    if not scenario.laid or len(rows) < 2:
        return
    try:
        before = [drawn(scenario.composed, draws.of(row)).document for row in rows]
        after = [in_world(scenario, draws, row).composed.document for row in rows]
    except ScenarioError:  # which the run says, with the world
        return
    for path in draws.paths:
        parts = paths_of(path, before[0])
        there, now = (
            [[[*values_at(made, each)] for each in parts] for made in found] for found in (before, after)
        )
        if any(one != there[0] for one in there) and all(one == now[0] for one in now):
            yield Warned(
                f"{path}: what is laid over the file sets it outright, so its draws do not count",
                "W-worlds-outright",
            )
