"""What a comparison says beside the KPIs of the whole line: groups, stages and teams, handoffs, own figures."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from funnelsim.arguments import checked
from funnelsim.errors import FunnelsimError

from .by_group import ByGroup, by_group
from .judging import Finding
from .places import OwnAndWhole, differing, of_handoffs, own_and_whole

if TYPE_CHECKING:
    import pandas as pd

    from ..running.arms import Arm
    from ..study.question import Question
    from .stopping_rules import Rule


class Beside:
    """What a comparison must have for it, and what it gives."""

    if TYPE_CHECKING:
        arms: tuple[Arm, ...]
        question: Question
        rule: Rule

        @property
        def replications(self) -> int: ...

    @cached_property
    def groups(self) -> dict[str, ByGroup]:
        """By what the comparison was asked to divide KPIs by, the differences of each group."""
        level = self.rule.level(self.replications)
        return {by: by_group(self.arms, self.question, by, level) for by in self.arms[0].tallies[0].groups}

    @cached_property
    def places(self) -> tuple[Finding, ...]:
        """Figures of stages and teams in which some arm differs; all that are looked at hold together."""
        return differing(self.arms, self.question, self.rule.level(self.replications))

    @cached_property
    def handoffs(self) -> tuple[Finding, ...]:
        """Figures of all handoffs that the base has; their intervals hold together among themselves."""
        return of_handoffs(self.arms, self.question, self.rule.level(self.replications))

    @cached_property
    def own(self) -> tuple[OwnAndWhole, ...]:
        """Each team's own figure beside the whole's, by arm; their intervals hold together among themselves."""
        return own_and_whole(self.arms, self.question, self.rule.level(self.replications))

    @checked
    def by(self, what: str) -> pd.DataFrame:
        """Paired differences of groups, by group, KPI and arm; ``note`` says why a KPI cannot be divided.

        Parameters
        ----------
        what : {"segment", "source", "territory", "rep"}
            What leads and customers were divided by: ``compare(..., by=...)``.

        Raises
        ------
        FunnelsimError
            If the comparison was not asked to divide them so.
        """
        if what not in self.groups:
            raise FunnelsimError(
                f"by {what!r}: this comparison did not divide KPIs so; compare(..., by={what!r})",
                code="E-groups-none",
            )
        return self.groups[what].table
