"""What people can do: the skill and the speed of a person in a seat, as drawn and as phases change them.

Plain functions of tables and numbers, like those of `rules`.
"""

from __future__ import annotations

from typing import Any

from ..numbers.arithmetic import exp, normal_quantile
from ..numbers.columns import WHOLE


def quarters_of(parts: Any, part: int, number: int, now: int) -> int:
    """How many quarters of a post the seat of that number in a part of a team is now."""
    quarters = WHOLE
    for step in range(parts.step_offset[part], parts.step_offset[part + 1]):
        if parts.step_time[step] <= now:
            quarters = parts.step_last[step] if number == parts.step_count[step] - 1 else WHOLE
    return int(quarters)


def share_for_leads(selling_share: float, quarters: int) -> float:
    """The share of a team's open hours that goes to leads, of a person who has so many quarters of a post."""
    return selling_share * (quarters / WHOLE)


def in_whole_posts(time: int, quarters: int) -> int:
    """The time of a person who has so many quarters of a post, in that of a whole one; of parts never more."""
    return time * quarters // WHOLE


def skill_in(seats: Any, seat: int, u: float) -> float:
    """The skill that a seat's settings give to the person with this uniform number."""
    skill = seats.skill_mean[seat]
    if seats.skill_sd[seat] > 0.0:
        skill += seats.skill_sd[seat] * normal_quantile(u)
    return float(max(skill, seats.skill_floor[seat]))


def speed_in(seats: Any, seat: int, u: float) -> float:
    """The speed that a seat's settings give to the person with this uniform number."""
    speed = seats.speed_base[seat]
    if seats.speed_sigma[seat] > 0.0:
        speed *= exp(seats.speed_sigma[seat] * normal_quantile(u))
    return float(speed)


def skill_of(seats: Any, usual: Any, hired_for: int, seat: int, u: float) -> float:
    """The skill of a person who was hired for one seat and sits in one now.

    ``seats`` are the settings that hold, ``usual`` those of the start. Who came from another seat brings what that
    usually gives, and is moved by what the present seat gives now above what it usually does.
    """
    now = skill_in(seats, seat, u)
    if seat == hired_for:
        return now
    return skill_in(usual, hired_for, u) + (now - skill_in(usual, seat, u))


def speed_of(seats: Any, usual: Any, hired_for: int, seat: int, u: float) -> float:
    """The speed of a person who was hired for one seat and sits in one now; as `skill_of`, by the ratio."""
    now = speed_in(seats, seat, u)
    if seat == hired_for:
        return now
    return speed_in(usual, hired_for, u) * (now / speed_in(usual, seat, u))


def skill_at(parts: Any, usual: Any, stages: int, hired_for: int, part: int, stage: int) -> float:
    """What a stage adds to the skill of a person of a part, who was hired for one; as `skill_of`.

    ``parts`` are the settings that hold, ``usual`` those of the start; there are so many ``stages``.
    """
    if len(parts.skill_at) == 0:
        return 0.0
    now = float(parts.skill_at[part * stages + stage])
    if part == hired_for:
        return now
    return float(usual.skill_at[hired_for * stages + stage] + (now - usual.skill_at[part * stages + stage]))


def speed_at(parts: Any, usual: Any, stages: int, hired_for: int, part: int, stage: int) -> float:
    """By what a stage multiplies the speed of a person of a part, who was hired for one; as `speed_of`."""
    if len(parts.speed_at) == 0:
        return 1.0
    now = float(parts.speed_at[part * stages + stage])
    if part == hired_for:
        return now
    return float(usual.speed_at[hired_for * stages + stage] * (now / usual.speed_at[part * stages + stage]))
