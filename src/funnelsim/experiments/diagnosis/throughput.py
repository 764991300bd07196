"""What gets through the whole line, and what a change to a scenario adds to it.

The throughput of a chain is what comes out at its end, not what one part finishes: a deal that waits for its
onboarding has not come through. So leads are counted that leave the last stage of the line, a month.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from funnelsim.model.model import Model
from funnelsim.results.estimates import Estimate, enough
from funnelsim.results.measures.indicators import MONTH
from funnelsim.results.measures.stages import STAGE_INDICATORS
from funnelsim.scenario.language.types import ScenarioSpec

from ..comparison.candidate import plain_change
from ..comparison.judging import Finding, judge
from ..running.arms import Arm
from ..statistics.paired import Level, Verdict, difference, one_look
from ..study.question import Question

THROUGH = "through"
MONEY = "contribution"
BOOKINGS = "bookings"
KPIS = ("won_per_month", MONEY, BOOKINGS, "cost")
"""The KPIs that a trial looks at, beside what leaves the stages."""

ADVANCED = [each.name for each in STAGE_INDICATORS].index("advanced")
WORTHWHILE = 0.1
"""Share more through the line that is worth while: a change is said to bring little only where it surely brings
less, and where its interval holds 0 and this much, nothing is known of it."""
PER = 100_000
"""Gains are told per so much money spent."""
MONTHS_OF_A_YEAR = 12
NO_PRICE = 1e-5
"""Share of the costs below which a difference of costs is none."""


def line_end(spec: ScenarioSpec) -> str | None:
    """The stage at the end of the line; None where kinds of lead end it in different places."""
    line = [name for name, stage in spec.stages.items() if not stage.aside]
    books = [name for name in line if spec.stages[name].books]
    if len(books) > 1:
        return None
    after = line[line.index(books[0]) :] if books else line[-1:]
    detours = [name for name in after if any(step is not None for step in spec.stages[name].next.values)]
    return None if detours else line[-1]


class LineArm(Arm):
    """An arm that also knows what comes through the line."""

    @classmethod
    def of(cls, arm: Arm) -> LineArm:
        """The same arm."""
        return cls(arm.name, arm.model, arm.tallies)

    def estimate(self, kpi: str, count: int | None = None) -> Estimate:
        """A KPI, or what comes through the line a month."""
        if kpi != THROUGH:
            return super().estimate(kpi, count)
        end = line_end(self.model.spec)
        if end is None:
            return super().estimate("won_per_month", count)
        months = (self.model.horizon - self.model.warmup) / MONTH
        place = self.model.stage_names.index(end)
        rows = [(each.stages[ADVANCED][0][place] / months,) for each in self.tallies[:count]]
        return STAGE_INDICATORS[ADVANCED].combine(rows, "leads/month")


@dataclass(frozen=True)
class Trial:
    """A change that was simulated, and what it gave.

    Parameters
    ----------
    name : str
        What was changed.
    change : dict
        The fragment that makes it.
    through : Finding
        Leads through the line, a month.
    money : Finding or None
        Contribution over the time that counts; None where there is no money.
    cost : float
        What it costs more, a month.
    booked : Finding or None
        Bookings over the time that counts; None where nothing is booked.
    years : float
        How long that time is, in years.
    """

    name: str
    change: Mapping[str, Any]
    through: Finding
    money: Finding | None
    cost: float
    booked: Finding | None = None
    years: float = 1.0

    @property
    def gains(self) -> bool:
        """Whether more comes through the line, by more than chance and by an amount that matters."""
        return self.through.verdict is Verdict.MORE

    @property
    def share(self) -> float:
        """What it adds to the throughput, as a share of it."""
        return self.through.share or 0.0

    @property
    def promising(self) -> bool:
        """Whether it is not known yet, but looks like a gain that matters."""
        return self.through.verdict is Verdict.OPEN and (self.through.difference.mean or 0.0) > self.through.zone

    @property
    def vague(self) -> bool:
        """Whether it gains, but nobody knows whether half or twice of what it seems to."""
        low = -math.inf if self.through.low is None else self.through.low
        return self.gains and low < (self.through.difference.mean or 0.0) / 2

    @property
    def most(self) -> float:
        """What it may bring at most, as a share of what comes through: the upper end of its interval."""
        high, base = self._high, abs(self.through.base.mean or 0.0)
        return (math.inf if high > 0 else 0.0) if base == 0 else high / base

    @property
    def untold(self) -> bool:
        """Whether it may as well bring nothing as a gain that is worth while, as its interval holds both."""
        return self.through.verdict is Verdict.OPEN and self.most > WORTHWHILE

    @property
    def needed(self) -> int | None:
        """About how many replications would tell; None where there is no telling."""
        apart, base = self.through.difference, abs(self.through.base.mean or 0.0)
        if apart.error is None or apart.mean is None or apart.replications < 2:
            return None
        half = min(WORTHWHILE * base, max(apart.mean, WORTHWHILE * base - apart.mean))
        return enough(apart.error, apart.replications, half, self._level)

    @property
    def _high(self) -> float:
        """The upper end; Student's all the same where too few replications depart from the others."""
        if self.through.high is not None:
            return self.through.high
        rough = self.through.difference.student(0.05)
        return (self.through.difference.mean or 0.0) if rough is None else rough[1]

    @property
    def _level(self) -> float:
        """The level of its interval, from its width."""
        apart = self.through.difference
        if self.through.high is None or not apart.error:
            return 0.05
        from scipy.special import stdtr

        half = self.through.high - (apart.mean or 0.0)
        return 2 * float(stdtr(apart.replications - 1, -half / apart.error))

    @property
    def replications(self) -> int:
        """Of this change, and of the base beside it."""
        return self.through.difference.replications

    @property
    def per_money(self) -> float | None:
        """Leads more for each 100,000 of currency spent more; None where it costs nothing more."""
        mean = self.through.difference.mean
        return None if mean is None or self.cost <= 0 else mean / self.cost * PER

    def to_dict(self) -> dict[str, Any]:
        """Part of the JSON document."""
        return {
            "name": self.name,
            "change": plain_change(self.change),
            "replications": self.replications,
            "through": _leaf(self.through),
            "contribution": None if self.money is None else _leaf(self.money),
            "contribution_per_year": None if self.money is None else _leaf(self.money, self.years),
            "bookings_per_year": None if self.booked is None else _leaf(self.booked, self.years),
            "cost_per_month": self.cost,
            "through_per_100000": self.per_money,
        }


