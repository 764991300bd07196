"""Stages that are worked by other people, where no team is recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np

from ...findings import Finding
from ...history import History

LITTLE = 0.05
"""Share of the visits that two stages may have of the same people, and still are worked by others."""


def split(history: History) -> Iterator[Finding]:
    """That one team was assumed, and the people of its stages are others."""
    groups = _groups(history)
    if len(groups) < 2 or any(team >= 0 for team in history.stage_team):
        return
    owners = [np.unique(_owners(history, group)) for group in groups]
    parts = "; ".join(
        f"{_listed(history, group)} by {len(mine)}" for group, mine in zip(groups, owners, strict=True)
    )
    said = (
        "No team is recorded, so all people are one team. But some stages are worked by other people than others: "
        f"{parts}."
    )
    named = ", ".join(
        f"{json.dumps(history.stages[index], ensure_ascii=False)}: {{team: team_{number}}}"
        for number, group in enumerate(groups, 1)
        for index in group
    )
    yield Finding("one_team", "warning", len(history.visits), said, f"Write in the mapping: stages: {{{named}}}")


def _listed(history: History, group: list[int]) -> str:
    return " and ".join(history.stages[index] for index in group)


def _owners(history: History, stages: list[int]) -> np.ndarray:
    visits = history.visits
    mine = np.isin(visits.stage, stages) & (visits.owner >= 0)
    return np.asarray(visits.owner[mine])


def _groups(history: History) -> list[list[int]]:
    """Stages by the people who work them: those in one group share people, in the order of the line."""
    number = len(history.owners)
    shares = []
    for index in range(len(history.stages)):
        mine = _owners(history, [index])
        shares.append(np.bincount(mine, minlength=number) / max(len(mine), 1))
    groups: list[list[int]] = []
    for index, own in enumerate(shares):
        if not own.any():
            return []
        near = [group for group in groups if any(np.minimum(own, shares[other]).sum() > LITTLE for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append(sorted([index, *(other for group in near for other in group)]))
    return sorted(groups)
