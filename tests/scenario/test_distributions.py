"""Distributions as they are written."""

from __future__ import annotations

from typing import Any

import pytest

from funnelsim.scenario.forms.amounts import ELAPSED, UNITS
from funnelsim.scenario.forms.base import NOBODY, FormError
from funnelsim.scenario.forms.distributions import DistForm
from funnelsim.scenario.forms.quantities import HOUR, Dist, Duration

TIME, DELAY, NUMBER = DistForm(ELAPSED, buyers=True), DistForm(UNITS), DistForm()
DAY = 24.0 * HOUR


@pytest.mark.parametrize(
    ("written", "name", "params"),
    [
        ({"dist": "constant", "value": "1 d"}, "constant", {"value": DAY}),
        ({"dist": "exponential", "mean": "1 d"}, "exponential", {"mean": DAY}),
        ({"dist": "lognormal", "median": "1 d", "sigma": 0.5}, "lognormal", {"median": DAY, "sigma": 0.5}),
        ({"dist": "lognormal", "mean": "1 d", "sd": "12 h"}, "lognormal", {"mean": DAY, "sd": DAY / 2}),
        ({"dist": "lognormal", "mean": "1 d", "cv": 2}, "lognormal", {"mean": DAY, "cv": 2.0}),
        ({"dist": "gamma", "mean": "1 d", "cv": 0.5}, "gamma", {"mean": DAY, "cv": 0.5}),
        ({"dist": "weibull", "shape": 0.8, "scale": "1 d"}, "weibull", {"shape": 0.8, "scale": DAY}),
        ({"dist": "uniform", "low": "0 d", "high": "24 h"}, "uniform", {"low": 0.0, "high": DAY}),
        (
            {"dist": "triangular", "low": "0 d", "mode": "1 d", "high": "2 d"},
            "triangular",
            {"low": 0.0, "mode": DAY, "high": 2 * DAY},
        ),
        ({"dist": "erlang", "mean": "1 d", "k": 3}, "erlang", {"mean": DAY, "k": 3.0}),
        ({"dist": "gengamma", "a": 2, "c": 1.5, "scale": "1 d"}, "gengamma", {"a": 2.0, "c": 1.5, "scale": DAY}),
        ({"dist": "expon", "loc": "1 h", "scale": "1 d"}, "expon", {"loc": 1.0 * HOUR, "scale": DAY}),
    ],
)
def test_names_and_parameters(written: Any, name: str, params: dict[str, float]) -> None:
    dist = TIME.read(written, NOBODY)
    assert (dist.name, dist.parameters, dist.unit) == (name, params, "us")


def test_values_numbers_and_business_days() -> None:
    assert TIME.read({"dist": "empirical", "values": ["1 d", "2 h"]}, NOBODY).values == (DAY, 2.0 * HOUR)
    assert DELAY.read({"dist": "uniform", "low": "1 bd", "high": "2 bd"}, NOBODY) == Dist(
        "uniform", (("low", 1.0), ("high", 2.0)), "bd"
    )
    assert NUMBER.read({"dist": "poisson", "mu": 3}, NOBODY) == Dist("poisson", (("mu", 3.0),))
    assert NUMBER.read(7, NOBODY).parameters == {"value": 7.0}


def test_sums_and_meetings() -> None:
    dist = TIME.read({"dist": "exponential", "mean": "1 d", "times": 7, "meets": "1 mo"}, NOBODY)
    assert (dist.times, dist.meets) == (7, Duration(1, "mo"))


@pytest.mark.parametrize(
    ("form", "written", "message"),
    [
        (
            TIME,
            {"dist": "uniform", "low": "5 d", "high": "3 d"},
            "`low <= high` must hold, but got (low=5 d, high=3 d)",
        ),
        (
            TIME,
            {"dist": "triangular", "low": "1 d", "mode": "9 d", "high": "3 d"},
            "`low <= mode <= high` must hold",
        ),
        (TIME, {"dist": "exponential", "mean": "0 d"}, "`mean > 0` must hold, but got (mean=0 d)"),
        (TIME, {"dist": "exponential", "mean": 3}, "found the bare number 3; a length of time needs a unit"),
        (
            TIME,
            {"dist": "exponential", "rate": "3 d"},
            "unknown parameter 'rate' of exponential; write 'mean' (1 / rate)",
        ),
        (
            TIME,
            {"dist": "lognormal", "median": "3 d"},
            "lognormal takes median and sigma or mean and sd or mean and cv, found median",
        ),
        (TIME, {"dist": "lognormal", "median": "3 d", "sd": "1 d"}, "lognormal takes"),
        (TIME, {"dist": "lognormal", "median": "3 d", "sigm": 1}, "did you mean 'sigma'?"),
        (
            TIME,
            {"dist": "lognormel", "median": "3 d", "sigma": 1},
            "unknown distribution 'lognormel'; did you mean 'lognormal'?",
        ),
        (TIME, {"dist": "__class__"}, "unknown distribution"),
        (TIME, {"dist": "erlang", "mean": "1 d", "k": 1.5}, "expected a whole number"),
        (TIME, {"dist": "weibull", "shape": 0, "scale": "1 d"}, "`shape > 0` must hold"),
        (TIME, {"dist": "empirical", "values": []}, "at least one value"),
        (TIME, {"dist": "empirical", "values": ["1 d", 2]}, "bare number 2"),
        (DELAY, {"dist": "uniform", "low": "1 bd", "high": "2 d"}, "cannot be mixed in one distribution"),
        (DELAY, {"dist": "empirical", "values": ["1 bd", "2 d"]}, "cannot be mixed in one distribution"),
        (TIME, {"dist": "gengamma", "a": 2, "scale": "1 d"}, "gengamma needs the parameter 'c'"),
        (
            TIME,
            {"dist": "gengamma", "a": -2, "c": 1, "scale": "1 d"},
            "gengamma does not allow the parameters (a=-2, c=1)",
        ),
        (TIME, {"dist": "gengamma", "a": 2, "c": 1}, "gengamma needs the parameter 'scale', with a unit"),
        (TIME, {"dist": "poisson", "mu": 3}, "is discrete, so it cannot be a length of time"),
        (NUMBER, {"dist": "cauchy"}, "no finite mean"),
        (NUMBER, {"dist": "exponential", "mean": "3 d"}, "expected a number at least 0, found '3 d'"),
        (
            NUMBER,
            {"dist": "exponential", "mean": 3, "meets": "1 mo"},
            "only a length of time can end on a meeting",
        ),
        (DELAY, {"dist": "exponential", "mean": "3 d", "meets": "1 mo"}, "this time is not the buyer's"),
        (TIME, {"dist": "exponential", "mean": "3 d", "times": 0}, "at least 1"),
        (TIME, {"dist": 5}, "expected the name of a distribution"),
        (TIME, {"mean": "3 d"}, "expected a distribution with the key `dist`"),
        (TIME, [1], "expected a length of time"),
    ],
)
def test_refused(form: DistForm, written: Any, message: str) -> None:
    with pytest.raises(FormError) as caught:
        form.read(written, NOBODY)
    assert message in str(caught.value)
