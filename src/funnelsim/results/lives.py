"""The life of one lead: its visits, and where it was at each moment."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from funnelsim.errors import FunnelsimError
from funnelsim.model.model import Model
from funnelsim.model.records import (
    COMPLETED,
    ENTERED,
    EVENT_KINDS,
    LEFT,
    QUEUED,
    STARTED,
    WON,
    Records,
)
from funnelsim.scenario.forms.quantities import HOUR
from funnelsim.unchanging import OF_RESULTS, unchanging

from .labels import lead_labels, rep_labels
from .shown import Pictured, paragraphs
from .stamp import Stamp

if TYPE_CHECKING:
    import pandas as pd

WAITING, WORK, ON_THE_WAY, BUYER = "waiting", "work", "on_the_way", "buyer"
STATES = (WAITING, WORK, ON_THE_WAY, BUYER)
"""Where a lead is in a stage: it waits for a rep, is in work (closed hours included), is handed over or held by a
limit, or is with the buyer."""


class Span(NamedTuple):
    """A part of a life, in microseconds from the start of the scenario."""

    stage: str
    state: str
    start: int
    end: int
    rep: str = ""

    @property
    def hours(self) -> float:
        """How long it is."""
        return (self.end - self.start) / HOUR


class Moment(NamedTuple):
    """Something that happens to a lead, as in the event log."""

    time: int
    event: str
    stage: str
    rep: str
    outcome: str


@unchanging(OF_RESULTS)
@dataclass(frozen=True, eq=False, repr=False)
class Life(Pictured):
    """One lead in one replication.

    Parameters
    ----------
    lead : str
        What it is called, such as ``web-412``.
    line : str
        The scenario, or the arm.
    replication : int
        Which one; 1 is the first.
    outcome : str
        How it ended: ``won`` or a way out; empty while it is open.
    created, ended : int
        Microseconds from the start of the scenario; `ended` is the horizon for a lead that is open.
    value : float
        In a year or once.
    currency : str
        Of the value.
    spans : tuple of Span
        Where it was, in order of time; what comes after a win is there too.
    moments : tuple of Moment
        What happened to it.
    labels : mapping
        What stages are called.
    start : date
        When the scenario starts.
    stamp : Stamp
        What made it.
    """

    lead: str
    line: str
    replication: int
    outcome: str
    created: int
    ended: int
    value: float
    currency: str
    spans: tuple[Span, ...]
    moments: tuple[Moment, ...]
    labels: dict[str, str]
    start: dt.date
    made: Stamp

    @property
    def stamp(self) -> Stamp:
        """What made it."""
        return self.made

    @property
    def until(self) -> int:
        """Where its last span ends."""
        return max([self.ended, *(span.end for span in self.spans)])

    def hours(self, state: str, until: int | None = None) -> float:
        """Hours in a state, up to a moment if one is given."""
        last = self.until if until is None else until
        return sum(max(0, min(span.end, last) - span.start) for span in self.spans if span.state == state) / HOUR

    def date(self, time: int) -> dt.datetime:
        """A moment as date and time, without a zone."""
        return dt.datetime.combine(self.start, dt.time()) + dt.timedelta(microseconds=time)

    @property
    def words(self) -> tuple[str, ...]:
        """Its life in plain words."""
        return tuple(self._view("words")(self))

    @property
    def table(self) -> pd.DataFrame:
        """One row a moment of the event log."""
        import pandas as pd

        return pd.DataFrame(self._rows())

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "time": self.date(each.time).isoformat(sep=" ", timespec="seconds"),
                "hours": each.time / HOUR,
                **{name: getattr(each, name) or None for name in ("event", "stage", "rep", "outcome")},
            }
            for each in self.moments
        ]

    def to_dict(self) -> dict[str, Any]:
        """The JSON document; times are hours from the start."""
        return {
            "lead": self.lead,
            "line": self.line,
            "replication": self.replication,
            **self.stamp.to_dict(),
            "outcome": self.outcome or None,
            "created": self.created / HOUR,
            "ended": self.ended / HOUR if self.outcome else None,
            "value": self.value,
            "currency": self.currency,
            "spans": [
                {
                    "stage": span.stage,
                    "state": span.state,
                    "start": span.start / HOUR,
                    "end": span.end / HOUR,
                    "rep": span.rep or None,
                }
                for span in self.spans
            ],
            "events": self._rows(),
        }

    def _said(self) -> str:
        return paragraphs(*self.words, str(self.stamp))

    def __repr__(self) -> str:
        return (
            f"<Life of {self.lead!r} in {self.line!r}, replication {self.replication}: {self.outcome or 'open'}>"
        )


def life(records: Records, model: Model, lead: str, line: str, made: Stamp) -> Life:
    """The life of a lead of a replication that kept its event log.

    Raises
    ------
    FunnelsimError
        If there is no such lead.
    """
    if records.events is None:
        raise FunnelsimError("the event log was not kept; run with events=True", code="E-records-events")
    row = _row(lead_labels(records, model), lead, records.replication + 1)
    leads = records.leads
    outcome = int(leads.outcome[row])
    moments = tuple(_moments(records, model, row))
    return Life(
        lead,
        line,
        records.replication + 1,
        model.outcome_names[outcome] if outcome >= 0 else "",
        int(leads.created[row]),
        int(leads.ended[row]) if outcome >= 0 else model.horizon,
        int(leads.booked[row] if outcome == WON else leads.value[row]) / 100,
        model.spec.currency,
        tuple(_spans(moments, records, model, row)),
        moments,
        dict(zip(model.stage_names, model.stage_labels, strict=True)),
        model.start,
        made,
    )


def _row(labels: Sequence[str], lead: str, replication: int) -> int:
    for name in (lead, unicodedata.normalize("NFKC", lead)):  # as it is called, or typed in full width
        if name in labels:
            return labels.index(name)
    near = get_close_matches(lead, labels, 1, 0.5)
    hint = f"leads have names such as {labels[0]!r}" if labels else "it has no leads"
    hint = f"did you mean {near[0]!r}?" if near else hint
    raise FunnelsimError(f"there is no lead {lead!r} in replication {replication}; {hint}", code="E-lead-unknown")


def _moments(records: Records, model: Model, row: int) -> Iterator[Moment]:
    events = records.events
    assert events is not None
    reps = rep_labels(records.reps, model)
    for at in np.flatnonzero(events.lead == row).tolist():
        stage, rep, outcome = int(events.stage[at]), int(events.rep[at]), int(events.outcome[at])
        yield Moment(
            int(events.time[at]),
            EVENT_KINDS[int(events.kind[at])],
            model.stage_names[stage] if stage >= 0 else "",
            reps[rep] if rep >= 0 else "",
            model.outcome_names[outcome] if outcome >= 0 else "",
        )


def _spans(moments: Sequence[Moment], records: Records, model: Model, row: int) -> Iterator[Span]:
    """The log as spans; what the lead's visits say of handoffs and limits names the time before the first wait."""
    visits = records.visits
    own = np.flatnonzero(visits.lead == row)
    number, stage, state, since, rep = -1, "", "", 0, ""
    for each in moments:
        kind = EVENT_KINDS.index(each.event)
        if kind not in (ENTERED, QUEUED, STARTED, COMPLETED, LEFT) or (kind != ENTERED and not stage):
            continue
        if stage and each.time > since:
            yield Span(stage, state, since, each.time, rep)
        since, rep = each.time, ""
        if kind == ENTERED:
            number += 1
            here = own[number]
            stage, state = each.stage, ON_THE_WAY if visits.handoff[here] + visits.held[here] else BUYER
        elif kind == QUEUED:
            state = WAITING
        elif kind == STARTED:
            state, rep = WORK, each.rep
        elif kind == COMPLETED:
            state = BUYER
        else:
            stage = ""
    if stage and model.horizon > since:
        yield Span(stage, state, since, model.horizon, rep)
