"""When to stop: a fixed number of replications, a precision, or once the question is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from funnelsim.errors import FunnelsimError

from ..running.arms import Arm
from ..running.replications import FEWEST, MOST
from ..statistics import looks, precision
from ..statistics.paired import Level, Verdict, bonferroni, one_look
from ..study.question import Question
from .judging import Finding, judge


@dataclass(frozen=True)
class Reason:
    """What decided about the number of replications.

    Parameters
    ----------
    kind : {"imprecise", "precise", "open", "decided"}
        Whether a precision was not reached or reached, or differences are still open or were decided last.
    replications : int
        Of each arm.
    kpi : str
        The least precise KPI, where a precision was asked for.
    reached, asked : float
        How well it is known and how well it was to be, as shares of the base's figure.
    pairs : tuple
        KPI and arm of each difference that is open, or was decided last.
    """

    kind: Literal["imprecise", "precise", "open", "decided"]
    replications: int
    kpi: str = ""
    reached: float = 0.0
    asked: float = 0.0
    pairs: tuple[tuple[str, str], ...] = ()


class Rule(Protocol):
    """How many replications a comparison makes, and what its looks cost."""

    @property
    def first(self) -> int:
        """Replications of each arm before the first look."""
        ...

    def next(self, arms: Sequence[Arm], question: Question) -> int:
        """Replications to go on to; those there are if they are enough."""
        ...

    def level(self, done: int) -> Level:
        """From the error over all looks to the level of the look at ``done`` replications."""
        ...

    def drove(self, arms: Sequence[Arm], question: Question) -> Reason | None:
        """What decided about the number of replications; None if nothing did."""
        ...


@dataclass(frozen=True)
class Fixed:
    """A number that the user chose."""

    first: int

    def __post_init__(self) -> None:
        if self.first < 1:
            raise FunnelsimError(
                f"replications must be at least 1, but got {self.first}", code="E-replications-range"
            )

    def next(self, arms: Sequence[Arm], question: Question) -> int:
        return self.first

    def level(self, done: int) -> Level:
        return one_look

    def drove(self, arms: Sequence[Arm], question: Question) -> Reason | None:
        return None


@dataclass(frozen=True)
class Precise:
    """Until the interval of each difference is narrow enough: a share of the base's figure.

    It looks at widths only, never at whether an interval excludes zero.
    """

    share: float
    first: int = FEWEST
    most: int = MOST

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise FunnelsimError(
                f"precision must lie between 0 and 1 (such as 0.05), but got {self.share}",
                code="E-precision-range",
            )

    def next(self, arms: Sequence[Arm], question: Question) -> int:
        return precision.needed(lambda count: self._widths(arms, question, count), arms[0].replications, self.most)

    def level(self, done: int) -> Level:
        return one_look

    def drove(self, arms: Sequence[Arm], question: Question) -> Reason | None:
        done = arms[0].replications
        widest = precision.widest(self._widths(arms, question, done))
        if widest is None:
            return None
        reached = widest.ratio * self.share
        if widest.ratio > 1:
            return Reason("imprecise", self.most, widest.kpi, reached, self.share)
        return Reason("precise", done, widest.kpi, reached, self.share)

    def _widths(self, arms: Sequence[Arm], question: Question, count: int) -> dict[str, float]:
        """By KPI the widest interval of the arms, as a multiple of the width asked for."""
        widths: dict[str, float] = {}
        found = judge(arms, question, one_look, count)
        for each in found:
            allowed = self.share * abs(each.base.mean or 0.0)
            # Also where too few replications differ for an interval to be shown: more of them make it known.
            interval = each.difference.student(bonferroni(question.alpha, len(found)))
            if interval is None or not allowed:
                continue
            widths[each.kpi] = max(widths.get(each.kpi, 0.0), (interval[1] - interval[0]) / 2 / allowed)
        return widths


@dataclass(frozen=True)
class Decided:
    """Until every difference is known to be more, less or none that matters: at most at each look of `looks`.

    A difference that is the same in every replication so far asks for no more of them: most such can be no other,
    and no number of replications would show that.
    """

    first: int = FEWEST
    most: int = MOST

    @property
    def looks(self) -> tuple[int, ...]:
        """Replications at which to look."""
        return looks.schedule(self.first, self.most)

    def next(self, arms: Sequence[Arm], question: Question) -> int:
        done = arms[0].replications
        if not self._open(arms, question, done):
            return done
        return next((look for look in self.looks if look > done), done)

    def level(self, done: int) -> Level:
        # Who was interrupted looks once more than planned; the error is spent by what was seen all the same.
        taken = (*(look for look in self.looks if look < done), done)
        return lambda alpha: looks.levels(taken, self.most, alpha)[-1]

    def drove(self, arms: Sequence[Arm], question: Question) -> Reason | None:
        done = arms[0].replications
        before = max((look for look in self.looks if look < done), default=None)
        still = self._open(arms, question, done)
        if still:
            return Reason("open", done, pairs=_pairs(still))
        last = [] if before is None else self._open(arms, question, before)
        return Reason("decided", done, pairs=_pairs(last)) if last else None

    def _open(self, arms: Sequence[Arm], question: Question, count: int) -> list[Finding]:
        found = judge(arms, question, self.level(count), count)
        return [each for each in found if each.verdict is Verdict.OPEN]


def _pairs(findings: Sequence[Finding]) -> tuple[tuple[str, str], ...]:
    return tuple((each.kpi, each.arm) for each in findings)


def rule(replications: int | None, share: float | None) -> Rule:
    """The rule that a user's options ask for.

    Raises
    ------
    FunnelsimError
        If both are given, or one makes no sense.
    """
    precision.only_one(replications, share)
    if replications is not None:
        return Fixed(replications)
    return Decided() if share is None else Precise(share)
