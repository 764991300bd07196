"""Results whose KPIs can be divided by segment, source, territory and rep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.arguments import checked

from .divided import Divided
from .measures.groups.asked import groupings
from .measures.summary import Tally, tally

if TYPE_CHECKING:
    import pandas as pd

    from funnelsim.model.model import Model
    from funnelsim.model.records import Records


class Divisible:
    """What a result must have to be divided, and what it gives then."""

    if TYPE_CHECKING:

        @property
        def model(self) -> Model: ...

        @property
        def tallies(self) -> tuple[Tally, ...]: ...

        @property
        def replicates(self) -> tuple[Records, ...]: ...

    @checked
    def by(self, what: str) -> pd.DataFrame:
        """KPIs of groups: one row for each group and KPI, and one for each KPI that cannot be divided, with why.

        Parameters
        ----------
        what : {"segment", "source", "territory", "rep"}
            What leads and customers are divided by.

        Raises
        ------
        FunnelsimError
            If they cannot be, or neither records nor these groups were kept (``simulate(..., by=...)``).
        """
        return self.divided(what).table

    def divided(self, what: str) -> Divided:
        """The same as `by`, without pandas."""
        asked = groupings((what,), (self.model,))
        tallies = self.tallies
        if any(what not in each.groups for each in tallies):
            tallies = tuple(tally(each, self.model, (), (), (), asked) for each in self.replicates)
        return Divided.of(tallies, self.model, what)

    @property
    def groupings(self) -> dict[str, Divided]:
        """By what the run was asked to divide KPIs by, the KPIs of the groups."""
        return {what: self.divided(what) for what in self.tallies[0].groups}
