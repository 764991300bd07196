"""Stages and teams of a comparison: where they differ, and each team's own figure beside the whole's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..words import has, numbers, running, say, small
from ..words.numbers import DASH
from .comparison import between, label
from .matrix import cell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from funnelsim.experiments.comparison.judging import Finding
    from funnelsim.experiments.comparison.result import Comparison
    from funnelsim.results.measures.summary import Summary

MOST = 16
"""Figures of stages and teams in a table; the JSON document has all of them."""


def heads(comparison: Comparison, first: str) -> tuple[str, ...]:
    """Heads: what the rows are, the base, and each arm."""
    arms = [arm.name for arm in comparison.arms if arm is not comparison.base]
    return say(first), comparison.question.base, *arms


# --- where stages and teams differ --------------------------------------------------------------------------


def differing(comparison: Comparison) -> tuple[list[tuple[str, ...]], int]:
    """A row for each figure in which some arm differs, of the largest shares, and how many are left out."""
    largest: dict[str, float] = {}
    for each in comparison.places:
        known = each.low is not None and each.share is not None
        size = abs(each.share or 0.0) if known else float("inf")
        largest[each.kpi] = max(largest.get(each.kpi, 0.0), size)
    shown = set(sorted(largest, key=lambda kpi: -largest[kpi])[:MOST])
    rows = [
        _row(comparison, kpi, label(comparison.base, kpi), comparison.places) for kpi in largest if kpi in shown
    ]
    return rows, len(largest) - len(rows)


def handoffs(comparison: Comparison) -> list[tuple[str, ...]]:
    """A row for each figure of each handoff."""
    kpis = dict.fromkeys(each.kpi for each in comparison.handoffs)
    return [_row(comparison, kpi, label(comparison.base, kpi), comparison.handoffs) for kpi in kpis]


HANDOFF_COLUMNS = ("passed", "wait", "delay", "dropped", "context", "rework", "cooled", "odds_lost")
"""Figures of handoffs in a table, in order."""


def handoff_columns(summaries: Iterable[Summary]) -> tuple[str, ...]:
    """The figures of handoffs that are not 0 in all of some runs."""
    found = [each for summary in summaries for each in summary.handoffs.values()]
    return tuple(key for key in HANDOFF_COLUMNS if any(each[key].mean for each in found))


def handoffs_mean(columns: Sequence[str]) -> str:
    """What the columns of a table of handoffs say."""
    keys = [f"run.handoffs.meaning.{key}" for key in columns]
    return running([say(key) for key in keys if has(key)])


def _row(comparison: Comparison, kpi: str, called: str, findings: Sequence[Finding]) -> tuple[str, ...]:
    found = {each.arm: each for each in findings if each.kpi == kpi}
    base = numbers.estimate(comparison.base.estimate(kpi).to_dict(), interval=False)
    arms = [arm.name for arm in comparison.arms if arm is not comparison.base]
    return called, base, *(cell(found[arm]) if arm in found else DASH for arm in arms)


# --- each team's own figure ---------------------------------------------------------------------------------


def own_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """A row for each team's own figure, and a last one for the whole's."""
    if not comparison.own:
        return []
    teams = dict.fromkeys((each.team, each.own.kpi) for each in comparison.own)
    rows = [
        _row(
            comparison,
            kpi,
            _owned(comparison, team, kpi),
            [each.own for each in comparison.own if each.team == team],
        )
        for team, kpi in teams
    ]
    whole = comparison.own[0].whole.kpi
    called = say("own.whole", figure=small(label(comparison.base, whole)))
    return [*rows, _row(comparison, whole, called, [each.whole for each in comparison.own])]


def opposed(comparison: Comparison) -> Iterator[str]:
    """What a team's own figure and the whole's do, where one is better and the other worse."""
    for each in comparison.own:
        if each.opposed:
            own = say("own.says", figure=_owned(comparison, each.team, each.own.kpi), difference=_size(each.own))
            whole = say(
                "own.says",
                figure=say("own.whole", figure=small(label(comparison.base, each.whole.kpi))),
                difference=_size(each.whole),
            )
            yield say("own.opposed", arm=each.own.arm, own=own, whole=whole)


def _owned(comparison: Comparison, team: str, kpi: str) -> str:
    """``inside sales: leads handed to First meeting``."""
    model = comparison.base.model
    called = dict(zip(model.team_names, model.team_labels, strict=True))[team]
    table, _, rest = kpi.partition(".")
    if table == "stages":
        stages = dict(zip(model.stage_names, model.stage_labels, strict=True))
        figure = say("own.handed", stage=stages[rest.partition(".")[0]])
    elif table == "teams":
        figure = say(f"team.{rest.partition('.')[2]}.label")
    else:
        figure = label(comparison.base, kpi)
    return say("own.team", team=called, figure=small(figure))


def _size(each: Finding) -> str:
    """A difference as a share, or in its unit, with its interval."""
    if each.difference.mean is None:
        return DASH
    said = numbers.signed(each.difference.mean, each.base.unit)
    if each.share is not None:
        said = numbers.with_sign(each.share, numbers.percent(abs(each.share)))
    if each.low is None or each.high is None:
        return said
    return say("own.between", difference=said, interval=between(each.low, each.high, each.base.unit))
