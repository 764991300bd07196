"""Where stages and teams of arms differ, and each team's own figure beside the whole's.

A team looks at a figure of its own: what it hands over, what it books, whom it keeps. A change that makes it more
and the whole less pays that team and costs the company.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from funnelsim.results.measures.handoffs.table import HANDOFF_INDICATORS

from ..running.arms import Arm
from ..statistics.paired import Level, Verdict
from ..study.question import Question, less_is_better
from .judging import Finding, judge

if TYPE_CHECKING:
    from funnelsim.model.model import Model

    from .result import Comparison

STAGE_FIGURES = ("conversion", "wait", "time_in_stage", "dropped", "expired")
TEAM_FIGURES = ("load", "wait")
"""Figures of stages and teams in which arms are looked at without being asked to."""

WHOLE = ("contribution", "bookings", "won")
"""What stands for the whole: the first of these that is not 0 everywhere."""


def judged(arms: Sequence[Arm], question: Question, kpis: Sequence[str], level: Level) -> tuple[Finding, ...]:
    """Figures that not all arms need to have, against the base; all intervals hold together."""
    base = next(arm for arm in arms if arm.name == question.base)
    those = {kpi: [arm for arm in arms if kpi in arm.indicators] for kpi in kpis if kpi in base.indicators}
    pairs = sum(len(own) - 1 for own in those.values())
    found: list[Finding] = []
    for kpi, own in those.items():
        part = (len(own) - 1) / max(pairs, 1)  # `judge` divides the rest among the arms
        found += judge(own, replace(question, kpis=(kpi,)), lambda alpha, part=part: level(alpha * part))  # type: ignore[misc]
    return tuple(found)


def differing(arms: Sequence[Arm], question: Question, level: Level) -> tuple[Finding, ...]:
    """Figures of stages and teams in which some arm has more or less than the base, of all arms that have them."""
    base = next(arm for arm in arms if arm.name == question.base)
    every = judged(arms, question, list(_looked_at(base.model)), level)
    apart = {each.kpi for each in every if each.verdict in (Verdict.MORE, Verdict.LESS)}
    return tuple(each for each in every if each.kpi in apart)


def of_handoffs(arms: Sequence[Arm], question: Question, level: Level) -> tuple[Finding, ...]:
    """All figures of the handoffs that the base has, in each arm that has both teams; none that are 0 in all."""
    base = next(arm for arm in arms if arm.name == question.base)
    kpis = [
        name
        for giver, taker in base.summary.handoffs
        for figure in HANDOFF_INDICATORS
        for name in (f"handoffs.{giver}.{taker}.{figure.name}",)
        if any(arm.estimate(name).mean for arm in arms if name in arm.indicators)
    ]
    return judged(arms, question, kpis, level)


def _looked_at(model: Model) -> Iterator[str]:
    for stage in model.stage_names:
        yield from (f"stages.{stage}.{figure}" for figure in STAGE_FIGURES)
    for team in model.team_names:
        yield from (f"teams.{team}.{figure}" for figure in TEAM_FIGURES)


# --- each team's own figure --------------------------------------------------------------------------------


def own_figures(model: Model) -> dict[str, str]:
    """By team the figure that it looks at as its own; teams that serve the whole line have none.

    A team with a quota looks at its attainment. Else one that cares for customers looks at the revenue that they
    keep, one that books deals at bookings, and one that hands leads over at how many the next team gets.
    """
    found = {}
    for team in model.team_names:
        own = _own_figure(team, model)
        if own is not None:
            found[team] = own
    return found


def _own_figure(team: str, model: Model) -> str | None:
    spec = model.spec
    main = [name for name, stage in spec.stages.items() if not stage.aside]
    mine = {name for name in main if team in _teams_of(spec.stages[name])}
    cares = any(team in (pool or ()) for pool in spec.customers.team.values)
    books = any(spec.stages[name].books for name in mine)
    if spec.teams[team].quota is not None:
        return f"teams.{team}.quota_attainment"
    if cares and not books:
        return "nrr" if spec.revenue != "one_off" else "churn_rate"
    after = main[main.index(max(mine, key=main.index)) + 1 :] if mine else []
    if books:
        return None if cares else "bookings"
    nexts = [name for name in after if _teams_of(spec.stages[name])]
    return f"stages.{nexts[0]}.entered" if nexts else None


def _teams_of(stage: Any) -> frozenset[str]:
    """The teams that work in a stage, for any lead."""
    return frozenset(name for pool in stage.team.values for name in pool or ())


@dataclass(frozen=True)
class OwnAndWhole:
    """A team's own figure in an arm beside the whole's.

    Parameters
    ----------
    team : str
        The team.
    own, whole : Finding
        Their differences from the base.
    """

    team: str
    own: Finding
    whole: Finding

    @property
    def opposed(self) -> bool:
        """Whether the team's own figure is better, and the whole's worse."""
        return _better(self.own) is True and _better(self.whole) is False

    def to_dict(self) -> dict[str, Any]:
        """As it stands in the JSON document."""
        return {
            "own": self.own.kpi,
            "own_difference": leaf(self.own),
            "whole": self.whole.kpi,
            "whole_difference": leaf(self.whole),
            "opposed": self.opposed,
        }


def documents(comparison: Comparison) -> dict[str, dict[str, dict[str, Any]]]:
    """By arm each team's own figure, the stages and teams that differ, and the handoffs, for the JSON document."""
    told = {
        "own_figures": ((each.own.arm, each.team, each.to_dict()) for each in comparison.own),
        "stages_and_teams": ((each.arm, each.kpi, leaf(each)) for each in comparison.places),
        "handoffs": ((each.arm, each.kpi, leaf(each)) for each in comparison.handoffs),
    }
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for key, every in told.items():
        found[key] = {arm.name: {} for arm in comparison.arms if arm is not comparison.base}
        for arm, name, what in every:
            found[key][arm][name] = what
    return found


def leaf(each: Finding) -> dict[str, Any] | None:
    """A difference in the JSON document."""
    if each.difference.mean is None:
        return None
    figures = {"mean": each.difference.mean, "low": each.low, "high": each.high}
    return {**figures, "unit": each.base.unit, "share": each.share, "verdict": str(each.verdict)}


def _better(each: Finding) -> bool | None:
    """Whether a figure is better; None where that is not known, or makes no difference."""
    if each.verdict not in (Verdict.MORE, Verdict.LESS):
        return None
    return (each.verdict is Verdict.MORE) != less_is_better(each.kpi)


def own_and_whole(arms: Sequence[Arm], question: Question, level: Level) -> tuple[OwnAndWhole, ...]:
    """Each team's own figure beside the whole's, in each arm that has the team; all intervals hold together."""
    base = next(arm for arm in arms if arm.name == question.base)
    own = own_figures(base.model)
    whole = next((kpi for kpi in WHOLE if any(arm.estimate(kpi).mean for arm in arms)), None)
    if whole is None or not own:
        return ()
    findings = judged(arms, question, list(dict.fromkeys((*own.values(), whole))), level)
    found = {(each.kpi, each.arm): each for each in findings}
    return tuple(
        OwnAndWhole(team, found[kpi, arm.name], found[whole, arm.name])
        for arm in arms
        if arm is not base
        for team, kpi in own.items()
        if (kpi, arm.name) in found and team in arm.model.team_names
    )
