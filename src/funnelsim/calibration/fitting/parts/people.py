"""Who does the work: how many people, for how much of their time, and how long a visit takes them.

A CRM knows owners and moments, and so how many people worked. It does not know how long the work took: effort and
selling share are told by the user, or are guesses that are marked as such.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnelsim.model.numbers.distributions import mean
from funnelsim.scenario.forms.amounts import WORKING
from funnelsim.scenario.forms.base import Names
from funnelsim.scenario.forms.distributions import DistForm
from funnelsim.scenario.forms.quantities import MICROSECONDS
from funnelsim.scenario.language.supply import Calendar

from ...findings import Finding
from ...history import History
from ..assume import Assumed
from ..doubtful import Doubtful
from ..numbers import Draw, Number, Part, significant, together
from . import typical

GRACE = 21.0
"""Days without a trace after which somebody is taken to have left."""

FULL, AIMED = 0.97, 0.80
"""Load above which a queue would have grown without end, and the load that guesses are brought to then."""

ONE_TEAM = "sales"

_WEEKS_A_MONTH = 30.4375 / 7
_Z = 1.959964


def team_of_stage(history: History, index: int) -> str:
    """The team of a stage: the mapping's, or one for all where owners are known; empty without owners."""
    team = history.stage_team[index] if history.stage_team else -1
    if team >= 0:
        return history.teams[team]
    return ONE_TEAM if len(history.owners) and not history.teams else ""


def teams_of(history: History) -> tuple[str, ...]:
    """The teams that work the line, in the order of their first stage."""
    named = (team_of_stage(history, index) for index in range(len(history.stages)))
    return tuple(dict.fromkeys(name for name in named if name))


def people(history: History, assumed: Assumed, touches: Sequence[float]) -> Part:
    """Teams, calendar, and the effort of each stage."""
    teams = teams_of(history)
    if not teams:
        said = (
            "No owners are recorded: stages have no team, so nothing can be asked about people, work or waiting."
        )
        return Part(
            findings=(
                Finding(
                    "missing_owner",
                    "warning",
                    len(history.deals),
                    said,
                    "Name the column of owners in the mapping file.",
                ),
            )
        )
    calendar = assumed.calendar or dict(typical.CALENDAR)
    known = "assumed" if assumed.calendar else "default"
    week = Number(("calendars", "office"), calendar, known=known, note="when people work")  # type: ignore[arg-type]
    return together([Part((week,)), *(_team(history, assumed, name, touches) for name in teams)])


def _team(history: History, assumed: Assumed, name: str, touches: Sequence[float]) -> Part:
    heads, heads_known, note = _headcount(history, assumed, name)
    share = assumed.spec.selling_share.get(name)
    guess, whence = typical.selling_share(name)
    base = float(share.written) if share is not None else guess
    efforts = {index: _effort(history, assumed, index) for index in _stages(history, name)}
    hours = heads * _open_hours(assumed) * base
    work = {
        index: _hours(written, assumed) * touches[index] * _visits_a_month(history, index)
        for index, (written, _, _) in efforts.items()
    }
    load = math.fsum(work.values()) / hours if hours > 0 else 0.0
    base, factor, findings = _balanced(history, assumed, name, base, share, load)
    numbers = [
        Number(
            ("teams", name, "headcount"),
            heads,
            float(heads),
            n=0,
            method="seen working",
            known=heads_known,
            note=note,
        ),
        Number(("teams", name, "queue"), "fifo", known="default", note="the rule is not known"),
        _share_number(name, base, share, whence, factor),
    ]
    draws: dict[str, Draw] = {}
    if share is not None and share.off:
        draws[f"teams.{name}.selling_share"] = _drawn_share(f"teams.{name}.selling_share", base, share.off)
    for index, (written, doubt, whence_effort) in efforts.items():
        stage = history.stages[index]
        sized = written if factor == 1 or doubt is not None else _times(written, factor)
        numbers.append(Number(("stages", stage, "team"), name, method="the mapping, or one team for all"))
        numbers.append(_effort_number(stage, sized, doubt, whence_effort, factor))
        if doubt is not None and doubt.off:
            draws[f"stages.{stage}.effort"] = _drawn_effort(f"stages.{stage}.effort", written, doubt.off)
    return Part(tuple(numbers), draws, tuple(findings))


def _share_number(name: str, base: float, share: Doubtful | None, whence: str, factor: float) -> Number:
    path = ("teams", name, "selling_share")
    if share is not None:
        low, high = base * (1 - share.off), min(base * (1 + share.off), 1.0)
        one, other = (low, high) if share.off else (None, None)
        return Number(path, significant(base, 3), base, one, other, known="assumed", method="assumed")
    return Number(
        path, significant(base, 3), base, known="default", method="guess", note=f"{whence}; a CRM does not know"
    )


def _effort_number(stage: str, written: Any, doubt: Doubtful | None, whence: str, factor: float) -> Number:
    path = ("stages", stage, "effort")
    if doubt is not None:
        return Number(path, written, known="assumed", method="assumed")
    note = f"{whence}, so that the load is {AIMED:.0%}" if factor != 1 else f"{whence}; a CRM does not know"
    return Number(path, written, known="default", method="guess", note=note)


