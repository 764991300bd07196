"""What is taken from the shipped mid-market company where the data and the user say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from funnelsim.scenario.forms.roles import role_of, roles
from funnelsim.scenario.language.known_roles import known_roles
from funnelsim.scenario.reading import library
from funnelsim.scenario.reading.document import plain
from funnelsim.scenario.reading.reader import read_file

TEMPLATE = "mid_market"

EFFORT = "1 h"
"""Of a stage of which no more is known than its name."""

SHARE = 0.35
"""Of working hours on leads: what is published for field sales [PACE, PROUD, CSO11]."""

CALENDAR: Mapping[str, Any] = {"days": "mon-fri", "hours": ["09:00-12:00", "13:00-18:00"]}
"""When people work, where nobody says so."""


def role(group: str, name: str) -> str | None:
    """The role that a name stands for, such as ``propose`` for 提案."""
    return name if name in roles(group) else role_of(group, name)


@cache
def _company() -> dict[str, Any]:
    document = plain(read_file(library.template(TEMPLATE)))
    return dict(document)


@cache
def _by_role(group: str) -> dict[str, Mapping[str, Any]]:
    company = _company()
    found = [each for each in known_roles(company) if each.group == group]
    return {one: company[group][each.entry] for each in found for one in each.roles}


def effort(stage: str) -> tuple[Any, str]:
    """The working time of a visit to a stage of that name, and where it comes from."""
    meant = role("stages", stage)
    entry = _by_role("stages").get(meant or "", {})
    if "effort" in entry:
        return entry["effort"], f"that of `{meant}` in {TEMPLATE}"
    return EFFORT, "no stage of the library has this name"


def selling_share(team: str) -> tuple[float, str]:
    """The share of working hours that a team of that name gives to leads, and where it comes from."""
    meant = role("teams", team)
    entry = _by_role("teams").get(meant or "", {})
    if "selling_share" in entry:
        return float(entry["selling_share"]), f"that of `{meant}` in {TEMPLATE}"
    return SHARE, "what is published of field sales"
