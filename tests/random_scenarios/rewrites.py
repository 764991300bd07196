"""Rewrites of a scenario that must leave every record as it was."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import numpy as np

from funnelsim.model.model import Model
from funnelsim.model.records import Records
from funnelsim.scenario.changing.extended import FILE
from funnelsim.scenario.changing.money import in_other_currency
from funnelsim.scenario.reading.document import block, plain

Document = dict[str, Any]
MUSEUM, IDLE = "museum", "idle"
"""Names of what rewrites add."""


def _source_of_no_leads(made: Document) -> Document:
    return {**made, "sources": {**made["sources"], "nobody": {"rate": "0 / d", "quality": 2}}}


def _stage_that_nobody_enters(made: Document) -> Document:
    museum = {
        "aside": True,
        "team": next(iter(made["teams"])),
        "effort": "1 h",
        "quality_weight": 1,
        "convert": 0.5,
    }
    return {**made, "stages": {**made["stages"], MUSEUM: museum}}


def _team_without_work(made: Document) -> Document:
    return {**made, "teams": {**made["teams"], IDLE: {"headcount": 2, "queue": "random", "attrition": 12}}}


def _phase_that_changes_nothing(made: Document) -> Document:
    day = dt.date.fromisoformat(made["start"]) + dt.timedelta(5)
    team = next(iter(made["teams"]))
    empty = {"from": day.isoformat(), "change": {f"teams.{team}.headcount": {"multiply": 1}}}
    return {**made, "phases": [*made.get("phases", []), empty]}


def _phase_after_the_end(made: Document) -> Document:
    empty = {"from": "2026-12-31", "change": {"sources.web.rate": "500 / d"}}
    return {**made, "phases": [*made.get("phases", []), empty]}


def _no_levers(made: Document) -> Document:
    return {**made, "levers": made.get("levers", [])}


def _limit_out_of_reach(made: Document) -> Document:
    whole = {"stages": list(made["stages"]), "wip": 1_000_000}
    return {**made, "limits": [*made.get("limits", []), whole]}


def _patience_without_end(made: Document) -> Document:
    stages = {
        name: {"patience": {"dist": "exponential", "mean": "900 y"}, **stage} if "team" in stage else stage
        for name, stage in made["stages"].items()
    }
    return {**made, "stages": stages}


def _names_shown(made: Document) -> Document:
    changed = copy.deepcopy(made)
    for group in ("teams", "stages", "sources"):
        for entry in changed[group].values():
            entry["label"] = "名"
    return changed


def _new_names(made: Document) -> Document:
    """Stages, sources and teams under other names, with the old ones as keys of their draws."""
    text = json.dumps(made)
    for group in ("stages", "sources", "teams"):
        for name in made[group]:
            for before, after in (('"', '"'), (".", "."), (".", '"')):
                text = text.replace(f"{before}{name}{after}", f"{before}{name}_ii{after}")
        if group == "teams":
            for name in made[group]:  # pools of people keep their names, whatever teams are called
                text = text.replace(f'"people": "{name}_ii"', f'"people": "{name}"')
    changed: Document = json.loads(text)
    for group in ("stages", "sources", "teams"):
        for name in made[group]:
            changed[group][f"{name}_ii"]["key"] = name
    return changed


def _days_counted(made: Document) -> Document:
    """Every date of a phase, a step or a burst as a number of days after the start or the warm-up."""
    start = dt.date.fromisoformat(made["start"])
    warm = {"3 d": 3, "1 w": 7}.get(made.get("warmup", ""), 0)

    def counted(day: str) -> str:
        if not day.startswith("20"):
            return day  # `start`, or a length of time
        after = (dt.date.fromisoformat(day) - start).days
        return f"warmup + {after - warm} d" if after >= warm else f"{after} d"

    changed = copy.deepcopy(made)
    for phase in changed.get("phases", []):
        phase |= {key: counted(phase[key]) for key in ("from", "to") if key in phase}
    for team in changed["teams"].values():
        if isinstance(team.get("headcount"), dict):
            team["headcount"] = {counted(key): people for key, people in team["headcount"].items()}
    for source in changed["sources"].values():
        for burst in source.get("bursts", []):
            burst["at"] = counted(burst["at"])
    return changed


def _other_money(made: Document) -> Document:
    """All money in another currency, of which one is worth one."""
    new = {"currency": "EUR", "exchange": {"USD": 1}}
    return {**plain(in_other_currency(block(made), new, FILE)), **new}


def _calendar_nobody_keeps(made: Document) -> Document:
    calendars = made.get("calendars", {})
    return {**made, "calendars": {**calendars, "spare": {"days": "tue"}}} if calendars else made


REWRITES: dict[str, Callable[[Document], Document]] = {
    "a source of no leads": _source_of_no_leads,
    "a stage that nobody enters": _stage_that_nobody_enters,
    "a team without work": _team_without_work,
    "a phase that changes nothing": _phase_that_changes_nothing,
    "a phase after the end": _phase_after_the_end,
    "an empty list of levers": _no_levers,
    "a limit out of reach": _limit_out_of_reach,
    "patience without end": _patience_without_end,
    "names shown": _names_shown,
    "new names with the old keys": _new_names,
    "days counted from start or warm-up": _days_counted,
    "money of another currency": _other_money,
    "a calendar nobody keeps": _calendar_nobody_keeps,
}


def trimmed(records: Records, model: Model) -> Records:
    """Records of a rewritten model without the stage or team that the rewrite added, numbered as before."""
    stages = [at for at, name in enumerate(model.stage_names) if name != MUSEUM]
    teams = [at for at, name in enumerate(model.team_names) if name != IDLE]
    series = records.series._asdict()
    for name, column in series.items():
        if column.ndim == 2:
            series[name] = column[:, teams if name.startswith("team_") else stages]
    there = np.isin(records.reps.team, teams)
    row, team = _numbered(there), _numbered(np.isin(np.arange(len(model.team_names)), teams))
    reps = {name: column[there] for name, column in records.reps._asdict().items()}
    assert records.customers is not None
    assert records.tasks is not None
    visits, customers, tasks = records.visits, records.customers, records.tasks
    return records._replace(
        series=records.series._replace(**series),
        waits=type(records.waits)(*(np.ascontiguousarray(column[:, teams]) for column in records.waits)),
        reps=records.reps._replace(**{**reps, "team": team[reps["team"]]}),
        visits=visits._replace(rep=row[visits.rep], team=team[visits.team], giver=team[visits.giver]),
        customers=customers._replace(rep=row[customers.rep]),
        tasks=tasks._replace(rep=row[tasks.rep], team=team[tasks.team]),
    )


def _numbered(there: np.ndarray) -> np.ndarray:
    """New numbers of those that stay; the last entry is for -1, nobody."""
    return np.append(np.cumsum(there) - 1, -1)
