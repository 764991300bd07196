"""A model whose run ends on a day, so that all figures count from the end of the warm-up to that day."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from funnelsim.errors import FunnelsimError
from funnelsim.model.compile import bins
from funnelsim.model.model import Model
from funnelsim.scenario.forms.quantities import Duration
from funnelsim.scenario.language.moments import DAY


def day_of(by: dt.date | str) -> dt.date:
    """The day that was written.

    Raises
    ------
    FunnelsimError
        If it is no date.
    """
    if isinstance(by, dt.date):
        return by
    try:
        return dt.date.fromisoformat(by.strip())
    except ValueError:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", by.strip()):
            said = f"--by {by}: there is no such day in the calendar; a month has 28 to 31 days, a year 12 months"
            raise FunnelsimError(said, code="E-value-date") from None
        raise FunnelsimError(f"--by {by}: found no date; write it as 2027-03-31", code="E-value-date") from None


def first_day(model: Model) -> dt.date:
    """The day on which figures begin to count."""
    return model.start + dt.timedelta(days=model.warmup // DAY)


def last_day(model: Model) -> dt.date:
    """The last day that figures count."""
    return model.start + dt.timedelta(days=-(-model.horizon // DAY) - 1)


def until(model: Model, by: dt.date) -> Model:
    """The same model, run to the end of a day.

    Nothing before it changes, as every draw is keyed and no event depends on what comes after it.

    Parameters
    ----------
    model : Model
        What is run.
    by : date
        The last day that counts.

    Returns
    -------
    Model
        The model itself where its run ends with that day.

    Raises
    ------
    FunnelsimError
        If the day lies in the warm-up, or after the horizon.
    """
    end = ((by - model.start).days + 1) * DAY
    if end <= model.warmup:
        raise FunnelsimError(
            f"--by {by}: this lies in the warm-up, which counts for nothing; take a day from {first_day(model)} "
            f"to {last_day(model)}, or a shorter `warmup`",
            code="E-date-uncounted",
        )
    if end >= model.horizon:
        if by == last_day(model):
            return model
        raise FunnelsimError(
            f"--by {by}: the run ends on {last_day(model)}; take a day from {first_day(model)} to then, "
            "or a longer `horizon`",
            code="E-date-uncounted",
        )
    known = [at for at, (begin, _) in enumerate(model.periods) if begin < end]
    return replace(
        model,
        spec=model.spec.model_copy(update={"horizon": Duration(float(end // DAY), "d")}),
        horizon=end,
        edges=bins(0, model.warmup, end),
        periods=tuple(model.periods[at] for at in known),
        prices=tuple(model.prices[at] for at in known),
        leads=model.leads * end / model.horizon,
    )