def _leaf(finding: Finding, years: float | None = None) -> dict[str, Any]:
    """A difference, over the time that counts or a year of it."""
    ends = (finding.difference.mean, finding.low, finding.high)
    mean, low, high = (end if years is None or end is None else end / years for end in ends)
    return {
        "mean": mean,
        "low": low,
        "high": high,
        "unit": finding.base.unit if years is None else f"{finding.base.unit}/y",
        "share": finding.share,
        "verdict": str(finding.verdict),
    }


def trials(arms: Sequence[Arm], changes: Mapping[str, Mapping[str, Any]], level: Level = one_look) -> list[Trial]:
    """What each arm has more than the first.

    The intervals of throughput hold together, and those of contribution and of bookings do so among themselves.
    What is said is decided by throughput.

    Parameters
    ----------
    arms : sequence of Arm
        The base first, with as many replications as any of the others.
    changes : mapping
        The changes by name of the arm.
    level : callable
        From the error over all looks to the level of any one of them.
    """
    lines = [LineArm.of(arm) for arm in arms]
    base = lines[0]
    kpis = (THROUGH, *(kpi for kpi in (MONEY, BOOKINGS) if any(line.estimate(kpi).mean for line in lines)))
    judged = [judge(lines, Question(base.name, (kpi,), {}), level) for kpi in kpis]
    found = {(each.arm, each.kpi): each for family in judged for each in family}
    months = _months(base.model)
    return [
        Trial(
            line.name,
            changes[line.name],
            found[line.name, THROUGH],
            found.get((line.name, MONEY)),
            _dearer(line, base) / months,
            found.get((line.name, BOOKINGS)),
            months / MONTHS_OF_A_YEAR,
        )
        for line in lines[1:]
    ]


def _dearer(line: LineArm, base: LineArm) -> float:
    """What a line costs more over the time that counts.

    Leads that come a little later change what is paid for them by next to nothing. That is no price of the change,
    and gains divided by it would be beyond measure.
    """
    before = base.estimate("cost", line.replications)
    more = difference(line.estimate("cost"), before).mean or 0.0
    return 0.0 if abs(more) < NO_PRICE * abs(before.mean or 0.0) else more


def _months(model: Model) -> float:
    return (model.horizon - model.warmup) / MONTH
