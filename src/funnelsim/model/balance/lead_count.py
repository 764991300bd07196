"""How many leads a run creates by itself, with the arithmetic: too many are refused before it begins."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from funnelsim.errors import Problem, ScenarioError
from funnelsim.scenario.forms.quantities import MICROSECONDS, Dist
from funnelsim.scenario.language.fields import MOST_LEADS
from funnelsim.scenario.language.types import Burst, ScenarioSpec, Source

from ..numbers.distributions import mean
from ..time.arrivals import RatePlan, is_steady

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario

UNITS = (("us", 1), ("s", MICROSECONDS["min"] // 60), *MICROSECONDS.items())

SHORTEST_GAP = 1.0
"""Microseconds that arrivals are apart on average, at least: shorter gaps may all be rounded to none."""

SHORTEST_CONTACT = 1e6
SHORTEST_OF_A_DAY = 1e-4
"""Microseconds, and business days, of an outbound contact on average, at least: no speed then makes it nothing."""


@dataclass(frozen=True)
class LeadCount:
    """The leads that a source is expected to create in a run, and how that is worked out."""

    source: str
    leads: float
    sum: str


Bursts = Sequence[tuple[Burst, ...]]

Span = tuple[ScenarioSpec, int, int]
"""The organisation of a period, and the microseconds from and to which it holds."""


def spans_of(specs: Sequence[ScenarioSpec], starts: Sequence[int], horizon: int) -> list[Span]:
    """The periods of a run that begin before its end."""
    ends = [*starts[1:], horizon]
    return [
        (spec, start, min(end, horizon))
        for spec, start, end in zip(specs, starts, ends, strict=True)
        if start < horizon
    ]


def count_leads(spans: Sequence[Span], plans: Sequence[RatePlan | None], bursts: Bursts) -> list[LeadCount]:
    """The leads of each source that has a rate, gaps or bursts; those a team works for are not known here.

    Parameters
    ----------
    spans : sequence of Span
        The periods of the run.
    plans : sequence of RatePlan or None
        The expected rate of each source, in file order; for gaps the pace of their time.
    bursts : sequence of tuples of Burst
        The bursts of each source.
    """
    sources = zip(spans[0][0].sources, plans, bursts, strict=True)
    return [
        _counted(name, spans, plan, float(sum(burst.leads for burst in given))) for name, plan, given in sources
    ]


def check_leads(
    scenario: Scenario, spans: Sequence[Span], plans: Sequence[RatePlan | None], bursts: Bursts
) -> float:
    """The leads that sources and the opening are expected to bring, unless they are more than a run may have.

    Raises
    ------
    ScenarioError
        With the arithmetic, at the source that sends most.
    """
    problems = [
        scenario.problem(("sources", name, key), message, code="E-size-run")
        for name in spans[0][0].sources
        for key, message in dict.fromkeys(each for spec, _, _ in spans for each in _too_quick(spec.sources[name]))
    ]
    if problems:
        raise ScenarioError(problems)
    counts = count_leads(spans, plans, bursts)
    opening = scenario.spec.opening
    total = math.fsum(count.leads for count in counts)
    total += opening.customers + sum(number for _, number in opening.leads) + len(opening.deals)
    if total > MOST_LEADS:
        raise ScenarioError([_too_many(scenario, counts, total)])
    return total


def _too_many(scenario: Scenario, counts: list[LeadCount], total: float) -> Problem:
    limit = f"at most {MOST_LEADS:,} are allowed in a run"
    most = max(counts, key=lambda count: count.leads, default=None)
    if most is None or most.leads < total / 2:
        return scenario.problem(
            ("sources",), f"about {total:,.0f} leads of all sources and the opening; {limit}", code="E-size-run"
        )
    return scenario.problem(
        ("sources", most.source), f"{most.sum} = {count_text(most.leads)} leads; {limit}", code="E-size-run"
    )


def _too_quick(source: Source) -> Iterator[tuple[str, str]]:
    """Keys whose values would let a source do things for ever without any time passing, with what is wrong."""
    if source.every is not None and mean(source.every) < SHORTEST_GAP:
        yield "every", "the mean of `every` must be at least 1 microsecond, or arrivals take no time"
    if source.effort is not None and mean(source.effort) < (
        SHORTEST_CONTACT if source.effort.unit == "us" else 1e-4
    ):
        yield "effort", "the mean effort of a contact must be at least 1 second, or contacts take no time"


def _counted(name: str, spans: Sequence[Span], plan: RatePlan | None, burst: float) -> LeadCount:
    arrivals = [_arrivals(spec.sources[name], plan, start, end) for spec, start, end in spans]
    batches = [max(0.0, mean(spec.sources[name].batch)) for spec, _, _ in spans]
    source = spans[0][0].sources[name]
    leads = math.fsum(a * b for a, b in zip(arrivals, batches, strict=True)) + burst
    came = math.fsum(arrivals)
    parts = [_rate_words(source, came, spans)] if came else []
    batch = (leads - burst) / came if came else 1.0
    if not math.isclose(batch, 1.0):
        certain = len(spans) == 1 and source.batch.name == "constant"
        shown = f"{batch:,.0f}" if batch >= 1000 else f"{batch:.4g}"
        parts.append(f"x batch {shown}" + ("" if certain else " (mean)"))
    parts += [f"x {_length(spans)}"] if came and _steady(source, spans) else []
    if burst:
        parts.append(f"{'+ ' if parts else ''}{burst:,.0f} in bursts")
    return LeadCount(name, leads, " ".join(parts))


def _arrivals(source: Source, plan: RatePlan | None, start: int, end: int) -> float:
    """Arrivals of a source between two moments."""
    if source.rate is None and source.every is None:
        return 0.0
    passed = float(end - start)
    if plan is not None:
        edges = np.clip(np.append(plan.start, plan.end), start, end)
        passed = float((plan.rate * np.diff(edges)).sum())
    return passed if source.rate is not None else passed / max(_gap(source), SHORTEST_GAP)


def _gap(source: Source) -> float:
    return mean(source.every) if source.every is not None else math.inf


def _steady(source: Source, spans: Sequence[Span]) -> bool:
    """Whether arrivals are a rate, or one in each gap, times a length."""
    by_calendar = source.rate is not None and source.rate.by_calendar
    return len(spans) == 1 and is_steady(source) and not by_calendar


def _rate_words(source: Source, came: float, spans: Sequence[Span]) -> str:
    """What is multiplied with the length of the run, or the arrivals where they are no such product."""
    if not _steady(source, spans):
        return f"{came:,.0f} arrivals in {_length(spans)}"
    if source.rate is not None:
        return f"{source.rate.amount:,.6g} / {source.rate.unit}"
    assert source.every is not None
    certain = source.every == Dist("constant", source.every.params, source.every.unit)
    return f"1 / {time_text(_gap(source))}{'' if certain else ' (mean)'}"


def _length(spans: Sequence[Span]) -> str:
    return time_text(spans[-1][2] - spans[0][1])


def count_text(number: float) -> str:
    """A count in words that stay short."""
    return f"{number:,.0f}" if number < 1e15 else "more than 10^15"


def time_text(microseconds: float) -> str:
    """A length of time in the largest unit that it is a whole number of, or else in days or what is below."""
    for unit, size in reversed(UNITS):
        number = microseconds / size
        if number >= 0.999 and (size <= MICROSECONDS["d"] or math.isclose(number, round(number), rel_tol=1e-4)):
            return f"{number:,.0f} {unit}" if number >= 1000 else f"{number:,.4g} {unit}"
    return f"{microseconds:.2g} us"
