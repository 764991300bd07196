"""Tornadoes: one factor after the other, such as a tenth less and more of each term of the revenue equation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from funnelsim.arguments import checked
from funnelsim.model.numbers.distributions import mean
from funnelsim.results.shown import Pictured, paragraphs
from funnelsim.results.stamp import Stamp
from funnelsim.scenario.study.factors import told
from funnelsim.text import number_of
from funnelsim.unchanging import OF_RESULTS, unchanging

from ..comparison.candidate import Candidate, candidates_of, more_leads
from ..comparison.judging import Finding, judge
from ..running.arms import Arm, side_by_side, stamp
from ..running.laboratory import Sampling
from ..running.replications import FEWEST
from ..stopping import Stopped
from ..study.pointless import refuse_without_money
from ..study.question import Question, check_kpis

if TYPE_CHECKING:
    import pandas as pd

    from funnelsim.scenario.forms.quantities import Dist
    from funnelsim.scenario.language.types import ScenarioSpec
    from funnelsim.scenario.scenario import Scenario
    from funnelsim.scenario.study.study import Study

    from ..running.laboratory import Progress

SHARE = 0.1
TODAY = "today"


@dataclass(frozen=True)
class Bar:
    """One term of the equation.

    Parameters
    ----------
    factor : str
        ``volume``, ``price``, ``win rate``, ``cycle``, ``churn`` or ``speed``.
    less, more : Finding or None
        What so much less and so much more of it changes, or the two ends of its range; None where the scenario
        does not allow it, or is there today.
    ends : tuple of str
        What the two are called.
    """

    factor: str
    less: Finding | None
    more: Finding | None
    ends: tuple[str, str] = ("less", "more")

    @property
    def swing(self) -> float:
        """The larger of the two changes, without its sign."""
        return max((abs(each.difference.mean or 0.0) for each in (self.less, self.more) if each), default=0.0)


@unchanging(OF_RESULTS)
@dataclass(frozen=True)
class Tornado(Pictured):
    """Factors, such as the terms of the revenue equation, the strongest first.

    Parameters
    ----------
    kpi : str
        What is looked at.
    share : float or None
        By how much each term is changed; None where factors have ranges of their own.
    bars : tuple of Bar
        The factors; all intervals hold together.
    replications : int
        Of each scenario.
    stamp : Stamp
        What made it.
    """

    kpi: str
    share: float | None
    bars: tuple[Bar, ...]
    replications: int
    stamp: Stamp

    @property
    def seed(self) -> int:
        """Seed of all scenarios."""
        return self.stamp.seed

    @property
    def table(self) -> pd.DataFrame:
        """One row a term and direction: mean, low, high of the difference, its share of the base, verdict."""
        import pandas as pd

        rows, keys = [], []
        for bar in self.bars:
            for side, each in zip(bar.ends, (bar.less, bar.more), strict=True):
                if each is not None:
                    keys.append((bar.factor, side))
                    rows.append(
                        (each.difference.mean, each.low, each.high, each.base.unit, each.share, str(each.verdict))
                    )
        index = pd.MultiIndex.from_tuples(keys, names=["factor", "change"])
        return pd.DataFrame(rows, columns=["mean", "low", "high", "unit", "share", "verdict"], index=index)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document."""
        return {
            "kpi": self.kpi,
            "changed_by": self.share,
            "replications": self.replications,
            **self.stamp.to_dict(),
            "factors": {
                bar.factor: {bar.ends[0]: _leaf(bar.less), bar.ends[1]: _leaf(bar.more)} for bar in self.bars
            },
        }

    def _said(self) -> str:
        return paragraphs(f"{self.kpi}: {self.stamp}")

    def _picture(self) -> str:
        return ""

    def __repr__(self) -> str:
        return f"<Tornado of {self.kpi}: {number_of(len(self.bars), 'factor')}, {self.stamp}>"


def _leaf(each: Finding | None) -> dict[str, Any] | None:
    if each is None:
        return None
    return {
        "mean": each.difference.mean,
        "low": each.low,
        "high": each.high,
        "unit": each.base.unit,
        "share": each.share,
        "verdict": str(each.verdict),
    }


