"""What the page of a replay is told of each arm: names, the tape, the limit, and figures by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from funnelsim.model.model import Model
from funnelsim.model.records import Records
from funnelsim.results.limiting import Evidence, evidence
from funnelsim.results.measures.summary import summarise, tally
from funnelsim.scenario.forms.quantities import MICROSECONDS

from ..pictures import style
from ..pictures.marking import teams_of
from ..words import say
from .tape import DAY, MINUTE, Tape, sums_by, waiting_by

MONTH = MICROSECONDS["mo"]


@dataclass(frozen=True)
class Take:
    """One replication of one scenario, as it is shown.

    Parameters
    ----------
    name : str
        What the arm is called.
    model : Model
        What was run.
    records : Records
        One replication, with its event log.
    """

    name: str
    model: Model
    records: Records

    @cached_property
    def limit(self) -> Evidence | None:
        """The team that limits this replication, or else the one with the most load."""
        months = (self.model.horizon - self.model.warmup) / MONTH
        found = evidence(summarise([tally(self.records, self.model)], self.model), self.model, months)
        return next((each for each in found if each.limits), found[0] if found else None)

    @property
    def team(self) -> int:
        """The row of that team, or -1."""
        return -1 if self.limit is None else self.model.team_names.index(self.limit.team)

    def shown_team(self, other: Take) -> int:
        """The team of another arm whose queue is drawn: the one that limits this, or what limits that itself."""
        names = other.model.team_names
        return names.index(self.limit.team) if self.limit and self.limit.team in names else other.team

    @property
    def leads(self) -> int:
        """How many leads there are."""
        return len(self.records.leads.created)

    @property
    def won(self) -> int:
        """Leads won in the time that counts."""
        return int(self._at_end["counted"])

    @property
    def open(self) -> int:
        """Leads open at the end."""
        return int(self._at_end["open"])

    @cached_property
    def _at_end(self) -> dict[str, int]:
        ends = np.array([self.model.horizon])
        return {name: int(values[0]) for name, values in sums_by(self.records, self.model, ends).items()}

    def to_dict(self, tape: Tape) -> dict[str, Any]:
        """What the page reads."""
        return {
            "name": self.name,
            "stages": list(_stages(self.model)),
            "teams": list(_teams(self)),
            "columns": [list(each) for each in tape.columns],
            "step": tape.step,
            "data": tape.data,
        }


def _stages(model: Model) -> Iterator[dict[str, Any]]:
    for name, label in zip(model.stage_names, model.stage_labels, strict=True):
        teams = teams_of(model, name)
        yield {
            "label": label,
            "crew": " / ".join(model.team_labels[team] for team in teams) or say("picture.line.no_rep"),
            "team": teams[0] if teams else -1,
            "aside": bool(model.spec.stages[name].aside),
        }


def _teams(take: Take) -> Iterator[dict[str, Any]]:
    limits = take.limit is not None and take.limit.limits
    for number, label in enumerate(take.model.team_labels):
        limit = limits and number == take.team
        yield {"label": label, "colour": style.team_colour(number), "limit": limit}


@dataclass(frozen=True)
class Month:
    """Figures of a month of one arm."""

    first: dt.date
    counts: bool  # whether the whole month lies after the warm-up
    created: int
    won: int
    counted: int  # of these, won after the warm-up
    lost: int
    open: int  # at its end
    waiting: int


def months(take: Take) -> list[Month]:
    """Figures by calendar month; the last may be a part of one."""
    model = take.model
    firsts = list(_firsts(model.start, model.horizon))
    ends = np.array([*((day - model.start).days * DAY for day in firsts[1:]), model.horizon])
    sums = sums_by(take.records, model, ends)
    by_month = {name: np.diff(sums[name], prepend=0).tolist() for name in ("created", "won", "counted", "lost")}
    by_month |= {"open": sums["open"].tolist(), "waiting": waiting_by(take.records, model, ends).tolist()}
    rows = zip(*by_month.values(), strict=True)
    return [
        Month(day, (day - model.start).days * DAY >= model.warmup, *row)
        for day, row in zip(firsts, rows, strict=True)
    ]


def _firsts(start: dt.date, horizon: int) -> Iterator[dt.date]:
    """The first days of the months of a run: its own first day, and then the first of each."""
    day = start
    while (day - start).days * DAY < horizon:
        yield day
        day = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)


def has_partners(takes: Sequence[Take]) -> bool:
    """Whether people join the work of others, which the event log does not tell."""
    stages = [tables.stages for take in takes for _, tables in take.model.periods]
    return any(bool((each.joint_team >= 0).any() or (each.meeting >= 0).any()) for each in stages)


def has_filler(takes: Sequence[Take]) -> bool:
    """Whether people make outbound contacts between leads, of which only the sums are known."""
    return any(bool(take.records.series.team_filler.any()) for take in takes)


def minute(time: int) -> int:
    """Microseconds as whole minutes."""
    return -(-time // MINUTE)
