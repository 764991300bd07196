"""Whether words, tables, documents and promises of an answer say the same."""

from __future__ import annotations

from typing import Any

import pytest

from funnelsim.experiments.comparison.choose import Choice
from funnelsim.experiments.optimisation.result import Optimum
from funnelsim.experiments.study.goals import Status
from funnelsim.views.words import numbers


def agree(found: Optimum) -> None:
    """Words, table, document and promise say the same."""
    document, said = found.to_dict(), found.verdict
    known = [found.known(one) for one in found.ranked]
    assert list(found.table["known"]) == known
    assert ("nothing is promised" in said) == (found.confidence is None and found.best is not None)
    assert ("This way of choosing is right" in said) == (found.confidence is not None)
    assert document["confidence"] == found.confidence
    if found.best is None:
        assert found.confidence is None
        assert "best" not in known
        if "keeps to all limits." in found.words[0]:
            assert all(each.startswith("breaks") for each in known if each != "failed")
        return
    assert known[0] == "best"
    assert found.ranked[0] is found.best
    assert found.best.status in (Status.FEASIBLE, Status.OPEN)
    if found.confidence is not None:
        assert found.best.status is Status.FEASIBLE
        assert "is not known" not in said
        assert "better" not in known
    for one in found.ranked:
        check_point(found, one)
    if "No other point is as good" in said:
        assert not {"as good", "not told apart", "better", "limit not decided"} & set(known[1:])


def check_point(found: Optimum, one: Any) -> None:
    """What a point is said to be is what its figures in the table show."""
    known, goal = found.known(one), found.goal
    for limit in goal.limits:
        shown = one.latest[limit.kpi]
        if one.status is Status.FEASIBLE:
            assert limit.excess(shown.high if limit.at_most else shown.low) <= 1e-9
        if known.startswith("breaks") and limit in found.breaks(one):
            assert limit.excess(shown.low if limit.at_most else shown.high) > 0
    if known in ("worse", "better"):
        ahead = goal.sign * (one.latest[goal.kpi].mean - found.best.latest[goal.kpi].mean)
        assert (ahead > 0) == (known == "better")
    if one.measured is not None and one.status is Status.FEASIBLE and known == "given up":
        raise AssertionError("a point that was measured and keeps to all limits is compared with the best")


def choice_agrees(choice: Choice, budget: bool) -> None:
    """The same of a choice among scenarios."""
    said, table, document = " ".join(choice.words), choice.table, choice.to_dict()
    chances = {name: share for name, share in choice.chances.items() if share is not None}
    if choice.untold:
        assert not chances
        assert choice.probability is choice.good is None
        assert "How likely that is right is not known: " in said
        return
    assert sum(chances.values()) == pytest.approx(1)
    assert table.index[0] == choice.name == document["best"]
    assert choice.words[0] == choice.promise
    assert choice.promise.startswith(choice.name)
    promised = not budget and choice.selected.decided
    assert ("is right in at least" in said) == promised
    assert ("nothing is promised" in said or "promises nothing" in said) == (not promised)
    mine = choice.probability
    assert mine is not None
    what = "none is better" if choice.alike else "it is the best"
    together = mine * (1 + len(choice.alike))
    assert f"the probability that {what} is {numbers.probability(together)}" in said
    assert ("The best is one of" in said) == (together < 0.5)
    for name, share in chances.items():
        assert table.loc[name, "probability"] == share == document["arms"][name]["probability"]
        assert (f"{name} is more likely to be the best" in said) == (share > mine)
        if name in choice.alike:
            assert share == mine
    assert ("neither is the better one" in said) == bool(choice.alike)
    if budget:
        assert mine == max(chances.values())
    if choice.good is not None:
        assert choice.good >= mine - 1e-9
    ahead = table["mean"] < table["mean"].iloc[0] if choice.least else table["mean"] > table["mean"].iloc[0]
    for name in table.index[ahead]:
        assert f"{name} is more likely to be the best" in said or f"{name} has the better figure" in said
