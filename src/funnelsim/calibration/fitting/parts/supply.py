"""Where deals come from, what they are worth, and of which kind they are."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...estimating import arrivals, moves, values
from ...estimating.arrivals import Arrivals
from ...findings import Finding
from ...history import History
from ..numbers import Draw, Number, Part, digits, significant, together
from .kinds import Kinds

MONTH, YEAR = 30.4375, 365.25
"""Days, as the language has it."""

_FEW = 10
_SURE = 0.01
"""Hours and weekdays are written where they differ from evenly spread ones at this level."""


def supply(history: History, kinds: Kinds) -> Part:
    """Sources with their rates and mixes, and segments with what their deals are worth."""
    return together([*_sources(history, kinds), _worth(history, kinds), _territories(history, kinds)])


def _sources(history: History, kinds: Kinds) -> Iterator[Part]:
    for index, name in enumerate(kinds.names["source"]):
        mine = kinds.source == index
        yield _arrivals(history, name, history.deals.created[mine])
        yield _mix(name, kinds.segment[mine], kinds.names["segment"])


def _arrivals(history: History, name: str, created: NDArray[np.float64]) -> Part:
    moments = created[(created >= history.start) & (created < history.as_of)]
    path = ("sources", name)
    weekday = history.origin.weekday()
    if len(moments) < _FEW:
        rate = len(moments) / max(history.as_of - history.start, 1.0)
        few = Finding(
            "few", "warning", len(moments), f"{len(moments)} deals came from {name}: only their mean rate is told."
        )
        number = Number(
            (*path, "rate"), _rate(significant(rate * MONTH, 2)), rate * MONTH, unit="/ mo", n=len(moments)
        )
        return Part((number,), findings=(few,))
    dates, epoch = "created" in history.date_only, history.origin.toordinal() - dt.date(1970, 1, 1).toordinal()
    enough = history.as_of - history.start >= YEAR
    at = history.as_of if enough else (history.start + history.as_of) / 2
    fit = arrivals.fit(moments, history.start, history.as_of, weekday, dates, epoch, at)
    grows = enough and (fit.growth_low > 0 or fit.growth_high < 0)
    low, high = fit.rate_low * MONTH, fit.rate_high * MONTH
    note = f"at {history.date(history.as_of)}" if enough else "mean of the time that is recorded"
    numbers = [
        Number(
            (*path, "rate"), _rate(digits(fit.rate * MONTH, low, high)), fit.rate * MONTH, low, high, "/ mo",
            len(moments), "quasi-Poisson regression on days", note=note,
        ),
        *_shape(path, fit, grows),
    ]  # fmt: skip
    findings = [
        Finding(each.code, "note", each.rows, f"Source {name}: {each.words}", each.remedy) for each in fit.noticed
    ]
    if not enough:
        said = f"Source {name}: under a year is recorded, so growth is not told from seasons; the rate is a mean."
        if fit.growth_low > 0 or fit.growth_high < 0:
            change = (1 + fit.growth) ** ((history.as_of - history.start) / YEAR)
            said += f" Within the records it changed to {change:.0%} of what it was at their start."
        findings.append(
            Finding("short_history", "warning", len(moments), said, "Export at least a year, better two.")
        )
    return Part(tuple(numbers), {f"{'.'.join(path)}.rate": _drawn_rate(path, fit, grows, enough)}, tuple(findings))


def _shape(path: tuple[str, ...], fit: Arrivals, grows: bool) -> Iterator[Number]:
    """Growth, weekdays, hours and dispersion, where there is something to tell."""
    if grows:
        yield Number(
            (*path, "growth"), digits(fit.growth, fit.growth_low, fit.growth_high), fit.growth, fit.growth_low,
            fit.growth_high, "/ y", method="the same regression", note="a year",
        )  # fmt: skip
    if fit.dispersion > 1 and fit.dispersion_low > 1:
        yield Number(
            (*path, "dispersion"), digits(fit.dispersion, fit.dispersion_low, fit.dispersion_high), fit.dispersion,
            fit.dispersion_low, fit.dispersion_high, method="Pearson's X² over its degrees of freedom",
        )  # fmt: skip
    pattern: dict[str, Any] = {}
    if fit.weekday is not None:
        pattern["weekday"] = [significant(float(x), 2) for x in fit.weekday]
    if fit.month is not None:
        pattern["month"] = [significant(float(x), 3) for x in fit.month]
    if fit.hours is not None:
        pattern["hour"] = [significant(float(x), 2) for x in fit.hours]
    for key, shares in pattern.items():
        yield Number(
            (*path, "pattern", key), shares, method="the same regression" if key == "weekday" else "shares"
        )


def _rate(per_month: float) -> str:
    return f"{per_month:g} / mo" if abs(per_month) < 1e5 else f"{per_month:.0f} / mo"


def _drawn_rate(path: tuple[str, ...], fit: Arrivals, grows: bool, enough: bool) -> Draw:
    """Rate and growth together; growth that is not written is drawn about 0, and not at all from under a year."""
    centre = np.array([math.log(fit.rate), fit.growth if grows else 0.0])

    def draw(rng: np.random.Generator) -> Mapping[str, Any]:
        log_rate, growth = rng.multivariate_normal(centre, fit.covariance)
        made: dict[str, Any] = {".".join((*path, "rate")): _rate(significant(math.exp(log_rate) * MONTH, 6))}
        if enough:
            made[".".join((*path, "growth"))] = significant(float(np.clip(growth, -0.9, 5.0)), 6)
        return made

    return draw


def _mix(source: str, segment: NDArray[np.int64], names: tuple[str, ...]) -> Part:
    if len(names) < 2 or not len(segment):
        return Part()
    counts = np.bincount(segment[segment >= 0], minlength=len(names))
    path = ("sources", source, "mix")
    shares = moves.shares(counts)
    written = {name: significant(float(p), 3) for name, p in zip(names, shares.shares, strict=True) if p > 0}

    def draw(rng: np.random.Generator) -> Mapping[str, Any]:
        drawn = rng.dirichlet(counts + 0.5)
        return {".".join(path): {name: significant(float(p), 6) for name, p in zip(names, drawn, strict=True)}}

    return Part((Number(path, written, n=int(counts.sum()), method="shares"),), {".".join(path): draw})


def _territories(history: History, kinds: Kinds) -> Part:
    names = kinds.names["territory"]
    if len(names) < 2:
        return Part()
    counts = np.bincount(kinds.territory[kinds.territory >= 0], minlength=len(names))
    written = {name: significant(float(c / counts.sum()), 3) for name, c in zip(names, counts, strict=True)}
    return Part((Number(("territories",), written, n=int(counts.sum()), method="shares"),))


def _worth(history: History, kinds: Kinds) -> Part:
    """What deals are worth, by segment; nothing is written where no amounts are known."""
    parts = []
    for index, name in enumerate(kinds.names["segment"]):
        mine = history.deals.amount[(kinds.segment == index) & (history.deals.amount > 0)]
        parts.append(_value(("segments", name, "value"), name, mine))
    return together(parts)


def _value(path: tuple[str, ...], name: str, amounts: NDArray[np.float64]) -> Part:
    if len(amounts) < _FEW:
        if not len(amounts):
            said = f"No amounts are known of {name}: money is not told of."
            return Part(
                (Number(path, 0, known="default", note="no amounts"),),
                findings=(Finding("no_amounts", "warning", 0, said),),
            )
        mean = float(amounts.mean())
        return Part((Number(path, significant(mean, 2), mean, n=len(amounts), method="mean of few"),))
    fit = values.fit(amounts)
    if fit.empirical is not None:
        listed = {"dist": "empirical", "values": [significant(float(x), 4) for x in fit.empirical]}
        return Part(
            (Number(path, listed, float(amounts.mean()), n=len(amounts), method="as observed", note=fit.words),)
        )
    low, high = fit.median_low, fit.median_high
    law = {
        "dist": "lognormal",
        "median": digits(fit.median, low, high),
        "sigma": digits(fit.sigma, fit.sigma_low, fit.sigma_high),
    }
    note = f"median; sigma {fit.sigma_low:.2f} to {fit.sigma_high:.2f}"

    def draw(rng: np.random.Generator) -> Mapping[str, Any]:
        n = len(amounts)
        sigma = fit.sigma * math.sqrt((n - 1) / rng.chisquare(n - 1))
        median = fit.median * math.exp(rng.normal(0, sigma / math.sqrt(n)))
        return {
            ".".join(path): {"dist": "lognormal", "median": significant(median, 6), "sigma": significant(sigma, 6)}
        }

    number = Number(path, law, fit.median, low, high, n=len(amounts), method="lognormal", note=note)
    return Part((number,), {".".join(path): draw})
