"""A what-if question as a comparison, for all that a comparison says beside its differences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..comparison.compare import compared
from ..running.arms import side_by_side
from ..study.question import question
from .answers import level

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario

    from ..comparison.result import Comparison
    from ..comparison.stopping_rules import Reason
    from ..running.arms import Arm
    from ..running.laboratory import Sampling
    from ..statistics.paired import Level
    from ..study.question import Question, Targets


@dataclass(frozen=True)
class Looked:
    """A number of replications at which answers were looked at before, so that intervals pay for these looks.

    Without it a difference that an answer calls not known yet could be called more beside it.
    """

    first: int

    def next(self, arms: Sequence[Arm], question: Question) -> int:
        """No further ones."""
        return self.first

    def level(self, done: int) -> Level:
        """That of answers after as many replications."""
        return level(done)

    def drove(self, arms: Sequence[Arm], question: Question) -> Reason | None:
        """Nothing that a comparison could tell."""
        return None


def closely(
    scenarios: Mapping[str, Scenario],
    replications: int,
    sampling: Sampling,
    *,
    kpis: Sequence[str] | None = None,
    by: Sequence[str] = (),
    targets: Targets = None,
    until: dt.date | None = None,
) -> Comparison:
    """Compare the changed line with today's as `funnelsim.compare` does, with the intervals of answers.

    Parameters
    ----------
    scenarios : mapping
        Today's line and the changed one, by their names.
    replications : int
        Of each.
    sampling : Sampling
        How they are computed.
    kpis, by, targets, until
        As in `funnelsim.compare`.

    Raises
    ------
    FunnelsimError, ComparisonInterrupted
        As in `funnelsim.compare`.
    """
    running = side_by_side(scenarios, sampling, tuple(by))
    asked = question(running.arms, kpis, None, None, targets, until)
    return compared(scenarios, running, asked, Looked(replications))
