"""Differences of the groups that leads and customers are divided into, judged together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from funnelsim.results.divided import Divided
from funnelsim.results.measures.groups.meaning import why_not
from funnelsim.results.measures.groups.split import of_group
from funnelsim.results.measures.summary import Tally
from funnelsim.results.words import in_english, say

from ..running.arms import Arm
from ..statistics.paired import Level
from ..study.question import Question
from .judging import Finding, judge

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("base", "arm_mean", "mean", "low", "high", "unit", "share", "verdict", "note")


@dataclass(frozen=True)
class ByGroup:
    """What arms have more or less than the base in each group.

    Parameters
    ----------
    by : str
        ``segment``, ``source``, ``territory`` or ``rep``.
    base : str
        The arm that the others are compared with.
    groups : dict
        By group the differences of all arms that have it; their intervals hold together over all groups.
    why_not : dict
        By KPI that is asked for and cannot be divided the code of the reason.
    alone : dict
        By arm the groups that it has and the base does not, and those that the base has and it does not: in no
        difference, so that those of the groups do not add up to that of all.
    """

    by: str
    base: str
    groups: dict[str, tuple[Finding, ...]]
    why_not: dict[str, str]
    alone: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]

    @property
    def reasons(self) -> dict[str, str]:
        """By KPI that cannot be divided why, in English as all that programs read."""
        with in_english():
            return {kpi: say(f"by.why.{why}") for kpi, why in self.why_not.items()}

    def rows(self) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        """Rows of a table: group (empty for what cannot be divided), KPI, arm, and the columns by name."""
        for group, findings in self.groups.items():
            for each in findings:
                figures = (each.base.mean, each.figure.mean, each.difference.mean, each.low, each.high)
                said = (each.base.unit, each.share, str(each.verdict), "")
                yield group, each.kpi, each.arm, dict(zip(COLUMNS, (*figures, *said), strict=True))
        for kpi, why in self.reasons.items():
            yield "", kpi, "", dict.fromkeys(COLUMNS) | {"unit": "", "verdict": "", "note": why}

    @property
    def table(self) -> pd.DataFrame:
        """Paired differences by group, KPI and arm; for a KPI that cannot be divided one row with a ``note``."""
        import pandas as pd

        every = list(self.rows())
        keys = [(group, kpi, arm) for group, kpi, arm, _ in every]
        index = pd.MultiIndex.from_tuples(keys, names=[self.by, "kpi", "arm"])
        return pd.DataFrame([row for *_, row in every], columns=list(COLUMNS), index=index)

    def to_dict(self) -> dict[str, Any]:
        """As it stands in the JSON document."""
        told: dict[str, dict[str, dict[str, Any]]] = {}
        for group, kpi, arm, row in self.rows():
            if group:
                own = {name: value for name, value in row.items() if name != "note"}
                told.setdefault(group, {}).setdefault(arm, {})[kpi] = None if row["mean"] is None else own
        alone = {
            arm: {"only_here": list(own), "not_here": list(other)} for arm, (own, other) in self.alone.items()
        }
        return {"differences": told, "not_divided": self.reasons, "not_compared": alone}


def by_group(arms: Sequence[Arm], question: Question, by: str, level: Level) -> ByGroup:
    """Judge the KPIs that are asked for in each group of arms whose tallies are divided so.

    An arm that does not have a group, such as a territory, is not compared there; a group that the base does not
    have is left out, as there is nothing to compare with.
    """
    found = {arm.name: Divided.of(arm.tallies, arm.model, by) for arm in arms}
    # A figure of a stage or team is one of its leads whatever their group.
    places = {kpi: "place" for kpi in question.kpis if kpi in arms[0].places}
    reasons = {kpi: why for kpi in question.kpis if (why := why_not(kpi, by))} | places
    asked = replace(question, kpis=tuple(kpi for kpi in question.kpis if kpi not in reasons))
    names = list(found[question.base].groups) if asked.kpis else []

    def each_level(alpha: float) -> float:
        return level(alpha / len(names))

    groups = {}
    for name in names:
        own = [_arm_of(arm, by, name) for arm in arms if name in found[arm.name].groups]
        groups[name] = tuple(judge(own, asked, each_level))
    return ByGroup(by, question.base, groups, reasons, _alone(found, question.base) if names else {})


def _alone(found: Mapping[str, Divided], base: str) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """By arm the groups that only it, and that only the base has; without arms that have the same."""
    of_base = tuple(found[base].groups)
    both = {
        arm: (
            tuple(each for each in divided.groups if each not in of_base),
            tuple(each for each in of_base if each not in divided.groups),
        )
        for arm, divided in found.items()
    }
    return {arm: sides for arm, sides in both.items() if any(sides)}


def _arm_of(arm: Arm, by: str, group: str) -> Arm:
    """One group of an arm, as if it were all."""
    own = of_group([each.groups[by] for each in arm.tallies], group)
    return Arm(arm.name, arm.model, tuple(Tally(terms, (), ()) for terms in own))
