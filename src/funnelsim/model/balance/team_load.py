"""What is expected of each team: its load, and what follows from it in words."""

from __future__ import annotations

from dataclasses import dataclass

from funnelsim.errors import Warned

ABSURD = 3.0
"""A load above which no team is that short of people, but some number is wrong."""


@dataclass(frozen=True)
class TeamLoad:
    """Hours a month: what the work of a team takes of its open time, and the open time of all its reps."""

    needed: float
    open: float

    @property
    def load(self) -> float | None:
        """The part of the open time that the work takes; None if the team is never open."""
        return self.needed / self.open if self.open > 0.0 else None


@dataclass(frozen=True)
class Loads:
    """Expected flow per month, and what it asks of the teams.

    Parameters
    ----------
    visits : dict
        Leads that come to each stage.
    teams : dict
        The load of each team, outbound contacts left out.
    brought : float
        New customers that a customer brings by referral during the run, of the kind that brings most.
    arriving, entering : float
        Leads that sources send by themselves, and all that come, those of outbound work and of customers included.
    contacts : float
        Outbound contacts.
    customers : float
        Mean number of customers after warm-up.
    growth : float
        By how many times e referrals make customers more during the run, where they alone let them grow.
    conditions : tuple of str
        What must hold for these loads to come true (see `uncounted`).
    caring : frozenset of str
        Teams of whose work the care that is missed does not pile up.
    """

    visits: dict[str, float]
    teams: dict[str, TeamLoad]
    brought: float = 0.0
    arriving: float = 0.0
    entering: float = 0.0
    contacts: float = 0.0
    customers: float = 0.0
    growth: float = 0.0
    conditions: tuple[str, ...] = ()
    caring: frozenset[str] = frozenset()

    @property
    def warnings(self) -> tuple[Warned, ...]:
        """One sentence for each team whose work does not fit into its open hours."""
        sentences: list[Warned] = []
        if self.brought >= 1.0:
            growing = f"each brings {self.brought:.2f} new customers during the run"
            said = f"customers.referral: {growing}, so their number grows faster and faster"
            sentences.append(Warned(said, "W-customers-runaway"))
        for name, team in self.teams.items():
            if team.load is None and team.needed > 0.0:
                said = f"teams.{name}: work comes, but nobody is ever there to do it"
                sentences.append(Warned(said, "W-team-absent"))
            elif team.load is not None and 1.0 < team.load <= ABSURD:
                said = f"teams.{name}: the expected load is {team.load:.2f}{self._consequence(name)}"
                sentences.append(Warned(said, "W-load-above-one"))
        return (*sentences, *self.doubts)

    def _consequence(self, name: str) -> str:
        """What follows from a load above 1: nothing for sure where that load may never come to be."""
        given = list(self.conditions)
        if name in self.caring:
            given.append("no care were missed")
        others = [each for each, team in self.teams.items() if each != name and (team.load or 0.0) > 1.0]
        if others:
            given.append(f"{' and '.join(others)} kept up")
        if not given:
            return ", so its queues grow as long as it lasts"
        return f" if {' and '.join(given)}; what becomes of it only a run tells"

    @property
    def doubts(self) -> tuple[Warned, ...]:
        """One sentence for each load that can hardly be meant."""
        return tuple(
            Warned(
                f"teams.{name}: the expected load is {team.load:.2f}: there is work for {team.load:.3g} times the "
                "people that there are; is an effort, a rate or a headcount given in another unit?",
                "W-load-absurd",
            )
            for name, team in self.teams.items()
            if team.load is not None and team.load > ABSURD
        )
