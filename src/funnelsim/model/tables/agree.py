"""Whether the tables of all periods are of one shape, so that an index that is right in one is right in each.

The compiled engine looks nothing up by name and checks no bounds. Its memory is laid out for the first period, so
tables of another shape would let it read and write beyond its columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from funnelsim.errors import FunnelsimError

from .tables import Tables

LISTS = frozenset(
    {
        "limits.wip", "limits.turn_away", "limits.stage", "stages.limit_list", "stages.team_list",
        "customers.team_list", "teams.rule", "teams.rule_upto", "parts.ramp_level", "parts.step_time",
        "parts.step_count", "parts.step_last",
    }
)  # fmt: skip
"""Tables that may have a length of their own in each period: engines look at offsets and lengths."""


def check_sizes(periods: Sequence[Tables]) -> None:
    """Raise `FunnelsimError` unless the tables of all periods agree in size, with each other and in themselves."""
    sizes = [dict(_sizes(tables)) for tables in periods]
    for number, (tables, found) in enumerate(zip(periods, sizes, strict=True)):
        for name, length in found.items():
            _expect(number, name, length, length if name in LISTS else sizes[0][name])
        for name, length in _expected(tables).items():
            _expect(number, name, found[name], length)


def _expect(number: int, name: str, length: int, expected: int) -> None:
    if length != expected:
        raise FunnelsimError(
            f"the model of period {number} has a table {name!r} of {length} numbers in place of {expected};"
            " this is a bug of funnelsim, please report it with the scenario",
            code="E-bug",
        )


def _sizes(table: Any, above: str = "") -> Iterator[tuple[str, int]]:
    for name, value in zip(table._fields, table, strict=True):
        if hasattr(value, "_fields"):
            yield from _sizes(value, f"{above}{name}.")
        elif hasattr(value, "__len__"):
            yield f"{above}{name}", len(value)


def _expected(T: Tables) -> dict[str, int]:
    """The lengths that follow from how many there are of each thing."""
    kinds, sources, stages, teams = T.kinds.kinds, len(T.sources.entity), len(T.stages.word), len(T.teams.entity)
    segments, territories, seats = len(T.kinds.segment), len(T.kinds.territory) - 1, int(T.teams.seat_offset[-1])
    cells = dict.fromkeys(
        ("intercept", "team_offset", "team_count", "next", "otherwise", "touches"), stages * kinds
    )
    limits = len(T.limits.wip)
    return {
        "segment_value": segments,
        "segment_known": segments,
        "territory_upto": territories,
        "territory_known": territories,
        "sources.mix": sources * segments,
        "sources.to": sources * kinds,
        "outbound.team": sources,
        "customers.team_offset": kinds + 1,
        "customers.segment_upto": segments,
        "customers.churn": kinds,
        "customers.every": 2 * kinds,
        "customers.rate": 3 * kinds,
        "teams.seat_offset": teams + 1,
        "teams.rule_offset": teams + 1,
        "teams.rule": int(T.teams.rule_offset[-1]),
        "teams.rule_upto": int(T.teams.rule_offset[-1]),
        "parts.seat_offset": len(T.parts.team) + 1,
        "parts.skill_at": len(T.parts.team) * stages if len(T.parts.skill_at) else 0,
        "parts.speed_at": len(T.parts.team) * stages if len(T.parts.speed_at) else 0,
        "parts.ramp_level": int(T.parts.ramp_offset[-1]),
        "parts.step_count": int(T.parts.step_offset[-1]),
        "parts.step_last": int(T.parts.step_offset[-1]),
        "parts.step_time": int(T.parts.step_offset[-1]),
        "seats.pool": seats,
        "seats.part": seats,
        "seats.territory": seats,
        "limits.stage": limits * stages,
        "limits.turn_away": limits,
        "stages.limit_list": int(T.stages.limit_offset[-1]),
        "stages.team_list": int(T.stages.team_offset[-1] + T.stages.team_count[-1]),
        "customers.team_list": int(T.customers.team_offset[-1]),
        **{f"stages.{name}": length for name, length in cells.items()},
    }
