"""Book-keeping of a run: areas under counts, and rows of records."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from funnelsim.engine.codes import BUYER, HANDOFF, HELD, WAIT, WORK
from funnelsim.model import records as rec
from funnelsim.model.model import Model
from funnelsim.model.numbers.columns import NEVER, WHOLE
from funnelsim.model.rules import people
from funnelsim.model.tables.builder import WORK_ITEMS

from ..customer import Customer
from ..tasks import Task
from .hours import Hours
from .state import Lead, Rep, Visit

GAINS = (rec.OPENING, rec.NEW_ARR, rec.EXPANDED)


class Area:
    """A count that changes, and its integral over time in each bin; integers throughout."""

    __slots__ = ("area", "bins", "last", "now", "since")

    def __init__(self, bins: int) -> None:
        self.now = 0
        self.since = 0
        self.area = 0
        self.bins = [0] * bins
        self.last = [0] * bins

    def change(self, now: int, by: int) -> None:
        """Change the count."""
        self.area += self.now * (now - self.since)
        self.since = now
        self.now += by

    def close(self, bin_: int, edge: int) -> None:
        """End a bin."""
        self.change(edge, 0)
        self.bins[bin_] = self.area
        self.last[bin_] = self.now
        self.area = 0


class Ledger:
    """Everything a run writes down."""

    def __init__(self, model: Model, hours: Hours, events: bool, watch: Callable[..., None] | None = None) -> None:
        self._model = model
        self._hours = hours
        self._calendars = [[(-NEVER, int(row))] for row in model.tables.teams.calendar]  # since when
        self.edges = [int(edge) for edge in model.edges]
        self.bins = len(self.edges) - 1
        self._present = 0  # the bin that runs
        self.wip = [Area(self.bins) for _ in model.stage_names]
        self.queue = [Area(self.bins) for _ in (*model.stage_names, *WORK_ITEMS)]
        self.team_queue = [Area(self.bins) for _ in model.team_names]
        self.headcount = [Area(self.bins) for _ in model.team_names]
        self._team_open = [[0] * self.bins for _ in model.team_names]
        self._busy = [[0] * self.bins for _ in model.team_names]
        self._filler = [[0] * self.bins for _ in model.team_names]
        self._queue_open = [[0] * self.bins for _ in model.team_names]
        self._waits = [[[0, 0, 0] for _ in range(self.bins)] for _ in model.team_names]
        self._visits: list[Any] = []
        self.leads: list[Lead | tuple[Any, ...]] = []  # those that have left the line as rows
        self.reps: list[Rep] = []
        self.customers: list[Customer] = []
        self.tasks: list[Task] = []
        self.moves: list[tuple[Any, ...]] = []
        self.arr = 0
        self.customer_count = 0
        self._arr_last: list[int] = []
        self._customers_last: list[int] = []
        self.open_visits: dict[Visit, None] = {}
        self.events: list[tuple[Any, ...]] | None = [] if events else None
        self._watch = watch

    def event(self, now: int, lead: Lead, stage: int, kind: int, rep: int = -1, outcome: int = -1) -> None:
        """Note one row of the event log, if it is kept, and tell those who watch."""
        if self._watch is not None:
            self._watch(now, lead, stage, kind, rep, outcome)
        if self.events is not None:
            event = rec.row(rec.Events)
            self.events.append(event(time=now, lead=lead.serial, stage=stage, kind=kind, rep=rep, outcome=outcome))

    def move(self, now: int, customer: int, kind: int, amount: int) -> None:
        """Note a change of annual recurring revenue."""
        if amount > 0:
            self.moves.append(rec.row(rec.Moves)(time=now, customer=customer, kind=kind, amount=amount))
            self.arr += amount if kind in GAINS else -amount

    # --- time ---

    def close_bin(self, bin_: int) -> None:
        """End a bin at its edge."""
        edge = self.edges[bin_ + 1]
        for areas in (self.wip, self.queue, self.team_queue, self.headcount):
            for area in areas:
                area.close(bin_, edge)
        self._present = min(bin_ + 1, self.bins - 1)
        self._arr_last.append(self.arr)
        self._customers_last.append(self.customer_count)

    def _bin(self, moment: int) -> int:
        """The bin of a moment up to now, mostly the one that runs."""
        if moment >= self.edges[self._present]:
            return self._present
        return max(bisect_right(self.edges, moment) - 1, 0)

    def _spread(self, into: list[int], hours: tuple[int, int], start: int, end: int, quarters: int = WHOLE) -> int:
        """Add the time that both calendars are open between two moments to the bins, and return it.

        Of a post that is not whole it counts as that of a whole one.
        """
        edges, total = self.edges, 0
        at = self._bin(start)
        while start < end:
            until = min(end, edges[at + 1])
            part = people.in_whole_posts(self._hours.open(hours, start, until), quarters)
            into[at] += part
            total += part
            start = until
            at += 1
        return total

    def add_work(self, rep: Rep, quarters: int, hours: tuple[int, int], start: int, end: int) -> None:
        """Charge a rep the open time of a piece of work."""
        rep.busy += self._spread(self._busy[rep.team], hours, start, end, quarters)

    def add_filler(self, rep: Rep, hours: tuple[int, int], start: int, end: int) -> None:
        """Charge a rep the open time of the contact in hand."""
        rep.filler += self._spread(self._filler[rep.team], hours, start, end, rep.quarters)

    def add_wait(self, team: int, start: int, end: int) -> int:
        """Note a wait for a team, up to its end or the horizon, and return its open time."""
        open_time = 0
        for hours, begin, until in self._hours_of(team, start, end):
            open_time += self._spread(self._queue_open[team], hours, begin, until)
        sums = self._waits[team][self._bin(start)]
        sums[0] += 1
        sums[1] += end - start
        sums[2] += open_time
        return open_time

    def add_presence(self, rep: Rep, end: int) -> None:
        """Note the open time of a rep's seat up to ``end``."""
        hours = (rep.calendar, rep.calendar)
        rep.open += self._spread(self._team_open[rep.team], hours, rep.present_from, end, rep.quarters)
        rep.present_from = end

    def keep_hours(self, now: int, team: int, calendar: int) -> None:
        """Count the open time of waits from now on in other hours of a team."""
        self._calendars[team].append((now, calendar))

    def team_hours(self, team: int, start: int, end: int) -> int:
        """A team's open time between two moments, by the calendars that held."""
        return sum(
            self._hours.open(hours, begin, until) for hours, begin, until in self._hours_of(team, start, end)
        )

    def _hours_of(self, team: int, start: int, end: int) -> Iterator[tuple[tuple[int, int], int, int]]:
        """The calendars that a team has between two moments, each with the part of the time it holds."""
        calendars = self._calendars[team]
        for at, (since, calendar) in enumerate(calendars):
            until = calendars[at + 1][0] if at + 1 < len(calendars) else end
            if start < until and since < end:
                yield (calendar, calendar), max(start, since), min(end, until)

    # --- rows ---

    def write_visit(self, visit: Visit, left: int, outcome: int) -> None:
        """Write a visit down, at its end or at the horizon (``left`` -1)."""
        del self.open_visits[visit]
        times = visit.times
        self._visits.append(
            rec.row(rec.Visits)(
                lead=visit.lead.serial,
                stage=visit.stage,
                visit=visit.number,
                team=visit.team,
                rep=visit.rep,
                entered=visit.entered,
                first_touch=visit.first_touch,
                left=left,
                outcome=outcome,
                wait=times[WAIT],
                wait_open=visit.wait_open,
                busy=visit.busy,
                work=visit.work,
                paused=visit.paused,
                buyer=times[BUYER],
                handoff=times[HANDOFF],
                held=times[HELD],
                giver=visit.giver,
                give_wait=visit.give_wait,
                give_busy=visit.give_busy,
                context=visit.lead.context,
            )
        )

    def write_lead(self, lead: Lead) -> None:
        """Write a lead down that has left the line: nothing that a run remembers is larger than a row."""
        self.leads[lead.serial] = _lead_row(lead)

    def records(self, replication: int) -> rec.Records:
        """The records of the whole run."""
        self._visits.sort(key=lambda row: (row.lead, row.entered))  # stable: visits of one instant stay in order
        leads = [_lead_row(x) if isinstance(x, Lead) else x for x in self.leads]
        waits = np.array(self._waits, dtype=np.int64).reshape(len(self._waits), self.bins, 3)
        return rec.Records(
            replication=replication,
            visits=rec.table(rec.Visits, self._visits),
            leads=rec.table(rec.Leads, leads),
            reps=rec.table(rec.Reps, [_rep_row(rep) for rep in self.reps]),
            series=self._series(),
            waits=rec.Waits(*(np.ascontiguousarray(waits[:, :, part].T) for part in range(3))),
            events=None if self.events is None else rec.table(rec.Events, self.events),
        )

    def _series(self) -> rec.Series:
        """The areas as arrays of shape (bins, stages) or (bins, teams)."""

        def columns(values: list[list[int]]) -> Any:
            return np.array(values, dtype=np.int64).reshape(len(values), self.bins).T.copy()

        return rec.Series(
            wip=columns([area.bins for area in self.wip]),
            queue=columns([area.bins for area in self.queue[: len(self.wip)]]),
            wip_last=columns([area.last for area in self.wip]),
            queue_last=columns([area.last for area in self.queue[: len(self.wip)]]),
            team_queue=columns([area.bins for area in self.team_queue]),
            team_queue_open=columns(self._queue_open),
            team_queue_last=columns([area.last for area in self.team_queue]),
            team_busy=columns(self._busy),
            team_filler=columns(self._filler),
            team_open=columns(self._team_open),
            team_headcount=columns([area.bins for area in self.headcount]),
            arr_last=np.array(self._arr_last, dtype=np.int64),
            customers_last=np.array(self._customers_last, dtype=np.int64),
        )


def _lead_row(x: Lead) -> tuple[Any, ...]:
    return rec.row(rec.Leads)(
        source=x.source,
        number=x.number,
        burst=x.burst,
        origin=x.origin,
        parent=x.parent,
        opening=x.opening,
        segment=x.segment,
        territory=x.territory,
        created=x.created,
        ended=x.ended,
        outcome=x.outcome,
        value=x.value,
        booked=x.booked,
        first_touch=x.first_touch,
        response_open=x.response_open,
        faces=len(x.faces),
        readiness=x.readiness,
        quality=x.quality,
        score=x.score,
        customer=-1 if x.came_from is None else x.came_from.row,
    )


def _rep_row(x: Rep) -> tuple[Any, ...]:
    return rec.row(rec.Reps)(**{name: getattr(x, name) for name in rec.Reps._fields})


__all__ = ["WORK", "Area", "Ledger"]
