"""One more rep in any team of any shipped scenario never harms beyond chance, or it is said why.

Judged on customers won, recurring revenue and churn: not on the contribution, which pays the salary, nor on the
cycle time, which rises when slow deals survive.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest
from scipy.stats import t

import funnelsim as fs
from funnelsim.scenario.reading import library

SHIPPED = [each.name for each in library.templates()]
GOOD = {"customers_new": 1, "arr_end": 1, "logo_churn": -1}
"""What is looked at, and which way is better."""
SEED, FEW, MANY = 1, 8, 200
CONFIDENCE = 0.95


class Effect(NamedTuple):
    """What one more rep does to a KPI: mean and standard error of the paired difference, and why, if said."""

    scenario: str
    team: str
    kpi: str
    base: float
    mean: float
    error: float
    replications: int
    why: tuple[str, ...]

    def half(self, level: float) -> float:
        """Half of the interval at a level."""
        return float(t.ppf(0.5 + level / 2, self.replications - 1)) * self.error

    def harms(self, level: float) -> bool:
        """Whether the whole interval is on the bad side."""
        return GOOD[self.kpi] * self.mean + self.half(level) < 0

    def line(self, level: float) -> str:
        """The effect as a row of a table."""
        share = f"{self.mean / self.base:+.2%} ± {self.half(level) / self.base:.2%}" if self.base else ""
        return f"{self.scenario}, {self.team}, {self.kpi}: {self.base:.4g}, {share}"


def effects(name: str, replications: int) -> list[Effect]:
    """What one more rep in each team of a shipped scenario does."""
    today = fs.load(library.template(name))
    arms = {team: today.change({f"teams.{team}.headcount": {"add": 1}}) for team in today.spec.teams}
    found = fs.compare({"today": today, **arms}, kpis=list(GOOD), replications=replications, seed=SEED)
    said = {
        team: tuple(each for each in found.sentences if each.startswith(f"{team}: the same people"))
        for team in arms
    }
    return [
        Effect(
            name,
            each.arm,
            each.kpi,
            each.base.mean,
            difference.mean,
            difference.error,
            replications,
            said[each.arm],
        )
        for each in found.findings
        if (difference := each.difference).mean is not None
        and difference.error is not None
        and each.base.mean is not None
    ]


def judge(found: list[Effect]) -> None:
    """Fail where one more rep harms for certain, by Bonferroni over all effects, and nothing says why."""
    level = 1 - (1 - CONFIDENCE) / len(found)
    for each in found:
        print(each.line(level))
    unsaid = []
    for each in found:
        if each.harms(level):
            warned = (
                said for said in fs.load(library.template(each.scenario)).warnings if f"teams.{each.team}" in said
            )
            why = [*each.why, *warned]
            print(each.line(level), why)
            unsaid += [] if why else [each.line(level)]
    assert not unsaid


def test_one_more_in_customer_success_does_no_harm() -> None:
    """Where onboarding had no deadline, one more rep let care starve it, and raised churn by 19 %."""
    judge(effects("mid_market", FEW))


@pytest.mark.slow
def test_one_more_rep_harms_nowhere() -> None:
    judge([each for name in SHIPPED for each in effects(name, MANY)])
