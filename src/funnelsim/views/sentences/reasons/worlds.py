"""What results over worlds say: how far plausible inputs lead apart, and how much of that is luck."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from funnelsim.experiments.comparison.worlds import of_difference
from funnelsim.results.measures.periods.per_period import base_name, every_kpi
from funnelsim.results.oneway import FEWEST

from ...words import counted, numbers, running, say
from ..comparison import labels

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.result import Comparison
    from funnelsim.results.estimates import Estimate
    from funnelsim.results.result import Result
    from funnelsim.results.worlds import Doubt, OfWorlds

TOLD = ("won_per_year", "bookings_per_year", "contribution_per_year")
"""KPIs that are told where nobody asks for others, as far as a line has them."""


def sentences(result: Result, kpis: Sequence[str] = ()) -> Iterator[str]:
    """What is said of each KPI of a result over worlds, a sentence or several each."""
    known = every_kpi(result.model)
    for name in kpis or TOLD:
        doubt = result.doubts.get(name)
        if doubt is not None and doubt.estimate.mean:
            said = (
                base_name(name) if doubt.estimate.unit.endswith("/y") else name
            )  # the unit says per year already
            yield of(known[said][1].label, doubt)


def of_differences(comparison: Comparison) -> Iterator[str]:
    """What is said of the differences of a comparison over worlds, arm by arm."""
    arms, called = {arm.name: arm for arm in comparison.arms}, labels(comparison)
    for each in comparison.findings if comparison.base.over is not None else ():
        if each.difference.mean is not None:
            doubt = of_difference(arms[each.arm], comparison.base, each)
            label = say("worlds.arm", arm=each.arm, kpi=called[each.kpi])
            yield of(label, doubt, "difference")


def of(label: str, doubt: Doubt, what: str = "mean") -> str:
    """What is said of one figure; ``what`` it is: a mean or a difference."""
    mean = _written(doubt.estimate, what)
    low, high = doubt.range or (None, None)
    if low is None:
        said = [say(f"worlds.told.{what}.few", kpi=label, mean=mean, number=FEWEST)]
    else:
        span = numbers.span({"range_low": low, "range_high": high, "unit": doubt.estimate.unit})
        said = [say(f"worlds.told.{what}", kpi=label, mean=mean, span=span)]
    split = doubt.split
    if split is not None:
        shares = {"luck": split.luck, "low": split.low, "high": split.high, "inputs": 1 - split.luck}
        said.append(say("worlds.split", **{name: numbers.percent(share) for name, share in shares.items()}))
    if doubt.differs and doubt.best_guess is not None:
        said.append(say("worlds.guess", guess=_written(doubt.best_guess, what)))
    return running(said)


def _written(estimate: Estimate, what: str) -> str:
    """A figure with half its interval; a difference with its sign."""
    if what == "mean" or estimate.mean is None:
        return numbers.estimate(estimate.to_dict())
    return numbers.signed(estimate.mean, estimate.unit, estimate.half)


def how(worlds: OfWorlds) -> str:
    """How worlds were drawn, in a sentence or two."""
    inputs = worlds.inputs or say("worlds.given")
    said = [counted("worlds.how", worlds.worlds, rows=worlds.rows, inputs=inputs)]
    if worlds.worlds > worlds.rows:
        said.append(say("worlds.round", rows=worlds.rows))
    if worlds.pairs:
        said.append(counted("worlds.pairs", worlds.pairs))
    return running(said)
