"""Values that are allowed, but can hardly be meant: each is told in words, so that a slip in a unit shows.

A table holds the bounds of single values; what values mean together stands in functions below it. The bounds are
wide: what some company might really have must pass without a word.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from funnelsim.errors import Warned

from ..forms.amounts import number_text
from ..forms.currencies import code_of
from ..forms.entry import Entry
from ..forms.quantities import MICROSECONDS, ByKind, Dist, Duration, Rate
from ..language.people import people_of
from ..language.types import ScenarioSpec, Stage
from .newcomers import alone, ramps
from .owners import owners
from .sizes import expected_leads

_WORDS = (
    "never", "once", "twice", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_YEAR = MICROSECONDS["y"]
_HIGHEST_SALARY = {"JPY": 60e6, "CNY": 4e6, "INR": 40e6, "KRW": 600e6, "TWD": 18e6} | dict.fromkeys(
    ("USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD", "SGD"), 600e3
)
"""What a year of one person hardly costs, by currency."""
SALARIES_APART, DEALS_ABOVE = 200, 50
"""How many times two salaries differ, and how many salaries a deal is worth, at most in silence."""
DEALS_A_SALARY, SALARIES_A_DEAL = 20_000, 10_000


def doubts(spec: ScenarioSpec) -> Iterator[Warned]:
    """Warnings, one sentence each."""
    for bound in BOUNDS:
        for path, value in _at(spec, tuple(bound.path.split("."))):
            for written, number in bound.measure(value):
                if number > bound.most or number < bound.least:
                    yield Warned(f"{path}: {bound.words(written, number)}", "W-value-doubtful")
    yield from _money(spec)
    yield from _salaries(spec)
    yield from _low_salaries(spec)
    yield from _people(spec)
    yield from _times(spec)
    yield from ramps(spec)
    yield from alone(spec)
    yield from owners(spec)


# --- single values ------------------------------------------------------------------------------------------

Measured = Iterator[tuple[str, float]]


def _number(value: Any) -> Measured:
    """Numbers as they are written."""
    for one in value.values if isinstance(value, ByKind) else (value,):
        if isinstance(one, int | float):
            yield _shown(one), float(one)


def _per_year(value: Any) -> Measured:
    """Rates, in a year."""
    for one in value.values if isinstance(value, ByKind) else (value,):
        if isinstance(one, Rate):
            yield f"{_shown(one.amount)} / {one.unit}", one.per_hour * _YEAR / MICROSECONDS["h"]


def _hours(value: Any) -> Measured:
    """Working times, in hours."""
    for one in value.values if isinstance(value, ByKind) else (value,):
        size = middle(one) if isinstance(one, Dist) else None
        if size is not None and isinstance(one, Dist):
            hours = size / MICROSECONDS["h"] if one.unit == "us" else size * 8
            yield f"{_shown(hours)} h", hours


def _count(value: Any) -> Measured:
    """Numbers that may be distributions."""
    for one in value.values if isinstance(value, ByKind) else (value,):
        size = middle(one) if isinstance(one, Dist) else None
        if size is not None:
            yield _shown(size), size


def _spread(value: Any) -> Measured:
    """How far the mean of a lognormal distribution lies above its median."""
    for one in value.values if isinstance(value, ByKind) else (value,):
        sigma = one.parameters.get("sigma") if isinstance(one, Dist) and one.name == "lognormal" else None
        if sigma is not None:
            yield f"sigma {_shown(sigma)}", sigma


def _length(value: Any) -> Measured:
    """Lengths of time, in years."""
    if isinstance(value, Duration) and not value.business:
        yield f"{_shown(value.amount)} {value.unit}", value.microseconds / _YEAR


@dataclass(frozen=True)
class Bound:
    """Between what a value must lie to pass without a word.

    Parameters
    ----------
    path : str
        Where it stands; ``*`` stands for every name.
    measure : callable
        The value as it is written, and as a number to compare.
    words : callable
        What is said of a value outside, from the text and the number.
    most, least : float
        The bounds.
    """

    path: str
    measure: Callable[[Any], Measured]
    words: Callable[[str, float], str]
    most: float = math.inf
    least: float = -math.inf


def _odds(what: str) -> Callable[[str, float], str]:
    return lambda text, x: f"{text}: {what} multiplies the odds of advancing by {_shown(math.exp(abs(x)))}"


def _wide(text: str, sigma: float) -> str:
    return f"{text}: the mean is {_shown(math.exp(sigma * sigma / 2))} times the median"


def _long(text: str, hours: float) -> str:
    return f"{text} of work for each touch, which is more than a month of a person"


def _small(what: str) -> Callable[[str, float], str]:
    return lambda text, x: f"{text}: {what} {_shown(x * 100)} %; did you mean {_shown(x * 100)}?"


def _leaving(text: str, yearly: float) -> str:
    return f"{text} a year: each seat is left {times(yearly)}; did you mean {text} %?"


def _growing(text: str, growth: float) -> str:
    return f"{text}: the leads become {_shown(1 + growth)} times as many each year; did you mean {text} %?"


def _lift(text: str, lift: float) -> str:
    return f"{text}: the odds are multiplied by that; {text} % more is {_shown(1 + lift / 100)}"


def _churn(text: str, yearly: float) -> str:
    stay = 12 / yearly
    month = (
        "a month"
        if 0.95 < stay < 1.05
        else f"{_shown(stay)} months"
        if stay > 1
        else f"{_shown(stay * 30.4)} days"
    )
    amount, unit = text.split(" / ")
    return f"{text}: a customer stays for {month} on average; did you mean {amount} % / {unit}?"


def _brought(text: str, yearly: float, what: str) -> str:
    return f"{text}: each customer makes {_shown(yearly)} {what}s a year"


def times(number: float) -> str:
    """How often, in words: ``fifteen times``."""
    if number != int(number) or not 0 <= number < len(_WORDS):
        return f"{_shown(number)} times"
    word = _WORDS[int(number)]
    return word if number < 3 else f"{word} times"


def _speed(text: str, speed: float) -> str:
    return f"{text}: a touch takes {_shown(1 / speed)} of its effort"


BOUNDS = (
    Bound("teams.*.attrition", _number, _leaving, 3),
    Bound("teams.*.selling_share", _number, _small("people sell in"), least=0.02),
    Bound("teams.*.skill.mean", _number, _odds("such a skill"), 6, -6),
    Bound("teams.*.skill.sd", _number, _odds("a standard deviation of skill"), 6),
    Bound("teams.*.speed.mean", _number, _speed, 20, 0.05),
    Bound("teams.*.ramp.time", _length, lambda text, _: f"{text} until new people work at full speed", 5),
    Bound("teams.*.absence.days", _number, lambda text, _: f"{text} days off a year for each person", 120),
    Bound("teams.*.cost.commission.rate", _number, lambda text, _: f"{text} of each deal", 0.5),
    Bound("sources.*.growth", _number, _growing, 5),
    Bound("sources.*.effort", _hours, lambda text, _: f"{text} of work for each contact", 40),
    Bound("stages.*.effort", _hours, _long, 173),
    Bound("stages.*.effort", _spread, _wide, 3),
    Bound("stages.*.gap", _spread, _wide, 3),
    Bound("stages.*.decision.advanced", _spread, _wide, 3),
    Bound("stages.*.decision.lost", _spread, _wide, 3),
    Bound("stages.*.touches", _count, lambda text, _: f"{text} touches of each lead", 100),
    Bound("stages.*.quality_weight", _number, _odds("a standard deviation of quality"), 6, -6),
    Bound("stages.*.lift", _number, _lift, 10),
    Bound("segments.*.value", _spread, _wide, 3),
    Bound("customers.churn", _per_year, _churn, 3),
    Bound("customers.care.effort", _hours, _long, 173),
    Bound("customers.expansion.rate", _per_year, lambda text, x: _brought(text, x, "expansion lead"), 12),
    Bound("customers.referral.rate", _per_year, lambda text, x: _brought(text, x, "referral"), 6),
    Bound("customers.complaint.rate", _per_year, lambda text, x: _brought(text, x, "complaint"), 60),
    Bound("gross_margin", _number, _small("what is left of revenue is"), least=0.02),
)  # fmt: skip
"""What single values may be without a word."""


# --- values together ----------------------------------------------------------------------------------------


def _money(spec: ScenarioSpec) -> Iterator[Warned]:
    """Deals beside salaries and the cost of leads."""
    values = {name: middle(segment.value) for name, segment in spec.segments.items()}
    deals = {name: value for name, value in values.items() if value}
    yearly = {name: _salary(team.cost.salary) for name, team in people_of(spec.teams).items()}
    paid = {name: salary for name, salary in yearly.items() if salary > 0}
    if not deals:
        return
    best, least = max(deals, key=lambda name: deals[name]), min(deals, key=lambda name: deals[name])
    if paid:
        cheapest, dearest = min(paid, key=lambda name: paid[name]), max(paid, key=lambda name: paid[name])
        same = "are both in the same unit of money?"
        if paid[cheapest] > DEALS_A_SALARY * deals[best]:
            count = _shown(paid[cheapest] / deals[best])
            yield Warned(
                f"segments.{best}.value: a deal is worth {_shown(deals[best])}, and a year of one person in "
                f"{cheapest} costs {_shown(paid[cheapest])}, as much as {count} deals; {same}",
                "W-money-doubtful",
            )
        if deals[least] > SALARIES_A_DEAL * paid[dearest]:
            count = _shown(deals[least] / paid[dearest])
            yield Warned(
                f"teams.{dearest}.cost.salary: a year of one person costs {_shown(paid[dearest])}, and a deal "
                f"in {least} is worth {_shown(deals[least])}, as much as {count} years; {same}",
                "W-money-doubtful",
            )
    for name, source in spec.sources.items():
        if source.cost > deals[best]:
            yield Warned(
                f"sources.{name}.cost: each lead costs {_shown(source.cost)}, more than a deal is worth "
                f"({_shown(deals[best])})",
                "W-money-doubtful",
            )


def _salaries(spec: ScenarioSpec) -> Iterator[Warned]:
    """Salaries that nobody has, most likely because the year was taken for the month."""
    most = _HIGHEST_SALARY.get(code_of(spec.currency))
    for name, team in people_of(spec.teams).items():
        salary = team.cost.salary
        yearly = _salary(salary)
        if most is None or yearly <= most or (salary.unit == "y" and yearly <= 5 * most):
            continue
        said = (
            f"{_shown(salary.amount)} / {salary.unit}: each person costs {_shown(yearly)} {spec.currency} a year"
        )
        meant = f"did you mean {_shown(salary.amount)} / y?" if salary.unit != "y" else "is the currency right?"
        yield Warned(f"teams.{name}.cost.salary: {said}; {meant}", "W-salary-doubtful")


def _low_salaries(spec: ScenarioSpec) -> Iterator[Warned]:
    """Salaries far below all else that is money, most likely because zeros are missing."""
    yearly = {name: _salary(team.cost.salary) for name, team in people_of(spec.teams).items()}
    dearest = max(yearly, key=lambda name: yearly[name], default="")
    deal = max((middle(segment.value) or 0 for segment in spec.segments.values()), default=0)
    least = _HIGHEST_SALARY.get(code_of(spec.currency), 0) / 1000
    for name, amount in yearly.items():
        where = f"teams.{name}.cost.salary: a year of one person costs {_shown(amount)}"
        if 0 < amount * SALARIES_APART < yearly[dearest]:
            yield Warned(
                f"{where}, and {_shown(yearly[dearest])} in {dearest}; are zeros missing?", "W-salary-doubtful"
            )
        elif 0 < amount < least and DEALS_ABOVE * amount < deal <= SALARIES_A_DEAL * amount:
            yield Warned(
                f"{where} {spec.currency}, and a deal is worth up to {_shown(deal)}; are zeros missing?",
                "W-salary-doubtful",
            )


def _salary(salary: Rate) -> float:
    return salary.per_hour * _YEAR / MICROSECONDS["h"]


def _people(spec: ScenarioSpec) -> Iterator[Warned]:
    """Leads beside people."""
    others = any(source.team is not None for source in spec.sources.values()) or spec.opening.customers
    filled = spec.opening.leads or spec.opening.deals
    if others or filled or spec.horizon.business:
        return
    years = spec.horizon.microseconds / _YEAR
    leads = sum(expected_leads(spec, source, years) for source in spec.sources.values()) / max(years, 1e-9)
    people = sum(team.headcount.first for team in spec.teams.values())
    if 0 < leads < people and people > 1:
        yield Warned(f"sources: about {_shown(leads)} leads a year come, for {people} people", "W-leads-few")


def _times(spec: ScenarioSpec) -> Iterator[Warned]:
    """Whether there is time for something to happen."""
    horizon, warmup = spec.horizon.microseconds, spec.warmup.microseconds
    if horizon < 2 * warmup:
        yield Warned(
            f"warmup: {_length_text(spec.warmup)} of {_length_text(spec.horizon)} are not counted, "
            "which is more than half",
            "W-warmup-long",
        )
    cycle = sum(_buyer_time(stage) for stage in _until_booked(spec))
    if cycle > horizon and not (spec.opening.leads or spec.opening.deals):
        days = _shown(cycle / MICROSECONDS["d"])
        yield Warned(
            f"horizon: a lead needs about {days} days to be won, and all ends after {_length_text(spec.horizon)}, "
            "so hardly any is",
            "W-horizon-short",
        )


def _until_booked(spec: ScenarioSpec) -> Iterator[Stage]:
    """Stages in line up to the first that books, or all."""
    for stage in spec.stages.values():
        if not stage.aside:
            yield stage
            if stage.books:
                return


def _buyer_time(stage: Stage) -> float:
    """The shortest time that a lead spends with the buyer and on the way, by kind, in microseconds."""
    touches = min((middle(one) or 1.0 for one in stage.touches.values), default=1.0)
    gap = min((_elapsed(one) for one in stage.gap.values), default=0.0)
    decision = min((_elapsed(one.advanced) for one in stage.decision.values), default=0.0)
    delay = min((_elapsed(one.delay) for one in stage.handoff.values), default=0.0)
    return max(0.0, touches - 1) * gap + decision + delay


# --- helpers ------------------------------------------------------------------------------------------------


def middle(dist: Dist) -> float | None:
    """About the middle of a distribution, in its unit; None where only its table can tell."""
    p = dist.parameters
    size: float | None = None
    if dist.values:
        size = math.fsum(dist.values) / len(dist.values)
    elif {"low", "high"} <= set(p):
        size = (p["low"] + p["high"] + p.get("mode", (p["low"] + p["high"]) / 2)) / 3
    else:
        known = ("value", "mean", "median") + (("scale",) if dist.name == "weibull" else ())
        size = next((p[key] for key in known if key in p), None)
    return None if size is None else (size + dist.shift) * dist.scale * dist.times


def _elapsed(dist: Dist) -> float:
    size = middle(dist) or 0.0
    return size * MICROSECONDS["d"] if dist.unit == "bd" else size


def _at(value: Any, path: tuple[str, ...], above: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """The values of a part of a scenario at a path, each with its own."""
    if not path:
        yield ".".join(above), value
        return
    key, rest = path[0], path[1:]
    if isinstance(value, ByKind):
        for one in value.values:
            yield from _at(one, path, above)
    elif isinstance(value, dict):
        for name, one in value.items():
            if key in ("*", name):
                yield from _at(one, rest, (*above, name))
    elif isinstance(value, Entry) and hasattr(value, key):
        yield from _at(getattr(value, key), rest, (*above, key))


def _length_text(duration: Duration) -> str:
    return f"{_shown(duration.amount)} {duration.unit}"


def _shown(number: float) -> str:
    """A number for reading: ``2,500,000``, ``3.6``."""
    if number == int(number) or abs(number) >= 1000:
        return f"{number:,.0f}" if abs(number) < 1e15 else f"{number:.3g}"
    return number_text(float(f"{number:.3g}"))