@checked
def tornado(
    study: Study | Scenario,
    vary: Mapping[str, Any] | None = None,
    *,
    kpi: str = "revenue",
    share: float = SHARE,
    replications: int = FEWEST,
    seed: int = 1,
    engine: str = "auto",
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Tornado:
    """Change one factor after the other, on the same random numbers.

    By default these are the terms of the revenue equation: volume, price, win rate, cycle, churn, and the speed of
    work.

    Parameters
    ----------
    study : Study or Scenario
        Of a study, the base and what it varies; or a scenario.
    vary : mapping, optional
        With a scenario: factors and their ranges as in a study file. Of each the first and the last value are
        tried.
    kpi : str
        What is looked at.
    share : float
        By how much each term of the revenue equation is changed, up and down; the win rate as a whole, whatever
        the number of its steps.
    replications, seed, engine, workers, executor, progress
        As in `funnelsim.compare`.

    Raises
    ------
    FunnelsimError
        If an option makes no sense or there is no such KPI.
    Stopped
        On Ctrl-C; carries the tornado of what was done, if that is enough for intervals.
    """
    from funnelsim.scenario.study.study import Study

    if vary is not None and not isinstance(study, Study):
        study = Study.of(study, vary, design={"sobol": 2})  # any design that needs no levels
    wanted = _ranges(study) if isinstance(study, Study) else _equation(study, share)
    scenarios = {TODAY: study.base if isinstance(study, Study) else study, **wanted.scenarios}
    with side_by_side(scenarios, Sampling(seed, engine, workers, executor, progress)) as running:
        check_kpis([kpi], running.arms)
        refuse_without_money(kpi, running.models)
        try:
            running.extend(replications)
        except KeyboardInterrupt:
            done = running.paired[0].replications
            kept = wanted.tornado(running.paired, kpi, seed, running.engine) if done > 1 else None
            raise Stopped(kept, f"stopped after {number_of(done, 'replication')} of each scenario", done) from None
        return wanted.tornado(running.arms, kpi, seed, running.engine)


@dataclass(frozen=True)
class _Wanted:
    """The factors of a tornado, each with the names of its two scenarios and what these are called."""

    factors: Sequence[tuple[str, tuple[str, str], tuple[str, str]]]
    scenarios: Mapping[str, Scenario]
    share: float | None

    def tornado(self, arms: Sequence[Arm], kpi: str, seed: int, engine: str) -> Tornado:
        """The tornado of arms that were run, the base first."""
        found = {each.arm: each for each in judge(arms, Question(arms[0].name, (kpi,), {}))}
        bars = [Bar(factor, found.get(less), found.get(more), ends) for factor, (less, more), ends in self.factors]
        bars.sort(key=lambda bar: -bar.swing)
        return Tornado(kpi, self.share, tuple(bars), arms[0].replications, stamp(arms[:1], seed, engine))


def _equation(scenario: Scenario, share: float) -> _Wanted:
    pairs = terms(scenario, share)
    return _Wanted(_sides(pairs, share), {each.name: each.scenario for _, two in pairs for each in two}, share)


def _sides(
    pairs: Sequence[tuple[str, list[Candidate]]], share: float
) -> list[tuple[str, tuple[str, str], tuple[str, str]]]:
    return [(factor, (_named(factor, -share), _named(factor, share)), ("less", "more")) for factor, _ in pairs]


def _ranges(study: Study) -> _Wanted:
    """The two ends of each factor; an end that is there today needs no scenario."""
    factors, scenarios = [], {}
    for factor in study.varied:
        first, last = told(factor.ends[0]), told(factor.ends[1])
        names = (f"{factor.name} {first}", f"{factor.name} {last}")
        for name, value in zip(names, factor.ends, strict=True):
            made = study.scenario(at={factor.name: value})
            if made.fingerprint != study.base.fingerprint:
                scenarios[name] = made
        factors.append((factor.name, names, (first, last)))
    return _Wanted(factors, scenarios, None)


def drawn(
    arms: Sequence[Arm],
    pairs: Sequence[tuple[str, list[Candidate]]],
    kpi: str,
    share: float,
    made: tuple[int, str],
) -> Tornado:
    """The tornado of the revenue equation, of arms that were run, the base first; ``made`` by seed and engine."""
    return _Wanted(_sides(pairs, share), {}, share).tornado(arms, kpi, *made)


def terms(scenario: Scenario, share: float = SHARE) -> list[tuple[str, list[Candidate]]]:
    """The terms of the equation that the scenario has, each with its scenarios."""
    spec = scenario.spec
    pairs = []
    for factor, change in (
        ("volume", _volume), ("price", _price), ("win rate", _win_rate), ("cycle", _cycle), ("churn", _churn),
        ("speed", _speed),
    ):  # fmt: skip
        asked = [(_named(factor, each), change(spec, 1 + each)) for each in (-share, share)]
        two = candidates_of(scenario, [(name, changed) for name, changed in asked if changed])
        if two:
            pairs.append((factor, two))
    return pairs


def _named(factor: str, share: float) -> str:
    return f"{factor} {'+' if share > 0 else '−'}{abs(share) * 100:.3g} %"


def _volume(spec: ScenarioSpec, factor: float) -> dict[str, Any]:
    outbound = {
        f"sources.{name}.yield": {"multiply": factor}
        for name, source in spec.sources.items()
        if source.team is not None
    }
    return {**more_leads(spec, factor), **outbound}


def _price(spec: ScenarioSpec, factor: float) -> dict[str, Any]:
    return {f"segments.{name}.value": {"multiply": factor} for name in spec.segments}


def _win_rate(spec: ScenarioSpec, factor: float) -> dict[str, Any]:
    """The steps from the opportunity on, or from the first step, each by the same part of the whole factor."""
    line = [name for name, stage in spec.stages.items() if not stage.aside]
    start = spec.milestones.get("opportunity")
    considered = line[line.index(start) :] if start in line else line
    steps = [name for name in considered if max(spec.stages[name].convert.values) < 1.0]
    each = factor ** (1 / len(steps)) if steps else 1.0
    if any(value * each > 1.0 for name in steps for value in spec.stages[name].convert.values):
        return {}
    return {f"stages.{name}.convert": {"multiply": each} for name in steps}


def _cycle(spec: ScenarioSpec, factor: float) -> dict[str, Any]:
    """The buyer's time: decisions and gaps."""
    change: dict[str, Any] = {}
    for name, stage in spec.stages.items():
        if _some(stage.gap.values):
            change[f"stages.{name}.gap"] = {"multiply": factor}
        if _some([way for each in stage.decision.values for way in (each.advanced, each.lost)]):
            change[f"stages.{name}.decision"] = {"multiply": factor}
    return change


def _some(delays: Sequence[Dist]) -> bool:
    return any(mean(each) > 0.0 for each in delays)


def _churn(spec: ScenarioSpec, factor: float) -> dict[str, Any]:
    return {"customers.churn": {"multiply": factor}} if any(r.amount for r in spec.customers.churn.values) else {}


def _speed(spec: ScenarioSpec, factor: float) -> dict[str, Any]:
    """How fast people work, where they are not listed one by one."""
    return {
        f"teams.{name}.speed.mean": {"multiply": factor}
        for name, team in spec.teams.items()
        if not team.speed.seats
    }
