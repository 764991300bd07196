"""What is known of an open deal, in the numbers of a model."""

from __future__ import annotations

from collections.abc import Sequence

from funnelsim.scenario.forms.quantities import Duration
from funnelsim.scenario.language.types import Deal

from .model import Model
from .numbers.distributions import round_us
from .rules.endowment import Known
from .rules.standing import ALL, Standing
from .tables.builder import cents
from .time.calendars import CalendarTable, open_between

NOTHING = Known(-1, -1, -1, -1)
"""Of a lead that is counted by stage alone."""

YEARS_BACK = -730 * 24 * 3_600_000_000
"""How far back calendars reach at least, in microseconds."""


def known_of(model: Model, deal: Deal) -> Known:
    """The value, source, segment and territory of a deal; -1 where a lead's own is drawn."""
    return Known(
        -1 if deal.value is None else cents(deal.value),
        _number(model.source_names, deal.source),
        _number(model.segment_names, deal.segment),
        _number(model.territory_names, deal.territory),
    )


def _number(names: Sequence[str], name: str | None) -> int:
    return -1 if name is None else names.index(name)


def standing_of(model: Model, deal: Deal) -> Standing:
    """How a deal stands in its stage; business days are counted back in the calendar of the stage."""
    T = model.tables
    kinds = T.kinds.kinds
    calendar = int(T.stages.calendar[model.stage_names.index(deal.stage) * kinds])

    def ago(length: Duration | None) -> int | None:
        return None if length is None else -_length(T.calendars, calendar, length)

    entered, touched, created = ago(deal.age), ago(deal.since_touch), ago(deal.since_created)
    assert entered is not None
    if entered == 0 and touched is not None:
        entered = touched  # it has been there for that long at least
    done = deal.touches_done
    return Standing(
        goes_on=int(not deal.afresh),
        created=entered if created is None else created,
        entered=entered,
        touches=ALL if done is None else done,
        touched=entered if touched is None else touched,
        waiting=int(deal.waiting),
        waited=deal.waited.microseconds,
    )


def _length(calendars: CalendarTable, row: int, length: Duration) -> int:
    """A length of time up to the start, in microseconds."""
    return before(calendars, row, length.amount) if length.business else length.microseconds


def before(calendars: CalendarTable, row: int, days: float) -> int:
    """How long before the start, in microseconds, so many business days of a calendar began.

    Beyond the years that calendars reach back they are as frequent as in those.
    """
    work = round_us(days * int(calendars.day_hours[row]))
    reached = open_between(calendars, row, YEARS_BACK, 0)
    if work > reached:
        return round_us(-YEARS_BACK * (work / reached)) if reached else -YEARS_BACK
    far, near = YEARS_BACK, 0  # from the first on there are as many at least, from the other on fewer
    while near - far > 1:
        middle = (far + near) // 2
        if open_between(calendars, row, middle, 0) >= work:
            far = middle
        else:
            near = middle
    return -far if work > 0 else 0