def _headcount(history: History, assumed: Assumed, name: str) -> tuple[int, Any, str]:
    told = assumed.spec.headcount.get(name)
    if told is not None:
        return int(told), "assumed", ""
    if history.people is not None:
        listed = history.people
        team = history.teams.index(name) if name in history.teams else -1
        there = (listed.team == team) & ~(listed.end < history.as_of) & (listed.start <= history.as_of)
        if there.any():
            return int(there.sum()), "data", "in the list of people"
    seen = len(active(history, name, history.as_of))
    return max(seen, 1), "data", f"at work {GRACE / 7:.0f} weeks before the data end"


def active(history: History, team: str, day: float) -> NDArray[np.int64]:
    """Owners of a team who were there three weeks before a day: with a trace before, and one after.

    Whoever has left since is taken to have been replaced, as nobody can tell yet.
    """
    visits = history.visits
    mine = np.isin(visits.stage, _stages(history, team)) & (visits.owner >= 0)
    owner = visits.owner[mine]
    # Where touches are recorded they alone tell of the rep: a buyer may decide long after the rep has left.
    traces = [visits.first_touch, visits.last_touch] if history.level >= 2 else [visits.entered, visits.left]
    moments = np.stack(traces)[:, mine]
    inside = np.where(moments <= day, moments, np.nan)
    first, last = np.full(len(history.owners), np.inf), np.full(len(history.owners), -np.inf)
    np.fmin.at(first, np.tile(owner, 2), inside.ravel())
    np.fmax.at(last, np.tile(owner, 2), inside.ravel())
    then = day - GRACE
    owners: NDArray[np.int64] = np.flatnonzero((first <= then) & (last >= then))
    return owners


def _stages(history: History, team: str) -> list[int]:
    return [index for index in range(len(history.stages)) if team_of_stage(history, index) == team]


def _effort(history: History, assumed: Assumed, index: int) -> tuple[Any, Doubtful | None, str]:
    told = assumed.spec.effort.get(history.stages[index])
    if told is not None:
        return told.written, told, ""
    written, whence = typical.effort(history.stages[index])
    return written, None, whence


def _hours(written: Any, assumed: Assumed) -> float:
    """The mean of an effort, in working hours."""
    dist = DistForm(WORKING).read(written, Names())
    if dist.unit == "bd":
        calendar = _calendar(assumed)
        return mean(dist) * calendar.open_minutes / 60 / calendar.open_days
    return mean(dist) / MICROSECONDS["h"]


def _visits_a_month(history: History, index: int) -> float:
    """Visits to a stage in the last year, a month."""
    since = max(history.start, history.as_of - 365.25)
    visits = history.visits
    came = (visits.stage == index) & (visits.entered >= since)
    return float(came.sum()) / max((history.as_of - since) / 30.4375, 1e-9)


def _open_hours(assumed: Assumed) -> float:
    """Open hours a month of one person."""
    return _calendar(assumed).open_minutes / 60 * _WEEKS_A_MONTH


def _calendar(assumed: Assumed) -> Calendar:
    return assumed.spec.calendar or Calendar.model_validate(dict(typical.CALENDAR))


def _balanced(
    history: History, assumed: Assumed, name: str, base: float, share: Doubtful | None, load: float
) -> tuple[float, float, list[Finding]]:
    """Selling share and a factor on guessed efforts with which the work that was done can have been done."""
    believed = assumed.spec.utilisation.get(name)
    if believed is not None:
        return base, float(believed.written) / load if load > 0 else 1.0, []
    if load <= FULL:
        return base, 1.0, []
    said = (
        f"With these efforts {name} would have been busy {load:.0%} of its time, and its queue would have grown "
        "without end, which it did not."
    )
    remedy = f"Tell efforts and selling share of {name} in a file of assumptions."
    if share is None:
        raised = min(base * load / AIMED, 1.0)
        left = load * base / raised
        done = f" Its selling share is raised from {base:.0%} to {raised:.0%}"
        if left <= FULL:
            return raised, 1.0, [Finding("overload", "warning", 0, f"{said}{done}.", remedy)]
        both = f"{done}, and guessed efforts are cut by {1 - AIMED / left:.0%}."
        return raised, AIMED / left, [Finding("overload", "warning", 0, said + both, remedy)]
    done = f" Guessed efforts are cut by {1 - AIMED / load:.0%}; assumed ones stay as they are."
    return base, AIMED / load, [Finding("overload", "warning", 0, said + done, remedy)]


def _times(written: Any, factor: float) -> Any:
    rounded = significant(factor, 3)
    if isinstance(written, Mapping):
        return {**written, "multiply": rounded}
    return {"dist": "constant", "value": written, "multiply": rounded}


def _drawn_share(path: str, base: float, off: float) -> Draw:
    """Normal on the log-odds, with the range told as its 95 %."""
    odds = math.log(base / (1 - base)) if base < 1 else 6.0
    spread = off / _Z / max(1 - base, 0.02)

    def draw(rng: np.random.Generator) -> Mapping[str, Any]:
        return {path: significant(1 / (1 + math.exp(-rng.normal(odds, spread))), 6)}

    return draw


def _drawn_effort(path: str, written: Any, off: float) -> Draw:
    """Lognormal about what was told, with the range told as its 95 %."""

    def draw(rng: np.random.Generator) -> Mapping[str, Any]:
        return {path: _times(written, math.exp(rng.normal(0, math.log1p(off) / _Z)))}

    return draw
