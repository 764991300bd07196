"""Worlds of one scenario, each run once, some of them once more, and the best guess beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import funnelsim.version
from funnelsim.results.worlds import Worlds
from funnelsim.text import number_of

from .arms import BEST_GUESS
from .executors import Work
from .laboratory import Batch, Laboratory, Sampling
from .memory import Plans, check_memory
from .replications import Interrupted, Kept, reading

if TYPE_CHECKING:
    from funnelsim.engine.simpy_engine.own.hooks import Hook
    from funnelsim.model.model import Model
    from funnelsim.results.measures.groups.members import Grouping
    from funnelsim.results.reading import Reading
    from funnelsim.results.result import Result
    from funnelsim.scenario.scenario import Scenario

    from .worlds import Asked

_WORLDS, _GUESS = "worlds", BEST_GUESS


@dataclass(frozen=True)
class OverWorlds:
    """One call of `simulate` over worlds.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    model : Model
        The same compiled, as it stands.
    asked : Asked
        Which worlds.
    sampling : Sampling
        How they are computed.
    by : tuple of Grouping
        What KPIs are divided by as well.
    hooks : tuple of Hook
        Own rules and observers.
    warnings : tuple of str
        What is said of the scenario and the engine.
    """

    scenario: Scenario
    model: Model
    asked: Asked
    sampling: Sampling
    by: tuple[Grouping, ...] = ()
    hooks: tuple[Hook, ...] = ()
    warnings: tuple[str, ...] = ()

    def run(self) -> Result:
        """Run them.

        Raises
        ------
        FunnelsimError
            If a draw does not go with the scenario.
        Interrupted
            On Ctrl-C; carries the result of the worlds that were done.
        """
        asked, sampling = self.asked, self.sampling
        asked.check_groups(self.by)
        if sampling.executor is None:
            at_once = min(sampling.at_once, asked.runs)
            check_memory(self.model, Plans(at_once, at_once, sampling.engine, divided=bool(self.by)))
        rest = (Kept(by=self.by), self.hooks)
        laboratory = Laboratory(sampling, Work.RECORDS)
        batches = [
            Batch(_WORLDS, asked.of(self.scenario, self.model), asked.runs, reading, rest),
            Batch(_GUESS, self.model, asked.count, reading, rest),
        ]
        try:
            with laboratory:
                laboratory.run(batches)
        except KeyboardInterrupt:
            done = laboratory.kept(_WORLDS)
            told = f"stopped by the user after {len(done):,} of {number_of(asked.runs, 'replication')}"
            kept = self._result(done, laboratory.kept(_GUESS), told) if done else None
            raise Interrupted(kept, f"stopped after {number_of(len(done), 'replication')}", len(done)) from None
        return self._result(laboratory.kept(_WORLDS), laboratory.kept(_GUESS))

    def _result(self, done: list[Reading], guess: list[Reading], *warnings: str) -> Result:
        from funnelsim.results.result import Result

        first, again = done[: self.asked.count], done[self.asked.count :]
        how = replace(self.asked.how, worlds=len(first), pairs=len(again))
        over = Worlds(how, tuple(each.tally for each in again), tuple(each.tally for each in guess[: len(first)]))
        said = (*self.scenario.warnings, *self.warnings, *warnings)
        seed, engine = self.sampling.seed, self.sampling.engine
        return Result(self.model, first, seed, engine, funnelsim.version.VERSION, said, over)
