"""Selecting the best: the guarantee of Kim and Nelson, and the shares of OCBA."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.statistics.ocba import Budget, fractions, spend
from funnelsim.experiments.statistics.selection import Figures, Floats, Guarantee, select

ROOM = 600
"""Replications that are drawn beforehand; more are asked for in almost no experiment."""


def drawn(rows: Floats) -> Figures:
    """Figures that were drawn beforehand."""

    def figures(counts: Mapping[int, int]) -> dict[int, Floats]:
        assert max(counts.values()) <= rows.shape[1]
        return {at: rows[at, :count] for at, count in counts.items()}

    return figures


def slippage(rng: np.random.Generator, shared: float = 0.0) -> Floats:
    """Five normal alternatives with variance 1, the last better by half a standard deviation."""
    own, common = rng.standard_normal((5, ROOM)), rng.standard_normal(ROOM)
    rows = np.sqrt(1 - shared) * own + np.sqrt(shared) * common
    rows[4] += 0.5
    return np.asarray(rows)


@pytest.mark.parametrize("experiments", [600, pytest.param(6000, marks=pytest.mark.slow)])
def test_kim_and_nelson_select_the_best_as_often_as_promised(experiments: int) -> None:
    rng = np.random.default_rng(1)
    found = [select(drawn(slippage(rng)), 5, Guarantee(0.5, 0.95, first=10)) for _ in range(experiments)]
    share = np.mean([each.best == 4 for each in found])
    print(f"correct {share:.4f}, replications {np.mean([sum(each.replications) for each in found]):.0f}")
    assert share >= 0.95
    assert share < 1.0  # hard enough to err


def test_common_random_numbers_make_it_faster() -> None:
    rng = np.random.default_rng(2)
    totals = {
        shared: np.mean(
            [sum(select(drawn(slippage(rng, shared)), 5, Guarantee(0.5)).replications) for _ in range(60)]
        )
        for shared in (0.0, 0.8)
    }
    assert totals[0.8] < 0.5 * totals[0.0]


def test_looking_less_often_keeps_the_promise() -> None:
    rng = np.random.default_rng(3)
    found = [select(drawn(slippage(rng)), 5, Guarantee(0.5, step=8)).best for _ in range(400)]
    assert np.mean([best == 4 for best in found]) >= 0.95


def test_the_least_can_be_the_best() -> None:
    rows = -slippage(np.random.default_rng(4))
    found = select(drawn(rows), 5, Guarantee(0.5), least=True)
    assert found.best == 4
    assert found.means[4] == pytest.approx(rows[4, : found.replications[4]].mean())


def test_those_that_fall_behind_take_no_more_replications() -> None:
    rows = np.random.default_rng(5).standard_normal((3, ROOM)) + np.array([[-20.0], [0.0], [0.4]])
    found = select(drawn(rows), 3, Guarantee(0.3))
    assert found.replications[0] == 10
    assert found.replications[1] > 10


def test_equals_and_certainties_come_to_an_end() -> None:
    same = np.tile(np.arange(ROOM, dtype=float), (3, 1))
    assert select(drawn(same), 3, Guarantee(1.0)).best == 0
    certain = np.tile([[1.0], [3.0], [2.0]], (1, ROOM))
    found = select(drawn(certain), 3, Guarantee(1.0))
    assert (found.best, found.replications) == (1, (10, 10, 10))
    assert select(drawn(certain), 1, Guarantee(1.0)).best == 0


@pytest.mark.parametrize(
    "wrong", [{"zone": 0.0}, {"zone": float("nan")}, {"confidence": 1.0}, {"first": 1}, {"step": 0}]
)
def test_promises_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(FunnelsimError):
        Guarantee(**{"zone": 1.0, **wrong})  # type: ignore[arg-type]


def test_ocba_gives_the_published_shares() -> None:
    """Means 1 to 5, standard deviation 1: by the formula of Chen and others (2000), worked out by hand."""
    shares = fractions([1, 2, 3, 4, 5], [1] * 5)
    assert shares == pytest.approx([0.0254, 0.0451, 0.1015, 0.4061, 0.4218], abs=5e-5)
    assert fractions([5, 4, 3, 2, 1], [1] * 5, least=True) == pytest.approx(shares)


def test_ocba_of_equals_and_certainties() -> None:
    assert fractions([3, 3, 3], [1, 1, 2]) == pytest.approx([0.25, 0.25, 0.5])
    assert fractions([1, 2, 3], [0, 0, 0]) == pytest.approx([1 / 3] * 3)
    assert fractions([1, 2, 3], [0, 0, 1]) == pytest.approx([0, 0, 1])
    assert fractions([1, 2, 3], [0, 1, 0])[0] == 0
    tie = fractions([1, 3, 3], [1, 1, 1])
    assert tie.sum() == pytest.approx(1)
    assert tie[0] < 1e-6


def test_ocba_spends_its_budget_near_the_best() -> None:
    rng = np.random.default_rng(6)
    means = np.array([[0.0], [1.0], [2.0], [2.6], [3.0]])
    right, spent = 0, np.zeros(5)
    for _ in range(200):
        found = spend(drawn(means + rng.standard_normal((5, ROOM))), 5, Budget(200, first=10, step=20))
        assert sum(found.replications) == 200
        right += found.best == 4
        spent += found.replications
    equal = np.mean(
        [(means[:, 0] + rng.standard_normal((5, 40)).T).mean(axis=0).argmax() == 4 for _ in range(2000)]
    )
    assert right / 200 >= equal - 0.02
    assert spent[3:].sum() > 0.6 * spent.sum()


def test_a_budget_that_is_too_small_is_refused() -> None:
    with pytest.raises(FunnelsimError, match="a budget of 20 is too small for 5 replications of 5"):
        spend(drawn(np.zeros((5, 10))), 5, Budget(20))


def test_figures_that_are_nought_everywhere_are_decided_at_once() -> None:
    """A share of nought is next to nought, so the difference that matters is as well."""
    nothing = Guarantee(5e-324)
    chosen = select(lambda counts: {at: np.zeros(count) for at, count in counts.items()}, 2, nothing, True)
    assert chosen.decided
    assert len(set(chosen.replications)) == 1
