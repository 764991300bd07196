"""The life of one lead in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from funnelsim.results.lives import STATES, WAITING, Life
from funnelsim.scenario.forms.quantities import HOUR

from ..words import has, say
from ..words.numbers import date, duration

if TYPE_CHECKING:
    from funnelsim.results.lives import Moment


def sentences(life: Life) -> Iterator[str]:
    """How it ended, and where its time went."""
    told = {
        "lead": life.lead,
        "created": clock(life, life.created),
        "time": duration((life.ended - life.created) / HOUR),
    }
    if not life.outcome:
        yield say("life.open", **told)
    else:
        key = f"life.fate.{life.outcome}"
        fate = say(key) if has(key) else say("life.fate.reason", reason=life.outcome)
        yield say("life.ended", **told, fate=fate)
    yield say("life.spent", **{state: duration(life.hours(state, life.ended)) for state in STATES})
    waits = [span for span in life.spans if span.state == WAITING and span.start < life.ended]
    if waits:
        longest = max(waits, key=lambda span: span.hours)
        yield say("life.longest", time=duration(longest.hours), stage=life.labels[longest.stage])


def clock(life: Life, time: int) -> str:
    """Day and time of day."""
    when = life.date(time)
    return f"{date(when.date())} {when:%H:%M}"


def row(life: Life, moment: Moment) -> tuple[str, ...]:
    """A moment as a row of a table."""
    stage = life.labels.get(moment.stage, moment.stage)
    key = f"life.outcome.{moment.outcome}"  # a reason is called as the scenario calls it
    outcome = say(key) if has(key) else moment.outcome
    return clock(life, moment.time), say(f"life.event.{moment.event}"), stage, moment.rep, outcome
