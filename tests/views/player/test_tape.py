"""A tape says what the records say: at any minute, in each stage and state, of each person, of each day."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.records import WON
from funnelsim.model.time.calendars import open_between
from funnelsim.results.measures.kpis import kpi_indicators
from funnelsim.results.measures.summary import tally
from funnelsim.views.player import tape as tapes
from funnelsim.views.player.tape import DAY, MINUTE, midnights, tape

from .lines import PRESSED, SHIPPED, Film, played, recomputed, work_of

ALL = (PRESSED, *SHIPPED)


@pytest.fixture(params=ALL, ids=["pressed", *SHIPPED])
def text(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_at_any_minute_leads_are_where_the_records_have_them(text: str) -> None:
    records, model = played(text)
    film = Film(tape(records, model, 0))
    end = model.horizon // MINUTE
    for minute in (0, 1, 545, *np.linspace(1000, end, 11).astype(int).tolist()):
        places, fates = film.counts(minute, len(model.stage_names))
        expected = recomputed(records, model, minute)
        np.testing.assert_array_equal(places, expected[0])
        np.testing.assert_array_equal(fates, expected[1])


def test_at_each_midnight_stages_and_queues_are_those_that_the_engine_counted(text: str) -> None:
    records, model = played(text)
    film = Film(tape(records, model, 0))
    ends = midnights(model)
    bins = np.searchsorted(model.edges[1:], ends)
    for end, row in list(zip(ends.tolist(), bins.tolist(), strict=True))[::5]:
        places, _ = film.counts(end // MINUTE, len(model.stage_names))
        np.testing.assert_array_equal(places.sum(axis=1), records.series.wip_last[row])
        np.testing.assert_array_equal(places[:, tapes.WAITING], records.series.queue_last[row])


def test_no_lead_is_lost_on_the_way(text: str) -> None:
    """At every change: open leads are in a stage, lost ones in none, and what has ended stays so."""
    records, model = played(text)
    film = Film(tape(records, model, 0))
    assert len(film.first) == len(records.leads.created)
    for first, last in zip(film.first.tolist(), film.last.tolist(), strict=True):
        codes = film.columns["code"][first : last + 1]
        assert (np.diff(film.minute[first : last + 1]) > 0).all()
        fates, inside = codes % 3, codes // 3 > 0
        assert (inside | (fates != tapes.OPEN)).all()
        assert not (inside & (fates == tapes.FAILURE)).any()
        ended = np.flatnonzero(fates != tapes.OPEN)
        assert ended.size == 0 or (fates[ended[0] :] == fates[ended[0]]).all()


def test_wins_are_the_kpi(text: str) -> None:
    records, model = played(text)
    made = tape(records, model, 0)
    film = Film(made)
    names = [each.name for each in kpi_indicators(model)]
    kpi = dict(zip(names, tally(records, model).kpis, strict=True))
    assert film.columns["day_counted"].sum() == kpi["won"][0]
    end = model.horizon // MINUTE
    _, fates = film.counts(end, len(model.stage_names))
    before = int(((records.leads.outcome == WON) & (records.leads.ended <= 0)).sum())
    assert fates[tapes.SUCCESS] - before == film.columns["day_won"].sum()
    assert fates[tapes.OPEN] == kpi["open_at_end"][0]


def test_days_are_what_the_leads_say(text: str) -> None:
    records, model = played(text)
    film = Film(tape(records, model, 0))
    sums = {name: np.cumsum(film.columns[f"day_{name}"]) for name in ("created", "won", "lost")}
    for day in range(0, len(sums["won"]), 9):
        minute = min((day + 1) * DAY, model.horizon) // MINUTE
        places, fates = film.counts(minute, len(model.stage_names))
        assert fates[tapes.OPEN] == sums["created"][day] - sums["won"][day] - sums["lost"][day]
        assert fates[tapes.FAILURE] == sums["lost"][day]
        assert places[:, tapes.WAITING].sum() == film.columns["day_waiting"][day]


def test_people_have_one_thing_in_hand_and_are_busy_as_long_as_the_records_say() -> None:
    records, model = played(PRESSED)
    end = model.horizon // MINUTE
    work = work_of(Film(tape(records, model, 0)), end)
    calendars = model.tables.calendars
    for rep, spans in work.items():
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
        row = int(model.tables.teams.calendar[records.reps.team[rep]])
        busy = sum(open_between(calendars, row, start * MINUTE, stop * MINUTE) for start, stop in spans)
        assert abs(busy - records.reps.busy[rep]) <= MINUTE * len(spans)
    assert set(work) == set(np.flatnonzero(records.reps.busy).tolist())


def test_people_of_a_company_have_no_two_things_in_hand() -> None:
    records, model = played("mid_market")
    for spans in work_of(Film(tape(records, model, 0)), model.horizon // MINUTE).values():
        assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_opening_hours_are_those_of_the_calendar() -> None:
    records, model = played(PRESSED)
    turns = np.cumsum(Film(tape(records, model, 0)).columns["open_0"])
    assert turns[0] == 9 * 60  # 2026-01-05 is a Monday
    assert turns[1] == 17 * 60
    assert len(turns) == 2 * 5 * 26
    assert turns[-1] * MINUTE < model.horizon < NEVER


def test_a_sample_is_every_so_many_leads_as_they_are_on_the_whole_tape() -> None:
    records, model = played(PRESSED)
    whole, some = Film(tape(records, model, 0)), Film(tape(records, model, 0, 3))
    np.testing.assert_array_equal(some.codes(90_000), whole.codes(90_000)[::3])
    np.testing.assert_array_equal(some.columns["day_won"], whole.columns["day_won"])


def test_a_tape_has_no_more_leads_than_it_may() -> None:
    for leads in (0, 1, tapes.MOST, tapes.MOST + 1, 250_000, 10_000_000):
        step = tapes.step_of(leads)
        assert -(-leads // step) <= tapes.MOST
        assert step == 1 or -(-leads // (step - 1)) > tapes.MOST


def test_without_the_log_there_is_no_tape() -> None:
    records, model = played(PRESSED)
    with pytest.raises(FunnelsimError, match="run with events=True"):
        tape(records._replace(events=None), model, 0)
