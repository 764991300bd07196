"""Naming the limit of a line from what was simulated.

Two things make a team the limit: one more rep brings more through the line, and leads leave its reps no hours
to spare. Where nothing tried brings more, a load near 1 shows who is at the limit. That reps are busy says
nothing, as they may be so with outbound filler; and where a rep more only makes more outbound contacts, what
limits the line is demand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from funnelsim.results.limiting import AT_WORK, TIGHT, Evidence

from .candidates import LEADS, MORE_LEADS
from .throughput import Trial

PASSED_ON = 0.5
"""Share of more leads that must come through for demand to be the limit by itself."""


class Certainty(StrEnum):
    """How clear it is."""

    CLEAR = "clear"
    BARELY = "barely"
    UNTOLD = "not known"
    NONE = "none"


@dataclass(frozen=True)
class LineLimit:
    """What limits the line.

    Parameters
    ----------
    names : tuple of str
        Teams, or ``leads`` for demand; the first is the one to begin with.
    certainty : Certainty
        Whether the simulation shows it clearly, only that the team is at its limit, or nothing; or whether there
        are too few replications to tell, as what was tried may bring much or nothing.
    queues : tuple of str
        Teams whose queue grows although a rep more brings nothing through the line.
    """

    names: tuple[str, ...]
    certainty: Certainty
    queues: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        """Where to begin."""
        return self.names[0]


def name(evidence: Sequence[Evidence], teams: dict[str, Trial], leads: Trial | None) -> LineLimit:
    """The limit of a line.

    Parameters
    ----------
    evidence : sequence of Evidence
        Load and queue of each team.
    teams : dict
        By team what one more rep gives.
    leads : Trial or None
        What a tenth more leads give; None where no source has a rate.
    """
    known = {each.team: each for each in evidence}
    gaining = [team for team, trial in teams.items() if trial.gains and _at_work(known[team])]
    gaining.sort(key=lambda team: -teams[team].share)
    growing = [each.team for each in evidence if each.limits and each.team not in gaining]
    passed = leads.share / MORE_LEADS if leads is not None and leads.gains else 0.0
    if gaining:
        both = (LEADS,) if passed > PASSED_ON else ()
        return LineLimit((*gaining, *both), Certainty.CLEAR, tuple(growing))
    if passed > PASSED_ON:
        return LineLimit((LEADS,), Certainty.CLEAR, tuple(growing))
    tight = [each.team for each in evidence if _load(each) >= TIGHT]
    if any(trial.untold for trial in (*teams.values(), *(() if leads is None else (leads,)))):
        return LineLimit(tuple(tight) or (LEADS,), Certainty.UNTOLD)
    if tight:
        return LineLimit(tuple(tight), Certainty.BARELY)
    if passed:
        return LineLimit((LEADS,), Certainty.BARELY)
    return LineLimit((LEADS,), Certainty.NONE)


def undecided(evidence: Sequence[Evidence], teams: dict[str, Trial], leads: Trial | None) -> list[str]:
    """Names of the trials that may still change what `name` says, or of which too little is known to be told.

    A team with hours to spare is not named whatever one more rep brings; nor is demand beside a team, unless half
    of what comes more gets through.
    """
    known = {each.team: each for each in evidence}
    at_work = [trial for team, trial in teams.items() if _at_work(known[team])]
    names = [trial.name for trial in at_work if trial.promising or trial.vague]
    alone = not any(trial.gains for trial in at_work)
    if (
        leads is not None
        and (leads.promising or leads.vague)
        and (alone or leads.share > PASSED_ON * MORE_LEADS / 2)
    ):
        names.append(leads.name)
    return names


def _at_work(each: Evidence) -> bool:
    return each.limits or _load(each) >= AT_WORK


def _load(each: Evidence) -> float:
    return each.load.mean or 0.0
