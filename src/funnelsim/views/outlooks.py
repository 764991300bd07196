"""Outlooks of a result, which asks for them through the one door to the rooms above it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from funnelsim.experiments.running.laboratory import Sampling
from funnelsim.experiments.targets.looking import outlooks

if TYPE_CHECKING:
    from funnelsim.experiments.targets.outlook import Outlook
    from funnelsim.results.result import Result


def of_result(
    result: Result, wishes: Sequence[tuple[str, float | str]], by: dt.date | str | None
) -> tuple[Outlook, ...]:
    """How often the runs of a result reach targets; see `Result.target`."""
    return outlooks(result, wishes, by, Sampling(result.seed, result.engine, workers=None))
