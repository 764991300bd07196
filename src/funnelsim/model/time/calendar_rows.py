"""Which row of the table of calendars each team works by, over all periods of a scenario."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from funnelsim.scenario.forms.quantities import Days
from funnelsim.scenario.language.types import Calendar, ScenarioSpec

from .calendars import CalendarTable, compile_calendars, days_off, with_absences


class CalendarRows:
    """The calendars that periods name, each once, and those less the dates off of a team."""

    def __init__(self, specs: Iterable[ScenarioSpec]) -> None:
        self._calendars: list[Calendar | None] = []
        self._less: list[tuple[int, tuple[Days, ...]]] = []
        for spec in specs:
            for calendar in (*spec.calendars.values(), None):
                if calendar not in self._calendars:
                    self._calendars.append(calendar)
            for team, row in zip(spec.teams.values(), self._usual(spec), strict=True):
                if team.absence.dates and (row, team.absence.dates) not in self._less:
                    self._less.append((row, team.absence.dates))

    def default(self, spec: ScenarioSpec) -> int:
        """The row of the first calendar of a period, in which business days without a team count."""
        return self._calendars.index(next(iter(spec.calendars.values()), None))

    def always(self) -> int:
        """The row of the calendar that never closes."""
        return self._calendars.index(None)

    def _usual(self, spec: ScenarioSpec) -> list[int]:
        named = {**spec.calendars, "always": None}
        default = self.default(spec)
        return [
            default if team.calendar is None else self._calendars.index(named[team.calendar])
            for team in spec.teams.values()
        ]

    def of_teams(self, spec: ScenarioSpec) -> tuple[list[int], list[int]]:
        """The row of each team's calendar, and the row it works by: the same less its dates off."""
        usual = self._usual(spec)
        working = [
            len(self._calendars) + self._less.index((row, team.absence.dates)) if team.absence.dates else row
            for team, row in zip(spec.teams.values(), usual, strict=True)
        ]
        return usual, working

    def table(self, start: dt.date, horizon: int) -> CalendarTable:
        """All rows, compiled."""
        table = compile_calendars(self._calendars, start, horizon)
        less = [(row, days_off(days, start, horizon)) for row, days in self._less]
        return with_absences(table, less)[0] if less else table
