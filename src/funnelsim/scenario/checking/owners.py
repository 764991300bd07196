"""Owners of open deals: whose seats they take, and where names can hardly be meant so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from funnelsim.errors import Warned

from ..forms.amounts import number_text
from ..language.types import ScenarioSpec

NOBODY = frozenset(
    ("-", "--", "–", "—", "ー", "−", "n/a", "na", "none", "null", "nobody", "unassigned", "unowned", "no owner",
     "未割当", "未割り当て", "未定", "未設定", "なし", "無し", "担当なし", "担当者なし", "未アサイン")
)  # fmt: skip
"""What exports write where a deal has no owner, in small letters."""

MOST_SHOWN = 5


def is_nobody(owner: str) -> bool:
    """Whether the text of an owner says that there is none."""
    return owner.strip().casefold() in NOBODY


def seated(spec: ScenarioSpec) -> dict[str, list[str]]:
    """The owners in each team in order of appearance, which is that of the seats that they take."""
    found: dict[str, list[str]] = {}
    for deal in spec.opening.deals:
        stage = spec.stages.get(deal.stage)
        if not deal.owner or stage is None or stage.continuity == "any_rep":
            continue
        teams = {pool[0] if pool else "" for pool in stage.team.values}
        if len(teams) == 1 and "" not in teams:  # else it hangs on the kind of the lead
            names = found.setdefault(teams.pop(), [])
            if deal.owner not in names:
                names.append(deal.owner)
    return found


def owners(spec: ScenarioSpec) -> Iterator[Warned]:
    """Warnings of owners that stand for others than they seem to, one sentence each."""
    for team, names in seated(spec).items():
        seats = spec.teams[team].posts.first
        if len(names) > seats > 0:
            beyond = ", ".join(names[seats : seats + MOST_SHOWN]) + (
                ", ..." if len(names) > seats + MOST_SHOWN else ""
            )
            yield Warned(
                f"opening.leads: {len(names)} owners in {team}, which has {number_text(seats)} "
                f"{'seat' if seats == 1 else 'seats'}: {beyond} share the seats of others, from the first on; "
                f"raise teams.{team}.headcount, or name fewer owners",
                "W-owners-many",
            )
        wrong = [
            (name, f"{team}-{at % seats + 1}") for at, name in enumerate(names) if seats and _is_seat(name, team)
        ]
        wrong = [(name, seat) for name, seat in wrong if name != seat]
        if wrong:
            more = f" (and {len(wrong) - 1} more like it)" if len(wrong) > 1 else ""
            yield Warned(
                f"opening.leads: owners take the seats of {team} in order of appearance, whatever they are "
                f"called: the deals of {wrong[0][0]} go to {wrong[0][1]}{more}; "
                "list the owners in the order of their seats",
                "W-owners-order",
            )
    nobody = sorted({deal.owner for deal in spec.opening.deals if deal.owner and is_nobody(deal.owner)})
    if nobody:
        yield Warned(
            f"opening.leads: the owner {', '.join(nobody)} is taken for a person, who has a seat; leave the owner "
            "out where a deal has none",
            "W-owner-nobody",
        )


def _is_seat(name: str, team: str) -> bool:
    """Whether an owner is called as a rep of the team is in records."""
    return re.fullmatch(rf"{re.escape(team)}-[1-9]\d*", name) is not None
