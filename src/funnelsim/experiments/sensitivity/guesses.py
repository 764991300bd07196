"""How well the numbers of a scenario are known, and how much hangs on each: what to measure before a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from funnelsim.arguments import checked
from funnelsim.errors import FunnelsimError
from funnelsim.results.shown import Told, paragraphs
from funnelsim.scenario.language.evidence import GRADES, Record
from funnelsim.text import number_of
from funnelsim.unchanging import OF_RESULTS, unchanging

from ..comparison.judging import Finding, judge
from ..running.arms import Arm, side_by_side, stamp
from ..running.laboratory import Sampling
from ..statistics.paired import Verdict
from ..stopping import Stopped
from ..study.pointless import refuse_without_money
from ..study.question import Question, check_kpis
from .numbers import Number, numbers_of
from .tornado import Bar, Tornado

if TYPE_CHECKING:
    import pandas as pd

    from funnelsim.results.stamp import Stamp
    from funnelsim.scenario.scenario import Scenario

    from ..running.laboratory import Progress

NONE = "none"
"""The grade of a number of which nothing is said."""

TODAY = "today"
SCREENED = 2
"""Replications with which all numbers are looked at first."""

CLOSER = 10
"""Of so many numbers, those that move most, intervals are found."""

MEASURED = 3
"""So many are named as what to measure first."""

WELL_KNOWN = ("A", "B")
"""Grades of numbers that are not named as what to measure."""


@dataclass(frozen=True)
class Guess:
    """A number of a scenario: how it is known, and what a KPI does between the ends of its range.

    Parameters
    ----------
    path : str
        Where it stands.
    value : str
        What stands there, as it is written.
    record : Record or None
        How it is known; None where nothing is said.
    ends : tuple of str
        The two ends that were tried, as they are written: of its range, else half and double (of shares: of the
        odds).
    assumed : bool
        Whether these are half and double.
    moves : float or None
        The larger of the two changes of the KPI without its sign, in its unit, by the first few replications; None
        where neither end can stand there.
    less, more : Finding or None
        What the ends change, with intervals; None of a number that moves less than others, or of an end that
        cannot stand there.
    """

    path: str
    value: str
    record: Record | None
    ends: tuple[str, str]
    assumed: bool
    moves: float | None = None
    less: Finding | None = None
    more: Finding | None = None

    @property
    def grade(self) -> str:
        """Its grade; ``none`` where nothing is said."""
        return self.record.grade if self.record is not None else NONE

    @property
    def moves_surely(self) -> bool:
        """Whether the interval of one of its ends holds no 0."""
        sides = (each for each in (self.less, self.more) if each is not None)
        return any(each.verdict in (Verdict.MORE, Verdict.LESS) for each in sides)

    def to_dict(self) -> dict[str, Any]:
        """The number in the JSON document."""
        sides = {name: _leaf(one) for name, one in (("low", self.less), ("high", self.more))}
        return {
            "path": self.path,
            "value": self.value,
            "grade": self.grade,
            "source": list(self.record.source) if self.record is not None else [],
            "range": list(self.ends),
            "assumed": self.assumed,
            "moves": self.moves,
            **sides,
        }


def _leaf(each: Finding | None) -> dict[str, Any] | None:
    if each is None:
        return None
    return {"mean": each.difference.mean, "low": each.low, "high": each.high, "unit": each.base.unit}


@unchanging(OF_RESULTS)
@dataclass(frozen=True)
class Guesses(Told):
    """The numbers of a scenario, those first on which most hangs.

    Parameters
    ----------
    kpi : str
        What is looked at.
    numbers : tuple of Guess
        All of them.
    replications : int
        Of the numbers with intervals; all were looked at with `SCREENED`.
    stamp : Stamp
        What made it.
    """

    kpi: str
    numbers: tuple[Guess, ...]
    replications: int
    stamp: Stamp

    @property
    def grades(self) -> dict[str, int]:
        """How many numbers are known how: A, B, C, D, M and none."""
        return {grade: sum(each.grade == grade for each in self.numbers) for grade in (*GRADES, NONE)}

    @property
    def first(self) -> tuple[Guess, ...]:
        """What to measure before a decision: those that surely move the KPI most, of those not well known."""
        doubtful = [each for each in self.numbers if each.grade not in WELL_KNOWN and each.moves_surely]
        return tuple(doubtful[:MEASURED])

    @property
    def tornado(self) -> Tornado:
        """Those with intervals as a tornado, for its picture and its report."""
        bars = (Bar(each.path, each.less, each.more, each.ends) for each in self.numbers if each.less or each.more)
        return Tornado(self.kpi, None, tuple(bars), self.replications, self.stamp)

    @property
    def table(self) -> pd.DataFrame:
        """One row a number: value, grade, source, range, whether it is assumed, and what the ends change."""
        import pandas as pd

        rows = [
            {
                "value": each.value, "grade": each.grade,
                "source": ", ".join(each.record.source) if each.record is not None else "",
                "from": each.ends[0], "to": each.ends[1], "assumed": each.assumed, "moves": each.moves,
                **{f"{side}_{part}": None if one is None else value
                   for side, one in (("low", each.less), ("high", each.more))
                   for part, value in (("mean", one and one.difference.mean), ("low", one and one.low),
                                       ("high", one and one.high))},
            }
            for each in self.numbers
        ]  # fmt: skip
        return pd.DataFrame(rows, index=pd.Index([each.path for each in self.numbers], name="path"))

    def to_dict(self) -> dict[str, Any]:
        """The JSON document."""
        return {
            "kpi": self.kpi,
            "replications": self.replications,
            **self.stamp.to_dict(),
            "grades": self.grades,
            "measure_first": [each.path for each in self.first],
            "numbers": [each.to_dict() for each in self.numbers],
        }

    def _said(self) -> str:
        return paragraphs(f"{self.kpi}: {self.stamp}")

    def __repr__(self) -> str:
        return f"<Guesses of {self.kpi}: {number_of(len(self.numbers), 'number')}, {self.stamp}>"


@checked
def guesses(
    scenario: Scenario,
    kpi: str | None = None,
    *,
    replications: int = 10,
    seed: int = 1,
    engine: str = "auto",
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Guesses:
    """Say how well each number of a scenario is known, and how much hangs on it.

    Each number goes to both ends of the range in its evidence, one number at a time on the same random numbers;
    one without a range to half and double, a share to half and double of its odds. Numbers that a firm chooses,
    such as headcounts, are left out. All are looked at with two replications, the ten that move most with more.

    Parameters
    ----------
    scenario : Scenario
        What is looked at.
    kpi : str, optional
        What may move; default: contribution, or won where there is no money.
    replications : int
        Of the ten that move most; at least 2.
    seed, engine, workers, executor, progress
        As in `funnelsim.compare`.

    Raises
    ------
    FunnelsimError
        If there is no such KPI, or fewer than two replications are asked for.
    Stopped
        On Ctrl-C.
    """
    if replications < SCREENED:
        raise FunnelsimError(
            f"at least {SCREENED} replications are needed to see how a KPI moves, found {replications}",
            code="E-replications-range",
        )
    kpi = kpi or ("contribution" if scenario.spec.segments else "won")
    numbers = [*numbers_of(scenario)]
    sampling = Sampling(seed, engine, workers, executor, progress)
    seen, _ = _run(scenario, numbers, kpi, SCREENED, sampling)
    swings = {each.path: _swing(each, seen) for each in numbers}
    numbers.sort(key=lambda each: -(swings[each.path] or 0.0))
    near = [each for each in numbers if swings[each.path]][:CLOSER]
    found, made = _run(scenario, near, kpi, replications, sampling)
    close = {each.path for each in near}
    told = [
        Guess(
            each.path, each.value, each.record, each.ends, each.assumed, swings[each.path],
            *((found.get(each.name(side)) if each.path in close else None) for side in (0, 1)),
        )
        for each in numbers
    ]  # fmt: skip
    told[: len(near)] = sorted(told[: len(near)], key=lambda each: -_larger(each.less, each.more))
    return Guesses(kpi, tuple(told), replications, stamp(made[:1], seed, engine))


def _larger(*sides: Finding | None) -> float:
    return max((abs(each.difference.mean or 0.0) for each in sides if each is not None), default=0.0)


def _swing(number: Number, found: Mapping[str, Finding]) -> float | None:
    sides = [found[name] for side in (0, 1) if (name := number.name(side)) in found]
    return _larger(*sides) if sides else None


def _run(
    scenario: Scenario, numbers: Sequence[Number], kpi: str, replications: int, sampling: Sampling
) -> tuple[dict[str, Finding], Sequence[Arm]]:
    """What a KPI does at the ends of each number, by the names of the scenarios; and the arms."""
    arms: dict[str, Scenario] = {TODAY: scenario}
    for number in numbers:
        for side, made in enumerate(number.scenarios):
            if made is not None and made.fingerprint != scenario.fingerprint:
                arms[number.name(side)] = made
    with side_by_side(arms, sampling) as running:
        check_kpis([kpi], running.arms)
        refuse_without_money(kpi, running.models)
        try:
            running.extend(replications)
        except KeyboardInterrupt:
            raise Stopped(None, "stopped before every number was looked at", 0) from None
        if len(arms) == 1:
            return {}, running.arms
        return {each.arm: each for each in judge(running.arms, Question(TODAY, (kpi,), {}))}, running.arms
