"""Small inputs written as somebody might: each acts as it was meant, or is refused with what to write instead.

What a message says to write is written, and taken.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.cli.inputs import changed
from funnelsim.scenario.scenario import Scenario

TEXT = """\
funnelsim: 1
name: One desk
horizon: 2 mo
start: 2026-01-01
sources: {web: {rate: 2 / h}}
calendars: {office: {days: mon-fri, hours: 09:00-18:00}}
teams: {a: {headcount: 3, queue: fifo}, f: {headcount: 3, queue: fifo}}
stages:
  call: {team: a, effort: 30 min, convert: 0.5}
  meet: {team: f, effort: 20 min, convert: 0.4}
"""
DESK = Scenario.from_text(TEXT)

WRITTEN = [
    ("headcount: 3", "headcount: 三", "3"),
    ("headcount: 3", "headcount: 十二", "12"),
    ("horizon: 2 mo", "horizon: 半年", "6 mo"),
    ("horizon: 2 mo", "horizon: 1年半", "1.5 y"),
    ("effort: 30 min", "effort: 1時間半", "1.5 h"),
    ("effort: 30 min", "effort: 約30分", "30 min"),
    ("effort: 30 min", "effort: 30分ほど", "30 min"),
    ("rate: 2 / h", "rate: 毎時2件", "2 / h"),
    ("rate: 2 / h", "rate: 1日に20件", "20 / d"),
    ("start: 2026-01-01", "start: 令和8年4月1日", "2026-04-01"),
    ("start: 2026-01-01", "start: 令和元年5月1日", "2019-05-01"),
    ("days: mon-fri", "days: 月-金", "mon-fri"),
    ("hours: 09:00-18:00", "hours: 22:00-06:00", "[22:00-24:00, 00:00-06:00]"),
    ("hours: 09:00-18:00", "hours: 09:00-18:00, closed: [2026-12-29..2026-01-03]", "2026-12-29..2027-01-03"),
]


@pytest.mark.parametrize(("right", "wrong", "better"), WRITTEN)
def test_what_is_said_to_write_is_taken(right: str, wrong: str, better: str) -> None:
    assert right in TEXT
    with pytest.raises(fs.ScenarioError) as refused:
        Scenario.from_text(TEXT.replace(right, wrong, 1))
    (said,) = str(refused.value).splitlines()
    assert re.search(rf"write (a night shift as )?'?{re.escape(better)}", said), said
    key, _, value = wrong.rpartition(": ")
    whole = f"{key}: [{better}]" if value.startswith("[") else f"{key}: {better}"
    Scenario.from_text(TEXT.replace(right, whole, 1))


TYPED = [
    ("teams.a.headcount＝4", "such as teams.a.headcount=4", "teams.a.headcount=4"),
    ("teams.a.headcount:4", "such as teams.a.headcount=4", "teams.a.headcount=4"),
    ("teams.a.headcount==4", "write teams.a.headcount=4", "teams.a.headcount=4"),
    ("teams．a．headcount=4", "did you mean teams.a.headcount?", "teams.a.headcount=4"),
    ("teams/a/headcount=4", "did you mean teams.a.headcount?", "teams.a.headcount=4"),
    ("teams[a].headcount=4", "did you mean teams.a.headcount?", "teams.a.headcount=4"),
    ("teams.a.headcount=x2", "write {multiply: 2}", "teams.a.headcount={multiply: 2}"),
    ("teams.a.headcount=*2", "write {multiply: 2}", "teams.a.headcount={multiply: 2}"),
    ("teams.a.headcount=２倍", "write {multiply: 2}", "teams.a.headcount={multiply: 2}"),
    ("teams.a.headcount=+1人", "write +1", "teams.a.headcount=+1"),
]


@pytest.mark.parametrize(("typed", "said", "better"), TYPED)
def test_what_is_typed_otherwise(typed: str, said: str, better: str) -> None:
    with pytest.raises(fs.FunnelsimError, match=re.escape(said)):
        changed(DESK, [typed])
    assert changed(DESK, [better]).spec.teams["a"].headcount.first in (4, 6)


PHASE = {"from": "2026-02-01"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"phases": [{**PHASE, "change": {"teams.a.headcount": 3}}]}, "phases.0: does nothing as it is"),
        ({"phases": [PHASE]}, "phases.0: does nothing as it is"),
        (
            {"phases": [{**PHASE, "change": {"teams.a.headcount": n}} for n in (4, 5)]},
            "phases.0: does nothing as it is: the organisation with what is laid over it is the same without it",
        ),
        ({"phases": [{**PHASE, "change": {"teams.a.headcount": 4}}]}, ""),
        (
            {
                "phases": [
                    {"from": "2026-01-10", "to": "2026-02-10", "change": {"teams.a.headcount": 4}},
                    {"from": "2026-01-20", "change": {"teams.a.headcount": 5}},
                ]
            },
            "",
        ),
        (
            {"stages.meet.next": "End"},
            "stages.meet.next: 'End' is taken for a reason of loss; did you mean 'end'?",
        ),
        ({"stages.call.otherwise": "LOST"}, "did you mean 'lost'?"),
        ({"sources.web.rate": "0 / h"}, "sources: no lead ever comes"),
        ({"sources.web.rate": "0 / h", "opening.leads": {"call": 9}}, ""),
    ],
)
def test_what_does_nothing_is_told(change: dict[str, Any], told: str) -> None:
    said = [text for text in DESK.change(change).warnings if text not in DESK.warnings]
    assert len(said) == bool(told), said
    assert all(told in text for text in said), said


MISUSED = [
    (lambda: fs.kpis(3), "kpis: `word` must be text"),
    (lambda: fs.Scenario({}), "fs.load reads one from a file"),
    (lambda: fs.Study(), "fs.Study.of makes one"),
    (lambda: fs.Budget(), "Budget: missing a required argument: 'total'"),
]


@pytest.mark.parametrize(("misuse", "said"), MISUSED)
def test_python_misused(misuse: Any, said: str) -> None:
    with pytest.raises(fs.ArgumentError, match=re.escape(said)):
        misuse()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hours: 09:00-18:00", "hours: 09:00-18:00, holidays: 2026-05-01", "holidays: JP, closed: [2026-05-01]"),
        ("hours: 09:00-18:00", "hours: 09:00-18:00, holidays: [JP, 2026-05-01]", "closed: [2026-05-01]"),
        ("{headcount: 3, queue: fifo}", "{headcount: 3}", "such as queue: fifo"),
        ("horizon: 2 mo\n", "", "such as horizon: 1 y"),
    ],
)
def test_what_is_required_is_shown_by_an_example(old: str, new: str, said: str) -> None:
    with pytest.raises(fs.ScenarioError) as error:
        Scenario.from_text(TEXT.replace(old, new, 1))
    assert said in str(error.value)


@pytest.mark.parametrize("added", ["1", "1 d", "1 w", "2 mo", "1 y"])
def test_what_is_added_to_work_is_work(added: str) -> None:
    """A day more would be 24 hours of work, which nobody means."""
    with pytest.raises(fs.ScenarioError) as error:
        DESK.change({"stages.call.effort": {"add": added}})
    assert re.search("needs a unit, one of s, min, h, bd|working time is given in s, min, h, bd", str(error.value))
    assert DESK.change({"stages.call.effort": {"add": "30 min"}}).spec != DESK.spec


def test_a_kpi_by_its_label_is_found() -> None:
    from funnelsim.results.measures.catalogue import unknown_kpi

    assert "did you mean 'churn_rate'?" in unknown_kpi("churn", ["won", "arr_churn", "churn_rate"])
