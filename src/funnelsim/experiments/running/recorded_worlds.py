"""Records of worlds: a run of each plausible set of inputs, for what looks into single runs, as forecasts do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funnelsim.model.compile import compile_model

from .executors import Work
from .laboratory import Batch, Laboratory, Sampling
from .replications import replicate
from .worlds import asked

if TYPE_CHECKING:
    from funnelsim.model.model import Model
    from funnelsim.model.records import Records
    from funnelsim.scenario.scenario import Scenario

_WORLDS = "worlds"


def recorded(model: Model, seed: int, replication: int, engine: str, **options: Any) -> Records:
    """The records of one replication; runs in a worker process as well."""
    return replicate(model, seed, replication, engine, False, keep=True, **options)


def records_over(
    scenario: Scenario, inputs: str | Path | Sequence[Mapping[str, Any]], worlds: int | None, sampling: Sampling
) -> tuple[Model, list[Records]]:
    """One run of each world, with the luck of its number; and the scenario as it stands, compiled.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    inputs : path or list of change fragments
        The draws.
    worlds : int, optional
        How many; by default all draws.
    sampling : Sampling
        How they are computed.

    Raises
    ------
    FunnelsimError
        If there are no draws, or one of them does not go with the scenario.
    """
    wanted = asked({scenario.name: scenario}, inputs, worlds, 0, {})
    assert wanted is not None  # as there are inputs
    model = compile_model(scenario)
    laboratory = Laboratory(sampling, Work.RECORDS)
    with laboratory:
        laboratory.run([Batch(_WORLDS, wanted.of(scenario, model), wanted.count, recorded, ())])
    return model, laboratory.kept(_WORLDS)
