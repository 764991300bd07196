"""Numbers in place of names, days from the first midnight: the columns of a `History`."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from ..history import OPEN, Customers, Deals, History, People, Visits
from .book import Book
from .hiding import NOBODY, key_of, pooled, pseudonyms
from .loading import Loaded
from .mapping import Mapping
from .stays import MOST_STAGES
from .tables import Raw

EPOCH = dt.date(1970, 1, 1)


def columns_of(
    loaded: Loaded,
    book: Book,
    made: Any,
    names: tuple[str, ...],
    mapping: Mapping,
    raws: tuple[Raw, ...],
    origin: float,
    end: float,
) -> History:
    """Numbers in place of names, days from the first midnight."""
    deals: Any = book.deals.sort_values("created", kind="stable")
    number = pd.Series(np.arange(len(deals)), index=deals.index)
    made = made.assign(deal=made["id"].map(number)).dropna(subset="deal")
    made = made.sort_values(["deal", "at"], kind="stable").reset_index(drop=True)
    team_of, teams, stage_team = _teams(loaded, made, deals, names, mapping)
    people = sorted({*made["owner"], *deals["owner"], *team_of} - {""})
    people = [each for each in people if each.casefold() not in NOBODY]
    code, called = pseudonyms(
        people, [team_of.get(each, "") for each in people], key_of(raw.digest for raw in raws)
    )
    owner = dict(zip(people, code.tolist(), strict=True))
    owner_team = [-1] * len(people)
    for each in people:
        owner_team[owner[each]] = teams.index(team_of[each]) if team_of.get(each) in teams else -1
    barred = [*people, *deals["account"].unique()]
    kinds: dict[str, Any] = {}
    for kind in ("source", "segment", "territory", "reason"):
        texts = deals[kind].map(_renamed(mapping)) if kind == "reason" else deals[kind]
        codes, kept, rest = pooled(texts, barred)
        kinds[kind] = codes, kept
        words = f"Texts of the {kind} that stand with fewer than five deals, or may be names, are pooled as one."
        book.note("pooled", rest, words)
    reason = pd.Series(kinds["reason"][0], index=deals.index)
    return History(
        visits=_visits(made, owner, reason, origin),
        deals=_deal_columns(deals, kinds, owner, origin),
        stages=names,
        origin=EPOCH + dt.timedelta(days=int(origin)),
        start=0.0,
        as_of=end - origin,
        level=0,
        teams=teams,
        stage_team=stage_team,
        owners=called,
        owner_team=tuple(owner_team),
        sources=kinds["source"][1],
        segments=kinds["segment"][1],
        territories=kinds["territory"][1],
        reasons=kinds["reason"][1],
        people=_people(loaded, owner, team_of, teams, origin),
        customers=_customers(loaded, deals, origin),
        files=tuple(raw.name for raw in raws),
    )


def _renamed(mapping: Mapping) -> Any:
    key = {name: reason for reason, names in mapping.reasons.items() for name in names}
    return lambda text: key.get(text, text)


def _visits(made: Any, owner: dict[str, int], reason: Any, origin: float) -> Visits:
    lost = (made["outcome"] == 0) & (made["destination"] == -1)
    return Visits(
        deal=made["deal"],
        stage=made["place"],
        owner=made["owner"].map(owner).fillna(-1),
        entered=made["at"] - origin,
        left=made["left"] - origin,
        outcome=made["outcome"],
        destination=made["destination"],
        reason=made["id"].map(reason).where(lost, -1),
        first_touch=made["first_touch"] - origin,
        last_touch=made["last_touch"] - origin,
        touches=made["touches"].fillna(-1),
        minutes=made["minutes"],
    )


def _deal_columns(deals: Any, kinds: dict[str, Any], owner: dict[str, int], origin: float) -> Deals:
    accounts = pd.factorize(deals["account"].replace("", None))[0]
    return Deals(
        created=deals["created"] - origin,
        closed=(deals["closed"] - origin).where(deals["outcome_code"] != OPEN),
        outcome=deals["outcome_code"],
        source=kinds["source"][0],
        segment=kinds["segment"][0],
        territory=kinds["territory"][0],
        owner=deals["owner"].map(owner).fillna(-1),
        amount=deals["amount"],
        reason=kinds["reason"][0],
        account=accounts,
        recorded=deals["recorded_at"] - origin,
    )


def _teams(
    loaded: Loaded, made: Any, deals: Any, names: tuple[str, ...], mapping: Mapping
) -> tuple[dict[str, str], tuple[str, ...], tuple[int, ...]]:
    """The team of each owner, the names of teams, and by stage who works it."""
    key = {name: team for team, each in mapping.teams.items() for name in each}
    told = pd.concat([made[["owner", "team"]], deals[["owner", "team"]]])
    listed: Any = loaded.tables.get("people")
    if listed is not None and "team" in listed:
        told = (
            pd.concat([told, *[listed[["owner", "team"]]] * 1000])
            if len(listed) < 1000
            else pd.concat([told, listed])
        )
    told = told[(told["owner"] != "") & (told["team"] != "")].dropna()
    team = told["team"].map(lambda name: key.get(name, name))
    of = team.groupby(told["owner"]).agg(lambda each: each.value_counts().index[0]).to_dict() if len(told) else {}
    given = [each.team for each in mapping.stages.values() if each.team]
    teams = tuple(dict.fromkeys([*mapping.teams, *given, *sorted(set(of.values()))]))
    if len(teams) > MOST_STAGES or set(map(str.casefold, teams)) & set(map(str.casefold, of)):
        of, teams = {}, tuple(dict.fromkeys([*mapping.teams, *given]))  # that column holds names of people
    most = (
        made["owner"]
        .map(of)
        .groupby(made["place"])
        .agg(lambda each: each.value_counts().index[0] if each.notna().any() else "")
    )
    stage_team = []
    for place, name in enumerate(names):
        wanted = mapping.stages[name].team if name in mapping.stages else None
        found = wanted or most.get(place, "")
        stage_team.append(teams.index(found) if found in teams else -1)
    return of, teams, tuple(stage_team)


def _people(
    loaded: Loaded, owner: dict[str, int], team_of: dict[str, str], teams: tuple[str, ...], origin: float
) -> People | None:
    listed: Any = loaded.tables.get("people")
    if listed is None:
        return None
    listed = listed[listed["owner"].isin(owner)].sort_values("start", kind="stable")
    end: Any = listed["end"] if "end" in listed else pd.Series(np.nan, index=listed.index)
    place = {name: at for at, name in enumerate(teams)}
    return People(
        owner=listed["owner"].map(owner),
        team=listed["owner"].map(team_of).map(place).fillna(-1),
        start=listed["start"] - origin,
        end=end - origin,
    )


def _customers(loaded: Loaded, deals: Any, origin: float) -> Customers | None:
    listed: Any = loaded.tables.get("customers")
    if listed is None:
        return None
    listed = listed.dropna(subset="since").sort_values("since", kind="stable")
    nothing = pd.Series(np.nan, index=listed.index)
    column = {name: listed.get(name, nothing) for name in ("ended_at", "arr", "renewed_at")}
    return Customers(
        since=listed["since"] - origin,
        ended=column["ended_at"] - origin,
        arr=column["arr"],
        renewed=column["renewed_at"] - origin,
        reason=np.full(len(listed), -1),
        account=np.full(len(listed), -1),
    )
